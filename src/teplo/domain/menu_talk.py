"""What goes between a menu and its driver: inputs, actions, the state of a caller, and what a menu looks at outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .calendar import Hours
from .ids import Instant, Seconds
from .menu_nodes import Announcement


@dataclass(frozen=True, slots=True)
class Started:
    """The call is answered."""


@dataclass(frozen=True, slots=True)
class Digit:
    """One key."""

    key: str


@dataclass(frozen=True, slots=True)
class Said:
    """The `Say` of this turn was played to its end."""

    turn: int


@dataclass(frozen=True, slots=True)
class Timeout:
    """The state's deadline has come."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the subscriber; all empty: nobody known. `language` is the one they prefer."""

    known: bool = False
    segment: str | None = None
    region: str | None = None
    language: str | None = None


Input = Started | Digit | Said | Timeout | Facts


@dataclass(frozen=True, slots=True)
class Prompt:
    """A piece of speech: a name in the prompt set and its language."""

    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Moment:
    """A piece of speech: an instant, spoken as day and time in a zone."""

    at: Instant
    zone: str
    language: str


@dataclass(frozen=True, slots=True)
class Say:
    """Play this in place of whatever plays, then send `Said(turn)`. `interruptible`: the first key stops the sound."""

    turn: int
    parts: tuple[Prompt | Moment, ...]
    interruptible: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """Keys are awaited: at most `most`, `timeout` seconds for each once what is said is over. Nothing is to be done."""

    most: int
    timeout: Seconds


@dataclass(frozen=True, slots=True)
class ToQueue:
    """The end: into a queue. `noticed`: the recording notice was heard. `collected`: what the caller typed, by name."""

    queue: str
    priority: float
    language: str
    reason: str | None
    require: Mapping[str, Any]
    noticed: bool
    collected: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TakeMessage:
    """The end: record a message of at most `seconds`."""

    queue: str
    seconds: Seconds
    language: str
    reason: str | None
    priority: float


@dataclass(frozen=True, slots=True)
class OfferCallback:
    """The end: the caller will be called back from a queue."""

    queue: str
    priority: float
    language: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class HangUp:
    """The end: close the call."""

    why: str


Action = Say | Ask | ToQueue | TakeMessage | OfferCallback | HangUp
ENDS = (ToQueue, TakeMessage, OfferCallback, HangUp)


@dataclass(frozen=True, slots=True)
class Around:
    """What the menu looks at outside itself: hours of queues and calendars, regions (child -> parent), incidents."""

    queues: Mapping[str, Hours | None] = field(default_factory=dict)
    hours: Mapping[str, Hours] = field(default_factory=dict)
    regions: Mapping[str, str | None] = field(default_factory=dict)
    incidents: tuple[Announcement, ...] = ()

    def chain(self, region: str | None) -> tuple[str, ...]:
        """Return the region and those around it, the smallest first."""
        found: list[str] = []
        while region and region not in found:
            found.append(region)
            region = self.regions.get(region)
        return tuple(found)


NOTHING = Around()


@dataclass(frozen=True, slots=True)
class State:
    """Where a caller is. `phase`: new, saying, asking (a prompt may still play), facts (waits for them), over."""

    language: str
    phase: str = "new"
    node: str = ""
    deadline: Instant | None = None
    turn: int = 0
    visits: int = 0
    tries: int = 0
    playing: bool = False
    entered: str = ""
    typed: str = ""
    """Keys pressed ahead, for the questions to come."""
    facts: Facts | None = None
    priority: float = 0.0
    noticed: bool = False
    opens: tuple[Instant, str] | None = None
    collected: dict[str, str] = field(default_factory=dict)
