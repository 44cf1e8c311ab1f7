"""Several people in one talk: a colleague is asked in or handed the talk, a supervisor listens or takes over."""

from __future__ import annotations

from typing import Any

from . import events as e
from .agent import Agent
from .configuring import Configuring
from .contact import Contact
from .errors import Conflict, Invalid, NotAllowed, NotFound
from .ids import AgentId, Instant, OfferId

MONITORING = frozenset({"listen", "whisper", "barge", "off"})
"""How a supervisor takes part: hears both, speaks to the agent alone, speaks to both, no longer."""

MOST_GUESTS = 4
"""Colleagues and outside numbers in one call together."""

HANDED_OUTSIDE = "handed_outside"
"""Reason of the end of a talk whose subscriber goes on talking with an outside number."""

LEFT = frozenset({"left", "declined", "missed", "busy", "failed", "full", "lost"})
"""Why a colleague is no longer in a talk, as far as the worker tells it."""


class Together(Configuring):
    """Commands of a talk that is more than two people's."""

    def invite(self, contact: str, agent: str, colleague: str, *, now: Instant) -> list[e.Event]:
        """The agent asks a colleague into the talk. Until that is over the colleague is offered nothing.

        Refusals: contact.not_talking, contact.not_yours, transfer.self, agent.unknown, agent.absent, agent.busy,
        call.gone (a voicemail), call.full.
        """
        found = self._own_talk(contact, agent)
        if found.absent:
            raise Conflict("call.gone", contact=contact)
        asked = self._invitable(found, colleague)
        if asked.helping == found.id:
            return []
        if sum(helped == found.id for helped in self.helpers.values()) >= MOST_GUESTS:
            raise Conflict("call.full", most=MOST_GUESTS)
        at = self._begin(now)
        self._emit(e.ColleagueInvited(at, found.id, AgentId(agent), asked.id))
        self._end_reservations(asked)
        return self._finish()

    def part(self, contact: str, colleague: str, why: str, *, now: Instant) -> list[e.Event]:
        """A colleague is in the talk no more, or never came; the same again is no news."""
        if why not in LEFT:
            raise Invalid("colleague.why", why=why)
        found = self._agent(colleague)
        if found.helping is None or found.helping != contact:
            return []
        at = self._begin(now)
        self._emit(e.ColleagueLeft(at, found.helping, found.id, why))
        return self._finish()

    def hand_over(self, contact: str, agent: str, colleague: str, *, now: Instant) -> list[e.Event]:
        """The agent leaves the talk to a colleague who is in it already: nobody waits, nothing is offered.

        Refusals: those of `invite`, colleague.not_here.
        """
        found = self._own_talk(contact, agent)
        taker = self._agent(colleague)
        if taker.helping != found.id or not taker.connected:
            raise Conflict("colleague.not_here", contact=contact)
        at = self._begin(now)
        self._emit(e.ContactTransferred(at, found.id, AgentId(agent), {"agent": colleague}))
        self._pass_on(found, taker, "transferred", {"code": "handed_over", "agent": agent})
        return self._finish()

    def take_over(self, contact: str, supervisor: str, *, now: Instant) -> list[e.Event]:
        """A supervisor takes the talk from its agent. Refusals: contact.not_talking, agent.unknown, agent.absent."""
        found = self._contact(contact)
        if found.state != "talking":
            raise Conflict("contact.not_talking", contact=contact)
        if found.agent == supervisor:
            return []
        taker = self._agent(supervisor)
        if not (taker.connected and taker.profile.active):
            raise Conflict("agent.absent", agent=supervisor)
        at = self._begin(now)
        if taker.presence == "offline":
            self._emit(e.PresenceChanged(at, taker.id, "busy", None, "system"))
        self._pass_on(found, taker, "taken_over", {"code": "taken_over", "agent": found.agent})
        return self._finish()

    def monitor(self, contact: str, supervisor: str, mode: str, *, now: Instant) -> list[e.Event]:
        """A supervisor listens, whispers, joins or leaves: a fact of the contact, for the record."""
        found = self._contact(contact)
        if mode not in MONITORING:
            raise Invalid("monitor.mode", mode=str(mode)[:20])
        if mode != "off" and found.state != "talking":
            raise Conflict("contact.not_talking", contact=contact)
        if mode != "off" and found.absent:
            raise Conflict("call.gone", contact=contact)
        at = self._begin(now)
        self._emit(e.ContactMonitored(at, found.id, str(supervisor), mode))
        return self._finish()

    # --- inside -----------------------------------------------------------------------------------------------

    def _own_talk(self, contact: str, agent: str) -> Contact:
        found = self._contact(contact)
        if found.state != "talking":
            raise Conflict("contact.not_talking", contact=contact)
        if found.agent != agent:
            raise NotAllowed("contact.not_yours", contact=contact)
        return found

    def _invitable(self, contact: Contact, colleague: str) -> Agent:
        if colleague == contact.agent:
            raise Invalid("transfer.self")
        found = self.agents.get(colleague)
        if found is None:
            raise NotFound("agent.unknown", agent=colleague)
        if found.helping not in (None, contact.id):
            raise Conflict("agent.busy", agent=colleague)
        if not (found.connected and found.profile.active and found.presence != "offline"):
            raise Conflict("agent.absent", agent=colleague)
        on_the_line = (self.contacts[id] for id, state in found.contacts.items() if state != "wrap_up")
        if any(other.channel == contact.channel for other in on_the_line):
            raise Conflict("agent.busy", agent=colleague)
        return found

    def _pass_on(self, contact: Contact, taker: Agent, why: str, fact: dict[str, Any]) -> None:
        """Give the talk to somebody at once: released, queued, offered and accepted in one instant."""
        at, giver = self._at, contact.agent
        assert giver is not None
        self._dismiss(contact, "took_over", only=taker)
        self._resume(contact, "transferred")
        talk = round(at - (contact.answered_at or at), 6)
        self._emit(e.ContactReleased(at, contact.id, giver, why, talk, contact.held))
        self._line_up(contact, why, details={"agent": giver}, require=contact.require)
        offer = OfferId(f"{contact.id}:{contact.offers + 1}")
        explanation = {
            "mode": "handed_over",
            "step": contact.step,
            "able": 1,
            "free": 1,
            "facts": [fact],
            "candidates": [],
            "rank": contact.rank,
            "waiting": 0,
            "next": None,
        }
        deadline = at + self.queues[contact.queue].config.offer_seconds
        self._emit(e.ContactOffered(at, contact.id, taker.id, offer, contact.queue, deadline, explanation))
        self._emit(e.OfferAccepted(at, contact.id, taker.id, offer, contact.queue, 0.0))
