"""Calls that we make: back to who asked for it (place kept, attempts counted), or out of an agent's wish."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from . import events as e
from . import parsing
from .agent import Agent
from .callback import AGENT_FAILED, LIMIT_SECONDS, NOT_MADE, OUTCOMES
from .contact import Contact
from .deciding import Decider
from .errors import Conflict, Invalid
from .ids import ContactId, Instant, OfferId, QueueId, Seconds, SubscriberId
from .quick import quick

_accepted = quick(e.OfferAccepted)

ZONE = "Europe/Moscow"
"""Whose hours count where nobody knows where the subscriber is."""


class CallingBack(Decider):
    """The commands `call_back`, `rejoin`, `call_out` and `dialled`."""

    def call_back(self, contact: str, zone: str | None = None, *, now: Instant) -> list[e.Event]:
        """The waiting subscriber hangs up and wants to be called back; the place stays. Again: no news.

        Refusals: contact.unknown, callback.too_late (it is offered or talked in), callback.zone.
        """
        found = self._contact(contact)
        if found.callback_zone is not None:
            return []
        if found.state not in ("waiting", "deferred") or found.channel != "voice" or found.absent:
            raise Conflict("callback.too_late", contact=contact)
        name = checked_zone(zone)
        self._begin(now)
        self._emit(e.CallbackAsked(self._at, found.id, name))
        return self._finish()

    def rejoin(self, contact: str, *, now: Instant) -> list[e.Event]:
        """The subscriber who is to be called back has called and waits at the old place.

        Refusals: callback.none (over, or a call already), callback.dialling (try again in a moment), queue.closed.
        """
        found = self.contacts.get(contact)
        if found is None or found.callback_zone is None:
            raise Conflict("callback.none", contact=contact)
        if found.state == "dialling":
            raise Conflict("callback.dialling", contact=contact)
        state = self.queues[found.queue]
        if found.state == "deferred" and not state.open:
            raise Conflict("queue.closed", queue=found.queue, opens_at=state.opens_at)
        self._begin(now)
        self._emit(e.CallbackRejoined(self._at, found.id))
        if found.state == "deferred":
            self._begin_waiting(found, "rejoined")
        return self._finish()

    def dialled(
        self, contact: str, attempt: int, outcome: str, after: Seconds | None = None, *, now: Instant
    ) -> list[e.Event]:
        """How a dial went: `reached`, or one of `callback.OUTCOMES`. `after`: of a `limit`, when it allows the call.

        Refusals: callback.not_dialling (that attempt is over), callback.outcome, callback.after.
        """
        found = self.contacts.get(contact)
        if outcome != "reached" and outcome not in OUTCOMES:
            raise Invalid("callback.outcome", outcome=str(outcome)[:40])
        told = {} if after is None else {"after": after}
        allowed_in = parsing.number(told, "after", "callback.after", LIMIT_SECONDS, 0, LIMIT_SECONDS)
        if found is None or found.state != "dialling" or found.dials != attempt:
            raise Conflict("callback.not_dialling", contact=contact)
        at = self._begin(now)
        if outcome == "reached" and found.absent:
            assert found.agent is not None
            self._emit(e.CallbackReached(at, found.id, found.agent, attempt))
        elif outcome == "reached":
            assert found.agent is not None and found.offer is not None
            wait = round(at - found.waiting_since, 6)
            self._emit(_accepted(at, found.id, found.agent, found.offer, found.queue, wait))
        else:
            self._dial_over(found, outcome, allowed_in)
        return self._finish()

    def call_out(
        self,
        contact: ContactId,
        agent: str,
        queue: QueueId,
        subscriber: SubscriberId | None = None,
        language: str = "ru",
        region: str | None = None,
        *,
        now: Instant,
    ) -> list[e.Event]:
        """An agent calls a subscriber who did not ask for it. The same contact again is no news.

        Refusals: dial.absent (offline, or on a break), dial.busy (in a call, or one is offered), agent.cannot_take,
        contact.channel.
        """
        if contact in self.contacts:
            return []
        config, found = self._queue(queue).config, self._agent(agent)
        if "voice" not in config.channels:
            raise Invalid("contact.channel", queue=queue, channel="voice")
        self._may_call_out(found)
        at = self._begin(now)
        self._emit(
            e.ContactArrived(
                at, contact, "voice", queue, subscriber, language, region, 0.0, None, None, None, "out"
            )
        )  # fmt: skip
        offer, deadline = OfferId(f"{contact}:1"), at + config.callback.call_out_seconds
        self._emit(e.OutgoingDialled(at, contact, found.id, offer, queue, deadline))
        return self._finish()

    def _may_call_out(self, agent: Agent) -> None:
        """An agent at work who is in no call: available, in wrap-up, or at other work."""
        if not (agent.connected and agent.profile.active and agent.presence not in ("offline", "break")):
            raise Conflict("dial.absent")
        if not agent.profile.capacity.get("voice", 0):
            raise Conflict("agent.cannot_take", agent=agent.id, channel="voice")
        running = (self.contacts[id] for id, state in agent.contacts.items() if state != "wrap_up")
        if agent.helping is not None or any(contact.channel == "voice" for contact in running):
            raise Conflict("dial.busy")

    def _dial(self, contact: Contact) -> None:
        """The agent has accepted a callback, or calls the subscriber of a voicemail."""
        assert contact.agent is not None
        deadline = self._at + self.queues[contact.queue].config.callback.dial_seconds
        offer = contact.offer or OfferId(f"{contact.id}:{contact.offers}")
        self._emit(
            e.CallbackDialled(self._at, contact.id, contact.agent, offer, contact.queue, contact.dials + 1, deadline)
        )

    def _dial_over(self, contact: Contact, outcome: str, allowed_in: Seconds = 0.0) -> None:
        """The agent is free; the next attempt comes after the pause, the last one ends the contact.

        So does one to a number that may not be called any more. One over a limit is put off until that allows it, and
        keeps its place. The agent of a voicemail keeps it and decides what is next.
        """
        assert contact.agent is not None
        rules, agent = self.queues[contact.queue].config.callback, self.agents[contact.agent]
        counted = outcome not in AGENT_FAILED | NOT_MADE
        self._dial_failed_by(contact, outcome, counted)
        if contact.outgoing:
            self._end(contact, "agent" if outcome == "cancelled" else "system", outcome)
            return
        if outcome == "refused":
            self._end(contact, "subscriber", "callback_refused")
        elif contact.absent:
            return
        elif outcome == "limit":
            self._put_off(contact, self._at + max(rules.pause(1), allowed_in), "limit")
        elif outcome in NOT_MADE:
            self._end(contact, "system", f"callback_{outcome}")
        elif contact.failed_dials >= rules.attempts:
            self._end(contact, "system", "callback_unreached")
        elif counted:
            self._put_off(contact, self._at + rules.pause(contact.failed_dials))
        else:
            self._return(contact, agent)

    def _dial_failed_by(self, contact: Contact, outcome: str, counted: bool) -> None:
        """Write down that a call of ours did not reach the subscriber; the contact has no agent then."""
        assert contact.agent is not None
        if contact.outgoing:
            self._emit(e.OutgoingFailed(self._at, contact.id, contact.agent, outcome))
        else:
            failed = e.CallbackFailed(self._at, contact.id, contact.agent, contact.dials, outcome, counted)
            self._emit(failed)


def checked_zone(zone: str | None) -> str:
    """Return the zone, that of the centre for none; raise Invalid("callback.zone") for one that there is not."""
    name = ZONE if zone is None else zone
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise Invalid("callback.zone") from error
    return name
