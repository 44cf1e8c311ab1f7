"""The prompts that the centre made itself, as this worker plays them."""

import asyncio

import structlog

from ...channels.voice import prompts
from ...channels.voice.media.g711 import ALAW
from ...channels.voice.media.playback import Sound
from ...storage import prompts as stored
from ...storage.db import Connection
from ..config_prompt import language_and_name

log = structlog.get_logger()


class OwnPrompts:
    """Looks whether something changed, and loads only that. No word between hosts is needed."""

    def __init__(self) -> None:
        self._one_at_a_time = asyncio.Lock()
        self._in_force: dict[str, str] = {}
        self._sounds: dict[str, Sound] = {}
        """By hash."""

    async def refresh(self, conn: Connection) -> None:
        """Play from now on what is in force in the database."""
        async with self._one_at_a_time:
            await self._refresh(conn)

    async def _refresh(self, conn: Connection) -> None:
        wanted = await stored.in_force(conn)
        if wanted == self._in_force:
            return
        missing = set(wanted.values()) - self._sounds.keys()
        loaded = await stored.sounds(conn, missing)
        made = await asyncio.to_thread(lambda: {hash: Sound(ALAW.decode(data)) for hash, data in loaded.items()})
        known = {**self._sounds, **made}
        self._sounds = {hash: known[hash] for hash in wanted.values() if hash in known}
        own: dict[tuple[str, str], Sound] = {}
        for id, hash in wanted.items():
            named = language_and_name(id)
            if named is None or hash not in self._sounds:
                log.error("voice.prompt_lost", prompt=id)  # the shipped one is played
            else:
                own[named] = self._sounds[hash]
        prompts.use(own)
        self._in_force = wanted
