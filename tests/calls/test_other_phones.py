"""SIP phones that are not ours call the whole centre: SIPp goes through the menu, baresip hears and is heard."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from teplo.simulator.desk import DeskClient
from teplo.simulator.phone import PhoneCall, Phones
from teplo.storage.ports import free_port

from .baresip import Baresip, program
from .conftest import Centre
from .people import AgentTab, Ear, nightly, tone, until
from .test_call import AGENT, CALLER, calls, desk_of, takes_to_the_end
from .test_callback import row
from .test_guests import trunk_to

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

GUEST = 1900.0
SCENARIO = Path(__file__).parents[1] / "sip" / "scenarios" / "caller_in_the_menu.xml"


async def test_sipp_goes_through_the_menu_and_is_answered(centre: Centre, tmp_path: Path) -> None:
    sipp = program("sipp", "sip-tester")
    async with desk_of(centre, "agent4") as desk, asyncio.TaskGroup() as group:
        calling = await asyncio.create_subprocess_exec(
            sipp, f"{centre.sip[0]}:{centre.sip[1]}", "-sf", str(SCENARIO), "-i", "127.0.0.1", "-p", str(free_port()),
            "-m", "1", "-nostdin", "-timeout", "60s", "-timeout_error", "-trace_err", "-error_file", "errors",
            cwd=tmp_path, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        tab = AgentTab(desk, contact, "tab", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await desk.accept(contact)
        await until(lambda: desk.work[contact]["state"] == "talking", "the talk")
        errors = tmp_path / "errors"
        assert await calling.wait() == 0, errors.read_text() if errors.exists() else ""
        await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "SIPp's BYE is known")
        talking.cancel()
        await desk.dispose(contact, ["BAL.01"], "resolved")
        assert (await desk.record(contact))["ended_by"] == "subscriber"


@pytest.mark.parametrize(("codec", "rate"), [("PCMA", 8000), ("opus/48000/2", 48000)])
async def test_baresip_is_heard_and_hears(centre: Centre, tmp_path: Path, codec: str, rate: int) -> None:
    account = "<sip:+79748006691@127.0.0.1>;regint=0"
    async with (
        desk_of(centre, "agent4") as desk,
        Baresip(tmp_path, account, CALLER, codec=codec, rate=rate) as phone,
        asyncio.TaskGroup() as group,
    ):
        await phone.tell("dial", f"sip:612@{centre.sip[0]}:{centre.sip[1]}")
        contact = (await desk.wait_work("offered", timeout=20))["id"]
        tab = AgentTab(desk, contact, "tab", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await desk.accept(contact)
        await until(lambda: tab.ear.hears(CALLER), "baresip's tone at the agent")
        await until(lambda: phone.heard_long(AGENT), "the agent's tone at baresip")
        await phone.quit()  # it says BYE
        await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "baresip's BYE is known")
        talking.cancel()
        await desk.dispose(contact, ["BAL.01"], "resolved")


@pytest.fixture
def opus_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEPLO_OPUS_PHONES", "first")


async def test_a_setting_puts_opus_before_g711(opus_first: None, own_centre: Centre, tmp_path: Path) -> None:
    """Who has both gets G.711 by itself."""
    account, both = "<sip:+79748006694@127.0.0.1>;regint=0", "PCMA,opus/48000/2"
    async with Baresip(tmp_path, account, CALLER, codec=both, rate=48000) as phone:
        await phone.tell("dial", f"sip:612@{own_centre.sip[0]}:{own_centre.sip[1]}")
        await until(lambda: b"Set audio encoder: " in phone.said, "the worker's answer")
        assert b"Set audio encoder: opus 48000Hz" in phone.said


@pytest.fixture
def only_md5(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEPLO_SIP_DIGESTS", '["md5"]')


async def test_baresip_registers_and_rings_where_it_is_asked_for_md5_alone(
    only_md5: None, own_centre: Centre, phones: Phones, tmp_path: Path
) -> None:
    place = f"{own_centre.sip[0]}:{own_centre.sip[1]}"
    async with (
        DeskClient(own_centre.served.address, "admin", own_centre.served.password, topics=()) as admin,
        desk_of(own_centre, "agent1") as desk,
    ):
        path = f"/phones/{desk.session['person']['id']}/secret"
        made = (await admin.call("POST", path, {"login": "7302"})).json()
        account = f"<sip:7302@{place}>;auth_pass={made['secret']}"
        async with Baresip(tmp_path, account, AGENT) as phone:
            await until(lambda: b"200 OK" in phone.said, "baresip is registered")
            assert (await desk.call("PUT", "/me/phone", {"by": "phone"})).json()["by"] == "phone"
            call, subscriber = await calls(phones, own_centre, "+79748006695")
            await lifted(phone)
            await until(lambda: subscriber.hears(AGENT) and phone.heard_long(CALLER), "both hear each other")
            call.hang_up()
            await until(lambda: b"terminated (duration" in phone.said, "baresip is free")


@nightly
@pytest.mark.timeout(300)
async def test_a_phone_that_is_gone_without_a_word_is_rung_until_its_registration_ends_and_no_longer(
    only_md5: None, own_centre: Centre, phones: Phones, tmp_path: Path
) -> None:
    place = f"{own_centre.sip[0]}:{own_centre.sip[1]}"
    until_when = "select extract(epoch from max(until)) from phone_binding"
    async with (
        DeskClient(own_centre.served.address, "admin", own_centre.served.password, topics=()) as admin,
        desk_of(own_centre, "agent1") as desk,
    ):
        path = f"/phones/{desk.session['person']['id']}/secret"
        made = (await admin.call("POST", path, {"login": "7302"})).json()
        account = f"<sip:7302@{place}>;auth_pass={made['secret']};regint=60"
        async with Baresip(tmp_path / "first", account, AGENT) as phone:
            first = await until(lambda: row(own_centre, until_when)[0], "baresip is registered")
            await desk.call("PUT", "/me/phone", {"by": "phone"})
            await until(lambda: row(own_centre, until_when)[0] > first + 20, "it has registered again", 90)
            assert phone.process is not None
            phone.process.kill()
            await phone.process.wait()
        alive = "select count(*) from phone_binding where until > clock_timestamp()"
        nobodys = "<sip:7302@127.0.0.1>;regint=0"
        async with Baresip(tmp_path / "again", nobodys, AGENT, port=phone.port, trace=True) as again:
            call, _ = await calls(phones, own_centre, "+79748006697")
            await until(lambda: b"INVITE sip:7302" in again.said, "whoever listens there now is called")
            await until(lambda: desk.me["reason"] == "phone_unreachable", "the agent is set aside")
            call.hang_up()
            await until(lambda: row(own_centre, alive) == (0,), "its time is over", 90)
            await desk.presence("available")
            await until(lambda: desk.me["presence"] == "available", "back on line")
            called = again.said.count(b"INVITE sip:7302")
            call, _ = await calls(phones, own_centre, "+79748006698")
            await until(lambda: desk.me["reason"] == "phone_unreachable", "the agent is set aside again")
            assert again.said.count(b"INVITE sip:7302") == called and not desk.work
            call.hang_up()


@asynccontextmanager
async def at_the_desk(centre: Centre, desk: DeskClient, folder: Path) -> AsyncIterator[Baresip]:
    """baresip at a fixed address, as the phone by which an agent works."""
    async with (
        DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as admin,
        Baresip(folder, "<sip:7301@127.0.0.1>;regint=0", AGENT) as phone,
    ):
        path = f"/phones/{desk.session['person']['id']}"
        await admin.call("PUT", f"{path}/address", {"uri": f"sip:7301@127.0.0.1:{phone.port}"})
        assert (await desk.call("PUT", "/me/phone", {"by": "phone"})).json()["by"] == "phone"
        try:
            yield phone
        finally:
            await desk.call("PUT", "/me/phone", {"by": "browser"})
            await admin.call("DELETE", path)


async def lifted(phone: Baresip) -> None:
    await until(lambda: b"Incoming call from" in phone.said, "baresip rings")
    await phone.tell("accept")


async def taken(
    phone: Baresip, phones: Phones, centre: Centre, desk: DeskClient, number: str
) -> tuple[PhoneCall, Ear, str]:
    """A subscriber calls and baresip answers: both hear each other. Return the call, its ear and the contact."""
    call, subscriber = await calls(phones, centre, number)
    contact = (await desk.wait_work("offered", timeout=40))["id"]
    await lifted(phone)
    await until(lambda: subscriber.hears(AGENT) and phone.heard_long(CALLER), "both hear each other")
    return call, subscriber, contact


async def test_the_transfer_key_of_baresip_hands_over_to_a_queue(
    centre: Centre, phones: Phones, tmp_path: Path
) -> None:
    async with desk_of(centre, "agent1") as desk, at_the_desk(centre, desk, tmp_path) as phone:
        call, subscriber, contact = await taken(phone, phones, centre, desk, "+79748006692")

        async with desk_of(centre, "agent2") as colleague:
            await phone.tell("transfer", f"sip:voice-general@{centre.sip[0]}:{centre.sip[1]}")
            await until(lambda: contact not in desk.work, "the agent has handed over")
            await until(lambda: b"terminated (duration" in phone.said, "baresip is free")
            await takes_to_the_end(colleague, contact, call, subscriber)
        assert b"transfer fail" not in phone.said


async def test_baresip_that_hangs_up_on_a_refused_transfer_is_called_again(
    centre: Centre, phones: Phones, tmp_path: Path
) -> None:
    async with desk_of(centre, "agent1") as desk, at_the_desk(centre, desk, tmp_path) as phone:
        call, subscriber, contact = await taken(phone, phones, centre, desk, "+79748006696")
        for again in (2, 3):
            await phone.tell("transfer", f"sip:+78030000000@{centre.sip[0]}:{centre.sip[1]}")
            await until(lambda again=again: phone.said.count(b"Incoming call from") == again, "it rings again")
            assert b"transfer failed: 403" in phone.said
            await phone.tell("accept")
            await until(lambda: subscriber.hears(AGENT) and phone.heard_long(CALLER), "the talk goes on")
        assert desk.work[contact]["state"] == "talking" and not call.over.is_set()
        await phone.tell("hangup")
        await until(lambda: desk.work.get(contact, {}).get("state") == "wrap_up", "a hang-up is one")
        assert (await desk.record(contact))["ended_by"] == "agent"
        call.hang_up()
        await desk.dispose(contact, ["BAL.01"], "resolved")


async def test_the_transfer_key_of_baresip_hands_over_to_an_allowed_number(
    centre: Centre, phones: Phones, tmp_path: Path
) -> None:
    async with (
        desk_of(centre, "agent1") as desk,
        Phones("127.0.0.3") as elsewhere,
        trunk_to(centre, elsewhere),
        at_the_desk(centre, desk, tmp_path) as phone,
    ):
        call, subscriber, contact = await taken(phone, phones, centre, desk, "+79748006693")
        await phone.tell("transfer", f"sip:+79748009998@{centre.sip[0]}:{centre.sip[1]}")
        called, their = await (await elsewhere.rings.get()).answer(), Ear()
        called.listen(their.frame)
        called.say(tone(GUEST), loop=True)
        await until(lambda: subscriber.hears(GUEST) and their.hears(CALLER), "the two without the agent")
        await until(lambda: desk.work[contact]["state"] == "wrap_up", "wrap-up")
        await until(lambda: b"terminated (duration" in phone.said, "baresip is free")
        assert b"transfer fail" not in phone.said
        await desk.dispose(contact, ["BAL.01"], "passed")
        called.hang_up()
        await until(call.over.is_set, "the subscriber's call ends, too", 40)
