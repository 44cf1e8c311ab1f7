"""The stack: what arrives is checked cheaply first, then goes to its transaction, its dialog or becomes a new call."""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from . import keepalive
from .core import ALLOW, EXTENSIONS, SUPPORTED, Core, log
from .digest import Credentials
from .flow import Flow, is_hidden
from .headers import Headers
from .incoming import IncomingSession
from .message import Malformed, Request, Response, parse, respond
from .outgoing import OutgoingSession
from .registrar import Binding
from .session import Session, Source
from .transaction import InviteServer, NonInviteServer, stateless
from .trunk import Sources, Trunk
from .uri import NameAddr, Uri
from .websocket import WEB

_PEERS: Final = 4096
_LEAST: Final = 40


@dataclass(slots=True)
class Counts:
    """What has come in, for the figures of a worker."""

    received: int = 0
    strangers: int = 0
    """Dropped unread, because the address belongs to no trunk."""
    malformed: int = 0
    calls: int = 0
    overloaded: int = 0


class Stack:
    """All SIP of one worker, without I/O: `receive` takes what came, `core.timers.run` is called when they are due."""

    def __init__(self, core: Core, trunks: Iterable[Trunk] = ()) -> None:
        self.core = core
        core.on_contact = self.expect
        self.sources = Sources(trunks)
        self.counts = Counts()
        self.on_call: Callable[[Session], None] = lambda session: session.reject(480)
        self.overloaded: Callable[[], bool] = lambda: False
        self.guest: Callable[[bytes, Flow], bool] = lambda data, flow: False
        """Whether to read what a stranger sends (phones that register); asked before anything is parsed."""
        self.on_register: Callable[[Request, NonInviteServer], None] | None = None
        self.is_phone: Callable[[str, Flow], bool] = lambda user, flow: False
        """Whether this user's phone is registered from there: it proves itself even where a trunk would be believed."""
        self.identify: Callable[[Request, Flow], str | list[tuple[str, str]]] = lambda request, flow: []
        """Who a guest that calls is: a user name, or the headers of a 407 ([] is 403)."""
        self.dialogs: dict[tuple[str, str, str], Session] = {}
        """By Call-ID, our tag and the peer's tag."""
        self._merged: dict[tuple[str, str, int], InviteServer] = {}
        self._invites: dict[int, IncomingSession] = {}
        self._peers: OrderedDict[str, None] = OrderedDict()

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
        """Call out. `route`: address of trunk or proxy where it is not the target's own, or the flow of a phone.

        `flow` is where that address leads, if it has been looked up.
        """
        next_hop = target if route is None or isinstance(route, Flow) else route
        flow = route if isinstance(route, Flow) else flow or self.core.flow_to(next_hop)
        routes = [f"<{route}>"] if isinstance(route, Uri) and "lr" in route.parameters else []
        session = OutgoingSession(
            self.core,
            target,
            flow,
            from_=from_,
            sdp=sdp,
            routes=routes,
            credentials=credentials,
            headers=headers,
            trunk=trunk,
        )
        session.direct = isinstance(route, Flow)
        session.on_dialog = lambda dialog: self.dialogs.__setitem__(dialog.key, session)
        session.on_gone = self._forget
        session.start()
        return session

    def expect(self, host: str) -> None:
        """Read what this address sends: we have spoken to it."""
        self._peers[host] = None
        self._peers.move_to_end(host)
        while len(self._peers) > _PEERS:
            self._peers.popitem(last=False)

    def knows(self, host: str) -> bool:
        """Whether we have spoken to it."""
        return host in self._peers

    def moved(self, user: str, old: Binding, flow: Flow) -> None:
        """A phone is seen elsewhere now: what is said in its calls goes there."""
        for session in self.dialogs.values():
            of_it = session.source.user == user or str(session.called) == str(old.contact)
            if session.direct and of_it and session.flow == old.flow:
                session.seen_at(flow)

    def receive(self, data: bytes, flow: Flow) -> None:
        """One message as it came; never raises."""
        self.counts.received += 1
        trunk = None if flow.transport in WEB else self.sources.find(flow.host)  # no trunk is a page of a browser there
        if trunk is None and flow.host not in self._peers and not self.guest(data, flow):
            self.counts.strangers += 1
            return
        if keepalive.is_stun(data):
            self.core.send(keepalive.answered(data, flow.host, flow.port), flow)
            return
        if len(data) < _LEAST:
            return  # keep-alives
        try:
            message = parse(data)
        except Malformed as problem:
            self.counts.malformed += 1
            if (reply := problem.reply()) and data[:4] != b"ACK ":
                self.core.send(reply, flow)
            return
        try:
            if isinstance(message, Response):
                self.core.transactions.respond_to(message)
            else:
                self._request(message, flow, trunk)
        except Exception:  # noqa: BLE001 - the border to the network: one bad message must not end the others' calls
            log.exception("sip.message_failed")

    def failed(self, flow: Flow) -> None:
        """Nothing can be sent to this address."""
        self.core.transactions.failed(flow)

    def _request(self, request: Request, flow: Flow, trunk: Trunk | None) -> None:
        request.set_via(request.via.received_from(flow.host, flow.port))
        flow = self._back(request, flow)
        transactions = self.core.transactions
        if transactions.known(request):
            return
        if request.method == "CANCEL":
            self._cancel(request, flow)
            return
        if request.to.tag:
            self._within(request, flow)
            return
        if request.method == "ACK":
            return
        refusal = self._check(request)
        if refusal is not None:
            stateless(self.core.send, request, flow, refusal[0], refusal[1])
        elif request.method == "INVITE":
            self._invite(request, flow, trunk)
        elif request.method == "REGISTER" and self.on_register is not None:
            self.on_register(request, NonInviteServer(transactions, request, flow))
        elif request.method == "OPTIONS":
            headers = [("allow", ALLOW), ("accept", "application/sdp"), ("supported", SUPPORTED)]
            status = 503 if self.overloaded() else 200
            self.core.send(respond(request, status, tag=self.core.token(6), headers=headers).encode(), flow)
        elif request.method == "REFER":
            stateless(self.core.send, request, flow, 403)  # only who is in a talk may hand it over
        else:
            stateless(self.core.send, request, flow, 405, Headers([("allow", ALLOW)]))

    def _back(self, request: Request, flow: Flow) -> Flow:
        """Where responses go (18.2.2, RFC 3581 4); old phones behind NAT do not ask for `rport`, but need it."""
        via = request.via
        if flow.reliable or "rport" in via.parameters or is_hidden(via.host, flow.host):
            return flow
        return Flow(flow.transport, via.parameters.get("maddr", flow.host), via.port or 5060)

    def _within(self, request: Request, flow: Flow) -> None:
        session = self.dialogs.get((request.call_id, request.to.tag, request.from_.tag))
        if request.method == "ACK":
            if session is not None:
                session.receive(request, None)
            return
        if session is None:
            stateless(self.core.send, request, flow, 481)
            return
        kind = InviteServer if request.method == "INVITE" else NonInviteServer
        needed = request.headers.tokens("require") - EXTENSIONS
        transaction = kind(self.core.transactions, request, flow)
        if needed:
            session.reply(transaction, 420, headers=[("unsupported", ", ".join(sorted(needed)))])
            return
        session.receive(request, transaction)

    def _cancel(self, request: Request, flow: Flow) -> None:
        invite = self.core.transactions.invite_of(request)
        if invite is None:
            stateless(self.core.send, request, flow, 481)
            return
        session = self._invites.get(id(invite))
        tag = session.dialog.local.tag if session else "stateless"
        NonInviteServer(self.core.transactions, request, flow).respond(respond(request, 200, tag=tag))
        if session is not None:
            session.cancel()

    def _check(self, request: Request) -> tuple[int, Headers | None] | None:
        """What a request outside of dialogs may not be (8.2.2, 8.2.3): status and headers of the refusal."""
        headers = request.headers
        if Uri.parse(request.uri).scheme not in ("sip", "sips", "tel"):
            return 416, None
        if needed := headers.tokens("require") - EXTENSIONS:
            return 420, Headers([("unsupported", ", ".join(sorted(needed)))])
        if request.method != "INVITE":
            return None
        encoding = headers.get("content-encoding", "identity").lower()
        if (request.body and request.sdp is None) or encoding != "identity":
            return 415, Headers([("accept", "application/sdp"), ("accept-encoding", "identity")])
        accept = {value.partition(";")[0].strip() for value in headers.tokens("accept")}
        if accept and not accept & {"application/sdp", "application/*", "*/*"}:
            return 406, None
        return None

    def _invite(self, request: Request, flow: Flow, trunk: Trunk | None) -> None:
        core = self.core
        if len(self.dialogs) >= core.settings.max_sessions or self.overloaded():
            self.counts.overloaded += 1
            stateless(core.send, request, flow, 503, Headers([("retry-after", str(core.settings.retry_after))]))
            return
        user = ""
        if trunk is not None and self.is_phone(request.from_.uri.user, flow):
            trunk = None
        if trunk is None:
            who = self.identify(request, flow)
            if isinstance(who, list):
                stateless(core.send, request, flow, 407 if who else 403, Headers(who))
                return
            user = who
        merged = (request.call_id, request.from_.tag, request.cseq.number)
        if merged in self._merged:
            stateless(core.send, request, flow, 482)  # the same request by another path (8.2.2.2)
            return
        transaction = InviteServer(core.transactions, request, flow)
        transaction.respond(respond(request, 100))
        session = IncomingSession(core, request, transaction, Source(flow, trunk.name if trunk else "", user))
        session.direct = bool(user)
        if session.timer.too_small(request):
            session.reply(transaction, 422, headers=[("min-se", str(core.settings.min_se))])
            return
        session.believe(trunk is not None and trunk.asserts_identity)
        session.expire_after(request.headers.get("expires"))
        self._merged[merged] = transaction
        self._invites[id(transaction)] = session
        self.dialogs[session.dialog.key] = session
        self.counts.calls += 1

        def gone(_: Session) -> None:
            self._merged.pop(merged, None)
            self._invites.pop(id(transaction), None)
            self._forget(session)

        session.on_gone = gone
        session.call(self.on_call, session)

    def _forget(self, session: Session) -> None:
        for key in self._keys(session):
            self.dialogs.pop(key, None)

    def _keys(self, session: Session) -> list[tuple[str, str, str]]:
        if isinstance(session, OutgoingSession):
            return [session.dialog.key, *(dialog.key for dialog in session.early_dialogs)]
        return [session.dialog.key]
