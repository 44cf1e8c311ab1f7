"""The contact record follows the log: each fact once, and the same when made anew."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from tests.stories import Story, ident

from teplo.domain.events import Event
from teplo.services.feed import Feed
from teplo.services.projector import project, rebuild, run_projector
from teplo.storage import contacts, events
from teplo.storage.db import Database

pytestmark = pytest.mark.anyio


async def write(db: Database, facts: Sequence[Event]) -> None:
    async with db.transaction() as conn:
        first = await events.last_seq(conn) + 1
        await events.append(conn, first, [(fact, None) for fact in facts])


async def table(db: Database) -> list[tuple[Any, ...]]:
    async with db.connection() as conn:
        return await (await conn.execute("select * from contact order by number")).fetchall()


async def row(db: Database, contact: str) -> contacts.ContactRow:
    async with db.connection() as conn:
        found = await contacts.get(conn, ident(contact))
    assert found is not None
    return found


def some_day() -> Story:
    story = Story()
    story.queue("line")
    story.arrive("talked", "line", 0, subscriber="s", thread="t", reason="MNY.03")
    story.miss("talked", "x", "line", 5, since=0)
    story.accept("talked", "y", "line", 30, wait=30)
    story.arrive("gone", "line", 40)
    story.transfer("talked", "y", "line", "other", 90, since=0)
    story.accept("talked", "z", "other", 100, wait=10)
    story.abandon("gone", "line", 110, wait=70)
    story.end("talked", "z", "other", 200, talk=100)
    story.dispose("talked", "z", 230, wrap_up=30)
    story.grade("talked", "z", "other", 5, 240)
    story.arrive("open", "line", 250)
    return story


async def test_the_row_tells_the_life_of_a_contact(db: Database) -> None:
    story = some_day()
    await write(db, story.events)
    await project(db)
    found = await row(db, "talked")
    assert (found.state, found.queue, found.reason) == ("ended", "other", "MNY.03")
    assert (found.agent, found.agents) == (ident("z"), [ident("y"), ident("z")])
    assert (found.arrived_at, found.answered_at, found.ended_at) == (story.at(0), story.at(30), story.at(200))
    assert (found.wait, found.talk, found.wrap_up) == (30.0, 100.0, 30.0)
    assert (found.transfers, found.missed, found.grade) == (1, 1, 5)
    assert (found.reasons, found.outcome, found.ended_by) == (["MNY.03"], "resolved", "agent")
    gone = await row(db, "gone")
    assert (gone.state, gone.stage, gone.ended_by, gone.agent) == ("ended", "waiting", "subscriber", None)
    assert gone.wait == 70.0
    assert (await row(db, "open")).state == "waiting"


async def test_numbers_follow_the_order_of_arrival_without_gaps(db: Database) -> None:
    for fact in some_day().events:
        await write(db, [fact])
        await project(db)
    assert [(await row(db, name)).number for name in ("talked", "gone", "open")] == [1, 2, 3]


@pytest.mark.parametrize("limit", [1, 3, 1000])
async def test_the_size_of_the_steps_does_not_matter(db: Database, limit: int) -> None:
    story = some_day()
    await write(db, story.events)
    count = 0
    while found := await project(db, limit):
        count += found
    assert count == len(story.events)
    assert (await row(db, "talked")).wrap_up == 30.0
    assert (await row(db, "talked")).missed == 1
    before = await table(db)
    assert await project(db) == 0
    assert await table(db) == before


async def test_a_step_that_fails_leaves_neither_rows_nor_cursor(db: Database) -> None:
    await write(db, some_day().events)
    async with db.connection() as conn:
        await conn.execute("alter table reader_cursor add constraint full_disk check (seq < 5) not valid")
    with pytest.raises(Exception, match="full_disk"):
        await project(db)
    assert await table(db) == []
    async with db.connection() as conn:
        await conn.execute("alter table reader_cursor drop constraint full_disk")
    await project(db)
    assert (await row(db, "talked")).missed == 1


async def test_made_anew_the_rows_are_the_same_and_keep_their_numbers(db: Database) -> None:
    story = some_day()
    await write(db, story.events)
    while await project(db, 2):
        pass
    before = await table(db)
    async with db.connection() as conn:
        await conn.execute("update contact set talk = 77, state = 'broken', agents = '{}'")
        await conn.execute("update contact set number = default where id = %s", (ident("gone"),))
        renumbered = (await row_number(conn, "gone")) or 0
    assert await rebuild(db) == len(story.events)
    after = await table(db)
    assert renumbered > 3
    assert (await row(db, "gone")).number == renumbered, "a number that was told to people stays"
    by_id = {found[0]: found[2:] for found in after}
    assert by_id == {found[0]: found[2:] for found in before}


async def row_number(conn: Any, contact: str) -> int | None:
    found = await (await conn.execute("select number from contact where id = %s", (ident(contact),))).fetchone()
    return found[0] if found else None


async def test_made_anew_rows_that_the_log_does_not_know_go(db: Database) -> None:
    await write(db, some_day().events)
    await project(db)
    async with db.connection() as conn:
        await conn.execute(
            "insert into contact (id, channel, queue, language, state, arrived_at) "
            "values (%s, 'chat', 'line', 'ru', 'waiting', now())",
            (ident("ghost"),),
        )
    await rebuild(db)
    assert len(await table(db)) == 3


async def test_the_loop_follows_the_log(db: Database) -> None:
    feed = Feed(db)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(feed.run()), group.create_task(run_projector(db, feed))]
        await feed.ready.wait()
        only_arrival = Story()
        only_arrival.arrive("a", "line", 0)
        # A floor that knows no queue cannot fold an arrival; the projector has its own way to the log.
        tasks[0].cancel()
        await write(db, only_arrival.events)
        async with asyncio.timeout(10):
            while not await table(db):
                await asyncio.sleep(0.02)
        tasks[1].cancel()
    assert (await row(db, "a")).state == "waiting"
