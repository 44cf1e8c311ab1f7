"""Whether somebody speaks on a line, told by the loudness of its frames against the noise that is always there."""

from typing import Final

import numpy as np

from .g711 import FRAME_S, Samples

_LOWEST: Final = 150.0
"""RMS below which nothing is speech (-47 dBFS)."""
_HIGHEST: Final = 1000.0
"""RMS from which everything is (-30 dBFS): a steady loud sound is no noise of a line."""
_OVER_NOISE: Final = 2.5
_RISE: Final = 1.004
"""By how much the measure of the noise may grow in a frame: about 1.7 dB a second."""


class Speech:
    """Fed with every frame of a line, in order. Seconds are those of the line, from the first frame on."""

    def __init__(self) -> None:
        self._noise = _LOWEST / _OVER_NOISE
        self._frames = 0
        self._voiced = 0
        self._last = 0

    def feed(self, frame: Samples) -> None:
        """Take 20 ms."""
        self._frames += 1
        loud = float(np.sqrt(np.mean(np.square(frame, dtype=np.float64)))) if len(frame) else 0.0
        if loud > min(_HIGHEST, max(_LOWEST, _OVER_NOISE * self._noise)):
            self._voiced += 1
            self._last = self._frames
        self._noise = min(max(loud, 1.0), self._noise * _RISE)

    @property
    def seconds(self) -> float:
        """How long was listened."""
        return self._frames * FRAME_S

    @property
    def spoken(self) -> float:
        """Seconds in which somebody spoke."""
        return self._voiced * FRAME_S

    @property
    def until(self) -> float:
        """When the last word ended; 0.0 where there was none."""
        return self._last * FRAME_S

    @property
    def quiet(self) -> float:
        """Seconds since the last word, or since the beginning."""
        return (self._frames - self._last) * FRAME_S
