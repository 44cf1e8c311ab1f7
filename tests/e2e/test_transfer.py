"""A talk is handed over by keys: to a colleague with a note, to a queue; the subscriber tells nothing twice."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import Opener
from .others import PATIENCE, Office, Others
from .steps import accept, offer_of, say, thread_of, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _hand_over(desk: Page, typed: str, note: str = "", *, by_name: bool = False) -> None:
    """Open the dialog by its key, or by the action's name in the command bar, and choose."""
    if by_name:
        desk.keyboard.press("Control+KeyK")
        desk.keyboard.type("передать")
        desk.keyboard.press("Enter")
    else:
        desk.keyboard.press("Alt+KeyT")
    dialog = desk.get_by_role("dialog", name="Передать")
    expect(dialog.get_by_role("searchbox")).to_be_focused()
    expect(dialog.get_by_role("option").first).to_be_visible()
    desk.keyboard.type(typed)
    option = dialog.get_by_role("option")
    expect(option).to_have_count(1)
    expect(option).to_be_enabled()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(option).to_have_attribute("aria-selected", "true")
    if note:
        dialog.get_by_label("Заметка коллеге").fill(note)
    dialog.get_by_role("button", name="Передать").press("Enter")
    expect(dialog).to_be_hidden()


def test_to_a_colleague_with_a_note(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent29", on_line=True)
    who = others.waits("Долгая история", name="Оксана")
    accept(desk)
    say(desk, "Передам тому, кто решит")
    others.do(who.wait_text("Передам тому, кто решит"))
    colleague = open_page("/", login="agent39", on_line=True)
    _hand_over(desk, "Вячеслав", "Второй день ждёт перевод")
    until(desk, "document.activeElement !== document.body")
    expect(offer_of(colleague).get_by_role("heading", name="Оксана")).to_be_visible()
    expect(offer_of(colleague)).to_contain_text("Передача от коллеги")
    expect(offer_of(colleague)).to_contain_text("Второй день ждёт перевод")
    accept(colleague)
    expect(thread_of(colleague).get_by_text("Долгая история")).to_be_visible()
    expect(thread_of(colleague).get_by_text("Передам тому, кто решит")).to_be_visible()
    say(colleague, "Продолжаем")
    others.do(who.wait_text("Продолжаем"))
    assert "Второй день" not in repr(who.messages), "the note is for colleagues only"
    expect(thread_of(desk).get_by_text("Продолжаем")).to_have_count(0)


def test_to_a_queue_keeps_the_wait(open_page: Opener, others: Others, office: Office) -> None:
    desk = open_page("/", login="agent30", on_line=True)
    who = others.waits("Не туда попал")
    accept(desk)
    contact = office.call("GET", f"/contacts/{who.contact}", login="supervisor1").json()
    _hand_over(desk, "Чат: связь", by_name=True)
    others.do(who.wait_phase("waiting", timeout=PATIENCE))
    record = office.call("GET", f"/contacts/{who.contact}", login="supervisor1").json()
    # It may have come by the general queue: with one agent present the estimate of its own queue overflows at once.
    assert contact["queue"] != record["queue"] == "chat-network"
    assert record["arrived_at"] == contact["arrived_at"]
    assert record["transfers"] == 1
