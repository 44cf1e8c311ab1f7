"""Session descriptions for audio and their offer/answer (RFC 3264): the door to this subject.

One audio stream is understood; every other medium of an offer is kept so that the answer can refuse it in its place.
"""

import ipaddress
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from .description import (
    OPUS,
    PARAMETERS,
    PCMA,
    PCMU,
    STATIC,
    SUITES,
    Audio,
    Candidate,
    Crypto,
    Direction,
    Dtls,
    Ice,
    NothingInCommon,
    Other,
    Sdp,
    SdpError,
)
from .description_reader import parse

__all__ = [
    "OPUS",
    "PCMA",
    "PCMU",
    "SUITES",
    "Agreed",
    "Audio",
    "Candidate",
    "Codecs",
    "Crypto",
    "Direction",
    "Dtls",
    "Ice",
    "NothingInCommon",
    "Other",
    "Sdp",
    "SdpError",
    "agreed",
    "answer",
    "offer",
    "parse",
]


@dataclass(frozen=True, slots=True)
class Codecs:
    """What we speak: the codecs wished for, and those spoken only where the peer has none of these."""

    wanted: tuple[str, ...] = (PCMA, PCMU)
    spare: tuple[str, ...] = ()

    @property
    def offered(self) -> tuple[str, ...]:
        """All, the most wanted first."""
        return self.wanted + self.spare


@dataclass(frozen=True, slots=True)
class Agreed:
    """What both sides have agreed on: all that a media leg needs to know of the peer."""

    host: str
    port: int
    rtcp_port: int
    payload_type: int
    """What we send; the peer's number."""
    receive_type: int
    """What we are sent; our number."""
    codec: str
    telephone_event: int | None
    """Payload type of digits to send, or None where the peer wants none."""
    receive_events: tuple[int, ...]
    """Payload types of digits that the peer may send: ours, at whichever clock it likes."""
    sends: bool
    """Whether we may send."""
    receives: bool
    """Whether the peer sends."""
    local_crypto: Crypto | None = None
    remote_crypto: Crypto | None = None
    parameters: str = ""
    """The peer's fmtp value of the codec: what it likes to be sent."""
    event_clock: int = 8000
    """Clock rate of the digits to send."""

    @property
    def held(self) -> bool:
        """Whether the peer has put us on hold (RFC 3264 8.4; RFC 2543: by an address of nobody)."""
        return not self.sends or ipaddress.ip_address(self.host).is_unspecified


def offer(
    host: str,
    port: int,
    *,
    codecs: Iterable[str] = (PCMA, PCMU),
    telephone_event: int | None = 101,
    direction: Direction = "sendrecv",
    crypto: Sequence[Crypto] = (),
    ice: Ice | None = None,
    dtls: Dtls | None = None,
    mid: str | None = None,
) -> Sdp:
    """An offer of one audio stream; in a session each is said `after` the one before.

    Digits are offered at each clock rate of the codecs.
    """
    numbers = {codec: pt for pt, codec in STATIC.items()}
    dynamic = iter(pt for pt in range(96, 128) if pt != telephone_event)
    formats = {numbers.get(codec, -1) if codec in numbers else next(dynamic): codec for codec in codecs}
    mid = mid if mid is not None else ("0" if dtls else None)
    events = {} if telephone_event is None else {telephone_event: 8000}
    if events and any(_rate(codec) == 48_000 for codec in formats.values()):
        events[next(dynamic)] = 48_000
    said = {pt: PARAMETERS[codec] for pt, codec in formats.items() if codec in PARAMETERS}
    audio = Audio(
        host,
        port,
        formats,
        events,
        said | dict.fromkeys(events, "0-15"),
        direction,
        20,
        "UDP/TLS/RTP/SAVPF" if dtls else "RTP/SAVP" if crypto else "RTP/AVP",
        tuple(crypto),
        ice,
        dtls,
        rtcp_mux=dtls is not None,
        mid=mid,
    )
    return Sdp((audio,), host=host, bundle=(mid,) if dtls and mid is not None else ())


def answer(
    offered: Sdp,
    host: str,
    port: int,
    *,
    codecs: Iterable[str] = (PCMA, PCMU),
    spare: Iterable[str] = (),
    direction: Direction = "sendrecv",
    key: bytes | None = None,
    ice: Ice | None = None,
    dtls: Dtls | None = None,
) -> tuple[Sdp, Agreed]:
    """Answer an offer: one codec (the offerer's first that is in `codecs`) and digits; other media are refused.

    Where none of `codecs` is offered it is the offerer's first in `spare`.
    `key` is our SDES master key and salt (30 octets): with it a stream that offers keys is answered secured, without it
    a stream that demands them is not acceptable. `direction` is what we wish. Raises `NothingInCommon` (488).
    """
    wanted = [{codec.lower() for codec in codecs}, {codec.lower() for codec in spare}]
    chosen: Audio | None = None
    media: list[Audio | Other] = []
    for medium in offered.media:
        if isinstance(medium, Other):
            media.append(replace(medium, port=0))
            continue
        ours = None
        if chosen is None and medium.port:
            ours = _answer_audio(medium, wanted, host, port, direction, key, ice, dtls)
        if ours is None:
            media.append(replace(medium, host=host, port=0, crypto=(), ice=None, dtls=None, rtcp_port=None))
            continue
        chosen = medium
        media.append(ours)
    if chosen is None:
        raise NothingInCommon("no audio stream with a codec and keys that both sides know")
    bundle = (chosen.mid,) if chosen.mid is not None and chosen.mid in offered.bundle else ()
    built = Sdp(tuple(media), host=host, bundle=bundle)
    return built, agreed(built, offered)


def agreed(local: Sdp, remote: Sdp) -> Agreed:
    """What a finished exchange means for us; raises `NothingInCommon` if it means nothing."""
    pairs = zip(local.media, remote.media, strict=False)
    for ours, theirs in pairs:
        if isinstance(ours, Audio) and isinstance(theirs, Audio) and ours.port and theirs.port:
            return _agree(ours, theirs)
    raise NothingInCommon("no audio stream is left")


def _agree(ours: Audio, theirs: Audio) -> Agreed:
    if not _is_address(theirs.host):
        raise NothingInCommon("the connection address is no IP address")  # a name (RFC 8866 5.7) is not looked up
    by_name = {codec.lower(): pt for pt, codec in reversed(list(ours.formats.items()))}
    match = next(((pt, codec) for pt, codec in theirs.formats.items() if codec.lower() in by_name), None)
    if match is None:
        raise NothingInCommon("no codec that both sides know")
    payload_type, codec = match
    receive_type = by_name[codec.lower()]
    event = _event(theirs, _rate(codec))
    local_crypto = remote_crypto = None
    if ours.crypto and theirs.crypto:
        keys = {(crypto.tag, crypto.suite): crypto for crypto in ours.crypto}
        remote_crypto = next((c for c in theirs.crypto if (c.tag, c.suite) in keys), None)
        local_crypto = keys[remote_crypto.tag, remote_crypto.suite] if remote_crypto else None
    if remote_crypto is None and "SAVP" in theirs.profile and theirs.dtls is None:
        raise NothingInCommon("no key that both sides know")
    default_rtcp = theirs.port if theirs.rtcp_mux and ours.rtcp_mux else theirs.port + 1
    return Agreed(
        theirs.host,
        theirs.port,
        theirs.rtcp_port or default_rtcp,
        payload_type,
        receive_type,
        _OURS.get(codec.lower(), codec),
        event,
        tuple(ours.telephone_events),
        sends=ours.sends and theirs.receives,
        receives=ours.receives and theirs.sends,
        local_crypto=local_crypto,
        remote_crypto=remote_crypto,
        parameters=theirs.parameters.get(payload_type, ""),
        event_clock=8000 if event is None else theirs.telephone_events[event],
    )


_OURS: Final[Mapping[str, str]] = {codec.lower(): codec for codec in (PCMA, PCMU, OPUS)}
"""The names of codecs as we write them; peers may use small or capital letters (RFC 8866 6.6)."""


def _rate(codec: str) -> int:
    return int(codec.split("/")[1])


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _event(audio: Audio, rate: int) -> int | None:
    """Digits at the clock rate of the codec (RFC 4733 2.1); those of 8 kHz where a phone with Opus has no others."""
    by_rate = {clock: pt for pt, clock in reversed(list(audio.telephone_events.items()))}
    return by_rate.get(rate, by_rate.get(8000))


_MIRROR: Final[Mapping[Direction, tuple[bool, bool]]] = {
    "sendrecv": (True, True),
    "sendonly": (False, True),
    "recvonly": (True, False),
    "inactive": (False, False),
}
"""Offered direction -> whether the answerer may send, may receive (RFC 3264 6.1)."""


def _answer_audio(
    offered: Audio,
    wanted: Sequence[set[str]],
    host: str,
    port: int,
    wish: Direction,
    key: bytes | None,
    ice: Ice | None,
    dtls: Dtls | None,
) -> Audio | None:
    found = next(
        ((pt, codec) for ones in wanted for pt, codec in offered.formats.items() if codec.lower() in ones), None
    )
    if found is None or (offered.dtls is None) != (dtls is None):
        return None
    crypto: tuple[Crypto, ...] = ()
    if key is not None and dtls is None:
        theirs = next((line for line in offered.crypto if len(key) == SUITES.get(line.suite)), None)
        crypto = (replace(theirs, key=key),) if theirs else ()
    if "SAVP" in offered.profile and not crypto and dtls is None:
        return None
    may_send, may_receive = _MIRROR[offered.direction]
    may_send &= wish in ("sendrecv", "sendonly")
    may_receive &= wish in ("sendrecv", "recvonly")
    event = _event(offered, _rate(found[1]))
    events = {} if event is None else {event: offered.telephone_events[event]}
    parameters = {found[0]: PARAMETERS[OPUS]} if found[1].lower() == OPUS else {}
    parameters |= dict.fromkeys(events, "0-15")
    if dtls is not None:
        dtls = replace(dtls, setup="active" if offered.dtls and offered.dtls.setup == "passive" else "passive")
    return Audio(
        host,
        port,
        {found[0]: found[1]},
        events,
        parameters,
        _direction(may_send, may_receive),
        20,
        offered.profile,
        crypto,
        ice if offered.ice else None,
        dtls,
        rtcp_mux=offered.rtcp_mux and dtls is not None,
        mid=offered.mid,
    )


def _direction(sends: bool, receives: bool) -> Direction:
    if sends:
        return "sendrecv" if receives else "sendonly"
    return "recvonly" if receives else "inactive"
