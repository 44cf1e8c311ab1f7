"""A call at the desk: offered, in hand, held, with colleagues, in trouble, at its end; calls out and messages."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.calls.conftest import Centre, voice_beside
from tests.calls.people import Ear, tone, until
from tests.calls.test_call_out import calls_go_to
from tests.calls.test_callback import change, told, waiting_contact
from tests.calls.test_voicemail import LEFT, RECORDING, row
from tests.calls.test_voicemail import line as night_line
from tests.e2e.conftest import Opener
from tests.e2e.others import Others
from tests.e2e.steps import offer_of
from tests.e2e.steps import until as page_until
from tests.e2e.test_call import CALLER, microphone, take, talks
from tests.e2e.test_call_out import dial as dial_out
from tests.serving import Serving

from teplo.simulator.desk import DeskClient
from teplo.simulator.phone import PhoneCall, Phones

from .camera import Camera
from .conftest import CALM, CALM_NUMBER

Dial = Callable[[str], PhoneCall]
TRACKS = """window.tracks = [];
const media = navigator.mediaDevices, got = media?.getUserMedia.bind(media);
if (media) media.getUserMedia = async (wish) => {
  const stream = await got(wish); window.tracks.push(...stream.getTracks()); return stream; };"""


@pytest.fixture(scope="module")
def line(centre: Serving) -> Iterator[Centre]:
    """A voice worker with the server's folder: recordings are heard."""
    with voice_beside(centre, Path(centre.environment["TEPLO_DATA"])) as made:
        yield made


@pytest.fixture
def dial(line: Centre, others: Others) -> Dial:
    """Call the calm number and speak a tone."""
    phones = others._enter(Phones())

    def calling(number: str) -> PhoneCall:
        async def make() -> PhoneCall:
            call = await phones.call(line.sip, CALM_NUMBER, number)
            call.listen(Ear().frame)
            await call.answered.wait()
            call.say(tone(CALLER), loop=True)
            return call

        return others.do(make())

    return calling


def fragile(context: BrowserContext) -> None:
    """A microphone that the scene may pull out."""
    microphone(context)
    context.add_init_script(TRACKS)


def ready(open_page: Opener, login: str) -> Page:
    """A desk on the line, with a microphone."""
    desk = open_page("/", login=login, on_line=True, before=fragile)
    expect(desk.get_by_text("Звонков нет")).to_be_visible()
    return desk


def test_call_alone(open_page: Opener, camera: Camera, dial: Dial, others: Others) -> None:
    desk = ready(open_page, "agent1")
    call = dial("+79748001122")
    expect(offer_of(desk)).to_be_visible(timeout=40_000)
    camera.shoot(desk, "offer-call")
    take(desk)
    talks(desk)
    camera.shoot(desk, "call-accepted")
    desk.get_by_role("textbox", name="Заметки").fill("Вокзал, с дочкой 4 лет. Деньги ушли на карту.")
    desk.get_by_role("heading").first.focus()
    camera.shoot(desk, "call", focus=True)
    for key, name in (("Alt+h", "call-held"), ("Alt+m", "call-held-muted"), ("Alt+r", "call-held-muted-paused")):
        desk.keyboard.press(key)
        desk.wait_for_timeout(400)
        camera.shoot(desk, name)
    for key in ("Alt+h", "Alt+m", "Alt+r"):
        desk.keyboard.press(key)
    talks(desk)
    desk.keyboard.press("Alt+k")
    expect(desk.get_by_role("dialog", name="Набор")).to_be_visible()
    desk.keyboard.type("12#")
    camera.shoot(desk, "call-keypad")
    desk.keyboard.press("Escape")
    desk.keyboard.press("Alt+t")
    expect(desk.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    camera.shoot(desk, "transfer-call")
    desk.keyboard.press("Escape")
    desk.get_by_role("button", name="Звук", exact=True).or_(desk.get_by_role("button", name="Устройства")).first.click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    camera.shoot(desk, "call-devices")
    desk.keyboard.press("Escape")
    desk.evaluate("() => { for (const one of window.tracks) { one.stop(); one.dispatchEvent(new Event('ended')); } }")
    page_until(desk, "() => document.querySelector('main [role=alert]')")
    camera.shoot(desk, "call-unplugged")
    others.waits("Здравствуйте", entry="calm", reason=None, name="Рустам")
    expect(offer_of(desk)).to_be_visible(timeout=40_000)
    desk.wait_for_timeout(800)
    desk.get_by_role("button", name="Принять").first.click()
    expect(desk.get_by_role("region", name="Звонок идёт")).to_be_visible()
    camera.shoot(desk, "chat-beside-call", focus=True)
    desk.get_by_role("button", name="К звонку").click()
    others.call(call.hang_up)
    expect(desk.get_by_role("heading", name="Итог разговора")).to_be_visible()
    camera.shoot(desk, "wrap-up-call")


def test_call_with_colleagues(open_page: Opener, camera: Camera, dial: Dial, others: Others) -> None:
    desk = ready(open_page, "agent1")
    call = dial("+79748001907")
    take(desk)
    talks(desk)
    friend = ready(open_page, "agent2")
    floor = open_page("/floor", login="supervisor1", before=microphone)
    desk.keyboard.press("Alt+c")
    dialog = desk.get_by_role("dialog", name="Кого подключить к звонку")
    expect(dialog.get_by_role("option").first).to_be_visible()
    camera.shoot(desk, "consult-dialog")
    dialog.get_by_role("option").first.click()
    card = friend.get_by_role("region", name="Просят подключиться")
    expect(card).to_be_visible()
    camera.shoot(friend, "helping-asked")
    card.get_by_role("button", name="Подключиться").press("Enter")
    expect(card.get_by_role("button", name="Выйти")).to_be_visible()
    camera.shoot(friend, "helping")
    camera.shoot(desk, "consult-alone", focus=True)
    desk.get_by_role("button", name="Все вместе").press("Enter")
    expect(desk.get_by_role("region", name="Кто ещё в звонке")).to_contain_text("Все вместе.")
    camera.shoot(desk, "conference")
    whose = floor.get_by_role("rowheader", name="Айгуль Сафина")
    floor.get_by_role("row").filter(has=whose).focus()
    floor.keyboard.press("l")
    expect(floor.get_by_role("region", name="Участие в звонке")).to_contain_text("Вас никто не слышит")
    camera.shoot(floor, "floor-listening", focus=True)
    others.call(call.hang_up)


def test_call_without_microphone(open_page: Opener, camera: Camera, dial: Dial, others: Others) -> None:
    desk = open_page("/", login="agent1", on_line=True)
    call = dial("+79748001155")
    expect(offer_of(desk)).to_be_visible(timeout=40_000)
    expect(offer_of(desk).get_by_role("alert").filter(has_text="Браузер не даёт микрофон")).to_be_visible()
    camera.shoot(desk, "offer-call-denied")
    take(desk)
    camera.shoot(desk, "call-denied")
    others.call(call.hang_up)


def test_call_out(open_page: Opener, camera: Camera, line: Centre, others: Others) -> None:
    held = others._enter(Phones())
    others.do(calls_go_to(line, held))
    desk = ready(open_page, "agent1")
    desk.keyboard.press("Control+k")
    find = desk.get_by_role("combobox", name="Найти действие")
    find.fill("позвонить")
    find.press("Enter")
    expect(desk.get_by_label("Номер телефона")).to_be_visible()
    camera.shoot(desk, "call-out-dialog")
    desk.keyboard.press("Escape")
    dial_out(desk, "8 974 800-77-11")
    ringing = others.do(held.rings.get())
    expect(desk.get_by_role("main").get_by_text("Идут гудки")).to_be_visible()
    camera.shoot(desk, "call-out-rings")
    others.call(lambda: ringing.refuse(486))
    expect(desk.get_by_text("Не дозвонились: занято")).to_be_visible()
    camera.shoot(desk, "call-out-busy")


def test_callback(open_page: Opener, camera: Camera, line: Centre, others: Others) -> None:
    phones = others._enter(Phones())
    number = "+79748005511"
    boss = others._enter(DeskClient(line.served.address, "admin", line.served.password, topics=()))
    others.do(night_line(boss, phones, "recall", "696", None))
    rules = {"attempts": 2, "pauses": [10], "hours": ["00:00", "24:00"], "ring_seconds": 40, "offer_estimate": 0}
    others.do(change(boss, "queue/voice-recall", callback=rules, **CALM))
    call = others.do(phones.call(line.sip, "696", number))
    contact = others.do(until(lambda: waiting_contact(line, number), "the contact waits"))

    def asked() -> bool:
        if not told(line, contact, "callback.asked"):
            call.press("1")
            return False
        return True

    others.do(until(asked, "the callback is asked for"))
    desk = open_page("/", login="agent1", on_line=True, before=microphone)
    expect(offer_of(desk)).to_be_visible(timeout=40_000)
    camera.shoot(desk, "offer-callback")
    take(desk)
    ringing = others.do(phones.rings.get())
    camera.shoot(desk, "callback-rings")
    others.call(lambda: ringing.refuse(486))
    expect(desk.get_by_text("Не дозвонились: занято").or_(desk.get_by_text("Вы на линии"))).to_be_visible()


def test_voicemail(open_page: Opener, camera: Camera, line: Centre, others: Others) -> None:
    phones = others._enter(Phones())
    number = "+79748007733"

    boss = others._enter(DeskClient(line.served.address, "admin", line.served.password, topics=()))
    others.do(night_line(boss, phones, "dusk", "697", "dusk"))
    call, ear = others.do(phones.call(line.sip, "697", number)), Ear()
    others.call(lambda: call.listen(ear.frame))
    others.do(until(lambda: ear.hears_also(880), "the beep"))
    others.call(lambda: call.say(tone(CALLER), loop=True))
    others.do(until(lambda: row(line, RECORDING), "it is being recorded"))
    before = call.leg.stats().packets
    others.do(until(lambda: call.leg.stats().packets > before + 150, "speaking takes its time"))
    others.call(lambda: call.press("#"))
    others.do(until(call.over.is_set, "thanks and good-bye"))
    row(line, LEFT, number)
    others.do(change(boss, "queue/voice-dusk", hours=None, **CALM))
    desk = open_page("/", login="agent1", on_line=True, before=microphone)
    expect(offer_of(desk)).to_be_visible(timeout=60_000)
    camera.shoot(desk, "offer-voicemail")
    for _ in range(50):
        if desk.get_by_role("slider").first.is_visible():
            break
        desk.keyboard.press("Enter")
        desk.wait_for_timeout(200)
    expect(desk.get_by_role("slider").first).to_be_visible()
    camera.shoot(desk, "voicemail", focus=True)
