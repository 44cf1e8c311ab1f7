"""An uploaded prompt becomes what a leg plays: wav, ogg, mp3 or flac of any rate to 8 kHz mono, checked."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import soundfile  # type: ignore[import-untyped]
import soxr  # type: ignore[import-untyped]

from ....domain.errors import Invalid, TooMany

RATE = 8000
MOST_BYTES = 20 * 1024 * 1024
MOST_SECONDS = 600.0
LEAST_SECONDS = 0.1
FORMATS = frozenset({"WAV", "WAVEX", "OGG", "MP3", "MPEG", "FLAC"})
_RATES = range(4000, 192_001)
_CHANNELS = 8
_CLIPPED_SHARE = 0.001
_SILENT = 0.003
"""Peak, -50 dBFS."""
_SILENT_LEVEL = -55.0
"""RMS, dBFS."""


@dataclass(frozen=True, slots=True)
class Converted:
    """Samples (int16, 8 kHz, mono). `peak`: of full scale; `level`: RMS in dBFS."""

    samples: npt.NDArray[np.int16]
    seconds: float
    peak: float
    level: float


def convert(data: bytes) -> Converted:
    """Return the prompt. A few milliseconds for each second of sound: for a thread or a worker, not for the event loop.

    Raises TooMany("prompt.too_large", most=bytes), and Invalid with prompt.not_audio, prompt.too_long,
    prompt.too_short, prompt.silent or prompt.clipped.
    """
    if len(data) > MOST_BYTES:
        raise TooMany("prompt.too_large", most=MOST_BYTES)
    sound, rate = _read(data)
    mono = sound.mean(axis=1)
    if np.abs(sound).max(initial=0.0) < _SILENT or np.abs(mono).max(initial=0.0) < _SILENT:
        raise Invalid("prompt.silent")
    if _clipped(sound) > _CLIPPED_SHARE:
        raise Invalid("prompt.clipped")
    low = soxr.resample(mono, rate, RATE, quality="HQ")
    level = 20 * math.log10(max(1e-6, float(np.sqrt(np.mean(low**2)))))
    if level < _SILENT_LEVEL:
        raise Invalid("prompt.silent")  # nothing of it is in the telephone's band
    peak = float(np.abs(low).max())
    if peak > 0.99:
        low, peak = low * (0.99 / peak), 0.99
    return Converted(np.round(low * 32767).astype(np.int16), len(low) / RATE, peak, level)


def _read(data: bytes) -> tuple[npt.NDArray[np.float64], int]:
    if not (data.startswith((b"RIFF", b"OggS", b"fLaC", b"ID3")) or _is_mpeg_frame(data)):
        raise Invalid("prompt.not_audio")  # the MP3 decoder finds a frame in any noise
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if file.format not in FORMATS or file.samplerate not in _RATES or file.channels > _CHANNELS:
                raise Invalid("prompt.not_audio", format=file.format)
            most = int(MOST_SECONDS * file.samplerate)
            # Never trust the length in the header: read one sample more than allowed and look.
            sound = file.read(most + 1, dtype="float64", always_2d=True)
            rate = int(file.samplerate)
    except (soundfile.SoundFileError, RuntimeError, ValueError, MemoryError) as error:
        raise Invalid("prompt.not_audio") from error
    if len(sound) > most:
        raise Invalid("prompt.too_long", most=MOST_SECONDS)
    if not np.isfinite(sound).all():
        raise Invalid("prompt.not_audio")
    if len(sound) < LEAST_SECONDS * rate:
        raise Invalid("prompt.too_short", least=LEAST_SECONDS)
    return sound, rate


def _is_mpeg_frame(data: bytes) -> bool:
    """Tell whether a header of MPEG audio layer III stands first (ISO/IEC 11172-3, 2.4.1.3)."""
    return len(data) >= 4 and data[0] == 0xFF and data[1] & 0xE6 == 0xE2 and data[2] >> 4 not in (0, 15)


def _clipped(sound: npt.NDArray[np.float64]) -> float:
    """Return the share of samples that stand in a row of three or more at full scale in some channel."""
    full: npt.NDArray[np.bool_] = np.asarray(np.abs(sound) >= 0.999)
    row = full[:-2] & full[1:-1] & full[2:]
    return float(np.mean(row.max(axis=1)))
