"""Building the floor from the log: newest snapshot, then the facts after it."""

import structlog

from ..domain.floor import Floor
from ..domain.floor_dump import FORMAT
from ..storage import events, snapshots
from ..storage.db import Connection

log = structlog.get_logger()

_BATCH = 2000
"""Small enough that the process does other things between: the lease is renewed meanwhile."""


async def rebuild(conn: Connection) -> tuple[Floor, int]:
    """Return the floor folded up to the newest fact and the seq of that fact."""
    found = await snapshots.newest(conn, FORMAT)
    floor, seq = (Floor.load(found[1]), found[0]) if found else (Floor(), 0)
    began = seq
    while batch := await events.after(conn, seq, _BATCH):
        for number, event in batch:
            if number != seq + 1:
                log.error("log.gap", expected=seq + 1, found=number)
            floor.apply(event)
            seq = number
    log.info("floor.rebuilt", snapshot=began, seq=seq, contacts=len(floor.contacts), agents=len(floor.agents))
    return floor, seq
