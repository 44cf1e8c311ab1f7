"""SRTP (RFC 3711) by libsrtp, with keys from the SDP (RFC 4568) or from DTLS."""

import os
from typing import Final

from pylibsrtp import Error, Policy, Session

PROFILES: Final = {
    "AES_CM_128_HMAC_SHA1_80": (Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 30),
    "AES_CM_128_HMAC_SHA1_32": (Policy.SRTP_PROFILE_AES128_CM_SHA1_32, 30),
    "AEAD_AES_128_GCM": (Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 28),
    "AEAD_AES_256_GCM": (Policy.SRTP_PROFILE_AEAD_AES_256_GCM, 44),
}
"""Crypto suite of RFC 4568 and 7714: libsrtp's profile, bytes of master key and salt."""

DEFAULT_SUITE: Final = "AES_CM_128_HMAC_SHA1_80"


def fresh_key(suite: str = DEFAULT_SUITE) -> bytes:
    """Return a new random master key with its salt. Raises KeyError for a suite that we do not speak."""
    return os.urandom(PROFILES[suite][1])


class Srtp:
    """Both directions of one leg: our key protects, the far end's unprotects. None stands for what fails.

    A key is the master key followed by the salt.
    """

    def __init__(self, suite: str, send: bytes, receive: bytes) -> None:
        profile = PROFILES[suite][0]
        self._send = Session(Policy(key=send, ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=profile))
        self._receive = Session(Policy(key=receive, ssrc_type=Policy.SSRC_ANY_INBOUND, srtp_profile=profile))

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
