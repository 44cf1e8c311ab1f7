"""The server's HTTP protocol with limits on the head of a request, which it has none of by itself.

Without them a client that never ends its head would be waited for, and listened to, for ever.
"""

import asyncio
from typing import Final

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

log = structlog.get_logger()

HEAD_BYTES: Final = 64 * 1024
HEAD_SECONDS: Final = 20.0

_REFUSALS: Final = {408: b"Request Timeout", 431: b"Request Header Fields Too Large"}


class GuardedHttp(HttpToolsProtocol):
    """Ends a connection whose head is too long or too slow; between requests the server's own limit holds."""

    _late: asyncio.TimerHandle | None = None
    _head_bytes = 0
    _in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect the first head."""
        super().connection_made(transport)
        self._expect()

    def data_received(self, data: bytes) -> None:
        """Take in what came; judge the head if it is not whole after it."""
        if self._in_head:
            self._head_bytes += len(data)
            if self._late is None:
                self._expect()
        super().data_received(data)
        if self._in_head and self._head_bytes > HEAD_BYTES:
            self._refuse(431)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._in_head, self._head_bytes = False, 0
        self._forget()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The body is whole: what comes next is another head."""
        self._in_head = True
        super().on_message_complete()

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection on, and let go of the parser: it holds us, and a cycle would wait for the collector."""
        super().handle_websocket_upgrade()
        self.parser = None  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._forget()
        super().connection_lost(exc)

    def _expect(self) -> None:
        self._late = self.loop.call_later(HEAD_SECONDS, self._refuse, 408)

    def _forget(self) -> None:
        if self._late is not None:
            self._late.cancel()
            self._late = None

    def _refuse(self, status: int) -> None:
        self._forget()
        if self.transport.is_closing():
            return
        if self.cycle is not None and not self.cycle.response_complete:  # type: ignore[redundant-expr]
            self._expect()  # the head of the next request may wait until this one is answered
            return
        log.info("http.head_refused", status=status)
        if self._head_bytes:
            self.transport.write(
                b"HTTP/1.1 %d %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % (status, _REFUSALS[status])
            )
        self.transport.close()
