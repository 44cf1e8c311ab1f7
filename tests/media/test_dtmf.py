"""Telephone events in and out (RFC 4733)."""

import random
import struct

import pytest
from tests.media.tones import EVENTS, WireLeg

from teplo.channels.voice.media import rtp
from teplo.channels.voice.media.dtmf import DIGITS, DigitReceiver
from teplo.channels.voice.media.g711 import ALAW


def press(digit: str, timestamp: int, steps: int = 5, ends: int = 3) -> list[tuple[bytes, int]]:
    event = DIGITS.index(digit)
    marks = [(0, (step + 1) * 160) for step in range(steps)] + [(0x80, steps * 160)] * ends
    return [(struct.pack("!BBH", event, end | 10, duration), timestamp) for end, duration in marks]


@pytest.mark.parametrize("trouble", ["none", "doubled", "ends lost", "beginnings lost", "one left", "reordered"])
def test_100_of_100_digits(trouble: str) -> None:
    dice, receiver = random.Random(trouble), DigitReceiver()
    digits = "".join(dice.choice(DIGITS) for _ in range(100))
    got = []
    late: list[tuple[bytes, int]] = []
    for number, digit in enumerate(digits):
        packets = press(digit, (4294960000 + number * 1500) & 0xFFFFFFFF)
        if trouble == "doubled":
            packets = [packet for packet in packets for _ in range(dice.randint(1, 4))]
        elif trouble == "ends lost":
            packets = packets[: dice.randint(1, 5)]
        elif trouble == "beginnings lost":
            packets = packets[dice.randint(1, 7) :]
        elif trouble == "one left":
            packets = [dice.choice(packets)]
        elif trouble == "reordered":
            packets, kept = packets[:-1] + late, packets[-1:]
            dice.shuffle(packets[2:])
            late = kept
        got += [receiver.receive(*packet) for packet in packets]
    assert "".join(filter(None, got)) == digits


def test_a_long_press_in_segments_is_one_digit() -> None:
    receiver, got = DigitReceiver(), []
    for segment in range(3):
        for duration in (160, 40000, 0xFFFF):
            payload = struct.pack("!BBH", 5, 10, duration)
            got.append(receiver.receive(payload, 1000 + segment * 0xFFFF))
    assert list(filter(None, got)) == ["5"]


def test_what_one_leg_sends_another_gets() -> None:
    sender, receiver, got = WireLeg("a"), WireLeg("b"), []
    for leg in (sender, receiver):
        leg.use(ALAW, 8, EVENTS)
    receiver.on_digit = got.append
    sender.send_digits("0123456789*#abcd55")
    for tick in range(18 * 12 + 5):
        sender.push_encoded(ALAW.silence, tick)
        receiver.receive(sender.out[-1], None)
    assert "".join(got) == "0123456789*#ABCD55"
    first = [rtp.parse(packet) for packet in sender.out[:9]]
    assert [packet[1] for packet in first if packet] == [True, *[False] * 7, False]
    assert len({packet[3] for packet in first[:8] if packet}) == 1
    assert [packet[2] for packet in first if packet] == [first[0][2] + step for step in range(9)]  # type: ignore[index]


def test_digits_that_are_none_are_refused_whole() -> None:
    leg = WireLeg("a")
    with pytest.raises(ValueError, match="negotiated"):
        leg.send_digits("1")
    leg.use(ALAW, 8, EVENTS)
    with pytest.raises(ValueError):
        leg.send_digits("1x")
    leg.push_encoded(ALAW.silence, 1)
    assert len(leg.out[0]) == 172
