"""Subscribers to be called back, and the dials: each attempt is one row, written before it is made."""

from dataclasses import dataclass
from typing import Final

from ..domain.callback import LIMIT_SECONDS
from .db import Connection

_IN_FLIGHT = 10.0
"""Seconds within which a callback whose fact is not in the log yet counts as open."""


@dataclass(frozen=True, slots=True)
class Callback:
    """Whom to call for a contact. `number` is personal data."""

    contact: str
    number: str
    subscriber: str | None
    language: str
    region: str | None
    called: str


_COLUMNS = "c.contact, c.number, c.subscriber, c.language, c.region, c.called"
_LAST = """(select kind from event e where e.contact = c.contact
    and e.kind in
      ('callback.asked', 'callback.rejoined', 'outgoing.dialled', 'offer.accepted', 'contact.ended')
    order by e.seq desc limit 1)"""


async def put(conn: Connection, wish: Callback) -> None:
    """Write down whom to call; a new wish for the same contact replaces the old one."""
    await conn.execute(
        """insert into callback (contact, number, subscriber, language, region, called)
           values (%s, %s, %s, %s, %s, %s)
           on conflict (contact) do update set number = excluded.number, subscriber = excluded.subscriber,
             language = excluded.language, asked_at = clock_timestamp()""",
        (wish.contact, wish.number, wish.subscriber, wish.language, wish.region, wish.called),
    )


async def drop(conn: Connection, contact: str) -> None:
    """The floor has refused the wish."""
    await conn.execute("delete from callback where contact = %s", (contact,))


async def get(conn: Connection, contact: str) -> Callback | None:
    """Return whom to call for a contact."""
    row = await (await conn.execute(f"select {_COLUMNS} from callback c where c.contact = %s", (contact,))).fetchone()
    return Callback(*row) if row else None


async def open_of(conn: Connection, number: str) -> Callback | None:
    """Return the open callback of a number, by what the log says now."""
    row = await (
        await conn.execute(
            f"""select {_COLUMNS} from callback c
                where c.number = %s
                  and coalesce({_LAST} = 'callback.asked', c.asked_at > clock_timestamp() - %s * interval '1 s')
                order by c.asked_at desc limit 1""".encode(),
            (number, _IN_FLIGHT),
        )
    ).fetchone()
    return Callback(*row) if row else None


async def is_open(conn: Connection, contact: str) -> bool:
    """Tell whether the subscriber of a contact is to be called back, by what the log says now."""
    row = await (
        await conn.execute(
            f"select coalesce({_LAST} = 'callback.asked', false) from callback c where c.contact = %s".encode(),
            (contact,),
        )
    ).fetchone()
    return bool(row and row[0])


async def rejoined_by(conn: Connection, contact: str) -> str | None:
    """Return the command by which the subscriber of a contact took the place last; None: by none."""
    row = await (
        await conn.execute(
            "select cause from event where contact = %s and kind = 'callback.rejoined' order by seq desc limit 1",
            (contact,),
        )
    ).fetchone()
    return row[0] if row else None


async def undecided(conn: Connection, call: str, commands: list[str]) -> bool:
    """Tell whether the floor has one of these commands of a call still before it.

    A transaction about this call whose answer was lost is waited for: it has the row of the call.
    """
    await conn.execute("select from call where id = %s for update", (call,))
    row = await (
        await conn.execute("select exists (select from inbox where id = any(%s::uuid[]))", (commands,))
    ).fetchone()
    return bool(row and row[0])


# --- dials ----------------------------------------------------------------------------------------------------


async def claim(conn: Connection, contact: str, attempt: int, node: str, call: str) -> bool:
    """Take an attempt for this worker; False when somebody has it."""
    cursor = await conn.execute(
        "insert into dial (contact, attempt, node, call) values (%s, %s, %s, %s) on conflict do nothing",
        (contact, attempt, node, call),
    )
    return cursor.rowcount == 1


async def dialled(conn: Connection, contact: str, attempt: int, outcome: str) -> None:
    """Write down how an attempt went; the first word stays."""
    await conn.execute(
        """update dial set outcome = %s, ended_at = clock_timestamp()
           where contact = %s and attempt = %s and outcome is null""",
        (outcome, contact, attempt),
    )


async def attempt_of(conn: Connection, call: str) -> tuple[int, str | None] | None:
    """Return (attempt, its outcome) that a call of ours belongs to; None for a call of a subscriber."""
    row = await (await conn.execute("select attempt, outcome from dial where call = %s", (call,))).fetchone()
    return (row[0], row[1]) if row else None


_MADE: Final = """dial d join call c on c.id = d.call
    where d.started_at > clock_timestamp() - interval '1 day'
      and d.outcome is distinct from 'not_allowed' and d.outcome is distinct from 'limit'
      and not exists (select from dialled o where o.id = d.contact)"""


@dataclass(frozen=True, slots=True)
class Made:
    """Calls back within a day, to one number and to all."""

    number_day: int
    day: int


async def made(conn: Connection, number: str) -> Made:
    """Count the calls back, those out of a message included, with those that this transaction has written down.

    Attempts that were not made do not count, nor do calls out of an agent's wish.
    """
    row = await (
        await conn.execute(f"select count(*) filter (where c.number = %s), count(*) from {_MADE}".encode(), (number,))
    ).fetchone()
    assert row is not None
    return Made(*row)


async def allowed_in(conn: Connection, contact: str, most: int, number: str | None) -> float:
    """Return the seconds until a limit of `most` calls a day (to a number; None: to all) allows to call a contact.

    Each call that is a day old makes room for one. Those that were put off before and were not called since come first.
    """
    row = await (
        await conn.execute(
            f"""with made as (
                  select d.started_at from {_MADE} and not (d.contact = %(contact)s and d.outcome is null)
                     and (%(number)s::text is null or c.number = %(number)s)),
                put_off as (
                  select d.contact, min(d.started_at) as since from dial d join call c on c.id = d.call
                   where d.outcome = 'limit' and d.started_at > clock_timestamp() - interval '1 day'
                     and (%(number)s::text is null or c.number = %(number)s)
                     and not exists (select from dial l where l.contact = d.contact and l.attempt > d.attempt
                                       and l.outcome is distinct from 'limit'
                                       and not (l.contact = %(contact)s and l.outcome is null))
                   group by d.contact),
                before as (
                  select count(*) as n from put_off p
                   where p.contact <> %(contact)s
                     and p.since < coalesce((select since from put_off where contact = %(contact)s), 'infinity')),
                room as (
                  select started_at, row_number() over (order by started_at) as n, count(*) over () as total from made)
                select extract(epoch from started_at + interval '1 day' - clock_timestamp())::float8 from room
                 where %(most)s > 0 and n = least(total, greatest(1, total - %(most)s + 1) + (select n from before))
            """.encode(),
            {"contact": contact, "number": number, "most": most},
        )
    ).fetchone()
    return LIMIT_SECONDS if row is None else min(LIMIT_SECONDS, max(0.0, row[0]))


# --- offers to agents who work by phone -----------------------------------------------------------------------


async def ring(conn: Connection, offer: str, node: str) -> bool:
    """Take the ringing of an agent's phone for this worker; False while another living one has it.

    The same worker again takes it again: it may not know that it has it. Old ones are forgotten.
    """
    await conn.execute("delete from phone_offer where at < clock_timestamp() - interval '1 hour'")
    cursor = await conn.execute(
        """insert into phone_offer (offer, node) values (%s, %s)
           on conflict (offer) do update set node = excluded.node, at = clock_timestamp()
           where phone_offer.node = excluded.node
              or not exists (select from voice_node n where n.id = phone_offer.node)""",
        (offer, node),
    )
    return cursor.rowcount == 1


async def rings_nowhere(conn: Connection, offers: list[str]) -> None:
    """These were accepted at a desk: no phone has to do with them any more."""
    await conn.execute("delete from phone_offer where offer = any(%s)", (offers,))


async def take_over(conn: Connection, offer: str, node: str) -> bool:
    """Take the phone that a worker which is gone had called for this offer; False where none had, or it lives."""
    cursor = await conn.execute(
        """update phone_offer set node = %s, at = clock_timestamp()
            where offer = %s and not exists (select from voice_node n where n.id = phone_offer.node)""",
        (node, offer),
    )
    return cursor.rowcount == 1


async def rings_at(conn: Connection, offer: str) -> str | None:
    """Return the living worker that rings, or has, the agent's phone for this offer."""
    row = await (
        await conn.execute(
            "select node from phone_offer p where offer = %s and exists (select from voice_node n where n.id = p.node)",
            (offer,),
        )
    ).fetchone()
    return row[0] if row else None
