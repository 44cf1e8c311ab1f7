"""Which contacts a person may read, and which one an agent may write in."""

from ..domain.errors import Conflict, NotAllowed, NotFound
from ..domain.floor import Floor
from ..storage import browser_calls, contacts, standing, threads
from ..storage.db import Connection
from ..storage.threads import Thread
from .access import Caller


async def may_read(conn: Connection, floor: Floor, caller: Caller, contact: str) -> bool:
    """Whether the caller may read a contact: any, an own one, or one of a subscriber in the caller's hands now."""
    if caller.may("contact.read_all"):
        return True
    if not caller.may("contact.read"):
        return False
    if await standing.handled_by(conn, contact, caller.id):
        return True
    agent = floor.agents.get(caller.id)
    held = [floor.contacts[id] for id in agent.contacts] if agent else []
    if not held:
        return False
    if any(c.id == contact for c in held):
        return True
    subscribers = {c.subscriber for c in held if c.subscriber is not None}
    thread = await threads.of_contact(conn, contact)
    if thread is not None:
        if thread.subscriber in subscribers or any(c.thread == thread.id for c in held):
            return True
        return thread.id in await browser_calls.threads_of(conn, [c.id for c in held if c.channel == "voice"])
    row = await contacts.get(conn, contact)  # a call
    return row is not None and row.subscriber in subscribers


async def readable_thread(conn: Connection, floor: Floor, caller: Caller, contact: str) -> Thread:
    """Return the thread of a contact that the caller may read, else NotFound("contact.unknown")."""
    thread = await threads.of_contact(conn, contact)
    if thread is None or not await may_read(conn, floor, caller, contact):
        raise NotFound("contact.unknown")
    return thread


async def must_talk(conn: Connection, caller: Caller, contact: str) -> None:
    """Refuse unless the caller talks in the contact now, as the log says: contact.ended, contact.not_yours."""
    agent, ended = await standing.talker(conn, contact)
    if ended and (agent == caller.id or await standing.handled_by(conn, contact, caller.id)):
        raise Conflict("contact.ended")
    if agent != caller.id:
        raise NotAllowed("contact.not_yours")
