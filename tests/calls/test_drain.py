"""A worker that is told to stop while calls are on: it takes no new ones, and those that are there go on."""

import asyncio
import signal
import subprocess

import psycopg
import pytest

from teplo.simulator.desk_phone import DeskPhone
from teplo.simulator.phone import Phones

from .conftest import Centre
from .people import AgentTab, until
from .test_call import AGENT, CALLER, calls, desk_of
from .test_callback import asks_to_be_called, callbacks_are_offered, dials, rings, row, waiting_contact
from .test_phone import lifted, phones_at

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def started_anew(centre: Centre, monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    """Start the worker with so much time for its calls."""
    monkeypatch.setenv("TEPLO_VOICE_DRAIN_SECONDS", str(seconds))
    centre.voice.terminate()
    centre.voice.wait(20)
    await asyncio.to_thread(centre.start_voice)


async def ended(voice: "subprocess.Popen[bytes]") -> int:
    await until(lambda: voice.poll() is not None, "the worker has ended")
    return int(voice.returncode)


async def test_calls_go_on_to_their_end_and_no_new_ones_come(
    own_centre: Centre, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await started_anew(own_centre, monkeypatch, 120)
    number = "+79748009301"
    call, subscriber = await calls(phones, own_centre, number)
    await until(lambda: waiting_contact(own_centre, number), "the call waits")
    own_centre.voice.send_signal(signal.SIGTERM)
    await until(lambda: row(own_centre, "select draining from voice_node") == (True,), "the others know")

    refused = await phones.call(own_centre.sip, "612", "+79748009302")
    await until(refused.over.is_set, "a refusal")
    assert refused.ended is not None and refused.ended.status == 503

    async with desk_of(own_centre, "agent1", patience=40) as desk:  # who waits is served all the same
        await desk.presence("available")
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        async with asyncio.TaskGroup() as group:
            tab = AgentTab(desk, contact, "tab", AGENT)
            await tab.join()
            talk = group.create_task(tab.talk())
            await desk.accept(contact)
            await until(lambda: subscriber.hears(AGENT) and tab.ear.hears(CALLER), "both hear each other")
            assert own_centre.voice.poll() is None and not call.over.is_set()
            call.hang_up()
            await until(lambda: desk.works("wrap_up"), "the end of the talk")
            talk.cancel()
        tab.close()
    assert await ended(own_centre.voice) == 0
    assert row(own_centre, "select count(*) from call where ended_at is null") == (0,)
    assert row(own_centre, "select count(*) from voice_node") == (0,)


async def test_what_lasts_longer_than_the_time_is_hung_up(
    own_centre: Centre, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await started_anew(own_centre, monkeypatch, 2)
    call, _ = await calls(phones, own_centre, "+79748009303")
    own_centre.voice.send_signal(signal.SIGTERM)
    assert await ended(own_centre.voice) == 0
    await until(call.over.is_set, "the caller is told")


async def test_a_second_word_ends_at_once(own_centre: Centre, phones: Phones, monkeypatch: pytest.MonkeyPatch) -> None:
    await started_anew(own_centre, monkeypatch, 600)
    call, _ = await calls(phones, own_centre, "+79748009304")
    own_centre.voice.send_signal(signal.SIGTERM)
    await until(lambda: row(own_centre, "select draining from voice_node") == (True,), "it waits for the call")
    own_centre.voice.send_signal(signal.SIGTERM)
    assert await ended(own_centre.voice) == 0
    await until(call.over.is_set, "the caller is told")


async def test_a_worker_that_is_not_ready_yet_has_nothing_to_wait_for(
    own_centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEPLO_VOICE_DRAIN_SECONDS", "600")
    own_centre.voice.terminate()
    own_centre.voice.wait(20)
    log = own_centre.data / "voice.log"
    before = log.read_text().count("voice.ready")
    waits = "select 1 from pg_stat_activity where application_name = 'teplo-voice-vital' and wait_event_type = 'Lock'"
    with psycopg.connect(own_centre.served.database_url) as conn:
        conn.execute("lock table config_item in access exclusive mode")
        starting = asyncio.get_running_loop().run_in_executor(None, own_centre.start_voice)
        await until(lambda: row(own_centre, waits), "it reads what it needs")
        own_centre.voice.send_signal(signal.SIGTERM)
        assert await ended(own_centre.voice) == 0
        conn.rollback()
    with pytest.raises(AssertionError):
        await starting
    assert log.read_text().count("voice.ready") == before


async def test_a_callback_whose_agent_is_rung_already_is_made(
    own_centre: Centre, phones: Phones, monkeypatch: pytest.MonkeyPatch
) -> None:
    await started_anew(own_centre, monkeypatch, 120)
    await callbacks_are_offered(own_centre, phones)
    async with desk_of(own_centre, "agent1", patience=40) as desk, phones_at(own_centre) as phone_of:
        await desk.presence("busy")
        contact = await asks_to_be_called(own_centre, phones, "+79748009305")
        phone: DeskPhone = await phone_of(desk)
        await desk.presence("available")
        await until(lambda: phone.ringing, "the phone rings")
        own_centre.voice.send_signal(signal.SIGTERM)
        await until(lambda: row(own_centre, "select draining from voice_node") == (True,), "the others know")
        await lifted(phone)
        ringing = await rings(phones)
        ringing.refuse(480)
        await until(lambda: dials(own_centre, contact) == ["no_answer"], "the subscriber was called")
        assert phone.rings == 1 and await ended(own_centre.voice) == 0
