"""A browser's end of a call without a browser: it checks, begins the handshake, and speaks and hears over SRTP."""

import asyncio
import time
from collections.abc import Callable
from typing import Self

from ..channels.voice import sdp
from ..channels.voice.media.g711 import ALAW
from ..channels.voice.media.packet_leg import PacketLeg
from ..channels.voice.media.srtp import Srtp
from ..channels.voice.webrtc import stun
from ..channels.voice.webrtc.certificate import Certificate
from ..channels.voice.webrtc.dtls import Dtls, DtlsContext
from ..channels.voice.webrtc.ice import ice_string

_EAGER, _CALM = 0.05, 2.5
"""Seconds between two checks until the keys are there, and afterwards (RFC 7675: as Chromium does)."""
_EVENTS = 126


class BrowserEnd(PacketLeg):
    """Takes a worker's offer; `open`, send `answer` back, and it is a leg of a mixer of ours."""

    def __init__(self, offer: str, context: DtlsContext | None = None) -> None:
        """Read the offer. Raises sdp.SdpError where no call can come of it."""
        super().__init__("browser", media_timeout=0)
        audio = sdp.parse(offer.encode()).audio
        if audio is None or audio.ice is None or not audio.ice.candidates:
            raise sdp.SdpError("the offer has no way to the worker")
        hosts = {candidate.host: candidate.port for candidate in audio.ice.candidates}
        host = next((host for host in hosts if host in ("127.0.0.1", "::1")), next(iter(hosts)))
        self._address = (host, hosts[host])
        self._remote = audio.ice
        self._context = context or DtlsContext(Certificate.generate(time.time()))
        self._dtls = Dtls(self._context, client=True)
        self._ufrag, self._password = ice_string(8), ice_string(24)
        self._srtp: Srtp | None = None
        self._transport: asyncio.DatagramTransport | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._checked = 0.0
        self.connected = asyncio.Event()
        self.use(ALAW, ALAW.payload_type, _EVENTS)

    @property
    def answer(self) -> str:
        """The description to send back."""
        return (
            "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
            f"m=audio 9 UDP/TLS/RTP/SAVPF {ALAW.payload_type} {_EVENTS}\r\nc=IN IP4 0.0.0.0\r\n"
            f"a=ice-ufrag:{self._ufrag}\r\na=ice-pwd:{self._password}\r\n"
            f"a=fingerprint:sha-256 {self._context.certificate.fingerprint}\r\n"
            "a=setup:active\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:8 PCMA/8000\r\n"
            f"a=rtpmap:{_EVENTS} telephone-event/8000\r\n"
        )

    async def open(self) -> Self:
        """Take a port of our own and begin to knock."""
        loop = asyncio.get_running_loop()
        self._transport, _ = await loop.create_datagram_endpoint(
            lambda: _Wire(self._datagram), remote_addr=self._address
        )
        self._beat()
        return self

    def transmit(self, packet: bytes) -> None:
        """Send an RTP packet, once there are keys."""
        if self._srtp is not None and (protected := self._srtp.protect(packet)) is not None:
            self._send(protected)

    def transmit_rtcp(self, packet: bytes) -> None:
        """Send an RTCP packet, once there are keys."""
        if self._srtp is not None and (protected := self._srtp.protect_rtcp(packet)) is not None:
            self._send(protected)

    def close(self) -> None:
        """Say goodbye and give the port back."""
        if self._timer is not None:
            self._timer.cancel()
        if not self.closed:
            for datagram in self._dtls.close():
                self._send(datagram)
            if self._transport is not None:
                self._transport.close()
        super().close()

    # --- inside -------------------------------------------------------------------------------------------------

    def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        if now - self._checked >= (_CALM if self._srtp is not None else 0.0):
            self._checked = now
            self._send(self._check())
        if self._dtls.restless:
            self._flush()
        self._timer = loop.call_later(_EAGER if self._srtp is None or self._dtls.restless else _CALM, self._beat)

    def _check(self) -> bytes:
        transaction = ice_string(12).encode()
        message = stun.Message(stun.REQUEST, transaction)
        message.attributes = {
            stun.USERNAME: f"{self._remote.ufrag}:{self._ufrag}".encode(),
            stun.PRIORITY: (1).to_bytes(4),
            stun.ICE_CONTROLLING: bytes(8),
            stun.USE_CANDIDATE: b"",
        }
        return message.encode(self._remote.pwd.encode())

    def _datagram(self, data: bytes) -> None:
        first = data[0] if data else 255
        if first < 4:
            if self._dtls.state == "handshake":
                self._flush()
        elif first < 64:
            self._dtls.receive(data)
            self._flush()
            keys = self._dtls.keys
            if keys is not None and self._srtp is None:
                suite = keys.profile.suite
                self._srtp = Srtp(suite, keys.send, keys.receive)
                self.connected.set()
        elif self._srtp is not None and len(data) > 12:
            reports = 192 <= data[1] <= 223
            plain = self._srtp.unprotect_rtcp(data) if reports else self._srtp.unprotect(data)
            if plain is not None:
                self._dtls.settle()
                self.receive(plain, None)

    def _flush(self) -> None:
        for datagram in self._dtls.poll(asyncio.get_running_loop().time()):
            self._send(datagram)

    def _send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.sendto(data)


class _Wire(asyncio.DatagramProtocol):
    def __init__(self, received: Callable[[bytes], None]) -> None:
        self._received = received

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._received(data)

    def error_received(self, exc: Exception) -> None:
        """The worker is away: its silence says the same."""
