"""System notices in chats, written by one reader of the log: each fact once, its cursor in the same transaction."""

import asyncio
import uuid
from collections.abc import Sequence
from typing import Any, Final

import orjson
import structlog

from ..domain.events import (
    ContactDeferred,
    ContactEnded,
    ContactQueued,
    ContactReleased,
    ContactTransferred,
    Event,
    OfferAccepted,
)
from ..storage import events, messages, standing, threads
from ..storage.db import Connection
from ..storage.events import Stored
from ..storage.threads import Thread
from .chat import Chat
from .directory import Entry
from .idle import INACTIVE

log = structlog.get_logger()

CURSOR: Final = "chat-notices"
_BATCH: Final = 500
_POLL: Final = 2.0
_GATHER: Final = 0.05
"""Seconds in which facts gather: nobody sees the difference, and a busy centre's share their transactions."""
_IDS: Final = uuid.UUID("6f0a1d52-7a3c-5b0e-9a5d-2f6c1e8b4d71")
"""Namespace of the notices' ids: the same fact has the same id for ever."""


class Notices:
    """Runs in one process of the installation; the caller sees to that."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Follow the log; for ever."""
        stop = self._chat.feed.subscribe(lambda _: self._wake.set())
        try:
            while True:
                self._wake.clear()
                while await self.step():
                    pass
                try:
                    async with asyncio.timeout(_POLL):
                        await self._wake.wait()
                    await asyncio.sleep(_GATHER)
                except TimeoutError:
                    continue
        finally:
            stop()

    async def step(self) -> bool:
        """Write the notices of the next facts; False when there were none."""
        async with self._chat.db.connection() as conn:
            seq = await standing.cursor(conn, CURSOR)
            batch = await events.after(conn, seq, _BATCH)
        if not batch:
            return False
        told = [(number, event) for number, event in batch if _notice(event, None) is not None]
        names = {
            agent: await self._chat.directory.display_name(agent)
            for agent in {getattr(event, "agent", None) for _, event in told}
        }
        found: dict[str, Thread] = {}
        entries: dict[str, Entry | None] = {}
        if told:
            async with self._chat.db.connection() as conn:
                found = await threads.of_contacts(conn, {_contact(event) for _, event in told})
            for thread in found.values():
                entries[thread.entry] = await self._chat.directory.entry(thread.entry)
        async with self._chat.db.transaction() as conn:
            if await standing.take_cursor(conn, CURSOR) != seq:
                return True  # another process was faster
            await self._write(conn, told, names, found, entries)
            await standing.set_cursor(conn, CURSOR, batch[-1][0])
        return True

    async def _write(
        self,
        conn: Connection,
        told: Sequence[Stored],
        names: dict[Any, str | None],
        found: dict[str, Thread],
        entries: dict[str, Entry | None],
    ) -> None:
        locked = await threads.lock_many(conn, {thread.id for thread in found.values()}) if found else {}
        notices: list[tuple[str, str, str, str, float]] = []
        ended: list[ContactEnded] = []
        for seq, event in told:
            contact = _contact(event)
            if contact not in found:
                continue
            if isinstance(event, ContactEnded):
                ended.append(event)
            thread = locked[found[contact].id]
            if thread.contact != contact:
                continue  # the subscriber has gone on to the next contact: this would come out of order
            notice = _notice(event, names.get(getattr(event, "agent", None)))
            assert notice is not None
            id = str(uuid.uuid5(_IDS, f"event:{seq}"))
            notices.append((thread.id, id, contact, orjson.dumps(notice).decode(), event.at))
        await messages.append_notices(conn, notices)
        # An agent who ends a contact has seen what was written before; the closing of idle chats has not.
        sinces: dict[str, float | None] = {e.contact: None if e.reason == INACTIVE else e.at for e in ended}
        if not sinces or not await messages.unanswered(conn, sinces):
            return
        for event in ended:
            late = await messages.unanswered(conn, {event.contact: sinces[event.contact]})
            if late:
                thread = locked[found[event.contact].id]
                await self._take_over(conn, thread, entries.get(thread.entry), event, late[event.contact])

    async def _take_over(
        self, conn: Connection, thread: Thread, entry: Entry | None, ended: ContactEnded, late: Sequence[int]
    ) -> None:
        """Give what the subscriber wrote at the very moment of the end to a new contact, or nobody would answer it."""
        contact = thread.contact
        if contact == ended.contact:
            contact = await self._chat.intake.arrive_again(conn, thread, entry, ended.at)
        if contact is not None:
            await messages.move(conn, thread=thread.id, seqs=late, contact=contact)


def _contact(event: Event) -> str:
    return str(getattr(event, "contact", ""))


def _notice(event: Event, agent_name: str | None) -> dict[str, Any] | None:
    """Return what the chat shows of a fact, None if nothing."""
    match event:
        case ContactQueued(why="arrived" | "opened"):
            return {"code": "queued", "estimate": event.estimate}
        case ContactDeferred():
            return {"code": "deferred", "opens_at": event.until}
        case OfferAccepted():
            return {"code": "agent.joined", "agent_name": agent_name}
        case ContactReleased() if event.why != "transferred":
            return {"code": "agent.left", "agent_name": agent_name}
        case ContactTransferred():
            return {"code": "transferred", "agent_name": agent_name}
        case ContactEnded():
            return {"code": "ended", "by": event.by, "reason": event.reason}
    return None
