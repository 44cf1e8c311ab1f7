"""The widget on the operator's page, on a desk and on a phone."""

import pytest
from playwright.sync_api import Page, Route, expect
from tests.calls.conftest import Centre
from tests.e2e.conftest import Opener
from tests.e2e.others import PATIENCE, Office, Others
from tests.e2e.steps import start_chat, write
from tests.e2e.test_call import line, microphone, take
from tests.e2e.test_widget import NEVER

from .camera import DESKTOP, PHONE, Camera

__all__ = ["line"]

DEVICES = {
    "": {"width": 1440, "height": 900},
    "phone-": {"width": 360, "height": 740, "has_touch": True, "is_mobile": True, "device_scale_factor": 2},
}


def _at_night(route: Route) -> None:
    """The demo page with the entry point that is never open."""
    text = route.fetch().text()
    route.fulfill(body=text.replace('data-entry="site"', 'data-entry="night-screens"'), content_type="text/html")


@pytest.mark.parametrize("kind", list(DEVICES))
def test_widget(open_page: Opener, camera: Camera, others: Others, kind: str) -> None:
    sizes = PHONE if kind else DESKTOP

    def shoot(page: Page, name: str, *, focus: bool = False) -> None:
        camera.shoot(page, f"widget-{kind}{name}", sizes=sizes, focus=focus)

    agent = others.colleague("agent59")
    page = open_page("/widget/demo", **DEVICES[kind])
    expect(page.get_by_role("button", name="Открыть чат поддержки")).to_be_visible()
    shoot(page, "closed", focus=True)
    start_chat(page)
    expect(page.get_by_role("button", name="Деньги и переводы")).to_be_visible()
    shoot(page, "open", focus=True)
    page.get_by_text("Представиться, если хотите").click()
    shoot(page, "introduce")
    others.do(agent.presence("break"))
    page.get_by_role("button", name="Деньги и переводы").click()
    write(page, "Вчера перевёл деньги на карту, а они не пришли. Где мой перевод?")
    expect(page.get_by_text("Можно закрыть чат")).to_be_visible()
    shoot(page, "waiting")
    others.do(agent.presence("available"))
    work = others.do(agent.wait_work("offered", timeout=PATIENCE))
    others.do(agent.accept(work["id"]))
    others.do(agent.send(work["id"], "Здравствуйте! Смотрю ваш перевод: https://example.com/help"))
    expect(page.get_by_text("Смотрю ваш перевод").first).to_be_visible()
    write(page, "Спасибо, жду")
    shoot(page, "talk", focus=True)
    page.get_by_role("button", name="Ещё").click()
    shoot(page, "more")
    page.keyboard.press("Escape")
    page.context.set_offline(True)
    write(page, "Письмо в бутылке")
    expect(page.get_by_text("Нет связи. Сообщения не потеряются")).to_be_visible()
    shoot(page, "offline")
    page.context.set_offline(False)
    expect(page.get_by_text("Нет связи")).to_have_count(0)
    others.do(agent.end(work["id"]))
    expect(page.get_by_text("Как поговорили?")).to_be_visible()
    shoot(page, "grade", focus=True)
    page.get_by_text("Отлично, спасибо").click()
    shoot(page, "graded")
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.get_by_role("heading", name="Спасибо")).to_be_visible()
    shoot(page, "thanks")
    page.reload()
    expect(page.get_by_text("Спасибо, жду")).to_be_visible()
    shoot(page, "ended")


def test_widget_closed_hours(open_page: Opener, camera: Camera, office: Office) -> None:
    office.configure("hours", "never-screens", NEVER)
    closed = {"ru": "Мы отдыхаем. Напишите, утром ответим.", "en": "We rest. Write, we answer in the morning."}
    office.queue("night-screens", hours="never-screens", closed_message=closed)

    for kind, device in DEVICES.items():
        page = open_page("/widget/demo", before=None, **device)
        page.route("**/widget/demo", _at_night)
        page.reload()
        page.get_by_role("button", name="Открыть чат поддержки").click()
        expect(page.get_by_text("Мы отдыхаем")).to_be_visible()
        camera.shoot(page, f"widget-{kind}night", sizes=PHONE if kind else DESKTOP)
        write(page, "Ночной вопрос")
        expect(page.get_by_text("Сообщение получено").first).to_be_visible()
        camera.shoot(page, f"widget-{kind}night-kept", sizes=PHONE if kind else DESKTOP)


@pytest.mark.parametrize("kind", list(DEVICES))
def test_widget_call(open_page: Opener, camera: Camera, line: Centre, kind: str) -> None:
    sizes = PHONE if kind else DESKTOP
    desk = open_page("/", login="agent1", on_line=True, before=microphone)
    expect(desk.get_by_text("Звонков нет")).to_be_visible()
    page = open_page("/widget/demo", before=microphone, **DEVICES[kind])
    page.get_by_role("button", name="Позвонить из браузера").click()
    call = page.get_by_role("dialog", name="Звонок из браузера")
    call.get_by_label("Ваш номер").fill("8 974 800-77-88")
    camera.shoot(page, f"widget-{kind}call-ask", sizes=sizes, focus=True)
    call.get_by_role("button", name="Позвонить", exact=True).click()
    expect(call.get_by_text("Слушайте меню")).to_be_visible()
    camera.shoot(page, f"widget-{kind}call-menu", sizes=sizes)
    call.get_by_role("button", name="0").click()
    expect(call.get_by_text("Вы в очереди")).to_be_visible(timeout=30_000)
    take(desk)
    expect(call.get_by_text("Вас слушают")).to_be_visible()
    camera.shoot(page, f"widget-{kind}call", sizes=sizes)
    page.keyboard.press("Escape")
    camera.shoot(page, f"widget-{kind}call-folded", sizes=sizes)
    page.locator("teplo-call .pill").click()
    desk.keyboard.press("Alt+Shift+X")
    expect(call.get_by_role("group", name="Клавиши").get_by_role("button", name="5")).to_be_visible(timeout=20_000)
    camera.shoot(page, f"widget-{kind}call-grade", sizes=sizes)
    call.get_by_role("group", name="Клавиши").get_by_role("button", name="5").click()
    expect(call.get_by_text("Звонок завершён")).to_be_visible(timeout=20_000)
    camera.shoot(page, f"widget-{kind}call-ended", sizes=sizes)
