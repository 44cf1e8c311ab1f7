"""A contact on the floor: from its arrival to the end of its wrap-up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .ids import AgentId, ContactId, Instant, OfferId, QueueId, Seconds, SubscriberId

if TYPE_CHECKING:
    from .index import Line

SUBSCRIBER_LOST = "subscriber_lost"
"""Why a contact has ended whose subscriber nobody hung up on: nothing came from there any more, or no answer."""

LONGEST_DEFERRAL: Seconds = 7 * 86400.0
"""For how long after its arrival a contact may be put off, and a voicemail may wait."""

STATES = frozenset({"deferred", "waiting", "offered", "dialling", "talking", "wrap_up"})
"""States between commands; while a command runs a contact may be `arrived` or `returned` (between two events)."""


@dataclass(slots=True)
class Contact:
    """One contact. Fields below `derived` are rebuilt from the others and are not part of equality."""

    id: ContactId
    channel: str
    queue: QueueId
    subscriber: SubscriberId | None
    language: str
    region: str | None
    preferred: AgentId | None
    reason: str | None
    thread: str | None
    own_priority: float
    """Minutes of head start of the contact itself; the queue's come on top."""
    arrived_at: Instant
    number: int
    """Order of arrival on this floor: settles equal ranks."""
    state: str = "arrived"
    state_since: Instant = 0.0
    since: Instant = 0.0
    """When it began to wait: this is its place, kept over transfers, returns and overflow."""
    priority: float = 0.0
    """Minutes: the queue's and the contact's own together."""
    waiting_since: Instant = 0.0
    """When the present (or last) waiting began."""
    entered_at: Instant = 0.0
    """When it came into the present queue: steps and overflow count from here."""
    step: int = 0
    reserved_until: Instant | None = None
    directed: bool = False
    """Reserved because a colleague transferred it to this very agent: skills are not asked."""
    handed_by: AgentId | None = None
    """The colleague who transferred it, until somebody answers."""
    require: dict[str, Any] | None = None
    agent: AgentId | None = None
    offer: OfferId | None = None
    offers: int = 0
    deadline: Instant | None = None
    """End of the deferral, the offer, the dial or the wrap-up."""
    answered_at: Instant | None = None
    held_at: Instant | None = None
    """Since when the subscriber is on hold."""
    held: Seconds = 0.0
    """Seconds of the holds that ended, within the present (or last) talk."""
    extensions: int = 0
    refused: dict[AgentId, Instant] = field(default_factory=dict)
    """Agents who declined or missed it -> until when it is not proposed to them again."""
    visited: list[QueueId] = field(default_factory=list)
    """Queues it has overflowed from or to: it does not overflow there again."""
    callback_zone: str | None = None
    """While the subscriber is to be called back: the zone whose calling hours count. None: the subscriber is there."""
    call_after: Instant = 0.0
    """The subscriber is not called before this."""
    dials: int = 0
    """How often the subscriber was called back."""
    failed_dials: int = 0
    """How many of these count as attempts that failed."""
    absent: bool = False
    """A voicemail whose subscriber is not on the line, even while an agent has it."""
    voicemail: Seconds | None = None
    """Length of the voicemail, 0 where it is not known; None: there is none."""
    outgoing: bool = False
    """An agent called the subscriber, who had not asked for it."""
    end_reason: str | None = None
    """Why the conversation is over, while its wrap-up goes on; None: nothing but that somebody ended it."""

    # derived
    entry: tuple[float, int, Contact] | None = field(default=None, compare=False, repr=False)
    line: Line | None = field(default=None, compare=False, repr=False)
    checked_at: Instant = field(default=0.0, compare=False, repr=False)
    due: Instant | None = field(default=None, compare=False, repr=False)
    timer: Instant | None = field(default=None, compare=False, repr=False)

    @property
    def on_line(self) -> bool:
        """Whether the subscriber is there: not waiting for a call back, not gone after a message."""
        return self.callback_zone is None and not self.absent

    def patience(self, max_wait: Seconds) -> Seconds:
        """Return how long it may wait where callers may wait `max_wait`: nobody holds a line for a voicemail."""
        return max(max_wait, LONGEST_DEFERRAL) if self.absent else max_wait

    @property
    def rank(self) -> float:
        """The place in line over all queues: smaller goes first."""
        return self.since - 60.0 * self.priority
