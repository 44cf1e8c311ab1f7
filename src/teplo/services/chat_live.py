"""Sockets of widgets: state, messages, receipts and typing as they happen. One loop serves all sockets of a process."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

import structlog

from ..domain.events import ContactArrived, ContactEnded, ContactGraded
from ..storage.db import Unavailable
from ..storage.events import Stored
from ..storage.messages import Message
from ..storage.standing import End
from ..storage.threads import Receipts, Thread
from . import chat_state
from .chat import Chat
from .chat_state import Places, Standing, ThreadState
from .message_feed import Heard, ReceiptsMoved, Typing, Watch

log = structlog.get_logger()

_PAUSE = 0.3
_SOCKETS = 20

PERIOD = 2.0
"""A waiting subscriber's place and wait are told anew at most this often (seconds)."""


@dataclass(frozen=True, slots=True)
class AgentTyping:
    """The agent of this name is writing."""

    name: str | None


Shown = ThreadState | Message | Receipts | AgentTyping
Show = Callable[[Shown], None]
"""Hands something to a socket; must neither block nor raise."""


@dataclass(eq=False, slots=True)
class Member:
    """One open socket."""

    thread: str
    show: Show
    watch: Watch | None = None
    standing: Standing | None = None
    shown: ThreadState | None = None
    early: list[Heard] | None = field(default_factory=list)
    """What was heard before the first state was shown; None afterwards."""


class ChatHub:
    """All widgets' sockets of this process. `run` must be running."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._threads: dict[str, set[Member]] = {}
        self._contacts: dict[str, set[Member]] = {}
        self._touched: set[Member] = set()
        self._wake = asyncio.Event()

    @property
    def sockets(self) -> int:
        """How many sockets are open."""
        return sum(len(members) for members in self._threads.values())

    async def join(self, thread: Thread, after: int, show: Show) -> Member:
        """Add a socket: its state comes first, then all messages after `after`, then what happens."""
        member = Member(thread.id, show)
        self._threads.setdefault(thread.id, set()).add(member)  # before reading, so that nothing falls in between
        member.watch = self._chat.messages.watch(lambda heard: self._on_heard(member, heard))
        member.watch.follow_thread(thread.id, after)
        try:
            await self._read([member])
            await self._push({member})
        except BaseException:
            self.leave(member)
            raise
        early, member.early = member.early, None
        for heard in early or ():
            self._on_heard(member, heard)
        return member

    def crowded(self, thread: str) -> bool:
        """Whether a thread has as many sockets here as anybody could have tabs and phones."""
        return len(self._threads.get(thread, ())) >= _SOCKETS

    def leave(self, member: Member) -> None:
        """Remove a socket."""
        if member.watch is not None:
            member.watch.close()
            member.watch = None  # it holds the member: a cycle would wait for the collector
        _drop(self._threads, member.thread, member)
        if member.standing is not None and member.standing.contact is not None:
            _drop(self._contacts, member.standing.contact, member)
        self._touched.discard(member)

    def talks(self, member: Member) -> bool:
        """Whether an agent talks in the socket's thread now."""
        return member.shown is not None and member.shown.state == "talking"

    async def typing(self, member: Member) -> None:
        """Tell the agent that the subscriber of this socket is writing."""
        standing = member.standing
        if standing is not None and standing.contact is not None:
            await self._chat.messages.typing(thread=member.thread, contact=standing.contact, author="subscriber")

    async def run(self) -> None:
        """Serve the sockets; for ever."""
        stop = self._chat.feed.subscribe(self._on_events)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._push_touched())
                group.create_task(self._push_waiting())
        finally:
            stop()

    # --- inside -------------------------------------------------------------------------------------------------

    def _on_events(self, batch: Sequence[Stored]) -> None:
        for _, event in batch:
            if isinstance(event, ContactArrived) and event.thread in self._threads:
                for member in self._threads[event.thread]:
                    self._begin(member, event.contact)
            contact = getattr(event, "contact", None)
            for member in self._contacts.get(contact, ()) if contact else ():
                assert member.standing is not None
                if isinstance(event, ContactEnded):
                    member.standing.end = End(
                        event.contact, event.at, event.agent, event.queue, event.by, event.reason, event.stage
                    )
                elif isinstance(event, ContactGraded):
                    member.standing.grade = event.grade
                self._touched.add(member)
        if self._touched:
            self._wake.set()

    def _begin(self, member: Member, contact: str) -> None:
        standing = member.standing
        if standing is None or standing.contact == contact:
            return
        if standing.contact is not None:
            _drop(self._contacts, standing.contact, member)
        standing.contact, standing.end, standing.grade = contact, None, None
        self._contacts.setdefault(contact, set()).add(member)
        self._touched.add(member)

    def _on_heard(self, member: Member, heard: Heard) -> None:
        standing = member.standing
        if member.early is not None or standing is None:
            if member.early is not None:
                member.early.append(heard)
            return
        match heard:
            case Message():
                standing.last_seq = max(standing.last_seq, heard.seq)
                member.show(heard)
            case ReceiptsMoved():
                standing.receipts = heard.receipts
                member.show(heard.receipts)
            case Typing():
                if heard.author == "agent":
                    member.show(AgentTyping(member.shown.agent if member.shown else None))

    async def _read(self, members: Sequence[Member]) -> None:
        """Read what the tables say about the members' threads."""
        async with self._chat.db.connection() as conn:
            read = await chat_state.read(conn, {member.thread for member in members})
        found = {standing.thread: standing for standing in read}
        for member in members:
            fresh = found.get(member.thread)
            if fresh is None or member not in self._threads.get(member.thread, ()):
                continue  # unknown, or its socket closed while we read
            if member.standing is not None and member.standing.contact is not None:
                _drop(self._contacts, member.standing.contact, member)
            member.standing = replace(fresh)
            if fresh.contact is not None:
                self._contacts.setdefault(fresh.contact, set()).add(member)

    async def _push_touched(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            touched, self._touched = self._touched, set()
            if not await self._safely(self._push(touched)):
                await asyncio.sleep(_PAUSE)  # what happened is not told by anything else: try until it is
                self._touched |= {member for member in touched if member in self._threads.get(member.thread, ())}
                self._wake.set()

    async def _push_waiting(self) -> None:
        while True:
            await asyncio.sleep(PERIOD)
            floor = self._chat.feed.floor
            waiting: set[Member] = set()
            lost: list[Member] = []
            for members in self._threads.values():
                for member in members:
                    if member.standing is not None and chat_state.phase(member.standing, floor) == "waiting":
                        waiting.add(member)
                        if member.standing.contact not in floor.contacts:
                            lost.append(member)
            if lost:  # not arrived yet, or ended just while the socket opened
                await self._safely(self._read(lost))
            if waiting:
                await self._safely(self._push(waiting))

    async def _safely(self, work: Awaitable[None]) -> bool:
        """Do the work; False when the database was away."""
        try:
            await work
        except Unavailable as problem:
            log.warning("chat_live.database_away", error=str(problem).split("\n")[0])
            return False
        except Exception as problem:
            log.error("chat_live.failed", exc_info=problem)
        return True

    async def _push(self, members: set[Member]) -> None:
        """Show the state to those for whom it changed."""
        chat, floor = self._chat, self._chat.feed.floor
        agents = {chat_state.talker(m.standing, floor) for m in members if m.standing is not None}
        names = {agent: await chat.directory.display_name(agent) for agent in agents}
        entries = {m.standing.entry for m in members if m.standing is not None}
        surveys = {id: (entry := await chat.directory.entry(id)) is not None and entry.survey for id in entries}
        now = chat.clock()
        places = Places(chat.feed.floor, now)
        for member in members:
            standing = member.standing
            if standing is None or member not in self._threads.get(member.thread, ()):
                continue
            state = chat_state.compute(
                standing,
                chat.feed.floor,
                now,
                agent_name=names.get(chat_state.talker(standing, floor)),
                survey=surveys.get(standing.entry, False),
                places=places,
            )
            if member.shown is None or _differs(member.shown, state):
                member.shown = state
                member.show(state)


def _differs(old: ThreadState, new: ThreadState) -> bool:
    """Whether anything changed but times, what other frames tell, and the wait by less than one would notice."""
    same = replace(
        new,
        estimate=old.estimate if _close(old.estimate, new.estimate) else new.estimate,
        estimated_at=old.estimated_at,
        server_time=old.server_time,
        last_seq=old.last_seq,
        receipts=old.receipts,
    )
    return same != old


def _close(old: tuple[float, float] | None, new: tuple[float, float] | None) -> bool:
    if old is None or new is None:
        return old == new
    return all(abs(a - b) <= max(3.0, 0.05 * a) for a, b in zip(old, new, strict=True))


def _drop(index: dict[str, set[Member]], key: str, member: Member) -> None:
    members = index.get(key)
    if members is not None:
        members.discard(member)
        if not members:
            del index[key]
