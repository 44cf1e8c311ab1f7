"""Calls through Kamailio and rtpengine with the files of deploy/large-site: two workers, a carrier, people, strangers.

Every party has an address of its own on the loopback interface, as they have in a network.
"""

import asyncio
import fcntl
import shutil
import signal
import socket
import subprocess
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

import psycopg
import pytest
from playwright.async_api import Page, async_playwright
from tests.serving import serving

from teplo.channels.voice.sip.flow import Flow
from teplo.channels.voice.sip.uri import NameAddr, Uri, bracketed
from teplo.simulator.desk import DeskClient
from teplo.simulator.phone import PhoneCall, Phones
from teplo.storage.ports import free_port

from .conftest import Centre, voice_beside
from .people import AgentTab, Ear, tone, until
from .test_call import AGENT, CALLER, calls, desk_of

FILES = Path(__file__).resolve().parents[2] / "deploy" / "large-site"
KAMAILIO, RTPENGINE = shutil.which("kamailio"), shutil.which("rtpengine")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.anyio,
    pytest.mark.slow,
    pytest.mark.timeout(400),  # another process may have its site first
    pytest.mark.skipif(
        KAMAILIO is None or RTPENGINE is None,
        reason="Kamailio and rtpengine are not installed: apt-get install kamailio kamailio-tls-modules"
        " kamailio-websocket-modules rtpengine-daemon",
    ),
]
GUEST = 1900.0
EDGE, CARRIER, PEOPLE, STRANGER = "127.0.0.2", "127.0.0.4", "127.0.0.6", "127.0.0.9"


class Heard(Protocol):
    """Somebody's ear."""

    def hears(self, hertz: float) -> bool:
        """Tell whether a tone is what is heard now."""
        ...


@dataclass
class Site:
    """A centre with two workers, the addresses by which it is reached, and the telephones of its carrier."""

    first: Centre
    second: Centre
    edge: tuple[str, int]
    carrier: int
    """The port of the carrier."""
    folder: Path
    carrier_host: str = CARRIER
    tls: int | None = None
    """The port that carriers connect to by TLS; then calls go out that way, too. Certificates lie in the folder."""

    @property
    def workers(self) -> tuple[Centre, Centre]:
        return self.first, self.second

    @property
    def front(self) -> Centre:
        """The centre as the world sees it."""
        return replace(self.first, sip=self.edge)

    def nodes(self, callers: list[str] | None) -> list[str]:
        """Return the workers that have had the calls of these numbers; None: of all."""
        with psycopg.connect(self.first.served.database_url, autocommit=True) as conn:
            return [
                str(node)
                for (node,) in conn.execute(
                    "select node from call where %(callers)s::text[] is null or number = any(%(callers)s)",
                    {"callers": callers},
                )
            ]


@contextmanager
def only_site() -> Iterator[None]:
    """Wait until no other process of the tests has a large site on this machine: all have the same addresses."""
    with (Path(tempfile.gettempdir()) / "teplo-test-large-site").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@contextmanager
def running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program beside the test; what it printed stands in the log."""
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def programs(site: Site) -> tuple[list[str], list[str]]:
    """Write the site's files as the how-to says; return how rtpengine and Kamailio are started."""
    folder, control = site.folder / "large-site", str(free_port())
    shutil.copytree(FILES, folder)

    def change(name: str, *changes: tuple[str, str]) -> None:
        text = (folder / name).read_text()
        for old, new in changes:
            assert old in text, f"{name} has no {old!r}"
            text = text.replace(old, new)
        (folder / name).write_text(text)

    host, far, bits = site.edge[0], bracketed(site.carrier_host), 128 if ":" in site.carrier_host else 32
    here = [("/etc/kamailio", str(folder)), ("192.0.2.10", bracketed(host)), ("!5060!", f"!{site.edge[1]}!")]
    here.append(("127.0.0.1:2223", f"127.0.0.1:{control}"))
    if site.tls is None:
        change("site.cfg", *here, ("\n#!define WITH_TLS", ""))
    else:
        change("site.cfg", *here, ("!5061!", f"!{site.tls}!"), ("MEDIA!p!", "MEDIA!s!"))
        authorities = ("/etc/ssl/certs/ca-certificates.crt", str(site.folder / "carrier-chain.pem"))
        change("tls.cfg", ("/etc/kamailio", str(site.folder)), authorities)
    if site.carrier_host == site.workers[0].sip[0]:  # on one address ports tell a worker from a carrier
        by_port = ('ds_is_from_list(SET_WORKERS, "3")', 'ds_is_from_list(SET_WORKERS, "2")')
        change("kamailio.cfg", by_port, ("alias=SITE_ADDRESS\n", ""))
    change("rtpengine.conf", ("interface = 192.0.2.10", f"interface = {host}"), ("2223", control))
    workers = [f"1 sip:{bracketed(worker.sip[0])}:{worker.sip[1]} 0 0" for worker in site.workers]
    out = f"2 sip:{far}:{site.carrier}{';transport=tls' if site.tls else ''} 0 10"
    (folder / "dispatcher.list").write_text("\n".join([*workers, out, ""]))
    (folder / "address.list").write_text(f"1 {site.carrier_host} {bits}\n2 {PEOPLE} 32\n")
    assert KAMAILIO and RTPENGINE
    own = ["-P", str(folder / "kamailio.pid"), "-Y", str(folder)]
    return (
        [RTPENGINE, "--config-file", str(folder / "rtpengine.conf"), "--foreground", "--log-stderr"],
        [KAMAILIO, "-DD", "-E", "-f", str(folder / "kamailio.cfg"), *own],
    )


@pytest.fixture(scope="module")
def site(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with (
        only_site(),
        serving(template, folder) as served,
        voice_beside(served, folder) as first,
        voice_beside(served, folder) as second,
    ):
        made = Site(first, second, (EDGE, free_port()), free_port(), folder)
        asyncio.run(only_trunk(made))
        rtpengine, kamailio = programs(made)
        with running(rtpengine, folder / "rtpengine.log"), running(kamailio, folder / "kamailio.log"):
            yield made


async def only_trunk(site: Site) -> None:
    """Kamailio is the only address that workers take calls from, and the way out."""
    served, (host, port) = site.first.served, site.edge
    async with DeskClient(served.address, "admin", served.password, topics=()) as admin:
        for item in (await admin.call("GET", "/config/trunk")).json()["items"]:
            version = {"If-Match": str(item["version"])}
            await admin.call("DELETE", f"/config/trunk/{item['id']}", headers=version)
        name = {"ru": "Наш Kamailio", "en": "Our Kamailio"}
        network = f"{host}/{128 if ':' in host else 32}"
        body = {"name": name, "networks": [network], "route": f"sip:{bracketed(host)}:{port}"}
        await admin.call("PUT", "/config/trunk/edge", body, headers={"If-None-Match": "*"})


@pytest.fixture
async def carrier(site: Site) -> AsyncIterator[Phones]:
    async with Phones(CARRIER, site.carrier) as opened:
        yield opened


@asynccontextmanager
async def talk(site: Site, dial: Callable[[], Awaitable[Heard]], login: str) -> AsyncIterator[tuple[AgentTab, Heard]]:
    """A call that an agent has accepted: both hear each other."""
    async with desk_of(site.first, login) as desk, asyncio.TaskGroup() as group:
        subscriber = await dial()
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        tab = AgentTab(desk, contact, "first", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await desk.accept(contact)
        await until(lambda: subscriber.hears(AGENT) and tab.ear.hears(CALLER), "the talk")
        yield tab, subscriber
        await desk.end(contact)
        await until(lambda: desk.work[contact]["state"] == "wrap_up", "wrap-up")
        await desk.dispose(contact, ["BAL.01"], "resolved")
        talking.cancel()


async def hold_with_music(tab: AgentTab, subscriber: Heard) -> None:
    """The agent holds the talk, the subscriber hears music instead, and the talk goes on."""
    await tab.act("hold")
    await until(lambda: tab.state["held"] and not subscriber.hears(AGENT), "hold with music")
    await tab.act("resume")
    await until(lambda: subscriber.hears(AGENT), "the talk goes on")


@pytest.mark.parametrize("secure", [False, True], ids=["RTP", "SRTP"])
async def test_calls_of_a_carrier(site: Site, carrier: Phones, secure: bool) -> None:
    async def dial() -> Ear:
        nonlocal call
        call, ear = await calls(carrier, site.front, "+79748001501", secure=secure)
        return ear

    call: PhoneCall | None = None
    async with talk(site, dial, "agent1") as (tab, subscriber):
        assert call is not None
        await hold_with_music(tab, subscriber)
    call.hang_up()
    await until(call.over.is_set, "the end")


async def test_a_number_is_called_out_over_the_carrier(site: Site, carrier: Phones) -> None:
    async def dial() -> Ear:
        return (await calls(carrier, site.front, "+79748001502"))[1]

    async with talk(site, dial, "agent1") as (tab, _):
        at = f"/contacts/{tab.contact}/call/consult"
        await tab.desk.call("POST", at, {"to": {"number": "+79748009998"}})
        ringing = await asyncio.wait_for(carrier.rings.get(), 20)
        assert ringing.number == "+79748009998"
        called, ear = await ringing.answer(), Ear()
        called.listen(ear.frame)
        called.say(tone(GUEST, 1.0), loop=True)
        await until(lambda: tab.ear.hears(GUEST) and ear.hears(AGENT), "the number and the agent")
        called.hang_up()
        await until(lambda: not tab.state["guests"], "the number has gone")


async def test_a_browser_with_opus_reaches_a_worker_that_speaks_g711(site: Site) -> None:
    assert CHROMIUM is not None
    flags = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
    async with Phones(PEOPLE) as people, async_playwright() as playwright, asyncio.TaskGroup() as group:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = await browser.new_page()
        ear = BrowserEar()
        listening = group.create_task(ear.listen(page))

        async def dial() -> BrowserEar:
            offer = await page.evaluate(OFFER, CALLER)
            assert "opus/48000" in offer and "PCMA" not in offer
            uri = Uri.parse(f"sip:611@{site.edge[0]}:{site.edge[1]}")
            caller = NameAddr.parse(f"<sip:+79748001503@{PEOPLE}>")
            session = people.endpoint.call(uri, from_=caller, sdp=offer.encode(), route=Flow("UDP", *site.edge))
            answered: asyncio.Queue[bytes | None] = asyncio.Queue()
            session.on_answered = answered.put_nowait
            answer = await asyncio.wait_for(answered.get(), 20)
            assert answer and b"opus/48000" in answer
            await page.evaluate(ANSWER, answer.decode())
            for digit in "10":  # INFO, RFC 6086: keys pressed in the page
                session.send_digit(digit)
            return ear

        async with talk(site, dial, "agent1"):
            pass
        listening.cancel()
        await browser.close()


OFFER = """async (hertz) => {
  const audio = new AudioContext();
  const source = new OscillatorNode(audio, { frequency: hertz });
  const voice = audio.createMediaStreamDestination();
  source.connect(voice);
  source.start();
  const pc = new RTCPeerConnection();
  const { sender } = pc.addTransceiver(voice.stream.getAudioTracks()[0]);
  const opus = RTCRtpSender.getCapabilities("audio").codecs.filter((codec) => codec.mimeType === "audio/opus");
  pc.getTransceivers()[0].setCodecPreferences(opus);
  pc.ontrack = ({ track }) => {
    const heard = new MediaStream([track]);
    window.player = new Audio();
    player.srcObject = heard; // Chromium gives no sound to the analyser of a stream that nothing plays
    player.play();
    window.analyser = new AnalyserNode(audio, { fftSize: 4096 });
    audio.createMediaStreamSource(heard).connect(analyser);
  };
  await pc.setLocalDescription();
  while (pc.iceGatheringState !== "complete") await new Promise((next) => setTimeout(next, 50));
  window.pc = pc;
  return pc.localDescription.sdp;
}"""
ANSWER = """(sdp) => pc.setRemoteDescription({ type: "answer", sdp })"""
LOUDEST = """() => {
  if (!window.analyser) return 0;
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const loudest = bins.indexOf(Math.max(...bins));
  return bins[loudest] < -60 ? 0 : (loudest * analyser.context.sampleRate) / analyser.fftSize;
}"""


class BrowserEar:
    """The loudest frequency that a page hears."""

    def __init__(self) -> None:
        self._loudest = 0.0

    async def listen(self, page: Page) -> None:
        """Ask the page again and again; until cancelled."""
        while True:
            self._loudest = await page.evaluate(LOUDEST)
            await asyncio.sleep(0.1)

    def hears(self, hertz: float) -> bool:
        """Tell whether a tone is the loudest now."""
        return abs(self._loudest - hertz) < 30


async def test_calls_are_spread_and_a_lost_worker_is_passed_over(site: Site, carrier: Phones) -> None:
    async def ring(number: int) -> PhoneCall:
        call, _ = await calls(carrier, site.front, f"+797480016{number:02}")
        return call

    async def at(*numbers: int) -> list[str]:
        """The nodes that have these calls."""
        made = await asyncio.gather(*(ring(number) for number in numbers))
        nodes = site.nodes([f"+797480016{number:02}" for number in numbers])
        for call in made:
            call.hang_up()
            await until(call.over.is_set, "the end")
        return nodes

    assert sorted(Counter(await at(1, 2, 3, 4)).values()) == [2, 2]
    site.first.voice.send_signal(signal.SIGKILL)
    site.first.voice.wait()
    left = await at(5, 6, 7, 8)
    assert len(set(left)) == 1
    site.first.start_voice()
    back: set[str] = set()
    for number in range(9, 30, 2):  # asked every 2 s whether it is there again
        back |= set(await at(number, number + 1))
        if len(back) == 2:
            break
        await asyncio.sleep(0.5)
    assert len(back) == 2 and set(left) < back


async def test_strangers_reach_no_worker_and_are_silenced(site: Site) -> None:
    before = sorted(site.nodes(None))
    invite = [
        f"INVITE sip:611@{site.edge[0]} SIP/2.0",
        f"Via: SIP/2.0/UDP {STRANGER}:{{port}};branch=z9hG4bK{{n}}",
        f"From: <sip:100@{STRANGER}>;tag=1",
        f"To: <sip:611@{site.edge[0]}>",
        "Call-ID: {n}",
        "CSeq: 1 INVITE",
        f"Contact: <sip:100@{STRANGER}:{{port}}>",
        "Max-Forwards: 70",
        "User-Agent: friendly-scanner",
        "Content-Length: 0",
        "",
        "",
    ]
    heard = 0
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.bind((STRANGER, 0))
        stranger.settimeout(1)
        port = stranger.getsockname()[1]
        for n in range(100):
            stranger.sendto("\r\n".join(invite).format(n=n, port=port).encode(), site.edge)
        with suppress(TimeoutError):
            while answer := stranger.recv(4096):
                assert answer.startswith(b"SIP/2.0 403 "), answer
                heard += 1
    assert 0 < heard < 50
    assert sorted(site.nodes(None)) == before
