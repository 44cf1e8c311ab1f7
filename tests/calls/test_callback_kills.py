"""A callback whose worker is killed: the attempt counts, the next one follows, nobody is called twice."""

import asyncio
import signal
from pathlib import Path
from typing import Any

import pytest
from tests.reliability.proxy import Proxy

from teplo.simulator.desk import DeskClient
from teplo.simulator.desk_phone import DeskPhone
from teplo.simulator.phone import Phones

from .conftest import Centre, voice_beside
from .people import nightly, until
from .test_call import desk_of
from .test_callback import asks_to_be_called, callbacks_are_offered, change, dials, rings
from .test_phone import lifted, phones_at
from .test_refused import behind

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_a_killed_worker_costs_one_attempt_and_nobody_is_called_twice(own_centre: Centre, phones: Phones) -> None:
    await callbacks_are_offered(own_centre, phones)
    contact = await asks_to_be_called(own_centre, phones, "+79748005502")
    async with desk_of(own_centre, "agent1", patience=40) as desk:
        await desk.wait_work("offered", timeout=40)
        await desk.accept(contact)
        await rings(phones)
        own_centre.voice.send_signal(signal.SIGKILL)
        own_centre.voice.wait()
        own_centre.start_voice()
        await until(lambda: dials(own_centre, contact) == ["worker_lost"], "the attempt counts")
        await until(lambda: desk.works("offered"), "the next attempt")
        assert phones.rings.empty()
        await desk.accept(contact)
        again = await rings(phones)
        again.refuse(480)
        await until(lambda: dials(own_centre, contact) == ["worker_lost", "no_answer"], "the last attempt")
        record = await until_ended(own_centre, contact)
        assert phones.rings.empty()
    ended = next(event for event in record["events"] if event["kind"] == "contact.ended")
    assert (ended["body"]["reason"], ended["body"]["stage"]) == ("callback_unreached", "dialling")


async def until_ended(centre: Centre, contact: str) -> dict[str, Any]:
    async with DeskClient(centre.served.address, "supervisor1", centre.served.password, topics=()) as boss:
        for _ in range(200):
            record = await boss.record(contact)
            if record["state"] == "ended":
                return record
            await asyncio.sleep(0.05)
    raise AssertionError("the contact did not end")


@nightly
async def test_a_slow_worker_that_has_the_agents_phone_keeps_the_attempt(
    own_centre: Centre, phones: Phones, tmp_path: Path
) -> None:
    """Another worker would ring the phone once more, in the ear of the agent who has lifted it."""
    folder = tmp_path / "second"
    folder.mkdir()
    async with Proxy(own_centre.served.database_url) as network, desk_of(own_centre, "agent1", patience=40) as desk:
        await desk.presence("busy")
        await behind(own_centre, network)
        await callbacks_are_offered(own_centre, phones)
        async with DeskClient(own_centre.served.address, "admin", own_centre.served.password, topics=()) as boss:
            await change(boss, "queue/voice-money", offer_seconds=120)
        contact = await asks_to_be_called(own_centre, phones, "+79748005506")
        async with phones_at(own_centre) as phone_of:
            phone: DeskPhone = await phone_of(desk)
            await desk.presence("available")
            await until(lambda: phone.ringing, "the phone rings")
            with voice_beside(own_centre.served, folder):
                network.lose_answer_to(b"from phone_offer p")
                _, ear = await lifted(phone)
                ringing = await rings(phones)
                assert network.lost == 1 and phone.rings == 1
                await until(lambda: ear.hears(425), "the agent hears that it rings")
                ringing.refuse(480)
                await until(lambda: dials(own_centre, contact) == ["no_answer"], "one attempt")
                await desk.presence("offline")
