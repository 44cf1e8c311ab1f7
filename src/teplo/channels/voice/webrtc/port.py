"""The one UDP port of a worker that all its browser legs share (docs/decisions/0010)."""

from __future__ import annotations

import asyncio
import fcntl
import ipaddress
import socket
import struct
import sys
from collections.abc import Iterable
from contextlib import suppress
from typing import Protocol

from ..addresses import OUTSIDE, own_address
from . import stun
from .dtls import DtlsContext
from .ice import IceLite
from .stun import Address

_LONGEST = 2048
_AT_ONCE = 128
"""Datagrams taken in one run: a flood must not keep the 20 ms tick waiting."""
_RUNS = 8
_REST = 0.004
"""Seconds between two runs while there is traffic: at 200 calls one run takes 40 packets instead of waking for each."""
_STAMP = struct.Struct("@qq")
_SIOCGSTAMPNS = 0x8907
_BEAT = 0.05
"""Seconds between two looks at the timers of DTLS and consent."""
_SO_RCVBUFFORCE = 33
"""socket(7) of Linux; Python has no name for it."""
_BUFFER = 4 << 20
"""Bytes wished for in the kernel: 4 000 packets, so that a long tick of a full worker loses nothing."""


class Occupant(Protocol):
    """What a leg is to the port. `source` is an address that has proved to be this leg's peer."""

    ice: IceLite

    def receive_dtls(self, data: bytes, source: Address, now: float) -> None:
        """A DTLS record came."""

    def receive_rtp(self, data: bytes) -> None:
        """An SRTP packet came."""

    def receive_rtcp(self, data: bytes) -> None:
        """An SRTCP packet came."""

    def beat(self, now: float) -> None:
        """Look at the timers."""


class BrowserPort:
    """Sorts datagrams by what they are (RFC 7983) and by whose they are: checks by ufrag, all else by source.

    A source is somebody's only after a check with that leg's password came from it. Everything else meets silence and
    costs one look into a dictionary. `now` is the loop's monotonic time in seconds.
    """

    def __init__(self, context: DtlsContext) -> None:
        self.context = context
        self.advertised: tuple[str, ...] = ()
        """Addresses that browsers are told to try, the preferred one first."""
        self.number = 0
        """The port that is bound, and advertised unless `open` was told another."""
        self.ignored = 0
        """Datagrams of strangers, and broken ones."""
        self._socket: socket.socket | None = None
        self._by_ufrag: dict[str, Occupant] = {}
        self._by_source: dict[Address, Occupant] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._rest: asyncio.TimerHandle | None = None

    async def open(
        self,
        host: str = "0.0.0.0",
        ports: Iterable[int] = (0,),
        *,
        advertise: Iterable[str] = (),
        advertised_port: int | None = None,
    ) -> None:
        """Bind the first free one of `ports` (0: any); raise OSError where none is.

        `advertise`: addresses under which browsers reach us, for hosts behind a static NAT or with several networks;
        without them the bound one, or for 0.0.0.0 the address of the default route and the loopback.
        """
        loop = asyncio.get_running_loop()
        bound = _bind(host, ports)
        bound.setblocking(False)
        _enlarge(bound)
        self._socket, self._loop = bound, loop
        self.number = advertised_port or bound.getsockname()[1]
        self.advertised = tuple(advertise) or _own_addresses(host)
        loop.add_reader(bound.fileno(), self._wake)
        self._beat()

    def close(self) -> None:
        """Stop listening; legs that are still here hear nothing any more."""
        for timer in (self._timer, self._rest):
            if timer is not None:
                timer.cancel()
        if self._socket is not None and self._loop is not None:
            self._loop.remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None
        self._by_ufrag.clear()
        self._by_source.clear()

    def add(self, leg: Occupant) -> None:
        """From now on this leg's browser may check."""
        self._by_ufrag[leg.ice.ufrag] = leg

    def remove(self, leg: Occupant) -> None:
        """Forget a leg and its addresses."""
        self._by_ufrag.pop(leg.ice.ufrag, None)
        for source in [source for source, owner in self._by_source.items() if owner is leg]:
            del self._by_source[source]

    @property
    def size(self) -> tuple[int, int]:
        """Legs and addresses known."""
        return len(self._by_ufrag), len(self._by_source)

    def send(self, data: bytes, address: Address) -> None:
        """Send one datagram. What the network does not take at once is lost, as media that came late would be."""
        if self._socket is not None:
            with suppress(OSError):
                self._socket.sendto(data, address)

    def drain(self, tick: int = 0) -> None:
        """Take what waits, at most 1 024 datagrams.

        To be called before each tick of the mixer (its `before`, hence the argument): what came in time is then
        heard in time, however late the process was woken.
        """
        if self._socket is not None and self._loop is not None:
            now = self._loop.time()
            for _ in range(_RUNS):
                if self._drain(self._socket, now) < _AT_ONCE:
                    return

    def stamp(self) -> float | None:
        """Return when the datagram being taken came in, by the kernel's clock: exact, whenever it is read."""
        if self._socket is None:
            return None
        try:
            seconds, nanoseconds = _STAMP.unpack(fcntl.ioctl(self._socket.fileno(), _SIOCGSTAMPNS, bytes(16)))
        except OSError:
            return None
        return float(seconds) + float(nanoseconds) * 1e-9

    def _wake(self) -> None:
        """Something came after a pause: from now on the socket is read in runs, until a run finds nothing."""
        if self._loop is not None and self._socket is not None:
            self._loop.remove_reader(self._socket.fileno())
            self._run()

    def _run(self) -> None:
        loop, bound = self._loop, self._socket
        if loop is None or bound is None:
            return
        taken = self._drain(bound, loop.time())
        if taken == _AT_ONCE:
            # Held up, or flooded: what waits is taken at once, but other work has its turn in between.
            self._rest = loop.call_later(0, self._run)
        elif taken:
            self._rest = loop.call_later(_REST, self._run)
        else:
            self._rest = None
            loop.add_reader(bound.fileno(), self._wake)

    def _drain(self, bound: socket.socket, now: float) -> int:
        receive = bound.recvfrom
        for taken in range(_AT_ONCE):
            try:
                data, source = receive(_LONGEST)
            except BlockingIOError:
                return taken
            except OSError:  # an ICMP error of a datagram that we sent; the next call goes on
                continue
            self.receive(data, source if len(source) == 2 else source[:2], now)
        return _AT_ONCE

    def receive(self, data: bytes, source: Address, now: float) -> None:
        """Sort one datagram."""
        if len(data) < 13:
            self.ignored += 1
            return
        first = data[0]
        leg = self._by_source.get(source)
        if 128 <= first < 192 and leg is not None:
            if 192 <= data[1] <= 223:  # RFC 5761 section 4: RTCP beside RTP
                leg.receive_rtcp(data)
            else:
                leg.receive_rtp(data)
        elif first < 4:
            self._check(data, source, now)
        elif 20 <= first < 64 and leg is not None:
            leg.receive_dtls(data, source, now)
        else:
            self.ignored += 1

    def _check(self, data: bytes, source: Address, now: float) -> None:
        try:
            message = stun.parse(data)
        except stun.StunError:
            self.ignored += 1
            return
        ufrags = message.ufrags
        leg = self._by_ufrag.get(ufrags[0]) if ufrags else None
        answer = leg.ice.receive(message, source, now) if leg else None
        if leg is None or answer is None:
            self.ignored += 1
            return
        self.send(answer, source)
        if source in leg.ice.sources and self._by_source.get(source) is not leg:
            self._learn(leg, source)

    def _learn(self, leg: Occupant, source: Address) -> None:
        # A page that was loaded anew may come from the address of the old one: the leg that was checked last has it.
        self._by_source[source] = leg
        gone = [one for one, owner in self._by_source.items() if owner is leg and one not in leg.ice.sources]
        for one in gone:
            del self._by_source[one]

    def _beat(self) -> None:
        if self._loop is None:
            return
        self._timer = self._loop.call_later(_BEAT, self._beat)
        now = self._loop.time()
        for leg in list(self._by_ufrag.values()):
            leg.beat(now)


def _bind(host: str, ports: Iterable[int]) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    failed: OSError | None = None
    for port in ports:
        made = socket.socket(family, socket.SOCK_DGRAM)
        try:
            if family == socket.AF_INET6:
                # Mapped IPv4 addresses would be told to browsers that know themselves by the plain ones.
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            made.bind((host, port))
        except OSError as error:
            made.close()
            failed = error
        else:
            return made
    raise failed or OSError("no port to listen on")


def _enlarge(bound: socket.socket) -> None:
    """Ask for a large receive buffer; without the right to force it the kernel gives what net.core.rmem_max allows."""
    with suppress(OSError):
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
    if sys.platform == "linux":
        with suppress(OSError):
            bound.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, _BUFFER)


def _own_addresses(host: str) -> tuple[str, ...]:
    address = ipaddress.ip_address(host)
    if not address.is_unspecified:
        return (host,)
    loopback, outside = ("127.0.0.1", OUTSIDE) if address.version == 4 else ("::1", "2001:db8::1")
    found = own_address(outside)
    return (loopback,) if found in (None, loopback) else (found, loopback)
