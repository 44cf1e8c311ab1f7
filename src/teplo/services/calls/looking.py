"""Looking at the floor again and again: at once after news, and once a second all the same."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from ...storage.db import Unavailable

log = structlog.get_logger()

_LOOK = 1.0
_SECONDS_TO_LOOK = 10.0
"""A look that takes longer waits for an answer that does not come: what it had begun is closed as a stray."""


async def keep_looking(news: asyncio.Event, look: Callable[[asyncio.TaskGroup], Awaitable[None]]) -> None:
    """Call `look` for ever, with the group in which it starts what it finds; a database that is away is waited for."""
    async with asyncio.TaskGroup() as group:
        while True:
            try:
                async with asyncio.timeout(_LOOK):
                    await news.wait()
            except TimeoutError:
                pass
            news.clear()
            try:
                async with asyncio.timeout(_SECONDS_TO_LOOK):
                    await look(group)
            except (TimeoutError, *Unavailable) as problem:
                log.warning("callback.database_away", error=str(problem).split("\n")[0])
