"""One real desk in Chromium: how long after an arrival its offer is on the screen."""

import asyncio
import random
import shutil
import time
from collections.abc import Awaitable
from pathlib import Path
from typing import Any

from .crowd import Crowd, Widget
from .house import PASSWORD

CHROMIUM = "/usr/bin/chromium"
_BUILT = Path(__file__).resolve().parent.parent / "web" / "desk" / "dist" / "index.html"

_OBSERVE = """() => {
  window.paintedAt = [];
  let shown = false;
  const look = () => {
    const there = document.querySelector('[role="dialog"] [data-accept]') !== null;
    if (there && !shown)
      requestAnimationFrame(() => setTimeout(() => window.paintedAt.push(performance.timeOrigin + performance.now())));
    shown = there;
  };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
}"""

_CALL = """async ([method, path, body]) => {
  const session = await (await fetch('/api/v1/session')).json();
  const answer = await fetch('/api/v1' + path, {method, body: JSON.stringify(body),
    headers: {'Content-Type': 'application/json', 'X-CSRF-Token': session.csrf}});
  return answer.status;
}"""


async def painted(address: str, begin: asyncio.Event, end: Awaitable[Any]) -> dict[str, Any]:
    """Work as the agent `browser` from `begin` until `end` is done; return the seconds of each offer, or a reason."""
    if shutil.which(CHROMIUM) is None:
        return {"offers": [], "reason": f"skipped: no {CHROMIUM}"}
    if not _BUILT.exists():
        return {"offers": [], "reason": "skipped: the desk is not built"}
    from playwright.async_api import async_playwright

    offers: list[float] = []
    async with async_playwright() as driver, Crowd(address) as crowd:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await page.goto(address)
        await page.fill("#login", "browser")
        await page.fill("#password", PASSWORD)
        await page.press("#password", "Enter")
        await page.wait_for_selector("main")
        await page.wait_for_selector("#login", state="detached")
        await page.evaluate(_CALL, ["PUT", "/me/presence", {"presence": "available"}])
        await page.evaluate(_OBSERVE)
        await begin.wait()
        ended = asyncio.ensure_future(end)  # noqa: TID251 - belongs to the caller
        while not ended.done():
            offers.append(await _one(page, crowd))
            await asyncio.sleep(random.uniform(1.0, 2.0))
        await browser.close()
    return {"offers": offers, "reason": None}


async def _one(page: Any, crowd: Crowd) -> float:
    """Let one contact arrive for this desk, wait for its dialog, and finish with it."""
    before = await page.evaluate("window.paintedAt.length")
    widget = Widget(crowd, "painted")
    sent = time.time()
    await widget.arrive()
    async with asyncio.timeout(30):
        while await page.evaluate("window.paintedAt.length") == before:  # the page's policy forbids wait_for_function
            await asyncio.sleep(0.05)
    shown = float(await page.evaluate("window.paintedAt.at(-1)")) / 1000
    await page.click("[data-accept]")
    await widget.reach("talking")
    await page.evaluate(_CALL, ["POST", f"/contacts/{widget.contact}/end", {}])
    body = {"reasons": ["R00.1"], "outcome": "resolved"}
    await page.evaluate(_CALL, ["POST", f"/contacts/{widget.contact}/dispose", body])
    await page.evaluate("document.activeElement?.blur()")
    await widget.reach("ended")
    await widget.close()
    return shown - sent
