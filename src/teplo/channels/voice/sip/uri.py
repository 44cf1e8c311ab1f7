"""SIP URIs and addresses with a display name (RFC 3261 19.1, 20.10, 25.1)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

TOKEN: Final = r"[A-Za-z0-9\-.!%*_+`'~]+"  # noqa: S105
QUOTED: Final = r'"(?:[^"\\]|\\.)*"'
_VALUE = r'[^\s;,"<>=]+'
PARAMETERS: Final = rf"(?:\s*;\s*{TOKEN}(?:\s*=\s*(?:{QUOTED}|{_VALUE}))?)*"
_PARAMETER = re.compile(rf"\s*;\s*({TOKEN})(?:\s*=\s*({QUOTED}|{_VALUE}))?", re.S)
_NAME_ADDR = re.compile(
    rf"(?:(?:({QUOTED})\s*|([A-Za-z0-9\-.!%*_+`'~ \t\u0080-\U0010ffff]*))<([^<>\s]+)>|([^\s;,?<>\"]+))"
    rf"({PARAMETERS})",
    re.S,
)
_SIP = re.compile(
    r"(sips?):(?:([A-Za-z0-9\-_.!~*'()%&=+$,;?/#]+)(?::([A-Za-z0-9\-_.!~*'()%&=+$,]*))?@)?"
    r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._\-]+)(?::([0-9]{1,5}))?((?:;[^;?\s<>@]+)*)(\?[^\s<>]*)?",
    re.I,
)
_OTHER = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):([^\s<>\"]+)")
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_USER_SAFE: Final = "-_.!~*'()&=+$,;?/"


class BadAddress(ValueError):
    """Text that is no address by the grammar."""


@dataclass(frozen=True, slots=True)
class Uri:
    """A `sip:` or `sips:` URI; of other schemes only `scheme` and the opaque `user` are filled (`host` is empty)."""

    scheme: str
    user: str
    host: str
    """Without brackets, in lower case."""
    port: int | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case; "" where there is no value."""
    headers: str = ""
    password: str = ""

    @classmethod
    def parse(cls, text: str) -> "Uri":
        """Raises `BadAddress`."""
        return _parse(text)

    @property
    def is_sip(self) -> bool:
        """Whether it is `sip:` or `sips:`."""
        return self.scheme in ("sip", "sips")

    @property
    def transport(self) -> str:
        """`UDP`, `TCP`, `TLS`, … as the URI asks (19.1.1); "" where it does not."""
        wanted = self.parameters.get("transport", "").upper()
        return "TLS" if self.scheme == "sips" and wanted in ("", "TCP") else wanted

    def __str__(self) -> str:
        if not self.is_sip:
            return f"{self.scheme}:{self.user}"
        user = quote(self.user, safe=_USER_SAFE)
        user += f":{self.password}" if self.password else ""
        port = "" if self.port is None else f":{self.port}"
        parameters = "".join(f";{name}={value}" if value else f";{name}" for name, value in self.parameters.items())
        return f"{self.scheme}:{user}{'@' if user else ''}{bracketed(self.host)}{port}{parameters}{self.headers}"

    def __hash__(self) -> int:
        return hash((self.scheme, self.user, self.host, self.port))


@dataclass(frozen=True, slots=True)
class NameAddr:
    """An address as in From, To, Contact, Route: display name, URI and the header's own parameters."""

    uri: Uri
    display: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "NameAddr":
        """Raises `BadAddress`."""
        match = _NAME_ADDR.fullmatch(text.strip())
        if match is None:
            raise BadAddress("not a name-addr")
        quoted, tokens, inside, bare, parameters = match.groups()
        display = unquoted(quoted) if quoted else (tokens or "").strip()
        return cls(Uri.parse(inside or bare), display, parse_parameters(parameters))

    @property
    def tag(self) -> str:
        """The dialog tag; "" where there is none."""
        return self.parameters.get("tag", "")

    def with_tag(self, tag: str) -> "NameAddr":
        """The same address with another tag."""
        return replace(self, parameters={**self.parameters, "tag": tag})

    def __str__(self) -> str:
        display = '"' + re.sub(r'(["\\])', r"\\\1", self.display) + '" ' if self.display else ""
        return f"{display}<{self.uri}>{format_parameters(self.parameters)}"


def bracketed(host: str) -> str:
    """A host as it stands in URI and Via: IPv6 in brackets."""
    return f"[{host}]" if ":" in host else host


def unquoted(text: str) -> str:
    """The content of a quoted string."""
    return re.sub(r"\\(.)", r"\1", text[1:-1], flags=re.S)


def parse_parameters(text: str) -> dict[str, str]:
    """Parameters of text that has matched `PARAMETERS`; the first of equal names counts."""
    found: dict[str, str] = {}
    if text:
        for name, value in _PARAMETER.findall(text):
            found.setdefault(name.lower(), unquoted(value) if value[:1] == '"' else value)
    return found


def format_parameters(parameters: Mapping[str, str]) -> str:
    """`;name=value` with quotes where the grammar needs them."""
    text = ""
    for name, value in parameters.items():
        if value and not re.fullmatch(r"[A-Za-z0-9\-.!%*_+`'~:\[\]]+", value):
            value = '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'
        text += f";{name}={value}" if value else f";{name}"
    return text


@lru_cache(maxsize=2048)
def _parse(text: str) -> Uri:
    if len(text) > 4096 or not text.isascii() or _ESCAPE.search(text):
        raise BadAddress("not a URI")
    match = _SIP.fullmatch(text)
    if match is None:
        other = _OTHER.fullmatch(text)
        if other is None or other[1].lower() in ("sip", "sips"):
            raise BadAddress("not a URI")
        return Uri(other[1].lower(), other[2], "")
    scheme, user, password, host, port, rest, headers = match.groups()
    if port is not None and not 0 < int(port) < 65_536:
        raise BadAddress("port out of range")
    parameters: dict[str, str] = {}
    for item in rest.split(";")[1:]:
        name, _, value = item.partition("=")
        if not name or name.lower() in parameters:
            raise BadAddress("a parameter is empty or doubled")
        parameters[name.lower()] = value
    return Uri(
        scheme.lower(),
        unquote(user or ""),
        host.strip("[]").lower(),
        int(port) if port else None,
        parameters,
        headers or "",
        password or "",
    )
