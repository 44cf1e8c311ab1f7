"""The agent's side of a call: one browser at a time, whichever page asked last."""

from collections.abc import Callable
from typing import Any

import structlog
from uuid_utils import uuid7

from ...channels.voice.webrtc.connection import Failure
from ...channels.voice.webrtc.leg import BrowserLeg
from .agent_leg import Media
from .house import House

log = structlog.get_logger()


class DeskLeg:
    """The leg of the agent who has the contact. A page that is loaded anew, or a new tab, takes the call over."""

    def __init__(self, house: House, contact: str, agent: str, changed: Callable[[], None]) -> None:
        self._house = house
        self._contact = contact
        self.agent = agent
        self._changed = changed
        self._tab: str | None = None
        self._deaf = False
        self.held = self.line_held = False
        self.leg: BrowserLeg | None = None

    @property
    def media(self) -> Media:
        """How the agent's audio is: `lost` means that the subscriber hears music."""
        if self.leg is None or self.leg.closed:
            return "lost" if self._tab else "connecting"
        if self.leg.state != "connected":
            return "connecting"
        return "lost" if self._deaf else "ok"

    def signal(self, tab: str, signal: dict[str, Any]) -> None:
        """Act on a word of a page: join, answer, leave."""
        leg = self.leg
        match signal.get("type"):
            case "join":
                self._join(tab)
            case "answer" if leg is not None and signal.get("leg") == leg.id and tab == self._tab:
                leg.accept_answer(str(signal.get("sdp", "")))
            case "leave" if leg is not None and signal.get("leg") == leg.id:
                self._drop()
                self._changed()
            case _:
                log.debug("call.signal_ignored", contact_id=self._contact)

    def close(self) -> None:
        """The agent has the contact no more."""
        self._drop()

    def _join(self, tab: str) -> None:
        old, old_tab = self.leg, self._tab
        made = BrowserLeg(str(uuid7()), self._house.browsers, codecs=self._house.browser_codecs.offered)
        made.on_connected = self._changed
        made.on_failed = lambda why: self._failed(made, why)
        made.on_silence = lambda: self._silent(made)
        self.leg, self._tab, self._deaf = made, tab, False
        self._house.mixer.add(made)
        if old is not None:
            self._let_go(old)
        if old_tab is not None and old_tab != tab:
            self._house.tell(self.agent, self._contact, old_tab, type="moved")
        self._house.tell(self.agent, self._contact, tab, type="offer", leg=made.id, sdp=made.offer())
        self._changed()

    def _failed(self, leg: BrowserLeg, why: Failure) -> None:
        if leg is self.leg:
            log.info("call.desk_media_failed", contact_id=self._contact, agent_id=self.agent, why=why)
            self._house.tell(self.agent, self._contact, self._tab, type="failed", code=f"media.{why}")
            self._changed()

    def _silent(self, leg: BrowserLeg) -> None:
        """No packet for some seconds: the page sleeps or the network is gone. It may come back by itself."""
        if leg is self.leg:
            self._deaf = True
            self._changed()

    def look(self) -> None:
        """Notice that packets come again after a silence; called a few times a second."""
        if self._deaf and self.leg is not None and not self.leg.timed_out:
            self._deaf = False
            self._changed()

    def _drop(self) -> None:
        if self.leg is not None:
            self._let_go(self.leg)
            self.leg = None

    def _let_go(self, leg: BrowserLeg) -> None:
        self._house.mixer.remove(leg)
        leg.close()
