"""Three thousand damaged packets against a real worker's sockets while a talk stands; `./teplo bench fuzz` has a million."""

import asyncio

import pytest
from tests.fuzzing.worker import DEFECTS, Thrower, resident_mb

from teplo.simulator.phone import Phones

from .conftest import Centre
from .people import AgentTab, until
from .test_call import AGENT, CALLER, calls, desk_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_a_worker_under_damaged_packets_carries_its_calls_on(centre: Centre, phones: Phones) -> None:
    async with desk_of(centre, "agent4") as desk, asyncio.TaskGroup() as group:
        call, subscriber = await calls(phones, centre, "+79748007701")
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        tab = AgentTab(desk, contact, "tab", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await desk.accept(contact)
        await until(lambda: subscriber.hears(AGENT) and tab.ear.hears(CALLER), "the talk")
        logged = (centre.data / "voice.log").stat().st_size
        thrower = Thrower(centre.sip, phones, call, tab, seed=4475)
        await thrower.throw(1_500)
        await thrower.call_once("+79748007702")
        before = resident_mb(centre.voice.pid)
        await thrower.throw(1_500)
        await thrower.call_once("+79748007702")
        assert resident_mb(centre.voice.pid) - before < 20
        await thrower.talk_goes_on(subscriber, AGENT, CALLER)
        thrower.close()
        call.hang_up()
        await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "the end is known")
        talking.cancel()
        await desk.dispose(contact, ["BAL.01"], "resolved")
        assert {200, 400, 404, 405, 481} <= set(thrower.answers) and 500 not in thrower.answers
        said = (centre.data / "voice.log").read_text()[logged:]
        assert not [word for word in DEFECTS if word in said], said[-3000:]
