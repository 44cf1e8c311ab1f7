"""The floor decides: its methods are the commands, their results the facts that became true.

A command checks first and emits second: a refused one (`errors.Refused`) changes nothing. No clock, no randomness, no
input or output; `now` comes with every command, and the same commands give the same events.
"""

from __future__ import annotations

import re
from math import inf
from typing import Any, Self

from . import events as e
from . import floor_dump
from .agent import PRESENCES, Agent
from .calling_back import checked_zone
from .contact import Contact
from .errors import Conflict, Invalid, NotAllowed, NotFound
from .ids import AgentId, ContactId, Instant, QueueId, Seconds, SubscriberId
from .quick import quick
from .requirement import parse
from .voicemail import Voicemails

_arrived = quick(e.ContactArrived)
_accepted = quick(e.OfferAccepted)
_disposed = quick(e.ContactDisposed)

LIMIT = 10_000.0
"""Largest priority in minutes: about a week."""

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")

ENDED_BY = frozenset({"subscriber", "agent", "supervisor", "system"})


class Floor(Voicemails):
    """All present agents and waiting contacts at this moment."""

    @classmethod
    def load(cls, data: dict[str, Any]) -> Self:
        """Return the floor that `dump` described; raise Invalid("floor.format") for another format."""
        floor = cls()
        floor_dump.fill(floor, data)
        return floor

    # --- the subscriber's side --------------------------------------------------------------------------------

    def arrive(
        self,
        contact: ContactId,
        channel: str,
        queue: QueueId,
        subscriber: SubscriberId | None = None,
        language: str = "ru",
        region: str | None = None,
        priority: float = 0.0,
        preferred: AgentId | None = None,
        reason: str | None = None,
        thread: str | None = None,
        callback_zone: str | None = None,
        voicemail: dict[str, Seconds | None] | None = None,
        *,
        now: Instant,
    ) -> list[e.Event]:
        """A contact reached the centre. The same contact again is no news. `priority`: minutes of head start.

        `callback_zone`: the subscriber waits for a call back, within the calling hours of this zone. `voicemail`: the
        subscriber left a message of so many `seconds` (None: unknown) and is on the line no more.
        """
        if contact in self.contacts:
            return []
        state = self._queue(queue)
        if channel not in state.config.channels:
            raise Invalid("contact.channel", queue=queue, channel=channel)
        _check_priority(priority)
        zone = None if callback_zone is None else checked_zone(callback_zone)
        at = self._begin(now)
        self._emit(
            _arrived(
                at, contact, channel, queue, subscriber, language, region, priority, preferred, reason, thread, "in"
            )
        )  # fmt: skip
        arrived = self.contacts[contact]
        if zone is not None:
            self._emit(e.CallbackAsked(at, contact, zone))
        if voicemail is not None:
            self._emit(e.VoicemailLeft(at, contact, voicemail["seconds"]))
        if state.due is not None and state.due <= at:
            self._turn(state)
        if state.open:
            self._begin_waiting(arrived, "arrived")
        else:
            self._defer(arrived, state)
        return self._finish()

    def end(
        self, contact: str, by: str, reason: str | None = None, agent: str | None = None, *, now: Instant
    ) -> list[e.Event]:
        """The conversation is over. An agent may end only the own talk, or give up calling somebody back."""
        found = self._contact(contact)
        if by not in ENDED_BY:
            raise Invalid("contact.ended_by", by=by)
        _check_code(reason, "contact.end_reason")
        if found.state == "wrap_up":
            raise Conflict("contact.ended", contact=contact)
        if by == "agent" and (found.state not in ("talking", "dialling") or found.agent != agent):
            raise NotAllowed("contact.not_yours", contact=contact)
        self._begin(now)
        if by == "agent" and found.state == "dialling":
            self._dial_over(found, "cancelled")
        else:
            self._end(found, by, reason)
        return self._finish()

    def grade(self, contact: str, agent: str | None, queue: str, grade: int, *, now: Instant) -> list[e.Event]:
        """The subscriber gave 1 to 5; the contact may long be off the floor."""
        if type(grade) is not int or not 1 <= grade <= 5:
            raise Invalid("grade.invalid", grade=str(grade)[:20])
        at = self._begin(now)
        by = None if agent is None else AgentId(agent)
        self._emit(e.ContactGraded(at, ContactId(contact), by, QueueId(queue), grade))
        return self._finish()

    # --- the agent's side -------------------------------------------------------------------------------------

    def accept(self, contact: str, agent: str, offer: str, *, now: Instant) -> list[e.Event]:
        """The agent takes the offered contact, of several answers the first counts; a callback is dialled."""
        found = self._offered_contact(contact, agent, offer)
        at = self._begin(now)
        if found.callback_zone is not None:
            self._dial(found)
            return self._finish()
        wait = round(at - found.waiting_since, 6)
        assert found.offer is not None and found.agent is not None
        self._emit(_accepted(at, found.id, found.agent, found.offer, found.queue, wait))
        return self._finish()

    def decline(self, contact: str, agent: str, offer: str, reason: str, *, now: Instant) -> list[e.Event]:
        """The agent says no; the contact keeps its place and is not proposed to this agent for a while."""
        found = self._offered_contact(contact, agent, offer)
        _check_code(reason, "offer.decline_reason")
        at = self._begin(now)
        reserved = found.reserved_until
        assert found.offer is not None and found.agent is not None
        decliner = self.agents[found.agent]
        self._emit(e.OfferDeclined(at, found.id, found.agent, found.offer, reason))
        if reserved is not None:
            self._emit(e.ReservationEnded(at, found.id, decliner.id, "declined"))
        self._return(found, decliner)
        return self._finish()

    def dispose(self, contact: str, agent: AgentId, reasons: list[str], outcome: str, *, now: Instant) -> list[e.Event]:
        """The agent names reasons (main first) and outcome: the wrap-up is over."""
        found = self._wrapping(contact, agent)
        at = self._begin(now)
        self._emit(_disposed(at, found.id, agent, list(reasons), outcome, False))
        self._wrap_up_over(found, "disposed")
        return self._finish()

    def dispose_late(
        self, contact: str, agent: str, reasons: list[str], outcome: str, *, now: Instant
    ) -> list[e.Event]:
        """Reasons and outcome that come after the wrap-up was over."""
        at = self._begin(now)
        self._emit(e.ContactDisposed(at, ContactId(contact), AgentId(agent), list(reasons), outcome, True))
        return self._finish()

    def extend_wrap_up(self, contact: str, agent: str, *, now: Instant) -> list[e.Event]:
        """The agent needs more time, as often as the queue allows."""
        found = self._wrapping(contact, agent)
        config = self.queues[found.queue].config
        if found.extensions >= config.wrap_up_extensions:
            raise Conflict("wrap_up.no_more_time", contact=contact)
        at = self._begin(now)
        deadline = max(found.deadline or at, at) + config.wrap_up_extension_seconds
        self._emit(e.WrapUpExtended(at, found.id, AgentId(agent), deadline))
        return self._finish()

    def transfer(self, contact: str, agent: str, to: dict[str, Any], *, now: Instant) -> list[e.Event]:
        """The agent hands the talk over to a colleague, a queue or a skill; place, wait and context stay."""
        found = self._own_talk(contact, agent)
        at = self._begin(now)
        changes = self._transfer_changes(found, to, at)
        talk = round(at - (found.answered_at or at), 6)
        self._emit(e.ContactTransferred(at, found.id, AgentId(agent), dict(to)))
        self._dismiss(found, "ended")
        self._resume(found, "transferred")
        self._emit(e.ContactReleased(at, found.id, AgentId(agent), "transferred", talk, found.held))
        self._line_up(found, "transferred", details={"agent": agent}, **changes)
        self._widen(found)
        if self.queues[found.queue].config.overflow:
            self._brimming.append(found)
        return self._finish()

    def hold(self, contact: str, agent: str, *, now: Instant) -> list[e.Event]:
        """The agent put the subscriber on hold. Said again it is no news."""
        found = self._own_talk(contact, agent)
        if found.absent:
            raise Conflict("call.gone", contact=contact)
        if found.held_at is not None:
            return []
        at = self._begin(now)
        self._emit(e.ContactHeld(at, found.id, AgentId(agent)))
        return self._finish()

    def resume(self, contact: str, agent: str, seconds: Any = None, *, now: Instant) -> list[e.Event]:
        """The agent talks again. `seconds` that the hold took, where it was measured; news may come late."""
        found = self._own_talk(contact, agent)
        if found.held_at is None:
            return []
        if seconds is not None and not (isinstance(seconds, float | int) and 0 <= seconds < inf):
            raise Invalid("contact.hold_seconds")
        self._begin(now)
        self._resume(found, "agent", seconds)
        return self._finish()

    def set_presence(
        self, agent: str, presence: str, reason: str | None = None, by: str = "agent", *, now: Instant
    ) -> list[e.Event]:
        """Declare what the agent is doing. `by`: agent, supervisor, system."""
        found = self._agent(agent)
        if presence not in PRESENCES:
            raise Invalid("presence.unknown", presence=str(presence)[:40])
        _check_code(reason, "presence.reason")
        if not found.profile.active and presence != "offline":
            raise NotAllowed("agent.inactive", agent=agent)
        talking = sum(state in ("talking", "dialling") for state in found.contacts.values())
        if presence == "offline" and by == "agent" and talking:
            raise Conflict("presence.has_contacts", contacts=talking)
        if (presence, reason) == (found.presence, found.reason):
            return []
        at = self._begin(now)
        if presence == "offline":
            self._gone(found, reason, by, "absent")
        else:
            self._emit(e.PresenceChanged(at, found.id, presence, reason, by))
            if presence != "available":
                self._not_available(found)
        return self._finish()

    def connect(self, agent: str, *, now: Instant) -> list[e.Event]:
        """A desk of the agent is there."""
        found = self._agent(agent)
        if found.connected:
            return []
        if not found.profile.active:
            raise NotAllowed("agent.inactive", agent=agent)
        at = self._begin(now)
        self._emit(e.AgentConnected(at, found.id))
        return self._finish()

    def disconnect(self, agent: str, *, now: Instant) -> list[e.Event]:
        """The last desk of the agent went away. Nothing new is offered; after the grace the agent is offline."""
        found = self._agent(agent)
        if not found.connected:
            return []
        at = self._begin(now)
        self._emit(e.AgentDisconnected(at, found.id, at + self.settings.disconnect_grace))
        self._end_reservations(found)
        return self._finish()

    def raise_hand(self, agent: str, contact: str | None = None, *, now: Instant) -> list[e.Event]:
        """The agent asks for help, maybe about a contact in hand."""
        found = self._agent(agent)
        if contact is not None and contact not in found.contacts:
            raise NotAllowed("contact.not_yours", contact=contact)
        if not found.connected or found.presence == "offline":
            raise Conflict("agent.absent", agent=agent)
        if found.hand is not None and found.hand_contact == contact:
            return []
        at = self._begin(now)
        self._emit(e.HandRaised(at, found.id, None if contact is None else ContactId(contact)))
        return self._finish()

    def lower_hand(self, agent: str, by: str = "agent", *, now: Instant) -> list[e.Event]:
        """The request for help is answered or taken back."""
        found = self._agent(agent)
        if found.hand is None:
            return []
        at = self._begin(now)
        self._emit(e.HandLowered(at, found.id, by))
        return self._finish()

    # --- the supervisor's side --------------------------------------------------------------------------------

    def move(self, contact: str, queue: str, by: str, *, now: Instant) -> list[e.Event]:
        """Put a contact that has no agent yet into another queue; it keeps its place."""
        found = self._not_answered(contact)
        self._open_queue(found, queue, max(now, self.now))
        if queue == found.queue:
            return []
        at = self._begin(now)
        since = (found.since if found.callback_zone else 0.0) or at if found.state == "deferred" else found.since
        if found.state == "offered":
            self._withdraw(found, "moved")
        self._line_up(
            found,
            "moved",
            queue=QueueId(queue),
            since=since,
            preferred=found.preferred,
            details={"from": found.queue, "by": by},
        )
        self._put_off(found)  # a callback outside of the new queue's calling hours
        return self._finish()

    def prioritise(self, contact: str, priority: float, by: str, *, now: Instant) -> list[e.Event]:
        """Set the priority (minutes, the queue's share included) of a contact that has no agent yet."""
        found = self._not_answered(contact)
        _check_priority(priority)
        if priority == found.priority:
            return []
        at = self._begin(now)
        self._emit(e.ContactPrioritised(at, found.id, priority, by))
        return self._finish()

    # --- checks -----------------------------------------------------------------------------------------------

    def _offered_contact(self, contact: str, agent: str, offer: str) -> Contact:
        found = self.contacts.get(contact)
        if found is None:
            raise Conflict("offer.gone", contact=contact)
        if found.state != "offered" or found.offer != offer or found.agent != agent:
            taken = found.state in ("talking", "dialling")
            raise Conflict("offer.taken" if taken else "offer.gone", contact=contact)
        return found

    def _wrapping(self, contact: str, agent: str) -> Contact:
        found = self.contacts.get(contact)
        if found is None or found.state != "wrap_up":
            raise Conflict("contact.not_in_wrap_up", contact=contact)
        if found.agent != agent:
            raise NotAllowed("contact.not_yours", contact=contact)
        return found

    def _not_answered(self, contact: str) -> Contact:
        found = self._contact(contact)
        if found.state not in ("deferred", "waiting", "offered"):
            raise Conflict("contact.not_waiting", contact=contact)
        return found

    def _open_queue(self, contact: Contact, queue: str, now: Instant) -> None:
        state = self._queue(queue)
        if contact.channel not in state.config.channels:
            raise Conflict("queue.wrong_channel", queue=queue, channel=contact.channel)
        is_open, change = (True, None) if state.config.hours is None else state.config.hours.state(now)
        if not is_open:
            raise Conflict("queue.closed", queue=queue, opens_at=change)

    def _transfer_changes(self, contact: Contact, to: dict[str, Any], now: Instant) -> dict[str, Any]:
        """Check the target of a transfer and return what it changes in the contact's waiting."""
        if "agent" in to:
            colleague = self._colleague(contact, str(to["agent"]))
            seconds = max(self.queues[contact.queue].config.preferred_seconds, 1.0)
            return {"preferred": colleague.id, "reserved_until": now + seconds, "require": contact.require}
        if "queue" in to:
            self._open_queue(contact, str(to["queue"]), now)
            return {"queue": QueueId(str(to["queue"]))}
        if "skill" in to:
            require = {"skill": to["skill"], "min": to.get("min", 1)}
            if not self.index.able(parse(require), contact.channel):
                raise Conflict("skill.nobody", skill=str(to["skill"]))
            return {"require": require}
        raise Invalid("transfer.target")

    def _colleague(self, contact: Contact, agent: str) -> Agent:
        if agent == contact.agent:
            raise Invalid("transfer.self")
        found = self.agents.get(agent)
        if found is None:
            raise NotFound("agent.unknown", agent=agent)
        if not found.ready:
            raise Conflict("agent.absent", agent=agent)
        if not found.profile.capacity.get(contact.channel, 0):
            raise Conflict("agent.cannot_take", agent=agent, channel=contact.channel)
        return found


def _check_code(reason: Any, refusal: str) -> None:
    """Refuse a reason that is no code: the log holds no words of people."""
    if reason is not None and not (isinstance(reason, str) and _CODE.fullmatch(reason)):
        raise Invalid(refusal)


def _check_priority(priority: Any) -> None:
    if type(priority) not in (int, float) or not -LIMIT <= priority <= LIMIT:
        raise Invalid("contact.priority")
