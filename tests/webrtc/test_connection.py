"""The shared port and the connections behind it, against a peer on real UDP."""

import asyncio
import random
import struct
import time
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import wraps

import pytest

from teplo.channels.voice.webrtc.certificate import Certificate
from teplo.channels.voice.webrtc.connection import Connection
from teplo.channels.voice.webrtc.dtls import DtlsContext
from teplo.channels.voice.webrtc.port import BrowserPort

from .peer import Peer, until

CONTEXT = DtlsContext(Certificate.generate(time.time()))


def story(test: Callable[[], Awaitable[None]]) -> Callable[[], None]:
    @wraps(test)
    def told() -> None:
        async def main() -> None:
            await test()

        asyncio.run(main())

    del told.__wrapped__  # type: ignore[attr-defined]
    return told


@asynccontextmanager
async def listening(host: str = "127.0.0.1") -> AsyncIterator[BrowserPort]:
    port = BrowserPort(CONTEXT)
    await port.open(host)
    yield port
    port.close()


async def connected(port: BrowserPort, **options: float) -> tuple[Connection, Peer]:
    connection = Connection(port, **options)  # type: ignore[arg-type]
    peer = await Peer(connection.offer()).open()
    connection.accept_answer(peer.answer())
    await until(lambda: connection.state != "waiting" and peer.srtp, "connection")
    assert connection.state == "connected"
    return connection, peer


def rtp(sequence: int, ssrc: int = 7, payload: bytes = b"\xd5" * 160) -> bytes:
    return struct.pack("!BBHII", 0x80, 8, sequence & 0xFFFF, sequence * 160 & 0xFFFFFFFF, ssrc) + payload


@story
async def test_packets_go_both_ways_on_one_port_for_many() -> None:
    async with listening() as port:
        pairs = [await connected(port) for _ in range(5)]
        for number, (connection, peer) in enumerate(pairs):
            got: list[bytes] = []
            connection.on_rtp = lambda packet, got=got: got.append(packet)
            peer.send_rtp(rtp(1, payload=bytes([number]) * 160))
            connection.send_rtp(rtp(9, payload=bytes([100 + number]) * 160))
            await until(lambda got=got, peer=peer: got and peer.rtp, "packets")
            assert got == [rtp(1, payload=bytes([number]) * 160)]
            assert peer.rtp == [rtp(9, payload=bytes([100 + number]) * 160)]
        for connection, peer in pairs:
            connection.close()
            peer.close()
        assert port.size == (0, 0)


@story
async def test_checks_and_handshake_do_not_wait_for_the_answer_but_media_does() -> None:
    async with listening() as port:
        connection = Connection(port)
        peer = await Peer(connection.offer()).open()
        await until(lambda: peer.srtp, "handshake")
        peer.send_rtp(rtp(1))
        connection.send_rtp(rtp(1))
        assert connection.state == "waiting" and not peer.rtp
        told: list[bool] = []
        connection.on_connected = lambda: told.append(True)
        connection.accept_answer(peer.answer())
        assert connection.state == "connected" and told == [True]
        peer.close()


@story
async def test_a_wrong_fingerprint_is_refused() -> None:
    async with listening() as port:
        connection = Connection(port)
        peer = await Peer(connection.offer()).open()
        reasons: list[str] = []
        connection.on_failed = reasons.append
        connection.accept_answer(peer.answer(fingerprint=CONTEXT.certificate.fingerprint))
        await until(lambda: reasons, "refusal")
        assert reasons == ["fingerprint"] and connection.state == "failed" and port.size == (0, 0)
        connection.send_rtp(rtp(1))
        peer.close()


@pytest.mark.parametrize("changes", [{"setup": "passive"}, {"codecs": "111"}, {"fingerprint": ""}])
def test_an_answer_of_which_no_call_can_come_ends_it(changes: dict[str, str]) -> None:
    @story
    async def told() -> None:
        async with listening() as port:
            connection = Connection(port)
            peer = await Peer(connection.offer()).open()
            answer = peer.answer(**changes)
            if changes.get("fingerprint") == "":
                answer = answer.replace("a=fingerprint:sha-256 \r\n", "")
            connection.accept_answer(answer)
            assert connection.failure == "answer"
            peer.close()

    told()


@pytest.mark.parametrize(
    "answer", ["", "v=0", "v=0\r\nm=audio", "\udc80", "v=0\r\nm=audio 9 X 8\r\n" * 400, "x" * 10**6]
)
def test_nonsense_instead_of_an_answer_ends_it(answer: str) -> None:
    @story
    async def told() -> None:
        async with listening() as port:
            connection = Connection(port)
            connection.accept_answer(answer)
            assert connection.failure == "answer" and port.size == (0, 0)

    told()


@story
async def test_who_stops_checking_or_never_comes_is_given_up() -> None:
    async with listening() as port:
        connection, peer = await connected(port, consent=0.5)
        peer.checking = False
        never = Connection(port, deadline=0.2)
        await until(lambda: connection.failure and never.failure, "end")
        assert (connection.failure, never.failure) == ("consent", "deadline")
        peer.close()


@story
async def test_a_browser_that_closes_is_gone_at_once() -> None:
    async with listening() as port:
        connection, peer = await connected(port)
        peer.say_goodbye()
        await until(lambda: connection.failure, "goodbye")
        assert connection.failure == "goodbye"
        peer.close()


@story
async def test_our_goodbye_reaches_the_browser() -> None:
    async with listening() as port:
        connection, peer = await connected(port)
        connection.close()
        connection.close()
        await until(lambda: peer.dtls.state == "closed", "goodbye")
        peer.close()


@story
async def test_strangers_meet_silence() -> None:
    async with listening() as port:
        connection, peer = await connected(port)
        stranger = await Peer(connection.offer()).open()
        stranger.checking = False
        before = port.ignored
        sent = [
            stranger.check(password="guess"),
            rtp(1),
            b"\x16\xfe\xfd" + bytes(40),
            b"",
            b"\x00",
            bytes(28),
            b"\xff" * 50,
        ]
        for data in sent:
            stranger.send(data)
        await until(lambda: port.ignored >= before + len(sent), "strangers' packets")
        assert not stranger.answers and connection.state == "connected" and port.size == (1, 1)
        stranger.close()
        peer.close()


@story
async def test_noise_from_the_peer_itself_is_survived_and_memory_stays() -> None:
    dice = random.Random(11)
    async with listening() as port:
        connection, peer = await connected(port)
        got: list[bytes] = []
        connection.on_rtp = lambda packet: got.append(packet)
        source = peer.transport.get_extra_info("sockname")
        assert peer.srtp
        good = [peer.srtp[0].protect(rtp(number)) for number in range(50)]
        patterns = (*good, peer.check(), b"\x81\xc9\x00\x07" + bytes(40), b"\x16\xfe\xfd" + bytes(60))

        def noise(rounds: int) -> None:
            for _ in range(rounds):
                data = bytearray(dice.choice(patterns))
                for _ in range(dice.randrange(1, 6)):
                    data[dice.randrange(len(data))] = dice.randrange(256)
                if dice.random() < 0.2:
                    data = bytearray(dice.randbytes(dice.randrange(2000)))
                port.receive(bytes(data), source, asyncio.get_running_loop().time())

        noise(2_000)
        tracemalloc.start()
        base = tracemalloc.get_traced_memory()[0]
        noise(20_000)
        grown = tracemalloc.get_traced_memory()[0] - base
        tracemalloc.stop()
        assert grown < 200_000, grown
        assert connection.state == "connected"
        got.clear()
        peer.send_rtp(rtp(100))
        await until(lambda: got, "a good packet after the noise")
        assert port.size[1] <= 2
        peer.close()


@story
async def test_a_peer_may_have_a_few_sources_but_not_any_number() -> None:
    async with listening() as port:
        connection, peer = await connected(port)
        got: list[bytes] = []
        connection.on_rtp = lambda packet: got.append(packet)
        for ssrc in range(200):
            peer.send_rtp(rtp(1, ssrc=ssrc))
        await until(lambda: connection.refused + len(got) == 200, "packets")
        assert len(got) == 8
        peer.close()


@story
async def test_a_packet_is_taken_once() -> None:
    async with listening() as port:
        connection, peer = await connected(port)
        got: list[bytes] = []
        connection.on_rtp = lambda packet: got.append(packet)
        assert peer.srtp
        packet = peer.srtp[0].protect(rtp(1))
        for _ in range(5):
            peer.send(packet)
        await until(lambda: connection.refused == 4, "refusals")
        assert got == [rtp(1)]
        peer.close()


@story
async def test_the_first_free_port_of_a_range_is_taken_and_told_as_configured() -> None:
    one, two = BrowserPort(CONTEXT), BrowserPort(CONTEXT)
    await one.open("127.0.0.1")
    await two.open("127.0.0.1", (one.number, 0), advertise=("203.0.113.5", "127.0.0.1"), advertised_port=40000)
    offer = Connection(two).offer()
    assert "203.0.113.5 40000 typ host" in offer and "127.0.0.1 40000 typ host" in offer
    taken = BrowserPort(CONTEXT)
    with pytest.raises(OSError):
        await taken.open("127.0.0.1", (one.number,))
    one.close()
    two.close()


@story
async def test_a_trickling_answer_without_an_address_is_no_hold() -> None:
    async with listening() as port:
        connection = Connection(port)
        peer = await Peer(connection.offer()).open()
        connection.accept_answer(peer.answer())
        assert connection.accepted is not None and connection.accepted.sends
        connection.close()
        peer.close()


@story
async def test_ipv6_will_do() -> None:
    try:
        async with listening("::1") as port:
            connection, peer = await connected(port)
            peer.send_rtp(rtp(1))
            connection.send_rtp(rtp(1))
            await until(lambda: peer.rtp, "a packet")
            connection.close()
            peer.close()
    except OSError as error:
        pytest.skip(f"no IPv6 on this machine: {error}")


@story
async def test_a_port_on_all_addresses_tells_browsers_real_ones() -> None:
    async with listening("0.0.0.0") as port:
        assert port.advertised[-1] == "127.0.0.1" and "0.0.0.0" not in port.advertised


@story
async def test_another_network_of_the_browser_is_followed() -> None:
    async with listening() as port:
        connection, peer = await connected(port)
        moved = await Peer(connection.offer(), peer.context).open()
        moved.checking = False
        moved.ufrag, moved.srtp, peer.checking = peer.ufrag, peer.srtp, False
        address = moved.transport.get_extra_info("sockname")
        moved.send(moved.check())
        await until(lambda: connection.ice.selected == address, "the new address")
        got: list[bytes] = []
        connection.on_rtp = got.append
        moved.send_rtp(rtp(5))
        connection.send_rtp(rtp(1))
        await until(lambda: got and moved.rtp, "packets over the new address")
        assert connection.state == "connected" and not peer.rtp
        peer.close()
        moved.close()


@story
async def test_what_waits_is_taken_before_a_tick() -> None:
    async with listening() as port:
        connection, peer = await connected(port)
        got: list[bytes] = []
        connection.on_rtp = got.append
        for number in range(200):
            peer.send_rtp(rtp(number))
        end = time.monotonic() + 20
        while len(got) < 200 and time.monotonic() < end:
            port.drain(1)
        assert len(got) == 200
        connection.close()
        peer.close()
    port.drain(2)
