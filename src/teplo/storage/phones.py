"""SIP phones of agents: what they prove themselves with, and where they are registered."""

from collections.abc import Sequence
from dataclasses import dataclass

import orjson
from psycopg.errors import UniqueViolation
from psycopg.rows import class_row

from .db import Connection

CHANNEL = "phones"
"""NOTIFY channel: something about phones has changed."""

HAS_LINE = (
    "in_use and (uri is not null or exists"
    " (select from phone_binding b where b.agent = phone.agent and b.until > clock_timestamp()))"
)
"""Condition on `phone`: its agent can be reached there, so needs no desk."""


class LoginTaken(Exception):
    """Another phone has this user name."""


@dataclass(frozen=True, slots=True)
class Phone:
    """The phone of an agent. `md5` and `sha256` are as good as its secret (RFC 7616 3.4.2): never shown or logged."""

    agent: str
    login: str | None
    md5: str | None
    sha256: str | None
    uri: str | None
    in_use: bool

    def __repr__(self) -> str:
        """Leave out what must not be seen."""
        return f"Phone(agent={self.agent!r}, in_use={self.in_use})"


@dataclass(frozen=True, slots=True)
class Standing:
    """What people see of a phone; `seconds`: for how long it is still registered, 0 for one that is not."""

    agent: str
    login: str | None
    uri: str | None
    in_use: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a phone has registered; `seconds` are left."""

    agent: str
    contact: str
    node: str
    transport: str
    host: str
    port: int
    connection: int
    call_id: str
    cseq: int
    seconds: float
    abandoned: bool = False
    """Whether its worker is gone."""


async def all(conn: Connection) -> list[Phone]:
    """Return every phone."""
    async with conn.cursor(row_factory=class_row(Phone)) as cursor:
        await cursor.execute("select agent, login, md5, sha256, uri, in_use from phone")
        return await cursor.fetchall()


async def standings(conn: Connection, agent: str | None = None) -> list[Standing]:
    """Return how the phones stand, maybe only that of one agent."""
    async with conn.cursor(row_factory=class_row(Standing)) as cursor:
        await cursor.execute(
            "select agent, login, uri, in_use, greatest(0, coalesce((select extract(epoch from max(until)"
            " - clock_timestamp()) from phone_binding b where b.agent = p.agent), 0))::float8 as seconds"
            " from phone p where %(agent)s::uuid is null or agent = %(agent)s order by login, agent",
            {"agent": agent},
        )
        return await cursor.fetchall()


async def set_secret(conn: Connection, agent: str, login: str, md5: str, sha256: str) -> None:
    """Store what a phone proves itself with; what had registered before has to do so again. Raises LoginTaken."""
    try:
        await conn.execute(
            "insert into phone (agent, login, md5, sha256) values (%s, %s, %s, %s) on conflict (agent) do update set"
            " login = excluded.login, md5 = excluded.md5, sha256 = excluded.sha256, changed_at = clock_timestamp()",
            (agent, login, md5, sha256),
        )
    except UniqueViolation:
        raise LoginTaken from None
    await conn.execute("delete from phone_binding where agent = %s", (agent,))
    await tell(conn)


async def set_uri(conn: Connection, agent: str, uri: str | None) -> None:
    """Store or forget a fixed address."""
    await conn.execute(
        "insert into phone (agent, uri) values (%s, %s)"
        " on conflict (agent) do update set uri = excluded.uri, changed_at = clock_timestamp()",
        (agent, uri),
    )
    await tell(conn)


async def use(conn: Connection, agent: str, in_use: bool) -> bool:
    """Let an agent work by phone or no longer; False where there is no phone."""
    done = await conn.execute(
        "update phone set in_use = %s, changed_at = clock_timestamp() where agent = %s", (in_use, agent)
    )
    await tell(conn)
    return done.rowcount > 0


async def drop(conn: Connection, agent: str) -> bool:
    """Forget a phone; False where there was none."""
    done = await conn.execute("delete from phone where agent = %s", (agent,))
    await tell(conn)
    return done.rowcount > 0


async def tell(conn: Connection) -> None:
    """Wake those who keep what phones there are."""
    await conn.execute("select pg_notify(%s, '')", (CHANNEL,))


# --- where they are -------------------------------------------------------------------------------------------


async def bindings(conn: Connection) -> list[Binding]:
    """Return where phones are registered now."""
    async with conn.cursor(row_factory=class_row(Binding)) as cursor:
        await cursor.execute(
            "select agent, contact, node, transport, host, port, connection, call_id, cseq,"
            " extract(epoch from until - clock_timestamp())::float8 as seconds,"
            " not exists (select from voice_node n where n.id = phone_binding.node) as abandoned"
            " from phone_binding where until > clock_timestamp()"
        )
        return await cursor.fetchall()


async def bind(conn: Connection, agent: str, found: Sequence[Binding]) -> None:
    """Record that these are the places where the phones of an agent are; wakes the others where it is news."""
    rows = [{name: getattr(one, name) for name in Binding.__slots__} for one in found]
    cursor = await conn.execute(
        "with given as (select * from json_to_recordset(%(rows)s::json) as x(agent uuid, contact text, node uuid,"
        " transport text, host text, port int, connection int, call_id text, cseq bigint, seconds float8)),"
        " gone as (delete from phone_binding where agent = %(agent)s"
        " and contact not in (select contact from given) returning 1),"
        " news as (select 1 from given g where not exists (select from phone_binding b where b.agent = g.agent"
        " and b.contact = g.contact and b.node = g.node and b.transport = g.transport and b.host = g.host"
        " and b.port = g.port and b.connection = g.connection)),"
        " kept as (insert into phone_binding (agent, contact, node, transport, host, port, connection, call_id, cseq,"
        " until) select agent, contact, node, transport, host, port, connection, call_id, cseq,"
        " clock_timestamp() + seconds * interval '1 s' from given where exists (select from phone"
        " where phone.agent = %(agent)s) on conflict (agent, contact) do update set"
        " node = excluded.node, transport = excluded.transport, host = excluded.host, port = excluded.port,"
        " connection = excluded.connection, call_id = excluded.call_id, cseq = excluded.cseq, until = excluded.until)"
        " select (select count(*) from gone) + (select count(*) from news)",
        {"rows": orjson.dumps(rows).decode(), "agent": agent},
    )
    row = await cursor.fetchone()
    if row is not None and row[0]:
        await tell(conn)


async def drop_expired(conn: Connection) -> None:
    """Forget registrations whose time is over."""
    await conn.execute("delete from phone_binding where until < clock_timestamp() - interval '60 s'")
