"""`teplo demo` and `teplo up`: start the parts of one installation in order, keep them running, stop them together.

The HTTP port is bound here once and handed to the server: a server that is started again takes over the same socket,
and browsers that connect meanwhile wait instead of being refused.
"""

import asyncio
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .installation import CannotStart, Prepared, embedded, only_one, prepare, welcome
from .processes import STOP_SECONDS, Child, GaveUp, Lifeline, python, tail
from .settings import Settings
from .storage.embedded import Embedded, EmbeddedError

READY_SECONDS = 60.0
"""How long the server may take until it answers."""


def say(text: str, end: str = "\n") -> None:
    """Tell the person at once; when nobody listens any more (a closed pipe), go on in silence."""
    try:
        print(text, end=end, flush=True)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # for the rest of the process


class Progress:
    """Numbered lines with seconds, for a person who waits."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._number = 0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Show a title at once and its seconds at the end."""
        self._number += 1
        began = time.monotonic()
        say(f"{self._number}/{self._steps} {title} …", end="")
        try:
            yield
        except BaseException:
            say(" stopped")
            raise
        say(f" {time.monotonic() - began:.1f} s")


@dataclass(frozen=True, slots=True)
class Crowd:
    """The people of a demo: chats and calls an hour, agents, and how slow everybody is."""

    chats: float
    calls: float
    agents: int
    pace: float


class Launch:
    """One start of one installation."""

    def __init__(self, settings: Settings, crowd: Crowd | None) -> None:
        """`crowd`: whom to simulate, for a demo; None: an installation of one's own."""
        self._settings = settings
        self._people = crowd
        self._began = time.monotonic()
        self._logs = settings.data / "log"

    async def run(self) -> None:
        """Run until a signal comes; raise CannotStart with the reason when something cannot go on."""
        from .run import PortInUse, listen  # seconds of imports: not before the folder is ours

        with only_one(self._settings, f"http://{self._settings.http_host}:{self._settings.http_port}"):
            try:
                sock = listen(self._settings)
            except PortInUse as error:
                raise CannotStart(str(error)) from error
            _sip_is_free(self._settings)
            host, port = sock.getsockname()[:2]
            shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
            with sock:
                await _until_told(self._live(sock.fileno(), f"http://{shown}:{port}"))

    async def _live(self, listening: int, address: str) -> None:
        """Start everything in order, say so, and stay until cancelled; the stacks stop it in the opposite order."""
        people = self._people
        progress = Progress(2 + (not self._settings.database_url) + (people is not None))
        async with AsyncExitStack() as outer, asyncio.TaskGroup() as base:
            lifeline = Lifeline()
            outer.callback(lifeline.close)
            url = await self._database(progress, outer, base)
            with progress.step("Database: " + ("the model centre" if people else "tables and configuration")):
                prepared = await prepare(url, demo=people is not None, agents=people.agents if people else 0)
            server = Child(
                "server",
                python("teplo.cli", "serve", "--socket", str(listening)),
                lifeline,
                self._logs / "server.log",
                env={"TEPLO_DATABASE_URL": url},
                pass_fds=[listening],
            )
            with progress.step("Server"):
                serving = base.create_task(server.keep())
                await _answering(address, self._logs / "server.log", alone=not self._settings.database_url)
            outer.push_async_callback(_cancelled, serving)
            carrying = base.create_task(self._voice(lifeline, url).keep())
            outer.push_async_callback(_cancelled, carrying)
            if people is not None:
                with progress.step("Simulated subscribers and agents"):
                    crowd = base.create_task(self._crowd(lifeline, address, prepared, people).keep())
                    outer.push_async_callback(_cancelled, crowd)
            told = welcome(
                prepared,
                self._settings.public_url or address,
                self._seconds(),
                self._settings.data.absolute(),
                f"sip:611@{self._settings.sip_host}:{self._settings.sip_port}",
            )
            say(told)
            try:
                await asyncio.get_running_loop().create_future()
            finally:
                await outer.aclose()

    def _seconds(self) -> float:
        return time.monotonic() - self._began

    async def _database(self, progress: Progress, outer: AsyncExitStack, base: asyncio.TaskGroup) -> str:
        if self._settings.database_url:
            return self._settings.database_url
        with progress.step("Embedded PostgreSQL"):
            server = embedded(self._settings)
            outer.push_async_callback(server.stop)
            await server.start()
        outer.push_async_callback(_cancelled, base.create_task(_watch(server)))
        return server.url

    def _voice(self, lifeline: Lifeline, url: str) -> Child:
        """The voice worker: a process of its own, so that nothing else is ever heard in a call."""
        return Child(
            "voice",
            python("teplo.cli", "voice"),
            lifeline,
            self._logs / "voice.log",
            env={"TEPLO_DATABASE_URL": url},
            patience=20,
            stop_seconds=self._settings.voice_drain_seconds + STOP_SECONDS + 1,
        )

    def _crowd(self, lifeline: Lifeline, address: str, prepared: Prepared, people: Crowd) -> Child:
        words = ["--url", address, "--logins", ",".join(prepared.simulated), "--zone", self._settings.zone]
        figures = ["--contacts-per-hour", str(people.chats), "--pace", str(people.pace), "--outages-per-hour", "4"]
        if self._settings.sip_port:
            words += ["--sip", _reachable(self._settings.sip_host, self._settings.sip_port)]
            figures += ["--calls-per-hour", str(people.calls)]
        return Child(
            "simulator",
            python("teplo.simulator", *words, *figures),
            lifeline,
            self._logs / "simulator.log",
            env={"TEPLO_SIMULATOR_PASSWORD": prepared.password or ""},
            patience=20,
        )


def _reachable(host: str, port: int) -> str:
    """Return the SIP address as this machine calls it."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"[{shown}]:{port}" if ":" in shown else f"{shown}:{port}"


def _sip_is_free(settings: Settings) -> None:
    """Refuse to start where another program has the telephone's port: the worker would try for ever."""
    family = socket.AF_INET6 if ":" in settings.sip_host else socket.AF_INET
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(family, kind) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.sip_host, settings.sip_port))
            except OSError as error:
                raise CannotStart(
                    f"Cannot take calls on {settings.sip_host}:{settings.sip_port} ({error.strerror}). Nothing was "
                    "started. Stop the other program, or choose another port: TEPLO_SIP_PORT=5070."
                ) from error


async def _watch(server: Embedded) -> None:
    await server.watch()


async def _cancelled(task: asyncio.Task[Any]) -> None:
    """Cancel a task and wait for its end; what went wrong in it is its group's matter."""
    task.cancel()
    await asyncio.wait([task])


async def _until_told(living: Coroutine[Any, Any, None]) -> None:
    """Run `living` until it fails or a signal comes; a second signal ends at once."""
    loop = asyncio.get_running_loop()
    told = asyncio.Event()

    def tell() -> None:
        if told.is_set():
            os._exit(130)  # the lifeline breaks: the children stop themselves
        say("\nStopping … (the data stay)")
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, tell)
    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(living)
            await told.wait()
            task.cancel()
    except* (EmbeddedError, GaveUp, CannotStart) as errors:
        raise CannotStart("\n".join(str(error) for error in _leaves(errors))) from errors
    except* OSError as errors:
        first = next(_leaves(errors))
        raise CannotStart(f"{first}\nEverything was stopped; your data are untouched.") from errors
    say("Stopped.")


def _leaves(group: BaseExceptionGroup[Any]) -> Iterator[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error


async def _answering(address: str, log: Path, *, alone: bool) -> None:
    """Wait until the server at `address` says that it is ready; `alone`: and that it decides, as nobody else can."""
    host, _, port = address.removeprefix("http://").rpartition(":")
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        health = await _health(host.strip("[]"), int(port))
        if health.get("status") == "ok" and (health.get("dispatcher") or not alone):
            return
        await asyncio.sleep(0.05)
    raise CannotStart(
        f"The server did not get ready in {READY_SECONDS:.0f} s. Your data are untouched. The end of {log}:\n"
        f"{tail(log)}"
    )


async def _health(host: str, port: int) -> dict[str, Any]:
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(b"GET /api/v1/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                answer = await reader.read()
            finally:
                writer.close()
        found = json.loads(answer.partition(b"\r\n\r\n")[2])
    except (OSError, ValueError, TimeoutError):
        return {}
    return found if isinstance(found, dict) else {}
