"""Any commands in any order, with any configuration, at any pace of the clock: the floor keeps its promises.

`TEPLO_NIGHTLY=1` runs about a million commands.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from tests.property.floor_rules import Ledger, check_between_commands, check_kept, check_offer

from teplo.domain.errors import Refused
from teplo.domain.events import ContactOffered, ContactQueued, Event
from teplo.domain.floor import Floor

_QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
settings.register_profile(
    "ci", max_examples=120, stateful_step_count=40, deadline=None, suppress_health_check=_QUIET, derandomize=True
)
settings.register_profile(
    "nightly", max_examples=10_000, stateful_step_count=100, deadline=None, suppress_health_check=_QUIET
)
NIGHTLY = bool(os.environ.get("TEPLO_NIGHTLY"))
PROFILE = settings.get_profile("nightly" if NIGHTLY else "ci")

SKILLS, QUEUES, AGENTS, CHANNELS = ("money", "net", "tatar"), ("q0", "q1", "q2"), ("a0", "a1", "a2", "a3"), (
    "chat",
    "voice",
    "email",
)  # fmt: skip
LANGUAGES, REGIONS = ("ru", "tt"), ("02", "16")
ZONES = ("Europe/Moscow", "Asia/Yekaterinburg", "Asia/Vladivostok", None)


def an_expression(dice: Random, depth: int = 0) -> dict[str, Any]:
    """A requirement: mostly one skill or nobody's burden, sometimes nested."""
    kind = dice.choice(("", "skill", "skill", "skill", "all", "any", "not") if depth < 2 else ("", "skill"))
    if kind == "skill":
        low = dice.choice((1, 1, 1, 2, 3))
        return {"skill": dice.choice(SKILLS), "min": low, "max": dice.choice((5, 5, low))}
    if kind == "not":
        return {"not": an_expression(dice, depth + 1)}
    return {kind: [an_expression(dice, depth + 1) for _ in range(dice.randint(1, 3))]} if kind else {}


def a_queue(dice: Random, name: str) -> dict[str, Any]:
    """A queue with up to seven steps, maybe hours and overflow."""
    afters = [0, *sorted(dice.sample((5, 10, 30, 60, 120, 300), dice.choice((0, 0, 1, 2, 6))))]
    matches: tuple[list[str], ...] = ([], [], ["language"], ["region"], ["language", "region"])
    limits = (None, None, 0, 10, 60)
    others = [other for other in QUEUES if other != name]
    rules = [
        {"to": dice.choice(others), "wait": dice.choice(limits), "estimate": dice.choice(limits),
         "length": dice.choice((None, None, 0, 2))}
        for _ in range(dice.choice((0, 0, 1, 2)))
    ]  # fmt: skip
    hours = {"zone": "Asia/Yekaterinburg", "week": [[["08:00", "20:00"]]] * 7, "special": {"2026-01-02": []}}
    return {
        "id": name,
        "channels": dice.sample(CHANNELS, dice.randint(1, 3)),
        "steps": [{"after": at, "require": an_expression(dice), "match": dice.choice(matches)} for at in afters],
        "prefer": dice.choice(({}, {"language": 3}, {"language": 3, "region": 1})),
        "select": dice.choice(("longest_idle", "least_occupied")),
        "priority": dice.choice((0, 0, 1, 5)),
        "preferred_seconds": dice.choice((0, 15, 60)),
        "offer_seconds": dice.choice((1, 20)),
        "wrap_up_seconds": dice.choice((0, 60)),
        "wrap_up_extensions": 1,
        "hours": dice.choice((None, None, None, hours)),
        "overflow": rules,
        "max_wait": 900,
        "callback": {
            "attempts": dice.choice((1, 2)),
            "pauses": dice.choice(([5], [60, 400])),
            "hours": dice.choice((["09:00", "21:00"], ["00:00", "24:00"], ["19:00", "20:00"])),
            "ring_seconds": 10,
        },
    }


def an_agent(dice: Random, name: str) -> dict[str, Any]:
    """An agent with any skills and capacity."""
    return {
        "id": name,
        "skills": {skill: dice.randint(1, 5) for skill in SKILLS if dice.random() < 0.7},
        "languages": dice.choice(([], ["ru"], ["ru", "tt"], ["tt"])),
        "regions": dice.choice(([], [], ["02"], ["16"])),
        "capacity": {"chat": dice.choice((1, 2, 3)), "voice": dice.choice((0, 1)), "email": dice.choice((0, 2))},
        "total": dice.choice((None, None, 0.5, 1.2)),
        "active": dice.random() < 0.9,
    }


def some_queues(dice: Random) -> list[dict[str, Any]]:
    """All queues, each of some kind."""
    return [a_queue(dice, name) for name in QUEUES]


def some_agents(dice: Random) -> list[dict[str, Any]]:
    """All agents, each of some kind."""
    return [an_agent(dice, name) for name in AGENTS]


dice_of = st.integers(0, 2**32).map(Random)
some_agent = st.sampled_from(AGENTS)
some_queue = st.sampled_from(QUEUES)
pick = st.integers(0, 30)


class FloorMachine(RuleBasedStateMachine):
    """Drives a floor; a second one folds the events, checking each offer before it is folded."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_767_340_000.0  # an hour before closing time on an ordinary day
        self.floor = Floor()
        self.replay = Floor()
        self.ledger = Ledger()
        self.count = 0

    def do(self, command: Callable[..., list[Event]], *args: Any, **more: Any) -> None:
        """Run one command; refused or not, every promise holds afterwards."""
        try:
            events = command(*args, now=self.now, **more)
        except Refused:
            events = []
        at = max(self.now, self.floor.now)
        for event in events:
            assert event.at >= self.replay.now, "time ran backwards"
            if isinstance(event, ContactOffered):
                check_offer(self.replay, event)
            elif isinstance(event, ContactQueued) and event.why in ("arrived", "opened"):
                check_kept(self.replay, event)
            self.replay.apply(event)
        self.ledger.take(events)
        assert self.replay == self.floor, "replay differs from live"
        assert set(self.floor.contacts) == self.ledger.open, "a contact was lost"
        if events:
            check_between_commands(self.floor, at)

    @initialize(dice=dice_of, missed=st.sampled_from(("break", "available")))
    def begin(self, dice: Random, missed: str) -> None:
        """A configured centre with somebody at work."""
        queues, agents = some_queues(dice), some_agents(dice)
        rules = {"offer_missed_presence": missed, "max_talk": 1200, "interrupts": {"voice": ["email"]}}
        self.do(self.floor.configure, rules, queues, agents, True)
        for name in AGENTS[:3]:
            self.do(self.floor.connect, name)
            self.do(self.floor.set_presence, name, "available")

    def of_somebody(self) -> bool:
        """Whether anything is in progress."""
        return bool(self.floor.contacts)

    def contact(self, number: int, *states: str) -> Any:
        """One of the contacts in these states, if there are any."""
        found = [c for c in self.floor.contacts.values() if not states or c.state in states]
        return found[number % len(found)] if found else None

    @rule(
        queue=some_queue, channel=st.sampled_from(CHANNELS), language=st.sampled_from(LANGUAGES),
        region=st.none() | st.sampled_from(REGIONS), priority=st.sampled_from((0, 0, 1, 10, -2)),
        preferred=some_agent,
    )  # fmt: skip
    def arrive(self, queue: str, channel: str, **more: Any) -> None:
        self.arrive_at(queue, channel, **more)

    @rule(
        queue=some_queue, numbers=st.integers(2, 6), language=st.sampled_from(LANGUAGES), apart=st.sampled_from((0, 1))
    )
    def several_arrive(self, queue: str, numbers: int, language: str, apart: float) -> None:
        for _ in range(numbers):
            self.arrive_at(queue, "chat", language=language)
            self.now += apart

    def arrive_at(self, queue: str, channel: str, **more: Any) -> None:
        """A new contact, in a channel that the queue knows."""
        if queue not in self.floor.queues:
            return
        channels = self.floor.queues[queue].config.channels
        self.count += 1
        self.do(self.floor.arrive, f"c{self.count}", channel if channel in channels else channels[0], queue, **more)

    @rule(queue=some_queue, agent=some_agent)
    def an_agent_calls_out(self, queue: str, agent: str) -> None:
        self.count += 1
        self.do(self.floor.call_out, f"c{self.count}", agent, queue)

    @rule(queue=some_queue, agent=some_agent)
    def a_known_subscriber_returns(self, queue: str, agent: str) -> None:
        """Whoever served before has the hands full and is worth waiting for."""
        found = self.floor.agents.get(agent)
        if found is None:
            return
        self.come(agent)
        for contact in [*found.contacts]:
            if found.contacts.get(contact) == "offered":
                self.do(self.floor.accept, contact, agent, self.floor.contacts[contact].offer)
        for _ in range(3):
            self.arrive_at(queue, "chat", preferred=agent)

    @precondition(of_somebody)
    @rule(numbers=st.lists(pick, min_size=1, max_size=6))
    def work_goes_on(self, numbers: list[int]) -> None:
        """Agents do the next natural thing with some of their contacts."""
        for number in numbers:
            found = self.contact(number, "offered", "talking", "wrap_up")
            if found is not None and found.state == "offered":
                self.do(self.floor.accept, found.id, found.agent, found.offer)
            elif found is not None and found.state == "talking":
                self.do(self.floor.end, found.id, "agent", None, found.agent)
            elif found is not None:
                self.do(self.floor.dispose, found.id, found.agent, ["MNY.03"], "solved")

    @rule(seconds=st.sampled_from((0.0, 0.5, 3.0, 3.0, 10.0, 21.0, 60.0, 400.0)))
    def time_passes(self, seconds: float) -> None:
        self.now += seconds
        self.do(self.floor.tick)

    @rule(seconds=st.sampled_from((0.1, 5.0, 30.0)))
    def the_tick_is_late(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def the_next_deadline_comes(self) -> None:
        due = self.floor.next_deadline()
        self.now = max(self.now, due or 0.0)
        self.do(self.floor.tick)

    @rule(seconds=st.sampled_from((5.0, 100.0)))
    def the_clock_is_set_back(self, seconds: float) -> None:
        self.now -= seconds
        self.do(self.floor.tick)

    @precondition(of_somebody)
    @rule()
    def everybody_answers(self) -> None:
        for found in [c for c in self.floor.contacts.values() if c.state == "offered"]:
            self.do(self.floor.accept, found.id, found.agent, found.offer)

    @precondition(of_somebody)
    @rule(number=pick)
    def accept(self, number: int) -> None:
        if found := self.contact(number, "offered"):
            self.do(self.floor.accept, found.id, found.agent, found.offer)

    @precondition(of_somebody)
    @rule(number=pick)
    def decline(self, number: int) -> None:
        if found := self.contact(number, "offered"):
            self.do(self.floor.decline, found.id, found.agent, found.offer, "busy")

    @precondition(of_somebody)
    @rule(number=pick, agent=some_agent)
    def answer_a_stale_offer(self, number: int, agent: str) -> None:
        if found := self.contact(number):
            self.do(self.floor.accept, found.id, agent, f"{found.id}:{found.offers}")

    @precondition(of_somebody)
    @rule(number=pick, by=st.sampled_from(("subscriber", "agent", "supervisor", "system")))
    def end(self, number: int, by: str) -> None:
        if found := self.contact(number):
            self.do(self.floor.end, found.id, by, None, found.agent)

    @rule(queue=some_queue, zone=st.sampled_from(ZONES))
    def ask_for_a_callback_from_the_menu(self, queue: str, zone: str | None) -> None:
        self.arrive_at(queue, "voice", callback_zone=zone)

    @rule(queue=some_queue, seconds=st.sampled_from((None, 12.5)))
    def leave_a_voicemail(self, queue: str, seconds: float | None) -> None:
        self.arrive_at(queue, "voice", voicemail={"seconds": seconds})

    @precondition(of_somebody)
    @rule(number=pick, zone=st.sampled_from(ZONES))
    def call_who_left_a_voicemail(self, number: int, zone: str | None) -> None:
        if found := self.contact(number, "talking", "dialling"):
            self.do(self.floor.ring_back, found.id, found.agent, zone)

    @precondition(of_somebody)
    @rule(numbers=st.lists(pick, min_size=1, max_size=4), zone=st.sampled_from(ZONES))
    def ask_for_a_callback(self, numbers: list[int], zone: str | None) -> None:
        for number in numbers:
            if found := self.contact(number, "waiting", "deferred", "offered"):
                self.do(self.floor.call_back, found.id, zone)

    @precondition(of_somebody)
    @rule(number=pick)
    def call_again(self, number: int) -> None:
        if found := self.contact(number):
            self.do(self.floor.rejoin, found.id)

    @precondition(of_somebody)
    @rule(
        number=pick, late=st.sampled_from((0, 0, 0, 1)),
        outcome=st.sampled_from(
            ("reached", "reached", "busy", "no_answer", "worker_lost", "refused", "limit", "nonsense")
        ),
    )  # fmt: skip
    def a_dial_ends(self, number: int, late: int, outcome: str) -> None:
        if found := self.contact(number, "dialling"):
            self.do(self.floor.dialled, found.id, found.dials - late, outcome)

    @precondition(of_somebody)
    @rule(number=pick)
    def dispose(self, number: int) -> None:
        if found := self.contact(number, "wrap_up"):
            self.do(self.floor.dispose, found.id, found.agent, ["MNY.03"], "solved")

    @precondition(of_somebody)
    @rule(number=pick)
    def extend(self, number: int) -> None:
        if found := self.contact(number, "wrap_up"):
            self.do(self.floor.extend_wrap_up, found.id, found.agent)

    @precondition(of_somebody)
    @rule(
        number=pick,
        to=st.one_of(
            st.builds(lambda agent: {"agent": agent}, some_agent),
            st.builds(lambda queue: {"queue": queue}, some_queue),
            st.builds(lambda name, low: {"skill": name, "min": low}, st.sampled_from(SKILLS), st.integers(1, 5)),
        ),
    )
    def transfer(self, number: int, to: dict[str, Any]) -> None:
        if found := self.contact(number, "talking"):
            self.do(self.floor.transfer, found.id, found.agent, to)

    @precondition(of_somebody)
    @rule(number=pick, colleague=some_agent)
    def invite(self, number: int, colleague: str) -> None:
        if found := self.contact(number, "talking"):
            self.do(self.floor.invite, found.id, found.agent, colleague)

    @rule(colleague=some_agent, how=st.sampled_from(("left", "missed", "hand_over", "hand_over")))
    def a_guest_goes_or_stays(self, colleague: str, how: str) -> None:
        guest = self.floor.agents.get(colleague)
        if guest is None or guest.helping is None:
            return
        if how == "hand_over":
            self.do(self.floor.hand_over, guest.helping, self.floor.contacts[guest.helping].agent, colleague)
        else:
            self.do(self.floor.part, guest.helping, colleague, how)

    @precondition(of_somebody)
    @rule(number=pick, supervisor=some_agent, mode=st.sampled_from(("listen", "barge", "off", "take_over")))
    def a_supervisor_comes(self, number: int, supervisor: str, mode: str) -> None:
        if found := self.contact(number, "talking"):
            if mode == "take_over":
                self.do(self.floor.take_over, found.id, supervisor)
            else:
                self.do(self.floor.monitor, found.id, supervisor, mode)

    @precondition(of_somebody)
    @rule(number=pick, on=st.booleans(), seconds=st.sampled_from((None, 0.0, 2.5, 1e6)))
    def hold(self, number: int, on: bool, seconds: float | None) -> None:
        found = self.contact(number, "talking")
        if found and on:
            self.do(self.floor.hold, found.id, found.agent)
        elif found:
            self.do(self.floor.resume, found.id, found.agent, seconds)

    @precondition(of_somebody)
    @rule(number=pick, queue=some_queue)
    def move(self, number: int, queue: str) -> None:
        if found := self.contact(number):
            self.do(self.floor.move, found.id, queue, "s1")

    @precondition(of_somebody)
    @rule(number=pick, priority=st.sampled_from((-5.0, 0.0, 3.0, 60.0)))
    def prioritise(self, number: int, priority: float) -> None:
        if found := self.contact(number):
            self.do(self.floor.prioritise, found.id, priority, "s1")

    @rule(
        agent=some_agent, by=st.sampled_from(("agent", "supervisor")),
        presence=st.sampled_from(("available", "available", "available", "break", "busy", "training", "offline")),
    )  # fmt: skip
    def set_presence(self, agent: str, presence: str, by: str) -> None:
        self.do(self.floor.set_presence, agent, presence, None, by)

    @rule(agent=some_agent)
    def come(self, agent: str) -> None:
        self.do(self.floor.connect, agent)
        self.do(self.floor.set_presence, agent, "available")

    @rule()
    def all_come(self) -> None:
        for agent in AGENTS:
            self.come(agent)

    @rule(agent=some_agent)
    def lose_the_network(self, agent: str) -> None:
        self.do(self.floor.disconnect, agent)

    @rule(agent=some_agent)
    def find_the_network(self, agent: str) -> None:
        self.do(self.floor.connect, agent)

    @rule(agent=some_agent, number=pick, up=st.booleans())
    def hand(self, agent: str, number: int, up: bool) -> None:
        if up and agent in self.floor.agents:
            mine = [*self.floor.agents[agent].contacts, None]
            self.do(self.floor.raise_hand, agent, mine[number % len(mine)])
        else:
            self.do(self.floor.lower_hand, agent, "supervisor")

    @rule(dice=dice_of, which=some_queue)
    def configure_a_queue(self, dice: Random, which: str) -> None:
        self.do(self.floor.configure, None, [a_queue(dice, which)], [])

    @rule(dice=dice_of, which=some_agent)
    def configure_an_agent(self, dice: Random, which: str) -> None:
        self.do(self.floor.configure, None, [], [an_agent(dice, which)])

    @rule(dice=dice_of, without=st.sampled_from((*QUEUES, *AGENTS)))
    def configure_all_but_one(self, dice: Random, without: str) -> None:
        rows = [row for row in (*some_queues(dice), *some_agents(dice)) if row["id"] != without]
        self.do(
            self.floor.configure,
            None,
            [row for row in rows if "steps" in row],
            [row for row in rows if "steps" not in row],
            complete=True,
        )

    @rule()
    def start_again(self) -> None:
        """A new process takes the snapshot and goes on."""
        loaded = Floor.load(json.loads(json.dumps(self.floor.dump())))
        assert loaded == self.floor
        assert loaded.next_deadline() is None or self.floor.next_deadline() is not None
        self.floor = loaded

    def teardown(self) -> None:
        """Time alone empties the floor: nothing can be stuck. A voicemail waits for a week, offered many times."""
        for found in [c for c in self.floor.contacts.values() if c.absent and c.state != "wrap_up"]:
            self.do(self.floor.end, found.id, "system")
        for _ in range(3000):
            due = self.floor.next_deadline()
            if due is None or not (
                self.floor.contacts or any(a.away_at or a.hand for a in self.floor.agents.values())
            ):  # fmt: skip
                break
            self.now = max(self.now, due)
            self.do(self.floor.tick)
        assert not self.floor.contacts, f"stuck: {next(iter(self.floor.contacts.values()))}"
        assert not self.ledger.open


TestFloor = pytest.mark.timeout(4 * 3600 if NIGHTLY else 300)(FloorMachine.TestCase)
TestFloor.settings = PROFILE
