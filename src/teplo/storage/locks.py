"""Advisory locks: of a session, held as long as its connection lives, or of a transaction."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

from .db import Connection, Database

CALLS_OUT: Final = 7401003
CALLS_BACK: Final = 7401004
"""Numbers of the locks under which calls are counted against their limits."""


async def one_at_a_time(conn: Connection, lock: int) -> None:
    """Wait until no other transaction holds this lock, and hold it to the end of this one."""
    await conn.execute("select pg_advisory_xact_lock(%s)", (lock,))


@asynccontextmanager
async def hold_lock(db: Database, name: str) -> AsyncIterator[Callable[[], Coroutine[Any, Any, None]]]:
    """Wait for the lock called `name`, hold it inside; yields a coroutine function that raises when it is lost."""
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
    conn = await db.dedicated(f"lock:{name}")
    try:
        while True:
            row = await (await conn.execute("select pg_try_advisory_lock(%s)", (key,))).fetchone()
            if row and row[0]:
                break
            await asyncio.sleep(1.0)

        async def lost() -> None:
            while True:
                await asyncio.sleep(2.0)
                await conn.execute("select 1")

        yield lost
    finally:
        await conn.close()
