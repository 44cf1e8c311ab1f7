"""The part of the application where people sign in and configure, on a real database, without a browser."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from types import ModuleType, SimpleNamespace
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from uuid_utils import uuid7

from teplo.api import audit, config, errors, menus, people, prompts, session
from teplo.services import passwords
from teplo.services.access import SYSTEM
from teplo.services.commands import Commands
from teplo.services.config_import import Given, bring_in
from teplo.services.configuration import Configuration
from teplo.services.sessions import Sessions
from teplo.settings import Settings
from teplo.storage import people as stored_people
from teplo.storage.db import Database

PASSWORD = "a long enough password"
_HASH = passwords.hash_now(PASSWORD)
NAMED = {"ru": "Имя", "en": "Name"}


class Hands:
    """A clock that a test turns by hand."""

    def __init__(self, now: float = 1_790_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@dataclass
class Browser:
    """One person's browser: keeps the cookie and sends the CSRF token."""

    http: httpx.AsyncClient
    session: dict[str, Any] = field(default_factory=dict)

    async def sign_in(self, login: str, password: str = PASSWORD) -> httpx.Response:
        answer = await self.http.post("/session", json={"login": login, "password": password})
        if answer.status_code == 200:
            self.session = answer.json()
        return answer

    async def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"X-CSRF-Token": self.session.get("csrf", ""), **more.pop("headers", {})}
        return await self.http.request(method, path, headers=headers, **more)

    async def get(self, path: str) -> httpx.Response:
        return await self.call("GET", path)

    async def create(self, kind: str, id: str, body: dict[str, Any]) -> httpx.Response:
        return await self.call("PUT", f"/config/{kind}/{id}", json=body, headers={"If-None-Match": "*"})

    async def change(self, kind: str, id: str, body: dict[str, Any], version: int) -> httpx.Response:
        return await self.call("PUT", f"/config/{kind}/{id}", json=body, headers={"If-Match": f'"{version}"'})

    async def remove(self, kind: str, id: str, version: int) -> httpx.Response:
        return await self.call("DELETE", f"/config/{kind}/{id}", headers={"If-Match": f'"{version}"'})


class _Unanswered(Commands):
    """Letters to a floor that nobody runs: no answer comes, so none is waited for."""

    async def result(self, command: str, timeout: float = 0.0) -> int:
        return await super().result(command, 0.0)


@dataclass
class Office:
    """The application with its services."""

    db: Database
    commands: Commands
    clock: Hands
    sessions: Sessions
    app: FastAPI
    people: dict[str, str] = field(default_factory=dict)

    def serves(self, *modules: ModuleType) -> None:
        """Add routes of further modules of the API."""
        self.app.router.routes.extend(_api(*modules).routes)

    def browser(self, address: str = "192.0.2.1", scheme: str = "http") -> Browser:
        transport = httpx.ASGITransport(self.app, client=(address, 1234))
        return Browser(httpx.AsyncClient(transport=transport, base_url=f"{scheme}://centre.example/api/v1"))

    async def signed_in(self, login: str, **more: Any) -> Browser:
        browser = self.browser(**more)
        answer = await browser.sign_in(login)
        assert answer.status_code == 200, answer.text
        return browser

    async def bring_in(self, *given: Given) -> None:
        async with self.db.transaction() as conn:
            await bring_in(SYSTEM, conn, given, self.clock())

    async def hire(self, login: str, role: str, **more: Any) -> str:
        """Add a person who can sign in with PASSWORD; return the id."""
        id = self.people[login] = str(uuid7())
        body = {"name": f"Имя {login}", "display_name": login, "login": login, "role": role, **more}
        await self.bring_in(("person", id, body))
        async with self.db.transaction() as conn:
            await stored_people.set_password(conn, id, login, _HASH, self.clock())
        return id

    def configuration(self, confirm: float = 0.0) -> Configuration:
        return Configuration(self.db, self.commands, self.clock, confirm=confirm)


@asynccontextmanager
async def open_office(db: Database, commands: Commands | None = None, **limits: Any) -> AsyncIterator[Office]:
    clock = Hands()
    sessions = Sessions(db, clock, idle_seconds=12 * 3600, max_seconds=24 * 3600, **limits)
    app = FastAPI()
    errors.install(app)
    app.router.routes.extend(_api(session, people, config, audit, menus, prompts).routes)
    commands = commands or _Unanswered(db, str(uuid7()))
    app.state.teplo = SimpleNamespace(
        settings=Settings(), clock=clock, db=db, commands=commands, sessions=sessions, configuration=None
    )
    yield Office(db, commands, clock, sessions, app)


@cache
def _api(*modules: ModuleType) -> APIRouter:
    """Join routes once for all offices: FastAPI analyses each endpoint at every inclusion, half a second in all."""
    api = APIRouter(prefix="/api/v1", responses=errors.PROBLEMS)
    for module in modules:
        api.include_router(module.router)
    return api


async def until(condition: Callable[[], bool]) -> None:
    """Wait until something became true in this process."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)
