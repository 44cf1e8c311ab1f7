"""What happens by time alone: every state that passes has a deadline here and a way out."""

from __future__ import annotations

from collections.abc import Callable

from . import events as e
from .agent import Agent
from .calling_back import CallingBack
from .contact import Contact
from .ids import Instant
from .quick import quick

_ended = quick(e.ContactEnded)
_wrap_up_started = quick(e.WrapUpStarted)
_wrap_up_ended = quick(e.WrapUpEnded)


class Deadlines(CallingBack):
    """`next_deadline` tells when to call `tick`. Every other command, too, ends with what is due at its instant."""

    def next_deadline(self) -> Instant | None:
        """Return when the next state passes, or None if none does."""
        return self.index.timers.next_deadline()

    def tick(self, *, now: Instant) -> list[e.Event]:
        """Handle everything that is due."""
        self._begin(now)
        return self._finish()

    def _lapse(self) -> None:
        at, index = self._at, self._index or self.index
        for thing in index.timers.due(at):
            if isinstance(thing, Contact):
                _PASSING[thing.state](self, thing)
                if thing.due is None and thing.id in self.contacts:
                    thing.checked_at = at
                    index.reschedule(thing)
            elif isinstance(thing, Agent):
                self._agent_due(thing)
                index.agent_readiness(thing)
            else:
                self._turn(thing)

    def _agent_due(self, agent: Agent) -> None:
        at = self._at
        if agent.away_at is not None and agent.away_at <= at:
            self._gone(agent, "disconnected", "system", "absent")
        if agent.hand is not None and agent.hand + self.settings.hand_seconds <= at:
            self._emit(e.HandLowered(at, agent.id, "system"))

    def _gone(self, agent: Agent, reason: str | None, by: str, why: str) -> None:
        """The agent is offline: everything in hand goes back."""
        self._emit(e.PresenceChanged(self._at, agent.id, "offline", reason, by))
        self._not_available(agent)
        self._take_away(agent, why)

    def _waiting_due(self, contact: Contact) -> None:
        at = self._at
        contact.checked_at = at
        state = self.queues[contact.queue]
        config = state.config
        waited = at - contact.waiting_since
        if waited >= config.max_wait and waited >= contact.patience(config.max_wait):
            self._end(contact, "system", "max_wait")
            return
        if contact.callback_zone is not None and self._put_off(contact):
            return
        if contact.reserved_until is not None and contact.reserved_until <= at:
            assert contact.preferred is not None
            self._emit(e.ReservationEnded(at, contact.id, contact.preferred, "time"))
        self._widen(contact)
        if not state.open and self._left_alone(contact):
            return
        if contact.refused:
            self.index.seeking[contact.id] = contact
        if config.overflow:
            self._brimming.append(contact)

    def _deferral_over(self, contact: Contact) -> None:
        """The opening is due, or it moved while the contact waited for it."""
        state = self.queues[contact.queue]
        self._turn(state)
        if contact.state != "deferred":
            return
        if state.open:
            self._begin_waiting(contact, "called")
            return
        hours = state.config.hours
        opens = None if hours is None else hours.opens_at(self._at)
        if opens is None and contact.arrived_at + state.config.max_wait <= self._at:
            self._end(contact, "system", "never_opened")
        else:
            self._defer(contact, state)

    def _missed(self, contact: Contact) -> None:
        """The contact keeps its place; the agent who did not answer is set aside."""
        at, agent_id, offer = self._at, contact.agent, contact.offer
        assert agent_id is not None and offer is not None
        agent, reserved = self.agents[agent_id], contact.reserved_until
        self._emit(e.OfferMissed(at, contact.id, agent_id, offer))
        if reserved is not None:
            self._emit(e.ReservationEnded(at, contact.id, agent_id, "missed"))
        presence = self.settings.offer_missed_presence
        if presence != agent.presence:
            self._emit(e.PresenceChanged(at, agent_id, presence, "missed_offer", "system"))
            self._not_available(agent)
        self._return(contact, agent)

    def _end(self, contact: Contact, by: str, reason: str | None) -> None:
        """The conversation is over; whoever talked has wrap-up."""
        at, stage, agent_id = self._at, contact.state, contact.agent
        talk = held = 0.0
        if stage == "dialling":
            assert agent_id is not None
            self._dial_failed_by(contact, "ended", False)
            if contact.absent:
                stage = "talking"  # the agent of a voicemail has it while it rings, too
            else:
                agent_id = None
        elif stage == "returned":
            stage = "dialling"  # the last attempt has just failed
        if stage == "offered":
            self._withdraw(contact, "ended")
            agent_id = None
        wait = 0.0 if stage == "deferred" else at - contact.waiting_since
        if stage == "talking":
            answered = contact.answered_at or at
            wait, talk = answered - contact.waiting_since, at - answered
            self._resume(contact, "ended")
            held = contact.held
        queue = self.queues[contact.queue].config
        self._dismiss(contact, "ended")
        self._emit(
            _ended(
                at, contact.id, agent_id, contact.queue, by, reason, stage, round(wait, 6), round(talk, 6), held
            )
        )  # fmt: skip
        if agent_id is not None and queue.wrap_up_seconds > 0:
            self._emit(_wrap_up_started(at, contact.id, agent_id, at + queue.wrap_up_seconds))

    def _wrap_up_over(self, contact: Contact, why: str) -> None:
        assert contact.agent is not None
        spent = round(self._at - contact.state_since, 6)
        self._emit(_wrap_up_ended(self._at, contact.id, contact.agent, why, spent))


_PASSING: dict[str, Callable[[Deadlines, Contact], None]] = {
    "deferred": Deadlines._deferral_over,
    "waiting": Deadlines._waiting_due,
    "offered": Deadlines._missed,
    "dialling": lambda floor, contact: floor._dial_over(contact, "late"),
    "talking": lambda floor, contact: floor._end(contact, "system", "max_talk"),
    "wrap_up": lambda floor, contact: floor._wrap_up_over(contact, "time"),
}
"""What the deadline of each state leads to."""
