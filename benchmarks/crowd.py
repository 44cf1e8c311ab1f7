"""A crowd for benchmarks: desks and widgets over the public interfaces, with a stopwatch on what they see.

Light on purpose: hundreds of desks and thousands of widgets live in one process beside the server that is measured.
"""

import asyncio
import base64
import random
import secrets
import time
from collections.abc import Callable
from typing import Any

import orjson
from uuid_utils import uuid7
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from .house import PASSWORD, QUEUES
from .plain_http import Client, Failed

Json = dict[str, Any]

TEXTS = (
    "Здравствуйте! Подскажите, пожалуйста, почему сегодня списали больше обычного?",
    "Сейчас посмотрю, минуту.",
    "Спасибо, всё понятно.",
    "Вижу подписку, которую включили вчера вечером. Отключить её и вернуть деньги за сутки?",
    "Да, пожалуйста.",
)


class Watch:
    """The stopwatch: what was sent when, and how long it took until it was seen."""

    def __init__(self) -> None:
        self.measuring = False
        self.offers: list[float] = []
        self.messages: list[float] = []
        self.floor: list[tuple[float, int]] = []
        """When (POSIX seconds) a supervisor's page showed the log up to which seq."""
        self.errors: list[str] = []
        self._sent: dict[str, tuple[float, list[float]]] = {}

    def sent(self, key: str, into: list[float]) -> None:
        """Something goes out now."""
        self._sent[key] = (time.perf_counter(), into)

    def seen(self, key: str) -> None:
        """It came out on the other side now; the first time counts."""
        found = self._sent.pop(key, None)
        if found is not None and self.measuring:
            found[1].append(time.perf_counter() - found[0])

    @property
    def missing(self) -> int:
        """How many were sent and never seen."""
        return len(self._sent)


class Desk:
    """One agent (or a supervisor with the topic `floor`)."""

    def __init__(self, crowd: "Crowd", login: str, topic: str = "me") -> None:
        self.crowd = crowd
        self.login = login
        self.topic = topic
        self.work: dict[str, Json] = {}
        self.wraps = 0
        self.socket: ClientConnection | None = None
        self._cookie = ""
        self._csrf = ""
        self._busy: set[str] = set()

    async def sign_in(self) -> None:
        """Sign in with login and password, as a person does."""
        async with self.crowd.gate:
            body = {"login": self.login, "password": PASSWORD}
            answer = await self.crowd.http.request("POST", "/session", body)
        assert answer.status == 200, answer.body
        self._cookie = answer.headers["set-cookie"].partition(";")[0]
        self._csrf = answer.json()["csrf"]

    async def open(self) -> None:
        """Connect the live socket and wait for the snapshot; agents become available."""
        self.socket = socket = await _connect(self.crowd, "/live", {"Cookie": self._cookie})
        await socket.send(orjson.dumps({"type": "hello", "topics": [self.topic]}).decode())
        self.hear(orjson.loads(await socket.recv()))
        self.crowd.begin(_listen(socket, self.hear))
        if self.topic == "me":
            await self.call("PUT", "/me/presence", {"presence": "available"})

    async def call(self, method: str, path: str, body: Json) -> None:
        """Send a request; an answer that is no success is noted as an error."""
        headers = {"Cookie": self._cookie, "X-CSRF-Token": self._csrf}
        await self.crowd.call(method, path, body, headers)

    def hear(self, frame: Json) -> None:
        """Take in one live frame."""
        crowd, kind = self.crowd, frame["type"]
        if kind == "message":
            message = frame["message"]
            if message["author"] == "subscriber" and frame["contact"] in self.work:
                crowd.watch.seen(message["id"])
                crowd.begin(self.call("POST", f"/contacts/{frame['contact']}/read", {"seq": message["seq"]}))
        elif frame.get("topic") == "floor":
            crowd.watch.floor.append((time.time(), frame["seq"]))
        elif kind in ("snapshot", "changes"):
            for contact, item in frame["state"].get("work", {}).items():
                if item is None:
                    self.work.pop(contact, None)
                    continue
                self.work[contact] = item
                self._look(contact, item)

    def _look(self, contact: str, item: Json) -> None:
        if item["state"] == "offered" and item["offer"] not in self._busy:
            self.crowd.watch.seen(f"offer:{item['name']}")
            self._busy.add(item["offer"])
            self.crowd.begin(self._accept(contact, item["offer"]))
        elif item["state"] == "wrap_up" and contact not in self._busy:
            self._busy.add(contact)
            self.crowd.begin(self._wrap_up(contact))

    async def _accept(self, contact: str, offer: str) -> None:
        await asyncio.sleep(random.uniform(0.0, 0.3) * self.crowd.pace)
        await self.call("POST", f"/contacts/{contact}/accept", {"offer": offer})
        self._busy.discard(offer)

    async def _wrap_up(self, contact: str) -> None:
        await asyncio.sleep(random.uniform(0.5, 2.0) * self.crowd.pace)
        await self.call("POST", f"/contacts/{contact}/dispose", {"reasons": ["R00.1"], "outcome": "resolved"})
        self._busy.discard(contact)
        self.wraps += 1


class Widget:
    """One subscriber with one chat."""

    def __init__(self, crowd: "Crowd", entry: str = "site") -> None:
        self.crowd = crowd
        self.entry = entry
        self.token = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        self.state: Json = {"state": "none"}
        self.polled = False
        """Looks every second over HTTP instead of listening; for comparison."""
        self._socket: ClientConnection | None = None
        self._change = asyncio.Event()

    @property
    def contact(self) -> str:
        """Id of the contact."""
        return str(self.state["contact"])

    async def arrive(self) -> None:
        """Write the first message and connect."""
        body = {
            "entry": self.entry,
            "language": "ru",
            "name": self.token[:16],
            "message": {"id": str(uuid7()), "text": TEXTS[0]},
            **({"reason": f"R{random.randrange(QUEUES):02}"} if self.entry == "site" else {}),
        }
        began = time.perf_counter()
        self.crowd.watch.sent(f"offer:{self.token[:16]}", self.crowd.watch.offers)
        answer = await self.call("POST", "/chat/thread", body)
        if answer is None:
            return
        self.state = answer
        self.crowd.opened.append(time.perf_counter() - began)
        socket = await _connect(self.crowd, "/chat/live", {})
        await socket.send(orjson.dumps({"type": "hello", "token": self.token, "after": 0}).decode())
        self._socket = socket
        self.crowd.begin(_listen(socket, self.hear))

    async def call(self, method: str, path: str, body: Json) -> Json | None:
        """Send a request of the widget."""
        return await self.crowd.call(method, path, body, {"Authorization": f"Bearer {self.token}"})

    def hear(self, frame: Json) -> None:
        """Take in one live frame."""
        if frame["type"] == "state":
            self.state = frame
            self._change.set()
        elif frame["type"] == "message" and not self.polled:
            message = frame["message"]
            if message["author"] == "agent":
                self.crowd.watch.seen(message["id"])
                self.crowd.begin(self.call("POST", "/chat/thread/read", {"seq": message["seq"]}))

    async def reach(self, phase: str, seconds: float = 60.0) -> bool:
        """Wait until the widget shows this phase; False, and an error noted, when it does not."""
        try:
            async with asyncio.timeout(seconds):
                while self.state["state"] != phase:
                    self._change.clear()
                    await self._change.wait()
        except TimeoutError:
            self.crowd.watch.errors.append(f"never {phase} within {seconds} s")
            return False
        return True

    async def close(self) -> None:
        """Close the tab."""
        if self._socket is not None:
            await self._socket.close()


class Crowd:
    """Everybody. Use inside `async with`; tasks that fail are noted, not raised."""

    def __init__(self, address: str, *, pace: float = 1.0) -> None:
        self.address = address
        self.pace = pace
        self.watch = Watch()
        self.opened: list[float] = []
        """Seconds that the opening of a chat took until its answer."""
        self.gate = asyncio.Semaphore(2)
        self.desks: dict[str, Desk] = {}
        self.requests = 0
        self.tasks: set[asyncio.Task[Any]] = set()
        self.http = Client(address)

    async def __aenter__(self) -> "Crowd":
        self._group = await asyncio.TaskGroup().__aenter__()
        return self

    async def __aexit__(self, *error: Any) -> None:
        for task in self.tasks:
            task.cancel()
        await self._group.__aexit__(None, None, None)
        self.http.close()

    def begin(self, work: Any) -> None:
        """Do something beside everything else."""
        task = self._group.create_task(work)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def call(self, method: str, path: str, body: Json, headers: dict[str, str]) -> Json | None:
        """Send a request and return the JSON answer; None, and an error noted, when it was no success."""
        self.requests += 1
        try:
            answer = await self.http.request(method, path, body, headers)
        except Failed as failed:
            self.watch.errors.append(f"{method} {path.rpartition('/')[2]}: {failed}")
            return None
        found: Json = answer.json()
        if answer.status >= 300:
            self.watch.errors.append(f"{path.rpartition('/')[2]}: {answer.status} {found.get('code')}")
            return None
        return found

    async def come_to_work(self, logins: list[str], supervisors: list[str]) -> None:
        """Sign everybody in (two at a time, over the real sign-in) and open the desks."""

        async def one(desk: Desk) -> None:
            await desk.sign_in()
            await desk.open()
            self.desks[desk.login] = desk

        await asyncio.gather(
            *(one(Desk(self, login)) for login in logins), *(one(Desk(self, login, "floor")) for login in supervisors)
        )

    def desk_of(self, contact: str) -> Desk | None:
        """The desk that has this contact in hand."""
        return next((desk for desk in self.desks.values() if contact in desk.work), None)


async def _connect(crowd: Crowd, path: str, headers: dict[str, str]) -> ClientConnection:
    return await connect(
        f"{crowd.address.replace('http', 'ws', 1)}/api/v1{path}",
        additional_headers=headers,
        compression=None,
        open_timeout=30,
        ping_interval=None,
        max_size=8 << 20,
    )


async def _listen(socket: ClientConnection, hear: Callable[[Json], None]) -> None:
    try:
        async for text in socket:
            hear(orjson.loads(text))
    except ConnectionClosed:
        return
