"""What is killed during a call costs what it must and no more: audio goes on, places are kept, nothing is stuck."""

import asyncio
import os
import signal
import subprocess
import sys

import psycopg
import pytest

from teplo.simulator.phone import Phones

from .conftest import Centre
from .people import AgentTab, until
from .test_call import AGENT, CALLER, calls, desk_of

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


async def test_a_killed_worker_frees_its_agent_who_gets_the_caller_again(own_centre: Centre, phones: Phones) -> None:
    async with desk_of(own_centre, "agent1") as desk, asyncio.TaskGroup() as group:
        _, subscriber = await calls(phones, own_centre, "+79748002233")
        first = (await desk.wait_work("offered", timeout=40))["id"]
        tab = AgentTab(desk, first, "tab", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await desk.accept(first)
        await until(lambda: subscriber.hears(AGENT), "the talk")
        own_centre.voice.send_signal(signal.SIGKILL)
        own_centre.voice.wait()
        await until(lambda: desk.work.get(first, {}).get("state") == "wrap_up", "the agent is free of the broken call")
        talking.cancel()
        await desk.dispose(first, ["BAL.01"], "unresolved")

        own_centre.start_voice()
        call, subscriber = await calls(phones, own_centre, "+79748002233")
        again = await desk.wait_work("offered", timeout=40)
        assert any(fact["code"] == "preferred" for fact in again["why"]["facts"])
        tab = AgentTab(desk, again["id"], "tab", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await desk.accept(again["id"])
        await until(lambda: tab.ear.hears(CALLER), "the talk goes on")
        call.hang_up()
        await until(lambda: desk.work.get(again["id"], {}).get("state") == "wrap_up", "the subscriber has hung up")
        talking.cancel()
        await desk.dispose(again["id"], ["BAL.01"], "resolved")


async def test_a_killed_server_is_not_heard_and_what_happens_meanwhile_counts(
    own_centre: Centre, phones: Phones
) -> None:
    async with asyncio.TaskGroup() as group:
        async with desk_of(own_centre, "agent1", patience=40) as desk:
            call, subscriber = await calls(phones, own_centre, "+79748003344")
            contact = (await desk.wait_work("offered", timeout=40))["id"]
            tab = AgentTab(desk, contact, "tab", AGENT)
            await tab.join()
            talking = group.create_task(tab.talk())
            await desk.accept(contact)
            await until(lambda: subscriber.hears(AGENT) and tab.ear.hears(CALLER), "the talk")
            own_centre.kill_server()
            for _ in range(20):  # while nobody serves pages and nobody decides
                await asyncio.sleep(0.1)
                assert subscriber.hears(AGENT) and tab.ear.hears(CALLER)
            call.hang_up()
            await until(call.over.is_set, "the end of the call")
            own_centre.start_server()
            await until(
                lambda: desk.live.connected and desk.work.get(contact, {}).get("state") == "wrap_up",
                "the end is known when the server is back",
            )
            talking.cancel()
            await desk.dispose(contact, ["BAL.01"], "resolved")


def test_the_worker_says_what_port_is_taken(centre: Centre) -> None:
    env = {**os.environ, "TEPLO_DATABASE_URL": centre.served.database_url, "TEPLO_SIP_PORT": str(centre.sip[1])}
    done = subprocess.run(
        [sys.executable, "-m", "teplo.cli", "voice"], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{centre.sip[1]}" in done.stderr and "TEPLO_SIP_PORT=5070" in done.stderr


async def test_a_database_that_starts_anew_ends_no_call(own_centre: Centre, phones: Phones) -> None:
    async with desk_of(own_centre, "agent1", patience=40) as desk, asyncio.TaskGroup() as group:
        call, subscriber = await calls(phones, own_centre, "+79748004455")
        contact = (await desk.wait_work("offered", timeout=40))["id"]
        tab = AgentTab(desk, contact, "tab", AGENT)
        await tab.join()
        talking = group.create_task(tab.talk())
        await desk.accept(contact)
        await until(lambda: subscriber.hears(AGENT) and tab.ear.hears(CALLER), "the talk")
        with psycopg.connect(own_centre.served.database_url, autocommit=True) as conn:
            # What a crash of the server does: unlogged tables are empty, nobody is connected any more.
            conn.execute("truncate voice_node, node, desk")
            conn.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        for _ in range(80):
            await asyncio.sleep(0.1)
            assert subscriber.hears(AGENT) and tab.ear.hears(CALLER)
        call.hang_up()
        await until(
            lambda: desk.live.connected and desk.work.get(contact, {}).get("state") == "wrap_up",
            "the subscriber's end is known",
        )
        talking.cancel()
        await desk.dispose(contact, ["BAL.01"], "resolved")
        record = await desk.record(contact)
        assert record["ended_by"] == "subscriber"
