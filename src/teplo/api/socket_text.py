"""What sockets share: why the widget's are closed, reading frames of bounded size, closing."""

import asyncio
from typing import TypeVar

import structlog
from fastapi import WebSocket, WebSocketDisconnect
from pydantic import BaseModel, ValidationError

log = structlog.get_logger()

MALFORMED, TOKEN, FOREIGN, LATE, TOO_LARGE, REFUSED, FLOOD, AGAIN = 4400, 4401, 4403, 4408, 4413, 4422, 4429, 1013
_HELLO_SECONDS = 10.0
"""How long the first frame may take."""

Hello = TypeVar("Hello", bound=BaseModel)


class Close(Exception):
    """The socket is to be closed with this code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Allowance:
    """How many frames may come: so many a second, and a burst."""

    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second, self._burst = per_second, burst
        self._left, self._last = burst, 0.0

    def take(self, now: float) -> None:
        """Count a frame at `now` (steady seconds); raise Close(FLOOD) for one too many."""
        if self._last:
            self._left = min(self._burst, self._left + (now - self._last) * self._per_second)
        self._last = now
        self._left -= 1
        if self._left < 0:
            raise Close(FLOOD)


async def receive_text(websocket: WebSocket, limit: int) -> str:
    """Return the next frame's text; raise Close for one that is binary or longer than `limit` characters."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message.get("code", 1005))
    text = message.get("text")
    if text is None:
        raise Close(MALFORMED)
    if len(text) > limit:
        raise Close(TOO_LARGE)
    return str(text)


async def receive_hello(websocket: WebSocket, model: type[Hello], limit: int) -> Hello:
    """Return the first frame; raise Close for one that is late or malformed."""
    try:
        async with asyncio.timeout(_HELLO_SECONDS):
            return model.model_validate_json(await receive_text(websocket, limit))
    except TimeoutError:
        raise Close(LATE) from None
    except ValidationError:
        raise Close(MALFORMED) from None


async def close(websocket: WebSocket, code: int) -> None:
    """Close the socket; one that is closed already is no trouble."""
    try:
        await websocket.close(code)
    except RuntimeError:
        log.debug("socket.already_closed")
