"""Reading contacts: the full record, lists, the desk's card, and the log itself. Reads of personal data are audited."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..domain.errors import NotFound
from ..domain.floor import Floor
from ..storage import audit, browser_calls, config, contacts, events, messages, retention
from ..storage.contacts import ContactRow, SubscriberRow
from ..storage.db import Connection, Database
from ..storage.events import Stored
from ..storage.messages import Message, Note
from .access import Caller, require
from .contact_access import may_read
from .projector import fold

MOST_EARLIER = 20
_MESSAGES = 1000


@dataclass(frozen=True, slots=True)
class Record:
    """Everything that is known about one contact, in order. `zone` is the subscriber's, None where it is unknown.

    `cleared_at`: when its messages were deleted by rule, None while they are there.
    """

    row: ContactRow
    subscriber: SubscriberRow
    zone: str | None
    events: Sequence[Stored]
    messages: Sequence[Message]
    notes: Sequence[Note]
    words: str | None
    cleared_at: float | None


@dataclass(frozen=True, slots=True)
class Card:
    """What the desk shows beside a conversation. `zone` is the subscriber's, None where the region tells none."""

    row: ContactRow
    subscriber: SubscriberRow
    zone: str | None
    earlier: Sequence[ContactRow]
    notes: Sequence[Note]
    from_page: bool
    """A call from a browser: the number is only what the visitor gave."""


def masked(number: str | None) -> str | None:
    """Hide the middle of a number: +79735551830 is shown as "+7 973 ••• 18-30"."""
    if number is None:
        return None
    digits = "".join(c for c in number if c.isdigit())
    if len(digits) == 11:
        return f"+{digits[0]} {digits[1:4]} ••• {digits[7:9]}-{digits[9:]}"
    return f"••• {digits[-2:]}" if len(digits) > 4 else "•••"


async def read_record(caller: Caller, db: Database, floor: Floor, contact: str) -> Record:
    """Return the record of a contact that the caller may read; raise NotFound("contact.unknown")."""
    require(caller, "contact.read")
    async with db.transaction() as conn:
        row, facts = await readable(conn, caller, floor, contact)
        await audit.add(conn, caller.actor, "contact.record", "contact", contact)
        subscriber = await contacts.subscriber_of(conn, row)
        return Record(
            row=row,
            subscriber=subscriber,
            zone=await config.zone_of_region(conn, subscriber.region),
            events=facts,
            messages=await _all_messages(conn, contact),
            notes=await messages.notes(conn, [contact]),
            words=await contacts.survey_words(conn, contact),
            cleared_at=await retention.cleared_at(conn, row.thread) if row.thread else None,
        )


async def read_card(caller: Caller, db: Database, floor: Floor, contact: str) -> Card:
    """Return the card of a contact that the caller may read; raise NotFound("contact.unknown")."""
    require(caller, "contact.read")
    async with db.transaction() as conn:
        row, _ = await readable(conn, caller, floor, contact)
        await audit.add(conn, caller.actor, "contact.card", "contact", contact)
        subscriber = await contacts.subscriber_of(conn, row)
        earlier = await contacts.earlier(conn, row, MOST_EARLIER)
        return Card(
            row=row,
            subscriber=subscriber,
            zone=await config.zone_of_region(conn, subscriber.region),
            earlier=earlier,
            notes=await messages.notes(conn, [contact, *(other.id for other in earlier)]),
            from_page=row.channel == "voice" and await browser_calls.is_from_page(conn, contact),
        )


async def list_contacts(
    caller: Caller,
    db: Database,
    floor: Floor,
    *,
    subscriber: str | None = None,
    agent: str | None = None,
    queue: str | None = None,
    state: str | None = None,
    number: int | None = None,
    before: int | None = None,
    limit: int = 50,
) -> tuple[list[ContactRow], int | None]:
    """Return (contacts, newest first; number to go on from, or None at the end).

    Without "contact.read_all": what the caller talked in, and contacts of those whom the caller serves now.
    """
    require(caller, "contact.read")
    own = floor.agents.get(caller.id)
    held = [floor.contacts[id] for id in own.contacts] if own else []
    async with db.connection() as conn:
        rows = await contacts.page(
            conn,
            subscriber=subscriber,
            agent=agent,
            queue=queue,
            state=state,
            visible_to=None if caller.may("contact.read_all") else caller.id,
            subscribers=[c.subscriber for c in held if c.subscriber],
            threads=[c.thread for c in held if c.thread],
            number=number,
            before=before,
            limit=limit + 1,
        )
    more = len(rows) > limit
    return rows[:limit], rows[limit - 1].number if more else None


async def read_log(caller: Caller, db: Database, after: int, limit: int) -> list[Stored]:
    """Return facts of the log after a seq, oldest first; ids only."""
    require(caller, "events.read")
    async with db.connection() as conn:
        return await events.after(conn, after, limit)


async def readable(conn: Connection, caller: Caller, floor: Floor, contact: str) -> tuple[ContactRow, list[Stored]]:
    """Return the row as the log has it now (the stored one may be a moment behind) and the facts."""
    facts = await events.of_contact(conn, contact)
    rows = {}
    if facts:
        stored = await contacts.get(conn, contact)
        rows = {stored.id: stored} if stored else {}
        fold(rows, facts)
    if contact not in rows or not await may_read(conn, floor, caller, contact):
        raise NotFound("contact.unknown")
    return rows[contact], facts


async def _all_messages(conn: Connection, contact: str) -> list[Message]:
    found: list[Message] = []
    while True:
        batch = await messages.of_contact(conn, contact, found[-1].seq if found else 0, _MESSAGES)
        found += batch
        if len(batch) < _MESSAGES:
            return found
