"""What live screens were told of real, random floors: `python -m tests.live_traces` writes it for the browser's tests.

Each trace has a stale state, the changes since then, and the fresh state that a holder of both must come to.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from random import Random
from typing import Any

import orjson
from tests.centre import AGENTS, QUEUES, Centre

from teplo.domain.events import ContactOffered
from teplo.services import rows, views
from teplo.storage.worklist import Summary


def _figures(dice: Random) -> rows.FloorFigures:
    def counts() -> rows.DayCounts:
        return {"handled": dice.randint(0, 3), "fives": dice.randint(0, 2), "grades": 2}

    def day() -> rows.QueueDay:
        return rows.NO_DAY | {"offered": dice.randint(0, 5), "service_level": dice.choice((None, 0.5, 0.8125))}

    more = {"arrived": 9, "handled": dice.randint(0, 9), "aht": None, "occupancy": dice.random(), "missed": 0}
    totals: Any = {**day(), **more, "grades": 2, "fives": 1, "csat5": 0.5}
    return {
        "agents": {agent: counts() for agent in AGENTS if dice.random() < 0.7},
        "queues": {queue: day() for queue in QUEUES if dice.random() < 0.7},
        "totals": totals,
    }


def _summaries(centre: Centre, dice: Random) -> dict[str, Summary]:
    last: dict[str, Any] = {"author": "subscriber", "text": "Здравствуйте", "kind": "text", "at": centre.now}
    return {
        contact: Summary(contact, f"t-{contact}", dice.choice((None, "Анна")), 5, dice.randint(0, 2), last, centre.now)
        for contact in centre.floor.contacts
        if dice.random() < 0.7
    }


def states(seed: int, moments: int = 12) -> Iterator[tuple[str, Any]]:
    """Return (screen, state) of all screens at successive moments of one busy floor."""
    centre, dice = Centre(), Random(seed)
    for _ in range(moments):
        for _ in range(dice.randint(1, 12)):
            centre.step(dice.randint(0, 12), dice.randint(0, 60), round(24 * dice.random(), 6))
        whys = {e.contact: e.why for e in centre.log if isinstance(e, ContactOffered)}
        summaries, figures = _summaries(centre, dice), _figures(dice)
        for agent in AGENTS:
            mine = views.me(centre.floor, agent, figures["agents"].get(agent, rows.NO_COUNTS))
            yield agent, {"me": mine, "work": views.work(centre.floor, agent, whys, summaries)}
        yield "floor", views.floor_view(centre.floor, centre.now, figures)


def traces(seeds: int) -> Iterator[dict[str, Any]]:
    """Return a trace of each screen of each floor."""
    for seed in range(seeds):
        seen: dict[str, list[Any]] = {}
        for screen, state in states(seed):
            seen.setdefault(screen, []).append(state)
        for screen, found in seen.items():
            told = [views.changes(old, new) for old, new in zip(found, found[1:], strict=False)]
            topic = "floor" if screen == "floor" else "me"
            yield {"topic": topic, "stale": found[0], "changes": told, "fresh": found[1:]}


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(list(traces(int(sys.argv[1])))))
