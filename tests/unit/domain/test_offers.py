"""Offers: answered once, kept in place when declined or missed, and never an endless loop."""

import pytest
from tests.unit.domain.centre import Centre, agent, of, queue

from teplo.domain.errors import Conflict, Invalid, NotAllowed
from teplo.domain.events import (
    ContactOffered,
    ContactQueued,
    OfferAccepted,
    OfferMissed,
    OfferWithdrawn,
    PresenceChanged,
)  # fmt: skip


def test_the_answer_tells_the_wait() -> None:
    centre = Centre([queue()], [agent("a")])
    centre.chat("c")
    centre.now += 4
    (accepted,) = of(OfferAccepted, centre.answer("c"))
    assert accepted.wait == 4
    assert centre.state("c") == "talking"


def test_of_several_answers_the_first_counts() -> None:
    centre = Centre([queue()], [agent("a")])
    centre.chat("c")
    offer = centre.floor.contacts["c"].offer
    centre.accept("c", "a", offer)
    before = centre.floor.dump()
    with pytest.raises(Conflict) as refusal:
        centre.accept("c", "a", offer)
    assert refusal.value.code == "offer.taken"
    assert centre.floor.dump() == before


def test_only_the_agent_who_was_asked_may_answer() -> None:
    centre = Centre([queue()], [agent("a"), agent("b")])
    centre.chat("c")
    with pytest.raises(Conflict):
        centre.accept("c", "b", centre.floor.contacts["c"].offer)


def test_an_old_offer_is_void() -> None:
    centre = Centre([queue()], [agent("a"), agent("b")])
    centre.chat("c")
    old = centre.floor.contacts["c"].offer
    centre.decline("c", "a", old, "busy")
    with pytest.raises(Conflict) as refusal:
        centre.accept("c", "a", old)
    assert refusal.value.code == "offer.gone"


def test_the_offer_of_an_ended_contact_is_gone() -> None:
    centre = Centre([queue()], [agent("a")])
    centre.chat("c")
    offer = centre.floor.contacts["c"].offer
    assert of(OfferWithdrawn, centre.end("c", "subscriber"))[0].why == "ended"
    with pytest.raises(Conflict) as refusal:
        centre.accept("c", "a", offer)
    assert refusal.value.code == "offer.gone"


def test_a_declined_contact_keeps_its_place() -> None:
    centre = Centre([queue()], [agent("a")])
    centre.chat("c")
    centre.now += 3
    centre.chat("d")
    since = centre.floor.contacts["c"].since
    centre.decline("c", "a", centre.floor.contacts["c"].offer, "busy")
    assert centre.floor.contacts["c"].since == since
    assert centre.floor.position("c") == 1
    assert centre.holder("d") == "a"


def test_what_was_declined_is_not_proposed_again_to_the_same_agent_for_a_while() -> None:
    centre = Centre([queue()], [agent("a")])
    centre.chat("c")
    centre.decline("c", "a", centre.floor.contacts["c"].offer, "busy")
    assert centre.after(29.9) == []
    assert of(ContactOffered, centre.after(0.2))[0].agent == "a"


def test_a_declined_contact_goes_to_the_next_able_agent_at_once() -> None:
    centre = Centre([queue()], [agent("a"), agent("b")])
    centre.chat("c")
    centre.decline("c", "a", centre.floor.contacts["c"].offer, "busy")
    assert centre.holder("c") == "b"


def test_who_declines_goes_to_the_end_of_the_line_of_agents() -> None:
    centre = Centre([queue()], [agent("a"), agent("b")])
    centre.chat("c")
    centre.now += 1
    centre.decline("c", "a", centre.floor.contacts["c"].offer, "busy")
    centre.end("c", "subscriber")
    centre.chat("d")
    assert centre.holder("d") == "b"


def test_whose_offer_was_withdrawn_keeps_the_place_in_the_line_of_agents() -> None:
    centre = Centre([queue()], [agent("a"), agent("b")])
    centre.chat("c")
    centre.end("c", "subscriber")
    centre.chat("d")
    assert centre.holder("d") == "a"


def test_an_offer_that_nobody_answers_is_missed_and_the_agent_set_aside() -> None:
    centre = Centre([queue(offer_seconds=20)], [agent("a"), agent("b")])
    centre.chat("c")
    assert centre.after(19) == []
    happened = centre.after(2)
    assert of(OfferMissed, happened)[0].agent == "a"
    (aside,) = of(PresenceChanged, happened)
    assert (aside.agent, aside.presence, aside.reason, aside.by) == ("a", "break", "missed_offer", "system")
    assert centre.holder("c") == "b"


def test_a_missed_contact_keeps_its_place() -> None:
    centre = Centre([queue(offer_seconds=20)], [agent("a")])
    centre.chat("c")
    centre.now += 5
    centre.chat("d")
    centre.after(20)
    assert centre.order() == ["c", "d"]


def test_a_late_answer_counts_while_the_offer_stands() -> None:
    centre = Centre([queue(offer_seconds=20)], [agent("a")])
    centre.chat("c")
    centre.now += 25
    centre.answer("c")
    assert centre.state("c") == "talking"


def test_other_offers_of_an_agent_who_is_set_aside_go_to_others() -> None:
    centre = Centre([queue(offer_seconds=20)], [agent("a", capacity={"chat": 2})])
    centre.chat("c")
    centre.now += 5
    centre.chat("d")
    happened = centre.after(16)
    assert [event.contact for event in of(OfferWithdrawn, happened)] == ["d"]
    assert [event.contact for event in of(ContactQueued, happened)] == ["d", "c"]
    assert centre.order() == ["c", "d"]


def test_an_agent_may_end_only_the_own_talk() -> None:
    centre = Centre([queue()], [agent("a"), agent("b")])
    centre.chat("c")
    with pytest.raises(NotAllowed):
        centre.end("c", "agent", agent="a")
    centre.answer("c")
    with pytest.raises(NotAllowed):
        centre.end("c", "agent", agent="b")
    centre.end("c", "agent", agent="a")
    assert centre.state("c") == "wrap_up"


@pytest.mark.parametrize("words", ["клиент +7 973 000-00-01 ругается", "not now", "", "x" * 64])
def test_reasons_in_the_log_are_codes_and_no_words(words: str) -> None:
    """Words of people may be personal data, which the log never holds."""
    centre = Centre([queue()], [agent("a")])
    centre.chat("c")
    offer = centre.floor.contacts["c"].offer
    told = len(centre.events)
    for command in (
        lambda: centre.decline("c", "a", offer, words),
        lambda: centre.set_presence("a", "break", words),
        lambda: centre.end("c", "subscriber", words),
    ):
        with pytest.raises(Invalid):
            command()
    assert len(centre.events) == told
