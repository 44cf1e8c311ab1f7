"""The caller's side: a SIP session and its leg, as one thing that is heard, listened to and hung up."""

from typing import Protocol

import structlog

from ...channels.voice import sdp
from ...channels.voice.media.rtp_leg import NoPorts, RtpLeg
from ...channels.voice.media.srtp import Crypto
from ...channels.voice.sip.session import Session
from .house import House

log = structlog.get_logger()

_MEDIA_TIMEOUT = 30.0


class Line(Protocol):
    """The subscriber's side, whoever has called."""

    @property
    def leg(self) -> RtpLeg:
        """The subscriber's audio."""
        ...

    @property
    def session(self) -> Session:
        """The SIP dialog; there once `open` has returned True."""
        ...

    @property
    def why_over(self) -> str:
        """Why the call is over, for its row."""
        ...

    async def open(self) -> bool:
        """Connect the subscriber; False when that was not possible."""
        ...

    def close(self) -> None:
        """Hang up and let the media go; may be called twice."""
        ...


class CallerLine:
    """`open` answers the call; what it raised has been said to the caller already."""

    def __init__(self, house: House, session: Session, call: str) -> None:
        self._house = house
        self.session = session
        self.leg = RtpLeg(call, house.sockets, media_timeout=_MEDIA_TIMEOUT)
        self._key: Crypto | None = None

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
        self._house.mixer.add(self.leg)
        self.session.answer(answer)
        return True

    @property
    def why_over(self) -> str:
        """Why the call is over, for its row."""
        return self.session.ended.why if self.session.ended else "worker"

    def close(self) -> None:
        """Hang up and let the media go; may be called twice."""
        self.session.hang_up()
        self._house.mixer.remove(self.leg)
        self.leg.close()

    def _describe(self) -> bytes:
        offered = self.session.remote_sdp
        if offered is None:  # the description of the caller comes with the ACK
            ours = sdp.offer(self._house.media_host, self.leg.local_port)
            self.session.on_answered = lambda answer: self._agree(ours, answer)
            return ours.encode()
        return self._answer(offered)

    def _answer(self, offered: bytes) -> bytes:
        read = sdp.parse(offered)
        secured = read.audio is not None and bool(read.audio.crypto)
        self._key = self._key or (Crypto.fresh() if secured else None)
        key = self._key.key if self._key else None
        built, agreed = sdp.answer(read, self._house.media_host, self.leg.local_port, key=key)
        self.leg.agree(agreed)
        return built.encode()

    def _agree(self, ours: sdp.Sdp, answer: bytes | None) -> None:
        try:
            if answer is None:
                raise sdp.SdpError("no answer to our offer")
            self.leg.agree(sdp.agreed(ours, sdp.parse(answer)))
        except sdp.SdpError as problem:
            log.info("call.not_acceptable", call_id=self.leg.id, why=str(problem))
            self.session.hang_up("no usable media")
