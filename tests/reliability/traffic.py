"""Traffic for the kill tests: many contacts a second through the inbox, answered by many agents, all checked.

It speaks to the floor as every process of the product does (commands in the inbox, facts from the log) and holds the
desks of its agents by heartbeat, so that any other process may be killed while it goes on.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from uuid_utils import uuid7

from teplo.domain.errors import Conflict, Refused
from teplo.domain.events import (
    ContactArrived,
    ContactEnded,
    ContactOffered,
    ContactQueued,
    Event,
    OfferAccepted,
    OfferDeclined,
    OfferMissed,
    OfferWithdrawn,
)
from teplo.services.commands import Commands
from teplo.services.feed import Feed
from teplo.storage import desks
from teplo.storage import events as log
from teplo.storage.db import Database, Unavailable

QUEUE = {
    "id": "chat",
    "channels": ["chat"],
    "steps": [{"after": 0, "require": {"skill": "general"}}],
    "offer_seconds": 30,
}


@dataclass
class Report:
    """What the traffic saw."""

    sent: int = 0
    acknowledged: set[str] = field(default_factory=set)
    handled: int = 0
    gaps: list[float] = field(default_factory=list)
    """Seconds without any answer after each kill."""


class Traffic:
    """One process's worth of traffic on a database."""

    def __init__(self, url: str, *, rate: float, agents: int = 120) -> None:
        self._url = url
        self._rate = rate
        self.agents = [str(uuid7()) for _ in range(agents)]
        self.node = str(uuid7())
        self.report = Report()
        self._last_answer = time.monotonic()
        self._stopping = False
        self._full = False

    def stop_arriving(self) -> None:
        """End `arrive_for` now."""
        self._full = True

    async def __aenter__(self) -> "Traffic":
        self._db = await Database(self._url, size=4, name="traffic").__aenter__()
        self._commands = Commands(self._db, self.node)
        self._feed = Feed(self._db)
        self._feed.subscribe(self._on_events)
        self._group = await asyncio.TaskGroup().__aenter__()
        self._tasks = [self._group.create_task(run()) for run in (self._commands.run, self._feed.run, self._heartbeat)]
        await self._feed.ready.wait()
        await self._commands.listening.wait()
        profiles = [
            {
                "id": a,
                "team": None,
                "skills": {"general": 3},
                "languages": ["ru"],
                "regions": [],
                "capacity": {"chat": 3},
                "active": True,
            }
            for a in self.agents
        ]
        await self._surely("configure", {"settings": {}, "queues": [QUEUE], "agents": profiles, "complete": True})
        for agent in self.agents:
            await self._surely("connect", {"agent": agent})
            await self._surely("set_presence", {"agent": agent, "presence": "available"})
        return self

    async def __aexit__(self, *error: Any) -> None:
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        await self._group.__aexit__(None, None, None)
        await self._db.__aexit__(None, None, None)

    async def arrive_for(self, seconds: float) -> None:
        """Send contacts at the given rate."""
        began = time.monotonic()
        async with asyncio.TaskGroup() as group:
            while (now := time.monotonic()) - began < seconds and not self._full:
                while self.report.sent < (now - began) * self._rate:
                    self.report.sent += 1
                    group.create_task(self._arrive())
                await asyncio.sleep(0.005)

    async def _arrive(self) -> None:
        contact = str(uuid7())
        await self._surely("arrive", {"contact": contact, "channel": "chat", "queue": "chat"})
        self.report.acknowledged.add(contact)

    async def quiet(self, seconds: float = 30.0) -> None:
        """Wait until the floor is empty."""
        async with asyncio.timeout(seconds):
            while self._feed.floor.contacts:
                await asyncio.sleep(0.05)

    async def answered_again(self, since: float, seconds: float = 15.0) -> float:
        """Wait for the first answer after `since` (monotonic); return how long nothing was answered."""
        async with asyncio.timeout(seconds):
            while self._last_answer <= since:
                await asyncio.sleep(0.005)
        gap = self._last_answer - since
        self.report.gaps.append(gap)
        return gap

    async def _surely(self, kind: str, body: dict[str, Any]) -> None:
        """Send until confirmed; what was done already is refused or ignored by the floor."""
        while True:
            try:
                await self._commands.send(kind, body, timeout=3.0)
            except Conflict as refused:
                if refused.code == "command.unconfirmed":
                    continue
                return
            except Refused:
                return
            self._last_answer = time.monotonic()
            return

    def _on_events(self, batch: Sequence[tuple[int, Event]]) -> None:
        for _, event in batch:
            if isinstance(event, ContactOffered) and not self._stopping:
                self._tasks.append(self._group.create_task(self._serve(event)))

    async def _serve(self, offer: ContactOffered) -> None:
        await asyncio.sleep(random.uniform(0.0, 0.1))
        await self._surely("accept", {"contact": offer.contact, "agent": offer.agent, "offer": offer.offer})
        await asyncio.sleep(random.uniform(0.1, 0.5))
        await self._surely("end", {"contact": offer.contact, "by": "agent", "agent": offer.agent})
        await self._surely(
            "dispose", {"contact": offer.contact, "agent": offer.agent, "reasons": [], "outcome": "resolved"}
        )
        self.report.handled += 1

    async def _heartbeat(self) -> None:
        while True:
            try:
                async with self._db.transaction() as conn:
                    await desks.seen(conn, self.node)
                    await desks.hold(conn, self.node, self.agents)
            except Unavailable:
                pass
            await asyncio.sleep(0.5)


async def check_log(url: str, report: Report) -> Counter[str]:
    """Read the whole log and fail on anything lost, doubled or out of place; return the count of kinds."""
    kinds: Counter[str] = Counter()
    arrived: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    since: dict[str, float] = {}
    offered: dict[str, str] = {}
    talking: set[str] = set()
    seq = 0
    async with Database(url, size=2) as db, db.connection() as conn:
        while batch := await log.after(conn, seq, 20_000):
            for number, event in batch:
                assert number == seq + 1, f"the log has a hole at {seq + 1}"
                seq = number
                kinds[event.KIND] += 1
                match event:
                    case ContactArrived():
                        arrived[event.contact] += 1
                    case ContactQueued():
                        assert since.setdefault(event.contact, event.since) == event.since, "a place was lost"
                    case ContactOffered():
                        assert event.contact not in offered, "offered twice at the same time"
                        assert event.contact not in talking, "offered while somebody talks"
                        offered[event.contact] = event.offer
                    case OfferAccepted():
                        assert offered.pop(event.contact) == event.offer
                        talking.add(event.contact)
                    case OfferMissed() | OfferDeclined() | OfferWithdrawn():
                        assert offered.pop(event.contact) == event.offer
                    case ContactEnded():
                        ended[event.contact] += 1
                        talking.discard(event.contact)
    assert max(arrived.values()) == 1, "a contact arrived twice"
    assert max(ended.values()) == 1, "a contact ended twice"
    lost = report.acknowledged - arrived.keys()
    assert not lost, f"{len(lost)} contacts were acknowledged and are not in the log"
    assert not (arrived.keys() - ended.keys()), "contacts are left over"
    return kinds
