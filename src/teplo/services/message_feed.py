"""Messages, receipts and typing as they happen, for widgets and desks: one listening connection a process.

NOTIFY only says which thread moved; rows are fetched in batches, one query for everything that is pending. Each watcher
hears every message of what it follows once and in order of `seq`, also over a lost connection. Receipts are whole
states and typing is a passing remark: the newest counts.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import structlog

from ..storage import messages, threads
from ..storage.db import Connection, Database, Unavailable
from ..storage.messages import Message
from ..storage.threads import Receipts

log = structlog.get_logger()

_TYPING_EVERY = 1.0
_CHANNELS = ("message", "receipt", "typing")


@dataclass(frozen=True, slots=True)
class ReceiptsMoved:
    """Somebody got or read messages of a thread; `contact` is the thread's open or last one."""

    thread: str
    contact: str | None
    receipts: Receipts


@dataclass(frozen=True, slots=True)
class Typing:
    """One side of a thread is writing now. `agent` is set when it is the agent."""

    thread: str
    contact: str
    author: str
    agent: str | None


Heard = Message | ReceiptsMoved | Typing
Hearer = Callable[[Heard], None]
"""Called in the event loop; it must neither block nor raise."""


class Watch:
    """What one socket follows. Made by `MessageFeed.watch`; `close` it in the end."""

    def __init__(self, feed: "MessageFeed", hear: Hearer) -> None:
        self._feed = feed
        self.hear = hear
        self.threads: set[str] = set()
        self.contacts: set[str] = set()

    def follow_thread(self, thread: str, after: int) -> None:
        """Hear all messages of the thread that come after `after`, stored or future."""
        self.threads.add(thread)
        self._feed._enter(self._feed._threads, self._feed._dirty_threads, thread, self, after)

    def follow_contacts(self, wanted: Mapping[str, int]) -> None:
        """Follow exactly these contacts. The value is the seq from which on a contact that is new here is heard.

        Contacts that are followed already go on where they are: their values are not looked at.
        """
        for contact in self.contacts - wanted.keys():
            self._feed._leave(self._feed._contacts, contact, self)
        for contact in wanted.keys() - self.contacts:
            self._feed._enter(self._feed._contacts, self._feed._dirty_contacts, contact, self, wanted[contact])
        self.contacts = set(wanted)

    def close(self) -> None:
        """Hear nothing any more."""
        for thread in self.threads:
            self._feed._leave(self._feed._threads, thread, self)
        for contact in self.contacts:
            self._feed._leave(self._feed._contacts, contact, self)
        self.threads, self.contacts = set(), set()


@dataclass(slots=True)
class _Topic:
    heard: dict[Watch, int] = field(default_factory=dict)
    """Watcher -> seq up to which it has heard."""


_Topics = dict[str, _Topic]


class MessageFeed:
    """The reader of messages of one process. `run` must be running."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._threads: _Topics = {}
        self._contacts: _Topics = {}
        self._dirty_threads: set[str] = set()
        self._dirty_contacts: set[str] = set()
        self._wake = asyncio.Event()
        self._typed: dict[tuple[str, str], float] = {}
        self.listening = asyncio.Event()

    def watch(self, hear: Hearer) -> Watch:
        """Begin to listen; say with the Watch to what."""
        return Watch(self, hear)

    async def typing(self, *, thread: str, contact: str, author: str, agent: str | None = None) -> None:
        """Tell the other side that this side is writing; at most once a second, else silently nothing."""
        now = asyncio.get_running_loop().time()
        if now - self._typed.get((thread, author), -_TYPING_EVERY) < _TYPING_EVERY:
            return
        if len(self._typed) > 10_000:
            self._typed = {key: at for key, at in self._typed.items() if now - at < _TYPING_EVERY}
        self._typed[thread, author] = now
        async with self._db.connection() as conn:
            await messages.notify(conn, "typing", [f"{thread}:{contact}:{author}:{agent or ''}"])

    async def run(self) -> None:
        """Hear and hand on; for ever. A lost connection costs a delay, never a message."""
        while True:
            try:
                await self._follow()
            except* Unavailable as problem:
                log.warning("messages.database_away", error=str(problem.exceptions[0]).split("\n")[0])
            self.listening.clear()
            await asyncio.sleep(0.2)

    # --- inside -------------------------------------------------------------------------------------------------

    def _enter(self, topics: _Topics, dirty: set[str], key: str, watch: Watch, after: int) -> None:
        topics.setdefault(key, _Topic()).heard[watch] = after
        dirty.add(key)
        self._wake.set()

    def _leave(self, topics: _Topics, key: str, watch: Watch) -> None:
        topic = topics.get(key)
        if topic is not None:
            topic.heard.pop(watch, None)
            if not topic.heard:
                del topics[key]

    async def _follow(self) -> None:
        conn = await self._db.dedicated("messages")
        try:
            for channel in _CHANNELS:
                await conn.execute(f"listen {channel}".encode())
            self._dirty_threads.update(self._threads)
            self._dirty_contacts.update(self._contacts)
            self._wake.set()
            self.listening.set()
            await self._tell_receipts()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._hear(conn))
                group.create_task(self._fetch())
        finally:
            await conn.close()

    async def _hear(self, conn: Connection) -> None:
        async for note in conn.notifies():
            parts = note.payload.split(":")
            if note.channel == "message":
                if parts[0] in self._threads:
                    self._dirty_threads.add(parts[0])
                    self._wake.set()
                if parts[1] in self._contacts:
                    self._dirty_contacts.add(parts[1])
                    self._wake.set()
            elif note.channel == "receipt":
                receipts = Receipts(*(int(part) for part in parts[2:6]))
                self._pass_on(parts[0], parts[1], ReceiptsMoved(parts[0], parts[1] or None, receipts))
            else:
                self._pass_on(parts[0], parts[1], Typing(parts[0], parts[1], parts[2], parts[3] or None))

    async def _fetch(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            by_thread = _positions(self._threads, self._dirty_threads)
            by_contact = _positions(self._contacts, self._dirty_contacts)
            self._dirty_threads, self._dirty_contacts = set(), set()
            if not by_thread and not by_contact:
                continue
            async with self._db.connection() as conn:
                of_threads, of_contacts = await messages.after(conn, threads=by_thread, contacts=by_contact)
            for message in of_threads:
                _deliver(self._threads.get(message.thread), by_thread[message.thread], message)
            for message in of_contacts:
                _deliver(self._contacts.get(message.contact), by_contact[message.contact], message)

    async def _tell_receipts(self) -> None:
        """After a time without ears: tell every follower of a thread how the receipts are."""
        if not self._threads and not self._contacts:
            return
        async with self._db.connection() as conn:
            found = await threads.receipts(conn, threads=self._threads, contacts=self._contacts)
        for thread, contact, receipts in found:
            self._pass_on(thread, contact or "", ReceiptsMoved(thread, contact, receipts))

    def _pass_on(self, thread: str, contact: str, heard: ReceiptsMoved | Typing) -> None:
        for topic in (self._threads.get(thread), self._contacts.get(contact)):
            for watch in list(topic.heard) if topic else ():
                watch.hear(heard)


def _positions(topics: _Topics, keys: Iterable[str]) -> dict[str, int]:
    return {key: min(topics[key].heard.values()) for key in keys if key in topics}


def _deliver(topic: _Topic | None, fetched_after: int, message: Message) -> None:
    """Hand on to those who heard everything before; who came during the query from further back has the next one."""
    if topic is None:
        return
    for watch, heard in list(topic.heard.items()):
        if fetched_after <= heard < message.seq and watch in topic.heard:
            topic.heard[watch] = message.seq
            watch.hear(message)
