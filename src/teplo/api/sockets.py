"""The way of live sockets to their handlers, past the routers and the middleware of requests."""

from collections.abc import Awaitable, Callable, Mapping

import structlog
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket

from ..storage.db import Unavailable

log = structlog.get_logger()

Handler = Callable[[WebSocket], Awaitable[None]]

_AGAIN = 1013


class LiveSockets:
    """Takes sockets of these paths straight to their handlers, and all else on.

    A dozen nested calls around a request live for milliseconds; around a socket they stay for hours, times thousands.
    """

    def __init__(self, app: ASGIApp, *, handlers: Mapping[str, Handler]) -> None:
        self._app = app
        self._handlers = handlers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection until it closes."""
        handler = self._handlers.get(scope["path"]) if scope["type"] == "websocket" else None
        if handler is None:
            await self._app(scope, receive, send)
            return
        websocket = WebSocket(scope, receive, send)
        try:
            await handler(websocket)
        except Unavailable as problem:
            log.warning("sockets.database_away", error=str(problem).split("\n")[0])
            try:
                await websocket.close(_AGAIN)
            except RuntimeError:
                log.debug("sockets.already_closed")
