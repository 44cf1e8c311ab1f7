"""The endpoint: sockets, time and the stack in one event loop."""

import asyncio
import random
import secrets
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from .core import Core, Settings
from .digest import Credentials
from .flow import Flow
from .outgoing import OutgoingSession
from .registrar import Registrar
from .session import Session
from .stack import Stack
from .transport import Limits, Listen, Transports
from .trunk import Trunk
from .uri import NameAddr, Uri


class Endpoint:
    """SIP of one worker. Set `on_call` before `start`; also an async context manager."""

    def __init__(
        self,
        listen: Listen,
        trunks: Iterable[Trunk] = (),
        *,
        settings: Settings | None = None,
        limits: Limits | None = None,
        overloaded: Callable[[], bool] = lambda: False,
        chance: Callable[[], float] = random.random,
        token: Callable[[int], str] = secrets.token_hex,
        time: Callable[[], float] | None = None,
    ) -> None:
        self._time = time or (lambda: asyncio.get_running_loop().time())
        self.transports = Transports(listen, self._received, self._failed, self._welcome, limits)
        self.core = Core(
            self.transports.send,
            self._time,
            local=self.transports.local,
            transports=lambda: self.transports.names,
            settings=settings,
            chance=chance,
            token=token,
        )
        self.stack = Stack(self.core, trunks)
        self.stack.overloaded = overloaded
        self.transports.on_resolved = self.stack.expect
        self.core.timers.on_earlier = self._arm
        self.welcome_strangers: Callable[[], bool] = lambda: False
        """Whether strangers may open streams: where phones register over TCP or TLS."""
        self._group = asyncio.TaskGroup()
        self._handle: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def on_call(self) -> Callable[[Session], None]:
        """Told of each new incoming call that has passed the checks; it rings, answers or rejects, now or later."""
        return self.stack.on_call

    @on_call.setter
    def on_call(self, callback: Callable[[Session], None]) -> None:
        self.stack.on_call = callback

    def admit(self, registrar: Registrar, anybody: Callable[[], bool] = lambda: True) -> None:
        """Let phones register and call from anywhere, with their proof; `anybody`: whether there are any phones."""
        self.stack.guest = lambda data, flow: anybody() and registrar.guest(data, flow)
        self.stack.is_phone = registrar.is_home
        self.stack.identify = registrar.identify
        self.stack.on_register = registrar.register
        registrar.on_moved = self.stack.moved
        self.welcome_strangers = anybody

    async def start(self) -> None:
        """Open the sockets; raises OSError."""
        await self._group.__aenter__()
        try:
            await self.transports.start(self._group)
        except OSError:
            self.transports.close()
            await self._group.__aexit__(None, None, None)
            raise

    async def close(self) -> None:
        """Hang up what still runs and close the sockets; nothing is waited for."""
        if self._closed:
            return
        for session in list(self.stack.dialogs.values()):
            session.hang_up()
        self._closed = True
        if self._handle is not None:
            self._handle.cancel()
        self.transports.close()
        await self._group.__aexit__(None, None, None)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def call(
        self,
        target: Uri,
        *,
        from_: NameAddr,
        sdp: bytes,
        route: Uri | Flow | None = None,
        credentials: Credentials | None = None,
        headers: Iterable[tuple[str, str]] = (),
        trunk: str = "",
        flow: Flow | None = None,
    ) -> OutgoingSession:
        """Call out; see `Stack.call`. Set the callbacks before control goes back to the event loop."""
        return self.stack.call(
            target, from_=from_, sdp=sdp, route=route, credentials=credentials, headers=headers, trunk=trunk, flow=flow
        )

    def _received(self, data: bytes, flow: Flow) -> None:
        if not self._closed:
            self.stack.receive(data, flow)

    def _failed(self, flow: Flow) -> None:
        if not self._closed:
            self.stack.failed(flow)

    def _welcome(self, host: str) -> bool:
        return self.welcome_strangers() or self.stack.sources.find(host) is not None or self.stack.knows(host)

    def _arm(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        due = self.core.timers.next
        if due is not None and not self._closed:
            self._handle = asyncio.get_running_loop().call_later(max(0.0, due - self._time()), self._run)

    def _run(self) -> None:
        self._handle = None
        self.core.timers.run()
        self._arm()
