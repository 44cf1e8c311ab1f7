"""Who gets what: requirements, rings, preferences, order, capacity, and the reasons stored with each offer."""

import pytest
from tests.unit.domain.centre import Centre, agent, fact, needs, of, queue, why

from teplo.domain.events import ContactOffered, ContactQueued, StepReached


def test_a_contact_goes_to_an_able_agent_at_once() -> None:
    centre = Centre(
        [queue(steps=needs("money", 3))], [agent("dim", skills={"money": 2}), agent("able", skills={"money": 3})]
    )
    assert [offer.agent for offer in of(ContactOffered, centre.chat("c"))] == ["able"]


def test_who_has_been_idle_longest_gets_the_next_contact() -> None:
    centre = Centre([queue()], [agent("first"), agent("second")])
    centre.chat("a")
    centre.answer("a")
    centre.finish("a")
    centre.chat("b")
    assert centre.holder("b") == "second"


def test_the_level_is_a_range() -> None:
    centre = Centre([queue(steps=needs("money", 1, 2))], [agent("expert", skills={"money": 5})])
    centre.chat("c")
    assert centre.state("c") == "waiting"


def test_rings_widen_after_a_wait_until_somebody_fits() -> None:
    rings = [
        {"after": 10 * number, "require": {"skill": "money", "min": 5 - number} if number < 5 else {"skill": "net"}}
        for number in range(7)
    ]
    centre = Centre([queue(steps=rings)], [agent("net", skills={"net": 1})])
    centre.chat("c")
    happened = centre.after(49.9)
    assert [step.step for step in of(StepReached, happened)] == [1, 2, 3, 4]
    assert centre.state("c") == "waiting"
    assert why(centre.after(0.2))["step"] == 5


def test_a_matched_property_is_a_must_until_a_later_step_drops_it() -> None:
    steps = [
        {"after": 0, "require": {}, "match": ["region", "language"]},
        {"after": 30, "require": {}, "match": ["language"]},
    ]
    centre = Centre([queue(steps=steps)], [agent("ural", regions=["66"], languages=["ru"])])
    centre.chat("c", region="02")
    centre.chat("t", region="66", language="tt")
    assert centre.state("c") == "waiting"
    centre.after(31)
    assert centre.state("c") == "offered"
    assert centre.state("t") == "waiting"


def test_a_contact_without_a_region_suits_agents_of_any() -> None:
    steps = [{"after": 0, "require": {}, "match": ["region"]}]
    centre = Centre([queue(steps=steps)], [agent("ural", regions=["66"])])
    centre.chat("c")
    assert centre.state("c") == "offered"


def test_a_preference_is_worth_its_minutes_of_idle_time() -> None:
    people = [agent("longer", languages=["ru"]), agent("tatar", languages=["ru", "tt"])]
    centre = Centre([queue(prefer={"language": 3.0})], people, present=False)
    centre.come("longer")
    centre.after(178)
    centre.come("tatar")
    centre.chat("c", language="tt")
    assert centre.holder("c") == "tatar"


def test_a_longer_idle_time_outweighs_the_preference() -> None:
    people = [agent("longer", languages=["ru"]), agent("tatar", languages=["ru", "tt"])]
    centre = Centre([queue(prefer={"language": 3.0})], people, present=False)
    centre.come("longer")
    centre.after(181)
    centre.come("tatar")
    centre.chat("c", language="tt")
    assert centre.holder("c") == "longer"


def test_the_first_who_came_is_served_first_over_all_queues() -> None:
    centre = Centre([queue("q"), queue("r")], [agent("a")], present=False)
    for number, name in enumerate(["r", "q", "r", "q"]):
        centre.chat(f"c{number}", name)
        centre.now += 1
    centre.come("a")
    served = []
    for _ in range(4):
        (current,) = centre.floor.agents["a"].contacts
        served.append(current)
        centre.answer(current)
        centre.finish(current)
    assert served == ["c0", "c1", "c2", "c3"]


def test_a_minute_of_priority_is_a_minute_of_wait() -> None:
    centre = Centre([queue("q"), queue("vip", priority=2)], [agent("a")], present=False)
    centre.chat("early")
    centre.now += 119
    centre.chat("vip", "vip")
    centre.now += 2
    centre.chat("late vip", "vip")
    assert (
        centre.floor.contacts["vip"].rank < centre.floor.contacts["early"].rank < centre.floor.contacts["late vip"].rank
    )


def test_a_contact_brings_its_own_priority_on_top_of_the_queues() -> None:
    centre = Centre([queue(priority=1)], [], present=False)
    centre.chat("plain")
    centre.chat("urgent", priority=4)
    assert centre.floor.contacts["urgent"].priority == 5
    assert centre.order() == ["urgent", "plain"]


def test_equal_places_go_in_order_of_arrival() -> None:
    centre = Centre([queue()], [], present=False)
    for name in ("z", "a", "m"):
        centre.chat(name)
    assert centre.order() == ["z", "a", "m"]
    assert [centre.floor.position(name) for name in ("z", "a", "m")] == [1, 2, 3]


def test_the_preferred_agent_is_waited_for_a_limited_time() -> None:
    centre = Centre([queue(preferred_seconds=60)], [agent("known"), agent("other")])
    centre.chat("busy", preferred="known")
    assert centre.holder("busy") == "known"
    centre.answer("busy")
    centre.chat("c", preferred="known")
    assert centre.state("c") == "waiting"
    centre.after(59)
    assert centre.state("c") == "waiting"
    centre.after(2)
    assert centre.holder("c") == "other"


def test_the_preferred_agent_gets_the_contact_as_soon_as_free() -> None:
    centre = Centre([queue()], [agent("known"), agent("other")])
    centre.chat("busy", preferred="known")
    centre.answer("busy")
    centre.chat("c", preferred="known")
    assert fact(centre.finish("busy"), "preferred")["agent"] == "known"


def test_nobody_absent_is_waited_for() -> None:
    centre = Centre([queue()], [agent("known"), agent("other")])
    centre.set_presence("known", "break")
    centre.chat("c", preferred="known")
    assert centre.holder("c") == "other"


def test_nobody_unable_is_waited_for() -> None:
    centre = Centre([queue(steps=needs("money"))], [agent("known"), agent("other", skills={"money": 1})])
    centre.chat("c", preferred="known")
    assert centre.holder("c") == "other"


def test_who_may_take_it_only_by_a_later_step_is_waited_for_if_that_comes_in_time() -> None:
    steps = [*needs("money"), {"after": 20, "require": {}}]
    people = [agent("known"), agent("other", skills={"money": 1})]
    centre = Centre([queue(steps=steps, preferred_seconds=60)], people)
    (queued,) = [event for event in centre.chat("c", preferred="known") if isinstance(event, ContactQueued)]
    assert queued.details == {"preferred_step": 1, "preferred_after": 20}
    assert queued.estimate == [0, 60]  # others are free, but do not help before
    centre.after(19)
    assert centre.state("c") == "waiting"
    events = centre.after(2)
    assert centre.holder("c") == "known"
    assert fact(events, "preferred")["waited"] == 20
    assert fact(events, "requirement") == {"code": "requirement", "step": 1, "of": 2}

    late = Centre([queue(steps=steps, preferred_seconds=20)], people)
    late.chat("c", preferred="known")
    assert late.holder("c") == "other"


@pytest.mark.parametrize("leave", [("set_presence", "break"), ("set_presence", "busy"), ("disconnect",)])
def test_the_waiting_for_a_preferred_agent_ends_when_that_one_goes_away(leave: tuple[str, ...]) -> None:
    centre = Centre([queue()], [agent("known"), agent("other")])
    centre.chat("busy", preferred="known")
    centre.answer("busy")
    centre.chat("c", preferred="known")
    command, *rest = leave
    getattr(centre, command)("known", *rest)
    assert centre.holder("c") == "other"


def test_the_preferred_agent_who_declines_loses_the_right() -> None:
    centre = Centre([queue()], [agent("other"), agent("known")])
    centre.chat("c", preferred="known")
    offer = centre.floor.contacts["c"].offer
    centre.decline("c", "known", offer, "not_now")
    assert centre.holder("c") == "other"


def test_capacity_counts_for_each_channel() -> None:
    centre = Centre([queue()], [agent("a", capacity={"chat": 3})])
    for number in range(4):
        centre.chat(f"c{number}")
    assert [centre.state(f"c{number}") for number in range(4)] == ["offered"] * 3 + ["waiting"]


def test_the_weighted_total_limits_over_channels() -> None:
    centre = Centre([queue()], [agent("a", capacity={"chat": 3, "voice": 1})])
    centre.chat("c")
    centre.arrive("call", "voice", "q")
    assert centre.state("call") == "waiting"


def test_a_call_may_interrupt_an_e_mail_but_not_the_other_way() -> None:
    centre = Centre([queue()], [agent("a", capacity={"voice": 1, "email": 2})])
    centre.arrive("letter", "email", "q")
    centre.arrive("call", "voice", "q")
    assert centre.state("call") == "offered"
    centre.arrive("letter 2", "email", "q")
    assert centre.state("letter 2") == "waiting"


def test_interruption_is_data() -> None:
    centre = Centre([queue()], [agent("a", capacity={"voice": 1, "email": 2})], interrupts={})
    centre.arrive("letter", "email", "q")
    centre.arrive("call", "voice", "q")
    assert centre.state("call") == "waiting"


def test_an_agent_may_have_a_total_of_the_own() -> None:
    centre = Centre([queue()], [agent("a", capacity={"chat": 3}, total=0.7)])
    for number in range(3):
        centre.chat(f"c{number}")
    assert centre.state("c2") == "waiting"


def test_who_has_less_in_hand_comes_first_among_busy_agents() -> None:
    centre = Centre([queue()], [agent("a", capacity={"chat": 3}), agent("b", capacity={"chat": 3})])
    for number in range(4):
        centre.chat(f"c{number}")
    assert [centre.holder(f"c{number}") for number in range(4)] == ["a", "b", "a", "b"]


def test_least_occupied_levels_the_work_of_the_shift() -> None:
    centre = Centre([queue("q", select="least_occupied"), queue("r", steps=needs("net"))],
                    [agent("worn", skills={"net": 1}), agent("fresh")])  # fmt: skip
    centre.chat("long", "r")
    centre.answer("long")
    centre.after(600)
    centre.finish("long")
    centre.chat("short")
    assert centre.holder("short") == "fresh"
    centre.answer("short")
    centre.finish("short")
    centre.after(30)
    centre.chat("next")
    assert centre.holder("next") == "fresh"


def test_longest_idle_does_not_look_at_the_shift() -> None:
    centre = Centre([queue("q"), queue("r", steps=needs("net"))], [agent("worn", skills={"net": 1}), agent("fresh")])
    centre.chat("long", "r")
    centre.answer("long")
    centre.after(600)
    centre.finish("long")
    centre.now += 1
    centre.chat("short")
    centre.answer("short")
    centre.finish("short")
    centre.chat("next")
    assert centre.holder("next") == "worn"


def test_an_explanation_names_skill_level_language_region_and_idle_time() -> None:
    people = [agent("a", skills={"money": 4}, languages=["ru", "tt"], regions=["16"]), agent("b", skills={"money": 3})]
    centre = Centre([queue(steps=needs("money", 2), prefer={"language": 3, "region": 1})], people)
    centre.after(58)
    events = centre.chat("c", language="tt", region="16")
    assert fact(events, "skill") == {"code": "skill", "skill": "money", "level": 4}
    assert fact(events, "language")["language"] == "tt"
    assert fact(events, "region")["region"] == "16"
    assert fact(events, "longest_idle")["seconds"] == 60
    reasons = why(events)
    assert (reasons["mode"], reasons["able"], reasons["free"]) == ("contact_found_agent", 2, 2)
    assert [(row["agent"], row["score"], row["chosen"]) for row in reasons["candidates"]] == [
        ("a", 300.0, True),
        ("b", 119.0, False),
    ]
    assert reasons["candidates"][0]["parts"] == {"idle": 60.0, "language": 3, "region": 1, "occupied": 0.0}


def test_an_explanation_says_when_there_was_no_choice() -> None:
    centre = Centre([queue()], [agent("a")])
    assert fact(centre.chat("c"), "only_free")


def test_for_a_freed_agent_the_explanation_says_who_is_next() -> None:
    centre = Centre([queue()], [agent("a")], present=False)
    for name in ("first", "second", "third"):
        centre.chat(name)
        centre.now += 5
    centre.connect("a")
    events = centre.set_presence("a", "available")
    reasons = why(events)
    assert (reasons["mode"], reasons["waiting"], reasons["next"]) == ("agent_found_contact", 3, "second")
    assert fact(events, "first_in_line")["wait"] == 15


def test_of_several_agents_who_become_able_together_the_longest_idle_is_first() -> None:
    centre = Centre([queue(steps=needs("money"))], [agent("first"), agent("second")])
    centre.chat("c")
    skilled = [agent(name, skills={"money": 1}) for name in ("second", "first")]
    centre.configure(None, [], skilled)
    assert centre.holder("c") == "first"
