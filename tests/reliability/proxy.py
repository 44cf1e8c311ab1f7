"""A network that can be cut: bytes go nowhere, nobody is told, and connections stay as they are."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit


class Proxy:
    """A TCP port in front of a server. `cut` holds all bytes back; `mend` lets them go on, or breaks what was open."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        assert parts.hostname and parts.port
        self._host, self._port = parts.hostname, parts.port
        self._open = asyncio.Event()
        self._open.set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._words: tuple[bytes, ...] = ()
        self.connections = 0
        self.lost = 0
        """Connections whose answers are held back by `lose_answer_to`."""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.mend(broken=True)
        self._server.close()

    def cut(self) -> None:
        """From now on nothing comes through, in neither direction."""
        self._open.clear()

    def mend(self, *, broken: bool) -> None:
        """Let everything through again. `broken`: what was connected is reset, as by a phone with a new address."""
        if broken:
            for writer in list(self._writers):
                writer.transport.abort()
        self._open.set()

    def lose_answer_to(self, *words: bytes) -> None:
        """The first connection that sends these words, one after the other, hears nothing from then on: what it has
        asked for is done, and it does not learn so.
        """
        self._words = words

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        try:
            await self._open.wait()
            far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
            self._writers.add(far_writer)
            try:
                heard = asyncio.Event()
                heard.set()
                async with asyncio.TaskGroup() as group:
                    group.create_task(self._pass(reader, far_writer, self._watch(heard)))
                    group.create_task(self._pass(far_reader, writer, heard=heard))
            finally:
                self._drop(far_writer)
        except* OSError:
            pass
        finally:
            self._drop(writer)

    async def _pass(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        seen: Callable[[bytes], None] = lambda data: None,
        heard: asyncio.Event | None = None,
    ) -> None:
        while data := await reader.read(65536):
            await self._open.wait()
            if heard is not None:
                await heard.wait()
            seen(data)
            writer.write(data)
            await writer.drain()
        raise ConnectionResetError  # one side has ended: so does the other

    def _watch(self, heard: asyncio.Event) -> Callable[[bytes], None]:
        """Watch what one connection sends for the words of `lose_answer_to`."""
        found = 0

        def seen(data: bytes) -> None:
            nonlocal found
            while self._words and found < len(self._words) and self._words[found] in data:
                found += 1
            if self._words and found == len(self._words):
                self._words = ()
                self.lost += 1
                heard.clear()

        return seen

    def _drop(self, writer: asyncio.StreamWriter) -> None:
        self._writers.discard(writer)
        writer.transport.abort()
