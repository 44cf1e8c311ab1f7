"""Reading contacts: record, list, the desk's card; and the log of facts."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from ..services import records
from ..services.texts import Slug
from ..storage.contacts import ContactRow as StoredRow
from ..storage.contacts import SubscriberRow
from .chat_models import MessageModel
from .deps import CallerDep, ServicesDep
from .messages import NoteModel

router = APIRouter(tags=["contacts"])

ContactState = Literal["deferred", "waiting", "offered", "dialling", "talking", "wrap_up", "ended"]


class _Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ContactRow(_Read):
    """One contact in a list. Times are POSIX seconds; `wait`, `talk` (without hold), `hold`, `wrap_up` seconds.

    `number` is what people say (C-10482); null in the first moment of a contact. `wait` is that of the first answer.
    """

    id: str
    number: int | None
    channel: str
    direction: Literal["in", "out"]
    queue: str
    reason: str | None
    state: ContactState
    agent: str | None
    arrived_at: float
    answered_at: float | None
    ended_at: float | None
    ended_by: str | None
    wait: float
    talk: float
    hold: float
    wrap_up: float
    transfers: int
    outcome: str | None
    reasons: list[str]
    grade: int | None


class ContactPage(BaseModel):
    """Contacts, newest first; `next` is the value of `before` for the following page, null at the end."""

    items: list[ContactRow]
    next: int | None


class RecordEvent(BaseModel):
    """A fact of the contact. `body` is that of the event dictionary; an offer carries the explanation as `why`."""

    seq: int
    at: float
    kind: str
    agent: str | None
    body: dict[str, Any]


class RecordSubscriber(BaseModel):
    """Who the contact is with, as far as known; the number is never whole."""

    id: str | None
    name: str | None
    number_masked: str | None
    region: str | None
    language: str
    zone: str | None


class ContactRecord(ContactRow):
    """Everything that happened to a contact, in order. `cleared_at`: when its messages were deleted by rule."""

    subscriber: RecordSubscriber
    thread: str | None
    events: list[RecordEvent]
    messages: list[MessageModel]
    notes: list[NoteModel]
    words: str | None
    cleared_at: float | None


class ContactCard(BaseModel):
    """What the desk shows beside a conversation: the subscriber, earlier contacts (at most 20), their notes.

    `from_page`: a call from a browser, whose number is only what the visitor gave.
    """

    contact: str
    number: int | None
    channel: str
    queue: str
    reason: str | None
    thread: str | None
    subscriber: RecordSubscriber
    earlier: list[ContactRow]
    notes: list[NoteModel]
    from_page: bool


class LogEvent(RecordEvent):
    """A fact of the log: ids only, no personal data."""

    contact: str | None


class LogPage(BaseModel):
    """Facts in order; `next` is the value of `after` for what follows (facts to come, at the end)."""

    items: list[LogEvent]
    next: int


Number = Annotated[int | None, Query(ge=1, le=2**63 - 1)]


@router.get("/contacts", operation_id="listContacts")
async def list_contacts(
    caller: CallerDep,
    services: ServicesDep,
    subscriber: UUID | None = None,
    agent: UUID | None = None,
    queue: Annotated[Slug | None, Query()] = None,
    state: ContactState | None = None,
    number: Number = None,
    before: Number = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ContactPage:
    """List contacts, newest first: for an agent the own ones and those of the subscribers in the agent's hands."""
    rows, following = await records.list_contacts(
        caller,
        services.db,
        services.feed.floor,
        subscriber=str(subscriber) if subscriber else None,
        agent=str(agent) if agent else None,
        queue=queue,
        state=state,
        number=number,
        before=before,
        limit=limit,
    )
    return ContactPage(items=_rows(rows), next=following)


@router.get("/contacts/{contact}", operation_id="readContact")
async def read_contact(caller: CallerDep, services: ServicesDep, contact: UUID) -> ContactRecord:
    """Read everything that happened to a contact, with the explanation of its routing. The reading is audited."""
    found = await records.read_record(caller, services.db, services.feed.floor, str(contact))
    return ContactRecord(
        **ContactRow.model_validate(found.row).model_dump(),
        subscriber=_subscriber(found.subscriber, found.zone),
        thread=found.row.thread,
        events=[
            RecordEvent(seq=seq, at=e.at, kind=e.KIND, agent=getattr(e, "agent", None), body=e.body())
            for seq, e in found.events
        ],
        messages=[MessageModel.of(message) for message in found.messages],
        notes=[NoteModel.of(note) for note in found.notes],
        words=found.words,
        cleared_at=found.cleared_at,
    )


@router.get("/contacts/{contact}/card", operation_id="readContactCard")
async def read_card(caller: CallerDep, services: ServicesDep, contact: UUID) -> ContactCard:
    """Read the card of a contact: the subscriber and what was before. The reading is audited."""
    found = await records.read_card(caller, services.db, services.feed.floor, str(contact))
    row = found.row
    return ContactCard(
        contact=row.id,
        number=row.number,
        channel=row.channel,
        queue=row.queue,
        reason=row.reason,
        thread=row.thread,
        subscriber=_subscriber(found.subscriber, found.zone),
        earlier=_rows(found.earlier),
        notes=[NoteModel.of(note) for note in found.notes],
        from_page=found.from_page,
    )


@router.get("/events", operation_id="listEvents")
async def list_events(
    caller: CallerDep,
    services: ServicesDep,
    after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> LogPage:
    """Read the log of facts after a seq; how programs follow the centre (or use the live feed)."""
    found = await records.read_log(caller, services.db, after, limit)
    items = [
        LogEvent(
            seq=seq,
            at=e.at,
            kind=e.KIND,
            contact=getattr(e, "contact", None),
            agent=getattr(e, "agent", None),
            body=e.body(),
        )
        for seq, e in found
    ]
    return LogPage(items=items, next=items[-1].seq if items else after)


def _rows(rows: Iterable[StoredRow]) -> list[ContactRow]:
    return [ContactRow.model_validate(row) for row in rows]


def _subscriber(row: SubscriberRow, zone: str | None) -> RecordSubscriber:
    return RecordSubscriber(
        id=row.id,
        name=row.name,
        number_masked=records.masked(row.number),
        region=row.region,
        language=row.language,
        zone=zone,
    )
