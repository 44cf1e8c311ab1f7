"""Opus on a leg: a tone stays a tone, speech outlives loss, packets of any length, digits by its clock."""

import ctypes
import importlib.util
from pathlib import Path

import numpy as np
import pytest
import soundfile
from tests.media.tones import EVENTS, RATE, Link, WireLeg, level, tone, tone_over_noise

from teplo.channels.voice import sdp
from teplo.channels.voice.media import libopus, opus, rtcp, rtp
from teplo.channels.voice.media.g711 import ALAW, FRAME, Samples
from teplo.channels.voice.media.mixer import Mixer
from teplo.channels.voice.media.packet_leg import PacketLeg
from teplo.channels.voice.media.playback import Sound

TYPE = 96
PROMPTS = Path(libopus.__file__).parents[1] / "prompts" / "audio" / "ru"

pytestmark = pytest.mark.skipif(libopus.LIBRARY is None, reason="libopus is not installed (./teplo setup --dev)")


def libraries() -> list[str]:
    wheel = importlib.util.find_spec("opuslib_next")
    folders = wheel.submodule_search_locations if wheel is not None else None
    return ["libopus.so.0", *(str(Path(folder) / "_native" / "libopus.so") for folder in folders or ())]


def leg(name: str, wish: opus.Opus | None = None) -> WireLeg:
    made = WireLeg(name)
    made.use(wish or opus.Opus(fec=True), TYPE, EVENTS, event_clock=opus.CLOCK)
    return made


def speech(seconds: float = 20.0) -> Samples:
    """Real words."""
    words = [soundfile.read(PROMPTS / f"{name}.wav", dtype="int16")[0] for name in ("reasons", "callback_greeting")]
    whole: Samples = np.concatenate(words * 4)[: round(seconds * RATE)]
    return whole


def carry(samples: Samples, to: PacketLeg, link: Link, wish: opus.Opus | None = None, loss: int = 0) -> Samples:
    """Return what a leg hears of another one's samples over a link; `loss`: percent that the sender was told of."""
    sender, heard = leg("sender", wish), []
    sender.receive_rtcp(report(sender, loss))
    for tick, frame in enumerate(samples.reshape(-1, FRAME)):
        sender.pull(tick)
        sender.push(frame)
        link.send(sender.out.pop(), tick)
        to.arrival_tick = tick
        for packet in link.arrived(tick):
            to.receive(packet, tick * 0.02)
        found = to.pull(tick)
        heard.append(np.zeros(FRAME, np.int16) if found is None else found)
    return np.concatenate(heard)


def report(about: WireLeg, percent: int) -> bytes:
    """A far end's report of how much it misses."""
    block = rtcp.Block(about._ssrc, round(percent * 2.56), 0, 0, 0, 0, 0)
    return rtcp.build(5, b"far", wall=1e9, timestamp=1, packets=1, octets=1, block=block)


def likeness(heard: Samples, meant: Samples) -> float:
    """Decibels of what was meant over the difference, over the frames in which somebody speaks."""
    found = []
    for start in range(0, len(meant), FRAME):
        ours, theirs = meant[start : start + FRAME].astype(float), heard[start : start + FRAME].astype(float)
        power = float(np.sum(ours**2))
        if power > FRAME * 200**2:
            found.append(min(35.0, 10 * float(np.log10(power / (float(np.sum((ours - theirs) ** 2)) + 1)))))
    assert found
    return float(np.mean(found))


@pytest.mark.parametrize("path", libraries())
@pytest.mark.parametrize("hertz", [440, 1000, 2000, 3000])
def test_a_tone_is_still_that_tone(path: str, hertz: int) -> None:
    try:
        library = libopus.load(path)
    except OSError:
        pytest.skip(f"{path} is not there")
    encoder, decoder = libopus.Encoder(library=library), libopus.Decoder(library)
    sent = [encoder.encode(frame) for frame in tone(hertz, 3).reshape(-1, FRAME)]
    heard = np.concatenate([frame for packet in sent if (frame := decoder.decode(packet)) is not None])[RATE:]
    assert tone_over_noise(heard, hertz) > 25
    assert 7200 < level(heard, hertz) < 8800
    assert 8 * sum(map(len, sent)) / 3 < 1.1 * libopus.BITRATE


def test_a_tone_survives_five_percent_of_loss_on_a_shaking_way() -> None:
    heard = carry(tone(440, 20), leg("hearer"), Link(1, loss=0.05, jitter_ms=40, reorder=0.02))[2 * RATE :]
    windows = [level(heard[at : at + RATE // 2], 440) for at in range(0, len(heard) - RATE // 2, RATE // 2)]
    assert np.median(windows) > 6500 and min(windows) > 2500
    assert tone_over_noise(heard, 440) > 3


def test_lost_speech_comes_back_from_its_copy_when_the_far_end_says_that_it_misses_packets() -> None:
    words, found = speech(), {}
    for fec in (True, False):
        clean, broken = (
            carry(words, leg("hearer"), Link(1, loss=loss, jitter_ms=10), opus.Opus(fec=fec), loss=10)
            for loss in (0.0, 0.1)
        )
        found[fec] = likeness(broken, clean)
    assert found[True] > found[False] + 2, found


@pytest.mark.parametrize("samples", [20, 40, 80, 160, 320, 480])
def test_packets_of_any_length_are_taken(samples: int) -> None:
    encoder, far = libopus.Encoder(), leg("far")
    assert libopus.LIBRARY is not None
    voice, out = tone(600, 6), (ctypes.c_char * 1400)()
    sent = []
    for start in range(0, len(voice), samples):
        part = np.ascontiguousarray(voice[start : start + samples])
        size = libopus.LIBRARY.opus_encode(encoder._state, part.ctypes.data, samples, ctypes.addressof(out), len(out))
        sent.append((start, rtp.build(TYPE, False, start // samples & 0xFFFF, start * 6, 9, out.raw[:size])))
    heard = []
    for tick in range(290):
        far.arrival_tick = tick
        while sent and sent[0][0] + samples <= tick * FRAME:
            far.receive(sent.pop(0)[1], tick * 0.02)
        found = far.pull(tick)
        heard.append(np.zeros(FRAME, np.int16) if found is None else found)
    assert tone_over_noise(np.concatenate(heard)[RATE:], 600) > 12
    assert far._buffer.concealed < 5


def test_after_whatever_bytes_a_good_stream_is_heard() -> None:
    hearer, talker = leg("hearer"), leg("talker")
    for tick in range(200):
        hearer.arrival_tick = tick
        for payload in (b"", b"\xff", b"\x03\xff", bytes(range(200)), b"\x00" * 1300):
            hearer.receive(rtp.build(TYPE, False, tick, tick * 960, 9, payload), None)
        heard = hearer.pull(tick)
        assert heard is None or len(heard) == FRAME
    frames = []
    for tick, frame in enumerate(tone(440, 3).reshape(-1, FRAME), 200):
        talker.pull(tick)
        talker.push(frame)
        hearer.receive(talker.out[-1], None)
        found = hearer.pull(tick)
        frames.append(np.zeros(FRAME, np.int16) if found is None else found)
    assert tone_over_noise(np.concatenate(frames)[RATE:], 440) > 25


def test_digits_go_by_the_clock_of_the_stream() -> None:
    presser, digits = leg("presser"), []
    hearer = leg("hearer")
    hearer.on_digit = digits.append
    presser.send_digits("7#")
    for tick in range(40):
        presser.pull(tick)
        presser.push(tone(440, 0.02))
        hearer.receive(presser.out[-1], None)
    assert digits == ["7", "#"]
    events = [packet for packet in map(rtp.parse, presser.out) if packet is not None and packet[0] == EVENTS]
    assert {packet[3] for packet in events[:8]} == {events[0][3]}
    assert int.from_bytes(events[7][5][2:4], "big") == 4800  # 100 ms at 48 kHz
    spoken = [packet for packet in map(rtp.parse, presser.out) if packet is not None and packet[0] == TYPE]
    assert (spoken[-1][3] - spoken[-2][3]) & 0xFFFFFFFF == 960


def test_one_call_has_a_leg_of_each_kind() -> None:
    mixer, near, far = Mixer(), leg("near"), WireLeg("far")
    far.use(ALAW, 8, EVENTS)
    near.play(Sound.tone(700, 4, 8000), loop=True)
    mixer.add(near)
    mixer.add(far)
    far.hear = {near}
    talker, hearer = leg("talker"), leg("hearer")
    heard: list[Samples] = []
    for tick, frame in enumerate(tone(500, 4).reshape(-1, FRAME)):
        talker.pull(tick)
        talker.push(frame)
        near.arrival_tick = hearer.arrival_tick = tick
        near.receive(talker.out[-1], None)
        mixer.tick(tick, tick * 0.02)
        hearer.receive(near.out[-1], None)
        found = hearer.pull(tick)
        heard.append(np.zeros(FRAME, np.int16) if found is None else found)
    assert tone_over_noise(np.concatenate(heard)[RATE:], 700) > 15, "the phone with Opus hears what is played to it"
    coded = np.concatenate([ALAW.decode(packet[12:]) for packet in far.out[50:]])
    assert tone_over_noise(coded, 500) > 15, "the phone with G.711 hears the one with Opus"


def test_the_far_end_s_wishes_are_read() -> None:
    assert opus.wishes("minptime=10;useinbandfec=1") == opus.Opus(libopus.BITRATE, True)
    assert opus.wishes("maxaveragebitrate=12000; useinbandfec=0") == opus.Opus(12_000, False)
    assert opus.wishes("maxaveragebitrate=1") == opus.Opus(6_000, False)
    assert opus.wishes("stereo;=;maxaveragebitrate=9999999999") == opus.Opus(libopus.BITRATE, False)


def test_without_the_library_nothing_speaks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert opus.codecs("first") == sdp.Codecs((sdp.OPUS,), (sdp.PCMA, sdp.PCMU))
    assert opus.codecs("last") == sdp.Codecs((sdp.PCMA, sdp.PCMU), (sdp.OPUS,))
    assert sdp.OPUS not in opus.codecs("never").offered
    monkeypatch.setattr(libopus, "LIBRARY", None)
    assert opus.codecs("first") == opus.codecs("last") == sdp.Codecs((sdp.PCMA, sdp.PCMU))
