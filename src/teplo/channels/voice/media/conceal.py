"""Concealment of lost frames by repeating the last pitch period (the idea of ITU-T G.711, appendix I)."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from .g711 import FRAME, Law, Samples

_SHORTEST, _LONGEST = 40, 160
"""Pitch periods looked at, samples: 200 to 50 Hz."""
_HISTORY = 3
_GAINS = (1.0, 1.0, 0.6, 0.2, 0.0)
_MEND = 40
_STEPS = np.arange(FRAME)
_FADE_IN: NDArray[np.float32] = np.linspace(0, 1, _MEND, dtype=np.float32)


class Concealer:
    """Remembers the last good payloads of one leg; makes up what is missing, and joins it to what comes after."""

    __slots__ = ("_cycle", "_last", "_made", "_phase")

    def __init__(self) -> None:
        self._last: tuple[bytes, ...] = ()
        self._cycle: NDArray[np.float32] | None = None
        self._phase = 0
        self._made = 0

    def good(self, payload: bytes, law: Law) -> bytes | Samples:
        """Return what to play for a payload that is there: itself, or its samples joined to made up ones before."""
        last = self._last
        self._last = (last[-2], last[-1], payload) if len(last) >= 2 else (*last, payload)
        if self._cycle is None:
            return payload
        frame = law.decode(payload).astype(np.float32)
        made = self._cycle[(self._phase + _STEPS[:_MEND]) % len(self._cycle)] * _GAINS[min(self._made, len(_GAINS) - 1)]
        frame[:_MEND] = frame[:_MEND] * _FADE_IN + made * (1 - _FADE_IN)
        self._cycle = None
        return frame.astype(np.int16)

    def lost(self, law: Law) -> Samples | None:
        """Return a made up frame; None when nothing can be made up or the loss has lasted 80 ms."""
        if self._cycle is None:
            if len(self._last) < _HISTORY:
                return None
            self._cycle = _last_period(law.decode(b"".join(self._last)).astype(np.float32))
            self._phase = self._made = 0
        if self._made + 1 >= len(_GAINS):
            return None
        ramp = np.linspace(_GAINS[self._made], _GAINS[self._made + 1], FRAME, dtype=np.float32)
        frame: Samples = (self._cycle[(self._phase + _STEPS) % len(self._cycle)] * ramp).astype(np.int16)
        self._phase += FRAME
        self._made += 1
        return frame


def _last_period(history: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the last pitch period: the lag at which the last 20 ms look most like what was before them."""
    template = history[-FRAME:]
    end = len(history) - FRAME
    earlier = sliding_window_view(history, FRAME)[end - _LONGEST : end - _SHORTEST + 1]
    energy = np.einsum("ij,ij->i", earlier, earlier) + 1.0
    score = (earlier @ template) / np.sqrt(energy)
    lag = _LONGEST - int(np.argmax(score))
    return history[-lag:]
