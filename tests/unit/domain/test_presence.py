"""Presence: nothing for somebody absent, nothing lost when somebody goes, nothing stuck."""

import pytest
from tests.unit.domain.centre import Centre, agent, of, queue

from teplo.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from teplo.domain.events import ContactOffered, ContactReleased, HandLowered, PresenceChanged, WrapUpEnded


@pytest.mark.parametrize("presence", ["break", "training", "busy", "offline"])
def test_only_the_available_get_offers(presence: str) -> None:
    centre = Centre([queue()], [agent("a")])
    centre.set_presence("a", presence)
    centre.chat("c")
    assert centre.state("c") == "waiting"


def test_available_without_a_desk_is_absent() -> None:
    centre = Centre([queue()], [agent("a")], present=False)
    centre.set_presence("a", "available")
    centre.chat("c")
    assert centre.state("c") == "waiting"


def test_available_without_a_desk_does_not_last() -> None:
    centre = Centre([queue()], [agent("a")], present=False, disconnect_grace=20)
    centre.set_presence("a", "available")
    centre.after(21)
    assert centre.floor.agents["a"].presence == "offline"


def test_who_comes_gets_the_one_who_waits() -> None:
    centre = Centre([queue()], [agent("a")], present=False)
    centre.chat("c")
    centre.come("a")
    assert centre.holder("c") == "a"


def test_a_break_during_a_talk_begins_when_the_talk_is_finished() -> None:
    centre = Centre([queue()], [agent("a", capacity={"chat": 2})])
    centre.chat("c")
    centre.answer("c")
    centre.set_presence("a", "break", "lunch")
    assert centre.floor.agents["a"].pending
    centre.chat("d")
    assert centre.state("d") == "waiting"
    centre.finish("c")
    assert not centre.floor.agents["a"].pending


def test_a_break_gives_back_what_is_only_offered() -> None:
    centre = Centre([queue()], [agent("a"), agent("b")])
    centre.chat("c")
    centre.set_presence("a", "break")
    assert centre.holder("c") == "b"


def test_nothing_new_for_a_disconnected_agent() -> None:
    centre = Centre([queue()], [agent("a")])
    centre.disconnect("a")
    centre.chat("c")
    assert centre.state("c") == "waiting"


def test_within_the_grace_the_agent_keeps_everything() -> None:
    centre = Centre([queue()], [agent("a")], disconnect_grace=20)
    centre.chat("c")
    centre.answer("c")
    centre.disconnect("a")
    centre.after(19)
    centre.connect("a")
    centre.after(60)
    assert (centre.state("c"), centre.holder("c")) == ("talking", "a")


def test_after_the_grace_the_contacts_return_to_their_old_places() -> None:
    centre = Centre([queue()], [agent("a"), agent("b")], disconnect_grace=20)
    centre.chat("c")
    centre.answer("c")
    centre.now += 300
    centre.chat("busy")
    centre.answer("busy")
    centre.chat("later")
    centre.disconnect("a")
    happened = centre.after(21)
    assert [(e.agent, e.presence, e.reason) for e in of(PresenceChanged, happened)] == [
        ("a", "offline", "disconnected")
    ]
    assert [(e.contact, e.why, e.talk) for e in of(ContactReleased, happened)] == [("c", "absent", 320.0)]
    assert centre.order() == ["c", "later"]


def test_a_second_loss_of_the_network_starts_a_new_grace() -> None:
    centre = Centre([queue()], [agent("a")], disconnect_grace=20)
    centre.disconnect("a")
    centre.after(15)
    centre.connect("a")
    centre.disconnect("a")
    centre.after(15)
    assert centre.floor.agents["a"].presence == "available"


def test_an_agent_with_talks_may_not_go_offline() -> None:
    centre = Centre([queue()], [agent("a")])
    centre.chat("c")
    centre.answer("c")
    with pytest.raises(Conflict) as refusal:
        centre.set_presence("a", "offline")
    assert refusal.value.code == "presence.has_contacts"
    assert refusal.value.details == {"contacts": 1}


def test_a_supervisor_may_send_an_agent_offline_and_the_talks_return() -> None:
    centre = Centre([queue()], [agent("a"), agent("b")])
    centre.chat("c")
    centre.answer("c")
    centre.set_presence("a", "offline", by="supervisor")
    assert centre.holder("c") == "b"


def test_going_offline_ends_the_wrap_up() -> None:
    centre = Centre([queue()], [agent("a")])
    centre.chat("c")
    centre.answer("c")
    centre.end("c", "subscriber")
    assert of(WrapUpEnded, centre.set_presence("a", "offline"))[0].why == "absent"


def test_the_same_presence_again_is_no_news() -> None:
    centre = Centre([queue()], [agent("a")])
    assert centre.set_presence("a", "available") == []
    assert centre.connect("a") == []
    centre.disconnect("a")
    assert centre.disconnect("a") == []


def test_unknown_agents_and_presences_are_refused() -> None:
    centre = Centre([queue()], [agent("a")])
    with pytest.raises(NotFound):
        centre.set_presence("nobody", "available")
    with pytest.raises(Invalid):
        centre.set_presence("a", "asleep")


def test_an_agent_out_of_service_cannot_come() -> None:
    centre = Centre([queue()], [agent("a", active=False)], present=False)
    with pytest.raises(NotAllowed):
        centre.connect("a")
    with pytest.raises(NotAllowed):
        centre.set_presence("a", "available")


def test_a_raised_hand_goes_down_by_itself() -> None:
    centre = Centre([queue()], [agent("a")], hand_seconds=1800)
    centre.chat("c")
    centre.answer("c")
    centre.raise_hand("a", "c")
    assert centre.floor.agents["a"].hand_contact == "c"
    assert of(HandLowered, centre.after(1801))[0].by == "system"


def test_a_hand_goes_down_with_the_agent() -> None:
    centre = Centre([queue()], [agent("a")])
    centre.raise_hand("a")
    assert of(HandLowered, centre.set_presence("a", "offline"))


def test_a_hand_may_be_raised_about_own_contacts_only() -> None:
    centre = Centre([queue()], [agent("a"), agent("b")])
    centre.chat("c")
    with pytest.raises(NotAllowed):
        centre.raise_hand("b", "c")


def test_activity_tells_the_most_important_thing() -> None:
    centre = Centre([queue()], [agent("a", capacity={"chat": 2})])
    person = centre.floor.agents["a"]
    assert person.activity == "idle"
    centre.chat("c")
    assert person.activity == "offered"
    centre.answer("c")
    centre.chat("d")
    assert person.activity == "talking"
    centre.end("c", "subscriber")
    centre.end("d", "subscriber")
    assert person.activity == "wrap_up"


def test_back_from_a_break_the_agent_stands_last() -> None:
    centre = Centre([queue()], [agent("a"), agent("b")])
    centre.set_presence("a", "break")
    centre.now += 60
    centre.set_presence("a", "available")
    assert of(ContactOffered, centre.chat("c"))[0].agent == "b"
