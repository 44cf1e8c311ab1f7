"""How a chat contact begins: the first message of a thread, or one after the last contact ended.

Thread, message and the command `arrive` are written in one transaction: nothing is lost, nothing arrives twice. The row
lock of the thread lets two first messages at once make one contact.
"""

import asyncio
import re
from dataclasses import dataclass

import structlog
from uuid_utils import uuid7

from ..clock import Clock
from ..domain.errors import Conflict, Invalid, NotFound, Refused
from ..storage import config, files, messages, standing, threads
from ..storage.db import Connection, Database
from ..storage.messages import Message
from ..storage.threads import Thread
from .commands import Commands
from .directory import Directory, Entry
from .feed import Feed
from .files import Checked

log = structlog.get_logger()

_DECISION_SECONDS = 1.0
"""How long the opening of a chat waits for the floor, so that its answer can tell the place and the wait."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What the widget says at the start. `message` is (id, text)."""

    token_hash: bytes
    entry: str
    reason: str | None
    language: str
    name: str | None
    number: str | None
    page: str | None
    message: tuple[str, str] | None


def normalised_number(text: str) -> str:
    """Return a telephone number as E.164 (+79730000000); Invalid("chat.number") when it is none."""
    digits = re.sub(r"[\s\-().\u00a0\u2010-\u2015]", "", text)
    international = digits.startswith("+")
    digits = digits.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        raise Invalid("chat.number")
    if not international and len(digits) == 11 and digits.startswith("8"):
        digits = "7" + digits[1:]
    elif not international and len(digits) == 10 and digits.startswith("9"):
        digits = "7" + digits
    if not 8 <= len(digits) <= 15 or digits.startswith("0"):
        raise Invalid("chat.number")
    return "+" + digits


class Intake:
    """Takes in what subscribers write."""

    def __init__(self, db: Database, commands: Commands, feed: Feed, directory: Directory, clock: Clock) -> None:
        self._db = db
        self._commands = commands
        self._feed = feed
        self._directory = directory
        self._clock = clock

    async def open(self, opening: Opening) -> tuple[Thread, bool]:
        """Return (the thread of this token, whether it is new); the same token and message again change nothing.

        The thread is as it was before the message.
        """
        entry = await self._entry(opening.entry)
        option = entry.option(opening.reason)
        number = normalised_number(opening.number) if opening.number else None
        queue = self._queue(option.queue if option else None, entry)
        command: str | None = None
        async with self._db.transaction() as conn:
            subscriber, region = None, None
            if number is not None:
                subscriber, region = await threads.find_subscriber(
                    conn,
                    id=str(uuid7()),
                    number=number,
                    name=opening.name,
                    language=opening.language,
                    region=await config.region_of_number(conn, number),
                )
            thread = await threads.create(
                conn,
                id=str(uuid7()),
                token_hash=opening.token_hash,
                entry=entry.id,
                subscriber=subscriber,
                name=opening.name,
                number=number,
                language=opening.language,
                region=region,
                reason=option.reason if option else None,
                queue=queue,
                page=opening.page,
            )
            created = thread is not None
            if thread is None:
                thread = await threads.by_token(conn, opening.token_hash)
                assert thread is not None
            if opening.message is not None:
                id, text = opening.message
                _, _, command = await self._put(conn, thread, entry, id, text=text, fresh=created)
        if command is not None:
            await self._decided(command)
        return thread, created

    async def write(self, thread: Thread, id: str, text: str) -> tuple[Message, bool]:
        """Store a text of the subscriber; (the message, whether it is new)."""
        written = await self._continue(thread, id, text)
        if written is not None:
            return written, True
        entry = await self._directory.entry(thread.entry)
        async with self._db.transaction() as conn:
            message, created, command = await self._put(conn, thread, entry, id, text=text)
        if command is not None:
            self._commands.forget(command)
        return message, created

    async def attach(self, thread: Thread, id: str, file: Checked) -> tuple[Message, bool]:
        """Store a file of the subscriber; (its message, whether it is new)."""
        entry = await self._directory.entry(thread.entry)
        async with self._db.transaction() as conn:
            message, created, command = await self._put(conn, thread, entry, id, file=file)
        if command is not None:
            self._commands.forget(command)
        return message, created

    async def found(self, thread: Thread, id: str) -> Message | None:
        """Return the message that this thread's subscriber has already sent with this id."""
        async with self._db.connection() as conn:
            return _own(await messages.find(conn, id), thread)

    # --- inside -------------------------------------------------------------------------------------------------

    async def _continue(self, thread: Thread, id: str, text: str) -> Message | None:
        """Add a text to the open contact in one step; None if something else has happened to the thread meanwhile."""
        if thread.contact is None:
            return None
        async with self._db.connection() as conn:
            return await messages.append(
                conn,
                thread=thread.id,
                id=id,
                contact=thread.contact,
                author="subscriber",
                kind="text",
                at=self._clock(),
                text=text,
                open_at=thread.last_seq,
            )

    async def _put(
        self,
        conn: Connection,
        thread: Thread,
        entry: Entry | None,
        id: str,
        *,
        text: str | None = None,
        file: Checked | None = None,
        fresh: bool = False,
    ) -> tuple[Message, bool, str | None]:
        """Add a message, to a new contact if there is no open one. `fresh`: nobody else sees the thread yet."""
        locked = thread
        if not fresh:
            found_thread = await threads.lock(conn, thread.id)
            assert found_thread is not None
            locked = found_thread
            found = _own(await messages.find(conn, id), locked)
            if found is not None:
                return found, False, None
        contact, command = locked.contact, None
        end = await standing.end_of(conn, contact) if contact else None
        if contact is None or end is not None:
            last_active = end.at if end else locked.active_at
            contact, command = await self._arrive(conn, locked, entry, last_active, fresh=fresh)
        file_id = None
        if file is not None:
            file_id = str(uuid7())
            await store_file(conn, file_id, locked.id, file)
        message = await messages.append(
            conn,
            thread=locked.id,
            id=id,
            contact=contact,
            author="subscriber",
            kind="text" if file is None else "file",
            at=self._clock(),
            text=text,
            file=file_id,
            begins=command is not None,
        )
        if message is None:
            raise Conflict("message.id_taken")
        return message, True, command

    async def _arrive(
        self, conn: Connection, thread: Thread, entry: Entry | None, last_active: float, *, fresh: bool = False
    ) -> tuple[str, str]:
        """Begin a contact on a locked thread; return (contact, command). The caller makes it the thread's open one."""
        if entry is None:
            raise NotFound("chat.entry_unknown")
        oldest = self._clock() - entry.return_hours * 3600
        if last_active < oldest:
            raise Conflict("chat.thread_expired")
        contact = str(uuid7())
        preferred = await standing.preferred_agent(
            conn,
            contact=thread.contact,
            subscriber=thread.subscriber,
            since=oldest,
            now=self._clock(),
            thread=None if fresh else thread.id,
        )
        command = await self._commands.send_in(
            conn,
            "arrive",
            {
                "contact": contact,
                "channel": "chat",
                "queue": self._queue(thread.queue, entry),
                "subscriber": thread.subscriber,
                "language": thread.language,
                "region": thread.region,
                "preferred": preferred,
                "reason": thread.reason,
                "thread": thread.id,
            },
        )
        return contact, command

    async def arrive_again(self, conn: Connection, thread: Thread, entry: Entry | None, ended_at: float) -> str | None:
        """Begin a new contact for what was written just when the last one ended; None when the thread is too old."""
        try:
            contact, command = await self._arrive(conn, thread, entry, ended_at)
        except (Conflict, NotFound) as refused:
            log.warning("chat.late_message_kept", thread_id=thread.id, code=refused.code)
            return None
        await threads.set_contact(conn, thread.id, contact)
        self._commands.forget(command)
        return contact

    async def _entry(self, id: str) -> Entry:
        entry = await self._directory.entry(id)
        if entry is None:
            raise NotFound("chat.entry_unknown")
        return entry

    def _queue(self, wanted: str | None, entry: Entry) -> str:
        """Choose a queue that there is: the wanted one, else the entry's default."""
        known = self._feed.floor.queues
        for queue in (wanted, entry.default_queue):
            if queue is not None and (queue in known or not self._feed.ready.is_set()):
                return queue
        raise Conflict("chat.no_queue")

    async def _decided(self, command: str) -> None:
        try:
            async with asyncio.timeout(_DECISION_SECONDS):
                await self._feed.reached(await self._commands.result(command))
        except TimeoutError:
            self._commands.forget(command)  # the command is stored; the answer just cannot tell the place yet
        except Refused as refused:
            log.error("chat.arrival_refused", code=refused.code)


async def store_file(conn: Connection, id: str, thread: str, file: Checked) -> None:
    """Keep a checked file under an id."""
    await files.insert(
        conn,
        id=id,
        thread=thread,
        name=file.name,
        media_type=file.media_type,
        width=file.width,
        height=file.height,
        data=file.data,
    )


def _own(found: Message | None, thread: Thread) -> Message | None:
    if found is not None and (found.thread != thread.id or found.author != "subscriber"):
        raise Conflict("message.id_taken")
    return found
