"""An agent with the end of a browser in place of a page, and ears that measure tones."""

from __future__ import annotations

import asyncio
import os
import struct
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from tests.webrtc.peer import Peer

from teplo.channels.voice.media.g711 import ALAW
from teplo.channels.voice.media.leg import Sound
from teplo.simulator.desk import DeskClient

PATIENCE = 30.0
nightly = pytest.mark.skipif(
    not os.environ.get("TEPLO_NIGHTLY"), reason="half a minute of waiting; runs with TEPLO_NIGHTLY=1"
)


async def until(condition: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Wait until a condition holds and return its value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"never: {what}")


def tone(hertz: float, seconds: float = 60.0) -> Sound:
    """A steady tone."""
    return Sound.tone(hertz, seconds, 8000)


def share(samples: np.ndarray[Any, Any], hertz: float) -> float:
    """Return the share of the power of samples that is at a frequency (0-1)."""
    wave = samples.astype(float)
    at = np.arange(len(wave))
    power = float(np.mean(wave**2))
    if power < 100:
        return 0.0
    found = abs(np.mean(wave * np.exp(-2j * np.pi * hertz * at / 8000))) ** 2
    return min(1.0, 2 * float(found) / power)


class Ear:
    """The newest half second that somebody hears."""

    def __init__(self) -> None:
        self._frames: list[np.ndarray[Any, Any]] = []
        self._newest = 0.0

    def frame(self, samples: np.ndarray[Any, Any]) -> None:
        """Take 20 ms."""
        self._frames = [*self._frames[-24:], samples]
        self._newest = time.monotonic()

    def hears(self, hertz: float) -> bool:
        """Tell whether a tone is what is heard now."""
        return self._share(hertz) > 0.8

    def hears_also(self, hertz: float) -> bool:
        """Tell whether a tone is among what is heard now."""
        return self._share(hertz) > 0.2

    def hears_something(self) -> bool:
        """Tell whether it is not silent now."""
        fresh = time.monotonic() - self._newest < 0.5
        return fresh and float(np.mean(np.concatenate(self._frames).astype(float) ** 2)) > 100

    def _share(self, hertz: float) -> float:
        fresh = time.monotonic() - self._newest < 0.5
        return share(np.concatenate(self._frames), hertz) if fresh and len(self._frames) == 25 else 0.0


class AgentTab:
    """A tab of the desk as far as calls go: joins, answers, speaks a tone and listens."""

    def __init__(self, desk: DeskClient, contact: str, tab: str, hertz: float) -> None:
        self.desk, self.contact, self.tab = desk, contact, tab
        self.ear = Ear()
        self.state: dict[str, Any] = {}
        self.moved = False
        self.peer: Peer | None = None
        self._sound = ALAW.encode(tone(hertz, 1.0).samples)
        self._taken = 0

    async def join(self) -> None:
        """Ask for a leg and set it up."""
        await self._say({"type": "join"})
        offer = await until(lambda: self._signal("offer"), "the worker's offer")
        self.peer = await Peer(offer["sdp"]).open()
        await self._say({"type": "answer", "leg": offer["leg"], "sdp": self.peer.answer()})
        await until(lambda: self.peer and self.peer.srtp, "keys of the browser's end")

    async def talk(self) -> None:
        """Send and take audio in real time; until cancelled."""
        peer, number, began = self.peer, 0, time.monotonic()
        assert peer is not None
        while True:
            while number * 0.02 <= time.monotonic() - began:
                at = (number * 160) % len(self._sound)
                header = struct.pack("!BBHII", 0x80, 8, number & 0xFFFF, number * 160, 0x7E910)
                peer.send_rtp(header + self._sound[at : at + 160].tobytes())
                number += 1
            for packet in peer.rtp[self._taken :]:
                if packet[1] & 0x7F == 8:
                    self.ear.frame(ALAW.decode(packet[12:]))
            self._taken = len(peer.rtp)
            self._look()
            await asyncio.sleep(0.01)

    def close(self) -> None:
        """Close the tab without a word."""
        if self.peer is not None:
            self.peer.close()

    async def act(self, action: str, **more: Any) -> None:
        """Use a button of the call."""
        await self.desk.call("POST", f"/contacts/{self.contact}/call", {"action": action, **more})

    def told(self, kind: str, **values: Any) -> bool:
        """Tell whether the newest word of this kind about the call has these values."""
        heard = [f["signal"] for f in self.desk.calls if f["contact"] == self.contact and f["signal"]["type"] == kind]
        return bool(heard) and all(heard[-1].get(name) == value for name, value in values.items())

    def _look(self) -> None:
        for frame in self.desk.calls:
            signal = frame["signal"]
            if frame["contact"] == self.contact and signal["type"] == "state":
                self.state = signal
            if frame["tab"] == self.tab and signal["type"] == "moved":
                self.moved = True

    def _signal(self, kind: str) -> dict[str, Any] | None:
        mine = [f["signal"] for f in self.desk.calls if (f["tab"], f["contact"]) == (self.tab, self.contact)]
        found = [signal for signal in mine if signal["type"] == kind]
        return found[-1] if found else None

    async def _say(self, signal: dict[str, Any]) -> None:
        await self.desk.signal(self.contact, self.tab, signal)


def said(samples: np.ndarray[Any, Any], sound: Sound) -> bool:
    """Tell whether some second of a sound is among what was heard: exactly that wave, told apart from any other."""
    heard = samples.astype(float)
    size = 1 << (len(heard) + 8000).bit_length()
    spectrum = np.fft.rfft(heard, size)
    energy = np.cumsum(np.concatenate([[0.0], heard**2]))
    around = np.sqrt(np.maximum(energy[8000:] - energy[:-8000], 1.0))
    for at in range(0, len(sound.samples) - 8000, 8000):
        wanted = sound.samples[at : at + 8000].astype(float)
        found = np.fft.irfft(spectrum * np.conj(np.fft.rfft(wanted, size)), size)[: len(around)]
        if np.max(found / (around * np.linalg.norm(wanted))) > 0.7:
            return True
    return False
