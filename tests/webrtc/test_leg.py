"""The leg in the mixer, against a peer that is no browser: what it does before, during and after a connection."""

import asyncio
import struct
import time

import pytest

from teplo.channels.voice.media.g711 import ULAW
from teplo.channels.voice.media.leg import Leg, Sound
from teplo.channels.voice.media.mixer import Mixer
from teplo.channels.voice.webrtc.certificate import Certificate
from teplo.channels.voice.webrtc.dtls import DtlsContext
from teplo.channels.voice.webrtc.leg import BrowserLeg
from teplo.channels.voice.webrtc.port import BrowserPort
from teplo.simulator.browser import BrowserEnd

from .peer import Peer, until

CONTEXT = DtlsContext(Certificate.generate(time.time()))


async def opened() -> BrowserPort:
    port = BrowserPort(CONTEXT)
    await port.open("127.0.0.1")
    return port


async def connected(leg: BrowserLeg, **changes: str) -> Peer:
    peer = await Peer(leg.offer()).open()
    leg.accept_answer(peer.answer(**changes))
    await until(lambda: leg.state == "connected" and peer.srtp, "connection")
    return peer


def event(digit: int, sequence: int, *, end: bool, timestamp: int = 16_000) -> bytes:
    head = struct.pack("!BBHII", 0x80, 126, sequence, timestamp, 7)
    return head + struct.pack("!BBH", digit, 0x80 if end else 0, 160)


def test_a_leg_without_a_browser_is_silent_and_takes_no_harm_in_the_mixer() -> None:
    async def story() -> None:
        port, mixer = await opened(), Mixer()
        leg = BrowserLeg("agent", port)
        mixer.add(leg)
        for tick in range(30):
            mixer.tick(tick, tick * 0.02)
        assert leg.pull(31) is None and leg.state == "waiting"
        leg.close()
        leg.close()
        mixer.tick(32, 0.64)
        assert mixer.legs == [] and port.size == (0, 0)
        port.close()

    asyncio.run(story())


def test_digits_come_once_and_the_law_is_the_browsers_first() -> None:
    async def story() -> None:
        port = await opened()
        leg = BrowserLeg("agent", port)
        digits: list[str] = []
        leg.on_digit = digits.append
        peer = await connected(leg, codecs="0 8 126")
        assert leg.law is ULAW
        for sequence in range(6):
            peer.send_rtp(event(5, sequence, end=sequence > 2))
        peer.send_rtp(event(11, 6, end=True, timestamp=20_000))
        await until(lambda: len(digits) == 2, "digits")
        assert digits == ["5", "#"]
        leg.send_digits("7")
        for tick in range(3):
            leg.push_encoded(bytes(160), tick)
        await until(lambda: peer.rtp, "our digits")
        assert peer.rtp[0][1] & 127 == 126 and peer.rtp[0][12] == 7
        leg.close()
        peer.close()
        port.close()

    asyncio.run(story())


def test_silence_is_an_alarm_once_and_counts_only_while_connected() -> None:
    async def story() -> None:
        port = await opened()
        leg = BrowserLeg("agent", port, media_timeout=3.0)
        alarms: list[int] = []
        leg.on_silence = lambda: alarms.append(1)
        for second in range(100):
            leg.watch(float(second))
        assert not alarms
        peer = await connected(leg)
        for second in range(100, 110):
            leg.watch(float(second))
        assert alarms == [1]
        peer.send_rtp(struct.pack("!BBHII", 0x80, 8, 1, 160, 7) + bytes(160))
        await until(lambda: leg.stats().packets == 1, "a packet")
        for second in range(110, 120):
            leg.watch(float(second))
        assert alarms == [1, 1]
        leg.close()
        peer.close()
        port.close()

    asyncio.run(story())


@pytest.mark.parametrize("goodbye_first", [True, False])
def test_a_new_leg_takes_over_whether_the_old_one_has_gone_or_not(goodbye_first: bool) -> None:
    async def story() -> None:
        port, mixer = await opened(), Mixer()
        caller, old = Leg("caller"), BrowserLeg("agent", port)
        supervisor = Leg("supervisor")
        mixer.add(caller)
        mixer.add(supervisor)
        mixer.add(old)
        caller.hear, old.hear, supervisor.hear = {old}, {caller, supervisor}, {caller, old}
        old.muted = True
        old.play(Sound.silence(5))
        failures: list[str] = []
        old.on_failed = failures.append
        first = await connected(old)
        if goodbye_first:
            first.say_goodbye()
            await until(lambda: failures, "goodbye")
            mixer.tick(1, 0.02)
        new = BrowserLeg("agent", port)
        mixer.add(new)
        second = await connected(new)
        new.take_over(old, [caller, supervisor])
        assert caller.hear == {new} and supervisor.hear == {caller, new} and new.hear == {caller, supervisor}
        assert new.muted and new.playing is not None and old.closed
        assert failures == (["goodbye"] if goodbye_first else [])
        mixer.tick(2, 0.04)
        assert old not in mixer.legs and port.size[0] == 1
        new.close()
        first.close()
        second.close()
        port.close()

    asyncio.run(story())


def test_a_browser_that_only_listens_is_sent_to_and_one_that_holds_is_not() -> None:
    async def story() -> None:
        port = await opened()
        for direction, sends in (("recvonly", True), ("sendonly", False), ("inactive", False)):
            leg = BrowserLeg("agent", port)
            peer = await Peer(leg.offer()).open()
            leg.accept_answer(peer.answer().replace("sendrecv", direction))
            await until(lambda leg=leg: leg.state == "connected", "connection")
            assert leg.sending is sends
            leg.close()
            peer.close()
        port.close()

    asyncio.run(story())


def test_a_simulated_browser_is_heard_and_hears() -> None:
    async def story() -> None:
        port = await opened()
        leg = BrowserLeg("agent", port)
        end = await BrowserEnd(leg.offer()).open()
        leg.accept_answer(end.answer)
        async with asyncio.timeout(10):
            await end.connected.wait()
        await until(lambda: leg.state == "connected", "connection")
        digits: list[str] = []
        leg.on_digit = digits.append
        end.send_digits("5")
        voice = bytes([0x11]) * 160
        for tick in range(40):
            end.push_encoded(voice, tick)
            leg.push_encoded(voice, tick)
        await until(lambda: digits == ["5"], "a key")
        await until(lambda: end.stats().packets > 30 and leg.stats().packets > 30, "packets both ways")
        end.close()
        await until(lambda: leg.failure == "goodbye", "the goodbye")
        port.close()

    asyncio.run(story())
