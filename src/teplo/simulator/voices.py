"""What simulated people say aloud: sentences recorded once (tools/prompts.py)."""

import asyncio
from functools import cache
from importlib.resources import as_file, files

from ..channels.voice import prompts
from ..channels.voice.media.leg import Leg, Sound

MATTERS = {"balance": "11", "internet": "12", "tariff": "13", "stolen": "9"}
"""The question of somebody who calls -> the keys of the demo's menu that lead there (the first 1 is for Russian)."""
REPLIES = ("since", "thanks")
"""What the same person says then."""
AGENT = ("agent_hello", "agent_look", "agent_when", "agent_done", "agent_bye")
"""What an agent says, one after the other."""


@cache
def voice(name: str) -> Sound:
    """Return a sentence by name."""
    with as_file(files(__package__) / "audio" / f"{name}.wav") as path:
        return prompts.read(path)


async def say(leg: Leg, name: str) -> None:
    """Speak a sentence into a leg that sends what it hears; return when it is said."""
    sound = voice(name)
    leg.play(sound)
    await asyncio.sleep(sound.seconds)
