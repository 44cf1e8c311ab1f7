"""One day, three ways to ask: the running figures, the report and a fold of the log itself agree to the unit."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.centre import AGENTS, QUEUES, START, Centre
from tests.office import Hands, Office, open_office

from teplo.api import metrics
from teplo.domain.definitions import DEFINITIONS, figures
from teplo.domain.events import Event
from teplo.domain.ledger import Group
from teplo.domain.metrics import Fold
from teplo.domain.tally import Tally
from teplo.services.access import SYSTEM
from teplo.services.feed import Feed
from teplo.services.projector import project
from teplo.services.reports import LiveFigures, Query, day_of, make_report
from teplo.storage import events
from teplo.storage.db import Database

pytestmark = pytest.mark.anyio

ZONE = "Asia/Yekaterinburg"
GROUPS: tuple[Group, ...] = ("none", "queue", "agent", "interval")


async def write(db: Database, facts: Sequence[Event]) -> None:
    async with db.transaction() as conn:
        first = await events.last_seq(conn) + 1
        await events.append(conn, first, [(fact, None) for fact in facts])


def recount(log: Sequence[Event], since: float, until: float, as_of: float, **options: Any) -> Fold:
    fold = Fold(since, until, groups=GROUPS, **options)
    for event in log:
        if event.at < until:
            fold.feed(event)
    fold.settle(as_of)
    return fold


def counted(rows: dict[Any, Tally]) -> dict[Any, Tally]:
    return {key: tally for key, tally in rows.items() if tally != Tally()}


@asynccontextmanager
async def live(db: Database, clock: Hands) -> AsyncIterator[tuple[Feed, LiveFigures]]:
    feed = Feed(db)
    running = LiveFigures(db, feed, clock, zone=ZONE)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(feed.run())
        await running.run()
        try:
            yield feed, running
        finally:
            task.cancel()


@pytest.mark.parametrize("projected", [0, 40, 10_000])
async def test_a_report_from_any_moment_equals_a_fold_of_the_whole_log(db: Database, projected: int) -> None:
    centre = Centre().busy(1500)
    await write(db, centre.log)
    while projected > 0 and (done := await project(db, min(projected, 2000))):
        projected -= done
    end = centre.now + 60
    middle = START + (centre.now - START) / 2
    for since, until in ((START - 10, end), (middle, end), (middle, middle + 1800), (middle + 7, middle + 900.5)):
        for group in GROUPS:
            report = await make_report(SYSTEM, db, Query(since, until, group_by=group), now=end)
            expected = recount(centre.log, since, until, min(until, end))
            assert counted(report.rows) == counted(expected.tallies[group]), (since, until, group)
            assert report.total == expected.tally()


async def test_the_running_figures_equal_the_report_and_the_log(db: Database) -> None:
    clock = Hands(START)
    centre = Centre().busy(700)
    clock.now = centre.now
    await write(db, centre.log)
    written = len(centre.log)
    async with live(db, clock) as (feed, running):
        for _ in range(4):
            centre.busy(150, seed=written)
            await write(db, centre.log[written:])
            written = len(centre.log)
            clock.now = centre.now + 3.5
            assert await feed.reached(written)
            await project(db)
            since, until = day_of(clock(), running.zone)
            expected = recount(centre.log, since, until, clock())
            for group, keys in (("none", [""]), ("queue", QUEUES), ("agent", AGENTS)):
                report = await make_report(SYSTEM, db, Query(since, until, group_by=group), clock())  # type: ignore[arg-type]
                for key in keys:
                    shown = running.tally(group, key)  # type: ignore[arg-type]
                    assert shown == expected.tally(group, key), (group, key)  # type: ignore[arg-type]
                    assert shown == report.rows.get(key, Tally()), (group, key)
        assert expected.tally().answered > 20
        shown_floor = running.floor_figures()
        for agent in AGENTS:
            mine, tally = running.own(agent), expected.tally("agent", agent)
            assert (mine.handled, mine.missed) == (tally.work.handled, tally.missed)
            assert (mine.aht, mine.occupancy) == tuple(figures(tally)[name] for name in ("aht", "occupancy"))
            assert shown_floor["agents"][agent]["handled"] == mine.handled > 0
        for queue in QUEUES:
            assert shown_floor["queues"][queue]["offered"] == expected.tally("queue", queue).offered
        assert shown_floor["totals"]["answered"] == expected.tally().answered


async def test_at_midnight_the_day_begins_anew_with_what_is_open(db: Database) -> None:
    clock = Hands(START)
    begin, end = day_of(START, LiveFigures(db, Feed(db), clock, zone=ZONE).zone)
    centre = Centre()
    centre.now = end - 2000
    centre.busy(200, pause=5)
    await write(db, centre.log)
    clock.now = centre.now
    async with live(db, clock) as (feed, running):
        assert running.tally().arrived > 0
        before = len(centre.log)
        centre.busy(400, seed=2, pause=5)
        assert centre.now > end
        await write(db, centre.log[before:])
        clock.now = centre.now
        assert await feed.reached(len(centre.log))
        expected = recount(centre.log, *day_of(clock(), running.zone), clock())
        assert running.tally() == expected.tally()
        assert expected.tally().answered > 0
        clock.now = end + 86_400 + 5
        assert running.tally().arrived == 0


async def test_figures_are_empty_before_the_log_was_read(db: Database) -> None:
    running = LiveFigures(db, Feed(db), Hands(START), zone=ZONE)
    assert running.floor_figures()["queues"] == {}
    assert running.own(AGENTS[0]).csat5 is None


def test_a_day_is_that_of_the_zone_also_when_clocks_change() -> None:
    from zoneinfo import ZoneInfo

    assert day_of(1_790_000_000, ZoneInfo(ZONE)) == (1_789_930_800.0, 1_790_017_200.0)
    begin, end = day_of(1_774_746_000, ZoneInfo("Europe/Berlin"))
    assert end - begin == 23 * 3600


# --- over HTTP ------------------------------------------------------------------------------------------------


@pytest.fixture
async def office(db: Database) -> AsyncIterator[Office]:
    async with open_office(db) as opened:
        opened.serves(metrics)
        opened.app.state.teplo.figures = LiveFigures(db, Feed(db), opened.clock, zone=ZONE)
        await opened.hire("boss", "supervisor")
        await opened.hire("agent1", "agent")
        yield opened


async def test_the_report_over_http(office: Office) -> None:
    centre = Centre().busy(600)
    await write(office.db, centre.log)
    boss = await office.signed_in("boss")
    office.clock.now = centre.now + 60
    answer = await boss.get(f"/metrics?from={START - 5}&to={office.clock()}&group_by=queue")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    expected = recount(centre.log, START - 5, office.clock(), office.clock())
    assert told["total"]["figures"]["answered"] == expected.tally().answered
    assert {row["queue"]: row["figures"]["offered"] for row in told["rows"]} == {
        queue: expected.tally("queue", queue).offered for queue in QUEUES
    }
    level = told["rows"][0]
    assert level["figures"]["service_level"] == level["variants"]["service_level"]["offered"]
    assert set(level["variants"]["service_level"]) == {"offered", "offered_less_short", "answered", "with_abandons"}
    assert level["figures"]["occupancy"] is None, "a queue has no time of its own"
    assert told["total"]["figures"]["occupancy"] is not None
    assert told["total"]["channels"]["chat"]["handled"] == expected.tally().work.handled


async def test_agents_and_intervals(office: Office) -> None:
    centre = Centre().busy(600)
    await write(office.db, centre.log)
    boss = await office.signed_in("boss")
    office.clock.now = centre.now + 60
    period = f"from={START}&to={office.clock()}"
    agents = (await boss.get(f"/metrics?{period}&group_by=agent")).json()["rows"]
    assert {row["agent"] for row in agents} == set(AGENTS)
    assert all(row["figures"]["offered"] is None and row["variants"] == {} for row in agents)
    quarters = (await boss.get(f"/metrics?{period}&group_by=interval&interval=15")).json()["rows"]
    assert [row["interval"] % 900 for row in quarters] == [0] * len(quarters)
    assert [row["interval"] for row in quarters] == sorted(row["interval"] for row in quarters)
    one = (await boss.get(f"/metrics?{period}&agent={AGENTS[0]}")).json()["total"]["figures"]
    assert one["handled"] == next(row for row in agents if row["agent"] == AGENTS[0])["figures"]["handled"]


async def test_a_threshold_and_queues_may_be_chosen(office: Office) -> None:
    centre = Centre().busy(600)
    await write(office.db, centre.log)
    boss = await office.signed_in("boss")
    office.clock.now = centre.now + 60
    period = f"from={START - 5}&to={office.clock()}"
    for threshold in (0, 30, 86_400):
        told = (await boss.get(f"/metrics?{period}&threshold={threshold}")).json()["total"]
        expected = recount(centre.log, START - 5, office.clock(), office.clock(), threshold=threshold).tally()
        assert told["variants"]["service_level"]["answered"] == expected.within / expected.answered
    only = (await boss.get(f"/metrics?{period}&queue=q0")).json()["total"]["figures"]
    both = (await boss.get(f"/metrics?{period}&queue=q0&queue=q1")).json()["total"]["figures"]
    assert (both["flow_out"], both["flow_in"]) == (0, 0)
    expected = recount(centre.log, START - 5, office.clock(), office.clock())
    assert only["flow_out"] == expected.tally("queue", "q0").flow_out > 0


async def test_without_a_period_today_is_meant(office: Office) -> None:
    boss = await office.signed_in("boss")
    told = (await boss.get("/metrics")).json()
    assert (told["from"], told["to"]) == (1_789_930_800.0, office.clock())
    assert told["total"]["figures"]["service_level"] is None, "nothing happened: no share, neither 0 nor 100 %"
    assert told["rows"] == []


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=1789000000&to=1799000000", "metrics.period_too_long"),
        ("from=1790000000&to=1790000000", "metrics.period_empty"),
        ("from=1790000000&to=1780000000", "metrics.period_empty"),
        ("interval=20", "metrics.interval"),
        ("group_by=team", "request.invalid"),
        ("from=nan", "request.invalid"),
        ("to=1e300", "request.invalid"),
        ("threshold=-1", "request.invalid"),
        ("agent=somebody", "request.invalid"),
        ("queue=%27%3Bdrop", "request.invalid"),
    ],
)
async def test_a_bad_question_gets_a_clear_answer(office: Office, query: str, code: str) -> None:
    boss = await office.signed_in("boss")
    answer = await boss.get(f"/metrics?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_reports_are_for_those_who_may_read_them(office: Office) -> None:
    agent = await office.signed_in("agent1")
    answer = await agent.get("/metrics")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.denied")
    assert (await office.browser().get("/metrics")).status_code == 401


async def test_the_definitions_are_what_the_report_gives(office: Office) -> None:
    agent = await office.signed_in("agent1")
    told = (await agent.get("/metrics/definitions")).json()["items"]
    assert [item["id"] for item in told] == [d.id for d in DEFINITIONS] == list(metrics.Figures.model_fields)
    level = next(item for item in told if item["id"] == "service_level")
    assert level["formula"] == {"ru": "принято за T ÷ поступило", "en": "answered within T ÷ offered"}
    assert [variant["id"] for variant in level["variants"]][0] == "offered", "the headline comes first"
    assert figures(Tally()).keys() == metrics.Figures.model_fields.keys()


async def test_everybody_sees_the_own_day(office: Office) -> None:
    agent = await office.signed_in("agent1")
    assert (await agent.get("/me/figures")).json() == {
        "handled": 0,
        "fives": 0,
        "grades": 0,
        "csat5": None,
        "interval": None,
        "aht": None,
        "hold": None,
        "occupancy": None,
        "missed": 0,
    }
