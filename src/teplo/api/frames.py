"""What the live sockets send, as the API's description tells it; OpenAPI itself knows no sockets.

The sockets build these as plain dictionaries, thousands a second; tests hold what they send against these models.
"""

from typing import Annotated, Any, Literal

from fastapi import FastAPI
from pydantic import BaseModel, Field, TypeAdapter
from pydantic.json_schema import JsonSchemaMode
from typing_extensions import TypedDict

from ..services.rows import DeskState, FloorAgent, FloorQueue, FloorState, FloorWaiting, WorkItem
from .call_live import CallerFrame, CallerSent, CallHello
from .chat_live import ChatHello
from .chat_live import Sent as ChatSent
from .chat_models import MessageModel, ReceiptsModel, ThreadStateModel
from .live import DeskHello
from .live import Sent as DeskSent


class DeskSnapshot(BaseModel):
    """The topic `me` as it is now, first after the hello. `seq`: the last fact in it; `at`: the server's time."""

    type: Literal["snapshot"]
    topic: Literal["me"]
    seq: int
    at: float
    state: DeskState


class FloorSnapshot(BaseModel):
    """The topic `floor` as it is now, first after the hello."""

    type: Literal["snapshot"]
    topic: Literal["floor"]
    seq: int
    at: float
    state: FloorState


class DeskDifference(TypedDict, total=False):
    """Keys of `me` and rows of `work` that changed; null: the contact is no longer in hand."""

    me: dict[str, Any]
    work: dict[str, WorkItem | None]


class DeskChanges(BaseModel):
    """What changed in the topic `me`."""

    type: Literal["changes"]
    topic: Literal["me"]
    seq: int
    at: float
    state: DeskDifference


class FloorDifference(TypedDict, total=False):
    """Rows that changed, null: no longer there; keys of `totals` that changed."""

    agents: dict[str, FloorAgent | None]
    queues: dict[str, FloorQueue | None]
    waiting: dict[str, FloorWaiting | None]
    totals: dict[str, Any]


class FloorChanges(BaseModel):
    """What changed in the topic `floor`; sent also when nothing did, so that the page knows its age."""

    type: Literal["changes"]
    topic: Literal["floor"]
    seq: int
    at: float
    state: FloorDifference


class DeskMessage(BaseModel):
    """A new message in a contact of the agent's."""

    type: Literal["message"]
    contact: str
    message: MessageModel


class DeskReceipt(BaseModel):
    """How far each side of a contact got."""

    type: Literal["receipt"]
    contact: str
    receipts: ReceiptsModel


class DeskTyping(BaseModel):
    """The subscriber is writing."""

    type: Literal["typing"]
    contact: str


class CallOffer(BaseModel):
    """The worker's session description for a leg; that tab answers it."""

    type: Literal["offer"]
    leg: str
    sdp: str


class CallGuest(BaseModel):
    """Somebody else in the call. `id`: the person, or of an outside number an id of its own; `tail`: its last digits.

    `private`: speaks with the agent alone. `mode`: how the guest takes part. A supervisor who only listens is
    not named here.
    """

    id: str
    kind: Literal["colleague", "number", "supervisor"]
    tail: str
    state: Literal["ringing", "talking", "lost"]
    private: bool
    mode: Literal["consult", "together", "listen", "whisper", "barge"]


class CallGone(BaseModel):
    """Somebody who is in the call no more, or did not come. `n` counts them within the call.

    `failed`: no way led there, or the connection was lost; `full`: there are as many guests as may be.
    """

    n: int
    id: str
    kind: Literal["colleague", "number", "supervisor"]
    tail: str
    why: Literal["left", "declined", "no_answer", "busy", "unknown", "failed", "full"]


class CallStanding(BaseModel):
    """How the call stands. `connected`: agent and subscriber hear each other; `since`: when the talk began.

    `line`: of a call by us how far it is; that of a subscriber who called talks.
    """

    type: Literal["state"]
    held: bool
    recording: Literal["on", "paused", "off"]
    connected: bool
    media: Literal["ok", "connecting", "lost"]
    since: float | None
    line: Literal["calling", "ringing", "talking"]
    guests: list[CallGuest]
    gone: list[CallGone]


class CallQuality(BaseModel):
    """How the audio gets through, every 5 s: the agent's side, and of the subscriber's line the MOS (1 to 4.5)."""

    type: Literal["quality"]
    loss: float
    jitter_ms: float
    rtt_ms: float | None
    mos: float | None
    caller_mos: float | None


class CallReady(BaseModel):
    """A worker carries the call from now on (it calls the subscriber back): a desk that has no leg joins."""

    type: Literal["ready"]


class CallMoved(BaseModel):
    """Another tab of the same agent took the call over."""

    type: Literal["moved"]


class CallFailed(BaseModel):
    """The leg could not be connected, or broke for good."""

    type: Literal["failed"]
    code: str


class CallByPhone(BaseModel):
    """The agent works by phone: the sound is there, the page shows the call and its buttons."""

    type: Literal["phone"]


class DeskCallSignal(BaseModel):
    """A word of the worker that carries a call. `tab` null: for all tabs of the agent."""

    type: Literal["call"]
    contact: str
    tab: str | None
    signal: Annotated[
        CallOffer | CallReady | CallStanding | CallQuality | CallMoved | CallFailed | CallByPhone,
        Field(discriminator="type"),
    ]


class DeskPong(BaseModel):
    """The answer to a ping, with its `t`."""

    type: Literal["pong"]
    t: float | str | None
    at: float


class Fact(BaseModel):
    """A fact of the log: ids only."""

    at: float
    kind: str
    contact: str | None
    agent: str | None
    body: dict[str, Any]


class FactFrame(BaseModel):
    """The topic `events`: every fact after the `after` of the hello, in order."""

    type: Literal["event"]
    seq: int
    event: Fact


DeskFrame = Annotated[
    DeskSnapshot
    | FloorSnapshot
    | DeskChanges
    | FloorChanges
    | DeskMessage
    | DeskReceipt
    | DeskTyping
    | DeskCallSignal
    | DeskPong
    | FactFrame,
    Field(description="What the desks' socket /live sends."),
]


class ChatState(ThreadStateModel):
    """How the thread stands now."""

    type: Literal["state"]


class ChatMessage(BaseModel):
    """A message of the thread."""

    type: Literal["message"]
    message: MessageModel


class ChatReceipt(BaseModel):
    """How far each side got."""

    type: Literal["receipt"]
    receipts: ReceiptsModel


class ChatTyping(BaseModel):
    """The agent is writing."""

    type: Literal["typing"]
    who: Literal["agent"]
    name: str | None


class ChatPong(BaseModel):
    """The answer to a ping."""

    type: Literal["pong"]


ChatFrame = Annotated[
    ChatState | ChatMessage | ChatReceipt | ChatTyping | ChatPong,
    Field(description="What the widget's socket /chat/live sends.", discriminator="type"),
]

FRAMES: dict[str, tuple[JsonSchemaMode, TypeAdapter[Any]]] = {
    "DeskFrame": ("serialization", TypeAdapter(DeskFrame)),
    "DeskClientFrame": ("validation", TypeAdapter(DeskHello | DeskSent)),
    "ChatFrame": ("serialization", TypeAdapter(ChatFrame)),
    "ChatClientFrame": ("validation", TypeAdapter(ChatHello | ChatSent)),
    "CallerFrame": ("serialization", TypeAdapter(CallerFrame)),
    "CallerClientFrame": ("validation", TypeAdapter(CallHello | CallerSent)),
}
"""Unions by the name that they have among the description's schemas."""


def install(app: FastAPI) -> None:
    """Add the frames to the schemas of the application's description."""
    describe_paths = app.openapi

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            schemas = describe_paths()["components"]["schemas"]
            inputs = [(name, mode, adapter) for name, (mode, adapter) in FRAMES.items()]
            unions, definitions = TypeAdapter.json_schemas(inputs, ref_template="#/components/schemas/{model}")
            for name, schema in definitions["$defs"].items():
                assert schemas.setdefault(name, schema) == schema, name
            for (name, _), schema in unions.items():
                schemas[name] = schema
        return describe_paths()

    app.openapi = describe  # type: ignore[method-assign]
