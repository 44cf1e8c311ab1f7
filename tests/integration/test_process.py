"""One process as a whole: half a server is worse than one that is started again."""

import asyncio
import gc
import os
import subprocess
import sys
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import psycopg
import pytest

from teplo.run import LoopEnded, services
from teplo.services.dispatch import NODE_LIMIT
from teplo.services.live import LiveHub
from teplo.settings import Settings
from teplo.storage.ports import free_port

pytestmark = pytest.mark.anyio


async def test_a_loop_that_fails_ends_everything_at_once(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = asyncio.Event()

    async def breaks(hub: LiveHub) -> None:
        await broken.wait()
        raise KeyError("a defect")

    monkeypatch.setattr(LiveHub, "run", breaks)
    with pytest.raises(ExceptionGroup) as ended:
        async with asyncio.timeout(20), services(Settings(), database_url):
            broken.set()
            await asyncio.get_running_loop().create_future()
    assert ended.group_contains(KeyError)
    # A connection that was cut off while it signed in keeps the database for a minute, unless its socket is closed.
    del ended
    gc.collect()


async def test_requests_that_hold_all_their_connections_cost_neither_the_lease_nor_a_desk(database_url: str) -> None:
    settings = Settings()
    async with (
        services(settings, database_url) as made,
        services(settings, database_url) as standby,
        await psycopg.AsyncConnection.connect(database_url, autocommit=True) as conn,
        AsyncExitStack() as held,
    ):

        async def epoch_and_nodes() -> tuple[int, set[str]]:
            lease = await (await conn.execute("select epoch from lease where name = 'floor'")).fetchone()
            nodes = await (await conn.execute("select id from node")).fetchall()
            assert lease is not None
            return lease[0], {str(row[0]) for row in nodes}

        async with asyncio.timeout(10):
            while not made.dispatcher.leading or len((await epoch_and_nodes())[1]) < 2:
                await asyncio.sleep(0.05)
        before = await epoch_and_nodes()
        for _ in range(settings.database_connections):
            await held.enter_async_context(made.db.connection())
        await asyncio.sleep(NODE_LIMIT + 2)
        assert await epoch_and_nodes() == before
        assert made.dispatcher.leading and not standby.dispatcher.leading


async def test_a_loop_that_ends_by_itself_is_a_failure(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def returns(hub: LiveHub) -> None:
        return None

    monkeypatch.setattr(LiveHub, "run", returns)
    with pytest.raises(ExceptionGroup) as ended:
        async with asyncio.timeout(20), services(Settings(), database_url):
            await asyncio.get_running_loop().create_future()
    assert ended.group_contains(LoopEnded)


async def test_a_loop_that_loses_the_word_to_end_is_told_again(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    running = asyncio.Event()

    async def misses_the_first(hub: LiveHub) -> None:
        running.set()
        with suppress(asyncio.CancelledError):
            await asyncio.get_running_loop().create_future()
        await asyncio.get_running_loop().create_future()

    monkeypatch.setattr(LiveHub, "run", misses_the_first)
    async with asyncio.timeout(20), services(Settings(), database_url):
        await running.wait()


_PROGRAM = """
import asyncio, teplo.services.live as live
async def breaks(hub):
    await asyncio.sleep(1)
    raise KeyError("a defect")
live.LiveHub.run = breaks
from teplo.cli import main
main(["serve"])
"""


def test_the_process_is_gone_and_its_log_says_why(database_url: str, tmp_path: Path) -> None:
    env = {**os.environ, "TEPLO_DATABASE_URL": database_url, "TEPLO_HTTP_PORT": str(free_port())}
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert "serve.loop_failed" in done.stderr and "a defect" in done.stderr
