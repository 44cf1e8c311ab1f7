"""What a session description says about audio (RFC 8866), and how it is written.

SDES keys (RFC 4568), ICE (RFC 8839) and DTLS-SRTP (RFC 5763, 8122) attributes are part of the stream.
"""

import base64
import ipaddress
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Literal

Direction = Literal["sendrecv", "sendonly", "recvonly", "inactive"]
"""Who sends, seen from the side that wrote the description."""

PCMA: Final = "PCMA/8000"
PCMU: Final = "PCMU/8000"
OPUS: Final = "opus/48000/2"
"""So written whatever is sent (RFC 7587 7)."""
PARAMETERS: Final[Mapping[str, str]] = {OPUS: "maxplaybackrate=8000;sprop-maxcapturerate=8000;useinbandfec=1"}
"""What we say of codecs in fmtp lines: the mixer has 8 kHz, and copies of lost frames are used (RFC 7587 6.1)."""
STATIC: Final[Mapping[int, str]] = {
    0: PCMU,
    3: "GSM/8000",
    4: "G723/8000",
    8: PCMA,
    9: "G722/8000",
    13: "CN/8000",
    15: "G728/8000",
    18: "G729/8000",
}
"""Payload types that need no rtpmap (RFC 3551, table 4)."""

SUITES: Final[Mapping[str, int]] = {"AES_CM_128_HMAC_SHA1_80": 30, "AES_CM_128_HMAC_SHA1_32": 30}
"""SRTP suites of RFC 4568 that we speak, with the octets of master key and salt together."""


class SdpError(ValueError):
    """A session description that cannot be understood (answered with 400 or 488)."""


class NothingInCommon(SdpError):
    """An offer in which there is no stream, codec or key that we can use (488 Not Acceptable Here)."""


@dataclass(frozen=True, slots=True)
class Crypto:
    """One SDES line: `key` is the master key followed by the salt, 30 octets for the suites known here."""

    tag: int
    suite: str
    key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One ICE candidate (RFC 8839 5.1); `related` is the base of a reflexive one."""

    foundation: str
    component: int
    transport: str
    priority: int
    host: str
    port: int
    kind: str = "host"
    related: tuple[str, int] | None = None

    def encode(self) -> str:
        """The value of the attribute, without `a=candidate:`."""
        line = f"{self.foundation} {self.component} {self.transport} {self.priority} {self.host} {self.port}"
        line += f" typ {self.kind}"
        return line + (f" raddr {self.related[0]} rport {self.related[1]}" if self.related else "")


@dataclass(frozen=True, slots=True)
class Ice:
    """ICE credentials and candidates of one side; `lite` where it only answers checks."""

    ufrag: str
    pwd: str = field(repr=False)
    candidates: tuple[Candidate, ...] = ()
    lite: bool = False


@dataclass(frozen=True, slots=True)
class Dtls:
    """Fingerprint of the certificate (`sha-256`, `AB:CD:…`) and the DTLS role (`actpass`, `active`, `passive`)."""

    hash: str
    fingerprint: str
    setup: str = "actpass"


@dataclass(frozen=True, slots=True)
class Audio:
    """One audio stream as one side describes it; `port` 0 is a refused or ended stream."""

    host: str
    port: int
    formats: Mapping[int, str]
    """Payload type -> `PCMA/8000`, `opus/48000/2`, …, most wanted first; telephone-event is not among them."""
    telephone_events: Mapping[int, int] = field(default_factory=dict)
    """Payload type of RFC 4733 digits -> clock rate."""
    parameters: Mapping[int, str] = field(default_factory=dict)
    """Payload type -> value of its fmtp line."""
    direction: Direction = "sendrecv"
    ptime: int | None = None
    """Wished packet length in milliseconds."""
    profile: str = "RTP/AVP"
    crypto: tuple[Crypto, ...] = ()
    ice: Ice | None = None
    dtls: Dtls | None = None
    rtcp_mux: bool = False
    rtcp_port: int | None = None
    """Where RTCP goes, if neither the next port nor the same one (RFC 3605)."""
    mid: str | None = None

    @property
    def telephone_event(self) -> int | None:
        """Payload type for digits beside an 8 kHz codec, else whatever is offered."""
        by_rate = {rate: pt for pt, rate in reversed(list(self.telephone_events.items()))}
        return by_rate.get(8000, next(iter(self.telephone_events), None))

    @property
    def sends(self) -> bool:
        """Whether this side wants to send."""
        return self.port != 0 and self.direction in ("sendrecv", "sendonly")

    @property
    def receives(self) -> bool:
        """Whether this side wants to hear; the old hold by the address 0.0.0.0 counts as no."""
        return self.port != 0 and self.direction in ("sendrecv", "recvonly") and not _is_null(self.host)


@dataclass(frozen=True, slots=True)
class Other:
    """A medium that is no audio over RTP: kept to be refused in its place."""

    kind: str
    profile: str
    formats: str
    port: int = 0
    mid: str | None = None


@dataclass(frozen=True, slots=True)
class Sdp:
    """A session description: its media in their order, and the `o=` line's counters."""

    media: tuple[Audio | Other, ...]
    session_id: int = 1
    version: int = 1
    host: str = "0.0.0.0"
    user: str = "-"
    bundle: tuple[str, ...] = ()

    @property
    def audio(self) -> Audio | None:
        """The stream that is used: the first one that is not refused."""
        return next((medium for medium in self.media if isinstance(medium, Audio) and medium.port), None)

    def encode(self) -> bytes:
        """The text for a message body."""
        origin = f"o={self.user} {self.session_id} {self.version} IN {_address(self.host)}"
        lines = ["v=0", origin, "s=-", f"c=IN {_address(self.host)}", "t=0 0"]
        if any(isinstance(medium, Audio) and medium.ice and medium.ice.lite for medium in self.media):
            lines.append("a=ice-lite")
        if self.bundle:
            lines.append("a=group:BUNDLE " + " ".join(self.bundle))
        for medium in self.media:
            lines += _audio_lines(medium, self.host) if isinstance(medium, Audio) else _other_lines(medium)
        return ("\r\n".join(lines) + "\r\n").encode()

    def after(self, said: "Sdp | None") -> "Sdp":
        """This description, to be said in a session after another one (None: as the first).

        Who hears it takes one with the version of before for nothing new (RFC 3264, 8); the session's number is like no
        other's (RFC 8866, 5.2).
        """
        if said is None:
            return replace(self, session_id=secrets.randbits(48), version=1)
        same = replace(self, session_id=said.session_id, version=said.version)
        return same if same == said else replace(same, version=said.version + 1)

    def with_audio(self, **changes: object) -> "Sdp":
        """The next version of this description with its audio stream changed (hold, other codec, other port)."""
        old = self.audio
        if old is None:
            raise SdpError("there is no audio stream to change")
        new = replace(old, **changes)  # type: ignore[arg-type]
        media = tuple(new if medium is old else medium for medium in self.media)
        return replace(self, media=media, version=self.version + 1)


def _is_null(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _address(host: str) -> str:
    return f"{'IP6' if ':' in host else 'IP4'} {host}"


def _other_lines(medium: Other) -> list[str]:
    lines = [f"m={medium.kind} {medium.port} {medium.profile} {medium.formats}"]
    return lines + ([f"a=mid:{medium.mid}"] if medium.mid is not None else [])


def _audio_lines(audio: Audio, session_host: str) -> list[str]:
    numbers = [*audio.formats, *audio.telephone_events]
    lines = [f"m=audio {audio.port} {audio.profile} " + " ".join(map(str, numbers or [0]))]
    if audio.host != session_host:
        lines.append(f"c=IN {_address(audio.host)}")
    if not audio.port:
        return lines + ([f"a=mid:{audio.mid}"] if audio.mid is not None else [])
    lines += [f"a=rtpmap:{pt} {codec}" for pt, codec in audio.formats.items()]
    lines += [f"a=rtpmap:{pt} telephone-event/{rate}" for pt, rate in audio.telephone_events.items()]
    lines += [f"a=fmtp:{pt} {value}" for pt, value in audio.parameters.items() if pt in numbers]
    lines += [f"a=ptime:{audio.ptime}"] if audio.ptime else []
    lines.append(f"a={audio.direction}")
    lines += [f"a=mid:{audio.mid}"] if audio.mid is not None else []
    lines += [f"a=rtcp:{audio.rtcp_port}"] if audio.rtcp_port else []
    lines += ["a=rtcp-mux"] if audio.rtcp_mux else []
    for line in audio.crypto:
        lines.append(f"a=crypto:{line.tag} {line.suite} inline:{base64.b64encode(line.key).decode()}")
    if audio.ice:
        lines += [f"a=ice-ufrag:{audio.ice.ufrag}", f"a=ice-pwd:{audio.ice.pwd}"]
        lines += [f"a=candidate:{candidate.encode()}" for candidate in audio.ice.candidates]
        lines += ["a=end-of-candidates"] if audio.ice.candidates and audio.ice.lite else []
    if audio.dtls:
        lines += [f"a=fingerprint:{audio.dtls.hash} {audio.dtls.fingerprint}", f"a=setup:{audio.dtls.setup}"]
    return lines
