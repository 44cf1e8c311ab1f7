"""Phones and trunks behind NAT: answered, called and kept where they are seen, whatever they name."""

import pytest

from teplo.channels.voice.sip.digest import Credentials, Server, proofs
from teplo.channels.voice.sip.flow import Flow, is_hidden
from teplo.channels.voice.sip.keepalive import Keeper
from teplo.channels.voice.sip.registrar import Registrar
from teplo.channels.voice.sip.registration import Registration
from teplo.channels.voice.sip.trunk import Sources, Trunk
from teplo.channels.voice.sip.uri import NameAddr, Uri

from .link import ANSWER, CALLER, OFFER, Heard, Link, Side
from .torture import request

CENTRE = "10.8.0.1"
HOME, SEEN = "192.168.77.2", ("10.9.0.7", 40111)
"""One private network behind another: a branch office, a carrier's NAT."""


class Office:
    """The centre and a phone behind NAT that is registered there."""

    def __init__(self, home: str = HOME, seen: tuple[str, int] = SEEN, expires: int = 3600) -> None:
        self.link = link = Link()
        link.nat = {home: seen}
        self.phone, self.centre = Side(link, home), Side(link, CENTRE)
        self.phone.core.settings.contact_user = "anna"
        self.phone.stack.sources = Sources([Trunk.of("centre", CENTRE)])
        self.registrar = Registrar(
            self.centre.core,
            Server("teplo", b"s", lambda: link.now, {"anna": proofs("anna", "teplo", "right")}.get),
        )
        stack, self.keeper = self.centre.stack, Keeper(self.centre.core, self.registrar)
        stack.sources = Sources()
        stack.guest, stack.identify = self.registrar.guest, self.registrar.identify
        stack.on_register = self.registrar.register
        self.registrar.on_moved = stack.moved
        self.registrar.on_bound = self.keeper.keep
        own = NameAddr.parse(f"<sip:anna@{CENTRE}>")
        self.registration = Registration(
            self.phone.core, Uri("sip", "", CENTRE), own, Credentials("anna", "right"), expires=expires
        )
        self.registration.start()
        link.run(1)

    def talk(self) -> tuple[Heard, Heard]:
        """The centre calls the phone, which answers."""
        binding = self.registrar.bindings("anna")[0]
        ours = Heard(self.centre.stack.call(binding.contact, from_=CALLER, sdp=OFFER, route=binding.flow))
        self.link.run(0.1)
        theirs = Heard(self.phone.calls[-1])
        self.phone.calls[-1].answer(ANSWER)
        self.link.run(0.1)
        return ours, theirs

    def asked(self) -> int:
        """How often the centre has asked by OPTIONS."""
        return self.link.methods(CENTRE).count("OPTIONS")


@pytest.mark.parametrize(("home", "seen"), [(HOME, SEEN), ("100.64.3.4", ("192.0.2.7", 999))])
def test_a_phone_is_reached_where_it_is_seen_until_the_end_of_the_call(home: str, seen: tuple[str, int]) -> None:
    office = Office(home, seen)
    ours, theirs = office.talk()
    assert ours.session.state == theirs.session.state == "confirmed", "the ACK has arrived"
    ours.session.hang_up()
    office.link.run(1)
    assert theirs.events[-1] == "remote_bye"


def test_a_phone_that_calls_is_reached_the_same_way() -> None:
    office = Office()
    out = office.phone.stack.call(
        Uri("sip", "*1", CENTRE), from_=NameAddr.parse(f"<sip:anna@{CENTRE}>"), sdp=OFFER,
        credentials=Credentials("anna", "right"),
    )  # fmt: skip
    office.link.run(0.1)
    office.centre.calls[0].answer(ANSWER)
    office.link.run(0.1)
    office.centre.calls[0].hang_up()
    office.link.run(1)
    assert out.ended is not None and out.ended.why == "remote_bye"


def test_a_request_in_the_call_tells_where_the_phone_is_seen_now() -> None:
    office = Office()
    ours, theirs = office.talk()
    hosts: list[str] = []
    ours.session.on_host = hosts.append
    office.link.nat[HOME] = (SEEN[0], 40222)  # the NAT has begun anew
    theirs.session.send_digit("5")
    office.link.run(0.1)
    assert ours.session.flow.port == 40222 and not hosts
    office.link.nat[HOME] = ("10.9.0.8", 40333)
    theirs.session.send_digit("6")
    office.link.run(0.1)
    assert hosts == ["10.9.0.8"]
    ours.session.hang_up()
    office.link.run(1)
    assert theirs.events[-1] == "remote_bye"


def test_a_phone_that_registers_anew_takes_its_call_along() -> None:
    office = Office()
    ours, theirs = office.talk()
    office.link.nat[HOME] = (SEEN[0], 40222)
    office.link.run(290)  # the registration is prolonged
    assert office.registrar.bindings("anna")[0].flow.port == 40222
    ours.session.hang_up()
    office.link.run(1)
    assert theirs.events[-1] == "remote_bye"


def test_a_registration_behind_nat_is_brief_whatever_was_wished() -> None:
    office = Office()
    left = office.registrar.bindings("anna")[0].until - office.link.now
    assert left <= office.registrar.limits.longest_fleeting < 3600
    open_ = Office("10.9.0.7", ("10.9.0.7", 5060))
    assert open_.registrar.bindings("anna")[0].until - open_.link.now > 3000


def test_the_way_to_a_phone_is_kept_open_while_it_is_registered() -> None:
    office = Office()
    office.link.run(120)
    assert 4 <= office.asked() <= 5
    assert office.link.methods(HOME).count("200") >= 4, "the phone answers, so that its NAT sees it speak"
    office.registration.stop()
    office.link.run(60)
    before = office.asked()
    office.link.run(120)
    assert office.asked() == before and not office.keeper.kept
    open_ = Office("10.9.0.7", ("10.9.0.7", 5060))
    open_.link.run(120)
    assert open_.asked() == 0, "without NAT there is nothing to keep"


def test_the_way_is_kept_at_its_new_place_alone() -> None:
    office = Office()
    office.link.nat[HOME] = (SEEN[0], 40222)
    office.link.run(400)
    assert office.keeper.kept == {Flow("UDP", SEEN[0], 40222)}


def test_an_old_phone_that_asks_for_no_rport_is_answered_where_it_is_seen() -> None:
    link = Link()
    centre = Side(link, CENTRE)
    centre.stack.sources = Sources([Trunk.of("carrier", "192.0.2.0/24")])
    sent: list[Flow] = []
    centre.core.send = lambda data, flow: sent.append(flow)
    old = request("OPTIONS", via=f"SIP/2.0/UDP {HOME}:5060;branch=z9hG4bKold")
    centre.stack.receive(old, Flow("UDP", "192.0.2.9", 40111))
    named = request("OPTIONS", via="SIP/2.0/UDP 192.0.2.10:5070;branch=z9hG4bKnamed")
    centre.stack.receive(named, Flow("UDP", "192.0.2.9", 40111))
    assert [flow.port for flow in sent] == [40111, 5070], "RFC 3261 18.2.2 where there is no NAT"


@pytest.mark.parametrize(
    ("named", "seen", "hidden"),
    [
        ("192.168.1.2", "203.0.113.5", True),
        ("100.64.1.2", "203.0.113.5", True),
        ("192.168.1.2", "100.64.1.2", True),
        ("100.64.1.2", "10.0.0.1", False),
        ("10.0.0.2", "10.0.0.1", False),
        ("203.0.113.5", "192.168.1.2", False),
        ("203.0.113.6", "203.0.113.5", False),
        ("fd00::1", "2001:db8::1", True),
        ("sip.carrier.example", "203.0.113.5", False),
    ],
)
def test_who_names_an_address_that_cannot_be_reached_is_behind_nat(named: str, seen: str, hidden: bool) -> None:
    assert is_hidden(named, seen) is hidden
