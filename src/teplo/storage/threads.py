"""Chat threads: what one subscriber's widget keeps open over days, and who got how far in reading it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, LiteralString

from .db import Connection


@dataclass(frozen=True, slots=True)
class Receipts:
    """How far each side got: numbers (seq) of messages that reached its screen and that were read."""

    subscriber_delivered: int = 0
    subscriber_read: int = 0
    agent_delivered: int = 0
    agent_read: int = 0


@dataclass(frozen=True, slots=True)
class Thread:
    """One row of `thread`. `contact` is the open or last contact, None before the first message."""

    id: str
    entry: str
    subscriber: str | None
    name: str | None
    language: str
    region: str | None
    reason: str | None
    queue: str | None
    active_at: float
    contact: str | None
    last_seq: int
    receipts: Receipts


COLUMNS: LiteralString = """t.id, t.entry, t.subscriber, t.name, t.language, t.region, t.reason, t.queue,
    extract(epoch from t.active_at)::float8, t.contact, t.last_seq,
    t.subscriber_delivered, t.subscriber_read, t.agent_delivered, t.agent_read"""
"""What `from_row` needs of a `thread t`."""

WIDTH = 15
"""How many columns these are."""


def from_row(row: tuple[Any, ...]) -> Thread:
    """Make a thread of `COLUMNS`; what follows them is not looked at."""
    return Thread(*(*row[:11], Receipts(*row[11:15])))


async def _one(conn: Connection, query: LiteralString, args: tuple[Any, ...]) -> Thread | None:
    row = await (await conn.execute(query, args)).fetchone()
    return from_row(row) if row else None


async def create(
    conn: Connection,
    *,
    id: str,
    token_hash: bytes,
    entry: str,
    subscriber: str | None,
    name: str | None,
    number: str | None,
    language: str,
    region: str | None,
    reason: str | None,
    queue: str,
    page: str | None,
) -> Thread | None:
    """Insert a thread; None when one with this token exists (waits for a concurrent insert of the same)."""
    return await _one(
        conn,
        f"""insert into thread as t
                (id, token_hash, entry, subscriber, name, number, language, region, reason, queue, page)
            values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
            on conflict (token_hash) do nothing returning {COLUMNS}""",
        (id, token_hash, entry, subscriber, name, number, language, region, reason, queue, page),
    )


async def by_token(conn: Connection, token_hash: bytes) -> Thread | None:
    """Find the thread of a widget's token."""
    return await _one(conn, f"select {COLUMNS} from thread t where t.token_hash = %s", (token_hash,))


async def get(conn: Connection, id: str) -> Thread | None:
    """Read a thread."""
    return await _one(conn, f"select {COLUMNS} from thread t where t.id = %s", (id,))


async def lock(conn: Connection, id: str) -> Thread | None:
    """Read a thread and keep its row locked until the transaction ends."""
    return await _one(conn, f"select {COLUMNS} from thread t where t.id = %s for update", (id,))


async def of_contact(conn: Connection, contact: str) -> Thread | None:
    """Find the thread that carries a contact, be it the last one or an earlier one."""
    return await _one(
        conn,
        f"""select {COLUMNS} from thread t where t.id = coalesce(
                (select id from thread where contact = %s limit 1),
                (select thread from message where contact = %s limit 1))""",
        (contact, contact),
    )


async def lock_of_contact(conn: Connection, contact: str) -> Thread | None:
    """Find the thread that carries a contact and keep its row locked until the transaction ends."""
    return await _one(
        conn,
        f"""select {COLUMNS} from thread t where t.id = (select thread from message where contact = %s limit 1)
            for update""",
        (contact,),
    )


async def of_contacts(conn: Connection, contacts: Iterable[str]) -> dict[str, Thread]:
    """Find the threads that carry these contacts; keys are contacts."""
    rows = await conn.execute(
        f"""select {COLUMNS}, c.id from unnest(%s::uuid[]) as c(id)
            cross join lateral (select thread from message where contact = c.id limit 1) m
            join thread t on t.id = m.thread""",
        (list(contacts),),
    )
    return {row[-1]: from_row(row) for row in await rows.fetchall()}


async def lock_many(conn: Connection, ids: Iterable[str]) -> dict[str, Thread]:
    """Lock threads in the order of their ids."""
    rows = await conn.execute(
        f"select {COLUMNS} from thread t where t.id = any(%s::uuid[]) order by t.id for update", (sorted(set(ids)),)
    )
    return {thread.id: thread for thread in map(from_row, await rows.fetchall())}


async def set_contact(conn: Connection, id: str, contact: str) -> None:
    """Make `contact` the open contact of the thread."""
    await conn.execute("update thread set contact = %s where id = %s", (contact, id))


async def mark(
    conn: Connection, id: str, side: str, *, delivered: int, read: int
) -> tuple[str | None, Receipts] | None:
    """Move a side's receipts forward (never back, never past the last message) and tell the readers at commit.

    Return (contact, receipts) if any moved.
    """
    assert side in ("subscriber", "agent")
    columns = ("subscriber_delivered", "subscriber_read") if side == "subscriber" else ("agent_delivered", "agent_read")
    set_delivered, set_read = columns
    row = await (
        await conn.execute(
            f"""with moved as (
                    update thread set
                        {set_delivered} = greatest({set_delivered}, least(last_seq, greatest(%(d)s, %(r)s))),
                        {set_read} = greatest({set_read}, least(last_seq, %(r)s))
                    where id = %(id)s and (least(last_seq, greatest(%(d)s, %(r)s)) > {set_delivered}
                        or least(last_seq, %(r)s) > {set_read})
                    returning contact, subscriber_delivered, subscriber_read, agent_delivered, agent_read, id
                )
                select moved.*, pg_notify('receipt', concat_ws(':', id, coalesce(contact::text, ''),
                    subscriber_delivered, subscriber_read, agent_delivered, agent_read)) from moved""",
            {"id": id, "d": delivered, "r": read},
        )
    ).fetchone()
    return (row[0], Receipts(*row[1:5])) if row else None


async def receipts(
    conn: Connection, *, threads: Iterable[str], contacts: Iterable[str]
) -> list[tuple[str, str | None, Receipts]]:
    """Read the receipts of threads and of the threads of contacts: (thread, its contact, receipts)."""
    rows = await conn.execute(
        """select id, contact, subscriber_delivered, subscriber_read, agent_delivered, agent_read
           from thread where id = any(%s::uuid[]) or contact = any(%s::uuid[])""",
        (list(threads), list(contacts)),
    )
    return [(row[0], row[1], Receipts(*row[2:])) for row in await rows.fetchall()]


async def last_message(conn: Connection, contacts: Iterable[str]) -> list[tuple[str, str, float]]:
    """Say who wrote last and when, of each contact: (contact, author, at). Notices do not count."""
    rows = await conn.execute(
        """select c.id, m.author, extract(epoch from m.at)::float8 from unnest(%s::uuid[]) as c(id)
           cross join lateral (select author, at from message
               where contact = c.id and kind <> 'notice' order by seq desc limit 1) m""",
        (list(contacts),),
    )
    return [(row[0], row[1], row[2]) for row in await rows.fetchall()]


async def find_subscriber(
    conn: Connection, *, id: str, number: str, name: str | None, language: str, region: str | None
) -> tuple[str, str | None]:
    """Return (id, region) of the subscriber with this number; one is made with `id` if there is none.

    `region` is that of the number: it is kept where the subscriber's is not known, which else counts.
    """
    await conn.execute(
        "insert into subscriber (id, number, name, language, region) values (%s, %s, %s, %s, %s)"
        " on conflict (number) do update set region = excluded.region"
        " where subscriber.region is null and excluded.region is not null",
        (id, number, name, language, region),
    )
    row = await (await conn.execute("select id, region from subscriber where number = %s", (number,))).fetchone()
    assert row is not None
    return row[0], row[1]


async def number_of(conn: Connection, subscriber: str) -> str | None:
    """Return the number of a subscriber."""
    row = await (await conn.execute("select number from subscriber where id = %s", (subscriber,))).fetchone()
    return row[0] if row else None
