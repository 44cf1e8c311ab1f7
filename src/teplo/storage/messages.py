"""Messages of chat threads and private notes. The row lock of `thread` makes `seq` gap-free in commit order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from psycopg.errors import UniqueViolation

from .db import Connection


@dataclass(frozen=True, slots=True)
class FileInfo:
    """What is known about a stored file without its content."""

    id: str
    name: str
    media_type: str
    size: int
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class Message:
    """One text, file or notice of a thread. `text` of a notice is JSON with a code and its parameters."""

    thread: str
    seq: int
    id: str
    contact: str
    at: float
    author: str
    agent: str | None
    kind: str
    text: str | None
    file: FileInfo | None


@dataclass(frozen=True, slots=True)
class Note:
    """A private remark of an agent on a contact."""

    id: str
    contact: str
    agent: str
    at: float
    text: str


_COLUMNS: LiteralString = """m.thread, m.seq, m.id, m.contact, extract(epoch from m.at)::float8,
    m.author, m.agent, m.kind, m.text, f.id, f.name, f.media_type, f.size, f.width, f.height"""
_FROM: LiteralString = "message m left join file f on f.id = m.file"


def _message(row: tuple[Any, ...]) -> Message:
    return Message(*(*row[:9], FileInfo(*row[9:15]) if row[9] else None))


async def _many(conn: Connection, query: LiteralString, args: Sequence[Any] | dict[str, Any]) -> list[Message]:
    return [_message(row) for row in await (await conn.execute(query, args)).fetchall()]


_APPEND: LiteralString = f"""with t as (
        update thread set last_seq = last_seq + 1, active_at = to_timestamp(%(at)s),
            contact = case when %(begins)s then %(contact)s else contact end
        where id = %(thread)s and (%(open_at)s::int is null or (last_seq = %(open_at)s and contact = %(contact)s
            and not exists (select from event e where e.contact = %(contact)s and e.kind = 'contact.ended')))
        returning id, last_seq
    ), m as (
        insert into message (thread, seq, id, contact, author, agent, kind, text, file, at)
        select t.id, t.last_seq, %(id)s, %(contact)s, %(author)s, %(agent)s, %(kind)s, %(text)s, %(file)s,
            to_timestamp(%(at)s)
        from t returning *
    )
    select {_COLUMNS}, pg_notify('message', concat_ws(':', m.thread, m.contact, m.seq))
    from m left join file f on f.id = m.file"""


async def find(conn: Connection, id: str) -> Message | None:
    """Find a message by the sender's id."""
    found = await _many(conn, f"select {_COLUMNS} from {_FROM} where m.id = %s", (id,))
    return found[0] if found else None


async def append(
    conn: Connection,
    *,
    thread: str,
    id: str,
    contact: str,
    author: str,
    kind: str,
    at: float,
    agent: str | None = None,
    text: str | None = None,
    file: str | None = None,
    begins: bool = False,
    open_at: int | None = None,
) -> Message | None:
    """Add one message at the end of its thread and wake the readers at commit.

    `at` is POSIX seconds of the process's clock, which the facts of the log have too: the server's own may jump.
    `begins`: the contact begins with it and is the thread's open one from now on. `open_at`: only if the thread's last
    message is still this one and its open contact this one, not ended: who writes the notice of an end moves the
    thread on, so that nothing is added behind it. None when that is not so or the id is taken; then nothing was
    changed, and a transaction around it must be given up.
    """
    try:
        found = await _many(
            conn,
            _APPEND,
            {
                "thread": thread,
                "id": id,
                "contact": contact,
                "author": author,
                "agent": agent,
                "kind": kind,
                "text": text,
                "file": file,
                "at": at,
                "begins": begins,
                "open_at": open_at,
            },
        )
    except UniqueViolation:
        return None
    return found[0] if found else None


async def append_notices(conn: Connection, notices: Sequence[tuple[str, str, str, str, float]]) -> None:
    """Add system notices (thread, id, contact, text, at) in order, each once, and wake the readers at commit.

    Their threads must be locked.
    """
    if not notices:
        return
    threads, ids, contacts, texts, instants = (list(column) for column in zip(*notices, strict=True))
    await conn.execute(
        """with n as (
               select *, row_number() over (partition by thread order by k) as place
               from unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::float8[])
                   with ordinality as u(thread, id, contact, text, at, k)
               where not exists (select from message where message.id = u.id)
           ), t as (
               update thread set last_seq = last_seq + c.places
               from (select thread, max(place)::int as places from n group by thread) c
               where thread.id = c.thread returning thread.id, thread.last_seq - c.places as base
           ), m as (
               insert into message (thread, seq, id, contact, author, kind, text, at)
               select n.thread, t.base + n.place, n.id, n.contact, 'system', 'notice', n.text, to_timestamp(n.at)
               from n join t on t.id = n.thread
               returning thread, contact, seq
           )
           select pg_notify('message', concat_ws(':', thread, contact, seq)) from m order by thread, seq""",
        (threads, ids, contacts, texts, instants),
    )


async def notify(conn: Connection, channel: str, payloads: Sequence[str]) -> None:
    """Wake listeners when the transaction commits. Payloads carry ids and numbers only."""
    await conn.execute(
        "select pg_notify(%s, p) from unnest(%s::text[]) with ordinality as u(p, k) order by k",
        (channel, list(payloads)),
    )


async def of_thread(
    conn: Connection, thread: str, after: int = 0, limit: int = 1000, *, until: int = 2**31 - 1
) -> list[Message]:
    """Read a thread in order, up to the seq `until`."""
    return await _many(
        conn,
        f"select {_COLUMNS} from {_FROM} where m.thread = %s and m.seq > %s and m.seq <= %s order by m.seq limit %s",
        (thread, after, until, limit),
    )


async def of_contact(conn: Connection, contact: str, after: int = 0, limit: int = 1000) -> list[Message]:
    """Read a contact's part of its thread in order."""
    return await _many(
        conn,
        f"select {_COLUMNS} from {_FROM} where m.contact = %s and m.seq > %s order by m.seq limit %s",
        (contact, after, limit),
    )


async def last_seq(conn: Connection, contact: str) -> int:
    """Return the seq of a contact's last message; 0 when it has none."""
    row = await (
        await conn.execute("select coalesce(max(seq), 0) from message where contact = %s", (contact,))
    ).fetchone()
    assert row is not None
    return int(row[0])


async def after(
    conn: Connection, *, threads: dict[str, int], contacts: dict[str, int]
) -> tuple[list[Message], list[Message]]:
    """Read what came after the given seqs, of several threads and of several contacts; each in (thread, seq) order."""
    rows = await conn.execute(
        f"""select {_COLUMNS}, w.of_thread from (
                select m.thread, m.seq, true as of_thread from unnest(%s::uuid[], %s::int[]) as w(thread, after)
                    join message m on m.thread = w.thread and m.seq > w.after
                union all
                select m.thread, m.seq, false from unnest(%s::uuid[], %s::int[]) as w(contact, after)
                    join message m on m.contact = w.contact and m.seq > w.after
            ) w join message m on m.thread = w.thread and m.seq = w.seq left join file f on f.id = m.file
            order by m.thread, m.seq""",
        (list(threads), list(threads.values()), list(contacts), list(contacts.values())),
    )
    by_thread: list[Message] = []
    by_contact: list[Message] = []
    for row in await rows.fetchall():
        (by_thread if row[-1] else by_contact).append(_message(row))
    return by_thread, by_contact


async def written_since(conn: Connection, thread: str, since: float, most: int) -> tuple[int, float]:
    """Return how many of the subscriber's last `most` messages came after an instant, and when the first of these."""
    row = await (
        await conn.execute(
            """select count(*), coalesce(extract(epoch from min(at)), 0)::float8 from (
                   select at from message where thread = %s and author = 'subscriber' order by seq desc limit %s
               ) as last where at > to_timestamp(%s)""",
            (thread, most, since),
        )
    ).fetchone()
    assert row is not None
    return row[0], row[1]


async def unanswered(conn: Connection, contacts: dict[str, float | None]) -> dict[str, list[int]]:
    """Return the seqs of what the subscriber wrote into contacts after the agent's last message; only where any are.

    The value is an instant: of this contact only what was written after it.
    """
    rows = await conn.execute(
        """select m.contact, m.seq from unnest(%s::uuid[], %s::float8[]) as c(id, since)
           join message m on m.contact = c.id and m.author = 'subscriber'
           where (c.since is null or m.at > to_timestamp(c.since))
           and m.seq > coalesce((select max(a.seq) from message a where a.contact = c.id and a.author = 'agent'), 0)
           order by m.contact, m.seq""",
        (list(contacts), list(contacts.values())),
    )
    found: dict[str, list[int]] = {}
    for contact, seq in await rows.fetchall():
        found.setdefault(contact, []).append(seq)
    return found


async def move(conn: Connection, *, thread: str, seqs: Sequence[int], contact: str) -> None:
    """Give messages of a thread another contact and tell its readers."""
    await conn.execute(
        "update message set contact = %s where thread = %s and seq = any(%s)", (contact, thread, list(seqs))
    )
    await notify(conn, "message", [f"{thread}:{contact}:{seqs[-1]}"])


async def add_note(conn: Connection, *, id: str, contact: str, agent: str, text: str) -> tuple[Note, bool]:
    """Keep a note; (the note, whether it is new). The same id again returns what is stored."""
    inserted = await conn.execute(
        "insert into note (id, contact, agent, text) values (%s, %s, %s, %s) on conflict (id) do nothing",
        (id, contact, agent, text),
    )
    rows = await conn.execute(
        "select id, contact, agent, extract(epoch from at)::float8, text from note where id = %s", (id,)
    )
    row = await rows.fetchone()
    assert row is not None
    return Note(*row), inserted.rowcount == 1


async def notes(conn: Connection, contacts: Iterable[str]) -> list[Note]:
    """Read the notes of contacts, oldest first."""
    rows = await conn.execute(
        """select id, contact, agent, extract(epoch from at)::float8, text from note
           where contact = any(%s::uuid[]) order by at, id""",
        (list(contacts),),
    )
    return [Note(*row) for row in await rows.fetchall()]
