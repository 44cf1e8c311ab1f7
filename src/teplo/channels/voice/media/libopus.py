"""libopus (RFC 6716) at the mixer's 8 kHz, mono, 20 ms: an optional part, bound by ctypes.

The library is that of the system (`libopus0` of Debian) or of the extra `teplo[opus]`; where neither is there,
`LIBRARY` is None and nothing offers Opus. Its C interface has not changed since 2012. It is called with Python's lock
held (`PyDLL`): a call takes microseconds, and who gives the lock away in the tick may wait 5 ms until he has it again.
"""

import ctypes
import importlib.util
from pathlib import Path
from typing import Final

import numpy as np

from .g711 import FRAME, RATE, Samples

LARGEST: Final = 1400
"""Octets of a payload that is looked at: what fits into a packet."""
LONGEST: Final = 6 * FRAME
"""Samples in one packet at most: 120 ms (RFC 6716, 2.1.4)."""
BITRATE: Final = 20_000
"""Bits a second: speech of 8 kHz with room for the copy of the frame before (in-band FEC)."""
COMPLEXITY: Final = 3
"""Of 10. More costs more and is hardly heard in a band of 4 kHz (decision 0014)."""
_VOIP, _VOICE = 2048, 3001
_SET_BITRATE, _SET_COMPLEXITY, _SET_FEC, _SET_LOSS, _SET_SIGNAL = 4002, 4010, 4012, 4014, 4024
_CODES: Final = ctypes.c_void_p
_INT: Final = ctypes.c_int


def _find() -> ctypes.PyDLL | None:
    wheel = importlib.util.find_spec("opuslib_next")
    folders = wheel.submodule_search_locations if wheel is not None else None
    for path in ["libopus.so.0", *(str(Path(folder) / "_native" / "libopus.so") for folder in folders or ())]:
        try:
            return load(path)
        except (OSError, AttributeError):  # not there, or no libopus
            continue
    return None


def load(path: str) -> ctypes.PyDLL:
    """Return a libopus whose functions are declared. Raises OSError, AttributeError for what is none."""
    library = ctypes.PyDLL(path)
    for name, result, arguments in (
        ("opus_encoder_create", _CODES, [_INT, _INT, _INT, _CODES]),
        ("opus_decoder_create", _CODES, [_INT, _INT, _CODES]),
        ("opus_encoder_destroy", None, [_CODES]),
        ("opus_decoder_destroy", None, [_CODES]),
        ("opus_encoder_ctl", _INT, [_CODES, _INT]),
        ("opus_encode", _INT, [_CODES, _CODES, _INT, _CODES, _INT]),
        ("opus_decode", _INT, [_CODES, ctypes.c_char_p, _INT, _CODES, _INT, _INT]),
        ("opus_packet_get_nb_samples", _INT, [ctypes.c_char_p, _INT, _INT]),
    ):
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    return library


LIBRARY: Final = _find()


def samples_in(payload: bytes) -> int:
    """Return how many samples of 8 kHz a packet holds; 0 for what is no Opus."""
    if LIBRARY is None or not payload:
        return 0
    count: int = LIBRARY.opus_packet_get_nb_samples(payload, len(payload), RATE)
    return count if 0 < count <= LONGEST else 0


class Encoder:
    """One stream out. Raises OSError where there is no library or no memory."""

    def __init__(self, *, bitrate: int = BITRATE, fec: bool = False, library: ctypes.PyDLL | None = LIBRARY) -> None:
        """`fec`: the far end uses copies of lost frames; they are sent as soon as loss is expected."""
        if library is None:
            raise OSError("libopus is not installed")
        self._library = library
        self._state = library.opus_encoder_create(RATE, 1, _VOIP, None)
        if not self._state:
            raise OSError("no Opus encoder could be made")
        self._in, self._out = np.zeros(FRAME, np.int16), np.zeros(LARGEST, np.uint8)
        self._addresses = self._in.ctypes.data, self._out.ctypes.data
        self._loss = 0
        self._set(_SET_BITRATE, bitrate)
        self._set(_SET_COMPLEXITY, COMPLEXITY)
        self._set(_SET_SIGNAL, _VOICE)
        self._set(_SET_FEC, int(fec))

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            self._library.opus_encoder_destroy(self._state)

    def encode(self, frame: Samples) -> bytes:
        """Return the packet of 160 samples."""
        self._in[:] = frame
        source, target = self._addresses
        size = self._library.opus_encode(self._state, source, FRAME, target, LARGEST)
        return self._out[: max(0, size)].tobytes()

    def expect_loss(self, percent: int) -> None:
        """Say how many packets the far end is missing."""
        if percent != self._loss:
            self._loss = percent
            self._set(_SET_LOSS, min(100, max(0, percent)))

    def _set(self, what: int, value: int) -> None:
        self._library.opus_encoder_ctl(self._state, what, ctypes.c_int(value))


class Decoder:
    """One stream in. Raises OSError where there is no library or no memory."""

    def __init__(self, library: ctypes.PyDLL | None = LIBRARY) -> None:
        if library is None:
            raise OSError("libopus is not installed")
        self._library = library
        self._state = library.opus_decoder_create(RATE, 1, None)
        if not self._state:
            raise OSError("no Opus decoder could be made")
        self._out: Samples = np.zeros(LONGEST, np.int16)
        self._address = self._out.ctypes.data

    def __del__(self) -> None:
        if getattr(self, "_state", None):
            self._library.opus_decoder_destroy(self._state)

    def decode(self, payload: bytes) -> Samples | None:
        """Return the samples of a packet of one or more frames; None for what cannot be decoded."""
        return self._decoded(payload, LONGEST, 0)

    def lost(self, behind: bytes | None = None) -> Samples | None:
        """Return 160 samples in place of a lost frame, from its copy in the packet behind it where there is one."""
        return self._decoded(behind, FRAME, int(behind is not None))

    def _decoded(self, payload: bytes | None, most: int, copy: int) -> Samples | None:
        size = len(payload) if payload is not None else 0
        count = self._library.opus_decode(self._state, payload, size, self._address, most, copy)
        return self._out[:count].copy() if count > 0 else None
