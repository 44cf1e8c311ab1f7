"""Shapes of what live screens show: rows of a desk and of the floor. Times are POSIX seconds, durations seconds.

The views return them, the API describes them, and the screens' types are made of that description.
"""

from typing import Annotated, Any, get_args

from pydantic import ConfigDict, WithJsonSchema
from typing_extensions import TypedDict

from ..domain.agent import PRESENCES
from . import config_kinds


def _one_of(*words: str) -> WithJsonSchema:
    """Describe a text as one of these words; the domain, which made it, is not asked again."""
    return WithJsonSchema({"type": "string", "enum": list(words)})


_TWO_NUMBERS = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}

Presence = Annotated[str, _one_of(*sorted(PRESENCES))]
Activity = Annotated[str, _one_of("idle", "offered", "dialling", "talking", "wrap_up")]
Channel = Annotated[str, _one_of(*get_args(config_kinds.Channel))]
Estimate = Annotated[tuple[float, float], WithJsonSchema(_TWO_NUMBERS)]
"""Low and high, seconds still to wait."""


class Slots(TypedDict):
    """Contacts of one channel that an agent has and may have at once."""

    used: int
    max: int


class DayCounts(TypedDict):
    """An agent's day so far: contacts handled, grades given, those of 5."""

    handled: int
    fives: int
    grades: int


class Helping(TypedDict):
    """A colleague's talk that the agent was asked into: the contact, and the colleague who asks."""

    contact: str
    agent: str | None


class MeRow(TypedDict):
    """The agent's own state. `since`: of what the agent is doing now; `pending`: the presence waits for talks to end.

    `hand`: since when the agent asks for help; `slots` by channel.
    """

    id: str
    presence: Presence
    reason: str | None
    since: float
    pending: bool
    activity: Activity
    hand: float | None
    connected: bool
    slots: dict[str, Slots]
    helping: Helping | None
    today: DayCounts


class WhyFact(TypedDict):
    """One reason for a decision, by code, with parameters of that code."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]

    code: str


class WhyParts(TypedDict):
    """What a score is made of: idle seconds, minutes for language and region, load."""

    idle: float
    language: float
    region: float
    occupied: float


class WhyCandidate(TypedDict):
    """An agent who was compared."""

    agent: str
    score: float
    parts: WhyParts
    chosen: bool


class Why(TypedDict):
    """Why a contact was offered to this agent: `able` could take it, `free` could at that moment, `next` was next."""

    mode: Annotated[str, _one_of("contact_found_agent", "agent_found_contact", "handed_over")]
    step: int
    able: int
    free: int
    facts: list[WhyFact]
    candidates: list[WhyCandidate]
    rank: float
    waiting: int
    next: str | None


class LastMessage(TypedDict):
    """The newest message of a contact, shortened; notices are not counted."""

    author: Annotated[str, _one_of("subscriber", "agent", "system")]
    text: str
    kind: Annotated[str, _one_of("text", "file")]
    at: float


class CallbackState(TypedDict):
    """How often the subscriber was called (the present call included), how often one may try, and until when it rings.

    `until` is None while nobody is called.
    """

    attempt: int
    attempts: int
    until: float | None


class VoicemailState(TypedDict):
    """A message that the subscriber left: its length (None: not known) and when. It is heard as the recording's part.

    `absent`: the subscriber is not on the line; then the agent may call, `attempts_left` times if nobody answers.
    """

    seconds: float | None
    left_at: float
    absent: bool
    attempts_left: int


class WorkItem(TypedDict):
    """A contact in the agent's hands. `since`: of its state; `deadline`: when that state ends by itself.

    `unread`: messages of the subscriber that were not read; `awaiting_reply_since`: the oldest one without an answer.
    A call has no thread; its `number` is masked until the offer is accepted, None where it is withheld. `callback`: the
    subscriber is not on the line but is called once the offer is accepted, or is being called about a voicemail; None
    otherwise. `outgoing`: the agent calls the subscriber. `end_reason`: in the wrap-up why the talk is over
    where nobody ended it: subscriber_lost, line_lost, max_talk and others.
    """

    id: str
    state: Annotated[str, _one_of("offered", "dialling", "talking", "wrap_up")]
    channel: Channel
    queue: str
    reason: str | None
    language: str
    region: str | None
    since: float
    waiting_since: float
    wait: float
    offer: str | None
    deadline: float | None
    why: Why | None
    extensions_left: int
    subscriber: str | None
    thread: str | None
    name: str | None
    number: str | None
    callback: CallbackState | None
    voicemail: VoicemailState | None
    outgoing: bool
    end_reason: str | None
    last_seq: int
    unread: int
    last_message: LastMessage | None
    awaiting_reply_since: float | None


class DeskState(TypedDict):
    """The live topic `me`: the agent and the contacts in hand by id."""

    me: MeRow
    work: dict[str, WorkItem]


class FloorContact(TypedDict):
    """A contact in the hands of an agent, as the floor shows it."""

    id: str
    channel: Channel
    state: Annotated[str, _one_of("offered", "dialling", "talking", "wrap_up")]
    queue: str
    reason: str | None
    since: float


class FloorAgent(DayCounts):
    """An agent on the floor. `hand_contact`: the contact that help is asked for; `helping`: a colleague's contact."""

    id: str
    team: str | None
    presence: Presence
    reason: str | None
    activity: Activity
    pending: bool
    since: float
    connected: bool
    hand: float | None
    hand_contact: str | None
    helping: str | None
    contacts: list[FloorContact]


class QueueTarget(TypedDict):
    """Service level: this share answered within so many seconds."""

    seconds: float
    share: float


class QueueDay(TypedDict):
    """A queue's figures of today; None: nothing to divide by. What they mean: /metrics/definitions."""

    service_level: float | None
    offered: int
    answered: int
    abandoned: int
    abandonment_rate: float | None
    asa: float | None
    estimate_hit_rate: float | None


class FloorQueue(QueueDay):
    """A queue now. `agents_able` are present and have the skills, `agents_ready` of them may take a contact now."""

    id: str
    waiting: int
    longest_since: float | None
    deferred: int
    estimate: Estimate | None
    open: bool
    opens_at: float | None
    target: QueueTarget
    agents_able: int
    agents_ready: int


class FloorWaiting(TypedDict):
    """A waiting contact. `agent`: whom it is offered to, or the preferred one, for whom it waits `reserved_until`.

    `callback`: the subscriber has hung up and will be called; `voicemail`: and has left a message.
    """

    id: str
    queue: str
    channel: Channel
    since: float
    priority: float
    rank: float
    position: int
    state: Annotated[str, _one_of("waiting", "offered", "dialling")]
    step: int
    reason: str | None
    region: str | None
    agent: str | None
    reserved_until: float | None
    callback: bool
    voicemail: bool


class FloorTotals(QueueDay):
    """The whole centre's figures of today."""

    arrived: int
    handled: int
    aht: float | None
    occupancy: float | None
    grades: int
    fives: int
    csat5: float | None
    missed: int


class FloorState(TypedDict):
    """The live topic `floor`: agents, queues, waiting contacts (the first 200 of a queue) by id; figures of today."""

    agents: dict[str, FloorAgent]
    queues: dict[str, FloorQueue]
    waiting: dict[str, FloorWaiting]
    totals: FloorTotals


class FloorFigures(TypedDict):
    """Today's figures for the floor; who has none yet is absent."""

    agents: dict[str, DayCounts]
    queues: dict[str, QueueDay]
    totals: FloorTotals


NO_COUNTS: DayCounts = {"handled": 0, "fives": 0, "grades": 0}
NO_DAY: QueueDay = {
    "service_level": None,
    "offered": 0,
    "answered": 0,
    "abandoned": 0,
    "abandonment_rate": None,
    "asa": None,
    "estimate_hit_rate": None,
}

Row = dict[str, Any]
"""Changed rows, on their way to a screen."""
