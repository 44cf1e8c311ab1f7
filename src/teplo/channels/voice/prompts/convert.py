"""An uploaded prompt becomes what a leg plays: wav, ogg, mp3, flac of any rate to 8 kHz mono, checked and levelled."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile  # type: ignore[import-untyped]
import soxr  # type: ignore[import-untyped]

from ....domain.errors import Invalid, TooMany

Mono = npt.NDArray[np.float32]

RATE = 8000
MOST_BYTES = 10 * 1024 * 1024
MOST_SECONDS = 180.0
"""No menu says anything longer (`menu_walk.SAY_LIMIT`)."""
LEAST_SECONDS = 0.1
FORMATS = frozenset({"WAV", "WAVEX", "OGG", "MP3", "MPEG", "FLAC"})
_RATES = range(4000, 96_001)
_CHANNELS = 8
_CLIPPED_SHARE = 0.001
_SILENT = 0.003
"""Peak, -50 dBFS."""
_SILENT_LEVEL = -55.0
"""RMS, dBFS."""
LOUDNESS = -20.8
"""RMS of speech without its pauses, dBFS: that of the shipped prompts."""
_MOST_GAIN = 24.0
"""dB; more would only lift the noise of a recording that is too quiet."""
_FRAME = RATE // 50
_PAUSE = 1e-3
"""Power of a pause, to the loudest 20 ms."""


@dataclass(frozen=True, slots=True)
class Converted:
    """Samples (int16, 8 kHz, mono). `peak`: of full scale; `level`: RMS in dBFS; `gain`: dB that were added."""

    samples: npt.NDArray[np.int16]
    seconds: float
    peak: float
    level: float
    gain: float


def convert(data: bytes) -> Converted:
    """Return the prompt. A few milliseconds for each second of sound: for a thread or a worker, not for the event loop.

    Raises TooMany("prompt.too_large", most=bytes), and Invalid with prompt.not_audio, prompt.too_long,
    prompt.too_short, prompt.silent or prompt.clipped.
    """
    if len(data) > MOST_BYTES:
        raise TooMany("prompt.too_large", most=MOST_BYTES)
    mono, rate = _read(data)
    low = soxr.resample(mono, rate, RATE, quality="HQ")
    if _decibels(np.mean(low**2)) < _SILENT_LEVEL:
        raise Invalid("prompt.silent")  # nothing of it is in the telephone's band
    gain = min(LOUDNESS - _speech_level(low), _MOST_GAIN, -20 * math.log10(float(np.abs(low).max()) / 0.99))
    low = low * 10 ** (gain / 20)
    samples = np.round(low * 32767).astype(np.int16)
    return Converted(samples, len(low) / RATE, float(np.abs(low).max()), _decibels(np.mean(low**2)), gain)


def _speech_level(sound: Mono) -> float:
    """Return the RMS (dBFS) of what is not pause."""
    frames = sound[: len(sound) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = np.mean(frames**2, axis=1) if len(frames) else np.array([np.mean(sound**2)])
    return _decibels(power[power > power.max() * _PAUSE].mean())


def _decibels(power: float | np.floating[Any]) -> float:
    return 10 * math.log10(max(1e-12, float(power)))


def _read(data: bytes) -> tuple[Mono, int]:
    """Return one channel and its rate. Second by second: eight channels at once would take a gigabyte."""
    if not (data.startswith((b"RIFF", b"OggS", b"fLaC", b"ID3")) or _is_mpeg_frame(data)):
        raise Invalid("prompt.not_audio")  # the MP3 decoder finds a frame in any noise
    seconds: list[Mono] = []
    loudest = clipped = 0.0
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            rate = int(file.samplerate)
            if file.format not in FORMATS or rate not in _RATES or file.channels > _CHANNELS:
                raise Invalid("prompt.not_audio", format=file.format)
            # The length in the header is not to be trusted: the end is where nothing more comes.
            while len(block := file.read(rate, dtype="float32", always_2d=True)):
                if len(seconds) * rate + len(block) > MOST_SECONDS * rate:
                    raise Invalid("prompt.too_long", most=MOST_SECONDS)
                if not np.isfinite(block).all():
                    raise Invalid("prompt.not_audio")
                loudest = max(loudest, float(np.abs(block).max()))
                clipped += _clipped(block)
                seconds.append(block.mean(axis=1))
    except (soundfile.SoundFileError, RuntimeError, ValueError, MemoryError) as error:
        raise Invalid("prompt.not_audio") from error
    mono = np.concatenate(seconds) if seconds else np.zeros(0, dtype=np.float32)
    if len(mono) < LEAST_SECONDS * rate:
        raise Invalid("prompt.too_short", least=LEAST_SECONDS)
    if loudest < _SILENT or np.abs(mono).max() < _SILENT:
        raise Invalid("prompt.silent")
    if clipped / len(mono) > _CLIPPED_SHARE:
        raise Invalid("prompt.clipped")
    return mono, rate


def _is_mpeg_frame(data: bytes) -> bool:
    """Tell whether a header of MPEG audio layer III stands first (ISO/IEC 11172-3, 2.4.1.3)."""
    return len(data) >= 4 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2 and data[2] >> 4 not in (0, 15)


def _clipped(sound: Mono) -> float:
    """Return how many samples stand in a row of three or more at full scale in the worst channel."""
    full: npt.NDArray[np.bool_] = np.asarray(np.abs(sound) >= 0.999)
    row = full[:-2] & full[1:-1] & full[2:]
    return float(row.sum(axis=0).max(initial=0))
