"""G.711 A-law and mu-law (ITU-T G.711) by tables, on whole arrays of frames."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.int16]
"""8 kHz mono samples; the last axis is time."""
Bytes = NDArray[np.uint8]

RATE: Final = 8000
FRAME: Final = 160
"""Samples of one frame: 20 ms."""
FRAME_S: Final = FRAME / RATE

SILENCE: Final = np.zeros(FRAME, dtype=np.int16)
SILENCE.setflags(write=False)


def _alaw_decode() -> Samples:
    code = np.arange(256) ^ 0x55
    exponent, mantissa = (code >> 4) & 7, code & 15
    linear = np.where(exponent == 0, (mantissa << 4) + 8, ((mantissa << 4) + 0x108) << np.maximum(exponent - 1, 0))
    signed: Samples = np.where(code & 0x80, linear, -linear).astype(np.int16)
    return signed


def _ulaw_decode() -> Samples:
    code = ~np.arange(256) & 0xFF
    linear = ((((code & 15) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
    signed: Samples = np.where(code & 0x80, -linear, linear).astype(np.int16)
    return signed


def _encode_table(decoded: Samples) -> Bytes:
    """Return the nearest code of every sample, indexed by the sample read as uint16; of two zeros the positive."""
    order = np.argsort(decoded, kind="stable")
    levels = decoded[order].astype(np.int32)
    middles = (levels[1:] + levels[:-1]) / 2
    samples = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    table: Bytes = order[np.searchsorted(middles, samples, side="right")].astype(np.uint8)
    return table


@dataclass(frozen=True, eq=False)
class Law:
    """One of the two companding laws: 8 bits a sample."""

    name: str
    """The encoding name of RFC 3551."""
    payload_type: int
    """The static RTP payload type of RFC 3551."""
    decoded: Samples = field(repr=False)
    encoded: Bytes = field(repr=False)
    """The code of a sample, indexed by the sample read as uint16."""
    clock: int = RATE
    """Of RTP timestamps, Hz."""
    largest: int = 3 * FRAME
    """Octets of audio in one packet at most: 60 ms."""

    def decode(self, payload: bytes | Bytes) -> Samples:
        """Return the samples of companded bytes; the shape is kept."""
        codes = np.frombuffer(payload, np.uint8) if isinstance(payload, bytes) else payload
        return self.decoded[codes]

    def encode(self, samples: Samples) -> Bytes:
        """Return the companded bytes of samples; the shape is kept."""
        return self.encoded[samples.view(np.uint16)]

    @property
    def silence(self) -> bytes:
        """20 ms of silence."""
        return bytes([int(self.encoded[0])]) * FRAME


def _law(name: str, payload_type: int, decoded: Samples) -> Law:
    return Law(name, payload_type, decoded, _encode_table(decoded))


ALAW: Final = _law("PCMA", 8, _alaw_decode())
ULAW: Final = _law("PCMU", 0, _ulaw_decode())
LAWS: Final = {law.payload_type: law for law in (ULAW, ALAW)}
"""The laws by their static payload types."""
CODECS: Final = {f"{law.name}/{RATE}": law for law in LAWS.values()}
"""The laws by their names in session descriptions: PCMU/8000, PCMA/8000."""
