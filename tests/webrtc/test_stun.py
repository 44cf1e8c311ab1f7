"""STUN and ICE-lite against an independent implementation (aioice), and against noise."""

import random

import pytest
from aioice import stun as peer

from teplo.channels.voice.webrtc import stun
from teplo.channels.voice.webrtc.ice import IceLite

HOME = ("192.0.2.10", 40000)
CAFE = ("198.51.100.7", 1024)


def check(ice: IceLite, *, ufrag: str | None = None, password: str | None = None, **attributes: object) -> bytes:
    """A connectivity check as another implementation writes it."""
    message = peer.Message(peer.Method.BINDING, peer.Class.REQUEST)
    message.attributes["USERNAME"] = f"{ufrag or ice.ufrag}:peer"
    message.attributes["PRIORITY"] = 1853824767
    message.attributes.update({name.replace("_", "-"): value for name, value in attributes.items()})
    message.add_message_integrity((password or ice.password).encode())
    return bytes(message)


def ask(ice: IceLite, data: bytes, source: stun.Address = HOME, now: float = 1.0) -> bytes | None:
    return ice.receive(stun.parse(data), source, now)


@pytest.mark.parametrize("source", [HOME, ("2001:db8::5", 65535)])
def test_a_check_is_answered_with_the_address_it_came_from(source: stun.Address) -> None:
    ice = IceLite()
    answer = ask(ice, check(ice, ICE_CONTROLLING=7), source)
    assert answer is not None
    read = peer.parse_message(answer)
    assert read.message_class == peer.Class.RESPONSE
    assert read.attributes["XOR-MAPPED-ADDRESS"] == source
    assert read.check_message_integrity(ice.password.encode())
    assert "FINGERPRINT" in read.attributes
    ours = stun.parse(answer)
    assert stun.read_xor_address(ours.attributes[stun.XOR_MAPPED_ADDRESS], ours.transaction) == source


def test_media_follows_the_nominated_pair() -> None:
    ice = IceLite()
    ask(ice, check(ice), HOME)
    assert (ice.selected, ice.nominated) == (HOME, False)
    ask(ice, check(ice, USE_CANDIDATE=None), CAFE)
    assert (ice.selected, ice.nominated) == (CAFE, True)
    ask(ice, check(ice), HOME)
    assert ice.selected == CAFE
    ask(ice, check(ice, USE_CANDIDATE=None), HOME)
    assert ice.selected == HOME


def test_whoever_does_not_know_the_password_gets_silence() -> None:
    ice = IceLite()
    assert ask(ice, check(ice, password="guess")) is None
    assert ask(ice, check(ice, ufrag="other")) is None
    unsigned = peer.Message(peer.Method.BINDING, peer.Class.REQUEST, attributes={"USERNAME": f"{ice.ufrag}:peer"})
    unsigned.add_fingerprint()
    assert ask(ice, bytes(unsigned)) is None
    assert ice.selected is None and not ice.sources


def test_after_the_answer_only_its_fragment_is_known() -> None:
    ice = IceLite()
    ice.remote_ufrag = "else"
    assert ask(ice, check(ice)) is None
    ice.remote_ufrag = "peer"
    assert ask(ice, check(ice)) is not None


def test_a_peer_that_wants_to_be_controlled_must_switch() -> None:
    ice = IceLite()
    answer = ask(ice, check(ice, ICE_CONTROLLED=2**64 - 1))
    assert answer is not None and peer.parse_message(answer).error_code == 487
    assert ice.selected is None


def test_an_attribute_that_must_be_understood_is_refused_by_name() -> None:
    ice = IceLite()
    message = stun.Message(stun.REQUEST, bytes(12), {stun.USERNAME: f"{ice.ufrag}:peer".encode(), 0x7777: b"x"})
    answer = ask(ice, message.encode(ice.password.encode()))
    assert answer is not None
    refused = stun.parse(answer)
    assert stun.error_code(refused) == 420
    assert refused.attributes[stun.UNKNOWN_ATTRIBUTES] == b"\x77\x77"


def test_consent_ends_when_checks_end() -> None:
    ice = IceLite(consent=15.0)
    assert not ice.expired(1e9)
    ask(ice, check(ice), now=100.0)
    assert not ice.expired(114.0)
    ask(ice, check(ice), now=110.0)
    assert not ice.expired(124.0)
    assert ice.expired(125.5)


def test_addresses_of_one_peer_are_few_and_the_used_one_stays() -> None:
    ice = IceLite()
    ask(ice, check(ice, USE_CANDIDATE=None), HOME)
    for port in range(1000):
        ask(ice, check(ice), ("203.0.113.1", 2000 + port))
    assert len(ice.sources) == 16
    assert ice.selected == HOME and HOME in ice.sources


def test_noise_is_never_more_than_a_stun_error() -> None:
    dice = random.Random(5)
    ice = IceLite()
    good = check(ice, USE_CANDIDATE=None, ICE_CONTROLLING=9)
    answered = 0
    for _ in range(20_000):
        data = bytearray(good if dice.random() < 0.8 else dice.randbytes(dice.randrange(200)))
        for _ in range(dice.randrange(1, 4)):
            if data:
                data[dice.randrange(len(data))] = dice.randrange(256)
        if dice.random() < 0.3:
            del data[dice.randrange(len(data) + 1) :]
        if dice.random() < 0.5 and len(data) >= 28:  # a right checksum, so that the attributes are read at all
            head = bytes(data[:2]) + (len(data) - 20).to_bytes(2) + bytes(data[4:-8])
            mac = peer.message_fingerprint(head)
            data = bytearray(head + b"\x80\x28\x00\x04" + mac.to_bytes(4))
        try:
            message = stun.parse(bytes(data))
        except stun.StunError:
            continue
        assert message.ufrags is None or len(message.ufrags) == 2
        answered += bytes(data) != good and ice.receive(message, CAFE, 1.0) is not None
    assert answered < 30  # a changed bit of what is not signed: the method's unused bits, the checksum put right
