"""Calls from the widget: a visitor's page and the voice worker that carries the call, brought together.

Audio never passes here, only session descriptions and wishes. The way to the worker is the inbox, the way back is
NOTIFY; a word that is lost while the database is away is made good by the page, which joins again.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import orjson
import structlog
from uuid_utils import uuid7

from ..domain.errors import Conflict, NotFound, TooMany
from ..storage import browser_calls, calls, config, inbox, threads
from ..storage.browser_calls import BrowserCall
from ..storage.db import Connection, Database, Unavailable
from .chat import Chat
from .directory import Entry
from .intake import normalised_number

log = structlog.get_logger()

SEEN: Final = 3.0
"""Seconds after which a worker that was not seen gets no call."""

Show = Callable[[dict[str, Any]], None]
"""Hands a word of the worker to a socket; must neither block nor raise."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page says of its call: a secret of its own, its language, who calls, and the visitor's chat, if any."""

    token_hash: bytes
    entry: Entry
    language: str
    number: str | None
    thread: threads.Thread | None


class BrowserCalls:
    """The exchange between the pages of this process and the voice workers. `run` must be running."""

    def __init__(self, db: Database, chat: Chat, node: str) -> None:
        self._db = db
        self._chat = chat
        self._node = node
        self._shown: dict[str, set[Show]] = {}
        self.listening = asyncio.Event()

    async def find(self, token_hash: bytes) -> BrowserCall | None:
        """Return the call of a page, also one that is over."""
        async with self._db.connection() as conn:
            return await browser_calls.by_token(conn, token_hash)

    async def begin(self, asked: Asked, id: str, page: str) -> None:
        """Give a new call to the least loaded worker; `page` is the socket that asked.

        Refusals: call.no_line (this page has none), call.no_worker, rate.calls (too many from browsers run now),
        call.begun (this token has a call), chat.number.
        """
        called = await self._chat.directory.number_of_line(asked.entry.line)
        if called is None:
            raise NotFound("call.no_line")
        thread = asked.thread
        given = normalised_number(asked.number) if asked.number else None
        most = self._chat.rates.calls_at_once
        async with self._db.transaction() as conn:
            if most and await browser_calls.running(conn) >= most:
                raise TooMany("rate.calls", retry_after=30)
            node = await calls.least_loaded(conn, SEEN)
            if node is None:
                raise Conflict("call.no_worker")
            number, subscriber, region = await self._who(conn, asked, given)
            begun = await browser_calls.begin(
                conn,
                id=id,
                node=node,
                entry=asked.entry.id,
                called=called,
                number=number,
                subscriber=subscriber,
                region=region,
                language=asked.language,
                thread=thread.id if thread else None,
                token_hash=asked.token_hash,
            )
            if not begun:
                raise Conflict("call.begun")
            await self._put(conn, node, "browser_call", {"call": id, "page": page})
        log.info("call.from_browser", call_id=id, entry=asked.entry.id)

    async def signal(self, call: str, signal: dict[str, Any]) -> str | None:
        """Hand a page's word to the worker; return why the call is over, None while it is carried."""
        async with self._db.transaction() as conn:
            found = await browser_calls.get(conn, call)
            if found is None or not found.carried:
                return (found.end_reason if found else None) or "worker_lost"
            await self._put(conn, found.node, "browser_signal", {"call": call, "signal": signal})
        return None

    async def over(self, call: str) -> str | None:
        """Return why a call is over; None while a worker carries it."""
        async with self._db.connection() as conn:
            found = await browser_calls.get(conn, call)
        if found is not None and found.carried:
            return None
        return (found.end_reason if found else None) or "worker_lost"

    def watch(self, call: str, show: Show) -> Callable[[], None]:
        """Show what the worker says about a call; return what ends that."""
        self._shown.setdefault(call, set()).add(show)

        def leave() -> None:
            here = self._shown.get(call, set())
            here.discard(show)
            if not here:
                self._shown.pop(call, None)

        return leave

    async def run(self) -> None:
        """Hand the workers' words to the sockets; for ever."""
        while True:
            try:
                ears = await self._db.dedicated("callers")
                try:
                    await ears.execute(f"listen {browser_calls.CHANNEL}".encode())
                    self.listening.set()
                    async for note in ears.notifies():
                        told = orjson.loads(note.payload)
                        for show in tuple(self._shown.get(told["call"], ())):
                            show(told["signal"])
                finally:
                    self.listening.clear()
                    await ears.close()
            except Unavailable as problem:
                log.warning("callers.database_away", error=str(problem).split("\n")[0])
                await asyncio.sleep(0.2)

    async def _who(
        self, conn: Connection, asked: Asked, given: str | None
    ) -> tuple[str | None, str | None, str | None]:
        """Return (number, subscriber, region): by the number given now, else by what the visitor said in the chat."""
        thread = asked.thread
        if given is None:
            if thread is None:
                return None, None, None
            known = await threads.number_of(conn, thread.subscriber) if thread.subscriber else None
            return known, thread.subscriber, thread.region
        region = await config.region_of_number(conn, given)
        found = await threads.find_subscriber(
            conn, id=str(uuid7()), number=given, name=None, language=asked.language, region=region
        )
        return given, *found

    async def _put(self, conn: Connection, node: str, kind: str, body: dict[str, Any]) -> None:
        await inbox.put(conn, [inbox.Command(str(uuid7()), self._node, kind, body)], calls.recipient(node))
