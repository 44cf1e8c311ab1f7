"""Speaking to a caller and hearing keys: one thing at a time."""

import asyncio
import contextlib
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


_SLACK = 2.0
"""Seconds by which a sound may end late before it is taken for broken off."""


async def say(leg: Leg, sounds: Sequence[Sound]) -> None:
    """Play sounds one after the other and wait for their end, or for so long where something else takes their place."""
    over = asyncio.Event()
    whole = Sound.join(sounds)
    leg.play(whole, then=over.set)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(whole.seconds + _SLACK):
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


async def collect(leg: Leg, sounds: Sequence[Sound], most: int, timeout: float) -> str:
    """Play a question that the first key interrupts; return the digits before `#`, `most` of them or a silence."""
    pressed: asyncio.Queue[str] = asyncio.Queue()
    leg.on_digit = pressed.put_nowait
    typed = ""
    wait = sum(sound.seconds for sound in sounds) + timeout
    try:
        leg.play(Sound.join(sounds))
        while len(typed) < most:
            async with asyncio.timeout(wait):
                key = await pressed.get()
            leg.stop_playing()
            wait = timeout
            if key == "#":
                break
            typed += key
    except TimeoutError:
        pass
    finally:
        leg.on_digit = None
        leg.stop_playing()
    return typed


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
