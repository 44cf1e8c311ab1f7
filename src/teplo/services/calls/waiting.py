"""What a caller in the queue is told, and how often."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import structlog

from ...channels.voice import prompts
from ...channels.voice.media.leg import Sound
from ...domain import estimate
from ...domain.contact import Contact
from ...domain.floor import Floor
from ...storage.db import Unavailable
from . import voice
from .callback_desk import CallbackDesk

if TYPE_CHECKING:
    from .call import Call

log = structlog.get_logger()

FIRST = 3.0
"""Seconds of music before the first word: who is answered at once hears none."""
_EVERY = (25.0, 35.0, 50.0)
_LAST = 70.0
_LONGEST_PLACE = 99


def pauses() -> Iterator[float]:
    """Yield the seconds of music before each announcement: often at first, then more seldom."""
    yield FIRST
    yield from _EVERY
    while True:
        yield _LAST


def announcement(floor: Floor, contact: Contact, language: str, now: float) -> Sequence[Sound]:
    """Return the place and the honest wait; nothing where the place is not known."""
    place = floor.position(contact.id)
    if not 1 <= place <= _LONGEST_PLACE:
        return ()
    low, high = estimate.range(floor, contact, now) or (0.0, 0.0)
    return prompts.wait_announcement(language, place, low, high)


async def announce(call: Call, callbacks: CallbackDesk) -> None:
    """While the caller waits: the place and the honest wait, over the music, now and then."""
    if call.caller.kept_place or callbacks.rejoined:
        await voice.say(call.leg, [prompts.prompt("place_kept", call.language)])
        call.look_again()
    for pause in pauses():
        if await callbacks.asked_within(pause):
            await callbacks.asked_late()
            return
        found = call.found
        if found is None or found.state != "waiting":
            continue
        sounds = announcement(call.house.feed.floor, found, call.language, call.house.clock())
        if sounds:
            await voice.say(call.leg, sounds)
        call.look_again()  # the music goes on
        try:
            await callbacks.offer(found)
        except Unavailable as problem:  # nothing is promised; the caller waits on
            log.warning("callback.not_offered", call_id=call.id, error=str(problem).split("\n")[0])
        call.look_again()  # the music goes on
        if call.left:
            return
