"""The widget's socket: state, messages, receipts and typing as they happen."""

import asyncio
from dataclasses import asdict
from typing import Annotated, Any, Literal

import orjson
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from ..domain.errors import NotAllowed, TooMany
from ..services.chat_live import AgentTyping, Member, Shown
from ..services.chat_state import ThreadState
from ..services.messages import message_json
from ..storage.db import Unavailable
from ..storage.messages import Message
from ..storage.threads import Receipts, Thread
from .chat_models import Seq, state_json
from .deps import Services, client_address, get_services
from .origins import foreign_origin
from .socket_text import (
    AGAIN,
    FLOOD,
    FOREIGN,
    MALFORMED,
    TOKEN,
    Allowance,
    Close,
    close,
    receive_hello,
    receive_text,
)

router = APIRouter(tags=["chat"])

_FRAME_LIMIT = 4096
_FRAMES_PER_SECOND = 5.0
_BURST = 40.0
_OUTBOX = 3000


class ChatHello(BaseModel):
    """The first frame. `after`: the last message that the widget has."""

    type: Literal["hello"]
    token: Annotated[str, Field(max_length=100)]
    after: Seq = 0


class ChatWrites(BaseModel):
    """The subscriber is writing."""

    type: Literal["typing"]


class ChatPing(BaseModel):
    """Answered by a pong."""

    type: Literal["ping"]


class ChatProgress(BaseModel):
    """Messages up to `seq` have reached the widget, or were read."""

    type: Literal["delivered", "read"]
    seq: Seq


Sent = Annotated[ChatWrites | ChatPing | ChatProgress, Field(discriminator="type")]
"""What a widget sends after its hello."""

_sent: TypeAdapter[Sent] = TypeAdapter(Sent)


@router.websocket("/chat/live")
async def chat_live(websocket: WebSocket) -> None:
    """One open widget. Everything that goes wrong is a close code; the widget comes back by itself."""
    services = get_services(websocket)
    await websocket.accept()
    try:
        thread, after = await _greet(websocket, services)
        await _serve(websocket, services, thread, after)
        return
    except Close as closed:
        code = closed.code
    except Unavailable:
        code = AGAIN
    except (WebSocketDisconnect, RuntimeError):
        return
    await close(websocket, code)


async def _greet(websocket: WebSocket, services: Services) -> tuple[Thread, int]:
    chat = services.chat
    try:
        chat.rates.socket(client_address(websocket))
    except TooMany:
        raise Close(FLOOD) from None
    hello = await receive_hello(websocket, ChatHello, _FRAME_LIMIT)
    try:
        thread = await chat.thread(hello.token)
        await chat.allow_origin(thread, foreign_origin(websocket))
    except NotAllowed as refused:
        raise Close(FOREIGN if refused.code == "chat.origin" else TOKEN) from None
    if services.chat_hub.crowded(thread.id):
        raise Close(FLOOD)
    return thread, hello.after


async def _serve(websocket: WebSocket, services: Services, thread: Thread, after: int) -> None:
    outbox: asyncio.Queue[bytes | None] = asyncio.Queue(_OUTBOX)

    def show(shown: Shown) -> None:
        if outbox.qsize() >= _OUTBOX - 1:
            if outbox.qsize() == _OUTBOX - 1:
                outbox.put_nowait(None)  # reads too slowly: it will come back and continue
            return
        outbox.put_nowait(orjson.dumps(_frame_of(shown)))

    member = await services.chat_hub.join(thread, after, show)
    code = 0
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_send(websocket, outbox))
            group.create_task(_receive(websocket, services, thread, member, outbox))
    except* Close as closed:
        code = closed.exceptions[0].code if isinstance(closed.exceptions[0], Close) else AGAIN
    except* Unavailable:
        code = AGAIN
    except* (WebSocketDisconnect, RuntimeError):
        code = 0
    finally:
        services.chat_hub.leave(member)
    if code:
        raise Close(code)


async def _send(websocket: WebSocket, outbox: "asyncio.Queue[bytes | None]") -> None:
    while (frame := await outbox.get()) is not None:
        await websocket.send_text(frame.decode())
    raise Close(AGAIN)


async def _receive(
    websocket: WebSocket, services: Services, thread: Thread, member: Member, outbox: "asyncio.Queue[bytes | None]"
) -> None:
    clock = asyncio.get_running_loop().time
    allowance = Allowance(_FRAMES_PER_SECOND, _BURST)
    while True:
        text = await receive_text(websocket, _FRAME_LIMIT)
        allowance.take(clock())
        try:
            frame = _sent.validate_json(text)
        except ValidationError:
            raise Close(MALFORMED) from None
        match frame:
            case ChatWrites():
                if services.chat_hub.talks(member):
                    await services.chat_hub.typing(member)
            case ChatPing():
                if not outbox.full():
                    outbox.put_nowait(b'{"type":"pong"}')
            case ChatProgress(type="read"):
                await services.chat.mark(thread, read=frame.seq)
            case ChatProgress():
                await services.chat.mark(thread, delivered=frame.seq)


def _frame_of(shown: Shown) -> dict[str, Any]:
    match shown:
        case ThreadState():
            return {"type": "state", **state_json(shown)}
        case Message():
            return {"type": "message", "message": message_json(shown)}
        case Receipts():
            return {"type": "receipt", "receipts": asdict(shown)}
        case AgentTyping():
            return {"type": "typing", "who": "agent", "name": shown.name}
