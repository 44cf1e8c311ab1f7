"""A subscriber with the chat widget open: speaks the widget's public interface and nothing else."""

import asyncio
import base64
import secrets
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

import httpx

from .wire import ApiError, Frame, LiveSocket, Watched, call, http_client, new_id

Message = dict[str, Any]


class SubscriberClient(Watched):
    """One thread of one subscriber. Use as `async with SubscriberClient(url) as subscriber`.

    `state` is the last ThreadState, `messages` all messages by seq. The live socket opens with the thread.
    """

    def __init__(
        self,
        url: str,
        *,
        entry: str = "site",
        language: str = "ru",
        token: str | None = None,
        http: httpx.AsyncClient | None = None,
        patience: float = 0.0,
    ) -> None:
        """`http` may be shared by many. `patience`: seconds for which calls are repeated while the server is away."""
        super().__init__()
        self.url = url.rstrip("/")
        self.entry = entry
        self.language = language
        self.token = token or base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        self.patience = patience
        self.state: dict[str, Any] = {"state": "none"}
        self.messages: dict[int, Message] = {}
        self.receipts: dict[str, int] = {}
        self.agent_typing = 0
        self.live = LiveSocket(
            self.url, hello=self._hello, on_frame=self._frame, on_lost=self.changed, before_retry=self._may_retry
        )
        self._shared = http
        self._http: httpx.AsyncClient | None = http
        self._stack = AsyncExitStack()
        self._group: asyncio.TaskGroup | None = None
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Open the widget; nothing is sent yet."""
        if self._shared is None:
            self._http = await self._stack.enter_async_context(http_client(self.url, connections=4))
        self._group = await self._stack.enter_async_context(asyncio.TaskGroup())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the tab: the thread stays as it is on the server."""
        if self._listening is not None:
            self._listening.cancel()
        await self._stack.aclose()

    # --- what the subscriber does ---------------------------------------------------------------------------------

    async def look(self) -> dict[str, Any]:
        """Return the entry point: greeting, options, whether it is open, the estimate."""
        answer = await self._call("GET", f"/chat/entries/{self.entry}", params={"language": self.language})
        return dict(answer.json())

    async def begin(
        self,
        text: str | None = None,
        *,
        reason: str | None = None,
        name: str | None = None,
        number: str | None = None,
        page: str | None = None,
        message_id: str | None = None,
    ) -> dict[str, Any]:
        """Create the thread with its first message and connect; return the ThreadState. Safe to repeat."""
        body: dict[str, Any] = {"entry": self.entry, "reason": reason, "language": self.language}
        body |= {key: value for key, value in (("name", name), ("number", number), ("page", page)) if value}
        if text is not None:
            body["message"] = {"id": message_id or new_id(), "text": text}
        answer = await self._call("POST", "/chat/thread", body=body)
        self._learn_state(answer.json())
        self.listen()
        return self.state

    def listen(self) -> None:
        """Connect the live socket, for a thread that exists already."""
        if self._listening is None and self._group is not None:
            self._listening = self._group.create_task(self.live.run("/chat/live"))

    async def refresh(self) -> dict[str, Any]:
        """Read state and missing messages over HTTP, as a widget does after a reload."""
        answer = (await self._call("GET", "/chat/thread", params={"after": self.last_seq})).json()
        for message in answer.pop("messages", []):
            self.messages[message["seq"]] = message
        self._learn_state(answer)
        return self.state

    async def send(self, text: str, *, message_id: str | None = None) -> Message:
        """Send a text; a repeated `message_id` is the same message."""
        answer = await self._call("POST", "/chat/thread/messages", body={"id": message_id or new_id(), "text": text})
        return self._learn_message(answer.json())

    async def send_file(self, name: str, content: bytes, media_type: str, *, file_id: str | None = None) -> Message:
        """Send a picture or a PDF."""
        parts = {"id": file_id or new_id()}
        files = {"file": (name, content, media_type)}
        return self._learn_message((await self._call("POST", "/chat/thread/files", data=parts, files=files)).json())

    async def file(self, file_id: str) -> bytes:
        """Fetch a file of this thread."""
        return (await self._call("GET", f"/chat/files/{file_id}")).content

    async def read(self, seq: int | None = None) -> None:
        """Say that everything up to `seq` (default: the last) was seen."""
        await self._call("POST", "/chat/thread/read", body={"seq": self.last_seq if seq is None else seq})

    async def typing(self) -> bool:
        """Show the agent that something is being typed."""
        return await self.live.send({"type": "typing"})

    async def end(self) -> None:
        """End the contact."""
        await self._call("POST", "/chat/thread/end")

    async def grade(self, grade: int, words: str | None = None) -> None:
        """Grade the last contact from 1 to 5."""
        await self._call("POST", "/chat/thread/grade", body={"grade": grade, **({"words": words} if words else {})})

    async def transcript(self) -> str:
        """Return the talk as plain text."""
        answer = await self._call("GET", "/chat/thread/transcript", params={"language": self.language})
        return answer.text

    # --- what is seen ---------------------------------------------------------------------------------------------

    @property
    def phase(self) -> str:
        """State of the contact as the widget shows it: none, deferred, waiting, talking, ended."""
        return str(self.state.get("state", "none"))

    @property
    def contact(self) -> str | None:
        """Id of the open or last contact."""
        return self.state.get("contact")

    @property
    def last_seq(self) -> int:
        """Seq of the newest message up to which none is missing."""
        last = 0
        while last + 1 in self.messages:
            last += 1
        return last

    def texts(self, author: str | None = None) -> list[str]:
        """Return the texts in order, of all or of one author."""
        ordered = (self.messages[seq] for seq in sorted(self.messages))
        return [m["text"] for m in ordered if m["kind"] == "text" and author in (None, m["author"])]

    async def wait_phase(self, *phases: str, timeout: float = 10.0) -> str:
        """Wait until the contact is in one of the phases."""
        await self.wait_for(lambda me: me.phase in phases, timeout)
        return self.phase

    async def wait_text(self, text: str, timeout: float = 10.0) -> Message:
        """Wait until a message with exactly this text is there."""

        def found(me: Self) -> Message | None:
            return next((m for m in me.messages.values() if m.get("text") == text), None)

        message = await self.wait_for(found, timeout)
        assert message is not None
        return message

    # --- inside ---------------------------------------------------------------------------------------------------

    async def _call(self, method: str, path: str, **more: Any) -> httpx.Response:
        assert self._http is not None, "use `async with`"
        headers = {"Authorization": f"Bearer {self.token}"}
        return await call(self._http, method, path, headers=headers, patience=self.patience, **more)

    def _hello(self) -> Frame:
        return {"type": "hello", "token": self.token, "after": self.last_seq}

    async def _may_retry(self, code: int | None) -> bool:
        return code not in (4400, 4401, 4403)

    def _frame(self, frame: Frame) -> None:
        kind = frame.get("type")
        if kind == "state":
            self._learn_state({key: value for key, value in frame.items() if key != "type"})
        elif kind == "message":
            self.messages[frame["message"]["seq"]] = frame["message"]
        elif kind == "receipt":
            self.receipts = frame["receipts"]
        elif kind == "typing":
            self.agent_typing += 1
        if self.on_frame is not None:
            self.on_frame(frame)
        self.changed()

    def _learn_state(self, state: dict[str, Any]) -> None:
        self.state = {key: value for key, value in state.items() if key != "messages"}
        self.receipts = state.get("receipts") or self.receipts
        for message in state.get("messages") or ():
            self.messages[message["seq"]] = message
        self.changed()

    def _learn_message(self, message: Message) -> Message:
        self.messages[message["seq"]] = message
        self.changed()
        return message


__all__ = ["ApiError", "Message", "SubscriberClient"]
