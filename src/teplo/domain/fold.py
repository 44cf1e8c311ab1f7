"""State of the floor as the fold of its events. `apply` is the only thing that changes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import events as e
from . import floor_dump
from .agent import Agent, AgentProfile
from .contact import Contact
from .ids import AgentId, ContactId, Instant
from .index import Index
from .queue import FloorSettings, Queue, QueueState

TRANSFER_REST = 300.0
"""For how many seconds a transferred contact is not proposed to the agent who handed it over."""


class State:
    """Everything the floor remembers. The index beside it is derived and made when first needed."""

    def __init__(self) -> None:
        self.settings = FloorSettings.from_json({})
        self.queues: dict[str, QueueState] = {}
        self.agents: dict[str, Agent] = {}
        self.contacts: dict[str, Contact] = {}
        self.helpers: dict[AgentId, ContactId] = {}
        """Agents who were asked into a colleague's talk; derived from `Agent.helping`."""
        self.now: Instant = 0.0
        self.arrivals = 0
        self.turns = 0
        self._index: Index | None = None
        self._handlers: dict[type, Callable[[Any], None]] = {
            e.FloorConfigured: self._floor_configured,
            e.QueueConfigured: self._queue_configured,
            e.QueueRemoved: self._queue_removed,
            e.QueueOpened: self._queue_opened,
            e.QueueClosed: self._queue_closed,
            e.AgentConfigured: self._agent_configured,
            e.AgentRemoved: self._agent_removed,
            e.AgentConnected: self._agent_connected,
            e.AgentDisconnected: self._agent_disconnected,
            e.PresenceChanged: self._presence_changed,
            e.HandRaised: self._hand_raised,
            e.HandLowered: self._hand_lowered,
            e.ContactArrived: self._arrived,
            e.ContactDeferred: self._deferred,
            e.ContactQueued: self._queued,
            e.ReservationEnded: self._reservation_ended,
            e.StepReached: self._step_reached,
            e.ContactPrioritised: self._prioritised,
            e.ContactOffered: self._offered,
            e.OfferAccepted: self._accepted,
            e.OfferDeclined: self._refused,
            e.OfferMissed: self._refused,
            e.OfferWithdrawn: self._withdrawn,
            e.ContactHeld: self._held,
            e.ContactResumed: self._resumed,
            e.CallbackAsked: self._callback_asked,
            e.CallbackRejoined: self._callback_rejoined,
            e.CallbackDialled: self._dialled,
            e.CallbackFailed: self._dial_failed,
            e.CallbackReached: self._reached,
            e.VoicemailLeft: self._voicemail_left,
            e.OutgoingDialled: self._calls_out,
            e.OutgoingFailed: self._not_reached,
            e.ContactReleased: self._released,
            e.ContactTransferred: self._transferred,
            e.ColleagueInvited: self._invited,
            e.ColleagueLeft: self._left,
            e.ContactMonitored: _nothing,
            e.ContactEnded: self._ended,
            e.WrapUpStarted: self._wrap_up_started,
            e.WrapUpExtended: self._wrap_up_extended,
            e.WrapUpEnded: self._wrap_up_ended,
            e.ContactDisposed: _nothing,
            e.ContactGraded: _nothing,
        }

    def apply(self, event: e.Event) -> None:
        """Fold one event of the log into the state."""
        self._handlers[type(event)](event)
        if event.at > self.now:
            self.now = event.at
        if self._index is not None:
            self._index.freed.clear()
            self._index.seeking.clear()
            self._index.settle()

    @property
    def index(self) -> Index:
        """The lookup structures, made from the state if there are none."""
        if self._index is None:
            self._index = Index(self.settings, self.queues, self.agents, self.contacts, self.now)
        return self._index

    def dump(self) -> dict[str, Any]:
        """Return the whole state as JSON values."""
        return floor_dump.dump(self)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, State):
            return NotImplemented
        return (self.now, self.arrivals, self.turns, self.settings, self.queues, self.agents, self.contacts) == (
            other.now, other.arrivals, other.turns, other.settings, other.queues, other.agents, other.contacts
        )  # fmt: skip

    __hash__ = None  # type: ignore[assignment]

    # --- configuration ----------------------------------------------------------------------------------------

    def _floor_configured(self, event: e.FloorConfigured) -> None:
        self.settings = FloorSettings.from_json(event.settings)
        self._index = None

    def _queue_configured(self, event: e.QueueConfigured) -> None:
        config = Queue.from_json(event.queue)
        self._index = None
        state = self.queues.get(config.id)
        if state is None:
            self.queues[config.id] = QueueState(config)
            return
        state.config = config
        for contact in self.contacts.values():
            if contact.queue == config.id:
                contact.priority = config.priority + contact.own_priority
                contact.step = config.step_at(event.at - contact.entered_at)

    def _queue_removed(self, event: e.QueueRemoved) -> None:
        del self.queues[event.queue]
        self._index = None

    def _queue_opened(self, event: e.QueueOpened) -> None:
        state = self.queues[event.queue]
        state.open, state.opens_at = True, None
        if self._index is not None:
            self._index.queue_changed(state, event.at)

    def _queue_closed(self, event: e.QueueClosed) -> None:
        state = self.queues[event.queue]
        state.open, state.opens_at = False, event.opens_at
        if self._index is not None:
            self._index.queue_changed(state, event.at)

    def _agent_configured(self, event: e.AgentConfigured) -> None:
        profile = AgentProfile.from_json(event.profile)
        agent = self.agents.get(profile.id)
        if agent is None:
            self.turns += 1
            self.agents[profile.id] = Agent(profile, since=event.at, turn=self.turns, counted_at=event.at)
        else:
            agent.profile = profile
        self._index = None

    def _agent_removed(self, event: e.AgentRemoved) -> None:
        del self.agents[event.agent]
        self._index = None

    # --- presence ---------------------------------------------------------------------------------------------

    def _agent_connected(self, event: e.AgentConnected) -> None:
        agent = self.agents[event.agent]
        self._count(agent, event.at)
        agent.connected, agent.away_at = True, None
        if self._index is not None:
            self._index.agent_readiness(agent)

    def _agent_disconnected(self, event: e.AgentDisconnected) -> None:
        agent = self.agents[event.agent]
        self._count(agent, event.at)
        agent.connected = False
        agent.away_at = None if agent.presence == "offline" else event.deadline
        if self._index is not None:
            self._index.agent_readiness(agent)

    def _presence_changed(self, event: e.PresenceChanged) -> None:
        agent = self.agents[event.agent]
        self._count(agent, event.at)
        if agent.presence == "offline":
            agent.shift_busy = agent.shift_ready = 0.0
        if event.presence == "available":
            self.turns += 1
            agent.turn, agent.idle_since = self.turns, event.at
        agent.presence, agent.reason, agent.since = event.presence, event.reason, event.at
        if event.presence == "offline" or agent.connected:
            agent.away_at = None
        elif agent.away_at is None:
            agent.away_at = event.at + self.settings.disconnect_grace
        if self._index is not None:
            self._index.agent_readiness(agent)

    def _hand_raised(self, event: e.HandRaised) -> None:
        agent = self.agents[event.agent]
        agent.hand, agent.hand_contact = event.at, event.contact
        if self._index is not None:
            self._index.agent_readiness(agent)

    def _hand_lowered(self, event: e.HandLowered) -> None:
        agent = self.agents[event.agent]
        agent.hand = agent.hand_contact = None
        if self._index is not None:
            self._index.agent_readiness(agent)

    # --- the life of a contact --------------------------------------------------------------------------------

    def _arrived(self, event: e.ContactArrived) -> None:
        number = self.arrivals
        self.arrivals = number + 1
        self.contacts[event.contact] = Contact(
            event.contact, event.channel, event.queue, event.subscriber, event.language, event.region,
            event.preferred, event.reason, event.thread, event.priority, event.at, number,
            outgoing=event.direction == "out",
        )  # fmt: skip

    def _deferred(self, event: e.ContactDeferred) -> None:
        contact = self._moving(event.contact)
        if contact.state != "deferred":
            contact.state, contact.state_since = "deferred", event.at
        contact.queue, contact.deadline = event.queue, event.until
        if event.why in ("callback", "limit"):
            contact.call_after = event.until
        contact.priority = self.queues[event.queue].config.priority + contact.own_priority
        if self._index is not None:
            self._index.contact_changed(contact)

    def _queued(self, event: e.ContactQueued) -> None:
        contact = self._moving(event.contact)
        at = event.at
        if contact.state == "arrived" or contact.state == "deferred":
            contact.waiting_since = contact.entered_at = at
        if event.queue != contact.queue or event.require != contact.require:
            if event.why == "overflowed":
                contact.visited += [contact.queue, event.queue]
            contact.queue, contact.require = event.queue, event.require
            contact.entered_at, contact.step = at, 0
        if contact.state != "waiting":
            contact.state, contact.state_since, contact.deadline = "waiting", at, None
        contact.since, contact.priority = event.since, event.priority
        contact.preferred, contact.reserved_until = event.preferred, event.reserved_until
        contact.directed = event.reserved_until is not None and event.why == "transferred"
        if self._index is not None:
            self._index.contact_changed(contact)

    def _reservation_ended(self, event: e.ReservationEnded) -> None:
        contact = self._moving(event.contact)
        contact.reserved_until, contact.directed = None, False
        if self._index is not None:
            self._index.contact_changed(contact)

    def _step_reached(self, event: e.StepReached) -> None:
        contact = self.contacts[event.contact]
        contact.step = event.step
        if self._index is not None:
            self._index.step_changed(contact)

    def _prioritised(self, event: e.ContactPrioritised) -> None:
        contact = self._moving(event.contact)
        contact.own_priority += event.priority - contact.priority
        contact.priority = event.priority
        if self._index is not None:
            self._index.contact_changed(contact)

    def _offered(self, event: e.ContactOffered) -> None:
        contact, agent = self._moving(event.contact), self.agents[event.agent]
        self._count(agent, event.at)
        contact.state, contact.state_since = "offered", event.at
        contact.agent, contact.offer, contact.deadline = event.agent, event.offer, event.deadline
        contact.offers += 1
        agent.contacts[event.contact] = "offered"
        agent.used[contact.channel] = agent.used.get(contact.channel, 0) + 1
        if self._index is not None:
            self._index.agent_changed(agent)
            self._index.reschedule(contact)

    def _accepted(self, event: e.OfferAccepted) -> None:
        contact, agent = self.contacts[event.contact], self.agents[event.agent]
        contact.state, contact.state_since = "talking", event.at
        contact.offer = contact.deadline = contact.reserved_until = None
        contact.directed = False
        contact.handed_by = contact.callback_zone = None
        contact.answered_at = event.at
        contact.held = 0.0
        contact.refused.clear()
        agent.contacts[event.contact] = "talking"
        self.turns += 1
        agent.turn = self.turns
        if self._index is not None:
            self._index.agent_changed(agent)
            self._index.reschedule(contact)

    def _refused(self, event: e.OfferDeclined | e.OfferMissed) -> None:
        contact = self.contacts[event.contact]
        contact.refused[event.agent] = event.at + self.settings.refused_seconds
        contact.reserved_until, contact.directed = None, False
        self._give_up(contact, event.at, idle=True)

    def _withdrawn(self, event: e.OfferWithdrawn) -> None:
        self._give_up(self.contacts[event.contact], event.at, idle=False)

    def _held(self, event: e.ContactHeld) -> None:
        self.contacts[event.contact].held_at = event.at

    def _resumed(self, event: e.ContactResumed) -> None:
        contact = self.contacts[event.contact]
        contact.held_at, contact.held = None, round(contact.held + event.hold, 6)

    def _callback_asked(self, event: e.CallbackAsked) -> None:
        self._called_back(self.contacts[event.contact], event.zone)

    def _callback_rejoined(self, event: e.CallbackRejoined) -> None:
        self._called_back(self.contacts[event.contact], None)

    def _called_back(self, contact: Contact, zone: str | None) -> None:
        contact.callback_zone, contact.call_after = zone, 0.0
        if self._index is not None and contact.state != "arrived":
            self._index.reschedule(contact)

    def _dialled(self, event: e.CallbackDialled) -> None:
        contact = self.contacts[event.contact]
        contact.reserved_until, contact.directed = None, False
        contact.refused.clear()
        self._rings(contact, event, event.attempt)

    def _calls_out(self, event: e.OutgoingDialled) -> None:
        contact, agent, at = self.contacts[event.contact], self.agents[event.agent], event.at
        self._count(agent, at)
        contact.since = contact.waiting_since = contact.entered_at = at
        contact.priority = self.queues[event.queue].config.priority + contact.own_priority
        contact.agent, contact.offer, contact.offers = event.agent, event.offer, 1
        agent.used[contact.channel] = agent.used.get(contact.channel, 0) + 1
        self._rings(contact, event, 1)

    def _not_reached(self, event: e.OutgoingFailed) -> None:
        self._give_up(self.contacts[event.contact], event.at, idle=True)

    def _rings(self, contact: Contact, event: e.CallbackDialled | e.OutgoingDialled, attempt: int) -> None:
        """The agent is taken by a call to the subscriber."""
        agent = self.agents[event.agent]
        contact.state, contact.state_since, contact.deadline = "dialling", event.at, event.deadline
        contact.dials = attempt
        agent.contacts[event.contact] = "dialling"
        self.turns += 1
        agent.turn = self.turns
        if self._index is not None:
            self._index.agent_changed(agent)
            self._index.reschedule(contact)

    def _dial_failed(self, event: e.CallbackFailed) -> None:
        contact = self.contacts[event.contact]
        contact.failed_dials += event.counted
        if contact.absent:
            self._talks_on(contact)
        else:
            self._give_up(contact, event.at, idle=True)

    def _reached(self, event: e.CallbackReached) -> None:
        contact = self.contacts[event.contact]
        contact.absent = False
        self._talks_on(contact)

    def _voicemail_left(self, event: e.VoicemailLeft) -> None:
        contact = self.contacts[event.contact]
        contact.absent, contact.voicemail = True, event.seconds or 0.0

    def _transferred(self, event: e.ContactTransferred) -> None:
        self.contacts[event.contact].handed_by = event.agent

    def _invited(self, event: e.ColleagueInvited) -> None:
        self._helps(event.colleague, event.contact, event.at)

    def _left(self, event: e.ColleagueLeft) -> None:
        self._helps(event.colleague, None, event.at)

    def _released(self, event: e.ContactReleased) -> None:
        contact = self.contacts[event.contact]
        contact.waiting_since = event.at
        if event.why == "transferred":
            contact.refused[event.agent] = event.at + max(TRANSFER_REST, self.settings.refused_seconds)
            contact.visited.clear()
        self._give_up(contact, event.at, idle=True)

    def _ended(self, event: e.ContactEnded) -> None:
        contact = self._moving(event.contact)
        if contact.agent is None:
            self._forget(contact)
        elif self.queues[contact.queue].config.wrap_up_seconds > 0:
            contact.state, contact.state_since, contact.end_reason = "wrap_up", event.at, event.reason
        else:
            self._learn(contact, event.talk)
            self._give_up(contact, event.at, idle=True)
            self._forget(contact)

    def _wrap_up_started(self, event: e.WrapUpStarted) -> None:
        contact, agent = self.contacts[event.contact], self.agents[event.agent]
        contact.deadline = event.deadline
        agent.contacts[event.contact] = "wrap_up"
        if self._index is not None:
            self._index.reschedule(contact)

    def _wrap_up_extended(self, event: e.WrapUpExtended) -> None:
        contact = self.contacts[event.contact]
        contact.deadline = event.deadline
        contact.extensions += 1
        if self._index is not None:
            self._index.reschedule(contact)

    def _wrap_up_ended(self, event: e.WrapUpEnded) -> None:
        contact = self.contacts[event.contact]
        if contact.answered_at is not None:
            self._learn(contact, event.at - contact.answered_at)
        self._give_up(contact, event.at, idle=True)
        self._forget(contact)

    # --- parts ------------------------------------------------------------------------------------------------

    def _moving(self, contact_id: str) -> Contact:
        """Return the contact, taken out of the lines it stands in."""
        contact = self.contacts[contact_id]
        if self._index is not None and (contact.state == "waiting" or contact.state == "deferred"):
            self._index.leave(contact)
        return contact

    def _give_up(self, contact: Contact, at: Instant, idle: bool) -> None:
        """Take the contact from its agent; `idle`: the agent's waiting for work begins anew."""
        assert contact.agent is not None
        agent = self.agents[contact.agent]
        self._count(agent, at)
        del agent.contacts[contact.id]
        left = agent.used[contact.channel] - 1
        if left:
            agent.used[contact.channel] = left
        else:
            del agent.used[contact.channel]
        if idle:
            self.turns += 1
            agent.turn = self.turns
            if not agent.contacts:
                agent.idle_since = at
        contact.state, contact.state_since = "returned", at
        contact.agent = contact.offer = contact.deadline = contact.answered_at = None
        if self._index is not None:
            self._index.agent_changed(agent)

    def _talks_on(self, contact: Contact) -> None:
        """The dial out of a talk is over; the talk is the one that began when the agent took the contact."""
        assert contact.agent is not None and contact.answered_at is not None
        agent = self.agents[contact.agent]
        contact.state, contact.state_since, contact.deadline = "talking", contact.answered_at, None
        agent.contacts[contact.id] = "talking"
        if self._index is not None:
            self._index.agent_changed(agent)
            self._index.reschedule(contact)

    def _helps(self, colleague: str, contact: ContactId | None, at: Instant) -> None:
        agent = self.agents[colleague]
        self._count(agent, at)
        agent.helping = contact
        if contact is not None:
            self.helpers[agent.id] = contact
        else:
            del self.helpers[agent.id]
            self.turns += 1
            agent.turn = self.turns
            if not agent.contacts:
                agent.idle_since = at
        if self._index is not None:
            self._index.agent_readiness(agent)

    def _learn(self, contact: Contact, handling: float) -> None:
        """Calls out say nothing about how long the subscribers of the queue are served."""
        if not contact.outgoing:
            self.queues[contact.queue].learn(handling)

    def _forget(self, contact: Contact) -> None:
        del self.contacts[contact.id]
        contact.state = "ended"
        contact.due = None

    def _count(self, agent: Agent, at: Instant) -> None:
        """Book the time since the last change as busy or ready."""
        passed = at - agent.counted_at
        if passed > 0:
            if agent.contacts or agent.helping is not None:
                agent.shift_busy += passed
            elif agent.connected and agent.presence == "available":
                agent.shift_ready += passed
        agent.counted_at = at


def _nothing(event: e.Event) -> None:
    """Facts that do not change the floor."""
