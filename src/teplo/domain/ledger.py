"""Where counts go: the tallies of the groups asked for, cut to a period, a set of queues or an agent."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from copy import copy
from math import inf
from typing import Literal

from .ids import Instant, Seconds
from .tally import Micros, Tally, micros

Group = Literal["none", "queue", "agent", "interval"]

Key = str | Instant
"""Queue id, agent id, start of the interval in POSIX seconds, or "" for the whole."""


class Ledger:
    """Tallies of the time since <= at < until by group and key."""

    def __init__(
        self,
        since: Instant,
        until: Instant,
        groups: Collection[Group],
        interval: Seconds,
        queues: Collection[str] | None,
        agent: str | None,
    ) -> None:
        self.since: Micros
        self.until: float
        self.period(since, until)
        self.tallies: dict[Group, dict[Key, Tally]] = {group: {} for group in groups}
        self._interval = micros(interval)
        self._queues = None if queues is None else frozenset(queues)
        self._agent = agent

    def period(self, since: Instant, until: Instant) -> None:
        """Book only what happens from `since` until before `until`."""
        self.since, self.until = micros(since), inf if until == inf else micros(until)

    def empty(self, groups: Collection[Group] | None = None) -> Ledger:
        """Return a ledger that books the same way (for these groups only) and has nothing booked."""
        twin = copy(self)
        twin.tallies = {group: {} for group in self.tallies if groups is None or group in groups}
        return twin

    def take(self) -> dict[Group, dict[Key, Tally]]:
        """Hand over the tallies and begin with empty ones."""
        taken = self.tallies
        self.tallies = {group: {} for group in taken}
        return taken

    def book(
        self, at: Micros, queue: str | None, agent: str | None = None, groups: Collection[Group] | None = None
    ) -> list[Tally]:
        """Return the tallies (of `groups`, default all) that a fact of this queue and agent counts for."""
        if not self.since <= at < self.until:
            return []
        if self._queues is not None and queue not in self._queues:
            return []
        if self._agent is not None and agent != self._agent:
            return []
        found = []
        for group in self.tallies if groups is None else groups:
            key: Key | None
            if group == "none":
                key = ""
            elif group == "queue":
                key = queue
            elif group == "agent":
                key = agent
            else:
                key = at // self._interval * self._interval / 1_000_000
            if key is not None:
                of_group = self.tallies[group]
                tally = of_group.get(key)
                if tally is None:
                    tally = of_group[key] = Tally()
                found.append(tally)
        return found

    def flow(self, at: Micros, source: str, target: str) -> None:
        """A waiting contact went from queue to queue: out of one, into the other, and nothing for both together."""
        both = self._queues is None or (source in self._queues and target in self._queues)
        groups = tuple(group for group in self.tallies if group == "queue" or not both)
        for tally in self.book(at, source, None, groups):
            tally.flow_out += 1
        for tally in self.book(at, target, None, groups):
            tally.flow_in += 1

    def slices(self, start: Micros, end: Micros) -> Iterator[tuple[Micros, Micros]]:
        """Cut a stretch of time to the period and at the borders of intervals: pairs of (start, length)."""
        start = max(start, self.since)
        end = int(min(end, self.until))
        while start < end:
            stop = end
            if "interval" in self.tallies:
                stop = min(end, (start // self._interval + 1) * self._interval)
            yield start, stop - start
            start = stop
