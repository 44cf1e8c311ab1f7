"""A supervisor's hand on agents, and where a talk may be handed over to."""

from collections.abc import AsyncIterator

import pytest
from tests.chat_centre import Centre, new_id, open_centre, until

pytestmark = pytest.mark.anyio


@pytest.fixture
async def centre(database_url: str) -> AsyncIterator[Centre]:
    async with open_centre(database_url) as opened:
        yield opened


async def audited(centre: Centre) -> list[tuple[object, ...]]:
    return await centre.rows(
        "select person::text, action, object_id, details from audit where action like 'agent.%%' order by seq"
    )


async def test_a_break_leaves_talks_with_the_agent(centre: Centre) -> None:
    anna, vera = await centre.at_work("anna"), await centre.sign_in("vera")
    await centre.subscriber().open()
    contact = await anna.takes()
    answer = await vera.call("PUT", f"/floor/agents/{anna.id}/presence", json={"presence": "break"})
    assert answer.status_code == 204, answer.text
    agent = centre.services.feed.floor.agents[anna.id]
    assert (agent.presence, agent.reason, list(agent.contacts)) == ("break", "supervisor", [contact])
    assert await audited(centre) == [(vera.id, "agent.set_presence", anna.id, {"presence": "break"})]
    assert anna.desk is not None
    told = await anna.desk.hear("changes")
    assert told["topic"] == "me"


async def test_off_the_line_talks_return_to_their_old_place(centre: Centre) -> None:
    anna, vera = await centre.at_work("anna"), await centre.sign_in("vera")
    await centre.subscriber().open()
    contact = await anna.takes()
    since = centre.services.feed.floor.contacts[contact].since
    answer = await vera.call("PUT", f"/floor/agents/{anna.id}/presence", json={"presence": "offline"})
    assert answer.status_code == 204, answer.text
    found = centre.services.feed.floor.contacts[contact]
    assert (found.state, found.since, found.agent) == ("waiting", since, None)
    [(by,)] = await centre.rows("select body->>'by' from event where kind = 'agent.presence' order by seq desc limit 1")
    assert by == "supervisor"
    absent = await vera.call("PUT", f"/floor/agents/{anna.id}/presence", json={"presence": "break"})
    assert (absent.status_code, absent.json()["code"]) == (409, "agent.absent")


async def test_a_supervisor_lowers_a_hand_and_it_is_audited_once(centre: Centre) -> None:
    anna, vera = await centre.at_work("anna"), await centre.sign_in("vera")
    await anna.call("PUT", "/me/hand", json={"raised": True})
    path = f"/floor/agents/{anna.id}/hand"
    assert [(await vera.call("PUT", path, json={"raised": False})).status_code for _ in range(2)] == [204, 204]
    assert (await vera.call("PUT", path, json={"raised": True})).status_code == 422
    assert centre.services.feed.floor.agents[anna.id].hand is None
    assert await audited(centre) == [(vera.id, "agent.lower_hand", anna.id, {})]


async def test_only_supervisors_steer_and_only_whom_there_is(centre: Centre) -> None:
    anna, boris, vera = [await centre.sign_in(login) for login in ("anna", "boris", "vera")]
    presence = f"/floor/agents/{boris.id}/presence"
    for method, path, body in (
        ("PUT", presence, {"presence": "offline"}),
        ("PUT", f"/floor/agents/{boris.id}/hand", {"raised": False}),
    ):
        refused = await anna.call(method, path, json=body)
        assert (refused.status_code, refused.json()["code"]) == (403, "access.denied")
    for wrong in ("available", "training", "", None):
        assert (await vera.call("PUT", presence, json={"presence": wrong})).status_code == 422
    nobody = await vera.call("PUT", f"/floor/agents/{new_id()}/presence", json={"presence": "offline"})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "agent.unknown")
    assert await audited(centre) == []


async def test_agents_see_who_is_free_and_how_long_queues_wait(centre: Centre) -> None:
    anna, boris = await centre.at_work("anna"), await centre.at_work("boris")
    await boris.call("PUT", "/me/presence", json={"presence": "break"})
    await centre.subscriber().open()
    await anna.takes()
    seen = (await anna.call("GET", "/floor/targets")).json()
    colleague = {"id": boris.id, "display_name": "Борис", "team": None, "state": "away", "skills": {"general": 3}}
    assert [row for row in seen["colleagues"] if row["id"] in (anna.id, boris.id)] == [colleague]
    assert "Имя" not in str(seen["colleagues"])  # the whole name is not for this
    queues = {queue["id"]: queue for queue in seen["queues"]}
    assert (queues["chat-money"]["open"], queues["chat-closed"]["open"]) == (True, False)
    assert queues["chat-closed"]["estimate"] is None and queues["chat-money"]["name"]["ru"] == "Деньги"
    assert [(skill["id"], skill["free"], skill["present"]) for skill in seen["skills"]] == [("general", 0, 0)]
    await boris.call("PUT", "/me/presence", json={"presence": "available"})
    seen = (await anna.call("GET", "/floor/targets")).json()
    assert (seen["colleagues"][0]["id"], seen["colleagues"][0]["state"]) == (boris.id, "free")
    for _ in range(3):
        await boris.call("PUT", "/me/presence", json={"presence": "available"})
        await anna.call("PUT", "/me/presence", json={"presence": "busy"})
        await centre.subscriber().open()
        await boris.takes()
    seen = (await anna.call("GET", "/floor/targets")).json()
    assert (seen["colleagues"][0]["id"], seen["colleagues"][0]["state"]) == (boris.id, "busy")
    assert seen["skills"][0] | {"name": None} == {"id": "general", "name": None, "free": 0, "present": 1}


async def test_targets_are_of_the_channel_and_for_those_who_serve(centre: Centre) -> None:
    anna, zoya = await centre.sign_in("anna"), await centre.sign_in("zoya")
    voice = (await anna.call("GET", "/floor/targets?channel=voice")).json()
    assert voice["queues"] == []
    assert (await anna.call("GET", "/floor/targets?channel=pigeon")).status_code == 422
    assert (await zoya.call("GET", "/floor/targets")).json()["code"] == "access.denied"


async def test_the_receiver_is_told_who_handed_over(centre: Centre) -> None:
    anna, boris = await centre.at_work("anna"), await centre.at_work("boris")
    await boris.call("PUT", "/me/presence", json={"presence": "busy"})
    await centre.subscriber().open()
    contact = await anna.takes()
    await boris.call("PUT", "/me/presence", json={"presence": "available"})
    answer = await anna.post(f"/contacts/{contact}/transfer", to={"queue": "chat-other"}, note="обещали до четверга")
    assert answer.status_code == 204, answer.text
    await boris.offered(contact)
    assert boris.desk is not None

    async def why() -> object:
        (row,) = await centre.rows(
            "select body->'why'->'facts' from event where kind = 'contact.offered' and contact = %s"
            " order by seq desc limit 1",
            contact,
        )
        return {"code": "handed_over", "agent": anna.id} in row[0]

    assert await until(why)
    card = (await boris.call("GET", f"/contacts/{contact}/card")).json()  # before the offer is taken
    assert [(note["agent"], note["text"]) for note in card["notes"]] == [(anna.id, "обещали до четверга")]


async def test_a_contact_is_found_by_its_number(centre: Centre) -> None:
    anna, boris, vera = await centre.at_work("anna"), await centre.sign_in("boris"), await centre.sign_in("vera")
    await boris.call("PUT", "/me/presence", json={"presence": "busy"})
    await centre.subscriber().open()
    contact = await anna.takes()
    await centre.subscriber().open()

    async def stored() -> object:
        return await centre.rows("select number from contact where id = %s", contact)

    [(number,)] = await until(stored)
    found = (await vera.call("GET", f"/contacts?number={number}")).json()
    assert ([row["id"] for row in found["items"]], found["next"]) == ([contact], None)
    assert (await boris.call("GET", f"/contacts?number={number}")).json()["items"] == []
    assert (await vera.call("GET", "/contacts?number=999999")).json()["items"] == []
    for wrong in ("0", "-1", "x", str(2**63)):
        assert (await vera.call("GET", f"/contacts?number={wrong}")).status_code == 422
