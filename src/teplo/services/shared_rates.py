"""Limits of the chat that hold over all processes of an installation, however a proxy spreads what one sender sends.

Opening a chat and sending a file are rare and dear: one small statement counts them. Messages are stored anyway, so
those that are stored are counted, and only in a thread that is long enough to have broken the limit.
"""

import hashlib
import math
from collections.abc import Sequence

from ..clock import Clock
from ..domain.errors import TooMany
from ..storage import messages, rate_counts
from ..storage.db import Database
from ..storage.threads import Thread
from .rates import ChatRates, Limit, Rates


class SharedRates(Rates):
    """What a process refuses by its own count costs nothing; the rest is counted with the other processes."""

    def __init__(self, rates: ChatRates, db: Database, clock: Clock) -> None:
        super().__init__(rates)
        self._db = db
        self._clock = clock

    async def opening(self, address: str) -> None:
        """Count a new chat from an address; TooMany("rate.threads")."""
        self.thread(address)
        await self._spend("rate.threads", self.threads, address)

    async def uploading(self, sender: str, address: str | None = None) -> None:
        """Count a file of a thread or a person, and of a subscriber's address; TooMany("rate.files")."""
        self.file(sender, address)
        await self._spend("rate.files", self.files, sender)
        if address is not None:
            await self._spend("rate.files", self.address_files, address)

    async def writing(self, thread: Thread) -> None:
        """Count a message of a thread as it was just read; TooMany("rate.messages")."""
        self.message(thread.id)
        now = self._clock()
        for most, seconds in self.messages:
            if thread.last_seq < most:
                continue
            async with self._db.connection() as conn:
                written, first = await messages.written_since(conn, thread.id, now - seconds, most)
            if written >= most:
                _refuse("rate.messages", first + seconds - now)

    async def _spend(self, code: str, limits: Sequence[Limit], who: str) -> None:
        if not limits:
            return
        now = self._clock()
        async with self._db.connection() as conn:
            for most, seconds in limits:
                counted = hashlib.sha256(f"{code}:{seconds}:{who}".encode()).digest()
                wait = await rate_counts.hit(conn, counted, most, seconds, now)
                if wait > 0:
                    _refuse(code, wait)


def _refuse(code: str, wait: float) -> None:
    raise TooMany(code, retry_after=max(1, math.ceil(wait)))
