"""Opus (RFC 7587) on a leg: its clock, its jitter buffer, its two directions."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from ..description import OPUS, PCMA, PCMU
from ..sdp import Codecs
from . import libopus
from .g711 import CODECS, FRAME, RATE, SILENCE, Law, Samples
from .jitter import JitterBuffer

CLOCK: Final = 48_000
_PER_SAMPLE: Final = CLOCK // RATE
FIRST_LOSS: Final = 5
"""Percent of loss expected until the far end has said something."""
_LEAST_BITRATE: Final = 6_000


@dataclass(frozen=True, slots=True)
class Opus:
    """What was negotiated for packets that we send."""

    bitrate: int = libopus.BITRATE
    fec: bool = False
    """Whether the far end uses copies of lost frames."""
    clock: int = CLOCK
    largest: int = libopus.LARGEST


Coding = Law | Opus
Place = Literal["never", "last", "first"]
"""Where Opus stands among the codecs: `last`, for a peer that has no other, or `first`, wherever the peer has it."""


def coding(codec: str, parameters: str = "") -> Coding:
    """Return what is spoken under a name of session descriptions. Raises KeyError for what we do not speak."""
    return wishes(parameters) if codec == OPUS else CODECS[codec]


def codecs(place: Place) -> Codecs:
    """Return what we speak with Opus at this place; without the library there is none."""
    g711 = (PCMA, PCMU)
    if place == "never" or libopus.LIBRARY is None:
        return Codecs(g711)
    return Codecs((OPUS,), g711) if place == "first" else Codecs(g711, (OPUS,))


def wishes(parameters: str) -> Opus:
    """Read the far end's fmtp value (RFC 7587, 6.1): whether it uses copies of lost frames, and its limit of bits."""
    values = dict(pair.strip().lower().partition("=")[::2] for pair in parameters.split(";"))
    limit = values.get("maxaveragebitrate", "")
    most = int(limit) if limit.isascii() and limit.isdecimal() and len(limit) < 7 else libopus.BITRATE
    return Opus(max(_LEAST_BITRATE, min(most, libopus.BITRATE)), values.get("useinbandfec") == "1")


class OpusBuffer(JitterBuffer):
    """Takes packets with timestamps of 48 kHz, keeps them by samples of 8 kHz.

    What `pop` gives for a tick are packets one behind the other, each with its length in front: usually one. Several
    short packets stand together; a packet longer than a tick stands at its first, and nothing (`b""`) at the others.
    """

    __slots__ = ("_clock", "_held", "_timed")

    def __init__(self) -> None:
        super().__init__()
        self._clock = 0
        self._timed = False
        self._held = 0

    def put(self, timestamp: int, payload: bytes, tick: int) -> None:
        """Take the payload of a packet that came before `tick` is played."""
        if not self._timed:
            self._clock, self._timed = timestamp, True
        self._clock += ((timestamp - self._clock + 0x80000000) & 0xFFFFFFFF) - 0x80000000
        super().put(self._clock // _PER_SAMPLE, payload, tick)

    def _store(self, at: int, payload: bytes) -> None:
        size = libopus.samples_in(payload)
        if not size:
            return
        payload = len(payload).to_bytes(2, "big") + payload
        if self._odd and self._odd_at + self._held == at:
            at, payload, size = self._odd_at, self._odd + payload, self._held + size
        self._odd = b""
        if size % FRAME and size < libopus.LONGEST:
            self._odd, self._odd_at, self._held = payload, at, size
            return
        self._frames[at] = payload
        for later in range(at + FRAME, at + size, FRAME):
            self._frames[later] = b""
        if len(self._frames) > 64:
            self.restart()


def packets(held: bytes) -> Iterator[bytes]:
    """Take apart what an `OpusBuffer` gives."""
    at = 0
    while at < len(held):
        size = int.from_bytes(held[at : at + 2], "big")
        yield held[at + 2 : at + 2 + size]
        at += 2 + size


class Ear:
    """Decodes what a buffer gives, and makes up what is lost."""

    __slots__ = ("_decoder", "_rest")

    def __init__(self) -> None:
        self._decoder = libopus.Decoder()
        self._rest = SILENCE[:0]

    def hear(self, held: bytes | None, lost: bool, behind: bytes | None) -> Samples | None:
        """Return the frame of a tick; None where it is silent. `behind` is what stands after a frame that is lost."""
        if held:
            parts = [self._decoder.decode(packet) for packet in packets(held)]
            self._rest = np.concatenate([part for part in parts if part is not None] or [SILENCE[:0]])
        elif held is None and not lost:
            self._rest = SILENCE[:0]
            return None
        elif held is None:
            self._rest = SILENCE[:0]
            return self._decoder.lost(next(packets(behind), None) if behind else None)
        frame, self._rest = self._rest[:FRAME], self._rest[FRAME:]
        return frame if len(frame) == FRAME else self._decoder.lost()
