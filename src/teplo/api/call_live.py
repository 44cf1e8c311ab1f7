"""The socket of somebody who calls from the widget: session descriptions there and back, and where the call is."""

import asyncio
from typing import Annotated, Any, Literal

import orjson
import structlog
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from uuid_utils import uuid7

from ..domain.errors import NotAllowed, Refused, TooMany
from ..services.browser_calls import Asked
from ..services.chat import hash_token
from ..services.texts import Slug
from ..storage.db import Unavailable
from .deps import Services, client_address, get_services
from .origins import foreign_origin
from .socket_text import (
    AGAIN,
    FLOOD,
    FOREIGN,
    MALFORMED,
    REFUSED,
    TOKEN,
    Allowance,
    Close,
    close,
    receive_hello,
    receive_text,
)

router = APIRouter(tags=["chat"])
log = structlog.get_logger()

_FRAME_LIMIT = 16_384
_LOOK_SECONDS = 3.0
"""How often it is looked whether the call is still carried: its worker may be gone without a word."""
_OUTBOX = 100


class CallHello(BaseModel):
    """The first frame. `token`: 32 random bytes in base64url that the page made for this call and keeps.

    With `resume` a page that was loaded anew asks for its call back, and never begins one. `chat`: the token of the
    visitor's thread, if there is one. `number`: what the visitor gives; nobody proves it.
    """

    type: Literal["hello"]
    token: Annotated[str, Field(max_length=100)]
    entry: Slug
    language: Literal["ru", "en"] = "ru"
    number: Annotated[str, Field(max_length=32)] | None = None
    chat: Annotated[str, Field(max_length=100)] | None = None
    resume: bool = False


class CallerAnswer(BaseModel):
    """The page's session description for the offered leg."""

    type: Literal["answer"]
    leg: Annotated[str, Field(max_length=100)]
    sdp: Annotated[str, Field(max_length=12_000)]


class CallerWish(BaseModel):
    """`join`: another leg, because the audio broke off; `hang_up`: the end; `ping`: answered by a pong."""

    type: Literal["join", "hang_up", "ping"]


CallerSent = Annotated[CallerAnswer | CallerWish, Field(discriminator="type")]
"""What a caller's page sends after its hello."""

_sent: TypeAdapter[CallerSent] = TypeAdapter(CallerSent)


class CallerOffer(BaseModel):
    """The worker's session description, to be answered within 20 s."""

    type: Literal["offer"]
    leg: str
    sdp: str


class CallerStanding(BaseModel):
    """Where the call is: in the menu, in the queue with music, talking, on hold, at the question for the grade."""

    type: Literal["state"]
    state: Literal["menu", "queue", "message", "talking", "held", "grade"]


class CallerEnded(BaseModel):
    """The call is over. `reason`: done, caller, lost, silence, unconnected, busy, no_line, error, worker…, unknown."""

    type: Literal["ended"]
    reason: str


class CallerMoved(BaseModel):
    """Another page with the same token took the call over."""

    type: Literal["moved"]


class CallerProblem(BaseModel):
    """There is no call, and why; the socket is closed. `details` as in problem+json (`retry_after` in seconds)."""

    type: Literal["problem"]
    code: str
    details: dict[str, Any]


class CallerPong(BaseModel):
    """The answer to a ping."""

    type: Literal["pong"]


CallerFrame = Annotated[
    CallerOffer | CallerStanding | CallerEnded | CallerMoved | CallerProblem | CallerPong,
    Field(description="What the socket /chat/call sends.", discriminator="type"),
]

Outbox = asyncio.Queue[dict[str, Any]]


@router.websocket("/chat/call")
async def chat_call(websocket: WebSocket) -> None:
    """One page that calls. A refusal is a frame with its code and a close code; a broken socket ends no call."""
    services = get_services(websocket)
    await websocket.accept()
    page = str(uuid7())
    code = 1000
    try:
        hello, token_hash = await _greet(websocket, services)
        await _serve(websocket, services, hello, token_hash, page)
    except Close as closed:
        code = closed.code
    except Refused as refused:
        code = FLOOD if isinstance(refused, TooMany) else REFUSED
        await _tell(websocket, {"type": "problem", "code": refused.code, "details": refused.details})
    except Unavailable:
        code = AGAIN
    except (WebSocketDisconnect, RuntimeError):
        return
    await close(websocket, code)


async def _greet(websocket: WebSocket, services: Services) -> tuple[CallHello, bytes]:
    services.chat.rates.socket(client_address(websocket))
    hello = await receive_hello(websocket, CallHello, _FRAME_LIMIT)
    try:
        return hello, hash_token(hello.token)
    except NotAllowed:
        raise Close(TOKEN) from None


async def _serve(websocket: WebSocket, services: Services, hello: CallHello, token_hash: bytes, page: str) -> None:
    """Begin the call or find it again, then carry words until it is over."""
    chat, calls = services.chat, services.browser_calls
    entry = await chat.entry(hello.entry)
    if not entry.allows(foreign_origin(websocket)):
        raise Close(FOREIGN)
    found = await calls.find(token_hash)
    if found is None and hello.resume:
        await _tell(websocket, {"type": "ended", "reason": "unknown"})
        return
    if found is not None and found.entry != entry.id:
        raise Close(TOKEN)
    call = found.id if found is not None else str(uuid7())
    outbox: Outbox = asyncio.Queue(_OUTBOX)

    def show(signal: dict[str, Any]) -> None:
        if signal.get("page", page) == page and not outbox.full():
            outbox.put_nowait({key: value for key, value in signal.items() if key != "page"})

    leave, code = calls.watch(call, show), 0
    try:
        if found is not None:
            over = await calls.signal(call, {"type": "join", "page": page})
            if over is not None:
                outbox.put_nowait({"type": "ended", "reason": over})
        else:
            chat.rates.call(client_address(websocket))
            thread = await chat.thread(hello.chat) if hello.chat else None
            await calls.begin(Asked(token_hash, entry, hello.language, hello.number or None, thread), call, page)
        await _carry(websocket, services, call, page, outbox)
    except* Close as closed:
        code = closed.exceptions[0].code if isinstance(closed.exceptions[0], Close) else AGAIN
    except* Unavailable:
        code = AGAIN
    except* (WebSocketDisconnect, RuntimeError):
        log.debug("call_live.page_gone", call_id=call)
    finally:
        leave()
    if code:
        raise Close(code)


async def _carry(websocket: WebSocket, services: Services, call: str, page: str, outbox: Outbox) -> None:
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_receive(websocket, services, call, page, outbox)),
            group.create_task(_look(services, call, outbox)),
        ]
        try:
            kind = ""
            while kind not in ("ended", "moved"):
                frame = await outbox.get()
                kind = frame["type"]
                await _tell(websocket, frame)
        finally:
            for task in tasks:
                task.cancel()


async def _look(services: Services, call: str, outbox: Outbox) -> None:
    """Notice the end of a call whose worker could not tell it."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        over = await services.browser_calls.over(call)
        if over is not None:
            await outbox.put({"type": "ended", "reason": over})
            return


async def _receive(websocket: WebSocket, services: Services, call: str, page: str, outbox: Outbox) -> None:
    clock = asyncio.get_running_loop().time
    allowance = Allowance(1.0, 20.0)
    while True:
        text = await receive_text(websocket, _FRAME_LIMIT)
        allowance.take(clock())
        try:
            frame = _sent.validate_json(text)
        except ValidationError:
            raise Close(MALFORMED) from None
        if frame.type == "ping":
            await outbox.put({"type": "pong"})
            continue
        over = await services.browser_calls.signal(call, {**frame.model_dump(), "page": page})
        if over is not None:
            await outbox.put({"type": "ended", "reason": over})


async def _tell(websocket: WebSocket, frame: dict[str, Any]) -> None:
    await websocket.send_text(orjson.dumps(frame).decode())
