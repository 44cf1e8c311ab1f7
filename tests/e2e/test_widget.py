"""The widget where subscribers meet it: on a phone, at night, in English, in the dark, on a strict page."""

import re
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect
from tests.serving import Serving

from teplo.simulator.desk import DeskClient

from .conftest import Opener
from .others import PATIENCE, Office, Others
from .steps import start_chat, write

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NEVER = {"name": {"ru": "Закрыто", "en": "Closed"}, "zone": "Asia/Yekaterinburg", "week": [[]] * 7}


class _Host:
    """The operator's own site on another origin, with a policy that allows nothing but what the widget needs."""

    def __init__(self, teplo: str, entry: str, language: str = "ru") -> None:
        page = (
            f'<!doctype html><html lang="{language}"><title>Host</title><h1>Operator</h1>'
            f'<script src="{teplo}/widget/widget.js" data-entry="{entry}" async></script>'
        ).encode()
        live = teplo.replace("http", "ws")
        policy = (
            f"default-src 'none'; script-src {teplo}; style-src 'self'; connect-src {teplo} {live}; "
            "require-trusted-types-for 'script'"
        )

        class Page(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Security-Policy", policy)
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.address = f"http://127.0.0.1:{self._server.server_port}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def host(centre: Serving) -> Iterator[_Host]:
    made = _Host(centre.address, "site")
    yield made
    made.close()


def test_embedded_in_a_strict_page_of_another_origin(open_page: Opener, others: Others, host: _Host) -> None:
    agent = others.colleague("agent46")
    page = open_page(host.address)
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    page.get_by_role("button", name="Открыть чат поддержки").click()
    page.get_by_role("button", name="Деньги и переводы").click()
    write(page, "С чужой страницы")
    work = others.do(agent.wait_work("offered", timeout=PATIENCE))
    others.do(agent.accept(work["id"]))
    expect(page.get_by_text("На связи Дильноза").first).to_be_visible()
    _seen_typing(page, others, agent, work["id"])  # comes over the socket alone
    others.do(agent.send_file(work["id"], "снимок.png", _PNG, "image/png"))
    expect(page.get_by_role("button", name="Открыть снимок.png")).to_be_visible()
    page.reload()
    expect(page.get_by_text("С чужой страницы")).to_have_count(1)
    assert not refused


def _seen_typing(page: Page, others: Others, agent: DeskClient, contact: str) -> None:
    """Type as a person does, again and again: one sign alone may come before the page's socket is open."""
    shown = page.get_by_text("Дильноза печатает")
    end = time.monotonic() + PATIENCE
    while not shown.is_visible() and time.monotonic() < end:
        others.do(agent.typing(contact))
        page.wait_for_timeout(300)
    expect(shown).to_be_visible()


_PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)


def test_outside_hours_a_message_is_kept_for_the_morning(
    open_page: Opener, others: Others, office: Office, centre: Serving
) -> None:
    office.configure("hours", "never", NEVER)
    closed = {"ru": "Мы отдыхаем. Напишите, утром ответим.", "en": "We rest. Write, we answer in the morning."}
    office.queue("night", hours="never", closed_message=closed)
    night = _Host(centre.address, "night")
    try:
        page = open_page(night.address)
        page.get_by_role("button", name="Открыть чат поддержки").click()
        expect(page.get_by_text("Мы отдыхаем. Напишите, утром ответим.")).to_be_visible()
        write(page, "Ночной вопрос")
        expect(page.get_by_text("Сообщение получено").first).to_be_visible()
        page.reload()
        expect(page.get_by_text("Ночной вопрос")).to_be_visible()
    finally:
        night.close()


def _in_view(page: Page) -> None:
    """Nothing of the widget sticks out of the screen, and every target is large enough for a thumb."""
    found = page.evaluate(
        """() => {
          const root = document.querySelector('teplo-widget').shadowRoot;
          const wrong = [];
          for (const one of root.querySelectorAll('button, a, input:not(.sr), textarea, summary, label')) {
            const box = one.getBoundingClientRect();
            if (box.width === 0 || getComputedStyle(one).position === 'absolute' && box.width < 2) continue;
            if (one.tagName === 'LABEL' && one.querySelector('textarea, input:not([type=radio]):not(.sr)')) continue;
            if (one.type === 'radio') continue;
            const name = one.tagName + ' ' + (one.getAttribute('aria-label') ?? one.textContent).trim().slice(0, 40);
            if (box.left < 0 || box.right > innerWidth + 0.5) wrong.push('out: ' + name);
            if (one.closest('.text') === null && (box.height < 43.5 || box.width < 43.5))
              wrong.push(`small: ${name} ${box.width}x${box.height}`);
          }
          if (document.documentElement.scrollWidth > innerWidth) wrong.push('the page scrolls sideways');
          return wrong;
        }"""
    )
    assert found == []


def test_on_a_phone_with_a_thumb(open_page: Opener, others: Others) -> None:
    agent = others.colleague("agent45")
    others.do(agent.presence("offline"))
    page = open_page("/widget/demo", width=360, height=740, has_touch=True, is_mobile=True, device_scale_factor=2)
    page.get_by_role("button", name="Открыть чат поддержки").tap()
    _in_view(page)
    page.get_by_role("button", name="Связь и интернет").tap()
    expect(page.get_by_role("textbox").last).to_be_focused()
    write(page, "Нет сети в " + "длинном" * 12)
    expect(page.get_by_text("Можно закрыть чат: место сохранится")).to_be_visible()
    _in_view(page)
    others.do(agent.presence("available"))
    work = others.do(agent.wait_work("offered", timeout=PATIENCE))
    others.do(agent.accept(work["id"]))
    others.do(agent.send(work["id"], "Смотрите https://example.com/" + "a" * 80))
    expect(page.get_by_role("link", name="example.com")).to_be_visible()
    page.get_by_role("button", name="Ещё").tap()
    _in_view(page)
    page.get_by_role("button", name="Завершить разговор").tap()
    page.get_by_role("button", name="Завершить", exact=True).tap()
    expect(page.get_by_text("Как поговорили?")).to_be_visible()
    _in_view(page)
    page.get_by_text("Отлично, спасибо").tap()
    page.get_by_role("button", name="Отправить", exact=True).tap()
    expect(page.get_by_role("heading", name="Спасибо")).to_be_focused()
    _in_view(page)


def test_in_english_and_dark(open_page: Opener, others: Others) -> None:
    page = open_page("/widget/demo", color_scheme="dark")
    page.get_by_role("button", name="Спросить человека").click()
    page.get_by_role("button", name="English").last.click()
    expect(page.get_by_role("button", name="Money and transfers")).to_be_visible()
    assert page.locator("teplo-widget .root").get_attribute("data-theme") == "dark"
    page.get_by_role("button", name="Money and transfers").click()
    write(page, "Hello")
    expect(page.get_by_text("You may close the chat: your place is kept")).to_be_visible()
    panel = page.get_by_role("dialog", name="Support").inner_text()
    assert not re.search("[а-яё]", panel.replace("RU", ""), re.IGNORECASE), panel


def test_the_focus_stays_inside_the_widget(open_page: Opener, others: Others) -> None:
    page = start_chat(open_page("/widget/demo"))
    expect(page.get_by_role("textbox").last).to_be_focused()
    page.keyboard.press("Escape")
    launcher = page.get_by_role("button", name="Открыть чат поддержки")
    expect(launcher).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Поддержка")).to_be_visible()


def test_a_reload_leaves_the_chat_open_or_closed_as_it_was(open_page: Opener, others: Others) -> None:
    page = start_chat(open_page("/widget/demo"))
    panel = page.get_by_role("dialog", name="Поддержка")
    expect(panel).to_be_visible()
    page.reload()
    expect(panel).to_be_visible()
    assert page.evaluate("document.activeElement === document.body"), "the page that was loaded keeps the focus"
    another = page.context.new_page()
    another.goto(page.url)
    expect(another.get_by_role("button", name="Открыть чат поддержки")).to_be_visible()
    page.get_by_role("button", name="Свернуть чат").click()
    page.reload()
    expect(page.get_by_role("button", name="Открыть чат поддержки")).to_be_visible()
    expect(panel).to_have_count(0)
