"""An answer of the database in time, or none."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from ...storage.db import Unavailable

T = TypeVar("T")


async def in_time(group: asyncio.TaskGroup, seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` finds; raise TimeoutError as soon as so many seconds are over, or Unavailable.

    A query that is given up takes its time to end, in `group`. Whether what it had asked for is done is not known.
    """
    answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    async def ask() -> None:
        try:
            found = await work
        except (TimeoutError, *Unavailable) as problem:
            if not answer.done():
                answer.set_exception(problem)
        else:
            if not answer.done():
                answer.set_result(found)

    asking = group.create_task(ask())
    try:
        async with asyncio.timeout(seconds):
            return await answer
    finally:
        asking.cancel()
