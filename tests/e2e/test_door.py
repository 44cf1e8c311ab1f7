"""Coming in: wrong passwords, too many of them, a session that ends in the middle of a sentence, languages, themes."""

import re

import pytest
from playwright.sync_api import Page, expect
from tests.serving import Serving

from teplo.simulator.subscriber import SubscriberClient

from .conftest import Opener
from .others import Others
from .steps import accept, composer_of, sign_in, thread_of, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_wrong_password_says_so_and_many_say_how_long_to_wait(open_page: Opener, centre: Serving) -> None:
    page = open_page("/")
    sign_in(page, "agent36", "not the password")
    expect(page.get_by_role("alert")).to_have_text("Логин или пароль не подошли. Проверьте раскладку и Caps Lock.")
    expect(page.get_by_label("Пароль")).to_be_focused()
    for _ in range(10):
        page.get_by_label("Пароль").fill("not the password")
        with page.expect_response("**/api/v1/session") as answer:
            page.keyboard.press("Enter")
        if answer.value.status == 429:
            break
    said = page.get_by_text(re.compile(r"Слишком много попыток\. Следующая через \d+ секунд"))
    expect(said).to_be_visible()
    expect(page.get_by_role("button", name="Войти")).to_be_disabled()
    before = said.text_content()
    expect(said).not_to_have_text(before or "")  # it counts down


def _end_session(page: Page, centre: Serving) -> None:
    """End the session behind the page's back, as its time limit does."""
    api = f"{centre.address}/api/v1/session"
    csrf = page.context.request.get(api).json()["csrf"]
    assert page.context.request.delete(api, headers={"X-CSRF-Token": csrf}).ok


def _has_been_read(who: SubscriberClient) -> bool:
    return bool(who.receipts["agent_read"] >= who.last_seq)


def test_an_ended_session_leads_to_the_door_and_back_with_the_draft(
    open_page: Opener, others: Others, centre: Serving
) -> None:
    desk = open_page("/", login="agent39", on_line=True)
    who = others.waits("Вопрос")
    accept(desk)
    expect(thread_of(desk).get_by_text("Вопрос")).to_be_visible()
    others.do(who.wait_for(_has_been_read))  # or telling so would lead to the door before the text is sent
    composer_of(desk).fill("Отвечаю на вопрос")
    _end_session(desk, centre)
    composer_of(desk).press("Enter")
    expect(desk.get_by_role("heading", name="Вход в Тепло")).to_be_visible()
    sign_in(desk, "agent39", centre.password)
    others.do(who.wait_text("Отвечаю на вопрос"))  # what was sent meanwhile goes out by itself
    expect(thread_of(desk).get_by_text("Отвечаю на вопрос")).to_have_count(1)

    composer_of(desk).fill("Недописанное")
    _end_session(desk, centre)
    desk.keyboard.press("F8")
    expect(desk.get_by_role("heading", name="Вход в Тепло")).to_be_visible()
    sign_in(desk, "agent39", centre.password)
    expect(composer_of(desk)).to_have_value("Недописанное")
    assert who.texts("agent") == ["Отвечаю на вопрос"]


def test_another_person_sees_nothing_of_the_one_before(open_page: Opener, others: Others, centre: Serving) -> None:
    desk = open_page("/", login="agent40", on_line=True)
    others.waits("Только для Лилии")
    accept(desk)
    expect(thread_of(desk).get_by_text("Только для Лилии")).to_be_visible()
    composer_of(desk).fill("Недописанное")
    _end_session(desk, centre)
    desk.keyboard.press("F8")
    sign_in(desk, "agent41", centre.password)
    expect(desk.get_by_role("button", name="Встать на линию")).to_be_visible()
    assert "Лилии" not in (desk.locator("body").text_content() or "")
    expect(composer_of(desk)).to_have_count(0)


def test_the_desk_in_english_and_dark(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent60", on_line=True)
    desk.get_by_role("radio", name="EN").or_(desk.get_by_role("button", name="EN")).first.click()
    expect(desk.get_by_role("heading", name="My work")).to_be_visible()
    desk.get_by_role("button", name="Dark theme").click()
    others.waits("Hello", language="en", name="Anna")
    offer = desk.get_by_role("dialog")
    expect(offer.get_by_role("heading", name="Why you")).to_be_visible()
    assert not re.search("[а-яё]", offer.inner_text(), re.IGNORECASE), offer.inner_text()
    desk.reload()
    expect(desk.get_by_role("heading", name="My work")).to_be_visible()
    until(desk, "document.documentElement.lang === 'en' && document.documentElement.dataset.theme === 'dark'")


def test_an_unknown_address_has_a_way_home(open_page: Opener) -> None:
    page = open_page("/nowhere", login="agent60")
    expect(page.get_by_text("Такой страницы нет")).to_be_visible()
    page.get_by_role("link", name="На главную", exact=True).press("Enter")
    expect(page.get_by_role("heading", name="Моя работа")).to_be_visible()
