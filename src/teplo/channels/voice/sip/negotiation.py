"""Offers within a call (RFC 3261 14, RFC 3311, RFC 3264): ours and the peer's, one at a time, glare waited out."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Literal

from ..sdp import SdpError
from .core import ALLOW, SUPPORTED, log
from .headers import seconds
from .message import Request, Response
from .timers import T1, T2, Timer
from .transaction import ServerTransaction

if TYPE_CHECKING:
    from .session import Session

_RETRIES: Final = 5


class Acknowledgement:
    """A 2xx to INVITE that is sent again until its ACK comes (13.3.1.4), over reliable transports too."""

    def __init__(self, session: "Session", transaction: ServerTransaction, response: Response) -> None:
        self._session = session
        self._transaction = transaction
        self._response = response
        self.number = response.cseq.number
        timers = session.core.timers
        self._timers = [timers.after(T1, lambda: self._again(T1)), timers.after(64 * T1, self._missing)]

    def stop(self) -> None:
        """It has come, or does not matter any more."""
        for timer in self._timers:
            timer.cancel()

    def _again(self, interval: float) -> None:
        self._transaction.respond(self._response)
        longer = min(interval * 2, T2)
        self._timers[0] = self._session.core.timers.after(longer, lambda: self._again(longer))

    def _missing(self) -> None:
        self.stop()
        self._session.negotiation.unacknowledged()


class Negotiation:
    """The offers of one session."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._sent: Literal["", "INVITE", "UPDATE"] = ""
        self._wanted: bytes | None = None
        self._retry: Timer | None = None
        self._tries = 0
        self._no_update = False
        self._waiting: Acknowledgement | None = None
        self._offered_in_2xx = False
        self._last: Callable[[], None] | None = None

    @property
    def busy(self) -> bool:
        """Whether an exchange is under way in either direction."""
        return bool(self._sent) or self._waiting is not None

    def offer(self, sdp: bytes) -> None:
        """Send this offer as soon as none is under way; a newer one replaces one that waits."""
        self._wanted = sdp
        if self._retry is None:
            self.next()

    def next(self) -> None:
        """Send what waits, if now is the time."""
        session = self._session
        if self._wanted is None or self.busy or session.state != "confirmed":
            return
        sdp, self._wanted = self._wanted, None
        self._send(sdp, "UPDATE" if "update" in session.allow and not self._no_update else "INVITE")

    def refresh(self) -> None:
        """A refresh of the session timer: an UPDATE without an offer, else what was said before (RFC 4028 7.4)."""
        session = self._session
        if session.state != "confirmed":
            return
        if self.busy or self._retry:
            session.core.timers.after(1.0, self.refresh)
        elif "update" in session.allow and not self._no_update:
            self._send(b"", "UPDATE")
        else:
            self._send(session.local_sdp or b"", "INVITE")

    def expect(self, transaction: ServerTransaction, response: Response, *, offered: bool) -> None:
        """Our 2xx to an INVITE is out; `offered`: it carried our offer, so that the ACK has the answer."""
        self._waiting = Acknowledgement(self._session, transaction, response)
        self._offered_in_2xx = offered

    def after_ack(self, action: Callable[[], None]) -> None:
        """The session is over for its owner; this is left to do once the ACK is there, or will not come."""
        self._last = action

    def unacknowledged(self) -> None:
        """The ACK does not come."""
        self._waiting = None
        if self._last is not None:
            self._last()
        else:
            self._session.fail("no_ack")

    def acknowledged(self, ack: Request) -> None:
        """An ACK within the dialog."""
        session = self._session
        if self._waiting is None or ack.cseq.number != self._waiting.number:
            return
        self._waiting.stop()
        self._waiting = None
        if self._last is not None:
            self._last()
            return
        sdp = ack.sdp if self._offered_in_2xx else None
        if sdp is not None:
            session.remote_sdp = sdp
        if session.state == "answered":
            session.state = "confirmed"
            session.call(session.on_answered, sdp)
        elif sdp is not None:
            session.call(session.on_renegotiated, sdp)
        self.next()

    def receive(self, request: Request, transaction: ServerTransaction) -> None:
        """A re-INVITE or UPDATE of the peer."""
        session = self._session
        if self._sent:
            session.reply(transaction, 491)
        elif session.timer.too_small(request):
            session.reply(transaction, 422, headers=[("min-se", str(session.core.settings.min_se))])
        elif self._waiting is not None or (
            session.state != "confirmed" and (request.sdp or request.method == "INVITE")
        ):
            wait = str(round(session.core.chance() * 10))
            session.reply(transaction, 500, headers=[("retry-after", wait)])  # 14.2, RFC 3311 5.2
        else:
            self._accept(request, transaction)

    def stop(self) -> None:
        """The session is over."""
        self._wanted = None
        for pending in (self._waiting, self._retry):
            if isinstance(pending, Acknowledgement):
                if self._last is None:
                    pending.stop()
            elif pending is not None:
                pending.cancel()

    def answer_to(self, sdp: bytes) -> bytes | None:
        """Ask the owner for the answer to an offer; None means 488."""
        session = self._session
        try:
            answer = session.on_offer(sdp)
        except SdpError:
            return None
        except Exception:  # noqa: BLE001 - the border to the owner's code
            log.exception("sip.callback_failed")
            return None
        if answer is not None:
            session.remote_sdp, session.local_sdp = sdp, answer
        return answer

    def _accept(self, request: Request, transaction: ServerTransaction) -> None:
        session = self._session
        body = b""
        if (sdp := request.sdp) is not None:
            answer = self.answer_to(sdp)
            if answer is None:
                session.reply(transaction, 488)
                return
            body = answer
        elif request.body:
            session.reply(transaction, 415, headers=[("accept", "application/sdp")])
            return
        elif request.method == "INVITE":
            body = session.local_sdp or b""
        session.dialog.refresh(request)
        headers = [("contact", session.core.contact(session.flow)), ("allow", ALLOW), ("supported", SUPPORTED)]
        headers += session.timer.answer_request(request)
        response = session.reply(transaction, 200, headers=headers, body=body)
        if request.method == "INVITE":
            self.expect(transaction, response, offered=sdp is None)
        self.next()

    def _send(self, sdp: bytes, method: Literal["INVITE", "UPDATE"]) -> None:
        session = self._session
        self._sent = method
        headers = [("contact", session.core.contact(session.flow)), ("allow", ALLOW), ("supported", SUPPORTED)]
        headers += session.timer.request_headers()
        session.request(
            method,
            lambda response: self._answered(response, sdp, method),
            headers=headers,
            body=sdp,
            on_failure=lambda why: self._done(),
        )

    def _done(self) -> None:
        self._sent = ""

    def _answered(self, response: Response, sdp: bytes, method: Literal["INVITE", "UPDATE"]) -> None:
        session = self._session
        succeeded = response.status < 300
        if succeeded and method == "INVITE":
            session.acknowledge(response.cseq.number)
        if not self._sent or session.state == "ended":
            return  # a retransmitted 2xx, or one that came too late
        self._done()
        if succeeded:
            self._tries = 0
            session.dialog.refresh(response)
            session.timer.accept_response(response)
            if sdp and response.sdp is not None:
                session.local_sdp, session.remote_sdp = sdp, response.sdp
                session.call(session.on_renegotiated, response.sdp)
        elif response.status in (405, 501) and method == "UPDATE":
            self._no_update = True
            self._send(sdp or session.local_sdp or b"", "INVITE")
            return
        elif (wait := self._wait(response)) is not None and self._tries < _RETRIES:
            self._tries += 1
            self._retry = session.core.timers.after(wait, lambda: self._again(sdp))
            return
        else:
            self._tries = 0
            if sdp and response.status not in (408, 481):
                session.call(session.on_renegotiated, None)
        self.next()

    def _wait(self, response: Response) -> float | None:
        """Seconds until another try is due, None where there is none (14.1)."""
        core = self._session.core
        if response.status == 491:
            ours = self._session.owns_call_id
            return round(2.1 + 1.9 * core.chance(), 2) if ours else round(2.0 * core.chance(), 2)
        if response.status == 422 and self._session.timer.lift(response):
            return 0.0
        if response.status == 500 and "retry-after" in response.headers:
            return float(seconds(response.headers.get("retry-after"), 1, 10))
        return None

    def _again(self, sdp: bytes) -> None:
        self._retry = None
        if self._wanted is None and sdp:
            self._wanted = sdp
        if self._wanted is not None:
            self.next()
        else:
            self.refresh()
