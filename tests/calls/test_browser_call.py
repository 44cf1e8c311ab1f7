"""A call from the widget: a visitor's page, the worker, an agent; the same story as from a telephone."""

import asyncio
import base64
import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import websockets

from teplo.channels.voice.media.mixer import Mixer
from teplo.simulator.browser import BrowserEnd

from .conftest import Centre
from .people import AgentTab, Ear, tone, until
from .test_call import AGENT, CALLER, desk_of, graded_as

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


def new_token() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


class Page:
    """A page of the operator's site that calls."""

    def __init__(self, ws: websockets.ClientConnection, mixer: Mixer) -> None:
        self._ws, self._mixer = ws, mixer
        self.frames: list[dict[str, Any]] = []
        self.ear = Ear()
        self.end: BrowserEnd | None = None

    async def listen(self) -> None:
        """Keep what the server says, until it closes."""
        async for text in self._ws:
            self.frames.append(json.loads(text))

    async def say(self, **frame: Any) -> None:
        await self._ws.send(json.dumps(frame))

    async def heard(self, kind: str, **wanted: Any) -> dict[str, Any]:
        def fits(frame: dict[str, Any]) -> bool:
            return frame["type"] == kind and all(frame.get(key) == value for key, value in wanted.items())

        found: list[dict[str, Any]] = await until(lambda: [f for f in self.frames if fits(f)], f"{kind} {wanted}")
        return found[0]

    async def talk(self) -> None:
        """Answer the worker's offer, speak a tone and listen."""
        from teplo.simulator.phone import Ear as Listener

        offer = await self.heard("offer")
        end = self.end = await BrowserEnd(offer["sdp"]).open()
        await self.say(type="answer", leg=offer["leg"], sdp=end.answer)
        async with asyncio.timeout(10):
            await end.connected.wait()
        listener = Listener(self.ear.frame)
        listener.hear = {end}
        self._mixer.add(end)
        self._mixer.add(listener)
        end.play(tone(CALLER), loop=True)

    def vanish(self) -> None:
        """Close as a page does that is loaded anew."""
        assert self.end is not None
        self._mixer.remove(self.end)
        self.end.close()


@asynccontextmanager
async def page(centre: Centre, mixer: Mixer, **hello: Any) -> AsyncIterator[Page]:
    address = centre.served.address.replace("http", "ws", 1)
    async with websockets.connect(f"{address}/api/v1/chat/call") as ws, asyncio.TaskGroup() as group:
        made = Page(ws, mixer)
        listening = group.create_task(made.listen())
        await made.say(type="hello", entry="site", **hello)
        yield made
        listening.cancel()


async def test_a_visitor_calls_talks_comes_back_after_a_reload_and_grades(centre: Centre) -> None:
    mixer, token = Mixer(), new_token()
    async with desk_of(centre, "agent1") as desk, asyncio.TaskGroup() as group:
        ticking = group.create_task(mixer.run())
        async with page(centre, mixer, token=token, number="8 974 800-55-66", language="ru") as first:
            await first.talk()
            await first.heard("state", state="menu")
            assert first.end is not None
            first.end.send_digits("0")
            await first.heard("state", state="queue")
            offered = await desk.wait_work("offered", timeout=40)
            contact = offered["id"]
            tab = AgentTab(desk, contact, "tab", AGENT)
            await tab.join()
            talking = group.create_task(tab.talk())
            await desk.accept(contact)
            await first.heard("state", state="talking")
            await until(lambda: first.ear.hears(AGENT), "the agent at the visitor")
            await until(lambda: tab.ear.hears(CALLER), "the visitor at the agent")
            first.vanish()
        async with page(centre, mixer, token=token, resume=True) as again:
            await again.talk()
            await again.heard("state", state="talking")
            await until(lambda: again.ear.hears(AGENT), "the agent after the reload")
            await until(lambda: tab.ear.hears(CALLER), "the visitor after the reload")
            await desk.end(contact)
            await again.heard("state", state="grade")
            assert again.end is not None
            again.end.stop_playing()
            again.end.send_digits("4")
            await again.heard("ended", reason="done")
        talking.cancel()
        ticking.cancel()
        await desk.dispose(contact, ["BAL.01"], "resolved")
        card = (await desk.call("GET", f"/contacts/{contact}/card")).json()
        assert card["subscriber"]["number_masked"] == "+7 974 ••• 55-66" and card["from_page"]
    assert await graded_as(centre, contact) == 4
