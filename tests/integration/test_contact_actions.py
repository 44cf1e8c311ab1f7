"""What people do with contacts: only what is theirs, each decision stored before it is answered."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from tests.chat_centre import Centre, new_id, open_centre, until
from tests.office import NAMED, open_office

from teplo.services.directory import Directory
from teplo.services.idle import IdleChats
from teplo.storage.db import Database

pytestmark = pytest.mark.anyio


@pytest.fixture
async def centre(database_url: str) -> AsyncIterator[Centre]:
    async with open_centre(database_url) as opened:
        yield opened


async def test_an_offer_is_taken_by_its_agent_and_nobody_else(centre: Centre) -> None:
    anna, boris = await centre.at_work("anna"), await centre.sign_in("boris")
    widget = centre.subscriber()
    await widget.open()
    offer = await anna.offered()
    path = f"/contacts/{offer['id']}/accept"
    stolen = await boris.post(path, offer=offer["offer"])
    assert (stolen.status_code, stolen.json()["code"]) == (409, "offer.gone")
    answers = await asyncio.gather(*(anna.post(path, offer=offer["offer"]) for _ in range(5)))
    assert {answer.status_code for answer in answers} == {204}
    accepted = "select count(*) from event where kind = 'offer.accepted' and contact = %s"
    assert await centre.rows(accepted, offer["id"]) == [(1,)]
    late = await boris.post(path, offer=offer["offer"])
    assert (late.status_code, late.json()["code"]) == (409, "offer.taken")


async def test_a_declined_contact_keeps_its_place(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    state = await widget.open()
    since = centre.services.feed.floor.contacts[state["contact"]].since
    offer = await anna.offered()
    answer = await anna.post(f"/contacts/{offer['id']}/decline", offer=offer["offer"], reason="busy")
    assert answer.status_code == 204
    contact = centre.services.feed.floor.contacts[offer["id"]]
    assert (contact.state, contact.since) == ("waiting", since)


async def test_transfer_hands_over_with_a_note(centre: Centre) -> None:
    anna, boris = await centre.at_work("anna"), await centre.at_work("boris")
    widget = centre.subscriber()
    await widget.open()
    await anna.call("PUT", "/me/presence", json={"presence": "available"})
    taker = await until(lambda: next((c.agent for c in centre.services.feed.floor.contacts.values() if c.agent), None))
    giver, other = (anna, boris) if taker == anna.id else (boris, anna)
    contact = await giver.takes()
    refused = await other.post(f"/contacts/{contact}/transfer", to={"queue": "chat-other"}, note="не моё")
    assert refused.status_code == 403
    answer = await giver.post(f"/contacts/{contact}/transfer", to={"agent": other.id}, note="ждёт возврата")
    assert answer.status_code == 204, answer.text
    assert await other.takes() == contact
    notes = (await other.call("GET", f"/contacts/{contact}/notes")).json()["items"]
    assert [(note["agent"], note["text"]) for note in notes] == [(giver.id, "ждёт возврата")]
    assert (await giver.write(contact, "уже не моё")).status_code == 403
    for wrong in ({}, {"agent": "nobody"}, {"queue": "chat-other", "agent": other.id}, {"skill": "general", "min": 9}):
        assert (await other.post(f"/contacts/{contact}/transfer", to=wrong)).status_code == 422, wrong
    nowhere = await other.post(f"/contacts/{contact}/transfer", to={"queue": "nowhere"})
    assert (nowhere.status_code, nowhere.json()["code"]) == (404, "queue.unknown")


async def test_wrap_up_ends_with_reason_and_outcome(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open()
    contact = await anna.takes()
    assert (await anna.post(f"/contacts/{contact}/end")).status_code == 204
    assert (await anna.post(f"/contacts/{contact}/end")).status_code == 204
    path = f"/contacts/{contact}/dispose"
    for reasons in (["MNY"], ["MNY.02"], ["NOPE"]):
        wrong = await anna.post(path, reasons=reasons, outcome="resolved")
        assert (wrong.status_code, wrong.json()["code"]) == (422, "reason.unknown"), reasons
    assert (await anna.post(path, reasons=[], outcome="resolved")).status_code == 422
    assert (await anna.post(path, reasons=["MNY.01"], outcome="fine")).status_code == 422
    assert (await anna.post(f"/contacts/{contact}/extend")).status_code == 204
    good = await anna.post(path, reasons=["MNY.01", "MNY.01"], outcome="resolved", note="всё хорошо")
    assert good.status_code == 204
    [(body,)] = await centre.rows("select body from event where kind = 'contact.disposed' and contact = %s", contact)
    assert body == {"reasons": ["MNY.01"], "outcome": "resolved", "late": False}
    assert await centre.rows("select text from note where contact = %s", contact) == [("всё хорошо",)]
    again = await anna.post(path, reasons=["MNY.01"], outcome="resolved")
    assert (again.status_code, again.json()["code"]) == (409, "contact.disposed")


async def test_a_disposition_after_the_time_is_kept_as_late(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open(reason=None)
    contact = await anna.takes()
    await anna.post(f"/contacts/{contact}/end")
    await until(lambda: contact not in centre.services.feed.floor.contacts)  # this queue has no wrap-up time
    boris = await centre.sign_in("boris")
    stranger = await boris.post(f"/contacts/{contact}/dispose", reasons=["MNY.01"], outcome="resolved")
    assert stranger.status_code == 409
    late = await anna.post(f"/contacts/{contact}/dispose", reasons=["MNY.01"], outcome="promise")
    assert late.status_code == 204, late.text
    [(body,)] = await centre.rows("select body from event where kind = 'contact.disposed' and contact = %s", contact)
    assert (body["late"], body["outcome"]) == (True, "promise")


async def test_supervisors_steer_and_agents_do_not(centre: Centre) -> None:
    anna, vera = await centre.sign_in("anna"), await centre.sign_in("vera")
    widget = centre.subscriber()
    contact = (await widget.open())["contact"]
    for action, body in (("move", {"queue": "chat-other"}), ("prioritise", {"priority": 30.0})):
        refused = await anna.post(f"/contacts/{contact}/{action}", **body)
        assert (refused.status_code, refused.json()["code"]) == (403, "access.denied")
        assert (await vera.post(f"/contacts/{contact}/{action}", **body)).status_code == 204
    found = centre.services.feed.floor.contacts[contact]
    assert (found.queue, found.priority) == ("chat-other", 30.0)
    assert (await anna.post(f"/contacts/{contact}/end")).json()["code"] == "contact.not_yours"
    assert (await vera.post(f"/contacts/{contact}/end")).status_code == 204
    assert (await widget.page())["state"] == "ended"
    assert (await vera.post(f"/contacts/{new_id()}/end")).status_code == 404


async def test_presence_and_hand_are_ones_own(centre: Centre) -> None:
    anna, zoya = await centre.at_work("anna"), await centre.sign_in("zoya")
    agent = centre.services.feed.floor.agents[anna.id]
    assert (await anna.call("PUT", "/me/presence", json={"presence": "break", "reason": "lunch"})).status_code == 204
    assert (agent.presence, agent.reason) == ("break", "lunch")
    unknown = await anna.call("PUT", "/me/presence", json={"presence": "break", "reason": "sleep"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "presence.reason_unknown")
    assert (await anna.call("PUT", "/me/presence", json={"presence": "gone"})).status_code == 422
    assert (await zoya.call("PUT", "/me/presence", json={"presence": "available"})).status_code == 403
    assert (await anna.call("PUT", "/me/hand", json={"raised": True})).status_code == 204
    assert agent.hand is not None
    assert (await anna.call("PUT", "/me/hand", json={"raised": False})).status_code == 204
    assert agent.hand is None
    missing = await anna.http.put("/me/presence", json={"presence": "available"})
    assert (missing.status_code, missing.json()["code"]) == (403, "session.csrf")


async def test_a_chat_without_an_answer_is_ended_after_its_time(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    silent, lively = centre.subscriber(), centre.subscriber()
    await silent.open()
    first = await anna.takes()
    await lively.open()
    second = await anna.takes()
    await anna.write(first, "вы здесь?")
    await anna.write(second, "вы здесь?")
    await lively.write("да")
    await centre.rows("update message set at = at - interval '31 minutes' where kind = 'text' returning 1")
    assert await IdleChats(centre.services.chat).step() == 1
    assert (await silent.reaches("ended"))["contact"] == first
    [(by, reason)] = await centre.rows(
        "select body->>'by', body->>'reason' from event where kind = 'contact.ended' and contact = %s", first
    )
    assert (by, reason) == ("system", "inactive")
    assert (await lively.page())["state"] == "talking"


async def test_a_note_of_a_command_that_is_sent_again_is_kept_once(centre: Centre) -> None:
    """The first answer was lost on the way, so the desk asks again."""
    anna, boris = await centre.at_work("anna"), await centre.sign_in("boris")
    widget = centre.subscriber()
    await widget.open()
    contact = await anna.takes()
    there = {"to": {"queue": "chat-other"}, "note": "ждёт возврата"}
    assert (await anna.post(f"/contacts/{contact}/transfer", **there)).status_code == 204
    assert (await anna.post(f"/contacts/{contact}/transfer", **there)).status_code in (403, 409)
    assert await centre.rows("select text from note where contact = %s", contact) == [("ждёт возврата",)]
    assert (await boris.post(f"/contacts/{contact}/transfer", **there)).status_code == 403


async def test_words_are_no_reason_to_decline(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open()
    offer = await anna.offered()
    answer = await anna.post(f"/contacts/{offer['id']}/decline", offer=offer["offer"], reason="звонила Алла, +7 973")
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    assert await centre.rows("select count(*) from event where kind = 'offer.declined'") == [(0,)]


async def test_listeners_end_no_contact(centre: Centre) -> None:
    anna, zoya = await centre.at_work("anna"), await centre.sign_in("zoya")
    widget = centre.subscriber()
    await widget.open()
    contact = await anna.takes()
    answer = await zoya.post(f"/contacts/{contact}/end")
    assert (answer.status_code, answer.json()["code"]) == (403, "access.denied")


async def test_the_audit_knows_which_supervisor_ended_a_talk(centre: Centre) -> None:
    anna, vera = await centre.at_work("anna"), await centre.sign_in("vera")
    widget = centre.subscriber()
    await widget.open()
    contact = await anna.takes()
    assert (await vera.post(f"/contacts/{contact}/end")).status_code == 204
    assert await centre.rows("select person, object_id from audit where action = 'contact.end'") == [(vera.id, contact)]
    assert await centre.rows("select body->>'by' from event where kind = 'contact.ended'") == [("supervisor",)]


async def test_reasons_come_and_go_at_the_midnight_of_the_centre(db: Database) -> None:
    async with open_office(db) as office:
        for id, dates in (("new", {"valid_from": "2026-01-02"}), ("old", {"valid_to": "2026-01-01"})):
            await office.bring_in(("reason", id, {"name": NAMED, **dates}))
    directory, zone = Directory(db), ZoneInfo("Asia/Yekaterinburg")
    for hour, valid in ((18, "old"), (20, "new")):  # UTC: an hour before and after midnight in Yekaterinburg
        now = datetime(2026, 1, 1, hour, tzinfo=UTC).timestamp()
        assert [id for id in ("new", "old") if await directory.reason_is_valid(id, now, zone)] == [valid]
