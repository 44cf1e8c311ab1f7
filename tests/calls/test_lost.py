"""A caller of whom nothing comes any more: the end says that the line was lost, and who calls again comes first."""

import asyncio

import pytest

from teplo.simulator.phone import Phones

from .conftest import Centre
from .people import AgentTab, nightly, until
from .test_call import AGENT, CALLER, calls, desk_of
from .test_callback import row

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

CALL = "select end_reason from call where contact = %s"
ARRIVED = "select (body->>'priority')::float from event where contact = %s and kind = 'contact.arrived'"


@nightly
async def test_a_lost_talk_is_ended_by_the_system_and_its_caller_led_back_to_the_agent(
    centre: Centre, phones: Phones
) -> None:
    number = "+79748009611"
    async with desk_of(centre, "agent1") as desk, asyncio.TaskGroup() as group:
        call, subscriber = await calls(phones, centre, number)
        await asyncio.sleep(1)  # a wait that the caller brings along
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        tab = AgentTab(desk, contact, "tab", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await desk.accept(contact)
        await until(lambda: subscriber.hears(AGENT) and tab.ear.hears(CALLER), "both hear each other")
        call.leg.close()
        await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "the end", 60)
        talking.cancel()
        assert desk.work[contact]["end_reason"] == "subscriber_lost"
        ended = (await desk.record(contact))["events"]
        (facts,) = [event["body"] for event in ended if event["kind"] == "contact.ended"]
        assert (facts["by"], facts["reason"], facts["stage"]) == ("system", "subscriber_lost", "talking")
        await until(lambda: row(centre, CALL, contact) == ("no_media",), "the end of the call is written down")
        await desk.dispose(contact, ["BAL.01"], "resolved")

        async with desk_of(centre, "agent2"):
            again, _ = await calls(phones, centre, number)
            offered = await desk.wait_work("offered", timeout=40)
            (head_start,) = row(centre, ARRIVED, offered["id"])
            assert head_start > 0, "who was lost keeps the wait"
            again.hang_up()
            await until(lambda: offered["id"] not in desk.work, "the end")


async def test_who_hangs_up_has_ended_it(centre: Centre, phones: Phones) -> None:
    call, _ = await calls(phones, centre, "+79748009612")
    contact = await until(
        lambda: row(centre, "select contact from call where number = '+79748009612' and contact is not null"),
        "a contact",
    )
    call.hang_up()
    ended = "select body->>'by', body->>'reason' from event where contact = %s and kind = 'contact.ended'"
    assert await until(lambda: row(centre, ended, contact[0]), "the end") == ("subscriber", None)
