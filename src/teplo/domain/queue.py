"""Queues and the centre's routing settings: configuration as data, and a queue's state on the floor."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from . import parsing
from .agent import PRESENCES
from .calendar import Hours
from .callback import CallbackRules
from .errors import Invalid
from .ids import Instant, QueueId, Seconds
from .requirement import Requirement, parse

DAY: Seconds = 86400.0
MATCHABLE = ("language", "region")
"""Properties of a contact that a step may insist on."""

PRIOR_HANDLE: Seconds = 300.0
"""Handle time that is assumed before a queue has shown its own."""

_PRIOR_WEIGHT = 10
_MEMORY = 100


@dataclass(frozen=True, slots=True)
class FloorSettings:
    """Rules of the whole centre. Times in seconds."""

    weights: dict[str, float]
    total: float
    interrupts: dict[str, tuple[str, ...]]
    """Channel -> channels that its contacts may interrupt: their weight does not stand in its way."""
    disconnect_grace: Seconds
    offer_missed_presence: str
    refused_seconds: Seconds
    """For how long a contact is not proposed again to the agent who declined or missed it."""
    max_talk: Seconds
    hand_seconds: Seconds

    @classmethod
    def from_json(cls, data: Any) -> FloorSettings:
        """Check and build; raise Invalid("settings.invalid"). What is missing is the default."""
        code = "settings.invalid"
        if not isinstance(data, dict):
            raise Invalid(code, field="settings")
        missed = data.get("offer_missed_presence", "break")
        interrupts = data.get("interrupts", {"voice": ["email"]})
        if missed not in PRESENCES or missed == "offline":
            raise Invalid(code, field="offer_missed_presence")
        if not isinstance(interrupts, dict):
            raise Invalid(code, field="interrupts")
        return cls(
            weights={"voice": 1.0, "chat": 0.33, "email": 0.2} | parsing.numbers(data, "weights", code, 0, 100),
            total=parsing.number(data, "total", code, 1.0, 0, 100),
            interrupts={channel: parsing.texts(interrupts, channel, code, ()) for channel in interrupts},
            disconnect_grace=parsing.number(data, "disconnect_grace", code, 20.0, 0, 3600),
            offer_missed_presence=missed,
            refused_seconds=parsing.number(data, "refused_seconds", code, 30.0, 1, 3600),
            max_talk=parsing.number(data, "max_talk", code, 43200.0, 60, 30 * DAY),
            hand_seconds=parsing.number(data, "hand_seconds", code, 1800.0, 10, DAY),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the settings as they are written in the configuration."""
        return {
            "weights": dict(self.weights),
            "total": self.total,
            "interrupts": {channel: list(others) for channel, others in self.interrupts.items()},
            "disconnect_grace": self.disconnect_grace,
            "offer_missed_presence": self.offer_missed_presence,
            "refused_seconds": self.refused_seconds,
            "max_talk": self.max_talk,
            "hand_seconds": self.hand_seconds,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """From `after` seconds in the queue: what an agent must be able to do, and what must match."""

    after: Seconds
    require: Requirement
    match: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the step as it is written in the configuration."""
        return {"after": self.after, "require": self.require.to_json(), "match": list(self.match)}


@dataclass(frozen=True, slots=True)
class Overflow:
    """When a contact goes on to queue `to`: any of the limits that are given is passed."""

    to: QueueId
    wait: Seconds | None
    estimate: Seconds | None
    length: int | None

    def to_json(self) -> dict[str, Any]:
        """Return the rule as it is written in the configuration."""
        return {"to": self.to, "wait": self.wait, "estimate": self.estimate, "length": self.length}


@dataclass(frozen=True, slots=True)
class Queue:
    """Definition of a queue. Preferences are minutes of idle time that they are worth; other times are seconds."""

    id: QueueId
    name: dict[str, str]
    channels: tuple[str, ...]
    steps: tuple[Step, ...]
    step_starts: tuple[Seconds, ...]
    """`after` of each step."""
    prefer: dict[str, float]
    select: str
    priority: float
    preferred_seconds: Seconds
    offer_seconds: Seconds
    wrap_up_seconds: Seconds
    wrap_up_extensions: int
    wrap_up_extension_seconds: Seconds
    target: dict[str, float]
    short_abandon: Seconds
    hours: Hours | None
    closed_message: dict[str, str]
    overflow: tuple[Overflow, ...]
    max_wait: Seconds
    callback: CallbackRules

    @classmethod
    def from_json(cls, data: Any) -> Queue:
        """Check and build; raise Invalid("queue.invalid") naming the field."""
        code = "queue.invalid"
        if not isinstance(data, dict):
            raise Invalid(code, field="queue")
        channels = parsing.texts(data, "channels", code, ("chat",))
        select = data.get("select", "longest_idle")
        target = data.get("target") or {}
        if not channels:
            raise Invalid(code, field="channels")
        steps = _steps(data.get("steps") or [{}])
        if select not in ("longest_idle", "least_occupied"):
            raise Invalid(code, field="select")
        if not isinstance(target, dict):
            raise Invalid(code, field="target")
        return cls(
            id=QueueId(parsing.text(data, "id", code)),
            name=parsing.words(data, "name", code),
            channels=channels,
            steps=steps,
            step_starts=tuple(step.after for step in steps),
            prefer=parsing.numbers(data, "prefer", code, 0, 1440),
            select=select,
            priority=parsing.number(data, "priority", code, 0, -1440, 1440),
            preferred_seconds=parsing.number(data, "preferred_seconds", code, 60, 0, DAY),
            offer_seconds=parsing.number(data, "offer_seconds", code, 20, 1, 3600),
            wrap_up_seconds=parsing.number(data, "wrap_up_seconds", code, 60, 0, DAY),
            wrap_up_extensions=parsing.whole(data, "wrap_up_extensions", code, 2, 0, 100),
            wrap_up_extension_seconds=parsing.number(data, "wrap_up_extension_seconds", code, 30, 1, 3600),
            target={
                "seconds": parsing.number(target, "seconds", code, 60, 0, DAY),
                "share": parsing.number(target, "share", code, 0.8, 0, 1),
            },
            short_abandon=parsing.number(data, "short_abandon", code, 5, 0, 3600),
            hours=None if data.get("hours") is None else Hours.from_json(data["hours"]),
            closed_message=parsing.words(data, "closed_message", code),
            overflow=_overflow(data.get("overflow") or [], data.get("id")),
            max_wait=parsing.number(data, "max_wait", code, DAY, 1, 30 * DAY),
            callback=CallbackRules.from_json(data.get("callback") or {}, code),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the queue as it is written in the configuration and in QueueConfigured."""
        return {
            "id": self.id,
            "name": dict(self.name),
            "channels": list(self.channels),
            "steps": [step.to_json() for step in self.steps],
            "prefer": dict(self.prefer),
            "select": self.select,
            "priority": self.priority,
            "preferred_seconds": self.preferred_seconds,
            "offer_seconds": self.offer_seconds,
            "wrap_up_seconds": self.wrap_up_seconds,
            "wrap_up_extensions": self.wrap_up_extensions,
            "wrap_up_extension_seconds": self.wrap_up_extension_seconds,
            "target": dict(self.target),
            "short_abandon": self.short_abandon,
            "hours": None if self.hours is None else self.hours.to_json(),
            "closed_message": dict(self.closed_message),
            "overflow": [rule.to_json() for rule in self.overflow],
            "max_wait": self.max_wait,
            "callback": self.callback.to_json(),
        }

    def step_at(self, waited: Seconds) -> int:
        """Return the number of the step that is in force after this long in the queue."""
        return max(0, bisect_right(self.step_starts, waited) - 1)


@dataclass(slots=True)
class QueueState:
    """A queue on the floor. Fields below `derived` are rebuilt and are not part of equality."""

    config: Queue
    open: bool = True
    opens_at: Instant | None = None
    handle: Seconds = PRIOR_HANDLE
    """Running mean of handle time."""
    handled: int = 0

    # derived
    due: Instant | None = field(default=None, compare=False, repr=False)
    timer: Instant | None = field(default=None, compare=False, repr=False)

    @property
    def id(self) -> QueueId:
        """The queue's id."""
        return self.config.id

    def learn(self, handle: Seconds) -> None:
        """Take one more handle time into the running mean; the prior weighs as ten contacts, memory is about 100."""
        self.handled += 1
        weight = _PRIOR_WEIGHT + self.handled
        self.handle += (handle - self.handle) / (weight if weight < _MEMORY else _MEMORY)


def _steps(data: Any) -> tuple[Step, ...]:
    code = "queue.invalid"
    if not isinstance(data, list) or len(data) > 50:
        raise Invalid(code, field="steps")
    steps = []
    for item in data:
        if not isinstance(item, dict):
            raise Invalid(code, field="steps")
        match = parsing.texts(item, "match", code, ())
        if not set(match) <= set(MATCHABLE):
            raise Invalid(code, field="match")
        steps.append(Step(parsing.number(item, "after", code, 0, 0, 30 * DAY), parse(item.get("require", {})), match))
    if steps[0].after != 0 or any(a.after >= b.after for a, b in zip(steps, steps[1:], strict=False)):
        raise Invalid(code, field="steps", why="the first step is at 0 and each later one comes after it")
    return tuple(steps)


def _overflow(data: Any, own: Any) -> tuple[Overflow, ...]:
    code = "queue.invalid"
    if not isinstance(data, list) or len(data) > 20:
        raise Invalid(code, field="overflow")
    rules = []
    for item in data:
        if not isinstance(item, dict) or item.get("to") == own:
            raise Invalid(code, field="overflow")
        length = parsing.optional(item, "length", code, 0, 1_000_000)
        rules.append(
            Overflow(
                to=QueueId(parsing.text(item, "to", code)),
                wait=parsing.optional(item, "wait", code, 0, 30 * DAY),
                estimate=parsing.optional(item, "estimate", code, 0, 30 * DAY),
                length=None if length is None else int(length),
            )
        )
    return tuple(rules)
