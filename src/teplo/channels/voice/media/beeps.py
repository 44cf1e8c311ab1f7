"""Short tones that say yes or no to somebody who has pressed keys."""

from typing import Final

import numpy as np

from .g711 import RATE
from .leg import Sound

_SECONDS: Final = 0.18
_LOUD: Final = 5000.0


def _melody(*hertz: float) -> Sound:
    at = np.arange(round(_SECONDS * RATE))
    fade = np.minimum(1.0, np.minimum(at, at[::-1]) / 80.0)
    return Sound(
        np.concatenate([(_LOUD * fade * np.sin(2 * np.pi * one * at / RATE)).astype(np.int16) for one in hertz])
    )


def done() -> Sound:
    """Rising: it was done."""
    return _melody(660.0, 880.0)


def refused() -> Sound:
    """Low, three times: it was not."""
    return _melody(300.0, 300.0, 300.0)
