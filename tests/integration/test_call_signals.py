"""The desk's side of a call, with a peer that plays the worker on the real inbox and NOTIFY."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from tests.chat_centre import PATIENCE, Centre, Person, named, new_id, open_centre, until

from teplo.services.calls import callback_talk
from teplo.services.calls.holding import Holding
from teplo.services.commands import Commands
from teplo.storage import calls, inbox

pytestmark = pytest.mark.anyio

NUMBER = "+79735551830"
STATE = {
    "held": False,
    "recording": "on",
    "connected": True,
    "media": "ok",
    "since": 1.5,
    "line": "talking",
    "guests": [],
    "gone": [],
}


@dataclass
class Worker:
    """What a voice worker is to the desks: an inbox and a voice."""

    centre: Centre
    node: str

    async def rings(self, number: str | None = NUMBER) -> str:
        """A subscriber calls and comes into the queue; return the contact."""
        call, contact = new_id(), new_id()
        services = self.centre.services
        async with services.db.transaction() as conn:
            await calls.begin(
                conn,
                id=call,
                node=self.node,
                trunk="city",
                number=number,
                called="+79730000000",
                subscriber=None,
                region=None,
                language="ru",
            )
            await calls.set_contact(conn, call, contact)
        body = {"contact": contact, "channel": "voice", "queue": "calls", "language": "ru"}
        await services.feed.reached(await services.commands.send("arrive", body))
        return contact

    async def hears(self) -> inbox.Command:
        """Return the next command for this worker."""

        async def look() -> list[inbox.Command]:
            async with self.centre.services.db.transaction() as conn:
                return await inbox.take(conn, 1, calls.recipient(self.node))

        found: list[inbox.Command] = await until(look)
        return found[0]

    async def says(self, agent: Person, contact: str, tab: str | None, **signal: Any) -> None:
        async with self.centre.services.db.transaction() as conn:
            await calls.tell_desk(conn, agent.id, contact, tab, signal)

    async def hangs_up(self, contact: str) -> None:
        async with self.centre.services.db.transaction() as conn:
            await conn.execute("update call set ended_at = now() where contact = %s", (contact,))


@pytest.fixture
async def centre(database_url: str) -> AsyncIterator[Centre]:
    async with open_centre(database_url) as opened:
        steps = [{"after": 0, "require": {"skill": "general"}, "match": []}]
        body = {"name": named("Звонки"), "channels": ["voice"], "steps": steps, "wrap_up_seconds": 60}
        await opened.bring_in(("queue", "calls", {**body, "offer_seconds": 60}))
        await until(lambda: "calls" in opened.services.feed.floor.queues)
        async with asyncio.timeout(PATIENCE):
            await opened.services.calls.listening.wait()
        yield opened


@pytest.fixture
def worker(centre: Centre) -> Worker:
    return Worker(centre, new_id())


async def send(person: Person, contact: str, tab: str = "tab-1", **signal: Any) -> None:
    assert person.desk is not None
    await person.desk.send(type="call", contact=contact, tab=tab, signal=signal)


async def row(person: Person, contact: str, state: str) -> dict[str, Any]:
    """Wait until the desk shows the contact in this state; return the row."""
    desk = person.desk
    assert desk is not None
    while True:
        for frame in reversed(desk.frames):
            found: dict[str, Any] | None = frame.get("state", {}).get("work", {}).get(contact)
            if found is not None and found["state"] == state and found["number"] is not None:
                return found
        await desk.read()


async def test_a_tab_and_the_worker_agree_on_a_leg_while_the_offer_stands(centre: Centre, worker: Worker) -> None:
    anna = await centre.at_work("anna")
    contact = await worker.rings()
    await anna.offered(contact)
    await send(anna, contact, type="join")
    joined = await worker.hears()
    assert (joined.kind, joined.body) == (
        "signal",
        {"contact": contact, "agent": anna.id, "tab": "tab-1", "signal": {"type": "join"}},
    )
    await worker.says(anna, contact, "tab-1", type="offer", leg="leg-1", sdp="v=0\r\n")
    assert anna.desk is not None
    offer = await anna.desk.hear("call", contact=contact, tab="tab-1")
    assert offer["signal"] == {"type": "offer", "leg": "leg-1", "sdp": "v=0\r\n"}
    await send(anna, contact, type="answer", leg="leg-1", sdp="v=0\r\na=x")
    assert (await worker.hears()).body["signal"] == {"type": "answer", "leg": "leg-1", "sdp": "v=0\r\na=x"}


async def test_a_word_for_all_tabs_comes_to_every_desk_of_that_agent_alone(centre: Centre, worker: Worker) -> None:
    anna, boris = await centre.at_work("anna"), await centre.at_work("boris")
    cookies = "; ".join(f"{c.name}={c.value}" for c in anna.http.cookies.jar)
    async with centre.socket("/live", {"Cookie": cookies}) as second:
        await second.send(type="hello", topics=["me"])
        await second.hear("snapshot")
        contact = new_id()
        await worker.says(boris, contact, None, type="moved")
        await worker.says(anna, contact, None, type="state", **STATE)
        await worker.says(anna, contact, None, type="quality", loss=0, jitter_ms=3, rtt_ms=None, mos=4.4, caller_mos=4)
        assert anna.desk is not None and boris.desk is not None
        for desk in (anna.desk, second):
            assert (await desk.hear("call", contact=contact))["signal"] == {"type": "state", **STATE}
            assert (await desk.read())["signal"]["type"] == "quality"
        assert (await boris.desk.hear("call"))["signal"] == {"type": "moved"}


async def test_a_signal_about_a_contact_that_is_not_in_hand_is_ignored(centre: Centre, worker: Worker) -> None:
    anna = await centre.at_work("anna")
    contact = await worker.rings()
    await anna.offered(contact)
    boris = await centre.at_work("boris")
    await send(boris, contact, type="join")
    await send(boris, "nothing", type="join")
    await boris.desk.send(type="ping", t=1)  # type: ignore[union-attr]
    await boris.desk.hear("pong")  # type: ignore[union-attr]
    await send(anna, contact, tab="mine", type="join")
    assert (await worker.hears()).body["tab"] == "mine"


async def test_a_malformed_signal_ends_the_socket(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    assert anna.desk is not None
    await send(anna, new_id(), type="answer", leg="x", sdp="s" * 20_000)
    assert await anna.desk.closed() == 4400


async def test_the_number_is_masked_until_the_call_is_taken(centre: Centre, worker: Worker) -> None:
    anna = await centre.at_work("anna")
    contact = await worker.rings()
    offered = await row(anna, contact, "offered")
    assert (offered["channel"], offered["thread"], offered["number"]) == ("voice", None, "+7 973 ••• 18-30")
    await anna.takes(contact)
    assert (await row(anna, contact, "talking"))["number"] == NUMBER


async def test_wishes_go_to_the_worker_in_their_order(centre: Centre, worker: Worker) -> None:
    anna = await centre.at_work("anna")
    contact = await worker.rings()
    await anna.takes(contact)
    path = f"/contacts/{contact}/call"
    for action in ("hold", "resume", "pause_recording", "resume_recording"):
        assert (await anna.post(path, action=action)).status_code == 202
    assert (await anna.post(path, action="digits", digits="12#")).status_code == 202
    heard = [await worker.hears() for _ in range(5)]
    assert [c.kind for c in heard] == ["hold", "resume", "pause_recording", "resume_recording", "digits"]
    assert heard[-1].body == {"contact": contact, "agent": anna.id, "digits": "12#"}


async def test_calls_out_are_counted_once_and_an_old_id_dials_nothing(centre: Centre, worker: Worker) -> None:
    rules = {"allowed": ["+7974"], "denied": [], "person_hour": 2, "person_day": 9, "day": 9}
    await centre.bring_in(("dialling", "centre", rules))
    anna = await centre.at_work("anna")
    contact = await worker.rings()
    await anna.takes(contact)

    async def dial(number: str, id: str) -> tuple[int, str]:
        answer = await anna.post(f"/contacts/{contact}/call/consult", to={"number": number, "id": id})
        return answer.status_code, answer.json()["code"] if answer.status_code >= 400 else ""

    first, second = new_id(), new_id()
    assert await dial("+7 999 800-11-22", new_id()) == (403, "dial.not_allowed")
    assert await dial("+7 974 800-11-22", first) == (202, "")
    assert await dial("+7 974 800-11-22", first) == (202, "")  # the answer was lost: asked for again
    assert await dial("+7 974 800-11-33", first) == (202, "")
    assert await dial("+7 974 800-11-44", second) == (202, "")
    assert await dial("+7 974 800-11-55", new_id()) == (429, "dial.limit")
    assert await dial("+7 974 800-11-44", second) == (202, "")  # also at the limit a retry is no new call
    heard = [await worker.hears() for _ in range(2)]
    assert [one.body["number"] for one in heard] == ["+79748001122", "+79748001144"]
    await anna.post(f"/contacts/{contact}/call", action="hold")
    assert (await worker.hears()).kind == "hold", "nothing else was dialled"


async def test_wishes_that_are_refused(centre: Centre, worker: Worker) -> None:
    anna, boris = await centre.at_work("anna"), await centre.sign_in("boris")
    contact = await worker.rings()
    path = f"/contacts/{contact}/call"
    early = await anna.post(path, action="hold")
    assert (early.status_code, early.json()["code"]) == (403, "contact.not_yours")
    await anna.takes(contact)
    foreign = await boris.post(path, action="hold")
    assert (foreign.status_code, foreign.json()["code"]) == (403, "contact.not_yours")
    for digits in ({"digits": "1a"}, {"digits": ""}, {}):
        wrong = await anna.post(path, action="digits", **digits)
        assert (wrong.status_code, wrong.json()["code"]) == (422, "call.digits")
    assert (await anna.post(path, action="shout")).status_code == 422
    await worker.hangs_up(contact)
    gone = await anna.post(path, action="hold")
    assert (gone.status_code, gone.json()["code"]) == (409, "call.gone")


async def test_the_card_of_an_offered_call_can_be_read(centre: Centre, worker: Worker) -> None:
    anna, boris = await centre.at_work("anna"), await centre.sign_in("boris")
    contact = await worker.rings()
    await anna.offered(contact)
    assert (await anna.call("GET", f"/contacts/{contact}/card")).status_code == 200
    assert (await boris.call("GET", f"/contacts/{contact}/card")).status_code == 404


class Minutes:
    """A clock that is turned by hand."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_a_workers_word_of_a_hold_is_told_late_in_order_with_its_seconds(centre: Centre, worker: Worker) -> None:
    anna = await centre.at_work("anna")
    contact = await worker.rings()
    await anna.takes(contact)
    floor, clock, commands = centre.services.feed.floor, Minutes(), Commands(centre.services.db, worker.node)
    await until(lambda: floor.contacts[contact].state == "talking")
    answered = floor.contacts[contact].answered_at or 0.0
    await until(lambda: centre.services.clock() - answered > 0.1)  # no hold is longer than the talk
    holding = Holding(commands, clock)
    for act in (holding.hold, holding.hold, holding.resume, holding.resume, holding.hold):
        act(contact, anna.id)
        clock.now += 0.01
    assert holding.on, "the line does it at once, though nobody stores the word yet"
    async with asyncio.TaskGroup() as group:
        loops = [group.create_task(loop) for loop in (holding.run(), commands.run())]
        await until(lambda: floor.contacts[contact].held_at is not None and floor.contacts[contact].held > 0)
        await holding.settle()
        for loop in loops:
            loop.cancel()
    assert floor.contacts[contact].held == pytest.approx(0.02), "hold and resume came at one instant"
    holding.only_of(None)
    assert not holding.on

    assert (await anna.post(f"/contacts/{contact}/end")).status_code == 204
    record = (await anna.call("GET", f"/contacts/{contact}")).json()
    story = [(e["kind"], e["body"].get("why")) for e in record["events"] if e["kind"] in HOLDS]
    assert story == [("contact.held", None), ("contact.resumed", "agent")] + [
        ("contact.held", None),
        ("contact.resumed", "ended"),
    ]
    ended = next(e["body"] for e in record["events"] if e["kind"] == "contact.ended")
    assert record["hold"] == ended["hold"] > 0
    assert record["talk"] + record["hold"] == pytest.approx(ended["talk"], abs=1e-6)


HOLDS = ("contact.held", "contact.resumed")


async def test_a_call_out_is_checked_written_down_and_made_once(centre: Centre) -> None:
    rules = {"allowed": ["+7974"], "denied": [], "person_hour": 2, "person_day": 9, "day": 9}
    await centre.bring_in(("dialling", "centre", rules))
    anna = await centre.at_work("anna")

    async def call(number: str, id: str, **more: Any) -> tuple[int, str]:
        answer = await anna.post("/calls/out", id=id, to={"number": number}, **{"anyway": True, **more})
        return answer.status_code, answer.json()["code"] if answer.status_code >= 400 else ""

    first = new_id()
    assert await call("+7 999 800-11-22", new_id()) == (403, "dial.not_allowed")
    floor = centre.services.feed.floor
    hours = floor.queues["calls"].config.callback.window(centre.services.chat.zone)
    is_open, _ = hours.state(centre.services.clock())
    early = await call("+7 974 800-11-22", first, anyway=False)
    assert early == ((202, "") if is_open else (409, "dial.hours"))
    assert await call("+7 974 800-11-22", first) == (202, "")
    assert await call("+7 974 800-11-22", first) == (202, ""), "the answer was lost: asked for again"
    second = new_id()
    assert await call("+7 974 800-11-33", second) == (409, "dial.busy")
    assert await call("+7 974 800-11-33", second) == (409, "dial.busy"), "what was refused is not taken for done"
    assert (await anna.post(f"/contacts/{first}/end")).status_code < 300
    assert await call("+7 974 800-11-33", second) == (202, ""), "what was refused was not counted"
    assert (await anna.post(f"/contacts/{second}/end")).status_code < 300
    assert await call("+7 974 800-11-44", new_id()) == (429, "dial.limit")
    assert (await anna.call("GET", f"/calls/out/{first}")).json() == {"outcome": "cancelled"}
    boris = await centre.sign_in("boris")
    assert (await boris.call("GET", f"/calls/out/{first}")).status_code == 404
    async with centre.services.db.connection() as conn:
        assert await callback_talk.may_call(conn, "+79748001122", "+79748001122")
        assert not await callback_talk.may_call(conn, "+79738001122", "+79738001122"), "forged to cost money"
