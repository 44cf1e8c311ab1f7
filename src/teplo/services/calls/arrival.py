"""A caller becomes a contact: who it is, where the call goes, and whether it continues one that broke off."""

from dataclasses import dataclass

import structlog
from uuid_utils import uuid7

from ...channels.voice.sip.session import Session
from ...domain import menu_talk as talk
from ...domain.errors import Conflict, Invalid
from ...storage import calls, config, standing, threads
from ..intake import normalised_number
from .house import House

log = structlog.get_logger()

BROKEN_OFF = 300.0
"""Seconds within which the same number is led back to its place or its agent."""

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


async def recognise(house: House, session: Session) -> Caller:
    """Look the number up and write the call down. Raises Unavailable: then the call is refused before an answer."""
    number = _number(session.caller.uri.user)
    call, subscriber, region, dropped = str(uuid7()), None, None, None
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
        await calls.begin(
            conn,
            id=call,
            node=house.node,
            trunk=session.source.trunk,
            number=number,
            called=session.called.user,
            subscriber=subscriber,
            region=region,
            language="ru",
        )
    facts = talk.Facts(known=subscriber is not None, region=region)
    return Caller(call, number, subscriber, region, "ru", facts, dropped, session.called.user)


async def arrive(house: House, caller: Caller, contact: str, ending: talk.ToQueue) -> None:
    """Put the caller in the queue. Who continues a broken call keeps the head start and meets the agent first."""
    dropped = caller.dropped
    async with house.db.transaction() as conn:
        now = house.clock()
        preferred = dropped.agent if dropped else None
        preferred = preferred or await standing.preferred_agent(
            conn, contact=None, subscriber=caller.subscriber, since=now - _LAST_AGENT, now=now
        )
        await calls.set_contact(conn, caller.call, contact)
        command = await house.commands.send_in(
            conn,
            "arrive",
            {
                "contact": contact,
                "channel": "voice",
                "queue": ending.queue,
                "subscriber": caller.subscriber,
                "language": ending.language,
                "region": caller.region,
                "priority": ending.priority + (dropped.waited / 60.0 if dropped else 0.0),
                "preferred": preferred,
                "reason": ending.reason,
            },
        )
    try:
        await house.feed.reached(await house.commands.result(command))
    except Conflict as late:
        if late.code != "command.unconfirmed":
            raise
        log.warning("call.arrival_late", contact_id=contact)  # it is stored and will be decided


def _number(user: str) -> str | None:
    try:
        return normalised_number(user)
    except Invalid:
        return None  # withheld, or an extension of a PBX
