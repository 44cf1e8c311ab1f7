"""Offers at the desk: refused, missed, reloaded, in two tabs, while nobody looks."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .conftest import Opener
from .others import Office, Others
from .steps import accept, composer_of, offer_of, thread_of, until

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module", autouse=True)
def hasty(office: Office) -> None:
    """A queue whose offers do not wait."""
    office.queue("hasty", offer_seconds=3)


def test_declined_with_a_reason_by_keys_alone(open_page: Opener, others: Others, office: Office) -> None:
    desk = open_page("/", login="agent26", on_line=True)
    who = others.waits("Верните деньги")
    expect(offer_of(desk)).to_be_visible()
    desk.keyboard.press("Escape")  # never declines at once: opens the reasons
    expect(desk.get_by_role("menuitem", name="Сейчас не успеваю")).to_be_focused()
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("Enter")
    expect(offer_of(desk)).to_be_hidden()
    until(desk, "document.activeElement !== document.body")
    events = office.call("GET", f"/contacts/{who.contact}", login="supervisor1").json()["events"]
    declined = [event for event in events if event["kind"] == "offer.declined"]
    assert [event["body"]["reason"] for event in declined] == ["not_mine"]
    assert who.phase == "waiting"


def test_missed_offer_sets_aside_until_one_comes_back(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent12", on_line=True)
    who = others.waits("Есть кто?", entry="hasty", reason=None)
    expect(offer_of(desk)).to_be_visible()
    expect(desk.get_by_text("Пропущено предложение").first).to_be_visible()
    expect(offer_of(desk)).to_be_hidden()
    assert who.phase == "waiting"
    expect(desk.get_by_role("heading", name="Предложение пропущено, поэтому вы на перерыве")).to_be_visible()
    desk.keyboard.press("Enter")  # «Вернуться на линию»
    others.waits("А теперь?")
    accept(desk)
    expect(thread_of(desk).get_by_text("А теперь?")).to_be_visible()


def test_an_offer_survives_a_reload(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent9", on_line=True)
    others.waits("Где мой перевод", name="Оксана")
    expect(offer_of(desk)).to_be_visible()
    desk.reload()
    expect(offer_of(desk).get_by_role("heading", name="Оксана")).to_be_visible()
    accept(desk)
    expect(composer_of(desk)).to_be_focused()


def test_two_tabs_of_one_agent_agree(open_page: Opener, others: Others) -> None:
    desk = open_page("/", login="agent10", on_line=True)
    second = desk.context.new_page()
    second.goto(desk.url)
    who = others.waits("Сюда")
    expect(offer_of(second)).to_be_visible()
    accept(desk)
    expect(offer_of(second)).to_be_hidden()
    desk.keyboard.type("Вижу вас")
    desk.keyboard.press("Enter")
    others.do(who.wait_text("Вижу вас"))
    for tab in (desk, second):
        expect(thread_of(tab).get_by_text("Вижу вас", exact=True)).to_have_count(1)
    others.do(who.send("Спасибо"))
    expect(thread_of(second).get_by_text("Спасибо")).to_have_count(1)
    assert [m["text"] for m in who.messages.values() if m["author"] == "agent"] == ["Вижу вас"]
    desk.keyboard.press("Alt+Shift+KeyX")
    expect(second.get_by_role("heading", name="Итог разговора")).to_be_visible()


_HEARD = """
window.shown = [];
window.rung = 0;
window.Notification = class { static permission = 'granted'; static requestPermission = async () => 'granted';
  constructor(title, more) { window.shown.push(title + ': ' + more.body); } close() {} };
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) { window.rung += 1; return start.apply(this, when); };
Object.defineProperty(document, 'hidden', {get: () => window.away === true});
Object.defineProperty(document, 'visibilityState', {get: () => window.away === true ? 'hidden' : 'visible'});
"""


def _away(page: Page, away: bool) -> None:
    page.evaluate("away => { window.away = away; document.dispatchEvent(new Event('visibilitychange')); }", away)


def test_heard_and_notified_while_the_tab_is_hidden(open_page: Opener, others: Others) -> None:
    def watched(context: BrowserContext) -> None:
        context.grant_permissions(["notifications"])
        context.add_init_script(_HEARD)

    desk = open_page("/", login="agent11", on_line=True, before=watched)
    expect(desk.get_by_text("На линии").first).to_be_visible()
    desk.keyboard.press("F6")  # browsers allow sound only after a gesture
    _away(desk, True)
    who = others.waits("Ау", name="Лейла")
    until(desk, "window.shown.length === 1 && window.rung > 0")
    assert "Новый чат" in desk.evaluate("window.shown[0]")
    expect(desk).to_have_title("(1) Тепло")
    _away(desk, False)
    accept(desk)
    expect(desk).to_have_title("Тепло")
    _away(desk, True)
    others.do(who.send("Вы здесь?"))
    until(desk, "window.shown.at(-1) === 'Лейла: Вы здесь?'")
    expect(desk).to_have_title("(1) Тепло")
    assert who.receipts.get("agent_read", 0) < who.last_seq, "nobody has read it yet"
    _away(desk, False)
    expect(desk).to_have_title("Тепло")
    others.do(who.wait_for(lambda me: me.receipts.get("agent_read", 0) >= me.last_seq))
