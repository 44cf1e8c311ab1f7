"""Calls that people of the centre made out: to which number, for which contact, and how it went."""

from uuid import UUID

from .db import Connection


async def begin(conn: Connection, *, id: str, person: str, contact: str, number: str) -> bool:
    """Write a call down before it is made; False when this id is known already (a retry)."""
    cursor = await conn.execute(
        "insert into dialled (id, person, contact, number) values (%s, %s, %s, %s) on conflict (id) do nothing",
        (UUID(id), person, contact, number),
    )
    return cursor.rowcount == 1


async def outcome(conn: Connection, id: str, outcome: str) -> None:
    """Note how it went."""
    await conn.execute("update dialled set outcome = %s where id = %s", (outcome, id))


async def counts(conn: Connection, person: str, seconds: float) -> tuple[int, int]:
    """Return how many calls this person, and the whole centre, made out in the last `seconds`."""
    row = await (
        await conn.execute(
            """select count(*) filter (where person = %s), count(*) from dialled
               where at > clock_timestamp() - %s * interval '1 s'""",
            (person, seconds),
        )
    ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])
