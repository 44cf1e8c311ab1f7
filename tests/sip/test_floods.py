"""Floods, scanners and guessing from an address outside the allow-list, with real sockets: good calls are unharmed."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest

from teplo.channels.voice.sip.digest import Client, Credentials, Server, proofs
from teplo.channels.voice.sip.endpoint import Endpoint
from teplo.channels.voice.sip.flow import Flow
from teplo.channels.voice.sip.message import Response, parse
from teplo.channels.voice.sip.registrar import Registrar
from teplo.channels.voice.sip.registration import Registration
from teplo.channels.voice.sip.session import Session
from teplo.channels.voice.sip.transport import Listen
from teplo.channels.voice.sip.trunk import Trunk
from teplo.channels.voice.sip.uri import NameAddr, Uri

from .link import ANSWER, CALLER, OFFER, Heard
from .waiting import until

pytestmark = pytest.mark.anyio
STRANGER = "127.0.0.2"
PHONE = NameAddr.parse("<sip:anna@127.0.0.1>")


def message(method: str, number: int, agent: str = "Phone 1.0", more: str = "") -> bytes:
    """A request that is right in every way but where it comes from."""
    return (
        f"{method} sip:611@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP {STRANGER}:5060;branch=z9hG4bK{number};rport\r\n"
        f"From: <sip:anna@127.0.0.1>;tag={number}\r\nTo: <sip:anna@127.0.0.1>\r\nCall-ID: {number}@{STRANGER}\r\n"
        f"CSeq: 1 {method}\r\nContact: <sip:anna@{STRANGER}:5060>\r\nMax-Forwards: 70\r\nUser-Agent: {agent}\r\n{more}"
        "Content-Length: 0\r\n\r\n"
    ).encode()


@asynccontextmanager
async def centre() -> AsyncIterator[tuple[Endpoint, Registrar]]:
    """A worker's endpoint: one trunk, and phones that register from anywhere."""

    def answers(session: Session) -> None:
        session.ring()
        session.answer(ANSWER)

    async with Endpoint(Listen("127.0.0.1", 0, None), [Trunk.of("trunk", "127.0.0.1")]) as endpoint:
        known = {"anna": proofs("anna", "teplo", "right")}
        registrar = Registrar(endpoint.core, Server("teplo", b"s", endpoint.core.timers.clock, known.get))
        endpoint.admit(registrar)
        endpoint.on_call = answers
        yield endpoint, registrar


@contextmanager
def stranger() -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setblocking(False)
        sock.bind((STRANGER, 0))
        yield sock


async def test_good_calls_are_answered_during_a_flood() -> None:
    async with centre() as (endpoint, registrar), Endpoint(Listen("127.0.0.1", 0, None)) as carrier:
        port = endpoint.transports.ports["UDP"]
        heard: list[Heard] = []
        with stranger() as sock:
            for number in range(6000):
                kind = ("INVITE", "REGISTER", "OPTIONS")[number % 3]
                agent = "friendly-scanner" if number % 4 == 0 else "Phone 1.0"
                try:
                    sock.sendto(message(kind, number, agent), ("127.0.0.1", port))
                except BlockingIOError:
                    pass
                if number % 300 == 0:
                    to = Uri("sip", "611", "127.0.0.1", port)
                    heard.append(Heard(carrier.call(to, from_=CALLER, sdp=OFFER)))
                if number % 100 == 0:
                    await asyncio.sleep(0)
            await until(lambda: all(one.events[-1:] == ["answered+sdp"] for one in heard))
            counts = endpoint.stack.counts
            assert len(heard) == 20 and counts.calls == 20
            assert counts.strangers >= counts.received - 20 * 10 - registrar.limits.messages
            assert len(endpoint.core.transactions.servers) < 200  # nothing is kept of what was dropped


async def test_what_is_dropped_costs_microseconds_and_no_memory() -> None:
    async with centre() as (endpoint, registrar):
        scanner, flood = message("REGISTER", 1, "friendly-scanner"), message("INVITE", 2)
        for host in range(registrar.limits.remembered + 500):
            flow = Flow("UDP", f"10.{host >> 16}.{host >> 8 & 255}.{host & 255}", 5060)
            registrar.guest(flood, flow)
        assert registrar.remembered <= registrar.limits.remembered
        flow, before = Flow("UDP", STRANGER, 5060), time.process_time()
        for _ in range(10_000):
            endpoint.stack.receive(scanner, flow)
            endpoint.stack.receive(flood, flow)
        assert (time.process_time() - before) / 20_000 < 50e-6


async def test_guessing_is_met_with_silence_and_shuts_out_nobody_else() -> None:
    async with centre() as (endpoint, registrar), Endpoint(Listen("127.0.0.1", 0, None)) as phone:
        port = endpoint.transports.ports["UDP"]
        phone.core.settings.contact_user = "anna"
        registrar_uri = Uri("sip", "", "127.0.0.1", port)
        right = Registration(phone.core, registrar_uri, PHONE, Credentials("anna", "right"))
        right.start()
        await until(lambda: right.registered)
        with stranger() as sock:
            answers = [await guess(sock, port, number) for number in range(registrar.limits.failures + 5)]
        assert answers[0] == 401 and answers[-1] is None
        right.start()  # the same user, from where the phone lives
        await until(lambda: registrar.bindings("anna")[0].number > 2)
        other = Registration(phone.core, registrar_uri, PHONE, Credentials("anna", "right"))
        other.start()
        await until(lambda: other.registered)


async def guess(sock: socket.socket, port: int, number: int) -> int | None:
    """Try a secret as who guesses does: ask for a challenge, answer it; return the last status, None for silence."""
    status = None
    proof = ""
    for step in (0, 1):
        sock.sendto(message("REGISTER", 1000 + 2 * number + step, more=proof), ("127.0.0.1", port))
        try:
            async with asyncio.timeout(0.3):
                data = await asyncio.get_running_loop().sock_recv(sock, 4096)
        except TimeoutError:
            return None
        response = parse(data)
        assert isinstance(response, Response)
        status = response.status
        challenges = response.headers.lines("www-authenticate")
        uri = "sip:611@127.0.0.1"
        guessed = Client(Credentials("anna", f"guess{number}"), lambda: "c").authorize(challenges, "REGISTER", uri)
        proof = f"Authorization: {guessed}\r\n"
    return status
