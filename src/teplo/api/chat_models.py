"""Shapes of chats in the API, shared by widget and desk. Times are POSIX seconds."""

from dataclasses import asdict
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field

from ..services.chat_state import ThreadState
from ..services.messages import message_json
from ..services.texts import Strict, clean
from ..storage.messages import Message
from ..storage.threads import Receipts
from .shapes import Range


def _lines(value: object) -> object:
    return clean(value, lines=True) if isinstance(value, str) else value


MessageText = Annotated[str, BeforeValidator(_lines), Field(min_length=1, max_length=4000)]
"""Plain text of a message; HTML is shown as it was typed."""

Seq = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""Number of a message in its thread, from 1 without gaps."""


class FileModel(BaseModel):
    """A file of a message; `width` and `height` are pixels of an image."""

    id: str
    name: str
    media_type: Literal["image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"]
    size: int
    width: int | None
    height: int | None


class MessageModel(BaseModel):
    """One text, file or notice. The text of a notice is JSON: {"code": ..., parameters}.

    Codes: queued (estimate), agent.joined (agent_name), agent.left (agent_name), transferred (agent_name),
    ended (by, reason), deferred (opens_at).
    """

    id: str
    seq: int
    contact: str
    at: float
    author: Literal["subscriber", "agent", "system"]
    agent: str | None
    kind: Literal["text", "file", "notice"]
    text: str | None
    file: FileModel | None

    @classmethod
    def of(cls, message: Message) -> "MessageModel":
        """Show a stored message."""
        return cls.model_validate(message_json(message))


class ReceiptsModel(BaseModel):
    """How far each side got: seqs of messages."""

    subscriber_delivered: int
    subscriber_read: int
    agent_delivered: int
    agent_read: int

    @classmethod
    def of(cls, receipts: Receipts) -> "ReceiptsModel":
        """Show stored receipts."""
        return cls(**asdict(receipts))


class AgentModel(BaseModel):
    """The agent as subscribers see one."""

    name: str | None


class ThreadStateModel(BaseModel):
    """How a thread stands. `estimate`: seconds still to wait, low and high; None where nothing honest can be said."""

    thread: str
    contact: str | None
    state: Literal["none", "deferred", "waiting", "talking", "ended"]
    position: int | None
    ahead: int | None
    estimate: Range | None
    estimated_at: float
    opens_at: float | None
    agent: AgentModel | None
    last_seq: int
    receipts: ReceiptsModel
    can_grade: bool
    grade: int | None
    server_time: float

    @classmethod
    def of(cls, state: ThreadState) -> "ThreadStateModel":
        """Show a computed state."""
        return cls.model_validate(state_json(state))


class ThreadPageModel(ThreadStateModel):
    """The state and the messages after a seq, at most 1000."""

    messages: list[MessageModel]


class NewMessage(Strict):
    """A text with the id that its sender made; the same id again returns the stored message."""

    id: UUID
    text: MessageText


class ReadUpTo(Strict):
    """Everything up to this seq has been read (or delivered)."""

    seq: Seq


UPLOAD_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["id", "file"],
                    "properties": {
                        "id": {"type": "string", "format": "uuid", "description": "made by the sender"},
                        "file": {"type": "string", "format": "binary", "description": "png, jpeg, gif, webp or pdf"},
                    },
                }
            }
        },
    }
}
"""`openapi_extra=` of uploads."""


def state_json(state: ThreadState) -> dict[str, object]:
    """A thread's state as the API and the widget's socket show it."""
    return {
        "thread": state.thread,
        "contact": state.contact,
        "state": state.state,
        "position": state.position,
        "ahead": state.ahead,
        "estimate": state.estimate,
        "estimated_at": state.estimated_at,
        "opens_at": state.opens_at,
        "agent": {"name": state.agent} if state.state == "talking" or state.agent else None,
        "last_seq": state.last_seq,
        "receipts": asdict(state.receipts),
        "can_grade": state.can_grade,
        "grade": state.grade,
        "server_time": state.server_time,
    }
