"""Messages between subscriber and agent: order, once, rights, receipts, notes; and the feed that hands them on."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest
from tests.chat_centre import PATIENCE, Centre, Person, Subscriber, new_id, open_centre, until

from teplo.services.message_feed import Heard, MessageFeed, ReceiptsMoved
from teplo.storage.db import Database
from teplo.storage.messages import Message

pytestmark = pytest.mark.anyio


@pytest.fixture
async def centre(database_url: str) -> AsyncIterator[Centre]:
    async with open_centre(database_url) as opened:
        yield opened


async def test_both_sides_write_and_read_one_thread(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open("вопрос")
    contact = await anna.takes()
    answer = await anna.write(contact, "ответ")
    assert answer.status_code == 201
    assert (answer.json()["author"], answer.json()["agent"], answer.json()["contact"]) == ("agent", anna.id, contact)
    page = [m["id"] for m in (await widget.page())["messages"]]
    seen = (await anna.call("GET", f"/contacts/{contact}/messages")).json()
    # That somebody came is written beside the talk, maybe between the two questions.
    assert [m["id"] for m in seen["items"]][: len(page)] == page
    assert len(page) >= 2 and len(seen["items"]) - len(page) <= 1
    later = (await anna.call("GET", f"/contacts/{contact}/messages?after={seen['last_seq']}")).json()
    assert later["items"] == []


async def test_writing_at_once_from_both_sides_leaves_no_gap(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open()
    contact = await anna.takes()
    theirs = [widget.write(f"абонент {n}") for n in range(10)]
    ours = [anna.write(contact, f"оператор {n}") for n in range(10)]
    answers = await asyncio.gather(*theirs, *ours)
    assert {answer.status_code for answer in answers} == {201}
    [(count, last, highest)] = await centre.rows(
        "select count(*), max(seq), (select last_seq from thread) from message group by thread"
    )
    assert count == last == highest


async def test_the_same_id_again_is_the_same_message(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open()
    contact = await anna.takes()
    id = new_id()
    answers = await asyncio.gather(*(anna.write(contact, "раз", id) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [201]
    stolen = await widget.write("чужой номер", id)
    assert (stolen.status_code, stolen.json()["code"]) == (409, "message.id_taken")


async def test_only_the_agent_who_talks_may_write(centre: Centre) -> None:
    anna, boris, vera = await centre.at_work("anna"), await centre.sign_in("boris"), await centre.sign_in("vera")
    zoya = await centre.sign_in("zoya")
    widget = centre.subscriber()
    state = await widget.open()
    early = await anna.write(state["contact"], "ещё не моё")
    assert (early.status_code, early.json()["code"]) == (403, "contact.not_yours")
    contact = await anna.takes()
    assert (await boris.write(contact, "не моё")).json()["code"] == "contact.not_yours"
    assert (await vera.write(contact, "не моё")).json()["code"] == "contact.not_yours"
    assert (await zoya.write(contact, "нет права")).json()["code"] == "access.denied"
    assert (await anna.write(new_id(), "нет такого")).json()["code"] == "contact.unknown"
    await anna.post(f"/contacts/{contact}/end")
    late = await anna.write(contact, "после конца")
    assert (late.status_code, late.json()["code"]) == (409, "contact.ended")
    assert await centre.rows("select count(*) from message where author = 'agent'") == [(0,)]


async def test_who_may_read_reads_and_colleagues_reading_is_audited(centre: Centre) -> None:
    anna, boris, vera = await centre.at_work("anna"), await centre.sign_in("boris"), await centre.sign_in("vera")
    widget = centre.subscriber()
    await widget.open()
    contact = await anna.takes()
    path = f"/contacts/{contact}/messages"
    assert (await anna.call("GET", path)).status_code == 200
    hidden = await boris.call("GET", path)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "contact.unknown")
    assert (await vera.call("GET", path)).status_code == 200
    assert (await vera.call("GET", f"{path}?after=1")).status_code == 200, "also without the first message"
    assert (await vera.call("GET", f"/contacts/{contact}/notes")).status_code == 200
    assert await centre.rows(
        "select action, person, object_id from audit where action like 'contact.%%' order by seq"
    ) == [
        ("contact.messages", vera.id, contact),
        ("contact.messages", vera.id, contact),
        ("contact.notes", vera.id, contact),
    ]


async def test_who_declined_an_offer_reads_nothing_of_the_contact(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open()
    offer = await anna.offered()
    path = f"/contacts/{offer['id']}"
    assert (await anna.call("GET", f"{path}/messages")).status_code == 200, "while it is offered"
    await anna.post(f"{path}/decline", offer=offer["offer"], reason="busy")
    for what in ("/messages", "/card", "/notes", ""):
        assert (await anna.call("GET", path + what)).status_code == 404, what


async def test_an_earlier_contact_of_a_thread_opens_nothing_of_a_later_one(centre: Centre) -> None:
    """Anna had the first talk, Boris has the second on the same thread."""
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    first = await _talk_ended(anna, widget)
    await anna.call("PUT", "/me/presence", json={"presence": "break", "reason": "lunch"})
    boris = await centre.at_work("boris")
    second = (await widget.write("теперь о другом")).json()["contact"]
    await boris.takes(second)
    shown = (await anna.call("GET", f"/contacts/{first}/messages?whole_thread=true")).json()
    assert {message["contact"] for message in shown["items"]} == {first}
    before = (await widget.page())["receipts"]["agent_read"]
    assert (await anna.post(f"/contacts/{first}/read", seq=2**31 - 1)).status_code == 204
    [(last,)] = await centre.rows("select max(seq) from message where contact = %s", first)
    assert before <= (await widget.page())["receipts"]["agent_read"] <= last


async def _talk_ended(agent: Person, widget: Subscriber) -> str:
    await widget.open("первый вопрос")
    contact = await agent.takes()
    await agent.post(f"/contacts/{contact}/end")
    await widget.reaches("ended")
    assert (await agent.post(f"/contacts/{contact}/dispose", reasons=["MNY.01"], outcome="resolved")).status_code == 204
    return contact


async def test_a_returning_subscriber_brings_the_earlier_talk_along(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    first = (await widget.open("первый раз"))["contact"]
    await widget.call("POST", "/thread/end")
    second = (await widget.write("второй раз")).json()["contact"]
    await anna.takes(second)
    alone = (await anna.call("GET", f"/contacts/{second}/messages")).json()
    whole = (await anna.call("GET", f"/contacts/{second}/messages?whole_thread=true")).json()
    assert "первый раз" not in [m["text"] for m in alone["items"]]
    assert "первый раз" in [m["text"] for m in whole["items"]]
    assert (await anna.call("GET", f"/contacts/{first}/messages")).status_code == 200


async def test_receipts_only_go_forward_and_never_beyond_the_end(centre: Centre) -> None:
    anna, boris = await centre.at_work("anna"), await centre.sign_in("boris")
    widget = centre.subscriber()
    await widget.open("раз")
    contact = await anna.takes()
    await widget.write("два")
    last = (await widget.page())["last_seq"]
    assert (await anna.post(f"/contacts/{contact}/delivered", seq=last)).status_code == 204
    assert (await anna.post(f"/contacts/{contact}/read", seq=1)).status_code == 204
    receipts = (await widget.page())["receipts"]
    assert (receipts["agent_delivered"], receipts["agent_read"]) == (last, 1)
    await anna.post(f"/contacts/{contact}/read", seq=2**31 - 1)
    last = (await widget.page())["last_seq"]
    await anna.post(f"/contacts/{contact}/read", seq=1)
    receipts = (await widget.page())["receipts"]
    assert receipts["agent_read"] == receipts["agent_delivered"] == last
    marked = (await widget.call("POST", "/thread/read", json={"seq": 1})).json()
    assert (marked["subscriber_delivered"], marked["subscriber_read"]) == (1, 1)
    assert (await boris.post(f"/contacts/{contact}/read", seq=1)).status_code == 403
    assert (await anna.post(f"/contacts/{contact}/read", seq=-1)).status_code == 422


async def test_notes_are_private_and_kept_once(centre: Centre) -> None:
    anna, boris, vera = await centre.at_work("anna"), await centre.sign_in("boris"), await centre.sign_in("vera")
    widget = centre.subscriber()
    await widget.open()
    contact = await anna.takes()
    id = new_id()
    answers = [await anna.post(f"/contacts/{contact}/notes", id=id, text="обещала перезвонить") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert (await boris.call("GET", f"/contacts/{contact}/notes")).status_code == 404
    assert (await vera.post(f"/contacts/{contact}/notes", id=id, text="чужой номер")).status_code == 409
    notes = (await vera.call("GET", f"/contacts/{contact}/notes")).json()["items"]
    assert [(note["agent"], note["text"]) for note in notes] == [(anna.id, "обещала перезвонить")]
    assert "перезвонить" not in str(await widget.page())


# --- the feed -------------------------------------------------------------------------------------------------


class Ears:
    """A watcher that keeps what it hears."""

    def __init__(self, feed: MessageFeed) -> None:
        self.heard: list[Heard] = []
        self.watch = feed.watch(self.heard.append)

    def seqs(self) -> list[int]:
        return [heard.seq for heard in self.heard if isinstance(heard, Message)]


async def test_watchers_hear_everything_once_and_in_order(centre: Centre) -> None:
    feed = centre.services.messages
    widget = centre.subscriber()
    state = await widget.open()
    late, early, desk = Ears(feed), Ears(feed), Ears(feed)
    early.watch.follow_thread(state["thread"], 0)
    desk.watch.follow_contacts({state["contact"]: 1})
    await asyncio.gather(*(widget.write(f"{n}") for n in range(8)))
    late.watch.follow_thread(state["thread"], 3)
    await asyncio.gather(*(widget.write(f"ещё {n}") for n in range(8)))
    last = 18  # the first message, its notice, sixteen more
    await until(lambda: early.seqs()[-1:] == [last] and late.seqs()[-1:] == [last] and desk.seqs()[-1:] == [last])
    assert early.seqs() == list(range(1, last + 1))
    assert late.seqs() == list(range(4, last + 1))
    assert desk.seqs() == list(range(2, last + 1))
    early.watch.close()
    await widget.write("после")
    await until(lambda: late.seqs()[-1] == last + 1)
    assert early.seqs()[-1] == last


async def test_a_lost_connection_loses_and_doubles_nothing(centre: Centre, database_url: str) -> None:
    async with Database(database_url, size=2, name="ears") as db, asyncio.TaskGroup() as group:
        feed = MessageFeed(db)
        running = group.create_task(feed.run())
        await feed.listening.wait()
        widget = centre.subscriber()
        state = await widget.open()
        ears = Ears(feed)
        ears.watch.follow_thread(state["thread"], 0)
        await until(lambda: ears.seqs() == [1, 2])
        for round in range(3):
            gone = await centre.rows(
                "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ears:messages'"
            )
            assert gone == [(True,)]
            await widget.write(f"пока не слышно {round}")
            await widget.call("POST", "/thread/read", json={"seq": 3 + round})
            await until(lambda: feed.listening.is_set() and ears.seqs()[-1] == 3 + round)  # noqa: B023
        assert ears.seqs() == [1, 2, 3, 4, 5]
        receipts = [heard.receipts.subscriber_read for heard in ears.heard if isinstance(heard, ReceiptsMoved)]
        assert receipts == sorted(receipts)
        await until(lambda: any(isinstance(h, ReceiptsMoved) and h.receipts.subscriber_read == 5 for h in ears.heard))
        running.cancel()


async def test_an_offer_that_comes_while_another_is_being_read_is_shown_whole(centre: Centre) -> None:
    anna, vera = await centre.at_work("anna"), await centre.sign_in("vera")
    await anna.call("PUT", "/me/presence", json={"presence": "break", "reason": "lunch"})
    shop = centre.subscriber(origin="https://shop.example")
    first = (await centre.subscriber().open("а", name="Первая"))["contact"]
    second = (await shop.open("б", entry="shop", reason=None, name="Вторая"))["contact"]
    async with centre.services.db.transaction() as conn:
        await conn.execute("lock table subscriber in access exclusive mode")  # the desk's reading of the first waits
        await anna.call("PUT", "/me/presence", json={"presence": "available"})
        moved = await vera.call("POST", f"/contacts/{second}/move", json={"queue": "chat-money"})
        assert moved.status_code == 204, moved.text
        assert {first, second} <= centre.services.feed.floor.agents[anna.id].contacts.keys()
    names: dict[str, str | None] = {}
    async with asyncio.timeout(PATIENCE):
        while not {first, second} <= names.keys():
            frame = await anna.desk.read()
            assert frame["type"] == "changes", "no message of a contact that is not shown yet"
            for contact, item in frame["state"].get("work", {}).items():
                names.setdefault(contact, item["name"])
    assert names == {first: "Первая", second: "Вторая"}


async def _last_seq_is(widget: Subscriber, seq: int) -> bool:
    return bool((await widget.page())["last_seq"] == seq)


async def test_a_desk_follows_exactly_its_contacts(centre: Centre) -> None:
    feed = centre.services.messages
    one, two = centre.subscriber(), centre.subscriber()
    first, second = (await one.open("а"))["contact"], (await two.open("б"))["contact"]
    for widget in (one, two):
        await until(partial(_last_seq_is, widget, 2))  # the notice that it waits
    ears = Ears(feed)
    ears.watch.follow_contacts({first: 2})
    await one.write("слышно")
    await until(lambda: ears.seqs() == [3])
    ears.watch.follow_contacts({second: 2})
    await one.write("уже не слышно")
    await two.write("теперь это")
    await until(lambda: len(ears.heard) == 2)
    assert [heard.text for heard in ears.heard if isinstance(heard, Message)] == ["слышно", "теперь это"]
