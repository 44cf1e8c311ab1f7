"""Sending commands to the floor from any process: one insert per turn of the sender, results by NOTIFY."""

import asyncio
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from uuid_utils import uuid7

from ..domain.errors import KINDS, Conflict, Invalid
from ..storage import inbox
from ..storage.db import Connection, Database, Unacceptable, Unavailable

log = structlog.get_logger()


@dataclass(slots=True)
class _Pending:
    command: inbox.Command
    stored: asyncio.Future[None]


class Commands:
    """The floor's letter box of one process. `run` must be running while commands are sent."""

    def __init__(self, db: Database, node: str) -> None:
        self._db = db
        self.node = node
        self._queue: list[_Pending] = []
        self._wake = asyncio.Event()
        self._results: dict[str, asyncio.Future[int]] = {}
        self.listening = asyncio.Event()

    async def send(self, kind: str, body: dict[str, Any], timeout: float = 5.0) -> int:
        """Put a command in the inbox and wait until the dispatcher has committed it; return the log's seq then.

        Raises the Refused that the floor raised, or Conflict("command.unconfirmed") after `timeout` seconds: the
        command is stored and will be carried out, only the answer is late.
        """
        command = inbox.Command(str(uuid7()), self.node, kind, body)
        result = self._expect(command.id)
        stored = asyncio.get_running_loop().create_future()
        self._queue.append(_Pending(command, stored))
        self._wake.set()
        try:
            async with asyncio.timeout(timeout):
                await stored
                return await result
        except TimeoutError:
            raise Conflict("command.unconfirmed") from None
        finally:
            self._results.pop(command.id, None)

    async def send_in(self, conn: Connection, kind: str, body: dict[str, Any]) -> str:
        """Put a command in the inbox inside the caller's transaction; await `result(id)` after it committed."""
        command = inbox.Command(str(uuid7()), self.node, kind, body)
        self._expect(command.id)
        await inbox.put(conn, [command])
        return command.id

    async def result(self, command: str, timeout: float = 5.0) -> int:
        """Wait for the outcome of a command of `send_in`; the same refusals as `send`."""
        future = self._results.get(command)
        if future is None:
            raise Conflict("command.unconfirmed")
        try:
            async with asyncio.timeout(timeout):
                return await future
        except TimeoutError:
            raise Conflict("command.unconfirmed") from None
        finally:
            self._results.pop(command, None)

    def forget(self, command: str) -> None:
        """Stop expecting the result of a command whose transaction failed or whose outcome does not matter."""
        self._results.pop(command, None)

    async def run(self) -> None:
        """Store what is queued and hear the results; for ever."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._store())
            group.create_task(self._hear())

    # --- inside -------------------------------------------------------------------------------------------------

    def _expect(self, command: str) -> asyncio.Future[int]:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._results[command] = future
        if len(self._results) > 50_000:  # results nobody asked for; the oldest go
            for old in list(self._results)[:10_000]:
                del self._results[old]
        return future

    async def _store(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            batch, self._queue = self._queue, []
            if not batch:
                continue
            try:
                await self._put(batch)
            except Unavailable as problem:
                log.warning("commands.database_away", waiting=len(batch), error=str(problem).split("\n")[0])
                self._queue = [p for p in batch if not p.stored.cancelled()] + self._queue
                await asyncio.sleep(0.1)
                self._wake.set()

    async def _put(self, batch: list[_Pending]) -> None:
        try:
            async with self._db.connection() as conn:
                await inbox.put(conn, [p.command for p in batch if not p.stored.done()])
        except (Unacceptable, TypeError):  # no column takes it, or it is no JSON: refuse it and store the others
            if len(batch) > 1:
                for pending in batch:
                    await self._put([pending])
            elif not batch[0].stored.done():
                batch[0].stored.set_exception(Invalid("command.malformed", kind=batch[0].command.kind))
            return
        for pending in batch:
            if not pending.stored.done():
                pending.stored.set_result(None)

    async def _hear(self) -> None:
        while True:
            try:
                conn = await self._db.dedicated("results")
                try:
                    await conn.execute(f"listen {inbox.result_channel(self.node)}".encode())
                    self.listening.set()
                    async for note in conn.notifies():
                        self._resolve(orjson.loads(note.payload))
                finally:
                    self.listening.clear()
                    await conn.close()
            except Unavailable as problem:
                log.warning("commands.results_away", error=str(problem).split("\n")[0])
                await asyncio.sleep(0.2)

    def _resolve(self, results: list[list[Any]]) -> None:
        for command, *outcome in results:
            future = self._results.get(command)
            if future is None or future.done():
                continue
            if len(outcome) == 1:
                future.set_result(outcome[0])
            else:
                kind, code, details = outcome
                future.set_exception(KINDS[kind](code, **details))
                future.exception()  # seen, even when nobody waits any more
