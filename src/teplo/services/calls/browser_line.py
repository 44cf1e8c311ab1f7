"""A caller who is a page of the operator's site: the same as a line of a trunk, over a browser's leg."""

import asyncio
from collections.abc import Callable
from typing import Any

import structlog

from ...channels.voice.webrtc.connection import Failure
from ...channels.voice.webrtc.leg import BrowserLeg
from ...domain import menu_talk as talk
from ...storage import browser_calls, calls
from ...storage.db import Unavailable
from .arrival import Caller
from .house import House
from .line import MEDIA_TIMEOUT, Phase
from .routes import Route, Routes

log = structlog.get_logger()

CONNECT = 20.0
"""Seconds from an offer to audio: the page asks for the microphone before it calls."""
GRACE = 20.0
"""Seconds for which a page that is gone may come back: a reload, another network."""


async def recognise_browser(house: House, id: str, routes: Routes) -> tuple[Caller, Route] | None:
    """Read what is known of a call from a page; None where it is over already or nobody answers the number.

    The number is not proved, so nothing of another call of that number is given: neither its place nor its agent.
    """
    async with house.db.connection() as conn:
        found = await browser_calls.get(conn, id)
        await routes.refresh(conn)
    route = routes.find(house.feed.floor, found.called) if found is not None else None
    if found is None or route is None or found.end_reason is not None:
        return None
    facts = talk.Facts(known=found.subscriber is not None, region=found.region, language=found.language)
    caller = Caller(id, found.number, found.subscriber, found.region, found.language, facts, None, found.called)
    return caller, route


class BrowserLine:
    """One caller's page, whichever was loaded last; it may go and come back while the call goes on."""

    def __init__(self, house: House, call: str, page: str) -> None:
        self._house = house
        self._call = call
        self._page = page
        self.leg = BrowserLeg(
            call,
            house.browsers,
            codecs=house.browser_codecs.offered,
            deadline=CONNECT,
            media_timeout=MEDIA_TIMEOUT,
            lasting=True,
        )
        self.leg.on_connected = self._connected
        self.leg.on_failed = self._failed
        self.leg.on_silence = lambda: self._end("silence")
        self.on_ended: Callable[[], None] | None = None
        self.ended: str | None = None
        self._opened = asyncio.Event()
        self._grace: asyncio.TimerHandle | None = None
        self._phase: Phase | None = None
        self._offer = 0

    async def open(self) -> bool:
        """Offer a leg to the page and wait for its audio; False where none came in time."""
        self._house.mixer.add(self.leg)
        self._send_offer(self.leg.offer())
        self._await_page()
        await self._opened.wait()
        return self.ended is None

    async def refuse(self, why: str) -> None:
        """Say that there will be no call, and write that down."""
        self._tell_end(why)
        self.close()
        try:
            async with self._house.db.transaction() as conn:
                await calls.end(conn, self._call, why)
        except Unavailable:
            log.warning("call.end_late", call_id=self._call)  # the page finds out by its own deadline

    def signal(self, signal: dict[str, Any]) -> None:
        """Act on a word of the page: join, answer, hang_up."""
        match signal.get("type"):
            case "join":
                page = str(signal.get("page"))
                if page != self._page:
                    self._house.tell_caller(self._call, type="moved", page=self._page)
                    self._page = page
                self._send_offer(self.leg.renew())
                self._await_page()
                if self._phase is not None:
                    self._house.tell_caller(self._call, type="state", state=self._phase)
            case "answer" if (signal.get("leg"), signal.get("page")) == (self._leg_name, self._page):
                self.leg.accept_answer(str(signal.get("sdp", "")))
            case "hang_up":
                self._end("caller")
            case _:
                log.debug("call.signal_ignored", call_id=self._call)

    def show(self, phase: Phase) -> None:
        """Tell the page where the call is."""
        if phase != self._phase:
            self._phase = phase
            self._house.tell_caller(self._call, type="state", state=phase)

    def hang_up(self) -> None:
        """End the call from our side."""
        self._tell_end("done")

    def close(self) -> None:
        """Hang up and let the leg go."""
        self.hang_up()
        if self._grace is not None:
            self._grace.cancel()
        self._house.mixer.remove(self.leg)
        self.leg.close()

    # --- inside -------------------------------------------------------------------------------------------------

    @property
    def _leg_name(self) -> str:
        return f"{self._call}:{self._offer}"

    def _send_offer(self, offer: str) -> None:
        self._offer += 1
        self._house.tell_caller(self._call, type="offer", page=self._page, leg=self._leg_name, sdp=offer)

    def _connected(self) -> None:
        if self._grace is not None:
            self._grace.cancel()
            self._grace = None
        self._opened.set()

    def _failed(self, why: Failure) -> None:
        """Nobody at the other end: before the first audio that is the end, later the page has a while to return."""
        log.info("call.page_lost", call_id=self._call, why=why)
        if not self._opened.is_set():
            self._end("unconnected")
        else:
            self._await_page()

    def _await_page(self) -> None:
        """From now on there must be audio within a while, however often the page asks for a new leg."""
        if self._grace is None:
            self._grace = asyncio.get_running_loop().call_later(GRACE, self._end, "lost")

    def _end(self, why: str) -> None:
        if self.ended is None:
            self._tell_end(why)
            self._opened.set()
            if self.on_ended is not None:
                self.on_ended()

    def _tell_end(self, why: str) -> None:
        if self.ended is None:
            self.ended = why
            self._house.tell_caller(self._call, type="ended", reason=why)
