"""STUN messages as ICE uses them: binding requests, responses and errors (RFC 8489, RFC 8445 section 7)."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import struct
import zlib
from dataclasses import dataclass, field

Address = tuple[str, int]
"""IP address as text, port. An IPv6 address carries no scope."""

COOKIE = 0x2112A442
HEADER = 20
BINDING = 0x0001
REQUEST, INDICATION, SUCCESS, ERROR = 0x0000, 0x0010, 0x0100, 0x0110

USERNAME = 0x0006
MESSAGE_INTEGRITY = 0x0008
ERROR_CODE = 0x0009
UNKNOWN_ATTRIBUTES = 0x000A
XOR_MAPPED_ADDRESS = 0x0020
PRIORITY = 0x0024
USE_CANDIDATE = 0x0025
FINGERPRINT = 0x8028
ICE_CONTROLLED = 0x8029
ICE_CONTROLLING = 0x802A

_KNOWN = {USERNAME, MESSAGE_INTEGRITY, ERROR_CODE, UNKNOWN_ATTRIBUTES, XOR_MAPPED_ADDRESS, PRIORITY, USE_CANDIDATE}
_CRC_XOR = 0x5354554E
_MAC = 20
_LONGEST = 1280
"""Bytes; a check of a browser has 100 to 150."""
_MOST_ATTRIBUTES = 32


class StunError(ValueError):
    """These bytes are no STUN message."""


@dataclass(slots=True)
class Message:
    """One STUN message. `attributes` maps type to raw value; of repeated ones the first counts."""

    kind: int
    """REQUEST, INDICATION, SUCCESS or ERROR."""
    transaction: bytes
    attributes: dict[int, bytes] = field(default_factory=dict)
    method: int = BINDING
    _signed: bytes | None = None

    @property
    def ufrags(self) -> tuple[str, str] | None:
        """(receiver's, sender's) fragments of USERNAME (RFC 8445 section 7.2.2); None where it is not of that form."""
        left, colon, right = self.attributes.get(USERNAME, b"").partition(b":")
        if not colon or not left.isascii() or not right.isascii():
            return None
        return left.decode(), right.decode()

    @property
    def unknown(self) -> list[int]:
        """Types that must be understood and are not (RFC 8489 section 14)."""
        return [kind for kind in self.attributes if kind < 0x8000 and kind not in _KNOWN]

    def signed_with(self, password: bytes) -> bool:
        """Whether MESSAGE-INTEGRITY is there and made with this short-term password."""
        if self._signed is None:
            return False
        return hmac.compare_digest(self.attributes[MESSAGE_INTEGRITY], _sign(self._signed, password))

    def encode(self, password: bytes | None = None) -> bytes:
        """Return the bytes, with FINGERPRINT, and with MESSAGE-INTEGRITY where a password is given."""
        body = b"".join(_attribute(kind, value) for kind, value in self.attributes.items())
        data = struct.pack("!HHI", self.kind | self.method, len(body), COOKIE) + self.transaction + body
        if password is not None:
            data += _attribute(MESSAGE_INTEGRITY, _sign(data, password))
        data = _with_length(data, len(data) - HEADER + 8)
        return data + struct.pack("!HHI", FINGERPRINT, 4, zlib.crc32(data) ^ _CRC_XOR)


def parse(data: bytes) -> Message:
    """Read one datagram; raise StunError where it is no message or its FINGERPRINT is missing or wrong.

    ICE demands FINGERPRINT in every check (RFC 8445 section 7.1.3). MESSAGE-INTEGRITY is left to `signed_with`;
    whatever follows it is not authenticated and therefore not read.
    """
    size = len(data)
    if not HEADER + 8 <= size <= _LONGEST:
        raise StunError("length")
    head, length, cookie = struct.unpack_from("!HHI", data)
    if head & 0xC000 or cookie != COOKIE or length & 3 or length != size - HEADER:
        raise StunError("header")
    kind, value, mac = struct.unpack_from("!HHI", data, size - 8)
    if kind != FINGERPRINT or value != 4 or mac != zlib.crc32(data[: size - 8]) ^ _CRC_XOR:
        raise StunError("fingerprint")
    message = Message(head & 0x0110, data[8:HEADER], method=head & 0x3EEF)
    at = HEADER
    while at < size - 8:
        kind, length = struct.unpack_from("!HH", data, at)
        end = at + 4 + length
        if end > size - 8 or len(message.attributes) >= _MOST_ATTRIBUTES:
            raise StunError("attribute")
        message.attributes.setdefault(kind, data[at + 4 : end])
        if kind == MESSAGE_INTEGRITY:
            if length != _MAC:
                raise StunError("integrity")
            message._signed = data[:at]
            break
        at = end + (-length & 3)
    return message


def success(request: Message, source: Address) -> Message:
    """Answer a request with the address it came from (RFC 8489 section 6.3.1.1)."""
    return Message(SUCCESS, request.transaction, {XOR_MAPPED_ADDRESS: xor_address(source, request.transaction)})


def error(request: Message, code: int, reason: str) -> Message:
    """Refuse a request: 400, 420, 487 (RFC 8489 section 14.8)."""
    value = struct.pack("!HBB", 0, code // 100, code % 100) + reason.encode()
    refused = Message(ERROR, request.transaction, {ERROR_CODE: value})
    if code == 420:
        unknown = request.unknown
        refused.attributes[UNKNOWN_ATTRIBUTES] = struct.pack(f"!{len(unknown)}H", *unknown)
    return refused


def error_code(message: Message) -> int | None:
    """Return the code of an error response, None where there is none."""
    value = message.attributes.get(ERROR_CODE, b"")
    return (value[2] & 7) * 100 + value[3] if len(value) >= 4 else None


def xor_address(source: Address, transaction: bytes) -> bytes:
    """Encode XOR-MAPPED-ADDRESS (RFC 8489 section 14.2)."""
    ip = ipaddress.ip_address(source[0])
    mask = struct.pack("!I", COOKIE) + transaction
    packed = bytes(a ^ b for a, b in zip(ip.packed, mask, strict=False))
    return struct.pack("!BBH", 0, 1 if ip.version == 4 else 2, source[1] ^ (COOKIE >> 16)) + packed


def read_xor_address(value: bytes, transaction: bytes) -> Address:
    """Decode XOR-MAPPED-ADDRESS; raise StunError where it is malformed."""
    if len(value) not in (8, 20) or value[1] != (1 if len(value) == 8 else 2):
        raise StunError("address")
    mask = struct.pack("!I", COOKIE) + transaction
    packed = bytes(a ^ b for a, b in zip(value[4:], mask, strict=False))
    return str(ipaddress.ip_address(packed)), int.from_bytes(value[2:4]) ^ (COOKIE >> 16)


def _attribute(kind: int, value: bytes) -> bytes:
    return struct.pack("!HH", kind, len(value)) + value + bytes(-len(value) & 3)


def _with_length(data: bytes, length: int) -> bytes:
    return data[:2] + length.to_bytes(2) + data[4:]


def _sign(data: bytes, password: bytes) -> bytes:
    """The HMAC covers the message up to this attribute, with a length that counts the attribute in."""
    covered = _with_length(data, len(data) - HEADER + 4 + _MAC)
    return hmac.digest(password, covered, hashlib.sha1)
