"""Numbered SQL files, forward only, each applied once in its own transaction under one advisory lock."""

from importlib import resources

from ..domain.errors import Conflict
from .db import Connection, Database

_LOCK = 7_401_001


def available() -> list[tuple[int, str, str]]:
    """List the shipped migrations as (number, name, sql), in order."""
    found = []
    for entry in resources.files("teplo.storage").joinpath("migrations").iterdir():
        if entry.name.endswith(".sql"):
            found.append((int(entry.name.split("_", 1)[0]), entry.name, entry.read_text(encoding="utf-8")))
    return sorted(found)


async def migrate(db: Database) -> list[str]:
    """Bring the database to the newest version; return the names of what was applied.

    Raises Conflict("database.newer") and changes nothing when the database was made by a newer version of Teplo.
    """
    applied: list[str] = []
    shipped = available()
    async with db.transaction() as conn:
        await conn.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
        await conn.execute(
            "create table if not exists migration ("
            " number int primary key, name text not null, applied_at timestamptz not null default clock_timestamp())"
        )
        done = await _done(conn)
        newest = max((number for number, _, _ in shipped), default=0)
        if done and max(done) > newest:
            raise Conflict("database.newer", database=max(done), program=newest)
        for number, name, sql in shipped:
            if number not in done:
                await conn.execute(sql.encode())
                await conn.execute("insert into migration (number, name) values (%s, %s)", (number, name))
                applied.append(name)
    return applied


async def require_current(conn: Connection) -> None:
    """Refuse a database of another version: Conflict("database.newer"), Conflict("database.older"). Changes nothing."""
    cursor = await conn.execute("select to_regclass('migration') is not null")
    row = await cursor.fetchone()
    done = await _done(conn) if row and row[0] else set()
    shipped = {number for number, _, _ in available()}
    if done - shipped:
        raise Conflict("database.newer", database=max(done), program=max(shipped))
    if shipped - done:
        raise Conflict("database.older", database=max(done, default=0), program=max(shipped))


async def _done(conn: Connection) -> set[int]:
    cursor = await conn.execute("select number from migration")
    return {row[0] for row in await cursor.fetchall()}
