"""Watches over voice workers: when one is gone its calls are ended, their agents are free, its messages are kept."""

import asyncio

import structlog

from ...storage import callbacks, calls, voicemails
from ...storage.db import Database
from ..commands import Commands
from .ending import tell_dialled, tell_end, tell_voicemail

log = structlog.get_logger()

UNSEEN = 3.0
"""Seconds after which a worker that was not seen is forgotten."""
PATIENCE = 4.0
"""Seconds for which a call must be without a worker that was forgotten here."""
SETTLE = 10.0
"""Seconds after a start of this watch, or the return of a lost database, in which no worker is forgotten: those that
live may not have been able to say so."""
CRASHED = 20.0
"""Seconds for a worker that is not in the table and was not forgotten here. The table is empty after a crash of the
database; the calls go on meanwhile, and on a busy machine it takes a while until every worker is connected again."""


async def watch(db: Database, commands: Commands) -> None:
    """End the calls of workers that are gone; for ever. Runs in one process of the installation."""
    clock = asyncio.get_running_loop().time
    began = clock()
    since: dict[str, float] = {}
    dead: set[str] = set()
    while True:
        async with db.transaction() as conn:
            if clock() - began >= SETTLE:
                dead.update(await calls.drop_dead(conn, UNSEEN))
            lost = await calls.orphans(conn, UNSEEN)
        now = clock()
        since = {call: since.get(call, now) for call, _, _ in lost}
        for call, contact, node in lost:
            if now - since[call] < (PATIENCE if node in dead else CRASHED):
                continue
            if contact is not None and not await let_go(db, commands, call, contact):
                continue
            async with db.transaction() as conn:
                await calls.end(conn, call, "worker_lost")
            log.warning("call.worker_lost", call_id=call, contact_id=contact)
        async with db.connection() as conn:
            messages = await voicemails.forgotten(conn, UNSEEN)
        for contact in messages:
            log.warning("voicemail.worker_lost", contact_id=contact)
            await tell_voicemail(db, commands, contact, None)
        await asyncio.sleep(1.0)


async def let_go(db: Database, commands: Commands, call: str, contact: str) -> bool:
    """Tell the floor that a line is gone; False when it is not certain yet that the floor has heard it."""
    async with db.connection() as conn:
        dial = await callbacks.attempt_of(conn, call)
        waits = await callbacks.is_open(conn, contact)
        message = await voicemails.of_call(conn, call)
    if message:
        return True  # it is a contact already, or becomes one now that the call is over
    if dial is not None and dial[1] is None:
        return await tell_dialled(db, commands, contact, dial[0], "worker_lost")
    if waits and not (dial is not None and dial[1] == "reached"):
        return True  # the subscriber has hung up and is to be called back: the place is kept
    return await tell_end(commands, contact, "system")
