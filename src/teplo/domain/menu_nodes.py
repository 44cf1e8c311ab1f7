"""The nodes of a voice menu: what each says, asks or looks at, and where it leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from .ids import Seconds

KEYS = frozenset("0123456789*#ABCD")
"""What a telephone keypad sends (RFC 4733 section 3.2)."""

OPENS = "{opens}"
"""Stands among prompts for the opening that the last hours node found."""

MESSAGE_SECONDS: Seconds = 180.0
"""The longest message where a menu says nothing else."""

FIELDS = ("segment", "region", "language", "known")
"""Subscriber data that a branch looks at; `known` is "yes" or "no"."""

LANGUAGES = ("ru", "en")


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the menu. `quiet()` names the ways on that need no key, `asked()` those that do."""

    KIND: ClassVar[str]

    def quiet(self) -> dict[str, str]:
        """Return field -> node for the ways that are taken without a key."""
        return {}

    def asked(self) -> dict[str, str]:
        """Return field -> node for the ways that only a key opens."""
        return {}

    def heard(self) -> dict[str, tuple[str, ...]]:
        """Return field -> prompts that the node may say."""
        return {}


@dataclass(frozen=True, slots=True)
class Say(Node):
    """Say something. `interruptible`: a key skips it and counts for what comes next."""

    KIND: ClassVar[str] = "say"
    prompts: tuple[str, ...]
    next: str
    interruptible: bool

    def quiet(self) -> dict[str, str]:
        return {"next": self.next}

    def heard(self) -> dict[str, tuple[str, ...]]:
        return {"prompts": self.prompts}


@dataclass(frozen=True, slots=True)
class Notice(Say):
    """Say that the call is recorded: heard to its end, and remembered for whoever starts the recording."""

    KIND: ClassVar[str] = "notice"


@dataclass(frozen=True, slots=True)
class Question(Node):
    """What all asking nodes share. `timeout`: seconds for each key; `retries`: further tries after the first.

    Nothing pressed says `silent`, something useless says `invalid`; when the tries are over the way is `failed`.
    """

    prompts: tuple[str, ...]
    timeout: Seconds
    retries: int
    silent: tuple[str, ...]
    invalid: tuple[str, ...]
    failed: str

    def quiet(self) -> dict[str, str]:
        return {"failed": self.failed}

    def heard(self) -> dict[str, tuple[str, ...]]:
        return {"prompts": self.prompts, "silent": self.silent, "invalid": self.invalid}


@dataclass(frozen=True, slots=True)
class Digits(Question):
    """A choice: digits (one or several) -> node."""

    KIND: ClassVar[str] = "digits"
    options: dict[str, str]

    def asked(self) -> dict[str, str]:
        return {f"options.{keys}": node for keys, node in self.options.items()}


@dataclass(frozen=True, slots=True)
class Collect(Question):
    """A number typed by the caller, kept under `name`; ends with `#`, with `most` digits, or by silence after `least`.

    The keys that work anywhere else are data here, but for `*`.
    """

    KIND: ClassVar[str] = "collect"
    name: str
    least: int
    most: int
    next: str

    def asked(self) -> dict[str, str]:
        return {"next": self.next}


@dataclass(frozen=True, slots=True)
class Language(Question):
    """A choice of language by a key; `skip_known`: whoever's language is known is not asked."""

    KIND: ClassVar[str] = "language"
    options: dict[str, str]
    next: str
    skip_known: bool

    def quiet(self) -> dict[str, str]:
        return {"failed": self.failed, "next": self.next}


@dataclass(frozen=True, slots=True)
class HoursOf(Node):
    """Open or closed now, by a queue's hours or by a calendar (`hours`). Whoever has no hours is always open."""

    KIND: ClassVar[str] = "hours"
    queue: str | None
    hours: str | None
    open: str
    closed: str

    def quiet(self) -> dict[str, str]:
        return {"open": self.open, "closed": self.closed}


@dataclass(frozen=True, slots=True)
class Announcement:
    """Said to callers of these regions or of all (none given), between two instants (POSIX seconds, None: no bound)."""

    prompts: tuple[str, ...]
    regions: tuple[str, ...] = ()
    since: float | None = None
    until: float | None = None

    def holds(self, now: float, regions: tuple[str, ...]) -> bool:
        """Tell whether it is said now to a caller from `regions` (the own one and those around it)."""
        began = self.since is None or self.since <= now
        over = self.until is not None and now >= self.until
        return began and not over and (not self.regions or bool(set(self.regions) & set(regions)))


@dataclass(frozen=True, slots=True)
class Announcements(Node):
    """Say what holds for the caller's region: incidents of the floor's own list first, then `items` of the menu."""

    KIND: ClassVar[str] = "announcements"
    items: tuple[Announcement, ...]
    next: str

    def quiet(self) -> dict[str, str]:
        return {"next": self.next}

    def heard(self) -> dict[str, tuple[str, ...]]:
        return {f"items.{place}": item.prompts for place, item in enumerate(self.items)}


@dataclass(frozen=True, slots=True)
class Branch(Node):
    """Go on by subscriber data; what is unknown or not listed goes the way of `default`."""

    KIND: ClassVar[str] = "branch"
    field: str
    cases: dict[str, str]
    default: str

    def quiet(self) -> dict[str, str]:
        return {**{f"cases.{value}": node for value, node in self.cases.items()}, "default": self.default}


@dataclass(frozen=True, slots=True)
class Priority(Node):
    """Add minutes of head start by the caller's segment."""

    KIND: ClassVar[str] = "priority"
    by_segment: dict[str, float]
    next: str

    def quiet(self) -> dict[str, str]:
        return {"next": self.next}


@dataclass(frozen=True, slots=True)
class End(Node):
    """Where a menu ends. `prompts` are said first."""

    prompts: tuple[str, ...]

    def heard(self) -> dict[str, tuple[str, ...]]:
        return {"prompts": self.prompts}


@dataclass(frozen=True, slots=True)
class ToLine(End):
    """Into a queue, with a contact reason, more priority (minutes) and a requirement of the menu's own."""

    KIND: ClassVar[str] = "queue"
    queue: str
    reason: str | None
    priority: float
    require: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Message(End):
    """Let the caller leave a spoken message of at most `seconds` for a queue."""

    KIND: ClassVar[str] = "message"
    queue: str
    reason: str | None
    seconds: Seconds
    priority: float


@dataclass(frozen=True, slots=True)
class Callback(End):
    """Promise to call the caller back from a queue."""

    KIND: ClassVar[str] = "callback"
    queue: str
    reason: str | None
    priority: float


@dataclass(frozen=True, slots=True)
class HangUp(End):
    """Say goodbye and end the call; `why` is stored with the contact."""

    KIND: ClassVar[str] = "hangup"
    why: str


KINDS: dict[str, type[Node]] = {
    kind.KIND: kind
    for kind in (
        Say, Notice, Digits, Collect, Language, HoursOf, Announcements, Branch, Priority,
        ToLine, Message, Callback, HangUp,
    )
}  # fmt: skip
