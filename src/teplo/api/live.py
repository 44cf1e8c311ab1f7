"""The live socket of desks: snapshot, then changed rows; messages, receipts and typing of the agent's contacts."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Literal

import structlog
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from ..domain.errors import Refused
from ..services.access import Caller
from ..services.live import LiveSocket
from ..storage.db import Unavailable
from .deps import COOKIE, Services, get_services
from .origins import own_origin
from .socket_text import close

router = APIRouter(tags=["live"])
log = structlog.get_logger()

MALFORMED, SIGNED_OUT, FOREIGN, LATE, FLOOD, AGAIN = 4400, 4401, 4403, 4408, 4429, 1013
_HELLO_SECONDS = 10.0
_FRAMES_PER_SECOND = 20
_BURST = 60
_CHECK_SESSION = 60.0

Topic = Literal["me", "floor", "events"]
_PERMISSION = {"floor": "floor.read", "events": "events.read"}


class DeskHello(BaseModel):
    """The first frame: what the page shows."""

    type: Literal["hello"]
    topics: list[Topic] = Field(max_length=3)
    after: int = Field(default=0, ge=0, le=2**62)


class DeskWrites(BaseModel):
    """The agent is writing in this contact."""

    type: Literal["typing"]
    contact: str = Field(max_length=64)


class CallJoin(BaseModel):
    """This tab shows the offered or talking call and wants its audio: at the offer, after a reload, after a loss."""

    type: Literal["join"]


class CallAnswer(BaseModel):
    """The answer to the worker's session description, for that leg."""

    type: Literal["answer"]
    leg: str = Field(max_length=64)
    sdp: str = Field(max_length=16 * 1024)


class CallLeave(BaseModel):
    """This tab gives the leg up."""

    type: Literal["leave"]
    leg: str = Field(max_length=64)


class DeskCall(BaseModel):
    """A word of a browser tab to the worker that carries the call. `tab`: an id that the tab made for itself."""

    type: Literal["call"]
    contact: str = Field(max_length=64)
    tab: str = Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
    signal: Annotated[CallJoin | CallAnswer | CallLeave, Field(discriminator="type")]


class DeskPing(BaseModel):
    """Answered at once with the same `t`: the page measures the delay."""

    type: Literal["ping"]
    t: float | str | None = None


Sent = Annotated[DeskWrites | DeskCall | DeskPing, Field(discriminator="type")]
"""What a desk sends after its hello."""

_sent: TypeAdapter[Sent] = TypeAdapter(Sent)


@router.websocket("/live")
async def live(websocket: WebSocket) -> None:
    """One connection of a desk or a supervisor's page."""
    services = get_services(websocket)
    if not own_origin(websocket, services.settings):
        await websocket.close(FOREIGN)
        return
    try:
        signed = await services.sessions.authenticate(websocket.cookies.get(COOKIE))
    except (Refused, *Unavailable) as problem:
        await websocket.accept()
        await websocket.close(SIGNED_OUT if isinstance(problem, Refused) else AGAIN, "session")
        return
    await websocket.accept()
    try:
        async with asyncio.timeout(_HELLO_SECONDS):
            hello = DeskHello.model_validate_json(await websocket.receive_text())
    except TimeoutError:
        await websocket.close(LATE, "hello")
        return
    except (ValidationError, KeyError):
        await websocket.close(MALFORMED, "hello")
        return
    except WebSocketDisconnect:
        return
    if not _may_see(signed.caller, hello.topics):
        await websocket.close(FOREIGN, "permission")
        return
    await _serve(websocket, services, signed.caller, hello)


async def _serve(websocket: WebSocket, services: Services, caller: Caller, hello: DeskHello) -> None:
    socket = LiveSocket(caller.id)
    hub = services.live
    code = 1000
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_send(websocket, socket))
            group.create_task(_watch_session(websocket, services, hello.topics))
            if "me" in hello.topics:
                await hub.open_desk(socket)
            if "floor" in hello.topics:
                hub.open_floor(socket)
            if "events" in hello.topics:
                group.create_task(hub.follow_events(socket, hello.after))
            await _receive(websocket, services, socket, caller)
    except* _Close as closed:
        code = closed.exceptions[0].code if isinstance(closed.exceptions[0], _Close) else 1011
    except* Unavailable as away:
        log.warning("live.database_away", error=str(away.exceptions[0]).split("\n")[0])
        code = AGAIN
    except* (WebSocketDisconnect, RuntimeError):
        code = 0
    finally:
        hub.close_floor(socket)
        await asyncio.shield(hub.close_desk(socket))
    if code:
        await close(websocket, code)


async def _send(websocket: WebSocket, socket: LiveSocket) -> None:
    while (frame := await socket.outbox.get()) is not None:
        await websocket.send_text(frame.decode())
    raise _Close(AGAIN)


async def _watch_session(websocket: WebSocket, services: Services, topics: Sequence[str]) -> None:
    """End the socket when the session ends or the person may no longer see what it shows."""
    while True:
        await asyncio.sleep(_CHECK_SESSION)
        try:
            signed = await services.sessions.authenticate(websocket.cookies.get(COOKIE))
        except Refused:
            raise _Close(SIGNED_OUT) from None
        except Unavailable:
            continue  # nobody is signed out because the database is away
        if not _may_see(signed.caller, topics):
            raise _Close(FOREIGN)


def _may_see(caller: Caller, topics: Sequence[str]) -> bool:
    return all(caller.may(_PERMISSION[topic]) for topic in topics if topic in _PERMISSION)


async def _receive(websocket: WebSocket, services: Services, socket: LiveSocket, caller: Caller) -> None:
    allowance = float(_BURST)
    last = services.clock()
    while True:
        try:
            text = await websocket.receive_text()
        except KeyError:  # a binary frame
            raise _Close(MALFORMED) from None
        now = services.clock()
        allowance = min(_BURST, allowance + (now - last) * _FRAMES_PER_SECOND) - 1
        last = now
        if allowance < 0:
            raise _Close(FLOOD)
        try:
            frame = _sent.validate_json(text)
        except (ValidationError, ValueError):
            raise _Close(MALFORMED) from None
        match frame:
            case DeskWrites():
                await services.live.typing(socket, frame.contact)
            case DeskCall():
                await services.calls.signal(caller, frame.contact, frame.tab, frame.signal.model_dump())
            case DeskPing():
                socket.send({"type": "pong", "t": frame.t, "at": now})


class _Close(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
