"""The widget's socket: what it shows, what it refuses."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from tests.chat_centre import Centre, open_centre, until

from teplo.services import chat_live

pytestmark = pytest.mark.anyio


@pytest.fixture
async def centre(database_url: str) -> AsyncIterator[Centre]:
    async with open_centre(database_url) as opened:
        yield opened


async def test_state_comes_first_then_all_messages_then_what_happens(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open("первое")
    await widget.write("второе")
    async with widget.live() as live:
        contact = await anna.takes()
        await live.hear("state", state="talking")
        assert live.frames[0]["type"] == "state" and live.frames[0]["state"] == "waiting"
        await anna.write(contact, "здравствуйте")
        await until(lambda: heard_text(live, "здравствуйте"))
        state = next(frame for frame in live.frames if frame.get("state") == "talking")
        assert state["agent"] == {"name": "Анна"} and state["position"] is None
        await anna.post(f"/contacts/{contact}/end")
        ended = await live.hear("state", state="ended")
        assert ended["can_grade"] is True
        await widget.call("POST", "/thread/grade", json={"grade": 4})
        graded = await live.hear("state", grade=4)
        assert graded["can_grade"] is False
        last = (await widget.page())["last_seq"]
        await until(lambda: pull(live, lambda: len(live.messages()) >= last))
        assert [message["seq"] for message in live.messages()] == list(range(1, last + 1))


async def test_a_socket_that_comes_back_goes_on_where_it_was(centre: Centre) -> None:
    widget = centre.subscriber()
    await widget.open("раз")
    async with widget.live() as live:
        await until(lambda: pull(live, lambda: len(live.messages()) == 2))
    await widget.write("два")
    await widget.write("три")
    async with widget.live(after=2) as live:
        await until(lambda: pull(live, lambda: len(live.messages()) == 2))
        assert [message["text"] for message in live.messages()] == ["два", "три"]


async def test_a_new_contact_on_the_thread_is_shown(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    first = (await widget.open())["contact"]
    async with widget.live() as live:
        await anna.takes(first)
        await widget.call("POST", "/thread/end")
        await live.hear("state", state="ended")
        await anna.post(f"/contacts/{first}/dispose", reasons=["MNY.01"], outcome="resolved")
        second = (await widget.write("снова")).json()["contact"]
        again = await live.hear("state", contact=second)
        assert again["state"] == "waiting" and again["can_grade"] is False
        await anna.takes(second)
        await live.hear("state", contact=second, state="talking")


async def test_the_place_in_line_moves_while_waiting(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    assert chat_live.PERIOD == 2.0
    first, second = centre.subscriber(), centre.subscriber()
    await first.open()
    state = await second.open()
    assert (state["position"], state["ahead"]) == (2, 1)
    async with second.live() as live:
        await live.hear("state", position=2)
        await first.call("POST", "/thread/end")
        moved = await live.hear("state", position=1)
        assert moved["ahead"] == 0


async def test_typing_goes_both_ways_and_only_while_talking(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open()
    assert anna.desk is not None
    async with widget.live() as live:
        await live.send(type="typing")
        contact = await anna.takes()
        await live.hear("state", state="talking")
        await live.send(type="typing")
        heard = await anna.desk.hear("typing")
        assert heard["contact"] == contact
        await anna.desk.send(type="typing", contact=contact)
        assert await live.hear("typing") == {"type": "typing", "who": "agent", "name": "Анна"}
        await live.send(type="ping")
        await live.hear("pong")
    assert [frame["type"] for frame in anna.desk.frames].count("typing") == 1


async def test_ticks_go_both_ways(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open()
    assert anna.desk is not None
    async with widget.live() as live:
        contact = await anna.takes()
        seq = (await anna.write(contact, "ответ")).json()["seq"]
        await until(lambda: heard_text(live, "ответ"))
        await live.send(type="delivered", seq=seq)
        told = await anna.desk.hear("receipt", contact=contact)
        assert (told["receipts"]["subscriber_delivered"], told["receipts"]["subscriber_read"]) == (seq, 0)
        await anna.post(f"/contacts/{contact}/read", seq=1)
        mine = await live.hear("receipt")
        while mine["receipts"]["agent_read"] < 1:
            live.frames.remove(mine)
            mine = await live.hear("receipt")
        assert mine["receipts"]["agent_delivered"] == 1


async def test_messages_reach_the_desk_at_once(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    await widget.open()
    contact = await anna.takes()
    assert anna.desk is not None
    for n in range(5):
        await widget.write(f"{n}")
    desk = anna.desk
    await until(lambda: pull(desk, lambda: len([m for m in desk.messages() if m["author"] == "subscriber"]) >= 5))
    texts = [m["text"] for m in desk.messages() if m["author"] == "subscriber" and m["contact"] == contact]
    assert texts[-5:] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("not json", 4400),
        ('{"type":"hello"}', 4400),
        ('{"type":"ping"}', 4400),
        ('{"type":"hello","token":"x","after":-1}', 4400),
        ('{"type":"hello","token":"short","after":0}', 4401),
        (json.dumps({"type": "hello", "token": "A" * 43, "after": 0}), 4401),
        (b"\x00\x01", 4400),
        ("x" * 5000, 4413),
    ],
)
async def test_a_wrong_hello_closes_with_a_code(centre: Centre, frame: str | bytes, code: int) -> None:
    async with centre.socket("/chat/live", {}) as opened:
        await opened.ws.send(frame)
        assert await opened.closed() == code


async def test_foreign_pages_and_floods_are_cut_off(centre: Centre) -> None:
    widget = centre.subscriber(origin="https://shop.example")
    await widget.open(None, entry="shop", reason=None)
    stolen = centre.subscriber(widget.token, origin="https://evil.example")
    async with stolen.live() as live:
        assert await live.closed() == 4403
    async with widget.live() as live:
        await live.hear("state", state="none")
        for _ in range(60):
            await live.send(type="ping")
        assert await live.closed() == 4429
    async with widget.live() as live:
        await live.send(type="what is this")
        assert await live.closed() == 4400
    await until(lambda: centre.services.chat_hub.sockets == 0)


async def test_many_widgets_hear_their_own_thread_only(centre: Centre) -> None:
    widgets = [centre.subscriber() for _ in range(12)]
    await asyncio.gather(*(widget.open(f"я {n}") for n, widget in enumerate(widgets)))

    async def listen(n: int) -> list[str]:
        async with widgets[n].live() as live:
            await live.hear("state")
            await widgets[n].write(f"ещё {n}")
            await until(lambda: pull(live, lambda: len(live.messages()) == 3))
            return [message["text"] for message in live.messages() if message["kind"] == "text"]

    heard = await asyncio.gather(*(listen(n) for n in range(12)))
    assert heard == [[f"я {n}", f"ещё {n}"] for n in range(12)]


# --- waiting --------------------------------------------------------------------------------------------------


async def pull(socket: object, done: object) -> bool:
    """Take in what has come until `done`."""
    while not done():  # type: ignore[operator]
        async with asyncio.timeout(10):
            socket.frames.append(json.loads(await socket.ws.recv()))  # type: ignore[attr-defined]
    return True


async def heard_text(live: object, text: str) -> bool:
    return await pull(live, lambda: any(m["text"] == text for m in live.messages()))  # type: ignore[attr-defined]
