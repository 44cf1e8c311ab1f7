"""SIP messages: strict reading, plain writing (RFC 3261 7, 8.1.1, 8.2, 25; proved with the messages of RFC 4475)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from .headers import CSeq, Headers, Via, canonical, split_values
from .uri import TOKEN, BadAddress, NameAddr, Uri

MAX_OCTETS: Final = 65_535
MAX_HEADERS: Final = 256
_REQUEST = re.compile(rf"({TOKEN}) ([^\s<>]+) SIP/([0-9]+)\.([0-9]+)", re.I)
_RESPONSE = re.compile(r"SIP/2\.0 ([1-6][0-9][0-9]) ([^\r\n]*)", re.I)
_FOLD = re.compile(r"\r?\n[ \t]+")
_SINGLE: Final = ("call-id", "cseq", "from", "to", "max-forwards", "content-length", "content-type")

REASONS: Final = {
    100: "Trying",
    180: "Ringing",
    181: "Call Is Being Forwarded",
    183: "Session Progress",
    200: "OK",
    202: "Accepted",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    407: "Proxy Authentication Required",
    408: "Request Timeout",
    413: "Request Entity Too Large",
    415: "Unsupported Media Type",
    416: "Unsupported URI Scheme",
    420: "Bad Extension",
    422: "Session Interval Too Small",
    423: "Interval Too Brief",
    480: "Temporarily Unavailable",
    481: "Call/Transaction Does Not Exist",
    482: "Loop Detected",
    486: "Busy Here",
    487: "Request Terminated",
    488: "Not Acceptable Here",
    489: "Bad Event",
    491: "Request Pending",
    500: "Server Internal Error",
    501: "Not Implemented",
    503: "Service Unavailable",
    504: "Server Time-out",
    505: "Version Not Supported",
    600: "Busy Everywhere",
    603: "Decline",
}
"""Default reason phrases."""


@dataclass(slots=True, eq=False)
class Message:
    """What requests and responses have in common; the named fields are those that every layer looks at."""

    headers: Headers
    via: Via
    """The topmost one."""
    from_: NameAddr
    to: NameAddr
    call_id: str
    cseq: CSeq
    body: bytes = b""

    def _encode(self, start: str) -> bytes:
        self.headers.put("content-length", str(len(self.body)))
        return f"{start}\r\n{self.headers.text()}\r\n".encode("utf-8", "surrogateescape") + self.body

    def addresses(self, name: str) -> list[NameAddr]:
        """The addresses of Contact, Route, Record-Route, P-Asserted-Identity, …; bad ones raise `BadAddress`."""
        return [NameAddr.parse(value) for value in self.headers.values(name)]

    @property
    def sdp(self) -> bytes | None:
        """The session description of the body, also out of a multipart one; None where there is none."""
        if not self.body:
            return None
        kind = self.headers.get("content-type").partition(";")[0].strip().lower()
        if kind == "application/sdp":
            return self.body
        return _part(self.headers.get("content-type"), self.body) if kind.startswith("multipart/") else None


@dataclass(slots=True, eq=False)
class Request(Message):
    """A request; `uri` is the text of the Request-URI."""

    method: str = ""
    uri: str = ""

    def encode(self) -> bytes:
        """The octets for the wire."""
        return self._encode(f"{self.method} {self.uri} SIP/2.0")

    def set_via(self, via: Via) -> None:
        """Replace the topmost Via."""
        rest = self.headers.values("via")[1:]
        self.headers.put("via", str(via), *rest)
        self.via = via


@dataclass(slots=True, eq=False)
class Response(Message):
    """A response."""

    status: int = 0
    reason: str = ""

    def encode(self) -> bytes:
        """The octets for the wire."""
        return self._encode(f"SIP/2.0 {self.status} " + self.reason.replace("\r", " ").replace("\n", " "))


@dataclass(slots=True)
class Malformed(ValueError):
    """A message that breaks the grammar; with `reply` (400, 505, …) where it is a request that can be answered."""

    problem: str
    status: int = 0
    headers: Headers | None = field(default=None, repr=False)

    def reply(self) -> bytes | None:
        """The answer, with what could be read copied as it stood; None where silence is right."""
        if not self.status or self.headers is None:
            return None
        copied = Headers()
        for name in ("via", "from", "to", "call-id", "cseq"):
            for line in self.headers.lines(name)[: None if name == "via" else 1]:
                copied.add(name, line)
        copied.add("content-length", "0")
        reason = REASONS.get(self.status, "Bad Request") if self.status != 400 else f"Bad Request: {self.problem}"
        return f"SIP/2.0 {self.status} {reason}\r\n{copied.text()}\r\n".encode("utf-8", "surrogateescape")


def parse(data: bytes) -> Request | Response:
    """Read one message (a datagram, or one that a stream's framing has cut out); raises `Malformed`.

    Octets after the body are dropped (18.3).
    """
    if len(data) > MAX_OCTETS:
        raise Malformed("too long")
    head, separator, body = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not separator:
        raise Malformed("no end of the header")
    text = head.decode("utf-8", "surrogateescape")
    start, _, rest = text.partition("\r\n")
    response = _RESPONSE.fullmatch(start)
    request = None if response else _REQUEST.fullmatch(start)
    is_request = response is None and start[:8].upper() != "SIP/2.0 "
    headers = _read_headers(rest, is_request)
    error = 400 if is_request else 0
    if request is None and response is None:
        raise Malformed("start line", error if start[-12:].upper().find("SIP/") >= 0 else 0, headers)
    if request is not None and (request[3], request[4]) != ("2", "0"):
        raise Malformed("version", 505, headers)
    try:
        via, from_, to, call_id, cseq = _read_core(headers)
    except _Bad as bad:
        raise Malformed(str(bad), error if "via" in headers and str(bad) != "Via" else 0, headers) from None
    if request is not None and cseq.method != request[1]:
        raise Malformed("CSeq method", error, headers)
    length = headers.get("content-length").strip()
    if length:
        if not (length.isascii() and length.isdigit() and len(length) < 10) or int(length) > len(body):
            raise Malformed("Content-Length", error, headers)
        body = body[: int(length)]
    if request is None:
        assert response is not None
        return Response(headers, via, from_, to, call_id, cseq, body, int(response[1]), response[2].strip())
    forwards = headers.get("max-forwards", "70").strip()
    if not (forwards.isascii() and forwards.isdigit()) or int(forwards[:9]) > 255:
        raise Malformed("Max-Forwards", error, headers)
    try:
        if Uri.parse(request[2]).headers:
            raise Malformed("Request-URI with headers", error, headers)
    except BadAddress:
        raise Malformed("Request-URI", error, headers) from None
    return Request(headers, via, from_, to, call_id, cseq, body, request[1], request[2])


class _Bad(ValueError):
    """The name of a header that cannot be understood."""


def _read_headers(text: str, is_request: bool) -> Headers:
    headers = Headers()
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    lines = text.split("\r\n")
    if len(lines) > MAX_HEADERS:
        raise Malformed("too many header fields", 400 if is_request else 0, headers)
    broken = False
    for line in lines:
        name, colon, value = line.partition(":")
        name = canonical(name) if len(name) < 100 else ""
        if not colon or not name or "\n" in value:
            broken = True
            continue
        headers.add(name, value.strip(" \t"))
    if broken:
        raise Malformed("header field", 400 if is_request else 0, headers if "via" in headers else None)
    return headers


def _read_core(headers: Headers) -> tuple[Via, NameAddr, NameAddr, str, CSeq]:
    vias = split_values(headers.get("via"))
    via = Via.parse(vias[0]) if vias else None
    if via is None or any(Via.parse(value) is None for line in headers.lines("via") for value in split_values(line)):
        raise _Bad("Via")
    if any(_holes(line) for line in headers.lines("via")):
        raise _Bad("Via")
    for name in _SINGLE:
        if len(headers.lines(name)) > 1:
            raise _Bad(f"more than one {name}")
    call_id = headers.get("call-id")
    if not call_id or len(call_id) > 512 or any(character.isspace() for character in call_id):
        raise _Bad("Call-ID")
    cseq = CSeq.parse(headers.get("cseq"))
    if cseq is None:
        raise _Bad("CSeq")
    addresses: list[NameAddr] = []
    for name in ("From", "To"):
        try:
            addresses.append(NameAddr.parse(headers.get(name)))
        except BadAddress:
            raise _Bad(name) from None
    try:
        for value in headers.values("contact"):
            if value != "*":
                NameAddr.parse(value)
    except BadAddress:
        raise _Bad("Contact") from None
    return via, addresses[0], addresses[1], call_id, cseq


def _holes(line: str) -> bool:
    """Whether a list has empty values."""
    return any(not part.strip() for part in line.split(",")) if "," in line else False


def _part(content_type: str, body: bytes) -> bytes | None:
    match = re.search(r';\s*boundary\s*=\s*("[^"]{1,70}"|[^\s;"]{1,70})', content_type, re.I)
    if match is None:
        return None
    mark = b"--" + match[1].strip('"').encode()
    for part in (b"\r\n" + body).split(b"\r\n" + mark)[1:17]:
        head, separator, content = part.partition(b"\r\n\r\n")
        for line in head.split(b"\r\n"):
            name, _, value = line.partition(b":")
            if (
                name.strip().lower() in (b"content-type", b"c")
                and value.split(b";")[0].strip().lower() == b"application/sdp"
            ):
                return content if separator else None
    return None


def build_request(
    method: str,
    uri: str,
    *,
    via: Via,
    from_: NameAddr,
    to: NameAddr,
    call_id: str,
    number: int,
    headers: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    content_type: str = "application/sdp",
) -> Request:
    """A request of our own with the fields that each must have (8.1.1)."""
    cseq = CSeq(number, method)
    built = Headers(
        [
            ("via", str(via)),
            ("max-forwards", "70"),
            ("from", str(from_)),
            ("to", str(to)),
            ("call-id", call_id),
            ("cseq", str(cseq)),
            *headers,
        ]
    )
    if body:
        built.put("content-type", content_type)
    return Request(built, via, from_, to, call_id, cseq, body, method, uri)


def respond(
    request: Request,
    status: int,
    *,
    tag: str = "",
    reason: str = "",
    headers: Iterable[tuple[str, str]] = (),
    body: bytes = b"",
    content_type: str = "application/sdp",
) -> Response:
    """A response to the request (8.2.6); `tag` is put on To where it has none yet."""
    to = request.to
    to_line = request.headers.get("to")
    if tag and not to.tag:
        to = to.with_tag(tag)
        to_line = str(to)
    built = Headers([("via", line) for line in request.headers.lines("via")])
    built.add("from", request.headers.get("from"))
    built.add("to", to_line)
    built.add("call-id", request.call_id)
    built.add("cseq", str(request.cseq))
    if 100 < status < 300:
        for line in request.headers.lines("record-route"):
            built.add("record-route", line)
    for name, value in headers:
        built.add(name, value)
    if body:
        built.put("content-type", content_type)
    phrase = reason or REASONS.get(status, "Status")
    return Response(built, request.via, request.from_, to, request.call_id, request.cseq, body, status, phrase)
