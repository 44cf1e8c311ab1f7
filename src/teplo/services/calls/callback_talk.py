"""Asking a caller where to call back, and writing it down so that nothing is lost when the line is let go."""

from dataclasses import dataclass
from typing import Literal

import structlog
from uuid_utils import uuid7

from ...channels.voice import prompts
from ...channels.voice.media.leg import Leg, Sound
from ...domain.errors import Invalid, Refused
from ...storage import callbacks, config, threads
from ...storage.callbacks import Callback
from ...storage.db import Connection
from .. import dialling
from ..intake import normalised_number
from . import setup, voice
from .arrival import Caller
from .house import House

log = structlog.get_logger()

_KEY_SECONDS = 6.0
_TRIES = 3
_MOST_DIGITS = 16

Agreed = Literal["agreed", "known", "refused"]
"""`known`: another contact of this number is to be called back already. `refused`: too late, an agent answers."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller wants: which number, and the centre's number that was dialled."""

    number: str
    called: str
    language: str


async def possible(house: House, caller: Caller) -> bool:
    """Tell whether this centre can call out at all; a caller who withholds the number may name another one."""
    return bool(await setup.ways(house.db, caller.number or "+70000000000"))


async def may_call(conn: Connection, number: str, own: str | None) -> bool:
    """Tell whether we may call this number back: the caller's own one, or one of the centre's regions.

    Either must be allowed by the rules and limits of calling out: a number that is shown to us costs nothing to forge.
    """
    if await dialling.may_call_back(conn, number) is not None:
        return False
    return number == own or await config.region_of_number(conn, number) is not None


async def ask_number(house: House, leg: Leg, caller: Caller, language: str) -> str | None:
    """Let the caller confirm the own number or enter another one; None where the caller says nothing useful."""
    async with house.db.connection() as conn:
        own = caller.number if caller.number and await may_call(conn, caller.number, caller.number) else None
    if own is not None:
        key = await _ask(leg, [prompts.prompt("callback_number", language)], "12")
        if key != "2":
            return own if key == "1" else None
    for _ in range(_TRIES):
        typed = await voice.collect(leg, [prompts.prompt("callback_enter", language)], _MOST_DIGITS, _KEY_SECONDS)
        number = _understood(typed)
        if number is None:
            await voice.say(leg, [prompts.prompt("invalid", language)])
            continue
        async with house.db.connection() as conn:
            allowed = await may_call(conn, number, caller.number)
        if not allowed:
            await voice.say(leg, [prompts.prompt("callback_not_there", language)])
            continue
        key = await _ask(leg, _read_back(typed, language), "12")
        if key == "1":
            return number
        if key is None:
            return None
    return None


async def put_down(house: House, contact: str, wish: Wish, region: str | None) -> Agreed | None:
    """Turn a waiting contact into a callback; it keeps its place. Safe to be killed at any point of it.

    May be repeated, and is to be where the floor has not decided yet (None). Raises Unavailable.
    """
    return await _put_down(house, contact, wish, region, "call_back", {"contact": contact})


async def put_down_new(
    house: House, contact: str, wish: Wish, region: str | None, arrival: dict[str, object]
) -> Agreed | None:
    """Let a contact arrive as a callback, the same way; `arrival`: the body of the command `arrive`."""
    return await _put_down(house, contact, wish, region, "arrive", arrival)


async def _put_down(
    house: House, contact: str, wish: Wish, region: str | None, kind: str, body: dict[str, object]
) -> Agreed | None:
    async with house.db.transaction() as conn:
        # The row of the subscriber orders those who ask for the same number at once.
        subscriber, there = await threads.find_subscriber(
            conn,
            id=str(uuid7()),
            number=wish.number,
            name=None,
            language=wish.language,
            region=await config.region_of_number(conn, wish.number),
        )
        known = await callbacks.open_of(conn, wish.number)
        if known is not None and known.contact != contact:
            return "known"
        there = there or region
        await callbacks.put(conn, Callback(contact, wish.number, subscriber, wish.language, there, wish.called))
        zone = await config.zone_of_region(conn, there)
        zoned = {"zone" if kind == "call_back" else "callback_zone": zone or house.zone}
        command = await house.commands.send_in(conn, kind, {**body, **zoned})
    try:
        await house.feed.reached(await house.commands.result(command, timeout=30.0))
    except Refused as refused:
        if refused.code == "command.unconfirmed":
            return None
        log.info("callback.refused", contact_id=contact, code=refused.code)
        async with house.db.transaction() as conn:
            await callbacks.drop(conn, contact)
        return "refused"
    return "agreed"


async def _ask(leg: Leg, sounds: list[Sound], allowed: str) -> str | None:
    """Ask for a key a few times; None where none of those allowed is pressed."""
    for _ in range(_TRIES):
        key = await voice.ask(leg, sounds, allowed, _KEY_SECONDS)
        if key:
            return key
    return None


def _read_back(typed: str, language: str) -> list[Sound]:
    digits = [prompts.prompt(f"n.{digit}", language) for digit in typed if digit.isdigit()]
    return [prompts.prompt("callback_entered", language), *digits, prompts.prompt("callback_right", language)]


def _understood(typed: str) -> str | None:
    try:
        return normalised_number(typed.replace("*", "+"))
    except Invalid:
        return None
