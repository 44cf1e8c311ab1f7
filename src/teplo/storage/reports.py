"""Reading the log for figures: only the facts that count, from the state at the beginning of a period on."""

from collections.abc import Collection
from typing import Any

from psycopg.rows import args_row

from ..domain.events import BY_KIND
from .db import Connection
from .events import Stored

_MARGIN = 1000
"""A wrap-up begins one fact after the end: contacts that ended so shortly before are read too, which harms nothing."""

# The explanation of an offer is the greater part of the log and counts for nothing.
_COLUMNS = (
    "e.seq, extract(epoch from e.at)::float8, e.kind, e.contact, e.agent,"
    " case e.kind when 'contact.offered' then e.body || '{\"why\": {}}' else e.body end"
)


def _stored(seq: int, at: float, kind: str, contact: str | None, agent: str | None, body: dict[str, Any]) -> Stored:
    return seq, BY_KIND[kind].restore(at, contact, agent, body)


async def first_seq(conn: Connection, instant: float) -> int:
    """Return the seq of the first fact at or after the instant (POSIX seconds); one past the last if there is none.

    The log is in order of time, so halving finds it in some twenty steps whatever its size.
    """
    row = await (
        await conn.execute(
            "select coalesce((select seq from event order by seq limit 1), 1),"
            " coalesce((select seq from event order by seq desc limit 1), 0) + 1"
        )
    ).fetchone()
    assert row is not None
    low, high = int(row[0]), int(row[1])
    while low < high:
        middle = (low + high) // 2
        found = await (
            await conn.execute(
                "select seq, at >= to_timestamp(%s) from event where seq >= %s order by seq limit 1", (instant, middle)
            )
        ).fetchone()
        assert found is not None
        if found[1]:
            high = middle
        else:
            low = int(found[0]) + 1
    return low


async def projected_seq(conn: Connection, name: str) -> int:
    """Return how far the contact record has followed the log."""
    row = await (await conn.execute("select seq from reader_cursor where name = %s", (name,))).fetchone()
    return int(row[0]) if row else 0


async def facts(conn: Connection, first: int, end: int, kinds: Collection[str]) -> list[Stored]:
    """Return the facts of these kinds with first <= seq < end, in order."""
    async with conn.cursor(row_factory=args_row(_stored)) as cursor:
        await cursor.execute(
            f"select {_COLUMNS} from event e"
            " where e.seq >= %s and e.seq < %s and e.kind = any(%s) order by e.seq".encode(),
            (first, end, list(kinds)),
        )
        return await cursor.fetchall()


async def state_before(conn: Connection, seq: int, kinds: Collection[str]) -> list[Stored]:
    """Return the facts before `seq` that still matter at it, in order.

    The newest definition of each queue, the newest presence of each agent, everything about contacts not yet done.
    The contact record must have followed the log up to `seq`.
    """
    async with conn.cursor(row_factory=args_row(_stored)) as cursor:
        await cursor.execute(
            f"select distinct on (e.body->'queue'->>'id') {_COLUMNS} from event e"
            " where e.kind = 'queue.configured' and e.seq < %s order by e.body->'queue'->>'id', e.seq desc".encode(),
            (seq,),
        )
        found = await cursor.fetchall()
        await cursor.execute(
            "with recursive known(agent) as ("
            " (select agent from event where agent is not null order by agent limit 1) union all"
            " select (select agent from event where agent > known.agent order by agent limit 1)"
            "  from known where known.agent is not null)"
            f" select {_COLUMNS} from known cross join lateral (select * from event where agent = known.agent"
            "  and kind = 'agent.presence' and seq < %s order by seq desc limit 1) e".encode(),
            (seq,),
        )
        found += await cursor.fetchall()
        await cursor.execute(
            f"select {_COLUMNS} from contact c join event e on e.contact = c.id and e.seq < %(seq)s"
            " where c.arrived_seq < %(seq)s and (c.done_seq is null or c.done_seq >= %(seq)s - %(margin)s)"
            " and e.kind = any(%(kinds)s)".encode(),
            {"seq": seq, "margin": _MARGIN, "kinds": list(kinds)},
        )
        found += await cursor.fetchall()
    return sorted(found, key=lambda stored: stored[0])
