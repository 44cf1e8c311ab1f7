"""Spoken messages: a contact without a line, whose agent hears it and may call the subscriber from the talk."""

from __future__ import annotations

from . import events as e
from .calling_back import checked_zone
from .errors import Conflict
from .ids import Instant
from .together import Together


class Voicemails(Together):
    """The command `ring_back`; a voicemail comes by `arrive`."""

    def ring_back(self, contact: str, agent: str, zone: str | None = None, *, now: Instant) -> list[e.Event]:
        """The agent of a voicemail calls its subscriber. While it rings already it is no news.

        `zone`: whose calling hours count. Refusals: contact.not_talking, contact.not_yours, voicemail.none (somebody is
        on the line), callback.no_more (as often as the queue allows), callback.hours, callback.zone.
        """
        known = self.contacts.get(contact)
        if known is not None and known.absent and known.state == "dialling" and known.agent == agent:
            return []
        found = self._own_talk(contact, agent)
        rules = self.queues[found.queue].config.callback
        if not found.absent:
            raise Conflict("voicemail.none", contact=contact)
        if found.failed_dials >= rules.attempts:
            raise Conflict("callback.no_more", attempts=rules.attempts)
        at = max(now, self.now)
        since = rules.callable_from(checked_zone(zone), at, 0.0)
        if since > at:
            raise Conflict("callback.hours", **{"from": since})
        self._begin(now)
        self._dial(found)
        return self._finish()
