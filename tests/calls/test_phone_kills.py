"""What is killed while the phone of an agent without a desk rings: no caller is lost, no phone rings for ever."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from teplo.simulator.desk import DeskClient
from teplo.simulator.desk_phone import DeskPhone
from teplo.simulator.phone import Phones

from .conftest import Centre
from .people import nightly, until
from .test_call import AGENT, CALLER, calls
from .test_callback import asks_to_be_called, callbacks_are_offered, change, dials, rings, row
from .test_phone import lifted, phones_at

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

OFFERS = """select count(*) from event e join call c on c.contact = e.contact
    where e.kind = 'contact.offered' and c.number = %s"""
PRESENCE = """select body->>'presence', body->>'reason' from event where kind = 'agent.presence' and agent = %s
    order by seq desc limit 1"""


class Alone:
    """An agent on line by code, who has a phone and no desk."""

    def __init__(self, centre: Centre, phone: DeskPhone, agent: str) -> None:
        self.centre, self.phone, self.agent = centre, phone, agent

    def presence(self) -> Any:
        """The presence now, with its reason."""
        return row(self.centre, PRESENCE, self.agent)

    async def dial(self, code: str, presence: str) -> None:
        """Declare a presence by its code."""
        call = await self.phone.dial(code)
        await until(call.over.is_set, "the worker has done it and hangs up")
        await until(lambda: (self.presence() or (None,))[0] == presence, presence)


@asynccontextmanager
async def alone(centre: Centre, offer_seconds: int | None = None) -> AsyncIterator[Alone]:
    """`offer_seconds`: how long offers of the queues in use last, whatever the machine does meanwhile."""
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss:
        for queue in ("voice-general", "voice-money") if offer_seconds else ():
            await change(boss, f"queue/{queue}", offer_seconds=offer_seconds)
    async with phones_at(centre) as make:
        async with DeskClient(centre.served.address, "agent1", centre.served.password, topics=()) as desk:
            made = Alone(centre, await make(desk), desk.session["person"]["id"])
        await made.dial("*1", "available")
        yield made


async def test_a_call_is_answered_while_nobody_decides(own_centre: Centre, phones: Phones) -> None:
    async with alone(own_centre, 90) as agent:
        call, subscriber = await calls(phones, own_centre, "+79748009201")
        await until(lambda: agent.phone.ringing, "the phone rings")
        own_centre.kill_server()
        _, ear = await lifted(agent.phone)
        assert not call.over.is_set()
        own_centre.start_server()
        await until(lambda: subscriber.hears(AGENT) and ear.hears(CALLER), "the answer counts when it is back", 60)
        call.hang_up()


async def test_who_gives_up_while_nobody_decides_stops_the_phone_and_leaves_the_agent_free(
    own_centre: Centre, phones: Phones
) -> None:
    async with alone(own_centre, 90) as agent:
        call, _ = await calls(phones, own_centre, "+79748009202")
        await until(lambda: agent.phone.ringing, "the phone rings")
        own_centre.kill_server()
        call.hang_up()
        await until(lambda: not agent.phone.ringing, "the phone is quiet at once")
        own_centre.start_server()
        call, subscriber = await calls(phones, own_centre, "+79748009203")
        await until(lambda: agent.phone.rings == 2, "the next caller rings", 60)
        _, ear = await lifted(agent.phone)
        await until(lambda: subscriber.hears(AGENT) and ear.hears(CALLER), "both hear each other")
        assert agent.presence()[0] == "available"
        call.hang_up()


async def test_a_callback_is_answered_while_nobody_decides(own_centre: Centre, phones: Phones) -> None:
    await callbacks_are_offered(own_centre, phones)
    contact = await asks_to_be_called(own_centre, phones, "+79748009204")
    async with alone(own_centre, 90) as agent:
        await until(lambda: agent.phone.ringing, "the phone rings")
        own_centre.kill_server()
        mine, _ = await lifted(agent.phone)
        own_centre.start_server()
        ringing = await rings(phones)
        assert ringing.number == "+79748009204" and not mine.over.is_set()
        ringing.refuse(486)
        await until(lambda: dials(own_centre, contact) == ["busy"], "the attempt is over")
        await until(mine.over.is_set, "the phone is free")


async def test_a_killed_worker_stops_no_caller_from_ringing_the_phone_again(own_centre: Centre, phones: Phones) -> None:
    number = "+79748009205"
    async with alone(own_centre, 20) as agent:
        call, _ = await calls(phones, own_centre, number)
        await until(lambda: agent.phone.ringing, "the phone rings")
        first = agent.phone.session
        assert first is not None
        own_centre.kill_voice()
        await until(lambda: first.ended, "the phone stops by itself: nobody is there to tell it", 60)
        own_centre.start_voice()
        call.hang_up()
        assert agent.presence()[0] == "available", "the offer was taken back, not missed"
        call, subscriber = await calls(phones, own_centre, number)
        await until(lambda: agent.phone.ringing, "it rings again", 60)
        _, ear = await lifted(agent.phone)
        await until(lambda: subscriber.hears(AGENT) and ear.hears(CALLER), "both hear each other")
        assert row(own_centre, OFFERS, number) == (2,)
        priority = row(
            own_centre,
            "select (body->>'priority')::float from event where kind = 'contact.arrived' order by seq desc limit 1",
        )
        assert priority[0] > 0, "the place is kept"
        call.hang_up()


@nightly
async def test_another_worker_rings_the_phone_on_for_a_callback(own_centre: Centre, phones: Phones) -> None:
    await callbacks_are_offered(own_centre, phones)
    contact = await asks_to_be_called(own_centre, phones, "+79748009206")
    async with alone(own_centre, 90) as agent:
        await until(lambda: agent.phone.ringing, "the phone rings")
        own_centre.kill_voice()
        own_centre.start_voice()
        await until(lambda: agent.phone.rings == 2, "the same offer rings at the next worker", 60)
        mine, _ = await lifted(agent.phone)
        ringing = await rings(phones)
        assert ringing.number == "+79748009206"
        ringing.refuse(486)
        await until(lambda: dials(own_centre, contact) == ["busy"], "one attempt")
        await until(mine.over.is_set, "the phone is free")
        assert agent.presence()[0] == "available"
        offers = row(own_centre, "select count(*) from event where contact = %s and kind = 'contact.offered'", contact)
        assert offers == (1,)
