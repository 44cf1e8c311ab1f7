"""Audio of many far ends in one process: a tone sent every 20 ms for each, what comes back counted and listened to.

Light on purpose: it runs beside the worker that is measured. Packets are spread over the 20 ms as those of independent
telephones are.
"""

import asyncio
import contextlib
import select
import socket
import struct
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from teplo.channels.voice.media.g711 import ALAW

HEADER = struct.Struct("!BBHII")
EVENT = struct.Struct("!BBH")
CALLER_HZ, AGENT_HZ = 500.0, 1200.0
"""Both have whole periods in 20 ms: each frame of a tone is the same."""
_SLICES = 10
_LARGEST = 2048
"""Octets of a datagram: those of a handshake are long."""
_STAMP = 0x7E910
_KEYS = "0123456789*#"
_EVENT_TYPE = 101


def tone(hertz: float) -> bytes:
    """20 ms of a tone in A-law."""
    wave = 8000 * np.sin(2 * np.pi * hertz * np.arange(160) / 8000)
    return ALAW.encode(wave.astype(np.int16)).tobytes()


def hears(payload: bytes, hertz: float) -> bool:
    """Tell whether 20 ms are mostly this tone."""
    if not 4 < len(set(payload)) < 40:
        return False  # silence has fewer values than our tones, music has more: most frames are done with here
    wave = ALAW.decode(payload).astype(float)
    power = float(np.mean(wave**2))
    if power < 100:
        return False
    found = abs(np.mean(wave * np.exp(-2j * np.pi * hertz * np.arange(len(wave)) / 8000))) ** 2
    return 2 * float(found) / power > 0.8


class FarEnd:
    """One far end. `transmit` sends a packet; whoever receives calls `take`."""

    def __init__(self, speaks: float, listens: float) -> None:
        self.speaks = speaks
        self._listens = listens
        self._keys: list[bytes] = []
        self._event_at: int | None = None
        self._in_row = 0
        self._heard_first = 0.0
        self._newest = self._first = b""
        self._received = self._before = 0
        self.on_heard: Callable[[float], None] | None = None
        """Called once with the (monotonic) moment at which the tone of the other was first heard, three frames long."""
        self.transmit: Callable[[bytes], Any] | None = None

    def press(self, key: str) -> None:
        """Press a key (RFC 4733): 80 ms, and the end three times."""
        digit = _KEYS.index(key)
        self._event_at = None
        self._keys = [EVENT.pack(digit, 10, 160 * n) for n in (1, 2, 3, 4)] + [EVENT.pack(digit, 0x8A, 640)] * 3

    def send(self, number: int, audio: bytes) -> None:
        """Send the packet of these 20 ms: audio, or the key that is pressed. Raises OSError."""
        if self.transmit is None:
            return
        if self._keys:
            if self._event_at is None:
                self._event_at = number * 160 & 0xFFFFFFFF
            head = HEADER.pack(0x80, _EVENT_TYPE, number & 0xFFFF, self._event_at, _STAMP)
            self.transmit(head + self._keys.pop(0))
        else:
            self.transmit(audio)

    def take(self, packet: bytes) -> None:
        """Take a packet that came."""
        if len(packet) != 172:
            return
        self._received += 1
        self._newest = packet[4:8]
        if self.on_heard is not None:
            self._listen(packet[12:], self.on_heard)

    def listen(self, heard: "set[FarEnd]") -> None:
        """Listen anew; be in `heard` once the tone has been there for three frames."""
        self._in_row = 0
        self.on_heard = lambda at: heard.add(self)

    def _listen(self, payload: bytes, told: Callable[[float], None]) -> None:
        if not hears(payload, self._listens):
            self._in_row = 0
            return
        self._heard_first = self._heard_first if self._in_row else time.monotonic()
        self._in_row += 1
        if self._in_row == 3:
            self.on_heard = None
            told(self._heard_first)

    def begin(self) -> None:
        """Begin a window of counting."""
        self._first, self._before = self._newest, self._received

    def count(self) -> tuple[int, int]:
        """Return the packets of the window that should have come by their time stamps, and those that came."""
        if not self._first:
            return 0, 0
        first, last = (int.from_bytes(stamp, "big") for stamp in (self._first, self._newest))
        return ((last - first) & 0xFFFFFFFF) // 160, self._received - self._before


class Wire:
    """All far ends of a process. `run` for ever; those with plain sockets are read here."""

    def __init__(self) -> None:
        self.ends: dict[FarEnd, None] = {}
        self._poll = select.epoll()
        self._by_file: dict[int, tuple[socket.socket, Callable[[bytes], None]]] = {}
        self.behind = 0
        """Times that we ourselves were more than 100 ms late: figures of such a run say little."""

    def open(self, end: FarEnd) -> tuple[socket.socket, socket.socket, int]:
        """Bind a pair of ports (RFC 3550, 11) whose first is read for this far end; return it with its number."""
        while True:
            rtp, rtcp = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
            rtp.setblocking(False)
            rtp.bind(("127.0.0.1", 0))
            port = rtp.getsockname()[1]
            try:
                if port % 2 == 0:
                    rtcp.bind(("127.0.0.1", port + 1))
                    break
            except OSError:
                pass
            rtp.close()
            rtcp.close()
        self.read(rtp, end.take)
        return rtp, rtcp, port

    def read(self, sock: socket.socket, take: Callable[[bytes], None]) -> None:
        """Read a socket ten times in 20 ms.

        Never at once: on the loopback it is the sender who pays for waking a reader, 20 us a packet on a virtual
        machine, which no worker pays to a network card.
        """
        self._by_file[sock.fileno()] = (sock, take)
        self._poll.register(sock.fileno(), select.EPOLLIN)

    def close(self, *sockets: socket.socket) -> None:
        """Close sockets of which the first is read; may be called twice."""
        if sockets[0].fileno() >= 0 and self._by_file.pop(sockets[0].fileno(), None):
            self._poll.unregister(sockets[0].fileno())
        for sock in sockets:
            sock.close()

    def begin(self) -> None:
        """Begin a window of counting."""
        self.behind = 0
        for end in self.ends:
            end.begin()

    def count(self) -> dict[str, int]:
        """Return what should have come in the window and what came, over all far ends."""
        counts = [end.count() for end in self.ends]
        return {"expected": sum(c[0] for c in counts), "came": sum(c[1] for c in counts), "behind": self.behind}

    async def hearing(self, seconds: float) -> set[FarEnd]:
        """Listen for so long; return the far ends that heard their tone meanwhile."""
        heard: set[FarEnd] = set()
        for end in self.ends:
            end.listen(heard)
        await asyncio.sleep(seconds)
        for end in self.ends:
            end.on_heard = None
        return heard

    async def run(self) -> None:
        """Send and receive for ever."""
        due, number = time.monotonic(), 0
        sounds = {hertz: tone(hertz) for hertz in (CALLER_HZ, AGENT_HZ)}
        while True:
            ends = list(self.ends)
            head = HEADER.pack(0x80, 8, number & 0xFFFF, number * 160 & 0xFFFFFFFF, _STAMP)
            audio = {hertz: head + sound for hertz, sound in sounds.items()}
            for part in range(_SLICES):
                for end in ends[part::_SLICES]:
                    with contextlib.suppress(OSError):  # as on any network
                        end.send(number, audio[end.speaks])
                self._receive()
                due += 0.02 / _SLICES
                rest = due - time.monotonic()
                if rest < -0.1:
                    self.behind += 1
                    due = time.monotonic()
                await asyncio.sleep(max(0.0, rest))
            number += 1

    def _receive(self) -> None:
        for file, _ in self._poll.poll(0, max(1, len(self._by_file))):
            sock, take = self._by_file[file]
            try:
                packet = sock.recv(_LARGEST)
            except OSError:  # an ICMP error of an earlier packet
                continue
            take(packet)
