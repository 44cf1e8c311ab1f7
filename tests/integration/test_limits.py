"""Limits of calling out hold exactly, however many workers count at once, and say when there is room again."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from uuid_utils import uuid7

from teplo.domain.errors import TooMany
from teplo.services import dialling
from teplo.services.access import SYSTEM
from teplo.services.dialling import NotMade
from teplo.storage import callbacks, calls, config
from teplo.storage.config import Item
from teplo.storage.db import Connection, Database

pytestmark = pytest.mark.anyio

HOUR = 3600.0
OURS, OTHER = "+79748007101", "+79748007102"


async def rules(db: Database, **changes: int) -> None:
    body = {"allowed": ["+7974"], "denied": [], "person_hour": 100, "person_day": 100, "day": 100, **changes}
    async with db.transaction() as conn:
        known = await config.one(conn, "dialling", dialling.RULES_ID)
        version = 1 if known is None else known.version + 1
        await config.save(conn, [Item("dialling", dialling.RULES_ID, version, True, body, 0.0, None)])


async def attempt(conn: Connection, contact: str, number: str, n: int = 1) -> NotMade | None:
    """What a worker does in one transaction before it dials."""
    call, node = str(uuid7()), str(uuid7())
    assert await callbacks.claim(conn, contact, n, node, call)
    about = {"called": "611", "subscriber": None, "region": None, "language": "ru"}
    await calls.begin(conn, id=call, node=node, trunk="", number=number, **about)
    told = await dialling.permit_call_back(conn, contact, number)
    if told is not None:
        await callbacks.dialled(conn, contact, n, told.why)
    return told


async def made(db: Database, number: str, *, ago: float, contact: str | None = None, n: int = 1) -> NotMade | None:
    """An attempt so many seconds ago that reached nobody, unless the rules forbade it."""
    id = contact or str(uuid7())
    async with db.transaction() as conn:
        told = await attempt(conn, id, number, n)
        await callbacks.dialled(conn, id, n, "no_answer")
        moved = "update dial set started_at = started_at - %s * interval '1 s' where contact = %s and attempt = %s"
        await conn.execute(moved, (ago, id, n))
    return told


async def both_at_once(db: Database, one: Callable[[Connection, int], Awaitable[object]]) -> list[object]:
    """Two transactions that have both written down before either commits, or as far as they let each other come."""
    written = asyncio.Event()

    async def first() -> object:
        async with db.transaction() as conn:
            found = await one(conn, 1)
            written.set()
            await until_one_waits(db)
            return found

    async def second() -> object:
        await written.wait()
        async with db.transaction() as conn:
            return await one(conn, 2)

    return list(await asyncio.gather(first(), second(), return_exceptions=True))


async def until_one_waits(db: Database) -> None:
    query = """select from pg_locks l join pg_database d on d.oid = l.database
        where l.locktype = 'advisory' and not l.granted and d.datname = current_database()"""
    for _ in range(200):
        async with db.connection() as conn:
            if await (await conn.execute(query)).fetchone() is not None:
                return
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("limit", ["callback_number_day", "callback_day"])
async def test_of_two_workers_that_count_at_once_one_is_over_the_limit(db: Database, limit: str) -> None:
    await rules(db, **{limit: 1})

    async def one(conn: Connection, n: int) -> NotMade | None:
        return await attempt(conn, str(uuid7()), OURS)

    first, second = await both_at_once(db, one)
    assert first is None and isinstance(second, NotMade) and second.why == "limit"


@pytest.mark.parametrize("limit", ["person_hour", "person_day", "day"])
async def test_of_two_calls_out_at_once_one_is_over_the_limit(db: Database, limit: str) -> None:
    await rules(db, **{limit: 1})
    caller = replace(SYSTEM, id=str(uuid7()))

    async def one(conn: Connection, n: int) -> str | None:
        return await dialling.permit(conn, caller, str(uuid7()), str(uuid7()), OURS)

    first, second = await both_at_once(db, one)
    assert first == OURS and isinstance(second, TooMany)


async def test_a_limit_tells_when_there_is_room_again_one_call_after_the_other(db: Database) -> None:
    await rules(db, callback_day=2)
    for ago in (20 * HOUR, 5 * HOUR):
        assert await made(db, OTHER, ago=ago) is None
    first, second, third = (str(uuid7()) for _ in range(3))
    expected = [(first, 4), (second, 19), (third, 19)]  # there are no more calls to grow old
    for contact, hours in expected:
        async with db.transaction() as conn:
            told = await attempt(conn, contact, OURS)
        assert told is not None and told.why == "limit" and told.after == pytest.approx(hours * HOUR, abs=120)
    async with db.transaction() as conn:
        again = await attempt(conn, first, OURS, 2)
    assert again is not None and again.after == pytest.approx(4 * HOUR, abs=120), "it keeps its place"


async def test_of_two_limits_the_longer_one_counts_and_calls_of_the_same_contact_do(db: Database) -> None:
    await rules(db, callback_day=1, callback_number_day=1)
    contact = str(uuid7())
    assert await made(db, OURS, ago=10 * HOUR, contact=contact) is None
    async with db.transaction() as conn:
        told = await attempt(conn, contact, OURS, 2)
    assert told is not None and told.after == pytest.approx(14 * HOUR, abs=120)


async def test_a_limit_of_no_calls_at_all_puts_off_by_a_day(db: Database) -> None:
    await rules(db, callback_day=0)
    async with db.transaction() as conn:
        told = await attempt(conn, str(uuid7()), OURS)
    assert told == NotMade("limit", 24 * HOUR)
