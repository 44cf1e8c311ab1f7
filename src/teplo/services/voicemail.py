"""The agent of a voicemail calls its subscriber."""

from ..domain.errors import Conflict
from ..storage import audit, callbacks, config, voicemails
from .access import Caller, require
from .chat import Chat
from .contact_access import must_talk


async def ring_back(chat: Chat, caller: Caller, contact: str) -> None:
    """Call who left the message, on the number that called; a retry while it rings is harmless.

    Refusals: contact.not_yours, contact.ended, voicemail.no_number, voicemail.none, callback.no_more, callback.hours.
    """
    require(caller, "contact.handle")
    async with chat.db.transaction() as conn:
        await must_talk(conn, caller, contact)
        whom = await voicemails.whom(conn, contact)
        if whom is None:
            raise Conflict("voicemail.no_number")
        await callbacks.put(conn, whom)  # the worker that dials finds the number here, as for every callback
        await audit.add(conn, caller.actor, "voicemail.call", "contact", contact)
        zone = await config.zone_of_region(conn, whom.region)
        body = {"contact": contact, "agent": caller.id, "zone": zone or chat.zone}
        command = await chat.commands.send_in(conn, "ring_back", body)
    await chat.feed.reached(await chat.commands.result(command))
