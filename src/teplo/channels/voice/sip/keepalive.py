"""Keep-alives of phones behind NAT on the SIP port: STUN as in RFC 5626 4.4.2 (those of streams are in `stream`)."""

import struct
from typing import Final

from ..webrtc.stun import BINDING, COOKIE, HEADER, SUCCESS, XOR_MAPPED_ADDRESS, Message, xor_address

_REQUEST: Final = struct.pack("!H", BINDING)
_COOKIE: Final = struct.pack("!I", COOKIE)


def is_stun(data: bytes) -> bool:
    """Whether this is a binding request and no SIP: the first octet of SIP is a letter."""
    return len(data) >= HEADER and data[:2] == _REQUEST and data[4:8] == _COOKIE


def answered(data: bytes, host: str, port: int) -> bytes:
    """Return the response: the address from which the phone is seen. It is small, so that it makes no flood."""
    transaction = data[8:HEADER]
    return Message(SUCCESS, transaction, {XOR_MAPPED_ADDRESS: xor_address((host, port), transaction)}).encode()
