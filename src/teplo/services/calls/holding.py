"""The agent's hold of a call: done at once on the line, told to the floor as soon as it hears."""

import asyncio
from collections import deque
from typing import Any

import structlog

from ...clock import Clock
from ...domain.errors import Refused
from ..commands import Commands

log = structlog.get_logger()


class Holding:
    """Whether the caller is on hold, and the words of it that the floor has not heard yet, in order."""

    def __init__(self, commands: Commands, clock: Clock) -> None:
        self._commands = commands
        self._clock = clock
        self._agent: str | None = None
        self._since = 0.0
        self._device = False
        self._untold: deque[tuple[str, dict[str, Any]]] = deque()
        self._news = asyncio.Event()

    @property
    def on(self) -> bool:
        """Whether the caller is on hold."""
        return self._agent is not None

    def hold(self, contact: str, agent: str) -> None:
        """Begin; said again it is no news."""
        if self._agent is None:
            self._agent, self._since = agent, self._clock()
            self._tell("hold", {"contact": contact, "agent": agent})

    def resume(self, contact: str, agent: str) -> None:
        """End; the seconds go with it, as the floor may hear of both at one instant."""
        if self._agent is not None:
            self._agent = None
            seconds = round(max(0.0, self._clock() - self._since), 6)
            self._tell("resume", {"contact": contact, "agent": agent, "seconds": seconds})

    def follow(self, contact: str, agent: str, device: bool) -> None:
        """The agent's own device holds the call or does no more; of it and the desk the newest word counts."""
        if device != self._device:
            self._device = device
            (self.hold if device else self.resume)(contact, agent)

    def only_of(self, agent: str | None) -> None:
        """Forget a hold of anybody else: the floor has ended it with that agent's talk."""
        if agent != self._agent:
            self._agent = None

    async def run(self) -> None:
        """Tell the floor; for ever."""
        while True:
            await self._news.wait()
            self._news.clear()
            await self.settle()

    async def settle(self) -> None:
        """Tell what is left, each word until it was heard. A word that comes twice is no news to the floor."""
        while self._untold:
            kind, body = self._untold[0]
            try:
                await self._commands.send(kind, body)
            except Refused as refused:
                if refused.code == "command.unconfirmed":
                    continue
                log.info("call.hold_refused", contact_id=body["contact"], code=refused.code)
            if self._untold and self._untold[0][1] is body:  # nobody else has told it meanwhile
                self._untold.popleft()

    def _tell(self, kind: str, body: dict[str, Any]) -> None:
        self._untold.append((kind, body))
        self._news.set()
