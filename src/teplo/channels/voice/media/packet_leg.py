"""A leg whose audio is G.711 or Opus in RTP packets, whatever carries the packets."""

import math
import random
import time
from collections.abc import Callable, Iterable
from typing import Final

from . import rtcp, rtp
from .conceal import Concealer
from .dtmf import DigitReceiver, DigitSender
from .g711 import ALAW, FRAME, FRAME_S, RATE, Law, Samples
from .jitter import JitterBuffer
from .leg import Leg
from .libopus import Encoder
from .opus import FIRST_LOSS, Coding, Ear, Opus, OpusBuffer
from .quality import Quality, mos

COMFORT_NOISE: Final = frozenset({13, 19})
"""RFC 3389; 19 is what early equipment used."""
_MASK = 0xFFFFFFFF
_REPORT_S = 5.0


class PacketLeg(Leg):
    """Reception, buffering, digits and reports; a subclass moves the datagrams."""

    def __init__(self, id: str, *, media_timeout: float = 30.0, wall: Callable[[], float] = time.time) -> None:
        super().__init__(id)
        self.law: Law | None = ALAW
        self.media_timeout = media_timeout
        """Seconds without a packet until `on_silence`; 0: never."""
        self.sending = True
        """False on hold by the far end (`recvonly`, `inactive`)."""
        self.arrival_tick = 0
        self._wall = wall
        self._payload_type, self._event_type = ALAW.payload_type, -1
        self._events: frozenset[int] = frozenset()
        self._accepted: dict[int, Coding] = {ALAW.payload_type: ALAW}
        self._sends: Coding = ALAW
        self._receives: Coding = ALAW
        self._buffer, self._concealer = JitterBuffer(), Concealer()
        self._encoder: Encoder | None = None
        self._ear: Ear | None = None
        self._frame, self._event_frame = FRAME, FRAME
        self._tick = 0
        self._digits_in, self._digits_out = DigitReceiver(), DigitSender()
        self._reception = rtcp.Reception()
        self._source: int | None = None
        self._stranger: tuple[int, int] = (0, 0)
        self._ssrc = random.getrandbits(32)
        self._sequence = random.getrandbits(15)
        self._timestamp_base = random.getrandbits(31)
        self._event_at = 0
        self._sent = self._octets = 0
        self._last_sent_tick = -2
        self._heard_packets = 0
        self._heard_at: float | None = None
        self._timed_out = False
        self._report_at: float | None = None
        self._far: rtcp.Block | None = None
        self._round_trip: float | None = None
        self._last_sr = (0, 0)

    @property
    def timed_out(self) -> bool:
        """Whether nothing has come for the media timeout, until now."""
        return self._timed_out

    @property
    def coding(self) -> Coding:
        """What we send."""
        return self._sends

    def use(
        self,
        coding: Coding,
        payload_type: int,
        event_type: int | None = None,
        also: "dict[int, Coding] | None" = None,
        *,
        event_clock: int = RATE,
        events: Iterable[int] = (),
    ) -> None:
        """Set what was negotiated: what we send under a payload type, that of telephone events, what else is taken.

        `events` are further types of telephone events that may come: Chromium sends those of 8 kHz beside Opus.
        Raises OSError for Opus where there is no library.
        """
        if isinstance(coding, Opus) and (self._encoder is None or coding != self._sends):
            self._encoder = Encoder(bitrate=coding.bitrate, fec=coding.fec)
            self._encoder.expect_loss(FIRST_LOSS)
        self._sends, self.law = coding, coding if isinstance(coding, Law) else None
        self._frame, self._event_frame = round(coding.clock * FRAME_S), round(event_clock * FRAME_S)
        self._payload_type, self._event_type = payload_type, -1 if event_type is None else event_type
        self._events = frozenset(events) | ({event_type} if event_type is not None else set())
        self._accepted = {**(also or {}), payload_type: coding}
        self.replan()

    def transmit(self, packet: bytes) -> None:
        """Send an RTP packet to the far end; must not raise."""
        raise NotImplementedError

    def transmit_rtcp(self, packet: bytes) -> None:
        """Send an RTCP packet to the far end; must not raise."""
        raise NotImplementedError

    def receive(self, data: bytes, now: float | None) -> bool:
        """Take a decrypted datagram; return whether it was a good packet of ours. Never raises.

        `now` is when it came (any steady seconds), for the jitter figure; None when that is not known exactly.
        """
        packet = rtp.parse(data)
        if packet is None:
            if rtp.is_rtcp(data):
                self.receive_rtcp(data)
            return False
        payload_type, _, sequence, timestamp, ssrc, payload = packet
        if payload_type not in self._accepted and payload_type not in self._events:
            if payload_type in COMFORT_NOISE and ssrc == self._source:
                self._reception.packet(sequence)
                self._buffer.pause()
                return True
            return False
        if ssrc != self._source and not self._changed(ssrc):
            return False
        reception = self._reception
        reception.packet(sequence)
        if payload_type in self._events:
            self._buffer.pause()
            digit = self._digits_in.receive(payload, timestamp)
            if digit is not None:
                self.digit(digit)
            return True
        coding = self._accepted[payload_type]
        if now is not None:
            reception.arrived((now * coding.clock) - timestamp)
        if 0 < len(payload) <= coding.largest:
            if coding is not self._receives and coding != self._receives:
                self._receive_as(coding)
            self._buffer.put(timestamp, payload, self.arrival_tick)
        return True

    def receive_rtcp(self, data: bytes) -> None:
        """Take a decrypted RTCP datagram. Never raises."""
        report = rtcp.parse(data)
        if report is None:
            return
        now = rtcp.middle(self._wall())
        if report.ntp:
            self._last_sr = (report.ntp, now)
        for block in report.blocks:
            if block.ssrc == self._ssrc:
                self._far = block
                if self._encoder is not None:
                    self._encoder.expect_loss(math.ceil(block.fraction_lost / 2.56))
                if block.last_sr:
                    trip = (now - block.last_sr - block.delay) & _MASK
                    if trip < 10 << 16:
                        self._round_trip = trip / 65.536

    def pull(self, tick: int) -> bytes | Samples | None:
        """Return what the jitter buffer holds for this tick, or what conceals its loss."""
        self.arrival_tick, self._tick = tick + 1, tick
        payload, law = self._buffer.pop(tick), self._receives
        if self._ear is not None:
            return self._ear.hear(payload, self._buffer.lost, self._buffer.behind)
        assert isinstance(law, Law)
        if payload is None:
            return self._concealer.lost(law) if self._buffer.lost else None
        heard = self._concealer.good(payload, law)
        if law is not self.law and isinstance(heard, bytes):
            return law.decode(heard)
        return heard

    def push(self, frame: Samples) -> None:
        """Send 20 ms as Opus."""
        if self._encoder is not None and self.sending:
            self.push_encoded(self._encoder.encode(frame), self._tick)

    def push_encoded(self, payload: bytes, tick: int) -> None:
        """Send 20 ms of audio, or the telephone event that takes its place."""
        if not self.sending:
            return
        timestamp = (self._timestamp_base + tick * self._frame) & _MASK
        self._sequence = sequence = (self._sequence + 1) & 0xFFFF
        kind = self._payload_type
        marker = tick != self._last_sent_tick + 1
        if self._digits_out.busy:
            event = self._digits_out.step(self._event_frame)
            if event is not None:
                payload, step = event
                kind, marker = self._event_type, step == 0
                if step == 0:
                    self._event_at = timestamp
                timestamp = self._event_at
        self._last_sent_tick = tick
        self._sent += 1
        self._octets += len(payload)
        self.transmit(rtp.build(kind, marker, sequence, timestamp, self._ssrc, payload))

    def send_digits(self, digits: str) -> None:
        """Send digits as telephone events. Raises ValueError for other characters, or without events negotiated."""
        if self._event_type < 0:
            raise ValueError("no telephone events were negotiated")
        self._digits_out.add(digits)

    def listen_anew(self) -> None:
        """Count the seconds without a packet from now on: before, the far end had no reason to send any."""
        self._heard_at = None

    def watch(self, now: float) -> None:
        """See whether packets still come, and send the reports."""
        packets = self._reception.packets
        if self._heard_at is None or packets != self._heard_packets:
            self._heard_at, self._heard_packets, self._timed_out = now, packets, False
        elif self.media_timeout and now - self._heard_at >= self.media_timeout and not self._timed_out:
            self._timed_out = True
            if self.on_silence is not None:
                self.on_silence()
        if self._report_at is None:
            self._report_at = now + 1.0
        elif now >= self._report_at:
            # Spread out, so that the reports of many legs do not come together (RFC 3550, 6.3.1).
            self._report_at = now + _REPORT_S * random.uniform(0.5, 1.5)
            self.report()

    def report(self, bye: bool = False) -> None:
        """Send a report now."""
        wall, reception = self._wall(), self._reception
        block = None
        if self._source is not None and reception.received:
            last, came = self._last_sr
            delay = (rtcp.middle(wall) - came) & _MASK if last else 0
            fraction = reception.fraction_lost()
            jitter = int(reception.jitter) & _MASK
            block = rtcp.Block(self._source, fraction, reception.lost, reception.highest, jitter, last, delay)
        timestamp = self._timestamp_base + self.arrival_tick * self._frame
        name = b"%08x" % self._ssrc
        packets, octets = self._sent, self._octets
        self.transmit_rtcp(
            rtcp.build(
                self._ssrc, name, wall=wall, timestamp=timestamp, packets=packets, octets=octets, block=block, bye=bye
            )
        )

    def stats(self) -> Quality:
        """Return the quality figures of now."""
        reception, far = self._reception, self._far
        expected = max(1, reception.expected)
        loss, late = 100 * max(0, reception.lost) / expected, 100 * self._buffer.late / expected
        buffer_ms = 20.0 * self._buffer.delay
        return Quality(
            packets=reception.packets,
            sent=self._sent,
            loss_pct=round(loss, 3),
            late_pct=round(late, 3),
            jitter_ms=round(reception.jitter * 1000 / self._receives.clock, 2),
            buffer_ms=buffer_ms,
            round_trip_ms=None if self._round_trip is None else round(self._round_trip, 1),
            far_loss_pct=None if far is None else round(far.fraction_lost / 2.56, 1),
            far_jitter_ms=None if far is None else round(far.jitter * 1000 / self._sends.clock, 1),
            mos=mos(min(100.0, loss + late), buffer_ms + 20 + (self._round_trip or 0.0) / 2),
        )

    def _receive_as(self, coding: Coding) -> None:
        """Another coding begins: its packets are kept and decoded in another way."""
        opus = isinstance(coding, Opus)
        if opus != isinstance(self._receives, Opus):
            self._buffer, self._ear = (OpusBuffer(), Ear()) if opus else (JitterBuffer(), None)
        else:
            self._buffer.restart()
        self._receives = coding

    def _changed(self, ssrc: int) -> bool:
        """Follow a source that has changed (a transfer behind the far end) once two of its packets came in a row."""
        if self._source is not None:
            known, count = self._stranger
            self._stranger = (ssrc, count + 1 if known == ssrc else 1)
            if self._stranger[1] < 2:
                return False
            self._buffer.restart()
        self._source = ssrc
        self._reception.reset()
        self._last_sr = (0, 0)
        return True
