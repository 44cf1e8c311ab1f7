"""Watches over voice workers: when one is gone its calls are ended and their agents are free."""

import asyncio

import structlog

from ...storage import calls
from ...storage.db import Database
from ..commands import Commands
from .ending import tell_end

log = structlog.get_logger()

LIMIT = 4.0
"""Seconds after which a worker that was not seen carries nothing."""


async def watch(db: Database, commands: Commands) -> None:
    """End the calls of workers that are gone; for ever. Runs in one process of the installation."""
    while True:
        async with db.transaction() as conn:
            await calls.drop_dead(conn, LIMIT)
            lost = await calls.orphans(conn, LIMIT)
        for call, contact in lost:
            if contact is not None and not await tell_end(commands, contact, "system"):
                continue
            async with db.transaction() as conn:
                await calls.end(conn, call, "worker_lost")
            log.warning("call.worker_lost", call_id=call, contact_id=contact)
        await asyncio.sleep(1.0)
