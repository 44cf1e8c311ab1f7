"""The wire to the server: HTTP with errors as codes, a WebSocket that reconnects, and waiting for conditions."""

import asyncio
import json
import random
import ssl
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Self, TypeVar

import httpx
from uuid_utils import uuid7
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, WebSocketException

Frame = dict[str, Any]
Json = Any
_T = TypeVar("_T")

_NO_TLS_FILES = ssl.create_default_context()
"""One context for all clients: making it costs more than all the rest of a client."""


class ApiError(Exception):
    """The server refused; `code` is the stable code of problem+json."""

    def __init__(self, status: int, code: str, details: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {code} {dict(details) or ''}".rstrip())
        self.status = status
        self.code = code
        self.details = dict(details)


class NotReached(Exception):
    """The server could not be reached for as long as we were ready to try."""


def new_id() -> str:
    """Make an id at the edge: a retry with the same id does nothing twice."""
    return str(uuid7())


def http_client(url: str, connections: int = 10) -> httpx.AsyncClient:
    """Make a client for `url` that keeps up to `connections` connections open."""
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections, keepalive_expiry=20)
    return httpx.AsyncClient(base_url=url, verify=_NO_TLS_FILES, timeout=10.0, limits=limits)


async def call(
    http: httpx.AsyncClient,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: Json = None,
    patience: float = 0.0,
    **more: Any,
) -> httpx.Response:
    """Send one request to `/api/v1` + `path` and return a successful answer.

    Raises ApiError. For `patience` seconds it repeats what may be repeated: a server that is away, 503, and 429 after
    the time that the server asks for. Whoever is patient must send an id with what must not happen twice.
    """
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    pause = 0.1
    while True:
        try:
            answer = await http.request(
                method, f"/api/v1{path}", headers=dict(headers or {}), **({"json": body} if body is not None else more)
            )
        except httpx.TransportError as error:
            if loop.time() + pause > deadline:
                raise NotReached(f"{method} {path}: {error!r}") from error
            wait = pause
        else:
            if answer.is_success:
                return answer
            failure = _failure(answer)
            wait = _retry_after(answer, pause)
            if answer.status_code not in (429, 502, 503) or loop.time() + wait > deadline:
                raise failure
        await asyncio.sleep(wait)
        pause = min(pause * 2, 3.0)


def _failure(answer: httpx.Response) -> ApiError:
    try:
        problem = answer.json()
    except ValueError:
        problem = None
    if not isinstance(problem, dict):
        return ApiError(answer.status_code, f"http.{answer.status_code}", {"text": answer.text[:200]})
    return ApiError(answer.status_code, str(problem.get("code", "?")), problem.get("details") or {})


def _retry_after(answer: httpx.Response, pause: float) -> float:
    try:
        return max(pause, float(answer.headers.get("Retry-After", "")))
    except ValueError:
        return pause


class LiveSocket:
    """A WebSocket that says hello, hands over every frame, and comes back after a loss until it is closed."""

    def __init__(
        self,
        url: str,
        *,
        hello: Callable[[], Frame],
        on_frame: Callable[[Frame], None],
        on_lost: Callable[[], None],
        headers: Callable[[], Mapping[str, str]] = dict,
        before_retry: Callable[[int | None], Awaitable[bool]] | None = None,
    ) -> None:
        """`before_retry` gets the close code and says whether to go on."""
        self._address = url.replace("http", "ws", 1)
        self._origin = url
        self._hello = hello
        self._on_frame = on_frame
        self._on_lost = on_lost
        self._headers = headers
        self._before_retry = before_retry
        self._connection: ClientConnection | None = None
        self._allowed = asyncio.Event()
        self._allowed.set()
        self.close_code: int | None = None
        self.connections = 0

    @property
    def connected(self) -> bool:
        """Whether the socket is open now."""
        return self._connection is not None

    async def run(self, path: str) -> None:
        """Stay connected to `/api/v1` + `path` until cancelled or told by `before_retry` to stop."""
        failures = 0
        while True:
            await self._allowed.wait()
            try:
                async with connect(
                    f"{self._address}/api/v1{path}",
                    origin=self._origin,  # type: ignore[arg-type]
                    additional_headers=dict(self._headers()),
                    compression=None,
                    open_timeout=10,
                    close_timeout=1,
                    max_size=4 << 20,
                ) as connection:
                    await connection.send(json.dumps(self._hello()))
                    self._connection = connection
                    self.connections += 1
                    failures = 0
                    async for text in connection:
                        self._on_frame(json.loads(text))
            except (OSError, TimeoutError, InvalidHandshake, WebSocketException, ConnectionClosed):
                pass
            if self._connection is not None:
                self.close_code = self._connection.close_code
                self._connection = None
                self._on_lost()
            if self._before_retry is not None and not await self._before_retry(self.close_code):
                return
            await asyncio.sleep(min(0.2 * 2**failures, 5.0) * (0.5 + random.random() / 2))
            failures += 1

    async def send(self, frame: Frame) -> bool:
        """Send a frame if connected; tell whether it was sent."""
        if self._connection is None:
            return False
        try:
            await self._connection.send(json.dumps(frame))
        except ConnectionClosed:
            return False
        return True

    def cut(self) -> None:
        """Lose the network: the connection breaks without a word and stays away until `mend`."""
        self._allowed.clear()
        if self._connection is not None:
            self._connection.transport.abort()

    def mend(self) -> None:
        """Have the network again."""
        self._allowed.set()


class Watched:
    """Something that changes and can be waited for. Base of both clients."""

    def __init__(self) -> None:
        self._change: asyncio.Future[None] | None = None
        self.on_frame: Callable[[Frame], None] | None = None
        """Called with every live frame after it was applied; for measuring."""

    def changed(self) -> None:
        """Wake everybody who waits for a condition."""
        change, self._change = self._change, None
        if change is not None and not change.done():
            change.set_result(None)

    async def next_change(self) -> None:
        """Wait until anything changes."""
        if self._change is None:
            self._change = asyncio.get_running_loop().create_future()
        await asyncio.shield(self._change)

    async def wait_for(self, condition: Callable[[Self], _T], timeout: float = 10.0) -> _T:
        """Wait until `condition` returns something true and return that; raise TimeoutError after `timeout` seconds."""
        async with asyncio.timeout(timeout):
            while not (found := condition(self)):
                await self.next_change()
            return found
