"""A small centre for tests: short ways to make a floor, queues and agents, and to let time pass."""

from __future__ import annotations

from typing import Any, TypeVar

from teplo.domain.events import ContactOffered, Event
from teplo.domain.floor import Floor

NOON = 1_767_600_000.0  # Monday, 5 January 2026, 08:00 UTC = 13:00 in Yekaterinburg

E = TypeVar("E", bound=Event)


def queue(name: str = "q", **more: Any) -> dict[str, Any]:
    """A queue that anybody may serve, unless `more` says otherwise."""
    return {"id": name, "channels": ["chat", "voice", "email"], **more}


def needs(skill: str, low: int = 1, high: int = 5, **more: Any) -> list[dict[str, Any]]:
    """Steps of a queue that asks for one skill."""
    return [{"after": 0, "require": {"skill": skill, "min": low, "max": high}, **more}]


def agent(name: str, **more: Any) -> dict[str, Any]:
    """An agent with one chat and one call at a time."""
    return {"id": name, "capacity": {"chat": 1, "voice": 1}, **more}


class Centre:
    """A floor with a clock that only the test moves."""

    def __init__(
        self, queues: list[dict[str, Any]], agents: list[dict[str, Any]], present: bool = True, **settings: Any
    ) -> None:
        self.floor = Floor()
        self.now = NOON
        self.events: list[Event] = []
        self.configure(settings, queues, agents, True)
        if present:
            for person in agents:
                self.come(person["id"])

    def __getattr__(self, command: str) -> Any:
        """Any command of the floor, at the test's time; the events are kept."""
        method = getattr(self.floor, command)

        def run(*args: Any, **more: Any) -> list[Event]:
            events: list[Event] = method(*args, now=self.now, **more)
            self.events += events
            return events

        return run

    def come(self, name: str) -> None:
        """The agent signs in and is available; each a second after the other."""
        self.connect(name)
        self.set_presence(name, "available")
        self.now += 1

    def chat(self, name: str, queue: str = "q", **more: Any) -> list[Event]:
        """A chat arrives."""
        found: list[Event] = self.arrive(name, "chat", queue, **more)
        return found

    def answer(self, name: str) -> list[Event]:
        """The agent accepts what is offered."""
        contact = self.floor.contacts[name]
        found: list[Event] = self.accept(name, contact.agent, contact.offer)
        return found

    def finish(self, name: str) -> list[Event]:
        """The talk and its wrap-up end."""
        holder = self.floor.contacts[name].agent
        events: list[Event] = self.end(name, "subscriber")
        return events + self.dispose(name, holder, ["MNY.03"], "solved")  # type: ignore[no-any-return]

    def after(self, seconds: float) -> list[Event]:
        """Let time pass, with every deadline on the way; return what happened."""
        until, happened = self.now + seconds, []
        while (due := self.floor.next_deadline()) is not None and due <= until:
            self.now = max(self.now, due)
            happened += self.tick()
        self.now = until
        return happened

    def state(self, name: str) -> str:
        """State of a contact, or `gone`."""
        contact = self.floor.contacts.get(name)
        return contact.state if contact else "gone"

    def holder(self, name: str) -> str | None:
        """The agent who has the contact or its offer."""
        return self.floor.contacts[name].agent

    def order(self, name: str = "q") -> list[str]:
        """Contacts waiting in a queue, in order."""
        return [contact.id for contact in self.floor.waiting(name)]


def of(kind: type[E], events: list[Event]) -> list[E]:
    """The events of one kind."""
    return [event for event in events if isinstance(event, kind)]


def why(events: list[Event]) -> dict[str, Any]:
    """The explanation of the only offer."""
    (offer,) = of(ContactOffered, events)
    return offer.why


def fact(events: list[Event], code: str) -> dict[str, Any]:
    """One fact of the explanation of the only offer."""
    (found,) = [fact for fact in why(events)["facts"] if fact["code"] == code]
    return dict(found)
