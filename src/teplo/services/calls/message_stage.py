"""A caller leaves a spoken message: beep, recording, thanks; it becomes a contact that waits without a line.

What is recorded is on the disk second by second, and a row says from the beep on which contact it will be: whoever
serves makes the contact if this worker is killed (`ward.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import structlog
from uuid_utils import uuid7

from ...channels.voice import prompts
from ...channels.voice.media.leg import Leg, Sound
from ...channels.voice.media.recording import Recorded
from ...channels.voice.media.speech import Speech
from ...domain import menu_talk as talk
from ...domain.contact import Contact
from ...domain.ids import QueueId
from ...domain.menu import MOST_PRIORITY
from ...domain.menu_nodes import MESSAGE_SECONDS
from ...storage import calls, recordings, voicemails
from ...storage.db import Unavailable
from ..recording_folder import place
from . import voice
from .arrival import arrival
from .ending import tell_end, tell_voicemail
from .house import House
from .patience import patiently
from .tape import Tape

if TYPE_CHECKING:
    from .call import Call

log = structlog.get_logger()

QUIET: Final = 6.0
"""Seconds without a word after which the caller has finished, or says nothing at all."""
SHORTEST: Final = 2.0
"""A message that is over sooner is none."""
_LEAST_SPEECH: Final = 0.5
_TRIES: Final = 2
_DAY: Final = 86_400.0
_MOST_OF_NUMBER: Final = 5
_MOST_WITHHELD: Final = 100
"""Messages a day of one number, and of all callers together who withhold theirs."""
_RETRY: Final = 0.5
_PATIENCE: Final = 30.0
"""Seconds for which a caller waits for a database that is away, before hearing that no message can be left."""
_WRITTEN: Final = 10.0


@dataclass(slots=True)
class Listener:
    """Decides when a message is over and whether it is one. `feed` takes the recorder's frames."""

    limit: float
    speech: Speech
    over: str | None = None
    """Why: limit, quiet, key; None while it goes on, or where the caller hung up."""

    def feed(self, stereo: bytes) -> str | None:
        """Take 20 ms; the left side is the caller."""
        self.speech.feed(np.frombuffer(stereo, dtype="<i2")[::2])
        if self.over is None and self.speech.seconds >= self.limit:
            self.over = "limit"
        elif self.over is None and self.speech.quiet >= QUIET:
            self.over = "quiet"
        return self.over

    @property
    def worth_keeping(self) -> bool:
        """Whether somebody said something."""
        return self.speech.until >= SHORTEST and self.speech.spoken >= _LEAST_SPEECH


class MessageStage:
    """The message of one call."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._house = call.house
        self._over = asyncio.Event()
        self._hung_up = False

    async def instead_of(self, ending: talk.TakeMessage, opens: float | None, zone: str) -> None:
        """The queue is closed and nobody would answer: say until when, and take a message."""
        sounds = [prompts.prompt("closed", ending.language)] if opens is not None else []
        if opens is not None:
            there = ZoneInfo(zone)
            now = datetime.fromtimestamp(self._house.clock(), there)
            sounds += prompts.moment(ending.language, datetime.fromtimestamp(opens, there), now)
        await voice.say(self._call.leg, [*sounds, *self._prompt("message_intro")])
        await self.take(ending)

    async def closed_meanwhile(self, found: Contact) -> None:
        """The queue has closed and everybody has gone home while the caller waited: a message keeps the wait."""
        call, house = self._call, self._house
        hours = house.feed.floor.queues[found.queue].config.hours
        priority = min(MOST_PRIORITY, found.own_priority + (house.clock() - found.since) / 60.0)
        ending = talk.TakeMessage(found.queue, MESSAGE_SECONDS, call.language, found.reason, priority)
        if not found.on_line:
            return  # to be called back after all
        call.music()
        while not await tell_end(house.commands, found.id, "system", "queue_closed"):
            log.warning("call.end_unheard", call_id=call.id, contact_id=found.id)
        call.let_go()
        opens = None if hours is None else hours.opens_at(house.clock())
        await self.instead_of(ending, opens, house.zone if hours is None else hours.zone)

    async def take(self, ending: talk.TakeMessage) -> None:
        """Record after the beep, and once more where nothing was said; the caller is told what became of it."""
        call = self._call
        call.line.show("message")
        try:
            too_many = await patiently(call, self._too_many, seconds=_PATIENCE)
        except Unavailable as problem:
            log.warning("voicemail.impossible", call_id=call.id, error=str(problem).split("\n")[0])
            await voice.say(call.leg, self._prompt("error"))
            return
        if too_many:
            await voice.say(call.leg, self._prompt("message_limit"))
            call.leave()
            return
        for again in range(_TRIES):
            if again:
                await voice.say(call.leg, [*self._prompt("silent"), *self._prompt("message_intro")])
            told = await self._unless_hung_up(self._try(ending))
            if told is not None:
                await voice.say(call.leg, self._prompt(told))
                return

    # --- inside -------------------------------------------------------------------------------------------------

    async def _too_many(self) -> bool:
        number = self._call.caller.number
        async with self._house.db.connection() as conn:
            found = await voicemails.recent(conn, number, _DAY)
        return found >= (_MOST_WITHHELD if number is None else _MOST_OF_NUMBER)

    async def _try(self, ending: talk.TakeMessage) -> str | None:
        try:
            return await self._one(ending)
        except Unavailable as problem:
            log.warning("voicemail.impossible", call_id=self._call.id, error=str(problem).split("\n")[0])
            return "error"

    async def _one(self, ending: talk.TakeMessage) -> str | None:
        """Take one message; return the prompt that says what became of it, None where nothing was said."""
        call, house, contact = self._call, self._house, str(uuid7())
        leg = call.leg

        async def begin() -> bool:
            async with house.db.transaction() as conn:
                body = await arrival(house, conn, call.caller, contact, ending)
                await voicemails.begin(conn, contact, call.id, body)
                await calls.set_contact(conn, call.id, contact)
            return True

        await patiently(call, begin, seconds=_PATIENCE)
        if not self._hung_up:
            await voice.say(leg, self._prompt("beep"))
        tape = Tape.begin(house, contact, leg, "voicemail")
        if tape.state == "off":
            await self._drop(contact)
            return "error"
        listener = Listener(ending.seconds, Speech())
        try:
            await self._listen(tape, leg, listener)
        except asyncio.CancelledError:  # the worker stops
            await self._keep(contact, ending.queue, await tape.end(), listener, patient=False)
            raise
        return await self._keep(contact, ending.queue, await tape.end(), listener)

    async def _listen(self, tape: Tape, leg: Leg, listener: Listener) -> None:
        def heard(stereo: bytes) -> None:
            if listener.feed(stereo) is not None:
                self._over.set()

        def pressed(key: str) -> None:
            if key == "#":
                listener.over = listener.over or "key"
                self._over.set()

        self._over.clear()
        if self._hung_up:
            return
        leg.on_digit = pressed
        tape.hear(heard)
        try:
            async with asyncio.TaskGroup() as group:
                registering = group.create_task(tape.register())
                async with asyncio.timeout(listener.limit + QUIET):  # should the mixer stand still
                    await self._over.wait()
                registering.cancel()  # the end writes it, too
        except TimeoutError:
            listener.over = listener.over or "limit"
        finally:
            leg.on_digit = None
            tape.hear(None)

    async def _keep(
        self, contact: str, queue: str, done: Recorded | None, listener: Listener, *, patient: bool = True
    ) -> str | None:
        seconds = done.recorded_s if done is not None else None
        why = listener.over or "hung_up"
        if not listener.worth_keeping:
            log.info("voicemail.empty", contact_id=contact, why=why, seconds=seconds)
            await self._drop(contact)
            return None
        log.info("voicemail.left", contact_id=contact, why=why, seconds=seconds)
        whole = await _written(done)
        while True:
            try:
                if not await tell_voicemail(self._house.db, self._house.commands, contact, seconds):
                    return "error"
                break
            except Unavailable as problem:
                log.warning("voicemail.waits", contact_id=contact, error=str(problem).split("\n")[0])
                if not patient:
                    return "error"  # whoever serves does it when the call is over
                self._call.music()
                await asyncio.sleep(_RETRY)
        if not whole:
            return "error"
        state = self._house.feed.floor.queues.get(QueueId(queue))
        return "message_taken_soon" if state is None or state.open else "message_taken"

    async def _drop(self, contact: str) -> None:
        """Nothing was said: the sound goes first, then what spoke of it."""
        await asyncio.to_thread(self._house.recordings.remove, place(contact, "voicemail"))
        try:
            async with self._house.db.transaction() as conn:
                await recordings.forget(conn, contact, "voicemail")
                await calls.set_contact(conn, self._call.id, None)
                await voicemails.drop(conn, contact)
        except Unavailable as problem:  # then somebody is asked to call back for nothing
            log.warning("voicemail.not_dropped", contact_id=contact, error=str(problem).split("\n")[0])

    async def _unless_hung_up(self, work: Coroutine[Any, Any, str | None]) -> str | None:
        """Finish what is on its way even where the caller hangs up: that only ends the message."""
        task = self._call.beside(work)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            self._hung_up = True
            self._over.set()
            raise

    def _prompt(self, name: str) -> list[Sound]:
        return [prompts.prompt(name, self._call.language)]


def closed_until(around: talk.Around, queue: str, house: House) -> tuple[float | None, str] | None:
    """Return when a queue that is closed now opens (None: never), and its zone; None where it is open."""
    hours = around.queues.get(queue)
    is_open, opens = (True, None) if hours is None else hours.state(house.clock())
    return None if hours is None or is_open else (opens, hours.zone)


def message_for(ending: talk.ToQueue) -> talk.TakeMessage:
    """Return the message that stands in for a place in a queue that is closed."""
    return talk.TakeMessage(ending.queue, MESSAGE_SECONDS, ending.language, ending.reason, ending.priority)


async def _written(done: Recorded | None) -> bool:
    """Wait until the sound is on the disk; False where it is not, or not soon."""
    if done is None or done.written is None:
        return False
    try:
        async with asyncio.timeout(_WRITTEN):
            await asyncio.wrap_future(done.written)
    except (OSError, TimeoutError) as problem:
        log.error("voicemail.not_written", error=type(problem).__name__)
        return False
    return not done.failed
