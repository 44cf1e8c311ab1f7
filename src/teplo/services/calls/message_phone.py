"""A spoken message on its agent's phone: it is played, then keys choose to call back or to hear it again."""

import asyncio
from typing import Final

import numpy as np
import structlog

from ...channels.voice import prompts
from ...channels.voice.media.leg import Leg, Sound
from ...channels.voice.media.recording_file import WAV_HEADER, Unreadable
from ...domain.errors import Refused
from ...storage.db import Unavailable
from ..recordings import Recordings
from ..voicemail import ring_back
from .house import House
from .phone_leg import PhoneLeg
from .referring import caller_at_phone

log = structlog.get_logger()

UNREACHED: Final = "message_unreached"
"""The prompt for an agent who comes back from a call that reached nobody."""
_KEY_SECONDS: Final = 10.0
_MENUS: Final = 20
"""How often the choice is spoken without a key; after that nobody is at the phone."""
_WHY: Final = {
    "voicemail.no_number": "message_no_number",
    "callback.no_more": "message_no_more",
    "callback.hours": "message_not_now",
    "dial.not_allowed": "message_not_allowed",
    "dial.limit": "message_not_allowed",
}
"""Why there is no call back, as a prompt."""


class MessageOnPhone:
    """One agent's hearing of one message, as long as this audio of the phone lasts."""

    def __init__(self, house: House, contact: str, phone: PhoneLeg, audio: Leg) -> None:
        self._house = house
        self._contact = contact
        self._phone = phone
        self.audio = audio
        self._keys: asyncio.Queue[str] = asyncio.Queue()
        self._message: list[Sound] | None = None
        self._language = "ru"

    def pressed(self, key: str) -> None:
        """Take a key of the phone."""
        self._keys.put_nowait(key)

    async def run(self, notice: str | None = None) -> None:
        """Play and ask until the subscriber is called or nobody presses anything; hanging up is the phone's own affair.

        `notice`: the prompt that is said in place of the message, which was heard before.
        """
        self._language = await self._spoken()
        said = await self._heard() if notice is None else [self._prompt(notice)]
        for _ in range(_MENUS):
            key = await self._ask([*said, self._prompt("message_keys")])
            said = []
            if key == "1":
                why = await self._ring_back()
                if why is None:
                    return  # the call takes the phone over
                said = [self._prompt(why)]
            elif key == "2":
                said = await self._heard()
        log.info("voicemail.nobody_at_phone", contact_id=self._contact, agent_id=self._phone.agent)
        await self._phone.finish()

    # --- inside -------------------------------------------------------------------------------------------------

    async def _heard(self) -> list[Sound]:
        """The message with its title; opened once, with its line of the audit, and kept for hearing it again."""
        if self._message is None:
            try:
                self._message = await self._open()
            except (Refused, Unreadable, OSError, *Unavailable) as problem:
                log.warning("voicemail.not_heard", contact_id=self._contact, why=str(problem).split("\n")[0])
                return [self._prompt("message_unheard")]
        return [self._prompt("message_agent"), *self._message]

    async def _spoken(self) -> str:
        """The language that the agent has chosen for the desk."""
        try:
            async with self._house.db.connection() as conn:
                chosen = (await caller_at_phone(conn, self._phone.agent)).language
        except (Refused, *Unavailable):
            return "ru"
        return chosen if chosen in prompts.LANGUAGES else "ru"

    async def _open(self) -> list[Sound]:
        house = self._house
        async with house.db.connection() as conn:
            caller = await caller_at_phone(conn, self._phone.agent)
        recordings = Recordings(house.db, house.feed, house.clock, house.recordings.path)
        opening = await recordings.open(caller, self._contact, "voicemail")
        reading = await recordings.audio(caller, self._contact, opening.token, "voicemail")
        try:
            sound = await asyncio.to_thread(reading.read, WAV_HEADER, reading.samples_size)
        finally:
            reading.close()
        return [Sound(np.frombuffer(sound, dtype="<i2")[::2])]

    async def _ring_back(self) -> str | None:
        """Do what «Перезвонить» does at the desk; return the prompt that says why not, None where it rings."""
        try:
            async with self._house.db.connection() as conn:
                caller = await caller_at_phone(conn, self._phone.agent)
            await ring_back(self._house, caller, self._contact)
        except Refused as refused:
            if refused.code == "command.unconfirmed":
                return None  # it is stored and will be decided
            log.info("voicemail.no_call_back", contact_id=self._contact, code=refused.code)
            return _WHY.get(refused.code, "message_not_now")
        except Unavailable as problem:
            log.warning("voicemail.no_call_back", contact_id=self._contact, why=str(problem).split("\n")[0])
            return "message_not_now"
        return None

    async def _ask(self, sounds: list[Sound]) -> str | None:
        """Play; a key that means something interrupts, also one pressed before. None: there was none for a while."""
        whole = Sound.join(sounds)
        self.audio.play(whole)
        try:
            async with asyncio.timeout(whole.seconds + _KEY_SECONDS):
                while (key := await self._keys.get()) not in ("1", "2"):
                    pass
            return key
        except TimeoutError:
            return None
        finally:
            self.audio.stop_playing()

    def _prompt(self, name: str) -> Sound:
        return prompts.prompt(name, self._language)
