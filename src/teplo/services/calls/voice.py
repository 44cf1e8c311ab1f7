"""Speaking to a caller and hearing keys: one thing at a time."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from ...channels.voice import prompts
from ...channels.voice.media.leg import Leg, Sound
from ...clock import Clock
from ...domain import menu_talk as talk
from ...domain.menu import Menu
from ...domain.menu_walk import begin, step

Ending = talk.ToQueue | talk.TakeMessage | talk.OfferCallback | talk.HangUp


async def say(leg: Leg, sounds: Sequence[Sound]) -> None:
    """Play sounds one after the other and wait for their end."""
    over = asyncio.Event()
    leg.play(Sound.join(sounds), then=over.set)
    await over.wait()


async def ask(leg: Leg, sounds: Sequence[Sound], allowed: str, timeout: float) -> str | None:
    """Play a question that a key interrupts; return the key, "" for one that is not allowed, None for silence."""
    pressed: asyncio.Queue[str] = asyncio.Queue()
    leg.on_digit = pressed.put_nowait
    try:
        leg.play(Sound.join(sounds))
        async with asyncio.timeout(sum(sound.seconds for sound in sounds) + timeout):
            key = await pressed.get()
        return key if key in allowed else ""
    except TimeoutError:
        return None
    finally:
        leg.on_digit = None
        leg.stop_playing()


async def walk(menu: Menu, leg: Leg, facts: talk.Facts, around: talk.Around, clock: Clock) -> Ending:
    """Lead a caller through a menu; return where it ends."""
    given: asyncio.Queue[talk.Input] = asyncio.Queue()
    interruptible = False

    def pressed(key: str) -> None:
        if interruptible:
            leg.stop_playing()
        given.put_nowait(talk.Digit(key))

    leg.on_digit = pressed
    given.put_nowait(facts)
    given.put_nowait(talk.Started())
    state = begin(menu)
    try:
        while True:
            state, actions = step(menu, state, await _next(given, state.deadline, clock), clock(), around)
            for action in actions:
                match action:
                    case talk.Say():
                        interruptible = action.interruptible
                        said = partial(given.put_nowait, talk.Said(action.turn))
                        leg.play(_sound(action.parts, clock()), then=said)
                    case talk.Ask():
                        pass  # the state's deadline and the keys do it
                    case _:
                        return action
    finally:
        leg.on_digit = None


async def _next(given: asyncio.Queue[talk.Input], deadline: float | None, clock: Clock) -> talk.Input:
    if deadline is None:
        return await given.get()
    try:
        async with asyncio.timeout(max(0.0, deadline - clock())):
            return await given.get()
    except TimeoutError:
        return talk.Timeout()


def _sound(parts: Sequence[talk.Prompt | talk.Moment], now: float) -> Sound:
    sounds: list[Sound] = []
    for part in parts:
        match part:
            case talk.Prompt():
                sounds.append(prompts.prompt(part.name, part.language))
            case talk.Moment():
                zone = ZoneInfo(part.zone)
                at, today = datetime.fromtimestamp(part.at, zone), datetime.fromtimestamp(now, zone)
                sounds += prompts.moment(part.language, at, today)
    return Sound.join(sounds)
