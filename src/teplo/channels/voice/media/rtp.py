"""RTP packets (RFC 3550): parse and build."""

import struct
from typing import Final

Packet = tuple[int, bool, int, int, int, bytes]
"""Payload type, marker, sequence number, timestamp, SSRC, payload."""

HEADER: Final = struct.Struct("!BBHII")


def is_rtcp(data: bytes) -> bool:
    """Tell RTCP from RTP on one port (RFC 5761, 4): its types look like payload types 64-95 with a marker."""
    return len(data) > 1 and 192 <= data[1] <= 223


def parse(data: bytes) -> Packet | None:
    """Return the packet without CSRC list, header extension and padding; None for what is not RTP version 2."""
    size = len(data)
    if size < 12:
        return None
    first, second, sequence, timestamp, ssrc = HEADER.unpack_from(data)
    start = 12
    if first != 0x80:
        if first >> 6 != 2:
            return None
        start += 4 * (first & 15)
        if first & 0x10:
            if size < start + 4:
                return None
            start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
        if first & 0x20:
            padding = data[-1]
            if padding == 0:
                return None
            size -= padding
        if size < start:
            return None
    if 192 <= second <= 223:
        return None
    return second & 127, second > 127, sequence, timestamp, ssrc, data[start:size]


def build(payload_type: int, marker: bool, sequence: int, timestamp: int, ssrc: int, payload: bytes) -> bytes:
    """Return a packet with a plain header."""
    return HEADER.pack(0x80, payload_type | (marker << 7), sequence, timestamp, ssrc) + payload
