"""The subscriber's side of a chat: from the first message to grade and transcript."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator

import pytest
from tests.chat_centre import NUMBER, Centre, new_id, new_token, open_centre, until

from teplo.domain.errors import Invalid
from teplo.services.access import SYSTEM
from teplo.services.configuration import Configuration
from teplo.services.intake import normalised_number

pytestmark = pytest.mark.anyio


@pytest.fixture
async def centre(database_url: str) -> AsyncIterator[Centre]:
    async with open_centre(database_url) as opened:
        yield opened


async def test_an_entry_point_says_what_to_expect(centre: Centre) -> None:
    widget = centre.subscriber()
    site = (await widget.call("GET", "/entries/site?language=en")).json()
    assert site["greeting"] == "Здравствуйте" and site["open"] is True and site["opens_at"] is None
    assert site["options"] == [{"reason": "MNY", "name": "Деньги", "icon": "wallet"}]
    shop = (await widget.call("GET", "/entries/shop")).json()
    assert shop["open"] is False and shop["closed_message"] == "Мы отдыхаем"
    assert shop["opens_at"] > centre.services.clock()
    missing = await widget.call("GET", "/entries/nowhere")
    assert (missing.status_code, missing.json()["code"]) == (404, "chat.entry_unknown")


async def test_the_first_message_becomes_one_waiting_contact(centre: Centre) -> None:
    widget = centre.subscriber()
    state = await widget.open("Где деньги?", name="Оксана", number=NUMBER)
    assert (state["state"], state["position"], state["ahead"]) == ("waiting", 1, 0)
    contact = centre.services.feed.floor.contacts[state["contact"]]
    assert (contact.queue, contact.reason, contact.language, contact.thread) == (
        "chat-money", "MNY", "ru", state["thread"],
    )  # fmt: skip
    assert await centre.rows("select number, name from subscriber") == [("+79730000001", "Оксана")]
    page = await until_notice(widget, "queued")
    assert [message["text"] for message in page["messages"] if message["kind"] == "text"] == ["Где деньги?"]


async def test_only_a_hash_of_the_token_is_stored(centre: Centre) -> None:
    widget = centre.subscriber()
    await widget.open()
    [(stored,)] = await centre.rows("select token_hash from thread")
    assert widget.token.encode() not in stored
    assert len(stored) == len(hashlib.sha256().digest())


async def test_opening_again_with_the_same_token_changes_nothing(centre: Centre) -> None:
    widget = centre.subscriber()
    body = {"entry": "site", "reason": "MNY", "language": "ru", "message": {"id": new_id(), "text": "раз"}}
    answers = [await widget.call("POST", "/thread", json=body) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert len({answer.json()["contact"] for answer in answers}) == 1
    assert await centre.rows("select count(*) from message where kind = 'text'") == [(1,)]


async def test_two_first_messages_at_once_make_one_contact(centre: Centre) -> None:
    widget = centre.subscriber()
    await widget.open(None)
    answers = await asyncio.gather(*(widget.write(f"строка {n}") for n in range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["contact"] for answer in answers}) == 1
    assert sorted(answer.json()["seq"] for answer in answers) == sorted({answer.json()["seq"] for answer in answers})
    await until(lambda: len(centre.services.feed.floor.contacts) == 1)


async def test_a_retry_of_a_message_returns_the_stored_one(centre: Centre) -> None:
    widget = centre.subscriber()
    await widget.open()
    id = new_id()
    answers = await asyncio.gather(*(widget.write("один раз", id) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["seq"] for answer in answers}) == 1
    stranger = centre.subscriber()
    await stranger.open(None)
    taken = await stranger.write("чужой номер", id)
    assert (taken.status_code, taken.json()["code"]) == (409, "message.id_taken")
    page = await stranger.page()
    assert (page["state"], page["messages"]) == ("none", [])


async def test_text_is_kept_as_it_was_typed_but_for_what_cannot_be_shown(centre: Centre) -> None:
    widget = centre.subscriber()
    await widget.open()
    for typed, kept in (
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("  две\r\nстроки\x00\x07  ", "две\nстроки"),
        ("'; drop table message; --", "'; drop table message; --"),
    ):
        assert (await widget.write(typed)).json()["text"] == kept
    for bad in ("", "   ", "\x00", "x" * 4001):
        assert (await widget.write(bad)).status_code == 422
    lone = await widget.call("POST", "/thread/messages", content=b'{"id":"%s","text":"\\ud800"}' % new_id().encode())
    assert lone.status_code == 422


async def test_the_talk_ends_and_is_graded_once(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open("Здравствуйте")
    contact = await anna.takes()
    state = await widget.reaches("talking")
    assert state["agent"] == {"name": "Анна"} and state["can_grade"] is False
    assert (await widget.call("POST", "/thread/grade", json={"grade": 5})).json()["code"] == "grade.not_ended"
    ended = (await widget.call("POST", "/thread/end")).json()
    assert (ended["state"], ended["can_grade"], ended["grade"]) == ("ended", True, None)
    assert ended["agent"] == {"name": "Анна"}, "the grade is asked about somebody"
    assert (await widget.call("POST", "/thread/end")).status_code == 200
    graded = await widget.call("POST", "/thread/grade", json={"grade": 5, "words": "спасибо"})
    assert (graded.json()["grade"], graded.json()["can_grade"]) == (5, False)
    assert (await widget.call("POST", "/thread/grade", json={"grade": 5})).status_code == 200
    other = await widget.call("POST", "/thread/grade", json={"grade": 1})
    assert (other.status_code, other.json()["code"]) == (409, "grade.given")
    for wrong in (0, 6, 4.5, "5"):
        assert (await widget.call("POST", "/thread/grade", json={"grade": wrong})).status_code == 422
    assert await centre.rows("select grade, words from survey where contact = %s", contact) == [(5, "спасибо")]
    graded_facts = "select count(*) from event where kind = 'contact.graded' and contact = %s"
    assert await centre.rows(graded_facts, contact) == [(1,)]


async def test_who_never_talked_is_not_asked_for_a_grade(centre: Centre) -> None:
    widget = centre.subscriber()
    await widget.open()
    ended = (await widget.call("POST", "/thread/end")).json()
    assert (ended["state"], ended["can_grade"], ended["agent"]) == ("ended", False, None)
    refused = await widget.call("POST", "/thread/grade", json={"grade": 5})
    assert (refused.status_code, refused.json()["code"]) == (409, "grade.not_asked")


async def test_a_message_after_the_end_begins_a_contact_for_the_same_agent(centre: Centre) -> None:
    anna, boris = await centre.at_work("anna"), await centre.at_work("boris")
    widget = centre.subscriber()
    first = (await widget.open())["contact"]
    taker = await until_offered(centre, first)
    agent = anna if taker == anna.id else boris
    await agent.takes(first)
    await widget.call("POST", "/thread/end")
    await agent.post(f"/contacts/{first}/dispose", reasons=["MNY.01"], outcome="resolved")
    answer = await widget.write("и ещё вопрос")
    second = answer.json()["contact"]
    assert answer.status_code == 201 and second != first
    assert await until_offered(centre, second) == taker
    [(body,)] = await centre.rows("select body from event where kind = 'contact.arrived' and contact = %s", second)
    assert body["preferred"] == taker
    await agent.takes(second)
    assert (await widget.reaches("talking"))["contact"] == second


async def test_an_open_matter_leads_to_who_gave_the_promise(centre: Centre) -> None:
    people = {person.id: person for person in (await centre.at_work("anna"), await centre.at_work("boris"))}
    widget = centre.subscriber()

    async def talk(contact: str, agent: str, outcome: str) -> None:
        await people[agent].takes(contact)
        await widget.call("POST", "/thread/end")
        await people[agent].post(f"/contacts/{contact}/dispose", reasons=["MNY.01"], outcome=outcome)

        async def projected() -> bool:
            return await centre.rows("select 1 from contact where id = %s and outcome = %s", contact, outcome) != []

        await until(projected)

    async def follow(text: str) -> tuple[str, str]:
        contact = (await widget.write(text)).json()["contact"]
        taker = await until_offered(centre, contact)
        [(body,)] = await centre.rows("select body from event where kind = 'contact.arrived' and contact = %s", contact)
        assert body["preferred"] == taker
        return contact, taker

    first = (await widget.open())["contact"]
    owner = await until_offered(centre, first)
    await talk(first, owner, "promise")

    await people[owner].call("PUT", "/me/presence", json={"presence": "break", "reason": "lunch"})
    second = (await widget.write("вы обещали")).json()["contact"]
    other = await until_offered(centre, second)
    assert other != owner  # who is absent keeps nobody waiting
    await talk(second, other, "passed")

    await people[owner].call("PUT", "/me/presence", json={"presence": "available"})
    third, asked = await follow("есть ли новости?")
    assert asked == owner  # and not who talked last
    await talk(third, owner, "passed")

    await people[owner].call("PUT", "/me/presence", json={"presence": "break", "reason": "lunch"})
    fourth = (await widget.write("а теперь?")).json()["contact"]
    assert await until_offered(centre, fourth) == other
    await talk(fourth, other, "resolved")

    await people[owner].call("PUT", "/me/presence", json={"presence": "available"})
    assert (await follow("ещё вопрос"))[1] == other  # the matter is closed


async def test_a_thread_that_is_too_old_is_not_continued(centre: Centre) -> None:
    widget = centre.subscriber()
    contact = (await widget.open())["contact"]
    await widget.call("POST", "/thread/end")
    await centre.rows(
        "update event set at = at - interval '73 hours' where kind = 'contact.ended' and contact = %s returning seq",
        contact,
    )
    late = await widget.write("прошло три дня")
    assert (late.status_code, late.json()["code"]) == (409, "chat.thread_expired")
    assert await centre.rows("select count(*) from message where text = 'прошло три дня'") == [(0,)]


async def test_what_was_written_at_the_moment_of_the_end_is_answered(centre: Centre) -> None:
    """The message was stored before the end was visible, yet after it: it belongs to a new contact."""
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    first = (await widget.open())["contact"]
    await anna.takes(first)
    id = new_id()
    async with centre.services.db.transaction() as conn:
        await conn.execute("select from thread where contact = %s for update", (first,))
        ended = asyncio.ensure_future(widget.call("POST", "/thread/end"))  # noqa: TID251 - the test waits for it below
        await until(lambda: centre.services.feed.floor.contacts[first].state == "wrap_up")
        await conn.execute(
            """with t as (update thread set last_seq = last_seq + 1 where contact = %s returning id, last_seq)
               insert into message (thread, seq, id, contact, author, kind, text)
               select id, last_seq, %s, %s, 'subscriber', 'text', 'ещё одно' from t""",
            (first, id, first),
        )
    assert (await ended).status_code == 200

    async def moved() -> str | None:
        [(contact,)] = await centre.rows("select contact from message where id = %s", id)
        return contact if contact != first else None

    second = await until(moved)
    await until(lambda: second in centre.services.feed.floor.contacts)
    assert centre.services.feed.floor.contacts[second].preferred == anna.id


async def test_a_message_that_was_on_its_way_when_the_contact_ended_is_not_put_behind_the_end(centre: Centre) -> None:
    """Its writer still took the contact for open: it looks again, also when only the thread has moved on."""
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    first = (await widget.open())["contact"]
    chat = centre.services.chat
    before = await chat.thread(widget.token)
    await anna.takes(first)
    seen = await chat.thread(widget.token)
    message, created = await chat.intake.write(before, new_id(), "раз")
    assert (message.contact, created) == (first, True)
    assert (await widget.call("POST", "/thread/end")).status_code == 200
    later, _ = await chat.intake.write(seen, new_id(), "два")
    assert later.contact != first
    again, created = await chat.intake.write(seen, message.id, "раз")
    assert (again, created) == (message, False)


async def test_outside_hours_the_message_is_kept_for_the_opening(centre: Centre) -> None:
    widget = centre.subscriber(origin="https://shop.example")
    state = await widget.open("ночью", entry="shop", reason=None)
    assert state["state"] == "deferred" and state["opens_at"] > state["server_time"]
    assert state["position"] is None and state["estimate"] is None
    page = await until_notice(widget, "deferred")
    assert page["messages"][0]["text"] == "ночью"


async def test_who_waits_while_the_queue_closes_is_told_when_it_opens(centre: Centre) -> None:
    widget = centre.subscriber()
    assert (await widget.open("перед закрытием", reason=None))["state"] == "waiting"
    configuration = Configuration(centre.services.db, centre.services.commands, centre.services.clock)
    queue = await configuration.one(SYSTEM, "queue", "chat-other")
    await configuration.put(SYSTEM, "queue", "chat-other", {**queue.body, "hours": "rare"}, version=queue.version)
    page = await until_notice(widget, "deferred")
    assert page["state"] == "deferred" and page["opens_at"] > page["server_time"]
    assert page["messages"][0]["text"] == "перед закрытием"


async def test_notices_tell_each_fact_once_and_in_order(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open()
    contact = await anna.takes()
    await anna.write(contact, "Добрый день")
    await anna.post(f"/contacts/{contact}/end")
    page = await until_notice(widget, "ended")
    notices = [json.loads(message["text"]) for message in page["messages"] if message["kind"] == "notice"]
    assert [notice["code"] for notice in notices] == ["queued", "agent.joined", "ended"]
    assert notices[1]["agent_name"] == "Анна" and notices[2]["by"] == "agent"
    assert [message["seq"] for message in page["messages"]] == list(range(1, len(page["messages"]) + 1))
    await centre.rows("update reader_cursor set seq = 0 where name = 'chat-notices' returning 1")
    await until(lambda: cursor_caught_up(centre))
    assert (await widget.page())["messages"] == page["messages"]


async def test_the_transcript_has_the_whole_talk_in_local_time(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open("первая строка\nвторая строка")
    contact = await anna.takes()
    await anna.write(contact, "ответ")
    for language, you in (("ru", "Вы: первая строка"), ("en", "You: первая строка")):
        answer = await widget.call("GET", f"/thread/transcript?language={language}")
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["content-disposition"].startswith("attachment")
        assert you in answer.text and "Анна: ответ" in answer.text and "UTC+5" in answer.text
    await centre.rows("update thread set region = 'RU-OMS' returning 1")
    local = (await widget.call("GET", "/thread/transcript")).text
    assert local.startswith("Запись чата. Местное время (UTC+6).") and "Asia/" not in local


async def test_a_forged_or_missing_token_opens_nothing(centre: Centre) -> None:
    widget = centre.subscriber()
    await widget.open()
    for token in (new_token(), "x", "A" * 42, "é" * 43, widget.token[:-1]):
        answer = await widget.http.get("/chat/thread", headers={"Authorization": f"Bearer {token}".encode()})
        assert (answer.status_code, answer.json()["code"]) == (401, "chat.token"), token
    short = await widget.http.post("/chat/thread", json={"entry": "site"}, headers={"Authorization": "Bearer short"})
    assert short.status_code == 401


async def test_the_widget_works_only_on_the_pages_of_its_entry(centre: Centre) -> None:
    bad = centre.subscriber(origin="https://evil.example")
    refused = await bad.call("POST", "/thread", json={"entry": "shop"})
    assert (refused.status_code, refused.json()["code"]) == (403, "chat.origin")
    good = centre.subscriber(origin="https://shop.example")
    await good.open(None, entry="shop", reason=None)
    stolen = centre.subscriber(good.token, origin="https://evil.example")
    assert (await stolen.call("GET", "/thread")).status_code == 403
    preflight = await good.http.options(
        "/chat/thread",
        headers={"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"},
    )
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "https://shop.example"
    assert "authorization" in preflight.headers["access-control-allow-headers"].lower()
    assert "access-control-allow-credentials" not in preflight.headers
    answer = await good.call("GET", "/thread")
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"
    private = await good.http.options(
        "/session", headers={"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    )
    assert "access-control-allow-origin" not in private.headers


async def test_a_flood_from_one_thread_is_slowed(centre: Centre) -> None:
    widget = centre.subscriber()
    await widget.open()
    answers = [await widget.write(f"{n}") for n in range(30)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused and int(refused[0].headers["retry-after"]) >= 1
    assert refused[0].json()["code"] == "rate.messages"


async def test_a_body_without_a_length_is_limited_too(centre: Centre) -> None:
    async def endless() -> AsyncIterator[bytes]:
        yield b'{"entry":"'
        for _ in range(20):
            yield b"x" * 65536

    answer = await centre.subscriber().http.post(
        "/chat/thread",
        headers={"Authorization": f"Bearer {new_token()}", "Content-Type": "application/json"},
        content=endless(),
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")


async def test_unknown_fields_and_wrong_types_are_refused(centre: Centre) -> None:
    widget = centre.subscriber()
    for body in (
        {},
        {"entry": "site", "surprise": 1},
        {"entry": "site", "message": {"id": "not an id", "text": "x"}},
        {"entry": "site", "language": "xx"},
        {"entry": "site", "name": "x" * 81},
        {"entry": ["site"]},
        [],
    ):
        assert (await widget.call("POST", "/thread", json=body)).status_code == 422, body
    wrong = await widget.call("POST", "/thread", json={"entry": "site", "number": "call me"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "chat.number")
    assert await centre.rows("select count(*) from thread") == [(0,)]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+7 973 000-00-01", "+79730000001"),
        ("8 (973) 000 00 01", "+79730000001"),
        ("973 000 00 01", "+79730000001"),
        ("79730000001", "+79730000001"),
        ("+44 20 7946 0000", "+442079460000"),
    ],
)
def test_numbers_are_kept_in_one_form(typed: str, kept: str) -> None:
    assert normalised_number(typed) == kept


@pytest.mark.parametrize("typed", ["1234", "+7 973 000-00-0x", "٨٩٧٣٠٠٠٠٠٠١", "0" * 11, "+" + "1" * 16])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Invalid, match=r"chat\.number"):
        normalised_number(typed)


# --- waiting for things ---------------------------------------------------------------------------------------


async def until_notice(widget: object, code: str) -> dict[str, object]:
    async def there() -> dict[str, object] | None:
        page = await widget.page()  # type: ignore[attr-defined]
        notices = [json.loads(m["text"])["code"] for m in page["messages"] if m["kind"] == "notice"]
        return page if code in notices else None

    found: dict[str, object] = await until(there)
    return found


async def until_offered(centre: Centre, contact: str) -> str:
    def look() -> str | None:
        found = centre.services.feed.floor.contacts.get(contact)
        return found.agent if found and found.state == "offered" else None

    agent: str = await until(look)
    return agent


async def cursor_caught_up(centre: Centre) -> bool:
    [(seq,)] = await centre.rows("select seq from reader_cursor where name = 'chat-notices'")
    return bool(seq >= centre.services.feed.seq)
