"""Every key of the desk can be another: printed everywhere, kept in the browser, refused when it means two things."""

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from .conftest import Opener
from .others import Others
from .steps import accept

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _help_of(desk: Page) -> Locator:
    desk.get_by_role("button", name="Все клавиши").click()
    dialog = desk.get_by_role("dialog", name="Все клавиши")
    expect(dialog).to_be_visible()
    return dialog


def _choose(dialog: Locator, action: str, *keys: str) -> None:
    dialog.get_by_role("button", name=re.compile(f"^{action}: .*Изменить")).press("Enter")
    for key in keys:
        dialog.page.keyboard.press(key)


def test_a_key_is_changed_printed_kept_and_restored(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent55", on_line=True)
    dialog = _help_of(desk)
    _choose(dialog, "передать", "Alt+KeyG")
    expect(dialog.get_by_role("button", name="передать: Alt+G. Изменить")).to_be_focused()
    desk.keyboard.press("Escape")
    others.waits("Вопрос", reason=None)
    accept(desk)
    expect(desk.get_by_role("button", name="Передать")).to_have_attribute("aria-keyshortcuts", "Alt+G")
    desk.keyboard.press("Alt+KeyT")
    desk.keyboard.press("Alt+KeyG")
    expect(desk.get_by_role("dialog", name=re.compile("^Передать: "))).to_have_count(1)
    desk.keyboard.press("Escape")

    desk.reload()
    expect(desk.get_by_role("button", name="Передать")).to_have_attribute("aria-keyshortcuts", "Alt+G")
    dialog = _help_of(desk)
    dialog.get_by_role("button", name="Вернуть все клавиши").click()
    expect(dialog.get_by_role("button", name="передать: Alt+T. Изменить")).to_be_visible()
    expect(dialog.get_by_role("button", name="Вернуть все клавиши")).to_have_count(0)


def _unhurried(context: BrowserContext) -> None:
    """What goes away by itself after 8 s stays."""
    context.add_init_script(
        """const set = window.setTimeout;
        window.setTimeout = (work, after, ...given) => set(work, after === 8000 ? 2 ** 30 : after, ...given);"""
    )


def test_a_result_that_was_told_changes_its_language_with_the_page(open_page: Opener) -> None:
    desk = open_page("/", login="agent55", before=_unhurried)
    dialog = _help_of(desk)
    _choose(dialog, "передать", "Alt+KeyG")
    dialog.get_by_role("button", name="Вернуть все клавиши").click()
    results = desk.get_by_role("region", name="Результаты действий")
    expect(results.get_by_text("Клавиши прежние")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.get_by_role("radio", name="EN", exact=True).press("Space")
    results = desk.get_by_role("region", name="Results of actions")
    expect(results.get_by_text("Keys are as before")).to_be_visible()
    expect(results.get_by_text("Клавиши прежние")).to_have_count(0)


def test_a_key_that_is_taken_is_refused_with_the_name_of_what_has_it(open_page: Opener) -> None:
    desk = open_page("/", login="agent56", on_line=True)
    dialog = _help_of(desk)
    _choose(dialog, "передать", "F8")
    expect(dialog.get_by_role("alert").filter(has_text="F8 уже занята: поднять или опустить руку")).to_be_visible()
    desk.keyboard.press("KeyG")
    expect(dialog.get_by_role("alert").filter(has_text="G нужна для набора текста")).to_be_visible()
    desk.keyboard.press("F5")
    expect(dialog.get_by_role("alert").filter(has_text="F5 занята браузером")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(dialog.get_by_role("button", name="передать: Alt+T. Изменить")).to_be_focused()
    expect(dialog).to_be_visible()
    desk.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(desk.get_by_role("button", name="Поднять руку")).to_have_attribute("aria-pressed", "false")


def test_keys_belong_to_the_person(open_page: Opener) -> None:
    desk = open_page("/", login="agent55")
    _choose(_help_of(desk), "передать", "Alt+KeyG")
    kept = desk.evaluate("Object.entries(localStorage).filter(([name]) => name.startsWith('teplo.keys.'))")
    assert len(kept) == 1
    assert kept[0][1] == '{"transfer":"Alt+KeyG"}'
    other = open_page("/", login="agent56")
    other.evaluate("([name, value]) => localStorage.setItem(name, value)", kept[0])
    other.reload()
    expect(_help_of(other).get_by_role("button", name="передать: Alt+T. Изменить")).to_be_visible()
