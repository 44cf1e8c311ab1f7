"""From the menu to where it ends: into a queue, a message, a callback; and what happens where a queue takes nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from uuid_utils import uuid7

from ...channels.voice import prompts
from ...domain import menu_talk as talk
from ...domain.menu import Menu, instead
from . import voice
from .arrival import arrive
from .callback_desk import CallbackDesk
from .message_stage import MessageStage, closed_until, message_for
from .patience import patiently

if TYPE_CHECKING:
    from .call import Call

log = structlog.get_logger()


async def lead(call: Call, callbacks: CallbackDesk, menu: Menu, around: talk.Around) -> bool:
    """Walk through the menu and go where it ends; True where the caller waits in a queue now."""
    ending = await voice.walk(menu, call.leg, call.caller.facts, around, call.house.clock)
    if not isinstance(ending, talk.HangUp):
        call.language = ending.language
    if isinstance(ending, talk.ToQueue) and (closed := closed_until(around, ending.queue, call.house)):
        await MessageStage(call).instead_of(message_for(ending), *closed)
    elif isinstance(ending, talk.TakeMessage):
        await MessageStage(call).take(ending)
    elif isinstance(ending, talk.OfferCallback):
        await callbacks.from_menu(ending)
    elif isinstance(ending, talk.ToQueue):
        refused = await _arrive(call, ending)
        if not refused:
            return True
        return await _not_taken(call, callbacks, menu, around, ending.queue, refused)
    return False


async def _arrive(call: Call, ending: talk.ToQueue) -> str:
    """Join the queue, as soon as the database takes that; return "", or why the floor refuses.

    The same contact again is no news.
    """
    contact = call.contact = str(uuid7())
    call.line.show("queue")
    return await patiently(
        call,
        lambda: arrive(call.house, call.caller, contact, ending),
        shown=lambda: "" if call.found is not None else None,
    )


async def _not_taken(
    call: Call, callbacks: CallbackDesk, menu: Menu, around: talk.Around, queue: str, why: str
) -> bool:
    """The queue is gone or takes no calls: where the menu gives up may be another one, else the caller is told."""
    log.error("call.not_taken", call_id=call.id, queue=queue, why=why)
    call.let_go()
    call.leg.stop_playing()
    elsewhere = instead(menu, queue, call.language)
    if elsewhere is not None:
        return await lead(call, callbacks, elsewhere, around)
    call.end_reason = why
    await voice.say(call.leg, [prompts.prompt("error", call.language)])
    return False
