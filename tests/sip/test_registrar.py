"""Registration from both sides: phones at us, we at a trunk (RFC 3261 10)."""

from teplo.channels.voice.sip.digest import Credentials, Server, proofs
from teplo.channels.voice.sip.flow import Flow
from teplo.channels.voice.sip.registrar import Registrar
from teplo.channels.voice.sip.registration import Registration
from teplo.channels.voice.sip.trunk import Sources
from teplo.channels.voice.sip.uri import NameAddr, Uri

from .link import ANSWER, CALLER, OFFER, Heard, Link, Side, pair
from .torture import request

PHONE = NameAddr.parse("<sip:anna@192.0.2.2>")


def office(link: Link) -> tuple[Side, Side, Registrar]:
    """A phone, and a centre to which all are strangers that do not register."""
    a, b = pair(link)
    a.core.settings.contact_user = "anna"
    registrar = Registrar(
        b.core, Server("teplo", b"s", lambda: link.now, {"anna": proofs("anna", "teplo", "right")}.get)
    )
    b.stack.sources = Sources()
    b.stack.guest, b.stack.identify, b.stack.on_register = registrar.guest, registrar.identify, registrar.register
    return a, b, registrar


def registration(a: Side, *, known: bool = True, expires: int = 300) -> Registration:
    return Registration(
        a.core, Uri("sip", "", "192.0.2.2"), PHONE, Credentials("anna", "right" if known else "wrong"), expires=expires
    )


def test_a_phone_registers_stays_and_leaves() -> None:
    link = Link()
    a, _, registrar = office(link)
    told: list[tuple[bool, int]] = []
    changes: list[tuple[str, bool]] = []
    registrar.on_change = lambda user, there: changes.append((user, there))
    phone = registration(a)
    phone.on_change = lambda there, status: told.append((there, status))
    phone.start()
    link.run(1)
    assert told == [(True, 200)] and [one.contact.user for one in registrar.bindings("anna")] == ["anna"]
    link.run(3000)
    assert len(registrar.bindings("anna")) == 1
    phone.stop()
    link.run(1)
    assert registrar.bindings("anna") == [] and changes == [("anna", True), ("anna", False)]


def test_a_phone_that_falls_silent_is_forgotten() -> None:
    link = Link()
    a, _, registrar = office(link)
    registration(a).start()
    link.run(1)
    link.drop = lambda host, message: True
    link.run(400)
    assert registrar.bindings("anna") == []


def test_an_interval_that_is_too_brief_is_lifted() -> None:
    link = Link()
    a, _, registrar = office(link)
    registration(a, expires=20).start()
    link.run(1)
    assert "423" in link.methods("192.0.2.2") and len(registrar.bindings("anna")) == 1


def test_a_registered_phone_is_called_where_it_is_and_calls_with_proof() -> None:
    link = Link()
    a, b, registrar = office(link)
    registration(a).start()
    link.run(1)
    binding = registrar.bindings("anna")[0]
    heard = Heard(b.stack.call(binding.contact, from_=CALLER, sdp=OFFER, route=binding.flow))
    link.run(0.1)
    a.calls[0].answer(ANSWER)
    link.run(0.1)
    assert heard.events == ["answered+sdp"]
    out = a.stack.call(Uri("sip", "611", "192.0.2.2"), from_=PHONE, sdp=OFFER, credentials=Credentials("anna", "right"))
    link.run(0.1)
    assert b.calls[0].source.user == "anna" and out.state == "early"
    liar = a.call(b, Credentials("anna", "right"))
    link.run(0.1)
    assert liar.events == ["rejected:403"], "the caller's address is not the one that was proved"


def test_guessing_is_stopped() -> None:
    link = Link()
    a, b, registrar = office(link)
    phone = registration(a, known=False)
    phone.start()
    link.run(4000)
    assert registrar.bindings("anna") == [] and not phone.registered
    before = b.stack.counts.strangers
    for _ in range(60):
        registration(a, known=False).start()
        link.run(1)
    assert b.stack.counts.strangers > before, "dropped unread after too many wrong proofs"


def test_scanners_and_floods_are_dropped_unread() -> None:
    link = Link()
    _, b, _ = office(link)
    scan = request("OPTIONS", extra="User-Agent: friendly-scanner\r\n")
    b.stack.receive(scan, Flow("UDP", "198.51.100.1", 5060))
    assert b.stack.counts.strangers == 1
    for _ in range(200):
        b.stack.receive(request("OPTIONS"), Flow("UDP", "198.51.100.2", 5060))
    assert b.stack.counts.strangers == 151
