"""The 20 ms tick: an absolute schedule, and how late it was kept."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Final

from .g711 import FRAME_S

_CATCH_UP: Final = 5
"""Ticks done one after the other when the process was held up; more are skipped, their audio is lost anyway."""
_BIN_S = 0.0001
_BINS = 2500
_TURNS = 100
"""Turns in which strain is looked for: two seconds, or more where each does several ticks."""


class Lateness:
    """A histogram of how late ticks began: 0.1 ms wide bins up to 250 ms."""

    def __init__(self) -> None:
        self._bins = [0] * _BINS
        self.count = 0
        self.skipped = 0
        """Ticks that were not done at all."""
        self._behind: deque[bool] = deque(maxlen=_TURNS)

    @property
    def strained(self) -> bool:
        """Whether most of the last turns began a whole tick late: the machine cannot carry what it has.

        One stop of the process, however long, is one turn and no strain.
        """
        return 2 * sum(self._behind) > _TURNS

    def turn(self, seconds: float) -> None:
        """Note how late the first of the ticks that are done together begins."""
        self._behind.append(seconds >= FRAME_S)

    def add(self, seconds: float) -> None:
        """Count one tick."""
        self._bins[max(0, min(_BINS - 1, int(seconds / _BIN_S)))] += 1
        self.count += 1

    def quantile_ms(self, share: float) -> float:
        """Return the milliseconds within which this share of the ticks began."""
        rest = share * self.count
        for index, count in enumerate(self._bins):
            rest -= count
            if rest <= 0:
                return (index + 1) * _BIN_S * 1000
        return _BINS * _BIN_S * 1000

    def reset(self) -> None:
        """Begin a new period of measuring."""
        self._bins = [0] * _BINS
        self.count = self.skipped = 0


class Ticker:
    """Numbers the ticks by the clock: tick n begins at start + n * 20 ms, whatever happened before."""

    def __init__(self, start: float) -> None:
        self._start = start
        self._next = 0
        self.lateness = Lateness()

    def due(self, now: float) -> list[int]:
        """Return the ticks to be done now, at most five; older ones are skipped and counted."""
        current = int((now - self._start) / FRAME_S + 1e-9)
        if current < self._next:
            return []
        first = max(self._next, current - _CATCH_UP + 1)
        self.lateness.skipped += first - self._next
        self.lateness.turn(now - self._start - self._next * FRAME_S)
        for tick in range(first, current + 1):
            self.lateness.add(now - self._start - tick * FRAME_S)
        self._next = current + 1
        return list(range(first, self._next))

    def number(self, now: float) -> int:
        """Return the first tick that begins after a moment: the one in which what comes now may be used."""
        return int((now - self._start) / FRAME_S + 1e-9) + 1

    def wait(self, now: float) -> float:
        """Return the seconds until the next tick."""
        return max(0.0, self._start + self._next * FRAME_S - now)


async def run(ticker: Ticker, clock: Callable[[], float], step: Callable[[list[int], float], None]) -> None:
    """Call `step(ticks, now)` for ever: with one tick, or with several after the process was held up."""
    while True:
        await asyncio.sleep(ticker.wait(clock()))
        now = clock()
        due = ticker.due(now)
        if due:
            step(due, now)
