"""Secrets that an installation makes for itself once."""

import base64
import os
from collections.abc import Callable

from .db import Connection


async def get_or_make(conn: Connection, key: str, make: Callable[[], str]) -> str:
    """Return the secret of this name; the first who asks makes it."""
    await conn.execute("insert into installation (key, value) values (%s, %s) on conflict do nothing", (key, make()))
    row = await (await conn.execute("select value from installation where key = %s", (key,))).fetchone()
    assert row is not None
    return str(row[0])


async def recording_key(conn: Connection) -> bytes:
    """Return the key that recordings are sealed with."""
    made = await get_or_make(conn, "recording_key", lambda: base64.b64encode(os.urandom(32)).decode())
    return base64.b64decode(made)
