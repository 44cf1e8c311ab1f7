"""However the log is cut, the figures are the same: one fold, folds of parts added up, a fold that was asked often."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.stories import START, Story

from teplo.domain.definitions import figures
from teplo.domain.ledger import Group, Key
from teplo.domain.metrics import Fold
from teplo.domain.tally import Tally

GROUPS: tuple[Group, ...] = ("none", "queue", "agent", "interval")
QUEUES = ("first", "second", "third")
AGENTS = ("x", "y", "z")
DAY = 86_400.0

Draw = st.DrawFn


class Centre:
    """A tiny centre that keeps just enough state to tell a story that could have happened."""

    def __init__(self) -> None:
        self.story = Story()
        self.t = -3000.0
        self.waiting: dict[str, tuple[str, float]] = {}
        self.talking: dict[str, tuple[str, str]] = {}
        self.wrapping: dict[str, str] = {}
        self.count = 0

    def step(self, action: int, pick: int, pause: float) -> None:
        self.t = round(self.t + pause, 6)
        agent, queue = AGENTS[pick % len(AGENTS)], QUEUES[pick % len(QUEUES)]
        if action == 0:
            self.count += 1
            contact = f"c{self.count}"
            channel = ("chat", "voice")[pick % 2]
            self.story.arrive(contact, queue, self.t, channel=channel, estimate=[0.0, 60.0] if pick % 3 else None)
            self.waiting[contact] = (queue, self.t)
        elif action == 1 and self.waiting:
            contact = list(self.waiting)[pick % len(self.waiting)]
            where, since = self.waiting.pop(contact)
            self.story.accept(contact, agent, where, self.t, wait=self.t - since)
            self.talking[contact] = (agent, where)
        elif action == 2 and self.waiting:
            contact = list(self.waiting)[pick % len(self.waiting)]
            where, _ = self.waiting.pop(contact)
            self.story.abandon(contact, where, self.t, by=("subscriber", "system")[pick % 2])
        elif action == 3 and self.waiting:
            contact = list(self.waiting)[pick % len(self.waiting)]
            _, since = self.waiting[contact]
            self.waiting[contact] = (queue, since)
            self.story.queued(contact, queue, self.t, "overflowed", since=since)
        elif action == 4 and self.talking:
            contact = list(self.talking)[pick % len(self.talking)]
            who, where = self.talking.pop(contact)
            self.story.end(contact, who, where, self.t, wrap_up=bool(pick % 2))
            if pick % 2:
                self.wrapping[contact] = who
        elif action == 5 and self.talking:
            contact = list(self.talking)[pick % len(self.talking)]
            who, where = self.talking.pop(contact)
            self.story.transfer(contact, who, where, queue, self.t, since=self.t)
            self.waiting[contact] = (queue, self.t)
        elif action == 6 and self.wrapping:
            contact = list(self.wrapping)[pick % len(self.wrapping)]
            self.story.dispose(contact, self.wrapping.pop(contact), self.t)
        elif action == 7:
            self.story.presence(agent, ("available", "break", "offline")[pick % 3], self.t)
        elif action == 8 and self.waiting:
            contact = list(self.waiting)[pick % len(self.waiting)]
            where, since = self.waiting[contact]
            self.story.miss(contact, agent, where, self.t, since=since)
            self.t += 20
        elif action == 9:
            self.story.queue(queue, self.t, target=float(pick % 90), short=float(pick % 10))
        elif action == 10 and self.count:
            self.story.grade(f"c{pick % self.count + 1}", agent, queue, pick % 5 + 1, self.t)


@st.composite
def stories(draw: Draw) -> Story:
    steps = draw(
        st.lists(
            st.tuples(
                st.integers(0, 10),
                st.integers(0, 1000),
                st.floats(0, 400, allow_nan=False).map(lambda x: round(x, 6)),
            ),
            max_size=120,
        )
    )
    centre = Centre()
    for step in steps:
        centre.step(*step)
    return centre.story


def add(total: dict[Group, dict[Key, Tally]], part: dict[Group, dict[Key, Tally]]) -> None:
    for group, tallies in part.items():
        for key, tally in tallies.items():
            total[group].setdefault(key, Tally()).merge(tally)


def cleaned(tallies: dict[Group, dict[Key, Tally]]) -> dict[Group, dict[Key, Tally]]:
    return {group: {key: t for key, t in of.items() if t != Tally()} for group, of in tallies.items()}


def whole(story: Story) -> Fold:
    fold = Fold(START, START + DAY, groups=GROUPS)
    for event in story.events:
        fold.feed(event)
    fold.settle(START + DAY)
    return fold


@given(story=stories(), cuts=st.lists(st.integers(0, 200), max_size=4))
def test_parts_add_up_to_the_whole_wherever_the_log_is_cut(story: Story, cuts: list[int]) -> None:
    total: dict[Group, dict[Key, Tally]] = {group: {} for group in GROUPS}
    fold = Fold(START, START + DAY, groups=GROUPS)
    borders = sorted({0, len(story.events), *(cut for cut in cuts if cut < len(story.events))})
    for begin, end in zip(borders, borders[1:], strict=False):
        for event in story.events[begin:end]:
            fold.feed(event)
        add(total, fold.take())
    fold.settle(START + DAY)
    add(total, fold.take())
    assert cleaned(total) == cleaned(whole(story).tallies)


@given(story=stories(), asked=st.sets(st.integers(0, 60), max_size=5), ahead=st.floats(0, 500))
def test_a_running_fold_shows_what_a_fresh_fold_of_the_log_shows(story: Story, asked: set[int], ahead: float) -> None:
    running = Fold(START, START + DAY, groups=GROUPS)
    for number, event in enumerate(story.events):
        running.feed(event)
        if number in asked:
            now = event.at + ahead
            shown: dict[Group, dict[Key, Tally]] = {group: {} for group in GROUPS}
            add(shown, running.tallies)
            add(shown, running.running(now))
            fresh = Fold(START, START + DAY, groups=GROUPS)
            for earlier in story.events[: number + 1]:
                fresh.feed(earlier)
            fresh.settle(now)
            assert cleaned(shown) == cleaned(fresh.tallies)
    running.settle(START + DAY)
    assert cleaned(running.tallies) == cleaned(whole(story).tallies)


@given(story=stories(), border=st.floats(1, 20_000).map(lambda x: round(x, 6)))
def test_two_periods_side_by_side_add_up_to_both(story: Story, border: float) -> None:
    total: dict[Group, dict[Key, Tally]] = {group: {} for group in GROUPS}
    for since, until in ((START, START + border), (START + border, START + DAY)):
        fold = Fold(since, until, groups=GROUPS)
        for event in story.events:
            fold.feed(event)
        fold.settle(until)
        add(total, fold.tallies)
    assert cleaned(total) == cleaned(whole(story).tallies)


@given(story=stories())
def test_a_day_that_turns_equals_a_day_recomputed(story: Story) -> None:
    running = Fold(START - DAY, START, groups=GROUPS)
    turned = False
    for event in story.events:
        if not turned and event.at >= START:
            running.turn(START, START + DAY)
            turned = True
        running.feed(event)
    if not turned:
        running.turn(START, START + DAY)
    running.settle(START + DAY)
    assert cleaned(running.tallies) == cleaned(whole(story).tallies)


@settings(max_examples=200)
@given(story=stories())
def test_the_groups_reconcile_to_the_unit(story: Story) -> None:
    fold = whole(story)
    total = fold.tally()
    queues = list(fold.tallies["queue"].values())
    agents = list(fold.tallies["agent"].values())
    intervals = list(fold.tallies["interval"].values())
    assert sum(t.flow_out for t in queues) == sum(t.flow_in for t in queues)
    assert total.flow_out == total.flow_in == 0
    assert sum(t.offered - t.flow_out for t in queues) == total.offered
    for name in (
        "arrived",
        "answered",
        "abandoned",
        "short",
        "closed",
        "requeued",
        "wait_answered",
        "within",
        "grades",
    ):
        assert sum(getattr(t, name) for t in queues) == getattr(total, name), name
        assert sum(getattr(t, name) for t in intervals) == getattr(total, name), name
    for name in ("handling", "available", "missed", "offers", "transfers", "grades", "fives"):
        assert sum(getattr(t, name) for t in agents) == getattr(total, name), name
        assert sum(getattr(t, name) for t in intervals) == getattr(total, name), name
    for name in ("handled", "talk", "wrap_up", "shared"):
        assert sum(getattr(t.work, name) for t in agents) == getattr(total.work, name), name
        assert sum(getattr(t.work, name) for t in queues) == getattr(total.work, name), name


@given(story=stories())
def test_every_share_is_a_share(story: Story) -> None:
    fold = whole(story)
    for tallies in fold.tallies.values():
        for tally in tallies.values():
            result = figures(tally)
            for name in ("service_level", "abandonment_rate", "estimate_hit_rate", "occupancy", "csat5"):
                value = result[name]
                assert value is None or (isinstance(value, int | float) and 0 <= value <= 1), name


@given(story=stories())
def test_the_fold_holds_no_more_than_what_is_open(story: Story) -> None:
    fold = whole(story)
    arrived = sum(type(event).__name__ == "ContactArrived" for event in story.events)
    ended = len({e.contact for e in story.events if type(e).__name__ == "ContactEnded"})  # type: ignore[attr-defined]
    assert fold.size <= arrived - ended + len(AGENTS)
