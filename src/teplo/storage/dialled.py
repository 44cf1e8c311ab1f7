"""Calls that people of the centre made out: to which number, for which contact, and how it went."""

from dataclasses import dataclass
from uuid import UUID

from .db import Connection


@dataclass(frozen=True, slots=True)
class Counts:
    """How many calls a person made out within an hour and a day, and everybody within a day."""

    person_hour: int
    person_day: int
    day: int


async def begin(conn: Connection, *, id: str, person: str, contact: str, number: str) -> bool:
    """Write a call down before it is made; False when this id is known already (a retry)."""
    cursor = await conn.execute(
        "insert into dialled (id, person, contact, number) values (%s, %s, %s, %s) on conflict (id) do nothing",
        (UUID(id), person, contact, number),
    )
    return cursor.rowcount == 1


async def drop(conn: Connection, id: str) -> None:
    """The call was not made after all."""
    await conn.execute("delete from dialled where id = %s", (id,))


async def outcome(conn: Connection, id: str, outcome: str) -> None:
    """Note how it went."""
    await conn.execute("update dialled set outcome = %s where id = %s", (outcome, id))


async def counts(conn: Connection, person: str) -> Counts:
    """Count the calls of a person and of the whole centre, with those that this transaction has written down."""
    row = await (
        await conn.execute(
            """select count(*) filter (where person = %s and at > clock_timestamp() - interval '1 hour'),
                 count(*) filter (where person = %s), count(*)
               from dialled where at > clock_timestamp() - interval '1 day'""",
            (person, person),
        )
    ).fetchone()
    assert row is not None
    return Counts(*row)
