"""Render the shipped prompts, the hold music and what simulated people say: once, and again when a text changed.

Needs Debian's festival, festvox-ru, festvox-us-slt-hts and espeak-ng. `python tools/prompts.py [NAME ...]`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile
import soxr

sys.path.insert(0, str(Path(__file__).resolve().parent))
from music import compose
from teplo.channels.voice.prompts.catalogue import fragments, phrases, pronunciation

ROOT = Path(__file__).resolve().parent.parent
AUDIO = ROOT / "src/teplo/channels/voice/prompts/audio"
CALLERS = ROOT / "src/teplo/simulator/audio"
VOICES = {"ru": "voice_msu_ru_nsh_clunits", "en": "voice_cmu_us_slt_arctic_hts"}
RATE = 8000
LEVEL = 0.1
"""RMS of the speech, -20 dBFS."""
PEAK = 0.7

SPEECH = {
    "balance": ("ru+f2", "Здравствуйте. У меня со счёта списали сто рублей, а за что, непонятно."),
    "internet": ("ru+m3", "Добрый день! Второй день не работает интернет, страницы не открываются."),
    "tariff": ("ru+f4", "Скажите, пожалуйста, какой тариф будет дешевле для бабушки?"),
    "stolen": ("ru+m1", "У меня украли телефон! Заблокируйте, пожалуйста, номер."),
    "thanks": ("ru+f2", "Спасибо большое, вы мне очень помогли."),
    "yes": ("ru+m3", "Да, да, слушаю вас."),
    "since": ("ru+f2", "Со вчерашнего вечера, часов с девяти."),
    "agent_hello": ("ru+f5", "Здравствуйте! Слушаю вас."),
    "agent_look": ("ru+f5", "Понимаю вас. Одну минуту, сейчас посмотрю."),
    "agent_when": ("ru+f5", "Скажите, пожалуйста, когда это началось?"),
    "agent_done": ("ru+f5", "Нашла, в чём дело, и уже исправила. Проверьте, пожалуйста, через пять минут."),
    "agent_bye": ("ru+f5", "Спасибо, что позвонили. Всего вам доброго!"),
}


def main() -> None:
    """Render all, or the prompts that are named."""
    wanted = set(sys.argv[1:])
    for language, voice in VOICES.items():
        texts = {**fragments(language), **phrases(language)}
        todo = {name: text for name, text in texts.items() if not wanted or name in wanted}
        short = set(fragments(language))
        (AUDIO / language).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as folder:
            _festival(voice, {name: pronunciation(name, language) for name in todo}, Path(folder))
            for name in todo:
                samples, rate = soundfile.read(Path(folder) / f"{name}.wav")
                write(AUDIO / language / f"{name}.wav", polished(samples, rate, 0.02 if name in short else 0.06))
    if not wanted:
        write(AUDIO / "music.wav", compose())
        write(AUDIO / "beep.wav", beep())
    CALLERS.mkdir(parents=True, exist_ok=True)
    for name, (voice, text) in SPEECH.items():
        if not wanted or name in wanted:
            _spoken(name, voice, text)
    total = sum(path.stat().st_size for path in AUDIO.rglob("*.wav"))
    print(f"{len(list(AUDIO.rglob('*.wav')))} sounds, {total / 1e6:.2f} MB")


def _festival(voice: str, texts: dict[str, str], folder: Path) -> None:
    script = folder / "say.scm"
    lines = [f"({voice})"]
    for name, text in texts.items():
        lines.append(f'(utt.save.wave (SynthText "{text}") "{folder / name}.wav" \'riff)')
    script.write_text("\n".join(lines), encoding="utf-8")
    subprocess.run(["festival", "-b", str(script)], check=True)


def _spoken(name: str, voice: str, text: str) -> None:
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        subprocess.run(["espeak-ng", "-v", voice, "-s", "150", "-w", file.name, text], check=True)
        samples, rate = soundfile.read(file.name)
    write(CALLERS / f"{name}.wav", polished(samples, rate, 0.06))


def polished(samples: np.ndarray, rate: int, margin: float) -> np.ndarray:
    """Return speech at 8 kHz: telephone band, silence trimmed to `margin` seconds, -20 dBFS, peaks limited."""
    out = band(soxr.resample(samples.astype(np.float64), rate, RATE, quality="VHQ"), 200, 3600)
    out = trimmed(out, margin)
    out *= LEVEL / active_level(out)
    out = limited(out)
    fade = np.linspace(0, 1, 40)
    out[:40] *= fade
    out[-40:] *= fade[::-1]
    return out


def band(samples: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return the samples without what a telephone does not carry (soft edges, linear phase)."""
    padded = np.concatenate([samples, np.zeros(RATE // 4)])
    frequencies = np.fft.rfftfreq(len(padded), 1 / RATE)
    gain = np.clip((frequencies - low * 0.6) / (low * 0.4), 0, 1) * np.clip((high + 200 - frequencies) / 200, 0, 1)
    return np.fft.irfft(np.fft.rfft(padded) * np.sin(gain * np.pi / 2) ** 2, len(padded))[: len(samples)]


def trimmed(samples: np.ndarray, margin: float) -> np.ndarray:
    """Return the samples with silence of `margin` seconds at both ends."""
    loud = np.flatnonzero(_frames(samples) > 0.007 * _frames(samples).max())
    pad = int(margin * RATE)
    first, last = loud[0] * 80, (loud[-1] + 1) * 80
    inside = samples[first:last]
    head = samples[max(0, first - pad) : first]
    tail = samples[last : last + pad]
    return np.concatenate([np.zeros(pad - len(head)), head, inside, tail, np.zeros(pad - len(tail))])


def active_level(samples: np.ndarray) -> float:
    """Return the RMS of the frames in which somebody speaks."""
    levels = _frames(samples)
    return float(np.sqrt(np.mean(levels[levels > 0.1 * levels.max()] ** 2)))


def limited(samples: np.ndarray) -> np.ndarray:
    """Return the samples with peaks bent softly below PEAK; what is under half of it stays as it is."""
    knee = PEAK / 2
    size = np.abs(samples)
    bent = knee + (PEAK - knee) * np.tanh((size - knee) / (PEAK - knee))
    return np.sign(samples) * np.where(size > knee, bent, size)


def _frames(samples: np.ndarray) -> np.ndarray:
    count = len(samples) // 80
    return np.sqrt(np.mean(samples[: count * 80].reshape(count, 80) ** 2, axis=1))


def beep() -> np.ndarray:
    """Return the tone before a message: 0.35 s of 880 Hz."""
    time = np.arange(int(0.35 * RATE)) / RATE
    return 0.2 * np.sin(2 * np.pi * 880 * time) * np.minimum(1, np.minimum(time, time[::-1]) / 0.02)


def write(path: Path, samples: np.ndarray) -> None:
    """Write 8 kHz A-law: one byte a sample, and exactly what most trunks carry."""
    soundfile.write(path, samples, RATE, subtype="ALAW", format="WAV")


if __name__ == "__main__":
    main()
