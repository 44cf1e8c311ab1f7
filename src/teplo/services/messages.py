"""The agent's side of a chat: writing, files, receipts, private notes. Messages never pass through the floor."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from uuid_utils import uuid7

from ..domain.errors import Conflict, NotAllowed, NotFound
from ..storage import audit, messages, standing, threads
from ..storage.db import Connection
from ..storage.messages import Message, Note
from ..storage.threads import Receipts
from .access import Caller, require
from .chat import Chat
from .contact_access import may_read, must_talk, readable_thread
from .files import Checked
from .intake import store_file


@dataclass(frozen=True, slots=True)
class Listing:
    """Messages of a contact (or of its whole thread), with the thread's last seq and receipts."""

    items: Sequence[Message]
    last_seq: int
    receipts: Receipts


def message_json(message: Message) -> dict[str, Any]:
    """A message as the API and the live sockets show it."""
    return {
        "id": message.id,
        "seq": message.seq,
        "contact": message.contact,
        "at": message.at,
        "author": message.author,
        "agent": message.agent,
        "kind": message.kind,
        "text": message.text,
        "file": None if message.file is None else asdict(message.file),
    }


async def write(chat: Chat, caller: Caller, contact: str, id: str, text: str) -> tuple[Message, bool]:
    """Store a text of the agent who talks in the contact; (the message, whether it is new)."""
    require(caller, "contact.handle")
    async with chat.db.connection() as conn:
        talk = await standing.talk_of(conn, contact)
        if talk is None:
            raise NotFound("contact.unknown")
        if talk.agent == caller.id and not talk.ended:
            message = await messages.append(
                conn,
                thread=talk.thread,
                id=id,
                contact=contact,
                author="agent",
                agent=caller.id,
                kind="text",
                at=chat.clock(),
                text=text,
            )
            if message is not None:
                return message, True
        return await _refused(conn, caller, contact, id), False


async def attach(chat: Chat, caller: Caller, contact: str, id: str, file: Checked) -> tuple[Message, bool]:
    """Store a file of the agent who talks in the contact; (its message, whether it is new)."""
    require(caller, "contact.handle")
    async with chat.db.transaction() as conn:
        thread = await threads.lock_of_contact(conn, contact)
        if thread is None:
            raise NotFound("contact.unknown")
        found = await _found(conn, caller, contact, id)
        if found is not None:
            return found, False
        await must_talk(conn, caller, contact)
        file_id = str(uuid7())
        await store_file(conn, file_id, thread.id, file)
        message = await messages.append(
            conn,
            thread=thread.id,
            id=id,
            contact=contact,
            author="agent",
            agent=caller.id,
            kind="file",
            at=chat.clock(),
            file=file_id,
        )
        if message is None:
            raise Conflict("message.id_taken")
        return message, True


async def listing(chat: Chat, caller: Caller, contact: str, *, after: int, limit: int, whole_thread: bool) -> Listing:
    """Read messages after a seq, with `whole_thread` also those of what was before. Who has no part in it is audited.

    What came later on the thread is not shown: it may be a colleague's.
    """
    require(caller, "contact.read")
    async with chat.db.transaction() as conn:
        thread = await readable_thread(conn, chat.feed.floor, caller, contact)
        await _audit(conn, chat, caller, contact, "contact.messages")
        if whole_thread:
            until = await messages.last_seq(conn, contact)
            items = await messages.of_thread(conn, thread.id, after, limit, until=until)
        else:
            items = await messages.of_contact(conn, contact, after, limit)
    return Listing(items, thread.last_seq, thread.receipts)


async def mark(chat: Chat, caller: Caller, contact: str, *, delivered: int = 0, read: int = 0) -> None:
    """Note how far the agent who has (or had) the contact got; a supervisor's reading leaves no mark."""
    require(caller, "contact.handle")
    async with chat.db.connection() as conn:
        talk = await standing.talk_of(conn, contact)
        if talk is None:
            raise NotFound("contact.unknown")
        if talk.agent != caller.id:
            raise NotAllowed("contact.not_yours")
        last = talk.last_seq  # what comes later on the thread may be a colleague's
        await threads.mark(conn, talk.thread, "agent", delivered=min(delivered, last), read=min(read, last))


async def add_note(chat: Chat, caller: Caller, contact: str, id: str, text: str) -> tuple[Note, bool]:
    """Keep a private note on a contact that the caller may read; (the note, whether it is new)."""
    require(caller, "contact.read")
    async with chat.db.transaction() as conn:
        await _readable(conn, chat, caller, contact)
        note, created = await messages.add_note(conn, id=id, contact=contact, agent=caller.id, text=text)
    if note.contact != contact or note.agent != caller.id:
        raise Conflict("note.id_taken")
    return note, created


async def notes(chat: Chat, caller: Caller, contact: str) -> list[Note]:
    """Read the notes on a contact. Who has no part in it is audited."""
    require(caller, "contact.read")
    async with chat.db.transaction() as conn:
        await _readable(conn, chat, caller, contact)
        await _audit(conn, chat, caller, contact, "contact.notes")
        return await messages.notes(conn, [contact])


async def _readable(conn: Connection, chat: Chat, caller: Caller, contact: str) -> None:
    known = contact in chat.feed.floor.contacts or await standing.exists(conn, contact)
    if not known or not await may_read(conn, chat.feed.floor, caller, contact):
        raise NotFound("contact.unknown")


async def _audit(conn: Connection, chat: Chat, caller: Caller, contact: str, action: str) -> None:
    agent = chat.feed.floor.agents.get(caller.id)
    in_hand = agent is not None and contact in agent.contacts
    if not in_hand and not await standing.handled_by(conn, contact, caller.id):
        await audit.add(conn, caller.actor, action, "contact", contact)


async def _found(conn: Connection, caller: Caller, contact: str, id: str) -> Message | None:
    """Return what was stored under this id before, if it is the same sender's."""
    found = await messages.find(conn, id)
    if found is not None and (found.contact != contact or found.agent != caller.id):
        raise Conflict("message.id_taken")
    return found


async def _refused(conn: Connection, caller: Caller, contact: str, id: str) -> Message:
    """Return what was stored under this id before; else say why nothing can be written."""
    found = await _found(conn, caller, contact, id)
    if found is None:
        await must_talk(conn, caller, contact)
        raise Conflict("message.id_taken")
    return found
