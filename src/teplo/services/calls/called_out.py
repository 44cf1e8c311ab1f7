"""An agent calls a subscriber out: it rings, both talk; nobody is graded for it."""

from __future__ import annotations

import structlog

from ...channels.voice import prompts
from ...domain import events as e
from ...domain.together import HANDED_OUTSIDE
from ...storage import dialled
from ...storage.db import Unavailable
from .. import dialling
from . import voice
from .dialled import Dialled

log = structlog.get_logger()


class CalledOut(Dialled):
    """A call out from its first ring to the end. Whoever answers is the person: the agent hears who it is."""

    async def _person(self) -> str:
        """The recording is announced first where the rules say so; the agent hears the line meanwhile."""
        self._wake.set()
        if await self._announced():
            await voice.say(self.leg, [prompts.prompt("recording_notice", self.language)])
        return "reached"

    async def _announced(self) -> bool:
        try:
            async with self._house.db.connection() as conn:
                return (await dialling.rules(conn)).recording_notice
        except Unavailable as problem:
            log.warning("call.notice_unknown", error=str(problem).split("\n")[0])
            return True

    def _hears_line(self) -> bool:
        return super()._hears_line() or self._called.out.state == "talking"

    async def _after_dial(self, outcome: str) -> None:
        try:
            async with self._house.db.transaction() as conn:
                await dialled.outcome(conn, self._attempt.contact, outcome)
        except Unavailable as problem:
            log.warning("call.dial_outcome_lost", error=str(problem).split("\n")[0])

    async def _after(self, ended: e.ContactEnded) -> None:
        if ended.reason == HANDED_OUTSIDE:
            await super()._after(ended)
