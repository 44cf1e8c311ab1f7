"""Reading session descriptions: strict on what is used, blind to the rest (RFC 8866 5)."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, cast

from .description import STATIC, SUITES, Audio, Candidate, Crypto, Direction, Dtls, Ice, Other, Sdp, SdpError

MAX_OCTETS: Final = 16_384
MAX_MEDIA: Final = 16
MAX_FORMATS: Final = 64
_DIRECTIONS: Final = ("sendrecv", "sendonly", "recvonly", "inactive")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]+")
_ICE = re.compile(r"[A-Za-z0-9+/]+")
_NUMBER = re.compile(r"[0-9]{1,10}")


def parse(body: bytes) -> Sdp:
    """Understand a description; raises `SdpError`. Unknown lines and attributes are skipped (RFC 8866 5)."""
    if len(body) > MAX_OCTETS:
        raise SdpError("description too long")
    try:
        lines = [line for line in body.decode("utf-8").replace("\r\n", "\n").split("\n") if line]
    except UnicodeDecodeError:
        raise SdpError("description is not UTF-8") from None
    if not lines or lines[0].rstrip() != "v=0":
        raise SdpError("description does not begin with v=0")
    sections: list[list[tuple[str, str]]] = [[]]
    for line in lines[1:]:
        if len(line) < 2 or line[1] != "=":
            raise SdpError("line without a type")
        if line[0] == "m":
            sections.append([])
        sections[-1].append((line[0], line[2:].strip()))
    if len(sections) > MAX_MEDIA + 1:
        raise SdpError("too many media")
    head = sections[0]
    user, session_id, version, origin = _origin(next((value for kind, value in head if kind == "o"), ""))
    host = _connection(head)
    attributes = [value for kind, value in head if kind == "a"]
    media = tuple(_medium(section, host, attributes) for section in sections[1:])
    bundle = next((tuple(a[13:].split()) for a in attributes if a.startswith("group:BUNDLE ")), ())
    return Sdp(media, session_id, version, host or origin, user, bundle)


def _origin(value: str) -> tuple[str, int, int, str]:
    fields = value.split()
    if len(fields) != 6 or not (fields[1].isdecimal() and fields[2].isdecimal()) or len(fields[1] + fields[2]) > 40:
        raise SdpError("the origin line cannot be understood")
    return fields[0], int(fields[1]), int(fields[2]), fields[5]


def _connection(lines: Iterable[tuple[str, str]]) -> str:
    value = next((value for kind, value in lines if kind == "c"), None)
    if value is None:
        return ""
    fields = value.split()
    if len(fields) != 3 or fields[0] != "IN" or fields[1] not in ("IP4", "IP6"):
        raise SdpError("the connection line cannot be understood")
    host = fields[2].split("/")[0]
    if len(host) > 255 or not all(character.isalnum() or character in ".:-_" for character in host):
        raise SdpError("the connection address cannot be understood")
    return host


def _medium(section: list[tuple[str, str]], host: str, session: list[str]) -> Audio | Other:
    fields = section[0][1].split()
    if len(fields) < 4 or not _TOKEN.fullmatch(fields[0]):
        raise SdpError("a media line cannot be understood")
    kind, profile, formats = fields[0], fields[2], fields[3:]
    port = _number(fields[1].split("/")[0], 65_535)
    host = _connection(section) or host
    own = [value for kind_, value in section if kind_ == "a"]
    mid = next((a[4:] for a in own if a.startswith("mid:")), None)
    if kind != "audio" or "RTP/" not in profile:
        return Other(kind, profile, " ".join(formats), port, mid)
    if not host:
        raise SdpError("a stream without an address")
    if len(formats) > MAX_FORMATS:
        raise SdpError("too many formats")
    maps, parameters = _maps(own)
    codecs: dict[int, str] = {}
    events: dict[int, int] = {}
    for text in formats:
        pt = _number(text, 127)
        codec = maps.get(pt) or STATIC.get(pt)
        if codec is None:
            continue
        name, _, rest = codec.partition("/")
        if name.lower() == "telephone-event":
            events[pt] = _number(rest.split("/")[0], 1_000_000)
        elif name.upper() != "CN":
            codecs[pt] = codec
    return _attributes(
        Audio(host, port, codecs, events, parameters, profile=profile, mid=mid), own=own, session=session
    )


def _maps(attributes: Iterable[str]) -> tuple[dict[int, str], dict[int, str]]:
    """The rtpmap and fmtp lines by payload type."""
    maps: dict[int, str] = {}
    parameters: dict[int, str] = {}
    for attribute in attributes:
        name, _, value = attribute.partition(":")
        pt, _, rest = value.partition(" ")
        if name == "rtpmap":
            parts = rest.strip().split("/")
            if len(parts) not in (2, 3) or not _TOKEN.fullmatch(parts[0]):
                raise SdpError("an rtpmap cannot be understood")
            _number(parts[1], 1_000_000)
            channels = parts[2:] if parts[2:] != ["1"] else []
            maps[_number(pt, 127)] = "/".join([*parts[:2], *channels])
        elif name == "fmtp" and pt.isdecimal() and len(pt) < 4:
            parameters[int(pt)] = rest.strip()
    return maps, parameters


def _attributes(audio: Audio, *, own: list[str], session: list[str]) -> Audio:
    direction: str | None = None
    ptime = audio.ptime
    crypto: list[Crypto] = []
    candidates: list[Candidate] = []
    values: dict[str, str] = {}
    for attribute in [*session, *own]:  # the stream's word counts more than the session's
        name, _, value = attribute.partition(":")
        if name in _DIRECTIONS:
            direction = name
        elif name == "ptime" and _NUMBER.fullmatch(value):
            ptime = int(value)
        elif name == "crypto":
            line = _crypto(value)
            crypto += [line] if line else []
        elif name == "candidate":
            candidate = _candidate(value)
            candidates += [candidate] if candidate else []
        elif name in ("ice-ufrag", "ice-pwd", "fingerprint", "setup", "rtcp", "rtcp-mux", "ice-lite"):
            values[name] = value.strip()
    ice = dtls = None
    if (ufrag := values.get("ice-ufrag")) and (pwd := values.get("ice-pwd")):
        if not (_ICE.fullmatch(ufrag) and _ICE.fullmatch(pwd) and len(ufrag) <= 256 and len(pwd) <= 256):
            raise SdpError("the ICE credentials cannot be understood")
        ice = Ice(ufrag, pwd, tuple(candidates), "ice-lite" in values)
    if fingerprint := values.get("fingerprint"):
        algorithm, _, digits = fingerprint.partition(" ")
        dtls = Dtls(algorithm.lower(), digits.strip().upper(), values.get("setup", "actpass"))
    rtcp = values.get("rtcp", "").split(" ")[0]
    return replace(
        audio,
        direction=cast(Direction, direction or "sendrecv"),
        ptime=ptime,
        crypto=tuple(crypto),
        ice=ice,
        dtls=dtls,
        rtcp_mux="rtcp-mux" in values,
        rtcp_port=_number(rtcp, 65_535) if rtcp else None,
    )


def _crypto(value: str) -> Crypto | None:
    """A line whose suite and key we can use; others (unknown suite, MKI, session parameters) are skipped."""
    fields = value.split()
    if len(fields) != 3 or not _NUMBER.fullmatch(fields[0]) or fields[1] not in SUITES:
        return None
    method, _, info = fields[2].partition(":")
    parts = info.split("|")
    if method != "inline" or any(":" in part for part in parts[1:]):
        return None
    try:
        key = base64.b64decode(parts[0], validate=True)
    except (binascii.Error, ValueError):
        return None
    return Crypto(int(fields[0]), fields[1], key) if len(key) == SUITES[fields[1]] else None


def _candidate(value: str) -> Candidate | None:
    fields = value.split()
    if len(fields) < 8 or fields[6] != "typ" or not all(_NUMBER.fullmatch(fields[i]) for i in (1, 3, 5)):
        return None
    more = dict(zip(fields[8::2], fields[9::2], strict=False))
    related = None
    if "raddr" in more and _NUMBER.fullmatch(more.get("rport", "")):
        related = (more["raddr"], int(more["rport"]))
    return Candidate(
        fields[0], int(fields[1]), fields[2].lower(), int(fields[3]), fields[4], int(fields[5]), fields[7], related
    )


def _number(text: str, limit: int) -> int:
    if not _NUMBER.fullmatch(text) or int(text) > limit:
        raise SdpError("a number is out of its range")
    return int(text)
