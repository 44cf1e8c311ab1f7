"""More than two in a call: a supervisor listens and takes over, a colleague is consulted, a number is called in."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from teplo.simulator.desk import DeskClient
from teplo.simulator.phone import Phones
from teplo.simulator.wire import ApiError

from .conftest import Centre
from .people import AgentTab, Ear, tone, until
from .test_call import AGENT, CALLER, calls, desk_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

GUEST = 1900.0


async def connected(
    stack: AsyncExitStack, group: asyncio.TaskGroup, centre: Centre, phones: Phones, number: str
) -> tuple[DeskClient, AgentTab, Ear, asyncio.Event]:
    """A subscriber and agent1 in a talk."""
    desk = await stack.enter_async_context(desk_of(centre, "agent1"))
    call, subscriber = await calls(phones, centre, number)
    offered = await desk.wait_work("offered", timeout=40)
    tab = AgentTab(desk, offered["id"], "first", AGENT)
    await tab.join()
    stack.callback(group.create_task(tab.talk()).cancel)
    await desk.accept(offered["id"])
    await until(lambda: subscriber.hears(AGENT) and tab.ear.hears(CALLER), "the talk")
    return desk, tab, subscriber, call.over


async def joined(stack: AsyncExitStack, group: asyncio.TaskGroup, desk: DeskClient, contact: str) -> AgentTab:
    """Somebody else's page in the same call, speaking a tone of its own."""
    tab = AgentTab(desk, contact, f"page-{desk.login}", GUEST)
    await tab.join()
    stack.callback(group.create_task(tab.talk()).cancel)
    return tab


async def test_a_supervisor_listens_whispers_joins_and_takes_over(centre: Centre, phones: Phones) -> None:
    async with asyncio.TaskGroup() as group, AsyncExitStack() as stack:
        desk, tab, subscriber, over = await connected(stack, group, centre, phones, "+79748001301")
        contact = tab.contact
        boss = await stack.enter_async_context(DeskClient(centre.served.address, "supervisor1", centre.served.password))
        at = f"/contacts/{contact}/call/monitor"
        await boss.call("POST", at, {"mode": "listen"})
        page = await joined(stack, group, boss, contact)
        await until(
            lambda: page.ear.hears_also(CALLER) and page.ear.hears_also(AGENT) and not subscriber.hears(GUEST),
            "sound for the supervisor",
        )
        await boss.call("POST", at, {"mode": "whisper"})
        await until(lambda: tab.ear.hears_also(GUEST) and subscriber.hears(AGENT), "a whisper for the agent alone")
        await until(lambda: modes(tab) == ["whisper"], "the agent sees that it is for the own ear")
        await boss.call("POST", at, {"mode": "barge"})
        await until(lambda: subscriber.hears_also(GUEST), "the supervisor at the subscriber's ear")
        await until(lambda: modes(tab) == ["barge"], "the agent sees who speaks, and how")
        await boss.call("POST", at, {"mode": "take_over"})
        await until(lambda: subscriber.hears(GUEST), "the supervisor alone with the subscriber")
        await until(lambda: contact not in desk.work and contact in boss.work, "the contact is the supervisor's")
        await boss.end(contact)
        record = await boss.record(contact)
        kinds = [event["kind"] for event in record["events"]]
        assert kinds.count("contact.monitored") == 3
        await until(over.is_set, "the end", 40)


async def test_a_colleague_is_consulted_and_takes_the_call(centre: Centre, phones: Phones) -> None:
    async with asyncio.TaskGroup() as group, AsyncExitStack() as stack:
        desk, tab, subscriber, over = await connected(stack, group, centre, phones, "+79748001302")
        contact = tab.contact
        friend = await stack.enter_async_context(desk_of(centre, "agent2"))
        me = friend.states["me"]["me"]
        watching = DeskClient(centre.served.address, "supervisor1", centre.served.password, topics=("floor",))
        floor = await stack.enter_async_context(watching)
        with pytest.raises(ApiError) as refused:
            await friend.call("POST", f"/contacts/{contact}/call/consult", {"to": {"agent": me["id"]}})
        assert refused.value.code == "contact.not_yours"
        await desk.call("POST", f"/contacts/{contact}/call/consult", {"to": {"agent": me["id"]}})
        await until(lambda: friend.states["me"]["me"]["helping"], "the invitation")
        await friend.call("POST", f"/contacts/{contact}/call/part", {"guest": None})
        await until(lambda: reasons(tab) == ["declined"], "the agent sees why nobody came")
        await tab.act("resume")
        await desk.call("POST", f"/contacts/{contact}/call/consult", {"to": {"agent": me["id"]}})
        await until(lambda: friend.states["me"]["me"]["helping"], "the second invitation")
        page = await joined(stack, group, friend, contact)
        await until(lambda: tab.ear.hears(GUEST) and page.ear.hears(AGENT), "a consultation")
        agents = floor.states["floor"]["agents"]
        await until(lambda: agents[me["id"]]["helping"] == contact, "the floor shows whom the colleague helps")
        assert not subscriber.hears(GUEST) and not subscriber.hears(AGENT)
        await tab.act("merge")
        await until(lambda: subscriber.hears_also(GUEST) and subscriber.hears_also(AGENT), "three together")
        await desk.call("POST", f"/contacts/{contact}/call/hand-over", {"guest": me["id"]})
        await until(lambda: subscriber.hears(GUEST) and page.ear.hears(CALLER), "the colleague has the call")
        await until(lambda: contact in friend.work and contact not in desk.work, "…and the contact")
        await until(lambda: friend.states["me"]["me"]["helping"] is None, "nobody helps any more")
        await until(lambda: agents[me["id"]]["helping"] is None, "…on the floor, too")
        await friend.end(contact)
        await until(over.is_set, "the end", 40)
        await friend.dispose(contact, ["BAL.01"], "resolved")


async def test_a_number_is_called_in_and_keeps_the_subscriber(centre: Centre, phones: Phones) -> None:
    async with Phones("127.0.0.3") as elsewhere, asyncio.TaskGroup() as group, AsyncExitStack() as stack:
        await stack.enter_async_context(trunk_to(centre, elsewhere))
        desk, tab, subscriber, over = await connected(stack, group, centre, phones, "+79748001303")
        contact = tab.contact
        at = f"/contacts/{contact}/call/consult"
        for number, code in (("+442079460000", "dial.not_allowed"), ("12a", "dial.number")):
            with pytest.raises(ApiError) as refused:
                await desk.call("POST", at, {"to": {"number": number}})
            assert refused.value.code == code
        for status in (486, 404):
            await desk.call("POST", at, {"to": {"number": "8 (974) 800-99-99"}})
            (await elsewhere.rings.get()).refuse(status)
            await until(lambda: not tab.state["guests"] and tab.state["gone"], "the number is not reached")
        await until(lambda: reasons(tab) == ["busy", "unknown"], "the agent sees why")
        await desk.call("POST", at, {"to": {"number": "8 (974) 800-99-99"}})
        ringing = await elsewhere.rings.get()
        assert ringing.number == "+79748009999"
        called, their = await ringing.answer(), Ear()
        called.listen(their.frame)
        called.say(tone(GUEST, 1.0), loop=True)
        await until(lambda: tab.ear.hears(GUEST) and their.hears(AGENT), "the number and the agent")
        await tab.act("merge")
        await until(lambda: subscriber.hears_also(GUEST) and subscriber.hears_also(AGENT), "three together")
        await desk.call("POST", f"/contacts/{contact}/call/hand-over", {"guest": None})
        await until(lambda: subscriber.hears(GUEST) and their.hears(CALLER), "the two without the agent")
        await until(lambda: desk.work[contact]["state"] == "wrap_up", "wrap-up")
        await desk.dispose(contact, ["BAL.01"], "passed")
        called.hang_up()
        await until(over.is_set, "the subscriber's call ends, too", 40)


async def test_a_fifth_guest_is_refused_in_words(centre: Centre, phones: Phones) -> None:
    async with Phones("127.0.0.3") as elsewhere, asyncio.TaskGroup() as group, AsyncExitStack() as stack:
        await stack.enter_async_context(trunk_to(centre, elsewhere))
        desk, tab, _, _ = await connected(stack, group, centre, phones, "+79748001304")
        for number in range(5):
            await desk.call("POST", f"/contacts/{tab.contact}/call/consult", {"to": {"number": f"+7974800999{number}"}})
        await until(lambda: reasons(tab) == ["full"] and len(tab.state["guests"]) == 4, "four ring, the fifth does not")
        await desk.end(tab.contact)
        await desk.dispose(tab.contact, ["BAL.01"], "resolved")


def modes(tab: AgentTab) -> list[str]:
    """How those in the call take part, as the agent sees it."""
    return [guest["mode"] for guest in tab.state["guests"]]


def reasons(tab: AgentTab) -> list[str]:
    """Why those who are gone are, as the agent sees it."""
    return [gone["why"] for gone in tab.state["gone"]]


@asynccontextmanager
async def trunk_to(centre: Centre, phones: Phones) -> AsyncIterator[None]:
    """Lead outgoing calls to telephones of this test, at 127.0.0.3."""
    route = f"sip:127.0.0.3:{phones.endpoint.transports.ports['UDP']}"
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as admin:
        body = {"name": {"ru": "Наружу", "en": "Out"}, "networks": ["127.0.0.3/32"], "route": route}
        await admin.call("PUT", "/config/trunk/out", body, headers={"If-None-Match": "*"})
        yield
        version = str((await admin.call("GET", "/config/trunk/out")).json()["version"])
        await admin.call("DELETE", "/config/trunk/out", headers={"If-Match": version})
