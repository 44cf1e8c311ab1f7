"""A browser as a leg: what the mixer needs, over a connection behind the shared port."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from .. import sdp
from ..media.leg import Leg
from ..media.opus import coding
from ..media.packet_leg import PacketLeg
from .connection import DEADLINE, Connection, Failure, State
from .ice import CONSENT
from .port import BrowserPort

_STAMP_EVERY = 8
"""Packets for each time stamp asked from the kernel: enough for the jitter figure."""


class BrowserLeg(PacketLeg):
    """One browser: `offer()` goes to the page, its answer to `accept_answer`, then `on_connected` or `on_failed`.

    Made on the event loop of `port`. A page that is loaded anew gets a new leg, which `take_over`s from the old one.
    `on_silence` is the alarm (nothing heard for `media_timeout` seconds, it may come back); `on_failed` is the end.
    A `lasting` leg stays in the mixer without a browser then, and `renew` offers it to the page that comes back.
    """

    def __init__(
        self,
        id: str,
        port: BrowserPort,
        *,
        codecs: Sequence[str] = (sdp.PCMA, sdp.PCMU),
        deadline: float = DEADLINE,
        consent: float = CONSENT,
        media_timeout: float = 3.0,
        lasting: bool = False,
        wall: Callable[[], float] = time.time,
    ) -> None:
        super().__init__(id, media_timeout=media_timeout, wall=wall)
        self.on_connected: Callable[[], None] | None = None
        """Audio flows from now on; called once, perhaps inside `accept_answer`."""
        self.on_failed: Callable[[Failure], None] | None = None
        """The connection is over, or will never be; not called after `close`. A leg closes then, unless lasting."""
        self._port = port
        self._count = 0
        self._lasting = lasting
        self._terms: tuple[Sequence[str], float, float] = (codecs, deadline, consent)
        self._connection = self._connect()

    @property
    def state(self) -> State:
        """Where the connection is."""
        return self._connection.state

    @property
    def failure(self) -> Failure | None:
        """Why it failed."""
        return self._connection.failure

    def offer(self) -> str:
        """Return the SDP offer for the page."""
        return self._connection.offer()

    def accept_answer(self, answer: str) -> None:
        """Take the page's SDP answer. It never raises: an unusable answer ends in `on_failed("answer")`."""
        self._connection.accept_answer(answer)

    def renew(self) -> str:
        """Return an offer for a page that was loaded anew; what the old one had ends without a word."""
        self._connection.close()
        self._connection = self._connect()
        return self.offer()

    def take_over(self, old: Leg, others: Iterable[Leg]) -> None:
        """Become what `old` was: hear whom it heard, be heard by those of `others` that heard it, play what it played.

        The old leg is closed without a word to its callbacks. Recordings name their legs themselves.
        """
        self.hear = set(old.hear)
        self.muted = old.muted
        self.playing, old.playing = old.playing, None
        for other in others:
            if old in other.hear:
                other.hear.discard(old)
                other.hear.add(self)
        self.on_digit, self.on_silence = self.on_digit or old.on_digit, self.on_silence or old.on_silence
        old.close()

    def watch(self, now: float) -> None:
        """Look at reports and timeouts, but only while there is somebody to report to."""
        if self._connection.state == "connected":
            super().watch(now)

    def close(self) -> None:
        """Say goodbye to the browser."""
        if not self.closed:
            if self._connection.state == "connected":
                self.report(bye=True)
            self._connection.close()
            super().close()
            self.replan()

    def _connect(self) -> Connection:
        codecs, deadline, consent = self._terms
        made = Connection(self._port, ssrc=self._ssrc, codecs=codecs, deadline=deadline, consent=consent)
        made.on_connected = self._connected
        made.on_failed = self._failed
        made.on_rtp = self._packet
        made.on_rtcp = self.receive_rtcp
        self.transmit = made.send_rtp  # type: ignore[method-assign]  # one call less for each packet
        self.transmit_rtcp = made.send_rtcp  # type: ignore[method-assign]
        return made

    def _packet(self, packet: bytes) -> None:
        self._count += 1
        self.receive(packet, self._port.stamp() if self._count % _STAMP_EVERY == 0 else None)

    def _connected(self) -> None:
        accepted = self._connection.accepted
        if accepted is None:
            return
        spoken = coding(accepted.codec, accepted.parameters)
        others = {pt: coding(codec) for pt, codec in accepted.receives.items() if codec != accepted.codec}
        self.use(
            spoken,
            accepted.payload_type,
            accepted.telephone_event,
            others,
            event_clock=accepted.event_clock,
            events=accepted.receive_events,
        )
        self.sending = accepted.sends
        if self.on_connected is not None:
            self.on_connected()

    def _failed(self, why: Failure) -> None:
        if not self._lasting:
            super().close()
            self.replan()
        if self.on_failed is not None:
            self.on_failed(why)
