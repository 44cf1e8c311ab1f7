"""Chats in which the subscriber no longer answers are ended, so that they do not hold an agent's place for ever."""

import asyncio
from typing import Final

import structlog

from ..domain.errors import Refused
from ..storage import threads
from .chat import Chat

log = structlog.get_logger()

INACTIVE: Final = "inactive"
"""The reason of such an end."""

_PERIOD: Final = 30.0


class IdleChats:
    """Runs in one process of the installation; the caller sees to that."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def run(self) -> None:
        """Look every half a minute; for ever."""
        while True:
            await self.step()
            await asyncio.sleep(_PERIOD)

    async def step(self) -> int:
        """End chats whose last message is the agent's and older than the entry's `idle_minutes`; return how many."""
        chat = self._chat
        talking = [c.id for c in chat.feed.floor.contacts.values() if c.channel == "chat" and c.state == "talking"]
        if not talking:
            return 0
        async with chat.db.connection() as conn:
            last = await threads.last_message(conn, talking)
            found = await threads.of_contacts(conn, [contact for contact, author, _ in last if author == "agent"])
        now, ended = chat.clock(), 0
        for contact, author, at in last:
            thread = found.get(contact)
            if author != "agent" or thread is None:
                continue
            entry = await chat.directory.entry(thread.entry)
            minutes = entry.idle_minutes if entry else 30.0
            if minutes <= 0 or now - at < minutes * 60:
                continue
            try:
                await chat.commands.send("end", {"contact": contact, "by": "system", "reason": INACTIVE})
                ended += 1
            except Refused as refused:
                log.info("chat.idle_end_refused", contact_id=contact, code=refused.code)
        return ended
