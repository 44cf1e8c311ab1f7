"""What a person makes of the sound in the receiver: somebody speaks, somebody has finished, nobody is there."""

import asyncio

import numpy as np

from ..channels.voice.media.g711 import Samples
from ..channels.voice.media.leg import Leg

_LOUD = 150.0
"""RMS of a 20 ms frame that is a voice or music; hold music never falls below."""
_SPEECH = 8
"""Loud frames since the last turn that are more than a click."""
_PAUSE = 35
"""Quiet frames (0.7 s) after which somebody has finished: inside a sentence nobody is silent for so long."""


class Hearing(Leg):
    """Listens to legs. Music has no pauses: a pause after it is a person who waits for one to speak."""

    def __init__(self, *legs: Leg) -> None:
        super().__init__("hearing")
        self.hear = set(legs)
        self.quiet = 0
        """Quiet frames in a row, up to now."""
        self.loud = 0
        """Loud frames since the last `turn`."""
        self.frames = 0
        self._heard = asyncio.Event()

    def push(self, frame: Samples) -> None:
        """Take 20 ms."""
        samples = frame.astype(np.float32)
        if float(np.dot(samples, samples)) > _LOUD * _LOUD * len(samples):
            self.quiet = 0
            self.loud += 1
        else:
            self.quiet += 1
        self.frames += 1
        if self.quiet == _PAUSE:
            self._heard.set()

    async def turn(self, seconds: float) -> bool:
        """Wait until somebody has spoken and finished, or it is quiet after music; False where nobody did in time."""
        try:
            async with asyncio.timeout(seconds):
                while self.loud < _SPEECH or self.quiet < _PAUSE:
                    self._heard.clear()
                    await self._heard.wait()
        except TimeoutError:
            return False
        finally:
            self.loud = 0
        return True
