"""A party that we call: a SIP session and its leg, tried over several ways."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final, Literal

import structlog

from ...channels.voice import sdp
from ...channels.voice.media.rtp_leg import NoPorts, RtpLeg
from ...channels.voice.sip.digest import Credentials
from ...channels.voice.sip.flow import Flow
from ...channels.voice.sip.outgoing import OutgoingSession
from ...channels.voice.sip.session import Ended
from ...channels.voice.sip.uri import NameAddr, Uri
from .house import House

log = structlog.get_logger()

Outcome = Literal["answered", "busy", "declined", "no_answer", "unknown", "unreachable", "cancelled"]
"""How a call by us went. `unreachable`: no way led there, the party itself was never asked."""

_MEDIA_TIMEOUT = 30.0
_SETUP_S = 5.0
"""Seconds for a way to say that it has understood (100 or more), before the next one is tried."""
_BY_STATUS: Final[dict[int, Outcome]] = {
    404: "unknown", 410: "unknown", 484: "unknown", 604: "unknown",
    408: "no_answer", 480: "no_answer", 487: "no_answer",
    486: "busy", 600: "busy",
    403: "declined", 603: "declined", 607: "declined",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """One way to a party: over a trunk, or to where a phone has registered."""

    target: Uri
    route: Uri | Flow | None = None
    credentials: Credentials | None = None
    trunk: str = ""
    caller_id: str | None = None
    """The number that the party sees on this way; None: that of the caller's `from_`."""


class OutgoingLine:
    """`dial` calls; afterwards `leg` is the party's audio and `session` its dialog, until `close`."""

    def __init__(self, house: House, id: str, changed: Callable[[], None] = lambda: None) -> None:
        """`changed` is called when it rings, is answered and is over."""
        self._house = house
        self.changed = changed
        self.leg = RtpLeg(id, house.sockets, media_timeout=_MEDIA_TIMEOUT)
        self.session: OutgoingSession | None = None
        self.state: Literal["calling", "ringing", "talking", "over"] = "calling"
        self.ended: Ended | None = None
        self.held = False
        """Whether the party holds us."""
        self.early = False
        """Whether the network plays or says something itself while it rings (early media, RFC 3960)."""
        self._trunk = ""
        self._offer: sdp.Sdp | None = None
        self._said: sdp.Sdp | None = None
        self._outcome: asyncio.Future[Outcome | None] | None = None

    async def dial(
        self,
        ways: Sequence[Way],
        *,
        shown: str,
        display: str = "",
        headers: Iterable[tuple[str, str]] = (),
        ring_s: float = 45.0,
    ) -> Outcome:
        """Call, one way after the other while a way fails before the party is reached; return how it went.

        The party sees the number `shown`, where the way has none of its own, and the name `display`.
        A busy or absent party is an answer: no other way is tried. Cancelling the task cancels the call.
        """
        try:
            await self.leg.open(self._house.bind_host, self._house.ports())
        except NoPorts:
            self.close()
            return "unreachable"
        self._house.mixer.add(self.leg)
        # Whoever rings stops by itself should this worker be killed: nobody else could send CANCEL (RFC 3261 13.2.1).
        headers = [*headers, ("expires", str(ceil(_SETUP_S + ring_s)))]
        outcome: Outcome = "unreachable"
        try:
            async for way, flow in self._located(ways):
                found = await self._try(way, flow, shown, display, headers, ring_s)
                if found is not None:
                    outcome = found
                    break
        finally:
            if self.state != "talking":
                self.close()
        return outcome

    def close(self) -> None:
        """Hang up and let the media go; may be called twice."""
        over = self.state == "over"
        self.state = "over"
        if self.session is not None:
            self.session.hang_up()
        self._house.mixer.remove(self.leg)
        self.leg.close()
        if not over:
            self.changed()

    async def _located(self, ways: Sequence[Way]) -> AsyncIterator[tuple[Way, Flow]]:
        """Each way with each place that it leads to, in the order to be tried."""
        trunks = self._house.trunks
        for way in trunks.order(ways):
            way = way if way.credentials else replace(way, credentials=trunks.credentials(way.trunk))
            if isinstance(way.route, Flow):
                yield way, way.route
            else:
                for flow in await trunks.flows(way.route or way.target):
                    yield way, flow

    async def _try(
        self, way: Way, flow: Flow, shown: str, display: str, headers: list[tuple[str, str]], ring_s: float
    ) -> Outcome | None:
        """One way; None where it failed and the next one may be better."""
        host = self._house.media_host(flow)
        offer = sdp.offer(host, self.leg.local_port, codecs=self._house.codecs.offered)
        self._offer = self._said = offer.after(None)
        outcome: asyncio.Future[Outcome | None] = asyncio.get_running_loop().create_future()
        self._outcome, self._trunk = outcome, way.trunk
        reached = asyncio.Event()
        self.early = False
        session = self._house.endpoint.call(
            way.target,
            from_=NameAddr(Uri("sip", way.caller_id or shown, host), display),
            sdp=self._offer.encode(),
            route=way.route,
            credentials=way.credentials,
            headers=headers,
            trunk=way.trunk,
            flow=flow,
        )
        self.session = session
        session.on_progress = lambda status, answer: self._progress(reached, answer)
        session.on_answered = self._answered
        session.on_ended = self._over
        session.on_digit = self.leg.digit
        session.on_host = self.leg.signalled
        session.on_offer = self._reoffered
        try:
            async with asyncio.timeout(_SETUP_S):
                await asyncio.wait([outcome])
        except TimeoutError:
            if not session.heard:
                return None  # nobody is there: the next way
        try:
            async with asyncio.timeout(ring_s):
                return await outcome
        except TimeoutError:
            return "no_answer" if reached.is_set() else None
        finally:
            if self.state != "talking":
                session.hang_up()

    def _progress(self, reached: asyncio.Event, answer: bytes | None) -> None:
        reached.set()
        if answer is not None and self._agree(answer) and not self.early:  # what the network says is heard
            self.early = True
            self.changed()
        if self.state == "calling":
            self.state = "ringing"
            self.changed()

    def _answered(self, answer: bytes | None) -> None:
        if self.state == "over":
            return
        if answer is None or not self._agree(answer):
            self._settle(None)
            return
        self.state = "talking"
        self._settle("answered")
        self.changed()

    def _agree(self, answer: bytes) -> bool:
        assert self._offer is not None
        try:
            self._use(sdp.agreed(self._offer, sdp.parse(answer)))
        except sdp.SdpError as problem:
            log.info("call.not_acceptable", call_id=self.leg.id, why=str(problem))
            return False
        return True

    def _reoffered(self, offered: bytes) -> bytes:
        session, speak = self.session, self._house.codecs
        assert session is not None
        built, agreed = sdp.answer(
            sdp.parse(offered),
            self._house.media_host(session.flow),
            self.leg.local_port,
            codecs=speak.wanted,
            spare=speak.spare,
        )
        self._use(agreed)
        self._said = built.after(self._said)
        return self._said.encode()

    def _use(self, agreed: sdp.Agreed) -> None:
        """Phones and far ends of trunks may be behind NAT: their audio may come from where they speak SIP."""
        assert self.session is not None
        self.leg.agree(agreed, signalled_from=self._house.audio_from(self._trunk, self.session.flow.host))
        if agreed.held != self.held:
            self.held = agreed.held
            if not self.held:
                self.leg.listen_anew()
            self.changed()

    def _over(self, ended: Ended) -> None:
        self.ended = ended
        if self.state == "talking":
            self.close()
        elif ended.why == "hung_up":
            self._settle("cancelled")
        elif ended.why == "rejected":
            self._settle(_BY_STATUS.get(ended.status))  # 5xx and the like: the way failed, not the party
        else:
            self._settle(None)

    def _settle(self, outcome: Outcome | None) -> None:
        if self._outcome is not None and not self._outcome.done():
            self._outcome.set_result(outcome)
