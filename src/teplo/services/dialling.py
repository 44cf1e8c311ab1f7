"""Where the centre may call out to, and how often: neither a stolen session nor a stranger who wants to be called back
on an expensive number may cost a fortune.

The rules are the configuration item `dialling/centre`; without one nobody calls out.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal, Self

import structlog

from ..domain.errors import Invalid, NotAllowed, TooMany
from ..storage import audit, callbacks, config, dialled, locks
from ..storage.db import Connection, Database
from .access import Caller
from .intake import normalised_number

log = structlog.get_logger()

RULES_ID: Final = "centre"
_SHORT: Final = 5
"""Digits of the longest short number (112, 0611)."""
ALARM: Final = 0.8
"""Share of a limit at which the alarm goes off, before the limit stops anybody."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Allowed and denied beginnings of numbers (the longest that fits decides), and the most calls."""

    allowed: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()
    person_hour: int = 0
    person_day: int = 0
    day: int = 0
    callback_number_day: int = 0
    callback_day: int = 0
    recording_notice: bool = True
    """Whether a subscriber who is called out hears that the talk is recorded."""

    @classmethod
    def of(cls, body: Mapping[str, Any] | None) -> Self:
        """From the body of the configuration item; None allows nothing."""
        if body is None:
            return cls()
        return cls(
            allowed=tuple(body["allowed"]),
            denied=tuple(body["denied"]),
            person_hour=body["person_hour"],
            person_day=body["person_day"],
            day=body["day"],
            callback_number_day=body.get("callback_number_day", 10),
            callback_day=body.get("callback_day", 2000),
            recording_notice=body.get("recording_notice", True),
        )

    def permits(self, number: str) -> bool:
        """Whether a number may be called: the longest beginning decides; a short number must be listed whole."""
        if not number.startswith("+"):
            return number in self.allowed
        allowed = max((len(p) for p in self.allowed if p.startswith("+") and number.startswith(p)), default=0)
        denied = max((len(p) for p in self.denied if number.startswith(p)), default=0)
        return allowed > denied


async def rules(conn: Connection) -> Rules:
    """Read the rules in force."""
    item = await config.one(conn, "dialling", RULES_ID)
    return Rules.of(None if item is None else item.body)


def as_dialled(text: str) -> str:
    """Return a number as it is dialled: E.164, or a short number as it is. Raises Invalid("dial.number")."""
    digits = text.strip()
    if digits.isascii() and digits.isdigit() and 2 <= len(digits) <= _SHORT:
        return digits
    try:
        return normalised_number(text)
    except Invalid:
        raise Invalid("dial.number") from None


@asynccontextmanager
async def watched(db: Database, caller: Caller, contact: str) -> AsyncIterator[None]:
    """Write a line of the audit for a call out that was stopped."""
    try:
        yield
    except (NotAllowed, TooMany) as refused:
        async with db.transaction() as conn:
            await audit.add(conn, caller.actor, "dial.refused", "contact", contact, {"code": refused.code})
        raise


async def permit(conn: Connection, caller: Caller, contact: str, id: str, text: str) -> str | None:
    """Check a call out and write it down in the caller's transaction; return the number to dial.

    None for an id that is known: that call was counted and asked for together, so there is nothing more to do, and an
    old id dials nothing. Refusals: dial.number, dial.not_allowed, dial.limit.
    """
    number = as_dialled(text)
    in_force = await rules(conn)
    if not in_force.permits(number):
        raise NotAllowed("dial.not_allowed")
    if not await dialled.begin(conn, id=id, person=caller.id, contact=contact, number=number):
        return None
    await locks.one_at_a_time(conn, locks.CALLS_OUT)
    made = await dialled.counts(conn, caller.id)
    limits = (
        ("person_hour", made.person_hour, in_force.person_hour),
        ("person_day", made.person_day, in_force.person_day),
        ("day", made.day, in_force.day),
    )
    for name, count, most in limits:
        if count > most:
            log.error("dial.limit", limit=name, count=count - 1, agent_id=caller.id)
            raise TooMany("dial.limit", limit=name, most=most)
        if count >= ALARM * most:
            log.warning("dial.anomaly", limit=name, count=count, most=most, agent_id=caller.id)
            await audit.add(conn, caller.actor, "dial.anomaly", "contact", contact, {"limit": name, "most": most})
    await audit.add(conn, caller.actor, "dial.out", "contact", contact, {"call": id})
    return number


# --- calls back ---------------------------------------------------------------------------------------------------

Why = Literal["not_allowed", "limit"]
"""Why a subscriber is not called back; the outcome of an attempt that is not made for it."""


@dataclass(frozen=True, slots=True)
class NotMade:
    """An attempt that is not made. `after`: of a limit, the seconds until it allows this very call."""

    why: Why
    after: float | None = None


async def may_call_back(conn: Connection, number: str) -> Why | None:
    """Tell why a number may not be called back now; None where it may. Asked before anything is promised."""
    in_force = await rules(conn)
    if not in_force.permits(number):
        return "not_allowed"
    made = await callbacks.made(conn, number)
    full = made.number_day >= in_force.callback_number_day or made.day >= in_force.callback_day
    return "limit" if full else None


async def check_call_back(conn: Connection, contact: str, number: str) -> None:
    """The same as refusals of a person's wish: dial.not_allowed, dial.limit."""
    why = await may_call_back(conn, number)
    if why == "not_allowed":
        raise NotAllowed("dial.not_allowed")
    if why == "limit":
        log.error("dial.limit", limit="callback", contact_id=contact)
        raise TooMany("dial.limit", limit="callback")


async def permit_call_back(conn: Connection, contact: str, number: str) -> NotMade | None:
    """The last word on an attempt, which is written down already in this transaction and counts: None, or why not.

    One at a time, to the commit: what two workers write down at once is counted by the second of them. Near a limit the
    alarm goes off, once an attempt, as for calls out.
    """
    in_force = await rules(conn)
    if not in_force.permits(number):
        await audit.add(conn, None, "dial.refused", "contact", contact, {"code": "dial.not_allowed"})
        return NotMade("not_allowed")
    await locks.one_at_a_time(conn, locks.CALLS_BACK)
    made = await callbacks.made(conn, number)
    limits = (
        ("callback_number_day", made.number_day, in_force.callback_number_day, number),
        ("callback_day", made.day, in_force.callback_day, None),
    )
    over = [(name, count, most, of) for name, count, most, of in limits if count > most]
    if over:
        name, count, _, _ = over[0]
        log.error("dial.limit", limit=name, count=count - 1, contact_id=contact)
        await audit.add(conn, None, "dial.refused", "contact", contact, {"code": "dial.limit", "limit": name})
        return NotMade("limit", max([await callbacks.allowed_in(conn, contact, most, of) for _, _, most, of in over]))
    for name, count, most, _ in limits:
        if count >= ALARM * most:
            log.warning("dial.anomaly", limit=name, count=count, most=most, contact_id=contact)
            await audit.add(conn, None, "dial.anomaly", "contact", contact, {"limit": name, "most": most})
    return None
