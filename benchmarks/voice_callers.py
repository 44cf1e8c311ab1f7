"""The callers of `bench voice`: real SIP and RTP, in a process of their own."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from typing import Any

from teplo.channels.voice import sdp
from teplo.channels.voice.sip.endpoint import Endpoint
from teplo.channels.voice.sip.flow import Flow
from teplo.channels.voice.sip.session import Ended
from teplo.channels.voice.sip.transport import Listen
from teplo.channels.voice.sip.uri import NameAddr, Uri

from .parts import answering
from .voice_wire import AGENT_HZ, CALLER_HZ, FarEnd, Wire

_HOST = "127.0.0.1"


def callers(pipe: Connection, port: int) -> None:
    """Be the callers of the worker at this port."""
    answering(pipe, lambda: _callers(port))


@asynccontextmanager
async def _callers(port: int) -> AsyncIterator["Callers"]:
    wire = Wire()
    async with Endpoint(Listen(_HOST, udp=0, tcp=None)) as endpoint, asyncio.TaskGroup() as group:
        running = group.create_task(wire.run())
        try:
            yield Callers(endpoint, wire, port)
        finally:
            running.cancel()


class Callers:
    """Everybody who calls. Moments are monotonic seconds, which all processes of a machine share."""

    def __init__(self, endpoint: Endpoint, wire: Wire, port: int) -> None:
        self.endpoint = endpoint
        self.wire = wire
        self.port = port
        self.calls: dict[str, Caller] = {}
        self._number = 0

    async def dial(self, count: int, rate: float, **how: Any) -> list[str]:
        """Let so many people call at this rate, see `Caller` for how; return their numbers."""
        numbers = [f"+7974{self._number + place:07}" for place in range(1, count + 1)]
        self._number += count
        await self.again(numbers, rate, **how)
        return numbers

    async def again(self, numbers: list[str], rate: float, **how: Any) -> None:
        """Let these people call at this rate, whether they have called before or not."""
        began = time.monotonic()
        for place, number in enumerate(numbers):
            await asyncio.sleep(max(0.0, began + place / rate - time.monotonic()))
            self.calls[number] = Caller(self, number, **how)

    async def answered(self, seconds: float) -> bool:
        """Wait until every call is answered or over; False where that takes longer."""
        return await self._all({"answered", "over"}, seconds)

    async def over(self, seconds: float) -> bool:
        """Wait until every call is over; those that are not are hung up, and it is False."""
        if await self._all({"over"}, seconds):
            return True
        await self.hang_up()
        return False

    async def hang_up(self, rate: float = 100.0) -> None:
        """Hang everybody up, so many a second."""
        for one in list(self.calls.values()):
            if "over" not in one.facts:
                one.session.hang_up()
                await asyncio.sleep(1 / rate)

    async def leave(self, numbers: list[str]) -> None:
        """Let these hang up."""
        for number in numbers:
            self.calls[number].session.hang_up()

    async def forget(self, numbers: list[str]) -> None:
        """Drop these calls, as telephones do when the far end is gone."""
        await self.leave(numbers)
        for number in numbers:
            self.calls.pop(number).drop()

    async def hearing(self, seconds: float) -> list[str]:
        """Numbers of those who hear an agent within so many seconds."""
        heard = await self.wire.hearing(seconds)
        return [number for number, one in self.calls.items() if one in heard]

    async def facts(self) -> dict[str, dict[str, Any]]:
        """Return what happened to each number: moments of invite, answered, heard, over; why. Calls that are over
        are forgotten."""
        found = {number: one.facts for number, one in self.calls.items()}
        self.calls = {number: one for number, one in self.calls.items() if "over" not in one.facts}
        return found

    async def begin(self) -> None:
        """Begin a window of counting packets."""
        self.wire.begin()

    async def count(self) -> dict[str, int]:
        """Return the packets of the window."""
        return self.wire.count()

    async def _all(self, wanted: set[str], seconds: float) -> bool:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while any(not wanted & one.facts.keys() for one in self.calls.values()):
                    await asyncio.sleep(0.02)
                return True
        return False


class Caller(FarEnd):
    """One call. `talk`: seconds from hearing the agent to hanging up; `leave`: from the answer; None: not by itself.

    `key` is pressed once the call is answered. `port`: of another worker than the first.
    """

    def __init__(
        self,
        all: Callers,
        number: str,
        *,
        dialled: str = "611",
        key: str = "",
        talk: float | None = None,
        leave: float | None = None,
        port: int | None = None,
    ) -> None:
        super().__init__(CALLER_HZ, AGENT_HZ)
        self._all, self._key, self._talk, self._leave = all, key, talk, leave
        self._rtp, self._rtcp, media = all.wire.open(self)
        self._offer = sdp.offer(_HOST, media)
        port = port or all.port
        self.on_heard = self._heard
        self.facts: dict[str, Any] = {"invite": time.monotonic()}
        self.session = all.endpoint.call(
            Uri.parse(f"sip:{dialled}@{_HOST}:{port}"),
            from_=NameAddr.parse(f"<sip:{number}@{_HOST}>"),
            sdp=self._offer.encode(),
            route=Flow("UDP", _HOST, port),
        )
        self.session.on_answered = self._answered
        self.session.on_ended = self._ended

    def _answered(self, answer: bytes | None) -> None:
        self.facts["answered"] = time.monotonic()
        agreed = sdp.agreed(self._offer, sdp.parse(answer or b""))
        self._rtp.connect((agreed.host, agreed.port))
        self.transmit = self._rtp.send
        self._all.wire.ends[self] = None
        if self._key:
            self.press(self._key)
        self._hang_up_after(self._leave)

    def _heard(self, at: float) -> None:
        self.facts["heard"] = at
        self._hang_up_after(self._talk)

    def _hang_up_after(self, seconds: float | None) -> None:
        if seconds is not None:
            asyncio.get_running_loop().call_later(seconds, self.session.hang_up)

    def _ended(self, ended: Ended) -> None:
        self.facts |= {"over": time.monotonic(), "why": ended.why, "status": ended.status}
        self.drop()

    def drop(self) -> None:
        """Let the media go."""
        self.transmit = self.on_heard = None
        self._all.wire.ends.pop(self, None)
        self._all.wire.close(self._rtp, self._rtcp)
