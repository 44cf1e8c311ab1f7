"""Calls between two stacks in virtual time: who says what when (RFC 3261 13-15, 3262, 3311, 4028)."""

from dataclasses import replace

import pytest

from teplo.channels.voice import sdp
from teplo.channels.voice.sip.flow import Flow
from teplo.channels.voice.sip.message import Request
from teplo.channels.voice.sip.refer import Referral, Replaces
from teplo.channels.voice.sip.uri import Uri

from .link import ANSWER, CALLER, OFFER, Heard, Link, Side, pair, talk
from .torture import request

HELD = sdp.offer("192.0.2.1", 4000).with_audio(direction="sendonly")


def test_a_call_rings_is_answered_and_ends() -> None:
    link = Link()
    a, b = pair(link)
    caller = a.call(b)
    link.run(0.1)
    session = b.calls[0]
    callee = Heard(session)
    assert (session.caller.display, session.caller.uri.user, session.called.user) == ("Anna", "+79731234567", "611")
    assert session.remote_sdp is not None and session.source.trunk == "peer"
    session.ring()
    link.run(0.1)
    session.answer(ANSWER)
    link.run(0.1)
    caller.session.hang_up()
    link.run(0.1)
    assert caller.events == ["180", "answered+sdp", "hung_up"]
    assert callee.events == ["answered", "remote_bye"]
    assert link.methods("192.0.2.1") == ["INVITE", "ACK", "BYE"]
    assert link.methods("192.0.2.2") == ["100", "180", "200", "200"]
    link.run(100)
    assert not a.stack.dialogs and not b.stack.dialogs
    assert not len(a.core.transactions) and not len(b.core.transactions) and not len(a.core.timers)


def test_the_called_side_hangs_up_with_a_reason() -> None:
    link = Link()
    _, _, caller, callee = talk(link)
    callee.session.hang_up('queue "closed"')
    link.run(0.1)
    assert callee.events[-1] == "hung_up"
    assert caller.session.ended is not None
    assert (caller.session.ended.why, caller.session.ended.reason) == ("remote_bye", "queue  closed ")


def test_no_bye_goes_out_before_the_ack() -> None:
    link = Link()
    a, b = pair(link)
    caller = a.call(b)
    link.run(0.1)
    b.calls[0].answer(ANSWER)
    b.calls[0].hang_up()
    assert "BYE" not in link.methods("192.0.2.2")
    link.run(1)
    assert caller.events == ["answered+sdp", "remote_bye"]
    assert [m for m in link.methods("192.0.2.2") if m == "BYE"] == ["BYE"]


def test_a_lost_ack_does_not_keep_the_bye_for_ever() -> None:
    link = Link()
    link.drop = lambda host, message: isinstance(message, Request) and message.method == "ACK"
    a, b = pair(link)
    caller = a.call(b)
    link.run(0.1)
    b.calls[0].answer(ANSWER)
    b.calls[0].hang_up()
    link.run(40)
    assert caller.events[-1] == "remote_bye"
    link.run(100)
    assert not b.stack.dialogs and not len(b.core.timers)


def test_an_invite_without_a_description_is_answered_with_an_offer() -> None:
    link = Link()
    a, b = pair(link)
    session = a.stack.call(Uri("sip", "611", "192.0.2.2"), from_=CALLER, sdp=b"")
    link.run(0.1)
    callee = Heard(b.calls[0])
    heard: list[bytes | None] = []
    callee.session.on_answered = heard.append
    assert callee.session.remote_sdp is None
    callee.session.answer(OFFER)
    link.drop = lambda host, message: isinstance(message, Request) and message.method == "ACK"
    link.run(0.1)
    assert session.remote_sdp == OFFER
    number = link.last("192.0.2.1", "INVITE").cseq.number
    session.acknowledge(number, body=ANSWER)
    link.drop = lambda host, message: False
    session.acknowledge(number, body=ANSWER)
    link.run(0.1)
    assert heard == [ANSWER] and callee.session.remote_sdp == ANSWER


def test_a_refusal_is_acknowledged_and_told() -> None:
    link = Link()
    a, b = pair(link)
    caller = a.call(b)
    link.run(0.1)
    callee = Heard(b.calls[0])
    b.calls[0].reject(486, "Busy today")
    link.run(0.1)
    assert caller.events == ["rejected:486"] and callee.events == ["rejected:486"]
    assert caller.session.ended and caller.session.ended.reason == "Busy today"
    assert link.methods("192.0.2.1") == ["INVITE", "ACK"]


def test_cancel_before_the_answer() -> None:
    link = Link()
    a, b = pair(link)
    caller = a.call(b)
    link.run(0.1)
    callee = Heard(b.calls[0])
    caller.session.hang_up()
    link.run(1)
    assert caller.events == ["hung_up"] and callee.events == ["cancelled:487"]
    assert link.methods("192.0.2.1") == ["INVITE", "CANCEL", "ACK"]
    b.calls[0].answer(ANSWER)
    link.run(1)
    assert callee.events == ["cancelled:487"]


def test_the_limit_of_an_invite_ends_its_ringing_and_never_what_was_answered() -> None:
    """RFC 3261 13.3.1, 20.19: 487 from whoever is called, as if it had been cancelled."""
    link = Link()
    a, b = pair(link)
    rings, talks = (a.call(b, headers=[("expires", "5")]) for _ in range(2))
    link.run(1)
    b.calls[0].ring()
    b.calls[1].answer(ANSWER)
    link.run(3)
    assert rings.session.state == "early" and talks.session.state == "confirmed"
    link.run(60)
    assert rings.session.ended is not None and rings.session.ended.status == 487
    assert b.calls[0].ended is not None and b.calls[0].ended.why == "cancelled"
    assert talks.session.state == b.calls[1].state == "confirmed"


def test_cancel_waits_for_a_provisional_answer() -> None:
    link = Link()
    a, b = pair(link)
    caller = a.call(b)
    caller.session.hang_up()
    assert link.methods("192.0.2.1") == ["INVITE"]
    link.run(1)
    assert link.methods("192.0.2.1") == ["INVITE", "CANCEL", "ACK"]


def test_cancel_that_crosses_the_answer_becomes_bye() -> None:
    link = Link()
    a, b = pair(link)
    caller = a.call(b)
    link.run(0.1)
    callee = Heard(b.calls[0])
    b.calls[0].answer(ANSWER)
    caller.session.hang_up()
    link.run(1)
    assert caller.events == ["hung_up"]
    assert callee.events == ["answered", "remote_bye:200"]
    assert link.methods("192.0.2.1") == ["INVITE", "CANCEL", "ACK", "BYE"]


def test_early_media_is_acknowledged_before_the_answer() -> None:
    link = Link()
    a, b = pair(link)
    caller = a.call(b)
    link.run(0.1)
    b.calls[0].ring(ANSWER)
    b.calls[0].answer(ANSWER)
    link.run(0.5)
    assert caller.events == ["183+sdp", "answered+sdp"]
    assert link.methods("192.0.2.1") == ["INVITE", "PRACK", "ACK"]
    assert link.methods("192.0.2.2") == ["100", "183", "200", "200"]


def test_a_reliable_answer_that_nobody_acknowledges_ends_the_call() -> None:
    link = Link()
    link.drop = lambda host, message: host == "192.0.2.2" and not isinstance(message, Request) and message.status == 183
    a, b = pair(link)
    a.call(b)
    link.run(0.1)
    callee = Heard(b.calls[0])
    b.calls[0].ring(ANSWER)
    link.run(70)
    assert callee.events == ["no_prack:504"]
    assert link.methods("192.0.2.2").count("183") > 5


def test_a_missing_ack_ends_the_call_with_bye() -> None:
    link = Link()
    link.drop = lambda host, message: isinstance(message, Request) and message.method == "ACK"
    _, _, caller, callee = talk(link)
    link.run(40)
    assert callee.events == ["no_ack"]
    assert link.methods("192.0.2.2").count("200") > 8
    assert "BYE" in link.methods("192.0.2.2") and caller.events[-1] == "remote_bye:200"


def test_nobody_answers_an_invite() -> None:
    link = Link()
    a, b = pair(link)
    link.drop = lambda host, message: True
    caller = a.call(b)
    link.run(40)
    assert caller.events == ["timeout:408"]
    assert link.methods("192.0.2.1") == ["INVITE"] * 7


def test_a_bye_that_gets_lost_is_sent_again_and_a_dead_peer_does_not_matter() -> None:
    link = Link()
    a, _, caller, _ = talk(link)
    link.drop = lambda host, message: True
    caller.session.hang_up()
    link.run(100)
    assert link.methods("192.0.2.1").count("BYE") == 11
    assert not a.stack.dialogs and not len(a.core.timers)


@pytest.mark.parametrize("update", [True, False])
def test_hold_is_offered_and_answered(update: bool) -> None:
    link = Link()
    _, _, caller, callee = talk(link)
    if not update:
        caller.session.allow.discard("update")
    offers: list[bytes] = []
    callee.session.on_offer = lambda offer: offers.append(offer) or ANSWER
    caller.session.renegotiate(HELD.encode())
    link.run(1)
    assert offers == [HELD.encode()] and caller.events[-1] == "changed"
    assert callee.session.remote_sdp == HELD.encode()
    assert ("UPDATE" in link.methods("192.0.2.1")) == update
    assert link.methods("192.0.2.1").count("ACK") == (1 if update else 2)


def test_a_refused_offer_changes_nothing() -> None:
    link = Link()
    _, _, caller, callee = talk(link)

    def refuse(offer: bytes) -> bytes:
        raise sdp.NothingInCommon("no codec")

    callee.session.on_offer = refuse
    caller.session.renegotiate(HELD.encode())
    link.run(1)
    assert caller.events[-1] == "refused" and "488" in link.methods("192.0.2.2")
    assert caller.session.state == "confirmed"


@pytest.mark.parametrize("update", [True, False])
def test_glare_is_waited_out(update: bool) -> None:
    link = Link()
    _, _, caller, callee = talk(link)
    for heard in (caller, callee):
        heard.session.on_offer = lambda offer: ANSWER
        if not update:
            heard.session.allow.discard("update")
    caller.session.renegotiate(HELD.encode())
    callee.session.renegotiate(ANSWER)
    link.run(1)
    assert "491" in link.methods("192.0.2.1") and "491" in link.methods("192.0.2.2")
    link.run(10)
    assert caller.events[-1] == "changed" and callee.events[-1] == "changed"


def test_the_newest_of_several_offers_is_sent_after_the_first() -> None:
    link = Link()
    _, _, caller, callee = talk(link)
    offers: list[bytes] = []
    callee.session.on_offer = lambda offer: offers.append(offer) or ANSWER
    second, third = HELD.with_audio(direction="inactive"), HELD.with_audio(direction="sendrecv")
    for offer in (HELD, second, third):
        caller.session.renegotiate(offer.encode())
    link.run(2)
    assert offers == [HELD.encode(), third.encode()]


def test_a_session_is_refreshed_at_half_its_interval() -> None:
    link = Link()
    _, _, caller, callee = talk(link, session_expires=100)
    link.run(1000)
    assert caller.session.state == callee.session.state == "confirmed"
    refreshes = (link.methods("192.0.2.1") + link.methods("192.0.2.2")).count("UPDATE")
    assert 15 <= refreshes <= 25


def test_a_session_without_refreshes_expires_on_both_sides() -> None:
    link = Link()
    _, _, caller, callee = talk(link, session_expires=100)
    link.drop = lambda host, message: True
    link.run(200)
    assert caller.events[-1] in ("session_expired", "timeout") and callee.events[-1] in ("session_expired", "timeout")


def test_a_session_interval_that_is_too_small_is_lifted() -> None:
    link = Link()
    a = Side(link, "192.0.2.1", session_expires=90)
    b = Side(link, "192.0.2.2", min_se=300)
    caller = a.call(b)
    link.run(1)
    b.calls[0].answer(ANSWER)
    link.run(1)
    assert "422" in link.methods("192.0.2.2") and caller.session.state == "confirmed"
    assert caller.session.timer.interval == 300


def test_digits_come_by_info() -> None:
    link = Link()
    _, _, caller, callee = talk(link)
    for digit in "5#*":
        caller.session.send_digit(digit)
    link.run(1)
    assert callee.events[-3:] == ["digit 5", "digit #", "digit *"]


class Referred:
    """The phone's side of a transfer key: what it asked, and what it was told by sipfrag."""

    def __init__(self, link: Link, caller: Heard, refer_to: str, *extra: tuple[str, str]) -> None:
        self.session, self.asked, self.told = caller.session, list[int](), list[int]()
        self.session.on_referred = self.told.append
        headers = [("refer-to", refer_to), *extra]
        self.session.request("REFER", lambda response: self.asked.append(response.status), headers=headers)
        link.run(1)


def followed(callee: Heard) -> list[Referral]:
    found: list[Referral] = []

    def follow(referral: Referral) -> bool:
        found.append(referral)
        return True

    callee.session.on_refer = follow
    return found


def test_refer_is_followed_by_who_wants_to_and_told_until_the_end() -> None:
    link = Link()
    _, _, caller, callee = talk(link)
    found = followed(callee)
    phone = Referred(link, caller, "<sip:612@192.0.2.2>")
    assert (phone.asked, str(found[0].target)) == ([202], "sip:612@192.0.2.2")
    found[0].tell(200)
    found[0].tell(486)  # the first word counts
    link.run(200)
    assert phone.told == [100, 200]
    assert callee.session.state == "confirmed"


def test_a_refer_of_which_nothing_is_heard_ends_by_a_deadline() -> None:
    link = Link()
    _, _, caller, callee = talk(link)
    followed(callee)
    phone = Referred(link, caller, "sip:612@192.0.2.2")
    link.run(200)
    assert phone.told == [100, 503]


def test_a_refer_names_the_dialog_to_be_replaced() -> None:
    link = Link()
    _, _, caller, callee = talk(link)
    found = followed(callee)
    Referred(link, caller, "<sip:7@192.0.2.2?Replaces=c%2B1%40192.0.2.1%3Bto-tag%3Dours%3Bfrom-tag%3Dtheirs>")
    assert found[0].replaces == Replaces("c+1@192.0.2.1", "ours", "theirs")
    assert str(found[0].target) == "sip:7@192.0.2.2"


def test_no_word_of_it_where_the_phone_wants_none() -> None:
    link = Link()
    _, _, caller, callee = talk(link)
    found = followed(callee)
    phone = Referred(link, caller, "sip:612@192.0.2.2", ("refer-sub", "false"))
    found[0].tell(200)
    link.run(100)
    assert (phone.asked, phone.told) == ([202], [])


@pytest.mark.parametrize(
    "refer_to", ["", "nobody", "<sip:1@x>, <sip:2@x>", "<sip:1@x?method=BYE>", "<sip:1@x?Replaces=a%3Bto-tag%3Db>"]
)
def test_a_refer_to_nobody_or_to_two_is_none(refer_to: str) -> None:
    link = Link()
    _, _, caller, callee = talk(link)
    found = followed(callee)
    assert Referred(link, caller, refer_to).asked == [400] and not found


def test_a_refer_outside_of_a_talk_is_forbidden() -> None:
    link = Link()
    _, b = pair(link)
    data = request("REFER", extra="Refer-To: <sip:+79730000000@192.0.2.9>\r\n")
    b.stack.receive(data, Flow("UDP", "192.0.2.1", 5060))
    assert link.methods("192.0.2.2") == ["403"]


def test_refer_is_declined_by_default_and_an_unknown_method_too() -> None:
    link = Link()
    _, _, caller, callee = talk(link)
    answers: list[int] = []
    for method in ("REFER", "OPTIONS", "NOTIFY", "MESSAGE"):
        headers = [("refer-to", "sip:612@192.0.2.2")]
        caller.session.request(method, lambda response: answers.append(response.status), headers=headers)
    link.run(1)
    assert answers == [603, 200, 489, 405]
    assert callee.session.state == "confirmed"


def test_overload_is_said_at_once_with_a_time_to_come_back() -> None:
    link = Link()
    a, b = pair(link)
    b.stack.overloaded = lambda: True
    caller = a.call(b)
    link.run(1)
    assert caller.events == ["rejected:503"] and not b.calls
    assert caller.session.headers.get("retry-after") == "5"
    assert not len(b.core.transactions)


def test_identity_is_believed_only_from_a_trunk_that_may_assert_it() -> None:
    link = Link()
    a, b = pair(link)
    headers = [
        ("P-Asserted-Identity", "<sip:+79740000001@carrier.example>"),
        ("Diversion", "<sip:88@x.example>"),
        ("Privacy", "id"),
    ]
    a.call(b, headers=headers)
    link.run(0.1)
    assert b.calls[0].caller.uri.user == "+79740000001"
    assert b.calls[0].headers.get("diversion") == "<sip:88@x.example>"
    b.stack.sources = type(b.stack.sources)([replace(b.stack.sources.trunks[0], asserts_identity=False)])
    a.call(b, headers=headers)
    link.run(0.1)
    assert b.calls[1].caller.uri.user == "+79731234567"


def test_a_forked_call_keeps_the_first_answer_and_ends_the_other() -> None:
    link = Link()
    a, b = pair(link)
    caller = a.call(b)
    link.run(0.1)
    b.calls[0].answer(ANSWER)
    link.run(0.1)
    other = link.last("192.0.2.2", "200").encode().replace(b.calls[0].dialog.local.tag.encode(), b"other-branch")
    for _ in range(2):
        a.stack.receive(other, Flow("UDP", "192.0.2.2", 5060))
        link.run(0.1)
    assert caller.session.state == "confirmed" and caller.events == ["answered+sdp"]
    byes = [m for _, m in link.seen if isinstance(m, Request) and m.method == "BYE"]
    assert {m.to.tag for m in byes} == {"other-branch"}
    acknowledged = [m for _, m in link.seen if isinstance(m, Request) and m.method == "ACK"]
    assert [m.to.tag for m in acknowledged].count("other-branch") == 2


@pytest.mark.parametrize("seed", range(25))
def test_calls_over_a_bad_link_end_in_agreement(seed: int) -> None:
    link = Link(seed, loss=0.25, delay=0.05, jitter=0.4)
    a, b = pair(link)
    callers = [a.call(b) for _ in range(6)]
    link.run(1)
    answered: list[Heard] = []
    for _ in range(30):
        for session in b.calls[len(answered) :]:
            answered.append(Heard(session))
            session.on_offer = lambda offer: ANSWER
            session.ring(ANSWER if len(answered) % 2 else None)
            session.answer(ANSWER)
        link.run(1)
    assert len(answered) >= 5
    for caller in callers:
        caller.session.renegotiate(HELD.encode())
    link.run(35)
    for number, caller in enumerate(callers):
        (caller.session if number % 2 else b.calls[min(number, len(b.calls) - 1)]).hang_up()
    link.run(5)
    for caller in callers:
        caller.session.hang_up()
    link.run(120)
    for heard in (*callers, *answered):
        assert heard.session.state == "ended", heard.events
        assert sum(":" in event or event in ("hung_up", "remote_bye", "no_ack") for event in heard.events) == 1
    assert not a.stack.dialogs and not b.stack.dialogs
    assert not len(a.core.transactions) and not len(b.core.transactions)
