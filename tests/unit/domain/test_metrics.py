"""The definitions of the figures, on stories small enough to count by hand."""

from pathlib import Path

import pytest
from tests.stories import START, Story, ident

from teplo.domain import events as ev
from teplo.domain.definitions import DEFINITIONS, channels, figures, reference, variants
from teplo.domain.ids import ContactId, QueueId
from teplo.domain.metrics import Fold
from teplo.domain.tally import Histogram, Tally, micros, wilson


def folded(story: Story, **options: object) -> Fold:
    fold = Fold(START, START + 86_400, groups=("none", "queue", "agent", "interval"), **options)  # type: ignore[arg-type]
    for event in story.events:
        fold.feed(event)
    return fold


def busy_day(*, short: float, abandon_after: float) -> Tally:
    """510 offered, 460 answered of which 410 in 20 s, 50 abandoned of which 10 in 20 s."""
    story = Story()
    story.queue("line", target=20, short=short)
    for n in range(510):
        contact = f"c{n}"
        t = 100.0 * n
        story.arrive(contact, "line", t)
        if n < 410:
            story.accept(contact, "a", "line", t + 20)
        elif n < 460:
            story.accept(contact, "a", "line", t + 21)
        elif n < 470:
            story.abandon(contact, "line", t + abandon_after)
        else:
            story.abandon(contact, "line", t + 40)
        if n < 460:
            story.end(contact, "a", "line", t + 30, wrap_up=False)
    return folded(story).tally()


@pytest.mark.parametrize(("short", "abandon_after"), [(20, 12), (5, 3)])
def test_service_level_variants_of_the_check_day(short: float, abandon_after: float) -> None:
    tally = busy_day(short=short, abandon_after=abandon_after)
    assert (tally.offered, tally.answered, tally.within, tally.abandoned) == (510, 460, 410, 50)
    assert (tally.abandoned_within, tally.short) == (10, 10)
    assert variants(tally)["service_level"] == {
        "offered": 410 / 510,
        "offered_less_short": 410 / 500,
        "answered": 410 / 460,
        "with_abandons": 420 / 510,
    }
    assert figures(tally)["service_level"] == 410 / 510
    percent = {key: round(100 * float(value), 1) for key, value in variants(tally)["service_level"].items()}  # type: ignore[arg-type]
    assert percent == {"offered": 80.4, "offered_less_short": 82.0, "answered": 89.1, "with_abandons": 82.4}


def test_an_abandon_within_t_is_short_only_below_the_threshold() -> None:
    tally = busy_day(short=5, abandon_after=12)
    assert (tally.abandoned_within, tally.short) == (10, 0)
    assert variants(tally)["service_level"]["offered_less_short"] == 410 / 510


def test_nothing_counted_gives_no_share_and_no_mean() -> None:
    for definition in DEFINITIONS:
        value = definition.compute(Tally())
        assert value == 0 if definition.unit == "count" else value is None, definition.id


def test_the_borders_belong_to_within_t_and_not_to_short() -> None:
    story = Story()
    story.queue("line", target=20, short=5)
    story.arrive("a", "line", 0)
    story.accept("a", "x", "line", 20)
    story.arrive("b", "line", 100)
    story.abandon("b", "line", 105)
    tally = folded(story).tally()
    assert (tally.within, tally.short) == (1, 0)


def test_a_given_threshold_replaces_the_target_of_the_queue() -> None:
    story = Story()
    story.queue("line", target=20)
    story.arrive("a", "line", 0)
    story.accept("a", "x", "line", 40)
    assert folded(story).tally().within == 0
    assert folded(story, threshold=60).tally().within == 1


def test_a_missed_offer_keeps_the_wait_running_and_is_one_offered_contact() -> None:
    story = Story()
    story.queue("line")
    story.arrive("a", "line", 0)
    story.miss("a", "x", "line", 5, since=0)
    story.accept("a", "y", "line", 30)
    fold = folded(story)
    assert (fold.tally().offered, fold.tally().wait_answered) == (1, micros(30))
    assert (fold.tally().offers, fold.tally().missed) == (2, 1)
    assert (fold.tally("agent", ident("x")).missed, fold.tally("agent", ident("y")).missed) == (1, 0)


def test_overflow_flows_out_of_one_queue_and_is_nothing_in_the_whole() -> None:
    story = Story()
    for queue in ("first", "second"):
        story.queue(queue)
    story.arrive("a", "first", 0)
    story.queued("a", "second", 30, "overflowed", since=0)
    story.accept("a", "x", "second", 45)
    story.arrive("b", "first", 50)
    story.accept("b", "x", "first", 51)
    fold = folded(story)
    first, second, whole = fold.tally("queue", "first"), fold.tally("queue", "second"), fold.tally()
    assert (first.offered, first.answered, first.flow_out) == (2, 1, 1)
    assert (second.offered, second.answered, second.flow_in) == (1, 1, 1)
    assert (whole.offered, whole.answered, whole.flow_out, whole.flow_in) == (2, 2, 0, 0)
    assert first.offered + second.offered - first.flow_out - second.flow_out == whole.offered
    assert second.wait_answered == micros(45), "the subscriber waited since the beginning"


def test_a_flow_beyond_the_queues_asked_for_is_counted_in_their_whole() -> None:
    story = Story()
    story.arrive("a", "first", 0)
    story.queued("a", "second", 30, "moved", since=0)
    story.accept("a", "x", "second", 45)
    assert folded(story, queues=["first"]).tally().flow_out == 1
    assert folded(story, queues=["second"]).tally().flow_in == 1
    assert folded(story, queues=["first", "second"]).tally().flow_in == 0


def test_a_transfer_is_a_new_wait_and_each_agent_has_the_own_talk() -> None:
    story = Story()
    story.arrive("a", "first", 0)
    story.accept("a", "x", "first", 10)
    story.transfer("a", "x", "first", "second", 110, since=0)
    story.accept("a", "y", "second", 125)
    story.end("a", "y", "second", 425)
    story.dispose("a", "y", 455)
    fold = folded(story)
    whole = fold.tally()
    assert (whole.arrived, whole.offered, whole.answered, whole.requeued, whole.transfers) == (1, 2, 2, 1, 1)
    assert whole.wait_answered == micros(10 + 15)
    assert figures(fold.tally("agent", ident("x")))["aht"] == 100.0
    assert figures(fold.tally("agent", ident("y")))["aht"] == 330.0
    assert figures(fold.tally("queue", "first"))["transfer_rate"] == 1.0
    assert whole.gradable == 1


def test_handling_has_its_parts_by_channel() -> None:
    story = Story()
    for contact, channel, t in (("a", "chat", 0), ("b", "voice", 1000)):
        story.arrive(contact, "line", t, channel=channel)
        story.accept(contact, "x", "line", t + 10)
        story.end(contact, "x", "line", t + 110, hold=25.0 if channel == "voice" else 0.0)
        story.dispose(contact, "x", t + 140)
    of_channel = channels(folded(story).tally())
    assert of_channel["voice"] == of_channel["chat"] | {"talk": 75.0, "hold": 25.0}, "disjoint parts of the same sum"
    assert of_channel["chat"] == {
        "handled": 1,
        "aht": 130.0,
        "talk": 100.0,
        "hold": 0.0,
        "wrap_up": 30.0,
        "aht_concurrent": 130.0,
    }


def test_parallel_chats_share_the_time_of_the_agent() -> None:
    story = Story()
    story.presence("x", "available", 0)
    for contact in ("a", "b"):
        story.arrive(contact, "line", 0)
        story.accept(contact, "x", "line", 100)
    for contact in ("a", "b"):
        story.end(contact, "x", "line", 700, wrap_up=False)
    fold = folded(story)
    fold.settle(START + 1000)
    mine = figures(fold.tally("agent", ident("x")), "agent")
    assert mine["aht"] == 600.0
    assert mine["aht_concurrent"] == 300.0
    assert mine["occupancy"] == 600 / 1000


def test_breaks_are_neither_handling_nor_available() -> None:
    story = Story()
    story.presence("x", "available", 0)
    story.presence("x", "break", 300)
    story.presence("x", "available", 900)
    fold = folded(story)
    fold.settle(START + 1000)
    assert fold.tally("agent", ident("x")).available == micros(400)
    assert figures(fold.tally("agent", ident("x")))["occupancy"] == 0.0


def test_an_agents_time_is_cut_at_the_borders_of_intervals() -> None:
    story = Story(start=(START // 1800 + 1) * 1800)
    story.presence("x", "available", -600)
    fold = Fold(story.start, story.start + 3600, groups=("interval",), interval=1800)
    for event in story.events:
        fold.feed(event)
    fold.settle(story.start + 9000)
    assert {key: tally.available for key, tally in fold.tallies["interval"].items()} == {
        story.start: micros(1800),
        story.start + 1800: micros(1800),
    }


def test_what_is_open_before_the_period_is_known_in_it() -> None:
    story = Story()
    story.arrive("a", "line", -100)
    story.accept("a", "x", "line", -40)
    story.arrive("b", "line", -30)
    story.end("a", "x", "line", 60)
    story.accept("b", "x", "line", 70)
    whole = folded(story).tally()
    assert (whole.arrived, whole.answered, whole.wait_answered) == (0, 1, micros(100))
    assert whole.work.talk == micros(100)
    assert whole.handling == micros(60 + 10), "only the part inside the period"


def test_the_estimate_told_first_is_judged_at_the_first_answer() -> None:
    story = Story()
    for contact, wait in (("hit", 30), ("late", 61)):
        story.arrive(contact, "line", 0, estimate=[20.0, 60.0])
        story.accept(contact, "x", "line", wait)
    story.arrive("silent", "line", 0)
    story.accept("silent", "x", "line", 30)
    result = figures(folded(story).tally())
    assert (result["estimates"], result["estimate_hit_rate"]) == (2, 0.5)


def test_a_wait_that_the_closing_cut_off_begins_anew_at_the_opening() -> None:
    story = Story()
    story.arrive("a", "line", 0, estimate=[0.0, 20.0])
    for moved, until in ((60, 36_000), (600, 39_600)):  # the second time the opening was put off
        story.tell(ev.ContactDeferred(story.at(moved), ContactId(ident("a")), QueueId("line"), story.at(until)))
    story.queued("a", "line", 39_600, "opened", since=0, estimate=[40.0, 80.0])
    story.accept("a", "x", "line", 39_650)
    result = figures(folded(story).tally())
    assert (result["deferred"], result["offered"], result["asa"]) == (1, 1, 50)
    assert result["estimate_hit_rate"] == 1, "of the wait that was told in the morning"


def test_ended_by_the_centre_while_waiting_is_not_an_abandon() -> None:
    story = Story()
    story.arrive("a", "line", 0)
    story.abandon("a", "line", 10, by="system")
    whole = folded(story).tally()
    assert (whole.offered, whole.abandoned, whole.closed) == (1, 0, 1)


def test_who_is_lost_while_waiting_counts_as_abandoned_and_a_line_that_we_lose_as_closed() -> None:
    story = Story()
    story.arrive("a", "line", 0)
    story.abandon("a", "line", 40, by="system", reason="subscriber_lost")
    story.arrive("b", "line", 0)
    story.abandon("b", "line", 50, by="system", reason="line_lost")
    whole = folded(story).tally()
    assert (whole.offered, whole.abandoned, whole.closed) == (2, 1, 1)


def test_grades_with_their_certainty() -> None:
    story = Story()
    for n in range(10):
        story.arrive(f"c{n}", "line", n)
        story.accept(f"c{n}", "x", "line", n)
        story.end(f"c{n}", "x", "line", n + 0.5, wrap_up=False)
    for n in range(4):
        story.grade(f"c{n}", "x", "line", 5 if n < 3 else 4, 100 + n)
    result = figures(folded(story).tally("agent", ident("x")), "agent")
    assert (result["grades"], result["fives"], result["csat5"], result["response_rate"]) == (4, 3, 0.75, 0.4)
    low, high = result["csat5_interval"]  # type: ignore[misc]
    assert low == pytest.approx(0.3006, abs=1e-4)
    assert high == pytest.approx(0.9544, abs=1e-4)


@pytest.mark.parametrize(
    ("successes", "n", "expected"),
    [(0, 10, (0.0, 0.2775)), (10, 10, (0.7225, 1.0)), (50, 100, (0.4038, 0.5962)), (1, 1, (0.2065, 1.0))],
)
def test_wilson_interval_against_published_values(successes: int, n: int, expected: tuple[float, float]) -> None:
    assert wilson(successes, n) == pytest.approx(expected, abs=1e-4)


def test_quantiles_are_right_to_three_percent() -> None:
    histogram = Histogram()
    for second in range(1, 1001):
        histogram.add(micros(second))
    for share, exact in ((0.5, 500), (0.9, 900), (0.99, 990)):
        found = histogram.quantile(share)
        assert found is not None
        assert abs(found - exact) / exact <= 1 / 32


def test_a_quantile_is_never_beyond_the_longest_wait() -> None:
    story = Story()
    story.arrive("a", "line", 0)
    story.accept("a", "x", "line", 16)
    result = figures(folded(story).tally())
    assert result["median_wait"] == result["max_wait"] == 16.0


def test_a_new_day_keeps_what_is_open_and_forgets_the_counts() -> None:
    story = Story()
    story.presence("x", "available", 0)
    story.arrive("a", "line", 0)
    story.accept("a", "x", "line", 10)
    fold = folded(story)
    fold.turn(START + 100)
    assert fold.tally().answered == 0
    later = Story()
    later.end("a", "x", "line", 110, wrap_up=False)
    for event in later.events:
        fold.feed(event)
    assert fold.tally().work.talk == micros(100)
    assert fold.tally().handling == micros(10)


def test_figures_that_mean_nothing_for_an_agent_or_a_queue_are_empty() -> None:
    assert figures(Tally(answered=1), "agent")["offered"] is None
    assert figures(Tally(handling=1), "queue")["occupancy"] is None
    assert figures(Tally(answered=1, handling=1))["occupancy"] == 1.0


def test_the_reference_page_is_made_of_the_definitions() -> None:
    page = Path(__file__).parents[3] / "docs" / "reference" / "metrics.md"
    assert page.read_text(encoding="utf-8") == reference(), "run: python tools/reference.py"


def test_every_figure_has_its_texts_in_both_languages() -> None:
    assert len({definition.id for definition in DEFINITIONS}) == len(DEFINITIONS)
    for definition in DEFINITIONS:
        for text in (definition.name, definition.formula, *(v.formula for v in definition.variants)):
            assert set(text) == {"ru", "en"}
            assert all(text.values())
