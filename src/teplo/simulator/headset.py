"""A simulated agent's headset: takes the worker's offer while the desk rings, then talks as people do on a phone."""

import asyncio
import random

import structlog

from ..channels.voice.media.mixer import Mixer
from ..channels.voice.sdp import SdpError
from .browser import BrowserEnd
from .desk import DeskClient
from .hearing import Hearing
from .voices import AGENT, say
from .wire import new_id

log = structlog.get_logger()

_OFFER = 10.0
"""Seconds for the worker's offer, and then for the keys."""
_LONGEST_TURN = 12.0
"""Seconds after which an agent goes on although nobody said anything."""


class Headset:
    """The audio of one agent; one call at a time."""

    def __init__(self, desk: DeskClient, mixer: Mixer, dice: random.Random, pace: float) -> None:
        self._desk = desk
        self._mixer = mixer
        self._dice = dice
        self._pace = pace
        self._tab = new_id()
        self._leg: BrowserEnd | None = None
        self._hearing: Hearing | None = None

    @property
    def on(self) -> bool:
        """Whether there is audio now."""
        return self._leg is not None

    async def put_on(self, contact: str) -> bool:
        """Have audio with the subscriber; False where that could not be had."""
        self.take_off()
        self._desk.calls.clear()
        try:
            await self._desk.signal(contact, self._tab, {"type": "join"})
            offer = await self._desk.wait_for(lambda _: self._offer(contact), _OFFER)
            assert offer is not None
            leg = self._leg = await BrowserEnd(offer["sdp"]).open()
            answer = {"type": "answer", "leg": offer["leg"], "sdp": leg.answer}
            await self._desk.signal(contact, self._tab, answer)
            async with asyncio.timeout(_OFFER):
                await leg.connected.wait()
        except (TimeoutError, SdpError, OSError) as error:
            log.info("simulator.no_audio", error=repr(error))
            self.take_off()
            return False
        self._hearing = Hearing(leg)
        self._mixer.add(leg)
        self._mixer.add(self._hearing)
        return True

    async def talk(self) -> None:
        """Greet, listen, look it up, ask, solve, say goodbye: each after the other side has finished."""
        await asyncio.sleep(self._dice.uniform(0.4, 1.0))
        for line in AGENT:
            if self._leg is None or self._hearing is None:
                return
            await say(self._leg, line)
            await self._hearing.turn(_LONGEST_TURN)
            await asyncio.sleep(self._dice.uniform(0.5, 8.0) * self._pace)  # looks something up

    def take_off(self) -> None:
        """The talk is over; may be called twice."""
        if self._hearing is not None:
            self._mixer.remove(self._hearing)
            self._hearing = None
        if self._leg is not None:
            self._mixer.remove(self._leg)
            self._leg.close()
            self._leg = None

    def _offer(self, contact: str) -> dict[str, str] | None:
        for frame in reversed(self._desk.calls):
            if (frame["contact"], frame["tab"], frame["signal"]["type"]) == (contact, self._tab, "offer"):
                found: dict[str, str] = frame["signal"]
                return found
        return None
