"""The one clock of a process: UTC that never jumps."""

import time
from collections.abc import Callable

Clock = Callable[[], float]
"""Returns POSIX seconds, UTC, rounded to the microsecond."""

_SLEW = 0.1
"""Share of the elapsed time by which the clock may be corrected."""


def _since_start() -> float:
    """Seconds that run on while the machine sleeps, where the system counts them."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


class SteadyClock:
    """Runs with the monotonic clock and is led back to the wall clock by at most 10 %.

    A wall clock that is set forward or back (by hand, by a late NTP answer) thus ends no offers and freezes no timers.
    """

    def __init__(self, wall: Clock = time.time, monotonic: Clock = _since_start) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._at = wall()
        self._read = monotonic()

    def __call__(self) -> float:
        read = self._monotonic()
        elapsed = read - self._read
        self._read = read
        error = self._wall() - (self._at + elapsed)
        limit = elapsed * _SLEW
        self._at += elapsed + max(-limit, min(limit, error))
        return round(self._at, 6)

    @property
    def error(self) -> float:
        """Seconds by which the wall clock is ahead of this one."""
        return self._wall() - (self._at + self._monotonic() - self._read)
