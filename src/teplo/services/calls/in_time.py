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
    answer, asking = _ask(group, work)
    try:
        async with asyncio.timeout(seconds):
            return await answer
    finally:
        asking.cancel()


def outcome_of(group: asyncio.TaskGroup, work: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
    """Do `work` in `group`, to its end; its result, or TimeoutError or Unavailable, which do not break the group."""
    return _ask(group, work)[0]


def _ask(group: asyncio.TaskGroup, work: Coroutine[Any, Any, T]) -> tuple[asyncio.Future[T], asyncio.Task[None]]:
    answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()

    async def ask() -> None:
        try:
            found = await work
        except (TimeoutError, *Unavailable) as problem:
            if not answer.done():
                answer.set_exception(problem)
                answer.exception()  # seen, even when nobody waits any more
        except BaseException:
            answer.cancel()
            raise
        else:
            if not answer.done():
                answer.set_result(found)

    return answer, group.create_task(ask())
