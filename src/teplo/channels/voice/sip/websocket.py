"""SIP over WebSocket (RFC 7118): what one connection brings and takes, without I/O; the protocol is the library's."""

from collections.abc import Callable, Sequence
from typing import Final

from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.typing import Origin, Subprotocol

from .message import MAX_OCTETS
from .stream import PONG, Broken

WEB: Final = frozenset({"WS", "WSS"})
"""The transports as Via and flows name them."""
_SIP: Final = Subprotocol("sip")
_PING: Final = b"\r\n\r\n"
"""The keep-alive of RFC 5626 4.4.1, as a message of its own."""
_QUIET_S: Final = 25.0
"""Seconds of silence after which the peer is pinged: proxies forget what is silent for a minute."""
_A_SECOND, _BURST = 50.0, 200.0
"""Messages that one connection may send; a phone sends a few a minute."""


class WebFramer:
    """Collects octets of a client; `feed` returns whole SIP messages, `replies` what is to be written by now.

    Programs send no Origin and may come; a page's script only from one of `origins`. Who does not offer the
    sub-protocol `sip` is refused (RFC 7118 4). Messages are sent as text where they are UTF-8, else as binary.
    """

    def __init__(self, clock: Callable[[], float], origins: Sequence[str] = ()) -> None:
        self._clock = clock
        self._protocol = ServerProtocol(
            origins=[None, *(Origin(one) for one in origins)], subprotocols=[_SIP], max_size=MAX_OCTETS
        )
        self._partial = bytearray()
        self._since, self._left = clock(), _BURST

    @property
    def waiting(self) -> int:
        """Octets of a message that is not whole yet; the handshake counts as one."""
        return len(self._partial) or int(self._protocol.state is State.CONNECTING)

    @property
    def over(self) -> bool:
        """Whether the connection is to be closed once everything is written."""
        return self._protocol.state in (State.CLOSING, State.CLOSED) or self._protocol.close_expected()

    def feed(self, data: bytes) -> list[bytes]:
        """Raises `Broken`."""
        self._protocol.receive_data(data)
        found: list[bytes] = []
        events = self._protocol.events_received()
        if self._protocol.handshake_exc is not None or self._protocol.parser_exc is not None:
            raise Broken("no WebSocket")
        for event in events:
            if isinstance(event, Request):
                answer = self._protocol.accept(event)
                self._protocol.send_response(answer)
                if answer.status_code != 101:
                    raise Broken(f"handshake refused: {answer.status_code}")
            elif isinstance(event, Frame):
                self._frame(event, found)
        return found

    def wrap(self, message: bytes) -> bytes:
        """One message as the octets that carry it; nothing on a connection that does not stand."""
        if self._protocol.state is not State.OPEN:
            return b""
        try:
            message.decode("utf-8")
        except UnicodeDecodeError:
            self._protocol.send_binary(message)
        else:
            self._protocol.send_text(message)
        return self.replies()

    def replies(self) -> bytes:
        """What the protocol itself has to say: its handshake, pongs, a close."""
        return b"".join(self._protocol.data_to_send())

    def keep_alive(self, silent: float) -> bytes:
        """A ping where the peer has been silent for so many seconds."""
        if silent < _QUIET_S or self._protocol.state is not State.OPEN:
            return b""
        self._protocol.send_ping(b"")
        return self.replies()

    def _frame(self, frame: Frame, found: list[bytes]) -> None:
        if frame.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            return  # the protocol has answered pings and closes
        self._partial += frame.data
        if len(self._partial) > MAX_OCTETS:
            self._refuse(CloseCode.MESSAGE_TOO_BIG)
        if not frame.fin:
            return
        self._count()
        message = bytes(self._partial)
        self._partial.clear()
        found.append(PONG if message == _PING else message)

    def _count(self) -> None:
        now = self._clock()
        self._left = min(_BURST, self._left + (now - self._since) * _A_SECOND) - 1
        self._since = now
        if self._left < 0:
            self._refuse(CloseCode.POLICY_VIOLATION)

    def _refuse(self, code: CloseCode) -> None:
        self._protocol.fail(code)
        raise Broken(f"refused: {code.name}")
