"""How often somebody may try to sign in: a flood is stopped in this process, a patient guesser by all together."""

import hashlib
import math
import time

from ..clock import Clock
from ..domain.errors import TooMany
from ..storage import rate_counts
from ..storage.db import Connection, Database
from .rates import Limit, Windows


class LoginTries:
    """Counts by name, first in the memory of the process, which costs nothing, then in the database."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._windows = Windows()

    async def spend(self, kind: str, who: str, limit: Limit) -> None:
        """Count one; TooMany("login.too_many")."""
        _refuse(self._windows.hit(kind, who, limit, time.monotonic()))
        async with self._db.connection() as conn:
            _refuse(await rate_counts.hit(conn, _hash(kind, who), *limit, self._clock()))

    async def within(self, kind: str, who: str, limit: Limit) -> None:
        """Refuse who has no try left, without counting one; TooMany("login.too_many")."""
        _refuse(self._windows.wait(kind, who, limit, time.monotonic()))
        async with self._db.connection() as conn:
            _refuse(await rate_counts.wait(conn, _hash(kind, who), *limit, self._clock()))

    async def clear(self, kind: str, who: str, limit: Limit) -> None:
        """Forget what was counted: the right password was among the tries."""
        self._windows.clear(kind, who, limit)
        async with self._db.connection() as conn:
            await rate_counts.clear(conn, _hash(kind, who))

    async def tidy(self, conn: Connection) -> None:
        """Remove what no longer counts, of other things than tries too."""
        await rate_counts.drop_old(conn, self._clock())


def _hash(kind: str, who: str) -> bytes:
    return hashlib.sha256(f"{kind}:{who}".encode("utf-8", "surrogatepass")).digest()


def _refuse(wait: float) -> None:
    if wait > 0:
        raise TooMany("login.too_many", retry_after=max(1, math.ceil(wait)))
