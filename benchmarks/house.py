"""A house for benchmarks: PostgreSQL with fsync in a temporary folder, a configured centre, one real `teplo serve`."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psycopg
from uuid_utils import uuid7

from teplo.services import passwords
from teplo.services.access import SYSTEM
from teplo.services.config_import import Given, bring_in
from teplo.storage import people
from teplo.storage.db import Database
from teplo.storage.embedded import Embedded
from teplo.storage.migrate import migrate
from teplo.storage.ports import free_port

PASSWORD = "a password of the bench"  # noqa: S105 - lives as long as the temporary folder
QUEUES = 12
_SKILLS_EACH = 4


@dataclass
class House:
    """The running server: where it is, who may sign in, what it costs."""

    url: str
    address: str
    pid: int
    log: Path
    logins: list[str]
    database: int = 0
    """Process of PostgreSQL."""
    launch: Callable[[], "subprocess.Popen[bytes]"] = field(repr=False, kw_only=True)
    child: "subprocess.Popen[bytes]" = field(repr=False, kw_only=True)
    server: Embedded = field(repr=False, kw_only=True)

    def kill_server(self) -> None:
        """kill -9 of the process that serves pages and decides."""
        self.child.kill()
        self.child.wait()

    async def start_server(self) -> float:
        """Start it again; return the seconds until it serves and decides."""
        began = time.monotonic()
        self.child = self.launch()
        self.pid = self.child.pid
        await _ready(self, self.child)
        return time.monotonic() - began

    async def kill_database(self) -> float:
        """kill -9 of PostgreSQL, which is started again at once; return the seconds until it answers."""
        began = time.monotonic()
        watching = asyncio.get_running_loop().create_task(self.server.watch())
        os.kill(self.database, signal.SIGKILL)
        async with asyncio.timeout(60):
            while self.server.pid in (None, self.database) or not await self._answers():
                await asyncio.sleep(0.05)
        watching.cancel()
        self.database = self.server.pid or 0
        return time.monotonic() - began

    async def _answers(self) -> bool:
        try:
            await (await psycopg.AsyncConnection.connect(self.url, connect_timeout=2)).close()
        except psycopg.OperationalError:
            return False
        return True

    def memory(self) -> float:
        """Resident memory of the server process now, MB."""
        return self._status("VmRSS:")

    def memory_peak(self) -> float:
        """Largest resident memory that the server process ever had, MB."""
        return self._status("VmHWM:")

    def cpu(self) -> float:
        """Processor seconds that the server process has used."""
        return cpu_seconds(self.pid)

    def _status(self, name: str) -> float:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024 / 1e6
        return 0.0


def cpu_seconds(process: int, *, family: bool = False) -> float:
    """Processor seconds that a process has used; with `family` also its children, those that have ended included."""
    name = Path(f"/proc/{process}/stat")
    parts = name.read_text().rpartition(")")[2].split()
    ticks = sum(int(part) for part in parts[11 : 15 if family else 13])
    seconds = ticks / os.sysconf("SC_CLK_TCK")
    if family:
        for child in Path(f"/proc/{process}/task/{process}/children").read_text().split():
            try:
                seconds += cpu_seconds(int(child), family=True)
            except OSError:
                continue  # it has just ended: its parent counts it now
    return seconds


def named(text: str) -> dict[str, str]:
    """The same name in both languages."""
    return {"ru": text, "en": text}


def configuration(agents: int, wrap_up: int = 60) -> Iterator[Given]:
    """Yield a centre: 12 queues with three rings each, agents with four skills, one queue for one real browser."""
    yield "team", "team", {"name": named("Группа")}
    options: list[dict[str, Any]] = []
    for n in range(QUEUES):
        skill = f"s{n}"
        yield "skill", skill, {"name": named(f"Навык {n}")}
        steps = [
            {"after": 0, "require": {"skill": skill, "min": 3}, "match": ["language"]},
            {"after": 15, "require": {"skill": skill}, "match": ["language"]},
            {"after": 60, "require": {}, "match": []},
        ]
        yield "queue", f"q{n}", _queue(f"Очередь {n}", steps, wrap_up)
        yield "reason", f"R{n:02}", {"name": named(f"Тема {n}"), "group": True}
        yield "reason", f"R{n:02}.1", {"name": named(f"Тема {n}, случай"), "parent": f"R{n:02}"}
        options.append({"reason": f"R{n:02}", "name": named(f"Тема {n}"), "icon": "wallet", "queue": f"q{n}"})
    yield "skill", "painted", {"name": named("Настоящий браузер")}
    yield "queue", "painted", _queue("Настоящий браузер", [{"after": 0, "require": {"skill": "painted"}}], wrap_up)
    yield "entry", "site", {"greeting": named("Здравствуйте"), "options": options, "default_queue": "q0"}
    yield "entry", "painted", {"greeting": named("Здравствуйте"), "options": [], "default_queue": "painted"}
    for n in range(agents):
        skills = {f"s{(n * k + k) % QUEUES}": 2 + (n // QUEUES + k) % 4 for k in (1, 5, 7, 11)[:_SKILLS_EACH]}
        yield person(f"agent{n}", "agent", skills=skills, capacity={"chat": 6}, total=2.0)
    yield person("browser", "agent", skills={"painted": 5}, capacity={"chat": 6}, total=2.0)
    for n in range(2):
        yield person(f"supervisor{n}", "supervisor", capacity={})


def _queue(name: str, steps: list[dict[str, Any]], wrap_up: int) -> dict[str, Any]:
    return {"name": named(name), "steps": steps, "offer_seconds": 20, "wrap_up_seconds": wrap_up}


def person(login: str, role: str, **more: Any) -> Given:
    """An employee."""
    body = {"name": f"Имя {login}", "display_name": login, "login": login, "role": role, "team": "team", **more}
    return "person", str(uuid7()), body


@asynccontextmanager
async def house(
    agents: int, *, wrap_up: int = 60, settings: dict[str, str] | None = None, centre: list[Given] | None = None
) -> AsyncIterator[House]:
    """Start everything, give it, and stop everything. `centre`: another configuration than that of chats."""
    given = centre or list(configuration(agents, wrap_up))
    with tempfile.TemporaryDirectory(prefix="teplo-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # noqa: ASYNC240 - before anything is measured
        server = Embedded(folder / "pg")
        await server.start()
        try:
            await _lay_out(server.url, given)
            port = free_port()
            environment = {
                **os.environ,
                "TEPLO_DATABASE_URL": server.url,
                "TEPLO_HTTP_PORT": str(port),
                "TEPLO_LOG_LEVEL": "warning",
                "TEPLO_RATE_FACTOR": "1000",  # the whole load comes from one address
                **(settings or {}),
            }
            log = folder / "serve.log"

            def launch() -> "subprocess.Popen[bytes]":
                with log.open("ab") as out:
                    return subprocess.Popen(
                        [sys.executable, "-m", "teplo.cli", "serve"], env=environment, stdout=out, stderr=out
                    )

            child = launch()
            made = House(
                server.url,
                f"http://127.0.0.1:{port}",
                child.pid,
                log,
                [body["login"] for kind, _, body in given if kind == "person"],
                server.pid or 0,
                launch=launch,
                child=child,
                server=server,
            )
            try:
                await _ready(made, child)
                yield made
                _complain(log)
            finally:
                made.child.terminate()
                try:
                    await asyncio.to_thread(made.child.wait, 15)
                except subprocess.TimeoutExpired:
                    made.child.kill()
        finally:
            await server.stop()


async def _lay_out(url: str, given: list[Given]) -> None:
    async with Database(url, size=2) as db:
        await migrate(db)
        async with db.transaction() as conn:
            await bring_in(SYSTEM, conn, given, time.time())
            logins = {id: body["login"] for kind, id, body in given if kind == "person"}
            await people.set_same_password(conn, logins, passwords.hash_now(PASSWORD))


async def _ready(made: House, child: "subprocess.Popen[bytes]") -> None:
    def healthy() -> bool:
        try:
            with urlopen(f"{made.address}/api/v1/health", timeout=2) as answer:  # noqa: S310
                found = json.load(answer)
        except (OSError, ValueError):
            return False
        return bool(found.get("dispatcher") and found.get("seq", 0) > len(made.logins) // 2)

    async with asyncio.timeout(60):
        while not await asyncio.to_thread(healthy):
            if child.poll() is not None:
                raise RuntimeError(f"the server ended at once:\n{made.log.read_text()[-2000:]}")
            await asyncio.sleep(0.1)


def _complain(log: Path) -> None:
    """Show what the server warned of: a figure from a server in trouble is no figure."""
    lines = log.read_text(errors="replace").splitlines()
    for line in lines[-5:]:
        print(f"server: {line[:300]}", file=sys.stderr)
