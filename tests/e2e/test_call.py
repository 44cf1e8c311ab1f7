"""A telephone call at the desk: a simulated phone, a real voice worker, a real browser with a made-up microphone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from tests.calls.conftest import Centre, voice_beside
from tests.calls.people import Ear, tone
from tests.serving import Serving

from teplo.simulator.phone import PhoneCall, Phones

from .conftest import Opener
from .others import Others
from .steps import offer_of, until

pytestmark = pytest.mark.slow

CALLER = 500.0


@pytest.fixture(scope="module")
def line(centre: Serving, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    """A voice worker beside the server."""
    with voice_beside(centre, tmp_path_factory.mktemp("voice")) as made:
        yield made


Dial = Callable[[str], tuple[PhoneCall, Ear]]


@pytest.fixture
def dial(line: Centre, others: Others) -> Dial:
    """Call a number that leads to a queue at once, speak a tone."""
    phones = others._enter(Phones())

    def calling(number: str) -> tuple[PhoneCall, Ear]:
        async def make() -> tuple[PhoneCall, Ear]:
            call = await phones.call(line.sip, "612", number)
            ear = Ear()
            call.listen(ear.frame)
            await call.answered.wait()
            call.say(tone(CALLER), loop=True)
            return call, ear

        return others.do(make())

    return calling


def microphone(context: BrowserContext) -> None:
    context.grant_permissions(["microphone"])


def stage_of(desk: Page) -> Locator:
    return desk.get_by_role("group", name="Управление звонком")


def take(desk: Page) -> None:
    """Accept by Enter, which counts only after 700 ms."""
    expect(offer_of(desk)).to_be_visible(timeout=40_000)
    for _ in range(100):
        if stage_of(desk).is_visible():
            return
        desk.keyboard.press("Enter")
        desk.wait_for_timeout(100)
    expect(stage_of(desk)).to_be_visible()


def talks(desk: Page) -> None:
    """Wait until both hear each other."""
    expect(desk.get_by_role("main").get_by_text("запись идёт")).to_be_visible()
    expect(desk.get_by_role("main").get_by_text("Разговор", exact=True)).to_be_visible()


def test_a_call_from_its_ring_to_its_result(open_page: Opener, dial: Dial, others: Others, tmp_path: Path) -> None:
    desk = open_page("/", login="agent1", on_line=True, before=microphone)
    expect(desk.get_by_text("Звонков нет")).to_be_visible()
    call, _ = dial("+79748001122")
    offer = offer_of(desk)
    expect(offer).to_be_visible(timeout=40_000)
    expect(offer).to_contain_text("Входящий звонок")
    expect(offer.get_by_role("alert").filter(has_text="Микрофон")).to_have_count(0)
    desk.screenshot(path=tmp_path / "offer.png")
    take(desk)
    talks(desk)
    expect(desk.get_by_role("main").get_by_role("heading", level=1)).to_be_focused()

    desk.get_by_role("textbox", name="Заметки").fill("Обещали перезвонить")
    for key, name in (("Alt+h", "Удержать"), ("Alt+m", "Без микрофона"), ("Alt+r", "Пауза записи")):
        control = stage_of(desk).get_by_role("button", name=name)
        expect(control).to_have_attribute("aria-pressed", "false")
        desk.keyboard.press(key)
        expect(control).to_have_attribute("aria-pressed", "true")
        box = control.bounding_box()
        assert box is not None and box["height"] >= 48
    told = desk.get_by_role("main").get_by_role("status")
    expect(told.filter(has_text="На удержании").filter(has_text="вас не слышно")).to_be_visible()
    desk.screenshot(path=tmp_path / "held.png")
    for key in ("Alt+h", "Alt+m", "Alt+r"):
        desk.keyboard.press(key)
    talks(desk)
    expect(desk.get_by_text("слышно хорошо").or_(desk.get_by_text("связь"))).to_be_visible(timeout=20_000)
    desk.screenshot(path=tmp_path / "stage.png")

    desk.keyboard.press("Alt+k")
    expect(desk.get_by_role("dialog", name="Набор")).to_be_visible()
    desk.keyboard.type("12#")
    expect(desk.get_by_role("dialog", name="Набор")).to_contain_text("12#")
    desk.screenshot(path=tmp_path / "keypad.png")
    desk.keyboard.press("Escape")

    desk.keyboard.press("Alt+Shift+X")
    expect(desk.get_by_role("heading", name="Итог разговора")).to_be_visible()
    expect(desk.get_by_role("textbox", name="Заметка для коллег")).to_have_value("Обещали перезвонить")
    desk.screenshot(path=tmp_path / "wrapup.png")
    others.call(call.hang_up)


def test_the_focus_waits_for_a_call_that_is_still_loading(open_page: Opener, dial: Dial, others: Others) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    def slow(context: BrowserContext) -> None:
        microphone(context)
        context.route("**/CallStage-*.js", hold)

    desk = open_page("/", login="agent1", on_line=True, before=slow)
    call, _ = dial("+79748001144")
    expect(offer_of(desk)).to_be_visible(timeout=40_000)
    for _ in range(100):
        if held:
            break
        desk.keyboard.press("Enter")
        desk.wait_for_timeout(100)
    expect(offer_of(desk)).to_have_count(0)
    # Longer than the focus is looked after where nothing is being loaded.
    desk.evaluate(
        """async () => {
          for (let frame = 0; frame < 30; frame++) await new Promise(done => requestAnimationFrame(done));
        }"""
    )
    assert desk.evaluate("document.activeElement.localName") == "body", "no frame around all of the middle"
    held.pop().continue_()
    expect(desk.get_by_role("main").get_by_role("heading", level=1)).to_be_focused()
    others.call(call.hang_up)


def test_a_page_loaded_anew_takes_the_call_back(open_page: Opener, dial: Dial, others: Others) -> None:
    desk = open_page("/", login="agent1", on_line=True, before=microphone)
    call, _ = dial("+79748001133")
    take(desk)
    talks(desk)
    desk.reload()
    talks(desk)
    expect(desk.get_by_role("alert").filter(has_text="Звук")).to_have_count(0)
    second = desk.context.new_page()
    second.goto(desk.url)
    talks(second)
    expect(desk.get_by_text("Звук этого звонка в другом окне.")).to_be_visible()
    desk.get_by_role("button", name="Перенести сюда").click()
    talks(desk)
    expect(second.get_by_text("Звук этого звонка в другом окне.")).to_be_visible()
    others.call(call.hang_up)
    expect(desk.get_by_role("heading", name="Итог разговора")).to_be_visible()


def test_a_chat_beside_a_call(open_page: Opener, dial: Dial, others: Others, tmp_path: Path) -> None:
    desk = open_page("/", login="agent1", on_line=True, before=microphone)
    call, _ = dial("+79748001144")
    take(desk)
    talks(desk)
    others.waits("Здравствуйте", reason="MNY")
    expect(offer_of(desk)).to_be_visible(timeout=40_000)
    desk.wait_for_timeout(800)
    desk.get_by_role("button", name="Принять").first.click()
    strip = desk.get_by_role("region", name="Звонок идёт")
    expect(strip).to_be_visible()
    desk.keyboard.press("Alt+m")
    expect(strip.get_by_role("button", name="Без микрофона")).to_have_attribute("aria-pressed", "true")
    desk.screenshot(path=tmp_path / "strip.png")
    for control in strip.get_by_role("button").all():
        box = control.bounding_box()
        assert box is not None and box["height"] >= 32
    strip.get_by_role("button", name="Удержать").focus()
    desk.keyboard.press("Tab")
    desk.keyboard.press("Tab")
    expect(strip.get_by_role("button", name="К звонку")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(stage_of(desk)).to_be_visible()
    others.call(call.hang_up)


def test_a_refused_microphone_is_said_with_what_to_do(
    open_page: Opener, dial: Dial, others: Others, tmp_path: Path
) -> None:
    desk = open_page("/", login="agent1", on_line=True)
    call, _ = dial("+79748001155")
    expect(offer_of(desk)).to_be_visible(timeout=40_000)
    expect(offer_of(desk).get_by_role("alert").filter(has_text="Браузер не даёт микрофон")).to_be_visible()
    take(desk)
    alarm = desk.get_by_role("main").get_by_role("alert").filter(has_text="Браузер не даёт микрофон")
    expect(alarm).to_contain_text("Абонент слышит музыку.")
    desk.screenshot(path=tmp_path / "denied.png")
    microphone(desk.context)
    talks(desk)
    until(desk, "() => !document.querySelector('main [role=alert]')")
    others.call(call.hang_up)


def unable(context: BrowserContext) -> None:
    """A browser without WebRTC, as some builds of WebKit are."""
    context.add_init_script("delete window.RTCPeerConnection")


def test_a_browser_without_calls_says_so_and_keeps_its_chats(open_page: Opener, dial: Dial, others: Others) -> None:
    page = open_page("/widget/demo", before=unable)
    page.get_by_role("button", name="Позвонить из браузера").click()
    visitor = page.get_by_role("dialog", name="Звонок из браузера")
    visitor.get_by_role("button", name="Позвонить", exact=True).click()
    expect(visitor.get_by_text("Этот браузер не умеет звонить")).to_be_visible()
    expect(visitor.get_by_role("button", name="Позвонить ещё раз")).to_have_count(0)
    visitor.get_by_role("button", name="Написать в чат").click()
    expect(page.get_by_role("dialog", name="Поддержка").get_by_role("textbox").last).to_be_visible()

    desk = open_page("/", login="agent1", on_line=True, before=unable)
    call, _ = dial("+79748001156")
    expect(offer_of(desk)).to_be_visible(timeout=40_000)
    expect(offer_of(desk).get_by_role("alert").filter(has_text="Этот браузер не умеет звонить")).to_be_visible()
    take(desk)
    alarm = desk.get_by_role("main").get_by_role("alert").filter(has_text="Этот браузер не умеет звонить")
    expect(alarm).to_contain_text("Абонент слышит музыку.")
    expect(alarm.get_by_role("button")).to_have_count(0)
    others.call(call.hang_up)


LISTEN = """window.peers = []; window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) { super(...given); window.peers.push(this); } };"""
HEARD = """async () => { for (const peer of window.peers) for (const [, report] of await peer.getStats())
  if (report.type === "inbound-rtp" && report.totalAudioEnergy > 0.0005) return true; return false; }"""


def heard(context: BrowserContext) -> None:
    """Let the test ask what the page hears."""
    microphone(context)
    context.add_init_script(LISTEN)


def test_a_visitor_of_the_site_calls_from_the_page(open_page: Opener, line: Centre, tmp_path: Path) -> None:
    desk = open_page("/", login="agent1", on_line=True, before=heard)
    expect(desk.get_by_text("Звонков нет")).to_be_visible()
    page = open_page("/widget/demo", width=390, height=844, before=heard)
    page.get_by_role("button", name="Позвонить из браузера").click()
    call = page.get_by_role("dialog", name="Звонок из браузера")
    call.get_by_label("Ваш номер").fill("8 974 800-77-88")
    call.get_by_role("button", name="Позвонить", exact=True).click()
    expect(call.get_by_text("Слушайте меню")).to_be_visible()
    call.get_by_role("button", name="0").click()
    expect(call.get_by_text("Вы в очереди")).to_be_visible(timeout=30_000)
    take(desk)
    expect(call.get_by_text("Вас слушают")).to_be_visible()
    talks(desk)
    for side in (page, desk):
        until(side, HEARD)

    page.reload()
    expect(call.get_by_text("Вас слушают")).to_be_visible()
    until(page, HEARD)
    page.screenshot(path=tmp_path / "visitor.png")
    desk.keyboard.press("Alt+Shift+X")
    call.get_by_role("group", name="Клавиши").get_by_role("button", name="5").click(timeout=20_000)
    expect(call.get_by_text("Звонок завершён")).to_be_visible(timeout=20_000)
    call.get_by_role("button", name="Закрыть").click()
    expect(call).to_have_count(0)


def test_a_colleague_is_consulted_and_gets_the_call(
    open_page: Opener, dial: Dial, others: Others, tmp_path: Path
) -> None:
    desk = open_page("/", login="agent1", on_line=True, before=microphone)
    call, ear = dial("+79748001907")
    take(desk)
    talks(desk)
    friend = open_page("/", login="agent2", on_line=True, before=microphone)
    expect(friend.get_by_text("Звонков нет")).to_be_visible()
    desk.keyboard.press("Alt+c")
    dialog = desk.get_by_role("dialog", name="Кого подключить к звонку")
    desk.screenshot(path=tmp_path / "consult.png")
    dialog.get_by_role("option").first.click()  # who is free comes first

    card = friend.get_by_role("region", name="Просят подключиться")
    expect(card).to_be_visible()
    expect(friend.get_by_role("heading", name="Вас зовёт коллега: Айгуль Сафина")).to_be_visible()
    friend.screenshot(path=tmp_path / "asked.png")
    card.get_by_role("button", name="Подключиться").press("Enter")
    expect(card.get_by_role("button", name="Выйти")).to_be_visible()
    expect(friend.get_by_role("heading", name="Вы помогаете коллеге: Айгуль Сафина")).to_be_visible()
    floor = open_page("/floor", login="supervisor1")
    expect(floor.get_by_role("row").filter(has_text="Помогает: Айгуль Сафина")).to_contain_text("Помогает")
    states = floor.get_by_role("listitem")
    expect(states.filter(has_text="Разговор 1")).to_be_visible()
    expect(states.filter(has_text="Помогают 1")).to_be_visible()
    guests = desk.get_by_role("region", name="Кто ещё в звонке")
    expect(guests).to_contain_text("Говорите вдвоём, абонент слышит музыку")
    desk.screenshot(path=tmp_path / "alone.png")
    guests.get_by_role("button", name="Все вместе").press("Enter")
    expect(guests).to_contain_text("Все вместе.")
    guests.get_by_role("button", name="Передать звонок").press("Enter")
    expect(stage_of(friend)).to_be_visible()
    talks(friend)
    expect(stage_of(desk)).to_be_hidden()
    expect(card).to_be_hidden()
    others.call(call.hang_up)


def test_a_supervisor_listens_speaks_and_takes_the_call_over(
    open_page: Opener, dial: Dial, others: Others, tmp_path: Path
) -> None:
    desk = open_page("/", login="agent1", on_line=True, before=microphone)
    call, _ = dial("+79748001911")
    take(desk)
    talks(desk)
    floor = open_page("/floor", login="supervisor1", before=microphone)
    floor.get_by_role("row").filter(has_text="Айгуль Сафина").focus()
    floor.keyboard.press("l")
    bar = floor.get_by_role("region", name="Участие в звонке")
    expect(bar).to_contain_text("Вас никто не слышит")
    floor.screenshot(path=tmp_path / "listen.png")
    floor.keyboard.press("w")
    expect(bar).to_contain_text("Вас слышит оператор")
    floor.keyboard.press("b")
    expect(bar).to_contain_text("Вас слышат оба")
    floor.screenshot(path=tmp_path / "barge.png")
    bar.get_by_role("button", name="Взять на себя").press("Enter")
    expect(stage_of(floor)).to_be_visible()
    talks(floor)
    expect(stage_of(desk)).to_be_hidden()
    others.call(call.hang_up)
