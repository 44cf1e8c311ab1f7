"""A desk phone chosen at the page: it rings, and the page shows the call without any sound of its own."""

import pytest
from playwright.sync_api import expect
from tests.calls.conftest import Centre
from tests.calls.people import until

from teplo.simulator.desk_phone import DeskPhone
from teplo.simulator.phone import PhoneCall, Phones

from .conftest import Opener
from .others import Others
from .steps import offer_of
from .test_call import line, stage_of

pytestmark = pytest.mark.slow
__all__ = ["line"]


def test_a_call_is_taken_on_the_desk_phone(open_page: Opener, line: Centre, others: Others) -> None:
    desk = open_page("/", login="agent1", on_line=True)
    agent = desk.evaluate("fetch('/api/v1/session').then((answer) => answer.json()).then((found) => found.person.id)")
    admin, held = others.colleague("admin", topics=()), others._enter(Phones())

    async def given() -> DeskPhone:
        made = (await admin.call("POST", f"/phones/{agent}/secret", {})).json()
        return DeskPhone(held, line.sip, made["login"], made["secret"])

    try:
        phone = others.do(given())
        desk.get_by_role("button", name="Проверить гарнитуру").click()
        expect(desk.get_by_text("Где принимать звонки")).to_be_visible()
        desk.get_by_role("radio", name="На телефоне").click()
        expect(desk.get_by_text("не на связи")).to_be_visible()
        others.call(phone.register)
        expect(desk.get_by_text("Телефон agent1 на связи")).to_be_visible()
        desk.keyboard.press("Escape")

        subscribers = others._enter(Phones())
        call: PhoneCall = others.do(subscribers.call(line.sip, "612", "+79748006601"))
        expect(offer_of(desk)).to_be_visible()
        others.do(until(lambda: phone.ringing, "the phone rings"))
        mine: PhoneCall = others.do(phone.answer())
        expect(stage_of(desk)).to_be_visible()
        expect(desk.get_by_text("Звук этого звонка в вашем телефоне")).to_be_visible()
        expect(desk.get_by_role("main").get_by_text("Разговор", exact=True)).to_be_visible()
        stage_of(desk).get_by_role("button", name="Удержать").click()
        expect(desk.get_by_role("main").get_by_text("На удержании", exact=True)).to_be_visible()
        others.call(mine.hang_up)
        expect(stage_of(desk)).not_to_be_visible()
        others.call(call.hang_up)
    finally:
        others.do(admin.call("DELETE", f"/phones/{agent}"))
