"""One real server process on a database of its own with the demo centre in it, for tests from outside."""

import asyncio
import itertools
import os
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import httpx
import psycopg

from teplo.seed import seed_demo
from teplo.services.access import SYSTEM
from teplo.services.config_import import Given, bring_in
from teplo.storage.db import Database
from teplo.storage.ports import free_port

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients of plain HTTP: by itself each reads all authorities of the world, 27 ms of the processor."""
_numbers = itertools.count(1)


def _at_once(number: str, queue: str) -> Iterator[Given]:
    """A number that leads to a queue at once: menus take their time, and have tests of their own."""
    node = {"kind": "queue", "prompts": [], "queue": queue}
    menu = {"start": "in", "language": "ru", "languages": ["ru"], "keys": {}, "give_up": "in", "nodes": {"in": node}}
    name = {"ru": f"Сразу {number}", "en": f"At once {number}"}
    yield "menu", f"at-once-{number}", {"name": name, "menu": menu}
    yield "line", f"at-once-{number}", {"name": name, "numbers": [number], "menu": f"at-once-{number}"}


@dataclass
class Serving:
    """A running server."""

    address: str
    database_url: str
    password: str
    log: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Start the server at its address, maybe once more, and wait until it serves."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "teplo.cli", "serve"], env=self.environment, stdout=out, stderr=out
            )
        _until_ready(self)

    def alive(self) -> bool:
        """Whether the process still serves."""
        return self.process.poll() is None and httpx.get(f"{self.address}/api/v1/health").json()["status"] == "ok"


@contextmanager
def serving(template: str, folder: Path, **settings: str) -> Iterator[Serving]:
    """Start `teplo serve` with the demo centre; `settings` are further TEPLO_ variables, without the prefix."""
    name = f"serving_{os.getpid()}_{next(_numbers)}"
    seeded, password = _seeded(template)
    with psycopg.connect(f"{template}/postgres", autocommit=True) as conn:
        conn.execute(f"create database {name} template {seeded} strategy file_copy")
    url = f"{template}/{name}"
    port = free_port()
    env = {**os.environ, "TEPLO_DATABASE_URL": url, "TEPLO_HTTP_PORT": str(port), "TEPLO_DATA": str(folder)}
    env |= {f"TEPLO_{key.upper()}": value for key, value in settings.items()}
    served = Serving(f"http://127.0.0.1:{port}", url, password, folder / "server.log", env)
    try:
        served.start()
        yield served
    finally:
        served.process.terminate()
        try:
            served.process.wait(15)
        except subprocess.TimeoutExpired:
            served.process.kill()
            served.process.wait()
        with psycopg.connect(f"{template}/postgres", autocommit=True) as conn:
            conn.execute(f"drop database if exists {name} with (force)")


@cache
def _seeded(template: str) -> tuple[str, str]:
    """Put the demo centre into a database once; return its name, which databases are cloned from, and the password."""
    name = f"seeded_{os.getpid()}"
    with psycopg.connect(f"{template}/postgres", autocommit=True) as conn:
        conn.execute(f"drop database if exists {name}")
        conn.execute(f"create database {name} template template_teplo strategy file_copy")
    return name, asyncio.run(_seed(f"{template}/{name}"))


async def _seed(url: str) -> str:
    async with Database(url, size=2) as db, db.transaction() as conn:
        made = await seed_demo(conn, time.time())
        await bring_in(SYSTEM, conn, [*_at_once("612", "voice-general"), *_at_once("613", "voice-money")], time.time())
        return made.password


def _until_ready(served: Serving) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert served.process.poll() is None, served.log.read_text()[-3000:]
        try:
            health = httpx.get(f"{served.address}/api/v1/health", timeout=2, verify=NO_TLS).json()
        except (httpx.HTTPError, ValueError):
            health = {}
        if health.get("status") == "ok" and health.get("dispatcher"):
            return
        time.sleep(0.05)
    raise AssertionError(f"the server did not get ready:\n{served.log.read_text()[-3000:]}")
