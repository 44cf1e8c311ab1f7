"""The clock of the machine is set while a server runs: nobody is thrown out, nothing is answered twice."""

import time
from collections.abc import AsyncIterator

import pytest
from tests.chat_centre import Centre, open_centre, until

from teplo.services.idle import INACTIVE, IdleChats

pytestmark = pytest.mark.anyio


@pytest.fixture(params=[-7200.0, 7200.0], ids=["set back", "set forward"])
async def centre(request: pytest.FixtureRequest, database_url: str) -> AsyncIterator[Centre]:
    """A process that goes on by its own steady clock after the wall clock, which PostgreSQL reads, was set."""
    patch = pytest.MonkeyPatch()
    patch.setattr("teplo.run.SteadyClock", lambda: lambda: round(time.time() - request.param, 6))
    try:
        async with open_centre(database_url) as opened:
            yield opened
    finally:
        patch.undo()


async def test_a_talk_that_ended_is_over(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    contact = (await widget.open())["contact"]
    await anna.takes(contact)
    await anna.write(contact, "Готово")
    assert (await widget.write("Спасибо!")).status_code == 201
    assert (await anna.post(f"/contacts/{contact}/end")).status_code == 204
    page = await widget.reaches("ended")
    assert page["contact"] == contact
    await _noticed(centre, contact)
    assert await centre.rows("select count(*) from event where kind = 'contact.arrived'") == [(1,)]


async def test_a_talk_that_goes_on_is_not_ended_as_idle(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    contact = (await widget.open())["contact"]
    await anna.takes(contact)
    await anna.write(contact, "Минуту, смотрю")
    assert await IdleChats(centre.services.chat).step() == 0
    assert centre.services.feed.floor.contacts[contact].state == "talking"


async def test_times_of_a_talk_are_those_of_one_clock(centre: Centre) -> None:
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    contact = (await widget.open())["contact"]
    await anna.takes(contact)
    await anna.write(contact, "Здравствуйте")
    await until(lambda: _joined(centre, contact))
    page = await widget.page()
    assert len(page["messages"]) >= 3
    assert all(abs(message["at"] - page["server_time"]) < 60 for message in page["messages"])


async def test_what_is_written_while_an_idle_chat_is_being_closed_is_answered(centre: Centre) -> None:
    """The closing of idle chats looked before the message came and ended the talk after it."""
    anna = await centre.at_work("anna")
    widget = centre.subscriber()
    contact = (await widget.open())["contact"]
    await anna.takes(contact)
    await anna.write(contact, "Вы ещё здесь?")
    await widget.write("Да, я здесь")
    await centre.services.commands.send("end", {"contact": contact, "by": "system", "reason": INACTIVE})

    async def again() -> bool:
        return bool((await centre.rows("select count(*) from event where kind = 'contact.arrived'"))[0][0] == 2)

    await until(again)
    assert (await widget.page())["contact"] != contact


async def _noticed(centre: Centre, contact: str) -> None:
    """Wait until the reader of the log has told the chat of the end (and would have begun a new contact)."""
    await until(lambda: _has(centre, contact, "ended"))


async def _joined(centre: Centre, contact: str) -> bool:
    return await _has(centre, contact, "agent.joined")


async def _has(centre: Centre, contact: str, code: str) -> bool:
    found = await centre.rows(
        "select 1 from message where contact = %s and kind = 'notice' and text::json->>'code' = %s", contact, code
    )
    return bool(found)
