"""Callbacks offered to agents who work by phone: it rings, answering accepts, and the call takes the phone over."""

import asyncio
from dataclasses import dataclass
from typing import Any

from ...domain.contact import Contact
from ...domain.events import ContactOffered
from ...storage import callbacks
from .house import House
from .looking import keep_looking
from .phone_leg import PhoneLeg


@dataclass(frozen=True, slots=True)
class _Rung:
    offer: str
    leg: PhoneLeg


class PhoneOffers:
    """The phones that this worker rings for callbacks. `run` must be running.

    Of an offered call its own worker rings the phone; of a callback nobody is on the line, so the workers agree by a
    row. The offer of a worker that is killed is taken over: the phone is called again while the offer lasts.
    """

    def __init__(self, house: House) -> None:
        self._house = house
        self._rung: dict[str, _Rung] = {}
        self._wake = asyncio.Event()

    def heard(self, event: object) -> None:
        """Something was offered: look at once."""
        if isinstance(event, ContactOffered):
            self._wake.set()

    def take(self, contact: Contact) -> PhoneLeg | None:
        """Give the phone of the contact's agent to the call; it rings or talks already."""
        rung = self._rung.pop(contact.id, None)
        return rung.leg if rung is not None and rung.offer == contact.offer else None

    async def run(self) -> None:
        """Ring what is offered and stop what is offered no more; for ever."""
        await keep_looking(self._wake, self._look)

    def _stop(self) -> None:
        for id, rung in list(self._rung.items()):
            found = self._house.feed.floor.contacts.get(id)
            if found is None or found.offer != rung.offer or found.state not in ("offered", "dialling"):
                del self._rung[id]
                rung.leg.close()

    async def _look(self, group: asyncio.TaskGroup) -> None:
        house = self._house
        self._stop()
        for id, contact in list(house.feed.floor.contacts.items()):
            if contact.state != "offered" or contact.callback_zone is None or id in self._rung:
                continue
            phone, offer = house.phones.of(contact.agent), contact.offer
            if phone is None or offer is None:
                continue
            async with house.db.transaction() as conn:
                if not await callbacks.ring(conn, offer, house.node):
                    continue
                wish = await callbacks.get(conn, id)
            leg = PhoneLeg(house, contact, phone, wish.called if wish else "", self._wake.set, _no_keys, _NoTalk())
            self._rung[id] = _Rung(offer, leg)
            leg.begin(group)


def _no_keys(digits: str) -> None:
    """Nobody is on the line yet."""


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
