"""The event log: append by the one writer, read by everybody in order of `seq`."""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from psycopg.rows import args_row

from ..domain.events import BY_KIND, Event
from .db import Connection

Stored = tuple[int, Event]
"""`seq` and the fact."""

CHANNEL = "event"
"""NOTIFY channel; the payload is the last seq of the turn."""

_APPEND = """
with stored as (
    insert into event (seq, at, kind, contact, agent, cause, body)
    select seq, to_timestamp(at), kind, contact, agent, cause, body
    from json_to_recordset(%s::json)
        as x(seq bigint, at float8, kind text, contact uuid, agent uuid, cause uuid, body jsonb)
)
select pg_notify(%s, %s)
"""
_COLUMNS = "seq, extract(epoch from at)::float8, kind, contact, agent, body"


async def append(conn: Connection, first: int, events: Iterable[tuple[Event, str | None]]) -> int:
    """Append facts with their causes, numbered from `first`; wake the readers; return the next free seq."""
    rows: list[dict[str, Any]] = []
    seq = first
    for event, cause in events:
        rows.append(
            {
                "seq": seq,
                "at": event.at,
                "kind": event.KIND,
                "contact": getattr(event, "contact", None),
                "agent": getattr(event, "agent", None),
                "cause": cause,
                "body": event.body(),
            }
        )
        seq += 1
    if rows:
        await conn.execute(_APPEND, (orjson.dumps(rows).decode(), CHANNEL, str(seq - 1)))
    return seq


def _restore(seq: int, at: float, kind: str, contact: str | None, agent: str | None, body: dict[str, Any]) -> Stored:
    return seq, BY_KIND[kind].restore(at, contact, agent, body)


async def last_seq(conn: Connection) -> int:
    """Return the highest stored seq; 0 when the log is empty."""
    cursor = await conn.execute("select coalesce(max(seq), 0) from event")
    row = await cursor.fetchone()
    assert row is not None
    return int(row[0])


async def after(conn: Connection, seq: int, limit: int = 5000) -> list[Stored]:
    """Return the facts that follow `seq`, oldest first."""
    async with conn.cursor(row_factory=args_row(_restore)) as cursor:
        await cursor.execute(f"select {_COLUMNS} from event where seq > %s order by seq limit %s", (seq, limit))
        return await cursor.fetchall()


async def of_contact(conn: Connection, contact: str) -> list[Stored]:
    """Return everything that happened to one contact, in order."""
    async with conn.cursor(row_factory=args_row(_restore)) as cursor:
        await cursor.execute(f"select {_COLUMNS} from event where contact = %s order by seq", (contact,))
        return await cursor.fetchall()


async def known_contacts(conn: Connection, contacts: Iterable[str], since: float) -> set[str]:
    """Return those of the contacts that something was written about since that instant; malformed ids are not known."""
    cursor = await conn.execute(
        "select c.id from unnest(%s::uuid[]) as c(id) cross join lateral "
        "(select from event e where e.contact = c.id and e.at >= to_timestamp(%s) order by e.seq limit 1) as found",
        ([contact for contact in contacts if _is_uuid(contact)], since),
    )
    return {row[0] for row in await cursor.fetchall()}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


async def between(conn: Connection, start: float, end: float, batch: int = 5000) -> AsyncIterator[list[Stored]]:
    """Yield the facts with start <= at < end (POSIX seconds) in batches, in order of `seq`."""
    cursor = await conn.execute(
        "select min(seq), max(seq) from event where at >= to_timestamp(%s) and at < to_timestamp(%s)", (start, end)
    )
    row = await cursor.fetchone()
    assert row is not None
    if row[0] is None:
        return
    seq, last = int(row[0]) - 1, int(row[1])
    while seq < last:
        async with conn.cursor(row_factory=args_row(_restore)) as rows:
            await rows.execute(
                f"select {_COLUMNS} from event where seq > %s and seq <= %s order by seq limit %s", (seq, last, batch)
            )
            found = await rows.fetchall()
        if not found:
            return
        yield found
        seq = found[-1][0]


async def ensure_partitions(conn: Connection, now: float, months: int = 3) -> None:
    """Create the log's partitions for this month and the next ones.

    A month of which facts lie in the default partition (a clock was wrong) stays there: PostgreSQL would refuse it.
    """
    first = datetime.fromtimestamp(now, UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for _ in range(months):
        following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
        name = f"event_{first:%Y_%m}"
        cursor = await conn.execute(
            "select to_regclass(%s) is null and not exists (select from event_default where at >= %s and at < %s)",
            (name, first, following),
        )
        row = await cursor.fetchone()
        if row and row[0]:
            await conn.execute(
                f"create table if not exists {name} partition of event "
                f"for values from ('{first.isoformat()}') to ('{following.isoformat()}')".encode()
            )
        first = following


async def offer_reasons(conn: Connection, contacts: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return the explanation of the newest offer of each contact."""
    cursor = await conn.execute(
        "select distinct on (contact) contact, body -> 'why' from event "
        "where contact = any(%s::uuid[]) and kind = 'contact.offered' order by contact, seq desc",
        (list(contacts),),
    )
    return dict(await cursor.fetchall())
