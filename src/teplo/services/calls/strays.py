"""Calls that are written down for a worker which does not carry them: they are closed, and the floor is told.

A worker that is refused an answer by the database cannot know whether what it asked for was done, or still will be. It
refuses the call, dials nothing, and looks here again and again whether a row has appeared all the same.
"""

import asyncio
from collections.abc import Callable

import structlog

from ...storage import calls
from ...storage.db import Database, Unavailable
from ..commands import Commands
from .ward import let_go

log = structlog.get_logger()

NOT_CARRIED = "not_carried"
"""Why such a call is over: its worker lives, and its set-up came to nothing."""
PATIENCE = 10.0
"""Seconds for which a call must be without its worker's knowledge: whatever is on its way arrives sooner."""
_LOOK = 2.0
_SECONDS_TO_LOOK = 20.0


async def close_strays(db: Database, commands: Commands, node: str, carries: Callable[[str], bool]) -> None:
    """End the open calls of this worker that it does not carry; for ever. To close a call again is no news."""
    clock = asyncio.get_running_loop().time
    since: dict[str, float] = {}
    while True:
        await asyncio.sleep(_LOOK)
        try:
            async with asyncio.timeout(_SECONDS_TO_LOOK):
                async with db.connection() as conn:
                    written = await calls.open_at(conn, node)
                now = clock()
                since = {call: since.get(call, now) for call, _ in written if not carries(call)}
                for call, contact in written:
                    if now - since.get(call, now) >= PATIENCE:
                        await _close(db, commands, call, contact)
        except (TimeoutError, *Unavailable) as problem:
            log.warning("voice.strays_wait", error=str(problem).split("\n")[0])


async def _close(db: Database, commands: Commands, call: str, contact: str | None) -> None:
    if contact is not None and not await let_go(db, commands, call, contact):
        return  # it is not certain that the floor has heard it: at the next look
    async with db.transaction() as conn:
        await calls.end(conn, call, NOT_CARRIED)
    log.warning("call.not_carried", call_id=call, contact_id=contact)
