"""How much one address and one thread may do: floods are slowed before they cost anything."""

import time
from dataclasses import dataclass, fields

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute, RateLimitItemPerSecond
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from ..domain.errors import TooMany


@dataclass(frozen=True, slots=True)
class ChatRates:
    """Limits of the chat; 0: none. Those of addresses are generous: many phones share one of the operator's."""

    address_threads_per_minute: int = 120
    address_sockets_per_minute: int = 600
    address_requests_per_minute: int = 3000
    thread_messages_per_10_seconds: int = 20
    thread_messages_per_hour: int = 600
    thread_files_per_minute: int = 10
    thread_files_per_hour: int = 60

    def times(self, factor: float) -> "ChatRates":
        """Return these limits multiplied; none becomes 0, which would be no limit."""
        scaled = {f.name: getattr(self, f.name) for f in fields(self)}
        return ChatRates(**{name: n and max(1, round(n * factor)) for name, n in scaled.items()})


class Rates:
    """Counts in this process."""

    def __init__(self, rates: ChatRates) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._thread = _items(RateLimitItemPerMinute(rates.address_threads_per_minute))
        self._socket = _items(RateLimitItemPerMinute(rates.address_sockets_per_minute))
        self._request = _items(RateLimitItemPerMinute(rates.address_requests_per_minute))
        self._message = _items(
            RateLimitItemPerSecond(rates.thread_messages_per_10_seconds, 10),
            RateLimitItemPerHour(rates.thread_messages_per_hour),
        )
        self._file = _items(
            RateLimitItemPerMinute(rates.thread_files_per_minute), RateLimitItemPerHour(rates.thread_files_per_hour)
        )

    def thread(self, address: str) -> None:
        """Count a new chat from an address; TooMany("rate.threads")."""
        self._hit("rate.threads", self._thread, address)

    def socket(self, address: str) -> None:
        """Count a socket from an address; TooMany("rate.sockets")."""
        self._hit("rate.sockets", self._socket, address)

    def request(self, address: str) -> None:
        """Count any request of a widget from an address; TooMany("rate.requests")."""
        self._hit("rate.requests", self._request, address)

    def message(self, thread: str) -> None:
        """Count a message of a thread; TooMany("rate.messages")."""
        self._hit("rate.messages", self._message, thread)

    def file(self, thread: str) -> None:
        """Count a file of a thread; TooMany("rate.files")."""
        self._hit("rate.files", self._file, thread)

    def _hit(self, code: str, items: list[RateLimitItem], who: str) -> None:
        for item in items:
            if not self._limiter.hit(item, code, who):
                reset = self._limiter.get_window_stats(item, code, who).reset_time
                raise TooMany(code, retry_after=max(1, round(reset - time.time())))


def _items(*items: RateLimitItem) -> list[RateLimitItem]:
    return [item for item in items if item.amount > 0]
