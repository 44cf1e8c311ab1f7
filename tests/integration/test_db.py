"""The pool of connections."""

import asyncio

import pytest

from teplo.storage.db import Database

pytestmark = pytest.mark.anyio


async def test_a_wait_that_is_cancelled_as_it_ends_is_cancelled_all_the_same(database_url: str) -> None:
    """At any turn of the event loop between the return of a connection and its arrival."""
    served = cancelled = 0

    async def waiter(db: Database) -> None:
        nonlocal served
        async with db.connection() as conn:
            served += 1
            await asyncio.Event().wait()
            await conn.execute("select 1")

    async with Database(database_url, size=1) as db, asyncio.TaskGroup() as group:
        for turns in range(12):
            async with db.connection():
                waiting = group.create_task(waiter(db))
                while db._pool.get_stats().get("requests_waiting", 0) == 0:
                    await asyncio.sleep(0)
            for _ in range(turns):
                await asyncio.sleep(0)
            waiting.cancel()
            _, late = await asyncio.wait({waiting}, timeout=5)
            assert not late, f"the wait took no notice, {turns} turns after the connection was given back"
            cancelled += waiting.cancelled()
            async with asyncio.timeout(5), db.connection() as conn:  # nothing of it is held
                await conn.execute("select 1")
    assert cancelled == 12 and 0 < served < 12
