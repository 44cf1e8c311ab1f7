"""Agents with SIP phones for `bench voice`: registered, real SIP, each ends a talk and waits for the next INVITE."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from multiprocessing.connection import Connection

from teplo.channels.voice import sdp
from teplo.channels.voice.sip.digest import Credentials
from teplo.channels.voice.sip.endpoint import Endpoint
from teplo.channels.voice.sip.registration import Registration
from teplo.channels.voice.sip.session import Session
from teplo.channels.voice.sip.transport import Listen
from teplo.channels.voice.sip.trunk import Sources, Trunk
from teplo.channels.voice.sip.uri import NameAddr, Uri

from .parts import answering

_HOST = "127.0.0.1"


def desk_phones(pipe: Connection, port: int) -> None:
    """Be phones that register at the worker at this port."""
    answering(pipe, lambda: _phones(port))


@asynccontextmanager
async def _phones(port: int) -> AsyncIterator["DeskPhones"]:
    async with AsyncExitStack() as stack:
        yield DeskPhones(stack, port)


class DeskPhones:
    """All phones. They send no audio: what is measured is the way of the signalling."""

    def __init__(self, stack: AsyncExitStack, port: int) -> None:
        self._stack = stack
        self.port = port
        self.talk = 0.5
        self.invited: list[float] = []
        """Seconds from a phone's BYE to its next INVITE."""
        self.answered = 0
        self._sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sink.bind((_HOST, 0))
        self.media_port = int(self._sink.getsockname()[1])
        self._phones: list[_Phone] = []

    async def come(self, secrets: dict[str, str], talk: float) -> None:
        """Register phones (user name -> secret) that answer at once and hang up after `talk` seconds."""
        self.talk = talk
        for login, secret in secrets.items():
            endpoint = await self._stack.enter_async_context(Endpoint(Listen(_HOST, udp=0, tcp=None)))
            self._phones.append(_Phone(self, endpoint, login, secret))
        async with asyncio.timeout(20):
            for phone in self._phones:
                await phone.registered.wait()

    async def leave(self) -> None:
        """Take the registrations back."""
        for phone in self._phones:
            phone.registration.stop()

    async def facts(self) -> dict[str, object]:
        """Return the times to the next INVITE and how many calls were answered."""
        return {"invited": self.invited, "answered": self.answered}


class _Phone:
    def __init__(self, all: DeskPhones, endpoint: Endpoint, login: str, secret: str) -> None:
        self._all = all
        self._freed: float | None = None
        endpoint.core.settings.contact_user = login
        endpoint.stack.sources = Sources([Trunk.of("worker", _HOST)])
        endpoint.on_call = self._called
        registrar, address = Uri("sip", "", _HOST, all.port), NameAddr(Uri("sip", login, _HOST, all.port))
        self.registered = asyncio.Event()
        self.registration = Registration(endpoint.core, registrar, address, Credentials(login, secret), expires=600)
        self.registration.on_change = lambda there, status: self.registered.set() if there else None
        self.registration.start()

    def _called(self, session: Session) -> None:
        if self._freed is not None:
            self._all.invited.append(time.monotonic() - self._freed)
            self._freed = None
        session.ring()
        built, _ = sdp.answer(sdp.parse(session.remote_sdp or b""), _HOST, self._all.media_port)
        session.answer(built.encode())
        self._all.answered += 1
        asyncio.get_running_loop().call_later(self._all.talk, self._hang_up, session)

    def _hang_up(self, session: Session) -> None:
        if session.ended is None:
            session.hang_up()
            self._freed = time.monotonic()
