"""A supervisor at the live page: answers a raised hand, sends somebody into a break and off the line."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import Opener
from .others import Others
from .steps import accept, offer_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME = "Вероника Дубравина"


def choose(floor: Page, item: str) -> None:
    """Choose in the menu of the agent's row, by keys alone."""
    floor.get_by_role("button", name=f"Действия: {NAME}").press("Enter")
    floor.get_by_role("menuitem", name=item).press("Enter")


def test_a_hand_is_answered_and_an_agent_is_sent_away(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent15", on_line=True)
    floor = open_page("/floor", login="supervisor1")
    who = others.waits("Где мой перевод", number="+7 974 800-11-33")
    accept(desk)
    desk.keyboard.press("F8")
    attention = floor.get_by_role("region", name="Требует внимания")
    attention.get_by_role("button", name="Подойти").press("Enter")
    expect(attention.get_by_role("button", name="Подойти")).to_be_hidden()
    expect(desk.get_by_role("button", name="Поднять руку")).to_be_visible()

    choose(floor, "На перерыв")
    dialog = floor.get_by_role("dialog")
    expect(dialog.get_by_text("Открытое обращение останется у оператора")).to_be_visible()
    dialog.get_by_role("button", name="Отправить на перерыв").press("Enter")
    expect(dialog).to_be_hidden()
    expect(desk.get_by_text("потом: Перерыв")).to_be_visible()
    assert who.phase == "talking"

    choose(floor, "Снять с линии")
    expect(dialog.get_by_text("вернётся в очередь на прежнее место")).to_be_visible()
    expect(dialog.get_by_role("button", name="Оставить как есть")).to_be_focused()
    dialog.get_by_role("button", name="Снять с линии").press("Enter")
    expect(dialog).to_be_hidden()
    expect(desk.get_by_role("heading", name="Супервизор снял вас с линии")).to_be_visible()
    expect(floor.get_by_text("Нижегородская область")).to_be_visible()  # it waits again, at its old place
    assert who.phase == "waiting"
    desk.keyboard.press("Enter")
    expect(offer_of(desk)).to_be_visible()
