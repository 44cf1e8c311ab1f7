"""Spoken messages from the beep on: each is told to the floor once, whoever does it."""

from typing import Any

from psycopg.types.json import Jsonb

from .callbacks import Callback
from .db import Connection


async def begin(conn: Connection, contact: str, call: str, arrival: dict[str, Any]) -> None:
    """The beep sounds soon; again is no news. `arrival`: the body of the command `arrive`, without the length."""
    await conn.execute(
        "insert into voicemail (contact, call, arrival) values (%s, %s, %s) on conflict (contact) do nothing",
        (contact, call, Jsonb(arrival)),
    )


async def drop(conn: Connection, contact: str) -> None:
    """Nothing was said."""
    await conn.execute("delete from voicemail where contact = %s and sent_at is null", (contact,))


async def take(conn: Connection, contact: str) -> dict[str, Any] | None:
    """Take what is to be told to the floor, in the transaction that tells it; None when that was done already."""
    row = await (
        await conn.execute(
            "update voicemail set sent_at = clock_timestamp() where contact = %s and sent_at is null returning arrival",
            (contact,),
        )
    ).fetchone()
    return row[0] if row else None


async def of_call(conn: Connection, call: str) -> bool:
    """Tell whether a message was left in this call: what follows from it does not end with the call."""
    row = await (await conn.execute("select exists (select from voicemail where call = %s)", (call,))).fetchone()
    return bool(row and row[0])


async def forgotten(conn: Connection, seconds: float) -> list[str]:
    """Return messages whose call has been over for so long and of which the floor knows nothing yet."""
    rows = await conn.execute(
        """select v.contact::text from voicemail v join call c on c.id = v.call
            where v.sent_at is null and c.ended_at < clock_timestamp() - %s * interval '1 s'""",
        (seconds,),
    )
    return [row[0] for row in await rows.fetchall()]


async def recent(conn: Connection, number: str | None, seconds: float) -> int:
    """Count the messages of a number (None: of all that were withheld) within so many seconds."""
    row = await (
        await conn.execute(
            """select count(*) from voicemail v join call c on c.id = v.call
                where v.started_at > clock_timestamp() - %s * interval '1 s' and c.number is not distinct from %s""",
            (seconds, number),
        )
    ).fetchone()
    return int(row[0]) if row else 0


async def called(conn: Connection, contact: str) -> str:
    """Return the number of the centre that was dialled by who left the message; empty where there is none."""
    row = await (
        await conn.execute(
            "select c.called from voicemail v join call c on c.id = v.call where v.contact = %s", (contact,)
        )
    ).fetchone()
    return str(row[0]) if row else ""


async def whom(conn: Connection, contact: str) -> Callback | None:
    """Return whom to call about a message; None where there is none or the number is not known."""
    row = await (
        await conn.execute(
            """select v.contact::text, c.number, c.subscriber::text, v.arrival->>'language', c.region, c.called
                 from voicemail v join call c on c.id = v.call where v.contact = %s and c.number is not null""",
            (contact,),
        )
    ).fetchone()
    return Callback(*row) if row else None
