"""Dialogs (RFC 3261 12): who talks to whom, with which numbers and over which route."""

from collections.abc import Iterable

from .headers import Via
from .message import Request, Response, build_request
from .uri import BadAddress, NameAddr, Uri


class Dialog:
    """One dialog as seen from here; `local` and `remote` carry the tags."""

    def __init__(
        self,
        call_id: str,
        local: NameAddr,
        remote: NameAddr,
        target: str,
        routes: Iterable[str],
        local_number: int,
        remote_number: int | None = None,
    ) -> None:
        self.call_id = call_id
        self.local = local
        self.remote = remote
        self.target = target
        self.routes = list(routes)
        self.local_number = local_number
        self.remote_number = remote_number

    @classmethod
    def of_request(cls, request: Request, tag: str) -> "Dialog":
        """The dialog that our response to this request makes (12.1.1)."""
        routes = request.headers.values("record-route")
        target = contact_of(request) or str(request.from_.uri)
        return cls(request.call_id, request.to.with_tag(tag), request.from_, target, routes, 0, request.cseq.number)

    @classmethod
    def of_response(cls, request: Request, response: Response) -> "Dialog":
        """The dialog that the peer's response makes (12.1.2)."""
        routes = reversed(response.headers.values("record-route"))
        target = contact_of(response) or request.uri
        return cls(request.call_id, request.from_, response.to, target, routes, request.cseq.number)

    @property
    def key(self) -> tuple[str, str, str]:
        """Call-ID, local tag, remote tag."""
        return self.call_id, self.local.tag, self.remote.tag

    def accepts(self, request: Request) -> bool:
        """Whether the request is newer than those seen (12.2.2); remembers its number."""
        number = request.cseq.number
        if self.remote_number is not None and number <= self.remote_number:
            return False
        self.remote_number = number
        return True

    def refresh(self, message: Request | Response) -> None:
        """Take the peer's new address out of a target refresh (12.2.1.2, 12.2.2)."""
        self.target = contact_of(message) or self.target

    def request(
        self,
        method: str,
        via: Via,
        *,
        number: int | None = None,
        headers: Iterable[tuple[str, str]] = (),
        body: bytes = b"",
    ) -> Request:
        """The next request in the dialog (12.2.1.1), or one with the number of another: ACK, CANCEL."""
        if number is None:
            self.local_number += 1
            number = self.local_number
        uri, routes = self._route()
        return build_request(
            method,
            uri,
            via=via,
            from_=self.local,
            to=self.remote,
            call_id=self.call_id,
            number=number,
            headers=[*(("route", route) for route in routes), *headers],
            body=body,
        )

    def next_hop(self) -> Uri:
        """The URI that says where the next request is sent."""
        uri, routes = self._route()
        try:
            return (
                NameAddr.parse(routes[0]).uri
                if routes and "lr" in NameAddr.parse(routes[0]).uri.parameters
                else Uri.parse(uri)
            )
        except BadAddress:
            return Uri.parse(self.target)

    def _route(self) -> tuple[str, list[str]]:
        if not self.routes:
            return self.target, []
        try:
            first = NameAddr.parse(self.routes[0]).uri
        except BadAddress:
            return self.target, []
        if "lr" in first.parameters:
            return self.target, self.routes
        return str(first), [*self.routes[1:], f"<{self.target}>"]  # a strict router


def contact_of(message: Request | Response) -> str:
    """The URI of the first Contact, "" where there is none that can be called."""
    try:
        contact = next(iter(message.addresses("contact")), None)
    except BadAddress:
        return ""
    return str(contact.uri) if contact and contact.uri.is_sip else ""
