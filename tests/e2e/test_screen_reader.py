"""What a screen reader is told: names and states of controls in both languages, what is announced and what is not."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from .conftest import Opener
from .others import Office, Others
from .steps import accept, composer_of, offer_of, say, start_chat, until, write

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONTROLS = frozenset(
    "button checkbox combobox link listbox menuitem option radio searchbox slider spinbutton switch tab textbox".split()
)
LANDMARKS = ("banner", "navigation", "main", "complementary", "contentinfo")

_SPOKEN = """() => {
  window.spoken = [];
  const loud = one => {
    for (let each = one; each; each = each.parentElement ?? each.getRootNode().host) {
      if (each.inert || each.getAttribute?.('aria-hidden') === 'true') return null;
    }
    for (let each = one; each; each = each.parentElement ?? each.getRootNode().host) {
      const live = each.getAttribute?.('aria-live'), role = each.getAttribute?.('role');
      if (live === 'off' || (!live && role === 'timer')) return null;
      if (live || ['alert', 'status', 'log'].includes(role)) return role === 'alert' ? 'assertive' : (live ?? 'polite');
    }
    return null;
  };
  const hear = (one, text) => {
    const how = one && loud(one);
    if (how && text.trim()) window.spoken.push(`${how}: ${text.trim().replace(/\\s+/g, ' ')}`);
  };
  const element = node => node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  const listen = root => new MutationObserver(changes => {
    for (const {type, target, addedNodes} of changes) {
      if (type === 'characterData') hear(element(target), target.data);
      for (const node of addedNodes) {
        const alerts = node.querySelectorAll?.('[role=alert]') ?? [];
        if (loud(element(node))) hear(element(node), node.textContent);
        else for (const alert of alerts) hear(alert, alert.textContent);
      }
    }
  }).observe(root, {subtree: true, childList: true, characterData: true});
  listen(document);
  for (const one of document.querySelectorAll('*')) if (one.shadowRoot) listen(one.shadowRoot);
}"""


@pytest.fixture(scope="module", autouse=True)
def unhurried(office: Office) -> None:
    """A queue whose offers wait for longer than a test."""
    office.queue("unhurried", offer_seconds=300)


def tree(page: Page) -> list[dict[str, Any]]:
    """The page as Chromium tells it to screen readers, in reading order."""
    client = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in client.send("Accessibility.getFullAXTree")["nodes"]}
    client.detach()

    def walk(id: str) -> list[dict[str, Any]]:
        node = nodes.get(id)
        if node is None:
            return []
        below = [one for child in node.get("childIds", []) for one in walk(child)]
        return below if node.get("ignored") else [node, *below]

    return walk(next(iter(nodes)))


def role_of(node: dict[str, Any]) -> str:
    """The ARIA role."""
    return str(node.get("role", {}).get("value", ""))


def name_of(node: dict[str, Any]) -> str:
    """The accessible name."""
    return str(node.get("name", {}).get("value", "")).strip()


def spoken(page: Page) -> list[str]:
    """What live regions have told since `listen`, each with its politeness."""
    heard: list[str] = page.evaluate("window.spoken")
    return heard


def heard(page: Page, words: str) -> None:
    """Wait until a live region has told this."""
    until(page, "words => window.spoken.some(each => new RegExp(words).test(each))", words)


def ticks(page: Page, times: int) -> None:
    """Wait until some clock of the page has moved so often."""
    page.evaluate(
        """() => { window.ticks = 0; const clock = document.querySelector('[role=timer]');
          new MutationObserver(() => window.ticks += 1).observe(clock, {subtree: true, childList: true,
            characterData: true}); }"""
    )
    until(page, "times => window.ticks >= times", times)


def all_named(page: Page, *, own: tuple[str, ...] = ()) -> None:
    """Every control has a name in both languages; English ones hold no Russian but people's names and `own` words."""
    people = page.evaluate("async () => (await (await fetch('/api/v1/people')).json()).items.map(one => one.name)")
    own = (*own, *people)
    for language in ("en", "ru"):
        page.get_by_role("radio", name=language.upper(), exact=True).press("Space")
        expect(page.locator("html")).to_have_attribute("lang", language)
        controls = [node for node in tree(page) if role_of(node) in CONTROLS]
        assert len(controls) > 5
        assert [node for node in controls if not name_of(node)] == []
        if language == "en":
            names = [name_of(node) for node in controls]
            foreign = [name for name in names if re.search("[а-яё]{2}", name, re.I) and not any(n in name for n in own)]
            assert foreign == []


def test_an_offer_and_a_message_are_told_and_the_clock_is_not(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent32", on_line=True)
    expect(desk.get_by_text("Обращений пока нет")).to_be_visible()
    desk.evaluate(_SPOKEN)
    who = others.waits("Где перевод?", entry="unhurried", reason=None, name="Оксана")
    expect(offer_of(desk)).to_be_visible()
    dialog = next(node for node in tree(desk) if role_of(node) == "dialog")
    assert name_of(dialog) == "Новый чат Оксана"
    assert "Где перевод?" in dialog["description"]["value"]
    ticks(desk, 2)
    offered = ["assertive: Новый чат: Оксана. Очередь unhurried. Где перевод?"]
    assert spoken(desk) == offered
    accept(desk)
    expect(composer_of(desk)).to_be_focused()
    say(desk, "Смотрю")
    others.do(who.send("Спасибо, жду"))
    heard(desk, "^polite: Оксана: Спасибо, жду$")
    others.do(who.send("Спасибо, жду"))
    until(desk, "() => window.spoken.filter(each => each.includes('Спасибо')).length > 1")
    told = [each for each in spoken(desk) if "Загружаем" not in each]
    once_each = [*offered, *["polite: Оксана: Спасибо, жду"] * 2]
    assert told == once_each, "each message in one piece; neither one's own nor the past"
    roles = [role_of(node) for node in tree(desk)]
    assert [role for role in roles if role in LANDMARKS] == list(LANDMARKS), "the order in which the desk is read"
    second = others.waits("Второй", entry="unhurried", reason=None, name="Рустам")
    composer_of(desk).fill("Пи")
    others.do(second.end())
    third = others.waits("Третий", entry="unhurried", reason=None, name="Вера")
    heard(desk, "^assertive: .*Вера")
    heard(desk, "^polite: Предложения больше нет: Рустам$")
    all_named(desk, own=("Оксана", "Вера"))
    others.do(third.end())
    heard(desk, "^polite: Предложения больше нет: Вера$")
    gone = [each for each in spoken(desk) if "больше нет" in each]
    assert gone == [f"polite: Предложения больше нет: {name}" for name in ("Рустам", "Вера")], "once each"

    desk.context.set_offline(True)
    heard(desk, "^polite: Связи с сервером нет")
    expect(desk.get_by_text(re.compile("попытка [2-9]")).first).to_be_visible(timeout=30_000)
    assert not [each for each in spoken(desk) if "попытка" in each], "every try is not worth a word"
    desk.context.set_offline(False)
    heard(desk, "^polite: Связь есть, черновики на месте")
    assert not [each for each in spoken(desk) if "с сервером есть" in each], "one word of it is enough"


def test_what_comes_while_a_dialog_is_open_is_told(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent35", on_line=True)
    who = others.waits("Где перевод?", entry="unhurried", reason=None, name="Оксана")
    accept(desk)
    desk.evaluate(_SPOKEN)
    desk.keyboard.press("Control+k")
    bar = desk.get_by_role("dialog")
    expect(bar).to_be_visible()
    others.waits("Второй", entry="unhurried", reason=None, name="Рустам")
    heard(desk, "^assertive: .*Рустам")
    others.do(who.send("Спасибо"))
    heard(desk, "^polite: Оксана: Спасибо$")
    bar.get_by_role("combobox").fill("лич")
    heard(desk, "^polite: Найдено: 1. Перерыв: Личное")
    before = len(spoken(desk))
    # So a key arrives when a reading cursor has taken the focus to the page.
    desk.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape', bubbles: true}))")
    expect(composer_of(desk)).to_be_focused()
    assert spoken(desk)[before:] == [], "what stands behind a dialog is not told anew"


def test_the_own_state_and_the_end_of_a_talk_are_told(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent37", on_line=True)
    expect(desk.get_by_text("Обращений пока нет")).to_be_visible()
    desk.evaluate(_SPOKEN)
    desk.keyboard.press("F2")
    current = desk.get_by_role("menuitem", name="На линии выбрано")
    expect(current).to_be_focused()
    desk.get_by_role("menuitem", name="Обед").press("Enter")
    heard(desk, "^polite: Обед$")
    desk.keyboard.press("F2")
    expect(desk.get_by_role("menuitem", name=re.compile("Обед.*выбрано"))).to_be_visible()
    desk.keyboard.press("Enter")
    heard(desk, "^polite: На линии$")
    who = others.waits("Где перевод?", entry="unhurried", reason=None, name="Оксана")
    accept(desk)
    for number in range(12):
        others.do(who.send(f"Строка {number}"))
    others.do(who.end())
    heard(desk, r"^polite: Итог разговора: Оксана\. Остал.*секунд")
    desk.keyboard.press("3")
    heard(desk, "^polite: Передано$")
    expect(desk.get_by_role("group", name="Переписка").get_by_text("Строка 11")).to_be_visible()
    until(desk, "() => document.documentElement.scrollHeight <= innerHeight")


def test_the_widget_tells_the_place_in_the_line_and_the_answer(open_page: Opener, others: Others) -> None:
    agent = others.colleague("agent33")
    others.do(agent.presence("break"))
    first = others.waits("Первый")
    widget = start_chat(open_page("/widget/demo"), "Деньги и переводы")
    widget.evaluate(_SPOKEN)
    write(widget, "Где перевод?")
    expect(widget.get_by_text("Перед вами один человек")).to_be_visible()
    others.do(first.end())
    heard(widget, "^polite: Следующий разговор ваш")
    others.do(agent.presence("available"))
    work = others.do(agent.wait_work("offered"))
    others.do(agent.accept(work["id"]))
    heard(widget, "^polite: .*На связи")
    others.do(agent.send(work["id"], "Смотрю ваш перевод"))
    heard(widget, "^polite: Смотрю ваш перевод$")
    others.do(agent.send(work["id"], "Смотрю ваш перевод"))
    until(widget, "() => window.spoken.filter(each => each.includes('Смотрю')).length > 1")
    told = [each for each in spoken(widget) if "Смотрю" in each]
    assert told == ["polite: Смотрю ваш перевод"] * 2, "each message in one piece, without its time"
    assert not [each for each in spoken(widget) if "Где перевод" in each], "one's own words are known"
    assert [node for node in tree(widget) if role_of(node) in CONTROLS and not name_of(node)] == []


def test_every_control_has_a_name_in_both_languages(open_page: Opener, others: Others) -> None:
    agent = others.colleague("agent34")
    others.do(agent.hand(True))
    others.waits("Жду", reason="NET", name="Оксана")
    page = open_page("/floor", login="supervisor2")
    expect(page.get_by_role("button", name="Подойти").first).to_be_visible()
    expect(page).to_have_title("Зал · Тепло")
    all_named(page)
    others.do(agent.hand(False))
    page.get_by_role("link", name="Обращения", exact=True).press("Enter")
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    all_named(page)
    menus = open_page("/menus", login="admin")
    expect(menus.get_by_role("link", name="Главное меню")).to_be_visible()
    all_named(menus)
