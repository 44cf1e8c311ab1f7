"""What numbers lead to is read once; a change of the configuration is in force for the very next call."""

from typing import Any

import psycopg
import pytest

from teplo.simulator.desk import DeskClient
from teplo.simulator.phone import Phones

from .conftest import Centre
from .people import until
from .test_callback import change, row

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

QUEUE = """select e.body->>'queue' from call c join event e on e.contact = c.contact and e.kind = 'contact.arrived'
    where c.number = %s"""
OPEN = "select count(*) from call where number = any(%s) and ended_at is null"


def leading_to(queue: str) -> dict[str, Any]:
    return {"id": "anew", "start": "to", "give_up": "to", "nodes": {"to": {"kind": "queue", "queue": queue}}}


async def test_a_change_is_in_force_for_the_next_call(centre: Centre, phones: Phones) -> None:
    both = {"ru": "Заново", "en": "Anew"}
    numbers = [f"+7974800950{one}" for one in range(8)]
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss:
        create = {"If-None-Match": "*"}
        await boss.call("PUT", "/config/menu/anew", {"name": both, "menu": leading_to("voice-money")}, headers=create)
        line = {"name": both, "numbers": ["690"], "menu": "anew"}
        await boss.call("PUT", "/config/line/anew", line, headers=create)
        for number, queue in zip(numbers[:6], ("voice-money", "voice-general") * 3, strict=True):
            await change(boss, "menu/anew", menu=leading_to(queue))
            call = await phones.call(centre.sip, "690", number)  # at once: nobody has had time to hear of it
            await until(call.answered.is_set, "an answer")
            found = await until(lambda number=number: row(centre, QUEUE, number), "a contact")
            assert found == (queue,)
            call.hang_up()
        await change(boss, "line/anew", numbers=["689"])
        old = await phones.call(centre.sip, "690", numbers[6])
        await until(lambda: old.over.is_set() or old.answered.is_set(), "what becomes of it")
        new = await phones.call(centre.sip, "689", numbers[7])
        await until(new.answered.is_set, "an answer")
        assert row(centre, "select called from call where number = %s", numbers[7]) == ("689",)
        new.hang_up()
        old.hang_up()
    served = row(centre, "select count(*) from config_item where kind = 'line' and active and body->'numbers' ? '*'")
    assert old.answered.is_set() == bool(served[0]), "what nobody answers any more falls to the line of all others"
    await until(lambda: row(centre, OPEN, numbers) == (0,), "every call is closed, and none was written down twice")
    assert row(centre, "select count(distinct number) = count(*) from call where number = any(%s)", numbers) == (True,)


async def test_a_call_that_waits_for_a_change_goes_by_it(own_centre: Centre, phones: Phones) -> None:
    """The change is stored while the call, routed by what was before, is being written down."""
    centre = own_centre
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss:
        early = await phones.call(centre.sip, "612", "+79748009511")  # whatever is read once is read now
        await until(early.answered.is_set, "an answer")
        early.hang_up()
        menu = (await boss.call("GET", "/config/menu/at-once-612")).json()["body"]["menu"]
        for number, queue in zip(range(20, 40), ("voice-money", "voice-general") * 10, strict=True):
            caller = f"+797480095{number}"
            with psycopg.connect(centre.served.database_url) as conn:
                conn.execute("lock table subscriber in exclusive mode")
                call = await phones.call(centre.sip, "612", caller)
                await until(lambda call=call: waits(centre) or call.over.is_set(), "it is held up after it was routed")
                nodes = {"in": {**menu["nodes"]["in"], "queue": queue}}
                await change(boss, "menu/at-once-612", menu={**menu, "nodes": nodes})
                conn.rollback()
            await until(lambda call=call: call.answered.is_set() or call.over.is_set(), "an answer")
            if call.answered.is_set():  # else it took longer than calls may wait: once more
                break
        found = await until(lambda: row(centre, QUEUE, caller), "a contact")
        assert found == (queue,)
        assert row(centre, "select count(*) from call where number = %s", caller) == (1,)
        call.hang_up()


def waits(centre: Centre) -> bool:
    query = "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    return bool(row(centre, query))
