"""The registrar for desk phones (RFC 3261 10.3): who is where, proved by digest; guessing is stopped early."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from .core import Core
from .digest import Server
from .flow import Flow
from .headers import seconds
from .message import Request, respond
from .transaction import NonInviteServer
from .uri import BadAddress, NameAddr, Uri

_SCANNERS: Final = (
    b"friendly-scanner",
    b"sipvicious",
    b"sipcli",
    b"sundayddr",
    b"sip-scan",
    b"pplsip",
    b"vaxsipuseragent",
)


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a phone can be called: `stack.call(binding.contact, route=binding.flow)`."""

    contact: Uri
    flow: Flow
    until: float
    """By the stack's clock."""
    call_id: str
    number: int

    @property
    def hidden(self) -> bool:
        """Whether the phone names another address than the one it is seen at, on UDP: there is NAT between."""
        return not self.flow.reliable and (self.contact.host, self.contact.port or 5060) != (
            self.flow.host,
            self.flow.port,
        )


@dataclass(slots=True)
class Limits:
    """How long a binding lasts, and how much guessing is borne."""

    shortest: int = 60
    longest: int = 3600
    longest_fleeting: int = 300
    """The same behind NAT and on a stream: either may end without a word, then nobody finds the phone until it
    registers again. A stream that is silent for longer than `transport.Limits.idle_seconds` is closed."""
    bindings: int = 5
    failures: int = 10
    """Wrong proofs from one address within the window; then silence for that long."""
    user_failures: int = 50
    """The same for one user from all addresses: more, so that one stranger cannot shut a phone out."""
    window: float = 300.0
    messages: int = 50
    """Unproved requests from one address within ten seconds."""
    remembered: int = 10_000
    """Addresses and users that are counted; the oldest are forgotten."""


class Registrar:
    """Give `guest`, `register` and `identify` to the stack."""

    def __init__(self, core: Core, server: Server, limits: Limits | None = None) -> None:
        self._core = core
        self._server = server
        self.limits = limits or Limits()
        self._bindings: dict[str, dict[str, Binding]] = {}
        self._failures: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._messages: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._homes: Counter[str] = Counter()
        """How many phones are at an address: an office behind one address speaks for all of them."""
        self.on_change: Callable[[str, bool], None] = lambda user, registered: None
        self.on_bound: Callable[[str], None] = lambda user: None
        """Told of each user who has registered, prolonged or left: what is to be kept has changed."""
        self.on_moved: Callable[[str, Binding, Flow], None] = lambda user, old, flow: None
        """Told how a phone was bound and where it is seen now: its NAT has begun anew, or its stream is new."""

    def bindings(self, user: str) -> list[Binding]:
        """Where this user's phones are, the newest first."""
        now = self._core.timers.clock()
        known = self._bindings.get(user, {})
        live = {contact: binding for contact, binding in known.items() if binding.until > now}
        if len(live) < len(known):
            self._put(user, live)
        return sorted(live.values(), key=lambda binding: -binding.until)

    @property
    def remembered(self) -> int:
        """How many addresses are counted now."""
        return len(self._messages)

    def restore(self, user: str, bindings: Iterable[Binding]) -> None:
        """Take over what was kept of a user, in place of what is known."""
        self._put(user, {str(one.contact): one for one in bindings})

    def users(self) -> list[str]:
        """Who has registered here, or was restored."""
        return [user for user, known in self._bindings.items() if known]

    def is_home(self, user: str, flow: Flow) -> bool:
        """Whether a phone of this user is registered from exactly there: a request is the phone's, not a trunk's."""
        return any((one.flow.host, one.flow.port) == (flow.host, flow.port) for one in self.bindings(user))

    def guest(self, data: bytes, flow: Flow) -> bool:
        """Whether a stranger's octets are worth reading: no scanner, no flood, not one that guesses passwords.

        Where phones are registered already one that guesses does not silence the others.
        """
        homes = self._homes[flow.host]
        if not homes and self._blocked(f"host {flow.host}", self.limits.failures):
            return False
        head = data[:2048].lower()
        if any(scanner in head for scanner in _SCANNERS):
            return False
        return self._count(self._messages, flow.host, 10.0) <= self.limits.messages * (1 + homes)

    def identify(self, request: Request, flow: Flow) -> str | list[tuple[str, str]]:
        """The user who proves itself in an INVITE, or the headers of a 407; [] (403) for one who guesses."""
        verdict, user = self._server.check(request.headers.lines("proxy-authorization"), request.method, request.uri)
        if self._guessed(user, flow):
            return []
        if verdict == "ok":
            return user if request.from_.uri.user == user else []
        if verdict == "wrong":
            self._failed(flow, user)
        return [("proxy-authenticate", line) for line in self._server.challenges(stale=verdict == "stale")]

    def register(self, request: Request, transaction: NonInviteServer) -> None:
        """Answer a REGISTER."""
        status, headers = self._register(request, transaction.flow)
        transaction.respond(respond(request, status, tag=self._core.token(6), headers=headers))

    def _register(self, request: Request, flow: Flow) -> tuple[int, list[tuple[str, str]]]:
        verdict, user = self._server.check(request.headers.lines("authorization"), "REGISTER", request.uri)
        if self._guessed(user, flow):
            return 403, []
        if verdict == "wrong":
            self._failed(flow, user)
        if verdict != "ok":
            return 401, [("www-authenticate", line) for line in self._server.challenges(stale=verdict == "stale")]
        if request.to.uri.user != user:
            return 403, []
        was = bool(self.bindings(user))
        refusal = self._bind(request, user, flow)
        if refusal is not None:
            return refusal
        now = self._core.timers.clock()
        found = self.bindings(user)
        self.on_bound(user)
        if bool(found) != was:
            self.on_change(user, bool(found))
        return 200, [("contact", f"<{one.contact}>;expires={max(1, round(one.until - now))}") for one in found]

    def _bind(self, request: Request, user: str, flow: Flow) -> tuple[int, list[tuple[str, str]]] | None:
        limits, now = self.limits, self._core.timers.clock()
        default = seconds(request.headers.get("expires"), limits.longest)
        values = request.headers.values("contact")
        known = self._bindings.get(user, {})
        # A phone registers under one Call-ID (10.2.4), even where it names another Contact.
        elsewhere = [one for one in known.values() if one.call_id == request.call_id and one.flow != flow]
        if values == ["*"]:
            if default != 0:
                return 400, []
            self._put(user, {})
            return None
        try:
            contacts = [NameAddr.parse(value) for value in values]
        except BadAddress:
            return 400, []
        changed = dict(known)
        for contact in contacts:
            lasts = seconds(contact.parameters.get("expires", ""), default)
            if 0 < lasts < limits.shortest:
                return 423, [("min-expires", str(limits.shortest))]
            key = str(contact.uri)
            old = changed.get(key)
            if old and old.call_id == request.call_id and old.number >= request.cseq.number:
                return 500, []  # older than what is known (10.3, step 7)
            changed.pop(key, None)
            if lasts:
                made = Binding(contact.uri, flow, 0.0, request.call_id, request.cseq.number)
                longest = limits.longest_fleeting if made.hidden or flow.reliable else limits.longest
                changed[key] = replace(made, until=now + min(lasts, longest))
        while len(changed) > limits.bindings:
            del changed[next(iter(changed))]
        self._put(user, changed)
        for old in elsewhere:
            self.on_moved(user, old, flow)
        return None

    def _put(self, user: str, bindings: dict[str, Binding]) -> None:
        self._homes.subtract(one.flow.host for one in self._bindings.get(user, {}).values())
        self._homes.update(one.flow.host for one in bindings.values())
        self._homes += Counter()  # without those that are nobody's any more
        if bindings:
            self._bindings[user] = bindings
        else:
            self._bindings.pop(user, None)

    def _guessed(self, user: str, flow: Flow) -> bool:
        """Whether too many wrong proofs came for this user; a phone that is registered from there is not shut out."""
        at_home = any(one.flow.host == flow.host for one in self.bindings(user))
        return not at_home and self._blocked(f"user {user}", self.limits.user_failures)

    def _failed(self, flow: Flow, user: str) -> None:
        self._count(self._failures, f"host {flow.host}", self.limits.window)
        self._count(self._failures, f"user {user}", self.limits.window)

    def _blocked(self, key: str, limit: int) -> bool:
        since, count = self._failures.get(key, (0.0, 0))
        return count >= limit and self._core.timers.clock() - since < self.limits.window

    def _count(self, counts: OrderedDict[str, tuple[float, int]], key: str, window: float) -> int:
        now = self._core.timers.clock()
        since, count = counts.get(key, (now, 0))
        since, count = (now, 1) if now - since >= window else (since, count + 1)
        counts[key] = (since, count)
        while len(counts) > self.limits.remembered:
            counts.popitem(last=False)
        return count
