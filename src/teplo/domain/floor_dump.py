"""The whole floor as JSON values and back, so that a start need not fold the log from its beginning."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from .agent import Agent, AgentProfile
from .contact import Contact
from .errors import Invalid
from .queue import FloorSettings, Queue, QueueState

if TYPE_CHECKING:
    from .fold import State

FORMAT = "floor/5"
"""Changes whenever the shape of a dump changes; an older dump is then not used."""

_AGENT = tuple(f.name for f in fields(Agent) if f.compare and f.name != "profile")
_CONTACT = tuple(f.name for f in fields(Contact) if f.compare)
_QUEUE = tuple(f.name for f in fields(QueueState) if f.compare and f.name != "config")


def dump(state: State) -> dict[str, Any]:
    """Return the state as JSON values."""
    return {
        "format": FORMAT,
        "now": state.now,
        "arrivals": state.arrivals,
        "turns": state.turns,
        "settings": state.settings.to_json(),
        "queues": [{"config": q.config.to_json(), **_values(q, _QUEUE)} for q in state.queues.values()],
        "agents": [{"profile": a.profile.to_json(), **_values(a, _AGENT)} for a in state.agents.values()],
        "contacts": [_values(c, _CONTACT) for c in state.contacts.values()],
    }


def fill(state: State, data: dict[str, Any]) -> None:
    """Give an empty state what `dump` described; raise Invalid("floor.format") for another format."""
    if data.get("format") != FORMAT:
        raise Invalid("floor.format", expected=FORMAT, found=str(data.get("format")))
    state.now, state.arrivals, state.turns = data["now"], data["arrivals"], data["turns"]
    state.settings = FloorSettings.from_json(data["settings"])
    for row in data["queues"]:
        config = Queue.from_json(row["config"])
        state.queues[config.id] = QueueState(config, **{name: row[name] for name in _QUEUE})
    for row in data["agents"]:
        profile = AgentProfile.from_json(row["profile"])
        agent = state.agents[profile.id] = Agent(profile, **{name: _copy(row[name]) for name in _AGENT})
        if agent.helping is not None:
            state.helpers[agent.id] = agent.helping
    for row in data["contacts"]:
        state.contacts[row["id"]] = Contact(**{name: _copy(row[name]) for name in _CONTACT})


def _values(thing: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _copy(getattr(thing, name)) for name in names}


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return list(value) if isinstance(value, list) else value
