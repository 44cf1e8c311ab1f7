"""A call that we make for an agent: the subscriber is dialled, reached or not, and both talk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import structlog

from ...channels.voice import prompts
from ...channels.voice.media.rtp_leg import RtpLeg
from ...channels.voice.sip.session import Session
from ...domain.callback import OUTCOMES
from ...domain.contact import Contact
from ...domain.menu import Menu
from ...domain.menu_talk import NOTHING, Facts
from ...storage.callbacks import Callback
from ...storage.db import Unavailable
from . import parties, voice
from .arrival import Caller
from .call import Call
from .ending import tell_dialled
from .house import House
from .line import Phase
from .message_stage import MessageStage
from .outgoing import Outcome, OutgoingLine
from .phone_leg import PhoneLeg

log = structlog.get_logger()

_MARGIN = 5.0
"""Seconds before the floor's deadline by which the attempt is over, so that two are never made at once."""
_RETRY = 0.5
AGENT_RING_S = 20.0
"""Seconds for the agent's own phone."""
_NO_MENU: Final = Menu("none", 1, "none", "ru", ("ru", "en"), {}, "none", 1, 0.0)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One dial, as the floor decided it."""

    contact: str
    agent: str
    number: int
    deadline: float
    ring_seconds: float


class CalledLine:
    """The line to a subscriber whom we call: `Line` once it is answered."""

    def __init__(self, house: House, call: str) -> None:
        self.out = OutgoingLine(house, call)
        self.outcome = "worker"
        self.silent = False
        """Whether nothing came from the subscriber any more in the talk."""
        self.on_ended: Callable[[], None] | None = None

    @property
    def leg(self) -> RtpLeg:
        """The subscriber's audio."""
        return self.out.leg

    @property
    def session(self) -> Session:
        """The SIP dialog, once it was dialled."""
        assert self.out.session is not None
        return self.out.session

    @property
    def ended(self) -> str | None:
        """How the dial went, or how the talk was ended."""
        if self.silent:
            return "no_media"
        ended = self.out.session.ended if self.out.session else None
        return ended.why if ended and self.outcome == "reached" else self.outcome

    async def open(self) -> bool:
        """The call opens it by dialling."""
        return True

    def show(self, phase: Phase) -> None:
        """Telephones hear where they are."""

    def hang_up(self) -> None:
        """Send BYE."""
        if self.out.session is not None:
            self.out.session.hang_up()

    def close(self) -> None:
        """Hang up; may be called twice."""
        self.out.close()


class Dialled(Call):
    """A call of ours from its dial to the end. What it does after somebody was reached is what every call does.

    `_person` tells whether a person is there once it was answered: `reached`, or an outcome.
    """

    def __init__(self, house: House, call: str, wish: Callback, attempt: Attempt) -> None:
        caller = Caller(
            call, wish.number, wish.subscriber, wish.region, wish.language, Facts(), None, wish.called
        )  # fmt: skip
        self._called = CalledLine(house, call)
        super().__init__(house, self._called, caller, _NO_MENU, NOTHING)
        self._called.out.changed = self._wake.set
        self.contact = attempt.contact
        self._attempt = attempt
        self._asking: asyncio.Task[str] | None = None
        self._life: asyncio.Task[None] | None = None
        self._told_outcome = False
        self._lent: PhoneLeg | None = None

    @property
    def _line_state(self) -> Literal["calling", "ringing", "talking"]:
        state = self._called.out.state
        return "talking" if state == "over" else state

    @property
    def _reached(self) -> bool:
        return self._called.outcome == "reached"

    def with_phone(self, leg: PhoneLeg, give_back: Callable[[Contact, PhoneLeg], None]) -> None:
        """The agent's phone rings or is lifted already; it is given back while a message is what the agent has."""
        leg.move(self._wake.set, self._line.leg.send_digits, self)
        self._desk = self._lent = leg
        self._give_back = give_back

    def _let_desk_go(self) -> None:
        leg, self._lent = self._lent, None
        found = self._house.feed.floor.contacts.get(self._attempt.contact)
        if leg is None or leg is not self._desk or found is None or self._stopping:
            super()._let_desk_go()
        elif found.absent and found.agent == leg.agent:
            self._desk = self._told = None
            if leg.leg is not None:
                leg.leg.stop_playing()
                leg.leg.hear = set()
            self._give_back(found, leg)
        else:
            super()._let_desk_go()

    async def run(self) -> None:
        """Call the subscriber and carry the talk; returns when everything about it is closed and told."""
        self._house.tell(self._attempt.agent, self._attempt.contact, None, type="ready")
        try:
            async with asyncio.TaskGroup() as group:
                self._surely = group
                self._life = group.create_task(self._live())
        except asyncio.CancelledError:
            self._stopping = True
            raise
        finally:
            await self._close()

    async def _live(self) -> None:
        ended = await self._wait(self._reach(), self._watch_desk())
        if self._alone is not None:
            await MessageStage(self).closed_meanwhile(self._alone)
        elif not self._reached or ended is None:
            return
        else:
            await self._after(ended)
        await voice.say(self.leg, [prompts.prompt("goodbye", self.language)])

    # --- calling ------------------------------------------------------------------------------------------------

    async def _reach(self) -> None:
        try:
            async with asyncio.timeout(max(1.0, self._attempt.deadline - self._house.clock() - _MARGIN)):
                outcome = await self._dial()
        except TimeoutError:
            outcome = "no_answer"
        self._called.outcome = outcome
        log.info("call.dialled", contact_id=self._attempt.contact, attempt=self._attempt.number, outcome=outcome)
        await self._tell(outcome)
        await self._after_dial(outcome)
        if not self._reached:
            self.let_go()
            self.leave()

    async def _after_dial(self, outcome: str) -> None:
        """The floor knows the outcome; for what is to be said or noted after that."""

    async def _dial(self) -> str:
        """Return the outcome of the attempt; `reached` when a person is there."""
        number = self._caller.number
        assert number is not None
        if not await self._agent_lifts():
            return "agent_unreached"
        outcome = await self._ring(number)
        if outcome != "answered":
            return outcome if outcome in OUTCOMES else "unreachable"
        async with asyncio.TaskGroup() as group:
            self._asking = group.create_task(self._person())
            self._called.out.changed = self._line_changed
            self.leg.on_silence = self._fallen_silent
            if self._called.session.ended is not None:
                self._hung()
        return "hung_up" if self._asking.cancelled() else self._asking.result()

    async def _ring(self, number: str) -> Outcome:
        """Call the subscriber as soon as the database tells the ways; the attempt's deadline ends this, too."""
        shown = self._caller.called or "centre"
        while True:
            try:
                return await parties.call_number(
                    self._house, self._called.out, number, shown=shown, ring_s=self._attempt.ring_seconds
                )
            except Unavailable as problem:  # nobody was called yet
                log.warning("call.ways_wait", contact_id=self._attempt.contact, error=str(problem).split("\n")[0])
                await asyncio.sleep(_RETRY)

    async def _agent_lifts(self) -> bool:
        """Call the agent who works by phone first; True where the agent is there, or comes by the page."""
        found = self.found
        if found is None or self._house.phones.of(self._attempt.agent) is None:
            return True
        if not isinstance(self._desk, PhoneLeg):
            assert self._surely is not None
            self._call_phone(found, self._surely)
        leg = self._desk
        return isinstance(leg, PhoneLeg) and await leg.lifted(AGENT_RING_S)

    async def _person(self) -> str:
        """Called once it is answered; returns the outcome."""
        raise NotImplementedError

    def _line_changed(self) -> None:
        self._wake.set()
        if self._called.out.state == "over":
            self._hung()

    def _fallen_silent(self) -> None:
        log.warning("call.no_media", call_id=self.id)
        self._called.silent = self._reached
        self._hung()

    def _hung(self) -> None:
        if self._reached:
            if self._life is not None:
                self._gone(self._life)
        elif self._asking is not None:
            self._asking.cancel()

    async def _tell(self, outcome: str) -> None:
        """Tell the floor; tried until it has heard it or the attempt is over by its deadline anyway."""
        attempt = self._attempt
        while self._house.clock() < attempt.deadline + 60.0:
            try:
                if await tell_dialled(self._house.db, self._house.commands, attempt.contact, attempt.number, outcome):
                    break
            except Unavailable as problem:
                log.warning("call.outcome_waits", error=str(problem).split("\n")[0])
            await asyncio.sleep(_RETRY)
        self._told_outcome = True

    # --- beside it ----------------------------------------------------------------------------------------------

    def _arrange(self, group: asyncio.TaskGroup) -> None:
        found = self.found
        if found is not None and found.state == "dialling" and found.dials == self._attempt.number:
            self._while_it_rings(found)
        elif self._reached and found is not None and found.on_line:
            if self._desk is not None and self._desk.leg is not None:
                self._desk.leg.stop_playing()
            super()._arrange(group)
        elif found is not None and self._ended is None:
            self.let_go()  # the agent gave up or is gone, or the key came too late: the attempt is over without us
            self.leave()

    def _hears_line(self) -> bool:
        """Whether the agent hears the line already: what the network plays or says while it rings."""
        return self._called.out.early

    def _while_it_rings(self, found: Contact) -> None:
        """The agent hears that it rings; the subscriber hears the greeting alone."""
        desk, out = self._desk, self._called.out
        if desk is not None and desk.agent != found.agent:
            self._let_desk_go()
        elif desk is not None and desk.leg is not None:
            if self._hears_line():
                desk.leg.hear = {out.leg}
                desk.leg.stop_playing()
            elif out.state != "talking" and desk.leg.playing is None:
                desk.leg.play(prompts.ringback(), loop=True)
        if found.agent is not None:
            self._tell_state(found, found.agent)

    async def _end_contact(self, contact: str) -> None:
        """The worker stops or the line broke: before somebody was reached only the attempt is over."""
        if self._reached:
            await super()._end_contact(contact)
        elif not self._told_outcome:
            await self._tell("worker_lost")
