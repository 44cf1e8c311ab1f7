"""Every screen against WCAG 2.2 AA by axe, in light and dark; and what axe cannot see: focus, zoom, targets, motion."""

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.serving import Serving

from .conftest import WEB, Opener
from .others import PATIENCE, Office, Others
from .steps import accept, composer_of, offer_of, say, sign_in, start_chat, thread_of, until, write

pytestmark = [pytest.mark.browser, pytest.mark.slow]

_AXE = WEB / "node_modules" / "axe-core" / "axe.min.js"
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


_STILL = "document.getAnimations().every(one => !/color/.test(one.transitionProperty))"


@pytest.fixture(scope="module", autouse=True)
def patient(office: Office) -> None:
    """A queue that waits while one looks. Without the development packages of web/ there is nothing to look with."""
    if not _AXE.is_file():
        pytest.skip("axe-core is not installed: run npm ci in web/")
    office.queue("patient", offer_seconds=300, wrap_up_seconds=300)


def _violations(page: Page) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE.read_text("utf-8"))
    # The announcer of the component library points for a moment at what a closed menu had.
    run = "tags => axe.run({exclude: ['[data-live-announcer]']}, {runOnly: {type: 'tag', values: tags}})"
    found = page.evaluate(run, _TAGS)["violations"]
    return [
        f"{rule['id']}: {node['html'][:160]} {' '.join(node['failureSummary'].split())[:200]}"
        for rule in found
        for node in rule["nodes"]
    ]


def is_clean(page: Page) -> None:
    """No violations in either theme; the page is left in the light one."""
    problems = {}
    for theme in ("dark", "light"):
        page.evaluate(
            """theme => {
              document.documentElement.dataset.theme = theme;
              const widget = document.querySelector('teplo-widget')?.shadowRoot.querySelector('.root');
              if (widget) widget.dataset.theme = theme;
            }""",
            theme,
        )
        until(page, _STILL)
        problems[theme] = _violations(page)
    assert problems == {"dark": [], "light": []}


def _small_targets(page: Page, least: float = 24) -> list[str]:
    """Controls smaller than `least`, but for links inside a sentence."""
    return page.evaluate(
        """least => [...document.querySelectorAll('button, a[href], input, select, textarea, summary, [role=radio]')]
          .filter(one => one.offsetParent !== null && !one.closest('.vh, [hidden]'))
          .filter(one => !['file', 'radio'].includes(one.type))
          .filter(one => getComputedStyle(one).position !== 'absolute' && getComputedStyle(one).display !== 'inline')
          .map(one => [one, one.getBoundingClientRect()])
          .filter(([one, box]) => box.width > 1 && (box.height < least - 0.5 || box.width < least - 0.5))
          .map(([one, box]) => `${one.tagName} ${one.textContent.trim().slice(0, 30)} ${box.width}x${box.height}`)""",
        least,
    )


def test_the_door(open_page: Opener, centre: Serving) -> None:
    page = open_page("/")
    expect(page.get_by_label("Логин")).to_be_focused()
    is_clean(page)
    sign_in(page, "agent49", "not the password")
    expect(page.get_by_role("alert")).to_be_visible()
    is_clean(page)
    assert _small_targets(page) == []


def test_the_desk_from_idle_to_the_result(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent50", on_line=True)
    expect(desk.get_by_text("Обращений пока нет")).to_be_visible()
    is_clean(desk)
    assert _small_targets(desk) == []
    who = others.waits("Где деньги?", entry="patient", reason=None, name="Оксана", number="+79739000001")
    expect(offer_of(desk)).to_be_visible()
    desk.get_by_role("button", name="Показать").press("Enter")
    is_clean(desk)
    assert _small_targets(desk) == []
    desk.locator("[data-accept]").focus()
    accept(desk)
    say(desk, "Смотрю: https://example.com")
    others.do(who.send("Спасибо"))
    expect(thread_of(desk).get_by_text("Спасибо")).to_be_visible()
    desk.keyboard.type("/")
    expect(desk.get_by_role("option").first).to_be_visible()
    is_clean(desk)
    assert _small_targets(desk) == []
    desk.keyboard.press("Escape")
    composer_of(desk).fill("")
    second = others.waits(
        "Вторая", entry="patient", reason=None, name="Тимофей"
    )  # typing: the offer is docked and takes no focus
    expect(desk.get_by_role("region", name="Новый чат").or_(desk.get_by_label("Новый чат")).first).to_be_visible()
    expect(composer_of(desk)).to_be_focused()
    is_clean(desk)
    others.do(second.end())
    desk.keyboard.press("Alt+Shift+KeyX")
    expect(desk.get_by_role("heading", name="Итог разговора")).to_be_focused()
    desk.keyboard.press("F4")
    expect(desk.get_by_role("option").first).to_be_visible()
    is_clean(desk)
    desk.keyboard.press("Escape")
    is_clean(desk)
    assert _small_targets(desk) == []


def _traps(page: Page, dialog: Locator, opener: Locator | None) -> None:
    """Tab goes round inside; Esc gives the focus back."""
    expect(dialog).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('[role=dialog]') !== null"), "the focus left the dialog"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    if opener is not None:
        expect(opener).to_be_focused()


def test_dialogs_and_menus(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent52", on_line=True)
    others.waits("Вопрос", reason=None)
    accept(desk)
    for keys, name in (("Control+KeyK", "Командная строка"), ("F2", None)):
        desk.keyboard.press(keys)
        if name is None:
            expect(desk.get_by_role("menu")).to_be_visible()
            is_clean(desk)
            desk.keyboard.press("Escape")
        else:
            is_clean(desk)
            _traps(desk, desk.get_by_role("dialog", name=name), composer_of(desk))
    help_button = desk.get_by_role("button", name="Все клавиши")
    help_button.press("Enter")
    expect(desk.get_by_role("dialog")).to_be_visible()
    is_clean(desk)
    _traps(desk, desk.get_by_role("dialog"), help_button)


def test_the_floor_the_contacts_and_a_record(open_page: Opener, others: Others) -> None:
    agent = others.colleague("agent55")
    others.do(agent.hand(True))
    who = others.waits("Жду", reason="NET", name="Оксана")
    others.do(who.wait_phase("waiting"))
    page = open_page("/floor", login="supervisor2")
    expect(page.get_by_role("button", name="Изменить").first).to_be_visible()
    is_clean(page)
    assert _small_targets(page) == []
    page.get_by_role("button", name="Изменить").first.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    is_clean(page)
    _traps(page, page.get_by_role("dialog"), page.get_by_role("button", name="Изменить").first)
    page.get_by_role("link", name="Обращения", exact=True).press("Enter")
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    is_clean(page)
    assert _small_targets(page) == []
    page.get_by_role("row").nth(1).get_by_role("link").first.press("Enter")
    expect(page.get_by_role("heading", name="Что происходило")).to_be_visible()
    until(page, "document.activeElement !== document.body")
    is_clean(page)
    assert _small_targets(page) == []
    others.do(agent.hand(False))


def test_the_widget(open_page: Opener, others: Others) -> None:
    agent = others.colleague("agent59")
    page = start_chat(open_page("/widget/demo"))
    expect(page.get_by_role("button", name="Деньги и переводы")).to_be_visible()
    is_clean(page)
    page.get_by_text("Представиться, если хотите").click()
    is_clean(page)
    others.do(agent.presence("break"))
    page.get_by_role("button", name="Деньги и переводы").click()
    write(page, "Где перевод?")
    expect(page.get_by_text("Можно закрыть чат")).to_be_visible()
    is_clean(page)
    others.do(agent.presence("available"))
    work = others.do(agent.wait_work("offered", timeout=PATIENCE))
    others.do(agent.accept(work["id"]))
    others.do(agent.send(work["id"], "Смотрю https://example.com"))
    expect(page.get_by_role("paragraph").filter(has_text="Смотрю")).to_be_visible()
    page.get_by_role("button", name="Ещё").click()
    is_clean(page)
    page.keyboard.press("Escape")
    others.do(agent.end(work["id"]))
    expect(page.get_by_text("Как поговорили?")).to_be_visible()
    page.get_by_text("Отлично, спасибо").click()
    is_clean(page)
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.get_by_role("heading", name="Спасибо")).to_be_focused()
    is_clean(page)


def _clipped(page: Page) -> list[str]:
    """Controls that are cut off: beyond the window, or covered by something else at their centre after scrolling."""
    return page.evaluate(
        """() => {
          const wrong = [];
          for (const one of document.querySelectorAll('button, a[href^="/"], input, select, textarea')) {
            if (one.offsetParent === null || one.type === 'file' || one.closest('[inert]')) continue;
            one.scrollIntoView({block: 'nearest', inline: 'nearest'});
            const box = one.getBoundingClientRect();
            if (box.width < 2) continue;
            const name = one.tagName + ' ' + (one.getAttribute('aria-label') ?? one.textContent).trim().slice(0, 30);
            const x = box.left + box.width / 2, y = box.top + Math.min(box.height, 40) / 2;
            if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) { wrong.push('out: ' + name); continue; }
            const hit = document.elementFromPoint(x, y);
            if (hit !== one && !one.contains(hit) && !hit?.contains(one) && !hit?.closest('label')?.contains(one))
              wrong.push(`covered: ${name} by ${hit?.outerHTML.slice(0, 60)}`);
          }
          return wrong;
        }"""
    )


def test_at_200_percent_nothing_is_cut(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent20", on_line=True, width=720, height=450, device_scale_factor=2)
    others.waits("Вопрос", entry="patient", reason=None)
    expect(offer_of(desk)).to_be_visible()
    assert _clipped(desk) == []
    accept(desk)
    floor = open_page("/floor", login="supervisor2", width=720, height=450, device_scale_factor=2)
    expect(floor.get_by_role("heading", name="Очереди")).to_be_visible()
    assert _clipped(floor) == []
    assert floor.evaluate("document.documentElement.scrollWidth") <= 720
    contacts = open_page("/contacts", login="supervisor2", width=720, height=450, device_scale_factor=2)
    expect(contacts.get_by_role("row").nth(1)).to_be_visible()
    assert _clipped(contacts) == []
    assert _clipped(desk) == []
    widget = start_chat(open_page("/widget/demo", width=720, height=450, device_scale_factor=2))
    expect(widget.get_by_role("button", name="Деньги и переводы")).to_be_visible()
    field = widget.get_by_role("textbox").last
    field.evaluate("one => Promise.all(one.getRootNode().getAnimations().map(each => each.finished))")  # it rises
    box = field.bounding_box()
    assert box is not None and box["y"] + box["height"] <= 450


def test_nothing_moves_for_those_who_asked_for_that(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent10", on_line=True, reduced_motion="reduce")
    others.waits("Вопрос")
    expect(offer_of(desk)).to_be_visible()
    moving = """one => one.getRootNode().getAnimations()
      .filter(each => each.effect.getComputedTiming().duration > 1).length"""
    assert offer_of(desk).evaluate(moving) == 0
    widget = start_chat(open_page("/widget/demo", reduced_motion="reduce"))
    assert widget.get_by_role("textbox").last.evaluate(moving) == 0  # the page does not count what is in its shadow
