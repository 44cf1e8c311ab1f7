"""A database that is away or does not answer costs a caller time, never the call, and no promise is kept twice."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from tests.reliability.proxy import Proxy

from teplo.simulator.desk import DeskClient
from teplo.simulator.desk_phone import DeskPhone
from teplo.simulator.phone import PhoneCall, Phones

from .conftest import Centre
from .people import AgentTab, Ear, nightly, until
from .test_call import AGENT, calls, desk_of, graded_as, takes_to_the_end
from .test_callback import asks_to_be_called, callbacks_are_offered, dials, rings, row, told, waiting_contact
from .test_phone import Make, lifted, phone_of
from .test_refused import behind
from .test_voicemail import LEFT, RECORDING, line

__all__ = ["phone_of"]
pytestmark = [pytest.mark.anyio, pytest.mark.slow]

WAITS = """select pid from pg_stat_activity
    where application_name = 'teplo-voice' and wait_event_type = 'Lock' and query ilike %s"""


@asynccontextmanager
async def nobody_writes(centre: Centre, table: str) -> AsyncIterator[Callable[[PhoneCall], Coroutine[Any, Any, None]]]:
    """A table takes nothing inside. What is yielded waits until the worker writes, takes its connection away, and waits
    until it tries once more: the call goes on meanwhile.
    """

    async def loses_connection(call: PhoneCall) -> None:
        writes = f"%insert into {table} %"
        (pid,) = await until(lambda: row(centre, WAITS, writes), "the worker writes")
        assert row(centre, "select pg_terminate_backend(%s)", pid) == (True,)
        again = f"{WAITS} and pid <> %s"
        await until(lambda: call.over.is_set() or row(centre, again, writes, pid), "the worker tries once more")
        assert not call.over.is_set()

    with psycopg.connect(centre.served.database_url) as conn:
        conn.execute(f"lock table {table} in exclusive mode".encode())
        yield loses_connection
        conn.rollback()


async def talks(desk: DeskClient, contact: str, call: PhoneCall, ear: Ear) -> None:
    """The agent takes a caller who is on the line, and not to be called back, to the end."""
    offered = await takes_to_the_end(desk, contact, call, ear)
    assert offered["callback"] is None


async def pressing(call: PhoneCall, work: Coroutine[Any, Any, None]) -> None:
    """Answer every question by yes until something has happened."""
    async with asyncio.TaskGroup() as group:
        happening = group.create_task(work)
        while not happening.done():
            call.press("1")
            await asyncio.wait([happening], timeout=0.7)


async def gives_up(centre: Centre, phones: Phones, number: str, contact: str) -> None:
    """Who is to be called back calls again and hangs up."""
    call, _ = await calls(phones, centre, number, to="611")
    await until(lambda: told(centre, contact, "callback.rejoined"), "the place is taken")
    call.hang_up()
    await until(lambda: told(centre, contact, "contact.ended"), "nobody is called")


async def test_who_joins_the_queue_hears_music_and_joins_when_the_database_is_back(
    centre: Centre, phones: Phones
) -> None:
    number = "+79748009401"
    async with nobody_writes(centre, "inbox") as worker_loses_connection:
        call, ear = await calls(phones, centre, number)
        await worker_loses_connection(call)
        await until(ear.hears_something, "music")
        assert not call.over.is_set()
    async with desk_of(centre, "agent1", patience=40) as desk:
        contact = await until(lambda: waiting_contact(centre, number), "the contact")
        await talks(desk, contact, call, ear)
    arrived = "select count(*) from event where kind = 'contact.arrived' and contact = %s"
    assert row(centre, arrived, contact) == (1,)


async def test_who_calls_again_is_led_to_the_place_when_the_database_is_back(centre: Centre, phones: Phones) -> None:
    number = "+79748009402"
    await callbacks_are_offered(centre, phones)
    contact = await asks_to_be_called(centre, phones, number)
    async with nobody_writes(centre, "inbox") as worker_loses_connection:
        call, ear = await calls(phones, centre, number, to="611")
        await worker_loses_connection(call)
        await until(ear.hears_something, "music")
        assert not call.over.is_set()
    await until(lambda: told(centre, contact, "callback.rejoined"), "the place is taken")
    async with desk_of(centre, "agent1", patience=40) as desk:
        await talks(desk, contact, call, ear)
    assert phones.rings.empty()


@nightly
async def test_a_place_that_was_taken_without_an_answer_is_taken(own_centre: Centre, phones: Phones) -> None:
    number = "+79748009403"
    async with Proxy(own_centre.served.database_url) as network:
        await behind(own_centre, network)
        await callbacks_are_offered(own_centre, phones)
        contact = await asks_to_be_called(own_centre, phones, number)
        network.lose_answer_to(b'"rejoin"', b"COMMIT")
        call, ear = await calls(phones, own_centre, number, to="611")
        await until(lambda: told(own_centre, contact, "callback.rejoined"), "the place is taken")
        async with desk_of(own_centre, "agent1", patience=40) as desk:
            await talks(desk, contact, call, ear)
        assert network.lost == 1
    assert row(own_centre, "select count(*) from event where kind = 'contact.arrived'") == (1,)


async def test_who_hangs_up_before_the_place_is_taken_is_called_back(centre: Centre, phones: Phones) -> None:
    number = "+79748009404"
    await callbacks_are_offered(centre, phones)
    contact = await asks_to_be_called(centre, phones, number)
    with psycopg.connect(centre.served.database_url) as conn:
        conn.execute("lock table inbox in exclusive mode")
        call, _ = await calls(phones, centre, number, to="611")
        (pid,) = await until(lambda: row(centre, WAITS, "%insert into inbox %"), "the worker asks for the place")
        call.hang_up()
        assert row(centre, "select pg_terminate_backend(%s)", pid) == (True,)
        ended = "select 1 from call where number = %s and end_reason = 'remote_bye'"
        await until(lambda: row(centre, ended, number), "the call is closed, the promise is not")
        conn.rollback()
    async with desk_of(centre, "agent1", patience=40) as desk:
        offered = await desk.wait_work("offered", timeout=40)
        assert offered["id"] == contact and offered["callback"] is not None
        await desk.accept(contact)
        (await rings(phones)).refuse(480)
        await until(lambda: dials(centre, contact) == ["no_answer"], "the subscriber was called")
    await gives_up(centre, phones, number, contact)


async def test_a_wish_that_is_not_stored_is_tried_again_with_music(centre: Centre, phones: Phones) -> None:
    number = "+79748009405"
    await callbacks_are_offered(centre, phones)
    call, ear = await calls(phones, centre, number, to="613")
    contact = await until(lambda: waiting_contact(centre, number), "the contact waits")
    async with nobody_writes(centre, "callback") as worker_loses_connection:
        await pressing(call, worker_loses_connection(call))
        await until(ear.hears_something, "music")
        assert not call.over.is_set() and not told(centre, contact, "callback.asked")
    await until(call.over.is_set, "the good-bye")
    assert told(centre, contact, "callback.asked") and not told(centre, contact, "contact.ended")
    await gives_up(centre, phones, number, contact)


async def test_a_wish_that_was_stored_without_an_answer_is_a_callback_and_no_talk(
    own_centre: Centre, phones: Phones
) -> None:
    number = "+79748009406"
    async with Proxy(own_centre.served.database_url) as network, desk_of(own_centre, "agent1", patience=40) as desk:
        await desk.presence("busy")
        await behind(own_centre, network)
        await callbacks_are_offered(own_centre, phones)
        network.lose_answer_to(b'"call_back"', b"COMMIT")
        contact = await asks_to_be_called(own_centre, phones, number)
        assert network.lost == 1
        await desk.presence("available")
        offered = await desk.wait_work("offered", timeout=40)
        assert offered["id"] == contact and offered["callback"] is not None
        await desk.accept(contact)
        (await rings(phones)).refuse(486)
        await until(lambda: dials(own_centre, contact) == ["busy"], "one call, to a free line")


async def test_a_menu_that_ends_in_a_callback_promises_it_when_the_database_is_back(
    centre: Centre, phones: Phones
) -> None:
    number = "+79748009407"
    await callbacks_are_offered(centre, phones)
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss:
        end = {"kind": "callback", "queue": "voice-money"}
        body = {"name": {"ru": "c", "en": "c"}, "menu": {"id": "c", "start": "c", "give_up": "c", "nodes": {"c": end}}}
        await boss.call("PUT", "/config/menu/c", body, headers={"If-None-Match": "*"})
        to = {"name": {"ru": "c", "en": "c"}, "numbers": ["645"], "menu": "c"}
        await boss.call("PUT", "/config/line/c", to, headers={"If-None-Match": "*"})
    async with nobody_writes(centre, "callback") as worker_loses_connection:
        call, ear = await calls(phones, centre, number, to="645")
        await pressing(call, worker_loses_connection(call))
        await until(ear.hears_something, "music")
        assert not call.over.is_set()
    await until(call.over.is_set, "the good-bye")
    (contact,) = row(centre, "select contact from callback where number = %s", number)
    assert told(centre, contact, "callback.asked")
    await gives_up(centre, phones, number, contact)


async def test_a_message_is_taken_when_the_database_is_back(centre: Centre, phones: Phones) -> None:
    number = "+79748009408"
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss:
        await line(boss, phones, "away", "646", "away")
    async with nobody_writes(centre, "voicemail") as worker_loses_connection:
        call, ear = await calls(phones, centre, number, to="646")
        await worker_loses_connection(call)
    await until(lambda: ear.hears_also(880), "the beep")
    await until(lambda: row(centre, RECORDING), "it is being recorded")
    await asyncio.sleep(2.5)  # speaking takes its time
    call.press("#")
    await until(lambda: row(centre, LEFT, number), "the message is a contact")


async def test_who_gives_a_grade_is_thanked_at_once(centre: Centre, phones: Phones) -> None:
    async with desk_of(centre, "agent1") as desk, asyncio.TaskGroup() as group:
        call, ear = await calls(phones, centre, "+79748009409")
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        tab = AgentTab(desk, contact, "tab", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await desk.accept(contact)
        await until(lambda: ear.hears(AGENT), "the talk")
        await desk.end(contact)
        call.leg.stop_playing()
        await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "wrap-up")
        talking.cancel()
        with psycopg.connect(centre.served.database_url) as conn:
            conn.execute("lock table survey in exclusive mode")
            call.press("5")
            await until(call.over.is_set, "thanks and good-bye")
            conn.rollback()
        await desk.dispose(contact, ["BAL.01"], "resolved")
    assert await graded_as(centre, contact) == 5


async def test_a_call_out_goes_on_when_the_database_is_back(centre: Centre, phones: Phones, phone_of: Make) -> None:
    number, out, log = "+79748009410", str(uuid4()), centre.data / "voice.log"
    break_off = """select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'teplo-voice' and wait_event_type = 'Lock'"""
    await callbacks_are_offered(centre, phones)
    async with desk_of(centre, "agent1") as desk:
        phone: DeskPhone = await phone_of(desk)
        await desk.call("POST", "/calls/out", {"id": out, "to": {"number": number}, "anyway": True})
        await until(lambda: phone.ringing, "the agent's phone rings first")
        with psycopg.connect(centre.served.database_url) as conn:
            conn.execute("lock table config_item in access exclusive mode")
            mine, _ = await lifted(phone)

            def tried() -> bool:
                row(centre, break_off)
                return "call.ways_wait" in log.read_text()

            await until(tried, "the worker does not know where to call")
            conn.rollback()
        ringing = await rings(phones)
        assert ringing.number == number
        mine.hang_up()
        await until(ringing.over.is_set, "the agent has given up")
        await until(lambda: out not in desk.work, "the agent is free")
        await desk.call("PUT", "/me/phone", {"by": "browser"})
