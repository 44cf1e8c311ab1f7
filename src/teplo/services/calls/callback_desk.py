"""What a call does about callbacks: offers one in the queue, takes one from the menu, leads a caller to the place."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import structlog
from uuid_utils import uuid7

from ...channels.voice import prompts
from ...channels.voice.media.leg import Sound
from ...domain import estimate
from ...domain import menu_talk as talk
from ...domain.contact import Contact
from ...domain.errors import Refused
from ...storage import callbacks, calls
from ...storage.db import Unavailable
from . import callback_talk, voice
from .arrival import arrival
from .callback_talk import Agreed, Wish
from .patience import RETRY, patiently

if TYPE_CHECKING:
    from .call import Call

log = structlog.get_logger()

T = TypeVar("T")

_OFFER_SECONDS = 5.0
_MOST_OFFERS = 3
_LOOK = 0.5
_LONGEST_LOOK = 150.0
"""Seconds for which a caller waits for the end of our own dial to the same number."""
_PATIENCE = 60.0
"""Seconds for which a caller who asked for nothing else waits for a database that is away, before hearing so."""


class CallbackDesk:
    """The callbacks of one call."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._house = call.house
        self._offers = 0
        self.rejoined = False
        self.asked = asyncio.Event()
        """The floor has put the caller's contact down as a callback."""

    # --- in the queue -------------------------------------------------------------------------------------------

    async def offer(self, found: Contact) -> None:
        """After an announcement: offer to call back where the wait is long; on a yes the line is let go."""
        call = self._call
        if self._offers >= _MOST_OFFERS or not self._long(found) or not await callback_talk.possible(
            self._house, call.caller
        ):  # fmt: skip
            return
        self._offers += 1
        key = await voice.ask(call.leg, self._prompt("callback_offer"), "1", _OFFER_SECONDS)
        if key != "1" or not self._waiting():
            return
        number = await callback_talk.ask_number(self._house, call.leg, call.caller, call.language)
        if number is None or not self._waiting():
            return
        wish = Wish(number, call.caller.called, call.language)
        await self._finish(await self._surely(self._put_down(found.id, wish)), found.id)

    async def asked_within(self, seconds: float) -> bool:
        """Wait for so long; True as soon as the caller is to be called back."""
        try:
            async with asyncio.timeout(seconds):
                await self.asked.wait()
        except TimeoutError:
            return False
        return True

    async def asked_late(self) -> None:
        """A wish that was taken for refused was stored all the same: it holds, and nobody waits here any more."""
        await self._finish("agreed", None)

    async def _put_down(self, contact: str, wish: Wish) -> Agreed:
        self._call.music()
        agreed: Agreed = await patiently(
            self._call,
            lambda: callback_talk.put_down(self._house, contact, wish, self._call.caller.region),
            shown=lambda: self._shown(contact),
        )
        if agreed == "agreed":
            self._call.let_go()
        return agreed

    def _shown(self, contact: str) -> Agreed | None:
        """What became of a wish as far as the floor shows: an agent who talks already makes it needless."""
        found = self._house.feed.floor.contacts.get(contact)
        if found is not None and found.callback_zone is not None:
            return "agreed"
        return "refused" if found is None or found.state in ("talking", "wrap_up") else None

    def _long(self, found: Contact) -> bool:
        """Whether the wait is as long as the queue's rules say, as far as can be told: no estimate is a long wait."""
        least = self._house.feed.floor.queues[found.queue].config.callback.offer_estimate
        if least is None:
            return False
        told = estimate.range(self._house.feed.floor, found, self._house.clock())
        return told is None or told[1] >= least

    def _waiting(self) -> bool:
        found = self._house.feed.floor.contacts.get(self._call.contact or "")
        return found is not None and found.state == "waiting"

    # --- from the menu ------------------------------------------------------------------------------------------

    async def from_menu(self, ending: talk.OfferCallback) -> None:
        """The menu ends with a callback: which number, then the contact arrives and waits without a line."""
        clock = asyncio.get_running_loop().time
        until = clock() + _PATIENCE
        while True:
            try:
                await self._promise(ending)
                return
            except Unavailable as problem:
                log.warning("callback.not_promised", call_id=self._call.id, error=str(problem).split("\n")[0])
            if clock() >= until:
                await voice.say(self._call.leg, self._prompt("error"))
                return
            self._call.music()
            await asyncio.sleep(RETRY)

    async def _promise(self, ending: talk.OfferCallback) -> None:
        call = self._call
        if not await callback_talk.possible(self._house, call.caller):
            await voice.say(call.leg, self._prompt("error"))
            return
        number = await callback_talk.ask_number(self._house, call.leg, call.caller, call.language)
        if number is not None:
            await self._finish(
                await self._surely(self._arrive(ending, Wish(number, call.caller.called, call.language))), None
            )

    async def _arrive(self, ending: talk.OfferCallback, wish: Wish) -> Agreed:
        contact, call = str(uuid7()), self._call

        async def put_down() -> Agreed | None:
            async with self._house.db.connection() as conn:
                body = await arrival(self._house, conn, call.caller, contact, ending)
            return await callback_talk.put_down_new(self._house, contact, wish, call.caller.region, body)

        def arrived() -> Agreed | None:
            return "agreed" if contact in self._house.feed.floor.contacts else None

        call.music()
        return await patiently(call, put_down, shown=arrived)

    # --- who calls again ----------------------------------------------------------------------------------------

    async def rejoin(self) -> bool:
        """Lead a caller who waits to be called back to the place; False: there is none any more."""
        call, known = self._call, self._call.caller.callback
        if known is None:
            return False
        call.language = known.language
        await self._dial_over(known.contact)
        self.rejoined = await self._surely(self._take_place(known.contact))
        return self.rejoined

    async def _dial_over(self, contact: str) -> None:
        """We may be calling this very number now: it is busy, and the attempt is over in a moment."""
        leg = self._call.leg
        for _ in range(round(_LONGEST_LOOK / _LOOK)):
            found = self._house.feed.floor.contacts.get(contact)
            if found is None or found.state != "dialling":
                return
            if leg.playing is None:
                leg.play(prompts.music(), loop=True)
            await asyncio.sleep(_LOOK)

    async def _take_place(self, contact: str) -> bool:
        """Ask for the place until it is certain whether it is taken, and by this call: a number may call twice."""
        call = self._call
        asked: list[str] = []

        def decided() -> Literal["decided"] | None:
            found = self._house.feed.floor.contacts.get(contact)
            return "decided" if found is None or found.callback_zone is None else None

        async def taken_by() -> str:
            async with self._house.db.connection() as conn:
                return await callbacks.rejoined_by(conn, contact) or ""

        async def leave() -> bool:
            async with self._house.db.transaction() as conn:
                await calls.set_contact(conn, call.id, None)
            return True

        call.coming = contact
        await patiently(call, lambda: self._rejoin(contact, asked), shown=decided)
        if await patiently(call, taken_by) in asked and contact in self._house.feed.floor.contacts:
            call.join(contact)
            return True
        call.coming = None
        await patiently(call, leave)
        call.leg.stop_playing()
        return False

    async def _rejoin(self, contact: str, asked: list[str]) -> Literal["decided"] | None:
        """Ask the floor for the place; None: it has not decided yet. `asked`: the commands that did, this one too.

        Who has hung up asks no more, and only the floor's answer is waited for.
        """
        call, commands = self._call, self._house.commands
        async with self._house.db.transaction() as conn:
            if call.hung_up:
                return None if asked and await callbacks.undecided(conn, call.id, asked) else "decided"
            await calls.set_contact(conn, call.id, contact)
            command = await commands.send_in(conn, "rejoin", {"contact": contact})
            asked.append(command)
        try:
            await self._house.feed.reached(await commands.result(command, timeout=30.0))
        except Refused as refused:
            if refused.code == "command.unconfirmed":
                return None
            log.info("callback.not_rejoined", contact_id=contact, code=refused.code)
        return "decided"

    # --- inside -------------------------------------------------------------------------------------------------

    async def _finish(self, agreed: Agreed, contact: str | None) -> None:
        call = self._call
        if agreed == "refused":
            if contact is None:
                await voice.say(call.leg, self._prompt("error"))
            return
        if agreed == "known":
            if contact is not None:
                await self._end_known(contact)
            call.let_go()
        await voice.say(call.leg, self._prompt("callback_accepted" if agreed == "agreed" else "callback_known"))
        call.leave()

    async def _end_known(self, contact: str) -> None:
        """The place that counts is another one of the same number."""
        try:
            await self._house.commands.send("end", {"contact": contact, "by": "system", "reason": "callback_known"})
        except Refused as refused:
            log.info("callback.end_refused", contact_id=contact, code=refused.code)

    async def _surely(self, work: Coroutine[Any, Any, T]) -> T:
        """Finish this even where the subscriber hangs up in the middle of it."""
        return await asyncio.shield(self._call.beside(work))

    def _prompt(self, name: str) -> list[Sound]:
        return [prompts.prompt(name, self._call.language)]
