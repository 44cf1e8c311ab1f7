"""Seeded damage: packets of every protocol that a voice worker takes, made of good ones by a few changes each."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator

from tests.sip.link import ANSWER, OFFER
from tests.sip.torture import REFUSED, SDP, UNDERSTOOD, request

from teplo.channels.voice.media import rtcp, rtp
from teplo.channels.voice.media.g711 import ALAW
from teplo.channels.voice.media.leg import Sound
from teplo.channels.voice.webrtc import stun
from teplo.channels.voice.webrtc.dtls import Dtls, DtlsContext

EVENTS = 101
"""Payload type of telephone events in the packets made here."""
SHARES = {"sip": 35, "sdp": 15, "rtp": 20, "rtcp": 10, "stun": 10, "dtls": 10}
"""Packets of each kind among a hundred."""
SEEDS = [
    *UNDERSTOOD.values(),
    *(message for message, _ in REFUSED.values()),
    request(body=SDP, extra="Supported: 100rel, timer\r\nSession-Expires: 90;refresher=uac\r\nRequire: 100rel\r\n"),
    request("BYE"),
    request("PRACK", extra="RAck: 1 1 INVITE\r\n"),
    request("INFO", body="Signal=5\r\n", content_type="application/dtmf-relay"),
    request("REFER", extra="Refer-To: <sip:612@192.0.2.2?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>\r\n"),
    request(body=SDP, extra="Replaces: torture@192.0.2.1;to-tag=f1;from-tag=f1\r\n"),
    request("ACK"),
    request("CANCEL"),
]
BITS = [
    b"\r\n", b"\r\n\r\n", b";", b",", b'"', b"<", b">", b"%", b"\0", b"\xff", b"sip:", b"tag=", b"0" * 40, b": ", b"\\",
]  # fmt: skip
_SDP_BITS = [
    *BITS,
    b"a=crypto:1 ",
    b"=",
    b" ",
    b"m=audio ",
    b"c=IN IP4 0.0.0.0\r\n",
    b"a=sendonly\r\n",
    b"-1",
    b"65536",
]
_TONE = ALAW.encode(Sound.tone(440, 0.02, 8000).samples).tobytes()
_BLOCK = rtcp.Block(1, 2, 3, 4, 5, 6, 7)
_REPORTS = [
    rtcp.build(5, b"name", wall=1e9, timestamp=1, packets=3, octets=4, block=_BLOCK),
    rtcp.build(5, b"name", wall=1e9, timestamp=1, packets=0, octets=0, block=None),
    rtcp.build(5, b"name", wall=1e9, timestamp=1, packets=3, octets=4, block=_BLOCK, bye=True),
]


def damaged_sip(chance: random.Random, seeds: list[bytes] = SEEDS) -> bytes:
    """One message with a few changes: octets lost, doubled, swapped or put in."""
    unique = str(chance.getrandbits(30)).encode() if chance.random() < 0.7 else b""
    data = bytearray(chance.choice(seeds).replace(b"z9hG4bK", b"z9hG4bK" + unique).replace(b"torture@", unique + b"t@"))
    for _ in range(chance.choice((0, 1, 1, 2, 5))):  # some stay whole, so that calls stand while others break
        at = chance.randrange(len(data) + 1)
        what = chance.choice((0, 1, 2, 3, 3, 3, 3, 4))
        if what == 0:
            del data[at : at + chance.randint(1, 20)]
        elif what == 1:
            data[at:at] = chance.choice(BITS)
        elif what == 2:
            data[at:at] = data[at : at + chance.randint(1, 60)]
        elif what == 3 and at < len(data):
            data[at] = chance.randrange(256)
        elif what == 4:
            other = chance.choice(seeds)
            cut = chance.randrange(len(other))
            data[at:] = other[cut:]
    return bytes(data)


def damaged_sdp(chance: random.Random) -> bytes:
    """A session description with a few changes."""
    data = bytearray(chance.choice((OFFER, ANSWER, SDP.encode())))
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data))
        data[at : at + chance.randint(0, 3)] = chance.choice(_SDP_BITS)
    return bytes(data)


def damaged_rtp(chance: random.Random) -> bytes:
    """An RTP packet: audio, a telephone event, or noise; now and then with extension, padding or sources."""
    kind = chance.random()
    if kind < 0.15:
        return chance.randbytes(chance.randrange(0, 300))
    event = kind < 0.4
    payload = chance.randbytes(4) if event else _TONE[: chance.choice((160, 160, 159, 0))]
    number, stamp, ssrc = (
        chance.getrandbits(16),
        chance.getrandbits(32),
        chance.choice((99, 99, chance.getrandbits(32))),
    )
    built = rtp.build(EVENTS if event else chance.choice((8, 8, 0, 13, 127)), False, number, stamp, ssrc, payload)
    return _flipped(chance, built, 16)


def damaged_rtcp(chance: random.Random) -> bytes:
    """An RTCP packet, alone or several in one datagram."""
    data = b"".join(chance.choice(_REPORTS) for _ in range(chance.choice((1, 1, 1, 2, 3))))
    return _flipped(chance, data, len(data))


def damaged_stun(chance: random.Random, good: bytes, password: bytes = b"") -> bytes:
    """A check made of a good one. Some are signed anew and get a right checksum, so that they are read to the end."""
    if chance.random() < 0.1:
        return good
    data = _flipped(chance, good, len(good)) if chance.random() < 0.9 else chance.randbytes(chance.randrange(200))
    if chance.random() < 0.5 or len(data) < stun.HEADER + 8:
        return data
    head = bytearray(data[:-8])
    if password and len(head) >= stun.HEADER + 24 and chance.random() < 0.7:
        signed = bytes(head[:2]) + (len(head) - stun.HEADER).to_bytes(2) + bytes(head[4:-24])
        head[-24:] = stun._attribute(stun.MESSAGE_INTEGRITY, stun._sign(signed, password))
    head[2:4] = (len(head) - stun.HEADER + 8).to_bytes(2)
    return bytes(head) + stun._attribute(stun.FINGERPRINT, (zlib.crc32(head) ^ 0x5354554E).to_bytes(4))


def damaged_dtls(chance: random.Random, good: list[bytes]) -> bytes:
    """A record of a handshake with a few changes, or noise that begins like a record."""
    if chance.random() < 0.2:
        size = chance.randrange(300)
        kind = chance.choice((20, 21, 22, 23, 25))
        return bytes([kind]) + b"\xfe\xfd" + bytes(8) + size.to_bytes(2) + chance.randbytes(size)
    data = chance.choice(good)
    return _flipped(chance, data, len(data))


def hello(context: DtlsContext) -> list[bytes]:
    """The first flight of a client."""
    return Dtls(context, client=True).poll(0.0)


def kinds(chance: random.Random) -> Iterator[str]:
    """Kinds of packets by their shares, for ever."""
    names, shares = list(SHARES), list(SHARES.values())
    while True:
        yield from chance.choices(names, shares, k=256)


MEDIA: dict[str, Callable[[random.Random], bytes]] = {"rtp": damaged_rtp, "rtcp": damaged_rtcp}


def _flipped(chance: random.Random, data: bytes, within: int) -> bytes:
    """The same with some octets changed among the first `within`, maybe cut off, maybe with octets after it."""
    changed = bytearray(data)
    for _ in range(chance.randrange(0, 5)):
        if changed:
            changed[chance.randrange(min(within, len(changed)))] = chance.getrandbits(8)
    if chance.random() < 0.2:
        del changed[chance.randrange(len(changed) + 1) :]
    elif chance.random() < 0.1:
        changed += chance.randbytes(chance.randrange(40))
    return bytes(changed)
