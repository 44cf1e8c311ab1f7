"""Connections to PostgreSQL: a pool for use cases and single connections for listening."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from types import TracebackType
from typing import Any, Self

import orjson
import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.types.json import set_json_dumps, set_json_loads
from psycopg_pool import AsyncConnectionPool, PoolTimeout

_NETWORK = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}

Connection = psycopg.AsyncConnection[tuple[Any, ...]]
DatabaseError = psycopg.Error
Unavailable = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    psycopg.errors.ReadOnlySqlTransaction,  # a server that has just ceased to be, or is not yet, the primary one
    PoolTimeout,
)
"""What is raised when the server is away; the use case may be tried again."""
DiskFull = psycopg.errors.DiskFull
"""One of `Unavailable`: nothing can be stored until somebody makes room."""
Unacceptable = psycopg.DataError
"""What is raised for a value that no column takes."""


class _UuidText(Loader):
    def load(self, data: Buffer) -> str:
        return bytes(data).decode()


def _dumps(value: Any) -> bytes:
    return orjson.dumps(value)


async def _configure(conn: Connection) -> None:
    conn.adapters.register_loader("uuid", _UuidText)
    set_json_loads(orjson.loads, conn)
    set_json_dumps(_dumps, conn)


def _patient(url: str) -> str:
    """Add how a silent network is noticed, where the address does not say it: else a query could wait for hours."""
    given = conninfo_to_dict(url)
    return make_conninfo(url, **{name: value for name, value in _NETWORK.items() if name not in given})


def _cancellations() -> int:
    """Return how often the task that runs was asked to end."""
    task = asyncio.current_task()
    return task.cancelling() if task else 0


def _sever(conn: Connection) -> None:
    """Break a connection: whoever waits for its answer is told that the server is away.

    A cancellation would not do: psycopg asks the server to cancel and then waits for the answer to that.
    """
    with suppress(OSError, psycopg.OperationalError), socket.socket(fileno=os.dup(conn.fileno())) as held:
        held.shutdown(socket.SHUT_RDWR)


class Database:
    """A pool of connections to one database."""

    def __init__(self, url: str, *, size: int = 8, name: str = "teplo", longest: float | None = None) -> None:
        """`longest`: seconds after which a use that is not over is broken off as if the server were away; None: never.

        Whether what it had asked for is done is not known then, as after every loss of a connection.
        """
        self.url = _patient(url)
        self._name = name
        self._longest = longest
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            self.url,
            min_size=min(2, size),
            max_size=size,
            open=False,
            timeout=5.0,
            max_waiting=2000,
            reconnect_timeout=1.0,  # then each request tries anew: the pool's own pauses grow far beyond the outage
            configure=_configure,
            check=None,
            kwargs={"application_name": name, "connect_timeout": 5, "autocommit": True},
        )

    async def __aenter__(self) -> Self:
        await self._pool.open(wait=True, timeout=10.0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None
    ) -> None:
        await self._pool.close(timeout=2.0)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """Lend a connection for reading, or for one change: each statement is a transaction of its own.

        Without BEGIN and COMMIT around it a read is one round trip instead of three.
        """
        async with self._lent() as conn:
            yield conn

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """One use case, one transaction."""
        async with self._lent() as conn, conn.transaction():
            yield conn

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[Connection]:
        """A connection of the pool, or the end of the task that was cancelled while it waited for one.

        The pool takes no notice of a cancellation that comes at the same moment as the connection, and asyncio asks
        only once: a loop that lost the question would go on for ever, and with it a process that is to stop.
        """
        asked = _cancellations()
        async with self._pool.connection() as conn:
            if _cancellations() > asked:
                raise asyncio.CancelledError
            if self._longest is None:
                yield conn
                return
            breaking = asyncio.get_running_loop().call_later(self._longest, _sever, conn)
            try:
                yield conn
            finally:
                breaking.cancel()

    async def dedicated(self, name: str) -> Connection:
        """Open a connection outside the pool, in autocommit, for listening or for the journal. The caller closes it."""
        conn = await psycopg.AsyncConnection.connect(
            self.url, autocommit=True, application_name=f"{self._name}:{name}", connect_timeout=5
        )
        await _configure(conn)
        return conn
