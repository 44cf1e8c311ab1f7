"""An agent with a SIP phone on the desk: real registration, SIP and RTP, real processes."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import psycopg
import pytest

from teplo.channels.voice import sdp
from teplo.simulator.desk import DeskClient
from teplo.simulator.desk_phone import DeskPhone
from teplo.simulator.phone import PhoneCall, Phones

from .conftest import Centre
from .people import AgentTab, Ear, nightly, tone, until
from .test_call import AGENT, CALLER, calls, desk_of, takes_to_the_end
from .test_guests import trunk_to

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

Make = Callable[[DeskClient], Any]
GUEST = 1900.0


@pytest.fixture
async def phone_of(centre: Centre) -> AsyncIterator[Make]:
    """Give an agent a phone that is registered, and let the agent work by it."""
    async with phones_at(centre) as make:
        yield make


@asynccontextmanager
async def phones_at(centre: Centre) -> AsyncIterator[Make]:
    given: list[str] = []
    async with AsyncExitStack() as stack:

        async def make(desk: DeskClient) -> DeskPhone:
            async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as admin:
                path = f"/phones/{desk.session['person']['id']}/secret"
                made = (await admin.call("POST", path, {})).json()
            line = await stack.enter_async_context(Phones())
            phone = DeskPhone(line, centre.sip, made["login"], made["secret"])
            phone.register()
            await until(phone.registered.is_set, "the registration")
            assert (await desk.call("PUT", "/me/phone", {"by": "phone"})).json()["by"] == "phone"
            given.append(desk.session["person"]["id"])
            return phone

        yield make
        # The centre is shared: the agents of the next tests have no phones.
        async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as admin:
            for person in given:
                await admin.call("DELETE", f"/phones/{person}")


async def lifted(phone: DeskPhone) -> tuple[PhoneCall, Ear]:
    await until(lambda: phone.ringing, "the phone rings")
    call = await phone.answer()
    ear = Ear()
    call.listen(ear.frame)
    call.say(tone(AGENT), loop=True)
    return call, ear


def said_to(call: PhoneCall) -> int:
    """The version of the last description that the phone was told."""
    return sdp.parse(call.session.remote_sdp or b"").version


async def test_the_whole_story_by_phone(centre: Centre, phones: Phones, phone_of: Make) -> None:
    async with desk_of(centre, "agent1") as desk:
        phone: DeskPhone = await phone_of(desk)
        call, subscriber = await calls(phones, centre, "+79748006601")
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        mine, ear = await lifted(phone)  # answering accepts
        await until(lambda: desk.work[contact]["state"] == "talking", "the offer is accepted")
        await until(lambda: subscriber.hears(AGENT) and ear.hears(CALLER), "both hear each other")

        page = AgentTab(desk, contact, "page", AGENT)
        await desk.signal(contact, "page", {"type": "join"})
        await until(lambda: page.told("phone"), "the page is told where the sound is")
        await page.act("hold")
        await until(lambda: page.told("state", held=True) and not subscriber.hears(AGENT), "hold from the page")
        await page.act("resume")
        await until(lambda: subscriber.hears(AGENT), "the talk goes on")
        assert said_to(mine) == 1
        phone.hold(mine, True)
        await until(lambda: page.told("state", held=True) and not subscriber.hears(AGENT), "hold at the phone")
        assert said_to(mine) == 2, "another description has another version"
        phone.hold(mine, False)
        await until(lambda: subscriber.hears(AGENT) and ear.hears(CALLER), "the talk goes on again")

        mine.hang_up()  # ends the talk as the desk's end does
        await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "wrap-up")
        call.hang_up()
        await desk.dispose(contact, ["BAL.01"], "resolved")
        record = await desk.record(contact)
        assert record["ended_by"] == "agent"
        holds = [event["kind"] for event in record["events"] if event["kind"] in ("contact.held", "contact.resumed")]
        assert holds == ["contact.held", "contact.resumed"] * 2  # of the page, then of the phone
        await desk.call("PUT", "/me/phone", {"by": "browser"})


async def test_the_transfer_key_hands_over_to_a_colleague_and_never_to_a_forbidden_number(
    centre: Centre, phones: Phones, phone_of: Make
) -> None:
    async with desk_of(centre, "agent1") as desk:
        phone: DeskPhone = await phone_of(desk)
        call, subscriber = await calls(phones, centre, "+79748006607")
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        mine, _ = await lifted(phone)
        await until(lambda: subscriber.hears(AGENT), "the talk")
        host = f"{centre.sip[0]}:{centre.sip[1]}"
        told = phone.transfer(mine, f"sip:+78030000000@{host}")
        await until(lambda: told == [202], "the worker looks")
        await until(lambda: phone.heard_of_transfer == [100, 403], "the number is not allowed")
        assert subscriber.hears(AGENT) and desk.work[contact]["state"] == "talking"
        stranger: list[int] = []
        headers = [("refer-to", f"<sip:+78030000000@{host}>")]
        call.session.request("REFER", lambda answer: stranger.append(answer.status), headers=headers)
        await until(lambda: stranger == [603], "the subscriber hands nobody over")

        async with desk_of(centre, "agent2") as colleague:
            phone.transfer(mine, f"sip:agent2@{host}")
            await until(lambda: phone.heard_of_transfer[-2:] == [100, 200], "it is done")
            await until(mine.over.is_set, "the phone is free")
            await takes_to_the_end(colleague, contact, call, subscriber)
        await desk.call("PUT", "/me/phone", {"by": "browser"})


async def test_the_transfer_key_hands_over_to_an_allowed_number_that_answers(
    centre: Centre, phones: Phones, phone_of: Make
) -> None:
    async with desk_of(centre, "agent1") as desk, Phones("127.0.0.3") as elsewhere, trunk_to(centre, elsewhere):
        phone: DeskPhone = await phone_of(desk)
        call, subscriber = await calls(phones, centre, "+79748006609")
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        mine, _ = await lifted(phone)
        await until(lambda: subscriber.hears(AGENT), "the talk")
        phone.transfer(mine, "tel:+79748009999")
        ringing = await elsewhere.rings.get()
        mine.hang_up()  # many phones leave as soon as they have handed over
        called, their = await ringing.answer(), Ear()
        called.listen(their.frame)
        called.say(tone(GUEST), loop=True)
        await until(lambda: subscriber.hears(GUEST) and their.hears(CALLER), "the two without the agent")
        await until(lambda: desk.work[contact]["state"] == "wrap_up", "wrap-up")
        await desk.dispose(contact, ["BAL.01"], "passed")
        called.hang_up()
        await until(call.over.is_set, "the subscriber's call ends, too", 40)
        await desk.call("PUT", "/me/phone", {"by": "browser"})


async def consulted(
    phone: DeskPhone, colleague: DeskClient, contact: str, group: asyncio.TaskGroup
) -> tuple[PhoneCall, Ear, AgentTab, asyncio.Task[None]]:
    """The phone calls agent2 on its second line, who answers in a tab: both hear each other."""
    second, ear = await phone.dial("agent2"), Ear()
    second.listen(ear.frame)
    second.say(tone(AGENT), loop=True)
    await until(lambda: colleague.states["me"]["me"]["helping"], "the invitation")
    tab = AgentTab(colleague, contact, "tab", GUEST)
    await tab.join()
    talking = group.create_task(tab.talk())
    await until(lambda: ear.hears(GUEST) and tab.ear.hears(AGENT), "a consultation on the second line")
    return second, ear, tab, talking


async def test_who_was_asked_on_a_second_line_gets_the_talk_by_the_transfer_key(
    centre: Centre, phones: Phones, phone_of: Make
) -> None:
    async with desk_of(centre, "agent1") as desk, desk_of(centre, "agent2") as colleague, asyncio.TaskGroup() as group:
        await colleague.presence("busy")
        phone: DeskPhone = await phone_of(desk)
        call, subscriber = await calls(phones, centre, "+79748006608")
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        mine, _ = await lifted(phone)
        await until(lambda: subscriber.hears(AGENT), "the talk")
        phone.hold(mine, True)
        nobody = await phone.dial("nobody-of-us")
        await until(nobody.over.is_set, "there is nobody of that name")

        second, _, tab, talking = await consulted(phone, colleague, contact, group)
        assert not subscriber.hears(AGENT) and not subscriber.hears(GUEST)
        host = f"{centre.sip[0]}:{centre.sip[1]}"
        phone.transfer(mine, f"sip:agent2@{host}", replacing=mine)
        await until(lambda: phone.heard_of_transfer == [100, 481], "the first line is no consultation")
        phone.transfer(mine, f"sip:agent2@{host}", replacing=second)
        await until(lambda: phone.heard_of_transfer[2:] == [100, 200], "it is done")
        await until(lambda: mine.over.is_set() and second.over.is_set(), "the phone is free")
        await until(lambda: subscriber.hears(GUEST) and tab.ear.hears(CALLER), "the colleague has the talk")
        await until(lambda: contact in colleague.work and contact not in desk.work, "…and the contact")
        call.hang_up()
        await until(lambda: colleague.work.get(contact, {}).get("state") == "wrap_up", "wrap-up")
        talking.cancel()
        await colleague.dispose(contact, ["BAL.01"], "resolved")
        await desk.call("PUT", "/me/phone", {"by": "browser"})


async def test_both_lines_of_a_phone_behind_nat_are_heard_and_hear(
    centre: Centre, phones: Phones, phone_of: Make
) -> None:
    """Its descriptions name an address that nobody can reach; where its audio comes from is learnt."""
    async with desk_of(centre, "agent1") as desk, desk_of(centre, "agent2") as colleague, asyncio.TaskGroup() as group:
        await colleague.presence("busy")
        phone: DeskPhone = await phone_of(desk)
        phone.named = "127.0.0.77"
        call, subscriber = await calls(phones, centre, "+79748006610")
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        mine, ear = await lifted(phone)
        await until(lambda: subscriber.hears(AGENT) and ear.hears(CALLER), "the first line, both ways")
        phone.hold(mine, True)
        await until(lambda: not subscriber.hears(AGENT), "hold at the phone")

        second, other, tab, talking = await consulted(phone, colleague, contact, group)
        answers: list[bytes | None] = []
        second.session.on_renegotiated = answers.append
        for number, on in enumerate((True, False), 1):
            phone.hold(second, on)
            await until(lambda number=number: len(answers) == number, "the worker's answer")
            assert answers[-1] is not None
        await until(lambda: other.hears(GUEST) and tab.ear.hears(AGENT), "the second line after a hold, both ways")
        second.hang_up()
        phone.hold(mine, False)
        await until(lambda: subscriber.hears(AGENT) and ear.hears(CALLER), "the first line again, both ways")
        talking.cancel()
        call.hang_up()
        await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "wrap-up")
        await desk.dispose(contact, ["BAL.01"], "resolved")
        await desk.call("PUT", "/me/phone", {"by": "browser"})


async def test_whichever_line_the_phone_holds_hears_music(centre: Centre, phones: Phones, phone_of: Make) -> None:
    async with desk_of(centre, "agent1") as desk, desk_of(centre, "agent2") as colleague, asyncio.TaskGroup() as group:
        await colleague.presence("busy")
        phone: DeskPhone = await phone_of(desk)
        call, subscriber = await calls(phones, centre, "+79748006611")
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        mine, ear = await lifted(phone)
        await until(lambda: subscriber.hears(AGENT) and ear.hears(CALLER), "the talk")
        phone.hold(mine, True)
        second, other, tab, talking = await consulted(phone, colleague, contact, group)

        def music(hearer: Ear) -> bool:
            tones = (AGENT, CALLER, GUEST)
            return hearer.hears_something() and not any(hearer.hears_also(one) for one in tones)

        assert await until(lambda: music(subscriber), "music on the first line")
        phone.hold(second, True)
        await until(lambda: music(tab.ear) and music(subscriber), "music on both lines")
        phone.hold(mine, False)
        await until(lambda: subscriber.hears(AGENT) and ear.hears(CALLER), "back on the first line")
        assert await until(lambda: music(tab.ear), "music on the second")
        phone.hold(mine, True)
        phone.hold(second, False)
        await until(lambda: other.hears(GUEST) and tab.ear.hears(AGENT), "and on the second again")
        assert await until(lambda: music(subscriber), "music on the first again")
        second.hang_up()
        phone.hold(mine, False)
        await until(lambda: subscriber.hears(AGENT) and ear.hears(CALLER), "the talk goes on")
        talking.cancel()
        call.hang_up()
        await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "wrap-up")
        await desk.dispose(contact, ["BAL.01"], "resolved")
        record = await desk.record(contact)
        holds = [event["kind"] for event in record["events"] if event["kind"] in ("contact.held", "contact.resumed")]
        assert holds == ["contact.held", "contact.resumed"] * 2
        await desk.call("PUT", "/me/phone", {"by": "browser"})


@nightly
async def test_a_caller_who_holds_us_in_silence_is_not_lost(centre: Centre, phones: Phones) -> None:
    """Longer than a line may be silent that holds nobody."""
    call, ear = await calls(phones, centre, "+79748006612")
    await until(ear.hears_something, "music")
    offer = sdp.offer(phones.host, call.leg.local_port, direction="inactive")
    call.session.renegotiate(offer.after(sdp.parse(call.session.local_sdp or b"")).encode())
    await until(lambda: not ear.hears_something(), "the hold")
    call.leg.sending = False
    await asyncio.sleep(40)
    assert not call.over.is_set()
    offer = sdp.offer(phones.host, call.leg.local_port)
    call.session.renegotiate(offer.after(sdp.parse(call.session.local_sdp or b"")).encode())
    await until(call.over.is_set, "silent without a hold it is", 60)


async def test_declined_and_unreachable_phones_leave_nobody_stuck(
    centre: Centre, phones: Phones, phone_of: Make
) -> None:
    async with desk_of(centre, "agent1") as desk:
        phone: DeskPhone = await phone_of(desk)
        call, _ = await calls(phones, centre, "+79748006602")
        await desk.wait_work("offered", timeout=40)
        await until(lambda: phone.ringing, "the phone rings")
        phone.decline()
        await until(lambda: not desk.work, "the offer is gone")
        assert desk.me["presence"] == "available"
        call.hang_up()
        await until(call.over.is_set, "the end")

        phone.leave()
        await until(lambda: registered(centre) == 0, "the phone has left")
        call, _ = await calls(phones, centre, "+79748006603")
        await until(lambda: desk.me["reason"] == "phone_unreachable", "the agent is set aside")
        assert desk.me["presence"] == "break" and not desk.work
        call.hang_up()
        await until(call.over.is_set, "the end")
        await desk.call("PUT", "/me/phone", {"by": "browser"})


async def test_an_agent_works_by_phone_alone(centre: Centre, phones: Phones, phone_of: Make) -> None:
    async with AsyncExitStack() as stack:
        desk = await stack.enter_async_context(
            DeskClient(centre.served.address, "agent2", centre.served.password, topics=())
        )
        phone: DeskPhone = await phone_of(desk)
        agent = desk.session["person"]["id"]
        boss = await stack.enter_async_context(
            DeskClient(centre.served.address, "supervisor1", centre.served.password, topics=("floor",))
        )

        def presence() -> str:
            return str(boss.states["floor"]["agents"][agent]["presence"])

        def talks() -> bool:
            return any(one["state"] == "talking" for one in boss.states["floor"]["agents"][agent]["contacts"])

        code = await phone.dial("*1")
        await until(code.over.is_set, "the worker has done it and hangs up")
        await until(lambda: presence() == "available", "the agent is on line")
        call, subscriber = await calls(phones, centre, "+79748006604")
        mine, ear = await lifted(phone)
        await until(lambda: subscriber.hears(AGENT) and ear.hears(CALLER), "both hear each other")
        call.hang_up()
        await until(mine.over.is_set, "the phone is free")
        await until(lambda: not talks(), "the floor knows it")
        code = await phone.dial("*0")
        await until(code.over.is_set, "the worker has done it and hangs up")
        await until(lambda: presence() == "offline", "the agent has gone")
        await desk.call("PUT", "/me/phone", {"by": "browser"})


async def test_a_wrong_secret_is_refused_and_soon_not_even_answered(centre: Centre, phone_of: Make) -> None:
    async with desk_of(centre, "agent3") as desk, Phones() as line:
        await phone_of(desk)
        stranger = DeskPhone(line, centre.sip, "agent3", "guessed")
        stranger.register()
        await until(lambda: stranger.refused in (401, 403), "a refusal")
        assert not stranger.registered.is_set()


def registered(centre: Centre) -> int:
    with psycopg.connect(centre.served.database_url, autocommit=True) as conn:
        row = conn.execute("select count(*) from phone_binding where until > clock_timestamp()").fetchone()
    assert row is not None
    return int(row[0])
