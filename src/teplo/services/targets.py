"""Where a talk may be handed over to: who is free, how long a queue waits, who has a skill. For those who serve."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from ..clock import Clock
from ..domain import estimate
from ..domain.agent import Agent
from ..domain.floor import Floor
from ..storage import config
from ..storage.db import Database
from .access import Caller, require

State = Literal["free", "busy", "away"]


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who serves this channel; of the person only the name. `skills` maps each skill to its level."""

    id: str
    display_name: str
    team: str | None
    state: State
    skills: dict[str, int]


@dataclass(frozen=True, slots=True)
class QueueTarget:
    """A queue of this channel. `estimate`: seconds (low, high), None where nothing honest can be said."""

    id: str
    name: dict[str, str]
    waiting: int
    estimate: tuple[float, float] | None
    open: bool


@dataclass(frozen=True, slots=True)
class SkillTarget:
    """A skill, and how many colleagues who have it are free and at work now."""

    id: str
    name: dict[str, str]
    free: int
    present: int


@dataclass(frozen=True, slots=True)
class Targets:
    """Colleagues (free ones first), queues and skills."""

    colleagues: list[Colleague]
    queues: list[QueueTarget]
    skills: list[SkillTarget]


async def read_targets(caller: Caller, db: Database, floor: Floor, clock: Clock, channel: str) -> Targets:
    """Return where the caller may hand a contact of this channel over to, as it is now."""
    require(caller, "contact.handle")
    async with db.connection() as conn:
        items = await config.items(conn, ("person", "queue", "skill"))
    now = clock()
    names: dict[str, dict[str, dict[str, Any]]] = {"person": {}, "queue": {}, "skill": {}}
    for item in items:
        names[item.kind][item.id] = item.body
    people, queues = names["person"], names["queue"]
    colleagues = [
        _colleague(agent, people[agent.id], channel)
        for agent in floor.agents.values()
        if agent.id != caller.id and agent.id in people and agent.profile.capacity.get(channel, 0)
    ]
    colleagues.sort(key=lambda colleague: (_ORDER[colleague.state], colleague.display_name))
    waiting: Counter[str] = Counter(c.queue for c in floor.contacts.values() if c.state in ("waiting", "offered"))
    lines = [
        QueueTarget(
            id=id,
            name=queues[id]["name"],
            waiting=waiting[id],
            estimate=estimate.range(floor, id, now, channel) if state.open else None,
            open=state.open,
        )
        for id, state in floor.queues.items()
        if id in queues and channel in state.config.channels
    ]
    skills = [_skill(id, body, colleagues) for id, body in names["skill"].items()]
    return Targets(colleagues, lines, skills)


_ORDER: dict[State, int] = {"free": 0, "busy": 1, "away": 2}


def _colleague(agent: Agent, body: dict[str, Any], channel: str) -> Colleague:
    state: State = "away" if not agent.ready else "free" if channel in agent.open else "busy"
    return Colleague(agent.id, body["display_name"], body["team"], state, dict(agent.profile.skills))


def _skill(id: str, body: dict[str, Any], colleagues: list[Colleague]) -> SkillTarget:
    having = Counter(colleague.state for colleague in colleagues if id in colleague.skills)
    return SkillTarget(id, body["name"], having["free"], having["free"] + having["busy"])
