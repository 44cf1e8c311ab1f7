"""Recordings on disk: a WAV file, or the same encrypted in chunks, whole again after any crash.

The encrypted file: `TEPLOREC1` and 16 random bytes (salt); then chunks of one second (32 000 bytes of stereo samples;
the last is shorter), each sealed by AES-256-GCM with its number as nonce under a key derived (HKDF-SHA256) from the
installation's key and the salt, so that no nonce is used twice under one key. A chunk that was being written when the
process was killed is left out on reading. Each chunk stands alone, so a player may seek.
"""

import os
import struct
from pathlib import Path
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

RATE: Final = 8000
"""That of G.711. Not taken from there: who only reads a recording has no use for numpy."""
BYTES_PER_SECOND: Final = RATE * 4
_WAV = struct.Struct("<4sI4s4sIHHIIHH4sI")
WAV_HEADER: Final = _WAV.size
_MAGIC = b"TEPLOREC1"
_SALT = 16
_START = len(_MAGIC) + _SALT
_TAG = 16
_SEALED = BYTES_PER_SECOND + _TAG


class Unreadable(Exception):
    """The file is no recording, the key is wrong, or somebody has changed it."""


def wav_header(size: int) -> bytes:
    """Return the header of so many bytes of 8 kHz stereo samples of 16 bits."""
    return _WAV.pack(
        b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, 1, 2, RATE, BYTES_PER_SECOND, 4, 16, b"data", size
    )  # fmt: skip


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"teplo recording").derive(key))


class Writer:
    """Appends seconds of samples to a new file. With a key of 32 bytes (or more) it is encrypted."""

    def __init__(self, path: Path, key: bytes | None = None) -> None:
        self._file: BinaryIO = path.open("xb", buffering=0)
        self._size = 0
        self._chunks = 0
        self._seal: AESGCM | None = None
        if key is not None:
            salt = os.urandom(_SALT)
            self._seal = _cipher(key, salt)
            self._file.write(_MAGIC + salt)
        else:
            self._file.write(wav_header(0))

    def write(self, samples: bytes) -> None:
        """Append one second; only the last piece of a file may be shorter. Raises OSError."""
        if self._seal is not None:
            samples = self._seal.encrypt(self._chunks.to_bytes(12, "big"), samples, _MAGIC)
            self._chunks += 1
            self._file.write(samples)
            return
        self._file.write(samples)
        self._size += len(samples)
        # The header follows the data: after a crash it speaks of what is surely there.
        os.pwrite(self._file.fileno(), wav_header(self._size), 0)

    def close(self) -> None:
        """Close the file."""
        self._file.close()


class Reading:
    """A finished or broken off recording as the bytes of a WAV file, to be read from any place."""

    def __init__(self, path: Path, key: bytes | None = None) -> None:
        """Raises OSError, and Unreadable when the file is none of ours or the key does not fit."""
        self._file: BinaryIO = path.open("rb")
        length = path.stat().st_size
        head = self._file.read(_START)
        self._seal: AESGCM | None = None
        if head.startswith(_MAGIC):
            if key is None or len(head) < _START:
                self._file.close()
                raise Unreadable("a key is needed")
            self._seal = _cipher(key, head[len(_MAGIC) :])
            whole, rest = divmod(length - _START, _SEALED)
            self.samples_size = whole * BYTES_PER_SECOND + self._partial(whole, rest)
            if whole:
                self._chunk(0)
        elif head.startswith(b"RIFF") and length >= WAV_HEADER:
            self.samples_size = (length - WAV_HEADER) // 4 * 4
        else:
            self._file.close()
            raise Unreadable("not a recording")
        self.size = WAV_HEADER + self.samples_size
        """Bytes of the WAV file."""

    @property
    def seconds(self) -> float:
        """The length."""
        return self.samples_size / BYTES_PER_SECOND

    def read(self, start: int, count: int) -> bytes:
        """Return bytes of the WAV file. Raises Unreadable when a chunk was changed."""
        end = min(self.size, start + count)
        parts = [wav_header(self.samples_size)[start:end]] if start < WAV_HEADER else []
        at, stop = max(0, start - WAV_HEADER), end - WAV_HEADER
        if self._seal is None and at < stop:
            self._file.seek(WAV_HEADER + at)
            parts.append(self._file.read(stop - at))
        while self._seal is not None and at < stop:
            number, offset = divmod(at, BYTES_PER_SECOND)
            piece = self._chunk(number)[offset : offset + stop - at]
            parts.append(piece)
            at += len(piece)
        return b"".join(parts)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _partial(self, number: int, rest: int) -> int:
        """Return the size of the last, short chunk; 0 if it was broken off."""
        try:
            return len(self._chunk(number)) if rest > _TAG else 0
        except Unreadable:
            return 0

    def _chunk(self, number: int) -> bytes:
        assert self._seal is not None
        self._file.seek(_START + number * _SEALED)
        try:
            return self._seal.decrypt(number.to_bytes(12, "big"), self._file.read(_SEALED), _MAGIC)
        except InvalidTag as error:
            raise Unreadable("changed, or another key") from error


def repair(path: Path) -> float:
    """Set the header of a plain WAV file that was broken off right; return its seconds. Raises as Reading."""
    reading = Reading(path)
    reading.close()
    with path.open("r+b") as file:
        file.write(wav_header(reading.samples_size))
        file.truncate(reading.size)
    return reading.seconds
