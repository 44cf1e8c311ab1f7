"""A leg on a UDP port pair of its own: trunks and desk phones."""

import contextlib
import ctypes
import fcntl
import ipaddress
import itertools
import select
import socket
import struct
from collections.abc import Callable, Iterable

from ..sdp import Agreed
from . import rtp
from .g711 import RATE
from .opus import Coding, coding
from .packet_leg import PacketLeg
from .srtp import Srtp

_LARGEST = 1500
_SIOCGSTAMPNS = 0x8907
_STAMP = struct.Struct("@qq")
_STAMP_EVERY = 8
"""Packets per time stamp asked from the kernel: the jitter figure needs no more, and each costs a system call."""
_ROUNDS = 8
_UNLOCK_S = 2.0
_ENOUGH = 5
"""Packets from an address that was not named, until it is believed."""
_LIBC = ctypes.CDLL(None, use_errno=True)
_UNSPECIFIED = bytes(16)


class NoPorts(OSError):
    """Every media port of the range is in use."""


class Sockets:
    """Reads the sockets of all legs of a worker, once a tick.

    The kernel keeps the packets meanwhile; a jitter buffer would do the same. One look at all and a read of those
    that have something costs a fraction of waking the event loop for each packet.
    """

    def __init__(self) -> None:
        self._poll = select.epoll()
        self._readers: dict[int, Callable[[int], None]] = {}

    def add(self, sock: socket.socket, reader: Callable[[int], None]) -> None:
        """Call the reader with the tick when the socket has a datagram; it reads one."""
        self._readers[sock.fileno()] = reader
        self._poll.register(sock.fileno(), select.EPOLLIN)

    def remove(self, sock: socket.socket) -> None:
        """Forget a socket, before it is closed."""
        if self._readers.pop(sock.fileno(), None) is not None:
            self._poll.unregister(sock.fileno())

    def drain(self, tick: int) -> None:
        """Read what has come: of a flooded port eight packets a tick, the kernel drops the rest."""
        readers = self._readers
        for _ in range(_ROUNDS):
            ready = self._poll.poll(0, max(1, len(readers)))
            if not ready:
                return
            for file, _event in ready:
                reader = readers.get(file)
                if reader is not None:
                    reader(tick)

    def close(self) -> None:
        """Close; the sockets are closed by their legs."""
        self._poll.close()


class RtpLeg(PacketLeg):
    """A party over plain RTP or SRTP. `open` first, then `set_remote` once the SDP of the far end is known.

    The source is locked to the address of the SDP: the socket is connected, so the kernel drops all others. Of a far
    end that may be behind NAT it is known as well where its signalling comes from (`signalled_from`). Its source is
    learnt (RFC 4961): the address of the SDP as soon as a packet comes from there, else whichever port of the two hosts
    some good packets come from; another one when none came for two seconds. Nobody else is heard, or could draw the
    audio to himself; only where packets are encrypted the host does not matter, because nobody else has the key.
    """

    def __init__(self, id: str, sockets: Sockets, *, media_timeout: float = 30.0) -> None:
        super().__init__(id, media_timeout=media_timeout)
        self._sockets = sockets
        self._rtp: socket.socket | None = None
        self._rtcp: socket.socket | None = None
        self._remote: tuple[str, int] | None = None
        self._described: tuple[tuple[str, int] | None, frozenset[str]] = None, frozenset()
        """What was last said of the far end: its address, and the hosts from which it is learnt."""
        self._hosts: frozenset[str] = frozenset()
        self._candidate: tuple[tuple[str, int] | None, int] = None, 0
        """Who else sends, and how many packets came."""
        self._locked = False
        self._idle_since: float | None = None
        self._idle_packets = -1
        self._srtp: Srtp | None = None
        self._count = 0
        self.local_host = ""
        self.local_port = 0

    async def open(self, host: str, ports: Iterable[int]) -> None:
        """Bind the first free pair of an even port and the next (RFC 3550, 11). Raises NoPorts.

        Give the ports in the order to be tried; 0 alone lets the system choose.
        """
        family = socket.AF_INET6 if ipaddress.ip_address(host).version == 6 else socket.AF_INET
        tried = itertools.repeat(0, 64) if (wanted := list(ports)) == [0] else wanted
        for port in tried:
            if port % 2:
                continue
            pair = _bind_pair(family, host, port)
            if pair is not None:
                self._rtp, self._rtcp = pair
                self.local_host, self.local_port = host, self._rtp.getsockname()[1]
                self._sockets.add(self._rtp, self._read)
                self._sockets.add(self._rtcp, self._read_rtcp)
                return
        raise NoPorts("no free pair of media ports")

    def set_remote(
        self,
        host: str,
        port: int,
        coding: Coding,
        payload_type: int,
        event_type: int | None = None,
        *,
        also: dict[int, Coding] | None = None,
        event_clock: int = RATE,
        events: Iterable[int] = (),
        srtp: Srtp | None = None,
        signalled_from: str = "",
    ) -> None:
        """Set what the SDP says; may be called again (re-INVITE). Raises ValueError if the host is no IP address.

        `also` are other payload types the far end may send. An unspecified address or port 0 means: send nothing.
        `signalled_from` is the host that its SIP comes from, "": there is no NAT between.
        """
        address = ipaddress.ip_address(host)
        silent = port == 0 or address.is_unspecified
        hosts = frozenset({str(address), signalled_from}) if signalled_from else frozenset()
        remote = None if silent else (host, port)
        self.use(coding, payload_type, event_type, also, event_clock=event_clock, events=events)
        self._srtp = srtp
        if (remote, hosts) == self._described:
            return  # what was learnt of it still holds
        self._unlock()
        self._described = remote, hosts
        self._remote, self._hosts = remote, hosts
        if remote is not None and not hosts:
            self._lock(remote)

    def signalled(self, host: str) -> None:
        """The signalling of the far end comes from another host now: so may its audio."""
        if self._hosts:
            self._hosts |= {host}

    def agree(self, agreed: Agreed, *, signalled_from: str = "") -> None:
        """Set what an offer and its answer have come to, keys of SRTP and hold by the far end included."""
        spoken, srtp = coding(agreed.codec, agreed.parameters), None
        if agreed.local_crypto and agreed.remote_crypto:
            srtp = Srtp(agreed.local_crypto.suite, agreed.local_crypto.key, agreed.remote_crypto.key)
        self.set_remote(
            agreed.host,
            agreed.port,
            spoken,
            agreed.payload_type,
            agreed.telephone_event,
            also={agreed.receive_type: spoken},
            event_clock=agreed.event_clock,
            events=agreed.receive_events,
            srtp=srtp,
            signalled_from=signalled_from,
        )
        self.sending = agreed.sends

    def transmit(self, packet: bytes) -> None:
        """Send an RTP packet."""
        if self._srtp is not None:
            protected = self._srtp.protect(packet)
            if protected is None:
                return
            packet = protected
        # A full buffer or a port that is not open (yet) at the far end: the packet is lost, as on any network.
        try:
            if self._locked:
                self._rtp.send(packet)  # type: ignore[union-attr]
            elif self._remote is not None and self._rtp is not None:
                self._rtp.sendto(packet, self._remote)
        except OSError:
            return

    def transmit_rtcp(self, packet: bytes) -> None:
        """Send an RTCP packet to the next port of the far end (RFC 3550, 11)."""
        if self._srtp is not None:
            protected = self._srtp.protect_rtcp(packet)
            if protected is None:
                return
            packet = protected
        if self._rtcp is not None and self._remote is not None:
            with contextlib.suppress(OSError, OverflowError):
                self._rtcp.sendto(packet, (self._remote[0], self._remote[1] + 1))

    def watch(self, now: float) -> None:
        """Besides reports and timeout: learn the source anew when nothing comes any more, if that is allowed."""
        super().watch(now)
        packets = self._reception.packets
        if packets != self._idle_packets or self._idle_since is None:
            self._idle_packets, self._idle_since = packets, now
        elif self._hosts and self._locked and now - self._idle_since > _UNLOCK_S:
            self._unlock()

    def close(self) -> None:
        """Say goodbye and give the ports back."""
        if self._rtp is not None and self._rtcp is not None:
            if self._sent:
                self.report(bye=True)
            for sock in (self._rtp, self._rtcp):
                self._sockets.remove(sock)
                sock.close()
            self._rtp = self._rtcp = None
            self._locked = False
        super().close()
        self.replan()

    def _read(self, tick: int) -> None:
        sock = self._rtp
        if sock is None:
            return
        try:
            if self._locked:
                data, source = sock.recv(_LARGEST), None
            else:
                data, source = sock.recvfrom(_LARGEST)
        except OSError:
            return  # an ICMP error of an earlier packet
        self.arrival_tick = tick
        now = None
        self._count += 1
        if self._count % _STAMP_EVERY == 0:
            with contextlib.suppress(OSError):
                seconds, nanoseconds = _STAMP.unpack(fcntl.ioctl(sock.fileno(), _SIOCGSTAMPNS, _UNSPECIFIED))
                now = seconds + nanoseconds * 1e-9
        if self._srtp is not None and len(data) > 1 and not 192 <= data[1] <= 223:
            plain = self._srtp.unprotect(data)
            if plain is None:
                return
            data = plain
        elif self._srtp is not None:
            self._take_rtcp(data)
            return
        if source is None:
            self.receive(data, now)
        elif self._hosts and self._is_it(source[:2], data) and self.receive(data, now):
            self._lock(source[:2])

    def _is_it(self, source: tuple[str, int], data: bytes) -> bool:
        """Whether this is the far end. What somebody still sends whose port this was may not be taken for it."""
        if source == self._remote:
            return True
        if rtp.parse(data) is None or (self._srtp is None and source[0] not in self._hosts):
            return False
        known, count = self._candidate
        self._candidate = source, count + 1 if source == known else 1
        return self._candidate[1] >= _ENOUGH

    def _read_rtcp(self, tick: int) -> None:
        if self._rtcp is not None:
            with contextlib.suppress(OSError):
                data, source = self._rtcp.recvfrom(_LARGEST)
                if self._remote is not None and source[0] == self._remote[0]:
                    self._take_rtcp(data)

    def _take_rtcp(self, data: bytes) -> None:
        plain = self._srtp.unprotect_rtcp(data) if self._srtp is not None else data
        if plain is not None:
            self.receive_rtcp(plain)

    def _lock(self, remote: tuple[str, int]) -> None:
        if self._rtp is not None:
            with contextlib.suppress(OSError):
                self._rtp.connect(remote)
                self._remote, self._locked = remote, True
                self._candidate = None, 0

    def _unlock(self) -> None:
        if self._locked and self._rtp is not None:
            # Connecting to AF_UNSPEC dissolves the association (connect(2)); the socket module has no word for it.
            _LIBC.connect(self._rtp.fileno(), _UNSPECIFIED, len(_UNSPECIFIED))
            self._locked = False


def _free_port(family: int, host: str) -> int:
    # A port chosen by the system in bind() would be given back when the socket is disconnected; one asked for is not.
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
        return port


def _bind_pair(family: int, host: str, port: int) -> tuple[socket.socket, socket.socket] | None:
    rtp = socket.socket(family, socket.SOCK_DGRAM)
    rtcp = socket.socket(family, socket.SOCK_DGRAM)
    try:
        rtp.setblocking(False)
        rtcp.setblocking(False)
        bound = port or _free_port(family, host)
        rtp.bind((host, bound))
        if bound % 2 == 0:
            rtcp.bind((host, bound + 1))
            return rtp, rtcp
    except (OSError, OverflowError):
        pass
    rtp.close()
    rtcp.close()
    return None
