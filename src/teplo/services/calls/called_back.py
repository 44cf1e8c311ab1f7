"""A callback: an agent has accepted it, the subscriber is called, presses a key, and both talk."""

from __future__ import annotations

from ...channels.voice import prompts
from . import voice
from .dialled import Dialled

_KEY_SECONDS = 4.0
_GREETINGS = 2


class CalledBack(Dialled):
    """A callback from its dial to the grade."""

    async def _person(self) -> str:
        """An answering machine presses no key."""
        found = self.found
        greeting = "message_callback" if found is not None and found.absent else "callback_greeting"
        said = [prompts.prompt(greeting, self.language), prompts.prompt("recording_notice", self.language)]
        for _ in range(_GREETINGS):
            key = await voice.ask(self.leg, said, "12", _KEY_SECONDS)
            if key:
                return "reached" if key == "1" else "refused"
        return "no_person"

    async def _after_dial(self, outcome: str) -> None:
        if outcome == "refused":
            await voice.say(self.leg, [prompts.prompt("callback_refused", self.language)])
