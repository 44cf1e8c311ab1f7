"""Real sockets: source lock, relearning, SRTP, RTCP; and whatever bytes somebody may send."""

import asyncio
import random
import socket
import struct
import tracemalloc
from collections.abc import Callable

import pytest
from tests.media.tones import EVENTS, WireLeg, packets, tone

from teplo.channels.voice.media import rtcp, rtp
from teplo.channels.voice.media.g711 import ALAW
from teplo.channels.voice.media.rtp_leg import NoPorts, RtpLeg, Sockets
from teplo.channels.voice.media.srtp import PROFILES, Srtp, fresh_key


class Worker:
    """Sockets and a tick turned by hand."""

    def __init__(self) -> None:
        self.sockets = Sockets()
        self.tick = 0

    def until(self, condition: Callable[[], object], step: Callable[[], None] = lambda: None) -> None:
        """Tick until something has happened, at most 5 000 times."""
        for _ in range(5000):
            step()
            self.sockets.drain(self.tick)
            self.tick += 1
            if condition():
                return
        pytest.fail("it did not happen")

    def leg(self, name: str) -> RtpLeg:
        leg = RtpLeg(name, self.sockets)
        asyncio.run(leg.open("127.0.0.1", [0]))
        return leg


def phone(host: str = "127.0.0.1") -> socket.socket:
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((host, 0))
    sock.settimeout(5)
    return sock


def test_the_source_is_locked_to_the_sdp() -> None:
    worker, known, stranger = Worker(), phone(), phone()
    leg = worker.leg("a")
    leg.set_remote("127.0.0.1", known.getsockname()[1], ALAW, 8)
    stream = iter(packets(tone(440, 100)))
    stranger.sendto(next(stream), ("127.0.0.1", leg.local_port))
    known.sendto(next(stream), ("127.0.0.1", leg.local_port))
    worker.until(lambda: leg.stats().packets)
    assert leg.stats().packets == 1
    leg.push_encoded(ALAW.silence, 1)
    data, source = known.recvfrom(1500)
    assert source[1] == leg.local_port and len(data) == 172
    leg.close()
    leg.close()


def test_another_port_is_learnt_from_what_keeps_coming_and_anew_after_silence() -> None:
    worker, first, second = Worker(), phone(), phone()
    leg = worker.leg("a")
    leg.set_remote("127.0.0.1", 9, ALAW, 8, signalled_from="127.0.0.1")
    stream = iter(packets(tone(440, 100)))
    first.sendto(b"no rtp at all", ("127.0.0.1", leg.local_port))
    for sock in (first, second):
        seen = leg.stats().packets
        worker.until(
            lambda seen=seen: leg.stats().packets > seen,
            lambda sock=sock: sock.sendto(next(stream), ("127.0.0.1", leg.local_port)),
        )
        leg.push_encoded(ALAW.silence, 1)
        assert len(sock.recv(1500)) == 172
        for second_of_silence in range(5):
            leg.watch(1000.0 + second_of_silence)
    leg.close()


def test_a_far_end_behind_nat_is_learnt_from_where_it_signals_and_from_nobody_else() -> None:
    worker, stranger, nat = Worker(), phone("127.0.0.9"), phone("127.0.0.7")
    leg = worker.leg("a")
    leg.set_remote("192.168.77.2", 4000, ALAW, 8, signalled_from="127.0.0.7")
    stream = iter(packets(tone(440, 100)))
    for _ in range(20):
        stranger.sendto(next(stream), ("127.0.0.1", leg.local_port))
    nat.sendto(b"last", ("127.0.0.1", leg.local_port))
    for _ in range(50):
        worker.sockets.drain(worker.tick)
    assert leg.stats().packets == 0, "whoever finds the port may neither be heard nor draw the audio to himself"
    worker.until(lambda: leg.stats().packets, lambda: nat.sendto(next(stream), ("127.0.0.1", leg.local_port)))
    leg.push_encoded(ALAW.silence, 1)
    assert len(nat.recv(1500)) == 172
    for second in range(5):
        leg.watch(1000.0 + second)
    again = phone("127.0.0.8")
    leg.signalled("127.0.0.8")  # the NAT has another address now
    worker.until(lambda: leg.stats().packets > 1, lambda: again.sendto(next(stream), ("127.0.0.1", leg.local_port)))
    leg.push_encoded(ALAW.silence, 2)
    assert len(again.recv(1500)) == 172
    leg.close()


def test_the_described_address_wins_over_what_is_left_of_an_earlier_call() -> None:
    worker, known, late = Worker(), phone(), phone()
    leg = worker.leg("a")
    leg.set_remote("127.0.0.1", known.getsockname()[1], ALAW, 8, signalled_from="127.0.0.1")
    stream = iter(packets(tone(440, 100)))
    for _ in range(3):
        late.sendto(next(stream), ("127.0.0.1", leg.local_port))
    known.sendto(next(stream), ("127.0.0.1", leg.local_port))
    worker.until(lambda: leg.stats().packets)
    for _ in range(20):
        late.sendto(next(stream), ("127.0.0.1", leg.local_port))
    for _ in range(50):
        worker.sockets.drain(worker.tick)
    assert leg.stats().packets == 1
    leg.close()


def test_who_has_the_key_is_learnt_wherever_it_is() -> None:
    worker, key = Worker(), fresh_key(suite := next(iter(PROFILES)))
    leg, far, theirs = worker.leg("a"), phone("127.0.0.9"), Srtp(suite, key, fresh_key(suite))
    leg.set_remote("192.168.77.2", 9, ALAW, 8, srtp=Srtp(suite, fresh_key(suite), key), signalled_from="127.0.0.7")
    stream = iter(packets(tone(440, 100)))
    for _ in range(20):
        far.sendto(next(stream), ("127.0.0.1", leg.local_port))
    for _ in range(50):
        worker.sockets.drain(worker.tick)
    assert leg.stats().packets == 0, "no key"
    worker.until(
        lambda: leg.stats().packets,
        lambda: far.sendto(theirs.protect(next(stream)) or b"", ("127.0.0.1", leg.local_port)),
    )
    leg.push_encoded(ALAW.silence, 1)
    assert len(far.recv(1500)) > 172
    leg.close()


def test_what_was_learnt_holds_until_another_address_is_described() -> None:
    """A session refresh and the end of a hold say the same again, while a phone behind NAT may be silent."""
    worker, nat, moved = Worker(), phone(), phone()
    leg = worker.leg("a")
    stream = iter(packets(tone(440, 100)))
    leg.set_remote("127.0.0.1", 9, ALAW, 8, signalled_from="127.0.0.1")
    worker.until(lambda: leg.stats().packets, lambda: nat.sendto(next(stream), ("127.0.0.1", leg.local_port)))
    leg.set_remote("127.0.0.1", 9, ALAW, 8, signalled_from="127.0.0.1")
    leg.push_encoded(ALAW.silence, 1)
    assert len(nat.recv(1500)) == 172
    leg.set_remote("127.0.0.1", 9, ALAW, 8)
    seen = leg.stats().packets
    nat.sendto(next(stream), ("127.0.0.1", leg.local_port))
    for _ in range(50):
        worker.sockets.drain(worker.tick)
    assert leg.stats().packets == seen, "locked to what was described, without learning"
    leg.set_remote("127.0.0.1", moved.getsockname()[1], ALAW, 8, signalled_from="127.0.0.1")
    leg.push_encoded(ALAW.silence, 2)
    assert len(moved.recv(1500)) == 172
    leg.close()


def test_ports_are_pairs_and_run_out_with_a_clear_error() -> None:
    worker = Worker()
    leg = worker.leg("a")
    assert leg.local_port % 2 == 0
    other = RtpLeg("b", worker.sockets)
    with pytest.raises(NoPorts):
        asyncio.run(other.open("127.0.0.1", [leg.local_port, leg.local_port + 1]))
    leg.close()
    asyncio.run(other.open("127.0.0.1", range(leg.local_port, leg.local_port + 2)))
    other.close()


@pytest.mark.parametrize("suite", PROFILES)
def test_srtp_both_ways_and_forgeries_fall_out(suite: str) -> None:
    worker = Worker()
    ours, theirs = fresh_key(suite), fresh_key(suite)
    a, b = worker.leg("a"), worker.leg("b")
    a.set_remote("127.0.0.1", b.local_port, ALAW, 8, srtp=Srtp(suite, ours, theirs))
    b.set_remote("127.0.0.1", a.local_port, ALAW, 8, srtp=Srtp(suite, theirs, ours))
    number = iter(range(10_000))
    worker.until(lambda: b.stats().packets > 20, lambda: a.push_encoded(ALAW.silence, next(number)))
    seen = b.stats().packets
    b._srtp = Srtp(suite, theirs, fresh_key(suite))
    for _ in range(20):
        a.push_encoded(ALAW.silence, next(number))
    worker.until(lambda: worker.tick > 200)
    assert b.stats().packets <= seen + 1
    a.close()
    b.close()


def test_reports_tell_loss_and_round_trip() -> None:
    now = 1000.0
    a, b = WireLeg("a", wall=lambda: now), WireLeg("b", wall=lambda: now)  # type: ignore[arg-type]
    for tick in range(200):
        a.arrival_tick = b.arrival_tick = tick
        a.push_encoded(ALAW.silence, tick)
        b.push_encoded(ALAW.silence, tick)
        a.receive(b.out[-1], tick * 0.02)
        if tick % 10:
            b.receive(a.out[-1], tick * 0.02)
    a.report()
    now += 0.05
    b.receive_rtcp(a.reports[-1])
    now += 1
    b.report()
    now += 0.05
    a.receive_rtcp(b.reports[-1])
    figures = a.stats()
    assert figures.round_trip_ms == pytest.approx(100, abs=1)
    assert figures.far_loss_pct == pytest.approx(10, abs=1)
    assert b.stats().loss_pct == pytest.approx(10, abs=1)
    assert figures.mos > b.stats().mos
    b.report(bye=True)
    found = rtcp.parse(b.reports[-1])
    assert found is not None and found.bye


def test_extensions_csrc_and_padding_are_stripped() -> None:
    head = struct.pack("!BBHII", 0xB2, 8, 1, 2, 3) + bytes(8) + b"\xbe\xde\0\1" + bytes(4)
    assert rtp.parse(head + b"audio" + b"\0\0\3") == (8, False, 1, 2, 3, b"audio")
    assert rtp.parse(head[:22]) is None
    assert rtp.parse(struct.pack("!BBHII", 0xA0, 8, 1, 2, 3) + b"\xff") is None


def test_fuzzed_packets_never_raise_and_memory_is_flat() -> None:
    dice = random.Random(7)
    leg = WireLeg("a")
    leg.use(ALAW, 8, EVENTS)
    good = packets(tone(440, 1))
    report = rtcp.build(5, b"name", wall=1e9, timestamp=1, packets=3, octets=4, block=rtcp.Block(1, 2, 3, 4, 5, 6, 7))

    def one() -> bytes:
        kind = dice.random()
        if kind < 0.2:
            return dice.randbytes(dice.randrange(0, 64))
        data = bytearray(dice.choice(good) if kind < 0.6 else report)
        if kind > 0.9:
            data = bytearray(
                rtp.build(EVENTS, False, dice.getrandbits(16), dice.getrandbits(32), 99, dice.randbytes(4))
            )
        for _ in range(dice.randrange(0, 6)):
            data[dice.randrange(min(24, len(data)))] = dice.getrandbits(8)
        return bytes(data[: dice.randrange(len(data) + 1)] if dice.random() < 0.3 else data)

    def rounds(first: int, count: int) -> None:
        for tick in range(first, first + count):
            for _ in range(10):
                data = one()
                leg.receive(data, tick * 0.02)
                leg.receive_rtcp(data)
            leg.pull(tick)
        leg.watch(first * 0.02)
        leg.reports.clear()
        leg.stats()

    rounds(0, 1000)
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    rounds(1000, 3000)
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    assert grown < 100_000
    for step, packet in enumerate(good):
        leg.arrival_tick = 4000 + step
        leg.receive(packet, None)
        heard = leg.pull(4000 + step)
    assert heard is not None
