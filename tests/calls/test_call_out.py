"""An agent calls a subscriber from the desk: real SIP both ways, a browser's end at the desk, real processes."""

import asyncio
import signal
from typing import Any
from uuid import uuid4

import pytest

from teplo.simulator.desk import DeskClient
from teplo.simulator.phone import Phones
from teplo.simulator.wire import ApiError

from .conftest import Centre
from .people import AgentTab, Ear, tone, until
from .test_call import AGENT, CALLER, desk_of
from .test_callback import change, rings

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def calls_go_to(centre: Centre, phones: Phones) -> None:
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss:
        await change(boss, "trunk/local", route=f"sip:127.0.0.1:{phones.endpoint.transports.ports['UDP']}")


async def calls_out(desk: DeskClient, to: dict[str, str], id: str | None = None, **more: Any) -> str:
    id = id or str(uuid4())
    await desk.call("POST", "/calls/out", {"id": id, "to": to, "anyway": True, **more})
    return id


async def outcome(desk: DeskClient, contact: str) -> Any:
    return (await desk.call("GET", f"/calls/out/{contact}")).json()["outcome"]


async def test_an_agent_calls_out_hears_it_ring_and_talks(centre: Centre, phones: Phones) -> None:
    await calls_go_to(centre, phones)
    async with desk_of(centre, "agent1") as desk, asyncio.TaskGroup() as group:
        with pytest.raises(ApiError) as refused:
            await calls_out(desk, {"number": "+442079460001"})
        assert refused.value.code == "dial.not_allowed" and not desk.work

        contact = await calls_out(desk, {"number": "8 974 800-77-01"})
        await calls_out(desk, {"number": "8 974 800-77-01"}, contact)  # a retry
        with pytest.raises(ApiError) as refused:
            await calls_out(desk, {"number": "+79748007702"})
        assert refused.value.code == "dial.busy"
        ringing = await rings(phones)
        row = desk.work[contact]
        assert (row["state"], row["outgoing"], row["number"]) == ("dialling", True, "+79748007701")
        ringing.refuse(486)
        await until(lambda: contact not in desk.work, "the agent is free at once")
        assert await outcome(desk, contact) == "busy"

        again = await calls_out(desk, {"contact": contact})  # the number is not told to anybody
        ringing = await rings(phones)
        assert ringing.number == "+79748007701"
        tab = AgentTab(desk, again, "tab", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await until(lambda: tab.ear.hears(425) and tab.state.get("line") == "ringing", "the agent hears that it rings")
        call = await ringing.answer()
        ear = Ear()
        call.listen(ear.frame)
        call.say(tone(CALLER), loop=True)
        await until(lambda: tab.ear.hears(CALLER), "the subscriber is heard at once, during the notice")
        await until(lambda: ear.hears(AGENT) and desk.work[again]["state"] == "talking", "both hear each other")
        await until(lambda: tab.state.get("recording") == "on", "recording")
        await tab.act("hold")
        await until(lambda: not ear.hears(AGENT) and tab.state["held"], "hold")
        await tab.act("resume")
        await until(lambda: ear.hears(AGENT), "the talk goes on")
        await desk.end(again)
        await until(call.over.is_set, "nobody is asked for a grade")
        talking.cancel()
        await desk.dispose(again, ["BAL.01"], "resolved")
        record = await desk.record(again)
    kinds = [event["kind"] for event in record["events"]]
    assert kinds[:3] == ["contact.arrived", "outgoing.dialled", "offer.accepted"] and record["direction"] == "out"
    assert record["ended_by"] == "agent" and record["outcome"] == "resolved"


async def test_a_call_out_is_cancelled_and_killed_processes_leave_nobody_stuck(
    own_centre: Centre, phones: Phones
) -> None:
    await calls_go_to(own_centre, phones)
    async with desk_of(own_centre, "agent1", patience=40) as desk:
        contact = await calls_out(desk, {"number": "+79748007703"})
        ringing = await rings(phones)
        await desk.end(contact)
        await until(ringing.over.is_set, "the phone stops ringing")
        assert await outcome(desk, contact) == "cancelled"

        contact = await calls_out(desk, {"number": "+79748007705"})
        ringing = await rings(phones)
        await until(lambda: contact in desk.work, "the desk shows the call")
        own_centre.kill_server()
        ringing.refuse(480)  # while nobody decides
        own_centre.start_server()
        await until(lambda: desk.live.connected and contact not in desk.work, "the outcome is known afterwards")
        assert await outcome(desk, contact) == "no_answer"

        contact = await calls_out(desk, {"number": "+79748007704"})
        await rings(phones)
        await until(lambda: contact in desk.work, "the desk shows the call")
        own_centre.voice.send_signal(signal.SIGKILL)
        own_centre.voice.wait()
        own_centre.start_voice()
        await until(lambda: contact not in desk.work, "the agent is free")
        assert await outcome(desk, contact) == "worker_lost" and phones.rings.empty()
