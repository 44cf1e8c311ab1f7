"""Session timers (RFC 4028): a session whose refreshes stop is over, even if nobody said BYE."""

from collections.abc import Callable

from .core import Settings
from .headers import seconds
from .message import Request, Response
from .timers import Timer, Timers
from .uri import parse_parameters

_HIGHEST = 86_400


class SessionTimer:
    """Who refreshes, and until when. `refresh` is called at half the interval, `expire` shortly before its end."""

    def __init__(
        self, timers: Timers, settings: Settings, refresh: Callable[[], None], expire: Callable[[], None]
    ) -> None:
        self._timers = timers
        self._settings = settings
        self._refresh = refresh
        self._expire = expire
        self._timer: Timer | None = None
        self.interval = settings.session_expires
        self.min_se = settings.min_se
        self.refreshing = False
        """Whether the refreshes are ours."""
        self.running = False

    def request_headers(self) -> list[tuple[str, str]]:
        """For INVITE and UPDATE that we send."""
        refresher = (";refresher=uac" if self.refreshing else ";refresher=uas") if self.running else ""
        headers = [("session-expires", f"{self.interval}{refresher}")]
        return headers + ([("min-se", str(self.min_se))] if self.min_se > 90 else [])

    def too_small(self, request: Request) -> bool:
        """Whether a request must be answered with 422."""
        wished = request.headers.get("session-expires")
        return bool(wished) and seconds(wished, 0) < self._settings.min_se

    def answer_request(self, request: Request) -> list[tuple[str, str]]:
        """Start by a peer's INVITE or UPDATE; the headers for our 2xx (section 9)."""
        wished = request.headers.get("session-expires")
        capable = "timer" in request.headers.tokens("supported") or "timer" in request.headers.tokens("require")
        if not wished:
            self.stop()
            if not capable and not self.running:
                return []
        least = max(self._settings.min_se, seconds(request.headers.get("min-se"), 0, _HIGHEST))
        self.interval = max(least, seconds(wished, self._settings.session_expires, _HIGHEST))
        refresher = _refresher(wished) or ("uac" if capable and wished else "uas")
        self._start(ours=refresher == "uas")
        needs = [("require", "timer")] if refresher == "uac" and capable else []
        return [("session-expires", f"{self.interval};refresher={refresher}"), *needs]

    def accept_response(self, response: Response) -> None:
        """Start by the 2xx to our request (7.2); a peer without timers is refreshed by us all the same."""
        value = response.headers.get("session-expires")
        if value:
            self.interval = max(self._settings.min_se, seconds(value, self.interval, _HIGHEST))
        self._start(ours=not value or _refresher(value) != "uas")

    def lift(self, response: Response) -> bool:
        """Take the least interval out of a 422; False where it says none that is higher."""
        least = seconds(response.headers.get("min-se"), 0, _HIGHEST)
        if least <= self.min_se:
            return False
        self.min_se = least
        self.interval = max(self.interval, least)
        return True

    def stop(self) -> None:
        """No more refreshes and no end."""
        if self._timer:
            self._timer.cancel()

    def _start(self, *, ours: bool) -> None:
        self.stop()
        self.running, self.refreshing = True, ours
        if ours:
            self._timer = self._timers.after(self.interval / 2, self._refresh)
        else:
            self._timer = self._timers.after(self.interval - min(32.0, self.interval / 3), self._expire)


def _refresher(value: str) -> str:
    _, separator, rest = value.partition(";")
    return parse_parameters(separator + rest).get("refresher", "").lower()
