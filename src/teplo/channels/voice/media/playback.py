"""Sounds and their playing to a leg."""

import wave
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .g711 import FRAME, RATE, Samples


class Sound:
    """Immutable 8 kHz mono samples (int16), kept as whole frames; the last frame is filled with silence."""

    __slots__ = ("frames", "length")

    def __init__(self, samples: Samples) -> None:
        self.length = len(samples)
        """Samples."""
        count = max(1, -(-self.length // FRAME))
        padded = np.zeros(count * FRAME, dtype=np.int16)
        padded[: self.length] = samples
        self.frames: Samples = padded.reshape(count, FRAME)
        """Shape (frames, 160), read-only."""
        self.frames.setflags(write=False)

    @classmethod
    def from_wav(cls, path: Path | str) -> "Sound":
        """Read a WAV file of 8 kHz, mono, 16 bits. Raises ValueError for another format, OSError if there is none."""
        try:
            with wave.open(str(path), "rb") as file:
                if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE, 1, 2):
                    raise ValueError(f"{path}: 8 kHz, mono, 16 bits wanted")
                return cls(np.frombuffer(file.readframes(file.getnframes()), dtype="<i2"))
        except (wave.Error, EOFError) as error:
            raise ValueError(f"{path}: {error}") from error

    @classmethod
    def join(cls, sounds: "Iterable[Sound]") -> "Sound":
        """Return the sounds one after the other, without gaps."""
        parts = [sound.samples for sound in sounds]
        return cls(np.concatenate(parts) if parts else np.zeros(0, dtype=np.int16))

    @classmethod
    def silence(cls, seconds: float) -> "Sound":
        """Return so much silence."""
        return cls(np.zeros(round(seconds * RATE), dtype=np.int16))

    @classmethod
    def tone(cls, hertz: float, seconds: float, amplitude: float) -> "Sound":
        """Return a steady tone; `amplitude` of 32 767."""
        at = np.arange(round(seconds * RATE))
        return cls((amplitude * np.sin(2 * np.pi * hertz * at / RATE)).astype(np.int16))

    @property
    def samples(self) -> Samples:
        """The samples without filling."""
        return self.frames.reshape(-1)[: self.length]

    @property
    def seconds(self) -> float:
        """The length."""
        return self.length / RATE


@dataclass(slots=True)
class Playing:
    """A sound on its way to one leg. A loop runs over whole frames, so that no gap is heard at its end."""

    sound: Sound
    loop: bool
    then: Callable[[], None] | None
    position: int = 0
    """The next frame."""

    def next_frame(self) -> int:
        """Return the frame of this tick and step on; -1 when the sound is over."""
        position = self.position
        if position >= len(self.sound.frames):
            return -1
        self.position = position + 1
        if self.loop and self.position * FRAME + FRAME > self.sound.length:
            self.position = 0
        return position
