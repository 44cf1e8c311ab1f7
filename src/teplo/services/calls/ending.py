"""Telling the floor that a line is closed."""

from typing import Literal

from ...domain.errors import Conflict, Refused
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
