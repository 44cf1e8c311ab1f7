"""A voicemail waits like other contacts, without a line; its agent may call the subscriber from the talk."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.domain.centre import NOON, Centre, agent, of, queue

from teplo.domain import events as e
from teplo.domain.errors import Conflict, NotAllowed
from teplo.domain.floor import Floor
from teplo.domain.metrics import Fold

NIGHT = {"zone": "UTC", "week": [[["09:00", "18:00"]]] * 7, "special": {}}
"""Closed at the start; opens an hour later."""
HOME = "Asia/Yekaterinburg"
OPENING = NOON + 3600


def centre(**more: Any) -> Centre:
    return Centre(
        [queue(wrap_up_seconds=60, callback={"attempts": 2}, **more)], [agent("a"), agent("b")], present=False
    )


def left(made: Centre, name: str, seconds: float | None = 12.5) -> list[e.Event]:
    found: list[e.Event] = made.arrive(name, "voice", "q", voicemail={"seconds": seconds})
    return found


def taken(made: Centre) -> Centre:
    """An agent has the voicemail v."""
    left(made, "v")
    made.come("a")
    made.answer("v")
    return made


def test_messages_of_the_night_wait_for_the_opening_in_the_order_in_which_they_were_left() -> None:
    made = centre(hours=NIGHT)
    assert [event.KIND for event in left(made, "v1")] == ["contact.arrived", "voicemail.left", "contact.deferred"]
    made.after(60)
    left(made, "v2")
    assert made.floor.contacts["v1"].deadline == OPENING and made.order() == []
    made.after(3600)
    made.arrive("call", "voice", "q")
    assert made.order() == ["v1", "v2", "call"]


def test_it_is_offered_and_taken_like_a_call() -> None:
    made = taken(centre())
    contact = made.floor.contacts["v"]
    assert (contact.state, contact.agent, contact.absent, contact.voicemail) == ("talking", "a", True, 12.5)
    assert of(e.WrapUpStarted, made.end("v", "agent", None, "a"))


def test_it_outlasts_the_wait_that_callers_are_given() -> None:
    made = centre(max_wait=600)
    left(made, "v")
    made.arrive("call", "voice", "q")
    made.after(3600)
    assert (made.state("v"), made.state("call")) == ("waiting", "gone")
    (ended,) = of(e.ContactEnded, made.after(7 * 86400))
    assert (ended.contact, ended.reason) == ("v", "max_wait")


def test_its_agent_calls_and_the_talk_goes_on_as_one() -> None:
    made = taken(centre())
    made.after(30)
    (dialled,) = made.ring_back("v", "a", HOME)
    assert (dialled.KIND, dialled.attempt, made.state("v")) == ("callback.dialled", 1, "dialling")
    assert made.ring_back("v", "a", HOME) == [], "a retry"
    assert [event.KIND for event in made.dialled("v", 1, "reached")] == ["callback.reached"]
    contact = made.floor.contacts["v"]
    assert (contact.state, contact.absent, contact.answered_at) == ("talking", False, NOON + 1)
    with pytest.raises(Conflict, match=r"voicemail\.none"):
        made.ring_back("v", "a", HOME)
    (ended, _) = made.end("v", "subscriber")
    assert (ended.agent, ended.talk, ended.stage) == ("a", 30.0, "talking")


@pytest.mark.parametrize("outcome", ["busy", "no_answer", "worker_lost"])
def test_who_is_not_reached_leaves_the_voicemail_with_its_agent(outcome: str) -> None:
    made = taken(centre())
    made.ring_back("v", "a", HOME)
    (failed,) = made.dialled("v", 1, outcome)
    assert (failed.KIND, failed.counted, made.state("v"), made.holder("v")) == ("callback.failed", True, "talking", "a")
    made.ring_back("v", "a", HOME)
    assert made.after(90)[0].KIND == "callback.failed", "nothing is heard of the dial by its deadline"
    with pytest.raises(Conflict, match=r"callback\.no_more"):
        made.ring_back("v", "a", HOME)


def test_giving_up_while_it_rings_goes_back_to_the_voicemail_and_a_refusal_ends_it() -> None:
    made = taken(centre())
    made.ring_back("v", "a", HOME)
    made.end("v", "agent", None, "a")
    assert (made.state("v"), made.floor.agents["a"].contacts) == ("talking", {"v": "talking"})
    made.ring_back("v", "a", HOME)
    happened = made.dialled("v", 2, "refused")
    assert [event.KIND for event in happened] == ["callback.failed", "contact.ended", "wrap_up.started"]


def test_an_agent_who_is_gone_while_it_rings_gives_it_back_to_the_queue() -> None:
    made = taken(centre())
    made.ring_back("v", "a", HOME)
    made.set_presence("a", "offline", "x", "system")
    contact = made.floor.contacts["v"]
    assert (contact.state, contact.absent, contact.failed_dials, contact.since) == ("waiting", True, 0, NOON)


def test_nobody_is_called_at_night_and_by_nobody_else() -> None:
    made = taken(centre())
    with pytest.raises(NotAllowed):
        made.ring_back("v", "b", HOME)
    with pytest.raises(Conflict, match=r"callback\.hours"):
        made.ring_back("v", "a", "America/New_York")


def test_who_is_not_on_the_line_cannot_be_held_nor_brought_together_with_anybody() -> None:
    made = taken(centre())
    made.come("b")
    with pytest.raises(Conflict, match=r"call\.gone"):
        made.hold("v", "a")
    with pytest.raises(Conflict, match=r"call\.gone"):
        made.invite("v", "a", "b")
    with pytest.raises(Conflict, match=r"call\.gone"):
        made.monitor("v", "boss", "listen")
    with pytest.raises(Conflict, match=r"callback\.too_late"):
        left(made, "v2")
        made.call_back("v2", HOME)


def test_the_floor_is_the_same_after_a_restart() -> None:
    made = taken(centre())
    made.ring_back("v", "a", HOME)
    assert Floor.load(made.floor.dump()) == made.floor
    made.dialled("v", 1, "busy")
    again = Floor()
    for event in made.events:
        again.apply(event)
    assert again == made.floor


def test_it_counts_as_a_voicemail_and_never_as_an_abandoned_call() -> None:
    made = taken(centre())
    made.after(20)
    made.ring_back("v", "a", HOME)
    made.after(5)
    made.dialled("v", 1, "reached")
    made.end("v", "agent", None, "a")
    left(made, "dropped", None)
    made.end("dropped", "subscriber")
    left(made, "heard")
    made.dispose("v", "a", ["x"], "resolved")
    made.answer("heard")
    made.end("heard", "agent", None, "a")
    fold = Fold(NOON - 1)
    for event in made.events:
        fold.feed(event)
    tally = fold.tally()
    assert (tally.arrived, tally.voicemails, tally.answered, tally.abandoned, tally.closed) == (3, 3, 2, 0, 1)
    assert (tally.callback_attempts, tally.callbacks_reached, tally.callbacks, tally.callbacks_lost) == (1, 1, 0, 0)
    assert tally.gradable == 1, "who was not talked with cannot give a grade"
    assert tally.work.handled == 2


def test_a_call_that_the_rules_forbid_leaves_it_with_its_agent_and_is_no_attempt() -> None:
    made = taken(centre())
    made.ring_back("v", "a", HOME)
    (failed,) = made.dialled("v", 1, "limit")
    assert (failed.KIND, failed.counted, made.state("v"), made.holder("v")) == (
        "callback.failed",
        False,
        "talking",
        "a",
    )
