"""Calls from the widget, the server's side: what a stranger may send, and what a worker hears of it."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.chat_centre import Centre, Socket, named, new_id, new_token, open_centre, until

from teplo.services.rates import ChatRates, Rates
from teplo.storage import browser_calls, calls, inbox

pytestmark = pytest.mark.anyio

NUMBER = "+79745551830"
MENU = {
    "start": "bye",
    "language": "ru",
    "languages": ["ru"],
    "give_up": "bye",
    "nodes": {"bye": {"kind": "hangup", "prompts": ["goodbye"], "why": "closed"}},
}


class Worker:
    """What a voice worker is to the pages: a heartbeat, an inbox and a voice."""

    def __init__(self, centre: Centre) -> None:
        self.centre, self.node = centre, new_id()

    async def is_there(self, calls_carried: int = 0) -> None:
        async with self.centre.services.db.transaction() as conn:
            await calls.seen(conn, self.node, "here", calls_carried)

    async def leaves(self) -> None:
        async with self.centre.services.db.transaction() as conn:
            await calls.leave(conn, self.node)

    async def hears(self) -> inbox.Command:
        async def look() -> list[inbox.Command]:
            async with self.centre.services.db.transaction() as conn:
                return await inbox.take(conn, 1, calls.recipient(self.node))

        found: list[inbox.Command] = await until(look)
        return found[0]

    async def says(self, call: str, **signal: Any) -> None:
        async with self.centre.services.db.transaction() as conn:
            await browser_calls.tell(conn, call, signal)


@pytest.fixture
async def centre(database_url: str) -> AsyncIterator[Centre]:
    async with open_centre(database_url) as opened:
        site = {"greeting": named("Здравствуйте"), "default_queue": "chat-other", "line": "main"}
        await opened.bring_in(
            ("menu", "main", {"name": named("Меню"), "menu": MENU}),
            ("line", "main", {"name": named("Линия"), "numbers": ["611"], "menu": "main"}),
            ("entry", "calls", {**site, "origins": ["https://site.example"]}),
        )
        await until(opened.services.browser_calls.listening.is_set)
        yield opened


@asynccontextmanager
async def page(centre: Centre, origin: str | None = "https://site.example", **hello: Any) -> AsyncIterator[Socket]:
    async with centre.socket("/chat/call", {"Origin": origin} if origin else {}) as opened:
        await opened.send(**{"type": "hello", "entry": "calls", "token": new_token(), **hello})
        yield opened


async def refused(centre: Centre, **hello: Any) -> tuple[str, int]:
    async with page(centre, **hello) as caller:
        problem = await caller.hear("problem")
        return problem["code"], await caller.closed()


async def test_the_least_loaded_worker_gets_the_call_and_the_page_hears_it(centre: Centre) -> None:
    busy, free = Worker(centre), Worker(centre)
    await busy.is_there(5)
    await free.is_there(2)
    token = new_token()
    async with page(centre, token=token, number="8 974 555-18-30") as caller:
        command = await free.hears()
        call = command.body["call"]
        async with centre.services.db.connection() as conn:
            found = await browser_calls.get(conn, call)
        assert command.kind == "browser_call" and found is not None
        assert (found.called, found.number, found.entry, found.carried) == ("611", NUMBER, "calls", True)
        assert found.subscriber is not None
        await free.says(call, type="offer", page=command.body["page"], leg="leg-1", sdp="v=0")
        await free.says(call, type="moved", page="another page")
        await free.says(call, type="state", state="menu")
        assert await caller.hear("offer") == {"type": "offer", "leg": "leg-1", "sdp": "v=0"}
        assert (await caller.read())["type"] == "state"
        await caller.send(type="answer", leg="leg-1", sdp="v=0\r\n")
        assert (await free.hears()).body["signal"] == {
            "type": "answer",
            "leg": "leg-1",
            "sdp": "v=0\r\n",
            "page": command.body["page"],
        }
        await caller.send(type="ping")
        await caller.hear("pong")
    async with page(centre, token=token, resume=True) as again:
        joined = await free.hears()
        assert joined.body["signal"]["type"] == "join" and joined.body["signal"]["page"] != command.body["page"]
        await again.send(type="hang_up")
        assert (await free.hears()).body["signal"]["type"] == "hang_up"
        await free.says(call, type="ended", reason="caller")
        await again.hear("ended", reason="caller")
        assert await again.closed() == 1000


async def test_a_call_whose_worker_is_gone_is_told_to_be_over(centre: Centre) -> None:
    worker, token = Worker(centre), new_token()
    await worker.is_there()
    async with page(centre, token=token) as caller:
        await worker.hears()
        await worker.leaves()
        await caller.send(type="join")
        await caller.hear("ended", reason="worker_lost")
    async with page(centre, token=token, resume=True) as caller:
        await caller.hear("ended", reason="worker_lost")
    async with page(centre, resume=True) as caller:  # nothing to resume: none is begun
        await caller.hear("ended", reason="unknown")


async def test_the_chat_of_the_visitor_belongs_to_the_call(centre: Centre) -> None:
    worker = Worker(centre)
    await worker.is_there()
    visitor = centre.subscriber()
    await visitor.open("Почему списали?", entry="site", number=NUMBER, name="Оксана")
    async with page(centre, chat=visitor.token):
        call = (await worker.hears()).body["call"]
    async with centre.services.db.connection() as conn:
        found = await browser_calls.get(conn, call)
    assert found is not None and found.thread is not None
    assert found.number == NUMBER


async def test_who_calls_sees_the_visitors_chat_even_without_a_number(centre: Centre) -> None:
    worker = Worker(centre)
    await worker.is_there()
    steps = [{"after": 0, "require": {"skill": "general"}, "match": []}]
    await centre.bring_in(("queue", "voice", {"name": named("Звонки"), "channels": ["voice"], "steps": steps}))
    anna = await centre.at_work("anna")
    boris = await centre.sign_in("boris")
    visitor = centre.subscriber()
    chat = await visitor.open("Почему списали?", entry="site")
    await visitor.call("POST", "/thread/end", json={})
    async with page(centre, chat=visitor.token):
        call = (await worker.hears()).body["call"]
        contact = new_id()
        services = centre.services
        async with services.db.transaction() as conn:
            await calls.set_contact(conn, call, contact)
        await until(lambda: "voice" in services.feed.floor.queues)
        body = {"contact": contact, "channel": "voice", "queue": "voice", "language": "ru"}
        await services.feed.reached(await services.commands.send("arrive", body))
        await anna.takes(contact)
        card = (await anna.call("GET", f"/contacts/{contact}/card")).json()
        assert card["from_page"] and card["subscriber"]["number_masked"] is None
        assert [row["id"] for row in card["earlier"]] == [chat["contact"]]
        assert (await anna.call("GET", f"/contacts/{chat['contact']}")).status_code == 200
        assert (await boris.call("GET", f"/contacts/{chat['contact']}")).status_code == 404


async def test_what_is_refused_says_why(centre: Centre) -> None:
    assert await refused(centre) == ("call.no_worker", 4422)
    await Worker(centre).is_there()
    assert await refused(centre, number="many words") == ("chat.number", 4422)
    assert await refused(centre, entry="nowhere") == ("chat.entry_unknown", 4422)
    assert await refused(centre, entry="site", origin=None) == ("call.no_line", 4422)
    assert await refused(centre, chat=new_token()) == ("chat.token", 4422)
    async with page(centre, origin="https://evil.example") as foreign:
        assert await foreign.closed() == 4403
    for hello in ({"token": "short"}, {"token": "*" * 43}):
        async with page(centre, **hello) as caller:
            assert await caller.closed() == 4401


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", 4400),
        ("[]", 4400),
        (json.dumps({"type": "answer", "leg": "x", "sdp": "s" * 12_001}), 4400),
        (json.dumps({"type": "digits"}), 4400),
        ("x" * 20_000, 4413),
    ],
)
async def test_malformed_frames_end_the_socket(centre: Centre, text: str, code: int) -> None:
    await Worker(centre).is_there()
    async with page(centre) as caller:
        await caller.ws.send(text)
        assert await caller.closed() == code
    async with centre.socket("/chat/call", {}) as early:
        await early.ws.send(text)
        assert await early.closed() == code


async def test_too_many_calls_are_refused_with_a_time(centre: Centre) -> None:
    worker = Worker(centre)
    await worker.is_there()
    chat = centre.services.chat
    chat.rates = Rates(ChatRates(address_calls_per_minute=1, calls_at_once=2))
    async with page(centre):
        await worker.hears()
        assert await refused(centre) == ("rate.calls", 4429)
        chat.rates = Rates(ChatRates(calls_at_once=1))
        async with page(centre) as crowded:
            problem = await crowded.hear("problem")
            assert problem["code"] == "rate.calls" and problem["details"]["retry_after"] > 0
    chat.rates = Rates(ChatRates(calls_per_minute=1))
    async with page(centre):
        await worker.hears()
    assert await refused(centre) == ("rate.calls_of_all", 4429)


async def test_frames_without_end_are_stopped(centre: Centre) -> None:
    await Worker(centre).is_there()
    async with page(centre) as caller:
        for _ in range(40):
            await caller.send(type="ping")
        assert await caller.closed() == 4429
