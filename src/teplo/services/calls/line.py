"""The caller's side, as one thing that is heard, listened to and hung up: what it is, and that of a SIP session."""

from collections.abc import Callable
from typing import Final, Literal, Protocol

import structlog

from ...channels.voice import sdp
from ...channels.voice.media.leg import Leg
from ...channels.voice.media.rtp_leg import NoPorts, RtpLeg
from ...channels.voice.media.srtp import fresh_key
from ...channels.voice.sip.session import Session
from .house import House

log = structlog.get_logger()

MEDIA_TIMEOUT = 30.0
"""Seconds without a packet after which a line is dead."""

LOST: Final = frozenset({"no_media", "session_expired", "timeout", "transport", "failed", "silence", "lost"})
"""Ends of a line whose far end was there no more: no audio, no answer in the dialog, a page without a word."""

Phase = Literal["menu", "queue", "message", "talking", "held", "grade"]


class Line(Protocol):
    """What a call needs of its caller's line, whatever it is made of."""

    on_ended: Callable[[], None] | None
    """The far end hung up or is gone; not called for a line that we hung up."""

    @property
    def leg(self) -> Leg:
        """The caller's audio: the same leg from `open` to `close`."""

    @property
    def ended(self) -> str | None:
        """Why the line is over, None while it is not; in `LOST` where nobody hung up."""

    async def open(self) -> bool:
        """Answer; False when that was not possible (the caller was told why)."""

    def show(self, phase: Phase) -> None:
        """Tell the caller's device where the call is, if it can show that."""

    def hang_up(self) -> None:
        """End the call from our side; may be called twice."""

    def close(self) -> None:
        """Hang up and let the media go; may be called twice."""


class CallerLine:
    """The line of a trunk, or of an agent's phone that calls: a SIP session and its leg."""

    def __init__(self, house: House, session: Session, call: str) -> None:
        self._house = house
        self.session = session
        self.leg = RtpLeg(call, house.sockets, media_timeout=MEDIA_TIMEOUT)
        self.on_ended: Callable[[], None] | None = None
        self.on_held: Callable[[], None] | None = None
        """The far end holds us, or does no more."""
        self.held = False
        """Whether the far end holds us."""
        self._key: bytes | None = None
        self._said: sdp.Sdp | None = None
        self._silent = False
        session.on_ended = lambda ended: self._gone()
        self.leg.on_silence = self._fallen_silent

    @property
    def ended(self) -> str | None:
        """Why the session is over; `no_media` where the far end was there no more: its network or its NAT."""
        if self._silent:
            return "no_media"
        return self.session.ended.why if self.session.ended is not None else None

    async def open(self) -> bool:
        """Open the media and answer; False when that was not possible (the caller was told why by a SIP status)."""
        try:
            await self.leg.open(self._house.bind_host, self._house.ports())
        except NoPorts:
            self.session.reject(503, "No media ports", [("retry-after", "5")])
            return False
        try:
            answer = self._describe()
        except sdp.SdpError as problem:
            log.info("call.not_acceptable", call_id=self.leg.id, why=str(problem))
            self.session.reject(488)
            self.leg.close()
            return False
        self.session.on_offer = self._answer
        self.session.on_digit = self.leg.digit
        self.session.on_host = self.leg.signalled
        self._house.mixer.add(self.leg)
        self.session.answer(answer)
        return True

    def show(self, phase: Phase) -> None:
        """Telephones hear where they are."""

    def hang_up(self) -> None:
        """Send BYE."""
        self.session.hang_up()

    def close(self) -> None:
        """Hang up and let the media go; may be called twice."""
        self.session.hang_up()
        self._house.mixer.remove(self.leg)
        self.leg.close()

    def _fallen_silent(self) -> None:
        """No packet for long: that is the end, but of who holds us. Such a far end is asked whether it is there."""
        if self.held:
            self.session.negotiation.refresh()
            return
        log.warning("call.no_media", call_id=self.leg.id, seconds=MEDIA_TIMEOUT)
        self._silent = True
        self.session.hang_up("no media")

    def _gone(self) -> None:
        if self.on_ended is not None:
            self.on_ended()

    @property
    def _media_host(self) -> str:
        return self._house.media_host(self.session.flow)

    def _describe(self) -> bytes:
        offered = self.session.remote_sdp
        if offered is None:  # the description of the caller comes with the ACK
            ours = sdp.offer(self._media_host, self.leg.local_port, codecs=self._house.codecs.offered)
            ours = self._said = ours.after(None)
            self.session.on_answered = lambda answer: self._agree(ours, answer)
            return ours.encode()
        return self._answer(offered)

    def _answer(self, offered: bytes) -> bytes:
        read = sdp.parse(offered)
        secured = read.audio is not None and bool(read.audio.crypto)
        self._key = self._key or (fresh_key() if secured else None)
        speak = self._house.codecs
        built, agreed = sdp.answer(
            read,
            self._media_host,
            self.leg.local_port,
            codecs=speak.wanted,
            spare=speak.spare,
            key=self._key,
        )
        self._use(agreed)
        self._said = built.after(self._said)
        return self._said.encode()

    def _use(self, agreed: sdp.Agreed) -> None:
        """Phones and far ends of trunks may be behind NAT: their audio may come from where they speak SIP."""
        session = self.session
        self.leg.agree(agreed, signalled_from=self._house.audio_from(session.source.trunk, session.flow.host))
        if agreed.held != self.held:
            self.held = agreed.held
            if not self.held:
                self.leg.listen_anew()
            if self.on_held is not None:
                self.on_held()

    def _agree(self, ours: sdp.Sdp, answer: bytes | None) -> None:
        try:
            if answer is None:
                raise sdp.SdpError("no answer to our offer")
            self._use(sdp.agreed(ours, sdp.parse(answer)))
        except sdp.SdpError as problem:
            log.info("call.not_acceptable", call_id=self.leg.id, why=str(problem))
            self.session.hang_up("no usable media")
