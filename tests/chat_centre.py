"""A small running centre for tests of the chat: one real process on a real port and database, with people in it."""

import asyncio
import base64
import contextlib
import json
import secrets
import socket
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvicorn
import websockets
from pydantic import TypeAdapter
from uuid_utils import uuid7

from teplo.api.app import create_app
from teplo.api.deps import Services
from teplo.api.frames import FRAMES
from teplo.run import WEB, server_config, services
from teplo.services import passwords
from teplo.services.access import SYSTEM
from teplo.services.config_import import Given, bring_in
from teplo.settings import Settings
from teplo.storage import people

PASSWORD = "a long enough password"
_HASH = passwords.hash_now(PASSWORD)
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # by itself each client reads all authorities of the world
PATIENCE = 30.0
NUMBER = "+7 973 000-00-01"


def named(text: str) -> dict[str, str]:
    return {"ru": text, "en": text}


def new_id() -> str:
    return str(uuid7())


def new_token() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")


async def until(condition: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Wait until `condition` (plain or async) gives something true; return it."""
    async with asyncio.timeout(seconds):
        while True:
            found = condition()
            if asyncio.iscoroutine(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.02)


@dataclass
class Socket:
    """A WebSocket that keeps everything it heard."""

    ws: websockets.ClientConnection
    shape: TypeAdapter[Any]
    frames: list[dict[str, Any]] = field(default_factory=list)

    async def send(self, **frame: Any) -> None:
        await self.ws.send(json.dumps(frame))

    async def hear(self, kind: str, **wanted: Any) -> dict[str, Any]:
        """Return the first frame, heard or still to come, of this kind and with these fields."""

        def fits(frame: dict[str, Any]) -> bool:
            return frame["type"] == kind and all(frame.get(key) == value for key, value in wanted.items())

        found = next((frame for frame in self.frames if fits(frame)), None)
        async with asyncio.timeout(PATIENCE):
            while found is None:
                frame = await self.read()
                found = frame if fits(frame) else None
        return found

    async def read(self) -> dict[str, Any]:
        """Return the next frame; it has exactly the fields that the API's description tells."""
        frame: dict[str, Any] = json.loads(await self.ws.recv())
        told = self.shape.dump_python(self.shape.validate_python(frame), mode="json")
        assert told == frame
        self.frames.append(frame)
        return frame

    async def closed(self) -> int:
        """Wait for the end of the connection and return its close code."""
        with contextlib.suppress(websockets.ConnectionClosed):
            async with asyncio.timeout(PATIENCE):
                while True:
                    await self.read()
        return self.ws.close_code or 0

    def messages(self) -> list[dict[str, Any]]:
        return [frame["message"] for frame in self.frames if frame["type"] == "message"]


@dataclass
class Subscriber:
    """A widget in somebody's browser."""

    centre: "Centre"
    http: httpx.AsyncClient
    token: str
    origin: str | None = None

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} | ({"Origin": self.origin} if self.origin else {})

    async def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        return await self.http.request(method, f"/chat{path}", headers=self.headers(), **more)

    async def open(self, text: str | None = "Здравствуйте", **more: Any) -> dict[str, Any]:
        body = {"entry": "site", "reason": "MNY", "language": "ru", **more}
        if text is not None:
            body["message"] = {"id": new_id(), "text": text}
        answer = await self.call("POST", "/thread", json=body)
        assert answer.status_code in (200, 201), answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def write(self, text: str, id: str | None = None) -> httpx.Response:
        return await self.call("POST", "/thread/messages", json={"id": id or new_id(), "text": text})

    async def attach(self, name: str, data: bytes, media_type: str, id: str | None = None) -> httpx.Response:
        return await self.call(
            "POST", "/thread/files", data={"id": id or new_id()}, files={"file": (name, data, media_type)}
        )

    async def page(self, after: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = (await self.call("GET", f"/thread?after={after}")).json()
        return found

    async def reaches(self, state: str) -> dict[str, Any]:
        async def there() -> dict[str, Any] | None:
            page = await self.page()
            return page if page["state"] == state else None

        found: dict[str, Any] = await until(there)
        return found

    @asynccontextmanager
    async def live(self, after: int = 0) -> AsyncIterator[Socket]:
        async with self.centre.socket("/chat/live", {"Origin": self.origin} if self.origin else {}) as opened:
            await opened.send(type="hello", token=self.token, after=after)
            yield opened


@dataclass
class Person:
    """Somebody's browser with an open session."""

    centre: "Centre"
    id: str
    http: httpx.AsyncClient
    csrf: str
    desk: Socket | None = None

    async def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        return await self.http.request(method, path, headers={"X-CSRF-Token": self.csrf}, **more)

    async def post(self, path: str, **body: Any) -> httpx.Response:
        return await self.call("POST", path, json=body)

    async def offered(self, contact: str | None = None) -> dict[str, Any]:
        """Wait for an offer to this person; {"id", "offer"}."""

        def look() -> dict[str, Any] | None:
            floor = self.centre.services.feed.floor
            for found in floor.contacts.values():
                if found.agent == self.id and found.state == "offered" and contact in (None, found.id):
                    return {"id": found.id, "offer": found.offer}
            return None

        found: dict[str, Any] = await until(look)
        return found

    async def takes(self, contact: str | None = None) -> str:
        """Accept the next offer; return the contact."""
        offer = await self.offered(contact)
        answer = await self.post(f"/contacts/{offer['id']}/accept", offer=offer["offer"])
        assert answer.status_code == 204, answer.text
        taken: str = offer["id"]
        return taken

    async def write(self, contact: str, text: str, id: str | None = None) -> httpx.Response:
        return await self.post(f"/contacts/{contact}/messages", id=id or new_id(), text=text)


@dataclass
class Centre:
    """The running process."""

    services: Services
    host: str
    stack: AsyncExitStack
    people: dict[str, str] = field(default_factory=dict)

    def subscriber(self, token: str | None = None, origin: str | None = None) -> Subscriber:
        http = httpx.AsyncClient(base_url=f"http://{self.host}/api/v1", timeout=PATIENCE, verify=_NO_TLS)
        self.stack.push_async_callback(http.aclose)
        return Subscriber(self, http, token or new_token(), origin)

    async def sign_in(self, login: str) -> Person:
        http = httpx.AsyncClient(base_url=f"http://{self.host}/api/v1", timeout=PATIENCE, verify=_NO_TLS)
        self.stack.push_async_callback(http.aclose)
        answer = await http.post("/session", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return Person(self, self.people[login], http, answer.json()["csrf"])

    async def at_work(self, login: str) -> Person:
        """Sign in, open the desk and become available."""
        person = await self.sign_in(login)
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in person.http.cookies.jar)
        person.desk = await self.stack.enter_async_context(self.socket("/live", {"Cookie": cookies}))
        await person.desk.send(type="hello", topics=["me"])
        await person.desk.hear("snapshot")
        answer = await person.call("PUT", "/me/presence", json={"presence": "available"})
        assert answer.status_code == 204, answer.text
        return person

    @asynccontextmanager
    async def socket(self, path: str, headers: dict[str, str]) -> AsyncIterator[Socket]:
        async with websockets.connect(
            f"ws://{self.host}/api/v1{path}", additional_headers=headers, close_timeout=1
        ) as ws:
            shape = {"/chat/live": "ChatFrame", "/chat/call": "CallerFrame"}.get(path, "DeskFrame")
            yield Socket(ws, FRAMES[shape][1])

    async def bring_in(self, *given: Given) -> None:
        async with self.services.db.transaction() as conn:
            await bring_in(SYSTEM, conn, given, self.services.clock())

    async def hire(self, login: str, role: str, **more: Any) -> str:
        id = self.people[login] = new_id()
        body = {"name": f"Имя {login}", "display_name": login, "login": login, "role": role, **more}
        await self.bring_in(("person", id, body))
        async with self.services.db.transaction() as conn:
            await people.set_password(conn, id, login, _HASH, self.services.clock())
        return id

    async def rows(self, query: str, *args: Any) -> list[tuple[Any, ...]]:
        async with self.services.db.connection() as conn:
            return await (await conn.execute(query.encode(), args)).fetchall()


def layout() -> Iterator[Given]:
    """One queue that is open, one that is closed for ever, two entry points."""
    closed_week: list[list[list[str]]] = [[], [], [], [], [], [], [["10:00", "10:01"]]]
    yield "hours", "rare", {"name": named("Редко"), "zone": "Asia/Yekaterinburg", "week": closed_week, "special": {}}
    yield "skill", "general", {"name": named("Общее")}
    steps = [{"after": 0, "require": {"skill": "general"}, "match": []}]
    yield "queue", "chat-money", {"name": named("Деньги"), "steps": steps, "wrap_up_seconds": 60, "offer_seconds": 60}
    yield "queue", "chat-other", {"name": named("Другое"), "steps": steps, "wrap_up_seconds": 0}
    yield "queue", "chat-closed", {
        "name": named("Закрыто"), "steps": steps, "hours": "rare", "closed_message": named("Мы отдыхаем"),
    }  # fmt: skip
    money = {"reason": "MNY", "name": named("Деньги"), "icon": "wallet", "queue": "chat-money"}
    greeting = named("Здравствуйте")
    yield "entry", "site", {"greeting": greeting, "options": [money], "default_queue": "chat-other"}
    yield "entry", "shop", {
        "greeting": greeting, "default_queue": "chat-closed", "origins": ["https://shop.example"], "survey": False,
    }  # fmt: skip
    yield "break_reason", "lunch", {"name": named("Обед"), "minutes": 30}
    yield "reason", "MNY", {"name": named("Деньги"), "group": True}
    yield "reason", "MNY.01", {"name": named("Баланс"), "parent": "MNY"}
    yield "reason", "MNY.02", {"name": named("Старое"), "parent": "MNY", "valid_to": "2020-01-01"}
    yield "region", "RU-OMS", {"name": named("Омск"), "zone": "Asia/Omsk"}


class _Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def open_centre(database_url: str) -> AsyncIterator[Centre]:
    """Run a centre with the agents anna and boris, the supervisor vera and the quality listener zoya."""
    sock = socket.socket()
    sock.bind(("127.0.0.1", 0))
    with tempfile.TemporaryDirectory(prefix="teplo-centre-") as data:
        settings = Settings(database_url=database_url, data=Path(data))
        async with _running(settings, database_url, sock) as centre:
            yield centre


@asynccontextmanager
async def _running(settings: Settings, database_url: str, sock: socket.socket) -> AsyncIterator[Centre]:
    async with services(settings, database_url) as made, asyncio.TaskGroup() as group:
        server = _Quiet(server_config(create_app(made, WEB), settings))
        group.create_task(server.serve(sockets=[sock]))
        await until(lambda: server.started)
        async with AsyncExitStack() as stack:
            centre = Centre(made, f"127.0.0.1:{sock.getsockname()[1]}", stack)
            await centre.bring_in(*layout())
            await centre.hire("anna", "agent", display_name="Анна", skills={"general": 3})
            await centre.hire("boris", "agent", display_name="Борис", skills={"general": 3})
            await centre.hire("vera", "supervisor")
            await centre.hire("zoya", "quality")
            await until(lambda: len(made.feed.floor.agents) == 3 and "chat-closed" in made.feed.floor.queues)
            yield centre
        server.should_exit = True
