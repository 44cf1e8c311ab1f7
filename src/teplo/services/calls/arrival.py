"""A caller becomes a contact: who it is, where the call goes, and whether it continues one that broke off."""

from dataclasses import dataclass
from typing import Any, Final

import structlog
from uuid_utils import uuid7

from ...channels.voice.sip.session import Session
from ...domain import menu_talk as talk
from ...domain.errors import Invalid, Refused
from ...storage import callbacks, calls, config, standing, threads
from ...storage.callbacks import Callback
from ...storage.db import Connection
from ..intake import normalised_number
from .house import House

log = structlog.get_logger()

BROKEN_OFF = 300.0
"""Seconds within which the same number is led back to its place or its agent."""

ROUTED_BY: Final = ("line", "menu", "hours", "region", "incident", "prompt")
"""Kinds of the configuration that decide where a call goes and what it hears."""

_LAST_AGENT = 72 * 3600.0


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, as far as the number tells."""

    call: str
    number: str | None
    subscriber: str | None
    region: str | None
    language: str
    facts: talk.Facts
    dropped: calls.Dropped | None
    called: str
    """The number that was dialled."""
    callback: Callback | None = None
    """The subscriber waits to be called back and has now called instead."""

    @property
    def kept_place(self) -> bool:
        """Whether the caller, who broke off while waiting, goes on where the place was."""
        return self.dropped is not None and self.dropped.stage in ("waiting", "offered")


class Rerouted(Exception):
    """The configuration is another one than that by which the call was routed; nothing was written down."""


async def recognise(house: House, session: Session, revision: int) -> Caller:
    """Look the number up and write the call down, which was routed by this revision of the configuration.

    Raises Rerouted, and Unavailable: then the call is refused before an answer.
    """
    number = _number(session.caller.uri.user)
    call, subscriber, region, dropped, callback = str(uuid7()), None, None, None, None
    async with house.db.transaction() as conn:
        if number is not None:
            subscriber, region = await threads.find_subscriber(
                conn,
                id=str(uuid7()),
                number=number,
                name=None,
                language="ru",
                region=await config.region_of_number(conn, number),
            )
            dropped = await calls.dropped(conn, number, BROKEN_OFF)
            callback = await callbacks.open_of(conn, number)
        now = await calls.begin(
            conn,
            id=call,
            node=house.node,
            trunk=session.source.trunk,
            number=number,
            called=session.called.user,
            subscriber=subscriber,
            region=region,
            language="ru",
            kinds=ROUTED_BY,
        )
        if now != revision:
            raise Rerouted
    facts = talk.Facts(known=subscriber is not None, region=region)
    return Caller(call, number, subscriber, region, "ru", facts, dropped, session.called.user, callback)


Ending = talk.ToQueue | talk.TakeMessage | talk.OfferCallback
"""An end of a menu from which a contact follows."""


async def arrival(house: House, conn: Connection, caller: Caller, contact: str, ending: Ending) -> dict[str, Any]:
    """Return the command `arrive`. Who continues a broken call keeps the head start and meets the agent first."""
    dropped, now = caller.dropped, house.clock()
    preferred = dropped.agent if dropped else None
    preferred = preferred or await standing.preferred_agent(
        conn, contact=None, subscriber=caller.subscriber, since=now - _LAST_AGENT, now=now
    )
    return {
        "contact": contact,
        "channel": "voice",
        "queue": ending.queue,
        "subscriber": caller.subscriber,
        "language": ending.language,
        "region": caller.region,
        "priority": ending.priority + (dropped.waited / 60.0 if dropped else 0.0),
        "preferred": preferred,
        "reason": ending.reason,
    }


async def arrive(house: House, caller: Caller, contact: str, ending: talk.ToQueue) -> str | None:
    """Put the caller in the queue; return "", or the code of the floor's refusal. Raises Unavailable.

    May be repeated, and is to be where the floor has not decided yet (None).
    """
    async with house.db.transaction() as conn:
        body = await arrival(house, conn, caller, contact, ending)
        await calls.set_contact(conn, caller.call, contact)
        command = await house.commands.send_in(conn, "arrive", body)
    try:
        await house.feed.reached(await house.commands.result(command))
    except Refused as refused:
        if refused.code == "command.unconfirmed":
            log.warning("call.arrival_late", contact_id=contact)  # it is stored and will be decided
            return None
        async with house.db.transaction() as conn:
            await calls.set_contact(conn, caller.call, None)
        return refused.code
    return ""


def _number(user: str) -> str | None:
    try:
        return normalised_number(user)
    except Invalid:
        return None  # withheld, or an extension of a PBX
