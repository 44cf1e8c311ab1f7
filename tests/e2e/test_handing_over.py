"""A talk handed over to a colleague, to a queue and to a skill: who gets it learns from whom and why."""

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Opener
from .others import Others
from .steps import accept, offer_of, thread_of

pytestmark = [pytest.mark.browser, pytest.mark.slow]

AIGUL, MARINA, ILDAR = ("agent1", "Айгуль Сафина"), ("agent2", "Марина Лапшина"), ("agent3", "Ильдар Хабиров")


def open_dialog(desk: Page) -> Locator:
    """Open the choice of whom to hand over to."""
    desk.get_by_role("main").get_by_role("button", name="Передать").click()
    dialog = desk.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def hand_over(dialog: Locator, option: str, note: str) -> None:
    """Choose by the keyboard alone, write a note and hand over."""
    page = dialog.page
    search = dialog.get_by_role("searchbox", name="Коллега, очередь или навык")
    expect(search).to_be_focused()
    search.fill(option)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("option", name=option, selected=True)).to_be_visible()
    dialog.get_by_label("Заметка коллеге").fill(note)
    dialog.get_by_role("button", name="Передать").press("Enter")
    expect(dialog).to_be_hidden()


def receive(desk: Page, giver: str, note: str) -> None:
    """Read in the offer who hands over and why; take it and find the note beside the talk."""
    offer = offer_of(desk)
    expect(offer.get_by_text(f"Передача от коллеги: {giver}")).to_be_visible()
    expect(offer.get_by_text(note)).to_be_visible()
    accept(desk)
    expect(desk.get_by_role("complementary", name="Абонент").get_by_text(note)).to_be_visible()
    expect(thread_of(desk).get_by_text("Интернет пропал в роуминге")).to_be_visible()


def test_to_a_colleague_a_queue_and_a_skill(open_page: Opener, others: Others) -> None:
    aigul = open_page("/", login=AIGUL[0], on_line=True)
    marina = open_page("/", login=MARINA[0])
    who = others.waits("Интернет пропал в роуминге", name="Оксана", number="+7 974 800-11-22")
    accept(aigul)
    expect(aigul.get_by_text("Нижегородская область").first).to_be_visible()

    dialog = open_dialog(aigul)
    colleague = dialog.get_by_role("option", name=MARINA[1])
    expect(colleague).to_have_attribute("aria-disabled", "true")
    expect(colleague.get_by_text("Нет на месте")).to_be_visible()
    expect(dialog.get_by_role("option", name="Роуминг").get_by_text("никого на линии")).to_be_visible()
    marina.get_by_role("button", name="Встать на линию").click()
    expect(colleague.get_by_text("На линии")).to_be_visible()  # without opening it again
    hand_over(dialog, MARINA[1], "Перезагрузка не помогла")
    receive(marina, AIGUL[1], "Перезагрузка не помогла")

    hand_over(open_dialog(marina), "Чат: связь и интернет", "Проверьте APN")
    receive(aigul, MARINA[1], "Проверьте APN")

    ildar = open_page("/", login=ILDAR[0], on_line=True)
    dialog = open_dialog(aigul)
    expect(dialog.get_by_role("option", name="Роуминг").get_by_text("свободно 1 из 1")).to_be_visible()
    hand_over(dialog, "Роуминг", "Нужен пакет для поездки")
    receive(ildar, AIGUL[1], "Нужен пакет для поездки")
    assert not any(note in repr(who.messages) for note in ("Перезагрузка", "APN", "пакет")), "notes are for colleagues"
