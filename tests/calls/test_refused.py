"""A database that does not answer in time: the caller is told so, and nothing of the call stays open."""

import asyncio
from urllib.parse import urlsplit

import psycopg
import pytest
from tests.reliability.proxy import Proxy

from teplo.simulator.phone import Phones

from .conftest import Centre
from .people import nightly, until
from .test_call import calls, desk_of
from .test_callback import asks_to_be_called, callbacks_are_offered, dials, rings, row

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
