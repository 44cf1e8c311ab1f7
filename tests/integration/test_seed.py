"""The demo centre and the first administrator."""

import re
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.office import Office, open_office

from teplo.domain.events import QueueConfigured
from teplo.domain.floor import Floor
from teplo.seed import DEMO_PASSWORD, first_administrator, seed_demo
from teplo.storage import config
from teplo.storage.db import Database

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC).timestamp()


@pytest.fixture
async def office(db: Database) -> AsyncIterator[Office]:
    async with open_office(db) as opened:
        yield opened


async def bodies(db: Database, kind: str) -> dict[str, dict[str, Any]]:
    async with db.connection() as conn:
        return {item.id: item.body for item in await config.items(conn, [kind])}


async def told_to_floor(db: Database) -> list[dict[str, Any]]:
    async with db.connection() as conn:
        rows = await (await conn.execute("select body from inbox where kind = 'configure' order by seq")).fetchall()
    return [row[0] for row in rows]


async def seed(db: Database) -> Any:
    async with db.transaction() as conn:
        return await seed_demo(conn, NOW)


async def test_the_demo_centre_is_laid_out_in_a_moment(office: Office) -> None:
    began = time.monotonic()
    demo = await seed(office.db)
    assert time.monotonic() - began < 5  # under a second on an idle machine
    assert demo.created
    people = (await bodies(office.db, "person")).values()
    assert Counter(body["role"] for body in people) == {
        "agent": 48, "senior": 12, "supervisor": 3, "quality": 1, "planner": 1, "administrator": 1,
    }  # fmt: skip
    assert Counter(b["team"] for b in people if b["role"] == "agent") == dict.fromkeys(
        await bodies(office.db, "team"), 8
    )
    assert len({body["name"] for body in people}) == 66
    assert all("ru" in body["languages"] for body in people)
    assert {language for body in people for language in body["languages"]} == {"ru", "tt", "ba", "uz", "en"}
    assert len(demo.accounts) == 66


async def test_everybody_of_the_demo_signs_in_with_the_demo_password(office: Office) -> None:
    demo = await seed(office.db)
    for login in ("agent1", "agent60", "supervisor1", "admin"):
        answer = await office.browser().sign_in(login, demo.password)
        assert answer.status_code == 200
    assert demo.password == DEMO_PASSWORD


async def test_laying_it_out_again_changes_nothing(office: Office) -> None:
    await seed(office.db)
    again = await seed(office.db)
    assert not again.created and len(again.accounts) == 66
    assert len(await told_to_floor(office.db)) == 1


async def test_what_people_changed_stays(office: Office) -> None:
    demo = await seed(office.db)
    admin = office.browser()
    await admin.sign_in("admin", demo.password)
    item = (await admin.get("/config/queue/chat-money")).json()
    await admin.change("queue", "chat-money", {**item["body"], "offer_seconds": 77}, 1)
    await admin.remove("canned", "thanks", 1)
    async with office.db.transaction() as conn:
        await conn.execute(
            "update config_item set body = jsonb_set(body, '{offer_seconds}', '5') where id = 'chat-network'"
        )
    assert (await seed(office.db)).created
    queues = await bodies(office.db, "queue")
    assert queues["chat-money"]["offer_seconds"] == 77
    assert queues["chat-network"]["offer_seconds"] == 20
    assert "thanks" not in await bodies(office.db, "canned")


async def test_the_floor_takes_the_demo_centre(office: Office) -> None:
    await seed(office.db)
    (body,) = await told_to_floor(office.db)
    floor = Floor()
    events = floor.configure(**body, now=NOW)
    assert sum(isinstance(event, QueueConfigured) for event in events) == 11
    assert len(floor.agents) == 63
    assert "Сафина" not in str(body) and "Айгуль" not in str(body) and "agent1" not in str(body)
    ural = [agent for agent in floor.agents.values() if "ural" in agent.profile.regions]
    assert all("RU-CHE" in agent.profile.regions for agent in ural) and len(ural) == 20


async def test_queues_widen_ring_by_ring_until_everybody_may_help(office: Office) -> None:
    await seed(office.db)
    queues = await bodies(office.db, "queue")
    assert all(len(queue["steps"]) >= 3 for queue in queues.values())
    assert max(len(queue["steps"]) for queue in queues.values()) >= 6
    (body,) = await told_to_floor(office.db)
    floor = Floor()
    floor.configure(**body, now=NOW)
    for state in floor.queues.values():
        able = [sum(s.require.met_by(a.profile.skills) for a in floor.agents.values()) for s in state.config.steps]
        assert able == sorted(able), (state.id, able)
        assert able[0] >= 3, (state.id, able)


async def test_every_region_that_is_served_has_numbers_that_belong_to_nobody(office: Office) -> None:
    await seed(office.db)
    ranges = (await bodies(office.db, "number_range")).values()
    served = {id for id, body in (await bodies(office.db, "region")).items() if body["zone"]}
    assert {body["region"] for body in ranges} == served
    assert {body["prefix"][:5] for body in ranges} == {"+7973", "+7974", "+7975", "+7976"}


async def test_reasons_are_a_tree_with_dates(office: Office) -> None:
    await seed(office.db)
    reasons = await bodies(office.db, "reason")
    assert Counter(body["group"] for body in reasons.values()) == {True: 12, False: 88}
    assert {reasons[body["parent"]]["group"] for body in reasons.values() if body["parent"]} == {True}
    assert reasons["SIM.13"]["valid_from"] == "2025-11-10"
    assert reasons["INT.06"]["valid_from"] == "2025-05-01"
    assert sum(body["valid_from"] is not None for body in reasons.values()) == 2


async def test_public_holidays_close_the_office_and_moved_workdays_open_it(office: Office) -> None:
    await seed(office.db)
    special = (await bodies(office.db, "hours"))["office"]["special"]
    assert special["2026-12-31"] == special["2027-01-08"] == special["2026-11-04"] == []
    assert special["2027-02-20"] == [["08:00", "20:00"]]  # a Saturday that is worked
    assert "2026-11-23" not in special


async def test_ready_replies_are_short_in_both_languages(office: Office) -> None:
    await seed(office.db)
    replies = await bodies(office.db, "canned")
    assert len(replies) >= 25
    for body in replies.values():
        assert body["shortcut"].startswith("/")
        assert 20 < len(body["text"]["ru"]) < 220 and 20 < len(body["text"]["en"]) < 220
        assert not re.search("к сожалению|успокойтесь|регламент|!|невозможно", body["text"]["ru"].lower())
        assert body["text"]["ru"].count("{date}") == body["text"]["en"].count("{date}")


async def test_the_first_administrator_is_made_once(office: Office) -> None:
    async with office.db.transaction() as conn:
        made = await first_administrator(conn, NOW)
    assert made is not None
    login, password = made
    admin = office.browser()
    answer = await admin.sign_in(login, password)
    assert answer.status_code == 200 and answer.json()["person"]["role"] == "administrator"
    async with office.db.transaction() as conn:
        assert await first_administrator(conn, NOW) is None
    (body,) = await told_to_floor(office.db)
    floor = Floor()
    floor.configure(**body, now=NOW)
    entry = (await bodies(office.db, "entry"))["site"]
    assert set(floor.queues) == {entry["default_queue"]}


async def test_the_demo_after_a_real_start_leaves_the_administrator_alone(office: Office) -> None:
    async with office.db.transaction() as conn:
        made = await first_administrator(conn, NOW)
    assert made is not None
    demo = await seed(office.db)
    assert "admin" not in {account.login for account in demo.accounts}
    assert (await office.browser().sign_in(*made)).status_code == 200
    assert (await office.browser().sign_in("agent1", demo.password)).status_code == 200
