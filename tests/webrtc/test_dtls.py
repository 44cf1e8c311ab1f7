"""The DTLS handshake between two of our own ends over good, bad and hostile links, in virtual time."""

import random

import pytest

from teplo.channels.voice.webrtc import certificate as certificates
from teplo.channels.voice.webrtc.certificate import Certificate
from teplo.channels.voice.webrtc.dtls import Dtls, DtlsContext, datagrams

NOW = 1_800_000_000.0
WORKER = DtlsContext(Certificate.generate(NOW))
BROWSER = DtlsContext(Certificate.generate(NOW))


def talk(client: Dtls, server: Dtls, seconds: float, lost: float = 0.0, dice: random.Random | None = None) -> float:
    """Carry datagrams every 20 ms until both are connected; return the seconds it took."""
    dice = dice or random.Random(1)
    at = 0.0
    while at < seconds and "handshake" in (client.state, server.state):
        for here, there in ((client, server), (server, client)):
            for datagram in here.poll(at):
                assert len(datagram) <= 1200
                if dice.random() >= lost:
                    there.receive(datagram)
        at += 0.02
    return at


def test_both_ends_have_the_same_keys_and_know_each_other() -> None:
    client, server = Dtls(BROWSER, client=True), Dtls(WORKER)
    talk(client, server, 1.0)
    assert (client.state, server.state) == ("connected", "connected")
    assert client.keys and server.keys
    assert (client.keys.send, client.keys.receive) == (server.keys.receive, server.keys.send)
    assert client.keys.send != client.keys.receive
    assert server.peer and certificates.matches(server.peer, [("sha-256", BROWSER.certificate.fingerprint)])
    assert client.peer and certificates.matches(client.peer, [("SHA-256", WORKER.certificate.fingerprint.lower())])
    assert not certificates.matches(server.peer, [("sha-256", WORKER.certificate.fingerprint)])


def test_only_strong_digests_and_of_these_the_strongest_count() -> None:
    der = certificates.der(BROWSER.certificate.x509)
    good = [(name, certificates.fingerprint(der, name)) for name in ("sha-256", "sha-512")]
    assert certificates.matches(der, good)
    assert not certificates.matches(der, [])
    assert not certificates.matches(der, [("sha-1", certificates.fingerprint(der, "sha-1"))])
    assert not certificates.matches(der, [good[0], ("sha-512", "00:" * 63 + "00")])


@pytest.mark.parametrize("seed", range(20))
def test_a_lossy_link_delays_but_does_not_stop_it(seed: int) -> None:
    client, server = Dtls(BROWSER, client=True), Dtls(WORKER)
    # OpenSSL's own timer runs in real time, so this shows our repeats alone, which end after 0.7 s.
    took = talk(client, server, 1.0, lost=0.1, dice=random.Random(seed))
    assert "failed" not in (client.state, server.state)
    assert took <= 1.0


def test_most_handshakes_survive_ten_percent_loss_without_waiting_a_second() -> None:
    quick = 0
    for seed in range(40):
        client, server = Dtls(BROWSER, client=True), Dtls(WORKER)
        talk(client, server, 1.0, lost=0.1, dice=random.Random(seed))
        quick += (client.state, server.state) == ("connected", "connected")
    assert quick >= 34


def test_the_last_flight_is_repeated_until_media_shows_that_it_came() -> None:
    client, server = Dtls(BROWSER, client=True), Dtls(WORKER)
    talk(client, server, 1.0)
    assert server.poll(10.0)
    server.settle()
    assert not server.poll(20.0)


def test_goodbye_is_heard() -> None:
    client, server = Dtls(BROWSER, client=True), Dtls(WORKER)
    talk(client, server, 1.0)
    for datagram in client.close():
        server.receive(datagram)
    assert server.state == "closed"
    assert server.close() == []


def test_a_peer_without_srtp_fails() -> None:
    plain = DtlsContext(Certificate.generate(NOW))
    from OpenSSL import SSL

    context = SSL.Context(SSL.DTLS_METHOD)
    context.use_certificate(plain.certificate.x509)
    context.use_privatekey(plain.certificate.key)
    plain.ssl = context
    client, server = Dtls(plain, client=True), Dtls(WORKER)
    talk(client, server, 0.2)
    assert server.state == "failed" and server.keys is None


def test_noise_ends_in_a_state_and_costs_no_more_than_it_may() -> None:
    dice = random.Random(3)
    for _ in range(60):
        client, server = Dtls(BROWSER, client=True), Dtls(WORKER)
        hello = client.poll(0.0)
        for step in range(60):
            data = bytearray(dice.choice(hello) if dice.random() < 0.7 else dice.randbytes(dice.randrange(1400)))
            for _ in range(dice.randrange(4)):
                if data:
                    data[dice.randrange(len(data))] = dice.randrange(256)
            server.receive(bytes(data[: dice.randrange(len(data) + 1)]))
            server.poll(step * 0.02)
        assert server.state in ("handshake", "failed", "closed")
    server = Dtls(WORKER)
    for _ in range(100):
        server.receive(b"\x16\xfe\xfd" + bytes(10) + b"\x04\x00" + dice.randbytes(1024))
    assert server.state == "failed"


def test_noise_after_the_handshake_changes_nothing() -> None:
    dice = random.Random(4)
    client, server = Dtls(BROWSER, client=True), Dtls(WORKER)
    talk(client, server, 1.0)
    server.settle()
    for _ in range(2000):
        server.receive(bytes([dice.choice((20, 21, 22, 23))]) + b"\xfe\xfd" + dice.randbytes(dice.randrange(200)))
    assert server.state == "connected"
    for datagram in client.close():
        server.receive(datagram)
    assert server.state == "closed"


def test_records_are_packed_but_never_cut() -> None:
    def record(size: int) -> bytes:
        return b"\x16\xfe\xfd" + bytes(8) + size.to_bytes(2) + bytes(size)

    packed = datagrams(record(500) + record(500) + record(500) + record(1400) + record(3))
    assert [len(one) for one in packed] == [1026, 513, 1413, 16]
    assert datagrams(b"") == []
