"""SIPp, a SIP user agent that is not ours, calls an endpoint and is called by it."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from teplo.channels.voice import sdp
from teplo.channels.voice.sip.digest import Credentials, Server, proofs
from teplo.channels.voice.sip.endpoint import Endpoint
from teplo.channels.voice.sip.registrar import Limits, Registrar
from teplo.channels.voice.sip.session import Session
from teplo.channels.voice.sip.transport import Listen
from teplo.channels.voice.sip.uri import Uri
from teplo.storage.ports import free_port

from .link import ANSWER, CALLER, OFFER, Heard
from .test_endpoint import LOOPBACK
from .waiting import until

SCENARIOS = Path(__file__).parent / "scenarios"
SIPP = shutil.which("sipp")
pytestmark = pytest.mark.skipif(SIPP is None, reason="SIPp is not installed (apt install sip-tester)")


async def sipp(scenario: str, *arguments: str, folder: Path) -> asyncio.subprocess.Process:
    assert SIPP is not None
    return await asyncio.create_subprocess_exec(
        SIPP, "-sf", str(SCENARIOS / f"{scenario}.xml"), "-i", "127.0.0.1", "-nostdin", "-timeout", "60s",
        "-timeout_error", "-trace_err", "-error_file", str(folder / "errors"), *arguments,
        cwd=folder, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip


def said(folder: Path) -> str:
    return (folder / "errors").read_text()[:3000] if (folder / "errors").exists() else ""


def answering(session: Session) -> None:
    session.on_offer = lambda offer: sdp.answer(sdp.parse(offer), "127.0.0.1", 5004)[0].encode()
    session.ring()
    session.answer(sdp.answer(sdp.parse(session.remote_sdp or b""), "127.0.0.1", 5004)[0].encode())


def early(session: Session) -> None:
    session.ring(ANSWER)
    session.answer(ANSWER)


def telling_bye(session: Session) -> None:
    session.on_answered = lambda _: session.hang_up()
    session.answer(ANSWER)


@pytest.mark.parametrize(
    ("scenario", "transport", "act", "why"),
    [
        ("caller_hangs_up", "u1", answering, "remote_bye"),
        ("caller_hangs_up", "t1", answering, "remote_bye"),
        ("caller_hangs_up", "tn", answering, "remote_bye"),
        ("caller_holds", "u1", answering, "remote_bye"),
        ("caller_cancels", "u1", lambda session: session.ring(), "cancelled"),
        ("caller_expires", "u1", lambda session: session.ring(), "cancelled"),
        ("caller_pracks", "u1", early, "remote_bye"),
        ("caller_is_told_bye", "u1", telling_bye, "hung_up"),
    ],
)
def test_sipp_calls_us(scenario: str, transport: str, act: Callable[[Session], None], why: str, tmp_path: Path) -> None:
    calls = 20

    async def story() -> None:
        async with Endpoint(Listen("127.0.0.1", 0, 0), [LOOPBACK]) as b:
            heard: list[Heard] = []

            def on_call(session: Session) -> None:
                heard.append(Heard(session))
                act(session)

            b.on_call = on_call
            port = b.transports.ports["UDP" if transport == "u1" else "TCP"]
            arguments = ("-m", str(calls), "-r", "40", "-t", transport, "-p", str(free_port()), "-max_socket", "50")
            process = await sipp(scenario, f"127.0.0.1:{port}", *arguments, folder=tmp_path)
            assert await asyncio.wait_for(process.wait(), 90) == 0, said(tmp_path)
            await until(lambda: all(one.session.ended for one in heard))
            assert [one.session.ended.why for one in heard if one.session.ended] == [why] * calls

    asyncio.run(story())


@pytest.mark.parametrize(
    ("scenario", "transport", "events"),
    [
        ("called_answers", "u1", ["180", "answered+sdp", "hung_up"]),
        ("called_answers", "t1", ["180", "answered+sdp", "hung_up"]),
        ("called_wants_digest", "u1", ["answered+sdp", "hung_up"]),
        ("called_is_busy", "u1", ["rejected:486"]),
        ("called_expires", "u1", ["180", "rejected:487"]),
    ],
)
def test_we_call_sipp(scenario: str, transport: str, events: list[str], tmp_path: Path) -> None:
    async def story() -> None:
        async with Endpoint(Listen("127.0.0.1", 0, 0), [LOOPBACK]) as a:
            port = free_port()
            process = await sipp(scenario, "-m", "1", "-t", transport, "-p", str(port), folder=tmp_path)
            await until(lambda: _listens(port, transport))
            uri = Uri("sip", "55", "127.0.0.1", port, {"transport": "udp" if transport == "u1" else "tcp"})
            proof, limit = Credentials("teplo", "secret"), [("expires", "2")]
            heard = Heard(a.call(uri, from_=CALLER, sdp=OFFER, credentials=proof, headers=limit))
            await until(lambda: heard.session.state in ("confirmed", "ended"))
            heard.session.hang_up()
            assert await asyncio.wait_for(process.wait(), 90) == 0, said(tmp_path)
            assert heard.events == events

    asyncio.run(story())


@pytest.mark.parametrize("transport", ["u1", "t1"])
@pytest.mark.parametrize("scenario", ["phone_registers_and_leaves", "phone_falls_silent"])
def test_sipp_registers(scenario: str, transport: str, tmp_path: Path) -> None:
    """Too short an interval is refused with the shortest one, a refresh prolongs, 0 ends it, as does its time."""

    async def story() -> None:
        async with Endpoint(Listen("127.0.0.1", 0, 0)) as b:
            clock = asyncio.get_running_loop().time
            known = {"anna": proofs("anna", "teplo", "right")}
            server = Server("teplo", b"s", clock, known.get, algorithms=["md5"])
            registrar = Registrar(b.core, server, Limits(shortest=4))
            changes: list[tuple[str, bool]] = []
            registrar.on_change = lambda user, there: changes.append((user, there))
            b.admit(registrar)
            port = b.transports.ports["UDP" if transport == "u1" else "TCP"]
            arguments = (f"127.0.0.1:{port}", "-m", "1", "-t", transport, "-p", str(free_port()))
            process = await sipp(scenario, *arguments, folder=tmp_path)
            assert await asyncio.wait_for(process.wait(), 90) == 0, said(tmp_path)
            if scenario == "phone_falls_silent":
                assert changes == [("anna", True)]
                await until(lambda: registrar.bindings("anna") == [])
            else:
                assert changes == [("anna", True), ("anna", False)], "it was there all the time"
            assert registrar.users() == []

    asyncio.run(story())


def _listens(port: int, transport: str) -> bool:
    """Whether the kernel lists a socket with that port."""
    table = Path("/proc/net/udp" if transport == "u1" else "/proc/net/tcp").read_text()
    return f":{port:04X} " in table
