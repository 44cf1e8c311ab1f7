"""The contact record: one row a contact, a projection of the log that can be made anew at any time."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass, field, fields
from typing import Any, LiteralString

import orjson
from psycopg.rows import args_row, class_row

from .db import Connection


@dataclass(slots=True)
class ContactRow:
    """One row of `contact`; times are POSIX seconds, durations seconds. `number` is None until the row is stored.

    `agent` talks or talked last, `agents` are all who talked. `wait` is that of the first answer (or until the end
    of one never answered); `talk` (without `hold`), `hold` and `wrap_up` add up over agents. `done_seq` is None while
    anything is open.
    """

    id: str
    channel: str
    queue: str
    reason: str | None
    subscriber: str | None
    thread: str | None
    language: str
    region: str | None
    arrived_at: float
    arrived_seq: int
    number: int | None = None
    state: str = "waiting"
    agent: str | None = None
    agents: list[str] = field(default_factory=list)
    waiting_from: float | None = None
    answered_at: float | None = None
    ended_at: float | None = None
    wait: float = 0.0
    talk: float = 0.0
    hold: float = 0.0
    wrap_up: float = 0.0
    ended_by: str | None = None
    stage: str | None = None
    transfers: int = 0
    missed: int = 0
    reasons: list[str] = field(default_factory=list)
    outcome: str | None = None
    grade: int | None = None
    done_seq: int | None = None
    direction: str = "in"


@dataclass(frozen=True, slots=True)
class SubscriberRow:
    """Who the subscriber is, as far as known; `number` is the whole one."""

    id: str | None
    name: str | None
    number: str | None
    region: str | None
    language: str


_NEWEST = 2**63 - 1

_TIMES = frozenset({"arrived_at", "waiting_from", "answered_at", "ended_at"})
_FIELDS = tuple(f.name for f in fields(ContactRow))
_STORED = tuple(name for name in _FIELDS if name != "number")
_SELECT = ", ".join(f"extract(epoch from c.{n})::float8 as {n}" if n in _TIMES else f"c.{n}" for n in _FIELDS)
_ARRAYS = {"agents": "uuid[]", "reasons": "text[]"}


def _from_json(name: str) -> str:
    if name in _TIMES:
        return f"to_timestamp(x.{name}) as {name}"
    return f"x.{name}"


_TYPES = ", ".join(
    f"{name} {kind}"
    for name, kind in {
        **dict.fromkeys(("id", "subscriber", "thread", "agent"), "uuid"),
        **dict.fromkeys(("channel", "queue", "reason", "language", "region", "state"), "text"),
        **dict.fromkeys(("ended_by", "stage", "outcome", "direction"), "text"),
        **dict.fromkeys((*sorted(_TIMES), "wait", "talk", "hold", "wrap_up"), "float8"),
        **dict.fromkeys(("transfers", "missed"), "int"),
        **dict.fromkeys(("arrived_seq", "done_seq"), "bigint"),
        **_ARRAYS,
        "grade": "smallint",
    }.items()
)
_INSERT = (
    f"insert into contact ({', '.join(_STORED)}) select {', '.join(map(_from_json, _STORED))}"
    f" from json_to_recordset(%s::json) as x({_TYPES}) order by x.arrived_seq"
)
_UPDATE = (
    f"update contact c set ({', '.join(_STORED[1:])}) = ({', '.join(f'n.{name}' for name in _STORED[1:])})"
    f" from (select {', '.join(map(_from_json, _STORED))} from json_to_recordset(%s::json) as x({_TYPES})) n"
    " where c.id = n.id"
)


async def load(conn: Connection, ids: Collection[str]) -> dict[str, ContactRow]:
    """Return the stored rows of these contacts."""
    async with conn.cursor(row_factory=class_row(ContactRow)) as cursor:
        await cursor.execute(f"select {_SELECT} from contact c where c.id = any(%s::uuid[])".encode(), (list(ids),))
        return {row.id: row for row in await cursor.fetchall()}


async def save(conn: Connection, rows: Iterable[ContactRow]) -> None:
    """Store rows: new ones get the next numbers in order of arrival, known ones keep theirs."""
    new: list[dict[str, Any]] = []
    known: list[dict[str, Any]] = []
    for row in rows:
        (new if row.number is None else known).append(asdict(row))
    # Not "on conflict do update": that would use up a number for every change.
    if new:
        await conn.execute(_INSERT.encode(), (orjson.dumps(new).decode(),))
    if known:
        await conn.execute(_UPDATE.encode(), (orjson.dumps(known).decode(),))


async def begin_rebuild(conn: Connection) -> None:
    """Mark all rows as not yet confirmed by the log; their numbers stay."""
    await conn.execute("update contact set arrived_seq = 0")


async def end_rebuild(conn: Connection) -> int:
    """Remove rows that the log does not know; return how many."""
    return (await conn.execute("delete from contact where arrived_seq = 0")).rowcount


async def get(conn: Connection, contact: str) -> ContactRow | None:
    """Return one row."""
    return (await load(conn, [contact])).get(contact)


async def page(
    conn: Connection,
    *,
    subscriber: str | None = None,
    agent: str | None = None,
    queue: str | None = None,
    state: str | None = None,
    visible_to: str | None = None,
    subscribers: Collection[str] = (),
    threads: Collection[str] = (),
    number: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[ContactRow]:
    """Return contacts, newest first, with numbers below `before`.

    `visible_to` keeps those that the agent talked in and those of `subscribers` and `threads`.
    """
    conditions: dict[str, Any] = {
        "c.subscriber = %(subscriber)s": subscriber,
        "c.agents @> array[%(agent)s::uuid]": agent,
        "c.queue = %(queue)s": queue,
        "c.state = %(state)s": state,
        "(c.agents @> array[%(visible_to)s::uuid] or c.subscriber = any(%(subscribers)s::uuid[])"
        " or c.thread = any(%(threads)s::uuid[]))": visible_to,
        "c.number = %(number)s": number,
        "c.number < %(before)s": before,
    }
    where = " and ".join([clause for clause, value in conditions.items() if value is not None] or ["true"])
    async with conn.cursor(row_factory=class_row(ContactRow)) as cursor:
        await cursor.execute(
            f"select {_SELECT} from contact c where {where} order by c.number desc limit %(limit)s".encode(),
            {
                "subscriber": subscriber,
                "agent": agent,
                "queue": queue,
                "state": state,
                "visible_to": visible_to,
                "subscribers": list(subscribers),
                "threads": list(threads),
                "number": number,
                "before": before,
                "limit": limit,
            },
        )
        return await cursor.fetchall()


async def earlier(conn: Connection, row: ContactRow, limit: int) -> list[ContactRow]:
    """Return the contacts of the same subscriber or thread that came before this one, newest first.

    Who calls from the widget has the thread of the chat there; of a contact with callbacks there are several calls.

    One that has no number yet is the newest of all: its own row is not stored.
    """
    async with conn.cursor(row_factory=class_row(ContactRow)) as cursor:
        await cursor.execute(
            f"select {_SELECT} from contact c where c.id in ("
            " select id from contact where subscriber = %(subscriber)s::uuid and number < %(before)s"
            " union select id from contact where thread = coalesce(%(thread)s::uuid,"
            "   (select thread from call where contact = %(contact)s::uuid and thread is not null limit 1))"
            " and number < %(before)s"
            ") order by c.number desc limit %(limit)s".encode(),
            {
                "subscriber": row.subscriber,
                "thread": row.thread,
                "contact": row.id,
                "before": _NEWEST if row.number is None else row.number,
                "limit": limit,
            },
        )
        return await cursor.fetchall()


async def subscriber_of(conn: Connection, row: ContactRow) -> SubscriberRow:
    """Return who the contact is with: what the subscriber said in the thread, completed by what is stored."""
    query: LiteralString = (
        "select s.id, coalesce(t.name, s.name), coalesce(s.number, t.number), coalesce(s.region, t.region, %(region)s),"
        " coalesce(t.language, s.language, %(language)s)"
        " from (select 1) as one left join subscriber s on s.id = %(subscriber)s::uuid"
        " left join thread t on t.id = %(thread)s::uuid"
    )
    async with conn.cursor(row_factory=args_row(SubscriberRow)) as cursor:
        await cursor.execute(
            query,
            {"subscriber": row.subscriber, "thread": row.thread, "region": row.region, "language": row.language},
        )
        found = await cursor.fetchone()
    assert found is not None
    return found


async def survey_words(conn: Connection, contact: str) -> str | None:
    """Return the words that came with the grade."""
    row = await (await conn.execute("select words from survey where contact = %s", (contact,))).fetchone()
    return row[0] if row else None
