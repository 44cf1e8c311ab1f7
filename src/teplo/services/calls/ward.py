"""Watches over voice workers: when one is gone its calls are ended and their agents are free."""

import asyncio

import structlog

from ...storage import calls
from ...storage.db import Database
from ..commands import Commands
from .ending import tell_end

log = structlog.get_logger()

UNSEEN = 3.0
"""Seconds after which a worker that was not seen is forgotten."""
PATIENCE = 4.0
"""Seconds for which a call must be without a worker. The table of workers is empty after a crash of the database, and
those that live need a moment to say so: their calls go on."""


async def watch(db: Database, commands: Commands) -> None:
    """End the calls of workers that are gone; for ever. Runs in one process of the installation."""
    clock = asyncio.get_running_loop().time
    since: dict[str, float] = {}
    while True:
        async with db.transaction() as conn:
            await calls.drop_dead(conn, UNSEEN)
            lost = await calls.orphans(conn, UNSEEN)
        now = clock()
        since = {call: since.get(call, now) for call, _ in lost}
        for call, contact in lost:
            if now - since[call] < PATIENCE:
                continue
            if contact is not None and not await tell_end(commands, contact, "system"):
                continue
            async with db.transaction() as conn:
                await calls.end(conn, call, "worker_lost")
            log.warning("call.worker_lost", call_id=call, contact_id=contact)
        await asyncio.sleep(1.0)
