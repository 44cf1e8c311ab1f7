"""Telling the floor that a line is closed, and how a dial went."""

import asyncio
from collections.abc import Callable
from typing import Final, Literal

import structlog

from ...domain.errors import Conflict, Refused
from ...storage import callbacks, calls, voicemails
from ...storage.db import Database, Unavailable
from ..commands import Commands

log = structlog.get_logger()

LINE_LOST: Final = "line_lost"
"""Why a contact has ended whose line we have lost: the worker is gone or failed."""
_RETRY: Final = 0.5


async def tell_end(
    commands: Commands, contact: str, by: Literal["subscriber", "system"], reason: str = LINE_LOST
) -> bool:
    """End a contact whose line is closed; False when it is not certain yet that the floor has heard it.

    May be repeated: a contact that has ended meanwhile is well ended. `reason` goes with `system`.
    """
    body = {"contact": contact, "by": by}
    if by == "system":
        body["reason"] = reason
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


async def tell_voicemail(db: Database, commands: Commands, contact: str, seconds: float | None) -> bool:
    """Make a message a contact, once, whoever asks; `seconds`: its length where it is known. Raises Unavailable.

    False where the floor does not take it (its queue is gone): that is logged.
    """
    async with db.transaction() as conn:
        arrival = await voicemails.take(conn, contact)
        if arrival is None:
            return True
        command = await commands.send_in(conn, "arrive", {**arrival, "voicemail": {"seconds": seconds}})
    try:
        await commands.result(command)
    except Refused as refused:
        if refused.code == "command.unconfirmed":
            return True  # it is stored and will be decided
        log.error("voicemail.refused", contact_id=contact, code=refused.code)
        return False
    return True


async def write_end(db: Database, call: str, why: str, stopping: Callable[[], bool]) -> None:
    """Write down that a call is over; tried until it is, or the worker stops: then the ward does it."""
    while True:
        try:
            async with db.transaction() as conn:
                await calls.end(conn, call, why)
            return
        except Unavailable:
            if stopping():
                return
            await asyncio.sleep(_RETRY)
