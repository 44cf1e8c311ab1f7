"""The smallest HTTP client that keeps connections: a general one costs more than the server that is measured."""

import asyncio
from collections import deque
from typing import Any

import orjson


class Failed(Exception):
    """The server could not be asked, or did not answer in time."""


class Answer:
    """Status, headers (names in lower case) and body."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    def json(self) -> Any:
        """The body read as JSON; an empty object when there is none."""
        return orjson.loads(self.body) if self.body else {}


class Client:
    """Requests to one address; as many connections as there are requests at a time."""

    def __init__(self, address: str) -> None:
        self._host = address.removeprefix("http://")
        name, _, port = self._host.partition(":")
        self._at = name, int(port)
        self._idle: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()

    async def request(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None, timeout: float = 30.0
    ) -> Answer:
        """Send JSON and return the answer; Failed when there is none."""
        content = b"" if body is None else orjson.dumps(body)
        lines = [f"{method} /api/v1{path} HTTP/1.1", f"Host: {self._host}", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if content:
            lines.append("Content-Type: application/json")
        try:
            async with asyncio.timeout(timeout):
                while True:
                    fresh = not self._idle
                    reader, writer = await asyncio.open_connection(*self._at) if fresh else self._idle.pop()
                    try:
                        writer.write("\r\n".join([*lines, "", ""]).encode() + content)
                        answer = await _read(reader)
                    except (OSError, asyncio.IncompleteReadError):
                        writer.close()
                        if fresh:
                            raise
                        continue  # the server had closed a connection that was not used for long
                    except BaseException:
                        writer.close()
                        raise
                    self._idle.append((reader, writer))
                    return answer
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            raise Failed(repr(error)) from error

    def close(self) -> None:
        """Close all connections."""
        for _, writer in self._idle:
            writer.close()


async def _read(reader: asyncio.StreamReader) -> Answer:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    length = int(headers.get("content-length", 0))
    return Answer(int(head[0].split()[1]), headers, await reader.readexactly(length) if length else b"")
