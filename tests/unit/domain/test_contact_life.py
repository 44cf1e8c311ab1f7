"""The life of a contact: hours, overflow, transfer, wrap-up, a supervisor's hand, and an end for everything."""

from typing import Any

import pytest
from tests.unit.domain.centre import NOON, Centre, agent, needs, of, queue, why

from teplo.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from teplo.domain.events import (
    ContactArrived,
    ContactEnded,
    ContactOffered,
    ContactQueued,
    ContactReleased,
    OfferWithdrawn,
    ReservationEnded,
    WrapUpEnded,
)  # fmt: skip

DAYS = {"zone": "Asia/Yekaterinburg", "week": [[["08:00", "20:00"]]] * 7, "special": {}}
CLOSING, OPENING = NOON + 7 * 3600, NOON + 19 * 3600


def talking(centre: Centre, name: str = "c", **more: Any) -> str:
    centre.chat(name, **more)
    centre.answer(name)
    holder = centre.holder(name)
    assert holder is not None
    return holder


# --- arrival and business hours


def test_the_same_arrival_again_is_no_news() -> None:
    centre = Centre([queue()], [])
    assert of(ContactArrived, centre.chat("c"))
    assert centre.chat("c") == []


@pytest.mark.parametrize(
    ("change", "kind"),
    [({"queue": "nowhere"}, NotFound), ({"channel": "sms"}, Invalid), ({"priority": float("nan")}, Invalid)],
)
def test_an_arrival_that_cannot_be_served_is_refused(change: dict[str, Any], kind: type[Exception]) -> None:
    centre = Centre([queue()], [])
    with pytest.raises(kind):
        centre.arrive(**{"contact": "c", "channel": "chat", "queue": "q"} | change)
    assert not centre.floor.contacts


# --- overflow


def test_after_a_wait_a_contact_overflows_and_keeps_its_place() -> None:
    rules = [{"to": "r", "wait": 30}]
    centre = Centre(
        [queue(overflow=rules), queue("r", steps=needs("net"))], [agent("a", skills={"net": 1})], present=False
    )
    centre.chat("c")
    since = centre.floor.contacts["c"].since
    (moved,) = of(ContactQueued, centre.after(31))
    assert (moved.queue, moved.why, moved.since) == ("r", "overflowed", since)
    assert moved.details == {"from": "q", "rule": "wait", "limit": 30}


def test_a_queue_of_full_length_overflows_on_arrival() -> None:
    centre = Centre([queue(overflow=[{"to": "r", "length": 2}]), queue("r")], [])
    for name in ("a", "b", "c"):
        centre.chat(name)
    assert (centre.order("q"), centre.order("r")) == (["a", "b"], ["c"])


def test_a_long_estimate_overflows_on_arrival() -> None:
    centre = Centre([queue(overflow=[{"to": "r", "estimate": 200}], steps=needs("net")), queue("r", steps=needs("x"))],
                    [agent("a", skills={"net": 1})])  # fmt: skip
    talking(centre, "busy")
    assert of(ContactQueued, centre.chat("c"))[-1].details["rule"] == "estimate"


def test_who_can_be_served_at_once_does_not_overflow() -> None:
    centre = Centre([queue(overflow=[{"to": "r", "length": 0}]), queue("r")], [agent("a")])
    centre.chat("c")
    assert (centre.holder("c"), centre.floor.contacts["c"].queue) == ("a", "q")


def test_overflow_does_not_go_round_in_circles() -> None:
    centre = Centre([queue("q", overflow=[{"to": "r", "wait": 0}]), queue("r", overflow=[{"to": "q", "wait": 0}])], [])
    assert [event.queue for event in of(ContactQueued, centre.chat("c"))] == ["q", "r"]
    assert of(ContactQueued, centre.after(600)) == []


def test_nobody_overflows_into_a_closed_queue() -> None:
    shut = queue("r", hours=DAYS | {"week": [[]] * 7})
    centre = Centre([queue(overflow=[{"to": "r", "wait": 10}]), shut], [])
    centre.chat("c")
    centre.after(60)
    assert centre.floor.contacts["c"].queue == "q"


# --- transfer


def test_a_transfer_to_a_queue_keeps_since_and_is_not_proposed_to_the_same_agent_again() -> None:
    centre = Centre([queue("q"), queue("r")], [agent("a")])
    talking(centre)
    since = centre.floor.contacts["c"].since
    centre.now += 100
    happened = centre.transfer("c", "a", {"queue": "r"})
    assert of(ContactReleased, happened)[0].talk == 100
    assert (centre.state("c"), centre.floor.contacts["c"].since) == ("waiting", since)
    centre.after(299)
    assert centre.state("c") == "waiting"


def test_a_transfer_to_a_free_agent_is_offered_at_once_whatever_the_skills() -> None:
    centre = Centre([queue(steps=needs("money"))], [agent("a", skills={"money": 1}), agent("b")])
    talking(centre)
    assert why(centre.transfer("c", "a", {"agent": "b"}))["facts"][0]["transferred"] is True
    assert centre.holder("c") == "b"


def test_whoever_is_offered_a_transferred_contact_learns_from_whom_until_somebody_answers() -> None:
    centre = Centre([queue()], [agent("a"), agent("b"), agent("c")])
    talking(centre)
    handed = {"code": "handed_over", "agent": "a"}
    offered = centre.transfer("c", "a", {"queue": "q"})
    assert handed in why(offered)["facts"]
    first = centre.floor.contacts["c"]
    assert handed in why(centre.decline("c", first.agent, first.offer, "busy"))["facts"]
    again = centre.floor.contacts["c"]
    centre.accept("c", again.agent, again.offer)
    assert centre.floor.contacts["c"].handed_by is None


def test_a_transfer_to_a_busy_agent_waits_its_time_and_then_returns_to_the_queue() -> None:
    centre = Centre([queue(preferred_seconds=60)], [agent("a"), agent("b"), agent("c")])
    talking(centre, "x")
    talking(centre, "y")
    centre.transfer("x", "a", {"agent": "b"})
    assert centre.state("x") == "waiting"
    assert of(ReservationEnded, centre.after(61))[0].why == "time"
    assert centre.holder("x") == "c"


def test_a_transfer_to_a_skill_asks_for_it_and_for_nothing_else() -> None:
    people = [agent("a", skills={"money": 1}), agent("b", skills={"net": 2}), agent("c", skills={"net": 4})]
    centre = Centre([queue(steps=needs("money"))], people)
    talking(centre)
    centre.transfer("c", "a", {"skill": "net", "min": 3})
    assert centre.holder("c") == "c"


@pytest.mark.parametrize(
    ("to", "kind", "code"),
    [
        ({"agent": "a"}, Invalid, "transfer.self"),
        ({"agent": "nobody"}, NotFound, "agent.unknown"),
        ({"agent": "away"}, Conflict, "agent.absent"),
        ({"agent": "phone"}, Conflict, "agent.cannot_take"),
        ({"queue": "nowhere"}, NotFound, "queue.unknown"),
        ({"queue": "calls"}, Conflict, "queue.wrong_channel"),
        ({"queue": "shut"}, Conflict, "queue.closed"),
        ({"skill": "magic"}, Conflict, "skill.nobody"),
        ({"skill": "magic", "min": 9}, Invalid, "requirement.invalid"),
        ({}, Invalid, "transfer.target"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused_and_changes_nothing(
    to: dict[str, Any], kind: type[Refused], code: str
) -> None:
    queues = [queue(), queue("calls", channels=["voice"]), queue("shut", hours=DAYS | {"week": [[]] * 7})]
    centre = Centre(queues, [agent("a"), agent("away"), agent("phone", capacity={"voice": 1})])
    centre.set_presence("away", "break")
    talking(centre)
    before = centre.floor.dump()
    with pytest.raises(kind) as refusal:
        centre.transfer("c", "a", to)
    assert refusal.value.code == code
    assert centre.floor.dump() == before


def test_only_the_talking_agent_transfers() -> None:
    centre = Centre([queue()], [agent("a"), agent("b")])
    centre.chat("c")
    with pytest.raises(Conflict):
        centre.transfer("c", "a", {"agent": "b"})
    centre.answer("c")
    with pytest.raises(NotAllowed):
        centre.transfer("c", "b", {"agent": "a"})


def test_the_wait_after_a_transfer_counts_from_the_transfer() -> None:
    centre = Centre([queue()], [agent("a"), agent("b")])
    talking(centre)
    centre.now += 500
    centre.transfer("c", "a", {"agent": "b"})
    centre.now += 7
    assert centre.answer("c")[0].wait == 7  # type: ignore[attr-defined]


# --- the end and the wrap-up


@pytest.mark.parametrize("stage", ["waiting", "offered", "talking"])
def test_a_subscriber_may_leave_at_any_moment(stage: str) -> None:
    centre = Centre([queue()], [agent("a")], present=stage != "waiting")
    centre.chat("c")
    if stage == "talking":
        centre.answer("c")
    centre.now += 10
    (ended,) = of(ContactEnded, centre.end("c", "subscriber"))
    assert ended.stage == stage
    assert (ended.wait, ended.talk) == ((0, 10) if stage == "talking" else (10, 0))
    assert ended.agent == ("a" if stage == "talking" else None)


def test_the_agent_is_free_only_after_the_wrap_up() -> None:
    centre = Centre([queue(wrap_up_seconds=60)], [agent("a")])
    talking(centre)
    centre.chat("d")
    centre.end("c", "subscriber")
    assert centre.state("d") == "waiting"
    centre.dispose("c", "a", ["MNY.03"], "solved")
    assert (centre.state("c"), centre.state("d")) == ("gone", "offered")


def test_the_wrap_up_ends_by_itself() -> None:
    centre = Centre([queue(wrap_up_seconds=60)], [agent("a")])
    talking(centre)
    centre.end("c", "subscriber")
    (over,) = of(WrapUpEnded, centre.after(61))
    assert (over.why, over.wrap_up) == ("time", 60)
    with pytest.raises(Conflict) as refusal:
        centre.dispose("c", "a", ["MNY.03"], "solved")
    assert refusal.value.code == "contact.not_in_wrap_up"
    assert centre.dispose_late("c", "a", ["MNY.03"], "solved")[0].late is True


def test_the_wrap_up_may_be_extended_as_often_as_the_queue_allows() -> None:
    centre = Centre([queue(wrap_up_seconds=60, wrap_up_extensions=1, wrap_up_extension_seconds=30)], [agent("a")])
    talking(centre)
    centre.end("c", "subscriber")
    centre.extend_wrap_up("c", "a")
    with pytest.raises(Conflict):
        centre.extend_wrap_up("c", "a")
    assert of(WrapUpEnded, centre.after(91))[0].wrap_up == 90


def test_without_wrap_up_the_next_contact_comes_at_once() -> None:
    centre = Centre([queue(wrap_up_seconds=0)], [agent("a")])
    talking(centre)
    centre.chat("d")
    centre.end("c", "subscriber")
    assert (centre.state("c"), centre.holder("d")) == ("gone", "a")


def test_a_contact_ends_once() -> None:
    centre = Centre([queue()], [agent("a")])
    talking(centre)
    centre.end("c", "subscriber")
    with pytest.raises(Conflict):
        centre.end("c", "system")


def test_a_talk_does_not_last_for_ever() -> None:
    centre = Centre([queue()], [agent("a")], max_talk=3600)
    talking(centre)
    assert of(ContactEnded, centre.after(3601))[0].reason == "max_talk"


# --- the supervisor


def test_a_supervisor_moves_a_waiting_contact_and_it_keeps_its_place() -> None:
    centre = Centre([queue(), queue("r")], [])
    centre.chat("c")
    centre.now += 60
    centre.chat("d", "r")
    centre.move("c", "r", "s1")
    assert centre.order("r") == ["c", "d"]


def test_moving_an_offered_contact_withdraws_the_offer() -> None:
    centre = Centre([queue(), queue("r", steps=needs("net"))], [agent("a")])
    centre.chat("c")
    assert of(OfferWithdrawn, centre.move("c", "r", "s1"))[0].why == "moved"
    assert centre.state("c") == "waiting"


def test_a_deferred_contact_moved_to_an_open_queue_waits_from_now_on() -> None:
    centre = Centre([queue(hours=DAYS | {"week": [[]] * 7}), queue("r")], [])
    centre.chat("c")
    centre.now += 100
    assert of(ContactQueued, centre.move("c", "r", "s1"))[0].since == centre.now


def test_a_new_priority_changes_the_order_at_once() -> None:
    centre = Centre([queue()], [])
    centre.chat("c")
    centre.now += 60
    centre.chat("d")
    centre.prioritise("d", 2, "s1")
    assert centre.order() == ["d", "c"]


def test_a_priority_given_before_the_opening_is_the_whole_priority_after_it() -> None:
    """It includes the queue's share, deferred or not."""
    centre = Centre([queue(hours=DAYS, priority=5)], [])
    centre.after(CLOSING - centre.now)
    centre.chat("c")
    centre.prioritise("c", 10, "s1")
    centre.after(OPENING - centre.now)
    assert (centre.state("c"), centre.floor.contacts["c"].priority) == ("waiting", 10)


def test_what_is_being_talked_about_is_not_moved() -> None:
    centre = Centre([queue(), queue("r")], [agent("a")])
    talking(centre)
    with pytest.raises(Conflict):
        centre.move("c", "r", "s1")
    with pytest.raises(Conflict):
        centre.prioritise("c", 5, "s1")


# --- configuration and the clock


def test_only_what_differs_becomes_a_fact() -> None:
    queues, people = [queue()], [agent("a")]
    centre = Centre(queues, people)
    assert centre.configure({}, queues, people, True) == []
    assert [event.KIND for event in centre.configure(None, [queue(priority=3)])] == ["queue.configured"]


def test_a_new_skill_counts_for_who_already_waits() -> None:
    centre = Centre([queue(steps=needs("money"))], [agent("a")])
    centre.chat("c")
    happened = centre.configure(None, [], [agent("a", skills={"money": 1})])
    assert of(ContactOffered, happened)[0].contact == "c"


def test_a_lost_skill_counts_at_once() -> None:
    centre = Centre([queue(steps=needs("money"))], [agent("a", skills={"money": 1})])
    centre.configure(None, [], [agent("a")])
    centre.chat("c")
    assert centre.state("c") == "waiting"


def test_a_removed_agent_leaves_the_contacts_to_others() -> None:
    centre = Centre([queue()], [agent("a"), agent("b")])
    talking(centre)
    happened = centre.configure(None, [queue()], [agent("b")], True)
    assert happened[-2].KIND == "agent.removed"
    assert centre.holder("c") == "b"


def test_a_queue_with_contacts_stays_until_it_is_empty_and_holds_up_no_other_change() -> None:
    centre = Centre([queue(), queue("r")], [])
    centre.chat("c", "r")
    centre.configure(None, [queue(priority=5)], [], True)
    assert centre.floor.queues["q"].config.priority == 5
    assert centre.state("c") == "waiting"
    centre.end("c", "subscriber")
    centre.configure(None, [queue(priority=5)], [], True)
    assert list(centre.floor.queues) == ["q"]


def test_a_new_priority_of_the_queue_counts_for_who_already_waits() -> None:
    centre = Centre([queue(), queue("r")], [])
    centre.chat("c", "r", priority=1)
    centre.configure(None, [queue("r", priority=10)])
    assert centre.floor.contacts["c"].priority == 11


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"channels": []},
        {"steps": [{"after": 5}]},
        {"steps": [{"after": 0}, {"after": 0}]},
        {"steps": [{"after": 0, "match": ["shoe size"]}]},
        {"select": "random"},
        {"priority": float("inf")},
        {"offer_seconds": 0},
        {"overflow": [{"to": "q", "wait": 1}]},
        {"wrap_up_extensions": 1.5},
        {"hours": {}},
    ],
)
def test_a_wrong_queue_is_refused_and_nothing_of_the_rest_is_taken(wrong: dict[str, Any]) -> None:
    centre = Centre([queue()], [])
    with pytest.raises(Invalid):
        centre.configure(None, [queue("good"), queue() | wrong])
    assert list(centre.floor.queues) == ["q"]


def test_a_clock_that_was_set_back_does_no_harm() -> None:
    centre = Centre([queue()], [agent("a")])
    centre.chat("c")
    last = centre.floor.now
    centre.now -= 3600
    centre.answer("c")
    centre.chat("d")
    assert all(event.at >= last for event in centre.events[-3:])
    assert centre.floor.contacts["d"].since >= centre.floor.contacts["c"].since


def test_what_is_kept_after_a_transfer_ends_at_an_instant_that_a_command_can_have() -> None:
    """Instants are rounded to the microsecond, also where the caller's clock is finer."""
    centre = Centre([queue(preferred_seconds=0)], [agent("a"), agent("b")])
    centre.chat("busy")
    centre.answer("busy")
    centre.chat("c")
    centre.answer("c")
    giver, taker = (centre.floor.contacts[name].agent for name in ("c", "busy"))
    centre.now += 10.0000004
    (queued,) = of(ContactQueued, centre.transfer("c", giver, {"agent": taker}))
    assert queued.reserved_until == queued.at + 1
    centre.now = centre.floor.next_deadline()
    assert centre.tick()
