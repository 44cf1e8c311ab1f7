"""Which process holds the desk of which agent. A process that is no longer seen holds nobody."""

from collections.abc import Iterable

from . import phones
from .db import Connection


async def seen(conn: Connection, node: str) -> None:
    """Say that this process lives."""
    await conn.execute(
        "insert into node (id) values (%s) on conflict (id) do update set seen_at = clock_timestamp()", (node,)
    )


async def hold(conn: Connection, node: str, agents: Iterable[str]) -> None:
    """Record the desks of this process: exactly these agents."""
    wanted = list(agents)
    await conn.execute("delete from desk where node = %s and not (agent = any(%s::uuid[]))", (node, wanted))
    await conn.execute(
        "insert into desk (agent, node) select agent, %s from unnest(%s::uuid[]) as agent on conflict do nothing",
        (node, wanted),
    )


async def drop_dead(conn: Connection, seconds: float) -> None:
    """Forget processes that were not seen for so long, and their desks."""
    await conn.execute("delete from node where seen_at < clock_timestamp() - %s * interval '1 s'", (seconds,))
    await conn.execute("delete from desk where not exists (select from node where node.id = desk.node)")


async def connected(conn: Connection) -> set[str]:
    """Return the agents who have a desk somewhere, or work by a phone that can be reached."""
    cursor = await conn.execute(
        f"select agent from desk union select agent from phone where {phones.HAS_LINE}".encode()
    )
    return {row[0] for row in await cursor.fetchall()}
