"""The embedded PostgreSQL."""

import os
import signal
from pathlib import Path

import pytest

from teplo.storage.db import Database
from teplo.storage.embedded import Embedded, EmbeddedError

pytestmark = pytest.mark.anyio


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


async def test_a_second_start_on_the_same_folder_is_refused(folder: Path) -> None:
    server = Embedded(folder / "pg")
    await server.start()
    try:
        with pytest.raises(EmbeddedError, match="already using"):
            await Embedded(folder / "pg").start()
    finally:
        await server.stop()
