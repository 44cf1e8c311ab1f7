"""Timers of the SIP core: a heap over a clock that is given, so that tests turn the time by hand."""

import heapq
from collections.abc import Callable
from typing import Final

import structlog

log = structlog.get_logger()

T1: Final = 0.5
"""Round-trip estimate in seconds (RFC 3261 17.1.1.1)."""
T2: Final = 4.0
"""Longest interval of retransmission."""
T4: Final = 5.0
"""How long a message may stay in the network."""


class Timer:
    """One pending call; `cancel` may be called at any time."""

    __slots__ = ("action",)

    def __init__(self, action: Callable[[], None]) -> None:
        self.action: Callable[[], None] | None = action

    def cancel(self) -> None:
        """Never run it."""
        self.action = None


class Timers:
    """All timers of one stack. `clock` returns seconds that never go back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.on_earlier: Callable[[], None] = lambda: None
        """Told when a timer has become the next one."""
        self._heap: list[tuple[float, int, Timer]] = []
        self._count = 0

    def after(self, delay: float, action: Callable[[], None]) -> Timer:
        """Run `action` in so many seconds."""
        timer = Timer(action)
        self._count += 1
        when = self.clock() + delay
        heapq.heappush(self._heap, (when, self._count, timer))
        if self._heap[0][2] is timer:
            self.on_earlier()
        return timer

    @property
    def next(self) -> float | None:
        """When the next timer is due, by the clock."""
        while self._heap and self._heap[0][2].action is None:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def run(self) -> None:
        """Run all that are due."""
        now = self.clock()
        while (due := self.next) is not None and due <= now:
            timer = heapq.heappop(self._heap)[2]
            action, timer.action = timer.action, None
            try:
                if action:
                    action()
            except Exception:  # one broken call must not stop the timers of the others
                log.exception("sip.timer_failed")

    def __len__(self) -> int:
        return sum(timer.action is not None for _, _, timer in self._heap)
