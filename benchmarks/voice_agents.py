"""The agents of `bench voice`: real desks (REST, WebSocket) with ends of browsers (DTLS-SRTP), in one process."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from multiprocessing.connection import Connection
from typing import Any

import orjson
from pylibsrtp import Error
from tests.webrtc.peer import Peer

from teplo.channels.voice.webrtc.certificate import Certificate
from teplo.channels.voice.webrtc.dtls import DtlsContext

from .crowd import Crowd, Desk, Json
from .parts import answering
from .voice_wire import AGENT_HZ, CALLER_HZ, FarEnd, Wire

_CONSENT = 2.5
"""Seconds between two checks of a browser once it is connected (RFC 7675 has five on average)."""


def agents(pipe: Connection, address: str) -> None:
    """Be the agents of the server at this address."""
    answering(pipe, lambda: _agents(address))


@asynccontextmanager
async def _agents(address: str) -> AsyncIterator["Agents"]:
    async with Crowd(address) as crowd:
        made = Agents(crowd)
        crowd.begin(made.wire.run())
        yield made


class Agents:
    """Everybody at a desk. Moments are monotonic seconds, which all processes of a machine share."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        self.wire = Wire()
        self.context = DtlsContext(Certificate.generate(time.time()))
        self.desks: list[VoiceDesk] = []
        self.happened: dict[str, dict[str, float]] = {}
        self.rang_again: list[float] = []
        """Seconds from a request that frees the agent to the next offer at that desk."""
        self.takes = False
        self.talk: float | None = None

    async def come(self, count: int) -> None:
        """Let agents sign in until so many are there."""
        new = [VoiceDesk(self, f"agent{n}") for n in range(len(self.desks), count)]

        async def one(desk: VoiceDesk) -> None:
            await desk.sign_in()
            await desk.open()

        await asyncio.gather(*(one(desk) for desk in new))
        self.desks += new

    async def work(self, count: int, takes: bool, talk: float | None = None) -> None:
        """Make the first `count` available and the others busy. `takes`: they accept, and end after `talk` seconds."""
        self.takes, self.talk = takes, talk
        for place, desk in enumerate(self.desks):
            await desk.declare("available" if place < count else "busy")

    async def talking(self, count: int, seconds: float) -> int:
        """Wait until so many talks are heard at desks; return how many."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._talks() < count:
                    await asyncio.sleep(0.02)
        return self._talks()

    def _talks(self) -> int:
        return sum(1 for desk in self.desks for end in desk.ends.values() if end.heard)

    async def idle(self, seconds: float) -> bool:
        """Wait until no desk has work."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while any(desk.work for desk in self.desks):
                    await asyncio.sleep(0.02)
                return True
        return False

    async def hearing(self, seconds: float) -> list[str]:
        """Contacts whose agents hear their subscribers within so many seconds."""
        heard = await self.wire.hearing(seconds)
        return [contact for desk in self.desks for contact, end in desk.ends.items() if end in heard]

    async def hold(self, contacts: list[str]) -> None:
        """Begin to hold these; a desk tries until somebody serves it."""
        for desk in self.desks:
            for contact in set(contacts) & desk.ends.keys():
                self.crowd.begin(desk.hold(contact))

    async def back(self) -> None:
        """Connect all desks anew, as pages do when the server was away."""
        for desk in self.desks:
            await desk.back()

    async def works(self) -> int:
        """Contacts that desks have in hand."""
        return sum(len(desk.work) for desk in self.desks)

    async def facts(self) -> dict[str, Any]:
        """Return and forget: moments (offered, ready, accepted, heard) by contact, `rang_again`, and errors."""
        found = {"contacts": self.happened, "rang_again": self.rang_again, "errors": self.crowd.watch.errors}
        self.happened, self.rang_again, self.crowd.watch.errors = {}, [], []
        return found

    async def begin(self) -> None:
        """Begin a window of counting packets."""
        self.wire.begin()

    async def count(self) -> dict[str, int]:
        """Return the packets of the window."""
        return self.wire.count()


class VoiceDesk(Desk):
    """A desk that takes calls as a page does: the leg is made while the offer rings."""

    def __init__(self, all: Agents, login: str) -> None:
        super().__init__(all.crowd, login)
        self.all = all
        self.ends: dict[str, BrowserEnd] = {}
        self._presence = "available"
        self._offers: dict[str, asyncio.Future[Json]] = {}
        self._freed: float | None = None

    async def declare(self, presence: str) -> None:
        """Declare a presence, if it is another one."""
        self._freed = None
        if presence != self._presence:
            self._presence = presence
            await self.call("PUT", "/me/presence", {"presence": presence})

    async def hold(self, contact: str) -> None:
        """Hold a talk; what fails is tried again, as the desk does."""
        while contact in self.ends:
            errors = len(self.crowd.watch.errors)
            await self.call("POST", f"/contacts/{contact}/call", {"action": "hold"})
            if len(self.crowd.watch.errors) == errors:
                return
            del self.crowd.watch.errors[errors:]
            await asyncio.sleep(0.3)

    async def back(self) -> None:
        """Connect anew; the snapshot says what is in hand."""
        if self.socket is not None:
            await self.socket.close()
        self.work.clear()
        await self.open()

    def hear(self, frame: Json) -> None:
        """Take in one live frame."""
        if frame["type"] == "call":
            waiting = self._offers.pop(frame["contact"], None) if frame["signal"]["type"] == "offer" else None
            if waiting is not None and not waiting.done():
                waiting.set_result(frame["signal"])
            return
        super().hear(frame)
        for contact in [contact for contact in self.ends if contact not in self.work]:
            self.ends.pop(contact).leave()

    def _look(self, contact: str, item: Json) -> None:
        if item["state"] != "offered" or item["offer"] in self._busy:
            return
        now = time.monotonic()
        self._busy.add(item["offer"])
        self.all.happened.setdefault(contact, {}).setdefault("offered", now)
        if self._freed is not None:
            self.all.rang_again.append(now - self._freed)
            self._freed = None
        if self.all.takes:
            self.crowd.begin(self._take(contact, item["offer"]))

    async def _take(self, contact: str, offer: str) -> None:
        facts = self.all.happened[contact]
        end = self.ends[contact] = BrowserEnd(self.all, facts)
        stage = "the worker's offer"
        try:
            async with asyncio.timeout(10):
                given = await self._ask(contact)
                stage = "keys"
                leg = given["leg"]
                await end.connect(given["sdp"], lambda sdp: self._say(contact, type="answer", leg=leg, sdp=sdp))
        except TimeoutError:
            self.crowd.watch.errors.append(f"never within 10 s: {stage}")
            return
        facts["ready"] = facts["accepted"] = time.monotonic()
        await self.call("POST", f"/contacts/{contact}/accept", {"offer": offer})
        if self.all.talk is not None:
            await asyncio.sleep(self.all.talk)
            self._freed = time.monotonic()
            await self.call("POST", f"/contacts/{contact}/end", {})

    async def _ask(self, contact: str) -> Json:
        self._offers[contact] = asyncio.get_running_loop().create_future()
        await self._say(contact, type="join")
        return await self._offers[contact]

    async def _say(self, contact: str, **signal: Any) -> None:
        assert self.socket is not None
        frame = {"type": "call", "contact": contact, "tab": "tab", "signal": signal}
        await self.socket.send(orjson.dumps(frame).decode())


class _Audio(Peer):
    """The browser's end of the tests, in the rhythm of a browser and without keeping what came."""

    def __init__(self, offer: str, all: Agents, end: FarEnd) -> None:
        super().__init__(offer, all.context)
        self._wire = all.wire
        self._end = end
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.ready = asyncio.Event()

    async def open(self) -> Peer:
        """Begin to check."""
        self._socket.setblocking(False)
        self._socket.connect(self.address)
        self._wire.read(self._socket, self._came)
        self.beat()
        return self

    def beat(self) -> None:
        """Check the connection: often until it stands, then as rarely as browsers do."""
        if self.srtp is None:
            super().beat()
            return
        self.send(self.check())
        self._beat = asyncio.get_running_loop().call_later(_CONSENT, self.beat)

    def send(self, data: bytes) -> None:
        """Send one datagram; what the network does not take is lost."""
        with contextlib.suppress(OSError):
            self._socket.send(data)

    def _came(self, data: bytes) -> None:
        """Take a packet; audio goes the short way."""
        if data[0] >= 64 and self.srtp is not None:
            if not 192 <= data[1] <= 223:
                with contextlib.suppress(Error):
                    self._end.take(self.srtp[1].unprotect(data))
            return
        self.datagram_received(data, self.address)
        if self.srtp is not None:
            self.ready.set()

    def close(self) -> None:
        """Stop checking and close."""
        if self._beat:
            self._beat.cancel()
        self._wire.close(self._socket)


class BrowserEnd(FarEnd):
    """One leg of one agent."""

    def __init__(self, all: Agents, facts: dict[str, float]) -> None:
        super().__init__(AGENT_HZ, CALLER_HZ)
        self._all = all
        self._facts = facts
        self._audio: _Audio | None = None
        self._left = False
        self.heard = False

    async def connect(self, offer: str, answer: Callable[[str], Awaitable[None]]) -> None:
        """Answer the worker's offer and wait for the keys."""
        self._audio = audio = _Audio(offer, self._all, self)
        await audio.open()
        await answer(audio.answer())
        await audio.ready.wait()
        if not self._left:
            self.transmit, self.on_heard = audio.send_rtp, self._hears
            self._all.wire.ends[self] = None

    def _hears(self, at: float) -> None:
        self.heard = True
        self._facts["heard"] = at

    def leave(self) -> None:
        """Close the leg."""
        self._left = True
        self.transmit = self.on_heard = None
        self._all.wire.ends.pop(self, None)
        if self._audio is not None:
            self._audio.close()
