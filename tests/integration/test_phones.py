"""Phones of agents: secrets, and registrations that every worker and the next start find."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from uuid_utils import uuid7

from teplo.channels.voice.sip.endpoint import Endpoint
from teplo.channels.voice.sip.flow import Flow
from teplo.channels.voice.sip.transport import Listen
from teplo.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from teplo.seed import seed_demo
from teplo.services.access import ROLE_PERMISSIONS, SYSTEM, Caller
from teplo.services.calls.phone_book import Known, PhoneBook
from teplo.services.phones import Phones as PhoneCases
from teplo.simulator.desk_phone import DeskPhone
from teplo.simulator.phone import Phones
from teplo.storage import callbacks, calls, config, desks, phones
from teplo.storage.db import Database

pytestmark = pytest.mark.anyio


async def agents(db: Database) -> list[config.Item]:
    async with db.transaction() as conn:
        await seed_demo(conn, 1_800_000_000.0)
        return [one for one in await config.items(conn, ["person"]) if one.body["role"] == "agent"]


def agent(id: str) -> Caller:
    return Caller(id, "agent", "", "", None, "ru", ROLE_PERMISSIONS["agent"])


@asynccontextmanager
async def worker(db: Database) -> AsyncIterator[tuple[Endpoint, PhoneBook]]:
    async with Endpoint(Listen("127.0.0.1", 0, None)) as endpoint, asyncio.TaskGroup() as group:
        book = PhoneBook(db, endpoint.core, str(uuid7()))
        endpoint.admit(book.registrar, lambda: book.may_register)
        await book.load()
        running = group.create_task(book.run())
        yield endpoint, book
        running.cancel()


async def test_a_registration_is_found_by_other_workers_and_makes_the_agent_present(db: Database) -> None:
    person = (await agents(db))[0]
    cases = PhoneCases(db)
    made = await cases.issue(SYSTEM, person.id, None)
    await cases.work_by(agent(person.id), True)
    async with worker(db) as (endpoint, book), worker(db) as (_, other), Phones() as line:
        phone = DeskPhone(line, ("127.0.0.1", endpoint.transports.ports["UDP"]), made.login, made.secret)
        known = Known(person.id, made.login, None)
        phone.register()
        async with asyncio.timeout(10):
            while not (other.ways(known) and book.ways(known)):
                await asyncio.sleep(0.01)
        way = other.ways(known)[0]
        assert way.target.user == made.login and way.route == book.ways(known)[0].route
        async with db.connection() as conn:
            assert await desks.connected(conn) == {person.id}
        assert (await cases.all(SYSTEM))[0].seconds > 60

        await cases.issue(SYSTEM, person.id, None)  # a new secret voids what had registered
        async with asyncio.timeout(10):
            while other.ways(known) or book.ways(known):
                await asyncio.sleep(0.01)


async def test_ways_through_a_nat_are_kept_open_by_the_next_start_but_not_by_other_workers(db: Database) -> None:
    person = (await agents(db))[0]
    await PhoneCases(db).issue(SYSTEM, person.id, None)
    alive, gone = str(uuid7()), str(uuid7())
    places = [
        phones.Binding(
            person.id, f"sip:a@192.168.1.{n}", node, "UDP", "192.0.2.7", 40_000 + n, 0, f"call-{n}", 1, 300.0
        )
        for n, node in enumerate((alive, gone))
    ]
    async with db.transaction() as conn:
        await calls.seen(conn, alive, "elsewhere", 0)
        await phones.bind(conn, person.id, places[:1])
    async with worker(db) as (_, book):
        assert not book.keeper.kept
        async with db.transaction() as conn:
            await phones.bind(conn, person.id, places[1:])
        async with asyncio.timeout(10):
            while book.keeper.kept != {Flow("UDP", "192.0.2.7", 40_001)}:
                await asyncio.sleep(0.01)


async def test_who_may_have_a_phone_and_who_may_give_one(db: Database) -> None:
    first, second = (await agents(db))[:2]
    cases = PhoneCases(db)
    with pytest.raises(NotAllowed):
        await cases.issue(agent(first.id), first.id, None)
    with pytest.raises(NotFound, match=r"phone\.agent"):
        await cases.issue(SYSTEM, str(uuid7()), None)
    with pytest.raises(Conflict, match=r"phone\.none"):
        await cases.work_by(agent(first.id), True)
    await cases.issue(SYSTEM, first.id, "7301")
    with pytest.raises(Conflict, match=r"phone\.login_taken"):
        await cases.issue(SYSTEM, second.id, "7301")
    with pytest.raises(Invalid, match=r"phone\.uri"):
        await cases.set_address(SYSTEM, second.id, "tel:7302")
    fixed = await cases.set_address(SYSTEM, second.id, "sip:7302@192.0.2.20")
    assert fixed.uri == "sip:7302@192.0.2.20" and fixed.login is None
    await cases.remove(SYSTEM, second.id)
    assert [one.agent for one in await cases.all(SYSTEM)] == [first.id]


async def test_the_ringing_of_a_phone_belongs_to_one_living_worker_which_may_ask_again(db: Database) -> None:
    first, second = str(uuid7()), str(uuid7())
    async with db.connection() as conn:
        await calls.seen(conn, first, "host", 0)
        assert await callbacks.ring(conn, "c:1", first)
        assert await callbacks.ring(conn, "c:1", first), "the first answer may have been lost"
        assert not await callbacks.ring(conn, "c:1", second)
        assert await callbacks.rings_at(conn, "c:1") == first
        await calls.leave(conn, first)
        assert await callbacks.rings_at(conn, "c:1") is None, "who is gone rings nowhere"
        assert await callbacks.ring(conn, "c:1", second)
