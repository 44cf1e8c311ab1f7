"""A database that is away or does not answer costs a caller time, never the call: there is music, and another try."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from math import inf
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from ...storage.db import Unavailable

if TYPE_CHECKING:
    from .call import Call

log = structlog.get_logger()

T = TypeVar("T")

RETRY = 0.5
_LOOK = 0.2
_SILENCE = 1.0
"""Seconds without an answer after which there is music: no answer of a database that is well takes so long."""


def _nothing() -> None:
    return None


async def patiently(
    call: Call,
    work: Callable[[], Coroutine[Any, Any, T | None]],
    *,
    shown: Callable[[], T | None] = _nothing,
    seconds: float = inf,
) -> T:
    """Do `work` until it returns something and return that; while the database is away or slow the caller hears music.

    `work` may be done several times, once beside a time that is not over yet: whether that one is stored is not known.
    `shown` looks at the floor for what `work` was to bring about, which needs no answer of the database. Raises
    Unavailable when it is still away after so many `seconds`.
    """
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while True:
        doing, began = call.beside(work()), loop.time()
        while not doing.done():
            await asyncio.wait([doing], timeout=_LOOK)
            if not doing.done():
                if loop.time() - began >= _SILENCE:
                    call.music()
                if (found := shown()) is not None:
                    return found
        try:
            if (done := doing.result()) is not None:
                return done
        except Unavailable as problem:
            log.warning("call.database_away", call_id=call.id, error=str(problem).split("\n")[0])
            if loop.time() >= until:
                raise
        call.music()
        await asyncio.sleep(RETRY)
        if (found := shown()) is not None:
            return found
