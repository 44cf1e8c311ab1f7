"""Session advisory locks: held as long as their connection lives."""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from .db import Database


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
