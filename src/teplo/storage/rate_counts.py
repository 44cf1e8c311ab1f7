"""What somebody did lately, over all processes, in sliding windows: the present one whole, of the one before a part.

Tries to sign in, chats opened, files sent. `who` is a hash of what is counted and of whom.
"""

from .db import Connection

_LEFT = "coalesce((select tries from rate_count where who = %(who)s and slot = %(slot)s - 1), 0) * %(left)s"


async def hit(conn: Connection, who: bytes, most: int, seconds: float, now: float) -> float:
    """Count one; return 0, or the seconds to wait when that is one too many (then it is not counted)."""
    slot, left = _place(seconds, now)
    cursor = await conn.execute(
        "insert into rate_count as t (who, slot, tries, forget_at)"
        f" select %(who)s, %(slot)s, 1, to_timestamp(%(end)s) where {_LEFT} + 1 <= %(most)s"
        f" on conflict (who, slot) do update set tries = t.tries + 1 where {_LEFT} + t.tries + 1 <= %(most)s"
        " returning 1".encode(),
        {"who": who, "slot": slot, "left": left, "most": most, "end": (slot + 2) * seconds},
    )
    return 0.0 if await cursor.fetchone() else left * seconds


async def wait(conn: Connection, who: bytes, most: int, seconds: float, now: float) -> float:
    """Return the seconds after which one more fits; 0 if it does now."""
    slot, left = _place(seconds, now)
    cursor = await conn.execute(
        f"select {_LEFT} + coalesce((select tries from rate_count where who = %(who)s and slot = %(slot)s), 0) + 1"
        " <= %(most)s".encode(),
        {"who": who, "slot": slot, "left": left, "most": most},
    )
    row = await cursor.fetchone()
    return 0.0 if row and row[0] else left * seconds


async def clear(conn: Connection, who: bytes) -> None:
    """Forget what was counted."""
    await conn.execute("delete from rate_count where who = %s", (who,))


async def drop_old(conn: Connection, now: float) -> int:
    """Remove what no longer counts; return how many."""
    return (await conn.execute("delete from rate_count where forget_at <= to_timestamp(%s)", (now,))).rowcount


def _place(seconds: float, now: float) -> tuple[int, float]:
    """Return the number of the window and which share of it is still to come."""
    return int(now // seconds), 1 - now % seconds / seconds
