"""What the worker offers to a browser, and what it takes from the answer (RFC 8829, RFC 8839, RFC 8842)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .. import sdp
from .certificate import Certificate
from .ice import IceLite

TELEPHONE_EVENT = 126
"""The number Chromium and Firefox-compatible stacks use themselves at 8 kHz; a browser keeps the offered one."""

_HOST_TYPE = 126
"""Type preference of host candidates (RFC 8445 section 5.1.2.2)."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an acceptable answer says."""

    payload_type: int
    codec: str
    receives: dict[int, str]
    """What we may be sent: payload type and codec of everything that we offered."""
    parameters: str
    """What the browser likes to be sent (fmtp)."""
    telephone_event: int | None
    event_clock: int
    receive_events: tuple[int, ...]
    ufrag: str
    fingerprints: list[tuple[str, str]]
    sends: bool
    """Whether we may send."""


def offer(
    ice: IceLite, certificate: Certificate, addresses: Sequence[str], port: int, codecs: Sequence[str]
) -> sdp.Sdp:
    """Offer one bundled, multiplexed audio stream; the browser is to begin ICE and DTLS."""
    candidates = tuple(
        sdp.Candidate(str(order + 1), 1, "udp", _priority(order), host, port) for order, host in enumerate(addresses)
    )
    return sdp.offer(
        addresses[0],
        port,
        codecs=codecs,
        telephone_event=TELEPHONE_EVENT,
        ice=sdp.Ice(ice.ufrag, ice.password, candidates, lite=True),
        dtls=sdp.Dtls("sha-256", certificate.fingerprint, "actpass"),
        mid="0",
    ).after(None)


def text(offered: sdp.Sdp, ssrc: int, cname: str) -> str:
    """Return the offer as a browser reads it: with the stream's name and source (RFC 8830, RFC 5576)."""
    lines = ["a=msid:call voice", f"a=ssrc:{ssrc} cname:{cname}"]
    return offered.encode().decode() + "".join(line + "\r\n" for line in lines)


def accept(offered: sdp.Sdp, answer: str) -> Accepted:
    """Read a browser's answer; raise `sdp.SdpError` where no call can come of it."""
    answered = sdp.parse(answer.encode(errors="replace"))
    agreed = sdp.agreed(offered, answered)
    audio = answered.audio
    if audio is None or audio.dtls is None or audio.ice is None:
        raise sdp.SdpError("the answer has no keys or no ICE")
    if audio.dtls.setup not in ("active", "actpass") or not audio.rtcp_mux:
        raise sdp.SdpError("the answer leaves DTLS to us or wants RTCP apart")
    return Accepted(
        agreed.payload_type,
        agreed.codec,
        dict(offered.audio.formats) if offered.audio else {},
        agreed.parameters,
        agreed.telephone_event,
        agreed.event_clock,
        agreed.receive_events,
        audio.ice.ufrag,
        [(audio.dtls.hash, audio.dtls.fingerprint)],
        # An answer that trickles its candidates has the address 0.0.0.0 (RFC 8840 section 4.1.1): that is no hold.
        audio.direction in ("sendrecv", "recvonly"),
    )


def _priority(order: int) -> int:
    return (_HOST_TYPE << 24) + ((65_535 - order) << 8) + 255
