"""SRTP (RFC 3711) by libsrtp, with keys from the SDP (RFC 4568) or from DTLS."""

import base64
import binascii
import os
import re
from dataclasses import dataclass
from typing import Final

from pylibsrtp import Error, Policy, Session

PROFILES: Final = {
    "AES_CM_128_HMAC_SHA1_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 30),
    "AES_CM_128_HMAC_SHA1_32": (Policy.SRTP_PROFILE_AES128_CM_SHA1_32, 30),
    "AEAD_AES_128_GCM": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 28),
    "AEAD_AES_256_GCM": (Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 44),
}
"""Crypto suite of RFC 4568 and 7714: libsrtp's profile, bytes of master key and salt."""

_LINE = re.compile(r"(\d{1,9}) (\S+) inline:([A-Za-z0-9+/]+=*)(?:\|[^ ;]*)*$")


@dataclass(frozen=True, slots=True)
class Crypto:
    """One `a=crypto` line: keys with which its sender encrypts."""

    tag: int
    suite: str
    key: bytes

    def __repr__(self) -> str:
        return f"Crypto({self.tag} {self.suite})"  # keys belong into no log

    @classmethod
    def fresh(cls, tag: int = 1, suite: str = "AES_CM_128_HMAC_SHA1_80") -> "Crypto":
        """Return new random keys. Raises KeyError for a suite that we do not speak."""
        return cls(tag, suite, os.urandom(PROFILES[suite][1]))

    @classmethod
    def parse(cls, value: str) -> "Crypto | None":
        """Return the keys of an attribute's value; None when it is malformed, or asks for what we do not speak."""
        found = _LINE.match(value)
        if found is None or found[2] not in PROFILES:
            return None
        try:
            key = base64.b64decode(found[3], validate=True)
        except binascii.Error:
            return None
        return cls(int(found[1]), found[2], key) if len(key) == PROFILES[found[2]][1] else None

    def encode(self) -> str:
        """Return the attribute's value."""
        return f"{self.tag} {self.suite} inline:{base64.b64encode(self.key).decode()}"


class Srtp:
    """Both directions of one leg: our keys protect, the far end's unprotect. None stands for what fails."""

    def __init__(self, send: Crypto, receive: Crypto) -> None:
        self._send = Session(_policy(send, Policy.SSRC_ANY_OUTBOUND))
        self._receive = Session(_policy(receive, Policy.SSRC_ANY_INBOUND))

    def protect(self, packet: bytes) -> bytes | None:
        """Encrypt an RTP packet."""
        try:
            return self._send.protect(packet)
        except (Error, TypeError):
            return None

    def unprotect(self, packet: bytes) -> bytes | None:
        """Decrypt an RTP packet; None when it is forged, replayed or malformed."""
        try:
            return self._receive.unprotect(packet)
        except (Error, TypeError):
            return None

    def protect_rtcp(self, packet: bytes) -> bytes | None:
        """Encrypt an RTCP packet."""
        try:
            return self._send.protect_rtcp(packet)
        except (Error, TypeError):
            return None

    def unprotect_rtcp(self, packet: bytes) -> bytes | None:
        """Decrypt an RTCP packet."""
        try:
            return self._receive.unprotect_rtcp(packet)
        except (Error, TypeError):
            return None


def _policy(crypto: Crypto, direction: int) -> Policy:
    return Policy(key=crypto.key, ssrc_type=direction, srtp_profile=PROFILES[crypto.suite][0])
