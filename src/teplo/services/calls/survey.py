"""After the talk: one question, one key from 1 to 5."""

import structlog

from ...channels.voice import prompts
from ...channels.voice.media.leg import Leg
from ...domain.events import ContactEnded
from ...storage import standing
from ...storage.db import Unavailable
from . import voice
from .house import House

log = structlog.get_logger()

_SECONDS = 8.0
_TRIES = 2


async def grade(house: House, leg: Leg, ended: ContactEnded, language: str) -> int | None:
    """Ask for the grade of an ended contact and keep it; return it, None where the subscriber says nothing."""
    question = "survey"
    for _ in range(_TRIES):
        key = await voice.ask(leg, [prompts.prompt(question, language)], "12345", _SECONDS)
        if key is None:
            return None
        if key:
            await _keep(house, ended, int(key))
            await voice.say(leg, [prompts.prompt("survey_thanks", language)])
            return int(key)
        question = "survey_invalid"
    return None


async def _keep(house: House, ended: ContactEnded, given: int) -> None:
    try:
        async with house.db.transaction() as conn:
            if not await standing.add_grade(conn, ended.contact, given, None):
                return
            body = {"contact": ended.contact, "agent": ended.agent, "queue": ended.queue, "grade": given}
            house.commands.forget(await house.commands.send_in(conn, "grade", body))
    except Unavailable as problem:
        log.warning("call.grade_lost", contact_id=ended.contact, error=str(problem).split("\n")[0])
