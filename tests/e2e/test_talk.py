"""A talk from both sides: signs of life, ready replies, private notes, hostile texts, coming back, late results."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import Opener
from .others import Office, Others
from .steps import accept, composer_of, offer_of, say, start_chat, thread_of, until, write

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HOSTILE = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>{{7*7}}'


@pytest.fixture(scope="module", autouse=True)
def short(office: Office) -> None:
    """A queue with little time after a talk."""
    office.queue("short", wrap_up_seconds=2, wrap_up_extensions=0)


def test_typing_and_ticks_both_ways(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent16", on_line=True)
    widget = start_chat(open_page("/widget/demo"), "Деньги и переводы")
    write(widget, "Добрый день")
    accept(desk)
    mine = widget.get_by_role("article").filter(has_text="Добрый день")
    expect(mine).to_contain_text("прочитано")
    widget.get_by_role("textbox").last.press_sequentially("думаю")
    expect(thread_of(desk).locator("..").get_by_text("абонент печатает")).to_be_visible()
    desk.keyboard.type("отв")
    expect(widget.get_by_text("Рустем печатает")).to_be_visible()
    say(desk, "Здравствуйте")
    reply = thread_of(desk).get_by_role("article").filter(has_text="Здравствуйте")
    expect(reply).to_contain_text("Прочитано")
    expect(widget.get_by_text("печатает")).to_be_hidden()
    widget.get_by_role("button", name="Свернуть чат").click()
    say(desk, "Вы тут?")
    unseen = thread_of(desk).get_by_role("article").filter(has_text="Вы тут?")
    expect(unseen).to_contain_text("Доставлено")
    launcher = widget.get_by_role("button", name="Открыть чат поддержки, 1 новое сообщение")
    launcher.click()
    expect(unseen).to_contain_text("Прочитано")


def test_a_ready_reply_knows_the_name_and_asks_for_what_is_missing(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent19", on_line=True)
    named = others.waits("Здравствуйте", name="Оксана")
    accept(desk)
    desk.keyboard.type("/прив")
    expect(desk.get_by_role("option").first).to_contain_text("/приветствие")
    desk.keyboard.press("Tab")
    expect(composer_of(desk)).to_have_value(
        "Здравствуйте, Оксана. Меня зовут Артём, я на связи и уже читаю ваш вопрос."
    )
    desk.keyboard.press("Enter")
    others.do(named.wait_text("Здравствуйте, Оксана. Меня зовут Артём, я на связи и уже читаю ваш вопрос."))
    others.do(named.end())
    desk.keyboard.press("Escape")

    nameless = others.waits("Здравствуйте ещё")
    accept(desk)
    desk.keyboard.type("/прив")
    desk.keyboard.press("Enter")
    expect(desk.get_by_text("Впишите вместо {name}")).to_be_visible()
    desk.keyboard.press("Enter")  # not sent with a hole in it
    desk.keyboard.type("Зоя")  # the hole is selected
    desk.keyboard.press("Enter")
    others.do(nameless.wait_text("Здравствуйте, Зоя. Меня зовут Артём, я на связи и уже читаю ваш вопрос."))
    assert len(nameless.texts("agent")) == 1


def test_a_note_stays_among_colleagues(open_page: Opener, others: Others, office: Office) -> None:
    desk = open_page("/", login="agent20", on_line=True)
    who = others.waits("Помогите")
    accept(desk)
    desk.get_by_role("radio", name="Заметка").or_(desk.get_by_role("button", name="Заметка")).first.click()
    expect(desk.get_by_role("textbox", name="Заметка")).to_be_focused()
    desk.keyboard.type("Паспорт не совпал, осторожно")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_label("Абонент", exact=True).get_by_text("Паспорт не совпал, осторожно")).to_be_visible()
    others.do(who.refresh())
    everything = repr(who.state) + repr(who.messages) + others.do(who.transcript())
    assert "Паспорт" not in everything
    record = office.call("GET", f"/contacts/{who.contact}", login="supervisor1").json()
    assert [note["text"] for note in record["notes"]] == ["Паспорт не совпал, осторожно"]


def test_markup_is_only_ever_text(open_page: Opener, others: Others) -> None:
    picture = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )
    desk = open_page("/", login="agent21", on_line=True)
    floor = open_page("/floor", login="supervisor2")
    widget = start_chat(open_page("/widget/demo"))
    widget.get_by_text("Представиться, если хотите").click()
    widget.get_by_label("Имя").fill(HOSTILE[:80])
    widget.get_by_role("button", name="Деньги и переводы").click()
    write(widget, HOSTILE)
    expect(offer_of(desk)).to_contain_text("onerror=")
    accept(desk)
    write(widget, "https://example.com/?q=<b>&x=javascript:alert(1)")
    widget.locator("input[type=file]").set_input_files(
        {"name": "<img src=x onerror=alert(1)>.pdf", "mimeType": "application/pdf", "buffer": picture}
    )
    expect(thread_of(desk)).to_contain_text("onerror=alert(1)")
    say(desk, HOSTILE)
    expect(widget.get_by_role("article").last).to_contain_text(HOSTILE)
    desk.get_by_role("radio", name="Заметка").or_(desk.get_by_role("button", name="Заметка")).first.click()
    desk.keyboard.type(HOSTILE)
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_label("Абонент", exact=True)).to_contain_text("{{7*7}}")
    desk.keyboard.press("F8")
    floor.get_by_role("link", name="Открыть обращение").first.click()
    expect(floor.get_by_role("main")).to_contain_text("{{7*7}}")
    expect(floor.get_by_role("heading", name="Заметки").locator("../..")).to_contain_text("onerror=")
    with widget.expect_download() as saved:
        widget.get_by_role("button", name="Ещё").click()
        widget.get_by_role("button", name="Скачать переписку").click()
    transcript = saved.value.path().read_text("utf-8")
    assert transcript.count(HOSTILE) == 2
    for page in (desk, floor, widget):
        assert page.evaluate("window.pwned") is None
        assert page.locator("img[src='x']").count() == 0


def test_coming_back_leads_to_the_same_agent(open_page: Opener, others: Others) -> None:
    other = others.colleague("agent22")
    desk = open_page("/", login="agent26", on_line=True)
    others.do(other.presence("break"))
    widget = start_chat(open_page("/widget/demo"), "Деньги и переводы")
    write(widget, "Не пришло")
    accept(desk)
    say(desk, "Проверяю")
    expect(widget.get_by_role("article").get_by_text("Проверяю")).to_be_visible()
    desk.keyboard.press("Alt+Shift+KeyX")
    _finish(desk)
    others.do(other.presence("available"))  # now another one is free too, and for longer
    expect(widget.get_by_text("Как поговорили?")).to_be_visible()
    widget.get_by_role("button", name="Пропустить").click()
    write(widget, "Опять не пришло")
    expect(offer_of(desk)).to_contain_text("Вы говорили в прошлый раз")
    accept(desk)
    expect(thread_of(desk).get_by_text("Опять не пришло")).to_be_visible()
    expect(thread_of(desk).get_by_text("Проверяю")).to_be_visible()


def _finish(desk: Page) -> None:
    expect(desk.get_by_role("heading", name="Итог разговора")).to_be_visible()
    desk.keyboard.press("F4")
    desk.keyboard.type("не пришёл")
    expect(desk.get_by_role("option").first).to_be_visible()
    desk.keyboard.press("Enter")
    desk.keyboard.press("Escape")
    desk.get_by_text("Решено", exact=True).click()
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", name="Итог разговора")).to_be_hidden()


def test_a_result_may_come_after_its_time(open_page: Opener, others: Others, office: Office) -> None:
    desk = open_page("/", login="agent29", on_line=True)
    who = others.waits("Быстрый вопрос", entry="short", reason=None)
    accept(desk)
    desk.keyboard.press("Alt+Shift+KeyX")
    note = desk.get_by_label("Заметка для коллег")
    note.fill("Обещали перезвонить")
    expect(desk.get_by_text("Время вышло, но итог можно сохранить.")).to_be_visible()
    expect(note).to_have_value("Обещали перезвонить")
    desk.reload()  # a reload does not lose it either
    expect(note).to_have_value("Обещали перезвонить")
    _finish(desk)
    until(desk, "document.activeElement !== document.body")
    record = office.call("GET", f"/contacts/{who.contact}", login="supervisor1").json()
    disposed = [event for event in record["events"] if event["kind"] == "contact.disposed"]
    assert [event["body"]["late"] for event in disposed] == [True]
    assert [kept["text"] for kept in record["notes"]] == ["Обещали перезвонить"]
