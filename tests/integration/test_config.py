"""The centre's configuration: versioned, checked, audited, in force on the floor at once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.office import NAMED, Browser, Office, open_office, until
from uuid_utils import uuid7

from teplo.clock import SteadyClock
from teplo.domain.errors import Conflict, NotAllowed
from teplo.services.access import SYSTEM
from teplo.services.commands import Commands
from teplo.services.config_kinds import BODIES
from teplo.services.dispatch import Dispatcher
from teplo.services.feed import Feed
from teplo.services.floor_config import floor_configuration
from teplo.storage.db import Database

pytestmark = pytest.mark.anyio

SKILL = ("skill", "finance", {"name": NAMED})
HOURS = {"name": NAMED, "zone": "Asia/Yekaterinburg", "week": [[["08:00", "20:00"]]] * 7, "special": {"2026-12-31": []}}


def queue(**more: Any) -> dict[str, Any]:
    return {"name": NAMED, "steps": [{"after": 0, "require": {"skill": "finance", "min": 2}}], **more}


def person(login: str, **more: Any) -> dict[str, Any]:
    return {"name": f"Секретное Имя {login}", "display_name": login, "login": login, "role": "agent", **more}


@pytest.fixture
async def office(db: Database) -> AsyncIterator[Office]:
    async with open_office(db) as opened:
        await opened.hire("admin", "administrator")
        await opened.hire("agent1", "agent")
        await opened.bring_in(SKILL)
        yield opened


@pytest.fixture
async def admin(office: Office) -> Browser:
    return await office.signed_in("admin")


async def commands_waiting(office: Office) -> int:
    async with office.db.connection() as conn:
        row = await (await conn.execute("select count(*) from inbox where kind = 'configure'")).fetchone()
    assert row is not None
    return int(row[0])


async def test_an_item_is_created_changed_and_remembered(office: Office, admin: Browser) -> None:
    created = await admin.create("queue", "chat-money", queue())
    assert (created.status_code, created.headers["ETag"]) == (201, '"1"')
    office.clock.now += 5
    changed = await admin.change("queue", "chat-money", queue(offer_seconds=30), 1)
    assert changed.status_code == 200
    item = changed.json()
    assert (item["version"], item["active"], item["changed_at"]) == (2, True, office.clock())
    assert item["changed_by"] == office.people["admin"]
    assert (await admin.get("/config/queue/chat-money")).json() == item
    assert (await admin.get("/config/queue")).json() == {"items": [item]}
    history = (await admin.get("/config/queue/chat-money/history")).json()["items"]
    assert [(old["version"], old["body"]["offer_seconds"]) for old in history] == [(2, 30), (1, 20)]


async def test_the_same_body_again_makes_no_version_and_does_not_stir_the_floor(office: Office, admin: Browser) -> None:
    item = (await admin.create("queue", "chat-money", queue())).json()
    waiting = await commands_waiting(office)
    again = await admin.change("queue", "chat-money", queue(), 1)
    assert (again.status_code, again.json()) == (200, item)
    assert await commands_waiting(office) == waiting


async def test_two_people_cannot_overwrite_each_other(admin: Browser) -> None:
    await admin.create("queue", "chat-money", queue())
    answers = await asyncio.gather(
        *(admin.change("queue", "chat-money", queue(offer_seconds=seconds), 1) for seconds in (10, 11, 12, 13))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    lost = next(answer for answer in answers if answer.status_code == 409).json()
    assert (lost["code"], lost["details"]) == ("config.version", {"current": 2})


async def test_what_exists_is_not_created_again(admin: Browser) -> None:
    answer = await admin.create("skill", "finance", {"name": NAMED})
    assert (answer.status_code, answer.json()["code"]) == (409, "config.exists")


@pytest.mark.parametrize(
    "headers",
    [{}, {"If-Match": "x"}, {"If-Match": "1", "If-None-Match": "*"}, {"If-None-Match": "1"}, {"If-Match": "²"}],
)
async def test_a_change_says_which_version_it_was_made_from(admin: Browser, headers: dict[str, str]) -> None:
    encoded = {name: value.encode() for name, value in headers.items()}
    answer = await admin.call("PUT", "/config/skill/finance", json={"name": NAMED}, headers=encoded)
    assert (answer.status_code, answer.json()["code"]) == (422, "config.version_required")


@pytest.mark.parametrize(
    ("kind", "body", "place"),
    [
        ("queue", queue(steps=[]), "steps"),
        ("queue", queue(steps=[{"after": 5}]), "steps"),
        ("queue", queue(steps=[{"after": 0}, {"after": 0}]), "steps"),
        ("queue", queue(steps=[{"after": 0, "require": {"skill": "finance", "min": 6}}]), "steps.0.require"),
        ("queue", queue(steps=[{"after": 0, "require": {"all": []}}]), "steps.0.require"),
        ("queue", queue(steps=[{"after": 0, "require": {"skill": "finance", "any": []}}]), "steps.0.require"),
        ("queue", queue(overflow=[{"to": "chat-money"}]), "overflow.0"),
        ("queue", queue(target={"seconds": 20, "share": 80}), "target.share"),
        ("queue", queue(name={"ru": "", "en": "x"}), "name.ru"),
        ("queue", queue(surprise=1), "surprise"),
        ("queue", queue(offer_seconds="soon"), "offer_seconds"),
        ("hours", {**HOURS, "zone": "Mars/Olympus"}, "zone"),
        ("hours", {**HOURS, "week": [[]] * 6}, "week"),
        ("hours", {**HOURS, "week": [[["20:00", "08:00"]]] * 7}, "week.0"),
        ("hours", {**HOURS, "week": [[["08:00", "12:00"], ["11:00", "13:00"]]] * 7}, "week.0"),
        ("hours", {**HOURS, "special": {"2026-02-30": []}}, "special"),
        ("canned", {"name": NAMED, "shortcut": "no slash", "text": {}}, "shortcut"),
        ("reason", {"name": NAMED, "valid_from": "2026-02-01", "valid_to": "2026-01-01"}, ""),
        ("entry", {"greeting": {}, "default_queue": "q", "origins": ["javascript:alert(1)"]}, "origins.0"),
    ],
)
async def test_a_wrong_body_is_refused_with_its_place(admin: Browser, kind: str, body: Any, place: str) -> None:
    answer = await admin.create(kind, "chat-money", body)
    assert answer.status_code == 422, answer.text
    assert place in str(answer.json()["details"]["errors"])
    assert (await admin.get(f"/config/{kind}/chat-money")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "body", "place"),
    [
        ("queue", queue(steps=[{"after": 0, "require": {"any": [{"not": {"skill": "magic"}}]}}]), "steps.0.require"),
        ("queue", queue(overflow=[{"to": "nowhere", "wait": 5}]), "overflow.0.to"),
        ("queue", queue(overflow=[{"to": "new", "wait": 5}]), "overflow"),
        ("queue", queue(hours="never"), "hours"),
        ("reason", {"name": NAMED, "parent": "XYZ"}, "parent"),
        ("reason", {"name": NAMED, "parent": "new"}, "parent"),
        ("team", {"name": NAMED, "supervisor": str(uuid7())}, "supervisor"),
        ("entry", {"greeting": {}, "default_queue": "nowhere"}, "default_queue"),
        ("canned", {"name": NAMED, "shortcut": "/x", "text": {}, "queues": ["nowhere"]}, "queues.0"),
    ],
)
async def test_nothing_points_to_what_is_not_there(admin: Browser, kind: str, body: Any, place: str) -> None:
    answer = await admin.create(kind, "new", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "config.invalid")
    assert answer.json()["details"]["errors"][0]["at"] == place


async def test_a_person_points_to_team_skills_and_regions_that_exist(admin: Browser) -> None:
    body = person("new", team="none", skills={"magic": 3}, regions=["RU-XX"])
    answer = await admin.create("person", str(uuid7()), body)
    assert {error["at"] for error in answer.json()["details"]["errors"]} == {"team", "skills.magic", "regions.0"}


async def test_what_is_used_is_not_removed(admin: Browser) -> None:
    await admin.create("queue", "chat-money", queue())
    refused = await admin.remove("skill", "finance", 1)
    assert (refused.status_code, refused.json()["code"]) == (409, "config.in_use")
    assert refused.json()["details"]["by"] == [{"kind": "queue", "id": "chat-money", "at": "steps.0.require"}]
    assert (await admin.remove("queue", "chat-money", 1)).status_code == 200
    assert (await admin.remove("skill", "finance", 1)).status_code == 200
    gone = (await admin.get("/config/skill/finance")).json()
    assert (gone["active"], gone["version"]) == (False, 2)
    assert (await admin.get("/config/skill")).json() == {"items": []}
    assert len((await admin.get("/config/skill?removed=true")).json()["items"]) == 1
    assert (await admin.remove("skill", "finance", 2)).status_code == 404
    assert (await admin.create("skill", "finance", {"name": NAMED})).json()["version"] == 3


async def test_a_queue_with_contacts_is_not_removed(office: Office, admin: Browser) -> None:
    await admin.create("queue", "chat-money", queue())
    async with office.db.transaction() as conn:
        await conn.execute(
            "insert into contact (id, channel, queue, language, state, arrived_at)"
            " values (gen_random_uuid(), 'chat', 'chat-money', 'ru', 'waiting', now())"
        )
    assert (await admin.remove("queue", "chat-money", 1)).json()["code"] == "config.in_use"


async def test_texts_stay_texts(admin: Browser) -> None:
    text = "<script>alert(1)</script>\n\x00\x1b\u202eстрока"
    body = {"name": {"ru": " <b>а</b>\n ", "en": "b\x07"}, "shortcut": "/Привет", "text": {"ru": text}}
    stored = (await admin.create("canned", "hello", body)).json()["body"]
    assert stored["name"] == {"ru": "<b>а</b>", "en": "b"}
    assert stored["text"]["ru"] == "<script>alert(1)</script>\nстрока"
    assert stored["shortcut"] == "/привет"


async def test_logins_and_shortcuts_belong_to_one(admin: Browser) -> None:
    taken = await admin.create("person", str(uuid7()), person("AGENT1"))
    assert (taken.status_code, taken.json()["code"], taken.json()["details"]["at"]) == (409, "config.taken", "login")


async def test_the_last_administrator_stays(office: Office, admin: Browser) -> None:
    id = office.people["admin"]
    body = (await admin.get(f"/config/person/{id}")).json()["body"]
    demoted = await admin.change("person", id, {**body, "role": "agent"}, 1)
    assert (demoted.status_code, demoted.json()["code"]) == (409, "config.last_administrator")
    assert (await admin.remove("person", id, 1)).json()["code"] == "config.self"
    with pytest.raises(Conflict, match="last_administrator"):
        await office.configuration().remove(SYSTEM, "person", id, version=1)


async def test_an_administrator_who_cannot_sign_in_is_no_other_administrator(office: Office, admin: Browser) -> None:
    id = office.people["admin"]
    body = (await admin.get(f"/config/person/{id}")).json()["body"]
    other = str(uuid7())
    created = await admin.create("person", other, {**body, "login": "second", "name": "Второй"})
    assert created.status_code == 201
    demoted = await admin.change("person", id, {**body, "role": "agent"}, 1)
    assert (demoted.status_code, demoted.json()["code"]) == (409, "config.last_administrator")
    opened = await admin.change(
        "person", other, {**body, "login": "second", "name": "Второй", "password": "a long enough password"}, 1
    )
    assert opened.status_code == 200
    assert (await admin.change("person", id, {**body, "role": "agent"}, 1)).status_code == 200


async def test_agents_read_what_the_desk_needs_and_change_nothing(office: Office) -> None:
    agent = await office.signed_in("agent1")
    assert (await agent.get("/config/skill")).status_code == 200
    for answer in (
        await agent.get("/config/person"),
        await agent.get(f"/config/person/{office.people['agent1']}/history"),
        await agent.create("skill", "magic", {"name": NAMED}),
        await agent.remove("skill", "finance", 1),
        await agent.get("/audit"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "access.denied")


async def test_every_use_case_asks_for_permission_itself(office: Office) -> None:
    browser = await office.signed_in("agent1")
    signed = await office.sessions.authenticate(browser.http.cookies["teplo_session"])
    configuration = office.configuration()
    with pytest.raises(NotAllowed):
        await configuration.put(signed.caller, "skill", "magic", {"name": NAMED}, version=None)
    with pytest.raises(NotAllowed):
        await configuration.remove(signed.caller, "skill", "finance", version=1)
    with pytest.raises(NotAllowed):
        await configuration.apply(signed.caller)


async def test_the_audit_names_fields_but_tells_no_values(office: Office, admin: Browser) -> None:
    id = str(uuid7())
    await admin.create("person", id, {**person("new"), "password": "her first password"})
    await admin.change("person", id, {**person("new"), "name": "Совсем Другое Имя"}, 1)
    lines = (await admin.get(f"/audit?object_id={id}")).json()["items"]
    assert [line["action"] for line in lines] == ["config.changed", "password.set", "config.created"]
    assert lines[0]["details"] == {"version": 2, "fields": ["name"]}
    assert lines[0]["person"] == office.people["admin"]
    assert "Имя" not in str(lines) and "password'" not in str(lines)
    page = (await admin.get("/audit?limit=1")).json()
    assert (await admin.get(f"/audit?limit=1&before={page['next']}")).json()["items"][0]["seq"] < page["next"]


@pytest.mark.parametrize("path", ["/config/skill/%00", "/config/nothing/x", "/config/skill/a%2Fb", "/audit?before=0"])
async def test_strange_addresses_are_clear_errors(admin: Browser, path: str) -> None:
    answer = await admin.get(path)
    assert answer.status_code in (404, 422)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_every_operation_is_described(office: Office) -> None:
    described = office.app.openapi()
    operations = [op for path in described["paths"].values() for op in path.values()]
    ids = [op["operationId"] for op in operations]
    assert len(ids) == len(set(ids)) and all(id.isalnum() for id in ids)
    for op in operations:
        assert {"401", "403", "422"} <= op["responses"].keys()
        good = [answer for status, answer in op["responses"].items() if status.startswith("2") and status != "204"]
        assert all("schema" in media for answer in good for media in answer["content"].values())
    for kind in BODIES:
        assert "requestBody" in described["paths"][f"/api/v1/config/{kind}/{{id}}"]["put"]


# --- the floor ------------------------------------------------------------------------------------------------


@pytest.fixture
async def living(db: Database) -> AsyncIterator[tuple[Office, Feed]]:
    """An office with a running floor."""
    node = str(uuid7())
    commands, feed, dispatcher = Commands(db, node), Feed(db), Dispatcher(db, node, SteadyClock())
    async with asyncio.TaskGroup() as group, open_office(db, commands) as opened:
        tasks = [group.create_task(loop()) for loop in (commands.run, feed.run, dispatcher.run)]
        await feed.ready.wait()
        await commands.listening.wait()
        await opened.hire("admin", "administrator")
        yield opened, feed
        for task in tasks:
            task.cancel()


async def test_a_change_is_in_force_on_the_floor_when_the_answer_comes(living: tuple[Office, Feed]) -> None:
    office, feed = living
    admin = await office.signed_in("admin")
    await admin.create("skill", "finance", {"name": NAMED})
    await admin.create("hours", "office", HOURS)
    await admin.create("region", "ural", {"name": NAMED})
    await admin.create("region", "RU-CHE", {"name": NAMED, "parent": "ural", "zone": "Asia/Yekaterinburg"})
    await admin.create("queue", "chat-money", queue(hours="office"))
    id = str(uuid7())
    await admin.create("person", id, person("agent9", skills={"finance": 4}, regions=["ural"]))
    await until(lambda: "chat-money" in feed.floor.queues and id in feed.floor.agents)
    profile = feed.floor.agents[id].profile
    assert (profile.skills, profile.capacity) == ({"finance": 4}, {"chat": 3, "voice": 1})
    assert set(profile.regions) == {"ural", "RU-CHE"}
    hours = feed.floor.queues["chat-money"].config.hours
    assert hours is not None and hours.to_json() == {k: HOURS[k] for k in ("zone", "week", "special")}
    await admin.change("hours", "office", {**HOURS, "zone": "Asia/Omsk"}, 1)
    await until(lambda: feed.floor.queues["chat-money"].config.hours.zone == "Asia/Omsk")
    await admin.change("person", id, person("agent9", skills={"finance": 4}, role="quality"), 1)
    await until(lambda: id not in feed.floor.agents)
    await admin.remove("queue", "chat-money", 1)
    await until(lambda: "chat-money" not in feed.floor.queues)


async def test_names_of_people_never_reach_the_log(living: tuple[Office, Feed]) -> None:
    office, feed = living
    id = await office.hire("agent1", "agent", display_name="Айгуль")
    await until(lambda: id in feed.floor.agents)
    async with office.db.connection() as conn:
        rows = await (await conn.execute("select body::text from event")).fetchall()
    assert rows
    assert not [row for row in rows if "Имя agent1" in row[0] or "Айгуль" in row[0] or '"agent1"' in row[0]]


async def test_simultaneous_changes_of_different_items_all_reach_the_floor(living: tuple[Office, Feed]) -> None:
    office, feed = living
    admin = await office.signed_in("admin")
    ids = [f"queue-{n}" for n in range(8)]
    body = {"name": NAMED, "steps": [{"after": 0}]}
    answers = await asyncio.gather(*(admin.create("queue", id, body) for id in ids))
    assert {answer.status_code for answer in answers} == {201}
    await until(lambda: set(feed.floor.queues) == set(ids))


async def test_a_refused_change_leaves_no_command_behind(office: Office, admin: Browser) -> None:
    before = await commands_waiting(office)
    await admin.create("queue", "chat-money", queue(hours="never"))
    await admin.change("queue", "chat-money", queue(), 7)
    assert await commands_waiting(office) == before
    async with office.db.connection() as conn:
        whole = await floor_configuration(conn)
    assert [agent["id"] for agent in whole["agents"]] == [office.people["agent1"]]
