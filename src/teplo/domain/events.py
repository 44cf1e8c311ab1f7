"""Every fact of the product: the dictionary of the event log.

An event is immutable, carries ids only (no names, numbers or texts of people) and the instant `at` when it
became true. `KIND` is the name in the log (`event.kind`); the fields besides `at`, `contact` and `agent` form the
JSON body. Events are never renamed; a field is added only with a default.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar

from .call_events import CallbackAsked as CallbackAsked
from .call_events import CallbackDialled as CallbackDialled
from .call_events import CallbackFailed as CallbackFailed
from .call_events import CallbackReached as CallbackReached
from .call_events import CallbackRejoined as CallbackRejoined
from .call_events import ColleagueInvited as ColleagueInvited
from .call_events import ColleagueLeft as ColleagueLeft
from .call_events import ContactHeld as ContactHeld
from .call_events import ContactMonitored as ContactMonitored
from .call_events import ContactResumed as ContactResumed
from .call_events import OutgoingDialled as OutgoingDialled
from .call_events import OutgoingFailed as OutgoingFailed
from .call_events import VoicemailLeft as VoicemailLeft
from .event import BODY_FIELDS as BODY_FIELDS
from .event import Event as Event
from .ids import AgentId, ContactId, Instant, OfferId, QueueId, Seconds, SubscriberId

# --- configuration of the floor -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FloorConfigured(Event):
    """Centre-wide routing settings took effect (`domain/queue.py: FloorSettings.to_json`)."""

    KIND: ClassVar[str] = "floor.configured"
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class QueueConfigured(Event):
    """A queue was created or changed; `queue` is the whole definition (`domain/queue.py: Queue.to_json`)."""

    KIND: ClassVar[str] = "queue.configured"
    queue: dict[str, Any]


@dataclass(frozen=True, slots=True)
class QueueRemoved(Event):
    """A queue was taken out of service; it had no contacts."""

    KIND: ClassVar[str] = "queue.removed"
    queue: QueueId


@dataclass(frozen=True, slots=True)
class QueueOpened(Event):
    """Business hours of the queue began; deferred contacts start to wait."""

    KIND: ClassVar[str] = "queue.opened"
    queue: QueueId


@dataclass(frozen=True, slots=True)
class QueueClosed(Event):
    """Business hours of the queue ended; those who wait are still served."""

    KIND: ClassVar[str] = "queue.closed"
    queue: QueueId
    opens_at: Instant | None


@dataclass(frozen=True, slots=True)
class AgentConfigured(Event):
    """An agent's routing profile was created or changed (`domain/agent.py: AgentProfile.to_json`, ids only)."""

    KIND: ClassVar[str] = "agent.configured"
    agent: AgentId
    profile: dict[str, Any]


@dataclass(frozen=True, slots=True)
class AgentRemoved(Event):
    """An agent left the centre; the contacts went back to their queues before."""

    KIND: ClassVar[str] = "agent.removed"
    agent: AgentId


# --- presence -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AgentConnected(Event):
    """At least one desk of the agent is connected."""

    KIND: ClassVar[str] = "agent.connected"
    agent: AgentId


@dataclass(frozen=True, slots=True)
class AgentDisconnected(Event):
    """The last desk of the agent went away; until `deadline` the contacts stay with the agent."""

    KIND: ClassVar[str] = "agent.disconnected"
    agent: AgentId
    deadline: Instant


@dataclass(frozen=True, slots=True)
class PresenceChanged(Event):
    """What the agent declares to be doing. `by`: agent, supervisor or system."""

    KIND: ClassVar[str] = "agent.presence"
    agent: AgentId
    presence: str
    reason: str | None
    by: str


@dataclass(frozen=True, slots=True)
class HandRaised(Event):
    """The agent asks a supervisor for help, maybe about a contact."""

    KIND: ClassVar[str] = "agent.hand_raised"
    agent: AgentId
    contact: ContactId | None


@dataclass(frozen=True, slots=True)
class HandLowered(Event):
    """The request for help ended. `by`: agent, supervisor or system."""

    KIND: ClassVar[str] = "agent.hand_lowered"
    agent: AgentId
    by: str


# --- the life of a contact ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ContactArrived(Event):
    """A contact reached the centre, or (`direction` out) the centre reaches out to a subscriber.

    `priority` is minutes of head start over the queue's own.
    """

    KIND: ClassVar[str] = "contact.arrived"
    contact: ContactId
    channel: str
    queue: QueueId
    subscriber: SubscriberId | None
    language: str
    region: str | None
    priority: float
    preferred: AgentId | None
    reason: str | None
    thread: str | None
    direction: str = "in"


@dataclass(frozen=True, slots=True)
class ContactDeferred(Event):
    """The contact is put off to `until` and is not counted as waiting; it keeps its place.

    `why`: closed (the queue is, and nobody is left), callback (the pause before the next attempt, or the hours in
    which the subscriber may be called) or limit (so many were called back that this one must wait for the next day).
    """

    KIND: ClassVar[str] = "contact.deferred"
    contact: ContactId
    queue: QueueId
    until: Instant
    why: str = "closed"


@dataclass(frozen=True, slots=True)
class ContactQueued(Event):
    """The contact waits in `queue`. Its place is `since - 60 * priority` (smaller first, over all queues).

    `why`: arrived, opened, transferred, returned (declined, missed or lost by an agent), overflowed, moved.
    `estimate` is the range of seconds told to the subscriber, or None where nothing honest can be said.
    `require` replaces the queue's steps (a transfer to a skill). `reserved_until` ends the preferred agent's right.
    `details` has `preferred_step` (0-based) and `preferred_after` (seconds) where that agent may take it later only.
    """

    KIND: ClassVar[str] = "contact.queued"
    contact: ContactId
    queue: QueueId
    why: str
    since: Instant
    priority: float
    preferred: AgentId | None
    reserved_until: Instant | None
    require: dict[str, Any] | None
    estimate: list[float] | None
    details: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ReservationEnded(Event):
    """The preferred agent's right ended: anybody able may take the contact. `why`: time, absent, declined, missed."""

    KIND: ClassVar[str] = "contact.unreserved"
    contact: ContactId
    agent: AgentId
    why: str


@dataclass(frozen=True, slots=True)
class StepReached(Event):
    """The wait passed a step of the queue: the requirement is now that of `step` (0-based)."""

    KIND: ClassVar[str] = "contact.step"
    contact: ContactId
    queue: QueueId
    step: int


@dataclass(frozen=True, slots=True)
class ContactPrioritised(Event):
    """A supervisor changed the priority (minutes)."""

    KIND: ClassVar[str] = "contact.prioritised"
    contact: ContactId
    priority: float
    by: str


@dataclass(frozen=True, slots=True)
class ContactOffered(Event):
    """The contact was proposed to one agent until `deadline`; `why` explains (`domain/routing.py: Why.to_json`)."""

    KIND: ClassVar[str] = "contact.offered"
    contact: ContactId
    agent: AgentId
    offer: OfferId
    queue: QueueId
    deadline: Instant
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OfferAccepted(Event):
    """The agent took the contact, or a callback reached its subscriber; the talk begins.

    `wait` is seconds since the contact began to wait.
    """

    KIND: ClassVar[str] = "offer.accepted"
    contact: ContactId
    agent: AgentId
    offer: OfferId
    queue: QueueId
    wait: Seconds


@dataclass(frozen=True, slots=True)
class OfferDeclined(Event):
    """The agent said no."""

    KIND: ClassVar[str] = "offer.declined"
    contact: ContactId
    agent: AgentId
    offer: OfferId
    reason: str


@dataclass(frozen=True, slots=True)
class OfferMissed(Event):
    """Nobody answered before the deadline."""

    KIND: ClassVar[str] = "offer.missed"
    contact: ContactId
    agent: AgentId
    offer: OfferId


@dataclass(frozen=True, slots=True)
class OfferWithdrawn(Event):
    """The offer became void. `why`: ended, moved, absent."""

    KIND: ClassVar[str] = "offer.withdrawn"
    contact: ContactId
    agent: AgentId
    offer: OfferId
    why: str


@dataclass(frozen=True, slots=True)
class ContactReleased(Event):
    """The agent no longer has the contact although it goes on.

    `why`: transferred, taken_over, moved, absent, removed. `talk`: seconds with this agent; `hold`: those on hold.
    """

    KIND: ClassVar[str] = "contact.released"
    contact: ContactId
    agent: AgentId
    why: str
    talk: Seconds
    hold: Seconds = 0.0


@dataclass(frozen=True, slots=True)
class ContactTransferred(Event):
    """An agent handed the contact over. `to` is {"agent": id} or {"queue": id} or {"skill": id, "min": level}."""

    KIND: ClassVar[str] = "contact.transferred"
    contact: ContactId
    agent: AgentId
    to: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ContactEnded(Event):
    """The conversation is over.

    `by`: subscriber, agent, supervisor, system. `stage`, where it was then: deferred, waiting, offered, dialling,
    talking. `reason`, among others: line_lost (we failed), subscriber_lost (nothing came from the subscriber any more;
    while waiting that counts as abandoned).
    `agent` had the contact, if any. `wait`: seconds of waiting of a contact that was never answered, else of the
    last waiting. `talk`: seconds with the last agent; `hold`: those of them on hold.
    """

    KIND: ClassVar[str] = "contact.ended"
    contact: ContactId
    agent: AgentId | None
    queue: QueueId
    by: str
    reason: str | None
    stage: str
    wait: Seconds
    talk: Seconds
    hold: Seconds = 0.0


@dataclass(frozen=True, slots=True)
class WrapUpStarted(Event):
    """The agent works on the contact's result until `deadline`."""

    KIND: ClassVar[str] = "wrap_up.started"
    contact: ContactId
    agent: AgentId
    deadline: Instant


@dataclass(frozen=True, slots=True)
class WrapUpExtended(Event):
    """The agent asked for more time."""

    KIND: ClassVar[str] = "wrap_up.extended"
    contact: ContactId
    agent: AgentId
    deadline: Instant


@dataclass(frozen=True, slots=True)
class WrapUpEnded(Event):
    """The agent is free of the contact. `why`: disposed, time, absent, removed. `wrap_up`: seconds it took."""

    KIND: ClassVar[str] = "wrap_up.ended"
    contact: ContactId
    agent: AgentId
    why: str
    wrap_up: Seconds


@dataclass(frozen=True, slots=True)
class ContactDisposed(Event):
    """Reasons (main first) and outcome chosen by the agent; may come late, after the wrap-up time was over."""

    KIND: ClassVar[str] = "contact.disposed"
    contact: ContactId
    agent: AgentId
    reasons: list[str]
    outcome: str
    late: bool


@dataclass(frozen=True, slots=True)
class ContactGraded(Event):
    """The subscriber gave 1-5. The words, if any, are kept apart from the log."""

    KIND: ClassVar[str] = "contact.graded"
    contact: ContactId
    agent: AgentId | None
    queue: QueueId
    grade: int


def _concrete(cls: type[Event]) -> list[type[Event]]:
    return [sub for direct in cls.__subclasses__() for sub in (direct, *_concrete(direct))]


BY_KIND: dict[str, type[Event]] = {cls.KIND: cls for cls in _concrete(Event)}
"""Log kind -> class."""

BODY_FIELDS.update(
    {cls: tuple(f.name for f in fields(cls) if f.name not in ("at", "contact", "agent")) for cls in BY_KIND.values()}
)
