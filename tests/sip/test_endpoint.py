"""Two real endpoints call each other on 127.0.0.1 over UDP, TCP and TLS, over IPv4 and IPv6."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Any

import pytest
import uvloop

from teplo.channels.voice import sdp
from teplo.channels.voice.sip.endpoint import Endpoint
from teplo.channels.voice.sip.session import Session
from teplo.channels.voice.sip.transport import Limits, Listen
from teplo.channels.voice.sip.trunk import Trunk
from teplo.channels.voice.sip.uri import NameAddr, Uri
from teplo.channels.voice.webrtc import stun

from .link import ANSWER, CALLER, OFFER, Heard
from .waiting import until

LOOPBACK = Trunk.of("loopback", "127.0.0.0/8", "::1")


def listen(contexts: tuple[ssl.SSLContext, ssl.SSLContext] | None = None, host: str = "127.0.0.1") -> Listen:
    both = contexts or (None, None)
    return Listen(host, 0, 0, 0 if contexts else None, tls_server=both[0], tls_client=both[1])


def target(endpoint: Endpoint, transport: str, host: str = "127.0.0.1") -> Uri:
    return Uri("sip", "611", host, endpoint.transports.ports[transport], {"transport": transport.lower()})


@pytest.mark.parametrize(
    ("transport", "host"), [("UDP", "127.0.0.1"), ("TCP", "127.0.0.1"), ("TLS", "127.0.0.1"), ("UDP", "::1")]
)
@pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_a_whole_call(
    transport: str, host: str, run: Callable[[Any], None], contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    if host == "::1" and not _has_ipv6():
        pytest.skip("this machine has no IPv6 loopback")

    async def story() -> None:
        async with (
            Endpoint(listen(contexts, host), [LOOPBACK]) as a,
            Endpoint(listen(contexts, host), [LOOPBACK]) as b,
        ):
            incoming: list[Heard] = []

            def on_call(session: Session) -> None:
                incoming.append(Heard(session))
                session.on_offer = lambda offer: ANSWER
                session.ring(ANSWER)
                session.answer(ANSWER)

            b.on_call = on_call
            caller = Heard(a.call(target(b, transport, host), from_=CALLER, sdp=OFFER))
            await until(lambda: incoming and incoming[0].session.state == "confirmed")
            assert incoming[0].session.source.flow.transport == transport
            incoming[0].session.renegotiate(sdp.parse(ANSWER).with_audio(direction="sendonly").encode())
            caller.session.on_offer = lambda offer: OFFER
            await until(lambda: incoming[0].events[-1] == "changed")
            caller.session.send_digit("7")
            await until(lambda: incoming[0].events[-1] == "digit 7")
            incoming[0].session.hang_up()
            await until(lambda: caller.events[-1] == "remote_bye")
            assert caller.events == ["183+sdp", "answered+sdp", "remote_bye"]

    run(story())


@pytest.mark.parametrize("transport", ["UDP", "TCP", "TLS"])
def test_whoever_is_called_sees_the_address_that_we_listen_on(
    transport: str, contexts: tuple[ssl.SSLContext, ssl.SSLContext]
) -> None:
    async def story() -> None:
        async with (
            Endpoint(listen(contexts, "127.0.0.5"), [LOOPBACK]) as a,
            Endpoint(listen(contexts), [LOOPBACK]) as b,
        ):
            seen: list[str] = []
            b.on_call = lambda session: seen.append(session.source.flow.host)
            a.call(target(b, transport), from_=CALLER, sdp=OFFER)
            await until(lambda: seen == ["127.0.0.5"])

    for run in (asyncio.run, uvloop.run):
        run(story())


def test_a_long_invite_goes_over_tcp_and_falls_back_to_udp() -> None:
    async def story(tcp: int | None) -> str:
        async with (
            Endpoint(listen(), [LOOPBACK]) as a,
            Endpoint(Listen("127.0.0.1", 0, tcp), [LOOPBACK]) as b,
        ):
            if tcp is not None:  # both transports of a host have one port
                await b.close()
                port = b.transports.ports["TCP"]
                async with Endpoint(Listen("127.0.0.1", port, port), [LOOPBACK]) as c:
                    return await long_call(a, c)
            return await long_call(a, b)

    async def long_call(a: Endpoint, b: Endpoint) -> str:
        incoming: list[Session] = []
        b.on_call = incoming.append
        a.call(target(b, "UDP"), from_=CALLER, sdp=OFFER, headers=[("history-info", "x" * 1300)])
        await until(lambda: incoming)
        return incoming[0].source.flow.transport

    assert asyncio.run(story(0)) == "TCP"
    assert asyncio.run(story(None)) == "UDP"


@pytest.mark.parametrize("transport", ["UDP", "TCP"])
def test_a_name_is_called_and_may_answer_though_it_is_no_trunk(transport: str) -> None:
    async def story() -> None:
        async with Endpoint(listen()) as a, Endpoint(listen(), [LOOPBACK]) as b:
            b.on_call = lambda session: session.answer(ANSWER)
            caller = Heard(a.call(target(b, transport, "localhost"), from_=CALLER, sdp=OFFER))
            await until(lambda: caller.events)
            assert caller.events == ["answered+sdp"]
            stranger = Heard(b.call(target(a, "UDP"), from_=CALLER, sdp=OFFER))
            await until(lambda: stranger.events)
            assert stranger.events == ["rejected:403"], "to have been called makes nobody a trunk"

    asyncio.run(story())


def test_a_refused_connection_is_told() -> None:
    async def story() -> None:
        async with Endpoint(listen(), [LOOPBACK]) as a:
            with socket.create_server(("127.0.0.1", 0)) as closed:
                port = closed.getsockname()[1]
            gone = Uri("sip", "611", "127.0.0.1", port, {"transport": "tcp"})
            caller = Heard(a.call(gone, from_=CALLER, sdp=OFFER))
            await until(lambda: caller.events)
            assert caller.events == ["transport:503"]

    asyncio.run(story())


def test_strangers_are_dropped_unread_and_may_open_no_stream() -> None:
    async def story() -> None:
        async with Endpoint(listen(), [Trunk.of("far", "192.0.2.0/24")]) as b:
            loop = asyncio.get_running_loop()
            transport, _ = await loop.create_datagram_endpoint(asyncio.DatagramProtocol, local_addr=("127.0.0.1", 0))
            for _ in range(100):
                transport.sendto(b"REGISTER sip:x SIP/2.0\r\n", ("127.0.0.1", b.transports.ports["UDP"]))
            await until(lambda: b.stack.counts.strangers == 100)
            assert b.stack.counts.malformed == 0
            reader, writer = await asyncio.open_connection("127.0.0.1", b.transports.ports["TCP"])
            try:
                assert await asyncio.wait_for(reader.read(10), 10) == b""
            except ConnectionResetError:
                pass
            writer.close()
            transport.close()

    asyncio.run(story())


def test_streams_are_limited_kept_alive_and_cut_off_when_they_are_nonsense() -> None:
    async def story() -> None:
        async with Endpoint(listen(), [LOOPBACK], limits=Limits(connections=3)) as b:
            port = b.transports.ports["TCP"]
            streams = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
            await until(lambda: b.transports.connections == 3)
            reader, writer = streams[0]
            writer.write(b"\r\n\r\n")
            assert await asyncio.wait_for(reader.readexactly(2), 10) == b"\r\n"
            extra, other = await asyncio.open_connection("127.0.0.1", port)
            try:
                assert await asyncio.wait_for(extra.read(1), 10) == b""
            except ConnectionResetError:
                pass
            other.close()
            writer.write(b"INVITE sip:x SIP/2.0\r\nno length\r\n\r\n")
            assert await asyncio.wait_for(reader.read(1), 10) == b""
            await until(lambda: b.transports.connections == 2)
            for _, one in streams:
                one.close()
            await until(lambda: b.transports.connections == 0)

    asyncio.run(story())


def test_hanging_up_everything_on_close() -> None:
    async def story() -> None:
        async with Endpoint(listen(), [LOOPBACK]) as b:
            b.on_call = lambda session: session.answer(ANSWER)
            a = Endpoint(listen(), [LOOPBACK])
            await a.start()
            caller = Heard(a.call(target(b, "UDP"), from_=NameAddr.parse("<sip:x@127.0.0.1>"), sdp=OFFER))
            await until(lambda: caller.events)
            await a.close()
            assert caller.events[-1] == "hung_up"
            await until(lambda: all(session.state == "ended" for session in b.stack.dialogs.values()))

    asyncio.run(story())


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


@pytest.mark.anyio
async def test_a_phone_behind_nat_keeps_its_way_open_by_stun() -> None:
    """RFC 5626 4.4.2."""
    async with Endpoint(listen(), [LOOPBACK]) as endpoint:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
            phone.setblocking(False)
            phone.connect(("127.0.0.1", endpoint.transports.ports["UDP"]))
            transaction = bytes(range(12))
            phone.send(b"\x00\x01\x00\x00\x21\x12\xa4\x42" + transaction)
            async with asyncio.timeout(5):
                told = stun.parse(await asyncio.get_running_loop().sock_recv(phone, 200))
            mapped = stun.read_xor_address(told.attributes[stun.XOR_MAPPED_ADDRESS], transaction)
            assert told.transaction == transaction and mapped == phone.getsockname()
