"""What is deleted when its time is over: each function takes a small batch and may be repeated.

A batch is one transaction with its line in the audit: after a kill it is done whole or not at all. `before` is the
instant (POSIX seconds) from which on data are kept.
"""

from .db import Connection

_OPEN = "exists (select from contact k where k.state <> 'ended' and "


async def clear_threads(conn: Connection, before: float, rule: str, limit: int) -> list[str]:
    """Delete messages and files of threads that nobody has used since, and who the subscriber said to be.

    The widget's key goes too: it opens nothing any more. Whoever writes in the thread at this moment holds its row.
    """
    found = await conn.execute(
        f"""select t.id::text from thread t
            where t.active_at < to_timestamp(%s) and (t.cleared_at is null or t.active_at > t.cleared_at)
              and not {_OPEN} k.thread = t.id)
            order by t.active_at limit %s for update skip locked""".encode(),
        (before, limit),
    )
    threads = [row[0] for row in await found.fetchall()]
    if not threads:
        return []
    await conn.execute("delete from message where thread = any(%s::uuid[])", (threads,))
    await conn.execute("delete from file where thread = any(%s::uuid[])", (threads,))
    await conn.execute(
        """update thread set cleared_at = clock_timestamp(), cleared_rule = %s, name = null, number = null, page = null,
              token_hash = sha256(gen_random_uuid()::text::bytea)
            where id = any(%s::uuid[])""",
        (rule, threads),
    )
    return threads


async def delete_notes(conn: Connection, before: float, limit: int) -> list[str]:
    """Delete private notes on contacts that are over; return the contacts."""
    rows = await conn.execute(
        f"""delete from note where id in (
                select n.id from note n where n.at < to_timestamp(%s) and not {_OPEN} k.id = n.contact)
                order by n.at limit %s)
            returning contact::text""".encode(),
        (before, limit),
    )
    return sorted({row[0] for row in await rows.fetchall()})


async def delete_words(conn: Connection, before: float, limit: int) -> list[str]:
    """Delete the words that came with grades; the grades stay. Return the contacts."""
    rows = await conn.execute(
        """update survey set words = null where contact in (
               select contact from survey where at < to_timestamp(%s) and words is not null order by at limit %s)
           returning contact::text""",
        (before, limit),
    )
    return sorted(row[0] for row in await rows.fetchall())


async def delete_numbers(conn: Connection, before: float, limit: int) -> list[str]:
    """Delete who called; that there was a call stays. Return the calls."""
    rows = await conn.execute(
        """update call set number = null where id in (
               select id from call where started_at < to_timestamp(%s) and number is not null and ended_at is not null
                order by started_at limit %s)
           returning id::text""",
        (before, limit),
    )
    return sorted(row[0] for row in await rows.fetchall())


async def delete_dialled(conn: Connection, before: float, limit: int) -> list[str]:
    """Delete which numbers people of the centre called; that they called stays. Return the calls."""
    rows = await conn.execute(
        """update dialled set number = '' where id in (
               select id from dialled where at < to_timestamp(%s) and number <> '' order by at limit %s)
           returning id::text""",
        (before, limit),
    )
    return sorted(row[0] for row in await rows.fetchall())


async def delete_callees(conn: Connection, before: float, limit: int) -> list[str]:
    """Delete whom we called, back or out, for contacts that are over. Return the contacts."""
    rows = await conn.execute(
        """delete from callback where contact in (
               select c.contact from callback c join contact k on k.id = c.contact
                where c.asked_at < to_timestamp(%s) and k.state = 'ended' order by c.asked_at limit %s)
           returning contact::text""",
        (before, limit),
    )
    return sorted(row[0] for row in await rows.fetchall())


async def delete_audit(conn: Connection, before: float, limit: int) -> int:
    """Delete the oldest lines of the audit; return how many."""
    done = await conn.execute(
        """delete from audit where seq in (
               select seq from (select seq, at from audit order by seq limit %s) as oldest
                where at < to_timestamp(%s))""",
        (limit, before),
    )
    return done.rowcount


async def cleared_at(conn: Connection, thread: str) -> float | None:
    """When the texts of a thread were deleted, None while they are there."""
    row = await (
        await conn.execute("select extract(epoch from cleared_at)::float8 from thread where id = %s", (thread,))
    ).fetchone()
    return row[0] if row else None
