"""Incoming calls: the server side of an INVITE (RFC 3261 13.3, RFC 3262)."""

from collections.abc import Callable, Iterable

from .core import ALLOW, SUPPORTED, Core
from .dialog import Dialog
from .headers import seconds
from .message import Request
from .session import Ended, Session, Source
from .timers import T1, Timer
from .transaction import InviteServer, ServerTransaction
from .uri import BadAddress, Uri


class IncomingSession(Session):
    """A call to us. The stack has said 100 already; `ring`, `answer` and `reject` are the owner's."""

    def __init__(self, core: Core, request: Request, transaction: InviteServer, source: Source) -> None:
        super().__init__(core, source.flow)
        self.source = source
        self.headers = request.headers
        self.remote_sdp = request.sdp
        self.caller = request.from_
        self.called = Uri.parse(request.uri)
        self.allow = request.headers.tokens("allow")
        self._dialog = Dialog.of_request(request, core.token(6))
        self._invite = transaction
        self._reliable = _wants_reliable(request)
        self._must_be_reliable = "100rel" in request.headers.tokens("require")
        self._rseq = 1 + int(core.chance() * 2**30)
        self._unacknowledged: Timer | None = None
        self._waiting: list[Callable[[], None]] = []
        transaction.on_ack_missing = lambda: None

    def believe(self, asserted: bool) -> None:
        """Take the caller from P-Asserted-Identity where the peer is trusted (RFC 3325 9.1)."""
        if asserted:
            try:
                identities = self._invite.request.addresses("p-asserted-identity")
            except BadAddress:
                return
            if identities:
                self.caller = next((item for item in identities if item.uri.is_sip), identities[0])

    def ring(self, sdp: bytes | None = None) -> None:
        """180, or 183 with early media; reliable where the peer asks for it (RFC 3262)."""
        if self.state != "early":
            return
        if self._unacknowledged is not None:
            self._waiting.append(lambda: self.ring(sdp))
            return
        status = 183 if sdp else 180
        if sdp:
            self.local_sdp = sdp
        headers = [("contact", self.core.contact(self.flow)), ("allow", ALLOW)]
        if not (self._must_be_reliable or (self._reliable and sdp)):
            self.reply(self._invite, status, headers=headers, body=sdp or b"")
            return
        self._rseq += 1
        headers += [("require", "100rel"), ("rseq", str(self._rseq))]
        response = self.reply(self._invite, status, headers=headers, body=sdp or b"")
        give_up = self.core.timers.clock() + 64 * T1

        def again(interval: float) -> None:
            if self.core.timers.clock() >= give_up:
                self._refuse(Ended("no_prack", 504), 504)
                return
            self._invite.respond(response)
            self._unacknowledged = self.core.timers.after(interval * 2, lambda: again(interval * 2))

        self._unacknowledged = self.core.timers.after(T1, lambda: again(T1))

    def prack(self, request: Request, transaction: ServerTransaction) -> None:
        """PRACK of the provisional response that is out (RFC 3262 3)."""
        fields = request.headers.get("rack").split()
        expected = [str(self._rseq), str(self._invite.request.cseq.number), "INVITE"]
        if self._unacknowledged is None or [field.lstrip("0") for field in fields] != expected:
            self.reply(transaction, 481)
            return
        self._unacknowledged.cancel()
        self._unacknowledged = None
        body = b""
        if (sdp := request.sdp) is not None:
            if self.remote_sdp is None:
                self.remote_sdp = sdp  # the answer to our offer in the reliable response
            else:
                answer = self.negotiation.answer_to(sdp)
                if answer is None:
                    self.reply(transaction, 488)
                    return
                body = answer
        self.reply(transaction, 200, body=body)
        waiting, self._waiting = self._waiting, []
        for action in waiting:
            action()

    def answer(self, sdp: bytes) -> None:
        """200 with our answer, or with our offer if the INVITE had none; waits for the PRACK that is due."""
        if self.state != "early":
            return
        if self._unacknowledged is not None:
            self._waiting.append(lambda: self.answer(sdp))
            return
        request = self._invite.request
        self.local_sdp = sdp
        headers = [("contact", self.core.contact(self.flow)), ("allow", ALLOW), ("supported", SUPPORTED)]
        headers += self.timer.answer_request(request)
        self.state = "answered"
        response = self.reply(self._invite, 200, headers=headers, body=sdp)
        self.negotiation.expect(self._invite, response, offered=self.remote_sdp is None)

    def reject(self, status: int, reason: str = "", headers: Iterable[tuple[str, str]] = ()) -> None:
        """A final refusal, 300-699."""
        if self.state == "early":
            self._refuse(Ended("rejected", status, reason), status, reason, headers)

    def hang_up(self, reason: str = "") -> None:
        """480 before the answer, BYE after it."""
        if self.state == "early":
            self._refuse(Ended("hung_up", 480, reason), 480, reason)
        else:
            super().hang_up(reason)

    def cancel(self) -> None:
        """The peer has sent CANCEL (9.2); without effect after an answer."""
        if self.state == "early":
            self._refuse(Ended("cancelled", 487), 487)

    def ended_by_peer(self, bye: Request) -> None:
        """BYE; before the answer it ends the INVITE too (15.1.2)."""
        if self.state == "early":
            self._refuse(Ended("cancelled", 487), 487)
        else:
            super().ended_by_peer(bye)

    def expire_after(self, header: str) -> None:
        """The caller's limit for ringing (20.19)."""
        if header and (limit := seconds(header, 0)):
            self.core.timers.after(limit, self.cancel)

    def _refuse(self, ended: Ended, status: int, reason: str = "", headers: Iterable[tuple[str, str]] = ()) -> None:
        if self._unacknowledged is not None:
            self._unacknowledged.cancel()
            self._unacknowledged = None
        self._waiting.clear()
        self.reply(self._invite, status, reason=reason, headers=headers)
        self.end(ended)


def _wants_reliable(request: Request) -> bool:
    return "100rel" in request.headers.tokens("supported") or "100rel" in request.headers.tokens("require")
