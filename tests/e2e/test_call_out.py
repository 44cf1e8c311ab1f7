"""An agent calls a subscriber from the page: by the command bar, to a real phone."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.calls.conftest import Centre
from tests.calls.test_call_out import calls_go_to

from teplo.simulator.phone import PhoneCall, Phones, Ringing

from .conftest import Opener
from .others import Others
from .test_call import line, microphone, stage_of

pytestmark = pytest.mark.slow
__all__ = ["line"]


def dial(desk: Page, number: str) -> None:
    """Open the dialog from the command bar and call; the subscriber's hour may ask for a second press."""
    expect(desk.get_by_text("Обращений пока нет")).to_be_visible()
    desk.keyboard.press("Control+k")
    find = desk.get_by_role("combobox", name="Найти действие")
    find.fill("позвонить")
    find.press("Enter")
    desk.get_by_label("Номер телефона").fill(number)
    desk.keyboard.press("Enter")
    expect(stage_of(desk).or_(desk.get_by_role("button", name="Всё равно позвонить"))).to_be_visible()
    if not stage_of(desk).is_visible():
        desk.keyboard.press("Enter")


def test_an_agent_calls_out_from_the_command_bar(open_page: Opener, line: Centre, others: Others) -> None:
    held = others._enter(Phones())
    others.do(calls_go_to(line, held))
    desk = open_page("/", login="agent1", on_line=True, before=microphone)
    dial(desk, "8 974 800-77-11")
    ringing: Ringing = others.do(held.rings.get())
    expect(stage_of(desk)).to_be_visible()
    expect(desk.get_by_role("main").get_by_text("Идут гудки")).to_be_visible()
    others.call(lambda: ringing.refuse(486))
    expect(desk.get_by_text("Не дозвонились: занято")).to_be_visible()
    expect(stage_of(desk)).not_to_be_visible()

    dial(desk, "+7 974 800-77-12")
    ringing = others.do(held.rings.get())
    call: PhoneCall = others.do(ringing.answer())
    expect(desk.get_by_role("main").get_by_text("Разговор", exact=True)).to_be_visible(timeout=30_000)
    others.call(call.hang_up)
    expect(desk.get_by_role("heading", name=re.compile("причин", re.I)).first).to_be_visible()
