"""Two stacks on a link in memory that loses, delays, doubles and reorders; the time is turned by hand."""

import heapq
import random
from collections.abc import Callable

from teplo.channels.voice import sdp
from teplo.channels.voice.sip.core import Core, Settings
from teplo.channels.voice.sip.digest import Credentials
from teplo.channels.voice.sip.flow import Flow
from teplo.channels.voice.sip.message import Malformed, Request, Response, parse
from teplo.channels.voice.sip.outgoing import OutgoingSession
from teplo.channels.voice.sip.session import Session
from teplo.channels.voice.sip.stack import Stack
from teplo.channels.voice.sip.trunk import Trunk
from teplo.channels.voice.sip.uri import NameAddr, Uri

CALLER = NameAddr.parse('"Anna" <sip:+79731234567@192.0.2.1>')
OFFER = sdp.offer("192.0.2.1", 4000).encode()
ANSWER = sdp.answer(sdp.parse(OFFER), "192.0.2.2", 5000)[0].encode()


class Link:
    """Packets by time of arrival. `loss` is a share; `drop` may look at each message and say no."""

    def __init__(self, seed: int = 1, *, loss: float = 0.0, delay: float = 0.01, jitter: float = 0.0) -> None:
        self.now = 0.0
        self.random = random.Random(seed)
        self.loss, self.delay, self.jitter = loss, delay, jitter
        self.sides: dict[str, Side] = {}
        self.nat: dict[str, tuple[str, int]] = {}
        """Where hosts behind NAT are seen from outside, and reached."""
        self.seen: list[tuple[str, Request | Response]] = []
        self.drop: Callable[[str, Request | Response], bool] = lambda host, message: False
        self._wire: list[tuple[float, int, str, bytes, Flow]] = []
        self._count = 0

    def send(self, host: str, data: bytes, flow: Flow) -> None:
        message = parse(data)
        self.seen.append((host, message))
        if self.random.random() < self.loss or self.drop(host, message):
            return
        self._count += 1
        at = self.now + self.delay + self.random.random() * self.jitter
        back = Flow(flow.transport, *self.nat.get(host, (host, 5060)))
        inside = {public: hidden for hidden, public in self.nat.items()}
        to = inside.get((flow.host, flow.port), "" if flow.host in self.nat else flow.host)
        heapq.heappush(self._wire, (at, self._count, to, data, back))

    def run(self, seconds: float) -> None:
        """Let so much time pass."""
        end = self.now + seconds
        while True:
            due = [self._wire[0][0]] if self._wire else []
            due += [side.core.timers.next for side in self.sides.values() if side.core.timers.next is not None]
            if not due or min(due) > end:
                break
            self.now = max(self.now, min(due))
            while self._wire and self._wire[0][0] <= self.now:
                _, _, host, data, back = heapq.heappop(self._wire)
                if host in self.sides:
                    self.sides[host].stack.receive(data, back)
            for side in self.sides.values():
                side.core.timers.run()
        self.now = end

    def methods(self, host: str) -> list[str]:
        """What this side has sent: methods and status codes."""
        return [m.method if isinstance(m, Request) else str(m.status) for by, m in self.seen if by == host]

    def last(self, host: str, what: str) -> Request | Response:
        """The last message of that method or status."""
        return next(
            m
            for by, m in reversed(self.seen)
            if by == host and (m.method if isinstance(m, Request) else str(m.status)) == what
        )


class Side:
    """One stack on the link."""

    def __init__(self, link: Link, host: str, transports: frozenset[str] = frozenset({"UDP"}), **settings: int) -> None:
        self.link = link
        self.host = host
        self.calls: list[Session] = []
        self.core = Core(
            lambda data, flow: link.send(host, data, flow),
            lambda: link.now,
            local=lambda flow: (host, 5060),
            transports=lambda: transports,
            settings=Settings(**settings),  # type: ignore[arg-type]
            chance=link.random.random,
            token=lambda octets: f"{link.random.getrandbits(octets * 8):x}",
        )
        self.stack = Stack(self.core, [Trunk.of("peer", "192.0.2.0/24", "2001:db8::/32")])
        self.stack.on_call = self.calls.append
        link.sides[host] = self

    def call(
        self, other: "Side", credentials: Credentials | None = None, headers: list[tuple[str, str]] | None = None
    ) -> "Heard":
        session = self.stack.call(
            Uri("sip", "611", other.host), from_=CALLER, sdp=OFFER, credentials=credentials, headers=headers or []
        )
        return Heard(session)


class Heard:
    """Writes down what a session tells."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.events: list[str] = []
        session.on_answered = lambda sdp: self.events.append("answered" + ("+sdp" if sdp else ""))
        session.on_progress = lambda status, sdp: self.events.append(f"{status}" + ("+sdp" if sdp else ""))
        session.on_ended = lambda end: self.events.append(f"{end.why}:{end.status}" if end.status else end.why)
        session.on_renegotiated = lambda sdp: self.events.append("changed" if sdp else "refused")
        session.on_digit = lambda digit: self.events.append(f"digit {digit}")

    @property
    def outgoing(self) -> OutgoingSession:
        assert isinstance(self.session, OutgoingSession)
        return self.session


def pair(link: Link, **settings: int) -> tuple[Side, Side]:
    """Two sides with IPv4 addresses."""
    return Side(link, "192.0.2.1", **settings), Side(link, "192.0.2.2", **settings)


def talk(link: Link, **settings: int) -> tuple[Side, Side, Heard, Heard]:
    """Two sides in a call that is answered."""
    a, b = pair(link, **settings)
    caller = a.call(b)
    link.run(0.1)
    callee = Heard(b.calls[0])
    b.calls[0].answer(ANSWER)
    link.run(0.1)
    return a, b, caller, callee


def is_message(data: bytes) -> bool:
    """Whether it can be read."""
    try:
        parse(data)
    except Malformed:
        return False
    return True
