"""The network goes away without a word and comes back: nobody signs in again, nothing is lost, nothing comes twice."""

import asyncio
import os
from pathlib import Path

import pytest

from teplo.storage import events as log
from teplo.storage.db import Database

from .installation import Installation
from .proxy import Proxy
from .talks import Talk, Talks, lay_out, layout, until

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(300)]

CUT_SECONDS = 30.0 if os.environ.get("TEPLO_NIGHTLY") else 3.0


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("cuts")
    for part in [path, *path.parents][:3]:
        part.chmod(0o755)
    return path


async def _say_more(talks: Talks, each: int) -> None:
    async def one(talk: Talk, author: str) -> None:
        for _ in range(each):
            await talk.write(author)

    await asyncio.gather(*(one(talk, author) for talk in talks.talks for author in ("subscriber", "agent")))


async def test_a_cut_loses_and_doubles_nothing(folder: Path) -> None:
    async with Installation(folder, nodes=1) as installation:
        address = installation.nodes[0].address
        await lay_out(installation.server.url, list(layout(2, 2, disconnect_grace=120)))
        async with (
            Proxy(address) as desks_network,
            Proxy(address) as widgets_network,
            Talks([desks_network.address, address], [address, widgets_network.address], chats=4) as talks,
        ):
            sessions = [desk.session for desk in talks.desks]
            for network in (desks_network, widgets_network):
                for broken in (False, True):
                    network.cut()
                    async with asyncio.TaskGroup() as group:
                        # Both sides go on: those behind the cut repeat what they wrote until somebody confirms it.
                        group.create_task(_say_more(talks, 3))
                        await asyncio.sleep(CUT_SECONDS)  # how long the network is away is what is tested
                        network.mend(broken=broken)
                    await _say_more(talks, 1)
                    await talks.settle()
            await talks.check(installation.server.url)
            assert [desk.session for desk in talks.desks] == sessions, "somebody had to sign in again"
            assert all(len(talk.said[author]) == 16 for talk in talks.talks for author in talk.said)


async def test_an_agent_who_stays_away_loses_the_chat_to_its_old_place_in_the_queue(folder: Path) -> None:
    async with Installation(folder, nodes=1, settings={"TEPLO_LIVE_PING_SECONDS": "1"}) as installation:
        address = installation.nodes[0].address
        await lay_out(installation.server.url, list(layout(1, 1, disconnect_grace=1)))
        async with Proxy(address) as network, Talks([network.address], [address], chats=1) as talks:
            (talk,) = talks.talks
            await _say_more(talks, 1)
            network.cut()
            await talk.subscriber.wait_phase("waiting", timeout=30)
            await talk.subscriber.send("Вы ещё здесь?")
            network.mend(broken=True)
            desk = talk.desk
            await desk.wait_for(lambda d: d.live.connected and d.me.get("presence") == "offline", 30)
            await desk.wait_gone(talk.contact, 30)
            await desk.presence("available")
            await desk.accept(
                talk.contact, (await desk.wait_work("offered", contact=talk.contact, timeout=30))["offer"]
            )
            await desk.history(talk.contact)
            await until(lambda: "Вы ещё здесь?" in talk.shown_to_agent("subscriber"))
            talk.said["subscriber"].append("Вы ещё здесь?")
            await talks.settle()
            await talks.check(installation.server.url, may_return=True)
            await _same_place(installation.server.url, talk.contact)


async def _same_place(url: str, contact: str) -> None:
    async with Database(url, size=2) as db, db.connection() as conn:
        facts = [event for _, event in await log.of_contact(conn, contact)]
    released = [event.body()["why"] for event in facts if event.KIND == "contact.released"]
    places = {event.body()["since"] for event in facts if event.KIND == "contact.queued"}
    assert len(released) == 1, released
    assert len(places) == 1, "the place in the queue was not kept"
