"""What the widget's sockets share: why they are closed, and reading one frame of bounded size."""

from fastapi import WebSocket, WebSocketDisconnect

MALFORMED, TOKEN, FOREIGN, LATE, TOO_LARGE, REFUSED, FLOOD, AGAIN = 4400, 4401, 4403, 4408, 4413, 4422, 4429, 1013
HELLO_SECONDS = 10.0
"""How long the first frame may take."""


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
