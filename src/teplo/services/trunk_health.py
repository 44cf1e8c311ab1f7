"""How many trunks stand well, for whoever watches the installation: numbers only, kept by every process that serves."""

import asyncio
from typing import Final

import structlog

from ..clock import Clock
from ..storage import trunks
from ..storage.db import Database, Unavailable
from ..storage.trunks import Counts

log = structlog.get_logger()

_EVERY: Final = 5.0
_STALE: Final = 20.0
"""Seconds after which what was read last is not told any more."""


class TrunkHealth:
    """The counts of a moment ago. Asking costs nothing, so that anybody may; `run` must be running."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock
        self._read: tuple[float, Counts] | None = None

    @property
    def counts(self) -> Counts | None:
        """How trunks stand; None where the database has not told it for a while."""
        read = self._read
        return read[1] if read is not None and self._clock() - read[0] <= _STALE else None

    async def run(self) -> None:
        """Read again and again; for ever."""
        while True:
            try:
                async with asyncio.timeout(_EVERY), self._db.connection() as conn:
                    self._read = self._clock(), await trunks.counts(conn)
            except (TimeoutError, *Unavailable) as problem:
                log.warning("health.trunks_unknown", error=str(problem).split("\n")[0])
            await asyncio.sleep(_EVERY)
