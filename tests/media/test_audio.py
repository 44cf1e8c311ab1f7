"""What a leg makes of a bad network, and G.711 itself."""

import numpy as np
import pytest
from tests.media.tones import Link, WireLeg, level, packets, received, tone, tone_over_noise

from teplo.channels.voice.media import rtp
from teplo.channels.voice.media.g711 import ALAW, FRAME, LAWS, ULAW, Law
from teplo.channels.voice.media.jitter import JitterBuffer
from teplo.channels.voice.media.quality import mos


@pytest.mark.parametrize("law", LAWS.values())
def test_g711_known_values_and_round_trip(law: Law) -> None:
    known = {ALAW: {0: 0xD5, 32767: 0xAA, -32768: 0x2A}, ULAW: {0: 0xFF, 32767: 0x80, -32768: 0x00}}[law]
    for sample, code in known.items():
        assert law.encode(np.array([sample], dtype=np.int16))[0] == code
    codes = np.arange(256, dtype=np.uint8)
    again = law.encode(law.decode(codes))
    assert (law.decode(again) == law.decode(codes)).all()
    sine = tone(440, 0.5)
    assert tone_over_noise(law.decode(law.encode(sine)), 440) > 35


def play(link: Link, hertz: float = 440, seconds: float = 20) -> tuple[WireLeg, np.ndarray]:
    leg = WireLeg("a")
    stream = packets(tone(hertz, seconds))
    heard = []
    for tick in range(len(stream) + 10):
        if tick < len(stream):
            link.send(stream[tick], tick)
        leg.arrival_tick = tick
        for packet in link.arrived(tick):
            leg.receive(packet, tick * 0.02)
        heard.append(received(leg, tick))
    return leg, np.concatenate(heard)


def test_a_clean_network_costs_at_most_60_ms_and_loses_nothing() -> None:
    leg, heard = play(Link(1))
    assert leg.stats().loss_pct == 0
    assert leg.stats().buffer_ms <= 40
    assert tone_over_noise(heard[16000:-8000], 440) > 35
    assert leg.stats().mos > 4.3


@pytest.mark.parametrize("hertz", [440, 437.3, 1000, 313])
def test_tone_stays_15_db_over_noise_with_loss_jitter_and_reordering(hertz: float) -> None:
    leg, heard = play(Link(2, loss=0.05, jitter_ms=60, reorder=0.02), hertz)
    figures = leg.stats()
    assert 4 < figures.loss_pct < 6
    assert figures.late_pct < 2
    assert figures.buffer_ms <= 120
    assert tone_over_noise(heard[8000:-8000], hertz) >= 15
    assert level(heard[8000:-8000], hertz) > 0


def test_jitter_buffer_shrinks_again_when_the_network_calms_down() -> None:
    leg = WireLeg("a")
    bad, good = Link(3, jitter_ms=120), Link(4)
    for tick, packet in enumerate(packets(tone(440, 120))):
        (bad if tick < 1000 else good).send(packet, tick)
        leg.arrival_tick = tick
        for arrived in bad.arrived(tick) + good.arrived(tick):
            leg.receive(arrived, None)
        received(leg, tick)
        if tick == 999:
            assert leg.stats().buffer_ms >= 100
    assert leg.stats().buffer_ms <= 60


@pytest.mark.parametrize("ppm", [-2000, 2000])
def test_clock_drift_is_followed_without_growing_delay(ppm: int) -> None:
    buffer, at, sent, given = JitterBuffer(), 0.0, 0, 0
    for tick in range(20_000):
        at += 1 + ppm / 1e6
        while sent < at:
            buffer.put(sent * FRAME, bytes([sent % 256]) * FRAME, tick)
            sent += 1
        given += buffer.pop(tick) is not None
        assert buffer.delay <= 6
    assert given > 19_800
    assert buffer.late < 60


@pytest.mark.parametrize("size", [80, 240, 320, 480])
def test_other_packet_times_are_understood(size: int) -> None:
    leg, sine = WireLeg("a"), tone(440, 9.6)
    coded = ALAW.encode(sine).tobytes()
    heard, at, number = [], 0, 0
    for tick in range(len(coded) // FRAME):
        leg.arrival_tick = tick
        while at + size <= (tick + 1) * FRAME:
            leg.receive(rtp.build(8, False, number, 777 + at, 5, coded[at : at + size]), None)
            at, number = at + size, number + 1
        heard.append(received(leg, tick))
    assert tone_over_noise(np.concatenate(heard)[16000:], 440) > 30


def test_comfort_noise_and_pauses_are_silence_not_loss() -> None:
    leg = WireLeg("a")
    stream = packets(tone(440, 4))
    for tick in range(200):
        leg.arrival_tick = tick
        if tick < 50 or tick > 150:
            leg.receive(stream[tick], None)
        elif tick == 50:
            _, _, sequence, timestamp, ssrc, _ = rtp.parse(stream[tick]) or pytest.fail("no packet")
            leg.receive(rtp.build(13, False, sequence, timestamp, ssrc, b"\x40"), None)
        frame = received(leg, tick)
        if 60 < tick < 150:
            assert not frame.any()
    assert frame.any()


def test_a_new_source_is_followed_and_a_single_stranger_is_not() -> None:
    leg = WireLeg("a")
    for tick, packet in enumerate(packets(tone(440, 1))):
        leg.arrival_tick = tick
        leg.receive(packet, None)
        if tick == 20:
            assert not leg.receive(rtp.build(8, False, 7, 7, 1234, bytes(160)), None)
        received(leg, tick)
    for step in range(50):
        leg.arrival_tick = 50 + step
        leg.receive(rtp.build(8, False, 9 + step, 100 + step * 160, 1234, ALAW.encode(tone(700, 0.02)).tobytes()), None)
        frame = received(leg, 50 + step)
    assert level(frame, 700) > 6000


def test_mu_law_from_the_far_end_reaches_a_leg_that_sends_a_law() -> None:
    leg = WireLeg("a")
    leg.use(ALAW, 8, None, {0: ULAW})
    coded = ULAW.encode(tone(500, 1).reshape(-1, FRAME))
    for tick, frame in enumerate(coded):
        leg.arrival_tick = tick
        leg.receive(rtp.build(0, False, tick, tick * 160, 3, frame.tobytes()), None)
        audio = received(leg, tick)
    assert level(audio, 500) > 7000


def test_media_timeout_is_told_once() -> None:
    leg, told = WireLeg("a", media_timeout=5.0), []
    leg.on_silence = lambda: told.append(1)
    for second in range(30):
        if second < 10:
            leg.receive(packets(tone(440, 1))[second], None)
        leg.watch(float(second))
        assert len(told) == (second >= 14)


def test_mos_falls_with_loss_and_delay() -> None:
    assert mos(0, 0) == 4.41
    assert mos(0, 100) > mos(0, 300) > mos(0, 600)
    assert mos(0, 50) > mos(2, 50) > mos(10, 50) > mos(50, 50) >= 1
