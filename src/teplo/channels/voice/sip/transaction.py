"""The four transaction machines (RFC 3261 17, RFC 6026), without I/O.

Each state is a word in `state`; each input is a method. Timer names are those of the RFC.
"""

from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from .flow import Flow
from .headers import Headers
from .message import Request, Response, build_request, respond
from .timers import T1, T2, T4, Timer, Timers

State: TypeAlias = Literal["calling", "trying", "proceeding", "completed", "confirmed", "accepted", "terminated"]
MAGIC: Final = "z9hG4bK"
_GIVE_UP: Final = 64 * T1

Key: TypeAlias = tuple[object, ...]
Send: TypeAlias = Callable[[bytes, Flow], None]


class Transactions:
    """All transactions of a stack, found by the rules of 17.1.3 and 17.2.3."""

    def __init__(self, timers: Timers, send: Send) -> None:
        self.timers = timers
        self.send = send
        self.clients: dict[Key, ClientTransaction] = {}
        self.servers: dict[Key, ServerTransaction] = {}

    def respond_to(self, response: Response) -> bool:
        """Hand a response to its client transaction; False where there is none."""
        client = self.clients.get((response.via.branch, response.cseq.method))
        if client is not None:
            client.receive(response)
        return client is not None

    def known(self, request: Request) -> bool:
        """Hand a retransmission or an ACK to its server transaction; False where the request is a new one."""
        server = self.servers.get(server_key(request))
        if server is None:
            return False
        return server.receive(request)

    def invite_of(self, cancel: Request) -> "InviteServer | None":
        """The INVITE that a CANCEL means (9.2)."""
        found = self.servers.get(server_key(cancel, "INVITE"))
        return found if isinstance(found, InviteServer) else None

    def failed(self, flow: Flow) -> None:
        """Nothing can be sent to this address: its client transactions end (17.1.4)."""
        for client in [client for client in self.clients.values() if client.flow == flow]:
            client.fail("transport")

    def __len__(self) -> int:
        return len(self.clients) + len(self.servers)


def server_key(request: Request, method: str = "") -> Key:
    """What requests of one transaction have in common (17.2.3); ACK belongs to its INVITE."""
    method = method or request.method
    method = "INVITE" if method == "ACK" else method
    branch = request.via.branch
    if branch.startswith(MAGIC) and len(branch) > len(MAGIC):
        return branch, request.via.sent_by, method
    tag = "" if method == "INVITE" else request.to.tag
    return method, request.uri, tag, request.from_.tag, request.call_id, request.cseq.number, str(request.via.sent_by)


class ServerTransaction:
    """What both server machines share."""

    def __init__(self, layer: Transactions, request: Request, flow: Flow) -> None:
        self.layer = layer
        self.request = request
        self.flow = flow
        self.state: State = "proceeding"
        self._last: bytes | None = None
        self._timers: list[Timer] = []
        self._key = server_key(request)
        layer.servers[self._key] = self

    def receive(self, request: Request) -> bool:
        """A request of this transaction; False where it is for the layer above."""
        raise NotImplementedError

    def respond(self, response: Response) -> None:
        """Send a response of the layer above."""
        raise NotImplementedError

    def _send(self) -> None:
        if self._last is not None:
            self.layer.send(self._last, self.flow)

    def _after(self, delay: float, action: Callable[[], None]) -> None:
        self._timers.append(self.layer.timers.after(delay, action))

    def _stop_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def terminate(self) -> None:
        """Forget it."""
        self._stop_timers()
        self.state = "terminated"
        self.layer.servers.pop(self._key, None)


class InviteServer(ServerTransaction):
    """17.2.1 with the Accepted state of RFC 6026 7.1; retransmission of 2xx is the session's work."""

    def __init__(self, layer: Transactions, request: Request, flow: Flow) -> None:
        super().__init__(layer, request, flow)
        self.on_ack_missing: Callable[[], None] = lambda: None
        """Timer H: nobody acknowledged the refusal."""

    def respond(self, response: Response) -> None:
        """Provisional ones stay in Proceeding, 2xx go to Accepted, others to Completed."""
        if self.state == "accepted" and 200 <= response.status < 300:
            self.layer.send(response.encode(), self.flow)
            return
        if self.state != "proceeding":
            return
        self._last = response.encode()
        if 200 <= response.status < 300:
            self.state = "accepted"
            self._after(_GIVE_UP, self.terminate)  # L
        elif response.status >= 300:
            self.state = "completed"
            self._after(_GIVE_UP, self._timer_h)
            if not self.flow.reliable:
                self._after(T1, lambda: self._timer_g(T1))
        self._send()

    def receive(self, request: Request) -> bool:
        """INVITE again or ACK."""
        if request.method == "ACK":
            if self.state == "completed":
                self._stop_timers()
                self.state = "confirmed"
                if self.flow.reliable:
                    self.terminate()
                else:
                    self._after(T4, self.terminate)  # I
            return self.state != "accepted"
        if self.state in ("proceeding", "completed"):
            self._send()
        return True

    def _timer_g(self, interval: float) -> None:
        if self.state == "completed":
            self._send()
            longer = min(interval * 2, T2)
            self._after(longer, lambda: self._timer_g(longer))

    def _timer_h(self) -> None:
        self.terminate()
        self.on_ack_missing()


class NonInviteServer(ServerTransaction):
    """17.2.2."""

    def __init__(self, layer: Transactions, request: Request, flow: Flow) -> None:
        super().__init__(layer, request, flow)
        self.state = "trying"

    def respond(self, response: Response) -> None:
        """Final ones go to Completed."""
        if self.state not in ("trying", "proceeding"):
            return
        self._last = response.encode()
        self._send()
        if response.status < 200:
            self.state = "proceeding"
            return
        self.state = "completed"
        if self.flow.reliable:
            self.terminate()
        else:
            self._after(_GIVE_UP, self.terminate)  # J

    def receive(self, request: Request) -> bool:
        """The request again."""
        self._send()
        return True


class ClientTransaction:
    """What both client machines share. `on_response` gets each response once, `on_failure` the word
    `timeout` or `transport`.
    """

    def __init__(
        self,
        layer: Transactions,
        request: Request,
        flow: Flow,
        on_response: Callable[[Response], None],
        on_failure: Callable[[str], None],
    ) -> None:
        self.layer = layer
        self.request = request
        self.flow = flow
        self.on_response = on_response
        self.on_failure = on_failure
        self.state: State = "calling" if request.method == "INVITE" else "trying"
        self._timers: list[Timer] = []
        self._data = request.encode()
        self._key = (request.via.branch, request.method)
        layer.clients[self._key] = self
        layer.send(self._data, flow)
        self._after(_GIVE_UP, self._timer_b)
        if not flow.reliable:
            self._after(T1, lambda: self._timer_a(T1))

    def receive(self, response: Response) -> None:
        """A response of this transaction."""
        raise NotImplementedError

    def fail(self, why: str) -> None:
        """It ends without a final response."""
        if self.state == "terminated":
            return
        told = self.state in ("completed", "accepted")
        self.terminate()
        if not told:
            self.on_failure(why)

    def terminate(self) -> None:
        """Forget it."""
        self._stop_timers()
        self.state = "terminated"
        self.layer.clients.pop(self._key, None)

    def _timer_a(self, interval: float) -> None:
        raise NotImplementedError

    def _timer_b(self) -> None:
        if self.state in ("calling", "trying") or (self.state == "proceeding" and self.request.method != "INVITE"):
            self.fail("timeout")

    def _after(self, delay: float, action: Callable[[], None]) -> None:
        self._timers.append(self.layer.timers.after(delay, action))

    def _stop_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()


class InviteClient(ClientTransaction):
    """17.1.1 with the Accepted state of RFC 6026 7.2: each 2xx goes up, their ACK comes from the session."""

    _ack: bytes | None = None

    def receive(self, response: Response) -> None:
        """1xx, 2xx or a refusal, which is acknowledged here."""
        status = response.status
        if self.state in ("calling", "proceeding"):
            if status < 200:
                if self.state == "calling":
                    self._stop_timers()
                self.state = "proceeding"
            elif status < 300:
                self._stop_timers()
                self.state = "accepted"
                self._after(_GIVE_UP, self.terminate)  # M
            else:
                self._stop_timers()
                self.state = "completed"
                self._ack = self._build_ack(response).encode()
                self.layer.send(self._ack, self.flow)
                if self.flow.reliable:
                    self.terminate()
                else:
                    self._after(_GIVE_UP, self.terminate)  # D
            self.on_response(response)
        elif self.state == "accepted" and 200 <= status < 300:
            self.on_response(response)
        elif self.state == "completed" and status >= 300 and self._ack:
            self.layer.send(self._ack, self.flow)

    def _build_ack(self, response: Response) -> Request:
        routes = [("route", line) for line in self.request.headers.lines("route")]
        return build_request(
            "ACK",
            self.request.uri,
            via=self.request.via,
            from_=self.request.from_,
            to=response.to,
            call_id=self.request.call_id,
            number=self.request.cseq.number,
            headers=routes,
        )

    def _timer_a(self, interval: float) -> None:
        if self.state == "calling":
            self.layer.send(self._data, self.flow)
            self._after(interval * 2, lambda: self._timer_a(interval * 2))


class NonInviteClient(ClientTransaction):
    """17.1.2."""

    def receive(self, response: Response) -> None:
        """Provisional or final."""
        if self.state not in ("trying", "proceeding"):
            return
        if response.status < 200:
            self.state = "proceeding"
        else:
            self._stop_timers()
            self.state = "completed"
            if self.flow.reliable:
                self.terminate()
            else:
                self._after(T4, self.terminate)  # K
        self.on_response(response)

    def _timer_a(self, interval: float) -> None:
        if self.state in ("trying", "proceeding"):
            self.layer.send(self._data, self.flow)
            longer = T2 if self.state == "proceeding" else min(interval * 2, T2)
            self._after(longer, lambda: self._timer_a(longer))


def stateless(send: Send, request: Request, flow: Flow, status: int, headers: Headers | None = None) -> None:
    """Answer without keeping anything (8.2.7); never answers an ACK."""
    if request.method != "ACK":
        send(respond(request, status, tag="stateless", headers=headers or ()).encode(), flow)
