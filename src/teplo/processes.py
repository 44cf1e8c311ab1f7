"""Child processes that never outlive us.

Every child gets the reading end of one pipe, the lifeline, whose writing end only the parent holds. When the parent
ends in whatever way, `kill -9` included, the kernel closes the pipe and the child stops itself in good order.
"""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import structlog

log = structlog.get_logger()

STOP_SECONDS = 7.0
"""Seconds in which a process of ours stops in good order; whoever started it waits a little longer."""
_VARIABLE = "TEPLO_LIFELINE"
_MEGABYTE = 1 << 20


class GaveUp(Exception):
    """A child died again and again; the text says which and shows the end of its log."""


class Lifeline:
    """The parent's end. Closed by `close`, or by the kernel when the parent dies."""

    def __init__(self) -> None:
        self.reading, self._writing = os.pipe()

    def close(self) -> None:
        """Tell all children to stop."""
        os.close(self._writing)
        os.close(self.reading)


def follow_parent(grace: float = 15.0) -> None:
    """Stop this process by SIGTERM when the parent's lifeline breaks, and by force `grace` seconds later.

    Does nothing in a process that was started by hand. Call once, before other threads.
    """
    number = os.environ.pop(_VARIABLE, None)
    if number is None:
        return
    reading = int(number)
    os.set_inheritable(reading, False)

    def watch() -> None:
        while os.read(reading, 1):
            pass
        os.kill(os.getpid(), signal.SIGTERM)
        end_within(grace)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()


def end_within(seconds: float, loop: asyncio.AbstractEventLoop | None = None) -> None:
    """End this process by force unless it has ended by itself in so many seconds; log what `loop` still waits for.

    What it has stored is whole at every moment, as after `kill -9`; what it has not done is done by its next start.
    """

    def wait() -> None:
        time.sleep(seconds)
        left = [str(getattr(task.get_coro(), "__qualname__", "")) for task in asyncio.all_tasks(loop)] if loop else []
        log.error("process.ended_by_force", seconds=seconds, unfinished=sorted(left))
        os._exit(1)

    threading.Thread(target=wait, name="deadline", daemon=True).start()


class Child:
    """One program that is kept running: started again, with growing pauses, when it dies."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        lifeline: Lifeline,
        log: Path,
        *,
        env: Mapping[str, str] | None = None,
        pass_fds: Sequence[int] = (),
        patience: int = 5,
        stop_seconds: float = STOP_SECONDS + 1,
    ) -> None:
        self.name = name
        self.restarts = 0
        self._command = list(command)
        self._lifeline = lifeline
        self._log = log
        self._env = dict(env or {})
        self._fds = tuple(pass_fds)
        self._patience = patience
        self._stop_seconds = stop_seconds
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        running = self._process is not None and self._process.returncode is None
        return self._process.pid if running and self._process else None

    async def keep(self) -> None:
        """Run the program until cancelled, then stop it; raise GaveUp after `patience` quick deaths in a row."""
        quick_deaths = 0
        try:
            while True:
                began = time.monotonic()
                code = await self._run_once()
                lived = time.monotonic() - began
                quick_deaths = 0 if lived > 30 else quick_deaths + 1
                if quick_deaths >= self._patience:
                    raise GaveUp(
                        f"The {self.name} ended {quick_deaths} times in a row (code {code}). "
                        f"The end of {self._log}:\n{tail(self._log)}"
                    )
                self.restarts += 1
                await asyncio.sleep(min(0.1 * 2 ** (quick_deaths - 1), 5.0) if quick_deaths else 0)
        finally:
            await self._stop()

    async def _run_once(self) -> int:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        if self._log.exists() and self._log.stat().st_size > 20 * _MEGABYTE:
            self._log.replace(self._log.with_suffix(".old.log"))
        with self._log.open("ab") as out:
            self._process = await asyncio.create_subprocess_exec(
                *self._command,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                env={**os.environ, **self._env, _VARIABLE: str(self._lifeline.reading)},
                pass_fds=(self._lifeline.reading, *self._fds),
                start_new_session=True,
            )
        return await self._process.wait()

    async def _stop(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(self._stop_seconds):
                await process.wait()
        except TimeoutError:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


def tail(log: Path, lines: int = 12) -> str:
    """Return the last lines of a log, indented."""
    try:
        text = log.read_bytes()[-20_000:].decode(errors="replace")
    except OSError:
        return "  (no log)"
    return "\n".join(f"  | {line[:300]}" for line in text.splitlines()[-lines:])


def python(*words: str) -> list[str]:
    """Return the command of a module of ours in this interpreter."""
    return [sys.executable, "-m", *words]
