"""What a call does about callbacks: offers one in the queue, takes one from the menu, leads a caller to the place."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from uuid_utils import uuid7

from ...channels.voice import prompts
from ...channels.voice.media.leg import Sound
from ...domain import estimate
from ...domain import menu_talk as talk
from ...domain.contact import Contact
from ...domain.errors import Refused
from ...storage import calls
from ...storage.db import Unavailable
from . import callback_talk, voice
from .arrival import arrival
from .callback_talk import Agreed, Wish

if TYPE_CHECKING:
    from .call import Call

log = structlog.get_logger()

T = TypeVar("T")

_OFFER_SECONDS = 5.0
_MOST_OFFERS = 3
_LOOK = 0.5
_LONGEST_LOOK = 150.0
"""Seconds for which a caller waits for the end of our own dial to the same number."""


class CallbackDesk:
    """The callbacks of one call."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._house = call.house
        self._offers = 0
        self.rejoined = False

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

    async def _put_down(self, contact: str, wish: Wish) -> Agreed:
        agreed = await callback_talk.put_down(self._house, contact, wish, self._call.caller.region)
        if agreed == "agreed":
            self._call.let_go()
        return agreed

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
        try:
            await self._promise(ending)
        except Unavailable as problem:
            log.warning("callback.not_promised", call_id=self._call.id, error=str(problem).split("\n")[0])
            await voice.say(self._call.leg, self._prompt("error"))

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
        contact = str(uuid7())
        async with self._house.db.connection() as conn:
            body = await arrival(self._house, conn, self._call.caller, contact, ending)
        agreed = await callback_talk.put_down_new(self._house, contact, wish, self._call.caller.region, body)
        if agreed == "agreed":
            self._call.let_go()
        return agreed

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
        call = self._call
        async with self._house.db.transaction() as conn:
            await calls.set_contact(conn, call.id, contact)
            command = await self._house.commands.send_in(conn, "rejoin", {"contact": contact})
        try:
            await self._house.feed.reached(await self._house.commands.result(command, timeout=30.0))
        except Refused as refused:
            log.info("callback.not_rejoined", contact_id=contact, code=refused.code)
            async with self._house.db.transaction() as conn:
                await calls.set_contact(conn, call.id, None)
            return False
        call.contact = contact
        return True

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
