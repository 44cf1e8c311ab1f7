"""The floor does not take a caller: the queue of the menu is gone or takes no calls. Nobody is left without a word."""

from typing import Any

import numpy as np
import pytest

from teplo.channels.voice import prompts
from teplo.simulator.desk import DeskClient
from teplo.simulator.phone import PhoneCall, Phones

from .conftest import Centre
from .people import said, until
from .test_callback import change, row

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

QUEUE = {"name": {"ru": "Чаты", "en": "Chats"}, "channels": ["chat"], "steps": [{"after": 0, "require": {}}]}
CREATE = {"If-None-Match": "*"}
KEPT = "select contact, end_reason from call where number = %s and ended_at is not null"
INTO = """select e.body->>'queue' from call c join event e on e.contact = c.contact and e.kind = 'contact.arrived'
    where c.number = %s"""


async def leads_to(boss: DeskClient, name: str, number: str, queue: str, give_up: str) -> None:
    nodes = {
        "in": {"kind": "say", "prompts": ["greeting"], "next": "to"},
        "to": {"kind": "queue", "queue": queue},
        "elsewhere": {"kind": "queue", "queue": give_up, "prompts": ["to_person"]},
    }
    both = {"ru": name, "en": name}
    menu = {"id": name, "start": "in", "give_up": "elsewhere", "nodes": nodes}
    await boss.call("PUT", f"/config/menu/{name}", {"name": both, "menu": menu}, headers=CREATE)
    await boss.call("PUT", f"/config/line/{name}", {"name": both, "numbers": [number], "menu": name}, headers=CREATE)


async def call_of(centre: Centre, phones: Phones, called: str, number: str) -> tuple[PhoneCall, list[Any]]:
    call = await phones.call(centre.sip, called, number)
    heard: list[Any] = []
    call.listen(heard.append)
    await until(call.answered.is_set, "an answer")
    return call, heard


async def test_who_is_taken_by_no_queue_is_told_and_the_call_says_why(centre: Centre, phones: Phones) -> None:
    number = "+79748009601"
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss:
        await boss.call("PUT", "/config/queue/chats-only", QUEUE, headers=CREATE)
        await leads_to(boss, "no-calls", "671", "chats-only", "chats-only")
    call, heard = await call_of(centre, phones, "671", number)
    await until(call.over.is_set, "the good-bye", 60)
    sound = np.concatenate(heard)
    assert said(sound, prompts.prompt("greeting", "ru")), "what is told apart is there"
    assert said(sound, prompts.prompt("error", "ru")), "the caller is told"
    assert not said(sound, prompts.prompt("survey", "ru")), "what was not said is not heard"
    assert await until(lambda: row(centre, KEPT, number), "the end is written down") == (None, "contact.channel")
    assert "call.not_taken" in (centre.data / "voice.log").read_text()


async def test_a_queue_that_takes_no_calls_any_more_leads_on_to_where_the_menu_gives_up(
    centre: Centre, phones: Phones
) -> None:
    number = "+79748009602"
    async with DeskClient(centre.served.address, "admin", centre.served.password, topics=()) as boss:
        await boss.call("PUT", "/config/queue/calls-still", {**QUEUE, "channels": ["voice"]}, headers=CREATE)
        await leads_to(boss, "calls-still", "672", "calls-still", "voice-general")
        call, heard = await call_of(centre, phones, "672", number)
        await change(boss, "queue/calls-still", channels=["chat"])  # while the greeting is heard
    assert await until(lambda: row(centre, INTO, number), "a contact", 60) == ("voice-general",)
    assert said(np.concatenate(heard), prompts.prompt("to_person", "ru"))
    assert not call.over.is_set()
    call.hang_up()
