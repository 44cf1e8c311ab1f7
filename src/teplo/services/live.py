"""Live desks: what each signed-in person sees of the floor now, sent as changed rows.

Every process serves its own sockets from its own replica of the floor. `me` follows one agent, `floor` the whole
floor for supervisors; both are diffs of the same pure views that snapshots are made of.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import orjson
import structlog

from ..clock import Clock
from ..domain.errors import Refused
from ..domain.events import ContactOffered
from ..storage import desks, events, worklist
from ..storage.db import Database, Unavailable
from ..storage.events import Stored
from ..storage.messages import Message
from ..storage.worklist import Summary
from . import views
from .commands import Commands
from .feed import Feed
from .message_feed import Heard, MessageFeed, ReceiptsMoved, Typing, Watch
from .messages import message_json
from .rows import DayCounts, DeskState, FloorFigures, FloorState, Row

log = structlog.get_logger()

FLOOR_PERIOD: Final = 0.5
_WHOLE_FLOOR: Final = 20
_OUTBOX = 2000
_HEARTBEAT = 1.0


class Figures(Protocol):
    """Today's numbers for the floor view."""

    def floor_figures(self) -> FloorFigures:
        """Return those of agents, queues and all."""
        ...

    def day_counts(self, agent: str) -> DayCounts:
        """Return an agent's own."""
        ...


class LiveSocket:
    """The sending side of one browser connection. Frames wait in `outbox`; None ends it (too slow a reader)."""

    def __init__(self, agent: str) -> None:
        self.agent = agent
        self.outbox: asyncio.Queue[bytes | None] = asyncio.Queue(_OUTBOX)
        self.greeted = False
        """Whether the snapshot was sent: before it no changes make sense."""
        self._ended = False

    def send(self, frame: Row) -> None:
        """Queue a frame."""
        self.send_raw(orjson.dumps(frame))

    def send_raw(self, frame: bytes) -> None:
        """Queue an encoded frame; a reader that lags far behind is cut off and will come back for a snapshot."""
        if self._ended:
            return
        if self.outbox.qsize() >= _OUTBOX - 1:
            self._ended = True
            self.outbox.put_nowait(None)
            return
        self.outbox.put_nowait(frame)


@dataclass(slots=True)
class _Desk:
    """All sockets of one agent in this process and what they were told."""

    watch: Watch
    sockets: set[LiveSocket] = field(default_factory=set)
    state: DeskState | None = None
    stale: set[str] = field(default_factory=set)
    """Contacts whose summary must be read again."""


class LiveHub:
    """All live sockets of this process. `run` must be running.

    `vital` serves what must not wait behind requests: that this process and its desks are there.
    """

    def __init__(
        self,
        db: Database,
        vital: Database,
        feed: Feed,
        messages: MessageFeed,
        figures: Figures,
        commands: Commands,
        node: str,
        clock: Clock,
    ) -> None:
        self._db = db
        self._vital = vital
        self._feed = feed
        self._messages = messages
        self._figures = figures
        self._commands = commands
        self._node = node
        self._clock = clock
        self._desks: dict[str, _Desk] = {}
        self._floor_sockets: set[LiveSocket] = set()
        self._floor_state: FloorState | None = None
        self._floor_moved: set[str] = set()
        self._floor_frames = 0
        self._whys: dict[str, Row] = {}
        self._summaries: dict[str, Summary] = {}
        self._touched: set[str] = set()
        self._wake = asyncio.Event()
        self._refreshing = asyncio.Lock()

    @property
    def sockets(self) -> int:
        """How many sockets are open."""
        return sum(len(desk.sockets) for desk in self._desks.values()) + len(self._floor_sockets)

    async def run(self) -> None:
        """Serve the sockets; for ever."""
        stop = self._feed.subscribe(self._on_events)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._refresh_loop())
                group.create_task(self._floor_loop())
                group.create_task(self._heartbeat())
        finally:
            stop()

    # --- topic "me" ---------------------------------------------------------------------------------------------

    async def open_desk(self, socket: LiveSocket) -> None:
        """Add a desk of an agent: the agent is connected now; the first frame is a snapshot."""
        agent = socket.agent
        desk = self._desks.get(agent)
        if desk is None:
            desk = self._desks[agent] = _Desk(self._messages.watch(lambda heard: self._on_heard(agent, heard)))
        first = not desk.sockets
        desk.sockets.add(socket)
        if first:
            await self._tell_presence("connect", agent)
        async with self._refreshing:
            await self._refresh({agent})
        if socket in desk.sockets:
            socket.greeted = True
            socket.send(
                {"type": "snapshot", "topic": "me", "seq": self._feed.seq, "at": self._clock(), "state": desk.state}
            )

    async def close_desk(self, socket: LiveSocket) -> None:
        """Remove a desk; with the last one the agent is disconnected and the grace time begins."""
        desk = self._desks.get(socket.agent)
        if desk is None or socket not in desk.sockets:
            return
        desk.sockets.discard(socket)
        if not desk.sockets:
            desk.watch.close()
            del self._desks[socket.agent]
            await self._tell_presence("disconnect", socket.agent)

    def tell(self, agent: str, frame: Row) -> None:
        """Send a frame to every desk of an agent in this process that has its snapshot."""
        desk = self._desks.get(agent)
        if desk is None:
            return
        encoded = orjson.dumps(frame)
        for socket in desk.sockets:
            if socket.greeted:
                socket.send_raw(encoded)

    async def typing(self, socket: LiveSocket, contact: str) -> None:
        """Tell the subscriber of a contact in this agent's hands that the agent is writing."""
        found = self._feed.floor.contacts.get(contact)
        if found and found.agent == socket.agent and found.state == "talking" and found.thread:
            await self._messages.typing(thread=found.thread, contact=contact, author="agent", agent=socket.agent)

    async def _tell_presence(self, command: str, agent: str) -> None:
        if agent not in self._feed.floor.agents:
            return  # a person who handles no contacts
        try:
            async with self._vital.transaction() as conn:
                await desks.seen(conn, self._node)
                await desks.hold(conn, self._node, self._desks)
                elsewhere = command == "disconnect" and agent in await desks.connected(conn)
            if not elsewhere:
                seq = await self._commands.send(command, {"agent": agent})
                await self._feed.reached(seq)
        except (Refused, *Unavailable) as problem:
            # The dispatcher compares desks and floor every second and puts this right.
            log.warning("live.presence_late", command=command, error=str(problem).split("\n")[0])

    def _on_events(self, batch: Sequence[Stored]) -> None:
        contacts = self._feed.floor.contacts
        for _, event in batch:
            contact = getattr(event, "contact", None)
            if isinstance(event, ContactOffered):
                self._whys[event.contact] = event.why
            for agent in (getattr(event, "agent", None), getattr(event, "colleague", None)):
                if agent is not None:
                    self._floor_moved.add(agent)
                if agent in self._desks:
                    self._touched.add(agent)
            if contact is not None:
                current = contacts.get(contact)
                if current is None:
                    self._whys.pop(contact, None)
                    self._summaries.pop(contact, None)
                elif current.agent is not None:
                    self._floor_moved.add(current.agent)
                    if current.agent in self._desks:
                        self._touched.add(current.agent)
        if self._touched:
            self._wake.set()

    def _on_heard(self, agent: str, heard: Heard) -> None:
        desk = self._desks.get(agent)
        if desk is None:
            return
        frame: Row
        match heard:
            case Message():
                frame = {"type": "message", "contact": heard.contact, "message": message_json(heard)}
                desk.stale.add(heard.contact)
            case ReceiptsMoved():
                if heard.contact is None:
                    return
                receipts = {name: getattr(heard.receipts, name) for name in heard.receipts.__slots__}
                frame = {"type": "receipt", "contact": heard.contact, "receipts": receipts}
                desk.stale.add(heard.contact)
            case Typing():
                if heard.author == "agent":
                    return
                frame = {"type": "typing", "contact": heard.contact}
        encoded = orjson.dumps(frame)
        for socket in desk.sockets:
            socket.send_raw(encoded)
        if desk.stale:
            self._touched.add(agent)
            self._wake.set()

    async def _refresh_loop(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            touched, self._touched = self._touched, set()
            try:
                async with self._refreshing:
                    await self._refresh(touched)
            except Unavailable as problem:
                log.warning("live.database_away", error=str(problem).split("\n")[0])
                self._touched |= touched
                await asyncio.sleep(0.3)
                self._wake.set()

    async def _refresh(self, agents: set[str]) -> None:
        """Bring these agents' desks to the present state of the replica and send what changed."""
        floor = self._feed.floor
        held: dict[str, str] = {}
        for agent in agents & self._desks.keys():
            known = floor.agents.get(agent)
            held |= dict.fromkeys(known.contacts, agent) if known else {}
        missing = [c for c, agent in held.items() if c not in self._summaries or c in self._desks[agent].stale]
        unexplained = [c for c in held if c not in self._whys]
        for contact, agent in held.items():
            self._desks[agent].stale.discard(contact)
        if missing or unexplained:
            async with self._db.connection() as conn:
                if missing:
                    self._summaries |= await worklist.summaries(conn, missing)
                if unexplained:
                    self._whys |= await events.offer_reasons(conn, unexplained)
            for contact in (c for c in (*missing, *unexplained) if c not in floor.contacts):
                self._summaries.pop(contact, None)  # it left while we read
                self._whys.pop(contact, None)
        seq, now = self._feed.seq, self._clock()
        for agent in agents:
            desk = self._desks.get(agent)
            if desk is None:
                continue
            # What came into hand while we read has no summary yet: the next round, which it asked for, shows it whole.
            work = views.work(floor, agent, self._whys, self._summaries)
            state: DeskState = {
                "me": views.me(floor, agent, self._figures.day_counts(agent)),
                "work": {contact: item for contact, item in work.items() if contact in held},
            }
            changed = views.changes(desk.state or {}, state)
            desk.state = state
            desk.stale &= state["work"].keys()
            desk.watch.follow_contacts(
                {c: self._summaries[c].last_seq if c in self._summaries else 0 for c in state["work"]}
            )
            if changed:
                frame = orjson.dumps({"type": "changes", "topic": "me", "seq": seq, "at": now, "state": changed})
                for socket in desk.sockets:
                    if socket.greeted:
                        socket.send_raw(frame)

    # --- topic "floor" ------------------------------------------------------------------------------------------

    def floor_state(self) -> FloorState:
        """The supervisor's view as it is now."""
        return views.floor_view(self._feed.floor, self._clock(), self._figures.floor_figures())

    def _next_floor_state(self) -> FloorState:
        """The view half a second later: only rows of agents to whom something happened are made anew.

        Every ten seconds all are: at midnight the day's counts begin anew without a fact.
        """
        moved, self._floor_moved = self._floor_moved, set()
        self._floor_frames += 1
        if self._floor_state is None or self._floor_frames % _WHOLE_FLOOR == 0:
            return self.floor_state()
        figures = self._figures.floor_figures()
        known = self._floor_state["agents"]
        return views.floor_view(self._feed.floor, self._clock(), figures, known=known, moved=moved)

    def open_floor(self, socket: LiveSocket) -> None:
        """Show the whole floor; the first frame is a snapshot."""
        if not self._floor_sockets:
            self._floor_state = self.floor_state()
        self._floor_sockets.add(socket)
        socket.send(
            {
                "type": "snapshot",
                "topic": "floor",
                "seq": self._feed.seq,
                "at": self._clock(),
                "state": self._floor_state,
            }
        )

    def close_floor(self, socket: LiveSocket) -> None:
        """Show it no more."""
        self._floor_sockets.discard(socket)

    async def _floor_loop(self) -> None:
        while True:
            await asyncio.sleep(FLOOR_PERIOD)
            if not self._floor_sockets:
                self._floor_moved.clear()
                continue
            state = self._next_floor_state()
            changed = views.changes(self._floor_state or {}, state)
            self._floor_state = state
            # Also when nothing changed: the page shows how old it is.
            frame = orjson.dumps(
                {"type": "changes", "topic": "floor", "seq": self._feed.seq, "at": self._clock(), "state": changed}
            )
            for socket in self._floor_sockets:
                socket.send_raw(frame)

    # --- topic "events" -----------------------------------------------------------------------------------------

    async def follow_events(self, socket: LiveSocket, after: int) -> None:
        """Send every fact after `after`, stored and future; runs until cancelled."""
        moved = asyncio.Event()
        stop: Callable[[], None] = self._feed.subscribe(lambda _: moved.set())
        try:
            seq = after
            while True:
                moved.clear()
                async with self._db.connection() as conn:
                    batch = await events.after(conn, seq, 500)
                for seq, event in batch:
                    socket.send({"type": "event", "seq": seq, "event": event_json(event)})
                while socket.outbox.qsize() > _OUTBOX // 2:
                    await asyncio.sleep(0.05)
                if len(batch) < 500:
                    await moved.wait()
        finally:
            stop()

    # --- heartbeat ----------------------------------------------------------------------------------------------

    async def _heartbeat(self) -> None:
        while True:
            try:
                async with self._vital.transaction() as conn:
                    await desks.seen(conn, self._node)
                    await desks.hold(conn, self._node, self._desks)
            except Unavailable as problem:
                log.warning("live.heartbeat_missed", error=str(problem).split("\n")[0])
            await asyncio.sleep(_HEARTBEAT)


def event_json(event: Any) -> Row:
    """A fact as the API shows it: ids only."""
    return {
        "at": event.at,
        "kind": event.KIND,
        "contact": getattr(event, "contact", None),
        "agent": getattr(event, "agent", None),
        "body": event.body(),
    }
