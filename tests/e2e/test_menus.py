"""The administrator changes a voice menu and its prompts, by keys alone where that is the point."""

import io
import json
from importlib import resources
from typing import Any

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Page, expect
from tests.serving import Serving

from .conftest import Opener
from .test_accessibility import _small_targets, is_clean

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _send(page: Page, centre: Serving, method: str, path: str, body: Any, **headers: str) -> int:
    """Do what another administrator does meanwhile; return the version."""
    api = f"{centre.address}/api/v1"
    csrf = page.request.get(f"{api}/session").json()["csrf"]
    answer = page.request.fetch(f"{api}{path}", method=method, data=body, headers={"X-CSRF-Token": csrf, **headers})
    assert answer.ok, answer.text()
    return int(answer.json()["version"])


def _tone() -> bytes:
    out = io.BytesIO()
    soundfile.write(out, 0.3 * np.sin(np.arange(16000) / 6), 16000, format="OGG")
    return out.getvalue()


def test_a_menu_is_changed_tried_saved_and_brought_back(open_page: Opener, centre: Serving) -> None:
    page = open_page("/menus", login="admin")
    menu = json.loads(resources.files("teplo.seed").joinpath("menu.json").read_text(encoding="utf-8"))
    body = {"name": {"ru": "Ночное", "en": "Night"}, "menu": menu}
    _send(page, centre, "PUT", "/config/menu/night", body, **{"If-None-Match": "*"})
    page.reload()
    page.get_by_role("link", name="Ночное").click()
    expect(page.get_by_text("ошибок нет")).to_be_visible()

    tree = page.get_by_role("tree")
    tree.get_by_role("treeitem", name="Меню целиком").focus()
    for key in ("ArrowDown", "End", "Home", *["ArrowDown"] * 7, "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("heading", name="Вопрос с клавишами")).to_be_visible()
    page.get_by_label("Куда ведёт 0").select_option("+queue")
    expect(page.get_by_role("button", name="1 ошибка")).to_be_visible()
    expect(page.get_by_role("button", name="Сохранить", exact=True)).to_be_disabled()
    page.get_by_role("button", name="1 ошибка").click()
    expect(page.get_by_text("Не заполнено или заполнено неверно.")).to_be_visible()
    is_clean(page)
    assert _small_targets(page) == []
    page.get_by_label("Очередь", exact=True).select_option(label="Звонки: срочная помощь")
    expect(page.get_by_text("ошибок нет")).to_be_visible()

    phone = page.get_by_role("group", name="Клавиши телефона")
    heard = page.get_by_role("list", name="Что слышит звонящий")
    expect(heard.get_by_text("Чтобы говорить по-русски")).to_be_visible()
    phone.get_by_role("button", name="1", exact=True).focus()
    page.keyboard.press("1")
    expect(heard.get_by_text("Деньги и платежи")).to_be_visible()
    page.keyboard.press("0")
    expect(heard.get_by_text("Ждёт оператора: Звонки: срочная помощь")).to_be_visible()

    page.get_by_role("link", name="Обращения").click()
    expect(page.get_by_role("dialog", name="Меню не сохранено")).to_be_visible()
    page.get_by_role("button", name="Остаться").click()
    changed = {**body, "menu": {**menu, "most_visits": 50}}
    theirs = _send(page, centre, "PUT", "/config/menu/night", changed, **{"If-Match": "1"})
    page.keyboard.press("Control+Enter")
    page.get_by_label("Что и зачем изменено").fill("Договоры срочно")
    page.keyboard.press("Enter")
    expect(page.get_by_text(f"Пока вы правили, появилась версия {theirs}")).to_be_visible()
    page.get_by_role("button", name="Сохранять поверх неё").click()
    page.get_by_role("button", name="Сохранить", exact=True).click()
    page.get_by_role("button", name="Сохранить новую версию").click()
    expect(page.get_by_text("Версия 3", exact=True)).to_be_visible()

    page.get_by_role("button", name="Версии").click()
    versions = page.get_by_role("dialog", name="Версии")
    expect(versions.get_by_text("Новый шаг «queue»")).to_be_visible()
    is_clean(page)
    versions.get_by_role("button", name="Вернуть эту версию").first.click()
    versions.get_by_role("button", name="Вернуть версию 2").click()
    expect(page.get_by_role("main").get_by_text("Версия 4", exact=True)).to_be_visible()
    expect(tree.get_by_role("treeitem", name="Звонки: срочная помощь")).to_have_count(1)

    page.get_by_role("link", name="Все меню").click()
    is_clean(page)
    assert _small_targets(page) == []
    page.get_by_role("link", name="Записи").click()
    page.get_by_role("searchbox").fill("до свидания")
    page.get_by_role("button", name="Заменить: Спасибо за звонок").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Файл", exact=True).set_input_files(
        {"name": "x.ogg", "mimeType": "audio/ogg", "buffer": b"no sound"}
    )
    dialog.get_by_role("button", name="Загрузить").click()
    expect(dialog.get_by_text("Это не звук")).to_be_visible()
    is_clean(page)
    dialog.get_by_label("Файл", exact=True).set_input_files(
        {"name": "x.ogg", "mimeType": "audio/ogg", "buffer": _tone()}
    )
    dialog.get_by_role("button", name="Загрузить").click()
    expect(page.get_by_text("заменена", exact=True)).to_be_visible()
    page.get_by_role("button", name="Вернуть запись по умолчанию").click()
    expect(page.get_by_text("заменена", exact=True)).to_have_count(0)
