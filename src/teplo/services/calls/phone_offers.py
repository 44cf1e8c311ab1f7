"""What is offered without a line to agents who work by phone: it rings, and answering accepts.

A callback's call takes the phone over. A spoken message is played on it; a call out of the message takes it over, too,
and gives it back where nobody was reached.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ...domain.contact import Contact
from ...domain.events import CallbackFailed, ContactOffered, OfferAccepted
from ...storage import callbacks, voicemails
from .house import House
from .looking import keep_looking
from .message_phone import UNREACHED, MessageOnPhone
from .phone_leg import PhoneLeg


@dataclass(slots=True)
class _Rung:
    offer: str
    leg: PhoneLeg
    again: bool = False
    """The message was accepted before this worker had anything to do with it."""
    heard: MessageOnPhone | None = None
    task: asyncio.Task[None] | None = None
    notice: str | None = None
    """The prompt that is said first, in place of the message."""

    def quiet(self) -> None:
        """Play the message no longer."""
        if self.task is not None:
            self.task.cancel()
        self.heard = self.task = None

    def close(self) -> None:
        """Stop ringing or hang up."""
        self.quiet()
        self.leg.close()


class PhoneOffers:
    """The phones that this worker rings for what has no line. `run` must be running.

    Of an offered call its own worker rings the phone; here nobody is on the line, so the workers agree by a row. What a
    killed worker rang or played is taken over: the phone is called again.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._rung: dict[str, _Rung] = {}
        self._wake = asyncio.Event()

    @property
    def busy(self) -> bool:
        """Whether a phone rings or a message is heard."""
        return bool(self._rung)

    def heard(self, event: object) -> None:
        """Something was offered or accepted, or nobody was reached: look at once."""
        if isinstance(event, ContactOffered | OfferAccepted | CallbackFailed):
            self._wake.set()

    def has(self, contact: Contact) -> bool:
        """Whether the phone of the contact's agent rings or talks here."""
        rung = self._rung.get(contact.id)
        return rung is not None and rung.offer == offer_of(contact)

    def take(self, contact: Contact) -> PhoneLeg | None:
        """Give the phone of the contact's agent to the call; it rings or talks already."""
        if not self.has(contact):
            return None
        rung = self._rung.pop(contact.id)
        rung.quiet()
        return rung.leg

    def give_back(self, contact: Contact, leg: PhoneLeg) -> None:
        """A call out of a message has reached nobody: its agent hears so and chooses again."""
        leg.move(self._wake.set, self._keys_of(contact.id), _NoTalk())
        self._rung[contact.id] = _Rung(offer_of(contact), leg, again=True, notice=UNREACHED)
        self._wake.set()

    async def run(self) -> None:
        """Ring what is offered and stop what is offered no more; for ever."""
        await keep_looking(self._wake, self._look)

    def _stop(self) -> list[str]:
        """Stop what has no reason any more; return the offers that were accepted at a desk."""
        elsewhere = []
        for id, rung in list(self._rung.items()):
            found = self._house.feed.floor.contacts.get(id)
            if found is None or offer_of(found) != rung.offer or not _wanted(found, rung):
                del self._rung[id]
                rung.close()
                if found is not None and found.state == "talking" and found.absent:
                    elsewhere.append(rung.offer)
        return elsewhere

    async def _look(self, group: asyncio.TaskGroup) -> None:
        if elsewhere := self._stop():
            async with self._house.db.transaction() as conn:
                await callbacks.rings_nowhere(conn, elsewhere)
        for id, contact in list(self._house.feed.floor.contacts.items()):
            rung = self._rung.get(id)
            if rung is not None:
                self._play(group, contact, rung)
            elif self._house.draining:
                continue
            elif (contact.callback_zone is not None or contact.absent) and contact.state in ("offered", "talking"):
                await self._ring(group, contact)

    async def _ring(self, group: asyncio.TaskGroup, contact: Contact) -> None:
        """Call the agent's phone, unless somebody does; in the talk only where the worker that had it is gone."""
        house, offer, talks = self._house, offer_of(contact), contact.state == "talking"
        phone = house.phones.of(contact.agent)
        if phone is None:
            return
        async with house.db.transaction() as conn:
            if not await (callbacks.take_over if talks else callbacks.ring)(conn, offer, house.node):
                return
            if contact.absent:
                called = await voicemails.called(conn, contact.id)
            else:
                wish = await callbacks.get(conn, contact.id)
                called = wish.called if wish else ""
        keys = self._keys_of(contact.id)
        leg = PhoneLeg(house, contact, phone, called, self._wake.set, keys, _NoTalk())
        self._rung[contact.id] = _Rung(offer, leg, again=talks)
        leg.begin(group)

    def _play(self, group: asyncio.TaskGroup, contact: Contact, rung: _Rung) -> None:
        """Play the message where it is heard, from its beginning on a phone that was lost and called again."""
        audio = rung.leg.leg
        if not contact.absent or contact.state != "talking":
            return
        if rung.task is not None and rung.task.done():  # it was to be called, and that came to nothing
            rung.notice = UNREACHED
            rung.quiet()
        if rung.heard is not None and rung.heard.audio is not audio:
            rung.quiet()
        if rung.heard is None and audio is not None:
            rung.heard = MessageOnPhone(self._house, contact.id, rung.leg, audio)
            notice, rung.notice = rung.notice, None
            rung.task = group.create_task(rung.heard.run(notice))

    def _keys_of(self, contact: str) -> Callable[[str], None]:
        """Keys of the phone are for the message that is being heard; before that nobody is on the line."""

        def pressed(key: str) -> None:
            rung = self._rung.get(contact)
            if rung is not None and rung.heard is not None:
                rung.heard.pressed(key)

        return pressed


def offer_of(contact: Contact) -> str:
    """Return the id of the offer by which a contact came to its agent, also after it was accepted."""
    return contact.offer or f"{contact.id}:{contact.offers}"


def _wanted(contact: Contact, rung: _Rung) -> bool:
    """Whether the phone rings or speaks with reason: who accepted a message at the desk hears it there."""
    if contact.state == "talking":
        return contact.absent and contact.agent == rung.leg.agent and (rung.again or rung.leg.lifted_once)
    return contact.state in ("offered", "dialling")


class _NoTalk:
    """Nobody can be asked into a talk that has not begun."""

    def act(self, kind: str, agent: str, body: dict[str, Any]) -> None:
        """There is nothing to do it to."""

    @property
    def handed_outside(self) -> bool:
        """There is no talk yet."""
        return False

    async def joined(self, guest: str) -> bool:
        """Nobody comes."""
        return False
