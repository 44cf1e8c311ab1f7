"""Work that exactly one process of the installation does at a time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog

from ..storage.db import Database, Unavailable
from ..storage.locks import hold_lock

log = structlog.get_logger()


async def run_alone(db: Database, name: str, work: Callable[[], Coroutine[Any, Any, None]], pause: float = 1.0) -> None:
    """Run `work` in one process only, for ever; another process takes over when this one dies.

    The lock lives as long as its connection. `work` that fails is logged and started again after `pause` seconds.
    """
    while True:
        try:
            async with hold_lock(db, name) as lost:
                async with asyncio.TaskGroup() as group:
                    group.create_task(lost())
                    await work()
                    raise _Finished
        except* _Finished:
            pass
        except* Unavailable as problem:
            log.warning("job.database_away", job=name, error=str(problem.exceptions[0]).split("\n")[0])
        except* Exception as problem:  # the border of a job
            log.error("job.failed", job=name, exc_info=problem.exceptions[0])
        await asyncio.sleep(pause)


class _Finished(Exception):
    pass
