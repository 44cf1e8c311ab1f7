"""The contact record, the lists and the card: everything for those who may read it, nothing for the others."""

from collections.abc import AsyncIterator, Sequence
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from tests.office import Browser, Office, open_office
from tests.stories import START

from teplo.api import contacts_read
from teplo.domain.events import Event
from teplo.domain.floor import Floor
from teplo.services.projector import project
from teplo.services.records import masked
from teplo.storage import events, messages, threads
from teplo.storage.db import Database

pytestmark = pytest.mark.anyio

THREAD = "01900000-0000-7000-8000-00000000000a"
SUBSCRIBER = "01900000-0000-7000-8000-00000000000b"
FIRST = "01900000-0000-7000-8000-00000000000c"
SECOND = "01900000-0000-7000-8000-00000000000d"
STRANGER = "01900000-0000-7000-8000-00000000000e"


class Stage:
    """One subscriber, two agents: x handled FIRST, y handles SECOND, which is of the same subscriber."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.floor = Floor()
        self.written = 0
        self.now = START

    async def do(self, *facts: Sequence[Event]) -> None:
        async with self.office.db.transaction() as conn:
            for batch in facts:
                await events.append(conn, self.written + 1, [(fact, None) for fact in batch])
                self.written += len(batch)

    async def set(self, x: str, y: str) -> None:
        floor, at = self.floor, self.at
        queue = {"id": "line", "channels": ["chat"], "steps": [{"after": 0, "require": {}}], "wrap_up_seconds": 0}
        agents = [
            {"id": a, "skills": {}, "languages": ["ru"], "regions": [], "capacity": {"chat": 2}, "active": True}
            for a in (x, y)
        ]
        await self.do(floor.configure({}, [queue], agents, True, now=at(0)), floor.connect(x, now=at(1)))
        await self.do(floor.set_presence(x, "available", now=at(2)))
        await self.do(self.arrive(FIRST, 3), self.accept(FIRST, x, 8), floor.end(FIRST, "subscriber", now=at(60)))
        await self.do(floor.dispose_late(FIRST, x, ["MNY.03"], "resolved", now=at(70)))
        await self.do(floor.grade(FIRST, x, "line", 5, now=at(75)))
        await self.do(floor.set_presence(x, "break", now=at(80)))
        await self.do(floor.connect(y, now=at(81)), floor.set_presence(y, "available", now=at(82)))
        await self.do(self.arrive(SECOND, 90), self.accept(SECOND, y, 95))
        await self.do(floor.set_presence(y, "break", now=at(96)))
        await self.do(floor.arrive(STRANGER, "chat", "line", now=at(100)))

    def at(self, t: float) -> float:
        return START + t

    def arrive(self, contact: str, t: float) -> Sequence[Event]:
        return self.floor.arrive(
            contact, "chat", "line", subscriber=SUBSCRIBER, region="74", thread=THREAD, reason="money", now=self.at(t)
        )

    def accept(self, contact: str, agent: str, t: float) -> Sequence[Event]:
        offer = self.floor.contacts[contact].offer
        assert offer is not None
        return self.floor.accept(contact, agent, offer, now=self.at(t))


@pytest.fixture
async def office(db: Database) -> AsyncIterator[Office]:
    async with open_office(db) as opened:
        opened.serves(contacts_read)
        x, y = await opened.hire("olga", "agent"), await opened.hire("rinat", "agent")
        await opened.hire("boss", "supervisor")
        await opened.hire("planner", "planner")
        await opened.hire("admin", "administrator")
        async with db.transaction() as conn:
            await conn.execute(
                "insert into subscriber (id, number, name, region) values (%s, '+79735551830', 'Оксана', '74')",
                (SUBSCRIBER,),
            )
            await threads.create(
                conn,
                id=THREAD,
                token_hash=b"t",
                entry="site",
                subscriber=SUBSCRIBER,
                name=None,
                number="+79735551830",
                language="ru",
                region="74",
                reason="money",
                queue="line",
                page=None,
            )
            for contact, author, agent, text in (
                (FIRST, "subscriber", None, "Куда делись деньги?"),
                (FIRST, "agent", x, "Сейчас посмотрю."),
                (SECOND, "subscriber", None, "Это снова я."),
            ):
                await messages.append(
                    conn,
                    thread=THREAD,
                    id=str(uuid4()),
                    contact=contact,
                    author=author,
                    agent=agent,
                    kind="text",
                    at=START,
                    text=text,
                )
            await messages.add_note(conn, id=str(uuid4()), contact=FIRST, agent=x, text="Обещала вернуть.")
            await conn.execute("insert into survey (contact, grade, words) values (%s, 5, 'Спасибо')", (FIRST,))
        stage = Stage(opened)
        await stage.set(x, y)
        await project(db)
        opened.app.state.teplo.feed = SimpleNamespace(floor=stage.floor)
        yield opened


async def audited(office: Office) -> list[tuple[Any, ...]]:
    async with office.db.connection() as conn:
        found = await conn.execute(
            "select person, action, object_id from audit where object_kind = 'contact' order by seq"
        )
        return await found.fetchall()


async def ids(browser: Browser, query: str = "") -> list[str]:
    answer = await browser.get(f"/contacts{query}")
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json()["items"]]


async def test_the_record_tells_everything_in_order_with_the_reasons_of_routing(office: Office) -> None:
    told = (await (await office.signed_in("olga")).get(f"/contacts/{FIRST}")).json()
    assert [event["kind"] for event in told["events"]] == [
        "contact.arrived",
        "contact.queued",
        "contact.offered",
        "offer.accepted",
        "contact.ended",
        "contact.disposed",
        "contact.graded",
    ]
    assert [event["seq"] for event in told["events"]] == sorted(event["seq"] for event in told["events"])
    why = told["events"][2]["body"]["why"]
    assert why["mode"] == "contact_found_agent"
    assert why["candidates"][0]["agent"] == office.people["olga"]
    assert [message["text"] for message in told["messages"]] == ["Куда делись деньги?", "Сейчас посмотрю."]
    assert [note["text"] for note in told["notes"]] == ["Обещала вернуть."]
    assert (told["number"], told["state"], told["wait"], told["talk"]) == (1, "ended", 5.0, 52.0)
    assert (told["reasons"], told["outcome"], told["grade"], told["words"]) == (["MNY.03"], "resolved", 5, "Спасибо")
    assert told["subscriber"] == {
        "id": SUBSCRIBER,
        "name": "Оксана",
        "number_masked": "+7 973 ••• 18-30",
        "region": "74",
        "language": "ru",
        "zone": None,
    }


async def test_no_answer_carries_the_whole_number(office: Office) -> None:
    for person in ("rinat", "boss"):
        browser = await office.signed_in(person)
        for path in (f"/contacts/{FIRST}", f"/contacts/{FIRST}/card", "/contacts"):
            text = (await browser.get(path)).text
            assert "79735551830" not in text
            assert "5551830" not in text


async def test_an_agent_reads_own_contacts_and_those_of_the_subscriber_in_hand(office: Office) -> None:
    x, y, boss = [await office.signed_in(name) for name in ("olga", "rinat", "boss")]
    readable = {}
    for name, browser in (("olga", x), ("rinat", y), ("boss", boss)):
        answers = [await browser.get(f"/contacts/{contact}") for contact in (FIRST, SECOND, STRANGER, uuid4())]
        readable[name] = [answer.status_code for answer in answers]
    assert readable == {"olga": [200, 404, 404, 404], "rinat": [200, 200, 404, 404], "boss": [200, 200, 200, 404]}
    assert await ids(x) == [FIRST]
    assert await ids(y) == [SECOND, FIRST]
    assert await ids(boss) == [STRANGER, SECOND, FIRST]


async def test_what_may_not_be_read_looks_like_what_is_not_there(office: Office) -> None:
    x = await office.signed_in("olga")
    hidden, missing = await x.get(f"/contacts/{STRANGER}"), await x.get(f"/contacts/{uuid4()}")
    assert hidden.json() == missing.json()
    assert hidden.json()["code"] == "contact.unknown"
    planner = await office.signed_in("planner")
    assert (await planner.get(f"/contacts/{FIRST}")).json()["code"] == "access.denied"
    assert (await planner.get("/contacts")).status_code == 403
    assert (await x.get("/contacts/no-uuid")).status_code == 422
    assert (await office.browser().get(f"/contacts/{FIRST}")).status_code == 401


async def test_every_reading_of_personal_data_is_audited_and_no_refused_one(office: Office) -> None:
    x = await office.signed_in("olga")
    await x.get(f"/contacts/{FIRST}")
    await x.get(f"/contacts/{FIRST}/card")
    await x.get(f"/contacts/{STRANGER}")
    await x.get("/contacts")
    me = office.people["olga"]
    assert await audited(office) == [(me, "contact.record", FIRST), (me, "contact.card", FIRST)]


async def test_the_card_shows_what_was_before(office: Office) -> None:
    y = await office.signed_in("rinat")
    told = (await y.get(f"/contacts/{SECOND}/card")).json()
    assert (told["contact"], told["number"], told["thread"]) == (SECOND, 2, THREAD)
    assert [row["id"] for row in told["earlier"]] == [FIRST]
    assert told["earlier"][0]["grade"] == 5
    assert [note["text"] for note in told["notes"]] == ["Обещала вернуть."]
    first = (await y.get(f"/contacts/{FIRST}/card")).json()
    assert first["earlier"] == [], "only what was before"


async def test_the_card_of_a_contact_that_is_not_projected_yet_shows_what_was_before(office: Office) -> None:
    async with office.db.transaction() as conn:
        await conn.execute("delete from contact where id = %s", (SECOND,))
    card = (await (await office.signed_in("rinat")).get(f"/contacts/{SECOND}/card")).json()
    assert (card["number"], [row["id"] for row in card["earlier"]]) == (None, [FIRST])


async def test_the_zone_of_the_region_stands_on_the_card(office: Office) -> None:
    name = {"ru": "Челябинская область", "en": "Chelyabinsk region"}
    await office.bring_in(("region", "74", {"name": name, "zone": "Asia/Yekaterinburg"}))
    y = await office.signed_in("rinat")
    assert (await y.get(f"/contacts/{SECOND}/card")).json()["subscriber"]["zone"] == "Asia/Yekaterinburg"


async def test_a_contact_that_is_not_projected_yet_has_its_record(office: Office) -> None:
    async with office.db.connection() as conn:
        await conn.execute("delete from contact")
    y = await office.signed_in("rinat")
    told = (await y.get(f"/contacts/{SECOND}")).json()
    assert (told["state"], told["agent"], told["number"]) == ("talking", office.people["rinat"], None)
    assert (await y.get(f"/contacts/{SECOND}/card")).status_code == 200


async def test_lists_are_filtered_and_paged_by_number(office: Office) -> None:
    boss = await office.signed_in("boss")
    assert await ids(boss, f"?subscriber={SUBSCRIBER}") == [SECOND, FIRST]
    assert await ids(boss, f"?agent={office.people['olga']}") == [FIRST]
    assert await ids(boss, "?state=talking") == [SECOND]
    assert await ids(boss, "?queue=line&state=waiting") == [STRANGER]
    assert await ids(boss, "?queue=other") == []
    page = (await boss.get("/contacts?limit=2")).json()
    assert ([item["id"] for item in page["items"]], page["next"]) == ([STRANGER, SECOND], 2)
    rest = (await boss.get(f"/contacts?limit=2&before={page['next']}")).json()
    assert ([item["id"] for item in rest["items"]], rest["next"]) == ([FIRST], None)
    for bad in ("limit=0", "limit=100000", "state=lost", "before=x", "queue=%00", "subscriber=1"):
        assert (await boss.get(f"/contacts?{bad}")).status_code == 422, bad


async def test_the_log_is_read_in_order_by_those_who_may(office: Office) -> None:
    boss = await office.signed_in("boss")
    seqs: list[int] = []
    after = 0
    while True:
        page = (await boss.get(f"/events?after={after}&limit=7")).json()
        if not page["items"]:
            break
        seqs += [item["seq"] for item in page["items"]]
        after = page["next"]
    assert seqs == list(range(1, len(seqs) + 1))
    assert page["next"] == len(seqs)
    one = (await boss.get("/events?limit=1000")).json()["items"]
    assert {item["kind"] for item in one} >= {"queue.configured", "agent.presence", "contact.arrived"}
    assert "Оксана" not in str(one)
    for person in ("olga", "planner"):
        assert (await (await office.signed_in(person)).get("/events")).status_code == 403


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+79735551830", "+7 973 ••• 18-30"),
        ("79761230009", "+7 976 ••• 00-09"),
        ("+3725551234", "••• 34"),
        ("112", "•••"),
        (None, None),
    ],
)
def test_the_middle_of_a_number_is_hidden(number: str | None, shown: str | None) -> None:
    assert masked(number) == shown
