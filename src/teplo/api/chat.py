"""The widget's API: a subscriber's thread, known by the token that the widget made (Authorization: Bearer)."""

from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, BeforeValidator, Field

from ..domain.errors import NotAllowed
from ..services.chat import hash_token
from ..services.intake import Opening
from ..services.texts import Slug, Strict, clean
from ..storage.threads import Thread
from .chat_models import (
    UPLOAD_BODY,
    MessageModel,
    MessageText,
    NewMessage,
    ReadUpTo,
    ReceiptsModel,
    Seq,
    ThreadPageModel,
    ThreadStateModel,
)
from .deps import ServicesDep, client_address
from .origins import WidgetCors, foreign_origin
from .shapes import Range
from .transfer import FILE_RESPONSES, file_response, read_upload

__all__ = ["WidgetCors", "router"]

router = APIRouter(prefix="/chat", tags=["chat"])

_bearer = HTTPBearer(
    auto_error=False, scheme_name="widget", description="32 random bytes in base64url, made by the widget"
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
Language = Literal["ru", "en"]


def _line_or_none(value: object) -> object:
    return (clean(value) or None) if isinstance(value, str) else value


Line = BeforeValidator(_line_or_none)


class EntryOptionModel(BaseModel):
    """What the subscriber may choose at the start."""

    reason: str
    name: str
    icon: str


class EntryModel(BaseModel):
    """An entry point before a chat begins. `estimate`: seconds of waiting, low and high; `calls`: one may call, too."""

    greeting: str
    options: list[EntryOptionModel]
    open: bool
    opens_at: float | None
    estimate: Range | None
    closed_message: str | None
    calls: bool
    version: int


class FirstMessage(Strict):
    """The message that begins the contact."""

    id: UUID
    text: MessageText


class NewThread(Strict):
    """How a chat begins. With the same token again the same thread is returned and nothing else changes."""

    entry: Slug
    reason: Slug | None = None
    language: Language = "ru"
    name: Annotated[Annotated[str, Field(max_length=80)] | None, Line] = None
    number: Annotated[Annotated[str, Field(max_length=32)] | None, Line] = None
    page: Annotated[Annotated[str, Field(max_length=2000)] | None, Line] = None
    message: FirstMessage | None = None


class Grade(Strict):
    """1 to 5, with words if there are any."""

    grade: Annotated[int, Field(ge=1, le=5, strict=True)]
    words: Annotated[Annotated[str, Field(max_length=2000)] | None, Line] = None


def _token(credentials: HTTPAuthorizationCredentials | None) -> str:
    if credentials is None:
        raise NotAllowed("chat.token")
    return credentials.credentials


async def current_thread(request: Request, services: ServicesDep, credentials: Credentials) -> Thread:
    """Return the thread of the widget that calls from a page of an allowed origin."""
    services.chat.rates.request(client_address(request))
    thread = await services.chat.thread(_token(credentials))
    await services.chat.allow_origin(thread, foreign_origin(request))
    return thread


ThreadDep = Annotated[Thread, Depends(current_thread)]


@router.get("/entries/{entry}", operation_id="getChatEntry")
async def get_entry(request: Request, services: ServicesDep, entry: Slug, language: Language = "ru") -> EntryModel:
    """Describe an entry point: greeting, reasons, whether it is open and how long one would wait."""
    services.chat.rates.request(client_address(request))
    view = await services.chat.view_entry(entry, language)
    return EntryModel(
        greeting=view.greeting,
        options=[EntryOptionModel(reason=reason, name=name, icon=icon) for reason, name, icon in view.options],
        open=view.open,
        opens_at=view.opens_at,
        estimate=view.estimate,
        closed_message=view.closed_message,
        calls=view.calls,
        version=view.version,
    )


@router.post(
    "/thread",
    operation_id="openChatThread",
    status_code=201,
    responses={200: {"model": ThreadStateModel, "description": "The thread that this token already has"}},
)
async def open_thread(
    request: Request, response: Response, services: ServicesDep, credentials: Credentials, body: NewThread
) -> ThreadStateModel:
    """Open a thread; its first message begins a contact."""
    chat = services.chat
    token_hash = hash_token(_token(credentials))
    entry = await chat.entry(body.entry)
    if not entry.allows(foreign_origin(request)):
        raise NotAllowed("chat.origin")
    await chat.rates.opening(client_address(request))
    thread, created = await chat.intake.open(
        Opening(
            token_hash=token_hash,
            entry=entry.id,
            reason=body.reason,
            language=body.language,
            name=body.name,
            number=body.number,
            page=_without_query(body.page),
            message=(str(body.message.id), body.message.text) if body.message else None,
        )
    )
    if not created:
        response.status_code = 200
    return ThreadStateModel.of(await chat.state(thread))


@router.get("/thread", operation_id="getChatThread")
async def get_thread(services: ServicesDep, thread: ThreadDep, after: Annotated[Seq, Query()] = 0) -> ThreadPageModel:
    """Return the thread's state and its messages after a seq."""
    messages = await services.chat.page(thread, after)
    state = ThreadStateModel.of(await services.chat.state(thread))
    return ThreadPageModel(**state.model_dump(), messages=[MessageModel.of(message) for message in messages])


@router.post(
    "/thread/messages",
    operation_id="sendChatMessage",
    status_code=201,
    responses={200: {"model": MessageModel, "description": "It was stored before"}},
)
async def send_message(response: Response, services: ServicesDep, thread: ThreadDep, body: NewMessage) -> MessageModel:
    """Write; after the last contact has ended this begins a new one, until chat.thread_expired."""
    await services.chat.rates.writing(thread)
    message, created = await services.chat.intake.write(thread, str(body.id), body.text)
    response.status_code = 201 if created else 200
    return MessageModel.of(message)


@router.post(
    "/thread/files",
    operation_id="sendChatFile",
    status_code=201,
    responses={200: {"model": MessageModel, "description": "It was stored before"}},
    openapi_extra=UPLOAD_BODY,
)
async def send_file(request: Request, response: Response, services: ServicesDep, thread: ThreadDep) -> MessageModel:
    """Send a picture or a PDF of up to 10 MB; its type is found out from its content."""
    chat = services.chat
    await chat.rates.uploading(thread.id, client_address(request))
    upload = await read_upload(request)
    found = await chat.intake.found(thread, upload.id)
    if found is not None:
        response.status_code = 200
        return MessageModel.of(found)
    file = await chat.files.checked(upload.name, upload.declared, upload.data)
    message, created = await chat.intake.attach(thread, upload.id, file)
    response.status_code = 201 if created else 200
    return MessageModel.of(message)


@router.get("/files/{file}", operation_id="getChatFile", response_class=Response, responses=FILE_RESPONSES)
async def get_file(services: ServicesDep, thread: ThreadDep, file: UUID) -> Response:
    """Return a file of the thread."""
    return file_response(await services.chat.files.of_thread(thread.id, str(file)))


@router.post("/thread/read", operation_id="markChatRead")
async def mark_read(services: ServicesDep, thread: ThreadDep, body: ReadUpTo) -> ReceiptsModel:
    """Note that the subscriber has read up to a seq; never goes back."""
    return ReceiptsModel.of(await services.chat.mark(thread, read=body.seq))


@router.post("/thread/end", operation_id="endChat")
async def end_thread(services: ServicesDep, thread: ThreadDep) -> ThreadStateModel:
    """End the conversation at the subscriber's wish; nothing to do if it is over."""
    await services.chat.end(thread)
    return ThreadStateModel.of(await services.chat.state(thread))


@router.post("/thread/grade", operation_id="gradeChat")
async def grade_thread(services: ServicesDep, thread: ThreadDep, body: Grade) -> ThreadStateModel:
    """Give 1 to 5 to the last conversation, once."""
    await services.chat.grade(thread, body.grade, body.words)
    return ThreadStateModel.of(await services.chat.state(thread))


@router.get(
    "/thread/transcript",
    operation_id="getChatTranscript",
    response_class=Response,
    responses={200: {"description": "The chat as text", "content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def get_transcript(services: ServicesDep, thread: ThreadDep, language: Language = "ru") -> Response:
    """Return the whole thread as plain text to keep."""
    text = await services.chat.transcript(thread, language)
    return Response(
        text,
        media_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="teplo-chat.txt"'},
    )


def _without_query(page: str | None) -> str | None:
    """Keep where the chat began without what its address may say about the person."""
    if page is None:
        return None
    try:
        parts = urlsplit(page)
    except ValueError:
        return None
    return f"{parts.scheme}://{parts.netloc}{parts.path}"[:500] if parts.scheme in ("http", "https") else None
