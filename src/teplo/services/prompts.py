"""The centre's prompts: the shipped set, what was uploaded in its place and beside it, and uploading."""

import asyncio
import hashlib
import io
import wave
from dataclasses import dataclass
from pathlib import PurePosixPath

from ..channels.voice import prompts as shipped
from ..channels.voice.media.g711 import ALAW, RATE, Samples
from ..channels.voice.prompts import catalogue
from ..channels.voice.prompts.convert import convert
from ..domain.errors import Invalid, NotFound
from ..domain.menu_nodes import LANGUAGES
from ..storage import config, prompts
from ..storage.config import Item
from ..storage.db import Connection, Database
from .access import Caller, require
from .config_prompt import PromptBody, id_of, is_shipped, language_and_name
from .configuration import Configuration
from .texts import clean


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt of one language. `group`: phrase, fragment (of numbers and times), sound, or own.

    `default`: the shipped words, None where nothing was shipped; `own`: what plays in its place, None: the default.
    """

    language: str
    name: str
    group: str
    default: str | None
    own: Item | None


class Prompts:
    """Use cases on prompts."""

    def __init__(self, db: Database, configuration: Configuration) -> None:
        self._db = db
        self._configuration = configuration

    async def all(self, caller: Caller) -> list[Prompt]:
        """Return every prompt: phrases, own ones, sounds, fragments."""
        require(caller, "config.read")
        async with self._db.connection() as conn:
            own = {item.id: item for item in await config.items(conn, ["prompt"])}
        found: list[Prompt] = []
        for group, texts in (("phrase", catalogue.phrases), ("fragment", catalogue.fragments)):
            for language in LANGUAGES:
                for name, text in texts(language).items():
                    found.append(Prompt(language, name, group, text, own.pop(id_of(language, name), None)))
        for name in shipped.SOUNDS:
            found.append(Prompt(shipped.ANY, name, "sound", "", own.pop(id_of(shipped.ANY, name), None)))
        for id, item in own.items():
            language, name = language_and_name(id) or ("", id)
            found.append(Prompt(language, name, "own", None, item))
        return sorted(found, key=lambda one: ("own", "phrase", "sound", "fragment").index(one.group))

    async def sound(self, caller: Caller, language: str, name: str, *, default: bool, version: int | None) -> bytes:
        """Return a prompt as a WAV file (8 kHz, 16 bits): the one in force, the shipped one or an earlier version."""
        require(caller, "config.read")
        id = id_of(language, name)
        async with self._db.connection() as conn:
            item = await config.one(conn, "prompt", id) if version is None else None
            if version is not None:
                item = await config.at_version(conn, "prompt", id, version)
            own = item if item is not None and (item.active or version is not None) and not default else None
            found = await prompts.sounds(conn, [own.body["sound"]]) if own else {}
        if own is not None and own.body["sound"] in found:
            return await asyncio.to_thread(_wav, ALAW.decode(found[own.body["sound"]]))
        if version is not None or not is_shipped(language, name):
            raise NotFound("prompt.unknown", language=language, name=name)
        return await asyncio.to_thread(lambda: _wav(shipped.shipped(name, language).samples))

    async def upload(
        self,
        caller: Caller,
        language: str,
        name: str,
        data: bytes,
        file: str,
        text: str,
        *,
        version: int | None,
        comment: str = "",
    ) -> Item:
        """Play an uploaded sound (wav, ogg, mp3, flac) from the next call on; nothing is stored if it is no good.

        Raises what `convert` and `Configuration.put` raise, Invalid("prompt.name"), Invalid("prompt.text").
        """
        require(caller, "config.write")
        id = id_of(language, name)
        if language_and_name(id) is None:
            raise Invalid("prompt.name", language=language, name=name)
        words = clean(text, lines=True) or (catalogue.texts(language).get(name, "") if language in LANGUAGES else "")
        if not words and language != shipped.ANY:
            raise Invalid("prompt.text")
        made = await asyncio.to_thread(convert, data)
        sound = ALAW.encode(made.samples).tobytes()
        hash = hashlib.sha256(sound).hexdigest()
        body = {
            "text": words,
            "sound": hash,
            "seconds": round(made.seconds, 3),
            "file": clean(PurePosixPath(file.replace("\\", "/")).name)[-120:] or "file",
        }

        async def keep(conn: Connection) -> None:
            await prompts.keep(conn, hash, sound)

        return await self._configuration.put(
            caller, "prompt", id, PromptBody.model_validate(body), version=version, comment=comment, first=keep
        )


def _wav(samples: Samples) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return out.getvalue()
