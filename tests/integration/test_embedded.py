"""The embedded PostgreSQL."""

import os
import shutil
import signal
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from teplo.storage.db import Database
from teplo.storage.embedded import Embedded, EmbeddedError

pytestmark = pytest.mark.anyio

_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST_OUTGOING = int(_RANGE.read_text().split()[0]) if _RANGE.is_file() else 32_768


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("embedded")
    for part in [path, *path.parents][:3]:
        part.chmod(0o755)
    return path


async def test_keeps_what_was_written_when_it_is_killed_and_started_again(folder: Path) -> None:
    server = Embedded(folder / "pg")
    await server.start()
    async with Database(server.url, size=2) as db, db.transaction() as conn:
        await conn.execute("create table kept (word text)")
        await conn.execute("insert into kept values ('Ёлка')")
    assert server.pid
    os.kill(server.pid, signal.SIGKILL)
    again = Embedded(folder / "pg")
    server._process.wait()
    await again.start()
    try:
        async with Database(again.url, size=2) as db, db.connection() as conn:
            cursor = await conn.execute("select lower(word) from kept")
            assert await cursor.fetchone() == ("ёлка",)
    finally:
        await again.stop()


async def test_its_port_is_none_that_an_outgoing_connection_may_get(folder: Path) -> None:
    server = Embedded(folder / "pg")
    await server.start()
    try:
        assert 1024 < (urlsplit(server.url).port or 0) < _LOWEST_OUTGOING
    finally:
        await server.stop()


async def test_a_second_start_on_the_same_folder_is_refused(folder: Path) -> None:
    server = Embedded(folder / "pg")
    await server.start()
    try:
        with pytest.raises(EmbeddedError, match="already using"):
            await Embedded(folder / "pg").start()
    finally:
        await server.stop()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives its rights away and may live where others cannot go")
async def test_starts_from_a_folder_that_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o700)
    server = Embedded(tmp_path / "closed" / "pg")
    try:
        await server.start()
        async with Database(server.url, size=2) as db, db.connection() as conn:
            assert await (await conn.execute("select 1")).fetchone() == (1,)
    finally:
        await server.stop()
        shutil.rmtree(server.folder.parent)
