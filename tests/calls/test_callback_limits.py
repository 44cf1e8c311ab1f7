"""Calls back are limited for each number and for a day: who asks for them does not pay for them."""

from typing import Any

import psycopg
import pytest

from teplo.services.calls.callback_talk import may_call
from teplo.simulator.desk import DeskClient
from teplo.simulator.phone import Phones
from teplo.storage.db import Database

from .conftest import Centre
from .people import nightly, until
from .test_call import desk_of
from .test_callback import asks_to_be_called, callbacks_are_offered, change, dials, rings, row
from .test_callback_kills import until_ended

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

DAY = 86_400.0
CALL = "select c.end_reason, c.ended_at is not null from call c join dial d on d.call = c.id where d.contact = %s"


async def limits(centre: Centre, **rules: Any) -> None:
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss:
        await change(boss, "dialling/centre", **rules)


def audited(centre: Centre, action: str, contact: str) -> list[Any]:
    with psycopg.connect(centre.served.database_url, autocommit=True) as conn:
        query = "select details from audit where action = %s and object_id = %s order by at"
        return [found[0] for found in conn.execute(query, (action, contact)).fetchall()]


async def allowed(centre: Centre, number: str) -> bool:
    async with Database(centre.served.database_url, size=1) as db, db.connection() as conn:
        return await may_call(conn, number, number)


def of_kind(record: dict[str, Any], kind: str) -> dict[str, Any]:
    """The newest event of a kind in the record of a contact."""
    return [event for event in record["events"] if event["kind"] == kind][-1]


async def is_over(centre: Centre, contact: str) -> None:
    """The number may not be called any more."""
    record = await until_ended(centre, contact)
    failed, ended = (of_kind(record, kind)["body"] for kind in ("callback.failed", "contact.ended"))
    assert (failed["outcome"], failed["counted"]) == ("not_allowed", False)
    assert (ended["by"], ended["reason"]) == ("system", "callback_not_allowed")


async def is_put_off(centre: Centre, contact: str) -> None:
    """The promise is kept: the subscriber is called when the only call of this day is a day old."""
    async with DeskClient(centre.served.address, "supervisor1", centre.served.password, topics=()) as boss:
        record = await boss.record(contact)
    failed, deferred = (of_kind(record, kind) for kind in ("callback.failed", "contact.deferred"))
    assert record["state"] == "deferred"
    assert (failed["body"]["outcome"], failed["body"]["counted"]) == ("limit", False)
    assert deferred["body"]["why"] == "limit"
    (oldest,) = row(centre, "select extract(epoch from min(d.started_at))::float8 from dial d where outcome <> 'limit'")
    assert deferred["body"]["until"] == pytest.approx(oldest + DAY, abs=60)


async def test_one_number_is_called_so_often_in_a_day_and_not_more(own_centre: Centre, phones: Phones) -> None:
    centre, number = own_centre, "+79748009301"
    await callbacks_are_offered(centre, phones)
    await limits(centre, callback_number_day=1)
    contact = await asks_to_be_called(centre, phones, number)
    async with desk_of(centre, "agent1", patience=40) as desk:
        await desk.wait_work("offered", timeout=40)
        await desk.accept(contact)
        (await rings(phones)).refuse(480)
        await until(lambda: dials(centre, contact) == ["no_answer"], "the first attempt")
        assert audited(centre, "dial.anomaly", contact) == [{"limit": "callback_number_day", "most": 1}]
        await until(lambda: desk.works("offered"), "the second attempt")
        await desk.accept(contact)
        await until(lambda: dials(centre, contact) == ["no_answer", "limit"], "it is not made")
        await until(lambda: contact not in desk.work, "the agent is free at once")
        assert desk.me["presence"] == "available"
    await is_put_off(centre, contact)
    assert phones.rings.empty()
    assert row(centre, f"{CALL} and d.attempt = 2", contact) == ("limit", True)
    assert audited(centre, "dial.refused", contact) == [{"code": "dial.limit", "limit": "callback_number_day"}]
    assert not await allowed(centre, number) and await allowed(centre, "+79748009302")
    await limits(centre, callback_number_day=2)
    assert await allowed(centre, number), "an attempt that was not made does not count"


@nightly
async def test_the_centre_calls_back_so_often_in_a_day_and_forbidden_numbers_not_at_all(
    own_centre: Centre, phones: Phones
) -> None:
    centre = own_centre
    await callbacks_are_offered(centre, phones)
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss:
        once = {"attempts": 1, "pauses": [10], "hours": ["00:00", "24:00"], "ring_seconds": 40, "offer_estimate": 0}
        await change(boss, "queue/voice-money", callback=once)
    first = await asks_to_be_called(centre, phones, "+79748009303")
    second = await asks_to_be_called(centre, phones, "+79748009304")
    third = await asks_to_be_called(centre, phones, "+79748009305")
    await limits(centre, callback_day=1, denied=["+79748009305"])
    async with desk_of(centre, "agent1", patience=40) as desk:
        for contact in (first, second, third):
            await until(lambda contact=contact: contact in desk.work, "the next one is offered", 40)
            await desk.accept(contact)
            if contact == first:
                (await rings(phones)).refuse(404)
            await until(lambda contact=contact: contact not in desk.work, "the agent is free at once")
    assert dials(centre, first) == ["unknown"], "the only call of this day"
    await is_put_off(centre, second)
    await is_over(centre, third)
    assert phones.rings.empty() and not await allowed(centre, "+79748009306")
