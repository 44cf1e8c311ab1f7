"""Sounds of uploaded prompts: G.711 A-law by content hash; which of them are in force says the configuration."""

from collections.abc import Collection

from .db import Connection


async def keep(conn: Connection, hash: str, sound: bytes) -> None:
    """Keep a sound; the same content is kept once."""
    await conn.execute(
        "insert into prompt_sound (hash, sound) values (%s, %b) on conflict (hash) do nothing", (hash, sound)
    )


async def known(conn: Connection, hash: str) -> bool:
    """Tell whether there is a sound of this hash."""
    row = await (await conn.execute("select exists (select from prompt_sound where hash = %s)", (hash,))).fetchone()
    return row is not None and bool(row[0])


async def sounds(conn: Connection, hashes: Collection[str]) -> dict[str, bytes]:
    """Return hash -> A-law bytes of those that exist."""
    cursor = conn.cursor(binary=True)
    await cursor.execute("select hash, sound from prompt_sound where hash = any(%s)", (list(hashes),))
    return {hash: bytes(sound) for hash, sound in await cursor.fetchall()}


async def in_force(conn: Connection) -> dict[str, str]:
    """Return the id of each prompt that was replaced or added, and the hash of its sound."""
    cursor = await conn.execute("select id, body->>'sound' from config_item where kind = 'prompt' and active")
    return dict(await cursor.fetchall())
