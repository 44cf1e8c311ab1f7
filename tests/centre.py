"""A small centre on the real floor, whose log can have any shape that a floor can write."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.stories import START, ident

from teplo.domain import events as ev
from teplo.domain.errors import Refused
from teplo.domain.floor import Floor

AGENTS = tuple(ident(name) for name in ("a0", "a1", "a2"))
QUEUES = ("q0", "q1")


def queue(name: str, wrap_up: int) -> dict[str, Any]:
    other = QUEUES[1 - QUEUES.index(name)]
    return {
        "id": name,
        "channels": ["chat"],
        "steps": [{"after": 0, "require": {}}],
        "wrap_up_seconds": wrap_up,
        "offer_seconds": 15,
        "overflow": [{"to": other, "wait": 120}] if name == "q0" else [],
        "max_wait": 1800,
        "target": {"seconds": 30, "share": 0.8},
    }


class Centre:
    """A floor with its log; `step` does one thing, chosen by two numbers, after a pause."""

    def __init__(self) -> None:
        self.floor = Floor()
        self.now = START
        self.log: list[ev.Event] = []
        self.count = 0
        agents = [
            {"id": a, "skills": {}, "languages": ["ru"], "regions": [], "capacity": {"chat": 2}, "active": True}
            for a in AGENTS
        ]
        self.do(
            self.floor.configure,
            {"offer_missed_presence": "available"},
            [queue("q0", 60), queue("q1", 0)],
            agents,
            True,
        )
        for agent in AGENTS:
            self.do(self.floor.connect, agent)
            self.do(self.floor.set_presence, agent, "available")

    def do(self, command: Callable[..., list[ev.Event]], *args: Any) -> None:
        try:
            self.log += command(*args, now=self.now)
        except Refused:
            pass

    def step(self, action: int, pick: int, pause: float) -> None:
        end = round(self.now + pause, 6)
        while (due := self.floor.next_deadline()) is not None and due <= end:
            self.now = max(self.now, due)
            self.do(self.floor.tick)
        self.now = end
        for contact in [c for c in self.floor.contacts.values() if c.state == "offered"]:
            if pick % 2:
                self.do(self.floor.accept, contact.id, contact.agent, contact.offer)
        floor = self.floor
        agent = AGENTS[pick % 3]
        wanted = {**dict.fromkeys((4, 5, 6, 7), "offered"), 9: "wrap_up", **dict.fromkeys((10, 12, 13), "talking")}
        contacts = [
            c for c in sorted(floor.contacts.values(), key=lambda c: c.number) if c.state == wanted.get(action, c.state)
        ]
        chosen = contacts[pick % len(contacts)] if contacts else None
        if action <= 1:
            self.count += 1
            self.do(floor.arrive, ident(f"c{self.count}"), "chat", QUEUES[pick % 2])
        elif action == 2:
            presence = ("available", "available", "available", "break", "offline")[pick % 5]
            self.do(floor.set_presence, agent, presence, None, "supervisor")
        elif action == 3:
            self.do(floor.disconnect if pick % 4 == 0 else floor.connect, agent)
        elif chosen is None:
            return
        elif action in (4, 5, 6):
            self.do(floor.accept, chosen.id, chosen.agent, chosen.offer)
        elif action == 7:
            self.do(floor.decline, chosen.id, chosen.agent, chosen.offer, "busy")
        elif action in (8, 12):
            self.do(floor.end, chosen.id, ("subscriber", "system")[pick % 2])
        elif action == 9:
            self.do(floor.dispose, chosen.id, chosen.agent, ["MNY.03"], "resolved")
        elif action == 10:
            to = ({"queue": QUEUES[pick % 2]}, {"agent": agent})[pick % 5 == 0]
            self.do(floor.transfer, chosen.id, chosen.agent, to)
        elif action == 11:
            self.do(floor.move, chosen.id, QUEUES[pick % 2], "supervisor")
        elif action == 13 and chosen.held_at is None:
            self.do(floor.hold, chosen.id, chosen.agent)
        elif action == 13:
            self.do(floor.resume, chosen.id, chosen.agent, (None, 0.25, 1e6)[pick % 3])

    def busy(self, steps: int, seed: int = 1, pause: float = 12.0) -> Centre:
        """Do so many things, always the same ones for a seed."""
        dice = Random(seed)
        for _ in range(steps):
            self.step(dice.randint(0, 12), dice.randint(0, 60), round(dice.random() * 2 * pause, 6))
        return self
