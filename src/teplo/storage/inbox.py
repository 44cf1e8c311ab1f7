"""Commands on their way: written by anyone, consumed by the addressee in the transaction that acts on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from psycopg.rows import args_row

from .db import Connection

FLOOR = "floor"
CHANNEL = "inbox"
RESULT_LIMIT = 7000
"""Bytes of one NOTIFY payload; the server takes less than 8 000."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command to the floor: `kind` names the method of the floor, `body` its arguments without `now`."""

    id: str
    sender: str
    kind: str
    body: dict[str, Any]


async def put(conn: Connection, commands: Sequence[Command], recipient: str = FLOOR) -> None:
    """Store commands in order and wake the addressee when the transaction commits. A known id is left alone."""
    rows = [{"id": c.id, "sender": c.sender, "kind": c.kind, "body": c.body} for c in commands]
    await conn.execute(
        "with stored as (insert into inbox (recipient, id, sender, kind, body) "
        "select %(to)s, id, sender, kind, body from json_to_recordset(%(rows)s::json) "
        "as x(id uuid, sender text, kind text, body jsonb) "
        "on conflict (id) do nothing) select pg_notify(%(channel)s, %(to)s)",
        {"to": recipient, "rows": orjson.dumps(rows).decode(), "channel": CHANNEL},
    )


async def take(conn: Connection, limit: int, recipient: str = FLOOR) -> list[Command]:
    """Remove the oldest commands and return them; they come back if the transaction fails."""
    async with conn.cursor(row_factory=args_row(_command)) as cursor:
        await cursor.execute(
            "delete from inbox where seq in (select seq from inbox where recipient = %s order by seq limit %s) "
            "returning seq, id, sender, kind, body",
            (recipient, limit),
        )
        rows = await cursor.fetchall()
    rows.sort(key=lambda pair: pair[0])
    return [command for _, command in rows]


def _command(seq: int, id: str, sender: str, kind: str, body: dict[str, Any]) -> tuple[int, Command]:
    return seq, Command(id, sender, kind, body)


async def answer(conn: Connection, sender: str, results: Sequence[list[Any]]) -> None:
    """Tell a sender how its commands ended: [id, seq] or [id, kind, code, details]; split to fit the payload limit."""
    chunk: list[bytes] = []
    size = 2
    for result in results:
        encoded = orjson.dumps(result)
        if len(encoded) > RESULT_LIMIT:
            encoded = orjson.dumps([*result[:3], {}])
        if chunk and size + len(encoded) + 1 > RESULT_LIMIT:
            await _notify(conn, sender, chunk)
            chunk, size = [], 2
        chunk.append(encoded)
        size += len(encoded) + 1
    if chunk:
        await _notify(conn, sender, chunk)


def result_channel(sender: str) -> str:
    """Name of the NOTIFY channel on which a sender hears its results."""
    return f"result_{sender.replace('-', '')}"


async def _notify(conn: Connection, sender: str, chunk: list[bytes]) -> None:
    await conn.execute("select pg_notify(%s, %s)", (result_channel(sender), (b"[" + b",".join(chunk) + b"]").decode()))
