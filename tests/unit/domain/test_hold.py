"""A hold is a part of one agent's talk: it begins and ends in the log, whatever ends the talk."""

from typing import Any

import pytest
from tests.unit.domain.centre import Centre, agent, of, queue

from teplo.domain.errors import Conflict, Invalid, NotAllowed
from teplo.domain.events import ContactEnded, ContactHeld, ContactReleased, ContactResumed


@pytest.fixture
def centre() -> Centre:
    made = Centre([queue(), queue("other")], [agent("a"), agent("b")])
    made.arrive("c", "voice", "q")
    made.answer("c")
    return made


def test_hold_and_resume_are_facts_and_said_again_no_news(centre: Centre) -> None:
    centre.now += 10
    assert [type(e) for e in centre.hold("c", centre.holder("c"))] == [ContactHeld]
    assert centre.hold("c", centre.holder("c")) == []
    centre.now += 7.5
    (resumed,) = centre.resume("c", centre.holder("c"))
    assert (resumed.why, resumed.hold) == ("agent", 7.5)
    assert centre.resume("c", centre.holder("c")) == []
    centre.now += 2
    (ended,) = of(ContactEnded, centre.end("c", "subscriber"))
    assert (ended.talk, ended.hold) == (19.5, 7.5)


def test_holds_of_one_talk_add_up_and_the_running_one_ends_with_it(centre: Centre) -> None:
    for seconds in (1.0, 2.0, 4.0):
        centre.hold("c", centre.holder("c"))
        centre.now += seconds
        if seconds < 4:
            centre.resume("c", centre.holder("c"))
    events = centre.end("c", "subscriber")
    assert [(e.why, e.hold) for e in of(ContactResumed, events)] == [("ended", 4.0)]
    assert of(ContactEnded, events)[0].hold == 7.0


@pytest.mark.parametrize("leaves", [False, True])
def test_a_hold_ends_with_a_transfer_and_when_the_agent_leaves(centre: Centre, leaves: bool) -> None:
    first = centre.holder("c")
    centre.hold("c", first)
    centre.now += 3
    events = (
        centre.set_presence(first, "offline", None, "supervisor")
        if leaves
        else centre.transfer("c", first, {"queue": "other"})
    )
    why = "absent" if leaves else "transferred"
    assert [(e.why, e.hold) for e in of(ContactResumed, events)] == [(why, 3.0)]
    assert [(e.talk, e.hold) for e in of(ContactReleased, events)] == [(3.0, 3.0)]
    centre.answer("c")
    assert centre.holder("c") != first
    centre.now += 5
    (ended,) = of(ContactEnded, centre.end("c", "subscriber"))
    assert (ended.talk, ended.hold) == (5.0, 0.0), "the next agent's part has no hold"


@pytest.mark.parametrize(("measured", "counted"), [(4.0, 4.0), (0.0, 0.0), (1e9, 10.0), (None, 0.0)])
def test_news_that_come_late_bring_their_seconds_which_are_never_more_than_the_talk(
    centre: Centre, measured: float | None, counted: float
) -> None:
    centre.now += 10  # the floor heard of hold and resume at one instant
    centre.hold("c", centre.holder("c"))
    (resumed,) = centre.resume("c", centre.holder("c"), measured)
    assert resumed.hold == counted


@pytest.mark.parametrize("command", ["hold", "resume"])
def test_only_who_talks_may_hold(centre: Centre, command: str) -> None:
    other = {"a": "b", "b": "a"}[str(centre.holder("c"))]
    with pytest.raises(NotAllowed, match=r"contact.not_yours"):
        getattr(centre, command)("c", other)
    holder = centre.holder("c")
    centre.end("c", "subscriber")
    with pytest.raises(Conflict, match=r"contact.not_talking"):
        getattr(centre, command)("c", holder)


@pytest.mark.parametrize("seconds", ["1", -1.0, float("nan"), float("inf")])
def test_seconds_that_are_none_are_refused(centre: Centre, seconds: Any) -> None:
    centre.hold("c", centre.holder("c"))
    with pytest.raises(Invalid, match=r"contact.hold_seconds"):
        centre.resume("c", centre.holder("c"), seconds)
