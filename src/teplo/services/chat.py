"""The subscriber's side of a chat: what the widget may ask for. The caller is the thread, known by its token."""

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from ..clock import Clock
from ..domain import estimate
from ..domain.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from ..domain.queue import QueueState
from ..storage import messages, standing, threads
from ..storage.db import Database
from ..storage.messages import Message
from ..storage.threads import Receipts, Thread
from . import chat_state, transcript
from .chat_state import ThreadState
from .commands import Commands
from .directory import Directory, Entry, text_in
from .feed import Feed
from .files import Files
from .intake import Intake
from .message_feed import MessageFeed
from .rates import ChatRates
from .shared_rates import SharedRates

PAGE = 1000
"""Messages of one answer."""


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry point before a chat begins. `estimate` is seconds (low, high); `opens_at` is set while it is closed.

    `calls`: its visitors may call from the browser.
    """

    greeting: str
    options: list[tuple[str, str, str]]
    open: bool
    opens_at: float | None
    estimate: tuple[float, float] | None
    closed_message: str | None
    calls: bool
    version: int


def hash_token(token: str) -> bytes:
    """Return what is stored of a widget's token; NotAllowed("chat.token") unless it is 32 bytes in base64url."""
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise NotAllowed("chat.token") from None
    if len(raw) != 32:
        raise NotAllowed("chat.token")
    return hashlib.sha256(raw).digest()


class Chat:
    """Everything that the chat channel of one process consists of."""

    def __init__(
        self,
        db: Database,
        commands: Commands,
        feed: Feed,
        messages: MessageFeed,
        clock: Clock,
        *,
        rates: ChatRates | None = None,
        zone: str = "Asia/Yekaterinburg",
    ) -> None:
        self.db = db
        self.commands = commands
        self.feed = feed
        self.messages = messages
        self.clock = clock
        self.zone = zone
        self.rates = SharedRates(rates or ChatRates(), db, clock)
        self.directory = Directory(db)
        self.files = Files(db, feed)
        self.intake = Intake(db, commands, feed, self.directory, clock)

    async def entry(self, id: str) -> Entry:
        """Find an entry point; NotFound("chat.entry_unknown")."""
        entry = await self.directory.entry(id)
        if entry is None:
            raise NotFound("chat.entry_unknown")
        return entry

    async def view_entry(self, id: str, language: str) -> EntryView:
        """Describe an entry point: it is open when any of its queues is, and says the wait of its default queue."""
        entry = await self.entry(id)
        floor, now = self.feed.floor, self.clock()
        names = dict.fromkeys((entry.default_queue, *(option.queue for option in entry.options)))
        queues = [floor.queues[name] for name in names if name in floor.queues]
        is_open = any(queue.open for queue in queues)
        default = queues[0] if queues else None
        return EntryView(
            greeting=text_in(entry.greeting, language),
            options=[(option.reason, text_in(option.name, language), option.icon) for option in entry.options],
            open=is_open,
            opens_at=None if is_open else _opening(queues),
            estimate=estimate.range(floor, default.id, now, "chat") if default and default.open else None,
            closed_message=None if is_open or not default else text_in(default.config.closed_message, language) or None,
            calls=await self.directory.number_of_line(entry.line) is not None,
            version=entry.version,
        )

    async def thread(self, token: str) -> Thread:
        """Find the thread of a token; NotAllowed("chat.token") if there is none."""
        token_hash = hash_token(token)
        async with self.db.connection() as conn:
            thread = await threads.by_token(conn, token_hash)
        if thread is None:
            raise NotAllowed("chat.token")
        return thread

    async def allow_origin(self, thread: Thread, origin: str | None) -> None:
        """Refuse a page of a foreign origin; NotAllowed("chat.origin")."""
        entry = await self.directory.entry(thread.entry)
        if entry is not None and not entry.allows(origin):
            raise NotAllowed("chat.origin")

    async def state(self, thread: Thread) -> ThreadState:
        """Say how the thread stands now."""
        async with self.db.connection() as conn:
            (current,) = await chat_state.read(conn, [thread.id])
        floor = self.feed.floor
        name = await self.directory.display_name(chat_state.talker(current, floor))
        entry = await self.directory.entry(thread.entry)
        return chat_state.compute(
            current, self.feed.floor, self.clock(), agent_name=name, survey=entry is not None and entry.survey
        )

    async def page(self, thread: Thread, after: int) -> Sequence[Message]:
        """Read the thread's messages after a seq, at most `PAGE`."""
        async with self.db.connection() as conn:
            return await messages.of_thread(conn, thread.id, after, PAGE)

    async def mark(self, thread: Thread, *, delivered: int = 0, read: int = 0) -> Receipts:
        """Note how far the subscriber got; never goes back."""
        async with self.db.connection() as conn:
            moved = await threads.mark(conn, thread.id, "subscriber", delivered=delivered, read=read)
            if moved is not None:
                return moved[1]
            current = await threads.get(conn, thread.id)
        return current.receipts if current else thread.receipts

    async def end(self, thread: Thread) -> None:
        """End the open contact at the subscriber's wish; nothing to do if it has ended."""
        if thread.contact is None:
            return
        async with self.db.connection() as conn:
            if await standing.end_of(conn, thread.contact) is not None:
                return
        try:
            seq = await self.commands.send("end", {"contact": thread.contact, "by": "subscriber"})
        except (NotFound, Conflict) as refused:
            if refused.code == "command.unconfirmed":
                raise
            async with self.db.connection() as conn:
                if await standing.end_of(conn, thread.contact) is None:
                    raise
            return
        await self.feed.reached(seq)

    async def grade(self, thread: Thread, grade: int, words: str | None) -> None:
        """Keep the grade of the ended contact, once; the same again is taken, another one is not.

        Refusals: grade.not_asked (nobody talked, or no survey here), grade.not_ended, grade.given.
        """
        if thread.contact is None:
            raise Conflict("grade.not_asked")
        entry = await self.directory.entry(thread.entry)
        async with self.db.transaction() as conn:
            (current,) = await chat_state.read(conn, [thread.id])
            if current.end is None:
                raise Conflict("grade.not_ended")
            if current.grade is None and not chat_state.may_grade(current, entry is not None and entry.survey):
                raise Conflict("grade.not_asked")
            if not await standing.add_grade(conn, thread.contact, grade, words or None):
                if (await standing.grades_of(conn, [thread.contact])).get(thread.contact) != grade:
                    raise Conflict("grade.given")
                return
            command = await self.commands.send_in(
                conn,
                "grade",
                {
                    "contact": thread.contact,
                    "agent": current.end.agent,
                    "queue": current.end.queue,
                    "grade": grade,
                },
            )
        try:
            await self.feed.reached(await self.commands.result(command, timeout=2.0))
        except Refused as refused:
            if refused.code != "command.unconfirmed":
                raise

    async def transcript(self, thread: Thread, language: str) -> str:
        """Write the whole thread down as plain text in the subscriber's local time, else the centre's."""
        if language not in ("ru", "en"):
            raise Invalid("chat.language")
        found: list[Message] = []
        async with self.db.connection() as conn:
            while page := await messages.of_thread(conn, thread.id, found[-1].seq if found else 0, PAGE):
                found += page
        local = await self.directory.zone(thread.region)
        names = {agent: await self.directory.display_name(agent) for agent in {m.agent for m in found if m.agent}}
        return transcript.write(found, names, local or ZoneInfo(self.zone), language, local=local is not None)


def _opening(queues: Sequence[QueueState]) -> float | None:
    return min((queue.opens_at for queue in queues if queue.opens_at is not None), default=None)
