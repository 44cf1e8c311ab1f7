"""Which calls of ours this worker dials: those for which it has the fewest calls, and those that nobody else takes."""

import asyncio
from collections.abc import Awaitable, Callable

from uuid_utils import uuid7

from ...domain.contact import Contact
from ...domain.events import CallbackDialled, OutgoingDialled
from ...storage import callbacks, calls
from ...storage.db import Connection
from .. import dialling
from .called_back import CalledBack
from .called_out import CalledOut
from .dialled import Attempt, Dialled
from .house import House
from .looking import keep_looking
from .phone_offers import PhoneOffers, offer_of
from .ward import UNSEEN

_OTHERS_FIRST = 1.5
"""Seconds for which the least loaded worker may take an attempt first. Who has the agent's phone has it alone."""
_LEAST = 25.0
"""An attempt with fewer seconds left is not begun: the floor counts it when its deadline comes."""


class Dialer:
    """Takes attempts; `carry` leads the call of one. `run` must be running."""

    def __init__(self, house: House, offers: PhoneOffers, carry: Callable[[Dialled], Awaitable[None]]) -> None:
        self._offers = offers
        self._house = house
        self._carry = carry
        self._seen: dict[str, tuple[int, float]] = {}
        self._busy: set[str] = set()
        self._wake = asyncio.Event()

    def heard(self, event: object) -> None:
        """An agent has accepted a callback, or calls out: look at once."""
        if isinstance(event, CallbackDialled | OutgoingDialled):
            self._wake.set()

    async def run(self) -> None:
        """Take what is to be dialled; for ever."""
        await keep_looking(self._wake, self._look)

    async def _look(self, group: asyncio.TaskGroup) -> None:
        now = self._house.clock()
        open_now = {id: c for id, c in self._house.feed.floor.contacts.items() if c.state == "dialling"}
        self._seen = {id: seen for id, seen in self._seen.items() if id in open_now}
        for id, contact in open_now.items():
            number, since = self._seen.get(id, (0, now))
            if number != contact.dials:
                self._seen[id] = (contact.dials, now)
                since = now
            if id in self._busy or contact.agent is None or (contact.deadline or 0.0) - now < _LEAST:
                continue
            if self._house.draining and not self._offers.has(contact):
                continue
            rules = self._house.feed.floor.queues[contact.queue].config.callback
            attempt = Attempt(id, contact.agent, contact.dials, contact.deadline or 0.0, rules.ring_seconds)
            made = await self._take(contact, attempt, now - since >= _OTHERS_FIRST)
            if made is not None:
                self._busy.add(id)
                group.create_task(self._lead(made, id))

    async def _lead(self, call: Dialled, contact: str) -> None:
        try:
            await self._carry(call)
        finally:
            self._busy.discard(contact)

    async def _take(self, contact: Contact, attempt: Attempt, anybody: bool) -> Dialled | None:
        """Write down that this worker makes the attempt; None where another one should or does."""
        house, call = self._house, str(uuid7())
        async with house.db.transaction() as conn:
            holder = await callbacks.rings_at(conn, offer_of(contact))
            if holder is not None and holder != house.node:
                return None  # the agent's phone rings there, or is lifted: elsewhere it would ring once more
            first = holder or await calls.least_loaded(conn, UNSEEN)
            if not anybody and first is not None and first != house.node:
                return None
            wish = await callbacks.get(conn, attempt.contact)
            if wish is None or not await callbacks.claim(conn, attempt.contact, attempt.number, house.node, call):
                return None
            await calls.begin(
                conn,
                id=call,
                node=house.node,
                trunk="",
                number=wish.number,
                called=wish.called,
                subscriber=wish.subscriber,
                region=wish.region,
                language=wish.language,
            )
            await calls.set_contact(conn, call, attempt.contact)
            if not contact.outgoing:  # these were permitted when they were wished for
                not_made = await dialling.permit_call_back(conn, attempt.contact, wish.number)
                if not_made is not None:
                    await self._not_made(conn, attempt, call, not_made)
                    return None
        kind = CalledOut if contact.outgoing else CalledBack
        made: Dialled = kind(house, call, wish, attempt)
        if (leg := self._offers.take(contact)) is not None:
            made.with_phone(leg, self._offers.give_back)
        return made

    async def _not_made(self, conn: Connection, attempt: Attempt, call: str, told: dialling.NotMade) -> None:
        """Close an attempt before anybody is called; told to the floor in the same transaction."""
        await callbacks.dialled(conn, attempt.contact, attempt.number, told.why)
        await calls.end(conn, call, told.why)
        body: dict[str, object] = {"contact": attempt.contact, "attempt": attempt.number, "outcome": told.why}
        if told.after is not None:
            body["after"] = told.after
        await self._house.commands.send_in(conn, "dialled", body)
