"""A subscriber in one tab, an agent in another: from the first word to the grade, with reloads in the middle."""

import io

import httpx
import pytest
from PIL import Image
from playwright.sync_api import expect
from tests.serving import Serving

from .conftest import Opener
from .steps import accept, composer_of, offer_of, say, sign_in, start_chat, thread_of, write

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _picture() -> bytes:
    kept = io.BytesIO()
    Image.new("RGB", (320, 200), "teal").save(kept, "PNG")
    return kept.getvalue()


def _figures(centre: Serving) -> dict[str, int]:
    with httpx.Client(base_url=f"{centre.address}/api/v1") as http:
        http.post("/session", json={"login": "admin", "password": centre.password})
        figures = http.get("/metrics").json()["total"]["figures"]
    return {name: figures[name] for name in ("answered", "abandoned", "fives")}


def test_a_subscriber_is_helped_and_gives_five(open_page: Opener, centre: Serving) -> None:
    before = _figures(centre)
    desk = open_page("/")
    sign_in(desk, "agent1", centre.password)
    desk.get_by_role("button", name="Встать на линию").click()
    expect(desk.get_by_text("На линии").first).to_be_visible()
    widget = start_chat(open_page("/widget/demo", width=1280, height=800), "Деньги и переводы")
    write(widget, "Перевод <b>не</b> пришёл")
    expect(offer_of(desk).get_by_text("Почему вам")).to_be_visible()
    accept(desk)

    thread = thread_of(desk)
    expect(thread.get_by_text("Перевод <b>не</b> пришёл")).to_be_visible()  # text, never markup
    expect(widget.get_by_text("На связи Айгуль").first).to_be_visible()

    desk.keyboard.type("Здравствуйте! Смотрю ваш перевод.")
    desk.keyboard.press("Enter")
    expect(widget.get_by_role("article").get_by_text("Смотрю ваш перевод.")).to_be_visible()
    write(widget, "Спасибо, жду")
    expect(thread.get_by_text("Спасибо, жду")).to_be_visible()

    widget.locator("input[type=file]").set_input_files(
        {"name": "снимок.png", "mimeType": "image/png", "buffer": _picture()}
    )
    expect(thread.get_by_role("img").first).to_be_visible()

    desk.keyboard.type("черновик ответа")
    expect(composer_of(desk)).to_have_value("черновик ответа")
    desk.reload()
    expect(composer_of(desk)).to_have_value("черновик ответа")
    expect(thread.get_by_text("Спасибо, жду")).to_have_count(1)

    widget.reload()
    expect(widget.get_by_role("article").get_by_text("Смотрю ваш перевод.")).to_have_count(1)
    expect(widget.get_by_text("Спасибо, жду")).to_have_count(1)

    say(desk, "Банк зачислит до четверга.")
    expect(widget.get_by_role("article").get_by_text("Банк зачислит до четверга.")).to_be_visible()

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
    gained = {name: figure - before[name] for name, figure in _figures(centre).items()}
    assert gained == {"answered": 1, "abandoned": 0, "fives": 1}


def _record_is_whole(centre: Serving) -> None:
    with httpx.Client(base_url=f"{centre.address}/api/v1") as http:
        http.post("/session", json={"login": "admin", "password": centre.password})
        row = http.get("/contacts").json()["items"][0]
        record = http.get(f"/contacts/{row['id']}").json()
    kinds = [event["kind"] for event in record["events"]]
    assert kinds[:4] == ["contact.arrived", "contact.queued", "contact.offered", "offer.accepted"]
    assert {"contact.ended", "contact.disposed", "wrap_up.ended", "contact.graded"} <= set(kinds)
    assert record["grade"] == 5
    assert record["reasons"] == ["MNY.03"]
    assert record["outcome"] == "resolved"
    assert [m["kind"] for m in record["messages"]].count("file") == 1


def test_a_supervisor_sees_a_raised_hand_at_once(open_page: Opener, centre: Serving) -> None:
    desk = open_page("/", login="agent2", on_line=True)
    floor = open_page("/floor", login="supervisor1")
    expect(desk.get_by_text("На линии").first).to_be_visible()
    expect(floor.get_by_text("Марина Лапшина").first).to_be_visible()
    desk.keyboard.press("F8")
    expect(floor.get_by_text("подняла руку").or_(floor.get_by_text("рука")).first).to_be_visible(timeout=3000)
