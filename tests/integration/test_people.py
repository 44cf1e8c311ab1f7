"""People as configuration: names for colleagues, passwords for nobody."""

from collections.abc import AsyncIterator

import pytest
from tests.office import Office, open_office
from uuid_utils import uuid7

from teplo.storage.db import Database

pytestmark = pytest.mark.anyio


@pytest.fixture
async def office(db: Database) -> AsyncIterator[Office]:
    async with open_office(db) as opened:
        await opened.hire("admin", "administrator")
        await opened.hire("agent1", "agent")
        yield opened


def body(login: str, **more: object) -> dict[str, object]:
    return {"name": "Лейсан Нурова", "display_name": "Лейсан", "login": login, "role": "agent", **more}


async def test_anybody_signed_in_sees_names_of_colleagues_and_nothing_else(office: Office) -> None:
    agent = await office.signed_in("agent1")
    items = (await agent.get("/people")).json()["items"]
    assert {item["name"] for item in items} == {"Имя admin", "Имя agent1"}
    assert all(set(item) == {"id", "name", "display_name", "team", "role", "active"} for item in items)
    assert (await office.browser().get("/people")).status_code == 401


async def test_who_left_keeps_the_name_in_old_records(office: Office) -> None:
    admin = await office.signed_in("admin")
    await admin.remove("person", office.people["agent1"], 1)
    items = (await admin.get("/people")).json()["items"]
    assert [item["active"] for item in items if item["id"] == office.people["agent1"]] == [False]


async def test_a_password_is_taken_but_never_told(office: Office) -> None:
    admin, id = await office.signed_in("admin"), str(uuid7())
    created = await admin.create("person", id, body("leysan", password="her first password"))
    assert created.status_code == 201
    assert "password" not in created.json()["body"]
    assert (await office.browser().sign_in("leysan", "her first password")).status_code == 200
    history = await admin.get(f"/config/person/{id}/history")
    async with office.db.connection() as conn:
        stored = await (
            await conn.execute("select body::text from config_history union select details::text from audit")
        ).fetchall()
    assert "first password" not in history.text + str(stored)


async def test_a_new_password_from_the_administrator_closes_the_sessions(office: Office) -> None:
    admin, agent = await office.signed_in("admin"), await office.signed_in("agent1")
    id = office.people["agent1"]
    present = (await admin.get(f"/config/person/{id}")).json()["body"]
    answer = await admin.change("person", id, {**present, "password": "another password"}, 1)
    assert (answer.status_code, answer.json()["version"]) == (200, 1)
    assert (await agent.get("/session")).status_code == 401
    assert (await office.browser().sign_in("agent1", "another password")).status_code == 200


async def test_a_short_password_creates_nobody(office: Office) -> None:
    admin, id = await office.signed_in("admin"), str(uuid7())
    answer = await admin.create("person", id, body("leysan", password="short"))
    assert (answer.status_code, answer.json()["code"]) == (422, "password.too_short")
    assert (await admin.get(f"/config/person/{id}")).status_code == 404


async def test_a_person_without_a_password_cannot_sign_in(office: Office) -> None:
    admin = await office.signed_in("admin")
    assert (await admin.create("person", str(uuid7()), body("leysan"))).status_code == 201
    for password in ("", " ", "None"):
        assert (await office.browser().sign_in("leysan", password)).status_code in (401, 422)


async def test_a_changed_login_opens_with_the_same_password(office: Office) -> None:
    admin, id = await office.signed_in("admin"), office.people["agent1"]
    present = (await admin.get(f"/config/person/{id}")).json()["body"]
    assert (await admin.change("person", id, {**present, "login": "Aigul.S"}, 1)).status_code == 200
    assert (await office.browser().sign_in("agent1")).status_code == 401
    assert (await office.browser().sign_in("aigul.s")).status_code == 200


async def test_a_login_is_free_again_when_its_owner_left(office: Office) -> None:
    admin = await office.signed_in("admin")
    await admin.remove("person", office.people["agent1"], 1)
    created = await admin.create("person", str(uuid7()), body("agent1", password="a brand new one"))
    assert created.status_code == 201
    assert (await office.browser().sign_in("agent1", "a brand new one")).status_code == 200


@pytest.mark.parametrize("id", ["agent1", "0190", "01900000-0000-7000-8000-00000000000A", "%7B0190%7D"])
async def test_the_id_of_a_person_is_a_uuid(office: Office, id: str) -> None:
    admin = await office.signed_in("admin")
    assert (await admin.create("person", id, body("leysan"))).status_code == 422
