"""Talks for the kill and cut tests: real desks and widgets write to each other, and everything is checked.

Each side writes numbered words, one at a time, and repeats each with the same id until the server has confirmed it.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

from uuid_utils import uuid7

from teplo.services import passwords
from teplo.services.access import SYSTEM
from teplo.services.config_import import Given, bring_in
from teplo.simulator.desk import DeskClient
from teplo.simulator.subscriber import SubscriberClient
from teplo.storage import events as log
from teplo.storage import people
from teplo.storage.db import Database

PASSWORD = "a long enough password"
PATIENCE = 60.0


def named(text: str) -> dict[str, str]:
    return {"ru": text, "en": text}


def layout(agents: int, capacity: int, **settings: Any) -> Iterator[Given]:
    yield "settings", "centre", settings
    yield "skill", "general", {"name": named("Общее")}
    step = {"after": 0, "require": {"skill": "general"}}
    yield "queue", "chat", {"name": named("Чат"), "steps": [step], "offer_seconds": 60}
    yield "entry", "site", {"greeting": named("Здравствуйте"), "default_queue": "chat"}
    for number in range(agents):
        body = {
            "name": f"Агент {number}",
            "display_name": f"Агент {number}",
            "login": f"agent{number}",
            "role": "agent",
            "skills": {"general": 3},
            "capacity": {"chat": capacity},
            "total": 10.0,
        }
        yield "person", str(uuid7()), body


async def lay_out(url: str, given: Sequence[Given]) -> None:
    """Bring the configuration in and let everybody sign in with one password."""
    async with Database(url, size=2) as db, db.transaction() as conn:
        await bring_in(SYSTEM, conn, given, time.time())
        logins = {id: body["login"] for kind, id, body in given if kind == "person"}
        await people.set_same_password(conn, logins, passwords.hash_now(PASSWORD))


@dataclass
class Talk:
    """One chat and its two sides."""

    subscriber: SubscriberClient
    desk: DeskClient
    contact: str
    said: dict[str, list[str]] = field(default_factory=lambda: {"subscriber": [], "agent": []})
    """What each side wrote and the server confirmed, in order."""

    async def write(self, author: str) -> None:
        """Write the next words of one side; returns when they are confirmed."""
        text = f"{author} {len(self.said[author])}"
        id = str(uuid7())
        if author == "agent":
            await self.desk.send(self.contact, text, message_id=id)
        else:
            await self.subscriber.send(text, message_id=id)
        self.said[author].append(text)

    def shown_to_subscriber(self, author: str) -> list[str]:
        found = self.subscriber.messages
        return [found[seq]["text"] for seq in sorted(found) if found[seq]["author"] == author]

    def shown_to_agent(self, author: str) -> list[str]:
        found = self.desk.messages.get(self.contact, {})
        return [found[seq]["text"] for seq in sorted(found) if found[seq]["author"] == author]

    def complete(self) -> bool:
        """Whether each side shows everything that the other side wrote."""
        return (
            self.shown_to_subscriber("agent") == self.said["agent"]
            and self.shown_to_agent("subscriber")[1:] == self.said["subscriber"]
        )


class Talks:
    """Desks and widgets on some addresses; use as `async with`."""

    def __init__(self, desks_at: Sequence[str], widgets_at: Sequence[str], *, chats: int) -> None:
        self._desks_at = desks_at
        self._widgets_at = widgets_at
        self._chats = chats
        self._stack = AsyncExitStack()
        self._writing = False
        self._writers: list[asyncio.Task[None]] = []
        self._others: list[asyncio.Task[None]] = []
        self.desks: list[DeskClient] = []
        self.talks: list[Talk] = []
        self.confirmed = 0
        self.last: dict[str, tuple[float, float]] = {}
        """Address -> when (monotonic) the words that were confirmed there last were written, and confirmed."""

    async def __aenter__(self) -> "Talks":
        self._group = await self._stack.enter_async_context(asyncio.TaskGroup())
        for number, address in enumerate(self._desks_at):
            desk = DeskClient(address, f"agent{number}", PASSWORD, patience=PATIENCE)
            self.desks.append(await self._stack.enter_async_context(desk))
            await desk.presence("available")
            self._others.append(self._group.create_task(self._catch_up(desk)))
        await asyncio.gather(*(self._open(number) for number in range(self._chats)))
        return self

    async def __aexit__(self, *error: Any) -> None:
        self._writing = False
        for task in (*self._writers, *self._others):
            task.cancel()
        await self._stack.__aexit__(*error)

    async def _open(self, number: int) -> None:
        address = self._widgets_at[number % len(self._widgets_at)]
        subscriber = SubscriberClient(address, patience=PATIENCE)
        await self._stack.enter_async_context(subscriber)
        await subscriber.begin("Здравствуйте")
        contact = subscriber.contact
        assert contact

        async def offered() -> DeskClient:
            waits = {self._group.create_task(desk.wait_work("offered", contact=contact, timeout=30)): desk
                     for desk in self.desks}  # fmt: skip
            done, others = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for task in others:
                task.cancel()
            return waits[done.pop()]

        desk = await offered()
        await desk.accept(contact)
        await subscriber.wait_phase("talking", timeout=30)
        await desk.history(contact)
        self.talks.append(Talk(subscriber, desk, contact))

    async def _catch_up(self, desk: DeskClient) -> None:
        """After a lost connection read what came meanwhile, as the page does."""
        known = desk.live.connections
        while True:
            await desk.next_change()
            if desk.live.connections != known and desk.live.connected:
                known = desk.live.connections
                for talk in self.talks:
                    if talk.desk is desk:
                        await desk.history(talk.contact)

    def write(self, every: float) -> None:
        """Let both sides of all talks write, each every so many seconds."""
        self._writing = True
        for number, talk in enumerate(self.talks):
            for author in ("subscriber", "agent"):
                delay = every * number / len(self.talks)
                self._writers.append(self._group.create_task(self._write(talk, author, every, delay)))

    async def _write(self, talk: Talk, author: str, every: float, delay: float) -> None:
        await asyncio.sleep(delay)
        address = talk.desk.url if author == "agent" else talk.subscriber.url
        while self._writing:
            began = time.monotonic()
            await talk.write(author)
            self.confirmed += 1
            self.last[address] = began, time.monotonic()
            await asyncio.sleep(every)

    async def settle(self, seconds: float = 60.0) -> None:
        """Stop writing and wait until everybody shows everything."""
        self._writing = False
        if self._writers:
            await asyncio.wait(self._writers, timeout=seconds)
        async with asyncio.timeout(seconds):
            while not all(talk.complete() for talk in self.talks) or not all(d.live.connected for d in self.desks):
                await asyncio.sleep(0.05)

    async def served_again(self, address: str, since: float, seconds: float = 60.0) -> float:
        """Wait until words written at an address after `since` are confirmed; return the seconds since then."""
        async with asyncio.timeout(seconds):
            while self.last.get(address, (0.0, 0.0))[0] <= since:
                await asyncio.sleep(0.01)
        return self.last[address][1] - since

    async def check(self, url: str, may_return: bool = False) -> None:
        """Compare with the tables: each message once, in order, without gaps; every chat still with its agent."""
        async with Database(url, size=2) as db, db.connection() as conn:
            for talk in self.talks:
                cursor = await conn.execute(
                    "select seq, author, text from message where contact = %s order by seq", (talk.contact,)
                )
                rows = await cursor.fetchall()
                assert [row[0] for row in rows] == list(range(1, len(rows) + 1)), "a gap in a thread"
                for author, greeting in (("subscriber", ["Здравствуйте"]), ("agent", [])):
                    stored = [text for _, by, text in rows if by == author]
                    assert stored == greeting + talk.said[author], f"{author}: lost, doubled or out of order"
                await until(lambda talk=talk, rows=rows: talk.subscriber.last_seq == len(rows))
                assert len(talk.subscriber.messages) == len(rows)
                kinds = [event.KIND for _, event in await log.of_contact(conn, talk.contact)]
                assert kinds.count("contact.arrived") == 1
                if not may_return:
                    assert kinds.count("offer.accepted") == 1 and "contact.released" not in kinds
        if not may_return:
            for talk in self.talks:
                assert talk.desk.work[talk.contact]["state"] == "talking"


async def until(condition: Callable[[], Any], seconds: float = 30.0) -> None:
    """Wait for a condition."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.02)
