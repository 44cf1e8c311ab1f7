"""A desk open for a whole working day: does its memory grow? And how long until the first page is there?

One real Chromium desk handles contacts one after another as quickly as it can: by default as many as an agent has in
eight hours, with messages both ways, pictures, results, looks into the list and into records. Beside it a supervisor's
page follows the floor, where colleagues come and go. The heap is measured after forced garbage collection, each time
with an idle desk, when what is kept for a while only has had time to go.
"""

import argparse
import asyncio
import io
import json
import random
import shutil
import statistics
import sys
import time
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.house import PASSWORD, House, house
from PIL import Image

from teplo.simulator.desk import DeskClient
from teplo.simulator.subscriber import SubscriberClient

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
BUILT = Path(__file__).resolve().parent.parent / "web" / "desk" / "dist" / "index.html"
TARGETS = {"desk_heap_growth_mb": 2.0, "desk_first_load_ms": 1500.0, "desk_js_kib": 250.0}
POINTS = (0.1, 0.5, 1.0)
COLLEAGUES = 30
WORDS = "Здравствуйте, вижу ваш перевод: банк зачислит его до четверга, а если нет, мы напишем сами. "
_JS = """() => performance.getEntriesByType('resource').filter(one => one.name.endsWith('.js'))
  .reduce((sum, one) => sum + one.encodedBodySize, 0)"""


def main(argv: list[str]) -> dict[str, Any]:
    """Run the benchmark; print a table, with --json one JSON object as the last line."""
    parser = argparse.ArgumentParser(prog="bench desk_memory")
    parser.add_argument("--contacts", type=int, default=200, help="contacts of a day (200)")
    parser.add_argument("--messages", type=int, default=12, help="messages of a contact, both ways (12)")
    parser.add_argument("--settle", type=float, default=40.0, help="seconds of rest before each look (40)")
    parser.add_argument("--loads", type=int, default=5, help="first loads measured (5)")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    if CHROMIUM is None or not BUILT.exists():
        sys.exit("Needs Chromium and the built desk: run ./teplo test once.")
    result = asyncio.run(_run(args))
    _print(result, args)
    if args.json:
        print(json.dumps({key: value for key, value in result.items() if key != "looks"}))
    return result


async def _run(args: argparse.Namespace) -> dict[str, Any]:
    from playwright.async_api import async_playwright

    async with house(COLLEAGUES) as made, async_playwright() as driver:
        browser = await driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--js-flags=--expose-gc"]
        )
        loads = await _loads(browser, made, args.loads)
        desk = await _signed_in(browser, made, "browser")
        floor = await _signed_in(browser, made, "supervisor0")
        await floor.page.goto(f"{made.address}/floor")
        looks: list[dict[str, Any]] = []
        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            group.create_task(_bustle(made, over))
            agent = _Agent(desk.page, made, args.messages)
            marks = [max(1, round(args.contacts * point)) for point in POINTS]
            for number in range(1, args.contacts + 1):
                await agent.handle(number)
                if number in marks:
                    await asyncio.sleep(args.settle)
                    looks.append({"contacts": number, "desk": await desk.look(), "floor": await floor.look()})
                    _say(f"{number} contacts: {looks[-1]['desk']['heap_mb']:.1f} MB")
            over.set()
        await browser.close()
    first, middle, last = looks[0], looks[len(looks) // 2], looks[-1]
    hundreds = max(1, last["contacts"] - first["contacts"]) / 100
    growth = {who: last[who]["heap_mb"] - first[who]["heap_mb"] for who in ("desk", "floor")}
    return {
        **loads,
        "desk_heap_mb": round(last["desk"]["heap_mb"], 2),
        "desk_heap_growth_mb": round(growth["desk"], 2),
        "desk_heap_growth_mb_per_100_contacts": round(growth["desk"] / hundreds, 3),
        "desk_heap_growth_second_half_mb": round(last["desk"]["heap_mb"] - middle["desk"]["heap_mb"], 2),
        "desk_nodes_growth": last["desk"]["nodes"] - first["desk"]["nodes"],
        "desk_listeners_growth": last["desk"]["listeners"] - first["desk"]["listeners"],
        "floor_heap_growth_mb": round(growth["floor"], 2),
        "looks": looks,
    }


class _Page:
    """A page and its protocol session."""

    def __init__(self, page: Any, cdp: Any) -> None:
        self.page = page
        self._cdp = cdp

    async def look(self) -> dict[str, Any]:
        """Collect garbage and count what is left."""
        for _ in range(3):
            await self._cdp.send("HeapProfiler.collectGarbage")
        metrics = {m["name"]: m["value"] for m in (await self._cdp.send("Performance.getMetrics"))["metrics"]}
        return {
            "heap_mb": metrics["JSHeapUsedSize"] / 1e6,
            "nodes": int(metrics["Nodes"]),
            "listeners": int(metrics["JSEventListeners"]),
        }


async def _context(browser: Any, made: House, login: str) -> Any:
    context = await browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(60_000)
    answer = await context.request.post(f"{made.address}/api/v1/session", data={"login": login, "password": PASSWORD})
    headers = {"X-CSRF-Token": (await answer.json())["csrf"]}
    if login == "browser":
        await context.request.put(f"{made.address}/api/v1/me/presence", data={"presence": "available"}, headers=headers)
    return context


async def _signed_in(browser: Any, made: House, login: str) -> _Page:
    page = await (await _context(browser, made, login)).new_page()
    await page.goto(made.address)
    await page.wait_for_selector("main h1")
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("HeapProfiler.enable")
    await cdp.send("Performance.enable")
    return _Page(page, cdp)


async def _loads(browser: Any, made: House, times: int) -> dict[str, Any]:
    """Load the sign-in and, with a session, the desk; each time in a browser profile that has nothing yet."""
    door, usable, size = [], [], 0.0
    for _ in range(times):
        context = await browser.new_context()
        page = await context.new_page()
        began = time.perf_counter()
        await page.goto(made.address, wait_until="commit")
        await page.wait_for_selector("#login", state="visible")
        door.append(time.perf_counter() - began)
        await context.close()
        context = await _context(browser, made, "browser")
        page = await context.new_page()
        began = time.perf_counter()
        await page.goto(made.address, wait_until="commit")
        await page.wait_for_selector("nav h2", state="visible")  # the work list: the live state has come
        usable.append(time.perf_counter() - began)
        size = float(await page.evaluate(_JS))
        await context.close()
    return {
        "door_first_load_ms": round(statistics.median(door) * 1000),
        "desk_first_load_ms": round(statistics.median(usable) * 1000),
        "desk_js_kib": round(size / 1024, 1),
    }


class _Agent:
    """Works at the desk as a person would: by keys."""

    def __init__(self, page: Any, made: House, messages: int) -> None:
        self._page = page
        self._made = made
        self._messages = messages

    async def handle(self, number: int) -> None:
        """Take one contact from its first word to its result."""
        page = self._page
        async with SubscriberClient(self._made.address, entry="painted") as who:
            await who.begin(f"Обращение {number}. {WORDS}", name=f"Абонент {number}")
            await page.click("[data-accept]")
            box = page.locator("textarea").first
            await box.wait_for()
            for n in range(self._messages // 2):
                await box.fill(f"{WORDS}{number}.{n}")
                await box.press("Enter")
                await who.wait_text(f"{WORDS}{number}.{n}", timeout=60)
                await who.typing()
                await who.send(f"Ответ {number}.{n}. {WORDS * 3}")
            if number % 10 == 0:
                await who.send_file("снимок.png", _picture(), "image/png")
                await page.locator("main button img").first.click()
                await page.locator('[role="dialog"] img').wait_for()
                await page.keyboard.press("Escape")
            await page.get_by_text(f"Ответ {number}.{self._messages // 2 - 1}.").last.wait_for()
            await page.keyboard.press("Alt+Shift+KeyX")
            await who.wait_phase("ended", timeout=60)
            await self._finish()
        if number % 20 == 0:
            await self._look_around()

    async def _finish(self) -> None:
        page = self._page
        await page.locator("#wrap-note").fill("Заметка о разговоре")
        await page.keyboard.press("F4")
        await page.keyboard.type("случай")
        await page.locator('[role="option"]', has_text="случай").first.wait_for()
        await page.keyboard.press("Enter")
        await page.get_by_text("Решено", exact=True).click()
        await page.keyboard.press("Control+Enter")
        await page.locator("#wrap-note").wait_for(state="detached")

    async def _look_around(self) -> None:
        page = self._page
        await page.keyboard.press("Control+KeyK")
        await page.locator('[role="dialog"] input').fill("Обращения")
        await page.keyboard.press("Enter")
        await page.locator("tbody tr a").first.click()
        await page.locator("ol time").first.wait_for()
        await page.locator('header a[href="/"]').first.click()
        await page.locator("nav h2").first.wait_for()


async def _bustle(made: House, over: asyncio.Event) -> None:
    """Colleagues come, pause and raise hands, so that the floor page has something to show."""
    dice = random.Random(1)
    async with (
        DeskClient(made.address, "agent0", PASSWORD) as first,
        DeskClient(made.address, "agent1", PASSWORD) as other,
    ):
        while not over.is_set():
            for desk in (first, other):
                await desk.presence(dice.choice(["available", "break", "busy", "training"]))
                await desk.hand(dice.random() < 0.3)
            await asyncio.sleep(0.5)


def _picture() -> bytes:
    kept = io.BytesIO()
    Image.effect_noise((320, 240), 80).save(kept, "PNG")
    return kept.getvalue()


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _print(result: dict[str, Any], args: argparse.Namespace) -> None:
    print(f"A desk through {args.contacts} contacts of {args.messages} messages, after garbage collection\n")
    print(
        f"{'contacts':>9}  {'desk MB':>8} {'nodes':>7} {'listeners':>9}   {'floor MB':>8} {'nodes':>7} {'listeners':>9}"
    )
    for look in result["looks"]:
        parts = [f"{look['contacts']:>9} "]
        for who in ("desk", "floor"):
            seen = look[who]
            parts.append(f" {seen['heap_mb']:>8.2f} {seen['nodes']:>7} {seen['listeners']:>9}  ")
        print("".join(parts))
    print(f"\ngrowth of the desk per 100 contacts: {result['desk_heap_growth_mb_per_100_contacts']:.3f} MB,", end=" ")
    print(f"in the second half of the day {result['desk_heap_growth_second_half_mb']:.2f} MB (the rest is warming up)")
    print(f"first load: sign-in {result['door_first_load_ms']} ms, desk {result['desk_first_load_ms']} ms")
    for key, limit in TARGETS.items():
        print(f"{key:<24} {result[key]:>8}  limit {limit:>7g}  ratio {result[key] / limit:.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])
