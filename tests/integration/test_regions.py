"""Where a subscriber is from: the range of the number, unless it is known; it leads the routing and the local time."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from tests.chat_centre import Centre, Person, named, open_centre

pytestmark = pytest.mark.anyio

CHELYABINSK, OMSK = "+7 973 000-00-01", "+7 973 111-11-11"


@pytest.fixture
async def centre(database_url: str) -> AsyncIterator[Centre]:
    async with open_centre(database_url) as opened:
        await opened.bring_in(
            ("region", "ural", {"name": named("Урал")}),
            ("region", "RU-CHE", {"name": named("Челябинск"), "parent": "ural", "zone": "Asia/Yekaterinburg"}),
            ("number_range", "7973", {"prefix": "+7973", "region": "RU-CHE"}),
            ("number_range", "79731", {"prefix": "+79731", "region": "RU-OMS"}),
        )
        await opened.hire("admin", "administrator")
        yield opened


async def put(person: Person, id: str, body: dict[str, Any], version: int | None = None) -> httpx.Response:
    match = {"If-None-Match": "*"} if version is None else {"If-Match": f'"{version}"'}
    headers = {"X-CSRF-Token": person.csrf, **match}
    return await person.http.put(f"/config/number_range/{id}", json=body, headers=headers)


async def test_the_longest_prefix_of_the_number_tells_the_region(centre: Centre) -> None:
    for number, region in ((CHELYABINSK, "RU-CHE"), (OMSK, "RU-OMS"), ("+7 974 000-00-00", None), (None, None)):
        widget = centre.subscriber()
        state = await widget.open(number=number)
        assert centre.services.feed.floor.contacts[state["contact"]].region == region
        assert await centre.rows("select region from thread where id = %s", state["thread"]) == [(region,)]
    stored = dict(await centre.rows("select number, region from subscriber"))
    assert stored == {"+79730000001": "RU-CHE", "+79731111111": "RU-OMS", "+79740000000": None}


async def test_a_known_region_counts_before_that_of_the_number(centre: Centre) -> None:
    await centre.subscriber().open(number=CHELYABINSK)
    await centre.rows("update subscriber set region = 'RU-OMS' returning 1")
    state = await centre.subscriber().open(number=CHELYABINSK)
    assert centre.services.feed.floor.contacts[state["contact"]].region == "RU-OMS"
    assert await centre.rows("select region from subscriber") == [("RU-OMS",)]


async def test_an_unknown_region_is_learnt_when_the_subscriber_comes_again(centre: Centre) -> None:
    number = "+7 975 000-00-00"
    await centre.subscriber().open(number=number)
    await centre.bring_in(("number_range", "7975", {"prefix": "+7975", "region": "RU-OMS"}))
    state = await centre.subscriber().open(number=number)
    assert centre.services.feed.floor.contacts[state["contact"]].region == "RU-OMS"
    assert await centre.rows("select region from subscriber") == [("RU-OMS",)]


async def test_the_region_leads_to_its_agents_and_is_explained(centre: Centre) -> None:
    steps = [{"after": 0, "require": {}, "match": ["region"]}, {"after": 60, "require": {}}]
    await centre.bring_in(("queue", "chat-local", {"name": named("Свои"), "steps": steps}))
    local = {"reason": "MNY", "name": named("Деньги"), "icon": "wallet", "queue": "chat-local"}
    await centre.bring_in(
        ("entry", "local", {"greeting": named("Здравствуйте"), "options": [local], "default_queue": "chat-local"})
    )
    for login, region in (("ufa", "RU-OMS"), ("miass", "ural")):
        await centre.hire(login, "agent", regions=[region])
    await centre.at_work("ufa")
    miass = await centre.at_work("miass")
    widget = centre.subscriber()
    await widget.open(entry="local", number=CHELYABINSK)
    contact = await miass.takes()
    card = (await miass.call("GET", f"/contacts/{contact}/card")).json()["subscriber"]
    assert (card["region"], card["zone"]) == ("RU-CHE", "Asia/Yekaterinburg")
    record = (await miass.call("GET", f"/contacts/{contact}")).json()
    assert (record["subscriber"]["region"], record["subscriber"]["zone"]) == ("RU-CHE", "Asia/Yekaterinburg")
    [why] = [event["body"]["why"] for event in record["events"] if event["kind"] == "contact.offered"]
    assert {"code": "region", "region": "RU-CHE"} in why["facts"]


async def test_ranges_are_digits_of_a_known_region_and_each_prefix_stands_once(centre: Centre) -> None:
    admin = await centre.sign_in("admin")
    for prefix in ("79732", "+", "+0973", "+7973x", "+7 973", "+" + "7" * 16, ""):
        wrong = await put(admin, "wrong", {"prefix": prefix, "region": "RU-CHE"})
        assert (wrong.status_code, wrong.json()["code"]) == (422, "request.invalid"), prefix
    nowhere = await put(admin, "79732", {"prefix": "+79732", "region": "RU-NONE"})
    assert (nowhere.status_code, nowhere.json()["details"]["errors"][0]["at"]) == (422, "region")
    assert (await put(admin, "79732", {"prefix": "+79732", "region": "RU-CHE"})).status_code == 201
    twice = await put(admin, "again", {"prefix": "+79732", "region": "RU-OMS"})
    assert (twice.status_code, twice.json()["code"]) == (409, "config.taken")
    used = await admin.http.delete("/config/region/RU-OMS", headers={"X-CSRF-Token": admin.csrf, "If-Match": '"1"'})
    assert (used.status_code, used.json()["code"]) == (409, "config.in_use")
    assert {"kind": "number_range", "id": "79731", "at": "region"} in used.json()["details"]["by"]


async def test_a_range_out_of_force_tells_nothing(centre: Centre) -> None:
    admin = await centre.sign_in("admin")
    headers = {"X-CSRF-Token": admin.csrf, "If-Match": '"1"'}
    assert (await admin.http.delete("/config/number_range/79731", headers=headers)).status_code == 200
    state = await centre.subscriber().open(number=OMSK)
    assert centre.services.feed.floor.contacts[state["contact"]].region == "RU-CHE"
