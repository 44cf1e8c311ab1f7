"""The pool of connections."""

import asyncio
from urllib.parse import urlsplit

import pytest
from tests.reliability.proxy import Proxy

from teplo.storage.db import Database, Unavailable

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


async def test_a_use_that_gets_no_answer_is_broken_off_and_the_next_one_is_served(database_url: str) -> None:
    """Also where the answer is lost on the way: a query that is cancelled waits for an answer to that, too."""
    known = urlsplit(database_url).netloc.rpartition("@")[2]
    async with Proxy(database_url) as network:
        url = database_url.replace(known, urlsplit(network.address).netloc)
        async with Database(url, size=1, longest=0.5) as db, asyncio.timeout(60):
            with pytest.raises(Unavailable):
                async with db.transaction() as conn:
                    await conn.execute("select pg_sleep(1000)")
            network.lose_answer_to(b"select 11")
            with pytest.raises(TimeoutError):
                async with db.connection() as conn, asyncio.timeout(0.1):
                    await conn.execute("select 11")
            assert network.lost == 1
            async with db.connection() as conn:
                assert await (await conn.execute("select 12")).fetchone() == (12,)
