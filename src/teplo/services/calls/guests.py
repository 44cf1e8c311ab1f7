"""Those who are in a call besides the subscriber and the agent: colleagues, outside numbers, supervisors."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import structlog
from uuid_utils import uuid7

from ...channels.voice.media.leg import Leg
from ...domain.errors import Refused
from ...domain.together import MOST_GUESTS
from ...storage import dialled
from ...storage.db import Unavailable
from . import parties
from .desk_leg import DeskLeg
from .house import House
from .outgoing import Outcome, OutgoingLine
from .phone_book import Known

log = structlog.get_logger()

RING_S = 25.0
"""Seconds for a colleague to join."""
NUMBER_RING_S = 45.0
_LOOK_S = 0.1
_GONE = 8
"""How many of those who are gone are still told."""

Mode = Literal["listen", "whisper", "barge"]
Why = Literal["left", "declined", "no_answer", "busy", "unknown", "failed", "full"]
"""Why a guest is in the call no more, or never came. `full`: there are as many guests as may be."""

_WHY: Final[dict[str, Why]] = {
    "declined": "declined", "no_answer": "no_answer", "missed": "no_answer", "busy": "busy", "unknown": "unknown",
    "unreachable": "failed", "failed": "failed", "lost": "failed", "full": "full", "left": "left",
}  # fmt: skip
_TOLD: Final[dict[Outcome, str]] = {"no_answer": "missed", "busy": "busy", "declined": "declined"}
"""How a colleague's phone went, in the floor's word; anything else is `failed`."""


@dataclass(frozen=True, slots=True)
class Gone:
    """Somebody who was in the call, or did not come. `n` counts them within the call."""

    n: int
    id: str
    kind: str
    tail: str
    why: Why


@dataclass(slots=True, eq=False)
class Guest:
    """One of them. `private`: speaks with the agent alone, until the agent brings all together."""

    id: str
    """Of a colleague or a supervisor the person; of a number an id of its own."""
    kind: Literal["colleague", "number", "supervisor"]
    private: bool = True
    mode: Mode = "listen"
    desk: DeskLeg | None = None
    line: OutgoingLine | None = None
    tail: str = ""
    """The last digits of a number: what the screen shows."""
    ringing: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def leg(self) -> Leg | None:
        """The audio, once there is any; of a number already while it rings (announcements of the network)."""
        if self.line is not None:
            return self.line.leg if self.line.state in ("ringing", "talking") else None
        return self.desk.leg if self.desk is not None and self.desk.media == "ok" else None

    @property
    def state(self) -> Literal["ringing", "talking", "lost"]:
        """How it stands."""
        if self.line is not None:
            return {"talking": "talking", "over": "lost"}.get(self.line.state, "ringing")  # type: ignore[return-value]
        if self.desk is None:
            return "ringing"
        return {"ok": "talking", "connecting": "ringing", "lost": "lost"}[self.desk.media]  # type: ignore[return-value]

    @property
    def part(self) -> Literal["consult", "together", "listen", "whisper", "barge"]:
        """How the guest takes part."""
        if self.kind == "supervisor":
            return self.mode
        return "consult" if self.private else "together"

    def close(self) -> None:
        """Let the leg go."""
        if self.ringing is not None:
            self.ringing.cancel()
        if self.desk is not None:
            self.desk.close()
        if self.line is not None:
            self.line.close()


class Guests:
    """All guests of one call. `changed` is called when who hears whom must be settled anew."""

    def __init__(
        self, house: House, contact: str, called: str, group: asyncio.TaskGroup, changed: Callable[[], None]
    ) -> None:
        """`called`: the number that the subscriber dialled, shown to those who are called in."""
        self._house = house
        self._called = called
        self._contact = contact
        self._group = group
        self._changed = changed
        self._all: dict[str, Guest] = {}
        self._count = 0
        self.gone: deque[Gone] = deque(maxlen=_GONE)
        """Who is gone, the newest last."""

    def __iter__(self) -> Iterator[Guest]:
        return iter(self._all.values())

    @property
    def outside(self) -> Guest | None:
        """A number that talks, if there is one."""
        return next((guest for guest in self if guest.kind == "number" and guest.state == "talking"), None)

    @property
    def full(self) -> bool:
        """Whether nobody else can be asked in; supervisors are not counted."""
        return sum(guest.kind != "supervisor" for guest in self) >= MOST_GUESTS

    @property
    def ringing(self) -> bool:
        """Whether an outside number rings without a sound of its own."""
        lines = [guest.line for guest in self if guest.kind == "number" and guest.state == "ringing"]
        return any(line is None or not line.early for line in lines)

    def told(self) -> list[dict[str, Any]]:
        """Return what the pages of those in the call are told of everybody; who only listens is not announced."""
        return [
            {
                "id": guest.id,
                "kind": guest.kind,
                "tail": guest.tail,
                "state": guest.state,
                "private": guest.private,
                "mode": guest.part,
            }
            for guest in self
            if guest.kind != "supervisor" or guest.mode != "listen"
        ]

    # --- colleagues ---------------------------------------------------------------------------------------------

    def invited(self, colleague: str) -> None:
        """The floor has put a colleague aside for this talk: the desk may join now, and must within `RING_S`."""
        if colleague in self._all:
            return
        full = self.full
        guest = self._all[colleague] = Guest(colleague, "colleague")
        phone = self._house.phones.of(colleague)
        if full:
            guest.ringing = self._group.create_task(self._part(colleague, "full"))
        elif phone is None:
            guest.ringing = self._group.create_task(self._wait_for(guest))
        else:
            guest.line = OutgoingLine(self._house, str(uuid7()), self._changed)
            guest.ringing = self._group.create_task(self._ring_phone(guest, guest.line, phone))
        self._changed()

    def left(self, colleague: str, why: str) -> None:
        """The floor says that a colleague is in the talk no more."""
        if why != "took_over":  # who took over keeps the leg: `adopt`
            self._drop(colleague, _WHY.get(why))

    def adopt(self, agent: str) -> Guest | None:
        """Give up a guest who has become the agent of the call, leg and all."""
        guest = self._all.pop(agent, None)
        if guest is not None and guest.ringing is not None:
            guest.ringing.cancel()
        return guest

    def signal(self, person: str, tab: str, signal: dict[str, Any]) -> bool:
        """A page of a guest speaks; False where this is none of them."""
        guest = self._all.get(person)
        if guest is None:
            return False
        if guest.desk is None:
            guest.desk = DeskLeg(self._house, self._contact, person, self._changed)
        guest.desk.signal(tab, signal)
        self._changed()
        return True

    async def _wait_for(self, guest: Guest) -> None:
        await asyncio.sleep(RING_S)
        if guest.state == "ringing":
            await self._part(guest.id, "missed")

    async def _ring_phone(self, guest: Guest, line: OutgoingLine, phone: Known) -> None:
        """Call the phone of a colleague who works by phone; answering it joins, hanging up leaves."""
        outcome = await parties.call_phone(
            self._house, line, phone, contact=self._contact, shown=self._called, ring_s=RING_S
        )
        if outcome != "answered":
            await self._part(guest.id, _TOLD.get(outcome, "failed"))

    async def _part(self, colleague: str, why: str) -> None:
        """Tell the floor; it tells us, and then the guest is dropped."""
        while colleague in self._all:
            try:
                await self._house.commands.send("part", {"contact": self._contact, "colleague": colleague, "why": why})
            except Refused as problem:
                if problem.code != "command.unconfirmed":
                    return
            await asyncio.sleep(1.0)

    # --- supervisors --------------------------------------------------------------------------------------------

    def monitored(self, supervisor: str, mode: str) -> None:
        """A supervisor listens, whispers, joins in or leaves."""
        if mode == "off":
            self._drop(supervisor)
            return
        guest = self._all.get(supervisor)
        if guest is None:
            guest = self._all[supervisor] = Guest(supervisor, "supervisor", private=False)
        guest.mode = mode  # type: ignore[assignment]
        self._changed()

    # --- numbers ------------------------------------------------------------------------------------------------

    def dial(self, id: str, number: str) -> None:
        """Call an outside number into the talk; the number was checked. The same id again is no news."""
        if id in self._all:
            return
        if self.full:
            self._leaves(Guest(id, "number", tail=number[-4:]), "full")
            self._group.create_task(self._note(id, "full"))
            self._changed()
            return
        guest = self._all[id] = Guest(id, "number", tail=number[-4:])
        guest.line = OutgoingLine(self._house, str(uuid7()), self._changed)
        guest.ringing = self._group.create_task(self._call(guest, guest.line, number))
        self._changed()

    async def joined(self, id: str) -> bool:
        """Wait until somebody who was asked in is there, or is not coming."""
        while (guest := self._all.get(id)) is not None and guest.state == "ringing":
            await asyncio.sleep(_LOOK_S)
        return guest is not None and guest.state == "talking"

    async def _call(self, guest: Guest, line: OutgoingLine, number: str) -> None:
        outcome: Outcome = "unreachable"
        try:
            outcome = await parties.call_number(self._house, line, number, shown=self._called, ring_s=NUMBER_RING_S)
        except Unavailable as problem:
            log.warning("call.dial_without_database", error=str(problem).split("\n")[0])
            line.close()
        await self._note(guest.id, outcome)
        if outcome != "answered" and self._all.pop(guest.id, None) is not None:
            self._leaves(guest, _WHY.get(outcome))
            self._changed()

    async def _note(self, id: str, outcome: str) -> None:
        try:
            async with self._house.db.transaction() as conn:
                await dialled.outcome(conn, id, outcome)
        except Unavailable as problem:
            log.warning("call.dial_outcome_lost", error=str(problem).split("\n")[0])

    # --- all ----------------------------------------------------------------------------------------------------

    def drop(self, id: str) -> None:
        """The agent lets an outside number go."""
        guest = self._all.get(id)
        if guest is not None and guest.kind == "number":
            self._drop(id)

    def merge(self) -> None:
        """Bring everybody together."""
        for guest in self:
            guest.private = False
        self._changed()

    def look(self) -> None:
        """Notice what has changed by itself: audio that is back, a number that has hung up."""
        for guest in list(self):
            if guest.desk is not None:
                guest.desk.look()
            if guest.line is not None and guest.line.state == "over" and guest.ringing and guest.ringing.done():
                if guest.kind == "number":
                    self._drop(guest.id, "left")
                else:  # the floor drops the guest when it has heard
                    guest.ringing = self._group.create_task(self._part(guest.id, "left"))

    def close(self, keep: Guest | None = None) -> None:
        """Let everybody go, but one."""
        for guest in list(self):
            if guest is not keep:
                self._drop(guest.id)

    def _drop(self, id: str, why: Why | None = None) -> None:
        guest = self._all.pop(id, None)
        if guest is not None:
            self._leaves(guest, why)
            guest.close()
            self._changed()

    def _leaves(self, guest: Guest, why: Why | None) -> None:
        """Remember why, for the agent's page; None: the agent knows, or the call is over."""
        if why is not None:
            self._count += 1
            self.gone.append(Gone(self._count, guest.id, guest.kind, guest.tail, why))
