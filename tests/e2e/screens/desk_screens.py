"""The agent's desk with chats: empty, offered, in talk, at the end, and what opens over it."""

from playwright.sync_api import expect
from tests.e2e.conftest import Opener
from tests.e2e.others import Others
from tests.e2e.steps import accept, composer_of, offer_of, say, thread_of
from tests.e2e.test_handing_over import open_dialog
from tests.e2e.test_talk import _finish

from .camera import Camera

LONG = (
    "Добрый день. Вчера в 18:40 перевёл 4 800 ₽ с баланса на карту, деньги списались сразу, а на карту "
    "так и не пришли. Банк говорит, что платежа не видит."
)
FOUND = "Перевод нашёл. Банк ещё не принял его, поэтому деньги можно вернуть на баланс за 10–40 минут."


def test_desk_idle(open_page: Opener, camera: Camera) -> None:
    desk = open_page("/", login="agent50")
    expect(desk.get_by_text("Обращения сейчас не приходят")).to_be_visible()
    camera.shoot(desk, "desk-off-line", focus=True)
    desk.get_by_role("button", name="Встать на линию").click()
    expect(desk.get_by_text("Обращений пока нет")).to_be_visible()
    camera.shoot(desk, "desk-idle", focus=True)


def test_desk_chat(open_page: Opener, camera: Camera, others: Others) -> None:
    desk = open_page("/", login="agent51", on_line=True)
    expect(desk.get_by_text("Обращений пока нет")).to_be_visible()
    who = others.waits(LONG, entry="calm", reason=None, name="Оксана Дмитриева", number="+79739000001")
    expect(offer_of(desk)).to_be_visible()
    camera.shoot(desk, "offer-chat")
    desk.get_by_role("button", name="Показать").press("Enter")
    camera.shoot(desk, "offer-why")
    desk.locator("[data-accept]").focus()
    accept(desk)
    expect(composer_of(desk)).to_be_focused()
    camera.shoot(desk, "chat-first")
    say(desk, "Здравствуйте, Оксана. Меня зовут Тимур, я на связи и уже смотрю ваш перевод.")
    others.do(who.send("Спасибо"))
    others.do(who.send("Нужно сегодня: поезд в 18:10, а денег на билет нет. https://example.com/receipt/4800"))
    say(desk, FOUND)
    others.do(who.wait_text(FOUND))
    others.do(who.typing())
    second = others.waits("Не работает интернет на даче", entry="calm", reason=None, name="Рустам")
    desk.keyboard.type("Возвр")
    desk.keyboard.press("Alt+Enter")
    expect(desk.get_by_role("main").get_by_role("heading", name="Рустам")).to_be_visible()
    desk.keyboard.press("Alt+1")
    composer_of(desk).fill("")
    others.do(second.send("Ау, вы тут?"))
    expect(thread_of(desk).get_by_text("Перевод нашёл")).to_be_visible()
    third = others.waits("Третий вопрос: как подключить роуминг в Казахстане", entry="calm", reason=None)
    composer_of(desk).fill("Ре")
    expect(desk.get_by_label("Новый чат").first).to_be_visible()
    camera.shoot(desk, "chat-docked", focus=True)
    others.do(third.end())
    composer_of(desk).fill("/")
    expect(desk.get_by_role("option").first).to_be_visible()
    camera.shoot(desk, "chat-canned")
    desk.keyboard.press("Escape")
    composer_of(desk).fill("")
    desk.get_by_role("radio", name="Заметка").or_(desk.get_by_role("button", name="Заметка")).first.click()
    desk.keyboard.type("Паспорт сверен по фото, второй раз не просить")
    camera.shoot(desk, "chat-note-typed")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_label("Абонент", exact=True).get_by_text("Паспорт сверен")).to_be_visible()
    camera.shoot(desk, "chat-note")
    desk.keyboard.press("F8")
    expect(desk.get_by_role("button", name="Рука поднята")).to_have_attribute("aria-pressed", "true")
    camera.shoot(desk, "chat-hand")
    desk.keyboard.press("F8")
    dialog = open_dialog(desk)
    expect(dialog.get_by_role("option").first).to_be_visible()
    camera.shoot(desk, "transfer-chat")
    desk.keyboard.press("Escape")
    for keys, name in (("Control+KeyK", "command-bar"), ("F2", "presence-menu")):
        desk.keyboard.press(keys)
        expect(
            desk.get_by_role("option").or_(desk.get_by_role("menuitemradio")).or_(desk.get_by_role("menuitem")).first
        ).to_be_visible()
        camera.shoot(desk, name)
        desk.keyboard.press("Escape")
    desk.get_by_role("button", name="Все клавиши").press("Enter")
    expect(desk.get_by_role("dialog")).to_be_visible()
    camera.shoot(desk, "keys")
    desk.keyboard.press("Escape")
    desk.context.set_offline(True)
    expect(desk.get_by_text("Восстанавливаем связь").first).to_be_visible()
    camera.shoot(desk, "desk-reconnecting")
    desk.context.set_offline(False)
    expect(desk.get_by_text("Восстанавливаем связь")).to_have_count(0)
    desk.keyboard.press("Alt+Shift+KeyX")
    expect(desk.get_by_role("heading", name="Итог разговора")).to_be_visible()
    camera.shoot(desk, "wrap-up-chat", focus=True)
    desk.keyboard.press("F4")
    desk.keyboard.type("пере")
    expect(desk.get_by_role("option").first).to_be_visible()
    camera.shoot(desk, "wrap-up-reasons")
    desk.keyboard.press("Enter")
    desk.keyboard.press("Escape")
    desk.get_by_text("Решено", exact=True).click()
    camera.shoot(desk, "wrap-up-filled")


def test_desk_returning(open_page: Opener, camera: Camera, others: Others) -> None:
    desk = open_page("/", login="agent54", on_line=True)
    expect(desk.get_by_text("Обращений пока нет")).to_be_visible()
    who = others.waits("Где перевод?", entry="calm", reason=None, name="Оксана", number="+79739000003")
    accept(desk)
    first = who.contact
    say(desk, FOUND)
    others.do(who.wait_text(FOUND))
    desk.keyboard.press("Alt+Shift+KeyX")
    _finish(desk)
    others.do(who.grade(5, "Спасибо, быстро и по делу"))
    others.do(who.send("Опять не пришло"))
    expect(offer_of(desk)).to_contain_text("Вы говорили в прошлый раз")
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("menuitem").first).to_be_visible()
    camera.shoot(desk, "offer-decline")
    desk.keyboard.press("Escape")
    desk.locator("[data-accept]").focus()
    accept(desk)
    expect(desk.get_by_label("Абонент", exact=True).get_by_role("listitem").first).to_be_visible()
    camera.shoot(desk, "chat-returning")
    desk.get_by_role("banner").get_by_role("button").last.click()
    expect(desk.get_by_role("menu")).to_be_visible()
    camera.shoot(desk, "me-menu")
    desk.keyboard.press("Escape")
    record = open_page(f"/contacts/{first}", login="supervisor1")
    expect(record.get_by_text("Спасибо, быстро и по делу")).to_be_visible()
    camera.shoot(record, "record-chat", focus=True)


def test_desk_loading(open_page: Opener, camera: Camera) -> None:
    desk = open_page("/", login="agent52", before=lambda context: context.route_web_socket("**/live", lambda _: None))
    expect(desk.get_by_label("Соединяемся").or_(desk.get_by_role("status")).first).to_be_attached()
    desk.wait_for_timeout(600)
    camera.shoot(desk, "desk-loading")


def test_desk_missed(open_page: Opener, camera: Camera, others: Others) -> None:
    desk = open_page("/", login="agent53", on_line=True)
    expect(desk.get_by_text("Обращений пока нет")).to_be_visible()
    others.waits("Есть кто?", entry="calm-hasty", reason=None)
    expect(desk.get_by_role("heading", name="Предложение пропущено, поэтому вы на перерыве")).to_be_visible(
        timeout=30_000
    )
    camera.shoot(desk, "desk-missed")
