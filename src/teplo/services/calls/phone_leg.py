"""The agent's side of a call on a phone: it rings with the offer, and answering it accepts."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import structlog
from uuid_utils import uuid7

from ...channels.voice.media.rtp_leg import RtpLeg
from ...channels.voice.sip.refer import Referral
from ...channels.voice.sip.session import Session
from ...domain.contact import Contact
from ...domain.errors import Refused
from . import parties
from .agent_leg import Media
from .house import House
from .line import CallerLine
from .outgoing import OutgoingLine
from .phone_book import Known
from .referring import DONE, Talk, ask_in, follow, leave_to, let_go

log = structlog.get_logger()

UNREACHABLE: Final = "phone_unreachable"
"""Why an agent is set aside whose phone cannot be called."""
_RING_S: Final = 120.0
_RING_ON_S: Final = 10.0
"""Beyond the deadline of the offer or the dial: the floor decides when it was missed."""
_RING_AGAIN_S: Final = 20.0
_TOLD_S: Final = 2.0
"""A phone that hangs up so soon after its transfer has failed does so by itself, as baresip before 2.0."""
_DECLINED: Final = {"busy": "phone_busy", "declined": "phone_declined"}


@dataclass(slots=True)
class Consultation:
    """A second call of the phone, with whom it is about (`guest`: a person's id or that of an outside number)."""

    line: CallerLine
    session: Session
    guest: str | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)


class PhoneLeg:
    """The phone of the agent who has the contact, from the offer to the end of the talk.

    `run` is its whole life and ends by itself or with `close`. A phone that is lost in the talk is called once more; if
    that fails the subscriber goes back to the queue and the agent is set aside: nobody is stuck. One that hangs up
    because a transfer was refused is called again, too: nobody has ended the talk.
    """

    def __init__(
        self,
        house: House,
        found: Contact,
        phone: Known,
        called: str,
        changed: Callable[[], None],
        digits: Callable[[str], None],
        talk: Talk,
    ) -> None:
        """`called`: the number that the subscriber dialled, shown on the phone. `digits` takes keys pressed there."""
        self._house = house
        self._contact: str = found.id
        self._phone = phone
        self._called = called
        self._changed = changed
        self._digits = digits
        self._call = talk
        self._group: asyncio.TaskGroup | None = None
        self._referral: Referral | None = None
        self._handing: asyncio.Task[int] | None = None
        self._second: Consultation | None = None
        self._told_at = -_TOLD_S
        """When the phone was last told that a transfer had failed."""
        self._deaf = False
        self._task: asyncio.Task[None] | None = None
        self._line: OutgoingLine | None = None
        self._over = asyncio.Event()
        self._lost = False
        self._settled = asyncio.Event()
        self.agent = phone.agent
        self.lifted_once = False
        """Whether it was ever answered."""
        self._tell_page(None)

    @property
    def leg(self) -> RtpLeg | None:
        """The phone's audio while it is answered: of its two calls that which it does not hold."""
        first = self._line.leg if self._line is not None and self._line.state == "talking" else None
        if self._second is None or (self._second.line.held and first is not None and not self.line_held):
            return first
        return self._second.line.leg

    @property
    def media(self) -> Media:
        """`connecting` while it rings."""
        if self.leg is None:
            return "lost" if self._lost else "connecting"
        return "lost" if self._deaf else "ok"

    @property
    def held(self) -> bool:
        """Whether the phone holds all of its calls; who consults somebody has the subscriber on hold anyway."""
        return self.line_held and (self._second is None or self._second.line.held)

    @property
    def line_held(self) -> bool:
        """Whether the phone holds the subscriber's line."""
        return self._line is not None and self._line.held

    def move(self, changed: Callable[[], None], digits: Callable[[str], None], talk: Talk) -> None:
        """A call takes over the phone that was rung before there was a call."""
        self._changed, self._digits, self._call = changed, digits, talk

    def begin(self, group: asyncio.TaskGroup, line: OutgoingLine | None = None) -> None:
        """Call the phone, in the group of the call's tasks; or go on with a line on which it talks already."""
        self._group = group
        self._task = group.create_task(self._run(line))

    async def lifted(self, seconds: float) -> bool:
        """Wait until the phone is answered; False where it is not within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._settled.wait()
        except TimeoutError:
            return False
        return self.leg is not None

    def signal(self, tab: str, signal: dict[str, Any]) -> None:
        """A page that wants to carry the sound is told where the sound is."""
        if signal.get("type") == "join":
            self._tell_page(tab)

    def look(self) -> None:
        """Notice that packets come again after a silence."""
        leg = self.leg
        if self._deaf and leg is not None and not leg.timed_out:
            self._deaf = False
            self._changed()

    def close(self) -> None:
        """Stop ringing or hang up."""
        if self._referral is not None and self._handing is not None:
            # Somebody else has the talk: that is what the phone wanted.
            done = self._found() is None or self._call.handed_outside
            self._referral.tell(DONE if done else 480)
            self._handing.cancel()
        if self._task is not None:
            self._task.cancel()
            self._task = None
        if self._line is not None:
            self._line.close()
        if self._second is not None:
            self._second.line.close()

    async def consult(self, session: Session) -> None:
        """The phone calls somebody beside the talk: they are asked in, and this second call is the agent's audio.

        It ends with the guest, or the guest with it; REFER with Replaces leaves the talk to the guest.
        """
        if self._second is not None or self._referral is not None:
            session.reject(486)
            return
        second = Consultation(CallerLine(self._house, session, str(uuid7())), session)
        self._second = second
        second.line.on_ended, second.line.on_held = second.over.set, self._changed
        try:
            if not await second.line.open():
                return
            second.line.leg.on_digit = self._pressed
            guest = second.guest = await ask_in(self._house, self._call, self._contact, self.agent, session.called)
            self._changed()
            if guest is not None:
                await self._until_over(second, guest)
        finally:
            second.line.close()
            self._second = None
            self._changed()
        if second.guest is not None and self._handing is None:
            await let_go(self._house, self._call, self._contact, self.agent, second.guest)

    async def _until_over(self, second: "Consultation", guest: str) -> None:
        async with asyncio.TaskGroup() as group:
            over = group.create_task(second.over.wait())
            coming = group.create_task(self._call.joined(guest))
            await asyncio.wait([over, coming], return_when=asyncio.FIRST_COMPLETED)
            if not over.done() and coming.result():
                await over
            over.cancel()
            coming.cancel()

    # --- its life -----------------------------------------------------------------------------------------------

    async def _run(self, line: OutgoingLine | None) -> None:
        try:
            await self._live(line)
        finally:
            self._settled.set()

    async def _live(self, line: OutgoingLine | None) -> None:
        outcome = await (self._talk(self._ring_s()) if line is None else self._go_on(line))
        lost_before = False
        while outcome == "gave_up" or (outcome is None and not lost_before):
            lost_before = lost_before or outcome is None
            log.warning("call.phone_lost", contact_id=self._contact, agent_id=self.agent, why=outcome or "lost")
            self._lost = True
            self._changed()
            outcome = await self._talk(_RING_AGAIN_S)
        if outcome == "hung_up":
            await self._hung_up()
            return
        log.info("call.phone_not_answered", contact_id=self._contact, agent_id=self.agent, why=outcome or "lost")
        found = self._found()
        if found is not None and found.state == "offered":
            await self._not_taken(outcome, found)
        elif found is not None and found.state == "talking":
            await self._set_aside()
            await self._give_back(found)

    def _ring_s(self) -> float:
        """As long as the agent may answer: a phone that nobody stops (its worker was killed) rings no longer."""
        found = self._found()
        if found is None or found.state not in ("offered", "dialling") or found.deadline is None:
            return _RING_S
        return min(_RING_S, max(0.0, found.deadline - self._house.clock()) + _RING_ON_S)

    async def _hung_up(self) -> None:
        """The agent's end of the talk; a phone that is handing the talk over may leave before that is done."""
        if self._handing is not None:
            await asyncio.wait([self._handing])
            found = self._found()
            if found is not None and found.state == "talking":
                await self._give_back(found)
            return
        await self.finish()

    async def finish(self) -> None:
        """The agent's end of the talk, or of a message: while its subscriber is called, of both."""
        found = self._found()
        if found is not None and found.absent and found.state == "dialling":
            await self._send("end", by="agent", agent=self.agent)
        await self._send("end", by="agent", agent=self.agent)

    async def _talk(self, ring_s: float) -> str | None:
        """Call and talk; return how that went: `hung_up` by the agent, None for a talk whose phone was lost.

        `gave_up`: the phone hung up because a transfer was refused.
        """
        self._deaf = False
        line = self._take(OutgoingLine(self._house, self._contact))
        outcome = await parties.call_phone(
            self._house, line, self._phone, contact=self._contact, shown=self._called, ring_s=ring_s
        )
        if outcome != "answered":
            return outcome
        self.lifted_once, self._told_at = True, -_TOLD_S
        if not await self._taken():
            line.close()
            return "taken"
        self._lost = False
        self._changed()
        self._settled.set()
        return await self._end_of(line)

    async def _go_on(self, line: OutgoingLine) -> str | None:
        """The same for a phone that was in the call as a guest's."""
        self._take(line)
        self._changed()
        return "hung_up" if line.state == "over" else await self._end_of(line)

    def _take(self, line: OutgoingLine) -> OutgoingLine:
        self._over.clear()
        self._line = line
        line.changed = self._line_changed
        line.leg.on_silence = self._silent
        line.leg.on_digit = self._pressed
        return line

    async def _end_of(self, line: OutgoingLine) -> str | None:
        if line.session is not None:
            line.session.on_refer = self._referred
        await self._over.wait()
        if line.ended is None or line.ended.why != "remote_bye":
            return None
        return "gave_up" if asyncio.get_running_loop().time() - self._told_at < _TOLD_S else "hung_up"

    async def _taken(self) -> bool:
        """Answering accepts, unless the page has done that already."""
        found = self._found()
        if found is None or found.state in ("talking", "dialling"):
            return found is not None
        return await self._send("accept", agent=self.agent, offer=found.offer)

    async def _not_taken(self, outcome: str | None, found: Contact) -> None:
        """The offer goes on to somebody else; whose phone cannot be reached is set aside, as if it had been missed."""
        reason = _DECLINED.get(outcome or "")
        if reason is not None:
            await self._send("decline", agent=self.agent, offer=found.offer, reason=reason)
        elif outcome != "taken":
            await self._set_aside()

    async def _give_back(self, found: Contact) -> None:
        """The talk goes on with somebody else: the subscriber keeps the place, and ends only where that is refused."""
        if not await self._send("transfer", agent=self.agent, to={"queue": found.queue}):
            await self._send("end", by="system", reason="agent_line_lost")

    async def _set_aside(self) -> None:
        presence = self._house.feed.floor.settings.offer_missed_presence
        body = {"agent": self.agent, "presence": presence, "reason": UNREACHABLE, "by": "system"}
        try:
            await self._house.commands.send("set_presence", body)
        except Refused as refused:
            log.warning("call.phone_command_refused", command="set_presence", code=refused.code)

    async def _send(self, command: str, **body: Any) -> bool:
        """Do what the agent's desk would do; False where it was refused. What is late will still be done."""
        try:
            await self._house.commands.send(command, {"contact": self._contact, **body})
        except Refused as refused:
            log.info("call.phone_command_refused", contact_id=self._contact, command=command, code=refused.code)
            return refused.code == "command.unconfirmed"
        return True

    # --- what happens on the line -------------------------------------------------------------------------------

    def _line_changed(self) -> None:
        if self._line is not None and self._line.state == "over":
            self._over.set()
        self._changed()

    def _silent(self) -> None:
        """No packet for long: ask the phone whether it is there; one that does not answer ends the session."""
        line = self._line
        if line is None or line.held or line.session is None:
            return
        self._deaf = True
        line.session.negotiation.refresh()
        self._changed()

    def _referred(self, referral: Referral) -> bool:
        """The transfer key was pressed: one hand-over at a time."""
        found = self._found()
        if found is None or found.state != "talking" or self._referral is not None or self._group is None:
            return False
        self._referral = referral
        self._handing = self._group.create_task(self._hand(referral))
        return True

    async def _hand(self, referral: Referral) -> int:
        if referral.replaces is None:
            status = await follow(self._house, self._call, self._contact, self.agent, referral.target)
        elif self._second is None or self._second.guest is None or not referral.replaces.names(self._second.session):
            status = 481  # no dialog of this phone (RFC 3891 3)
        else:
            guest = self._second.guest
            status = await leave_to(self._house, self._call, self._contact, self.agent, guest)
        referral.tell(status)
        if status != DONE:
            self._told_at = asyncio.get_running_loop().time()
            self._referral = self._handing = None
        return status

    def _pressed(self, key: str) -> None:
        found = self._found()
        if found is not None and found.state == "talking":
            self._digits(key)

    def _tell_page(self, tab: str | None) -> None:
        self._house.tell(self.agent, self._contact, tab, type="phone")

    def _found(self) -> Contact | None:
        """The contact, while it is this agent's."""
        found = self._house.feed.floor.contacts.get(self._contact)
        return found if found is not None and found.agent == self.agent else None
