"""Rules of calling subscribers back: how often, with which pauses, and in which hours of their own day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from . import parsing
from .calendar import Hours
from .errors import Invalid
from .ids import Instant, Seconds

OUTCOMES: Final = frozenset(
    {
        "busy", "no_answer", "declined", "unknown", "unreachable", "no_person", "hung_up", "worker_lost", "refused",
        "agent_unreached", "not_allowed", "limit",
    }
)  # fmt: skip
"""How a dial may fail, as the voice worker tells it. `refused`: the subscriber answered and wants no call any more.
`agent_unreached`: the phone of the agent, called first, was not answered. `not_allowed`, `limit`: see NOT_MADE."""

AGENT_FAILED: Final = frozenset({"agent_lost", "agent_unreached"})
"""Outcomes that are no attempt to reach the subscriber."""

NOT_MADE: Final = frozenset({"not_allowed", "limit"})
"""Outcomes of attempts that were not made because the rules of calling out forbid the number, or so many calls.

The first ends the contact, the second puts it off."""

LIMIT_SECONDS: Final[Seconds] = 86_400.0
"""Within which calls back are counted: what is over a limit now is not after so long."""

_AGENT_PHONE: Seconds = 35.0
"""On top of the ringing of a call out: the agent's own phone is called first, a way out is found, a notice is said."""

_GREETING: Seconds = 50.0
"""On top of the ringing: finding a way out, the greeting and the key that is asked for."""


@dataclass(frozen=True, slots=True)
class CallbackRules:
    """Of a queue. `pauses`: seconds after the first failed attempt, the second, ...; the last one counts from there on.

    `hours`: from and until when a subscriber may be called, local time. `offer_estimate`: a caller whose estimated wait
    reaches so many seconds is offered to be called back; None: nobody is asked.
    """

    attempts: int
    pauses: tuple[Seconds, ...]
    hours: tuple[str, str]
    ring_seconds: Seconds
    offer_estimate: Seconds | None

    @classmethod
    def from_json(cls, data: Any, code: str) -> CallbackRules:
        """Check and build; what is missing is the default. Raises Invalid(code, field="callback")."""
        if not isinstance(data, dict):
            raise Invalid(code, field="callback")
        pauses, hours = data.get("pauses", [300.0, 900.0]), data.get("hours", ["09:00", "21:00"])
        if not isinstance(pauses, (list, tuple)) or not 1 <= len(pauses) <= 20:
            raise Invalid(code, field="pauses")
        if not isinstance(hours, (list, tuple)) or len(hours) != 2:
            raise Invalid(code, field="hours")
        Hours.from_json(_week("UTC", hours[0], hours[1]))
        return cls(
            attempts=parsing.whole(data, "attempts", code, 3, 1, 20),
            pauses=tuple(parsing.number({"pauses": one}, "pauses", code, 0, 1, 7 * 86400) for one in pauses),
            hours=(hours[0], hours[1]),
            ring_seconds=parsing.number(data, "ring_seconds", code, 40.0, 5, 120),
            offer_estimate=parsing.optional({"offer_estimate": 120.0, **data}, "offer_estimate", code, 0, 7 * 86400),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the rules as they are written in the configuration."""
        return {
            "attempts": self.attempts,
            "pauses": list(self.pauses),
            "hours": list(self.hours),
            "ring_seconds": self.ring_seconds,
            "offer_estimate": self.offer_estimate,
        }

    @property
    def dial_seconds(self) -> Seconds:
        """How long one attempt may take, from the agent's accept to the key that the subscriber presses."""
        return self.ring_seconds + _GREETING

    @property
    def call_out_seconds(self) -> Seconds:
        """How long a call out of an agent's wish may take until it is answered."""
        return self.ring_seconds + _AGENT_PHONE

    def pause(self, failed: int) -> Seconds:
        """Return the pause after this many failed attempts."""
        return self.pauses[min(failed, len(self.pauses)) - 1]

    def window(self, zone: str) -> Hours:
        """Return the hours in which a subscriber of this zone may be called."""
        return _hours(zone, *self.hours)

    def callable_from(self, zone: str, at: Instant, offer_seconds: Seconds) -> Instant:
        """Return this instant if an offer made now would be over within the hours, else when the next ones begin."""
        hours = self.window(zone)
        is_open, change = hours.state(at)
        if is_open and (change is None or at < change - offer_seconds):
            return at
        following = hours.opens_at(at if change is None or not is_open else change)
        return at + 86400.0 if following is None else following

    def callable_until(self, zone: str, at: Instant, offer_seconds: Seconds) -> Instant | None:
        """Return until when an offer may be made: `at` where it may not be made then, None where there is no end."""
        is_open, change = self.window(zone).state(at)
        if not is_open:
            return at
        return None if change is None else max(at, change - offer_seconds)


def _week(zone: str, start: Any, end: Any) -> dict[str, Any]:
    return {"zone": zone, "week": [[[start, end]]] * 7, "special": {}}


@lru_cache(maxsize=200)
def _hours(zone: str, start: str, end: str) -> Hours:
    return Hours.from_json(_week(zone, start, end))
