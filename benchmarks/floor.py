"""How long the floor takes to decide, in one process, without storage.

A model centre: every queue asks for one skill in six steps (own region and a good level first, then wider); agents have
about six of the skills and three chats or one call at once. Three states of the centre are measured: saturated (the
given number waits, every agent is full), calm (half of the slots are free), and saturated with ten times the agents.
A decision is one command with its whole matching; ticks count as commands too. "Asked for a match" are the commands
that looked for an agent or a contact: arrivals and everything that ended in an offer.

Times are CPU time of the thread, so that other processes of the machine do not count; what reading that clock takes
(some 0.7 us on a virtual machine, for a command of 10) is measured first, printed, and taken off. The floor makes no
reference cycles, so the collector has nothing to find: what was built before is frozen (`gc.freeze`) and a collection
comes after 50 000 new objects instead of 700. The collector is not switched off.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from teplo.domain.agent import Agent
from teplo.domain.contact import Contact
from teplo.domain.events import ContactEnded, ContactOffered, Event
from teplo.domain.floor import Floor

clock = time.thread_time
GC = (50_000, 50, 50)

REGIONS = [f"{number:02}" for number in range(1, 9)]
START = 1_767_340_000.0
TALK, WRAP_UP, ANSWER = 300.0, 20.0, 3.0


def centre(agents: int, skills: int, dice: random.Random) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return queues and agents of the model centre."""
    queues = []
    for number in range(skills):
        need = {"skill": f"s{number}", "min": 1}
        good = {"all": [{"skill": f"s{number}", "min": 3}, {"not": {"skill": "trainee"}}]}
        queues.append(
            {
                "id": f"q{number}",
                "channels": ["chat", "voice"],
                "steps": [
                    {"after": 0, "require": good, "match": ["language", "region"]},
                    {"after": 20, "require": need, "match": ["language", "region"]},
                    {"after": 60, "require": good, "match": ["language"]},
                    {"after": 120, "require": need, "match": ["language"]},
                    {"after": 240, "require": {"any": [need, {"skill": "all-round"}]}, "match": []},
                    {"after": 900, "require": {}, "match": []},
                ],
                "prefer": {"language": 3.0, "region": 1.0},
                "priority": number % 3,
                "max_wait": 86400,
            }
        )
    people = []
    for number in range(agents):
        known = {
            f"s{skill}": dice.randint(1, 5)
            for skill in range(skills)
            if skill == number % skills or dice.random() < 5 / skills
        }
        if dice.random() < 0.1:
            known["trainee"] = 1
        people.append(
            {
                "id": f"a{number}",
                "skills": known,
                "languages": ["ru", "tt"] if dice.random() < 0.1 else ["ru"],
                "regions": sorted({REGIONS[number % 8], dice.choice(REGIONS), dice.choice(REGIONS)}),
                "capacity": {"chat": 3, "voice": 1},
            }
        )
    return queues, people


class Centre:
    """The floor with simulated people around it; every command is timed.

    `log`: where all events are kept. The product keeps none once they are stored, so what is timed keeps none either.
    """

    def __init__(self, agents: int, skills: int, seed: int, log: list[Event] | None = None) -> None:
        self.dice = random.Random(seed)
        self.reading = reading_the_clock()
        self.floor = Floor()
        self.skills = skills
        self.now = START
        self.log = log
        self.costs: dict[str, list[float]] = defaultdict(list)
        self.plans: list[tuple[float, int, str, Callable[[str], None]]] = []
        self.count = self.done = 0
        queues, people = centre(agents, skills, self.dice)
        events = self.floor.configure({}, queues, people, True, now=START)
        for person in people:
            events += self.floor.connect(person["id"], now=START)
            events += self.floor.set_presence(person["id"], "available", now=START)
        if log is not None:
            log += events

    def do(self, kind: str, command: Callable[..., list[Event]], *args: Any) -> None:
        """Run and time one command, then let the people react to its events."""
        now = self.now
        began = clock()
        events = command(*args, now=now)
        cost = clock() - began
        offered = False
        if self.log is not None:
            self.log += events
        for event in events:
            if type(event) is ContactOffered:
                offered = True
                self.plan(self.dice.expovariate(1 / ANSWER), event.contact, self.accept)
            elif type(event) is ContactEnded and event.stage == "talking":
                self.plan(self.dice.expovariate(1 / WRAP_UP), event.contact, self.dispose)
        self.costs[kind + (" -> offer" if offered else "")].append(max(0.0, cost - self.reading))
        self.done += 1

    def plan(self, after: float, contact: str, action: Callable[[str], None]) -> None:
        """Let something happen later."""
        self.count += 1
        heappush(self.plans, (self.now + after, self.count, contact, action))

    def arrive(self) -> None:
        """A new contact; one of ten is a call, one of ten asks for the agent of last time."""
        self.count += 1
        dice = self.dice
        channel = "voice" if dice.random() < 0.1 else "chat"
        preferred = f"a{dice.randrange(len(self.floor.agents))}" if dice.random() < 0.1 else None
        self.do(
            "arrive", self.floor.arrive, f"0197c000-0000-7000-8000-{self.count:012}", channel,
            f"q{dice.randrange(self.skills)}", None, "tt" if dice.random() < 0.05 else "ru", dice.choice(REGIONS),
            0.0, preferred,
        )  # fmt: skip

    def accept(self, contact: str) -> None:
        """The agent takes the offer, if it is still there; the talk will end some time."""
        found = self.floor.contacts.get(contact)
        if found is not None and found.state == "offered":
            self.do("accept", self.floor.accept, contact, found.agent, found.offer)
            self.plan(self.dice.expovariate(1 / TALK), contact, self.end)

    def end(self, contact: str) -> None:
        """The subscriber leaves."""
        found = self.floor.contacts.get(contact)
        if found is not None and found.state == "talking":
            self.do("end", self.floor.end, contact, "subscriber")

    def dispose(self, contact: str) -> None:
        """The agent finishes the wrap-up."""
        found = self.floor.contacts.get(contact)
        if found is not None and found.state == "wrap_up":
            self.do("dispose", self.floor.dispose, contact, found.agent, ["MNY.03"], "solved")

    def come_back(self) -> None:
        """Who missed an offer returns."""
        for agent in self.floor.agents.values():
            if agent.presence == "break":
                self.do("presence", self.floor.set_presence, agent.id, "available")

    def run(self, commands: int, keep_waiting: int | None, busy: float = 0.0) -> None:
        """Go on for so many commands, with new arrivals so that as many wait, or as many agents' slots are busy."""
        end, step = self.done + commands, 0
        while self.done < end:
            step += 1
            if step % 500 == 0:
                self.come_back()
            if keep_waiting is not None:
                short = self.floor.index.total_waiting < keep_waiting
            else:
                short = len(self.floor.contacts) < busy
            if short:
                self.now += 0.001
                self.arrive()
                continue
            due = self.floor.next_deadline()
            if due is not None and due <= self.plans[0][0]:
                self.now = max(self.now, due)
                self.do("tick", self.floor.tick)
            else:
                at, _, contact, action = heappop(self.plans)
                self.now = max(self.now, at)
                action(contact)

    def fill(self, waiting: int | None, busy: float = 0.0) -> None:
        """Let the centre run until it is in the state to be measured, then forget the figures."""
        self.run(6 * len(self.floor.agents) + 4 * (waiting or 0) + 4000, waiting, busy)
        self.costs.clear()
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC)


def reading_the_clock() -> float:
    """Return the seconds between two readings with nothing between them, in the median."""
    costs = sorted(-(clock() - clock()) for _ in range(20_000))
    return costs[len(costs) // 2]


def naive(floor: Floor, agent: Agent | None, contact: Contact | None, now: float) -> object:
    """Decide by looking at everybody: the best contact for an agent, or the best agent for a contact."""

    def fits(who: Agent, what: Contact) -> bool:
        config = floor.queues[what.queue].config
        step, profile = config.steps[what.step], who.profile
        return (
            step.require.met_by(profile.skills)
            and ("language" not in step.match or profile.speaks(what.language))
            and ("region" not in step.match or profile.covers(what.region))
        )

    if agent is not None:
        found = [c for c in floor.contacts.values() if c.state == "waiting" and fits(agent, c)]
        return min(found, key=lambda c: c.rank, default=None)
    assert contact is not None
    people = [a for a in floor.agents.values() if contact.channel in a.open and fits(a, contact)]
    return max(people, key=lambda a: now - a.idle_since, default=None)


def naive_cost(place: Centre, rounds: int) -> float:
    """Return the mean seconds of one decision by full scans, half for agents, half for contacts."""
    agents, contacts = list(place.floor.agents.values()), list(place.floor.contacts.values())
    began = clock()
    for _ in range(rounds):
        naive(place.floor, place.dice.choice(agents), None, place.now)
        naive(place.floor, None, place.dice.choice(contacts), place.now)
    return (clock() - began) / (2 * rounds)


def replay(log: list[Event]) -> tuple[float, Floor]:
    """Return the seconds to fold a log into an empty floor, ready to decide, and the floor."""
    best, floor = float("inf"), Floor()
    for _ in range(3):
        floor = Floor()
        gc.collect()
        began = clock()
        apply = floor.apply
        for event in log:
            apply(event)
        floor.next_deadline()
        best = min(best, clock() - began)
    return best, floor


def quantile(costs: list[float], share: float) -> float:
    """Return a quantile in microseconds."""
    ordered = sorted(costs)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1e6


def show(title: str, place: Centre) -> tuple[float, float]:
    """Print the figures of one state of the centre; return p50 and p99 of all commands."""
    waiting = place.floor.index.total_waiting
    print(f"\n{title}: {len(place.floor.agents)} agents, {place.skills} skills, {waiting} waiting")
    print(f"  {'command':20} {'number':>8} {'p50 us':>8} {'p99 us':>8} {'max us':>8}")
    everything = [cost for costs in place.costs.values() for cost in costs]
    decided = [cost for kind, costs in place.costs.items() if "offer" in kind or kind == "arrive" for cost in costs]
    for kind, costs in [*sorted(place.costs.items()), ("= asked for a match", decided), ("= all", everything)]:
        figures = [quantile(costs, 0.5), quantile(costs, 0.99), max(costs) * 1e6]
        print(f"  {kind:20} {len(costs):8} " + " ".join(f"{figure:8.1f}" for figure in figures))
    return quantile(everything, 0.5), quantile(everything, 0.99)


def main(argv: list[str] | None = None) -> dict[str, Any]:
    """Run the benchmark; with --json the last line is one JSON object."""
    parser = argparse.ArgumentParser(prog="bench floor", description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--skills", type=int, default=40)
    parser.add_argument("--waiting", type=int, default=2000)
    parser.add_argument("--commands", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)

    place = Centre(args.agents, args.skills, args.seed)
    print(f"Reading the clock takes {place.reading * 1e6:.2f} us; taken off each command")
    place.fill(args.waiting)
    place.run(args.commands, args.waiting)
    p50, p99 = show("Saturated", place)
    ours = sum(map(sum, place.costs.values())) / sum(map(len, place.costs.values()))
    scan = naive_cost(place, 200)
    print(f"  the same by full scans in plain Python: {scan * 1e6:.0f} us a decision, {scan / ours:.0f} times ours")

    log: list[Event] = []
    kept = Centre(args.agents, args.skills, args.seed, log)
    kept.fill(args.waiting)
    kept.run(args.commands, args.waiting)
    seconds, floor = replay(log)
    rate = len(log) / seconds
    same = floor == kept.floor == place.floor
    print(f"\nReplay: {len(log)} events in {seconds:.2f} s = {rate:,.0f}/s; equal to live: {same}")

    calm = Centre(args.agents, args.skills, args.seed)
    calm.fill(None, busy=1.5 * args.agents)
    calm.run(args.commands // 2, None, busy=1.5 * args.agents)
    show("Calm", calm)
    del calm, floor, kept, log[:]

    large = Centre(args.agents * 10, args.skills, args.seed)
    large.fill(args.waiting)
    large.run(args.commands // 2, args.waiting)
    _, p99_large = show("Ten times the agents", large)
    result = {
        "decision_p50_us": round(p50, 2),
        "decision_p99_us": round(p99, 2),
        "decision_p99_us_5000_agents": round(p99_large, 2),
        "replay_events_per_s": round(rate),
        "ratio_to_full_scan": round(scan / ours, 1),
    }
    if args.json:
        print(json.dumps(result))
    return result


if __name__ == "__main__":
    main(sys.argv[1:])
