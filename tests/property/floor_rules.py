"""The floor's promises, written a second time in the plainest way and without any of its lookup structures."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from teplo.domain.agent import Agent
from teplo.domain.contact import STATES, Contact
from teplo.domain.events import (
    CallbackDialled,
    CallbackFailed,
    CallbackReached,
    ContactEnded,
    ContactOffered,
    ContactQueued,
    Event,
    OfferAccepted,
    OutgoingDialled,
    OutgoingFailed,
    VoicemailLeft,
    WrapUpEnded,
    WrapUpStarted,
)
from teplo.domain.floor import Floor


def has_room(floor: Floor, agent: Agent, channel: str) -> bool:
    """One more contact of this channel fits: by its own number and by the weighted total."""
    settings, profile = floor.settings, agent.profile
    mine = [floor.contacts[contact].channel for contact in agent.contacts]
    if mine.count(channel) >= profile.capacity.get(channel, 0):
        return False
    total = settings.total if profile.total is None else profile.total
    in_the_way = [other for other in mine if other not in settings.interrupts.get(channel, ())]
    weight = sum(settings.weights.get(other, 1.0) for other in [*in_the_way, channel])
    return weight <= total + 1e-6


def is_able(floor: Floor, agent: Agent, contact: Contact) -> bool:
    """Skills, language and region as the step asks; a transfer to this very agent asks for none."""
    config, profile = floor.queues[contact.queue].config, agent.profile
    if contact.reserved_until is not None and contact.directed:
        return True
    if contact.require is not None:
        skill = contact.require
        return bool(skill["min"] <= profile.skills.get(skill["skill"], 0) <= 5)
    step = config.steps[contact.step]
    if "language" in step.match and profile.languages and contact.language not in profile.languages:
        return False
    if "region" in step.match and contact.region and profile.regions and contact.region not in profile.regions:
        return False
    return step.require.met_by(profile.skills)


def may_have(floor: Floor, agent: Agent, contact: Contact, now: float) -> bool:
    """Everything that must be true when a contact is offered to an agent."""
    if not (agent.connected and agent.presence == "available" and agent.profile.active) or agent.helping is not None:
        return False
    if contact.refused.get(agent.id, 0) > now:
        return False
    if contact.reserved_until is not None and contact.preferred != agent.id:
        return False
    return has_room(floor, agent, contact.channel) and is_able(floor, agent, contact)


def place(contact: Contact) -> tuple[float, int]:
    """First in, first out over all queues, a minute of priority being a minute of wait."""
    return contact.since - 60.0 * contact.priority, contact.number


def check_offer(before: Floor, event: ContactOffered) -> None:
    """The offer goes to somebody able and present, and passes over nobody with a better place."""
    agent, contact = before.agents[event.agent], before.contacts[event.contact]
    assert contact.state == "waiting" and contact.call_after <= event.at
    if event.why["mode"] == "handed_over":  # by people, not by routing: somebody who is there takes what is given
        assert agent.connected and agent.presence != "offline"
        return
    if contact.callback_zone is not None:
        assert calling_ends(before, contact, event.at) > event.at, "a subscriber would be called too late in the day"
    assert may_have(before, agent, contact, event.at)
    for other in before.contacts.values():
        if other.state == "waiting" and place(other) < place(contact):
            assert not may_have(before, agent, other, event.at), f"{other.id} was passed over for {contact.id}"


def check_kept(before: Floor, event: ContactQueued) -> None:
    """Who is known to the subscriber is waited for: present, and able now or by a step that comes in time."""
    contact = before.contacts[event.contact]
    config, keeper = before.queues[event.queue].config, before.agents.get(event.preferred or "")
    first = None
    if keeper is not None and keeper.ready and config.preferred_seconds > 0:
        steps = range(contact.step, len(config.steps)) if contact.require is None else [contact.step]
        comes = [0.0 if step == contact.step else config.steps[step].after for step in steps]
        able = [is_able(before, keeper, replace(contact, step=step)) for step in steps]
        fits = zip(steps, comes, able, strict=True)
        capable = keeper.profile.capacity.get(contact.channel, 0) > 0 and keeper.profile.active
        first = next((s for s, after, can in fits if can and capable and after < config.preferred_seconds), None)
    assert event.reserved_until == (None if first is None else event.at + config.preferred_seconds)
    later = first is not None and first != contact.step
    assert event.details.get("preferred_step") == (first if later else None)


def minutes_of_day(zone: str, at: float) -> float:
    """The clock on the wall of a subscriber."""
    there = datetime.fromtimestamp(at, ZoneInfo(zone))
    return there.hour * 60 + there.minute + there.second / 60 + there.microsecond / 6e7


def calling_ends(floor: Floor, contact: Contact, at: float) -> float:
    """Until when a waiting callback may be offered, by the clock on the subscriber's wall."""
    config = floor.queues[contact.queue].config
    start, end = (int(text[:2]) * 60 + int(text[3:]) for text in config.callback.hours)
    assert contact.callback_zone is not None
    now = minutes_of_day(contact.callback_zone, at)
    assert start <= now < end and contact.call_after <= at, "a callback waits although nobody may call"
    return at + (end - now) * 60 - config.offer_seconds


def first_deadline(floor: Floor, at: float) -> float:
    """When the first state passes, by the plain rules."""
    times = [float("inf")]
    settings = floor.settings
    for agent in floor.agents.values():
        times += [agent.away_at] if agent.away_at is not None else []
        times += [agent.hand + settings.hand_seconds] if agent.hand is not None else []
    for contact in floor.contacts.values():
        config = floor.queues[contact.queue].config
        if contact.state == "talking":
            assert contact.answered_at is not None
            times.append(contact.answered_at + settings.max_talk)
        elif contact.state == "waiting":
            times.append(contact.waiting_since + contact.patience(config.max_wait))
            times += [contact.reserved_until] if contact.reserved_until is not None else []
            times += [calling_ends(floor, contact, at) + 1e-3] if contact.callback_zone is not None else []
            if contact.require is None:
                times += [contact.entered_at + step.after for step in config.steps[contact.step + 1 :]]
        else:
            assert contact.deadline is not None
            times.append(contact.deadline)
    return min(times)


def check_between_commands(floor: Floor, at: float) -> None:
    """What holds whenever no command runs."""
    held: dict[str, str] = {}
    for agent in floor.agents.values():
        for contact_id, state in agent.contacts.items():
            assert contact_id not in held, "two agents have one contact"
            held[contact_id] = agent.id
            assert floor.contacts[contact_id].state == state
        used = [floor.contacts[contact].channel for contact in agent.contacts]
        assert agent.used == {channel: used.count(channel) for channel in used}
        assert agent.connected or agent.presence == "offline" or agent.away_at is not None
        if agent.presence != "available":
            assert "offered" not in agent.contacts.values(), "an absent agent has an offer"
        if agent.helping is not None:
            assert floor.contacts[agent.helping].state == "talking", "somebody helps in a talk that is over"
            assert agent.helping not in agent.contacts and floor.helpers[agent.id] == agent.helping
        if agent.presence == "offline":
            assert agent.helping is None
            assert not agent.contacts and agent.hand is None and agent.away_at is None
    for contact in floor.contacts.values():
        assert contact.state in STATES
        assert (contact.agent is not None) == (contact.state in ("offered", "dialling", "talking", "wrap_up"))
        assert contact.agent == held.get(contact.id)
        assert contact.held_at is None or contact.state == "talking", "a hold without a talk"
        if contact.state == "talking":
            assert contact.answered_at is not None
            assert contact.held <= floor.now - contact.answered_at + 1e-6, "more hold than talk"
        if contact.state in ("deferred", "offered", "dialling", "wrap_up"):
            assert contact.deadline is not None
        if contact.state == "dialling":
            kinds = [contact.callback_zone is not None, contact.absent, contact.outgoing]
            assert kinds.count(True) == 1 and contact.dials > contact.failed_dials
        if contact.state in ("talking", "wrap_up"):
            assert contact.callback_zone is None, "somebody who talks is to be called back"
        assert contact.failed_dials <= contact.dials
        assert not contact.absent or (contact.callback_zone is None and contact.held_at is None)
        if contact.state == "waiting":
            assert contact.deadline is None
            if contact.reserved_until is not None:
                assert contact.preferred is not None
                keeper = floor.agents[contact.preferred]
                assert keeper.ready, "a contact is kept for somebody absent"
            for agent in floor.agents.values():
                assert not may_have(floor, agent, contact, at), f"{agent.id} is free while {contact.id} waits"
    first = first_deadline(floor, at)
    assert first > at, "something that was due was not done"
    assert first == float("inf") or (floor.next_deadline() or first + 1) <= first, "nobody would wake up in time"
    for queue in floor.queues:
        expected = [c for c in floor.contacts.values() if c.queue == queue and c.state == "waiting"]
        expected.sort(key=place)
        assert [c.id for c in floor.waiting(queue)] == [c.id for c in expected]
        assert [floor.position(c.id) for c in expected] == list(range(1, len(expected) + 1))


class Ledger:
    """Which contacts must be on the floor, counted from the events alone."""

    def __init__(self) -> None:
        self.open: set[str] = set()
        self.offered: dict[str, str] = {}
        self.dialled: dict[str, str] = {}
        self.voicemails: set[str] = set()

    def take(self, events: list[Event]) -> None:
        """Book the events of one command."""
        started = {event.contact for event in events if isinstance(event, WrapUpStarted)}
        for event in events:
            if event.KIND == "contact.arrived":
                self.open.add(event.contact)  # type: ignore[attr-defined]
            elif isinstance(event, ContactOffered):
                assert event.contact not in self.offered, "offered twice at once"
                self.offered[event.contact] = event.offer
            elif isinstance(event, CallbackDialled):
                of_a_talk = event.contact in self.voicemails
                assert of_a_talk or self.offered.pop(event.contact) == event.offer
                assert event.contact not in self.dialled
                self.dialled[event.contact] = event.offer
            elif isinstance(event, OutgoingDialled):
                assert event.contact not in self.dialled
                self.dialled[event.contact] = event.offer
            elif isinstance(event, CallbackFailed | CallbackReached | OutgoingFailed):
                del self.dialled[event.contact]
            elif isinstance(event, VoicemailLeft):
                self.voicemails.add(event.contact)
            elif isinstance(event, OfferAccepted):
                held = self.dialled if event.contact in self.dialled else self.offered
                assert held.pop(event.contact) == event.offer
            elif event.KIND in ("offer.declined", "offer.missed", "offer.withdrawn"):
                assert self.offered.pop(event.contact) == event.offer  # type: ignore[attr-defined]
            elif isinstance(event, WrapUpEnded) or (isinstance(event, ContactEnded) and event.contact not in started):
                self.open.remove(event.contact)
