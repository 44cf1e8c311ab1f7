"""A small installation of real processes for the kill tests."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self
from urllib.request import urlopen

from teplo.storage.db import Database
from teplo.storage.embedded import Embedded
from teplo.storage.migrate import migrate
from teplo.storage.ports import free_port


class Served:
    """One `teplo serve`, started again when it dies."""

    def __init__(self, url: str, log: Path, settings: dict[str, str] | None = None) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self._env = {**os.environ, "TEPLO_DATABASE_URL": url, "TEPLO_HTTP_PORT": str(self.port), **(settings or {})}
        self._log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the process; `ready` tells when it serves."""
        with self._log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "teplo.cli", "serve"],
                env=self._env,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    def health(self) -> dict[str, Any]:
        """What the process says of itself; empty while it does not answer."""
        try:
            with urlopen(f"{self.address}/api/v1/health", timeout=1) as answer:
                found = json.load(answer)
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def kill(self) -> None:
        """kill -9."""
        assert self.process
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """End it in good order."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Installation:
    """PostgreSQL under watch and some servers."""

    def __init__(self, folder: Path, *, nodes: int = 2, settings: dict[str, str] | None = None) -> None:
        self._folder = folder
        self._count = nodes
        self._settings = settings
        self.server = Embedded(folder / "pg")

    async def __aenter__(self) -> Self:
        await self.server.start()
        async with Database(self.server.url, size=2) as db:
            await migrate(db)
        self._group = await asyncio.TaskGroup().__aenter__()
        self._watch = self._group.create_task(self.server.watch())
        logs = [self._folder / f"serve{n + 1}.log" for n in range(self._count)]
        self.nodes = [Served(self.server.url, log, self._settings) for log in logs]
        for node in self.nodes:
            node.start()
        for node in self.nodes:
            await self.until(lambda node=node: node.health().get("status") == "ok")
        return self

    async def __aexit__(self, *error: Any) -> None:
        for node in self.nodes:
            await asyncio.to_thread(node.stop)
        await self.server.stop()
        self._watch.cancel()
        await self._group.__aexit__(None, None, None)

    async def leader(self) -> Served:
        """The server that dispatches now."""
        began = time.monotonic()
        while time.monotonic() - began < 10:
            for node in self.nodes:
                if (await asyncio.to_thread(node.health)).get("dispatcher"):
                    return node
            await asyncio.sleep(0.05)
        raise AssertionError("nobody dispatches")

    async def until(self, condition: Any, seconds: float = 20.0) -> None:
        """Wait for a condition."""
        async with asyncio.timeout(seconds):
            while not await asyncio.to_thread(condition):
                await asyncio.sleep(0.05)
