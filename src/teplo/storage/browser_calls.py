"""Calls from browsers of the operator's site: which worker carries them, and the words between worker and page."""

from dataclasses import dataclass
from typing import Any, LiteralString

import orjson

from .db import Connection

CHANNEL = "caller"
"""NOTIFY channel on which voice workers speak to callers' pages: {"call", "signal"}."""

TRUNK = "browser"
"""Stands where other calls have the trunk."""


@dataclass(frozen=True, slots=True)
class BrowserCall:
    """One call. `number` is what the visitor gave, unverified; `carried`: a living worker has it and it is not over."""

    id: str
    node: str
    entry: str
    called: str
    number: str | None
    subscriber: str | None
    region: str | None
    language: str
    thread: str | None
    carried: bool
    end_reason: str | None


_CALL: LiteralString = """select c.id, c.node, c.entry, c.called, c.number, c.subscriber, c.region, c.language,
    c.thread, c.ended_at is null and exists (select from voice_node n where n.id = c.node), c.end_reason from call c"""


async def by_token(conn: Connection, token_hash: bytes) -> BrowserCall | None:
    """Find the call of a page; also one that is over."""
    row = await (await conn.execute(_CALL + " where c.token_hash = %s", (token_hash,))).fetchone()
    return BrowserCall(*row) if row else None


async def get(conn: Connection, id: str) -> BrowserCall | None:
    """Find a call from a browser."""
    row = await (await conn.execute(_CALL + " where c.id = %s and c.entry is not null", (id,))).fetchone()
    return BrowserCall(*row) if row else None


async def running(conn: Connection) -> int:
    """Count the calls from browsers that are not over."""
    row = await (
        await conn.execute("select count(*) from call where ended_at is null and entry is not null")
    ).fetchone()
    return int(row[0]) if row else 0


async def begin(
    conn: Connection,
    *,
    id: str,
    node: str,
    entry: str,
    called: str,
    number: str | None,
    subscriber: str | None,
    region: str | None,
    language: str,
    thread: str | None,
    token_hash: bytes,
) -> bool:
    """Write a call down; False when this token has one already."""
    cursor = await conn.execute(
        """insert into call (id, node, trunk, entry, called, number, subscriber, region, language, thread, token_hash)
           values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict (token_hash) do nothing""",
        (id, node, TRUNK, entry, called, number, subscriber, region, language, thread, token_hash),
    )
    return cursor.rowcount == 1


async def tell(conn: Connection, call: str, signal: dict[str, Any]) -> None:
    """Send a signal to the page of a caller. The payload must stay below NOTIFY's 8 000 bytes."""
    payload = orjson.dumps({"call": call, "signal": signal}).decode()
    await conn.execute("select pg_notify(%s, %s)", (CHANNEL, payload))


async def threads_of(conn: Connection, contacts: list[str]) -> set[str]:
    """Return the chats of those who call in these contacts."""
    if not contacts:
        return set()
    rows = await conn.execute(
        "select thread from call where contact = any(%s::uuid[]) and thread is not null", (contacts,)
    )
    return {row[0] for row in await rows.fetchall()}


async def is_from_page(conn: Connection, contact: str) -> bool:
    """Whether a contact is a call from a browser: its number is only what the visitor gave."""
    row = await (
        await conn.execute(
            "select exists (select from call where contact = %s::uuid and entry is not null)", (contact,)
        )
    ).fetchone()
    return bool(row and row[0])
