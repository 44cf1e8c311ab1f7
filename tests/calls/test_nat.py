"""Phones, trunks and browsers behind a NAT that changes ports, and the centre itself behind one. Nothing is simulated:
namespaces of this machine, its own NAT, baresip and Chromium.
"""

import asyncio
import shlex
import wave
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import numpy as np
import psycopg
import pytest
from tests.certificates import self_signed
from tests.serving import Serving, serving

from teplo.simulator.desk import DeskClient

from .baresip import Baresip, program
from .conftest import Centre
from .nat import GATE, HOME, INNER, OFFICE, OFFICE_PUBLIC, OPEN, STREET, WITHIN, Relay, Site
from .people import PATIENCE, nightly, until
from .test_call import AGENT, CALLER, desk_of
from .test_callback import change

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

OFFICE_PORT = 5070
OTHER = "+79748006803"
MICROPHONE = 600.0
WIDGET = Path(__file__).parents[2] / "web" / "widget" / "dist" / "widget.js"
LISTEN = """window.peers = []; window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) { super(...given); window.peers.push(this); } };"""
HEARS = """async (hertz) => {
  const context = new AudioContext(), sound = context.createAnalyser();
  const of = window.peers.at(-1).getReceivers()[0].track;
  context.createMediaStreamSource(new MediaStream([of])).connect(sound);
  await new Promise((done) => setTimeout(done, 300));
  const powers = new Float32Array(sound.frequencyBinCount);
  sound.getFloatFrequencyData(powers);
  const loudest = powers.indexOf(Math.max(...powers)) * context.sampleRate / sound.fftSize;
  await context.close();
  return Math.abs(loudest - hertz) < 60;
}"""


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with Site() as made:
        made.forward(OFFICE_PORT)
        yield made


@pytest.fixture(scope="module")
def served(site: Site, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serving(template, tmp_path_factory.mktemp("nat")) as made:
        asyncio.run(configure(made))
        yield made


async def configure(served: Serving) -> None:
    """Trunks: callers from outside; an office whose telephones are behind the NAT, and may be called. No menus."""
    trunks = {
        "outside": {"networks": [f"{STREET}/32"]},
        "office": {"networks": [f"{OFFICE_PUBLIC}/32"], "route": f"sip:{OFFICE_PUBLIC}:{OFFICE_PORT}"},
    }
    async with DeskClient(served.address, "admin", served.password, topics=()) as admin:
        for id, body in trunks.items():
            named = {"name": {"ru": id, "en": id}, **body}
            await admin.call("PUT", f"/config/trunk/{id}", named, headers={"If-None-Match": "*"})
        await change(admin, "entry/site", line="at-once-612")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of the worker, with its key, by nobody but itself."""
    return self_signed(tmp_path_factory.mktemp("certificate") / "both.pem", OPEN, OPEN)


@pytest.fixture(scope="module")
def centre(
    site: Site, served: Serving, certificate: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Centre]:
    """A worker at an open address."""
    secured = {"sip_tls_port": "5061", "sip_tls_certificate": str(certificate), "browser_media_hosts": f'["{OPEN}"]'}
    with worker(site, served, tmp_path_factory.mktemp("open"), "open", OPEN, **secured) as made:
        yield made


@contextmanager
def worker(site: Site, served: Serving, folder: Path, place: str, host: str, **settings: str) -> Iterator[Centre]:
    url = urlsplit(served.database_url)
    with Relay(site, place, "127.0.0.1", (str(url.hostname), url.port or 5432)) as relay:
        user, _, _ = url.netloc.rpartition("@")
        near = url._replace(netloc=f"{user}@127.0.0.1:{relay.port}").geturl()
        more = {"sip_digests": '["md5"]', **settings}
        made = Centre(served, (host, 5060), folder, tuple(site.command(place)), more)
        try:
            made.start_voice(near)
            yield made
        finally:
            made.voice.terminate()
            made.voice.wait(20)


@asynccontextmanager
async def at_home(
    site: Site,
    desk: DeskClient,
    served: Serving,
    folder: Path,
    server: str,
    *,
    transport: str = "udp",
    more: str = "",
    place: tuple[str, str] = ("home", HOME),
    trace: bool = False,
) -> AsyncIterator[Baresip]:
    """baresip as an agent's phone that has registered, from behind the NAT; it keeps nothing open."""
    path = f"/phones/{desk.session['person']['id']}"
    async with DeskClient(served.address, "admin", served.password, topics=()) as admin:
        made = (await admin.call("POST", f"{path}/secret", {"login": "7302"})).json()
        account = f"<sip:7302@{server};transport={transport}>;auth_pass={made['secret']};regint=3600"
        try:
            async with Baresip(folder, account, AGENT, at=(site, *place), more=more, trace=trace) as phone:
                await until(lambda: b"200 OK" in phone.said, "baresip is registered")
                await desk.call("PUT", "/me/phone", {"by": "phone"})
                yield phone
        finally:
            await desk.call("PUT", "/me/phone", {"by": "browser"})
            await admin.call("DELETE", path)


def telephone(site: Site, folder: Path, place: str, host: str, number: str, *, port: int | None = None) -> Baresip:
    return Baresip(folder, f"<sip:{number}@{host}>;regint=0", CALLER, at=(site, place, host), port=port, trace=True)


def bursts(path: Path) -> Path:
    """A tone with pauses: noise suppression takes one without for noise."""
    at = np.arange(96_000) / 48_000
    samples = 12_000 * np.sin(2 * np.pi * MICROPHONE * at) * (at * 2 % 1 < 0.5)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        file.writeframes(samples.astype("<i2").tobytes())
    return path


async def lifts(phone: Baresip) -> None:
    rung = phone.said.count(b"call: answering call")
    await until(lambda: phone.said.count(b"Incoming call from") > rung, "baresip rings")
    await phone.tell("accept")


async def both_hear(caller: Baresip, phone: Baresip, what: str) -> None:
    """Wait until each hears the other from now on; baresip writes what it hears in pieces of a quarter of a second."""
    marks = len(caller.heard()) + 4000, len(phone.heard()) + 4000
    await until(lambda: caller.heard_long(AGENT, 0.5, marks[0]) and phone.heard_long(CALLER, 0.5, marks[1]), what)


async def held_and_back(phone: Baresip) -> None:
    """Hold at the phone, and the talk again."""
    await phone.tell("hold")
    await until(lambda: not phone.receives(), "hold at the phone")
    await phone.tell("resume")
    await until(phone.receives, "the phone gets sound again")


async def free(phone: Baresip) -> None:
    await until(lambda: b"terminated (duration" in phone.said, "baresip is free")


async def ends(desk: DeskClient, contact: str) -> None:
    await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "wrap-up")
    await desk.dispose(contact, ["BAL.01"], "resolved")


@pytest.mark.parametrize("transport", ["udp", pytest.param("tcp", marks=nightly), pytest.param("tls", marks=nightly)])
async def test_a_phone_and_a_trunk_behind_nat_hear_each_other_even_when_the_nat_begins_anew(
    site: Site, centre: Centre, certificate: Path, tmp_path: Path, transport: str
) -> None:
    """Each names a private address in its Contact and its description."""
    port = 5061 if transport == "tls" else 5060
    async with (
        desk_of(centre, "agent1") as desk,
        at_home(
            site, desk, centre.served, tmp_path / "phone", f"{OPEN}:{port}", transport=transport,
            more=f"sip_cafile {certificate}\n",
        ) as phone,
        telephone(site, tmp_path / "caller", "office", OFFICE, OTHER) as caller,
    ):  # fmt: skip
        await caller.tell("dial", f"sip:612@{OPEN}:5060")
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        await lifts(phone)
        await both_hear(caller, phone, "both hear each other")
        if (
            transport == "udp"
        ):  # a stream is lost with its NAT, and baresip opens no other one before it registers again
            site.restart()
            await both_hear(caller, phone, "both hear each other through other ports")
        await phone.tell("hold")
        await until(lambda: not phone.receives(), "hold at the phone")
        await phone.tell("resume")
        mark = len(caller.heard())
        await until(phone.receives, "the phone gets sound again")
        await until(lambda: caller.heard_long(AGENT, 0.5, mark), "the caller hears the phone again")
        await caller.tell("hangup")
        await free(phone)
        await ends(desk, contact)


@nightly
async def test_a_phone_that_keeps_nothing_open_is_rung_minutes_after_it_has_registered(
    site: Site, centre: Centre, tmp_path: Path
) -> None:
    """The NAT forgets after 30 s, as Linux does."""
    site.forget(30)
    try:
        async with (
            desk_of(centre, "agent1") as desk,
            at_home(site, desk, centre.served, tmp_path / "phone", f"{OPEN}:5060") as phone,
            telephone(site, tmp_path / "caller", "street", STREET, "+79748006804") as caller,
        ):
            await until(lambda: phone.said.count(b"incoming OPTIONS") >= 4, "the phone is asked again and again", 150)
            await caller.tell("dial", f"sip:612@{OPEN}:5060")
            contact = (await desk.wait_work("offered", timeout=40))["id"]
            await lifts(phone)
            await both_hear(caller, phone, "both hear each other")
            await phone.tell("transfer", f"sip:voice-general@{OPEN}:5060")  # it is told by NOTIFY that this is done
            await free(phone)
            await until(lambda: contact not in desk.work or desk.work[contact]["state"] != "talking", "handed over")
            await caller.tell("hangup")
            assert b"transfer fail" not in phone.said
    finally:
        site.forget(120)


@nightly
async def test_a_call_whose_far_end_is_cut_off_is_over_for_a_reason(site: Site, centre: Centre, tmp_path: Path) -> None:
    async with (
        desk_of(centre, "agent1") as desk,
        at_home(site, desk, centre.served, tmp_path / "phone", f"{OPEN}:5060") as phone,
        telephone(site, tmp_path / "office", "office", OFFICE, OTHER) as office,
    ):
        await office.tell("dial", f"sip:612@{OPEN}:5060")
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        await lifts(phone)
        await both_hear(office, phone, "both hear each other")
        site.cut(OFFICE, on=True)
        try:
            await until(lambda: b"terminated (duration" in phone.said, "the agent's phone is free", 45)
            await ends(desk, contact)
        finally:
            site.cut(OFFICE, on=False)
        with psycopg.connect(centre.served.database_url, autocommit=True) as conn:
            reason = "select end_reason from call where contact = %s"
            await until(lambda: conn.execute(reason, (contact,)).fetchone() == ("no_media",), "the reason")


async def test_a_trunk_whose_far_end_is_behind_nat_is_called(site: Site, centre: Centre, tmp_path: Path) -> None:
    async with (
        desk_of(centre, "agent1") as desk,
        at_home(site, desk, centre.served, tmp_path / "phone", f"{OPEN}:5060") as phone,
        telephone(site, tmp_path / "office", "office", OFFICE, OTHER, port=OFFICE_PORT) as office,
    ):
        out = str(uuid4())
        await desk.call("POST", "/calls/out", {"id": out, "to": {"number": OTHER}, "anyway": True})
        await lifts(phone)
        await lifts(office)
        await both_hear(office, phone, "both hear each other")
        await phone.tell("hangup")
        await free(office)
        await ends(desk, out)


async def test_a_phone_at_a_fixed_address_behind_nat_is_called_itself(
    site: Site, centre: Centre, tmp_path: Path
) -> None:
    """Its NAT forwards a port to it; it names a private address in its Contact and its description."""
    async with (
        desk_of(centre, "agent1") as desk,
        DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as admin,
        telephone(site, tmp_path / "caller", "street", STREET, "+79748006806") as caller,
        Baresip(
            tmp_path / "phone", f"<sip:7303@{OFFICE}>;regint=0", AGENT, at=(site, "office", OFFICE), port=OFFICE_PORT,
            trace=True,
        ) as phone,
    ):  # fmt: skip
        path = f"/phones/{desk.session['person']['id']}"
        await admin.call("PUT", f"{path}/address", {"uri": f"sip:7303@{OFFICE_PUBLIC}:{OFFICE_PORT}"})
        await desk.call("PUT", "/me/phone", {"by": "phone"})
        try:
            for ended_by in ("agent", "subscriber"):
                over = phone.said.count(b"terminated (duration")
                await caller.tell("dial", f"sip:612@{OPEN}:5060")
                contact = (await desk.wait_work("offered", timeout=40))["id"]
                await lifts(phone)
                await both_hear(caller, phone, "both hear each other")
                await held_and_back(phone)
                mark = len(caller.heard())
                await until(lambda mark=mark: caller.heard_long(AGENT, 0.5, mark), "the caller hears the phone again")
                await (phone if ended_by == "agent" else caller).tell("hangup")
                await until(lambda over=over: phone.said.count(b"terminated (duration") > over, "the phone is free")
                await ends(desk, contact)
                assert (await desk.record(contact))["ended_by"] == ended_by
            assert b"Contact: <sip:7303-" in phone.said and f"c=IN IP4 {OFFICE}".encode() in phone.said
        finally:
            await desk.call("PUT", "/me/phone", {"by": "browser"})
            await admin.call("DELETE", path)


async def test_a_browser_behind_nat_calls_and_both_sides_hear(site: Site, centre: Centre, tmp_path: Path) -> None:
    """It is known by its checks alone (ICE-lite, peer-reflexive candidates)."""
    chromium = program("chromium", "chromium")
    async_api = pytest.importorskip("playwright.async_api")
    if not WIDGET.is_file():
        pytest.skip(f"{WIDGET.name} is not built: run ./teplo test, which builds it")
    wrapper = tmp_path / "chromium"
    wrapper.write_text(f'#!/bin/sh\nexec {shlex.join(site.command("home", chromium))} "$@"\n')
    wrapper.chmod(0o755)
    address = urlsplit(centre.served.address)
    with Relay(site, "open", OPEN, (str(address.hostname), address.port or 80)) as pages:
        site_of_it = f"http://{OPEN}:{pages.port}"
        flags = [
            *"--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync".split(),
            *"--disable-background-networking --disable-component-update".split(),
            *"--use-fake-device-for-media-stream --use-fake-ui-for-media-stream".split(),
            f"--use-file-for-fake-audio-capture={bursts(tmp_path / 'microphone.wav')}",
            f"--unsafely-treat-insecure-origin-as-secure={site_of_it}",
        ]
        async with (
            desk_of(centre, "agent1") as desk,
            at_home(site, desk, centre.served, tmp_path / "phone", f"{OPEN}:5060") as phone,
            async_api.async_playwright() as playwright,
        ):
            browser = await playwright.chromium.launch(executable_path=wrapper, args=flags)
            page = await (await browser.new_context(locale="ru-RU", permissions=["microphone"])).new_page()
            await page.add_init_script(LISTEN)
            await page.goto(f"{site_of_it}/widget/demo")
            await page.get_by_role("button", name="Позвонить из браузера").click()
            call = page.get_by_role("dialog", name="Звонок из браузера")
            await call.get_by_label("Ваш номер").fill("8 974 800-77-88")
            await call.get_by_role("button", name="Позвонить", exact=True).click()
            contact = (await desk.wait_work("offered", timeout=40))["id"]
            await lifts(phone)
            await until(lambda: phone.heard_long(MICROPHONE, 0.1), "the agent hears the browser")
            async with asyncio.timeout(PATIENCE):
                while not await page.evaluate(HEARS, AGENT):
                    await asyncio.sleep(0.1)
            await phone.tell("hangup")
            await ends(desk, contact)
            await browser.close()


async def test_a_centre_behind_nat_tells_the_address_at_which_it_is_seen(
    site: Site, served: Serving, tmp_path: Path
) -> None:
    with worker(site, served, tmp_path, "inner", INNER, sip_advertise=GATE) as centre:
        async with (
            desk_of(centre, "agent1") as desk,
            at_home(site, desk, served, tmp_path / "phone", f"{GATE}:5060") as phone,
            telephone(site, tmp_path / "caller", "street", STREET, "+79748006802") as caller,
        ):
            await caller.tell("dial", f"sip:612@{GATE}:5060")
            contact = (await desk.wait_work("offered", timeout=40))["id"]
            await lifts(phone)
            await both_hear(caller, phone, "both hear each other")
            await caller.tell("hangup")
            await free(phone)
            await ends(desk, contact)
            assert f"Contact: <sip:teplo@{GATE}:5060>".encode() in caller.said
            assert f"c=IN IP4 {GATE}".encode() in caller.said
            assert INNER.encode() not in caller.said + phone.said


@pytest.mark.parametrize("transport", ["udp", pytest.param("tcp", marks=nightly), pytest.param("tls", marks=nightly)])
async def test_a_phone_in_the_network_of_a_centre_behind_nat_is_told_the_address_there(
    site: Site, served: Serving, tmp_path: Path, transport: str
) -> None:
    certificate = self_signed(tmp_path / "both.pem", INNER, INNER)
    secured = {"sip_tls_port": "5061", "sip_tls_certificate": str(certificate)}
    with worker(site, served, tmp_path, "inner", INNER, sip_advertise=GATE, **secured) as centre:
        port, within = 5061 if transport == "tls" else 5060, ("gate", WITHIN)
        async with (
            desk_of(centre, "agent1") as desk,
            at_home(
                site, desk, served, tmp_path / "phone", f"{INNER}:{port}", transport=transport, place=within,
                more=f"sip_cafile {certificate}\n", trace=True,
            ) as phone,
            telephone(site, tmp_path / "caller", "street", STREET, "+79748006805") as caller,
        ):  # fmt: skip
            await caller.tell("dial", f"sip:612@{GATE}:5060")
            contact = (await desk.wait_work("offered", timeout=40))["id"]
            await lifts(phone)
            await both_hear(caller, phone, "both hear each other")
            await held_and_back(phone)
            await phone.tell("hangup")
            await ends(desk, contact)
            assert f"Via: SIP/2.0/{transport.upper()} {INNER}:{port}".encode() in phone.said
            assert f"Contact: <sip:teplo@{INNER}:{port}".encode() in phone.said
            assert f"c=IN IP4 {INNER}".encode() in phone.said and GATE.encode() not in phone.said
            assert f"c=IN IP4 {GATE}".encode() in caller.said and INNER.encode() not in caller.said
