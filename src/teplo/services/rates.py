"""How much one address and one thread may do: floods are slowed before they cost anything.

Each process counts what comes to it; what is rare and dear counts over all processes besides (shared_rates.py).
"""

import math
import time
from dataclasses import dataclass, fields

from ..domain.errors import TooMany


@dataclass(frozen=True, slots=True)
class ChatRates:
    """Limits of the chat and of calls from the widget; 0: none.

    Those of addresses are generous: many phones share one of the operator's.
    """

    address_threads_per_minute: int = 120
    address_sockets_per_minute: int = 600
    address_requests_per_minute: int = 3000
    thread_messages_per_10_seconds: int = 20
    thread_messages_per_hour: int = 600
    thread_files_per_minute: int = 10
    thread_files_per_hour: int = 60
    address_files_per_minute: int = 120
    address_calls_per_minute: int = 12
    address_calls_per_hour: int = 120
    calls_per_minute: int = 240
    calls_at_once: int = 100

    def times(self, factor: float) -> "ChatRates":
        """Return these limits multiplied; none becomes 0, which would be no limit."""
        scaled = {f.name: getattr(self, f.name) for f in fields(self)}
        return ChatRates(**{name: n and max(1, round(n * factor)) for name, n in scaled.items()})


Limit = tuple[int, float]
"""So many in so many seconds."""

_KEPT = 50_000
_TIDY_SECONDS = 60.0


class Windows:
    """Counts by name in sliding windows: the present one whole, of the one before the part that still counts."""

    def __init__(self) -> None:
        self._counts: dict[tuple[str, str, float], tuple[int, int, int]] = {}
        self._tidy_at = 0.0

    def hit(self, kind: str, who: str, limit: Limit, now: float) -> float:
        """Count one; return 0, or the seconds to wait when that is one too many (then it is not counted)."""
        wait = self.wait(kind, who, limit, now)
        if wait > 0:
            return wait
        window, before, present = self._at(kind, who, limit[1], now)
        if now >= self._tidy_at or len(self._counts) >= _KEPT:
            self._tidy_at = now + _TIDY_SECONDS
            self._forget(now)
        self._counts[kind, who, limit[1]] = window, before, present + 1
        return 0.0

    def wait(self, kind: str, who: str, limit: Limit, now: float) -> float:
        """Return the seconds after which one more fits; 0 if it does now."""
        most, seconds = limit
        _, before, present = self._at(kind, who, seconds, now)
        gone = now % seconds / seconds
        return (1 - gone) * seconds if before * (1 - gone) + present + 1 > most else 0.0

    def clear(self, kind: str, who: str, limit: Limit) -> None:
        """Forget what was counted."""
        self._counts.pop((kind, who, limit[1]), None)

    def _at(self, kind: str, who: str, seconds: float, now: float) -> tuple[int, int, int]:
        """Return the number of the present window, what the one before counted, and what this one has."""
        window = int(now // seconds)
        at, before, present = self._counts.get((kind, who, seconds), (window, 0, 0))
        if at != window:
            before, present = (present, 0) if at == window - 1 else (0, 0)
        return window, before, present

    def _forget(self, now: float) -> None:
        """Drop what no longer counts; under a flood of names all of it, rather than memory without end."""
        self._counts = {key: kept for key, kept in self._counts.items() if kept[0] >= int(now // key[2]) - 1}
        if len(self._counts) > _KEPT * 3 // 4:
            self._counts.clear()


class Rates:
    """Counts in this process."""

    def __init__(self, rates: ChatRates) -> None:
        self._windows = Windows()
        self.threads = _limits((rates.address_threads_per_minute, 60))
        self._socket = _limits((rates.address_sockets_per_minute, 60))
        self._request = _limits((rates.address_requests_per_minute, 60))
        self.messages = _limits((rates.thread_messages_per_10_seconds, 10), (rates.thread_messages_per_hour, 3600))
        self.address_files = _limits((rates.address_files_per_minute, 60))
        self._call = _limits((rates.address_calls_per_minute, 60), (rates.address_calls_per_hour, 3600))
        self._calls = _limits((rates.calls_per_minute, 60))
        self.calls_at_once = rates.calls_at_once
        """Calls from browsers that may run in the whole installation; 0: any number."""
        self.files = _limits((rates.thread_files_per_minute, 60), (rates.thread_files_per_hour, 3600))

    def thread(self, address: str) -> None:
        """Count a new chat from an address; TooMany("rate.threads")."""
        self._hit("rate.threads", self.threads, address)

    def socket(self, address: str) -> None:
        """Count a socket from an address; TooMany("rate.sockets")."""
        self._hit("rate.sockets", self._socket, address)

    def request(self, address: str) -> None:
        """Count any request of a widget from an address; TooMany("rate.requests")."""
        self._hit("rate.requests", self._request, address)

    def message(self, thread: str) -> None:
        """Count a message of a thread; TooMany("rate.messages")."""
        self._hit("rate.messages", self.messages, thread)

    def file(self, sender: str, address: str | None = None) -> None:
        """Count a file of a thread or a person, and of a subscriber's address; TooMany("rate.files")."""
        self._hit("rate.files", self.files, sender)
        if address is not None:
            self._hit("rate.files", self.address_files, address)

    def call(self, address: str) -> None:
        """Count a call from a page, of an address and of all; TooMany("rate.calls")."""
        self._hit("rate.calls", self._call, address)
        self._hit("rate.calls_of_all", self._calls, "all")

    def _hit(self, code: str, limits: list[Limit], who: str) -> None:
        now = time.monotonic()
        for limit in limits:
            wait = self._windows.hit(code, who, limit, now)
            if wait > 0:
                raise TooMany(code, retry_after=max(1, math.ceil(wait)))


def _limits(*limits: Limit) -> list[Limit]:
    return [limit for limit in limits if limit[0] > 0]
