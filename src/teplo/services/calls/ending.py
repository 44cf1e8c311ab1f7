"""Telling the floor that a line is closed, and how a dial went."""

from typing import Literal

from ...domain.errors import Conflict, Refused
from ...storage import callbacks
from ...storage.db import Database
from ..commands import Commands


async def tell_end(commands: Commands, contact: str, by: Literal["subscriber", "system"]) -> bool:
    """End a contact whose line is closed; False when it is not certain yet that the floor has heard it.

    May be repeated: a contact that has ended meanwhile is well ended. `system`: the line broke.
    """
    body = {"contact": contact, "by": by}
    if by == "system":
        body["reason"] = "line_lost"
    try:
        await commands.send("end", body)
    except Conflict as refused:
        return refused.code != "command.unconfirmed"
    except Refused:
        return True
    return True


async def tell_dialled(db: Database, commands: Commands, contact: str, attempt: int, outcome: str) -> bool:
    """Write down how an attempt to call back went and tell the floor; False when it is not certain yet that it knows.

    May be repeated: of an attempt that is over the floor takes no further news. Raises Unavailable.
    """
    async with db.transaction() as conn:
        await callbacks.dialled(conn, contact, attempt, outcome)
        body = {"contact": contact, "attempt": attempt, "outcome": outcome}
        command = await commands.send_in(conn, "dialled", body)
    try:
        await commands.result(command)
    except Conflict as refused:
        return refused.code != "command.unconfirmed"
    except Refused:
        return True
    return True
