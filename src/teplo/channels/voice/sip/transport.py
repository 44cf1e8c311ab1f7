"""Sockets for the stack: UDP, TCP, TLS, WebSocket; with limits on size, silence and number of connections."""

import asyncio
import ipaddress
import itertools
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, cast

from ..addresses import Told, literal
from .core import log
from .flow import Flow
from .stream import PONG, Broken, Framer
from .websocket import WEB, WebFramer

_CONNECT_SECONDS: Final = 4.0
_MAX_WAITING: Final = 1_000_000
_ANY_LOOPBACK: Final = ("127.0.0.1", "::1")
"""From there nothing but this machine is reached: who listens there may still call elsewhere."""


@dataclass(slots=True)
class Limits:
    """What peers may take of us."""

    connections: int = 2000
    connections_per_host: int = 200
    idle_seconds: float = 600.0
    message_seconds: float = 10.0
    """Longest time for one message to come in whole."""


@dataclass(slots=True)
class Listen:
    """Where to listen; a port of None leaves the transport out, 0 takes any free one."""

    host: str = "0.0.0.0"
    udp: int | None = 5060
    tcp: int | None = 5060
    tls: int | None = None
    ws: int | None = None
    wss: int | None = None
    origins: tuple[str, ...] = ()
    """Web pages whose scripts may open a WebSocket."""
    advertise: str = ""
    """Our address in messages where peers see another one than we do (NAT)."""
    near: tuple[str, ...] = ()
    """Networks whose peers see the same one as we do all the same."""
    tls_server: ssl.SSLContext | None = field(default=None, repr=False)
    tls_client: ssl.SSLContext | None = field(default=None, repr=False)
    """For connections that we open; the system's authorities if not given."""


class Transports:
    """All sockets of one endpoint. `receive` gets each message, `failed` each address that cannot be reached."""

    def __init__(
        self,
        listen: Listen,
        receive: Callable[[bytes, Flow], None],
        failed: Callable[[Flow], None],
        welcome: Callable[[str], bool],
        limits: Limits | None = None,
    ) -> None:
        self.listen = listen
        self.limits = limits or Limits()
        self.receive = receive
        self.failed = failed
        self.welcome = welcome
        self.ports: dict[str, int] = {}
        self._udp: asyncio.DatagramTransport | None = None
        self._servers: list[asyncio.Server] = []
        self._streams: dict[Flow, Stream] = {}
        self._per_host: Counter[str] = Counter()
        self._opening: dict[Flow, list[bytes]] = {}
        self._numbers = itertools.count(1)
        self._group: asyncio.TaskGroup | None = None
        self.on_resolved: Callable[[str], None] = lambda host: None
        """Told the address behind a name."""
        self._tasks: set[asyncio.Task[None]] = set()
        self.told = Told(listen.host, listen.advertise, listen.near)

    @property
    def names(self) -> frozenset[str]:
        """The transports that are there."""
        return frozenset(self.ports)

    @property
    def connections(self) -> int:
        """Open streams."""
        return len(set(self._streams.values()))

    async def start(self, group: asyncio.TaskGroup) -> None:
        """Open the listening sockets; connections that we open run in `group`. Raises OSError."""
        self._group = group
        loop = asyncio.get_running_loop()
        listen = self.listen
        if listen.udp is not None:
            self._udp, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self), local_addr=(listen.host, listen.udp)
            )
            sock = self._udp.get_extra_info("socket")
            if sock is not None:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
            self.ports["UDP"] = self._udp.get_extra_info("sockname")[1]
        plain = (("TCP", listen.tcp, None), ("WS", listen.ws, None))
        secured = (("TLS", listen.tls, listen.tls_server), ("WSS", listen.wss, listen.tls_server))
        for name, port, context in (*plain, *secured):
            if port is None or (name in ("TLS", "WSS") and context is None):
                continue
            make = self._accepting(name)
            server = await loop.create_server(make, listen.host, port, ssl=context, backlog=512)
            self._servers.append(server)
            self.ports[name] = server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Close everything at once."""
        for server in self._servers:
            server.close()
        if self._udp is not None:
            self._udp.close()
        for stream in set(self._streams.values()):
            stream.close()
        for task in self._tasks:
            task.cancel()

    def local(self, flow: Flow) -> tuple[str, int]:
        """Our address towards that peer."""
        port = self.ports.get(flow.transport, 5061 if flow.transport == "TLS" else 5060)
        return self.told.to(flow.host), port

    def send(self, data: bytes, flow: Flow) -> None:
        """Send as soon as possible; what cannot be sent is told to `failed`."""
        if flow.transport == "UDP":
            if self._udp is not None and literal(flow.host) is not None:
                self._udp.sendto(data, (flow.host, flow.port))
            else:
                self._later(data, flow)
            return
        stream = self._streams.get(flow)
        if stream is not None:
            stream.send(data)
        elif flow.connection or flow.transport in WEB:  # to a browser's phone nobody can connect
            log.info("sip.connection_gone", transport=flow.transport)  # the peer must ask again
            asyncio.get_running_loop().call_soon(self.failed, flow)
        else:
            self._later(data, flow)

    def _later(self, data: bytes, flow: Flow) -> None:
        waiting = self._opening.get(flow)
        if waiting is not None:
            if len(waiting) < 256:
                waiting.append(data)
        elif self._group is not None:
            self._opening[flow] = [data]
            task = self._group.create_task(self._open(flow))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _open(self, flow: Flow) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(_CONNECT_SECONDS):
                if flow.transport == "UDP":
                    family = socket.AF_INET6 if ":" in self.listen.host else socket.AF_INET
                    found = await loop.getaddrinfo(flow.host, flow.port, family=family, type=socket.SOCK_DGRAM)
                    self.on_resolved(str(found[0][4][0]))
                    for data in self._opening[flow]:
                        if self._udp is not None:
                            self._udp.sendto(data, found[0][4])
                    return
                context = None
                if flow.transport == "TLS":
                    context = self.listen.tls_client or ssl.create_default_context()
                await loop.create_connection(
                    lambda: Stream(self, flow), flow.host, flow.port, ssl=context, local_addr=self._from()
                )
        except (OSError, ValueError) as problem:  # of TLS and time-outs too; ValueError: a name that is none
            log.warning("sip.connect_failed", transport=flow.transport, error=type(problem).__name__)
            self._opening.pop(flow, None)
            self.failed(flow)
        finally:
            self._opening.pop(flow, None)

    def _from(self) -> tuple[str, int] | None:
        """Connections come from the address that we listen on, by which carriers and proxies know us."""
        host = self.listen.host
        return None if ipaddress.ip_address(host).is_unspecified or host in _ANY_LOOPBACK else (host, 0)

    def _accepting(self, name: str) -> Callable[[], "Stream"]:
        return lambda: Stream(self, Flow(name, "", 0, next(self._numbers)))

    def opened(self, stream: "Stream") -> bool:
        """A stream is there; False where there are too many, or its peer is a stranger."""
        flow = stream.flow
        limits = self.limits
        if flow.connection:
            full = len(self._streams) >= limits.connections or self._per_host[flow.host] >= limits.connections_per_host
            if full or not self.welcome(flow.host):
                return False
        self._per_host[flow.host] += 1
        self._streams[flow] = stream
        for data in self._opening.get(flow, ()):
            stream.send(data)
        return True

    def closed(self, stream: "Stream") -> None:
        """A stream has ended."""
        flow = stream.flow
        if self._streams.get(flow) is not stream:
            return
        del self._streams[flow]
        self._per_host[flow.host] -= 1
        if self._per_host[flow.host] <= 0:
            del self._per_host[flow.host]
        self.failed(flow)


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, transports: Transports) -> None:
        self._transports = transports

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transports.receive(data, Flow("UDP", addr[0], addr[1]))

    def error_received(self, exc: Exception) -> None:
        """ICMP does not say which request it means: the timers of the transactions decide."""


class Stream(asyncio.Protocol):
    """One TCP, TLS or WebSocket connection; `flow` has a connection number where the peer has opened it."""

    def __init__(self, transports: Transports, flow: Flow) -> None:
        self.flow = flow
        self._transports = transports
        self._framer: Framer | WebFramer = Framer()
        if flow.transport in WEB:
            self._framer = WebFramer(asyncio.get_running_loop().time, transports.listen.origins)
        self._transport: asyncio.Transport | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._partial_since: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Register, or close at once what is too much."""
        self._transport = transport = cast(asyncio.Transport, transport)  # those of uvloop are no subclass of it
        peer = transport.get_extra_info("peername") or ("", 0)
        if self.flow.connection:
            self.flow = Flow(self.flow.transport, peer[0], peer[1], self.flow.connection)
        else:
            self._transports.on_resolved(peer[0])
        if not self._transports.opened(self):
            transport.abort()
            return
        self._seen = asyncio.get_running_loop().time()
        self._partial_since = self._seen if self._framer.waiting else None
        self._look()

    def data_received(self, data: bytes) -> None:
        """Cut and hand on."""
        self._seen = asyncio.get_running_loop().time()
        try:
            messages = self._framer.feed(data)
        except Broken as problem:
            log.warning("sip.stream_broken", transport=self.flow.transport, problem=str(problem))
            self._write(self._framer.replies())
            self.close()
            return
        self._write(self._framer.replies())
        if not self._framer.waiting:
            self._partial_since = None
        elif messages or self._partial_since is None:
            self._partial_since = self._seen
        for message in messages:
            if message == PONG:
                self.send(PONG)
            else:
                self._transports.receive(message, self.flow)
        if self._framer.over:
            self.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        if self._watch is not None:
            self._watch.cancel()
        self._transports.closed(self)

    def send(self, data: bytes) -> None:
        """Send one message."""
        self._write(self._framer.wrap(data))

    def _write(self, data: bytes) -> None:
        """Write; a peer that does not read is cut off."""
        assert self._transport is not None
        if not data or self._transport.is_closing():
            return
        self._transport.write(data)
        if self._transport.get_write_buffer_size() > _MAX_WAITING:
            self._transport.abort()

    def close(self) -> None:
        """Close it."""
        if self._transport is not None:
            self._transport.close()

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        now, limits = loop.time(), self._transports.limits
        stuck = self._partial_since is not None and now - self._partial_since > limits.message_seconds
        if stuck or now - self._seen > limits.idle_seconds:
            self.close()
            return
        self._write(self._framer.keep_alive(now - self._seen))
        self._watch = loop.call_later(min(limits.message_seconds, limits.idle_seconds), self._look)
