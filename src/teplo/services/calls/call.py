"""One telephone call from its first ring to its end, told in order: menu, queue, talk, grade."""

import asyncio
from collections.abc import Coroutine
from dataclasses import asdict
from typing import Any, Literal, TypeVar

import structlog

from ...channels.voice import prompts
from ...channels.voice.media.leg import Leg
from ...domain import events as e
from ...domain import menu_talk as talk
from ...domain.contact import SUBSCRIBER_LOST, Contact
from ...domain.menu import Menu
from ...domain.together import HANDED_OUTSIDE
from . import entrance, hearing, survey, voice, waiting
from .agent_leg import AgentLeg
from .arrival import Caller
from .callback_desk import CallbackDesk
from .desk_leg import DeskLeg
from .ending import LINE_LOST, tell_end, write_end
from .guests import Guests
from .holding import Holding
from .house import House
from .in_time import outcome_of
from .line import LOST, Line
from .message_stage import MessageStage
from .outgoing import OutgoingLine
from .phone_leg import PhoneLeg
from .tape import Tape

log = structlog.get_logger()

_QUALITY_EVERY = 5

T = TypeVar("T")


class Call:
    """One call: `run` is its whole life. The floor's facts come by `heard`, the desk's words by `signal`."""

    def __init__(self, house: House, line: Line, caller: Caller, menu: Menu, around: talk.Around) -> None:
        self._house = house
        self._line = line
        self._caller = caller
        self._menu = menu
        self._around = around
        self.contact: str | None = None
        self.coming: str | None = None
        """The contact whose place is asked for."""
        self.language = caller.language
        self._desk: AgentLeg | None = None
        self._early: tuple[str, str, dict[str, Any]] | None = None
        self._guests: Guests | None = None
        self._tape: Tape | None = None
        self._holding = Holding(house.commands, house.clock)
        self._wake = asyncio.Event()
        self._ended: e.ContactEnded | None = None
        self._told: dict[str, Any] | None = None
        self.hung_up = False
        """Whether the subscriber has hung up, or is there no more."""
        self._stopping = False
        self._left = False
        self.end_reason: str | None = None
        """Why the call is over, where that is not how its line ended."""
        self._registering: asyncio.Task[None] | None = None
        self._callbacks = CallbackDesk(self)
        self._alone: Contact | None = None
        """Where the contact was put off to the opening although its caller is on the line."""
        self._surely: asyncio.TaskGroup | None = None
        """For what must be finished even where the subscriber hangs up meanwhile."""

    @property
    def id(self) -> str:
        """The call's id."""
        return self._caller.call

    async def run(self) -> None:
        """Carry the call; returns when everything about it is closed and told."""
        try:
            if await self._line.open():
                async with asyncio.TaskGroup() as group:
                    self._surely = group
                    life = group.create_task(self._live())
                    self._line.on_ended = lambda: self._gone(life)
                    if self._line.ended is not None:
                        self._gone(life)
        except asyncio.CancelledError:
            self._stopping = True
            raise
        finally:
            await self._close()

    @property
    def house(self) -> House:
        """The worker's means."""
        return self._house

    @property
    def caller(self) -> Caller:
        """Who is on the line."""
        return self._caller

    @property
    def line(self) -> Line:
        """The subscriber's line."""
        return self._line

    @property
    def leg(self) -> Leg:
        """The subscriber's audio."""
        return self._line.leg

    def join(self, contact: str) -> None:
        """The line is this contact's from now on; what a page has said to it while that was not certain is heard."""
        self.contact, self.coming = contact, None
        self._hear_early()

    def let_go(self) -> None:
        """The contact goes on without this line, whatever happens to it from now on."""
        self.contact = None

    def leave(self) -> None:
        """There is nothing more to wait for: everything was said."""
        self._left = True
        self._wake.set()

    @property
    def left(self) -> bool:
        """Whether everything was said."""
        return self._left

    @property
    def found(self) -> Contact | None:
        """The contact as the floor has it; None while or where it has none."""
        return self._house.feed.floor.contacts.get(self.contact) if self.contact else None

    def look_again(self) -> None:
        """Settle anew who hears what: something else was played meanwhile."""
        self._wake.set()

    def music(self) -> None:
        """Let the caller hear music while nothing else is played."""
        if self._line.leg.playing is None:
            self._line.leg.play(prompts.music(), loop=True)

    def beside(self, work: Coroutine[Any, Any, T]) -> asyncio.Future[T]:
        """Begin something that is finished even where the subscriber hangs up meanwhile.

        That the database is away is raised where the result is awaited, and ends nothing else of the call.
        """
        assert self._surely is not None
        return outcome_of(self._surely, work)

    # --- what comes from outside --------------------------------------------------------------------------------

    def heard(self, event: e.Event) -> None:
        """The floor decided something about this contact."""
        match event:
            case e.ContactEnded():
                self._ended = event
            case e.ColleagueInvited() if self._guests:
                if not self._guests.full:
                    self._holding.hold(event.contact, event.agent)  # the two speak alone first
                self._guests.invited(event.colleague)
            case e.ColleagueLeft() if self._guests:
                self._guests.left(event.colleague, event.why)
            case e.ContactMonitored() if self._guests:
                self._guests.monitored(event.supervisor, event.mode)
            case e.CallbackAsked():
                self.let_go()  # the promise holds from now on, whether or not the database has answered the wish
                self._callbacks.asked.set()
        self._hear_early()

    def _hear_early(self) -> None:
        early, self._early = self._early, None
        if early is not None:
            self.signal(*early)
        self._wake.set()

    def signal(self, agent: str, tab: str, signal: dict[str, Any]) -> None:
        """A page of the agent's desk, or of a guest's, speaks about its leg."""
        found = self.found
        if self._guests is not None and self._guests.signal(agent, tab, signal):
            self._told = None
            return
        if found is None or found.state == "waiting" or found.agent != agent:
            self._early = (agent, tab, signal)  # the page was quicker than our news of the offer, or of the guest
            return
        if found.state not in ("offered", "dialling", "talking"):
            return
        if self._desk is None or self._desk.agent != agent:
            self._let_desk_go()
            if self._house.phones.of(agent) is not None:
                self._wake.set()  # the phone is being called and the page is told so
                return
            self._desk = DeskLeg(self._house, found.id, agent, self._wake.set)
        self._desk.signal(tab, signal)
        self._told = None  # the page that has just come knows nothing yet
        self._wake.set()

    def act(self, kind: str, agent: str, body: dict[str, Any]) -> None:
        """Do what the agent wishes: hold, resume, digits, pause_recording, resume_recording."""
        found = self.found
        if found is None or found.agent != agent or found.state != "talking":
            return
        match kind:
            case "hold":
                self._holding.hold(found.id, agent)
            case "resume":
                self._holding.resume(found.id, agent)
            case "dial" if self._guests:
                if not self._guests.full:
                    self._holding.hold(found.id, agent)  # the two speak alone first
                self._guests.dial(str(body["id"]), str(body["number"]))
            case "merge" if self._guests:
                self._holding.resume(found.id, agent)
                self._guests.merge()
            case "drop" if self._guests:
                self._guests.drop(str(body.get("guest")))
            case "digits":
                self._line.leg.send_digits(str(body.get("digits", "")))
            case "pause_recording" if self._tape:
                self._tape.pause()
            case "resume_recording" if self._tape:
                self._tape.resume()
        self._wake.set()

    @property
    def handed_outside(self) -> bool:
        """Whether the agent has left the talk to an outside number."""
        return self._ended is not None and self._ended.reason == HANDED_OUTSIDE

    async def joined(self, guest: str) -> bool:
        """Wait until somebody who was asked in is there, or is not coming."""
        return self._guests is not None and await self._guests.joined(guest)

    def talks_by_phone(self, agent: str) -> PhoneLeg | None:
        """The phone on which this agent has the talk."""
        found = self.found
        there = found is not None and found.agent == agent and found.state == "talking"
        return self._desk if there and isinstance(self._desk, PhoneLeg) else None

    # --- its life -----------------------------------------------------------------------------------------------

    async def _live(self) -> None:
        self._line.show("menu")
        if await self._callbacks.rejoin() or await entrance.lead(self, self._callbacks, self._menu, self._around):
            await self._served()
        if not self._left:
            await voice.say(self._line.leg, [prompts.prompt("goodbye", self.language)])
        self._line.hang_up()

    async def _served(self) -> None:
        """Wait in the queue, talk, grade; or let the line go and be called back."""
        ended = await self._wait(waiting.announce(self, self._callbacks), self._watch_desk())
        if ended is not None:
            await self._after(ended)
        elif self._alone is not None:
            await MessageStage(self).closed_meanwhile(self._alone)

    async def _after(self, ended: e.ContactEnded) -> None:
        """The contact is over: an outside number goes on talking with the subscriber, else the talk is graded."""
        if ended.reason == HANDED_OUTSIDE and self._guests is not None and self._guests.outside is not None:
            await self._outside(self._guests)
        elif ended.stage == "talking" and ended.by != "subscriber":
            self._line.show("grade")
            await survey.grade(self, ended)

    async def _wait(self, *beside: Coroutine[Any, Any, None]) -> e.ContactEnded | None:
        """Follow the floor until the contact has ended (return how) or goes on without this line (None)."""
        assert self.contact is not None
        async with asyncio.TaskGroup() as group:
            self._guests = Guests(self._house, self.contact, self._caller.called, group, self._wake.set)
            tasks = [group.create_task(one) for one in (*beside, self._holding.run())]
            while self._ended is None and not self._left and self._alone is None:
                await self._wake.wait()
                self._wake.clear()
                self._arrange(group)
            self._guests.close(keep=self._guests.outside if self.handed_outside else None)
            if self._registering is not None:
                tasks.append(self._registering)  # the end writes it, too
            for task in tasks:
                task.cancel()
            self._let_desk_go()
        await self._over()
        return self._ended

    def _arrange(self, group: asyncio.TaskGroup) -> None:
        """Bring who hears whom to what the floor says now."""
        found, caller = self.found, self._line.leg
        if found is not None and found.state == "deferred" and found.on_line:
            self._alone = found
        if self._desk is not None and (found is None or found.agent != self._desk.agent):
            self._let_desk_go()
        if found is None or self._guests is None:
            if self.contact is not None and self._ended is None:
                self.music()  # the news of the arrival is late
            return
        if self._desk is None and found.state == "talking" and found.agent is not None:
            self._adopt(found, group)
        if self._desk is None and found.state in ("offered", "talking"):
            self._call_phone(found, group)
        desk = self._desk
        if found.state == "talking" and self._tape is None:
            self._tape = Tape.begin(self._house, found.id, caller)
            self._registering = group.create_task(self._tape.register())
        self._holding.only_of(found.agent if found.state == "talking" else None)
        if found.state == "talking" and desk is not None:
            self._holding.follow(found.id, desk.agent, desk.line_held)
        there = found.state == "talking" and desk is not None and desk.media == "ok" and not desk.held
        agent = desk.leg if there and desk is not None else None
        settled = hearing.settle(caller, agent, self._guests, held=self._holding.on)
        settled.apply()
        if agent is None and desk is not None and desk.leg is not None:
            desk.leg.hear = set()
        if agent is not None and self._guests.ringing and agent.playing is None:
            agent.play(prompts.ringback(), loop=True)
        elif agent is not None and not self._guests.ringing:
            agent.stop_playing()
        if self._tape is not None:
            self._tape.talking(found.state == "talking")
            self._tape.agents(caller.hear)
        self._line.show("talking" if caller.hear else "held" if found.state == "talking" else "queue")
        if found.state == "talking" and found.agent is not None:
            self._tell_state(found, found.agent)

    async def _outside(self, guests: Guests) -> None:
        """The agent has left the subscriber with an outside number: until one of the two hangs up."""
        guest = guests.outside
        assert guest is not None and guest.leg is not None
        caller, other = self._line.leg, guest.leg
        caller.hear, other.hear = {other}, {caller}
        while guest.state == "talking":
            self._wake.clear()
            await self._wake.wait()

    async def _over(self) -> None:
        self._let_desk_go()
        if self._tape is not None:
            await self._tape.end()
        self._line.leg.hear = set()
        self._line.leg.stop_playing()

    async def _close(self) -> None:
        """Hang up, end the contact if it is still open, and write down that the call is over."""
        self._line.close()
        self._let_desk_go()
        if self._guests is not None:
            self._guests.close()
        if self._tape is not None:
            await self._tape.end()
        if self.contact is not None and self._ended is None:
            await self._end_contact(self.contact)
        why = self.end_reason or self._line.ended or "worker"
        await write_end(self._house.db, self.id, why, lambda: self._stopping)
        log.info("call.over", call_id=self.id, contact_id=self.contact)

    async def _end_contact(self, contact: str) -> None:
        """Tell the floor that the line is closed; tried until the floor has heard it."""
        lost = self.hung_up and self._line.ended in LOST
        by: Literal["subscriber", "system"] = "subscriber" if self.hung_up and not lost else "system"
        reason = SUBSCRIBER_LOST if lost else LINE_LOST
        if not self._stopping:
            await self._holding.settle()
        while not await tell_end(self._house.commands, contact, by, reason):
            if self._stopping:
                return  # the ward ends what a worker that is gone has left

    # --- beside it ----------------------------------------------------------------------------------------------

    async def _watch_desk(self) -> None:
        """Notice within a second that the agent's audio is back; tell the figures of the line now and then."""
        seconds = 0
        while True:
            await asyncio.sleep(1.0)
            seconds += 1
            desk = self._desk
            if self._guests is not None:
                self._guests.look()
            if desk is None or self.contact is None:
                continue
            desk.look()
            if desk.leg is not None and desk.media == "ok" and seconds % _QUALITY_EVERY == 0:
                self._house.tell(desk.agent, self.contact, None, **hearing.quality(desk.leg, self._line.leg))

    # --- inside -------------------------------------------------------------------------------------------------

    def _gone(self, life: asyncio.Task[None]) -> None:
        self.hung_up = True
        life.cancel()

    def _adopt(self, found: Contact, group: asyncio.TaskGroup) -> None:
        """Whoever was in the call and has become its agent keeps the leg."""
        guest = self._guests.adopt(found.agent) if self._guests is not None and found.agent else None
        if guest is not None and guest.desk is not None:
            self._desk = guest.desk
        elif guest is not None and guest.line is not None:
            self._call_phone(found, group, guest.line)

    def _call_phone(self, found: Contact, group: asyncio.TaskGroup, line: OutgoingLine | None = None) -> None:
        """An agent who works by phone is called there, or talks there already."""
        phone = self._house.phones.of(found.agent)
        if phone is not None:
            called, keys = self._caller.called, self._line.leg.send_digits
            self._desk = leg = PhoneLeg(self._house, found, phone, called, self._wake.set, keys, self)
            leg.begin(group, line)

    def _let_desk_go(self) -> None:
        if self._desk is not None:
            self._desk.close()
            self._desk = None
            self._told = None

    @property
    def _line_state(self) -> Literal["calling", "ringing", "talking"]:
        """How far a call by us is."""
        return "talking"

    def _tell_state(self, found: Contact, agent: str) -> None:
        desk = self._desk
        state = {
            "held": self._holding.on or (desk is not None and desk.held),
            "recording": self._tape.state if self._tape else "off",
            "connected": bool(self._line.leg.hear),
            "media": desk.media if desk else "connecting",
            "since": found.answered_at,
            "line": self._line_state,
            "guests": self._guests.told() if self._guests else [],
            "gone": [asdict(gone) for gone in self._guests.gone] if self._guests else [],
        }
        if state == self._told:
            return
        self._told = state
        self._house.tell(agent, found.id, None, type="state", **state)
        for guest in self._guests or ():
            if guest.desk is not None:
                self._house.tell(guest.id, found.id, None, type="state", **state)
