"""A subscriber in one tab, an agent in another: from the first word to the grade, with reloads in the middle."""

import io

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from tests.serving import Serving

from .conftest import Opener, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (320, 200), "teal").save(kept, "PNG")
    return kept.getvalue()


def _on_line(open_page: Opener, centre: Serving, login: str) -> Page:
    desk = open_page("/")
    sign_in(desk, login, centre.password)
    desk.get_by_role("button", name="Встать на линию").click()
    expect(desk.get_by_text("На линии").first).to_be_visible()
    return desk


def _widget(open_page: Opener) -> Page:
    page = open_page("/widget/demo", width=1280, height=800)
    page.get_by_role("button", name="Спросить человека").click()
    return page


def _write(widget: Page, text: str) -> None:
    box = widget.get_by_role("textbox").last
    box.fill(text)
    box.press("Enter")


def _accept(desk: Page) -> None:
    offer = desk.get_by_role("alertdialog")
    expect(offer).to_be_visible()
    expect(offer.get_by_text("Почему вам")).to_be_visible()
    composer = desk.get_by_role("textbox", name="Сообщение абоненту")
    for _ in range(50):  # Enter counts only after the offer has been seen for 700 ms
        if composer.is_visible():
            return
        desk.keyboard.press("Enter")
        desk.wait_for_timeout(100)
    expect(composer).to_be_visible()


def test_a_subscriber_is_helped_and_gives_five(open_page: Opener, centre: Serving) -> None:
    desk = _on_line(open_page, centre, "agent1")
    widget = _widget(open_page)
    widget.get_by_role("button", name="Деньги и переводы").click()
    _write(widget, "Перевод <b>не</b> пришёл")
    _accept(desk)

    thread = desk.get_by_role("main").get_by_role("log")
    expect(thread.get_by_text("Перевод <b>не</b> пришёл")).to_be_visible()  # text, never markup
    expect(widget.get_by_text("На связи Айгуль").first).to_be_visible()

    desk.keyboard.type("Здравствуйте! Смотрю ваш перевод.")
    desk.keyboard.press("Enter")
    expect(widget.get_by_text("Смотрю ваш перевод.")).to_be_visible()
    _write(widget, "Спасибо, жду")
    expect(thread.get_by_text("Спасибо, жду")).to_be_visible()

    widget.locator("input[type=file]").set_input_files(
        {"name": "снимок.png", "mimeType": "image/png", "buffer": _picture()}
    )
    expect(thread.get_by_role("img").first).to_be_visible()

    desk.keyboard.type("черновик ответа")
    expect(desk.get_by_role("textbox", name="Сообщение абоненту")).to_have_value("черновик ответа")
    desk.wait_for_timeout(700)  # drafts are kept at a pause of half a second
    desk.reload()
    expect(desk.get_by_role("textbox", name="Сообщение абоненту")).to_have_value("черновик ответа")
    expect(desk.get_by_role("main").get_by_role("log").get_by_text("Спасибо, жду")).to_have_count(1)

    widget.reload()
    if not widget.get_by_text("Смотрю ваш перевод.").is_visible():
        widget.get_by_role("button", name="Спросить человека").click()
    expect(widget.get_by_text("Смотрю ваш перевод.")).to_have_count(1)
    expect(widget.get_by_text("Спасибо, жду")).to_have_count(1)

    composer = desk.get_by_role("textbox", name="Сообщение абоненту")
    composer.fill("Банк зачислит до четверга.")
    composer.press("Enter")
    expect(widget.get_by_text("Банк зачислит до четверга.")).to_be_visible()

    desk.keyboard.press("Alt+Shift+KeyX")
    expect(desk.get_by_role("heading", name="Итог разговора")).to_be_visible()
    desk.keyboard.press("F4")
    desk.keyboard.type("карту не пришёл")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Escape")
    desk.get_by_text("Решено", exact=True).click()
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", name="Итог разговора")).to_be_hidden()

    widget.get_by_role("radio", name="5").check(force=True)
    widget.get_by_role("button", name="Отправить", exact=True).last.click()
    expect(widget.get_by_text("Спасибо").last).to_be_visible()

    figures = desk.get_by_label("Мой день")
    expect(figures).to_contain_text("100")  # 100 % fives of one answer, n beside it
    expect(figures).to_contain_text("n = 1")
    _record_is_whole(centre)


def _record_is_whole(centre: Serving) -> None:
    with httpx.Client(base_url=f"{centre.address}/api/v1") as http:
        http.post("/session", json={"login": "admin", "password": centre.password})
        row = http.get("/contacts").json()["items"][0]
        record = http.get(f"/contacts/{row['id']}").json()
        total = http.get("/metrics").json()["total"]["figures"]
    kinds = [event["kind"] for event in record["events"]]
    assert kinds[:4] == ["contact.arrived", "contact.queued", "contact.offered", "offer.accepted"]
    assert {"contact.ended", "contact.disposed", "wrap_up.ended", "contact.graded"} <= set(kinds)
    assert record["grade"] == 5
    assert record["reasons"] == ["MNY.03"]
    assert record["outcome"] == "resolved"
    assert [m["kind"] for m in record["messages"]].count("file") == 1
    assert (total["answered"], total["abandoned"], total["fives"]) == (1, 0, 1)


def test_a_supervisor_sees_a_raised_hand_at_once(open_page: Opener, centre: Serving) -> None:
    desk = _on_line(open_page, centre, "agent2")
    floor = open_page("/floor")
    sign_in(floor, "supervisor1", centre.password)
    expect(floor.get_by_text("Марина Лапшина").first).to_be_visible()
    desk.keyboard.press("F8")
    expect(floor.get_by_text("подняла руку").or_(floor.get_by_text("рука")).first).to_be_visible(timeout=3000)
