"""A browser without a page: checks, begins the handshake, sends and takes SRTP. Its STUN and SRTP are not ours."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Callable
from typing import Any

from aioice import stun
from pylibsrtp import Error, Policy, Session

from teplo.channels.voice.webrtc.certificate import Certificate
from teplo.channels.voice.webrtc.dtls import Dtls, DtlsContext

PROFILES = {
    "SRTP_AES128_CM_SHA1_80": Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    "SRTP_AEAD_AES_128_GCM": Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
}


def attribute(sdp: str, name: str) -> str:
    found = re.search(rf"^a={name}:(.*?)\r?$", sdp, re.M)
    assert found, name
    return found[1]


class Peer(asyncio.DatagramProtocol):
    """One call's worth of browser on a socket of its own."""

    def __init__(self, offer: str, context: DtlsContext | None = None) -> None:
        self.context = context or DtlsContext(Certificate.generate(time.time()))
        self.dtls = Dtls(self.context, client=True)
        self.ufrag, self.password = secrets.token_hex(4), secrets.token_hex(12)
        self.remote = (attribute(offer, "ice-ufrag"), attribute(offer, "ice-pwd"))
        fields = attribute(offer, "candidate").split()
        self.address = (fields[4], int(fields[5]))
        self.rtp: list[bytes] = []
        self.answers: list[stun.Message] = []
        self.checking = True
        self.srtp: tuple[Session, Session] | None = None
        self._beat: asyncio.TimerHandle | None = None

    async def open(self) -> Peer:
        loop = asyncio.get_running_loop()
        self.transport, _ = await loop.create_datagram_endpoint(
            lambda: self, local_addr=("::1" if ":" in self.address[0] else "127.0.0.1", 0)
        )
        self.beat()
        return self

    def answer(self, **changes: str) -> str:
        """The SDP of Chromium, reduced to what matters."""
        values = {"fingerprint": self.context.certificate.fingerprint, "setup": "active", "codecs": "8 0 126"} | changes
        return (
            "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0\r\n"
            f"m=audio 9 UDP/TLS/RTP/SAVPF {values['codecs']}\r\nc=IN IP4 0.0.0.0\r\na=rtcp:9 IN IP4 0.0.0.0\r\n"
            f"a=ice-ufrag:{self.ufrag}\r\na=ice-pwd:{self.password}\r\n"
            f"a=fingerprint:sha-256 {values['fingerprint']}\r\n"
            f"a=setup:{values['setup']}\r\na=mid:0\r\na=sendrecv\r\na=rtcp-mux\r\na=rtpmap:8 PCMA/8000\r\n"
            "a=rtpmap:0 PCMU/8000\r\na=rtpmap:126 telephone-event/8000\r\n"
        )

    def check(self, password: str | None = None) -> bytes:
        message = stun.Message(stun.Method.BINDING, stun.Class.REQUEST)
        message.attributes["USERNAME"] = f"{self.remote[0]}:{self.ufrag}"
        message.attributes["PRIORITY"] = 1
        message.attributes["ICE-CONTROLLING"] = 1
        message.attributes["USE-CANDIDATE"] = None
        message.add_message_integrity((password or self.remote[1]).encode())
        return bytes(message)

    def beat(self) -> None:
        if self.checking:
            self.send(self.check())
        if self.answers:
            self.flush()
        self._beat = asyncio.get_running_loop().call_later(0.05, self.beat)

    def flush(self) -> None:
        for datagram in self.dtls.poll(asyncio.get_running_loop().time()):
            self.send(datagram)

    def send(self, data: bytes) -> None:
        self.transport.sendto(data, self.address)

    def datagram_received(self, data: bytes, addr: Any) -> None:
        if data[0] < 4:
            self.answers.append(stun.parse_message(data))
            if self.dtls.state == "handshake":
                self.flush()
        elif data[0] < 64:
            self.dtls.receive(data)
            self.flush()
            if self.dtls.keys and self.srtp is None:
                keys, profile = self.dtls.keys, PROFILES[self.dtls.keys.profile.name]
                self.srtp = (
                    Session(Policy(keys.send, Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile)),
                    Session(Policy(keys.receive, Policy.SSRC_ANY_INBOUND, srtp_profile=profile)),
                )
        elif self.srtp and not 192 <= data[1] <= 223:
            try:
                self.rtp.append(self.srtp[1].unprotect(data))
            except Error as error:
                raise AssertionError(f"the worker sent what cannot be opened: {error}") from error

    def send_rtp(self, packet: bytes) -> None:
        assert self.srtp
        self.send(self.srtp[0].protect(packet))

    def say_goodbye(self) -> None:
        for datagram in self.dtls.close():
            self.send(datagram)

    def close(self) -> None:
        if self._beat:
            self._beat.cancel()
        self.transport.close()


async def until(condition: Callable[[], Any], what: str, seconds: float = 20.0) -> None:
    """Wait until a condition holds; fail with its name when it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"did not come: {what}"
        await asyncio.sleep(0.01)
