"""Deadlines of everything on the floor in one heap.

Each thing has at most one timer that holds (`timer`), never later than its deadline (`due`). A deadline that moves
away leaves its timer where it is; the timer moves on when its time comes. So most changes touch the heap not at all.
What has left the floor would stay until its last deadline, hours away: the heap is tidied whenever it has doubled.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from .agent import Agent
from .contact import Contact
from .ids import Instant
from .queue import QueueState

Thing = Agent | Contact | QueueState
Timer = tuple[Instant, int, str, int, Thing]
"""When, which kind, the id (so that equal times come in the same order on every floor), a running number, the thing."""

QUEUE, AGENT, CONTACT = 0, 1, 2

_SMALL = 1000
"""Up to this length the heap is never tidied."""


class Timers:
    """What is due next."""

    __slots__ = ("_most", "_pushes", "heap")

    def __init__(self) -> None:
        self.heap: list[Timer] = []
        """Its first is the next to come, or has come; whether it still holds `due` knows."""
        self._most = _SMALL
        self._pushes = 0

    def __len__(self) -> int:
        """How many timers are kept, those included that no longer hold."""
        return len(self.heap)

    def schedule(self, thing: Thing, kind: int, name: str, due: Instant | None) -> None:
        """Set the deadline of a thing; None if there is none."""
        thing.due = due
        if due is not None and (thing.timer is None or due < thing.timer):
            thing.timer = due
            self._pushes += 1
            heappush(self.heap, (due, kind, name, self._pushes, thing))
            if len(self.heap) > self._most:
                self._tidy()

    def next_deadline(self) -> Instant | None:
        """Return when the next thing is due; drop or move the timers before it that no longer hold."""
        heap = self.heap
        while heap:
            at, kind, name, _, thing = heap[0]
            if thing.timer == at:
                if thing.due == at:
                    return at
                thing.timer = None
                heappop(heap)
                self.schedule(thing, kind, name, thing.due)
            else:
                heappop(heap)
        return None

    def due(self, now: Instant) -> Iterator[Thing]:
        """Give what is due, one after the other, and forget its deadline; deadlines may be set meanwhile."""
        while (heap := self.heap) and heap[0][0] <= now:
            at, kind, name, _, thing = heappop(heap)
            if thing.timer != at:
                continue
            due = thing.due
            thing.timer = None
            if due == at:
                thing.due = None
                yield thing
            else:
                self.schedule(thing, kind, name, due)

    def _tidy(self) -> None:
        """Drop the timers that no longer hold; the order of the others does not change."""
        kept = []
        for timer in self.heap:
            thing = timer[4]
            if thing.timer == timer[0]:
                if thing.due is None:
                    thing.timer = None
                else:
                    kept.append(timer)
        heapify(kept)
        self.heap = kept
        self._most = max(_SMALL, 2 * len(kept))
