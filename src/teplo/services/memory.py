"""Python's collector of cycles, kept from stopping a process with thousands of sockets for half a second at a time.

A full collection visits every object that lives, and everybody waits for it. By itself it comes every few seconds while
sockets come and go. Here the young are looked through every second and the middle-aged every five, which takes some
milliseconds; what has lived for two minutes is looked through once and then set aside. Twice an hour everything is.
Nothing that comes and goes by the thousand is in a cycle, so what waits until then is little.
"""

import asyncio
import gc
import itertools
import time
from typing import Final

import structlog

log = structlog.get_logger()

_MIDDLE: Final = 5
_OLD: Final = 120
_ALL: Final = 1800
_SLOW: Final = 0.5


async def collect_in_time() -> None:
    """Collect the young every second, the old every two minutes, all twice an hour, never in between; for ever."""
    gc.collect()
    gc.freeze()
    usual = gc.get_threshold()
    gc.set_threshold(20_000, 50, 1_000_000)
    try:
        for second in itertools.count(1):
            await asyncio.sleep(1.0)
            began = time.perf_counter()
            if second % _ALL == 0:
                gc.unfreeze()
            if second % _OLD == 0:
                gc.collect()
                gc.freeze()
            else:
                gc.collect(1 if second % _MIDDLE == 0 else 0)
            if (took := time.perf_counter() - began) > _SLOW:
                log.info("memory.collected", seconds=round(took, 3))
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
