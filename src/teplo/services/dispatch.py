"""The dispatcher: the only caller of the floor and the only writer of the log.

Each turn drains the inbox, lets the floor decide and stores all facts in one transaction (group commit). If anything
fails, the floor is thrown away and rebuilt from the log: there is no repair code. Whoever holds the lease is the
dispatcher; everybody else stands by.
"""

import asyncio
import inspect
from collections import defaultdict
from collections.abc import Callable
from typing import Any, Final

import structlog
from uuid_utils import uuid7

from ..clock import Clock
from ..domain.errors import Refused
from ..domain.events import Event
from ..domain.floor import Floor
from ..domain.floor_dump import FORMAT
from ..storage import desks, events, inbox, lease, snapshots
from ..storage.db import Connection, Database, Unacceptable, Unavailable
from .recovery import rebuild

log = structlog.get_logger()

COMMANDS: Final = frozenset(
    {
        "configure",
        "arrive",
        "accept",
        "decline",
        "end",
        "hold",
        "resume",
        "dispose",
        "dispose_late",
        "extend_wrap_up",
        "transfer",
        "invite",
        "part",
        "hand_over",
        "take_over",
        "monitor",
        "move",
        "prioritise",
        "set_presence",
        "connect",
        "disconnect",
        "raise_hand",
        "lower_hand",
        "grade",
        "call_back",
        "call_out",
        "rejoin",
        "ring_back",
        "dialled",
    }
)
"""What may be sent to the floor: names of its methods."""

_SIGNATURES = {name: inspect.signature(getattr(Floor, name)) for name in COMMANDS}
_IDLE = 0.5
_STANDBY_LOOK = 0.2
_SNAPSHOT_FACTS = 10_000
_SNAPSHOT_SECONDS = 30.0
NODE_LIMIT = 4.0
"""Seconds after which a process that does not say that it lives holds no desks any more."""
_REPEAT_SECONDS = 86_400.0
_SLEW = 0.1


class LeaseLost(Exception):
    """Another process writes the log now."""


class Dispatcher:
    """One candidate for the writer's role; `run` never returns by itself."""

    def __init__(
        self, db: Database, node: str, clock: Clock, *, lease_seconds: float = 2.5, turn_limit: int = 1000
    ) -> None:
        self._db = db
        self._node = node
        self._clock = clock
        self._ttl = lease_seconds
        self._turn_limit = turn_limit
        self._floor = Floor()
        self._seq = 0
        self._epoch = 0
        self._poisoned: set[str] = set()
        self._single_steps = 0
        self._locked = False
        self._wake = asyncio.Event()
        self._snapshot_seq = 0
        self._snapshot_at = 0.0
        self._ahead = self._read = 0.0
        self.leading = False

    async def run(self, on_lead: Callable[[], None] | None = None) -> None:
        """Stand by, take the lease when it is free, lead until it is lost; for ever."""
        while True:
            try:
                await self._take_part(on_lead)
            except* LeaseLost:
                log.warning("dispatcher.lease_lost", epoch=self._epoch)
            except* Unavailable as problem:
                log.warning("dispatcher.database_away", error=str(problem.exceptions[0]).split("\n")[0])
                await asyncio.sleep(0.2)
            finally:
                self.leading = False

    async def _take_part(self, on_lead: Callable[[], None] | None) -> None:
        journal = await self._db.dedicated("journal")
        try:
            while (epoch := await lease.acquire(journal, self._node, self._ttl)) is None:
                await asyncio.sleep(_STANDBY_LOOK)
            self._epoch, self._locked = epoch, False
            log.info("dispatcher.lease_taken", epoch=epoch)
            if on_lead:
                on_lead()
            await self._lead(journal)
        finally:
            await asyncio.shield(journal.close())

    async def _lead(self, journal: Connection) -> None:
        ears = await self._db.dedicated("inbox")
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._renew())
                self._floor, self._seq = await rebuild(journal)
                await events.ensure_partitions(journal, max(self._clock(), self._floor.now))
                self._snapshot_seq, self._snapshot_at = 0, 0.0  # the next one that takes over starts from here
                self._start_clock()
                self.leading = True
                group.create_task(self._listen(ears))
                group.create_task(self._watch_desks())
                await self._turns(journal)
        finally:
            self.leading = False
            await asyncio.shield(self._leave(ears))

    async def _leave(self, ears: Connection) -> None:
        await ears.close()
        try:
            async with self._db.connection() as conn:
                await lease.release(conn, self._epoch)
        except Unavailable:
            log.info("dispatcher.lease_left_to_expire")

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(self._ttl / 4)
            async with self._db.connection() as conn:
                if not await lease.renew(conn, self._epoch, self._ttl):
                    raise LeaseLost

    async def _listen(self, ears: Connection) -> None:
        await ears.execute(f"listen {inbox.CHANNEL}".encode())
        self._wake.set()
        async for note in ears.notifies():
            if note.payload == inbox.FLOOR:
                self._wake.set()

    # --- turns --------------------------------------------------------------------------------------------------

    async def _turns(self, conn: Connection) -> None:
        while True:
            due = self._floor.next_deadline()
            wait = _IDLE if due is None else min(_IDLE, due - self._now())
            if wait > 0 and not self._wake.is_set():
                try:
                    async with asyncio.timeout(wait):
                        await self._wake.wait()
                except TimeoutError:
                    pass
            self._wake.clear()
            taken = await self._turn(conn)
            if taken == self._turn_limit:
                self._wake.set()
            await self._maybe_snapshot()

    async def _turn(self, conn: Connection) -> int:
        """Three round trips: begin with check and commands; facts and answers; commit. Return how many it took."""
        facts: list[tuple[Event, str | None]] = []
        results: defaultdict[str, list[list[Any]]] = defaultdict(list)
        commands: list[inbox.Command] = []
        try:
            async with conn.pipeline() as pipe, conn.transaction():
                limit = 1 if self._single_steps else self._turn_limit
                held, commands = await asyncio.gather(lease.check(conn, self._epoch), inbox.take(conn, limit))
                if not held:
                    raise LeaseLost
                self._locked = self._locked or await lease.lock(conn)
                gone = await self._known_contacts(conn, commands)
                now = self._now()
                due = self._floor.next_deadline()
                if due is not None and due <= now:
                    facts += ((event, None) for event in self._floor.tick(now=now))
                for command in commands:
                    repeated = command.kind == "arrive" and command.body.get("contact") in gone
                    refusal = [] if repeated else self._decide(command, now, facts)
                    if command.sender:
                        results[command.sender].append([command.id, *refusal])
                if facts:
                    await events.append(conn, self._seq + 1, facts)
                for sender, answers in results.items():
                    last = self._seq + len(facts)
                    await inbox.answer(conn, sender, [a if len(a) > 1 else [*a, last] for a in answers])
                await pipe.sync()  # what went wrong is known before the commit
        except (_Poison, Unacceptable) as problem:
            await self._put_aside(conn, commands, problem)
            return 0
        self._seq += len(facts)
        if self._single_steps:
            self._single_steps -= 1
            self._wake.set()
        return len(commands)

    def _start_clock(self) -> None:
        """Where the log is ahead of our clock (it was written by a clock that was fast), time goes on from the log."""
        self._read = self._clock()
        self._ahead = max(0.0, self._floor.now - self._read)
        if self._ahead > 1.0:
            log.warning("dispatcher.clock_behind_log", seconds=round(self._ahead, 1))

    def _now(self) -> float:
        """Return the floor's time: the clock, or what is ahead of it and runs slower until the clock has caught up."""
        now = self._clock()
        self._ahead = max(0.0, self._ahead - _SLEW * max(0.0, now - self._read))
        self._read = now
        return now + self._ahead

    async def _put_aside(self, conn: Connection, commands: list[inbox.Command], problem: Exception) -> None:
        """A command that the floor or the database cannot take must not stop the others: find it and refuse it."""
        if isinstance(problem, _Poison):
            self._poisoned.add(problem.command)
        elif len(commands) == 1:
            log.error("dispatcher.command_unacceptable", kind=commands[0].kind, command=commands[0].id)
            self._poisoned.add(commands[0].id)
        elif commands:
            self._single_steps = len(commands)
        else:
            raise problem
        self._floor, self._seq = await rebuild(conn)
        self._wake.set()

    async def _known_contacts(self, conn: Connection, commands: list[inbox.Command]) -> set[str]:
        """Contacts that arrive again although they have left the floor: repeats of a sender who heard no answer."""
        arriving = [str(c.body.get("contact")) for c in commands if c.kind == "arrive"]
        unknown = [contact for contact in arriving if contact not in self._floor.contacts]
        return await events.known_contacts(conn, unknown, self._clock() - _REPEAT_SECONDS) if unknown else set()

    def _decide(self, command: inbox.Command, now: float, facts: list[tuple[Event, str | None]]) -> list[Any]:
        """Let the floor decide; return the refusal's kind, code and details, or nothing."""
        if command.id in self._poisoned:
            return ["Invalid", "internal.error", {}]
        if command.kind not in COMMANDS:
            return ["Invalid", "command.unknown", {"kind": command.kind}]
        try:
            _SIGNATURES[command.kind].bind(self._floor, **command.body, now=now)
        except TypeError as error:
            return ["Invalid", "command.malformed", {"kind": command.kind, "error": str(error)}]
        try:
            decided = getattr(self._floor, command.kind)(**command.body, now=now)
        except Refused as refused:
            return [type(refused).__name__, refused.code, refused.details]
        except Exception as error:  # a defect: the floor may be half changed and is rebuilt
            log.exception("dispatcher.command_failed", kind=command.kind, command=command.id)
            raise _Poison(command.id) from error
        facts += ((event, command.id) for event in decided)
        return []

    # --- beside the turns ---------------------------------------------------------------------------------------

    async def _maybe_snapshot(self) -> None:
        now = self._clock()
        grown = self._seq - self._snapshot_seq
        if grown >= _SNAPSHOT_FACTS or (grown >= 200 and now - self._snapshot_at >= _SNAPSHOT_SECONDS):
            self._snapshot_seq, self._snapshot_at = self._seq, now
            state, seq = self._floor.dump(), self._seq
            async with self._db.transaction() as conn:
                await snapshots.save(conn, seq, FORMAT, state)

    async def _watch_desks(self) -> None:
        """Keep `connected` equal to the desks that some living process holds, whatever was lost on the way."""
        began = self._clock()
        while True:
            await asyncio.sleep(1.0)
            async with self._db.transaction() as conn:
                await desks.drop_dead(conn, NODE_LIMIT)
                held = await desks.connected(conn)
                await events.ensure_partitions(conn, max(self._clock(), self._floor.now))
            if self._clock() - began < NODE_LIMIT:
                continue  # after a restart the other processes need a moment to say whom they hold
            wrong = [
                inbox.Command(str(uuid7()), "", "connect" if agent.id in held else "disconnect", {"agent": agent.id})
                for agent in list(self._floor.agents.values())
                if agent.connected != (agent.id in held)
            ]
            if wrong:
                async with self._db.transaction() as conn:
                    await inbox.put(conn, wrong)


class _Poison(Exception):
    def __init__(self, command: str) -> None:
        super().__init__(command)
        self.command = command
