"""Configuration items: the row in force and the whole history of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from . import people
from .db import Connection


@dataclass(frozen=True, slots=True)
class Item:
    """One version of one item. `active` is False after it was removed; `changed_at` is POSIX seconds.

    `comment`: what the person who made this version said of it.
    """

    kind: str
    id: str
    version: int
    active: bool
    body: dict[str, Any]
    changed_at: float
    changed_by: str | None
    comment: str = ""


_COLUMNS = "kind, id, version, active, body, extract(epoch from changed_at)::float8 as changed_at, changed_by, comment"


async def lock(conn: Connection) -> None:
    """Let one transaction at a time change the configuration; readers are not held up."""
    await conn.execute("lock table config_item in share row exclusive mode")


async def one(conn: Connection, kind: str, id: str) -> Item | None:
    """Return the item in force (or removed last), or None if there never was one."""
    async with conn.cursor(row_factory=class_row(Item)) as cursor:
        await cursor.execute(
            f"select {_COLUMNS} from config_item where kind = %s and id = %s".encode(),
            (kind, id),
        )
        return await cursor.fetchone()


async def items(conn: Connection, kinds: Iterable[str], *, removed: bool = False) -> list[Item]:
    """Return the items of these kinds by kind and id; with `removed` also those that are no longer in force."""
    async with conn.cursor(row_factory=class_row(Item)) as cursor:
        await cursor.execute(
            f"select {_COLUMNS} from config_item where kind = any(%s) and (active or %s)"
            ' order by kind, id collate "C"'.encode(),
            (list(kinds), removed),
        )
        return await cursor.fetchall()


REVISION: LiteralString = "(select coalesce(sum(version), 0)::bigint from config_item where kind = any(%s))"
"""A number that grows with every change of an item of these kinds: versions only rise, and no item is forgotten."""


async def revision(conn: Connection, kinds: Iterable[str]) -> int:
    """Return the revision of these kinds."""
    row = await (await conn.execute(f"select {REVISION}", (list(kinds),))).fetchone()
    assert row is not None
    return int(row[0])


async def history(conn: Connection, kind: str, id: str, limit: int = 200) -> list[Item]:
    """Return the versions of one item, newest first."""
    async with conn.cursor(row_factory=class_row(Item)) as cursor:
        await cursor.execute(
            f"select {_COLUMNS} from config_history where kind = %s and id = %s"
            " order by version desc limit %s".encode(),
            (kind, id, limit),
        )
        return await cursor.fetchall()


async def at_version(conn: Connection, kind: str, id: str, version: int) -> Item | None:
    """Return an item as it was in one version, or None."""
    async with conn.cursor(row_factory=class_row(Item)) as cursor:
        await cursor.execute(
            f"select {_COLUMNS} from config_history where kind = %s and id = %s and version = %s".encode(),
            (kind, id, version),
        )
        return await cursor.fetchone()


async def save(conn: Connection, changes: Iterable[Item]) -> None:
    """Store new versions and their history; who knows the sessions of changed people hears of it at commit."""
    rows = [
        {
            "kind": c.kind,
            "id": c.id,
            "version": c.version,
            "active": c.active,
            "body": c.body,
            "changed_at": c.changed_at,
            "changed_by": c.changed_by,
            "comment": c.comment,
        }
        for c in changes
    ]
    await conn.execute(
        "with given as (select kind, id, version, body, active, to_timestamp(changed_at) as changed_at, changed_by,"
        " comment from jsonb_to_recordset(%s) as x(kind text, id text, version int, body jsonb, active boolean,"
        " changed_at float8, changed_by uuid, comment text)),"
        " past as (insert into config_history (kind, id, version, body, active, changed_at, changed_by, comment)"
        " select kind, id, version, body, active, changed_at, changed_by, comment from given),"
        " present as (insert into config_item (kind, id, version, body, active, changed_at, changed_by, comment)"
        " select kind, id, version, body, active, changed_at, changed_by, comment from given"
        " on conflict (kind, id) do update set version = excluded.version, body = excluded.body,"
        " active = excluded.active, changed_at = excluded.changed_at, changed_by = excluded.changed_by,"
        " comment = excluded.comment)"
        " select pg_notify(%s, id) from given where kind = 'person'",
        (Jsonb(rows), people.CHANNEL),
    )


async def region_of_number(conn: Connection, number: str) -> str | None:
    """Return the region of the number range with the longest prefix of this number (E.164), None if there is none."""
    prefixes = [number[:end] for end in range(len(number), 1, -1)]
    row = await (
        await conn.execute(
            "select body->>'region' from config_item where kind = 'number_range' and active"
            " and body->>'prefix' = any(%s) order by length(body->>'prefix') desc limit 1",
            (prefixes,),
        )
    ).fetchone()
    return row[0] if row else None


async def zone_of_region(conn: Connection, region: str | None) -> str | None:
    """Return the time zone of a region, None where it is not known."""
    found = await one(conn, "region", region) if region else None
    return found.body.get("zone") if found else None


async def queue_in_use(conn: Connection, queue: str) -> bool:
    """Tell whether contacts that are not over yet belong to the queue."""
    cursor = await conn.execute("select exists (select from contact where state <> 'ended' and queue = %s)", (queue,))
    row = await cursor.fetchone()
    return row is not None and bool(row[0])
