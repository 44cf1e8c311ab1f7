"""RTCP sender and receiver reports (RFC 3550, section 6)."""

import struct
from dataclasses import dataclass

SR, RR, SDES, BYE = 200, 201, 202, 203
_HEADER = struct.Struct("!BBHI")
_SENDER = struct.Struct("!IIIII")
_BLOCK = struct.Struct("!IIIIII")
_NTP_EPOCH = 2_208_988_800
_MAX_LOST = 0x7FFFFF


class Reception:
    """Counts what arrives of one source (RFC 3550, A.1, A.3, A.8)."""

    __slots__ = ("_before", "_expected_before", "_first", "_highest", "_transit", "jitter", "packets", "received")

    def __init__(self) -> None:
        self.packets = 0
        """All packets, over all sources."""
        self.reset()

    def reset(self) -> None:
        """A new source: its figures begin anew."""
        self.received = 0
        self.jitter = 0.0
        """Timestamp units."""
        self._first = self._highest = 0
        self._transit: float | None = None
        self._before = self._expected_before = 0

    def packet(self, sequence: int) -> None:
        """Count a packet."""
        self.packets += 1
        if self.received == 0:
            self._first = self._highest = sequence
        else:
            step = (sequence - self._highest) & 0xFFFF
            if step < 0x8000:
                self._highest += step
        self.received += 1

    def arrived(self, transit: float) -> None:
        """Take the transit time of a packet (arrival less timestamp, in timestamp units, any origin)."""
        if self._transit is not None:
            change = abs(transit - self._transit)
            if change < 8000:
                self.jitter += (change - self.jitter) / 16
        self._transit = transit

    @property
    def expected(self) -> int:
        """Packets sent by the source so far, as far as is known."""
        return self._highest - self._first + 1 if self.received else 0

    @property
    def lost(self) -> int:
        """Packets that did not come; negative when more were repeated than lost."""
        return self.expected - self.received

    @property
    def highest(self) -> int:
        """The extended highest sequence number."""
        return self._highest & 0xFFFFFFFF

    def fraction_lost(self) -> int:
        """Return the loss since the last call, in 1/256."""
        expected, received = self.expected - self._expected_before, self.received - self._before
        self._expected_before, self._before = self.expected, self.received
        lost = expected - received
        return min(255, (lost << 8) // expected) if expected > 0 and lost > 0 else 0


@dataclass(frozen=True, slots=True)
class Block:
    """What a far end says about one source."""

    ssrc: int
    fraction_lost: int
    lost: int
    highest: int
    jitter: int
    last_sr: int
    """Middle 32 bits of the NTP time of the last sender report it got; 0 for none."""
    delay: int
    """Since then, 1/65536 s."""


@dataclass(slots=True)
class Report:
    """What the packets of one datagram say."""

    ssrc: int = 0
    ntp: int = 0
    """Middle 32 bits of the sender report's NTP time; 0 without one."""
    blocks: tuple[Block, ...] = ()
    bye: bool = False


def ntp(wall: float) -> tuple[int, int]:
    """Return NTP seconds and fraction of POSIX seconds."""
    whole = int(wall)
    return (whole + _NTP_EPOCH) & 0xFFFFFFFF, int((wall - whole) * 2**32) & 0xFFFFFFFF


def middle(wall: float) -> int:
    """Return the middle 32 bits of the NTP time."""
    seconds, fraction = ntp(wall)
    return ((seconds & 0xFFFF) << 16) | (fraction >> 16)


def parse(data: bytes) -> Report | None:
    """Return what a compound packet says; None when it is malformed."""
    report, at = Report(), 0
    while at + 8 <= len(data):
        first, kind, words, ssrc = _HEADER.unpack_from(data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or words < 1 or end > len(data):
            return None
        body = at + 8
        if kind in (SR, RR):
            report.ssrc = ssrc
            if kind == SR:
                if body + _SENDER.size > end:
                    return None
                seconds, fraction, *_ = _SENDER.unpack_from(data, body)
                report.ntp = ((seconds & 0xFFFF) << 16) | (fraction >> 16)
                body += _SENDER.size
            count = first & 31
            if body + count * _BLOCK.size > end:
                return None
            report.blocks += tuple(_block(data, body + index * _BLOCK.size) for index in range(count))
        elif kind == BYE:
            report.bye = True
        at = end
    return report if at else None


def _block(data: bytes, at: int) -> Block:
    ssrc, loss, highest, jitter, last_sr, delay = _BLOCK.unpack_from(data, at)
    lost = loss & 0xFFFFFF
    return Block(ssrc, loss >> 24, lost - (1 << 24) if lost > _MAX_LOST else lost, highest, jitter, last_sr, delay)


def build(
    ssrc: int,
    cname: bytes,
    *,
    wall: float,
    timestamp: int,
    packets: int,
    octets: int,
    block: Block | None,
    bye: bool = False,
) -> bytes:
    """Return a compound packet: sender or receiver report, the source's name, and the goodbye where it ends."""
    body = b""
    if block is not None:
        lost = max(-_MAX_LOST - 1, min(_MAX_LOST, block.lost)) & 0xFFFFFF
        loss = block.fraction_lost << 24 | lost
        body = _BLOCK.pack(block.ssrc, loss, block.highest, block.jitter, block.last_sr, block.delay)
    if packets:
        sender = _SENDER.pack(*ntp(wall), timestamp & 0xFFFFFFFF, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
        body = sender + body
    count = 0x80 | (block is not None)
    out = _HEADER.pack(count, SR if packets else RR, 1 + len(body) // 4, ssrc) + body
    item = struct.pack("!BB", 1, len(cname)) + cname + b"\0"
    item += bytes(-len(item) % 4)
    out += _HEADER.pack(0x81, SDES, 1 + len(item) // 4, ssrc) + item
    return out + _HEADER.pack(0x81, BYE, 1, ssrc) if bye else out
