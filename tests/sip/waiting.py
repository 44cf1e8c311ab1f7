"""Waiting for a condition instead of for a time."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Return as soon as the condition holds; TimeoutError says it never did."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
