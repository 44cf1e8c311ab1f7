"""Figures for people: reports of any period and the running figures of today, by one fold over one log."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from math import inf
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import structlog

from ..clock import Clock
from ..domain.definitions import BY_ID
from ..domain.errors import Invalid
from ..domain.ledger import Group, Key
from ..domain.metrics import KINDS, Fold
from ..domain.tally import Tally, wilson
from ..storage import reports
from ..storage.db import Database, Unavailable
from ..storage.events import Stored
from .access import Caller, require
from .feed import Feed
from .projector import CURSOR
from .rows import NO_COUNTS, DayCounts, FloorFigures, FloorTotals, QueueDay

log = structlog.get_logger()

MAX_DAYS: Final = 31
INTERVALS: Final = (900, 1800)
"""Lengths of an interval in seconds."""

_BATCH: Final = 500
"""Facts folded in one go: some two milliseconds, so that a long report holds nobody up."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: since <= t < until in POSIX seconds; `threshold` replaces the queues' own T."""

    since: float
    until: float
    group_by: Group = "none"
    interval: int = 1800
    threshold: float | None = None
    queues: tuple[str, ...] | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The counts behind the figures. `as_of`: agents' time is counted up to here."""

    query: Query
    as_of: float
    rows: dict[Key, Tally]
    total: Tally


@dataclass(frozen=True, slots=True)
class OwnFigures:
    """An agent's own day. `n` of `csat5` is `grades`."""

    handled: int
    fives: int
    grades: int
    csat5: float | None
    interval: tuple[float, float] | None
    aht: float | None
    hold: float | None
    occupancy: float | None
    missed: int


def day_of(now: float, zone: ZoneInfo) -> tuple[float, float]:
    """Return the beginning and the end of the zone's day that holds this instant."""
    today = datetime.fromtimestamp(now, UTC).astimezone(zone).date()
    begin, end = (datetime.combine(today + timedelta(days=n), time.min, zone).timestamp() for n in (0, 1))
    return begin, end


async def make_report(caller: Caller, db: Database, query: Query, now: float) -> Report:
    """Fold the log of a period. Refusals: metrics.period_empty, metrics.period_too_long, metrics.interval."""
    require(caller, "reports.read")
    if query.until <= query.since:
        raise Invalid("metrics.period_empty")
    if query.until - query.since > MAX_DAYS * 86_400 + 3600:  # the month in which the clocks go back is a month
        raise Invalid("metrics.period_too_long", max_days=MAX_DAYS)
    if query.interval not in INTERVALS:
        raise Invalid("metrics.interval", minutes=[length // 60 for length in INTERVALS])
    groups: Sequence[Group] = ("none",) if query.group_by == "none" else ("none", query.group_by)
    fold = Fold(
        query.since,
        query.until,
        groups=groups,
        interval=query.interval,
        threshold=query.threshold,
        queues=query.queues,
        agent=query.agent,
    )
    await feed_log(db, fold, query.since, query.until)
    as_of = max(query.since, min(query.until, now))
    fold.settle(as_of)
    return Report(query, as_of, fold.tallies[query.group_by], fold.tally())


async def feed_log(db: Database, fold: Fold, since: float, until: float = inf, last: int | None = None) -> None:
    """Feed a fold with what was open at `since` and with the facts up to `until` (or up to the seq `last`)."""
    async with db.connection() as conn:
        end = await reports.first_seq(conn, until) if last is None else last + 1
        # The contact record tells what was open; where it lags behind `since`, the log itself is read from there on.
        seq = min(await reports.first_seq(conn, since), await reports.projected_seq(conn, CURSOR) + 1, end)
        for _, event in await reports.state_before(conn, seq, KINDS):
            fold.feed(event)
    while seq < end:
        stop = min(seq + _BATCH, end)
        async with db.connection() as conn:
            batch = await reports.facts(conn, seq, stop, KINDS)
        for _, event in batch:
            fold.feed(event)
        seq = stop


class LiveFigures:
    """The running fold of today in the centre's zone: by queue, by agent and in all. Made before the feed runs.

    It starts from the log and then hears the feed, so it shows what a report of today shows. It holds what is open
    and one tally for each queue and agent, whatever the length of the day.
    """

    def __init__(self, db: Database, feed: Feed, clock: Clock, *, zone: str) -> None:
        self._db = db
        self._feed = feed
        self._clock = clock
        self.zone = ZoneInfo(zone)
        self._waiting: list[Stored] | None = []
        self._begin, self._end = day_of(clock(), self.zone)
        self._fold = self._empty()
        self._stop = feed.subscribe(self._hear)

    @property
    def ready(self) -> bool:
        """Whether the log of today was read; before that all figures are empty."""
        return self._waiting is None

    async def run(self) -> None:
        """Read the log of today; ends when the figures are live. A database that is away is asked again."""
        await self._feed.ready.wait()
        while not self.ready:
            self._begin, self._end = day_of(self._clock(), self.zone)
            self._fold = self._empty()
            try:
                await self._start()
            except Unavailable as problem:
                log.warning("figures.database_away", error=str(problem).split("\n")[0])
                await asyncio.sleep(0.5)

    async def _start(self) -> None:
        seq = self._feed.seq
        fold = self._fold
        await feed_log(self._db, fold, self._begin, last=seq)
        if self._clock() >= self._end:
            return  # it became midnight meanwhile: begin anew
        heard, self._waiting = self._waiting or [], None
        for stored in heard:
            if stored[0] > seq:
                self._take(stored)

    def close(self) -> None:
        """Hear the feed no more."""
        self._stop()

    def tally(self, group: Group = "none", key: Key = "") -> Tally:
        """Return today's counts of a queue, an agent or all, agents' time up to now included."""
        now = self._turn()
        agents = [str(key)] if group == "agent" else None
        total = Tally().merge(self._fold.tally(group, key))
        running = self._fold.running(now, [group], agents)[group].get(key)
        return total.merge(running) if running is not None else total

    def own(self, agent: str) -> OwnFigures:
        """Return an agent's figures of today."""
        tally = self.tally("agent", agent)
        names = ("handled", "csat5", "aht", "hold", "occupancy")
        values: dict[str, Any] = {name: BY_ID[name].compute(tally) for name in names}
        return OwnFigures(
            fives=tally.fives,
            grades=tally.grades,
            interval=wilson(tally.fives, tally.grades),
            missed=tally.missed,
            **values,
        )

    def floor_figures(self) -> FloorFigures:
        """Return today's figures of agents, queues and all for the supervisor's page."""
        self._turn()
        of = self._fold.tallies
        return {
            "agents": {
                str(agent): {"handled": tally.work.handled, "fives": tally.fives, "grades": tally.grades}
                for agent, tally in of["agent"].items()
            },
            "queues": {str(queue): cast(QueueDay, _row(tally, _QUEUE_ROW)) for queue, tally in of["queue"].items()},
            "totals": cast(FloorTotals, _row(self.tally(), _TOTAL_ROW)),
        }

    def day_counts(self, agent: str) -> DayCounts:
        """Return what an agent's desk shows of the own day and what changes only with events."""
        tally = self._fold.tallies["agent"].get(agent)
        if tally is None:
            return NO_COUNTS
        return {"handled": tally.work.handled, "fives": tally.fives, "grades": tally.grades}

    def _hear(self, batch: Sequence[Stored]) -> None:
        if self._waiting is not None:
            self._waiting.extend(batch)
            return
        for stored in batch:
            self._take(stored)

    def _take(self, stored: Stored) -> None:
        event = stored[1]
        if event.at >= self._end:
            self._begin, self._end = day_of(event.at, self.zone)
            self._fold.turn(self._begin)
        self._fold.feed(event)

    def _turn(self) -> float:
        now = self._clock()
        if now >= self._end:
            self._begin, self._end = day_of(now, self.zone)
            self._fold.turn(self._begin)
        return now

    def _empty(self) -> Fold:
        return Fold(self._begin, groups=("none", "queue", "agent"))


_QUEUE_ROW = tuple(QueueDay.__annotations__)
_TOTAL_ROW = tuple(FloorTotals.__annotations__)


def _row(tally: Tally, ids: Sequence[str]) -> dict[str, Any]:
    values = {name: BY_ID[name].compute(tally) for name in ids}
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in values.items()}
