"""The administrator's pages: voice menus with the check and the trial, and prompts."""

import json
from importlib import resources

from playwright.sync_api import expect
from tests.e2e.conftest import Opener
from tests.e2e.others import Office

from .camera import Camera


def test_menus(open_page: Opener, camera: Camera, office: Office) -> None:
    menu = json.loads(resources.files("teplo.seed").joinpath("menu.json").read_text(encoding="utf-8"))
    office.configure("menu", "night", {"name": {"ru": "Ночное", "en": "Night"}, "menu": menu})
    page = open_page("/menus", login="admin")
    expect(page.get_by_role("link", name="Ночное")).to_be_visible()
    camera.shoot(page, "menus", focus=True)
    page.get_by_role("link", name="Ночное").click()
    expect(page.get_by_text("ошибок нет")).to_be_visible()
    camera.shoot(page, "menu", focus=True)
    tree = page.get_by_role("tree")
    tree.get_by_role("treeitem", name="Меню целиком").focus()
    for key in ("ArrowDown", "End", "Home", *["ArrowDown"] * 7, "Enter"):
        page.keyboard.press(key)
    page.get_by_label("Куда ведёт 0").select_option("+queue")
    page.get_by_role("button", name="1 ошибка").click()
    expect(page.get_by_text("Не заполнено или заполнено неверно.")).to_be_visible()
    camera.shoot(page, "menu-faulty")
    page.get_by_label("Очередь", exact=True).select_option(label="Звонки: срочная помощь")
    page.get_by_role("group", name="Клавиши телефона").get_by_role("button", name="1", exact=True).focus()
    page.keyboard.press("1")
    heard = page.get_by_role("list", name="Что слышит звонящий")
    expect(heard.get_by_text("Деньги и платежи")).to_be_visible()
    page.keyboard.press("0")
    camera.shoot(page, "menu-tried")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    camera.shoot(page, "menu-save")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Версии").click()
    expect(page.get_by_role("dialog", name="Версии")).to_be_visible()
    camera.shoot(page, "menu-versions")
    page.keyboard.press("Escape")
    page = open_page("/menus", login="admin")
    page.get_by_role("link", name="Записи").click()
    expect(page.get_by_role("button", name="Заменить: Спасибо за звонок")).to_be_visible()
    camera.shoot(page, "prompts", focus=True)
    page.get_by_role("button", name="Заменить: Спасибо за звонок").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    camera.shoot(page, "prompt-upload")


def test_menus_forbidden(open_page: Opener, camera: Camera) -> None:
    page = open_page("/menus", login="agent49")
    page.wait_for_timeout(800)
    camera.shoot(page, "menus-forbidden")
