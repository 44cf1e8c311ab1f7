"""A database that does not answer in time: the caller is told so, and nothing of the call stays open."""

import asyncio
import signal
from urllib.parse import urlsplit

import psycopg
import pytest
from tests.reliability.proxy import Proxy

from teplo.services.calls.ward import PATIENCE, SETTLE, UNSEEN
from teplo.simulator.phone import Phones

from .conftest import Centre
from .people import nightly, until
from .test_call import calls, desk_of
from .test_callback import asks_to_be_called, callbacks_are_offered, dials, rings, row, waiting_contact

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

ENDED = "select end_reason from call where number = %s and ended_at is not null"


async def behind(centre: Centre, network: Proxy) -> None:
    """Let the worker reach its database over a network that can lose answers."""
    centre.voice.terminate()
    centre.voice.wait(20)
    known = urlsplit(centre.served.database_url).netloc.rpartition("@")[2]
    url = centre.served.database_url.replace(known, urlsplit(network.address).netloc)
    await asyncio.to_thread(centre.start_voice, url)


async def test_a_call_that_was_written_down_unheard_is_refused_and_closed(own_centre: Centre, phones: Phones) -> None:
    """The commit is done, its answer never comes: the worker cannot know that there is a row."""
    number = "+79748009101"
    async with Proxy(own_centre.served.database_url) as network:
        await behind(own_centre, network)
        network.lose_answer_to(b"insert into call ", b"COMMIT")
        call = await phones.call(own_centre.sip, "612", number)
        await until(call.over.is_set, "a refusal although nothing answers")
        assert call.ended is not None and call.ended.status == 503 and network.lost == 1
        (why,) = await until(lambda: row(own_centre, ENDED, number), "the row is closed while its worker lives")
        assert why == "not_carried"

        again, _ = await calls(phones, own_centre, number)  # and the other connections serve on
        again.hang_up()
        await until(lambda: row(own_centre, f"{ENDED} and end_reason <> 'not_carried'", number), "an ordinary end")


async def test_a_call_whose_row_is_held_up_leaves_nothing_behind(own_centre: Centre, phones: Phones) -> None:
    number = "+79748009102"
    with psycopg.connect(own_centre.served.database_url) as conn:
        conn.execute("lock table subscriber in exclusive mode")
        call = await phones.call(own_centre.sip, "612", number)
        await until(call.over.is_set, "a refusal")
        assert call.ended is not None and call.ended.status == 503
        conn.rollback()
    again, _ = await calls(phones, own_centre, number)
    again.hang_up()
    await until(lambda: row(own_centre, ENDED, number), "an ordinary end")
    assert row(own_centre, "select count(*) from call where number = %s", number) == (1,)


async def test_a_worker_that_cannot_keep_its_ticks_takes_no_more_calls(own_centre: Centre, phones: Phones) -> None:
    """Too slow a machine is full, however few calls it carries; those who are there stay."""
    here, _ = await calls(phones, own_centre, "+79748009104")
    over = asyncio.Event()

    async def hold_up() -> None:
        while not over.is_set():
            own_centre.voice.send_signal(signal.SIGSTOP)
            await asyncio.sleep(0.06)
            own_centre.voice.send_signal(signal.SIGCONT)
            await asyncio.sleep(0.01)

    async def refused() -> int:
        call = await phones.call(own_centre.sip, "612", "+79748009105")
        await until(lambda: call.over.is_set() or call.answered.is_set(), "an answer")
        call.hang_up()
        return call.ended.status if call.ended is not None else 0

    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        group.create_task(hold_up())
        while (status := await refused()) == 0:
            await asyncio.sleep(0.2)
        over.set()
    assert status == 503
    async with asyncio.timeout(60):
        while await refused():
            await asyncio.sleep(0.2)
    assert not here.over.is_set() and waiting_contact(own_centre, "+79748009104")
    here.hang_up()


@nightly
async def test_a_database_that_is_slow_for_calls_loses_no_worker(own_centre: Centre, phones: Phones) -> None:
    """More calls wait for it than there are connections for calls; the worker says that it lives all the same."""
    await asyncio.sleep(SETTLE)
    talking = [(await calls(phones, own_centre, f"+797480092{n:02}", to="611"))[0] for n in range(12)]
    with psycopg.connect(own_centre.served.database_url) as conn:
        conn.execute("lock table call in share mode")
        for call in talking:
            call.press("10")
        await asyncio.sleep(UNSEEN + PATIENCE + 8)
        conn.rollback()
    await until(
        lambda: row(own_centre, "select count(*) from call where contact is not null and ended_at is null") == (12,),
        "all wait in the queue",
    )
    assert not any(call.over.is_set() for call in talking)
    assert row(own_centre, "select count(*) from call where end_reason = 'worker_lost'") == (0,)


@nightly
async def test_an_attempt_that_was_written_down_unheard_counts_as_lost(own_centre: Centre, phones: Phones) -> None:
    async with Proxy(own_centre.served.database_url) as network, desk_of(own_centre, "agent1", patience=40) as desk:
        await behind(own_centre, network)
        await desk.presence("busy")
        await callbacks_are_offered(own_centre, phones)
        contact = await asks_to_be_called(own_centre, phones, "+79748009103")
        await desk.presence("available")
        await desk.wait_work("offered", timeout=40)
        network.lose_answer_to(b"insert into dial ", b"COMMIT")
        await desk.accept(contact)
        await until(lambda: dials(own_centre, contact) == ["worker_lost"], "the attempt is over")
        assert phones.rings.empty() and network.lost == 1
        network.mend(broken=True)
        await until(lambda: desk.works("offered"), "the next attempt")
        await desk.accept(contact)
        (await rings(phones)).refuse(480)
        await until(lambda: dials(own_centre, contact) == ["worker_lost", "no_answer"], "the last attempt")
