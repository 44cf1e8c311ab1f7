"""A simulated person hears when it is time to speak."""

import asyncio

import numpy as np

from teplo.channels.voice import prompts
from teplo.channels.voice.media.leg import Sound
from teplo.simulator.hearing import Hearing
from teplo.simulator.voices import AGENT, MATTERS, REPLIES, voice


def hear(*sounds: Sound) -> Hearing:
    hearing = Hearing()
    for frame in Sound.join(sounds).frames:
        hearing.push(frame)
    return hearing


async def turned(hearing: Hearing) -> bool:
    return await hearing.turn(0.01)


def test_music_and_announcements_are_waited_through_and_the_quiet_after_them_is_a_person() -> None:
    async def story() -> None:
        queue = [prompts.music(), *prompts.wait_announcement("ru", 2, 60, 120), prompts.music()]
        assert not await turned(hear(*queue))
        assert await turned(hear(*queue, Sound.silence(0.8)))

    asyncio.run(story())


def test_a_sentence_is_heard_to_its_end_and_silence_alone_is_no_turn() -> None:
    async def story() -> None:
        for name in (*AGENT, *MATTERS, *REPLIES, "yes"):
            assert not await turned(hear(voice(name))), name
            heard = hear(voice(name), Sound.silence(0.8))
            assert await turned(heard), name
            assert not await turned(heard), f"{name} counted twice"
        assert not await turned(hear(Sound.silence(5)))
        assert not await turned(hear(Sound(np.full(160 * 3, 9000, dtype=np.int16)), Sound.silence(2))), "a click"

    asyncio.run(story())
