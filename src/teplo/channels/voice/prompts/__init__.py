"""The prompts of the voice channel: the shipped set by name and language, hold music, spoken places and estimates.

A centre may play sounds of its own in place of any of them and beside them: see `use`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import soundfile  # type: ignore[import-untyped]

from ..media.g711 import RATE
from ..media.playback import Sound
from . import catalogue, spoken

LANGUAGES = catalogue.LANGUAGES
_RINGBACK_HZ, _RINGBACK_LEVEL = 425.0, 3000
ANY = "any"
"""Stands for a language where none is spoken: the beep and the music."""
SOUNDS = ("beep", "music")
"""What is heard but not spoken."""
_PAUSE = 0.15
"""Seconds between a place and an estimate."""


def names(language: str) -> list[str]:
    """Return the names of all shipped prompts of a language."""
    return [*catalogue.texts(language), "beep"]


_own: dict[tuple[str, str], Sound] = {}
"""The centre's own, like the cache of the shipped ones one for the process."""


def use(own: Mapping[tuple[str, str], Sound]) -> None:
    """From now on play these, by language and name, in place of what was shipped; what is not named is as shipped."""
    _own.clear()
    _own.update(own)


def prompt(name: str, language: str) -> Sound:
    """Return a prompt; raise KeyError for a name or a language that is not in the set."""
    own = _own.get((ANY if name in SOUNDS else language, name))
    return own if own is not None else shipped(name, language)


def shipped(name: str, language: str) -> Sound:
    """Return a prompt as it was shipped, the music too; raise KeyError for one that is not in the set."""
    if name in SOUNDS:
        return _load(f"{name}.wav")
    if language not in LANGUAGES or name not in catalogue.texts(language):
        raise KeyError(f"{name}@{language}")
    return _load(f"{language}/{name}.wav")


def read(path: Path) -> Sound:
    """Return a sound from an 8 kHz mono file, A-law too; raise ValueError for another form."""
    samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
    if rate != RATE or samples.shape[1] != 1:
        raise ValueError("8 kHz mono is expected")
    return Sound(samples[:, 0])


def music() -> Sound:
    """Return the hold music; the shipped one has 72 s that loop without a seam."""
    return prompt("music", ANY)


@cache
def ringback() -> Sound:
    """Return the tone of a telephone that rings at the far end, to be looped (ITU-T E.180, Russia)."""
    return Sound.join([Sound.tone(_RINGBACK_HZ, 1.0, _RINGBACK_LEVEL), Sound.silence(4.0)])


def say(words: list[str], language: str) -> list[Sound]:
    """Return the sounds of a list of prompt names, as `spoken` makes them."""
    return [prompt(name, language) for name in words]


def wait_announcement(
    language: str, position: int, low_s: float, high_s: float, gender: spoken.Gender | None = None
) -> list[Sound]:
    """Return «ваше место в очереди: второе; ожидание: около трёх минут»; what is not known is left out."""
    place = say(spoken.place(position, language, gender), language)
    estimate = spoken.duration(low_s, high_s, language)
    if not estimate:
        return place
    return [*place, Sound.silence(_PAUSE), *say(["wait", *estimate], language)]


def moment(language: str, at: datetime, now: datetime) -> list[Sound]:
    """Return «завтра в девять часов»; both times are local and of one zone."""
    return say(spoken.moment(at, now, language), language)


@cache
def _load(path: str) -> Sound:
    with as_file(files(__package__) / "audio" / path) as file:
        return read(file)
