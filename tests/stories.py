"""A centre that exists only as facts: writes the events of contacts as the floor would, at the times a test names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from teplo.domain import events as ev
from teplo.domain.ids import AgentId, ContactId, OfferId, QueueId, SubscriberId

START = 1_790_000_000.0


def ident(name: str) -> str:
    """Turn a readable name into the same id each time."""
    return str(uuid5(NAMESPACE_OID, name))


@dataclass
class Story:
    """Collects events in the order in which they are told; times are seconds after `start`."""

    start: float = START
    events: list[ev.Event] = field(default_factory=list)
    _offers: Iterator[int] = field(default_factory=lambda: iter(range(10**9)))

    def tell(self, event: ev.Event) -> None:
        self.events.append(event)

    def at(self, t: float) -> float:
        return round(self.start + t, 6)

    def queue(self, queue: str, t: float = 0, *, target: float = 20, short: float = 5) -> None:
        definition: dict[str, Any] = {"id": queue, "target": {"seconds": target, "share": 0.8}, "short_abandon": short}
        self.tell(ev.QueueConfigured(self.at(t), definition))

    def presence(self, agent: str, presence: str, t: float) -> None:
        self.tell(ev.PresenceChanged(self.at(t), AgentId(ident(agent)), presence, None, "agent"))

    def arrive(
        self,
        contact: str,
        queue: str,
        t: float,
        *,
        channel: str = "chat",
        estimate: list[float] | None = None,
        subscriber: str | None = None,
        thread: str | None = None,
        reason: str | None = None,
    ) -> None:
        who = SubscriberId(ident(subscriber)) if subscriber else None
        key, chat = ContactId(ident(contact)), ident(thread) if thread else None
        self.tell(ev.ContactArrived(self.at(t), key, channel, QueueId(queue), who, "ru", None, 0.0, None, reason, chat))
        self.queued(contact, queue, t, "arrived", since=t, estimate=estimate)

    def queued(
        self, contact: str, queue: str, t: float, why: str, *, since: float, estimate: list[float] | None = None
    ) -> None:
        self.tell(
            ev.ContactQueued(
                self.at(t),
                ContactId(ident(contact)),
                QueueId(queue),
                why,
                self.at(since),
                0.0,
                None,
                None,
                None,
                estimate,
                {},
            )
        )

    def offer(self, contact: str, agent: str, queue: str, t: float) -> OfferId:
        offer = OfferId(f"{contact}:{next(self._offers)}")
        key, who = ContactId(ident(contact)), AgentId(ident(agent))
        self.tell(ev.ContactOffered(self.at(t), key, who, offer, QueueId(queue), self.at(t + 20), {"mode": "test"}))
        return offer

    def accept(self, contact: str, agent: str, queue: str, t: float, *, wait: float = 0.0) -> None:
        offer = self.offer(contact, agent, queue, t)
        key, who = ContactId(ident(contact)), AgentId(ident(agent))
        self.tell(ev.OfferAccepted(self.at(t), key, who, offer, QueueId(queue), wait))

    def miss(self, contact: str, agent: str, queue: str, t: float, *, since: float) -> None:
        offer = self.offer(contact, agent, queue, t)
        self.tell(ev.OfferMissed(self.at(t + 20), ContactId(ident(contact)), AgentId(ident(agent)), offer))
        self.queued(contact, queue, t + 20, "returned", since=since)

    def abandon(
        self,
        contact: str,
        queue: str,
        t: float,
        *,
        wait: float = 0.0,
        by: str = "subscriber",
        reason: str | None = None,
    ) -> None:
        key = ContactId(ident(contact))
        self.tell(ev.ContactEnded(self.at(t), key, None, QueueId(queue), by, reason, "waiting", wait, 0.0))

    def end(
        self,
        contact: str,
        agent: str,
        queue: str,
        t: float,
        *,
        talk: float = 0.0,
        hold: float = 0.0,
        wrap_up: bool = True,
    ) -> None:
        key, who = ContactId(ident(contact)), AgentId(ident(agent))
        self.tell(ev.ContactEnded(self.at(t), key, who, QueueId(queue), "agent", None, "talking", 0.0, talk, hold))
        if wrap_up:
            self.tell(ev.WrapUpStarted(self.at(t), key, who, self.at(t + 60)))

    def dispose(self, contact: str, agent: str, t: float, *, wrap_up: float = 0.0, late: bool = False) -> None:
        key, who = ContactId(ident(contact)), AgentId(ident(agent))
        self.tell(ev.ContactDisposed(self.at(t), key, who, ["MNY.03"], "resolved", late))
        if not late:
            self.tell(ev.WrapUpEnded(self.at(t), key, who, "disposed", wrap_up))

    def transfer(self, contact: str, agent: str, queue: str, to: str, t: float, *, since: float) -> None:
        key, who = ContactId(ident(contact)), AgentId(ident(agent))
        self.tell(ev.ContactTransferred(self.at(t), key, who, {"queue": to}))
        self.tell(ev.ContactReleased(self.at(t), key, who, "transferred", 0.0))
        self.queued(contact, to, t, "transferred", since=since)

    def grade(self, contact: str, agent: str, queue: str, grade: int, t: float) -> None:
        key, who = ContactId(ident(contact)), AgentId(ident(agent))
        self.tell(ev.ContactGraded(self.at(t), key, who, QueueId(queue), grade))
