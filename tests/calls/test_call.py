"""A telephone call from the first ring to the grade: real SIP and RTP, a browser's end at the desk, real processes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from teplo.channels.voice.media.recording_file import Reading
from teplo.simulator.desk import DeskClient
from teplo.simulator.phone import PhoneCall, Phones

from .conftest import Centre
from .people import AgentTab, Ear, tone, until

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

CALLER, AGENT = 500.0, 1200.0


@asynccontextmanager
async def desk_of(centre: Centre, login: str, patience: float = 0.0) -> AsyncIterator[DeskClient]:
    async with DeskClient(centre.served.address, login, centre.served.password, patience=patience) as desk:
        await desk.presence("available")
        yield desk
        await desk.presence("offline")


async def calls(
    phones: Phones,
    centre: Centre,
    number: str,
    keys: str = "",
    *,
    to: str = "612",
    secure: bool = False,
    transport: str = "UDP",
) -> tuple[PhoneCall, Ear]:
    """Call, hear that somebody answers, press keys ahead and go on speaking a tone. 611 has a menu, 612 has none."""
    call = await phones.call(centre.sip, to, number, secure=secure, transport=transport)
    ear = Ear()
    call.listen(ear.frame)
    await until(call.answered.is_set, "an answer")
    call.press(keys)
    call.say(tone(CALLER), loop=True)
    return call, ear


async def takes_to_the_end(colleague: DeskClient, contact: str, call: PhoneCall, subscriber: Ear) -> dict[str, Any]:
    """Accept who is on the line, talk, and finish when the subscriber has hung up; return what was offered."""
    offered = await colleague.wait_work("offered", timeout=40)
    assert offered["id"] == contact
    async with asyncio.TaskGroup() as group:
        tab = AgentTab(colleague, contact, "tab", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await colleague.accept(contact)
        await until(lambda: subscriber.hears(AGENT) and tab.ear.hears(CALLER), "the colleague has the talk")
        call.hang_up()
        await until(lambda: colleague.work.get(contact, {}).get("state") == "wrap_up", "wrap-up")
        talking.cancel()
        await colleague.dispose(contact, ["BAL.01"], "resolved")
    return offered


async def test_a_call_is_answered_held_recorded_and_graded(centre: Centre, phones: Phones) -> None:
    async with desk_of(centre, "agent1") as desk, asyncio.TaskGroup() as group:
        call, subscriber = await calls(phones, centre, "+79748001122", "10", to="611")
        offered = await desk.wait_work("offered", timeout=40)
        contact = offered["id"]
        tab = AgentTab(desk, contact, "first", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await desk.accept(contact)
        await until(lambda: subscriber.hears(AGENT), "the agent's tone at the subscriber")
        await until(lambda: tab.ear.hears(CALLER), "the subscriber's tone at the agent")
        await until(lambda: tab.state.get("recording") == "on", "recording")

        await tab.act("hold")
        await until(lambda: tab.state["held"] and not subscriber.hears(AGENT), "hold with music")
        await until(lambda: not tab.ear.hears(CALLER), "silence for the agent")
        await tab.act("pause_recording")
        await tab.act("resume")
        await until(lambda: tab.state["recording"] == "paused" and subscriber.hears(AGENT), "the talk goes on")
        await tab.act("resume_recording")
        await until(lambda: tab.state["recording"] == "on", "recording again")

        second = AgentTab(desk, contact, "second", AGENT)
        await second.join()  # a page loaded anew, or another tab
        again = group.create_task(second.talk())
        await until(lambda: second.ear.hears(CALLER), "the call in the second tab")
        await until(lambda: tab.moved, "the first tab is told")

        await desk.end(contact)
        await asyncio.sleep(0)
        call.leg.stop_playing()
        await until(lambda: contact not in desk.work or desk.work[contact]["state"] == "wrap_up", "wrap-up")
        await until(lambda: not subscriber.hears(AGENT), "no agent any more")
        call.press("5")
        await until(call.over.is_set, "the worker hangs up")
        talking.cancel()
        again.cancel()
        await desk.dispose(contact, ["BAL.01"], "resolved")
        record = await desk.record(contact)
        assert record["channel"] == "voice"
        facts = {event["kind"]: event["body"] for event in record["events"]}
        assert record["hold"] == pytest.approx(facts["contact.resumed"]["hold"]) and record["hold"] > 0
        assert facts["contact.ended"]["talk"] == pytest.approx(record["talk"] + record["hold"])
        await until(lambda: call.ended, "the end")
    graded = await graded_as(centre, contact)
    assert graded == 5
    await recording_is_whole(centre, contact)


async def graded_as(centre: Centre, contact: str) -> int | None:
    async with DeskClient(centre.served.address, "supervisor1", centre.served.password, topics=()) as boss:
        for _ in range(200):
            record = await boss.record(contact)
            if record["grade"] is not None:
                return int(record["grade"])
            await asyncio.sleep(0.05)
    return None


async def recording_is_whole(centre: Centre, contact: str) -> None:
    """Seconds with sound and seconds of silence are the seconds of talk, holds included."""
    import base64

    import psycopg

    with psycopg.connect(centre.served.database_url, autocommit=True) as conn:
        row = conn.execute("select path, recorded, paused from recording where contact = %s", (contact,)).fetchone()
        talk = conn.execute("select talk + hold from contact where id = %s", (contact,)).fetchone()
        key = conn.execute("select value from installation where key = 'recording_key'").fetchone()
    assert row is not None and talk is not None and key is not None
    path, recorded, paused = row
    assert paused > 0
    assert recorded + paused == pytest.approx(talk[0], abs=0.5)
    reading = Reading(centre.data / "recordings" / path, base64.b64decode(key[0]))
    assert reading.seconds == pytest.approx(recorded + paused, abs=0.05)
    reading.close()
