"""The agent of a voicemail calls its subscriber."""

from typing import Protocol

from ..domain.errors import Conflict
from ..storage import audit, callbacks, config, voicemails
from ..storage.db import Database
from . import dialling
from .access import Caller, require
from .commands import Commands
from .contact_access import must_talk
from .feed import Feed


class Means(Protocol):
    """What a process of any kind has: one that serves desks, and a voice worker for who works by phone."""

    @property
    def db(self) -> Database:
        """The database."""
        ...

    @property
    def commands(self) -> Commands:
        """The way to the floor."""
        ...

    @property
    def feed(self) -> Feed:
        """The replica of the floor."""
        ...

    @property
    def zone(self) -> str:
        """The time zone of the centre."""
        ...


async def ring_back(means: Means, caller: Caller, contact: str) -> None:
    """Call who left the message, on the number that called; a retry while it rings is harmless.

    Refusals: contact.not_yours, contact.ended, voicemail.no_number, voicemail.none, callback.no_more, callback.hours,
    dial.not_allowed, dial.limit.
    """
    require(caller, "contact.handle")
    async with dialling.watched(means.db, caller, contact), means.db.transaction() as conn:
        await must_talk(conn, caller, contact)
        whom = await voicemails.whom(conn, contact)
        if whom is None:
            raise Conflict("voicemail.no_number")
        await dialling.check_call_back(conn, contact, whom.number)
        await callbacks.put(conn, whom)  # the worker that dials finds the number here, as for every callback
        await audit.add(conn, caller.actor, "voicemail.call", "contact", contact)
        zone = await config.zone_of_region(conn, whom.region)
        body = {"contact": contact, "agent": caller.id, "zone": zone or means.zone}
        command = await means.commands.send_in(conn, "ring_back", body)
    await means.feed.reached(await means.commands.result(command))
