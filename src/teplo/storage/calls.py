"""Telephone calls: which voice worker carries which contact, and who is calling."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, LiteralString

import orjson

from . import config
from .db import Connection

DESK_CHANNEL = "desk_call"
"""NOTIFY channel on which voice workers speak to the desks: {"agent", "contact", "tab", "signal"}."""


def recipient(node: str) -> str:
    """Name of a voice worker in the inbox."""
    return f"voice:{node}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the call of a contact is carried. `number` is personal data: for the agent who has the contact only."""

    contact: str
    call: str
    node: str
    trunk: str
    number: str | None
    name: str | None
    language: str
    region: str | None


_PLACE: LiteralString = """select c.contact, c.id, c.node, c.trunk, c.number, s.name, c.language, c.region
    from call c left join subscriber s on s.id = c.subscriber"""

_NEWEST: LiteralString = " where c.contact = %s and c.ended_at is null order by c.started_at desc limit 1"


async def place(conn: Connection, contact: str) -> Place | None:
    """Find the running call of a contact; None when it is over or no call."""
    row = await (await conn.execute(_PLACE + _NEWEST, (contact,))).fetchone()
    return Place(*row) if row else None


async def places(conn: Connection, contacts: Iterable[str]) -> dict[str, Place]:
    """Find the calls of these contacts, also those that are over; a contact that is no call is absent."""
    rows = await conn.execute(_PLACE + " where c.contact = any(%s::uuid[]) order by c.started_at", (list(contacts),))
    return {row[0]: Place(*row) for row in await rows.fetchall()}


async def begin(
    conn: Connection,
    *,
    id: str,
    node: str,
    trunk: str,
    number: str | None,
    called: str,
    subscriber: str | None,
    region: str | None,
    language: str,
    kinds: Iterable[str] = (),
) -> int:
    """Record a call that reached a worker; return the revision of these `kinds` of the configuration."""
    row = await (
        await conn.execute(
            "insert into call (id, node, trunk, number, called, subscriber, region, language)"
            f" values (%s, %s, %s, %s, %s, %s, %s, %s) returning {config.REVISION}",
            (id, node, trunk, number, called, subscriber, region, language, list(kinds)),
        )
    ).fetchone()
    assert row is not None
    return int(row[0])


async def set_contact(conn: Connection, id: str, contact: str | None) -> None:
    """The call became a contact, or (None) it did not after all."""
    await conn.execute("update call set contact = %s where id = %s", (contact, id))


async def end(conn: Connection, id: str, reason: str) -> None:
    """The call is over; the first reason stays."""
    await conn.execute(
        "update call set ended_at = clock_timestamp(), end_reason = %s where id = %s and ended_at is null", (reason, id)
    )


async def tell_desk(conn: Connection, agent: str, contact: str, tab: str | None, signal: dict[str, Any]) -> None:
    """Send a signal to the desks of an agent (all tabs: None). The payload must stay below NOTIFY's 8 000 bytes."""
    payload = orjson.dumps({"agent": agent, "contact": contact, "tab": tab, "signal": signal}).decode()
    await conn.execute("select pg_notify(%s, %s)", (DESK_CHANNEL, payload))


# --- workers --------------------------------------------------------------------------------------------------


async def seen(conn: Connection, node: str, host: str, calls: int, draining: bool = False) -> None:
    """Say that this worker lives, how many calls it carries, and whether it takes no more of them."""
    await conn.execute(
        """insert into voice_node (id, host, calls, draining) values (%s, %s, %s, %s)
           on conflict (id) do update
              set calls = excluded.calls, draining = excluded.draining, seen_at = clock_timestamp()""",
        (node, host, calls, draining),
    )


async def least_loaded(conn: Connection, seconds: float) -> str | None:
    """Return the worker with the fewest calls of those seen within so many seconds; None where there is none."""
    row = await (
        await conn.execute(
            """select id from voice_node
               where seen_at > clock_timestamp() - %s * interval '1 s' and not draining
               order by calls, id limit 1""",
            (seconds,),
        )
    ).fetchone()
    return row[0] if row else None


async def leave(conn: Connection, node: str) -> None:
    """This worker stops."""
    await conn.execute("delete from voice_node where id = %s", (node,))


async def drop_dead(conn: Connection, seconds: float) -> list[str]:
    """Forget workers that were not seen for so long; return which."""
    rows = await conn.execute(
        "delete from voice_node where seen_at < clock_timestamp() - %s * interval '1 s' returning id::text", (seconds,)
    )
    return [row[0] for row in await rows.fetchall()]


async def orphans(conn: Connection, seconds: float) -> list[tuple[str, str | None, str]]:
    """Return (call, contact, node) of open calls, begun longer ago than this, whose worker is not there any more."""
    rows = await conn.execute(
        """select c.id, c.contact, c.node::text from call c
           where c.ended_at is null and c.started_at < clock_timestamp() - %s * interval '1 s'
             and not exists (select from voice_node n where n.id = c.node)""",
        (seconds,),
    )
    return [(row[0], row[1], row[2]) for row in await rows.fetchall()]


async def open_at(conn: Connection, node: str) -> list[tuple[str, str | None]]:
    """Return (call, contact) of the open calls that are written down for a worker."""
    rows = await conn.execute("select id, contact from call where node = %s and ended_at is null", (node,))
    return [(row[0], row[1]) for row in await rows.fetchall()]


# --- callers who come back --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Dropped:
    """The last contact of a number that broke off: `waited` seconds before an answer, or `agent` who talked."""

    contact: str
    queue: str
    stage: str
    waited: float
    agent: str | None


async def dropped(conn: Connection, number: str, seconds: float) -> Dropped | None:
    """Find the newest contact of this number that ended without a good-bye within the last `seconds`.

    That is: the subscriber hung up while waiting, or the line broke (`ended_by` system) in the queue or the talk.
    """
    row = await (
        await conn.execute(
            """select k.id, k.queue, k.stage, k.wait, k.agent, k.ended_by
                 from call c join contact k on k.id = c.contact
                where c.number = %s and k.ended_at > clock_timestamp() - %s * interval '1 s'
                  and not (k.direction = 'out' and k.stage = 'dialling')
                order by k.ended_at desc limit 1""",
            (number, seconds),
        )
    ).fetchone()
    if row is None or not (row[5] == "system" or row[2] in ("waiting", "offered")):
        return None
    return Dropped(*row[:5])
