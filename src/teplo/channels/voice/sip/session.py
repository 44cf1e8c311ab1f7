"""INVITE sessions: what both directions share once a dialog stands (RFC 3261 12, 14, 15)."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal

from . import refer
from .core import ALLOW, Core, log
from .dialog import Dialog
from .digest import Client, Credentials
from .flow import Flow
from .headers import Headers, seconds
from .message import Request, Response, respond
from .negotiation import Negotiation
from .session_timer import SessionTimer
from .timers import T1
from .transaction import ServerTransaction
from .uri import NameAddr, Uri

Why = Literal[
    "hung_up", "remote_bye", "cancelled", "rejected", "redirected", "timeout", "no_ack", "no_prack", "transport",
    "session_expired", "failed",
]  # fmt: skip
"""Why a session has ended; `hung_up` is our own doing, `rejected` a refusal by the peer or by us."""

State = Literal["early", "answered", "confirmed", "ended"]
"""`answered`: our 200 is out and not yet acknowledged."""

_LINGER: Final = 64 * T1
_DIGIT = re.compile(r"^\s*(?:Signal\s*=\s*)?([0-9A-D*#]|1[0-6])\s*$", re.I | re.M)


@dataclass(frozen=True, slots=True)
class Ended:
    """The end of a session: the word, and the status and reason phrase where a response or Reason header said so."""

    why: Why
    status: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a call came from or goes to; `trunk` is "" for phones."""

    flow: Flow
    trunk: str = ""
    user: str = ""
    """Name of the registered phone that proved itself by digest."""


class Session:
    """One call. Callbacks come from the stack, never after `on_ended`; errors in them are logged and go no further."""

    def __init__(self, core: Core, flow: Flow, credentials: Credentials | None = None) -> None:
        self.core = core
        self.flow = flow
        """Where the peer spoke last, or where it was called."""
        self.direct = False
        """Whether the peer is a phone of ours: it is always reached where it spoke, whatever address it names."""
        self.state: State = "early"
        self.remote_sdp: bytes | None = None
        self.local_sdp: bytes | None = None
        self.headers = Headers()
        """Of the peer's INVITE or of its 200: Diversion, History-Info, User-Agent, …"""
        self.source = Source(flow)
        self.ended: Ended | None = None
        self.allow: set[str] = set()
        """Methods that the peer has said it knows, in lower case."""
        self.on_answered: Callable[[bytes | None], None] = _nothing
        """The call stands; with the description of the peer's 200 or, after an INVITE without one, of its ACK."""
        self.on_progress: Callable[[int, bytes | None], None] = _nothing
        self.on_ended: Callable[[Ended], None] = _nothing
        """Called once, also after our own `hang_up` or `reject`."""
        self.on_offer: Callable[[bytes], bytes | None] = lambda sdp: None
        """The peer changes the session: the answer, or None for 488. An `SdpError` means 488 too."""
        self.on_renegotiated: Callable[[bytes | None], None] = _nothing
        """The peer's answer to `renegotiate`, None where it refused and all stays as it was."""
        self.on_digit: Callable[[str], None] = _nothing
        """A digit by INFO."""
        self.on_refer: Callable[[refer.Referral], bool] = lambda referral: False
        """The peer wants us to talk to somebody else: True where that is being done and will be told, False for 603."""
        self.on_referred: Callable[[int], None] | None = None
        """How a REFER of ours goes, by SIP statuses; None where none was sent."""
        self.on_host: Callable[[str], None] = _nothing
        """The peer speaks from another host now."""
        self.on_gone: Callable[[Session], None] = _nothing
        """For the stack: nothing will come any more."""
        self._dialog: Dialog | None = None
        self._digest = Client(credentials, lambda: core.token(8)) if credentials else None
        self.timer = SessionTimer(core.timers, core.settings, self._refresh, lambda: self._expire())
        self.negotiation = Negotiation(self)

    @property
    def dialog(self) -> Dialog:
        """The dialog; only where one stands."""
        assert self._dialog is not None
        return self._dialog

    @property
    def id(self) -> str:
        """The Call-ID."""
        return self.dialog.call_id

    owns_call_id = False
    """Whether we made the Call-ID: decides the back-off after glare."""
    caller: NameAddr
    called: Uri

    def ring(self, sdp: bytes | None = None) -> None:
        """Incoming only: 180, or 183 with early media; reliable where the peer asks for it (RFC 3262)."""

    def answer(self, sdp: bytes) -> None:
        """Incoming only: 200 with our answer, or with our offer if the INVITE had none."""

    def reject(self, status: int, reason: str = "", headers: Iterable[tuple[str, str]] = ()) -> None:
        """Incoming only: a final refusal, 300-699."""

    def hang_up(self, reason: str = "") -> None:
        """End it, whatever is right now: refusal, CANCEL or BYE. `reason` goes out as a Reason text (RFC 3326)."""
        if self.state == "answered":  # no BYE before the ACK (15)
            self.negotiation.after_ack(lambda: self._bye(reason))
            self.end(Ended("hung_up", reason=reason))
        elif self.state == "confirmed":
            self._bye(reason)
            self.end(Ended("hung_up", reason=reason))

    def renegotiate(self, sdp: bytes) -> None:
        """Offer a change (hold, address, codec) by UPDATE or re-INVITE; glare is waited out (14.1)."""
        if self.state != "ended":
            self.negotiation.offer(sdp)

    def send_digit(self, digit: str, duration_ms: int = 160) -> None:
        """A digit by INFO, for peers that take no RFC 4733."""
        if self.state == "confirmed":
            body = f"Signal={digit}\r\nDuration={duration_ms}\r\n".encode()
            self.request("INFO", lambda response: None, body=body, content_type="application/dtmf-relay")

    # -- for the stack and the two directions --

    def receive(self, request: Request, transaction: ServerTransaction | None) -> None:
        """A request within the dialog; `transaction` is None for ACK."""
        if request.method == "ACK":
            self.negotiation.acknowledged(request)
            return
        assert transaction is not None
        if request.method == "BYE":
            self.reply(transaction, 200)
            if self.state != "ended":
                self.dialog.accepts(request)
                self.ended_by_peer(request)
            return
        if self.state == "ended":
            self.reply(transaction, 481)
        elif not self.dialog.accepts(request):
            self.reply(transaction, 500)
        else:
            self.seen_at(transaction.flow)
            self._handle(request, transaction)

    def seen_at(self, flow: Flow) -> None:
        """The peer speaks from here now: a NAT that has begun anew gives it another port, or another address."""
        old, self.flow = self.flow, flow
        if flow.host != old.host:
            self.call(self.on_host, flow.host)

    def _handle(self, request: Request, transaction: ServerTransaction) -> None:
        if request.method in ("INVITE", "UPDATE"):
            self.negotiation.receive(request, transaction)
        elif request.method == "INFO":
            self._info(request, transaction)
        elif request.method == "OPTIONS":
            self.reply(transaction, 200, headers=[("allow", ALLOW), ("accept", "application/sdp")])
        elif request.method == "REFER":
            refer.receive(self, request, transaction, self.on_refer)
        elif request.method == "NOTIFY":
            refer.notified(self, request, transaction, self.on_referred)
        elif request.method == "PRACK":
            self.prack(request, transaction)
        else:
            self.reply(transaction, 405, headers=[("allow", ALLOW)])

    def prack(self, request: Request, transaction: ServerTransaction) -> None:
        """Only an incoming session has something to acknowledge."""
        self.reply(transaction, 481)

    def ended_by_peer(self, bye: Request) -> None:
        """The peer said BYE."""
        status, text = _reason(bye.headers)
        self.end(Ended("remote_bye", status, text))

    def reply(
        self,
        transaction: ServerTransaction,
        status: int,
        *,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
        reason: str = "",
    ) -> Response:
        """Answer a request of this session."""
        tag = self._dialog.local.tag if self._dialog else ""
        response = respond(transaction.request, status, tag=tag, reason=reason, headers=headers, body=body)
        response.headers.add("server", self.core.settings.user_agent)
        transaction.respond(response)
        return response

    def request(
        self,
        method: str,
        on_final: Callable[[Response], None],
        *,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
        content_type: str = "",
        dialog: Dialog | None = None,
        on_failure: Callable[[str], None] | None = None,
        tries: int = 2,
    ) -> None:
        """A request in the dialog; challenges are answered, 408 and 481 end the session (12.2.1.2)."""
        dialog = dialog or self.dialog
        headers = list(headers)
        flow = self.peer_flow(dialog)
        built = dialog.request(method, self.core.via(flow), headers=headers, body=body)
        if content_type:
            built.headers.put("content-type", content_type)

        def received(response: Response) -> None:
            if response.status < 200:
                return
            if response.status in (401, 407) and tries and (proof := self.authorize(response, method, built.uri)):
                kept = [(name, value) for name, value in headers if name not in (proof[0], "contact")]
                kept += [item for item in headers if item[0] == "contact"]
                self.request(
                    method, on_final, headers=[*kept, proof], body=body, content_type=content_type, dialog=dialog,
                    on_failure=on_failure, tries=tries - 1,
                )  # fmt: skip
                return
            on_final(response)
            if response.status in (408, 481) and method not in ("BYE", "CANCEL", "INFO", "NOTIFY"):
                self.fail("failed", response.status, response.reason)

        def failed(why: str) -> None:
            if on_failure:
                on_failure(why)
            if method not in ("BYE", "NOTIFY"):
                self.fail("timeout" if why == "timeout" else "transport")

        self.core.transact(built, flow, received, failed)

    def authorize(self, response: Response, method: str, uri: str) -> tuple[str, str] | None:
        """The header that meets the challenge of a 401 or 407, if we have credentials for it."""
        if self._digest is None:
            return None
        asked, given = ("www-authenticate", "authorization")
        if response.status == 407:
            asked, given = ("proxy-authenticate", "proxy-authorization")
        value = self._digest.authorize(response.headers.lines(asked), method, uri)
        return (given, value) if value else None

    def peer_flow(self, dialog: Dialog | None = None) -> Flow:
        """Where requests of the dialog go."""
        dialog = dialog or self.dialog
        if self.direct and not dialog.routes:
            return self.flow
        return self.core.flow_to(dialog.next_hop(), self.flow if not dialog.routes or self.flow.connection else None)

    def acknowledge(self, number: int, dialog: Dialog | None = None, body: bytes = b"") -> None:
        """ACK of a 2xx (13.2.2.4)."""
        dialog = dialog or self.dialog
        flow = self.peer_flow(dialog)
        self.core.send(dialog.request("ACK", self.core.via(flow), number=number, body=body).encode(), flow)

    def call(self, callback: Callable[..., Any], *arguments: Any) -> Any:
        """Call the owner's code; what it throws is logged and goes no further."""
        try:
            return callback(*arguments)
        except Exception:  # noqa: BLE001 - the border to the owner's code
            log.exception("sip.callback_failed")
            return None

    def fail(self, why: Why, status: int = 0, reason: str = "") -> None:
        """End it because something is broken; the peer is told where a dialog stands."""
        if self.state in ("answered", "confirmed"):
            self._bye(reason or why)
        self.end(Ended(why, status, reason))

    def end(self, ended: Ended) -> None:
        """It is over; the object lingers for retransmissions."""
        if self.state == "ended":
            return
        self.state = "ended"
        self.ended = ended
        self.timer.stop()
        self.negotiation.stop()
        self.call(self.on_ended, ended)
        self.core.timers.after(_LINGER, lambda: self.on_gone(self))

    def _bye(self, reason: str, dialog: Dialog | None = None) -> None:
        headers = []
        if reason:
            text = re.sub(r'["\\\r\n]', " ", reason)
            headers = [("reason", f'SIP;cause=200;text="{text}"')]
        self.request("BYE", lambda response: None, headers=headers, dialog=dialog)

    def _info(self, request: Request, transaction: ServerTransaction) -> None:
        kind = request.headers.get("content-type").partition(";")[0].strip().lower()
        if kind not in ("application/dtmf-relay", "application/dtmf"):
            self.reply(transaction, 415 if request.body else 200, headers=[("accept", "application/dtmf-relay")])
            return
        match = _DIGIT.search(request.body.decode("latin-1"))
        self.reply(transaction, 200 if match else 400)
        if match:
            digit = match[1].upper()
            digit = {"10": "*", "11": "#", "12": "A", "13": "B", "14": "C", "15": "D"}.get(digit, digit)
            if len(digit) == 1:
                self.call(self.on_digit, digit)

    def _refresh(self) -> None:
        if self.state == "confirmed":
            self.negotiation.refresh()

    def _expire(self) -> None:
        if self.state != "ended":
            self.fail("session_expired")


def _nothing(*_: object) -> None:
    """Nobody listens."""


def _reason(headers: Headers) -> tuple[int, str]:
    """Cause and text of a Reason header (RFC 3326)."""
    value = headers.get("reason")
    cause = re.search(r";\s*cause\s*=\s*([0-9]{1,3})", value, re.I)
    text = re.search(r';\s*text\s*=\s*"((?:[^"\\]|\\.){0,200})"', value, re.I)
    return seconds(cause[1], 0) if cause else 0, text[1] if text else ""
