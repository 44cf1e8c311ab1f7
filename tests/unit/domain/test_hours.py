"""Business hours on the floor: what comes after closing, what still waits then, and the morning."""

from typing import Any

from tests.unit.domain.centre import NOON, Centre, agent, of, queue

from teplo.domain.events import ContactDeferred, ContactEnded, ContactQueued, QueueClosed, QueueOpened

DAYS = {"zone": "Asia/Yekaterinburg", "week": [[["08:00", "20:00"]]] * 7, "special": {}}
CLOSING, OPENING = NOON + 7 * 3600, NOON + 19 * 3600


def talking(centre: Centre, name: str = "c") -> None:
    centre.chat(name)
    centre.answer(name)


def test_outside_business_hours_a_contact_is_deferred_to_the_opening() -> None:
    centre = Centre([queue(hours=DAYS)], [agent("a")])
    assert of(QueueClosed, centre.after(CLOSING - centre.now))[0].opens_at == OPENING
    assert of(ContactDeferred, centre.chat("c"))[0].until == OPENING
    assert centre.state("c") == "deferred"


def test_in_the_morning_deferred_contacts_wait_in_order_of_arrival_from_the_opening_on() -> None:
    centre = Centre([queue(hours=DAYS)], [])
    centre.after(CLOSING - centre.now)
    for name in ("z", "a"):
        centre.now += 60
        centre.chat(name)
    happened = centre.after(OPENING - centre.now)
    assert of(QueueOpened, happened)
    assert [(e.contact, e.why, e.since) for e in of(ContactQueued, happened)] == [
        ("z", "opened", OPENING),
        ("a", "opened", OPENING),
    ]
    assert centre.order() == ["z", "a"]


def test_who_waits_at_closing_time_is_still_served() -> None:
    centre = Centre([queue(hours=DAYS)], [agent("a")])
    centre.set_presence("a", "break")
    centre.now = CLOSING - 60
    centre.chat("c")
    centre.after(120)
    centre.come("a")
    assert centre.holder("c") == "a"


def test_an_arrival_right_after_closing_is_deferred_even_if_the_tick_is_late() -> None:
    centre = Centre([queue(hours=DAYS)], [])
    centre.now = CLOSING + 0.5
    happened = centre.chat("c")
    assert [event.KIND for event in happened] == ["contact.arrived", "queue.closed", "contact.deferred"]


def test_longer_hours_open_at_once() -> None:
    centre = Centre([queue(hours=DAYS)], [])
    centre.after(CLOSING - centre.now)
    centre.chat("c")
    centre.configure(None, [queue(hours=None)])
    assert centre.state("c") == "waiting"


def test_a_queue_that_never_opens_does_not_keep_contacts_for_ever() -> None:
    centre = Centre([queue(hours=DAYS | {"week": [[]] * 7}, max_wait=3600)], [])
    centre.chat("c")
    assert of(ContactEnded, centre.after(3601))[0].reason == "never_opened"


def test_waiting_ends_at_the_limit() -> None:
    centre = Centre([queue(max_wait=3600)], [])
    centre.chat("c")
    (ended,) = of(ContactEnded, centre.after(3601))
    assert (ended.by, ended.reason, ended.stage, ended.wait) == ("system", "max_wait", "waiting", 3600)


def left_waiting(**more: Any) -> Centre:
    """Somebody waits while the queue closes and the only agent goes home."""
    centre = Centre([queue(hours=DAYS, **more)], [agent("a")])
    talking(centre, "b")
    centre.after(CLOSING - centre.now - 60)
    centre.chat("c")
    centre.after(120)
    assert centre.state("c") == "waiting", "the agent is still there and may answer"
    return centre


def test_who_still_waits_after_closing_when_all_have_gone_waits_for_the_opening() -> None:
    """Or nobody would answer before the longest wait is over, over a weekend, and the contact would be lost."""
    centre = left_waiting()
    centre.finish("b")
    centre.decline("c", "a", centre.floor.contacts["c"].offer, "busy")
    centre.set_presence("a", "offline")
    assert of(ContactDeferred, centre.after(31))[0].until == OPENING
    centre.chat("d")
    centre.now = OPENING
    happened = centre.tick()
    assert [event.why for event in of(ContactQueued, happened)] == ["opened", "opened"]
    assert centre.order() == ["c", "d"]
    assert centre.floor.contacts["c"].since == CLOSING - 60, "the place is kept"


def test_who_waits_at_closing_with_nobody_there_waits_for_the_opening() -> None:
    centre = Centre([queue(hours=DAYS)], [agent("a")], present=False)
    centre.chat("c")
    assert of(ContactDeferred, centre.after(CLOSING - centre.now))
    assert centre.state("c") == "deferred"


def test_talks_of_an_agent_who_leaves_after_closing_are_kept_for_the_opening() -> None:
    centre = Centre([queue(hours=DAYS)], [agent("a")])
    talking(centre)
    centre.after(CLOSING - centre.now + 600)
    assert centre.state("c") == "talking"
    centre.disconnect("a")
    centre.after(120)
    assert centre.state("c") == "deferred"


def test_a_break_after_closing_does_not_send_subscribers_away() -> None:
    centre = left_waiting()
    centre.set_presence("a", "break")
    centre.after(600)
    assert centre.state("c") == "waiting"


def test_a_need_handed_over_outlasts_the_night() -> None:
    agents = [agent("a", skills={"net": 2}), agent("b", skills={"money": 1})]
    centre = Centre([queue(hours=DAYS)], agents)
    centre.set_presence("a", "break")
    talking(centre)
    centre.transfer("c", "b", {"skill": "net", "min": 2})
    centre.set_presence("a", "offline")
    centre.after(CLOSING - centre.now)
    assert centre.state("c") == "deferred"
    centre.after(OPENING - centre.now)
    assert centre.state("c") == "waiting", "b has not the skill"


def test_nobody_waits_for_openings_without_end() -> None:
    short = {"week": [[["08:00", "08:30"]]] * 7}
    centre = Centre([queue(hours=DAYS | short, max_wait=86400)], [], present=False)
    centre.chat("c")
    centre.after(9 * 86400)
    assert centre.state("c") == "gone"
