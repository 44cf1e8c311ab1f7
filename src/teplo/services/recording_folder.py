"""The folder of recordings of one host: files by contact, and for each its picture, made when first asked for.

The folder has an id of its own, kept in it: it may be moved, mounted elsewhere or shared by hosts, and the rows still
say which folder a file is in. Everything here blocks and is called in threads.
"""

import os
import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import orjson
from uuid_utils import uuid4

from ..channels.voice.media.recording_file import BYTES_PER_SECOND, WAV_HEADER, Reading, Unreadable
from ..storage.recordings import Part

_ID: Final = "folder.id"
_FILE: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\.(voicemail))?\.rec")
_MOST_BARS: Final = 800
_BARS_PER_SECOND: Final = 10
_EVERY: Final = 4
"""Of the samples every fourth is looked at: enough for a picture, a quarter of the time."""


def place(contact: str, part: Part = "talk") -> str:
    """Path below the folder of recordings: 256 folders by the random end of the id."""
    return f"{contact[-2:]}/{contact}{'' if part == 'talk' else '.voicemail'}.rec"


@dataclass(frozen=True, slots=True)
class File:
    """A file of the folder: its path below it, and when it was changed last (POSIX seconds)."""

    contact: str
    part: Part
    path: str
    changed: float


@dataclass(frozen=True, slots=True)
class Peaks:
    """The picture of a recording: for each `step` seconds the loudest sample of each side, 0 to 100."""

    step: float
    left: list[int]
    right: list[int]


@dataclass(frozen=True, slots=True)
class Folder:
    """An open folder."""

    path: Path
    id: str

    @classmethod
    def open(cls, path: Path) -> Self:
        """Make the folder where there is none; give it an id where it has none. Raises OSError."""
        path.mkdir(parents=True, exist_ok=True)
        named = path / _ID
        if not named.exists():
            mine = path / f"{_ID}.{uuid4()}"
            mine.write_text(str(uuid4()))
            try:
                os.link(mine, named)  # of two processes that start at once the first names it
            except FileExistsError:
                pass
            mine.unlink()
        return cls(path, named.read_text().strip())

    @classmethod
    def found(cls, path: Path) -> Self | None:
        """Return the folder if this host has one. A server beside which no voice worker runs has none."""
        return cls.open(path) if path.is_dir() else None

    def read(self, path: str, key: bytes) -> Reading:
        """Open a recording. Raises FileNotFoundError, Unreadable."""
        return Reading(self.path / path, key)

    def peaks(self, path: str, key: bytes) -> Peaks:
        """Return the picture of a finished recording, made at the first time. Raises FileNotFoundError, Unreadable."""
        kept = (self.path / path).with_suffix(".peaks")
        try:
            return Peaks(**orjson.loads(kept.read_bytes()))
        except (OSError, ValueError, TypeError):
            pass
        reading = self.read(path, key)
        try:
            made = _peaks(reading)
        finally:
            reading.close()
        try:
            partial = kept.with_suffix(f".peaks-{uuid4()}")
            partial.write_bytes(orjson.dumps(made))
            partial.replace(kept)
        except OSError:
            pass  # a full disk costs the time of making it again
        return made

    def remove(self, path: str) -> None:
        """Remove a recording and its picture; one that is gone is well gone."""
        file = self.path / path
        for gone in (file, *file.parent.glob(f"{file.stem}.peaks*")):
            gone.unlink(missing_ok=True)
        _sync(file.parent)

    def files(self, older_than: float) -> Iterator[File]:
        """Yield the recordings that were not changed since an instant."""
        for folder in sorted(self.path.glob("[0-9a-f][0-9a-f]")):
            for file in sorted(folder.iterdir()):
                named = _FILE.fullmatch(file.name)
                try:
                    changed = file.stat().st_mtime
                except FileNotFoundError:
                    continue
                if named is not None and changed < older_than:
                    part: Part = "voicemail" if named[2] else "talk"
                    yield File(named[1], part, f"{folder.name}/{file.name}", changed)


def _sync(folder: Path) -> None:
    """A removal must outlive a power cut before it is written down as done."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _peaks(reading: Reading) -> Peaks:
    """Read second by second, so that memory stays small however long the talk was."""
    part = BYTES_PER_SECOND // _BARS_PER_SECOND
    left: list[int] = []
    right: list[int] = []
    for start in range(WAV_HEADER, reading.size, BYTES_PER_SECOND):
        second = reading.read(start, BYTES_PER_SECOND)
        for at in range(0, len(second), part):
            samples = array("h", second[at : at + part])
            for side, bars in enumerate((left, right)):
                some = samples[side :: 2 * _EVERY]
                bars.append(max(max(some, default=0), -min(some, default=0)))
    together = max(1, -(-len(left) // _MOST_BARS))
    return Peaks(together / _BARS_PER_SECOND, _joined(left, together), _joined(right, together))


def _joined(bars: list[int], together: int) -> list[int]:
    return [min(100, round(max(bars[at : at + together]) / 327.68)) for at in range(0, len(bars), together)]


__all__ = ["File", "Folder", "Peaks", "Unreadable", "place"]
