"""The lease of the log's only writer, fenced by an epoch."""

from .db import Connection

LOCK = 7_401_002
"""Session advisory lock of the holder."""


async def acquire(conn: Connection, holder: str, seconds: float) -> int | None:
    """Take the lease if its holder is gone; return the new epoch, or None while somebody else holds it.

    Gone is a holder whose connection ended (its session lock is free: a killed process is noticed at once) or who has
    not renewed in time (a process that hangs). `conn` keeps the lock as long as it lives.
    """
    cursor = await conn.execute(
        "update lease set holder = %(holder)s, epoch = epoch + 1, "
        "expires_at = clock_timestamp() + %(ttl)s * interval '1 s' "
        "where name = 'floor' and (pg_try_advisory_lock(%(lock)s) or expires_at < clock_timestamp()) returning epoch",
        {"holder": holder, "ttl": seconds, "lock": LOCK},
    )
    row = await cursor.fetchone()
    return int(row[0]) if row else None


async def lock(conn: Connection) -> bool:
    """Hold the session lock too, once a dead holder's session is gone; True when it is held."""
    cursor = await conn.execute("select pg_try_advisory_lock(%s)", (LOCK,))
    row = await cursor.fetchone()
    return bool(row and row[0])


async def renew(conn: Connection, epoch: int, seconds: float) -> bool:
    """Prolong the lease; False when it was lost."""
    cursor = await conn.execute(
        "update lease set expires_at = clock_timestamp() + %s * interval '1 s' "
        "where name = 'floor' and epoch = %s returning 1",
        (seconds, epoch),
    )
    return await cursor.fetchone() is not None


async def check(conn: Connection, epoch: int) -> bool:
    """Whether this epoch still writes; holds off a take-over until the transaction ends."""
    cursor = await conn.execute("select 1 from lease where name = 'floor' and epoch = %s for no key update", (epoch,))
    return await cursor.fetchone() is not None


async def release(conn: Connection, epoch: int) -> None:
    """Give the lease back so that a standby need not wait for its end."""
    await conn.execute("update lease set expires_at = '-infinity' where name = 'floor' and epoch = %s", (epoch,))
