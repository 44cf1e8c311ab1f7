"""The part of the floor under all commands: emit facts, put contacts in line, match who is free with who waits."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

from . import estimate
from . import events as e
from .agent import Agent
from .contact import LONGEST_DEFERRAL, Contact
from .errors import NotFound
from .fold import State
from .ids import AgentId, Instant, OfferId, QueueId, Seconds
from .index import Entry
from .queue import Overflow, Queue, QueueState
from .quick import quick
from .routing import Why, best_agent, best_contact

_queued = quick(e.ContactQueued)
_offered = quick(e.ContactOffered)
_step_reached = quick(e.StepReached)


class Decider(State):
    """Commands run between `_begin` and `_finish`; all events of a command carry the same instant."""

    def __init__(self) -> None:
        super().__init__()
        self._at: Instant = 0.0
        self._out: list[e.Event] = []
        self._brimming: list[Contact] = []
        """Contacts whose overflow is to be considered once all who can be offered are."""

    # --- one command ------------------------------------------------------------------------------------------

    def _begin(self, now: Instant) -> Instant:
        """Fix the instant of the command. Time never runs backwards: a clock that was set back stands still."""
        now = round(now * 1e6) / 1e6
        self._at = now = now if now > self.now else self.now
        self._out = []
        return now

    def _emit(self, event: e.Event) -> None:
        self._out.append(event)
        self._handlers[type(event)](event)
        self.now = event.at

    def _finish(self) -> list[e.Event]:
        """Bring the floor up to the instant, offer what can be offered, and return all events of the command."""
        index = self._index or self.index
        timers = index.timers.heap
        if timers and timers[0][0] <= self._at:
            self._lapse()
        if index.freed or index.seeking or index.unsettled or index is not self._index:
            self._match()
        if self._brimming:
            brimming, self._brimming = self._brimming, []
            for contact in brimming:
                self._overflow(contact)
        out, self._out = self._out, []
        return out

    def _lapse(self) -> None:
        """Handle what is due (`deadlines.py`)."""
        raise NotImplementedError

    def _end(self, contact: Contact, by: str, reason: str | None) -> None:
        """The conversation is over (`deadlines.py`)."""
        raise NotImplementedError

    def _dial_over(self, contact: Contact, outcome: str) -> None:
        """A callback did not reach its subscriber (`calling_back.py`)."""
        raise NotImplementedError

    def _contact(self, contact_id: str) -> Contact:
        contact = self.contacts.get(contact_id)
        if contact is None:
            raise NotFound("contact.unknown", contact=contact_id)
        return contact

    def _agent(self, agent_id: str) -> Agent:
        agent = self.agents.get(agent_id)
        if agent is None:
            raise NotFound("agent.unknown", agent=agent_id)
        return agent

    def _queue(self, queue_id: str) -> QueueState:
        state = self.queues.get(queue_id)
        if state is None:
            raise NotFound("queue.unknown", queue=queue_id)
        return state

    # --- matching ---------------------------------------------------------------------------------------------

    def _match(self) -> None:
        """Offer until nobody free can take anybody who waits: first for agents who became free, then for contacts."""
        index = self._index or self.index
        freed, seeking = index.freed, index.seeking
        while True:
            if freed:
                agent = _first_freed(freed)
                while agent.open:
                    choice = best_contact(index, agent, self.queues, self._at)
                    if choice is None:
                        break
                    self._offer(choice[0], agent, choice[1])
                freed.pop(agent.profile.id, None)
                continue
            if index.unsettled:
                index.settle()
            if seeking:
                if len(seeking) == 1:
                    contact = seeking.popitem()[1]
                else:
                    contact = min(seeking.values(), key=_by_rank)
                    del seeking[contact.id]
                line = contact.line
                if line is not None and not line.able & index.free.get(contact.channel, 0):
                    continue
                found = best_agent(index, self.queues[contact.queue].config, contact, self._at)
                if found is not None:
                    self._offer(contact, found[0], found[1])
            else:
                return

    def _offer(self, contact: Contact, agent: Agent, why: Why) -> None:
        queue, at = contact.queue, self._at
        offer: OfferId = f"{contact.id}:{contact.offers + 1}"  # type: ignore[assignment]
        deadline = at + self.queues[queue].config.offer_seconds
        self._emit(_offered(at, contact.id, agent.profile.id, offer, queue, deadline, why))

    # --- putting in line --------------------------------------------------------------------------------------

    def _line_up(
        self,
        contact: Contact,
        why: str,
        *,
        queue: QueueId | None = None,
        since: Instant | None = None,
        preferred: AgentId | None = None,
        reserved_until: Instant | None = None,
        require: dict[str, Any] | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        """Let the contact wait with these needs; without `queue` in its own, without `since` at its place."""
        name = contact.queue if queue is None else queue
        state = self.queues[name]
        priority = state.config.priority + contact.own_priority
        if since is None:
            since = contact.since
        index = self._index or self.index
        step = contact.step if name == contact.queue and require == contact.require else 0
        line = index.line(state.config, step, contact.channel, contact.language, contact.region, require)
        told = estimate.of_line(index, state, line, (since - 60.0 * priority, contact.number), self.queues)
        if told is not None and reserved_until is not None:
            told = estimate.kept(told, reserved_until - self._at)
        index.entering = line
        self._emit(
            _queued(
                self._at,
                contact.id,
                name,
                why,
                since,
                priority,
                preferred,
                reserved_until,
                require,
                None if told is None else [told[0], told[1]],
                {} if details is None else details,
            )
        )

    def _begin_waiting(self, contact: Contact, why: str) -> None:
        """Queue a contact that has just arrived or whose queue has just opened."""
        at, reserved, details = self._at, None, None
        if self._put_off(contact):
            return
        if contact.preferred is not None:
            reserved, details = self._reservation(contact)
        since = contact.since or at  # who waited before the closing keeps the place
        self._line_up(
            contact,
            why,
            since=since,
            preferred=contact.preferred,
            reserved_until=reserved,
            require=contact.require,
            details=details,
        )
        if self.queues[contact.queue].config.overflow:
            self._brimming.append(contact)

    def _put_off(self, contact: Contact, pause_until: Instant = 0.0, why: str = "callback") -> bool:
        """Put off a callback whose subscriber may not be called now; it keeps its place. False: it may wait."""
        if contact.callback_zone is None:
            return False
        at = self._at
        until = self._callable_from(contact, self.queues[contact.queue].config, pause_until)
        if until <= at:
            return False
        if at >= contact.arrived_at + LONGEST_DEFERRAL:
            self._end(contact, "system", "callback_expired")
        elif contact.state != "deferred" or contact.deadline != until:
            self._emit(e.ContactDeferred(at, contact.id, contact.queue, until, why))
        return True

    def _callable_from(self, contact: Contact, config: Queue, pause_until: Instant = 0.0) -> Instant:
        """Return from when a queue may offer the contact: now, but for callbacks outside of the calling hours."""
        if contact.callback_zone is None:
            return self._at
        after = max(self._at, contact.call_after, pause_until)
        return config.callback.callable_from(contact.callback_zone, after, config.offer_seconds)

    def _reservation(self, contact: Contact) -> tuple[Instant | None, dict[str, Any] | None]:
        """Return until when the contact is kept for its preferred agent, and from when this one may take it.

        Not at all for one who is absent, or neither able now nor by a step that comes in the time of keeping.
        """
        agent = self.agents.get(contact.preferred or "")
        config = self.queues[contact.queue].config
        if agent is None or not agent.ready or config.preferred_seconds <= 0:
            return None, None
        index, until = self.index, self._at + config.preferred_seconds
        if index.line_of(contact).able & agent.flag:
            return until, None
        if contact.require is None:
            needs = contact.channel, contact.language, contact.region
            for number, step in enumerate(config.steps[contact.step + 1 :], contact.step + 1):
                if step.after >= config.preferred_seconds:
                    break
                if index.line(config, number, *needs).able & agent.flag:
                    return until, {"preferred_step": number, "preferred_after": step.after}
        return None, None

    def _widen(self, contact: Contact) -> None:
        """Bring the contact to the step that its time in the queue has reached."""
        if contact.state == "waiting" and contact.require is None:
            at = self._at
            # As `Queue.step_at`, without its call: half of all commands come here.
            step = bisect_right(self.queues[contact.queue].config.step_starts, at - contact.entered_at) - 1
            if step > contact.step:
                self._emit(_step_reached(at, contact.id, contact.queue, step))

    def _overflow(self, contact: Contact) -> None:
        """Send a waiting contact on, as often as rules ask for it; never twice to the same queue."""
        while contact.state == "waiting" and contact.reserved_until is None and contact.require is None:
            rule, reason = self._overflow_rule(contact)
            if rule is None:
                return
            details = {"from": contact.queue, "rule": reason, "limit": getattr(rule, reason)}
            self._line_up(contact, "overflowed", queue=rule.to, preferred=contact.preferred, details=details)
            self._match()

    def _overflow_rule(self, contact: Contact) -> tuple[Overflow | None, str]:
        for rule in self._ways_out(contact):
            reason = self._overflow_reason(contact, rule)
            if reason:
                return rule, reason
        return None, ""

    def _ways_out(self, contact: Contact) -> list[Overflow]:
        """Return the rules by which the contact may overflow: into an open queue that it has not seen."""
        return [
            rule
            for rule in self.queues[contact.queue].config.overflow
            if (target := self.queues.get(rule.to)) is not None
            and target.open
            and rule.to not in contact.visited
            and contact.channel in target.config.channels
            and self._callable_from(contact, target.config) <= self._at
        ]

    def _overflow_reason(self, contact: Contact, rule: Overflow) -> str:
        if rule.wait is not None and self._at >= contact.entered_at + rule.wait:
            return "wait"
        if rule.length is not None and self.position(contact.id) > rule.length:
            return "length"
        if rule.estimate is not None:
            told = estimate.of_line(
                self.index,
                self.queues[contact.queue],
                self.index.line_of(contact),
                (contact.rank, contact.number),
                self.queues,
            )
            if told is None or (told[0] + told[1]) / 2 > rule.estimate:
                return "estimate"
        return ""

    # --- losing an agent --------------------------------------------------------------------------------------

    def _withdraw(self, contact: Contact, why: str) -> None:
        assert contact.agent is not None and contact.offer is not None
        self._emit(e.OfferWithdrawn(self._at, contact.id, contact.agent, contact.offer, why))

    def _not_available(self, agent: Agent) -> None:
        """Nothing is kept for or proposed to somebody absent: offers go back, reservations end."""
        for contact in self._in_hand(agent, "offered"):
            self._withdraw(contact, "absent")
            self._return(contact, agent)
        self._end_reservations(agent)

    def _end_reservations(self, agent: Agent) -> None:
        for _, _, contact in list(self.index.reserved.get(agent.id, ())):
            self._emit(e.ReservationEnded(self._at, contact.id, agent.id, "absent"))
            self._widen(contact)

    def _resume(self, contact: Contact, why: str, seconds: Seconds | None = None) -> None:
        """End the hold, if there is one. `seconds`: as measured by who carried it; never more than was talked."""
        if contact.held_at is None:
            return
        assert contact.agent is not None
        at = self._at
        room = max(0.0, at - (contact.answered_at or at) - contact.held)
        hold = at - contact.held_at if seconds is None else max(0.0, seconds)
        self._emit(e.ContactResumed(at, contact.id, contact.agent, why, round(min(hold, room), 6)))

    def _take_away(self, agent: Agent, why: str) -> None:
        """Give the contacts of an agent who is gone back to their queues, at their old places."""
        at = self._at
        for contact in self._in_hand(agent, "dialling"):
            self._dial_over(contact, "agent_lost")
        for contact in self._in_hand(agent, "talking"):
            talk = at - (contact.answered_at or at)
            self._dismiss(contact, "ended")
            self._resume(contact, why)
            self._emit(e.ContactReleased(at, contact.id, agent.id, why, talk, contact.held))
            self._return(contact, agent)
        for contact in self._in_hand(agent, "wrap_up"):
            self._emit(e.WrapUpEnded(at, contact.id, agent.id, why, at - contact.state_since))
        if agent.helping is not None:
            self._emit(e.ColleagueLeft(at, agent.helping, agent.id, "absent"))
        if agent.hand is not None:
            self._emit(e.HandLowered(at, agent.id, "system"))

    def _return(self, contact: Contact, agent: Agent) -> None:
        self._line_up(
            contact, "returned", preferred=contact.preferred, require=contact.require, details={"agent": agent.id}
        )
        self._widen(contact)

    def _dismiss(self, contact: Contact, why: str, only: Agent | None = None) -> None:
        """Those who were asked into a talk that is over, or is somebody else's now, are free again."""
        for agent, helped in list(self.helpers.items()):
            if helped == contact.id and (only is None or only.id == agent):
                self._emit(e.ColleagueLeft(self._at, contact.id, agent, why))

    def _in_hand(self, agent: Agent, state: str) -> list[Contact]:
        return [self.contacts[contact] for contact, now in agent.contacts.items() if now == state]

    # --- business hours ---------------------------------------------------------------------------------------

    def _turn(self, state: QueueState) -> None:
        """Open or close the queue if its hours say so; at opening the deferred contacts begin to wait."""
        hours, at = state.config.hours, self._at
        is_open, change = (True, None) if hours is None else hours.state(at)
        if is_open and not state.open:
            self._emit(e.QueueOpened(at, state.id))
        elif not is_open and state.open:
            self._emit(e.QueueClosed(at, state.id, change))
        index = self.index
        index.queue_changed(state, at)
        if state.open:
            for contact in sorted(index.deferred[state.id].values(), key=_by_number):
                self._begin_waiting(contact, "opened")
            return
        for _, _, contact in list(index.waiting[state.id]):
            if not self._left_alone(contact):
                index.reschedule(contact)

    def _left_alone(self, contact: Contact) -> bool:
        """Let a contact wait for the opening if its queue is closed and everybody able has gone home."""
        state, index = self.queues[contact.queue], self.index
        if state.open or contact.reserved_until is not None or self._at >= contact.arrived_at + LONGEST_DEFERRAL:
            return False
        able = index.line_of(contact).able
        if contact.require is None:
            if self._ways_out(contact):
                return False
            needs = contact.channel, contact.language, contact.region
            for step in range(contact.step + 1, len(state.config.steps)):
                able |= index.line(state.config, step, *needs).able
        if any(able & agent.flag and agent.presence != "offline" for agent in self.agents.values()):
            return False
        self._defer(contact, state)
        return True

    def _defer(self, contact: Contact, state: QueueState) -> None:
        opens_at = None if state.config.hours is None else state.config.hours.opens_at(self._at)
        until = self._at + state.config.max_wait if opens_at is None else opens_at
        self._emit(e.ContactDeferred(self._at, contact.id, state.id, until))

    # --- reading ----------------------------------------------------------------------------------------------

    def position(self, contact: str) -> int:
        """Return the place of a waiting contact in its queue, from 1."""
        found = self._contact(contact)
        entries = self.index.waiting[found.queue]
        return 1 + _before(entries, found)

    def waiting(self, queue: str) -> list[Contact]:
        """Return the contacts that wait in a queue, in order."""
        self._queue(queue)
        return [contact for _, _, contact in self.index.waiting[queue]]


def _before(entries: list[Entry], contact: Contact) -> int:
    return bisect_left(entries, (contact.rank, contact.number, contact))


def _by_number(contact: Contact) -> int:
    return contact.number


def _first_freed(freed: dict[str, Agent]) -> Agent:
    if len(freed) == 1:
        return next(iter(freed.values()))
    return min(freed.values(), key=_by_place)


def _by_place(agent: Agent) -> tuple[float, int]:
    return agent.load, agent.turn


def _by_rank(contact: Contact) -> tuple[float, int]:
    return contact.rank, contact.number
