"""REFER in a dialog: the peer's transfer key (RFC 3515), with the dialog that is to be replaced (RFC 3891)."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl

from .message import REASONS, Request
from .transaction import ServerTransaction
from .uri import BadAddress, NameAddr, Uri

if TYPE_CHECKING:
    from .session import Session

_PATIENCE: Final = 90.0
"""Seconds after which the peer is told that nothing came of it, if the owner has not said how it went."""


_FRAGMENT = re.compile(rb"SIP/2\.0 ([1-6][0-9]{2})\b")


@dataclass(frozen=True, slots=True)
class Replaces:
    """A dialog as whoever would be called knows it (RFC 3891 3): Call-ID, their own tag, that of the far end."""

    call_id: str
    to_tag: str
    from_tag: str

    @classmethod
    def parse(cls, text: str) -> "Replaces":
        """The value of a Replaces header field. Raises BadAddress."""
        call_id, *parameters = (part.strip() for part in text.split(";"))
        found = {name.strip().lower(): value.strip() for name, _, value in (one.partition("=") for one in parameters)}
        if not call_id or not found.get("to-tag") or not found.get("from-tag"):
            raise BadAddress("not a Replaces")
        return cls(call_id, found["to-tag"], found["from-tag"])

    def names(self, session: "Session") -> bool:
        """Whether this is a session of ours: `to-tag` is the local one of whoever would be called."""
        return session.dialog.key == (self.call_id, self.to_tag, self.from_tag)


class Referral:
    """One REFER that is being followed; `tell` ends it. `target` has no headers any more."""

    def __init__(self, session: "Session", request: Request, target: Uri, replaces: Replaces | None) -> None:
        self.target = target
        self.replaces = replaces
        self._session = session
        self._event = f"refer;id={request.cseq.number}"
        self._silent = request.headers.get("refer-sub").strip().lower() == "false"  # RFC 4488
        self._over = False

    def begin(self) -> None:
        """Say that we are at it; a deadline makes sure that the subscription ends (RFC 3515 2.4.4)."""
        if not self._over:
            self._notify(100, f"active;expires={_PATIENCE:.0f}")
            self._session.core.timers.after(_PATIENCE, lambda: self.tell(503))

    def tell(self, status: int) -> None:
        """Say how it went, by the status that a call there would have got; the first word counts."""
        if not self._over:
            self._over = True
            self._notify(status, "terminated;reason=noresource")

    def _notify(self, status: int, state: str) -> None:
        if self._silent or self._session.state != "confirmed":
            return
        core = self._session.core
        headers = [
            ("event", self._event),
            ("subscription-state", state),
            ("contact", core.contact(self._session.flow)),
        ]
        body = f"SIP/2.0 {status} {REASONS.get(status, 'Unknown')}\r\n".encode()
        kind = "message/sipfrag;version=2.0"
        self._session.request("NOTIFY", lambda response: None, headers=headers, body=body, content_type=kind)


def receive(
    session: "Session", request: Request, transaction: ServerTransaction, owner: Callable[[Referral], bool]
) -> None:
    """Answer a REFER: 400 for what is none, 603 where the owner follows nobody, else 202 and what comes of it."""
    try:
        referral = read(session, request)
    except BadAddress as problem:
        session.reply(transaction, 400, reason=f"Bad Request: {problem}")
        return
    if session.state != "confirmed" or not session.call(owner, referral):
        session.reply(transaction, 603)
        return
    silent = request.headers.get("refer-sub").strip().lower() == "false"
    session.reply(transaction, 202, headers=[("refer-sub", "false")] if silent else [])
    referral.begin()


def notified(
    session: "Session", request: Request, transaction: ServerTransaction, owner: Callable[[int], None] | None
) -> None:
    """Answer a NOTIFY about a REFER of ours; the owner is told the status of its sipfrag (RFC 3420). Others: 489."""
    event = request.headers.get("event").partition(";")[0].strip().lower()
    found = _FRAGMENT.match(request.body)
    if owner is None or event != "refer" or found is None:
        session.reply(transaction, 489, headers=[("allow-events", "refer")])
        return
    session.reply(transaction, 200)
    session.call(owner, int(found[1]))


def read(session: "Session", request: Request) -> Referral:
    """What a REFER asks. Raises BadAddress where there is not exactly one address to go to (RFC 3515 2.4.1)."""
    values = request.headers.lines("refer-to")
    if len(values) != 1:
        raise BadAddress("Refer-To")
    target = NameAddr.parse(values[0]).uri
    replaces = None
    if target.headers:
        fields = {name.lower(): value for name, value in parse_qsl(target.headers.lstrip("?").replace("+", "%2B"))}
        if fields.get("method", "INVITE").upper() != "INVITE":
            raise BadAddress("method")
        replaces = Replaces.parse(fields["replaces"]) if "replaces" in fields else None
    return Referral(session, request, replace(target, headers=""), replaces)
