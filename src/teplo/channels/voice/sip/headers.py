"""Header fields: their names, their order and the grammar of those that every layer needs (RFC 3261 7.3, 20)."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Final

from .uri import PARAMETERS, QUOTED, TOKEN, bracketed, format_parameters, parse_parameters, unquoted

COMPACT: Final[Mapping[str, str]] = {
    "a": "accept-contact",
    "b": "referred-by",
    "c": "content-type",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
    "x": "session-expires",
}
"""One-letter names and what they stand for."""

_SPELLING: Final = {
    "call-id": "Call-ID",
    "cseq": "CSeq",
    "mime-version": "MIME-Version",
    "www-authenticate": "WWW-Authenticate",
    "min-se": "Min-SE",
    "rseq": "RSeq",
    "rack": "RAck",
}
_VIA = re.compile(
    rf"\s*SIP\s*/\s*2\.0\s*/\s*({TOKEN})\s+(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._\-]+)(?:\s*:\s*([0-9]{{1,5}}))?({PARAMETERS})\s*",
    re.I | re.S,
)
_NAME = re.compile(TOKEN)
_CSEQ = re.compile(rf"([0-9]{{1,12}})\s+({TOKEN})")
_VALUE = re.compile(rf"(?:[^\",<]|{QUOTED}|<[^>]*>|[\"<].*)+", re.S)
_AUTH_PARAMETER = re.compile(rf"\s*({TOKEN})\s*=\s*({QUOTED}|[^\s,\"]+)\s*(?:,|$)", re.S)


class Headers:
    """Header fields by name; the order of equal names is kept, that of different names does not matter (7.3.1)."""

    __slots__ = ("_fields",)

    def __init__(self, items: Iterable[tuple[str, str]] = ()) -> None:
        self._fields: dict[str, list[str]] = {}
        for name, value in items:
            self.add(name, value)

    def add(self, name: str, value: str) -> None:
        """One more line of that name, after the others."""
        name = name.lower()
        name = COMPACT.get(name, name)
        if name in self._fields:
            self._fields[name].append(value)
        else:
            self._fields[name] = [value]

    def put(self, name: str, *values: str) -> None:
        """Exactly these lines of that name; none removes it."""
        if values:
            self._fields[name.lower()] = list(values)
        else:
            self._fields.pop(name.lower(), None)

    def get(self, name: str, default: str = "") -> str:
        """The first line of that name."""
        found = self._fields.get(name.lower())
        return found[0] if found else default

    def lines(self, name: str) -> list[str]:
        """All lines of that name, as they stand."""
        return self._fields.get(name.lower(), [])

    def values(self, name: str) -> list[str]:
        """All comma-separated values of that name, in order, stripped."""
        return [value for line in self._fields.get(name.lower(), ()) for value in split_values(line)]

    def tokens(self, name: str) -> set[str]:
        """The values as a set of lower-case words: Supported, Require, Allow, …"""
        return {value.lower() for value in self.values(name)}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._fields

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for name, values in self._fields.items():
            for value in values:
                yield name, value

    def text(self) -> str:
        """The lines for the wire; a line break inside a value becomes a space, so that no value can add a header."""
        parts: list[str] = []
        for name, values in self._fields.items():
            spelled = _spelled(name)
            for value in values:
                if "\r" in value or "\n" in value:
                    value = value.replace("\r", " ").replace("\n", " ")
                parts.append(f"{spelled}: {value}\r\n")
        return "".join(parts)


@dataclass(frozen=True, slots=True)
class Via:
    """One Via value: transport, sent-by and parameters."""

    transport: str
    host: str
    port: int | None
    parameters: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> "Via | None":
        """None where it is no Via."""
        match = _VIA.fullmatch(text)
        if match is None or (match[3] and not 0 < int(match[3]) < 65_536):
            return None
        port = int(match[3]) if match[3] else None
        return cls(match[1].upper(), match[2].strip("[]").lower(), port, parse_parameters(match[4]))

    @property
    def branch(self) -> str:
        """The transaction's id; "" where an RFC 2543 element has given none."""
        return self.parameters.get("branch", "")

    @property
    def sent_by(self) -> tuple[str, int]:
        """Host and port, with the transport's default."""
        return self.host, self.port or (5061 if self.transport == "TLS" else 5060)

    def received_from(self, host: str, port: int) -> "Via":
        """With `received` and `rport` filled in (18.2.1, RFC 3581 4)."""
        more: dict[str, str] = {}
        if "rport" in self.parameters:
            more = {"rport": str(port), "received": host}
        elif host != self.host:
            more = {"received": host}
        return replace(self, parameters={**self.parameters, **more}) if more else self

    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        return f"SIP/2.0/{self.transport} {bracketed(self.host)}{port}{format_parameters(self.parameters)}"


@dataclass(frozen=True, slots=True)
class CSeq:
    """Sequence number (below 2**31) and method."""

    number: int
    method: str

    @classmethod
    def parse(cls, text: str) -> "CSeq | None":
        """None where it is no CSeq (8.1.1.5)."""
        match = _CSEQ.fullmatch(text)
        return cls(int(match[1]), match[2]) if match and int(match[1]) < 2**31 else None

    def __str__(self) -> str:
        return f"{self.number} {self.method}"


def split_values(line: str) -> list[str]:
    """Values between commas that stand neither in quotes nor in angle brackets."""
    if "," not in line:
        stripped = line.strip()
        return [stripped] if stripped else []
    return [part for match in _VALUE.finditer(line) if (part := match[0].strip())]


def seconds(text: str, default: int, most: int = 2**31 - 1) -> int:
    """A delta-seconds value before its parameters; `default` where it is no number, cut at `most`."""
    digits = text.partition(";")[0].partition("(")[0].strip()
    return min(int(digits), most) if digits.isascii() and digits.isdigit() and len(digits) < 20 else default


def auth_parameters(text: str) -> tuple[str, dict[str, str]]:
    """Scheme in lower case and parameters of a challenge or of credentials (20.7, 20.27)."""
    scheme, _, rest = text.strip().partition(" ")
    found: dict[str, str] = {}
    for name, value in _AUTH_PARAMETER.findall(rest):
        found.setdefault(name.lower(), unquoted(value) if value[:1] == '"' else value)
    return scheme.lower(), found


@lru_cache(maxsize=512)
def canonical(name: str) -> str:
    """The long name in lower case, "" where it is no token."""
    stripped = name.rstrip(" \t")
    return COMPACT.get(stripped.lower(), stripped.lower()) if _NAME.fullmatch(stripped) else ""


@lru_cache(maxsize=512)
def _spelled(name: str) -> str:
    spelled = _SPELLING.get(name)
    return spelled if spelled else "-".join(part.capitalize() for part in name.split("-"))
