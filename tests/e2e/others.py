"""The other side of a browser test: simulated people over the public interfaces, in a thread with its own loop."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from typing import Any, TypeVar

import httpx
from tests.serving import Serving

from teplo.simulator.desk import DeskClient
from teplo.simulator.subscriber import SubscriberClient

_T = TypeVar("_T")
_Client = TypeVar("_Client", bound=AbstractAsyncContextManager[Any])
PATIENCE = 30.0
"""Seconds; the machine may be busy."""


class Others:
    """Opens clients and waits for what they do. Playwright keeps a loop in the main thread, so theirs is elsewhere."""

    def __init__(self, centre: Serving) -> None:
        self._centre = centre
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._leave: list[tuple[asyncio.Event, Future[None]]] = []

    def do(self, work: Coroutine[Any, Any, _T]) -> _T:
        """Wait until the work is done and return its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    def call(self, action: Callable[[], object]) -> None:
        """Do something at once in the others' loop."""

        async def act() -> None:
            action()

        self.do(act())

    def subscriber(self, **more: Any) -> SubscriberClient:
        """Open a chat widget without a browser; nothing is written yet."""
        return self._enter(SubscriberClient(self._centre.address, **more))

    def waits(
        self, text: str, *, entry: str = "site", reason: str | None = "MNY", language: str = "ru", **about: Any
    ) -> SubscriberClient:
        """Open a widget and write the first message."""
        who = self.subscriber(entry=entry, language=language)
        self.do(who.begin(text, reason=reason, **about))
        return who

    def colleague(self, login: str, topics: tuple[str, ...] = ("me",)) -> DeskClient:
        """Open a desk without a browser, on the line."""
        desk = self._enter(DeskClient(self._centre.address, login, self._centre.password, topics=topics))
        if "me" in topics:
            self.do(desk.presence("available"))
        return desk

    def close(self) -> None:
        """Close every client, the newest first."""
        for leave, left in reversed(self._leave):
            self._loop.call_soon_threadsafe(leave.set)
            left.result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    def _enter(self, client: _Client) -> _Client:
        leave = asyncio.Event()
        inside = threading.Event()

        async def live() -> None:
            async with client:
                inside.set()
                await leave.wait()

        left = asyncio.run_coroutine_threadsafe(live(), self._loop)
        left.add_done_callback(lambda _: inside.set())
        inside.wait(PATIENCE)
        if left.done():
            left.result()
        self._leave.append((leave, left))
        return client


class Office:
    """The administrator's and the supervisor's hands, over HTTP: sets the centre up and tidies it after a test."""

    def __init__(self, centre: Serving) -> None:
        self._http = httpx.Client(base_url=f"{centre.address}/api/v1", timeout=PATIENCE)
        self._csrf: dict[str, tuple[str, dict[str, str]]] = {}
        self._centre = centre

    def call(self, method: str, path: str, body: Any = None, *, login: str = "admin", **headers: str) -> httpx.Response:
        """Send a request as the person; the answer is successful."""
        cookie, csrf = self._session(login)
        answer = self._http.request(method, path, json=body, headers={"Cookie": cookie, **csrf, **headers})
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def configure(self, kind: str, id: str, body: dict[str, Any]) -> None:
        """Create an item of the configuration; it is in force when this returns."""
        self.call("PUT", f"/config/{kind}/{id}", body, **{"If-None-Match": "*"})

    def queue(self, id: str, **more: Any) -> None:
        """Create a queue that asks for nothing, and an entry point of the same name that leads to it."""
        name = {"ru": f"Очередь {id}", "en": f"Queue {id}"}
        self.configure("queue", id, {"name": name, "steps": [{"after": 0}], **more})
        greeting = {"ru": "Здравствуйте! С чем помочь?", "en": "Hello! How can we help?"}
        self.configure("entry", id, {"greeting": greeting, "default_queue": id})

    def clear(self) -> None:
        """End every contact that is still open."""
        for state in ("deferred", "waiting", "offered", "talking"):
            for row in self.call("GET", f"/contacts?state={state}", login="supervisor3").json()["items"]:
                cookie, csrf = self._session("supervisor3")
                self._http.post(f"/contacts/{row['id']}/end", json={}, headers={"Cookie": cookie, **csrf})

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def _session(self, login: str) -> tuple[str, dict[str, str]]:
        if login not in self._csrf:
            answer = self._http.post("/session", json={"login": login, "password": self._centre.password})
            cookie = f"teplo_session={answer.cookies['teplo_session']}"
            self._http.cookies.clear()
            self._csrf[login] = cookie, {"X-CSRF-Token": answer.json()["csrf"]}
        return self._csrf[login]
