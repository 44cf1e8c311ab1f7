"""The dispatcher: one writer, one transaction a turn, a lease that moves."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from uuid_utils import uuid7

from teplo.clock import SteadyClock
from teplo.domain.errors import Conflict, Invalid, Refused
from teplo.domain.events import ContactArrived, ContactGraded, ContactOffered, OfferAccepted
from teplo.domain.ids import ContactId, QueueId
from teplo.services.commands import Commands
from teplo.services.dispatch import Dispatcher
from teplo.services.feed import Feed, LogChanged
from teplo.services.recovery import rebuild
from teplo.storage import events, lease
from teplo.storage.db import Connection, Database

pytestmark = pytest.mark.anyio

AGENT = "01900000-0000-7000-8000-000000000001"
QUEUE = {"id": "money", "channels": ["chat"], "steps": [{"after": 0, "require": {"skill": "finance"}}]}
PROFILE = {
    "id": AGENT, "team": None, "skills": {"finance": 3}, "languages": ["ru"], "regions": [], "capacity": {"chat": 3},
    "active": True,
}  # fmt: skip


class Node:
    """One process of the installation, without HTTP."""

    def __init__(self, db: Database, clock: Callable[[], float]) -> None:
        self.id = str(uuid7())
        self.commands = Commands(db, self.id)
        self.feed = Feed(db)
        self.dispatcher = Dispatcher(db, self.id, clock, lease_seconds=1.0)


@asynccontextmanager
async def running(node: Node, *, dispatching: bool = True) -> AsyncIterator[asyncio.Task[None] | None]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(node.commands.run()), group.create_task(node.feed.run())]
        leader = group.create_task(node.dispatcher.run()) if dispatching else None
        await node.feed.ready.wait()
        await node.commands.listening.wait()
        yield leader
        for task in [*tasks, *([leader] if leader else [])]:
            task.cancel()


@pytest.fixture
async def node(db: Database) -> AsyncIterator[Node]:
    made = Node(db, SteadyClock())
    async with running(made):
        yield made


async def staffed(node: Node) -> None:
    await node.commands.send("configure", {"settings": {}, "queues": [QUEUE], "agents": [PROFILE], "complete": True})
    await node.commands.send("connect", {"agent": AGENT})
    await node.commands.send("set_presence", {"agent": AGENT, "presence": "available"})


async def arrive(node: Node, contact: str | None = None) -> str:
    contact = contact or str(uuid7())
    seq = await node.commands.send("arrive", {"contact": contact, "channel": "chat", "queue": "money"})
    assert await node.feed.reached(seq)
    return contact


async def logged(db: Database) -> list[Any]:
    async with db.connection() as conn:
        return [event for _, event in await events.after(conn, 0, 10_000)]


async def test_an_arrival_is_offered_to_the_able_agent_in_one_turn(node: Node, db: Database) -> None:
    await staffed(node)
    contact = await arrive(node)
    kinds = [e.KIND for e in await logged(db) if getattr(e, "contact", None) == contact]
    assert kinds == ["contact.arrived", "contact.queued", "contact.offered"]
    assert node.feed.floor.contacts[contact].state == "offered"


async def test_a_refusal_comes_back_with_its_kind_and_code(node: Node) -> None:
    await staffed(node)
    contact = await arrive(node)
    with pytest.raises(Refused) as refused:
        await node.commands.send("accept", {"contact": contact, "agent": AGENT, "offer": "no such offer"})
    assert refused.value.code.startswith("offer.")


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("drop_table", {}, "command.unknown"),
        ("arrive", {"contact": "x"}, "command.malformed"),
        ("apply", {}, "command.unknown"),
    ],
)
async def test_a_malformed_command_is_refused_and_the_turn_goes_on(
    node: Node, kind: str, body: dict[str, Any], code: str
) -> None:
    await staffed(node)
    with pytest.raises(Invalid) as refused:
        await node.commands.send(kind, body)
    assert refused.value.code == code
    await arrive(node)


@pytest.mark.parametrize("contact", ["no uuid", "\x00", "01900000-0000-7000-8000-00000000000g"])
async def test_a_value_that_no_column_takes_spoils_no_other_command(node: Node, contact: str) -> None:
    await staffed(node)
    body = {"contact": contact, "channel": "chat", "queue": "money"}
    outcomes = await asyncio.gather(
        node.commands.send("arrive", body), arrive(node), arrive(node), return_exceptions=True
    )
    assert isinstance(outcomes[0], Invalid)
    assert [type(outcome) for outcome in outcomes[1:]] == [str, str]


async def test_what_is_no_json_is_refused_and_stops_nobody(node: Node) -> None:
    await staffed(node)
    with pytest.raises(Invalid) as refused:
        await node.commands.send("end", {"contact": "\ud800", "by": "subscriber"})
    assert refused.value.code == "command.malformed"
    await arrive(node)


async def test_a_contact_that_has_ended_does_not_arrive_again(node: Node, db: Database) -> None:
    await staffed(node)
    contact = await arrive(node)
    await node.commands.send("end", {"contact": contact, "by": "subscriber"})
    await arrive(node, contact)
    assert sum(isinstance(e, ContactArrived) for e in await logged(db)) == 1


async def test_the_same_contact_arrives_once_however_often_it_is_sent(node: Node, db: Database) -> None:
    await staffed(node)
    contact = await arrive(node)
    for _ in range(3):
        await arrive(node, contact)
    assert sum(isinstance(e, ContactArrived) for e in await logged(db)) == 1


async def test_of_200_simultaneous_accepts_exactly_one_wins(node: Node, db: Database) -> None:
    await staffed(node)
    contact = await arrive(node)
    offer = node.feed.floor.contacts[contact].offer
    others = [str(uuid7()) for _ in range(199)]

    async def accept(agent: str) -> str:
        try:
            await node.commands.send("accept", {"contact": contact, "agent": agent, "offer": offer})
        except Refused as refused:
            return refused.code
        return "won"

    outcomes = await asyncio.gather(*(accept(agent) for agent in [*others[:100], AGENT, *others[100:]]))
    assert outcomes.count("won") == 1
    assert outcomes[100] == "won"
    assert all(code.startswith(("offer.", "agent.")) for code in outcomes if code != "won")
    assert sum(isinstance(e, OfferAccepted) for e in await logged(db)) == 1


async def test_200_accepts_by_the_same_agent_are_one_acceptance(node: Node, db: Database) -> None:
    await staffed(node)
    contact = await arrive(node)
    offer = node.feed.floor.contacts[contact].offer
    body = {"contact": contact, "agent": AGENT, "offer": offer}
    await asyncio.gather(*(node.commands.send("accept", body) for _ in range(200)), return_exceptions=True)
    assert sum(isinstance(e, OfferAccepted) for e in await logged(db)) == 1


async def test_the_log_has_no_holes_and_folds_into_the_live_floor(node: Node, db: Database) -> None:
    await staffed(node)
    for _ in range(20):
        await arrive(node)
    async with db.connection() as conn:
        stored = await events.after(conn, 0, 10_000)
        folded, seq = await rebuild(conn)
    assert [number for number, _ in stored] == list(range(1, len(stored) + 1))
    assert await node.feed.reached(seq)
    assert folded == node.feed.floor


async def test_a_standby_takes_over_when_the_leader_goes(db: Database) -> None:
    clock = SteadyClock()
    first, second = Node(db, clock), Node(db, clock)
    async with running(first) as leader, running(second):
        await staffed(second)
        await arrive(second)
        assert leader
        led = first if first.dispatcher.leading else second
        if led is first:
            leader.cancel()
            async with asyncio.timeout(3):
                while not second.dispatcher.leading:
                    await asyncio.sleep(0.02)
        contact = await arrive(second)
    assert any(isinstance(e, ContactOffered) and e.contact == contact for e in await logged(db))


async def test_who_lost_the_lease_cannot_write(db: Database, node: Node) -> None:
    await staffed(node)
    before = len(await logged(db))
    other = await db.dedicated("other")
    try:  # another process took over because this one seemed to hang
        await other.execute("update lease set epoch = epoch + 1, expires_at = clock_timestamp() + interval '1 hour'")
        async with asyncio.TaskGroup() as group:
            group.create_task(other.execute("select pg_advisory_lock(%s)", (lease.LOCK,)))
            with pytest.raises(Conflict) as refused:
                body = {"contact": str(uuid7()), "channel": "chat", "queue": "money"}
                await node.commands.send("arrive", body, timeout=1.5)
        assert refused.value.code == "command.unconfirmed"
        assert len(await logged(db)) == before
    finally:
        await other.close()


async def test_a_replica_of_another_log_is_given_up(db: Database) -> None:
    """The database failed over to a standby that lacks the last facts, and others were written in their place."""
    node = Node(db, SteadyClock())
    with pytest.raises(ExceptionGroup) as ended:
        async with asyncio.timeout(20), running(node):
            await staffed(node)
            await arrive(node)
            seq = node.feed.seq
            async with db.transaction() as conn:
                await conn.execute("update event set at = at + interval '1 s' where seq = %s", (seq,))
                await conn.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                    " where datname = current_database() and application_name = 'teplo:feed'"
                )
            await asyncio.get_running_loop().create_future()
    assert ended.group_contains(LogChanged)


async def test_time_goes_on_where_the_log_is_ahead_of_the_clock(db: Database) -> None:
    """The log was written by a machine whose clock was an hour fast; nothing may stand still for an hour."""
    fast = Node(db, lambda: 1_790_003_600.0)
    async with running(fast):
        await staffed(fast)
        contact = await arrive(fast)
    now = [1_790_000_000.0]
    right = Node(db, lambda: now[0])
    async with running(right):
        async with asyncio.timeout(5):
            while not right.dispatcher.leading:
                await asyncio.sleep(0.02)
        now[0] += 25
        async with asyncio.timeout(5):
            while right.feed.floor.contacts[contact].state == "offered":
                await asyncio.sleep(0.02)
        missed = right.feed.floor.now
        assert 20 <= missed - 1_790_003_600.0 <= 25
        now[0] += 40_000  # the clock has caught up: both show the same
        await right.commands.send("set_presence", {"agent": AGENT, "presence": "busy"})
        async with asyncio.timeout(5):
            while right.feed.floor.agents[AGENT].presence != "busy":
                await asyncio.sleep(0.02)
        assert right.feed.floor.now == now[0]


async def test_an_offer_that_nobody_answers_is_missed_at_its_deadline(db: Database) -> None:
    now = [1_790_000_000.0]
    node = Node(db, lambda: now[0])
    async with running(node):
        await staffed(node)
        contact = await arrive(node)
        now[0] += 21
        async with asyncio.timeout(5):
            while node.feed.floor.contacts[contact].state == "offered":
                await asyncio.sleep(0.02)
        agent = node.feed.floor.agents[AGENT]
        assert (agent.presence, agent.reason) == ("break", "missed_offer")
        assert node.feed.floor.contacts[contact].since == 1_790_000_000.0


def graded(at: float) -> ContactGraded:
    return ContactGraded(at, ContactId(str(uuid7())), None, QueueId("money"), 5)


async def has_partition(conn: Connection, at: float) -> bool:
    name = f"event_{datetime.fromtimestamp(at, UTC):%Y_%m}"
    row = await (await conn.execute("select to_regclass(%s) is not null", (name,))).fetchone()
    return bool(row and row[0])


async def test_facts_of_a_month_without_a_partition_do_not_stop_the_dispatcher(db: Database) -> None:
    """The clock was wrong for a while: such facts lie in the default partition, which no other may then cut into."""
    far = time.time() + 200 * 86_400
    async with db.transaction() as conn:
        await events.append(conn, 1, [(graded(far), None)])
        await events.ensure_partitions(conn, far)
        assert [seq for seq, _ in await events.after(conn, 0)] == [1]
        assert not await has_partition(conn, far)
        assert await has_partition(conn, far + 32 * 86_400)


async def test_a_log_ahead_of_the_clock_has_partitions_for_its_own_time(db: Database) -> None:
    far = time.time() + 200 * 86_400
    async with db.transaction() as conn:
        await events.append(conn, 1, [(graded(far), None)])
    node = Node(db, SteadyClock())
    async with running(node):
        await staffed(node)
        async with db.connection() as conn:
            assert await has_partition(conn, far + 32 * 86_400)
