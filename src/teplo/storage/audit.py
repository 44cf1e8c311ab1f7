"""Who looked at or changed what: ids and field names, never personal data."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from .db import Connection


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the audit; `person` None means the system or somebody unknown. `at` is POSIX seconds."""

    seq: int
    at: float
    person: str | None
    action: str
    object_kind: str
    object_id: str | None
    details: dict[str, Any]


async def add(
    conn: Connection,
    person: str | None,
    action: str,
    object_kind: str,
    object_id: str | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Write one line."""
    await conn.execute(
        "insert into audit (person, action, object_kind, object_id, details) values (%s, %s, %s, %s, %s)",
        (person, action, object_kind, object_id, Jsonb(details or {})),
    )


async def add_many(
    conn: Connection, person: str | None, action: str, objects: Iterable[tuple[str, str]], details: dict[str, Any]
) -> None:
    """Write one line for each object (kind, id)."""
    given = list(objects)
    await conn.execute(
        "insert into audit (person, action, object_kind, object_id, details)"
        " select %s, %s, kind, id, %s from unnest(%s::text[], %s::text[]) as given(kind, id)",
        (person, action, Jsonb(details), [kind for kind, _ in given], [id for _, id in given]),
    )


async def page(
    conn: Connection,
    *,
    before: int | None,
    limit: int,
    person: str | None = None,
    action: str | None = None,
    object_kind: str | None = None,
    object_id: str | None = None,
) -> list[Entry]:
    """Return lines older than `before`, newest first, that match what is given."""
    # Only the conditions that are asked for: "is null or ..." would keep a stored plan away from the indexes.
    wanted = {
        "seq < %(before)s": before,
        "person = %(person)s": person,
        "action = %(action)s": action,
        "object_kind = %(kind)s": object_kind,
        "object_id = %(id)s": object_id,
    }
    where = " and ".join([clause for clause, value in wanted.items() if value is not None] or ["true"])
    async with conn.cursor(row_factory=class_row(Entry)) as cursor:
        await cursor.execute(
            "select seq, extract(epoch from at)::float8 as at, person, action, object_kind, object_id, details"
            f" from audit where {where} order by seq desc limit %(limit)s".encode(),
            {
                "before": before,
                "person": person,
                "action": action,
                "kind": object_kind,
                "id": object_id,
                "limit": limit,
            },
        )
        return await cursor.fetchall()
