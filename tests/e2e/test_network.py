"""The network goes away and comes back: nothing is reloaded, lost or doubled, and the page says what is going on."""

import pytest
from playwright.sync_api import Page, expect

from .conftest import Opener
from .others import PATIENCE, Others
from .steps import accept, composer_of, say, start_chat, thread_of, write

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def _mark(page: Page) -> None:
    page.evaluate("window.sameLoad = true")


def _was_not_reloaded(page: Page) -> None:
    assert page.evaluate("window.sameLoad") is True


def test_the_desk_loses_the_network(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent30", on_line=True)
    _mark(desk)
    who = others.waits("Раз")
    accept(desk)
    expect(thread_of(desk).get_by_text("Раз", exact=True)).to_be_visible()

    desk.context.set_offline(True)
    say(desk, "Пишу без связи")
    expect(desk.get_by_text("Восстанавливаем связь").first).to_be_visible()
    expect(thread_of(desk).get_by_text("Пишу без связи")).to_have_count(1)
    others.do(who.send("Два"))
    others.do(who.send("Три"))
    desk.keyboard.type("черновик")

    desk.context.set_offline(False)
    expect(thread_of(desk).get_by_text("Три", exact=True)).to_have_count(1)
    expect(thread_of(desk).get_by_text("Два", exact=True)).to_have_count(1)
    expect(thread_of(desk).get_by_text("Пишу без связи")).to_have_count(1)
    others.do(who.wait_text("Пишу без связи"))
    expect(desk.get_by_text("Восстанавливаем связь")).to_have_count(0)
    expect(desk.get_by_text("Связь есть, отправляем 1 сообщение").first).to_be_visible()
    expect(composer_of(desk)).to_have_value("черновик")
    assert who.texts("agent") == ["Пишу без связи"]
    _was_not_reloaded(desk)


def test_the_widget_loses_the_network(open_page: Opener, others: Others) -> None:
    agent = others.colleague("agent31")
    widget = start_chat(open_page("/widget/demo"), "Деньги и переводы")
    write(widget, "Есть кто?")
    _mark(widget)
    work = others.do(agent.wait_work("offered", timeout=PATIENCE))
    others.do(agent.accept(work["id"]))
    expect(widget.get_by_text("На связи Мария").first).to_be_visible()

    widget.context.set_offline(True)
    write(widget, "Письмо в бутылке")
    write(widget, "И ещё одно")
    expect(widget.get_by_text("Нет связи. Сообщения не потеряются")).to_be_visible()
    expect(widget.get_by_text("Отправим, когда вернётся связь").first).to_be_visible()
    others.do(agent.send(work["id"], "Вы меня слышите?"))

    widget.context.set_offline(False)
    expect(widget.get_by_role("article").get_by_text("Вы меня слышите?")).to_have_count(1)
    others.do(agent.wait_text(work["id"], "И ещё одно"))
    expect(widget.get_by_text("Нет связи")).to_have_count(0)
    expect(widget.get_by_text("Письмо в бутылке")).to_have_count(1)
    texts = [m["text"] for _, m in sorted(agent.messages[work["id"]].items()) if m["author"] == "subscriber"]
    assert texts == ["Письмо в бутылке", "И ещё одно"]
    _was_not_reloaded(widget)
