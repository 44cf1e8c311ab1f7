"""The worker's own certificate, and the fingerprints by which browsers know each other (RFC 8122, RFC 8827)."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

_VALID = timedelta(days=365)
_EARLY = timedelta(days=1)
"""A browser whose clock is behind ours still finds the certificate valid."""

_DIGESTS = ("sha-512", "sha-384", "sha-256")
"""Accepted digests, strongest first; md5 and sha-1 prove nothing any more (RFC 8122 section 5)."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A self-signed P-256 certificate that lives as long as the worker. The SDP vouches for it, no authority does."""

    key: ec.EllipticCurvePrivateKey
    x509: x509.Certificate
    fingerprint: str
    """SHA-256 of the DER form as SDP writes it: "AB:CD:…"."""

    @classmethod
    def generate(cls, now: float) -> Certificate:
        """Make a new key and sign it; `now` in POSIX seconds. Takes less than a millisecond."""
        key = ec.generate_private_key(ec.SECP256R1())
        at = datetime.fromtimestamp(now, UTC)
        # A name says nothing to a browser; a constant one gives nothing away.
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "teplo")])
        signed = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(at - _EARLY)
            .not_valid_after(at + _VALID)
            .sign(key, hashes.SHA256())
        )
        return cls(key, signed, fingerprint(der(signed), "sha-256"))


def der(certificate: x509.Certificate) -> bytes:
    """Return the DER form of a certificate, which is what fingerprints are made of."""
    return certificate.public_bytes(serialization.Encoding.DER)


def fingerprint(certificate: bytes, digest: str) -> str:
    """Return the fingerprint of a DER certificate as SDP writes it: upper-case pairs of hex digits with colons."""
    return hashlib.new(digest.replace("-", ""), certificate).digest().hex(":").upper()


def matches(certificate: bytes, promised: list[tuple[str, str]]) -> bool:
    """Whether a DER certificate is the promised one; `promised`: (digest, fingerprint) pairs of the peer's SDP.

    Of several pairs only those of the strongest digest count (RFC 8122 section 5). No acceptable digest: no match.
    """
    for digest in _DIGESTS:
        values = [value for name, value in promised if name.lower() == digest]
        if values:
            own = fingerprint(certificate, digest).encode()
            return any(hmac.compare_digest(own, value.strip().upper().encode()) for value in values)
    return False
