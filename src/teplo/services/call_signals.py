"""The desk's side of a call: a tab's words go to the worker that carries it, the worker's words to the tabs.

Audio never passes here, only session descriptions and wishes. The way there is the inbox, so that a wish is done once;
the way back is NOTIFY: a word that is lost while the database is away is made good by the tab, which joins again.
"""

import asyncio
import re
from typing import Any, Final

import orjson
import structlog
from uuid_utils import uuid7

from ..domain.errors import Conflict, Invalid
from ..storage import calls, inbox
from ..storage.db import Connection, Database, Unavailable
from .access import Caller, require
from .contact_access import must_talk
from .feed import Feed
from .live import LiveHub

log = structlog.get_logger()

_DIGITS: Final = re.compile(r"[0-9*#A-D]{1,32}")


class CallSignals:
    """The exchange between the desks of this process and the voice workers. `run` must be running."""

    def __init__(self, db: Database, feed: Feed, live: LiveHub, node: str) -> None:
        self._db = db
        self._feed = feed
        self._live = live
        self._node = node
        self.listening = asyncio.Event()

    async def signal(self, caller: Caller, contact: str, tab: str, signal: dict[str, Any]) -> None:
        """Hand a tab's word to the worker; ignored unless the caller has the call, was asked in, or may listen.

        A tab may be a moment behind the floor, so this is no error of the tab.
        """
        found = self._feed.floor.contacts.get(contact)
        agent = caller.id
        known = self._feed.floor.agents.get(agent)
        may = found is not None and (
            (found.agent == agent and found.state in ("offered", "dialling", "talking"))
            or (found.state == "talking" and known is not None and known.helping == contact)
            or (found.state == "talking" and caller.may("call.listen"))  # the worker knows whether this one does
        )
        if found is None or found.channel != "voice" or not may:
            log.info("call.signal_ignored", contact_id=contact, agent_id=agent, signal=signal["type"])
            return
        async with self._db.transaction() as conn:
            body = {"contact": contact, "agent": agent, "tab": tab, "signal": signal}
            carried = await self._put(conn, contact, "signal", body)
        if not carried:
            log.info("call.signal_without_worker", contact_id=contact, signal=signal["type"])

    async def act(self, caller: Caller, contact: str, action: str, digits: str | None) -> None:
        """Ask the worker to hold, to send digits, to pause the recording; the desk hears the result as a state.

        Refusals: call.digits, contact.not_yours, contact.ended, call.gone (no worker carries it).
        """
        require(caller, "contact.handle")
        body: dict[str, Any] = {}
        if action == "digits":
            if digits is None or not _DIGITS.fullmatch(digits):
                raise Invalid("call.digits")
            body["digits"] = digits
        async with self._db.transaction() as conn:
            await must_talk(conn, caller, contact)
            await self.wish_in(conn, contact, action, caller.id, body)

    async def wish_in(self, conn: Connection, contact: str, kind: str, agent: str, body: dict[str, Any]) -> None:
        """Ask the worker that carries the call for something, in the caller's transaction; refusal: call.gone."""
        if not await self._put(conn, contact, kind, {"contact": contact, "agent": agent, **body}):
            raise Conflict("call.gone")

    async def run(self) -> None:
        """Hand the workers' words to the sockets; for ever."""
        while True:
            try:
                ears = await self._db.dedicated("calls")
                try:
                    await ears.execute(f"listen {calls.DESK_CHANNEL}".encode())
                    self.listening.set()
                    async for note in ears.notifies():
                        told = orjson.loads(note.payload)
                        self._live.tell(told.pop("agent"), {"type": "call", **told})
                finally:
                    self.listening.clear()
                    await ears.close()
            except Unavailable as problem:
                log.warning("calls.database_away", error=str(problem).split("\n")[0])
                await asyncio.sleep(0.2)

    async def _put(self, conn: Connection, contact: str, kind: str, body: dict[str, Any]) -> bool:
        """Put a command in the inbox of the worker that carries the call; False when none does."""
        place = await calls.place(conn, contact)
        if place is None:
            return False
        command = inbox.Command(str(uuid7()), self._node, kind, body)
        await inbox.put(conn, [command], calls.recipient(place.node))
        return True
