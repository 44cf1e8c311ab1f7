"""Reading the log in order: every process follows it and keeps its own folded floor."""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from ..domain.floor import Floor
from ..storage import events
from ..storage.db import Connection, Database, Unavailable
from ..storage.events import Stored
from .recovery import rebuild

log = structlog.get_logger()

Reader = Callable[[Sequence[Stored]], None]

_BATCH = 5000
_POLL = 1.0


class LogChanged(Exception):
    """The log no longer holds what this process has read from it."""


class Feed:
    """A replica of the floor at `seq`, and the place where readers hear each fact once, in order."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._readers: list[Reader] = []
        self._wake = asyncio.Event()
        self._moved = asyncio.Condition()
        self._newest: Stored | None = None
        self.floor = Floor()
        self.seq = 0
        self.ready = asyncio.Event()

    def subscribe(self, reader: Reader) -> Callable[[], None]:
        """Call `reader` with every batch after it was folded; return the way to stop."""
        self._readers.append(reader)
        return lambda: self._readers.remove(reader)

    async def reached(self, seq: int, timeout: float = 2.0) -> bool:
        """Wait until the replica is at `seq` or further; False when that took too long."""
        if self.seq >= seq:
            return True
        try:
            async with asyncio.timeout(timeout), self._moved:
                await self._moved.wait_for(lambda: self.seq >= seq)
        except TimeoutError:
            return False
        return True

    async def run(self) -> None:
        """Follow the log; for ever. A lost connection costs a delay, never a fact."""
        while True:
            try:
                await self._follow()
            except* Unavailable as problem:
                log.warning("feed.database_away", error=str(problem.exceptions[0]).split("\n")[0])
                await asyncio.sleep(0.2)

    async def _follow(self) -> None:
        ears = await self._db.dedicated("feed")
        try:
            async with asyncio.TaskGroup() as group:
                await ears.execute(f"listen {events.CHANNEL}".encode())
                group.create_task(self._listen(ears))
                if not self.ready.is_set():
                    async with self._db.connection() as conn:
                        self.floor, self.seq = await rebuild(conn)
                    self.ready.set()
                else:
                    await self._same_log()
                while True:
                    self._wake.clear()
                    await self._read()
                    try:
                        async with asyncio.timeout(_POLL):
                            await self._wake.wait()
                    except TimeoutError:
                        pass
        finally:
            await ears.close()

    async def _same_log(self) -> None:
        """After a lost connection: what was folded must still be in the log, or the replica is of another one.

        A standby of PostgreSQL that took over may lack the last facts. Then the process ends and starts from the log.
        """
        if self._newest is None:
            return
        async with self._db.connection() as conn:
            found = await events.after(conn, self.seq - 1, 1)
        if found != [self._newest]:
            raise LogChanged(self.seq)

    async def _listen(self, ears: Connection) -> None:
        async for _ in ears.notifies():
            self._wake.set()

    async def _read(self) -> None:
        while True:
            async with self._db.connection() as conn:
                batch = await events.after(conn, self.seq, _BATCH)
            if batch:
                for _, event in batch:
                    self.floor.apply(event)
                self._newest = batch[-1]
                self.seq = self._newest[0]
                for reader in list(self._readers):
                    reader(batch)
                async with self._moved:
                    self._moved.notify_all()
            if len(batch) < _BATCH:
                return
