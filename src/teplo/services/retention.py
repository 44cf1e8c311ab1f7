"""Deletes what has been kept long enough. One process of the installation does it, in small batches.

Recordings are only condemned here: from then on nobody hears them. The file is removed by the keeper of its folder
(`recording_keeper.py`), which may be on another host.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from ..clock import Clock
from ..storage import audit, config, recordings, retention
from ..storage.db import Connection, Database
from .config_kinds import SETTINGS_ID
from .config_retention import RetentionBody

log = structlog.get_logger()

_PERIOD: Final = 600.0
_BREATH: Final = 0.2
"""Seconds between two batches: others need the disk too."""
DAY: Final = 86_400.0

_Step = Callable[[Connection, float, str, int], Awaitable[int]]


class Retention:
    """Runs in one process of the installation; the caller sees to that.

    The days are counted on the clock of the process, which never jumps: a database server whose date is wrong for an
    hour costs nothing.
    """

    def __init__(self, db: Database, clock: Clock, batch: int = 50) -> None:
        self._db = db
        self._clock = clock
        self._batch = batch

    async def run(self) -> None:
        """Look every ten minutes; for ever."""
        while True:
            while await self.step():
                await asyncio.sleep(_BREATH)
            await asyncio.sleep(_PERIOD)

    async def step(self) -> int:
        """Delete one batch of each kind; return how much there was."""
        async with self._db.connection() as conn:
            item = await config.one(conn, "retention", SETTINGS_ID)
        version = item.version if item and item.active else 0
        rules = RetentionBody.model_validate(item.body if item and item.active else {})
        done = 0
        for name, days in rules.model_dump().items():
            if days is None:
                continue
            before, rule = self._clock() - days * DAY, f"{name}: {days} days, version {version}"
            for step in _STEPS[name]:
                async with self._db.transaction() as conn:
                    count = await step(conn, before, rule, self._batch)
                if count:
                    log.info("retention.deleted", what=step.__name__.strip("_"), count=count, rule=rule)
                done += count
        return done


async def _recordings(conn: Connection, before: float, rule: str, limit: int) -> int:
    return len(await recordings.condemn(conn, before, rule, limit))


async def _threads(conn: Connection, before: float, rule: str, limit: int) -> int:
    return await _told(conn, "thread", await retention.clear_threads(conn, before, rule, limit), rule)


async def _notes(conn: Connection, before: float, rule: str, limit: int) -> int:
    return await _told(conn, "note", await retention.delete_notes(conn, before, limit), rule)


async def _words(conn: Connection, before: float, rule: str, limit: int) -> int:
    return await _told(conn, "survey", await retention.delete_words(conn, before, limit), rule)


async def _numbers(conn: Connection, before: float, rule: str, limit: int) -> int:
    return await _told(conn, "call", await retention.delete_numbers(conn, before, limit), rule)


async def _dialled(conn: Connection, before: float, rule: str, limit: int) -> int:
    return await _told(conn, "dialled", await retention.delete_dialled(conn, before, limit), rule)


async def _callees(conn: Connection, before: float, rule: str, limit: int) -> int:
    return await _told(conn, "callback", await retention.delete_callees(conn, before, limit), rule)


async def _audit(conn: Connection, before: float, rule: str, limit: int) -> int:
    count = await retention.delete_audit(conn, before, 20 * limit)
    if count:
        await audit.add(conn, None, "retention.deleted", "audit", None, {"rule": rule, "count": count})
    return count


async def _told(conn: Connection, kind: str, ids: list[str], rule: str) -> int:
    """Write the audit's lines as the system; notes and words are named by their contacts."""
    if ids:
        await audit.add_many(conn, None, "retention.deleted", ((kind, id) for id in ids), {"rule": rule})
    return len(ids)


_STEPS: dict[str, tuple[_Step, ...]] = {
    "recordings": (_recordings,),
    "texts": (_threads, _notes, _words),
    "numbers": (_numbers, _dialled, _callees),
    "audit": (_audit,),
}
