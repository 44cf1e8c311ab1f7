"""Trunks of a worker: which is tried first, and that one worker alone registers one."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from uuid_utils import uuid7

from teplo.channels.voice.sip.endpoint import Endpoint
from teplo.channels.voice.sip.transport import Listen
from teplo.channels.voice.sip.trunk import Trunk
from teplo.clock import SteadyClock
from teplo.services.access import SYSTEM
from teplo.services.calls import setup
from teplo.services.calls.trunk_watch import TrunkWatch
from teplo.services.trunk_health import TrunkHealth
from teplo.services.trunks import Trunks, Vault
from teplo.storage import calls, config, trunks
from teplo.storage.db import Database
from teplo.storage.ports import free_port

pytestmark = pytest.mark.anyio
NAME = {"ru": "Оператор связи", "en": "Carrier"}


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    async with Endpoint(Listen("127.0.0.1", 0, 0), [Trunk.of("all", "127.0.0.1")]) as opened:
        yield opened


async def put(db: Database, id: str, **body: object) -> None:
    async with db.transaction() as conn:
        await config.save(
            conn, [config.Item("trunk", id, 1, True, {"name": NAME, "networks": ["192.0.2.1/32"], **body}, 0.0, None)]
        )


async def test_a_dead_trunk_is_tried_last(db: Database, endpoint: Endpoint) -> None:
    live = endpoint.transports.ports["TCP"]  # it answers its own questions
    await put(db, "first", route=f"sip:127.0.0.1:{free_port()};transport=tcp", order=1)
    await put(db, "second", route=f"sip:127.0.0.1:{live};transport=tcp", order=2)
    watch = TrunkWatch(db, endpoint.core, str(uuid7()))
    found = await setup.ways(db, "+79731112233")
    assert [way.trunk for way in watch.order(found)] == ["first", "second"]
    await watch.refresh()
    async with asyncio.timeout(10):
        while not watch.is_down("first"):
            await asyncio.sleep(0.01)
    assert [way.trunk for way in watch.order(found)] == ["second", "first"]
    assert not watch.is_down("second")
    async with asyncio.timeout(10):
        while {one.trunk: one.up for one in await Trunks(db).states(SYSTEM)} != {"first": False, "second": True}:
            await watch.refresh()


async def test_one_living_worker_has_a_trunk(db: Database) -> None:
    one, two = str(uuid7()), str(uuid7())
    async with db.transaction() as conn:
        await calls.seen(conn, one, "here", 0)
        await calls.seen(conn, two, "here", 0)
        assert await trunks.claim(conn, ["a"], one) == {"a"}
        assert await trunks.claim(conn, ["a"], two) == set()
        await calls.leave(conn, one)
        assert await trunks.claim(conn, ["a"], two) == {"a"}
        assert await trunks.claim(conn, ["a"], one) == set()


async def test_a_worker_that_is_to_stop_leaves_its_trunks_to_another(db: Database, endpoint: Endpoint) -> None:
    one, two = str(uuid7()), str(uuid7())
    await put(db, "carrier")
    async with db.transaction() as conn:
        await calls.seen(conn, one, "here", 1)
        await calls.seen(conn, two, "here", 0)
    leaving, other = TrunkWatch(db, endpoint.core, one), TrunkWatch(db, endpoint.core, two)

    async def whose() -> str:
        async with db.connection() as conn:
            row = await (await conn.execute("select node::text from trunk_state")).fetchone()
        return row[0] if row else ""

    for watch in (leaving, other):
        await watch.refresh()
    assert await whose() == one
    await leaving.release()
    for watch in (leaving, other, leaving):
        await watch.refresh()
    assert await whose() == two


async def test_a_secret_is_sealed_and_bound_to_its_trunk(db: Database) -> None:
    await put(db, "carrier")
    await Trunks(db).set_secret(SYSTEM, "carrier", "open sesame")
    async with db.connection() as conn:
        vault, sealed = await Vault.of(conn), (await trunks.secrets(conn))["carrier"]
    assert b"sesame" not in sealed and vault.open("carrier", sealed) == "open sesame"
    assert vault.open("other", sealed) is None


async def test_health_counts_what_does_not_stand_well(db: Database) -> None:
    one, two = str(uuid7()), str(uuid7())
    await put(db, "plain")
    await put(db, "silent", route="sip:192.0.2.9")
    await put(db, "refused", registrar="sip:192.0.2.8", user="611")
    health = TrunkHealth(db, SteadyClock())
    assert health.counts is None, "nobody has looked yet"
    async with asyncio.TaskGroup() as group:
        running = group.create_task(health.run())
        await until(lambda: health.counts == trunks.Counts(3, 0, 0, 3), "no worker has ever seen them")
        async with db.transaction() as conn:
            await calls.seen(conn, one, "here", 0)
            assert len(await trunks.claim(conn, ["plain", "silent", "refused"], one)) == 3
            await trunks.tell(conn, one, "silent", None, 0, False)
            await trunks.tell(conn, one, "refused", "refused", 403, True)
        await until(lambda: health.counts == trunks.Counts(3, 1, 1, 0), "one is down, one is not registered")
        async with db.transaction() as conn:
            await trunks.tell(conn, one, "refused", "registered", 200, True)
            await trunks.tell(conn, one, "silent", None, 0, True)
        await until(lambda: health.counts == trunks.Counts(3, 0, 0, 0), "all is well")
        async with db.transaction() as conn:
            await calls.leave(conn, one)
            await calls.seen(conn, two, "here", 0)
        await until(lambda: health.counts == trunks.Counts(3, 0, 0, 3), "what a dead worker wrote is not believed")
        running.cancel()


async def until(condition: Callable[[], bool], what: str) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.05)
    assert condition(), what
