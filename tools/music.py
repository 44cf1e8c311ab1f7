"""The hold music: plucked strings over a soft pad, composed by rule, always the same, and made to loop."""

from __future__ import annotations

import numpy as np

RATE = 8000
BEAT = 0.5
"""Seconds: a calm 120 notes a minute."""

CHORDS = [
    ((57, 60, 64, 67), 4), ((53, 57, 60, 64), 4), ((60, 64, 67, 71), 4), ((55, 59, 62, 65), 4),
    ((57, 60, 64, 71), 4), ((62, 65, 69, 72), 4), ((53, 57, 60, 67), 4), ((55, 60, 62, 67), 4),
    ((60, 64, 67, 74), 4),
]  # fmt: skip
"""MIDI notes of each harmony and its bars; nine harmonies of four bars of four notes make 72 s."""

MELODY = (76, 74, 72, 71, 72, 76, 79, 76, 77, 76, 74, 72, 74, 71, 72, 72)


def compose() -> np.ndarray:
    """Return 72 s at 8 kHz, floats within +-0.5. Tails run over the end into the beginning, so the loop has no seam."""
    total = int(sum(bars for _, bars in CHORDS) * 4 * BEAT * RATE)
    out = np.zeros(total)
    start = 0.0
    for index, (notes, bars) in enumerate(CHORDS):
        length = bars * 4 * BEAT
        for note in notes:
            _add(out, start - 1.0, _pad(note, length + 2.0), 0.05)
        pattern = (0, 1, 2, 3, 2, 1, 3, 2)
        for step in range(bars * 4):
            note = notes[pattern[step % 8]] + (12 if step % 8 == 6 else 0)
            _add(out, start + step * BEAT, _pluck(note, 2.5), 0.16 if step % 4 == 0 else 0.11)
            if step % 4 == 2 and step % 16 != 14:
                _add(out, start + step * BEAT, _pluck(MELODY[(index * 4 + step // 4) % 16], 3.0), 0.09)
        start += length
    out = _band(out)
    return out * (0.07 / np.sqrt(np.mean(out**2)))


def _add(out: np.ndarray, at: float, sound: np.ndarray, gain: float) -> None:
    """Mix a sound in at `at` seconds, around the end of the loop if need be."""
    places = (int(round(at * RATE)) + np.arange(len(sound))) % len(out)
    np.add.at(out, places, gain * sound)


def _pitch(note: int) -> float:
    return 440.0 * 2 ** ((note - 69) / 12)


def _pluck(note: int, seconds: float) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    tone = np.zeros_like(time)
    for partial in range(1, 9):
        frequency = _pitch(note) * partial * np.sqrt(1 + 0.0003 * partial**2)
        if frequency < 3200:
            fall = np.exp(-time * (1.2 + 0.9 * partial))
            tone += np.sin(2 * np.pi * frequency * time + partial) * fall / partial**1.3
    return tone * np.minimum(1, time / 0.006) * np.clip((seconds - time) / 0.2, 0, 1)


def _pad(note: int, seconds: float) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    tone = sum(
        np.sin(2 * np.pi * _pitch(note) * partial * detune * time + note) / partial**2
        for partial in (1, 2, 3)
        for detune in (0.9985, 1.0015)
    )
    edge = np.clip(np.minimum(time, seconds - time) / 2.0, 0, 1)
    return np.asarray(tone) * np.sin(edge * np.pi / 2) ** 2


def _band(samples: np.ndarray) -> np.ndarray:
    """Keep 200-3400 Hz; the whole loop is one period, so this leaves no seam either."""
    frequencies = np.fft.rfftfreq(len(samples), 1 / RATE)
    gain = np.clip((frequencies - 185) / 50, 0, 1) * np.clip((3400 - frequencies) / 200, 0, 1)
    return np.fft.irfft(np.fft.rfft(samples) * gain, len(samples))
