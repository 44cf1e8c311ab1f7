"""A person at a desk: signs in, keeps the live state as the browser does, handles contacts."""

import asyncio
from collections import deque
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self

import httpx

from .wire import ApiError, Frame, LiveSocket, Watched, call, http_client, new_id

Message = dict[str, Any]
Work = dict[str, Any]

_OBJECTS = frozenset({"me", "totals"})
"""Keys of a live state that are one object; all others are maps by id."""


def merge(state: dict[str, Any], changes: dict[str, Any]) -> None:
    """Merge changed rows into a live state: objects by key, maps by id, None deletes."""
    for key, value in changes.items():
        if key in _OBJECTS:
            state.setdefault(key, {}).update(value)
            continue
        rows = state.setdefault(key, {})
        for row_id, row in value.items():
            if row is None:
                rows.pop(row_id, None)
            else:
                rows[row_id] = {**rows.get(row_id, {}), **row}


class DeskClient(Watched):
    """One signed-in desk. Use as `async with DeskClient(url, login, password) as desk`: it is signed in and live then.

    `topics` are kept in `states`; `messages` holds what came live for each contact by seq.
    """

    def __init__(
        self,
        url: str,
        login: str,
        password: str,
        *,
        topics: tuple[str, ...] = ("me",),
        patience: float = 0.0,
    ) -> None:
        """`patience`: seconds for which calls are repeated when the server is away."""
        super().__init__()
        self.url = url.rstrip("/")
        self.login = login
        self.patience = patience
        self.session: dict[str, Any] = {}
        self.states: dict[str, dict[str, Any]] = {}
        self.messages: dict[str, dict[int, Message]] = {}
        self.typing_seen: dict[str, int] = {}
        self.calls: deque[Frame] = deque(maxlen=200)
        """The newest words of voice workers about this agent's calls."""
        self.seq = 0
        self._password = password
        self._topics = topics
        self._stack = AsyncExitStack()
        self._http = http_client(self.url, connections=6)
        self._listening: asyncio.Task[None] | None = None
        self.live = LiveSocket(
            self.url,
            hello=lambda: {"type": "hello", "topics": list(self._topics)},
            on_frame=self._frame,
            on_lost=self.changed,
            headers=lambda: {"Cookie": "; ".join(f"{name}={value}" for name, value in self._http.cookies.items())},
            before_retry=self._before_retry,
        )

    async def __aenter__(self) -> Self:
        """Sign in, connect, and wait for the first snapshots."""
        await self._stack.enter_async_context(self._http)
        await self.sign_in()
        if self._topics:
            group = await self._stack.enter_async_context(asyncio.TaskGroup())
            self._listening = group.create_task(self.live.run("/live"))
            await self.wait_for(lambda me: set(me.states) >= set(self._topics) - {"events"}, max(15.0, self.patience))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the tab; the server notices and gives the grace time."""
        if self._listening is not None:
            self._listening.cancel()
        await self._stack.aclose()

    # --- the person -----------------------------------------------------------------------------------------------

    async def sign_in(self) -> dict[str, Any]:
        """Sign in and return the Session."""
        body = {"login": self.login, "password": self._password}
        answer = await call(self._http, "POST", "/session", body=body, patience=self.patience)
        self.session = answer.json()
        return self.session

    async def sign_out(self) -> None:
        """Sign out."""
        await self.call("DELETE", "/session")

    async def presence(self, presence: str, reason: str | None = None) -> None:
        """Declare: available, break, training, busy or offline."""
        await self.call("PUT", "/me/presence", {"presence": presence, **({"reason": reason} if reason else {})})

    async def hand(self, raised: bool, contact: str | None = None) -> None:
        """Ask for help, or no longer."""
        await self.call("PUT", "/me/hand", {"raised": raised, **({"contact": contact} if contact else {})})

    async def figures(self) -> dict[str, Any]:
        """Return the own figures of the day."""
        return dict((await self.call("GET", "/me/figures")).json())

    # --- contacts -------------------------------------------------------------------------------------------------

    async def accept(self, contact: str, offer: str | None = None) -> None:
        """Accept an offer; the one in the work list unless named."""
        await self.call("POST", f"/contacts/{contact}/accept", {"offer": offer or self.work[contact]["offer"]})

    async def decline(self, contact: str, reason: str = "busy", offer: str | None = None) -> None:
        """Decline an offer."""
        body = {"offer": offer or self.work[contact]["offer"], "reason": reason}
        await self.call("POST", f"/contacts/{contact}/decline", body)

    async def send(self, contact: str, text: str, *, message_id: str | None = None) -> Message:
        """Write to the subscriber."""
        body = {"id": message_id or new_id(), "text": text}
        message: Message = (await self.call("POST", f"/contacts/{contact}/messages", body)).json()
        self._learn(contact, message)
        return message

    async def send_file(self, contact: str, name: str, content: bytes, media_type: str) -> Message:
        """Send a file to the subscriber."""
        files = {"file": (name, content, media_type)}
        answer = await self.call("POST", f"/contacts/{contact}/files", data={"id": new_id()}, files=files)
        return dict(answer.json())

    async def read(self, contact: str, seq: int) -> None:
        """Say that everything up to `seq` was seen."""
        await self.call("POST", f"/contacts/{contact}/read", {"seq": seq})

    async def typing(self, contact: str) -> bool:
        """Show the subscriber that something is being typed."""
        return await self.live.send({"type": "typing", "contact": contact})

    async def signal(self, contact: str, tab: str, signal: dict[str, Any]) -> bool:
        """Say something about a tab's leg of a call: join, answer, leave."""
        return await self.live.send({"type": "call", "contact": contact, "tab": tab, "signal": signal})

    async def note(self, contact: str, text: str) -> None:
        """Leave a private note."""
        await self.call("POST", f"/contacts/{contact}/notes", {"id": new_id(), "text": text})

    async def end(self, contact: str) -> None:
        """End the talk; wrap-up begins."""
        await self.call("POST", f"/contacts/{contact}/end", {})

    async def dispose(self, contact: str, reasons: list[str], outcome: str, note: str | None = None) -> None:
        """Finish the wrap-up with reasons and an outcome."""
        body = {"reasons": reasons, "outcome": outcome, **({"note": note} if note else {})}
        await self.call("POST", f"/contacts/{contact}/dispose", body)

    async def extend(self, contact: str) -> None:
        """Ask for more wrap-up time."""
        await self.call("POST", f"/contacts/{contact}/extend", {})

    async def transfer(self, contact: str, to: dict[str, Any], note: str | None = None) -> None:
        """Hand over to {"agent": id}, {"queue": id} or {"skill": id, "min": level}."""
        await self.call("POST", f"/contacts/{contact}/transfer", {"to": to, **({"note": note} if note else {})})

    async def history(self, contact: str, after: int = 0) -> list[Message]:
        """Read messages over HTTP."""
        answer = (await self.call("GET", f"/contacts/{contact}/messages", params={"after": after})).json()
        for message in answer["items"]:
            self._learn(contact, message)
        return list(answer["items"])

    async def card(self, contact: str) -> dict[str, Any]:
        """Return what the desk shows beside the talk."""
        return dict((await self.call("GET", f"/contacts/{contact}/card")).json())

    async def record(self, contact: str) -> dict[str, Any]:
        """Return the contact record."""
        return dict((await self.call("GET", f"/contacts/{contact}")).json())

    async def config(self, kind: str) -> list[dict[str, Any]]:
        """Return the active items of one kind of configuration."""
        answer = (await self.call("GET", f"/config/{kind}")).json()
        return [item for item in answer["items"] if item.get("active", True)]

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """Send any request of the API as this person."""
        headers = {"X-CSRF-Token": str(self.session.get("csrf", ""))} | dict(more.pop("headers", {}))
        return await call(self._http, method, path, headers=headers, body=body, patience=self.patience, **more)

    # --- what is seen ---------------------------------------------------------------------------------------------

    @property
    def id(self) -> str:
        """Id of the person."""
        return str(self.session["person"]["id"])

    @property
    def me(self) -> dict[str, Any]:
        """Own presence, activity and slots."""
        return dict(self.states.get("me", {}).get("me", {}))

    @property
    def work(self) -> dict[str, Work]:
        """The work list by contact."""
        found: dict[str, Work] = self.states.get("me", {}).get("work", {})
        return found

    @property
    def floor(self) -> dict[str, Any]:
        """The supervisor's live page."""
        return self.states.get("floor", {})

    def works(self, *states: str) -> list[Work]:
        """Return the work items in one of the states, the oldest first."""
        chosen = [item for item in self.work.values() if not states or item["state"] in states]
        return sorted(chosen, key=lambda item: float(item.get("since") or 0))

    async def wait_work(self, state: str, *, contact: str | None = None, timeout: float = 10.0) -> Work:
        """Wait until a work item (that of `contact`, or any) is in the state and return it."""
        found = await self.wait_for(
            lambda me: [item for item in me.works(state) if contact in (None, item["id"])], timeout
        )
        return found[0]

    async def wait_gone(self, contact: str, timeout: float = 10.0) -> None:
        """Wait until the contact has left the work list."""
        await self.wait_for(lambda me: contact not in me.work, timeout)

    async def wait_text(self, contact: str, text: str, timeout: float = 10.0) -> Message:
        """Wait until a message with exactly this text came live."""

        def found(me: Self) -> Message | None:
            return next((m for m in me.messages.get(contact, {}).values() if m.get("text") == text), None)

        message = await self.wait_for(found, timeout)
        assert message is not None
        return message

    # --- inside ---------------------------------------------------------------------------------------------------

    async def _before_retry(self, code: int | None) -> bool:
        if code == 4401:
            try:
                await self.sign_in()
            except ApiError as error:
                return error.status in (429, 503)
        return True

    def _frame(self, frame: Frame) -> None:
        kind = frame.get("type")
        if kind == "snapshot":
            self.states[frame["topic"]] = frame["state"]
            self.seq = frame["seq"]
        elif kind == "changes":
            merge(self.states.setdefault(frame["topic"], {}), frame["state"])
            self.seq = frame["seq"]
        elif kind == "message":
            self._learn(frame["contact"], frame["message"])
        elif kind == "call":
            self.calls.append(frame)
        elif kind == "typing":
            self.typing_seen[frame["contact"]] = self.typing_seen.get(frame["contact"], 0) + 1
        if self.on_frame is not None:
            self.on_frame(frame)
        self.changed()

    def _learn(self, contact: str, message: Message) -> None:
        self.messages.setdefault(contact, {})[message["seq"]] = message
