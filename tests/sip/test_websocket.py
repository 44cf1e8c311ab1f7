"""Phones over WebSocket (RFC 7118): the library's client against an endpoint on real sockets."""

import asyncio
import itertools
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvloop
from websockets.asyncio.client import ClientConnection, connect
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Frame, Opcode
from websockets.typing import Origin, Subprotocol
from websockets.uri import parse_uri

from teplo.channels.voice.sip.digest import Client, Credentials, Server, proofs
from teplo.channels.voice.sip.endpoint import Endpoint
from teplo.channels.voice.sip.message import Request, Response, parse, respond
from teplo.channels.voice.sip.registrar import Registrar
from teplo.channels.voice.sip.stream import Broken
from teplo.channels.voice.sip.transport import Listen
from teplo.channels.voice.sip.websocket import WebFramer

from .link import ANSWER, CALLER, OFFER, Heard
from .test_endpoint import LOOPBACK
from .torture import SDP, request
from .waiting import until

SIP = [Subprotocol("sip")]
ANNA = "<sip:anna@127.0.0.1>"
CONTACT = "<sip:anna@df7jal23ls0d.invalid;transport=ws>"
_numbers = itertools.count(1)


class Phone:
    """A phone of a browser; it has no address of its own."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def ask(self, method: str, *, binary: bool = False, **fields: Any) -> Response:
        """Send a request and take the final answer."""
        number = next(_numbers)
        given = {"from": f"{ANNA};tag=a{number}", "to": ANNA, "contact": CONTACT, "call_id": f"{number}@anna", **fields}
        via = f"SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK{number}"
        data = request(method, "sip:611@127.0.0.1", via=via, **given)
        await self.socket.send(data if binary else data.decode())
        while True:
            answer = await self.take()
            assert isinstance(answer, Response)
            if answer.status >= 200:
                return answer

    async def take(self) -> Request | Response:
        """Take what comes."""
        async with asyncio.timeout(5):
            data = await self.socket.recv()
        return parse(data.encode() if isinstance(data, str) else data)

    async def register(self) -> Response:
        """Register with the proof that is asked for."""
        asked = await self.ask("REGISTER")
        client = Client(Credentials("anna", "open sesame"), lambda: "c")
        proof = client.authorize(asked.headers.lines("www-authenticate"), "REGISTER", "sip:611@127.0.0.1")
        return await self.ask("REGISTER", cseq="2 REGISTER", extra=f"Authorization: {proof}\r\n")


@asynccontextmanager
async def office(listen: Listen) -> AsyncIterator[tuple[Endpoint, Registrar]]:
    async with Endpoint(listen, [LOOPBACK]) as endpoint:
        known = {"anna": proofs("anna", "teplo", "open sesame")}
        registrar = Registrar(endpoint.core, Server("teplo", b"s", endpoint.core.timers.clock, known.get))
        endpoint.admit(registrar)
        yield endpoint, registrar


def run(story: Callable[[Endpoint, Registrar, str], Awaitable[None]], **more: Any) -> None:
    """Tell a story with an endpoint that listens for WebSockets, on the loop that the product has."""

    async def tell() -> None:
        async with office(Listen("127.0.0.1", 0, None, ws=0, **more)) as (endpoint, registrar):
            await story(endpoint, registrar, f"ws://127.0.0.1:{endpoint.transports.ports['WS']}")

    uvloop.run(tell())


def test_a_phone_registers_is_called_and_hangs_up() -> None:
    async def story(endpoint: Endpoint, registrar: Registrar, url: str) -> None:
        async with connect(url, subprotocols=SIP) as socket:
            phone = Phone(socket)
            assert (await phone.ask("OPTIONS", binary=True)).via.transport == "WS"
            assert (await phone.register()).status == 200
            binding = registrar.bindings("anna")[0]
            assert binding.flow.transport == "WS"
            heard = Heard(endpoint.call(binding.contact, from_=CALLER, sdp=OFFER, route=binding.flow))
            invite = await phone.take()
            assert isinstance(invite, Request) and invite.via.transport == "WS"
            headers = [("contact", CONTACT)]
            answer = respond(invite, 200, tag="anna", headers=headers, body=ANSWER)
            answer.headers.put("content-type", "application/sdp")
            await socket.send(answer.encode().decode())
            ack = await phone.take()
            assert isinstance(ack, Request) and ack.method == "ACK"
            await until(lambda: heard.session.state == "confirmed")
            heard.session.hang_up()
            bye = await phone.take()
            assert isinstance(bye, Request) and bye.method == "BYE"
            await socket.send(respond(bye, 200).encode().decode())

    run(story)


def test_a_page_is_no_trunk_whatever_its_address() -> None:
    async def story(endpoint: Endpoint, registrar: Registrar, url: str) -> None:
        async with connect(url, subprotocols=SIP) as socket:
            phone = Phone(socket)
            assert (await phone.ask("INVITE", body=SDP)).status == 407
            proof = Client(Credentials("anna", "guessed"), lambda: "c")
            asked = (await phone.ask("REGISTER")).headers.lines("www-authenticate")
            wrong = proof.authorize(asked, "REGISTER", "sip:611@127.0.0.1")
            assert (await phone.ask("REGISTER", extra=f"Authorization: {wrong}\r\n")).status == 401
            assert not registrar.bindings("anna")

    run(story)


def test_only_sip_from_known_pages_is_let_in() -> None:
    async def story(endpoint: Endpoint, registrar: Registrar, url: str) -> None:
        async def refused(**how: Any) -> int:
            with pytest.raises(InvalidStatus) as problem:
                await connect(url, **how)
            return problem.value.response.status_code

        assert await refused() == 400
        assert await refused(subprotocols=[Subprotocol("xmpp")]) == 400
        assert await refused(subprotocols=SIP, origin=Origin("https://stranger.example")) == 403
        async with connect(url, subprotocols=SIP, origin=Origin("https://desk.example")) as socket:
            assert (await Phone(socket).ask("OPTIONS")).status == 200
        await until(lambda: endpoint.transports.connections == 0)

    run(story, origins=("https://desk.example",))


def test_too_much_and_too_many_end_the_connection() -> None:
    async def story(endpoint: Endpoint, registrar: Registrar, url: str) -> None:
        async def ended_by(*messages: str) -> int:
            async with connect(url, subprotocols=SIP) as socket:
                with pytest.raises(ConnectionClosed) as end:
                    for message in messages:
                        await socket.send(message)
                    while True:
                        await socket.recv()
            return end.value.rcvd.code if end.value.rcvd else 0

        assert await ended_by("x" * 200_000) == 1009
        assert await ended_by(*["\r\n"] * 1000) == 1008
        async with connect(url, subprotocols=SIP) as socket:
            await socket.send("\r\n\r\n")  # the keep-alive of phones
            assert await socket.recv() == "\r\n"
            await (await socket.ping())

    run(story)


def test_over_tls(contexts: tuple[ssl.SSLContext, ssl.SSLContext]) -> None:
    async def story() -> None:
        async with office(Listen("127.0.0.1", 0, None, wss=0, tls_server=contexts[0])) as (endpoint, _):
            url = f"wss://127.0.0.1:{endpoint.transports.ports['WSS']}"
            async with connect(url, subprotocols=SIP, ssl=contexts[1]) as socket:
                assert (await Phone(socket).register()).status == 200

    asyncio.run(story())


def test_noise_ends_a_connection_and_raises_nothing_else() -> None:
    dice = random.Random(7118)
    client = ClientProtocol(parse_uri("ws://192.0.2.2/"), subprotocols=SIP)
    client.send_request(client.connect())
    handshake = b"".join(client.data_to_send())
    broken = 0
    for _ in range(2_000):
        framer = WebFramer(lambda: 0.0)
        frames = b"".join(Frame(Opcode.TEXT, request("OPTIONS")).serialize(mask=True) for _ in range(2))
        data = bytearray(handshake + frames)
        for _ in range(dice.randrange(4)):
            data[dice.randrange(len(data))] = dice.getrandbits(8)
        cut = dice.randrange(len(data))
        try:
            for part in (bytes(data[:cut]), bytes(data[cut:])):
                framer.feed(part)
                framer.replies()
        except Broken:
            broken += 1
        assert framer.waiting < 100_000
    assert 100 < broken < 1_900
