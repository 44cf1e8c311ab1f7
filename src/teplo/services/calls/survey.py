"""After the talk: one question, one key from 1 to 5."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from ...channels.voice import prompts
from ...domain.events import ContactEnded
from ...storage import standing
from ...storage.db import Unavailable
from . import voice
from .house import House

if TYPE_CHECKING:
    from .call import Call

log = structlog.get_logger()

_SECONDS = 8.0
_TRIES = 2
_PAUSES = (1.0, 2.0, 5.0, 10.0)
"""Seconds after each try to store a grade that the database did not take."""


async def grade(call: Call, ended: ContactEnded) -> int | None:
    """Ask for the grade of an ended contact and keep it; return it, None where the subscriber says nothing."""
    leg, language, question = call.leg, call.language, "survey"
    for _ in range(_TRIES):
        key = await voice.ask(leg, [prompts.prompt(question, language)], "12345", _SECONDS)
        if key is None:
            return None
        if key:
            call.beside(_keep(call, ended, int(key)))  # nobody waits for a slow database to be thanked
            await voice.say(leg, [prompts.prompt("survey_thanks", language)])
            return int(key)
        question = "survey_invalid"
    return None


async def _keep(call: Call, ended: ContactEnded, given: int) -> None:
    """Store a grade once, tried for a while."""
    for pause in _PAUSES:
        try:
            await _store(call.house, ended, given)
            return
        except Unavailable as problem:
            log.warning("call.grade_waits", contact_id=ended.contact, error=str(problem).split("\n")[0])
            await asyncio.sleep(pause)
    log.error("call.grade_lost", contact_id=ended.contact)


async def _store(house: House, ended: ContactEnded, given: int) -> None:
    async with house.db.transaction() as conn:
        if not await standing.add_grade(conn, ended.contact, given, None):
            return
        body = {"contact": ended.contact, "agent": ended.agent, "queue": ended.queue, "grade": given}
        house.commands.forget(await house.commands.send_in(conn, "grade", body))
