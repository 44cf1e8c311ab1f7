"""Outgoing calls: the client side of an INVITE (RFC 3261 13.2), forked answers included."""

from collections.abc import Callable, Iterable

from .core import ALLOW, SUPPORTED, Core
from .dialog import Dialog
from .digest import Credentials
from .flow import Flow
from .headers import CSeq
from .message import Request, Response, build_request
from .session import Ended, Session, Source, Why
from .timers import T1
from .transaction import ClientTransaction, NonInviteClient
from .uri import NameAddr, Uri


class OutgoingSession(Session):
    """A call by us; `start` sends the INVITE."""

    owns_call_id = True

    def __init__(
        self,
        core: Core,
        target: Uri,
        flow: Flow,
        *,
        from_: NameAddr,
        sdp: bytes,
        routes: Iterable[str] = (),
        credentials: Credentials | None = None,
        headers: Iterable[tuple[str, str]] = (),
        trunk: str = "",
    ) -> None:
        super().__init__(core, flow, credentials)
        self.source = Source(flow, trunk)
        self.caller = from_.with_tag(core.token(6))
        self.called = target
        self.local_sdp = sdp
        self._routes = list(routes)
        self._extra = list(headers)
        self._dialog = Dialog(f"{core.token(12)}@{core.host(flow)}", self.caller, NameAddr(target), str(target), [], 0)
        self._number = 0
        self._request: Request | None = None
        self._early: dict[str, Dialog] = {}
        self._rseqs: dict[str, int] = {}
        self._surplus: set[str] = set()
        self._cancelling = False
        self._proofs: dict[str, str] = {}
        self._tries = 3
        self.heard = False
        """Whether the next hop has said anything, 100 included."""
        self.on_dialog: Callable[[Dialog], None] = lambda dialog: None
        """For the stack: requests of this dialog come to us."""

    @property
    def early_dialogs(self) -> list[Dialog]:
        """Those that provisional answers have made."""
        return list(self._early.values())

    def start(self) -> None:
        """Send the INVITE, also again with what the last answer has asked for."""
        self._number += 1
        core = self.core
        headers = [
            *(("route", route) for route in self._routes),
            ("contact", core.contact(self.flow)),
            ("allow", ALLOW),
            ("supported", SUPPORTED),
            ("user-agent", core.settings.user_agent),
            *self.timer.request_headers(),
            *self._proofs.items(),
            *self._extra,
        ]
        self._request = build_request(
            "INVITE",
            str(self.called),
            via=core.via(self.flow),
            from_=self.caller,
            to=NameAddr(self.called),
            call_id=self.id,
            number=self._number,
            headers=headers,
            body=self.local_sdp or b"",
        )
        core.transact(self._request, self.flow, self._responded, self._failed)

    def hang_up(self, reason: str = "") -> None:
        """CANCEL before the answer (as soon as the RFC allows it, 9.1), BYE after it."""
        if self.state == "early":
            self._give_up()
            self.end(Ended("hung_up", reason=reason))
        else:
            super().hang_up(reason)

    def fail(self, why: Why, status: int = 0, reason: str = "") -> None:
        """Before the answer the peer is told by CANCEL."""
        if self.state == "early":
            self._give_up()
        super().fail(why, status, reason)

    @property
    def _transaction(self) -> ClientTransaction | None:
        """That of the INVITE; another one after a change of transport."""
        key = (self._request.via.branch, "INVITE") if self._request else None
        return self.core.transactions.clients.get(key) if key else None

    def _give_up(self) -> None:
        if self._transaction is not None and self._transaction.state == "proceeding":
            self._cancel()
        else:
            self._cancelling = True

    def _cancel(self) -> None:
        request, transaction = self._request, self._transaction
        assert request is not None and transaction is not None
        cancel = build_request(
            "CANCEL",
            request.uri,
            via=request.via,
            from_=request.from_,
            to=request.to,
            call_id=request.call_id,
            number=request.cseq.number,
            headers=[("route", line) for line in request.headers.lines("route")],
        )
        core = self.core
        NonInviteClient(core.transactions, cancel, transaction.flow, lambda response: None, lambda why: None)
        core.timers.after(64 * T1, lambda: transaction.terminate() if transaction.state == "proceeding" else None)

    def _responded(self, response: Response) -> None:
        self.heard = True
        if response.status < 200:
            self._progress(response)
        elif response.status < 300:
            self._answered(response)
        elif self.state == "early":
            self._refused(response)

    def _progress(self, response: Response) -> None:
        if self._cancelling:
            self._cancelling = False
            self._cancel()
            return
        if self.state != "early" or response.status == 100:
            return
        tag = response.to.tag
        if tag:
            assert self._request is not None
            dialog = self._early.get(tag)
            if dialog is None:
                if len(self._early) >= 16:
                    return
                dialog = self._early[tag] = Dialog.of_response(self._request, response)
                self.on_dialog(dialog)
            if "100rel" in response.headers.tokens("require") and not self._prack(response, dialog):
                return
        if response.sdp is not None:
            self.remote_sdp = response.sdp
        self.call(self.on_progress, response.status, response.sdp)

    def _prack(self, response: Response, dialog: Dialog) -> bool:
        """Acknowledge a reliable provisional response; False where it is a repetition or out of order (RFC 3262 4)."""
        text = response.headers.get("rseq").strip()
        if not (text.isascii() and text.isdigit()) or len(text) > 10:
            return False
        number, last = int(text), self._rseqs.get(dialog.remote.tag)
        if last is not None and number != last + 1:
            return False
        self._rseqs[dialog.remote.tag] = number
        cseq = CSeq(response.cseq.number, "INVITE")
        self.request("PRACK", lambda final: None, headers=[("rack", f"{number} {cseq}")], dialog=dialog)
        return True

    def _answered(self, response: Response) -> None:
        assert self._request is not None
        tag = response.to.tag
        number = response.cseq.number
        if self.state in ("confirmed", "ended") and tag == self.dialog.remote.tag:
            self.acknowledge(number)  # it was lost
            return
        dialog = self._early.get(tag) or Dialog.of_response(self._request, response)
        dialog.refresh(response)
        dialog.routes = Dialog.of_response(self._request, response).routes  # the 2xx says the last word (13.2.2.4)
        self.acknowledge(number, dialog)
        if self.state != "early":  # another branch was first, or we have given up
            if tag not in self._surplus:
                self._surplus.add(tag)
                self._bye("answered elsewhere", dialog)
            return
        self._dialog = dialog
        self.on_dialog(dialog)
        self.state = "confirmed"
        self.headers = response.headers
        self.allow = response.headers.tokens("allow")
        if response.sdp is not None:
            self.remote_sdp = response.sdp
        self.timer.accept_response(response)
        self.call(self.on_answered, self.remote_sdp)
        self.negotiation.next()

    def _refused(self, response: Response) -> None:
        assert self._request is not None
        status = response.status
        if self._tries:
            self._tries -= 1
            if status in (401, 407) and (proof := self.authorize(response, "INVITE", self._request.uri)):
                self._proofs[proof[0]] = proof[1]
                self.start()
                return
            if status == 422 and self.timer.lift(response):
                self.start()
                return
        self.headers = response.headers
        self.end(Ended("redirected" if status < 400 else "rejected", status, response.reason))

    def _failed(self, why: str) -> None:
        self.end(Ended("timeout", 408) if why == "timeout" else Ended("transport", 503))
