"""One browser's connection: checks, handshake, keys; gives and takes plain RTP. It knows nothing of audio."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Sequence
from typing import Literal

import structlog

from .. import sdp
from ..media.srtp import Srtp
from . import certificate, description
from .dtls import Dtls, SrtpKeys
from .ice import CONSENT, IceLite
from .port import BrowserPort
from .stun import Address

_log = structlog.get_logger()

State = Literal["waiting", "connected", "failed", "closed"]
Failure = Literal["answer", "fingerprint", "handshake", "deadline", "consent", "goodbye"]
"""Why a connection ended: answer unusable; certificate not the promised one; DTLS refused; not connected in time;
no more checks; the browser closed it."""

DEADLINE = 30.0
"""Seconds from the offer to the connection: an agent may have to allow the microphone first."""

_MOST_STREAMS = 8
"""Sources (SSRC) taken from one browser: each costs memory in libsrtp, and a new microphone may bring a new one."""
_LONGEST = 1400


class Connection:
    """ICE-lite, DTLS server and SRTP of one leg behind the shared port.

    Made on the event loop; callbacks are called on it and must not raise. Checks and the handshake may come before the
    answer: they are served, and `on_connected` waits for the fingerprint that the answer brings. `ssrc` is the source
    under which packets will be sent (None: any); its CNAME is the same number in hex.
    """

    def __init__(
        self,
        port: BrowserPort,
        *,
        ssrc: int | None = None,
        codecs: Sequence[str] = (sdp.PCMA, sdp.PCMU),
        deadline: float = DEADLINE,
        consent: float = CONSENT,
    ) -> None:
        self.state: State = "waiting"
        self.failure: Failure | None = None
        self.ice = IceLite(consent)
        self.ssrc = secrets.randbits(32) if ssrc is None else ssrc
        self.accepted: description.Accepted | None = None
        self.on_connected: Callable[[], None] | None = None
        self.on_failed: Callable[[Failure], None] | None = None
        self.on_rtp: Callable[[bytes], object] | None = None
        """An authentic RTP packet came."""
        self.on_rtcp: Callable[[bytes], object] | None = None
        self.refused = 0
        """Packets that were not authentic, replayed, or of too many sources."""
        self._port = port
        self._dtls = Dtls(port.context)
        self._offered = description.offer(
            self.ice, port.context.certificate, port.advertised, port.number, tuple(codecs)
        )
        self._fingerprints: list[tuple[str, str]] = []
        self._deadline = asyncio.get_running_loop().time() + deadline
        self._streams: set[bytes] = set()
        self._srtp: Srtp | None = None
        port.add(self)

    def offer(self) -> str:
        """Return the SDP for `RTCPeerConnection.setRemoteDescription`; always the same."""
        return description.text(self._offered, self.ssrc, f"{self.ssrc:08x}")

    def accept_answer(self, answer: str) -> None:
        """Take the browser's answer; a second one is ignored. An unusable one ends it all (`failure` is "answer")."""
        if self.state != "waiting" or self.accepted is not None:
            return
        try:
            self.accepted = description.accept(self._offered, answer)
        except sdp.SdpError:
            self._fail("answer")
            return
        self.ice.remote_ufrag = self.accepted.ufrag
        self._settle()

    def send_rtp(self, packet: bytes) -> None:
        """Protect and send one RTP packet; before the connection and after it nothing happens."""
        to = self.ice.selected
        if self._srtp is not None and to is not None:
            protected = self._srtp.protect(packet)
            if protected is not None:
                self._port.send(protected, to)

    def send_rtcp(self, packet: bytes) -> None:
        """Protect and send one compound RTCP packet."""
        to = self.ice.selected
        if self._srtp is not None and to is not None:
            protected = self._srtp.protect_rtcp(packet)
            if protected is not None:
                self._port.send(protected, to)

    def close(self) -> None:
        """Say goodbye and leave the port; no callback follows."""
        if self.state == "closed":
            return
        self._leave()
        self.state = "closed"

    # --- what the port brings -----------------------------------------------------------------------------------

    def receive_rtp(self, data: bytes) -> None:
        """Take one SRTP packet."""
        srtp = self._srtp
        if srtp is None or not self._may_come(data, data[8:12]):
            return
        packet = srtp.unprotect(data)
        if packet is None:
            self.refused += 1
            return
        self._came(data[8:12])
        if self.on_rtp is not None:
            self.on_rtp(packet)

    def receive_rtcp(self, data: bytes) -> None:
        """Take one SRTCP packet."""
        srtp = self._srtp
        if srtp is None or not self._may_come(data, data[4:8]):
            return
        packet = srtp.unprotect_rtcp(data)
        if packet is None:
            self.refused += 1
            return
        self._came(data[4:8])
        if self.on_rtcp is not None:
            self.on_rtcp(packet)

    def receive_dtls(self, data: bytes, source: Address, now: float) -> None:
        """Take one DTLS datagram; answers go to where media goes."""
        self._dtls.receive(data)
        self._write(now)
        self._settle()

    def beat(self, now: float) -> None:
        """Look at the timers: handshake, deadline, consent."""
        if self._dtls.restless:
            self._write(now)
            self._settle()
        if self.state == "waiting" and now > self._deadline:
            self._fail("deadline")
        elif self.ice.expired(now):
            self._fail("consent")

    # --- inside -------------------------------------------------------------------------------------------------

    def _may_come(self, data: bytes, ssrc: bytes) -> bool:
        if len(data) <= _LONGEST and (ssrc in self._streams or len(self._streams) < _MOST_STREAMS):
            return True
        self.refused += 1
        return False

    def _came(self, ssrc: bytes) -> None:
        if ssrc not in self._streams:
            self._streams.add(ssrc)
            self._dtls.settle()

    def _write(self, now: float) -> None:
        to = self.ice.selected
        if to is not None:
            for datagram in self._dtls.poll(now):
                self._port.send(datagram, to)

    def _settle(self) -> None:
        """Go on from what DTLS and the answer have come to."""
        dtls = self._dtls
        if dtls.state == "failed":
            self._fail("handshake")
        elif dtls.state == "closed":
            self._fail("goodbye")
        elif self.state == "waiting" and self.accepted is not None and dtls.keys is not None and dtls.peer is not None:
            if certificate.matches(dtls.peer, self.accepted.fingerprints):
                self._connect(dtls.keys)
            else:
                self._fail("fingerprint")

    def _connect(self, keys: SrtpKeys) -> None:
        suite = keys.profile.suite
        self._srtp = Srtp(suite, keys.send, keys.receive)
        self.state = "connected"
        if self.on_connected is not None:
            self.on_connected()

    def _fail(self, why: Failure) -> None:
        if self.state not in ("waiting", "connected"):
            return
        _log.info("browser.lost", why=why, was=self.state)
        self._leave()
        self.state, self.failure = "failed", why
        if self.on_failed is not None:
            self.on_failed(why)

    def _leave(self) -> None:
        to = self.ice.selected
        for datagram in self._dtls.close():
            if to is not None:
                self._port.send(datagram, to)
        self._srtp = None
        self._port.remove(self)
