"""Cutting a byte stream into messages (RFC 3261 18.3, RFC 5626 4.4.1)."""

import re
from typing import Final

from .message import MAX_OCTETS

_LENGTH = re.compile(rb"\r\n(?:content-length|l)[ \t]*:[ \t]*([0-9]{1,9})[ \t]*(?=\r\n)", re.I)
_MAX_HEAD: Final = 32_768
PONG: Final = b"\r\n"
"""The answer to a keep-alive."""


class Broken(ValueError):
    """The stream cannot be cut any more and must be closed."""


class Framer:
    """Collects octets; `feed` returns whole messages, and a keep-alive as `PONG` where one is to be sent back."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._need = 0

    over = False
    """A stream has no goodbye of its own."""

    @property
    def waiting(self) -> int:
        """Octets of a message that is not whole yet."""
        return len(self._buffer)

    def wrap(self, message: bytes) -> bytes:
        """Messages go as they are."""
        return message

    def replies(self) -> bytes:
        """Nothing has to be said beside the messages."""
        return b""

    def keep_alive(self, silent: float) -> bytes:
        """The peer, who is behind the NAT, keeps the stream alive."""
        return b""

    def feed(self, data: bytes) -> list[bytes]:
        """Raises `Broken`."""
        self._buffer += data
        found: list[bytes] = []
        while True:
            if not self._need:
                self._skip_breaks(found)
                if not self._measure():
                    return found
            if len(self._buffer) < self._need:
                return found
            found.append(bytes(self._buffer[: self._need]))
            del self._buffer[: self._need]
            self._need = 0

    def _skip_breaks(self, found: list[bytes]) -> None:
        while self._buffer[:2] == b"\r\n":
            if self._buffer[:4] == b"\r\n\r\n":
                found.append(PONG)
                del self._buffer[:4]
            elif len(self._buffer) >= 4 or (len(self._buffer) == 3 and self._buffer[2:3] != b"\r"):
                del self._buffer[:2]  # the answer to our own keep-alive, or breaks before a message
            else:
                return

    def _measure(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > _MAX_HEAD:
                raise Broken("header too long")
            return False
        lengths = _LENGTH.findall(bytes(self._buffer[: end + 2]))
        if len(lengths) != 1 or int(lengths[0]) > MAX_OCTETS or end > _MAX_HEAD:
            raise Broken("no usable Content-Length")
        self._need = end + 4 + int(lengths[0])
        return True
