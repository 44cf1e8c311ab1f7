"""A subscriber lets the line go and is called back: real SIP both ways, a browser's end at the desk, real processes."""

import asyncio
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from teplo.simulator.desk import DeskClient
from teplo.simulator.desk_phone import DeskPhone
from teplo.simulator.phone import Phones, Ringing

from .conftest import Centre
from .people import AgentTab, Ear, nightly, tone, until
from .test_call import AGENT, CALLER, calls, desk_of
from .test_phone import Make, lifted, phone_of

__all__ = ["phone_of"]
pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def callbacks_are_offered(centre: Centre, phones: Phones) -> None:
    """Our calls go to the phones; a caller is offered a callback at once, and attempts follow each other soon."""
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss:
        port = phones.endpoint.transports.ports["UDP"]
        await change(boss, "trunk/local", route=f"sip:127.0.0.1:{port}")
        rules = {"attempts": 2, "pauses": [10], "hours": ["00:00", "24:00"], "ring_seconds": 40, "offer_estimate": 0}
        await change(boss, "queue/voice-money", callback=rules)


async def change(boss: DeskClient, item: str, **changes: Any) -> None:
    known = (await boss.call("GET", f"/config/{item}")).json()
    headers = {"If-Match": f'"{known["version"]}"'}
    await boss.call("PUT", f"/config/{item}", {**known["body"], **changes}, headers=headers)


async def asks_to_be_called(centre: Centre, phones: Phones, number: str) -> str:
    """Call, wait in the queue, choose the callback and hear the good-bye; return the contact."""
    call, _ = await calls(phones, centre, number, to="613")
    call.leg.stop_playing()
    contact = await until(lambda: waiting_contact(centre, number), "the contact waits")
    while not call.over.is_set() and not told(centre, contact, "callback.asked"):
        call.press("1")
        await asyncio.sleep(0.7)
    await until(call.over.is_set, "the worker lets the line go")
    return str(contact)


def row(centre: Centre, query: str, *args: Any) -> Any:
    with psycopg.connect(centre.served.database_url, autocommit=True) as conn:
        return conn.execute(query.encode(), args).fetchone()


def waiting_contact(centre: Centre, number: str) -> str | None:
    found = row(centre, "select contact from call where number = %s and contact is not null", number)
    return str(found[0]) if found else None


def told(centre: Centre, contact: str, kind: str) -> bool:
    return bool(row(centre, "select 1 from event where contact = %s and kind = %s", contact, kind))


def dials(centre: Centre, contact: str) -> list[str | None]:
    with psycopg.connect(centre.served.database_url, autocommit=True) as conn:
        found = conn.execute("select outcome from dial where contact = %s order by attempt", (contact,)).fetchall()
    return [one[0] for one in found]


async def rings(phones: Phones) -> Ringing:
    async with asyncio.timeout(40):
        return await phones.rings.get()


async def test_the_second_attempt_reaches_the_subscriber_and_the_talk_is_a_call_like_any_other(
    centre: Centre, phones: Phones
) -> None:
    await callbacks_are_offered(centre, phones)
    contact = await asks_to_be_called(centre, phones, "+79748005501")
    async with desk_of(centre, "agent1") as desk, asyncio.TaskGroup() as group:
        offered = await desk.wait_work("offered", timeout=40)
        assert offered["id"] == contact and offered["callback"] == {"attempt": 0, "attempts": 2, "until": None}
        await desk.accept(contact)
        ringing = await rings(phones)
        assert ringing.number == "+79748005501" and desk.work[contact]["state"] == "dialling"
        card = (await desk.call("GET", f"/contacts/{contact}/card")).json()
        assert card["channel"] == "voice" and card["subscriber"]["number_masked"]
        ringing.refuse(486)
        await until(lambda: contact not in desk.work, "the agent is free at once")
        assert dials(centre, contact) == ["busy"]

        await until(lambda: desk.works("offered"), "the second attempt after its pause")
        await desk.accept(contact)
        ringing = await rings(phones)
        tab = AgentTab(desk, contact, "tab", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await until(lambda: tab.ear.hears(425), "the agent hears that it rings")
        call = await ringing.answer()
        ear = Ear()
        call.listen(ear.frame)
        call.say(tone(CALLER), loop=True)
        await asyncio.sleep(0)
        assert desk.work[contact]["state"] == "dialling", "a machine may have answered"
        await until(lambda: call.leg.stats().packets > 20, "the greeting")
        call.press("1")
        await until(lambda: ear.hears(AGENT) and tab.ear.hears(CALLER), "both hear each other")
        await until(lambda: tab.state.get("recording") == "on", "recording")
        call.hang_up()
        await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "the subscriber has hung up")
        talking.cancel()
        await desk.dispose(contact, ["BAL.01"], "resolved")
        record = await desk.record(contact)
    kinds = [event["kind"] for event in record["events"]]
    assert [kind for kind in kinds if kind.startswith("callback.")] == [
        "callback.asked", "callback.dialled", "callback.failed", "callback.dialled"
    ]  # fmt: skip
    assert record["ended_by"] == "subscriber" and dials(centre, contact) == ["busy", "reached"]


async def test_who_calls_again_is_led_to_the_place(centre: Centre, phones: Phones) -> None:
    await callbacks_are_offered(centre, phones)
    contact = await asks_to_be_called(centre, phones, "+79748005503")
    call = await phones.call(centre.sip, "611", "+79748005503")
    await until(lambda: told(centre, contact, "callback.rejoined"), "the place is taken")
    async with desk_of(centre, "agent1") as desk:
        offered = await desk.wait_work("offered", timeout=40)
        assert offered["id"] == contact and offered["callback"] is None
        call.hang_up()
        await until(lambda: contact not in desk.work, "the subscriber has hung up")


@nightly
async def test_a_database_that_is_away_drops_nobody_to_whom_a_callback_is_to_be_offered(
    own_centre: Centre, phones: Phones
) -> None:
    await callbacks_are_offered(own_centre, phones)
    call, subscriber = await calls(phones, own_centre, "+79748005505", to="613")
    contact = await until(lambda: waiting_contact(own_centre, "+79748005505"), "the contact waits")
    base, _, name = own_centre.served.database_url.rpartition("/")
    with psycopg.connect(f"{base}/postgres", autocommit=True) as conn:
        conn.execute(f'alter database "{name}" allow_connections false'.encode())
        conn.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", (name,))
        await until(lambda: "callback.not_offered" in (own_centre.data / "voice.log").read_text(), "no offer", 60)
        conn.execute(f'alter database "{name}" allow_connections true'.encode())
    assert not call.over.is_set()
    async with desk_of(own_centre, "agent1", patience=40) as desk:
        assert (await desk.wait_work("offered", timeout=40))["id"] == contact
        call.hang_up()
        await until(lambda: contact not in desk.work, "the subscriber has hung up")


async def test_an_agent_by_phone_alone_takes_a_callback_and_calls_out(
    centre: Centre, phones: Phones, phone_of: Make
) -> None:
    await callbacks_are_offered(centre, phones)
    contact = await asks_to_be_called(centre, phones, "+79748005504")
    async with desk_of(centre, "agent1") as desk:
        phone: DeskPhone = await phone_of(desk)
        mine, ear = await lifted(phone)  # answering accepts
        ringing = await rings(phones)
        assert ringing.number == "+79748005504" and desk.work[contact]["state"] == "dialling"
        await until(lambda: ear.hears(425), "the agent hears that it rings")
        call, theirs = await ringing.answer(), Ear()
        call.listen(theirs.frame)
        call.say(tone(CALLER), loop=True)
        await until(lambda: call.leg.stats().packets > 20, "the greeting")
        call.press("1")
        await until(lambda: theirs.hears(AGENT) and ear.hears(CALLER), "both hear each other")
        mine.hang_up()
        await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "wrap-up")
        await desk.dispose(contact, ["BAL.01"], "resolved")

        out = str(uuid4())  # the phone is called first, then the subscriber
        await desk.call("POST", "/calls/out", {"id": out, "to": {"contact": contact}, "anyway": True})
        mine, ear = await lifted(phone)
        ringing = await rings(phones)
        mine.hang_up()
        await until(ringing.over.is_set, "the agent has given up")
        await until(lambda: out not in desk.work, "the agent is free")
        await desk.call("PUT", "/me/phone", {"by": "browser"})
