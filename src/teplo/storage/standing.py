"""Where a contact stands according to the log itself: the truth for decisions that must not be late."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from .db import Connection
from .threads import COLUMNS, WIDTH, Thread, from_row


@dataclass(frozen=True, slots=True)
class End:
    """How a contact ended (`contact.ended`). `agent` had it then, if anybody."""

    contact: str
    at: float
    agent: str | None
    queue: str
    by: str
    reason: str | None
    stage: str


_END: LiteralString = """select contact, extract(epoch from at)::float8, agent,
    body->>'queue', body->>'by', body->>'reason', body->>'stage' from event where kind = 'contact.ended' and """


async def end_of(conn: Connection, contact: str) -> End | None:
    """Return the end of a contact, None while it goes on."""
    row = await (await conn.execute(_END + "contact = %s", (contact,))).fetchone()
    return End(*row) if row else None


async def of_threads(conn: Connection, threads: Iterable[str]) -> list[tuple[Thread, End | None, int | None]]:
    """Return these threads, each with the end and the grade of its last contact."""
    rows = await conn.execute(
        f"""select {COLUMNS}, e.*, s.grade from thread t
            left join lateral ({_END}contact = t.contact limit 1) e on true
            left join survey s on s.contact = e.contact where t.id = any(%s::uuid[])""",
        (list(threads),),
    )
    return [(from_row(row), End(*row[WIDTH:-1]) if row[WIDTH] else None, row[-1]) for row in await rows.fetchall()]


@dataclass(frozen=True, slots=True)
class Talk:
    """Where a contact is: its thread, who has (or at the end had) the talk, whether it ended, its last message."""

    thread: str
    agent: str | None
    ended: bool
    last_seq: int


async def talk_of(conn: Connection, contact: str) -> Talk | None:
    """Return where a chat contact is; None when no thread carries it."""
    row = await (
        await conn.execute(
            """select t.id, case when l.kind <> 'contact.released' then l.agent end,
                   coalesce(l.kind = 'contact.ended', false),
                   (select coalesce(max(seq), 0) from message where contact = %(contact)s)
               from thread t
               left join lateral (select kind, agent from event where contact = %(contact)s
                   and kind in ('offer.accepted', 'contact.released', 'contact.ended') order by seq desc limit 1) l
                   on true
               where t.id = coalesce(
                   (select id from thread where contact = %(contact)s limit 1),
                   (select thread from message where contact = %(contact)s limit 1))""",
            {"contact": contact},
        )
    ).fetchone()
    return Talk(*row) if row else None


async def talker(conn: Connection, contact: str) -> tuple[str | None, bool]:
    """Return (agent, ended): who talks or calls back, or did at the end (None: nobody); whether it has ended.

    The agent of a voicemail has it however a call out of it goes.
    """
    rows = await (
        await conn.execute(
            """select kind, agent from event where contact = %(contact)s
               and (kind in ('offer.accepted', 'outgoing.dialled', 'contact.released', 'contact.ended')
                    or (kind in ('callback.dialled', 'callback.failed') and not exists (
                        select from event v where v.contact = %(contact)s and v.kind = 'voicemail.left')))
               order by seq desc limit 1""",
            {"contact": contact},
        )
    ).fetchone()
    if rows is None:
        return None, False
    kind, agent = rows
    return (None if kind in ("contact.released", "callback.failed") else agent), kind == "contact.ended"


async def not_reached(conn: Connection, contact: str) -> str | None:
    """Return why a call out reached nobody; None for one that did, or still rings."""
    row = await (
        await conn.execute(
            "select body->>'outcome' from event where contact = %s and kind = 'outgoing.failed' limit 1", (contact,)
        )
    ).fetchone()
    return row[0] if row else None


async def handled_by(conn: Connection, contact: str, agent: str) -> bool:
    """Tell whether the agent talked in the contact at any time."""
    return await _exists(
        conn,
        "select from event where contact = %s and agent = %s and kind in ('offer.accepted', 'outgoing.dialled')",
        contact,
        agent,
    )


async def disposed(conn: Connection, contact: str, agent: str) -> bool:
    """Tell whether the agent has stored subject and result of the contact."""
    return await _exists(
        conn, "select from event where contact = %s and agent = %s and kind = 'contact.disposed'", contact, agent
    )


MATTER_DAYS: Final = 30
"""For how long after its arrival a contact with a promise leads the subscriber back to who gave it."""


async def preferred_agent(
    conn: Connection,
    *,
    contact: str | None,
    subscriber: str | None,
    since: float,
    now: float,
    thread: str | None = None,
) -> str | None:
    """Return who should take what comes next from a subscriber, known by number or by thread.

    First who owns the open matter: who gave the newest promise of the last `MATTER_DAYS` that no later contact
    resolved. Else who talked with the subscriber last: in this contact, else in any that ended after `since`.
    """
    if contact is None and subscriber is None and thread is None:
        return None
    return await _matter_owner(conn, subscriber, thread, now - MATTER_DAYS * 86_400) or await _last_agent(
        conn, contact=contact, subscriber=subscriber, since=since
    )


async def _matter_owner(conn: Connection, subscriber: str | None, thread: str | None, since: float) -> str | None:
    row = await (
        await conn.execute(
            """select agent, outcome from contact
               where (subscriber = %s or thread = %s) and outcome in ('promise', 'resolved') and agent is not null
                 and arrived_at > to_timestamp(%s) order by arrived_at desc limit 1""",
            (subscriber, thread, since),
        )
    ).fetchone()
    return str(row[0]) if row and row[1] == "promise" else None


async def _last_agent(conn: Connection, *, contact: str | None, subscriber: str | None, since: float) -> str | None:
    """Return who talked with the subscriber last."""
    if contact is not None:
        row = await (
            await conn.execute(
                "select agent from event where contact = %s and kind = 'offer.accepted' order by seq desc limit 1",
                (contact,),
            )
        ).fetchone()
        if row:
            return str(row[0])
    if subscriber is None:
        return None
    row = await (
        await conn.execute(
            """select agent from contact where subscriber = %s and answered_at is not null and agent is not null
               and coalesce(ended_at, arrived_at) > to_timestamp(%s) order by arrived_at desc limit 1""",
            (subscriber, since),
        )
    ).fetchone()
    return str(row[0]) if row else None


async def _exists(conn: Connection, query: str, *args: Any) -> bool:
    row = await (await conn.execute(f"select exists ({query})".encode(), args)).fetchone()
    return bool(row and row[0])


async def grades_of(conn: Connection, contacts: Iterable[str]) -> dict[str, int]:
    """Return the stored grades of those contacts that have one."""
    rows = await conn.execute("select contact, grade from survey where contact = any(%s::uuid[])", (list(contacts),))
    return {row[0]: row[1] for row in await rows.fetchall()}


async def add_grade(conn: Connection, contact: str, grade: int, words: str | None) -> bool:
    """Store a grade and its words; False when the contact has one."""
    cursor = await conn.execute(
        "insert into survey (contact, grade, words) values (%s, %s, %s) on conflict (contact) do nothing",
        (contact, grade, words),
    )
    return cursor.rowcount == 1


async def exists(conn: Connection, contact: str) -> bool:
    """Tell whether the log knows the contact."""
    return await _exists(conn, "select from event where contact = %s", contact)


async def cursor(conn: Connection, name: str) -> int:
    """Return where a reader stands; 0 for a new one."""
    row = await (await conn.execute("select seq from reader_cursor where name = %s", (name,))).fetchone()
    return int(row[0]) if row else 0


async def take_cursor(conn: Connection, name: str) -> int:
    """Lock a reader's cursor and return where it stands; 0 for a new reader."""
    query: LiteralString = "select seq from reader_cursor where name = %s for update"
    row = await (await conn.execute(query, (name,))).fetchone()
    if row is None:
        await conn.execute("insert into reader_cursor (name) values (%s) on conflict do nothing", (name,))
        row = await (await conn.execute(query, (name,))).fetchone()
    assert row is not None
    return int(row[0])


async def set_cursor(conn: Connection, name: str, seq: int) -> None:
    """Store where a reader stands."""
    await conn.execute("update reader_cursor set seq = %s where name = %s", (seq, name))
