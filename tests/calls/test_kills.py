"""What is killed during a call costs what it must and no more: audio goes on, places are kept, nothing is stuck."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest

from teplo.simulator.desk import DeskClient
from teplo.simulator.phone import PhoneCall, Phones

from .conftest import Centre
from .people import AgentTab, Ear, until
from .test_call import AGENT, CALLER, calls, desk_of
from .test_callback import row

pytestmark = [pytest.mark.anyio, pytest.mark.slow]


class Talk:
    """A call that an agent has answered in a browser, and what both hear."""

    def __init__(self, desk: DeskClient, contact: str, call: PhoneCall, subscriber: Ear, tab: AgentTab) -> None:
        self.desk, self.contact, self.call, self.subscriber, self.tab = desk, contact, call, subscriber, tab
        self.offered: dict[str, Any] = {}

    def heard(self) -> bool:
        """Whether both hear each other."""
        return self.subscriber.hears(AGENT) and self.tab.ear.hears(CALLER)

    async def is_over(self, what: str) -> None:
        """Wait until the agent is free of the call."""
        await until(
            lambda: self.desk.live.connected and self.desk.work.get(self.contact, {}).get("state") == "wrap_up", what
        )


def recorded_bytes(centre: Centre, contact: str) -> int:
    """The size of the file so far."""
    found = row(centre, "select path from recording where contact = %s", contact)
    file = centre.data / "recordings" / found[0] if found else None
    return file.stat().st_size if file is not None and file.exists() else 0


@asynccontextmanager
async def talk(centre: Centre, phones: Phones, desk: DeskClient, number: str) -> AsyncIterator[Talk]:
    """A subscriber calls, the agent accepts in a browser; at the end the agent says what it was about."""
    call, subscriber = await calls(phones, centre, number)
    offered = await desk.wait_work("offered", timeout=40)
    tab = AgentTab(desk, offered["id"], "tab", AGENT)
    await tab.join()
    made = Talk(desk, offered["id"], call, subscriber, tab)
    made.offered = offered
    async with asyncio.TaskGroup() as group:
        talking = group.create_task(tab.talk())
        await desk.accept(made.contact)
        await until(made.heard, "both hear each other")
        yield made
        talking.cancel()
    await desk.dispose(made.contact, ["BAL.01"], "resolved")


async def test_a_killed_worker_frees_its_agent_who_gets_the_caller_again(own_centre: Centre, phones: Phones) -> None:
    number = "+79748002233"
    async with desk_of(own_centre, "agent1") as desk:
        async with talk(own_centre, phones, desk, number) as one:
            await until(lambda: recorded_bytes(own_centre, one.contact) > 20_000, "a second is on the disk")
            own_centre.voice.send_signal(signal.SIGKILL)
            own_centre.voice.wait()
            await one.is_over("the agent is free of the broken call")
        length = "select recorded > 0 from recording where contact = %s"
        await until(lambda: row(own_centre, length, one.contact) == (True,), "the recording has its length", 60)
        own_centre.start_voice()
        async with talk(own_centre, phones, desk, number) as again:
            assert any(fact["code"] == "preferred" for fact in again.offered["why"]["facts"])
            again.call.hang_up()
            await again.is_over("the subscriber has hung up")


async def test_a_killed_server_is_not_heard_and_what_happens_meanwhile_counts(
    own_centre: Centre, phones: Phones
) -> None:
    async with (
        desk_of(own_centre, "agent1", patience=40) as desk,
        talk(own_centre, phones, desk, "+79748003344") as one,
    ):
        own_centre.kill_server()
        for _ in range(20):  # while nobody serves pages and nobody decides
            await asyncio.sleep(0.1)
            assert one.heard()
        one.call.hang_up()
        await until(one.call.over.is_set, "the end of the call")
        own_centre.start_server()
        await one.is_over("the end is known when the server is back")


def test_the_worker_says_what_port_is_taken(centre: Centre) -> None:
    env = {**os.environ, "TEPLO_DATABASE_URL": centre.served.database_url, "TEPLO_SIP_PORT": str(centre.sip[1])}
    done = subprocess.run(
        [sys.executable, "-m", "teplo.cli", "voice"], env=env, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1:{centre.sip[1]}" in done.stderr and "TEPLO_SIP_PORT=5070" in done.stderr


async def test_a_database_that_starts_anew_ends_no_call(own_centre: Centre, phones: Phones) -> None:
    async with desk_of(own_centre, "agent1", patience=40) as desk:
        async with talk(own_centre, phones, desk, "+79748004455") as one:
            with psycopg.connect(own_centre.served.database_url, autocommit=True) as conn:
                # What a crash of the server does: unlogged tables are empty, nobody is connected any more.
                conn.execute("truncate voice_node, node, desk")
                conn.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and pid <> pg_backend_pid()"
                )
            for _ in range(80):
                await asyncio.sleep(0.1)
                assert one.heard()
            one.call.hang_up()
            await one.is_over("the subscriber's end is known")
        assert (await desk.record(one.contact))["ended_by"] == "subscriber"
