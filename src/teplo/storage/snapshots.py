"""The folded floor, stored now and then: a cache for a quick start, never the truth."""

from typing import Any

import orjson

from .db import Connection

_KEEP = 3


async def save(conn: Connection, seq: int, form: str, state: dict[str, Any]) -> None:
    """Store the floor as it is after `seq`; old snapshots go."""
    await conn.execute(
        "insert into floor_snapshot (seq, format, state) values (%s, %s, %s) on conflict (seq) do nothing",
        (seq, form, orjson.dumps(state)),
    )
    await conn.execute(
        "delete from floor_snapshot where seq not in (select seq from floor_snapshot order by seq desc limit %s)",
        (_KEEP,),
    )


async def newest(conn: Connection, form: str) -> tuple[int, dict[str, Any]] | None:
    """Return (seq, state) of the newest snapshot of this format."""
    cursor = await conn.execute(
        "select seq, state from floor_snapshot where format = %s order by seq desc limit 1", (form,)
    )
    row = await cursor.fetchone()
    return (int(row[0]), orjson.loads(row[1])) if row else None
