"""A callback keeps its place; the agent is reserved; attempts, pauses and the subscriber's own hours are kept."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.domain.centre import NOON, Centre, agent, of, queue

from teplo.domain import events as e
from teplo.domain.errors import Conflict, Invalid, NotAllowed
from teplo.domain.floor import Floor

HOME = "Asia/Yekaterinburg"
"""13:00 at the start."""
HOUR = 3600.0


def centre(present: bool = False, **rules: Any) -> Centre:
    rules = {"attempts": 2, "pauses": [300, 900], **rules}
    return Centre([queue(callback=rules, wrap_up_seconds=60)], [agent("a")], present=present)


def waiting(made: Centre, *names: str) -> Centre:
    """Calls that wait a minute apart."""
    for name in names:
        made.arrive(name, "voice", "q")
        made.after(60)
    return made


def dialling(made: Centre, name: str) -> e.CallbackDialled:
    """The callback is offered, the agent accepts."""
    (dialled,) = of(e.CallbackDialled, made.answer(name))
    return dialled


def test_it_keeps_contact_arrival_and_place() -> None:
    made = waiting(centre(), "c1", "c2", "c3")
    before = made.floor.contacts["c2"]
    since, number = before.since, before.number
    assert [event.KIND for event in made.call_back("c2", HOME)] == ["callback.asked"]
    assert made.call_back("c2", HOME) == []
    assert made.order() == ["c1", "c2", "c3"]
    assert (before.since, before.number, before.arrived_at) == (since, number, NOON + 60)


def test_the_agent_who_accepts_is_reserved_until_somebody_is_reached() -> None:
    made = waiting(centre(), "c1")
    made.call_back("c1", HOME)
    made.after(600)
    made.come("a")
    dialled = dialling(made, "c1")
    assert (dialled.agent, dialled.attempt, dialled.deadline) == ("a", 1, made.now + 90)
    assert made.state("c1") == "dialling" and made.floor.agents["a"].activity == "dialling"
    made.after(10)
    (accepted,) = of(e.OfferAccepted, made.dialled("c1", 1, "reached"))
    assert (accepted.agent, accepted.offer, accepted.wait) == ("a", dialled.offer, made.now - NOON)
    assert made.state("c1") == "talking" and made.floor.contacts["c1"].callback_zone is None


def test_nobody_reached_frees_the_agent_at_once_and_keeps_the_place() -> None:
    made = waiting(centre(), "c1", "c2")
    made.call_back("c1", HOME)
    made.come("a")
    dialling(made, "c1")
    happened = made.dialled("c1", 1, "no_answer")
    assert [event.KIND for event in happened] == ["callback.failed", "contact.deferred", "contact.offered"]
    assert made.holder("c2") == "a", "no wrap-up"
    assert of(e.ContactDeferred, happened)[0].until == made.now + 300
    made.set_presence("a", "break")
    made.after(301)
    assert made.order() == ["c1", "c2"], "who came first is served first"


def test_after_the_last_attempt_the_contact_ends_with_its_reason() -> None:
    made = waiting(centre(True))
    made.set_presence("a", "break")
    waiting(made, "c1")
    made.call_back("c1", HOME)
    made.set_presence("a", "available")
    dialling(made, "c1")
    made.dialled("c1", 1, "busy")
    made.after(301)
    assert dialling(made, "c1").attempt == 2
    happened = made.dialled("c1", 2, "no_person")
    (ended,) = of(e.ContactEnded, happened)
    assert (ended.by, ended.reason, ended.stage, ended.agent) == ("system", "callback_unreached", "dialling", None)
    assert not of(e.WrapUpStarted, happened) and made.state("c1") == "gone"


def test_a_dial_of_which_nothing_is_heard_counts_when_its_time_is_over() -> None:
    made = waiting(centre(), "c1")
    made.call_back("c1", HOME)
    made.come("a")
    dialling(made, "c1")
    (failed,) = of(e.CallbackFailed, made.after(90))
    assert (failed.outcome, failed.counted) == ("late", True)
    with pytest.raises(Conflict, match="callback.not_dialling"):
        made.dialled("c1", 1, "reached")


def test_what_is_told_of_an_earlier_attempt_changes_nothing() -> None:
    made = waiting(centre(), "c1")
    made.call_back("c1", HOME)
    made.come("a")
    dialling(made, "c1")
    made.dialled("c1", 1, "busy")
    made.after(301)
    dialling(made, "c1")
    for outcome in ("busy", "reached"):
        with pytest.raises(Conflict, match="callback.not_dialling"):
            made.dialled("c1", 1, outcome)
    with pytest.raises(Invalid, match=r"callback\.outcome"):
        made.dialled("c1", 2, "nonsense")
    assert made.state("c1") == "dialling"


def test_an_agent_who_is_gone_costs_no_attempt() -> None:
    made = waiting(centre(), "c1")
    made.call_back("c1", HOME)
    made.come("a")
    dialling(made, "c1")
    with pytest.raises(Conflict, match="presence.has_contacts"):
        made.set_presence("a", "offline")
    (failed,) = of(e.CallbackFailed, made.set_presence("a", "offline", None, "supervisor"))
    assert (failed.outcome, failed.counted) == ("agent_lost", False)
    assert made.order() == ["c1"] and made.floor.contacts["c1"].failed_dials == 0


def test_the_agent_may_give_up_calling_but_nobody_elses() -> None:
    made = waiting(centre(), "c1")
    made.call_back("c1", HOME)
    made.come("a")
    dialling(made, "c1")
    with pytest.raises(NotAllowed, match="contact.not_yours"):
        made.end("c1", "agent", None, "b")
    (failed,) = of(e.CallbackFailed, made.end("c1", "agent", None, "a"))
    assert failed.outcome == "cancelled" and made.state("c1") == "deferred"


def test_who_wants_no_call_any_more_is_not_called_again() -> None:
    made = waiting(centre(), "c1")
    made.call_back("c1", HOME)
    made.come("a")
    dialling(made, "c1")
    (ended,) = of(e.ContactEnded, made.dialled("c1", 1, "refused"))
    assert (ended.by, ended.reason) == ("subscriber", "callback_refused")


def test_a_subscriber_is_called_within_the_hours_of_the_own_zone_only() -> None:
    made = waiting(centre(), "c1", "c2")
    made.call_back("c1", "Asia/Kamchatka")  # 20:02 there
    made.call_back("c2", HOME)
    made.after(58 * 60)
    assert made.order() == ["c2"] and made.state("c1") == "deferred"
    made.come("a")
    assert made.holder("c2") == "a"
    asleep = made.floor.contacts["c1"]
    assert asleep.deadline == NOON + 13 * 3600, "09:00 in Kamchatka is 21:00 UTC"
    assert asleep.since == NOON, "the place stays"


def test_nobody_is_offered_who_could_be_called_too_late() -> None:
    made = centre()
    made.now = NOON + 8 * 3600 - 10  # 20:59:50
    made.arrive("c1", "voice", "q", callback_zone=HOME)
    assert made.state("c1") == "deferred"
    made.come("a")
    assert made.holder("c1") is None
    made.after(12 * 3600 + 10)
    assert made.holder("c1") == "a"


def test_outside_business_hours_it_waits_for_the_opening() -> None:
    hours = {"zone": HOME, "week": [[["14:00", "18:00"]]] * 7, "special": {}}
    made = Centre([queue(hours=hours)], [agent("a")])
    happened = made.arrive("c1", "voice", "q", callback_zone=HOME)
    assert [event.KIND for event in happened] == ["contact.arrived", "callback.asked", "contact.deferred"]
    made.after(3600)
    dialling(made, "c1")


def test_who_calls_again_takes_the_place() -> None:
    made = waiting(centre(), "c1", "c2")
    made.call_back("c1", HOME)
    made.rejoin("c1")
    assert made.order() == ["c1", "c2"] and made.floor.contacts["c1"].callback_zone is None
    with pytest.raises(Conflict, match=r"callback\.none"):
        made.rejoin("c1")


def test_who_calls_between_two_attempts_waits_at_once_at_the_old_place() -> None:
    made = waiting(centre(), "c1")
    made.call_back("c1", HOME)
    made.come("a")
    dialling(made, "c1")
    with pytest.raises(Conflict, match=r"callback\.dialling"):
        made.rejoin("c1")
    made.dialled("c1", 1, "busy")
    made.rejoin("c1")
    assert made.holder("c1") == "a" and made.floor.contacts["c1"].since == NOON
    assert of(e.OfferAccepted, made.answer("c1")), "a call like any other"


@pytest.mark.parametrize("state", ["offered", "talking", "wrap_up"])
def test_somebody_who_is_being_served_is_not_called_back(state: str) -> None:
    made = centre(True)
    made.arrive("c1", "voice", "q")
    if state != "offered":
        made.answer("c1")
    if state == "wrap_up":
        made.end("c1", "subscriber")
    with pytest.raises(Conflict, match=r"callback\.too_late"):
        made.call_back("c1", HOME)


def test_a_chat_and_a_zone_that_there_is_not_are_refused() -> None:
    made = waiting(centre(), "c1")
    made.chat("c2")
    with pytest.raises(Conflict, match=r"callback\.too_late"):
        made.call_back("c2", HOME)
    with pytest.raises(Invalid, match=r"callback\.zone"):
        made.call_back("c1", "Mars/Olympus")


@pytest.mark.parametrize(
    "rules",
    [{"attempts": 0}, {"pauses": []}, {"pauses": ["x"]}, {"hours": ["21:00", "09:00"]}, {"hours": "day"}, []],
)
def test_rules_that_make_no_sense_are_refused(rules: Any) -> None:
    if rules == []:
        rules = ["attempts"]
    with pytest.raises(Invalid):
        Floor().configure(None, [queue(callback=rules)], [], now=NOON)


def test_the_log_tells_it_all_again() -> None:
    made = waiting(centre(), "c1")
    made.call_back("c1", HOME)
    made.come("a")
    dialling(made, "c1")
    made.dialled("c1", 1, "busy")
    again = Floor()
    for event in made.events:
        who = getattr(event, "contact", None), getattr(event, "agent", None)
        again.apply(type(event).restore(event.at, *who, event.body()))
    assert again == made.floor and Floor.load(made.floor.dump()) == made.floor


def test_an_attempt_to_a_number_that_may_not_be_called_any_more_is_none_and_ends_it() -> None:
    made = waiting(centre(), "c1")
    made.call_back("c1", HOME)
    made.come("a")
    dialling(made, "c1")
    failed, ended = made.dialled("c1", 1, "not_allowed")
    assert (failed.KIND, failed.outcome, failed.counted) == ("callback.failed", "not_allowed", False)
    assert (ended.KIND, ended.by, ended.reason) == ("contact.ended", "system", "callback_not_allowed")
    assert made.state("c1") == "gone" and not made.floor.agents["a"].contacts


@pytest.mark.parametrize(
    ("after", "until"),
    [
        (5 * HOUR, NOON + 5 * HOUR),  # 18:00
        (12 * HOUR, NOON + 20 * HOUR),  # 01:00 is no hour to call: at 09:00
        (None, NOON + 24 * HOUR),
        (0.0, NOON + 300),  # no sooner than after an attempt
    ],
)
def test_over_a_limit_a_promise_is_put_off_and_keeps_its_place(after: float | None, until: float) -> None:
    made = waiting(centre(), "c1", "c2")
    since = made.floor.contacts["c1"].since
    made.call_back("c1", HOME)
    made.call_back("c2", HOME)
    made.come("a")
    dialling(made, "c1")
    made.now = NOON + 200
    happened = made.dialled("c1", 1, "limit", after)
    failed, put_off = happened[:2]
    assert (failed.KIND, failed.outcome, failed.counted) == ("callback.failed", "limit", False)
    assert (put_off.KIND, put_off.why) == ("contact.deferred", "limit")
    assert put_off.until == pytest.approx(until, abs=200) and made.floor.contacts["c1"].failed_dials == 0
    made.set_presence("a", "busy")
    made.after(put_off.until - made.now - 1)
    assert made.state("c1") == "deferred"
    made.after(2)
    assert made.order()[0] == "c1" and made.floor.contacts["c1"].since == since
    made.set_presence("a", "available")
    assert dialling(made, "c1").attempt == 2


def test_a_promise_is_put_off_for_a_week_at_the_most() -> None:
    made = waiting(centre(), "c1")
    made.call_back("c1", HOME)
    made.come("a")
    for _ in range(10):
        if made.state("c1") == "gone":
            break
        made.after(0 if made.state("c1") == "offered" else made.floor.contacts["c1"].call_after - made.now + 1)
        dialled = dialling(made, "c1")
        made.dialled("c1", dialled.attempt, "limit")
    (ended,) = of(e.ContactEnded, made.events)
    assert (ended.reason, ended.stage) == ("callback_expired", "dialling")


def test_a_limit_tells_seconds_within_a_day() -> None:
    made = waiting(centre(), "c1")
    made.call_back("c1", HOME)
    made.come("a")
    dialling(made, "c1")
    for wrong in (-1.0, 90_000.0, float("nan"), "soon"):
        with pytest.raises(Invalid):
            made.dialled("c1", 1, "limit", wrong)
