"""Open sessions in the memory of a process, so that a request costs no query for who asks.

A session is kept only while this process would hear of its end: whoever closes one, or changes a person, says so at
commit (`people.CHANNEL`). Once a minute each session in use is read anew all the same.
"""

import asyncio
from typing import Final

import structlog

from ..storage import people
from ..storage.db import Database, Unavailable
from ..storage.people import OpenSession

log = structlog.get_logger()

_KEPT: Final = 20_000


class KnownSessions:
    """Sessions by the hash of their token. Without `run`, or while the database is away, nothing is kept."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._open: dict[bytes, OpenSession] = {}
        self._changes = 0
        self.hearing = asyncio.Event()
        """Set while sessions are kept."""

    def get(self, token_hash: bytes) -> OpenSession | None:
        """Return a session that is known to be open."""
        return self._open.get(token_hash)

    async def read(self, token_hash: bytes) -> OpenSession | None:
        """Read a session from the database and keep it."""
        changes = self._changes
        async with self._db.connection() as conn:
            found = await people.session(conn, token_hash)
        self._open.pop(token_hash, None)
        unchanged = self.hearing.is_set() and changes == self._changes
        if found is not None and unchanged:  # else it may have ended while we read
            if len(self._open) >= _KEPT:
                self._open.clear()
            self._open[token_hash] = found
        return found

    def drop(self, token_hash: bytes) -> None:
        """Read this session anew the next time."""
        self._open.pop(token_hash, None)

    def forget(self, person: str) -> None:
        """Something changed about a person: read the sessions anew."""
        self._changes += 1
        self._open = {token: session for token, session in self._open.items() if session.person != person}

    async def run(self) -> None:
        """Hear what changes; for ever."""
        while True:
            try:
                await self._hear()
            except Unavailable as problem:
                log.warning("sessions.database_away", error=str(problem).split("\n")[0])
            await asyncio.sleep(0.2)

    async def _hear(self) -> None:
        conn = await self._db.dedicated("sessions")
        try:
            await conn.execute(f"listen {people.CHANNEL}".encode())
            self.hearing.set()
            async for note in conn.notifies():
                self.forget(note.payload)
        finally:
            self.hearing.clear()
            self._open.clear()
            self._changes += 1
            await conn.close()
