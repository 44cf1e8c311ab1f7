"""The door and what may stand in the place of a page."""

import re

from playwright.sync_api import BrowserContext, Route, expect
from tests.e2e.conftest import Opener
from tests.e2e.steps import sign_in
from tests.serving import Serving

from .camera import Camera


def test_sign_in(open_page: Opener, camera: Camera, centre: Serving) -> None:
    page = open_page("/")
    expect(page.get_by_label("Логин")).to_be_focused()
    camera.shoot(page, "sign-in", focus=True)
    sign_in(page, "agent49", "not the password")
    expect(page.get_by_role("alert")).to_be_visible()
    camera.shoot(page, "sign-in-refused")


def test_no_page(open_page: Opener, camera: Camera) -> None:
    page = open_page("/nowhere", login="agent49")
    expect(page.get_by_text("Такой страницы нет").or_(page.get_by_role("heading")).first).to_be_visible()
    camera.shoot(page, "no-page")
    page = open_page("/contacts/00000000-0000-7000-8000-000000000000", login="agent49")
    expect(page.get_by_text("Такого обращения нет")).to_be_visible()
    camera.shoot(page, "no-contact")


def test_no_server(open_page: Opener, camera: Camera) -> None:
    def refuse(route: Route) -> None:
        route.abort()

    def unreachable(context: BrowserContext) -> None:
        context.route(re.compile("/api/v1/session"), refuse)

    page = open_page("/", before=unreachable)
    expect(page.get_by_text("Сервер не отвечает")).to_be_visible(timeout=40_000)
    camera.shoot(page, "no-server")
