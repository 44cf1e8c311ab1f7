"""Who hears whom: the hear sets of a call, settled from how it stands.

There are two circles. In the first stand the subscriber and everybody who was brought together with them; in the second
those with whom the agent speaks alone. The agent stands in one of them: in the second while the subscriber is held. Who
has nobody to hear gets music. A supervisor hears everybody; whispering reaches the agent alone, joining in reaches the
first circle.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ...channels.voice import prompts
from ...channels.voice.media.leg import Leg
from .guests import Guest


@dataclass(frozen=True, slots=True)
class Hearing:
    """Whom each leg hears; `waiting` are those who get music."""

    hear: dict[Leg, set[Leg]]
    waiting: set[Leg]

    def apply(self) -> None:
        """Let it be heard: whoever waits gets music, for all others it ends."""
        for leg, heard in self.hear.items():
            if leg.hear != heard:
                leg.hear = heard
            if leg in self.waiting:
                if leg.playing is None:
                    leg.play(prompts.music(), loop=True)
            elif heard and leg.playing is not None:
                leg.stop_playing()


def settle(caller: Leg, agent: Leg | None, guests: Iterable[Guest], *, held: bool) -> Hearing:
    """Return the hear sets; `agent` is None while the agent's audio is not there."""
    here = [(guest, leg) for guest in guests if (leg := guest.leg) is not None]
    joined = {leg for guest, leg in here if guest.kind != "supervisor" and not guest.private}
    alone = {leg for guest, leg in here if guest.kind != "supervisor" and guest.private}
    watching = [(guest, leg) for guest, leg in here if guest.kind == "supervisor"]
    barging = {leg for guest, leg in watching if guest.mode == "barge"}
    whispering = {leg for guest, leg in watching if guest.mode == "whisper"}
    first = {caller} | joined
    if agent is not None and not held:
        first |= {agent}
    second = alone | ({agent} if agent is not None and held else set())
    # A supervisor alone is nobody to talk with: who waits goes on hearing music.
    speaking = first | barging if len(first) > 1 else first
    hear = {leg: speaking - {leg} for leg in first}
    hear |= {leg: (second - {leg} if agent in second else set()) for leg in second}
    if agent is not None:
        hear[agent] = hear[agent] | whispering
    everybody = first | second
    hear |= {leg: (everybody | barging) - {leg} for _, leg in watching}
    waiting = {leg for leg in everybody if not hear[leg] and leg is not agent}
    return Hearing(hear, waiting)


def quality(agent: Leg, caller: Leg) -> dict[str, Any]:
    """Return the figures of a line as the agent's page is told them: of the own audio, and the caller's grade of it."""
    here, there = agent.stats(), caller.stats()
    return {
        "type": "quality",
        "loss": here.loss_pct / 100,
        "jitter_ms": here.jitter_ms,
        "rtt_ms": here.round_trip_ms,
        "mos": here.mos,
        "caller_mos": there.mos,
    }
