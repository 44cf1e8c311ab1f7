"""Damaged packets against the layers without I/O: none may raise, and what is good in between is understood."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from contextlib import suppress
from typing import Any

import structlog
from tests.sip.link import ANSWER, Link, is_message, pair
from tests.sip.torture import request

from teplo.channels.voice import sdp
from teplo.channels.voice.media import rtp
from teplo.channels.voice.media.g711 import ALAW, Samples
from teplo.channels.voice.media.leg import Sound
from teplo.channels.voice.media.packet_leg import PacketLeg
from teplo.channels.voice.sip import keepalive
from teplo.channels.voice.sip.flow import Flow
from teplo.channels.voice.sip.message import Response
from teplo.channels.voice.sip.session import Session
from teplo.channels.voice.sip.stream import Broken, Framer
from teplo.channels.voice.webrtc import description, stun
from teplo.channels.voice.webrtc.certificate import Certificate
from teplo.channels.voice.webrtc.dtls import Dtls, DtlsContext
from teplo.channels.voice.webrtc.ice import IceLite

from . import packets

_HOME = ("192.0.2.10", 40000)
_PEER = Flow("UDP", "192.0.2.1", 5060)
_ERRORS = frozenset({"sip.message_failed", "sip.callback_failed"})
"""What the stack logs where it caught an error of its own: a defect, whatever the peer sent."""


class Layers:
    """All layers of one worker. `throw` throws, `probe` shows that good ones are understood, `settle` that all ends."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.thrown: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()
        """Statuses that the SIP layer answered with."""
        self.defects: Counter[str] = Counter()
        structlog.configure(processors=[self._logged])
        self._kinds = packets.kinds(self.chance)
        self._link = _Link(seed)
        self._there, self._here = pair(self._link)
        self._rung: list[Session] = []
        self._leg = _Leg("fuzzed", media_timeout=0)
        self._leg.use(ALAW, 8, packets.EVENTS)
        self._tick = 0
        self._ice = IceLite()
        self._check = _check(self._ice)
        now = time.time()
        self._ours, self._theirs = DtlsContext(Certificate.generate(now)), DtlsContext(Certificate.generate(now))
        self._hello = packets.hello(self._theirs)
        self._dtls = Dtls(self._ours)
        self._offered = description.offer(self._ice, self._ours.certificate, ("192.0.2.2",), 5000, (sdp.PCMA, sdp.PCMU))

    def throw(self, count: int) -> None:
        """Throw so many packets; whatever is raised is a defect, and is raised here."""
        for _ in range(count):
            kind = next(self._kinds)
            getattr(self, f"throw_{kind}")()
            self.thrown[kind] += 1

    def probe(self) -> None:
        """A question is answered, a call stands and ends, audio is heard, a check is answered, keys are made."""
        link, here = self._link, self._here
        seen = len(link.seen)
        unique = f"z9hG4bK-probe{self.chance.getrandbits(60)}"
        here.stack.receive(request("OPTIONS", via=f"SIP/2.0/UDP 192.0.2.1;branch={unique}"), _PEER)
        assert [m.status for by, m in link.seen[seen:] if isinstance(m, Response) and by == here.host] == [200]
        self._owner_hangs_up()
        caller = self._there.call(here)
        link.run(0.1)
        here.calls[-1].answer(ANSWER)
        link.run(0.1)
        assert caller.session.state == "confirmed"
        caller.session.hang_up()
        link.run(0.1)
        assert here.calls[-1].state == "ended"
        here.calls.clear()
        self._hear()
        answered = self._ice.receive(stun.parse(self._check), _HOME, 1.0)
        assert answered is not None and stun.parse(answered).kind == stun.SUCCESS
        self._shake_hands()
        self._count_answers()

    def settle(self) -> None:
        """Let all deadlines pass: nothing is kept."""
        self._owner_hangs_up()
        self._link.run(300)
        core = self._here.core
        left = (len(self._here.stack.dialogs), len(core.transactions), len(core.timers))
        assert left == (0, 0, 0), f"dialogs, transactions, timers: {left}"
        assert not self.defects, self.defects
        self._count_answers()

    # --- one of each kind ---------------------------------------------------------------------------------------

    def throw_sip(self) -> None:
        """One SIP packet."""
        data = packets.damaged_sip(self.chance)
        if self.chance.random() < 0.1:
            self._stream(data)
        self._here.stack.receive(data, _PEER)
        self._turn("sip")

    def _stream(self, data: bytes) -> None:
        framer = Framer()
        try:
            for message in framer.feed(data):
                self._here.stack.receive(message, Flow("TCP", "192.0.2.1", 5060, 7))
        except Broken:
            self.thrown["streams cut off"] += 1

    def throw_sdp(self) -> None:
        """One SDP packet."""
        data = packets.damaged_sdp(self.chance)
        try:
            sdp.answer(sdp.parse(data), "192.0.2.2", 5000)[0].encode()
            sdp.agreed(sdp.offer("192.0.2.2", 5000), sdp.parse(data))
        except sdp.SdpError:
            self.thrown["descriptions refused"] += 1
        with suppress(sdp.SdpError):
            description.accept(self._offered, data.decode("utf-8", "replace"))
        if self.chance.random() < 0.2:
            unique = self.chance.getrandbits(60)
            body = data.decode("utf-8", "surrogateescape")
            via = f"SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK{unique}"
            message = request(body=body, call_id=f"{unique}", via=via)
            self._here.stack.receive(message, _PEER)
        self._turn("sdp")

    def throw_rtp(self) -> None:
        """One RTP packet."""
        self._leg.receive(packets.damaged_rtp(self.chance), self._tick * 0.02)
        self._listen()

    def throw_rtcp(self) -> None:
        """One RTCP packet."""
        data = packets.damaged_rtcp(self.chance)
        self._leg.receive_rtcp(data)
        self._leg.receive(data, None)  # on one port with RTP
        self._listen()

    def throw_stun(self) -> None:
        """One STUN packet."""
        data = packets.damaged_stun(self.chance, self._check, self._ice.password.encode())
        if keepalive.is_stun(data):
            keepalive.answered(data, "192.0.2.1", 5060)
        try:
            message = stun.parse(data)
        except stun.StunError:
            self.thrown["checks refused"] += 1
            return
        self._ice.receive(message, (f"192.0.2.{self.chance.randrange(20, 60)}", 4000), 1.0)

    def throw_dtls(self) -> None:
        """One DTLS datagram; an end that has failed makes room for a new one, as a page that is loaded anew does."""
        self._dtls.receive(packets.damaged_dtls(self.chance, self._hello))
        self._dtls.poll(self.thrown["dtls"] * 0.02)
        if self._dtls.state == "failed" or self.thrown["dtls"] % 40 == 0:
            self._dtls = Dtls(self._ours)

    # --- beside -------------------------------------------------------------------------------------------------

    def _turn(self, kind: str) -> None:
        """Now and then the owner does something with its calls, and time passes."""
        if self.thrown[kind] % 50:
            return
        for session in self._here.calls:
            if self.chance.random() < 0.3:
                session.hang_up()
            else:
                self.chance.choice((session.ring, session.answer))(ANSWER)
        self._rung += self._here.calls
        self._here.calls.clear()
        self._link.run(1)
        self._count_answers()
        if len(self._rung) > 500:
            self._owner_hangs_up()

    def _owner_hangs_up(self) -> None:
        for session in (*self._rung, *self._here.calls):
            session.hang_up()
        self._rung.clear()
        self._here.calls.clear()

    def _listen(self) -> None:
        if self.chance.random() < 0.2:
            self._leg.arrival_tick = self._tick
            self._leg.pull(self._tick)
            self._tick += 1
            if self._tick % 500 == 0:
                self._leg.watch(self._tick * 0.02)
                self._leg.stats()

    def _hear(self) -> None:
        """Twenty good packets of one source are heard, whatever came before."""
        tone = ALAW.encode(Sound.tone(440, 0.02, 8000).samples).tobytes()
        heard: bytes | Samples | None = None
        for step in range(20):
            self._tick += 1
            self._leg.arrival_tick = self._tick
            self._leg.receive(rtp.build(8, False, step, 160 * step, 4711, tone), None)
            heard = self._leg.pull(self._tick)
        assert heard == tone, "a tone after noise"

    def _shake_hands(self) -> None:
        client, server = Dtls(self._theirs, client=True), Dtls(self._ours)
        for step in range(20):
            for here, there in ((client, server), (server, client)):
                for datagram in here.poll(step * 0.02):
                    there.receive(datagram)
        assert client.keys is not None and server.keys is not None and client.keys.send == server.keys.receive

    def _count_answers(self) -> None:
        said = [m.status for by, m in self._link.seen if by == self._here.host and isinstance(m, Response)]
        self.answers.update(said)
        self._link.seen.clear()

    def _logged(self, _: Any, __: str, event: dict[str, Any]) -> str:
        if event["event"] in _ERRORS:
            self.defects[f"{event['event']}: {sys.exc_info()[1]!r}"] += 1
        raise structlog.DropEvent


class _Link(Link):
    def send(self, host: str, data: bytes, flow: Flow) -> None:
        """A refusal repeats fields of what it refuses, and may then be as unreadable."""
        if is_message(data):
            super().send(host, data, flow)
        else:
            assert data.startswith((b"SIP/2.0 400 ", b"SIP/2.0 505 ")), data


class _Leg(PacketLeg):
    def transmit(self, packet: bytes) -> None:
        """Nobody is there."""

    def transmit_rtcp(self, packet: bytes) -> None:
        """Nobody is there."""


def _check(ice: IceLite) -> bytes:
    """A browser's check, nominating."""
    attributes = {stun.USERNAME: f"{ice.ufrag}:peer".encode(), stun.PRIORITY: bytes(4), stun.USE_CANDIDATE: b""}
    return stun.Message(stun.REQUEST, bytes(12), {**attributes, stun.ICE_CONTROLLING: bytes(8)}).encode(
        ice.password.encode()
    )
