"""Agents: the routing profile, presence, and what they have in hand now."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from . import parsing
from .errors import Invalid
from .ids import AgentId, ContactId, Instant, Seconds
from .requirement import LEVELS

if TYPE_CHECKING:
    from .capacity import Plan

PRESENCES = frozenset({"available", "break", "training", "busy", "offline"})
"""What an agent may declare. Only `available` receives offers."""

NO_CHANNELS: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AgentProfile:
    """What the configuration says about an agent. Empty `languages` or `regions` mean all of them."""

    id: AgentId
    team: str | None
    skills: dict[str, int]
    languages: tuple[str, ...]
    regions: tuple[str, ...]
    capacity: dict[str, int]
    total: float | None
    active: bool

    @classmethod
    def from_json(cls, data: Any) -> AgentProfile:
        """Check and build; raise Invalid("agent.invalid")."""
        code = "agent.invalid"
        if not isinstance(data, dict):
            raise Invalid(code, field="agent")
        return cls(
            id=AgentId(parsing.text(data, "id", code)),
            team=parsing.text(data, "team", code) if data.get("team") is not None else None,
            skills=parsing.levels(data, "skills", code, 1, LEVELS),
            languages=parsing.texts(data, "languages", code, ("ru",)),
            regions=parsing.texts(data, "regions", code, ()),
            capacity=parsing.levels(data, "capacity", code, 0, 100),
            total=parsing.optional(data, "total", code, 0, 100),
            active=data.get("active", True) is not False,
        )

    def to_json(self) -> dict[str, Any]:
        """Return the profile as it is written in the configuration and in AgentConfigured."""
        return {
            "id": self.id,
            "team": self.team,
            "skills": dict(self.skills),
            "languages": list(self.languages),
            "regions": list(self.regions),
            "capacity": dict(self.capacity),
            "total": self.total,
            "active": self.active,
        }

    def speaks(self, language: str) -> bool:
        """Tell whether the agent may serve this language."""
        return not self.languages or language in self.languages

    def covers(self, region: str | None) -> bool:
        """Tell whether the agent may serve this region; a contact without one suits everybody."""
        return region is None or not self.regions or region in self.regions


@dataclass(slots=True)
class Agent:
    """One agent on the floor. Fields below `derived` are rebuilt from the others and are not part of equality."""

    profile: AgentProfile
    connected: bool = False
    presence: str = "offline"
    reason: str | None = None
    since: Instant = 0.0
    """When the presence was declared."""
    away_at: Instant | None = None
    """While a present agent is disconnected: when the grace ends."""
    hand: Instant | None = None
    hand_contact: ContactId | None = None
    contacts: dict[ContactId, str] = field(default_factory=dict)
    """Contacts in hand and their state: offered, dialling, talking or wrap_up."""
    used: dict[str, int] = field(default_factory=dict)
    """Slots taken by channel."""
    idle_since: Instant = 0.0
    helping: ContactId | None = None
    """A colleague's talk that the agent was asked into; nothing is offered meanwhile."""
    turn: int = 0
    """Order of waiting for work: who has the smaller one has waited longer."""
    shift_busy: Seconds = 0.0
    shift_ready: Seconds = 0.0
    counted_at: Instant = 0.0
    """Time with and without contacts since the agent came, counted up to `counted_at`."""

    # derived
    number: int = field(default=0, compare=False, repr=False)
    flag: int = field(default=0, compare=False, repr=False)
    """One bit, at position `number`: the agent in sets of agents."""
    plan: Plan | None = field(default=None, compare=False, repr=False)
    open: frozenset[str] = field(default=NO_CHANNELS, compare=False, repr=False)
    listed: frozenset[str] = field(default=NO_CHANNELS, compare=False, repr=False)
    load: float = field(default=0.0, compare=False, repr=False)
    place: tuple[float, int, Agent] | None = field(default=None, compare=False, repr=False)
    due: Instant | None = field(default=None, compare=False, repr=False)
    timer: Instant | None = field(default=None, compare=False, repr=False)

    @property
    def id(self) -> AgentId:
        """The agent's id."""
        return self.profile.id

    @property
    def ready(self) -> bool:
        """Whether something may be offered at all: connected, available, in service, not in a colleague's talk."""
        return self.connected and self.presence == "available" and self.profile.active and self.helping is None

    @property
    def pending(self) -> bool:
        """Whether an absence was declared but contacts are still being finished."""
        return self.presence != "available" and bool(self.contacts)

    @property
    def activity(self) -> str:
        """What the agent does: talking, dialling, offered, wrap_up or idle (the first that is true)."""
        states = self.contacts.values()
        for state in ("talking", "dialling", "offered", "wrap_up"):
            if state in states:
                return state
        return "idle" if self.helping is None else "talking"

    def occupancy(self, now: Instant, bonus: Seconds = 0.0) -> float:
        """Return the share of the shift spent with contacts, as if `bonus` more seconds had been free."""
        busy, ready = self.shift_busy, self.shift_ready + bonus
        if self.contacts:
            busy += max(0.0, now - self.counted_at)
        elif self.ready:
            ready += max(0.0, now - self.counted_at)
        return busy / (busy + ready) if busy > 0 else 0.0
