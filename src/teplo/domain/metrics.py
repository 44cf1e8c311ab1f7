"""The one fold from which every figure comes: live page, own figures of an agent, report and export alike.

`Fold.feed` takes the facts of the log in order and books counts into tallies (`tally.py`); what a tally means as a
figure, with its formula, stands in `definitions.py`. What is open when a period begins (contacts, presence) is told to
the fold by feeding it facts from before `since`: they change its state and book nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any

from . import events as ev
from .contact import SUBSCRIBER_LOST
from .ids import Instant, Seconds
from .ledger import Group, Key, Ledger
from .tally import OUTGOING, SHARES, Micros, Tally, micros

DEFAULT_TARGET: Seconds = 20.0
"""T of the service level where a queue says nothing."""

DEFAULT_SHORT: Seconds = 5.0
"""An abandon before this is short where a queue says nothing."""

_LIMITS = (micros(DEFAULT_TARGET), micros(DEFAULT_SHORT))


@dataclass(slots=True)
class _Contact:
    channel: str
    queue: str
    waiting_from: Micros | None = None
    queued: bool = False
    deferred: bool = False
    answered: bool = False
    callback: bool = False
    voicemail: bool = False
    outgoing: bool = False
    estimate: tuple[Micros, Micros] | None = None
    last_agent: str | None = None
    last_queue: str | None = None


@dataclass(slots=True)
class _Work:
    """One agent's part of one contact, in talk or in wrap-up."""

    queue: str
    channel: str
    since: Micros


@dataclass(slots=True)
class _Desk:
    """An agent's time, accounted up to `since`."""

    since: Micros
    presence: str = "offline"
    talks: dict[str, _Work] = field(default_factory=dict)
    wrap_ups: dict[str, _Work] = field(default_factory=dict)
    ended: dict[str, _Work] = field(default_factory=dict)  # talks that ended at this instant: a wrap-up may follow


class Fold:
    """Folds facts into tallies of the time since <= at < until, for the groups asked.

    `queues` and `agent` narrow it; `threshold` replaces the queues' own T; `interval` is the slot in seconds of the
    group "interval". What a queue does (offered, answered, waits) is not booked for an agent, nor an agent's own
    time for a queue.
    """

    def __init__(
        self,
        since: Instant,
        until: Instant = inf,
        *,
        groups: Sequence[Group] = ("none",),
        interval: Seconds = 1800,
        threshold: Seconds | None = None,
        queues: Collection[str] | None = None,
        agent: str | None = None,
    ) -> None:
        self._ledger = Ledger(since, until, groups, interval, queues, agent)
        self._threshold = None if threshold is None else micros(threshold)
        self._limits: dict[str, tuple[Micros, Micros]] = {}
        self._contacts: dict[str, _Contact] = {}
        self._desks: dict[str, _Desk] = {}

    # --- reading ----------------------------------------------------------------------------------------------

    @property
    def tallies(self) -> dict[Group, dict[Key, Tally]]:
        """What was counted so far, by group and key; not to be changed."""
        return self._ledger.tallies

    def tally(self, group: Group = "none", key: Key = "") -> Tally:
        """Return the tally of a key, empty where nothing happened; not to be changed."""
        return self._ledger.tallies[group].get(key) or Tally()

    def settle(self, now: Instant) -> None:
        """Book the agents' running time up to `now` (not beyond `until`); no earlier fact may follow."""
        at = micros(now)
        for agent, desk in self._desks.items():
            self._elapse(agent, desk, at)

    def running(
        self, now: Instant, groups: Collection[Group] | None = None, agents: Collection[str] | None = None
    ) -> dict[Group, dict[Key, Tally]]:
        """Return what `settle` would book (in these groups, for these agents), to be added to a live figure."""
        at = micros(now)
        ledger = self._ledger.empty(groups)
        for agent in self._desks if agents is None else agents:
            desk = self._desks.get(agent)
            if desk is not None:
                _spend(ledger, agent, desk, at)
        return ledger.tallies

    def turn(self, since: Instant, until: Instant = inf) -> None:
        """Begin a new period: what is open is kept, what was counted is dropped."""
        self.settle(since)
        self._ledger.take()
        self._ledger.period(since, until)

    def take(self) -> dict[Group, dict[Key, Tally]]:
        """Hand over what was counted so far and go on from zero; parts add up with `Tally.merge`."""
        return self._ledger.take()

    @property
    def size(self) -> int:
        """How many contacts and agents are held: bounded by what is open and who is employed."""
        return len(self._contacts) + len(self._desks)

    # --- feeding ----------------------------------------------------------------------------------------------

    def feed(self, event: ev.Event) -> None:
        """Take the next fact of the log."""
        handler = _HANDLERS.get(type(event))
        if handler is not None:
            handler(self, event, micros(event.at))

    def _configured(self, event: ev.QueueConfigured, at: Micros) -> None:
        target = (event.queue.get("target") or {}).get("seconds")
        short = event.queue.get("short_abandon")
        self._limits[event.queue["id"]] = (
            _LIMITS[0] if target is None else micros(target),
            _LIMITS[1] if short is None else micros(short),
        )

    def _arrived(self, event: ev.ContactArrived, at: Micros) -> None:
        outgoing = event.direction == "out"
        channel = OUTGOING if outgoing else event.channel
        self._contacts[event.contact] = _Contact(channel, event.queue, outgoing=outgoing)
        if outgoing:
            return  # what agents call out is no demand on the queue
        for tally in self._ledger.book(at, event.queue):
            tally.arrived += 1

    def _deferred(self, event: ev.ContactDeferred, at: Micros) -> None:
        contact = self._contacts.get(event.contact)
        if contact is None:
            return
        put_off_again = contact.deferred  # the opening moved
        contact.queue, contact.waiting_from, contact.deferred = event.queue, None, True
        contact.queued, contact.estimate = False, None  # another wait will be told
        for tally in () if put_off_again or event.why != "closed" else self._ledger.book(at, event.queue):
            tally.deferred += 1

    def _queued(self, event: ev.ContactQueued, at: Micros) -> None:
        contact = self._contacts.get(event.contact)
        if contact is None or contact.outgoing:
            return
        if contact.waiting_from is None:
            contact.waiting_from = at
            if contact.answered:
                for tally in self._ledger.book(at, event.queue):
                    tally.requeued += 1
        elif event.queue != contact.queue:
            self._ledger.flow(at, contact.queue, event.queue)
        contact.queue, contact.deferred = event.queue, False
        if not contact.queued:
            contact.queued = True
            if event.estimate is not None:
                contact.estimate = (micros(event.estimate[0]), micros(event.estimate[1]))

    def _offered(self, event: ev.ContactOffered, at: Micros) -> None:
        for tally in self._ledger.book(at, event.queue, event.agent):
            tally.offers += 1

    def _declined(self, event: ev.OfferDeclined, at: Micros) -> None:
        contact = self._contacts.get(event.contact)
        for tally in self._ledger.book(at, contact.queue if contact else None, event.agent):
            tally.declined += 1

    def _missed(self, event: ev.OfferMissed, at: Micros) -> None:
        contact = self._contacts.get(event.contact)
        for tally in self._ledger.book(at, contact.queue if contact else None, event.agent):
            tally.missed += 1

    def _accepted(self, event: ev.OfferAccepted, at: Micros) -> None:
        contact = self._contacts.get(event.contact)
        if contact is None:
            return
        if contact.waiting_from is not None:
            self._answered(contact, event.queue, max(0, at - contact.waiting_from), at)
        if contact.callback:
            for tally in self._ledger.book(at, event.queue, event.agent):
                tally.callbacks_reached += 1
        dialled = self._desk(event.agent, at).talks.get(event.contact)
        for tally in () if dialled is None else self._ledger.book(at, event.queue, event.agent):
            tally.outgoing_reached += 1
        contact.waiting_from, contact.answered, contact.callback = None, True, False
        contact.queue = contact.last_queue = event.queue
        contact.last_agent = event.agent
        self._desk(event.agent, at).talks[event.contact] = _Work(event.queue, contact.channel, at)

    def _callback_asked(self, event: ev.CallbackAsked, at: Micros) -> None:
        contact = self._contacts.get(event.contact)
        if contact is None:
            return
        contact.callback = True
        for tally in self._ledger.book(at, contact.queue):
            tally.callbacks += 1

    def _callback_reached(self, event: ev.CallbackReached, at: Micros) -> None:
        contact = self._contacts.get(event.contact)
        if contact is None:
            return
        contact.voicemail = False
        for tally in self._ledger.book(at, contact.last_queue, event.agent):
            tally.callbacks_reached += 1

    def _voicemail_left(self, event: ev.VoicemailLeft, at: Micros) -> None:
        contact = self._contacts.get(event.contact)
        if contact is None:
            return
        contact.voicemail = True
        for tally in self._ledger.book(at, contact.queue):
            tally.voicemails += 1

    def _callback_rejoined(self, event: ev.CallbackRejoined, at: Micros) -> None:
        contact = self._contacts.get(event.contact)
        if contact is not None:
            contact.callback = False

    def _callback_dialled(self, event: ev.CallbackDialled, at: Micros) -> None:
        for tally in self._ledger.book(at, event.queue, event.agent):
            tally.callback_attempts += 1

    def _calls_out(self, event: ev.OutgoingDialled, at: Micros) -> None:
        for tally in self._ledger.book(at, event.queue, event.agent):
            tally.outgoing += 1
        self._desk(event.agent, at).talks[event.contact] = _Work(event.queue, OUTGOING, at)

    def _not_reached(self, event: ev.OutgoingFailed, at: Micros) -> None:
        self._desk(event.agent, at).talks.pop(event.contact, None)

    def _transferred(self, event: ev.ContactTransferred, at: Micros) -> None:
        contact = self._contacts.get(event.contact)
        for tally in self._ledger.book(at, contact.last_queue if contact else None, event.agent):
            tally.transfers += 1

    def _released(self, event: ev.ContactReleased, at: Micros) -> None:
        self._talk_over(event.contact, event.agent, at, event.hold)

    def _ended(self, event: ev.ContactEnded, at: Micros) -> None:
        contact = self._contacts.pop(event.contact, None)
        if contact is None:
            return
        if contact.waiting_from is not None:
            gone = contact.callback or contact.voicemail  # who hung up long ago abandons nothing
            left = not gone and (event.by == "subscriber" or event.reason == SUBSCRIBER_LOST)
            self._lost(contact, left, max(0, at - contact.waiting_from), at)
        for tally in self._ledger.book(at, contact.queue) if contact.callback else ():
            tally.callbacks_lost += 1
        if contact.last_agent is not None:
            self._talk_over(event.contact, contact.last_agent, at, event.hold)
            ungraded = contact.voicemail or contact.outgoing
            for tally in () if ungraded else self._ledger.book(at, contact.last_queue, contact.last_agent):
                tally.gradable += 1

    def _wrap_up_started(self, event: ev.WrapUpStarted, at: Micros) -> None:
        desk = self._desk(event.agent, at)
        talk = desk.ended.pop(event.contact, None)
        if talk is not None:
            desk.wrap_ups[event.contact] = _Work(talk.queue, talk.channel, at)

    def _wrap_up_ended(self, event: ev.WrapUpEnded, at: Micros) -> None:
        work = self._desk(event.agent, at).wrap_ups.pop(event.contact, None)
        if work is not None:
            for tally in self._ledger.book(at, work.queue, event.agent):
                tally.channel(work.channel).wrap_up += max(0, at - work.since)

    def _graded(self, event: ev.ContactGraded, at: Micros) -> None:
        for tally in self._ledger.book(at, event.queue, event.agent):
            tally.grades += 1
            tally.fives += event.grade == 5

    def _presence(self, event: ev.PresenceChanged, at: Micros) -> None:
        self._desk(event.agent, at).presence = event.presence

    def _removed(self, event: ev.AgentRemoved, at: Micros) -> None:
        self._desk(event.agent, at)
        del self._desks[event.agent]

    # --- outcomes and time ------------------------------------------------------------------------------------

    def _answered(self, contact: _Contact, queue: str, wait: Micros, at: Micros) -> None:
        within = wait <= self._target(queue)
        estimate = None if contact.answered else contact.estimate
        for tally in self._ledger.book(at, queue):
            tally.answered += 1
            tally.within += within
            tally.wait_answered += wait
            tally.longest = max(tally.longest, wait)
            tally.waits.add(wait)
            if estimate is not None:
                tally.estimated += 1
                tally.estimate_hits += estimate[0] <= wait <= estimate[1]

    def _lost(self, contact: _Contact, left: bool, wait: Micros, at: Micros) -> None:
        """Nobody answered. `left`: the subscriber hung up or is gone without a word, which the centre cannot tell."""
        target, short = self._target(contact.queue), self._limits.get(contact.queue, _LIMITS)[1]
        for tally in self._ledger.book(at, contact.queue):
            if left:
                tally.abandoned += 1
                tally.abandoned_within += wait <= target
                tally.short += wait < short
            else:
                tally.closed += 1
            tally.wait_lost += wait
            tally.longest = max(tally.longest, wait)
            tally.waits.add(wait)

    def _target(self, queue: str) -> Micros:
        return self._limits.get(queue, _LIMITS)[0] if self._threshold is None else self._threshold

    def _talk_over(self, contact: str, agent: str, at: Micros, hold: Seconds) -> None:
        desk = self._desk(agent, at)
        work = desk.talks.pop(contact, None)
        if work is None:
            return
        whole = max(0, at - work.since)
        held = min(whole, micros(hold))
        for tally in self._ledger.book(at, work.queue, agent):
            handling = tally.channel(work.channel)
            handling.handled += 1
            handling.talk += whole - held
            handling.hold += held
        work.since = at
        desk.ended = {key: talk for key, talk in desk.ended.items() if talk.since == at}
        desk.ended[contact] = work

    def _desk(self, agent: str, at: Micros) -> _Desk:
        """Return the agent's desk with its time accounted up to `at`."""
        desk = self._desks.get(agent)
        if desk is None:
            desk = self._desks[agent] = _Desk(at)
        else:
            self._elapse(agent, desk, at)
        return desk

    def _elapse(self, agent: str, desk: _Desk, at: Micros) -> None:
        _spend(self._ledger, agent, desk, at)
        desk.since = max(desk.since, at)


def _spend(ledger: Ledger, agent: str, desk: _Desk, at: Micros) -> None:
    """Book the agent's time since the last account: handling while there is work, else available if so declared."""
    parallel = [*desk.talks.values(), *desk.wrap_ups.values()]
    if not (parallel or desk.presence == "available"):
        return
    for begin, span in ledger.slices(desk.since, at):
        for tally in ledger.book(begin, None, agent):
            if parallel:
                tally.handling += span
            else:
                tally.available += span
        for work in parallel:
            for tally in ledger.book(begin, work.queue, agent):
                tally.channel(work.channel).shared += span * SHARES // len(parallel)


_HANDLERS: dict[type[ev.Event], Callable[[Fold, Any, Micros], None]] = {
    ev.QueueConfigured: Fold._configured,
    ev.ContactArrived: Fold._arrived,
    ev.ContactDeferred: Fold._deferred,
    ev.ContactQueued: Fold._queued,
    ev.ContactOffered: Fold._offered,
    ev.OfferAccepted: Fold._accepted,
    ev.OfferDeclined: Fold._declined,
    ev.OfferMissed: Fold._missed,
    ev.CallbackAsked: Fold._callback_asked,
    ev.CallbackRejoined: Fold._callback_rejoined,
    ev.CallbackDialled: Fold._callback_dialled,
    ev.CallbackReached: Fold._callback_reached,
    ev.VoicemailLeft: Fold._voicemail_left,
    ev.OutgoingDialled: Fold._calls_out,
    ev.OutgoingFailed: Fold._not_reached,
    ev.ContactTransferred: Fold._transferred,
    ev.ContactReleased: Fold._released,
    ev.ContactEnded: Fold._ended,
    ev.WrapUpStarted: Fold._wrap_up_started,
    ev.WrapUpEnded: Fold._wrap_up_ended,
    ev.ContactGraded: Fold._graded,
    ev.PresenceChanged: Fold._presence,
    ev.AgentRemoved: Fold._removed,
}

KINDS = frozenset(event.KIND for event in _HANDLERS)
"""Kinds of facts that a fold reads; the others change no figure."""
