"""A spoken message rings the phone of an agent without a desk: it is heard there, keys call back or play it again."""

import asyncio

import pytest

from teplo.simulator.desk import DeskClient
from teplo.simulator.phone import Phones

from .conftest import Centre
from .people import Ear, nightly, tone, until
from .test_call import AGENT, CALLER
from .test_callback import change, dials, rings, row, told
from .test_phone import lifted
from .test_phone_kills import Alone, alone
from .test_voicemail import leaves_message, line

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

HEARD = "select count(*) from audit where action = 'recording.listened' and object_id = %s"
ENDED = "select body->>'by' from event where contact = %s and kind = 'contact.ended'"


async def message_of(centre: Centre, phones: Phones, name: str, called: str, number: str) -> str:
    """Leave a message in a queue that is closed, and open it; return the contact."""
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss:
        await line(boss, phones, name, called, name)
        contact = await leaves_message(centre, phones, called, number)
        await change(boss, f"queue/voice-{name}", hours=None)
    return contact


async def gone(agent: Alone) -> None:
    await agent.dial("*0", "offline")


async def test_it_is_heard_again_and_its_subscriber_called_back_by_keys(centre: Centre, phones: Phones) -> None:
    number = "+79748007711"
    contact = await message_of(centre, phones, "alone", "691", number)
    async with alone(centre) as agent:
        mine, ear = await lifted(agent.phone)  # answering accepts
        await until(lambda: ear.hears(CALLER), "the message")
        assert row(centre, HEARD, contact) == (1,)
        await until(lambda: not ear.hears(CALLER), "the choice")
        mine.press("2")
        await until(lambda: ear.hears(CALLER), "the message again")
        mine.press("1")  # also into the message
        ringing = await rings(phones)
        assert ringing.number == number
        await until(lambda: ear.hears(425), "the agent hears that it rings")
        ringing.refuse(486)
        await until(lambda: dials(centre, contact) == ["busy"], "the attempt is over")
        await until(lambda: told(centre, contact, "callback.failed"), "the floor knows it")
        await until(lambda: not ear.hears(425), "the choice, with the phone in hand")
        assert not mine.over.is_set()
        while phones.rings.empty():  # until the choice is heard, keys are nobody's
            mine.press("1")
            await asyncio.sleep(0.7)
        call, subscriber = await (await rings(phones)).answer(), Ear()
        call.listen(subscriber.frame)
        call.say(tone(CALLER), loop=True)
        await until(lambda: call.leg.stats().packets > 20, "the greeting")
        call.press("1")
        await until(lambda: subscriber.hears(AGENT) and ear.hears(CALLER), "both hear each other")
        mine.hang_up()
        await until(call.over.is_set, "the subscriber's call ends, too", 40)
        await until(lambda: row(centre, ENDED, contact), "the talk is over")
        assert row(centre, ENDED, contact) == ("agent",) and dials(centre, contact) == ["busy", "reached"]
        assert told(centre, contact, "wrap_up.started")
        await gone(agent)
    assert row(centre, "select count(*) from audit where action = 'voicemail.call' and object_id = %s", contact) == (2,)


async def test_hanging_up_is_the_end_of_it(centre: Centre, phones: Phones) -> None:
    first = await message_of(centre, phones, "alone-2", "692", "+79748007712")
    async with alone(centre) as agent:
        mine, ear = await lifted(agent.phone)
        await until(lambda: ear.hears(CALLER), "the message")
        mine.hang_up()
        await until(lambda: row(centre, ENDED, first), "it is over")
        assert row(centre, ENDED, first) == ("agent",) and told(centre, first, "wrap_up.started")
        assert agent.presence()[0] == "available"
        await gone(agent)

    second = await message_of(centre, phones, "alone-3", "693", "+79748007713")
    async with alone(centre) as agent:
        mine, ear = await lifted(agent.phone)
        await until(lambda: ear.hears(CALLER), "the message")
        mine.press("1")
        ringing = await rings(phones)
        mine.hang_up()  # while it rings: of both
        await until(ringing.over.is_set, "the subscriber is called no longer")
        await until(lambda: row(centre, ENDED, second), "it is over")
        assert row(centre, ENDED, second) == ("agent",)
        await gone(agent)


@nightly
async def test_an_agent_whose_worker_is_killed_hears_it_from_the_next(own_centre: Centre, phones: Phones) -> None:
    contact = await message_of(own_centre, phones, "alone-4", "694", "+79748007714")
    async with alone(own_centre) as agent:
        _, ear = await lifted(agent.phone)
        await until(lambda: ear.hears(CALLER), "the message")
        own_centre.kill_voice()
        own_centre.start_voice()
        await until(lambda: agent.phone.rings == 2, "the phone is called again", 60)
        mine, ear = await lifted(agent.phone)
        await until(lambda: ear.hears(CALLER), "the message from its beginning")
        own_centre.kill_voice()
        own_centre.start_voice()
        await until(lambda: agent.phone.rings == 3, "and again", 60)
        agent.phone.decline()
        await until(lambda: told(own_centre, contact, "contact.released"), "the message waits for somebody else")
        await until(lambda: agent.presence()[0] == "break", "who does not answer is set aside")
        mine.hang_up()
