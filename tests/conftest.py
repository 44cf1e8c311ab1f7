"""Shared fixtures: one real PostgreSQL for the whole run, one cloned database for each test."""

import asyncio
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from teplo.storage.db import Database
from teplo.storage.embedded import Embedded
from teplo.storage.migrate import migrate

_numbers = itertools.count(1)

_HURRIED = (
    # Each cloned database costs several checkpoints. What must survive a kill has servers of its own.
    "fsync = off",
    # A database is dropped only when every background process has taken note, and one that sleeps may do so only when
    # it wakes: the launcher of autovacuum after a minute, the writer after 50 delays, the writer of the log after 25.
    "autovacuum = off",
    "bgwriter_delay = '10ms'",
    "wal_writer_delay = '10ms'",
)


_MEMORY = Path("/dev/shm")
_ROOM = 2 << 30


def _memory() -> Path | None:
    """Where files cost no disk, if there is room for the servers of all workers; else the usual place.

    A database is 500 files. ext4 uses the inode of a deleted file again only after minutes, and looks at each such
    inode for each new file: a database cost 0.4 s of the processor, in memory it costs 0.05 s.
    What a killed run has left there is taken away.
    """
    for left in _MEMORY.glob("teplo-test-*-*"):
        if not Path(f"/proc/{left.name.split('-')[2]}").exists():
            shutil.rmtree(left, ignore_errors=True)
    if not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM:
        return None
    return _MEMORY


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a server whose database `template_teplo` is migrated; ends with the database's name."""
    given = os.environ.get("TEPLO_TEST_DATABASE_URL")
    if given:
        yield given
        return
    with tempfile.TemporaryDirectory(prefix=f"teplo-test-{os.getpid()}-", dir=_memory()) as folder:
        Path(folder).chmod(0o755)
        server = Embedded(Path(folder) / "pg")
        asyncio.run(server.start())
        try:
            with psycopg.connect(server.url, autocommit=True) as conn:
                for setting in _HURRIED:
                    conn.execute(f"alter system set {setting}")
                conn.execute("select pg_reload_conf()")
            yield server.url
        finally:
            asyncio.run(server.stop())


@pytest.fixture(scope="session")
def template(postgres: str) -> str:
    """Make the migrated template database once."""
    base = postgres.rsplit("/", 1)[0]
    with psycopg.connect(postgres, autocommit=True) as conn:
        conn.execute("drop database if exists template_teplo")
        conn.execute("create database template_teplo")

    async def prepare() -> None:
        async with Database(f"{base}/template_teplo", size=2) as db:
            await migrate(db)

    asyncio.run(prepare())
    return base


@pytest.fixture
def database_url(template: str) -> Iterator[str]:
    """Address of a fresh migrated database of its own."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(f"{template}/postgres", autocommit=True) as conn:
        conn.execute(f"create database {name} template template_teplo strategy file_copy")
    yield f"{template}/{name}"
    with psycopg.connect(f"{template}/postgres", autocommit=True) as conn:
        conn.execute(f"drop database if exists {name} with (force)")


@pytest.fixture
async def db(database_url: str) -> AsyncIterator[Database]:
    """An open pool on a fresh migrated database."""
    async with Database(database_url, size=4) as opened:
        yield opened
