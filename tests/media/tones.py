"""Tones and what is left of them; a lossy link in virtual time; a leg without sockets."""

import random
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from teplo.channels.voice.media import rtp
from teplo.channels.voice.media.g711 import ALAW, FRAME, RATE, Samples
from teplo.channels.voice.media.leg import Leg
from teplo.channels.voice.media.packet_leg import PacketLeg

TYPE, EVENTS = 8, 101


def tone(hertz: float, seconds: float, level: int = 8000, phase: float = 0.0) -> Samples:
    """Return a sine tone."""
    steps = np.arange(round(seconds * RATE))
    return (level * np.sin(2 * np.pi * hertz * steps / RATE + phase)).astype(np.int16)


def level(samples: Samples, hertz: float) -> float:
    """Return the amplitude of one frequency (the sum Goertzel's recursion computes)."""
    steps = np.arange(len(samples))
    wave = np.exp(-2j * np.pi * hertz * steps / RATE)
    return float(2 * abs(np.dot(samples.astype(np.float64), wave)) / len(samples))


def tone_over_noise(samples: Samples, hertz: float) -> float:
    """Return decibels of the tone over all the rest, the median of windows of 100 ms."""
    found = []
    for start in range(0, len(samples) - 799, 800):
        window: NDArray[np.float64] = samples[start : start + 800].astype(np.float64)
        steps = np.arange(800)
        basis = np.stack(
            [np.cos(2 * np.pi * hertz * steps / RATE), np.sin(2 * np.pi * hertz * steps / RATE), np.ones(800)]
        )
        fit = np.linalg.lstsq(basis.T, window, rcond=None)[0] @ basis
        rest = float(np.sum((window - fit) ** 2)) + 1e-9
        found.append((float(np.sum(fit**2)), rest))
    return 10 * float(np.log10(sum(signal for signal, _ in found) / sum(rest for _, rest in found)))


class WireLeg(PacketLeg):
    """A packet leg whose datagrams a test carries."""

    def __init__(self, id: str, **options: float) -> None:
        super().__init__(id, **options)  # type: ignore[arg-type]
        self.out: list[bytes] = []
        self.reports: list[bytes] = []

    def transmit(self, packet: bytes) -> None:
        self.out.append(packet)

    def transmit_rtcp(self, packet: bytes) -> None:
        self.reports.append(packet)


class LinearLeg(Leg):
    """A leg that says what it is given and keeps what it hears."""

    def __init__(self, id: str, samples: Samples | None = None) -> None:
        super().__init__(id)
        self.says = None if samples is None else samples.reshape(-1, FRAME)
        self.heard: list[Samples] = []
        self._at = 0

    def pull(self, tick: int) -> Samples | None:
        if self.says is None:
            return None
        frame = self.says[self._at % len(self.says)]
        self._at += 1
        return frame

    def push(self, frame: Samples) -> None:
        self.heard.append(frame.copy())


class Link:
    """Delays, loses and reorders packets, counted in ticks."""

    def __init__(self, seed: int, loss: float = 0.0, jitter_ms: float = 0.0, reorder: float = 0.0) -> None:
        self.dice = random.Random(seed)
        self.loss, self.jitter_ms, self.reorder = loss, jitter_ms, reorder
        self.flying: dict[int, list[bytes]] = defaultdict(list)

    def send(self, packet: bytes, tick: int) -> None:
        """Let a packet fly from within this tick."""
        if self.dice.random() < self.loss:
            return
        delay = 5 + self.dice.random() * self.jitter_ms
        if self.dice.random() < self.reorder:
            delay += 25
        self.flying[tick + 1 + int(delay // 20)].append(packet)

    def arrived(self, tick: int) -> list[bytes]:
        """Return what has come before this tick is played, in the order it came."""
        return self.flying.pop(tick, [])


def packets(samples: Samples, first: int = 65000, timestamp: int = 4294960000) -> list[bytes]:
    """Return a stream of RTP packets; its numbers run over."""
    frames = ALAW.encode(samples.reshape(-1, FRAME))
    return [
        rtp.build(
            TYPE, index == 0, (first + index) & 0xFFFF, (timestamp + index * FRAME) & 0xFFFFFFFF, 99, frame.tobytes()
        )
        for index, frame in enumerate(frames)
    ]


def received(leg: PacketLeg, tick: int) -> Samples:
    """Return the frame of a tick as samples."""
    audio = leg.pull(tick)
    if audio is None:
        return np.zeros(FRAME, dtype=np.int16)
    return ALAW.decode(audio) if isinstance(audio, bytes) else audio
