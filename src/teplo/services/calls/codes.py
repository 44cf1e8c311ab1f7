"""Codes that an agent dials from a registered phone: the presence, without a desk."""

import asyncio
from typing import Final

import structlog
from uuid_utils import uuid7

from ...channels.voice.media import beeps
from ...channels.voice.sip.session import Session
from ...domain.errors import Refused
from ...storage import phones
from ...storage.db import Unavailable
from .house import House
from .line import CallerLine

log = structlog.get_logger()

PRESENCES: Final = {"*1": "available", "*2": "break", "*0": "offline"}
"""What is dialled, and the presence it declares."""
_TONES_S: Final = 3.0


async def follow(house: House, session: Session) -> None:
    """Do what the code says, tell by tones how that went, hang up. Any other number is refused: 404."""
    presence, agent = PRESENCES.get(session.called.user), house.phones.agent_of(session.source.user)
    if presence is None or agent is None:
        session.reject(404)
        return
    over = asyncio.Event()
    session.on_ended = lambda ended: over.set()
    line = CallerLine(house, session, str(uuid7()))
    try:
        if not await line.open():
            return
        done = await _declare(house, agent, presence)  # also for somebody who hangs up at once
        log.info("phone.code", agent_id=agent, presence=presence, done=done)
        line.leg.play(beeps.done() if done else beeps.refused(), then=over.set)
        async with asyncio.timeout(_TONES_S):
            await over.wait()
    except TimeoutError:
        log.info("phone.tones_not_heard", agent_id=agent)
    finally:
        line.close()


async def _declare(house: House, agent: str, presence: str) -> bool:
    """Declare a presence; who is on line by code works by phone from now on."""
    try:
        if presence == "available":
            async with house.db.transaction() as conn:
                await phones.use(conn, agent, True)
            await house.commands.send("connect", {"agent": agent})
        body = {"agent": agent, "presence": presence, "reason": None, "by": "agent"}
        await house.commands.send("set_presence", body)
    except (Refused, *Unavailable) as problem:
        log.info("phone.code_refused", agent_id=agent, why=str(problem).split("\n")[0])
        return False
    return True
