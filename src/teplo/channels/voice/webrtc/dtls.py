"""DTLS that makes the keys of SRTP (RFC 5764, RFC 8827): OpenSSL between two buffers, without a socket.

OpenSSL 4.0 speaks DTLS 1.2; a later one that speaks 1.3 is used as it is. Connectivity was proved by ICE before the
first record is taken, so the cookie of RFC 6347 section 4.2.1 is not needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from OpenSSL import SSL

from .certificate import Certificate, der

State = Literal["handshake", "connected", "failed", "closed"]

_DTLS_1_2 = 0xFEFD
_CIPHERS = b"ECDHE+AESGCM:ECDHE+CHACHA20"
_MTU = 1200
"""Bytes of one datagram: passes every path, VPNs of offices included (RFC 8834 leaves it to us)."""

_REPEATS = (0.1, 0.3, 0.7)
"""Seconds after a flight at which it is sent again. OpenSSL begins only after one second; a peer that has the first
copy takes the second for a duplicate of the network."""

_LARGEST_HANDSHAKE = 65_536
"""Bytes taken before the handshake is over: a peer's flight has 2 000, with losses a few times that."""


@dataclass(frozen=True, slots=True)
class SrtpProfile:
    """A protection profile of SRTP (RFC 5764 section 4.1.2, RFC 7714 section 14.2); lengths in bytes."""

    name: str
    """As DTLS calls it."""
    suite: str
    """As SDP calls it (RFC 4568, RFC 7714)."""
    key: int
    salt: int


PROFILES = {
    profile.name: profile
    for profile in (
        SrtpProfile("SRTP_AEAD_AES_128_GCM", "AEAD_AES_128_GCM", 16, 12),
        SrtpProfile("SRTP_AES128_CM_SHA1_80", "AES_CM_128_HMAC_SHA1_80", 16, 14),
    )
}
"""In order of preference: GCM costs a tenth less time a packet."""


@dataclass(frozen=True, slots=True)
class SrtpKeys:
    """What a handshake yields: master key and salt of each direction, joined."""

    profile: SrtpProfile
    receive: bytes
    send: bytes


class DtlsContext:
    """What all legs of a worker share: certificate, versions, ciphers, profiles."""

    def __init__(self, certificate: Certificate) -> None:
        self.certificate = certificate
        context = SSL.Context(SSL.DTLS_METHOD)
        context.set_min_proto_version(_DTLS_1_2)
        context.set_cipher_list(_CIPHERS)
        context.set_options(SSL.OP_NO_QUERY_MTU | SSL.OP_NO_TICKET | SSL.OP_NO_RENEGOTIATION)
        context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
        # Every certificate is taken here: no authority vouches for a browser, its fingerprint in the SDP does.
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, lambda *_: True)
        context.use_certificate(certificate.x509)
        context.use_privatekey(certificate.key)
        context.set_tlsext_use_srtp(":".join(PROFILES).encode())
        self.ssl = context


class Dtls:
    """One association. Feed it datagrams and the time, send what `poll` returns. It never raises on what a peer sent.

    `client`: begin the handshake (simulated browsers and tests); a leg of ours is always the server.
    """

    def __init__(self, context: DtlsContext, *, client: bool = False) -> None:
        self.state: State = "handshake"
        self.keys: SrtpKeys | None = None
        self.peer: bytes | None = None
        """The peer's certificate in DER form, once connected. The caller compares the fingerprint."""
        self._client = client
        self._taken = 0
        self._flight: list[bytes] = []
        self._flight_at = 0.0
        self._repeated = 0
        self._ssl = SSL.Connection(context.ssl)
        self._ssl.set_ciphertext_mtu(_MTU)
        if client:
            self._ssl.set_connect_state()
        else:
            self._ssl.set_accept_state()

    def receive(self, datagram: bytes) -> None:
        """Take one datagram of the peer."""
        if self.state in ("failed", "closed") or not datagram:
            return
        if self.state == "handshake":
            self._taken += len(datagram)
            if self._taken > _LARGEST_HANDSHAKE:
                self.state = "failed"
                return
        self._ssl.bio_write(datagram)
        self._advance()

    def poll(self, now: float) -> list[bytes]:
        """Return the datagrams to send now. Call it after `receive` and some ten times a second."""
        if self.state == "handshake":
            if self._client and not self._flight:
                self._advance()
            self._handle_timer()
        sent = self._written()
        if sent:
            self._flight, self._flight_at, self._repeated = sent, now, 0
            return sent
        if self._flight and self._repeated < len(_REPEATS) and now - self._flight_at >= _REPEATS[self._repeated]:
            self._repeated += 1
            return self._flight
        return []

    @property
    def restless(self) -> bool:
        """Whether `poll` may have something to send although nothing came."""
        return self.state == "handshake" or (bool(self._flight) and self._repeated < len(_REPEATS))

    def settle(self) -> None:
        """The peer has shown that it has the last flight (its SRTP came): repeat it no more."""
        self._flight = []

    def close(self) -> list[bytes]:
        """Say goodbye (close_notify); return the datagrams that say it."""
        if self.state != "connected":
            self.state = "closed" if self.state == "handshake" else self.state
            return []
        self.state = "closed"
        self._flight = []
        try:
            self._ssl.shutdown()
        except SSL.Error:
            return []
        return self._written()

    def _advance(self) -> None:
        try:
            if self.state == "handshake":
                self._ssl.do_handshake()
                self._connected()
            else:
                self._read()
        except SSL.WantReadError:
            pass
        except SSL.ZeroReturnError:
            self.state = "closed"
        except SSL.Error:
            self.state = "failed"

    def _read(self) -> None:
        """Let OpenSSL see what came after the handshake: alerts, and repeated flights that it answers itself."""
        while True:
            self._ssl.recv(2048)

    def _connected(self) -> None:
        profile = PROFILES.get(self._ssl.get_selected_srtp_profile().decode())
        certificate = self._ssl.get_peer_certificate(as_cryptography=True)
        if profile is None or certificate is None:
            self.state = "failed"
            return
        key, salt = profile.key, profile.salt
        # RFC 5764 section 4.2: client key, server key, client salt, server salt.
        material = self._ssl.export_keying_material(b"EXTRACTOR-dtls_srtp", 2 * (key + salt))
        theirs = material[:key] + material[2 * key : 2 * key + salt]
        ours = material[key : 2 * key] + material[2 * key + salt :]
        if self._client:
            theirs, ours = ours, theirs
        self.peer = der(certificate)
        self.keys = SrtpKeys(profile, receive=theirs, send=ours)
        self.state = "connected"

    def _handle_timer(self) -> None:
        try:
            self._ssl.DTLSv1_handle_timeout()
        except SSL.Error:
            self.state = "failed"

    def _written(self) -> list[bytes]:
        """Take what OpenSSL wrote, cut into datagrams at the borders of records."""
        written = b""
        while True:
            try:
                written += self._ssl.bio_read(65_536)
            except SSL.Error:
                return datagrams(written)


def datagrams(records: bytes, largest: int = _MTU) -> list[bytes]:
    """Pack a run of DTLS 1.2 records (RFC 6347 section 4.1) into datagrams; a record is never cut."""
    packed: list[bytes] = []
    start = at = 0
    while at + 13 <= len(records):
        end = at + 13 + int.from_bytes(records[at + 11 : at + 13])
        if end - start > largest and at > start:
            packed.append(records[start:at])
            start = at
        at = end
    if start < len(records):
        packed.append(records[start:])
    return packed
