"""Facts that only calls have: hold, callbacks, voicemail, several in a talk. Part of the dictionary in `events.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from .event import Event
from .ids import AgentId, ContactId, Instant, OfferId, QueueId, Seconds


@dataclass(frozen=True, slots=True)
class ContactHeld(Event):
    """The agent put the subscriber on hold: music, nobody hears anybody."""

    KIND: ClassVar[str] = "contact.held"
    contact: ContactId
    agent: AgentId


@dataclass(frozen=True, slots=True)
class ContactResumed(Event):
    """The hold is over after `hold` seconds. `why`: agent, ended, transferred, absent, removed.

    A hold ends at the latest with the agent's part of the talk, so every hold has its end in the log.
    """

    KIND: ClassVar[str] = "contact.resumed"
    contact: ContactId
    agent: AgentId
    why: str
    hold: Seconds


@dataclass(frozen=True, slots=True)
class CallbackAsked(Event):
    """The subscriber hung up and is to be called back; the contact keeps its place. `zone`: whose hours count."""

    KIND: ClassVar[str] = "callback.asked"
    contact: ContactId
    zone: str


@dataclass(frozen=True, slots=True)
class CallbackRejoined(Event):
    """The subscriber called again and took the place: nobody is to be called back any more."""

    KIND: ClassVar[str] = "callback.rejoined"
    contact: ContactId


@dataclass(frozen=True, slots=True)
class CallbackDialled(Event):
    """The agent took the callback: the subscriber is called until `deadline`. `attempt` counts from 1."""

    KIND: ClassVar[str] = "callback.dialled"
    contact: ContactId
    agent: AgentId
    offer: OfferId
    queue: QueueId
    attempt: int
    deadline: Instant


@dataclass(frozen=True, slots=True)
class CallbackFailed(Event):
    """The subscriber was not reached and the agent is free; of a voicemail the agent keeps the talk.

    `counted`: whether it counts as an attempt.

    `outcome`: busy, no_answer, declined, unknown, unreachable, no_person (nobody pressed the key), hung_up, refused (no
    call is wanted any more), worker_lost, late (no news by the deadline), cancelled (by the agent), agent_lost (not
    counted), not_allowed, limit (the rules of calling out forbid it: not made, not counted), ended (with the contact).
    """

    KIND: ClassVar[str] = "callback.failed"
    contact: ContactId
    agent: AgentId
    attempt: int
    outcome: str
    counted: bool


@dataclass(frozen=True, slots=True)
class CallbackReached(Event):
    """The agent of a voicemail has called its subscriber, who is on the line from now on; `attempt` as dialled."""

    KIND: ClassVar[str] = "callback.reached"
    contact: ContactId
    agent: AgentId
    attempt: int


@dataclass(frozen=True, slots=True)
class VoicemailLeft(Event):
    """The contact is a spoken message that was left in place of waiting: nobody is on the line.

    `seconds`: its length; None where the worker was killed while it was recorded.
    """

    KIND: ClassVar[str] = "voicemail.left"
    contact: ContactId
    seconds: Seconds | None


@dataclass(frozen=True, slots=True)
class OutgoingDialled(Event):
    """An agent calls a subscriber out of the own wish: the contact is the agent's, and it rings until `deadline`."""

    KIND: ClassVar[str] = "outgoing.dialled"
    contact: ContactId
    agent: AgentId
    offer: OfferId
    queue: QueueId
    deadline: Instant


@dataclass(frozen=True, slots=True)
class OutgoingFailed(Event):
    """The subscriber was not reached and the agent is free; the contact ends with the same instant.

    `outcome`: busy, no_answer, declined, unknown, unreachable, hung_up, worker_lost, late (no news by the deadline),
    cancelled (by the agent), agent_unreached (the agent's own phone was not answered), agent_lost, ended.
    """

    KIND: ClassVar[str] = "outgoing.failed"
    contact: ContactId
    agent: AgentId
    outcome: str


@dataclass(frozen=True, slots=True)
class ColleagueInvited(Event):
    """The agent of a talk asks a colleague in; nothing is offered to the colleague meanwhile."""

    KIND: ClassVar[str] = "colleague.invited"
    contact: ContactId
    agent: AgentId
    colleague: AgentId


@dataclass(frozen=True, slots=True)
class ColleagueLeft(Event):
    """A colleague is in the talk no more.

    `why`: left, declined, missed, busy, failed (the phone cannot be reached), full (too many guests), lost, ended,
    absent, took_over.
    """

    KIND: ClassVar[str] = "colleague.left"
    contact: ContactId
    colleague: AgentId
    why: str


@dataclass(frozen=True, slots=True)
class ContactMonitored(Event):
    """A supervisor takes part in a talk. `mode`: listen, whisper, barge, off."""

    KIND: ClassVar[str] = "contact.monitored"
    contact: ContactId
    supervisor: str
    mode: str
