"""The agent's side of a chat: messages, files, receipts, private notes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, Field

from ..services import messages
from ..services.texts import Strict, clean
from ..storage.messages import Note
from .chat_models import UPLOAD_BODY, MessageModel, NewMessage, ReadUpTo, ReceiptsModel, Seq
from .deps import CallerDep, ServicesDep
from .transfer import FILE_RESPONSES, file_response, read_upload

router = APIRouter(tags=["messages"])


def _lines(value: object) -> object:
    return clean(value, lines=True) if isinstance(value, str) else value


NoteText = Annotated[str, BeforeValidator(_lines), Field(min_length=1, max_length=4000)]
"""Plain text of a note."""


class MessageList(BaseModel):
    """Messages in order of seq, the thread's last seq and how far each side got."""

    items: list[MessageModel]
    last_seq: int
    receipts: ReceiptsModel


class NewNote(Strict):
    """A private note with the id that its writer made."""

    id: UUID
    text: NoteText


class NoteModel(BaseModel):
    """A private note; subscribers never see it."""

    id: str
    contact: str
    agent: str
    at: float
    text: str

    @classmethod
    def of(cls, note: Note) -> "NoteModel":
        """Show a stored note."""
        return cls(id=note.id, contact=note.contact, agent=note.agent, at=note.at, text=note.text)


class NoteList(BaseModel):
    """Notes, oldest first."""

    items: list[NoteModel]


@router.get("/contacts/{contact}/messages", operation_id="listMessages")
async def list_messages(
    services: ServicesDep,
    caller: CallerDep,
    contact: UUID,
    after: Annotated[Seq, Query()] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 1000,
    whole_thread: bool = False,
) -> MessageList:
    """Read a contact's messages after a seq; with `whole_thread` also those of earlier contacts of the thread."""
    found = await messages.listing(
        services.chat, caller, str(contact), after=after, limit=limit, whole_thread=whole_thread
    )
    return MessageList(
        items=[MessageModel.of(message) for message in found.items],
        last_seq=found.last_seq,
        receipts=ReceiptsModel.of(found.receipts),
    )


@router.post(
    "/contacts/{contact}/messages",
    operation_id="sendMessage",
    status_code=201,
    responses={200: {"model": MessageModel, "description": "It was stored before"}},
)
async def send_message(
    response: Response, services: ServicesDep, caller: CallerDep, contact: UUID, body: NewMessage
) -> MessageModel:
    """Write to the subscriber of the contact that one talks in."""
    message, created = await messages.write(services.chat, caller, str(contact), str(body.id), body.text)
    response.status_code = 201 if created else 200
    return MessageModel.of(message)


@router.post(
    "/contacts/{contact}/files",
    operation_id="sendFile",
    status_code=201,
    responses={200: {"model": MessageModel, "description": "It was stored before"}},
    openapi_extra=UPLOAD_BODY,
)
async def send_file(
    request: Request, response: Response, services: ServicesDep, caller: CallerDep, contact: UUID
) -> MessageModel:
    """Send a picture or a PDF of up to 10 MB to the subscriber."""
    chat = services.chat
    await chat.rates.uploading(caller.id)
    upload = await read_upload(request)
    file = await chat.files.checked(upload.name, upload.declared, upload.data)
    message, created = await messages.attach(chat, caller, str(contact), upload.id, file)
    response.status_code = 201 if created else 200
    return MessageModel.of(message)


@router.post("/contacts/{contact}/read", operation_id="markRead", status_code=204)
async def mark_read(services: ServicesDep, caller: CallerDep, contact: UUID, body: ReadUpTo) -> None:
    """Note that the agent has read up to a seq; never goes back."""
    await messages.mark(services.chat, caller, str(contact), read=body.seq)


@router.post("/contacts/{contact}/delivered", operation_id="markDelivered", status_code=204)
async def mark_delivered(services: ServicesDep, caller: CallerDep, contact: UUID, body: ReadUpTo) -> None:
    """Note that messages up to a seq have reached the agent's desk; never goes back."""
    await messages.mark(services.chat, caller, str(contact), delivered=body.seq)


@router.get("/files/{file}", operation_id="getFile", response_class=Response, responses=FILE_RESPONSES)
async def get_file(services: ServicesDep, caller: CallerDep, file: UUID) -> Response:
    """Return a file of a contact that one may read; the access is audited."""
    return file_response(await services.chat.files.of_person(caller, str(file)))


@router.get("/contacts/{contact}/notes", operation_id="listNotes")
async def list_notes(services: ServicesDep, caller: CallerDep, contact: UUID) -> NoteList:
    """Read the private notes on a contact."""
    return NoteList(items=[NoteModel.of(note) for note in await messages.notes(services.chat, caller, str(contact))])


@router.post(
    "/contacts/{contact}/notes",
    operation_id="addNote",
    status_code=201,
    responses={200: {"model": NoteModel, "description": "It was stored before"}},
)
async def add_note(
    response: Response, services: ServicesDep, caller: CallerDep, contact: UUID, body: NewNote
) -> NoteModel:
    """Write a private note on a contact."""
    note, created = await messages.add_note(services.chat, caller, str(contact), str(body.id), body.text)
    response.status_code = 201 if created else 200
    return NoteModel.of(note)
