"""Processes of a benchmark beside the measured ones: each answers questions over a pipe, one at a time."""

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

import uvloop

_SPAWN = multiprocessing.get_context("spawn")


class Part:
    """A process of our own. `target(pipe, *args)` runs in it; it ends when the pipe is closed or it is told to."""

    def __init__(self, target: Callable[..., None], *args: Any) -> None:
        self._pipe, there = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=target, args=(there, *args), daemon=True)
        self._process.start()
        there.close()

    async def ask(self, what: str, timeout: float = 180.0, **more: Any) -> Any:
        """Ask and wait for the answer; an error there is raised here."""
        self._pipe.send((what, more))
        async with asyncio.timeout(timeout):
            while not self._pipe.poll():
                if not self._process.is_alive():
                    raise RuntimeError(f"the process that was asked for {what!r} has ended")
                await asyncio.sleep(0.01)
        good, answer = self._pipe.recv()
        if not good:
            raise RuntimeError(f"{what}: {answer}")
        return answer

    async def stop(self, seconds: float = 15.0) -> None:
        """End the process: first it is asked, then it is killed."""
        if self._process.is_alive() and self._process.pid is not None:
            os.kill(self._process.pid, signal.SIGTERM)
        await asyncio.to_thread(self._process.join, seconds)
        if self._process.is_alive():
            self._process.kill()
            await asyncio.to_thread(self._process.join)


def answering(pipe: Connection, make: Callable[[], Any]) -> None:
    """Be a part: `make()` is an async context manager; what it gives has an async method for each question."""
    uvloop.run(_answer(pipe, make))


async def _answer(pipe: Connection, make: Callable[[], Any]) -> None:
    loop, this = asyncio.get_running_loop(), asyncio.current_task()
    assert this is not None
    loop.add_signal_handler(signal.SIGTERM, this.cancel)
    asked = asyncio.Event()
    loop.add_reader(pipe.fileno(), asked.set)
    try:
        async with make() as actor:
            while True:
                await asked.wait()
                asked.clear()
                while pipe.poll():
                    try:
                        what, more = pipe.recv()
                    except EOFError:
                        return
                    try:
                        pipe.send((True, await getattr(actor, what)(**more)))
                    except Exception as error:  # noqa: BLE001 - the border of the process: told to whoever asked
                        pipe.send((False, repr(error)))
    except asyncio.CancelledError:
        return
