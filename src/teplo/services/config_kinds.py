"""The kinds of configuration and the shape of each one's body."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from .access import Role
from .config_hours import HoursBody, TimeOfDay, Zone
from .config_prompt import PromptBody
from .config_requirement import MOST_PARTS, Everybody, Expression, Level, size
from .config_retention import RetentionBody
from .config_voice import DiallingBody, IncidentBody, LineBody, MenuBody, TrunkBody
from .texts import Language, Name, Named, Slug, Slugs, Strict, Told, clean

Channel = Literal["voice", "chat", "telegram", "sms", "email"]
Seconds = Annotated[float, Field(ge=0, le=7 * 86400)]
Minutes = Annotated[float, Field(ge=0, le=1440)]


class Step(Strict):
    """What is required once a contact has waited `after` seconds; `match`: properties the agent must share."""

    after: Seconds
    require: Expression = Everybody()
    match: Annotated[list[Literal["language", "region"]], Field(max_length=2)] = []

    @field_validator("require")
    @classmethod
    def _bounded(cls, require: BaseModel) -> BaseModel:
        if size(require) > MOST_PARTS:
            raise PydanticCustomError("too_large", "the requirement has more than 64 parts")
        return require


# --- bodies ---------------------------------------------------------------------------------------------------


class TeamBody(Strict):
    """Agents under one supervisor."""

    name: Named
    supervisor: UUID | None = None


class SkillBody(Strict):
    """An ability that a queue may require."""

    name: Named


class Prefer(Strict):
    """Minutes of idle time that a shared property is worth."""

    language: Minutes = 0
    region: Minutes = 0


class Target(Strict):
    """Service level: this share answered within so many seconds."""

    seconds: Annotated[float, Field(gt=0, le=86400)] = 60
    share: Annotated[float, Field(gt=0, le=1)] = 0.8


class Overflow(Strict):
    """Another queue, when any of the limits that are set is passed."""

    to: Slug
    wait: Seconds | None = None
    estimate: Seconds | None = None
    length: Annotated[int, Field(ge=0, le=100_000)] | None = None

    @model_validator(mode="after")
    def _limited(self) -> Self:
        if self.wait is None and self.estimate is None and self.length is None:
            raise PydanticCustomError("no_limit", "one of wait, estimate and length must be set")
        return self


class CallbackBody(Strict):
    """How subscribers are called back: attempts, seconds of pause after each, local hours, seconds of ringing.

    Who waits for `offer_estimate` seconds or more, as far as can be told, is asked; null: nobody is.
    """

    attempts: Annotated[int, Field(ge=1, le=20)] = 3
    pauses: Annotated[list[Annotated[float, Field(ge=10, le=7 * 86400)]], Field(min_length=1, max_length=20)] = [
        300,
        900,
    ]
    hours: Annotated[list[TimeOfDay], Field(min_length=2, max_length=2)] = ["09:00", "21:00"]
    ring_seconds: Annotated[float, Field(ge=5, le=120)] = 40
    offer_estimate: Seconds | None = 120

    @field_validator("hours")
    @classmethod
    def _one_day(cls, hours: list[str]) -> list[str]:
        if hours[0] >= hours[1]:
            raise PydanticCustomError("hours_order", "the hours begin before they end")
        return hours


class QueueBody(Strict):
    """Waiting contacts: who may take them, how long things last, when it is open."""

    name: Named
    channels: Annotated[list[Channel], Field(min_length=1, max_length=5)] = ["chat"]
    steps: Annotated[list[Step], Field(min_length=1, max_length=12)]
    prefer: Prefer = Prefer()
    select: Literal["longest_idle", "least_occupied"] = "longest_idle"
    priority: Annotated[float, Field(ge=-1440, le=1440)] = 0
    preferred_seconds: Annotated[float, Field(ge=0, le=86400)] = 60
    offer_seconds: Annotated[float, Field(ge=1, le=600)] = 20
    wrap_up_seconds: Annotated[float, Field(ge=0, le=3600)] = 60
    wrap_up_extensions: Annotated[int, Field(ge=0, le=20)] = 2
    wrap_up_extension_seconds: Annotated[float, Field(ge=1, le=3600)] = 30
    target: Target = Target()
    short_abandon: Annotated[float, Field(ge=0, le=600)] = 5
    hours: Slug | None = None
    closed_message: Told = Told()
    overflow: Annotated[list[Overflow], Field(max_length=10)] = []
    max_wait: Annotated[float, Field(ge=60, le=7 * 86400)] = 86400
    callback: CallbackBody = CallbackBody()

    @field_validator("steps")
    @classmethod
    def _rising(cls, steps: list[Step]) -> list[Step]:
        if steps[0].after != 0:
            raise PydanticCustomError("first_step", "the first step begins after 0 seconds")
        if any(later.after <= earlier.after for earlier, later in zip(steps, steps[1:], strict=False)):
            raise PydanticCustomError("steps_order", "each step begins later than the one before")
        return steps


class ReasonBody(Strict):
    """Why people write or call. A group gathers reasons and is not chosen itself."""

    name: Named
    parent: Slug | None = None
    group: bool = False
    order: Annotated[int, Field(ge=0, le=100_000)] = 0
    valid_from: date | None = None
    valid_to: date | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            raise PydanticCustomError("dates_order", "valid_from is after valid_to")
        return self


def _folded(value: Any) -> Any:
    return clean(value).casefold() if isinstance(value, str) else value


class CannedBody(Strict):
    """A ready reply. Variables: {name} {agent} {date} {wait}. No queues: usable in all."""

    name: Named
    shortcut: Annotated[str, BeforeValidator(_folded), Field(pattern=r"^/[^\s/]{1,30}$")]
    text: Told
    queues: Slugs = []


Capacity = Annotated[dict[Channel, Annotated[int, Field(ge=0, le=50)]], Field(max_length=5)]


class PersonBody(Strict):
    """An employee: who they are, what they may do and what they can. Never sent to the floor as a whole."""

    name: Name
    display_name: Name
    login: Annotated[str, BeforeValidator(_folded), Field(pattern=r"^[^\s/]{2,64}$")]
    role: Role
    team: Slug | None = None
    language: Literal["ru", "en"] = "ru"
    skills: Annotated[dict[Slug, Level], Field(max_length=100)] = {}
    languages: Annotated[list[Language], Field(max_length=20)] = ["ru"]
    regions: Slugs = []
    capacity: Capacity = {"chat": 3, "voice": 1}
    total: Annotated[float, Field(gt=0, le=50)] | None = None


class RegionBody(Strict):
    """A federal subject (with its zone) or a macro-region that gathers them."""

    name: Named
    parent: Slug | None = None
    zone: Zone | None = None


class NumberRangeBody(Strict):
    """Telephone numbers that begin alike and the region they belong to; of several ranges the longest prefix counts."""

    prefix: Annotated[str, Field(pattern=r"^\+[1-9][0-9]{0,14}$", examples=["+79730"])]
    region: Slug


class EntryOption(Strict):
    """What a subscriber may choose at the start, and the queue it leads to."""

    reason: Slug
    name: Named
    icon: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
    queue: Slug


Origin = Annotated[str, Field(pattern=r"^(\*|https?://[A-Za-z0-9.\-\[\]:]{1,200})$")]


class EntryBody(Strict):
    """A page where chats begin, and calls if it names a `line`.

    A chat that the subscriber leaves unanswered for `idle_minutes` is ended (0: never).
    """

    greeting: Told
    origins: Annotated[list[Origin], Field(max_length=50)] = ["*"]
    options: Annotated[list[EntryOption], Field(max_length=12)] = []
    default_queue: Slug
    line: Slug | None = None
    survey: bool = True
    return_hours: Annotated[float, Field(ge=0, le=720)] = 72
    idle_minutes: Annotated[float, Field(ge=0, le=1440)] = 30


class BreakReasonBody(Strict):
    """Why somebody is away from contacts; `minutes` is the usual length, None if it depends."""

    name: Named
    minutes: Annotated[float, Field(gt=0, le=720)] | None = None
    order: Annotated[int, Field(ge=0, le=100_000)] = 0


class SettingsBody(Strict):
    """Routing settings of the whole centre: what a contact weighs, what interrupts what."""

    weights: Annotated[dict[Channel, Annotated[float, Field(gt=0, le=10)]], Field(max_length=5)] = {
        "voice": 1.0,
        "chat": 0.33,
        "email": 0.2,
    }
    total: Annotated[float, Field(gt=0, le=50)] = 1.0
    interrupts: Annotated[dict[Channel, list[Channel]], Field(max_length=5)] = {"voice": ["email"]}
    disconnect_grace: Annotated[float, Field(ge=0, le=600)] = 20
    offer_missed_presence: Literal["break", "busy"] = "break"
    refused_seconds: Annotated[float, Field(ge=1, le=3600)] = 30
    max_talk: Annotated[float, Field(ge=60, le=7 * 86400)] = 43200
    hand_seconds: Annotated[float, Field(ge=10, le=86400)] = 1800


BODIES: Mapping[str, type[Strict]] = {
    "team": TeamBody,
    "skill": SkillBody,
    "queue": QueueBody,
    "hours": HoursBody,
    "reason": ReasonBody,
    "canned": CannedBody,
    "person": PersonBody,
    "region": RegionBody,
    "number_range": NumberRangeBody,
    "entry": EntryBody,
    "break_reason": BreakReasonBody,
    "trunk": TrunkBody,
    "line": LineBody,
    "menu": MenuBody,
    "incident": IncidentBody,
    "dialling": DiallingBody,
    "prompt": PromptBody,
    "retention": RetentionBody,
    "settings": SettingsBody,
}
"""Kind -> shape of the body."""

SETTINGS_ID = "centre"
"""The one item of the kinds `settings` and `retention`."""
