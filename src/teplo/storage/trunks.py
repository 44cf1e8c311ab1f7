"""Trunks: their sealed secrets, which worker registers which, and how each stands."""

from dataclasses import dataclass

from psycopg.rows import class_row

from .db import Connection


@dataclass(frozen=True, slots=True)
class State:
    """How a trunk stands; `*_since` are POSIX seconds."""

    trunk: str
    registration: str | None
    status: int
    registration_since: float | None
    up: bool | None
    up_since: float | None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many trunks are configured, and of these: do not answer, are not registered although they want to be, are
    watched by no living worker.
    """

    configured: int
    down: int
    unregistered: int
    unwatched: int


async def counts(conn: Connection) -> Counts:
    """Count the trunks in force. What a worker that is gone wrote down is not believed: its trunks are unwatched."""
    async with conn.cursor(row_factory=class_row(Counts)) as cursor:
        await cursor.execute(
            """select count(*) as configured, count(*) filter (where watched and up is false) as down,
                 count(*) filter (where watched and registrar is not null
                                    and registration is distinct from 'registered') as unregistered,
                 count(*) filter (where not watched) as unwatched
               from (select c.body->>'registrar' as registrar, t.up, t.registration,
                       exists (select from voice_node n where n.id = t.node) as watched
                     from config_item c left join trunk_state t on t.trunk = c.id
                     where c.kind = 'trunk' and c.active) as one"""
        )
        found = await cursor.fetchone()
    assert found is not None
    return found


async def set_secret(conn: Connection, trunk: str, sealed: bytes) -> None:
    """Store a sealed secret."""
    await conn.execute(
        "insert into trunk_secret (trunk, sealed) values (%s, %s)"
        " on conflict (trunk) do update set sealed = excluded.sealed, changed_at = clock_timestamp()",
        (trunk, sealed),
    )


async def drop_secret(conn: Connection, trunk: str) -> None:
    """Forget a secret."""
    await conn.execute("delete from trunk_secret where trunk = %s", (trunk,))


async def secrets(conn: Connection) -> dict[str, bytes]:
    """Return the sealed secrets by trunk."""
    rows = await conn.execute("select trunk, sealed from trunk_secret")
    return {row[0]: bytes(row[1]) for row in await rows.fetchall()}


async def claim(conn: Connection, trunks: list[str], node: str) -> set[str]:
    """Take the trunks that no living worker registers; return those that are this worker's. Forget all others."""
    await conn.execute("delete from trunk_state where not (trunk = any(%s))", (trunks,))
    await conn.execute(
        "insert into trunk_state (trunk, node) select trunk, %(node)s from unnest(%(trunks)s::text[]) as trunk"
        " on conflict (trunk) do update set node = excluded.node, registration = null, up = null"
        " where trunk_state.node <> excluded.node and not exists"
        " (select from voice_node n where n.id = trunk_state.node)",
        {"node": node, "trunks": sorted(trunks)},
    )
    rows = await conn.execute("select trunk from trunk_state where node = %s", (node,))
    return {row[0] for row in await rows.fetchall()}


async def release(conn: Connection, node: str) -> None:
    """Leave the trunks that this worker registers to others."""
    await conn.execute("delete from trunk_state where node = %s", (node,))


async def tell(conn: Connection, node: str, trunk: str, registration: str | None, status: int, up: bool | None) -> None:
    """Write down how a trunk of this worker stands."""
    await conn.execute(
        "update trunk_state set status = %(status)s,"
        " registration_since = case when registration is distinct from %(registration)s then clock_timestamp()"
        " else registration_since end, registration = %(registration)s,"
        " up_since = case when up is distinct from %(up)s then clock_timestamp() else up_since end, up = %(up)s"
        " where trunk = %(trunk)s and node = %(node)s",
        {"node": node, "trunk": trunk, "registration": registration, "status": status, "up": up},
    )


async def states(conn: Connection) -> list[State]:
    """Return how all trunks stand."""
    async with conn.cursor(row_factory=class_row(State)) as cursor:
        await cursor.execute(
            "select trunk, registration, status, extract(epoch from registration_since)::float8 as registration_since,"
            " up, extract(epoch from up_since)::float8 as up_since from trunk_state order by trunk"
        )
        return await cursor.fetchall()
