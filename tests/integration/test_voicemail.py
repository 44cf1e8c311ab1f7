"""A message outlives its worker and is told to the floor once; who may call its subscriber, and when not."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.chat_centre import Centre, named, new_id, open_centre, until

from teplo.services.calls import ward
from teplo.services.calls.ending import tell_voicemail
from teplo.storage import calls, voicemails

pytestmark = pytest.mark.anyio

NUMBER = "+79735551831"


@pytest.fixture
async def centre(database_url: str) -> AsyncIterator[Centre]:
    async with open_centre(database_url) as made:
        steps = [{"after": 0, "require": {}, "match": []}]
        rules = {"hours": ["00:00", "24:00"], "attempts": 2}
        queue = {"name": named("Звонки"), "channels": ["voice"], "steps": steps, "callback": rules}
        await made.bring_in(("queue", "calls", queue), ("dialling", "centre", {"allowed": ["+7973"], "denied": []}))
        await until(lambda: "calls" in made.services.feed.floor.queues)
        yield made


async def beep(centre: Centre, number: str | None = NUMBER) -> str:
    """A worker that nobody has seen for long has begun to record a message; return its contact."""
    call, contact = new_id(), new_id()
    async with centre.services.db.transaction() as conn:
        await calls.begin(
            conn,
            id=call,
            node=new_id(),
            trunk="city",
            number=number,
            called="611",
            subscriber=None,
            region=None,
            language="ru",
        )
        await calls.set_contact(conn, call, contact)
        await conn.execute("update call set started_at = started_at - interval '1 min' where id = %s", (call,))
        arrival = {"contact": contact, "channel": "voice", "queue": "calls", "language": "ru"}
        await voicemails.begin(conn, contact, call, arrival)
    return contact


async def facts(centre: Centre, contact: str, kind: str) -> list[Any]:
    found: list[Any] = await centre.rows(
        f"select body from event where contact = '{contact}' and kind = '{kind}' order by seq"
    )
    return [row[0] for row in found]


async def test_the_message_of_a_killed_worker_becomes_a_contact_once(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ward, "CRASHED", 1.0)  # this worker was never seen here
    contact = await beep(centre)
    await until(lambda: facts(centre, contact, "voicemail.left"), 20)
    services = centre.services
    assert await tell_voicemail(services.db, services.commands, contact, 7.0), "a worker that was only slow"
    assert await facts(centre, contact, "voicemail.left") == [{"seconds": None}]
    assert len(await facts(centre, contact, "contact.arrived")) == 1
    assert await centre.rows("select end_reason from call") == [("worker_lost",)]
    assert services.feed.floor.contacts[contact].state == "waiting"  # type: ignore[index]


async def test_only_its_agent_calls_and_only_a_number_that_is_known(centre: Centre) -> None:
    services = centre.services
    anna, boris = await centre.at_work("anna"), await centre.at_work("boris")
    known, withheld = await beep(centre), await beep(centre, None)
    await tell_voicemail(services.db, services.commands, known, 5.0)
    await anna.takes(known)
    assert (await boris.post(f"/contacts/{known}/call/back")).json()["code"] == "contact.not_yours"
    for _ in range(2):
        assert (await anna.post(f"/contacts/{known}/call/back")).status_code == 202
    assert await facts(centre, known, "callback.dialled") and len(await facts(centre, known, "callback.dialled")) == 1
    assert await centre.rows("select number from callback") == [(NUMBER,)]
    assert await centre.rows("select count(*) from audit where action = 'voicemail.call'") == [(2,)]
    assert (await anna.post(f"/contacts/{known}/end")).status_code == 204, "giving up is no end of the message"
    await tell_voicemail(services.db, services.commands, withheld, 5.0)
    await boris.takes(withheld)
    assert (await boris.post(f"/contacts/{withheld}/call/back")).json()["code"] == "voicemail.no_number"
    assert (await anna.post(f"/contacts/{known}/end")).status_code == 204
    await until(lambda: facts(centre, known, "wrap_up.started"))


async def test_a_number_that_may_not_be_called_out_is_not_called_back_either(centre: Centre) -> None:
    services = centre.services
    anna = await centre.at_work("anna")
    abroad = await beep(centre, "+79755551831")
    await tell_voicemail(services.db, services.commands, abroad, 5.0)
    await anna.takes(abroad)
    assert (await anna.post(f"/contacts/{abroad}/call/back")).json()["code"] == "dial.not_allowed"
    assert not await facts(centre, abroad, "callback.dialled")
    details = await centre.rows(f"select details from audit where action = 'dial.refused' and object_id = '{abroad}'")
    assert details == [({"code": "dial.not_allowed"},)]
