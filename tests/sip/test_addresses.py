"""Which address of ours a peer is told: the public one, but for who is in a network of our own."""

import pytest

from teplo.channels.voice.addresses import Told
from teplo.channels.voice.sip.core import Core
from teplo.channels.voice.sip.endpoint import Endpoint
from teplo.channels.voice.sip.flow import Flow
from teplo.channels.voice.sip.transport import Listen
from teplo.settings import Settings

PUBLIC, BOUND = "198.51.100.7", "10.1.2.3"
NEAR = tuple(Settings().sip_local_networks)


def core(host: str, near: tuple[str, ...] = NEAR) -> Core:
    listen = Listen(host, udp=5060, tcp=5060, tls=5061, ws=5080, wss=5081, advertise=PUBLIC, near=near)
    return Endpoint(listen, time=lambda: 0.0).core


@pytest.mark.parametrize("transport", ["UDP", "TCP", "TLS", "WS", "WSS"])
@pytest.mark.parametrize(
    ("peer", "told"),
    [
        ("203.0.113.9", PUBLIC), ("2001:db8::9", PUBLIC), ("carrier.example", PUBLIC), ("100.64.0.9", PUBLIC),
        ("10.9.9.9", BOUND), ("172.16.5.5", BOUND), ("192.168.1.1", BOUND), ("127.0.0.1", BOUND), ("::1", BOUND),
        ("fd00::9", BOUND), ("fe80::1%eth0", BOUND), ("169.254.1.1", BOUND), ("::ffff:192.168.1.1", BOUND),
    ],
)  # fmt: skip
def test_via_and_contact_name_what_the_peer_reaches(transport: str, peer: str, told: str) -> None:
    made, flow = core(BOUND), Flow(transport, peer, 5060, 1)
    assert made.via(flow).host == told
    assert f"@{told}:" in made.contact(flow)


def test_a_proxy_that_others_come_through_can_be_left_out() -> None:
    made = Told(BOUND, PUBLIC, ("10.1.0.0/16",))
    assert (made.to("10.1.7.7"), made.to("10.2.0.1"), made.to("127.0.0.1")) == (BOUND, PUBLIC, PUBLIC)
    assert Told(BOUND, PUBLIC).audio_to("10.1.7.7") == PUBLIC


def test_without_a_public_address_everybody_is_told_the_one_that_is_bound() -> None:
    assert {Told(BOUND).to(peer) for peer in ("203.0.113.9", "10.1.7.7", "carrier.example")} == {BOUND}


def test_where_all_are_bound_the_way_to_the_peer_decides() -> None:
    made = Told("0.0.0.0", PUBLIC, NEAR)
    assert made.to("127.0.0.2") == "127.0.0.1" and made.to("203.0.113.9") == made.audio_to("203.0.113.9") == PUBLIC
    assert made.audio_to("127.0.0.2") == Told("0.0.0.0").audio_to("192.0.2.1"), "who is here may hand the call on"


@pytest.mark.parametrize("wrong", ["10.0.0.1/8", "own", "10.0.0.0/40"])
def test_what_is_no_network_is_refused(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEPLO_SIP_LOCAL_NETWORKS", f"192.168.0.0/16, {wrong}")
    with pytest.raises(ValueError):
        Settings()


def test_networks_are_written_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEPLO_SIP_LOCAL_NETWORKS", "192.168.0.0/16, fd00::/8")
    assert Settings().sip_local_networks == ["192.168.0.0/16", "fd00::/8"]
    monkeypatch.setenv("TEPLO_SIP_LOCAL_NETWORKS", "")
    assert Settings().sip_local_networks == []
