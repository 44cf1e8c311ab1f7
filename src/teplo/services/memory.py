"""Python's collector of cycles, kept from stopping a process with thousands of sockets for half a second at a time.

A full collection visits every object that lives, and everybody waits for it. By itself it comes every few seconds while
sockets come and go. Here what the program itself consists of is left out for ever, what is young is looked through
every second, which takes some milliseconds, and the old every two minutes: what cycles hold until then is little.
"""

import asyncio
import gc
import itertools
import time
from typing import Final

import structlog

log = structlog.get_logger()

_MIDDLE: Final = 20
_FULL: Final = 120
_SLOW: Final = 0.5


async def collect_in_time() -> None:
    """Collect the young every second, the old every two minutes, and never in between; for ever."""
    gc.collect()
    gc.freeze()
    usual = gc.get_threshold()
    gc.set_threshold(20_000, 50, 1_000_000)
    try:
        for second in itertools.count(1):
            await asyncio.sleep(1.0)
            began = time.perf_counter()
            gc.collect(2 if second % _FULL == 0 else 1 if second % _MIDDLE == 0 else 0)
            if (took := time.perf_counter() - began) > _SLOW:
                log.info("memory.collected", seconds=round(took, 3))
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
