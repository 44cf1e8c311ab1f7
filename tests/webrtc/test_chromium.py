"""The leg and the page's module against a real Chromium: tones both ways, keys, reload, a forged fingerprint."""

import asyncio
import json
import math
import shutil
import subprocess
import threading
import time
import wave
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.async_api import Browser, Page, Route, async_playwright

from teplo.channels.voice.media import libopus, opus
from teplo.channels.voice.media.g711 import ALAW, ULAW
from teplo.channels.voice.media.leg import Leg, Sound
from teplo.channels.voice.media.mixer import Mixer
from teplo.channels.voice.webrtc.certificate import Certificate
from teplo.channels.voice.webrtc.dtls import DtlsContext
from teplo.channels.voice.webrtc.leg import BrowserLeg
from teplo.channels.voice.webrtc.port import BrowserPort

from .peer import attribute, until

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
NODE = next((str(path) for path in (ROOT / ".venv/node/node",) if path.exists()), shutil.which("node"))
STRIP = (
    "process.stdout.write(JSON.stringify(process.argv.slice(1).map((name) => require('node:module')"
    ".stripTypeScriptTypes(require('node:fs').readFileSync(name, 'utf8')))))"
)
UP, DOWN = 600.0, 1200.0

pytestmark = pytest.mark.browser


class Ear(Leg):
    """A party that only listens."""

    def __init__(self) -> None:
        super().__init__("ear")
        self.frames: list[np.ndarray[Any, Any]] = []

    def push(self, frame: np.ndarray[Any, Any]) -> None:
        self.frames.append(frame.copy())


def over_noise(frames: list[np.ndarray[Any, Any]], hz: float) -> float:
    """Decibels of a tone over everything else, in the loudest of the last two seconds (the tone comes in bursts)."""
    best = -99.0
    for start in range(max(0, len(frames) - 100), len(frames) - 9, 5):
        samples = np.concatenate(frames[start : start + 10]).astype(float)
        spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
        at = round(hz * len(samples) / 8000)
        tone, rest = spectrum[at - 3 : at + 4].sum(), spectrum.sum()
        if math.sqrt((samples**2).mean()) > 100:
            best = max(best, 10 * math.log10(tone / max(rest - tone, 1e-9)))
    return best


def tone(hz: float, rate: int, *, bursts: bool) -> np.ndarray[Any, Any]:
    at = np.arange(2 * rate) / rate
    # Bursts: noise suppression takes a tone that never pauses for noise.
    return (12_000 * np.sin(2 * np.pi * hz * at) * ((at * 2 % 1 < 0.5) | (not bursts))).astype("<i2")


DIAL = Sound(tone(DOWN, 8000, bursts=False))


class Office:
    """One Chromium, one worker's port and mixer, all on one loop in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self.microphone = folder / "microphone.wav"
        with wave.open(str(self.microphone), "wb") as file:
            file.setparams((1, 2, 48_000, 0, "NONE", ""))
            file.writeframes(tone(UP, 48_000, bursts=True).tobytes())
        names = [str(ROOT / "web/kit" / name) for name in ("call.ts", "microphone.ts")]
        stripped = subprocess.run([str(NODE), "-e", STRIP, *names], capture_output=True, check=True, timeout=60)
        call, microphone = json.loads(stripped.stdout)
        self.files = {"call.js": call.replace('"./microphone"', '"./microphone.js"'), "microphone.js": microphone}
        self.ready: Future[None] = Future()
        self.over = asyncio.Event()
        self.thread = threading.Thread(target=self.loop.run_until_complete, args=(self.live(),), daemon=True)

    async def live(self) -> None:
        try:
            self.port = BrowserPort(DtlsContext(Certificate.generate(time.time())))
            await self.port.open("127.0.0.1")
            self.mixer = Mixer()
            async with asyncio.TaskGroup() as group, async_playwright() as playwright:
                mixing = group.create_task(self.mixer.run())
                flags = [
                    *"--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-sync".split(),
                    *"--disable-background-networking --disable-component-update".split(),
                    *"--use-fake-device-for-media-stream --use-fake-ui-for-media-stream".split(),
                    f"--use-file-for-fake-audio-capture={self.microphone}",
                    "--autoplay-policy=no-user-gesture-required",
                ]
                self.browser: Browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
                self.ready.set_result(None)
                await self.over.wait()
                await self.browser.close()
                mixing.cancel()
            self.port.close()
        except BaseException as error:
            if not self.ready.done():
                self.ready.set_exception(error)
            raise

    def run(self, story: Callable[["Office"], Coroutine[Any, Any, None]]) -> None:
        asyncio.run_coroutine_threadsafe(story(self), self.loop).result(90)

    async def page(self) -> Page:
        async def route(route: Route) -> None:
            name = route.request.url.rsplit("/", 1)[1]
            if name in self.files:
                await route.fulfill(body=self.files[name], content_type="text/javascript")
            elif name == "page.html":
                await route.fulfill(path=HERE / "page.html", content_type="text/html")
            else:
                await route.fulfill(status=404)

        context = await self.browser.new_context(permissions=["microphone"])
        await context.route("**/*", route)
        page = await context.new_page()
        await page.goto("http://localhost/page.html")
        await page.wait_for_function("window.ready")
        return page

    async def call(self, page: Page, **options: Any) -> BrowserLeg:
        """A leg that is connected to a page, and in the mixer."""
        leg = BrowserLeg("agent", self.port, **options)
        self.mixer.add(leg)
        leg.accept_answer(await page.evaluate("offer => open_call(offer)", leg.offer()))
        await until(lambda: leg.state == "connected", "connection")
        return leg


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install the package chromium")
    if NODE is None:
        pytest.skip("no node on this machine: run ./teplo setup")
    opened = Office(tmp_path_factory.mktemp("chromium"))
    opened.thread.start()
    opened.ready.result(60)
    yield opened
    opened.loop.call_soon_threadsafe(opened.over.set)
    opened.thread.join(30)


async def heard_in(page: Page, hz: float, seconds: float = 20.0) -> bool:
    """Wait until the strongest tone that the page hears is this one."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        heard = await page.evaluate("heard()")
        if heard and heard["db"] is not None and heard["db"] > -60 and abs(heard["hz"] - hz) < 20:
            return True
        await asyncio.sleep(0.1)
    return False


def test_tones_keys_and_figures_both_ways(office: Office) -> None:
    async def story(office: Office) -> None:
        page = await office.page()
        digits: list[str] = []
        ear = Ear()
        office.mixer.add(ear)
        leg = BrowserLeg("agent", office.port)
        leg.on_digit = digits.append
        leg.play(DIAL, loop=True)
        office.mixer.add(leg)
        ear.hear = {leg}
        answer = await page.evaluate("offer => open_call(offer)", leg.offer())
        begun = time.monotonic()
        leg.accept_answer(answer)
        await until(lambda: leg.state == "connected", "connection")
        print(f"connected {1000 * (time.monotonic() - begun):.1f} ms after the answer")
        assert leg.law is ALAW
        await until(lambda: over_noise(ear.frames, UP) >= 15, "the page's tone")
        assert await heard_in(page, DOWN), "the worker's tone"
        assert await page.evaluate("call.press('19#')") is True
        await until(lambda: len(digits) == 3, "keys")
        assert digits == ["1", "9", "#"]
        await page.wait_for_function("call.levels().there > 0.3 && call.levels().there <= 1")
        await page.wait_for_function("call.levels().here > 0.3 && call.levels().here <= 1")
        await page.evaluate("call.muted = true")
        ear.frames.clear()
        await until(lambda: len(ear.frames) > 80 and over_noise(ear.frames[-40:], UP) < 0, "silence")
        await page.evaluate("call.muted = false")
        ear.frames.clear()
        await until(lambda: over_noise(ear.frames, UP) >= 15, "the page's tone again")
        await until(lambda: leg.stats().far_jitter_ms is not None, "the page's report")
        stats, theirs = leg.stats(), await page.evaluate("call.stats()")
        assert stats.packets > 100 and stats.jitter_ms < 200 and stats.mos > 1
        assert 0 <= theirs["loss"] <= 1 and theirs["rtt"] is not None and theirs["rtt"] < 2000
        lost: list[str] = []
        leg.on_failed = lost.append
        await page.evaluate("call.close()")
        await until(lambda: lost, "the page's goodbye")
        assert lost == ["goodbye"] and leg.closed
        assert await page.evaluate("states") == ["connecting", "connected", "closed"]
        ear.close()
        await page.context.close()

    office.run(story)


def test_mu_law_alone_will_do(office: Office) -> None:
    async def story(office: Office) -> None:
        page = await office.page()
        leg = await office.call(page, codecs=("PCMU/8000",))
        ear = Ear()
        ear.hear = {leg}
        office.mixer.add(ear)
        leg.play(DIAL, loop=True)
        assert leg.law is ULAW
        await until(lambda: over_noise(ear.frames, UP) >= 15, "the page's tone")
        assert await heard_in(page, DOWN), "the worker's tone"
        leg.close()
        ear.close()
        await page.context.close()

    office.run(story)


@pytest.mark.skipif(libopus.LIBRARY is None, reason="libopus is not installed (./teplo setup --dev)")
def test_opus_both_ways_and_keys_at_its_clock(office: Office) -> None:
    async def story(office: Office) -> None:
        page = await office.page()
        ear, digits = Ear(), list[str]()
        leg = await office.call(page, codecs=opus.codecs("first").offered)
        leg.on_digit = digits.append
        ear.hear = {leg}
        office.mixer.add(ear)
        leg.play(DIAL, loop=True)
        assert leg.coding == opus.Opus(fec=True), "Chromium uses copies of lost frames"
        await until(lambda: over_noise(ear.frames, UP) >= 15, "the page's tone")
        assert await heard_in(page, DOWN), "the worker's tone"
        assert await page.evaluate("call.press('19#')") is True
        await until(lambda: len(digits) == 3, "keys")
        assert digits == ["1", "9", "#"]
        await until(lambda: leg.stats().far_jitter_ms is not None, "the page's report")
        assert leg.stats().jitter_ms < 200
        leg.close()
        ear.close()
        await page.context.close()

    office.run(story)


def test_another_microphone_is_used_and_a_lost_one_is_told(office: Office) -> None:
    async def story(office: Office) -> None:
        page = await office.page()
        leg = await office.call(page)
        ear = Ear()
        ear.hear = {leg}
        office.mixer.add(ear)
        devices = (await page.evaluate("devices()"))["microphones"]
        assert devices and all(device["label"] for device in devices)
        await page.evaluate("id => call.useMicrophone(id)", devices[-1]["id"])
        await until(lambda: over_noise(ear.frames, UP) >= 15, "the tone of the other microphone")
        assert await page.evaluate("fault('there is none')") == "missing"
        await page.evaluate("call.microphone.dispatchEvent(new Event('ended'))")
        assert await page.evaluate("lost") == [1]
        leg.close()
        ear.close()
        await page.context.close()

    office.run(story)


def test_a_forged_fingerprint_is_refused(office: Office) -> None:
    async def story(office: Office) -> None:
        page = await office.page()
        leg = BrowserLeg("agent", office.port)
        reasons: list[str] = []
        leg.on_failed = reasons.append
        answer = await page.evaluate("offer => open_call(offer)", leg.offer())
        true = attribute(answer, "fingerprint")
        leg.accept_answer(answer.replace(true, true[:-2] + ("00" if true[-2:] != "00" else "11")))
        await until(lambda: reasons, "refusal")
        assert reasons == ["fingerprint"] and leg.closed and leg.stats().packets == 0
        await page.context.close()

    office.run(story)


def test_a_page_that_is_loaded_anew_takes_the_call_back(office: Office) -> None:
    async def story(office: Office) -> None:
        page = await office.page()
        first = await office.call(page)
        caller = Ear()
        caller.hear, first.hear = {first}, {caller}
        office.mixer.add(caller)
        await until(lambda: over_noise(caller.frames, UP) >= 15, "the tone before")
        begun = time.monotonic()
        await page.reload()
        await page.wait_for_function("window.ready")
        second = await office.call(page)
        second.take_over(first, office.mixer.legs)
        caller.frames.clear()
        await until(lambda: over_noise(caller.frames, UP) >= 15, "the tone after")
        print(f"tone heard again {time.monotonic() - begun:.2f} s after the reload began")
        assert caller.hear == {second} and second.hear == {caller} and first.closed
        assert office.port.size[0] == 1
        second.close()
        caller.close()
        with suppress(Exception):
            await page.context.close()

    office.run(story)
