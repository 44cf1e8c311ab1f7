"""The supervisor's page, contacts and a record."""

from pathlib import Path

from playwright.sync_api import expect
from tests.e2e.conftest import Opener
from tests.e2e.others import Office, Others
from tests.e2e.test_recording import recorded_call
from tests.serving import Serving

from teplo.services.recording_folder import Folder

from .camera import Camera


def test_floor(open_page: Opener, camera: Camera, others: Others) -> None:
    floor = open_page("/floor", login="supervisor1")
    expect(floor.get_by_role("heading", name="Очереди")).to_be_visible()
    camera.shoot(floor, "floor-empty", focus=True)
    agents = [others.colleague(f"agent{number}") for number in (3, 9, 12, 16, 19, 20, 21, 22)]
    others.do(agents[0].hand(True))
    others.do(agents[1].presence("break"))
    others.do(agents[2].presence("busy"))
    others.do(agents[3].presence("training"))
    for number in range(6):
        others.waits(f"Вопрос {number}", entry="calm", reason=None, name="Оксана")
    for agent in agents[4:6]:
        work = others.do(agent.wait_work("offered"))
        others.do(agent.accept(work["id"]))
    for number in range(3):
        others.waits("Жду", reason="NET", name=f"Абонент {number}", number="+7 974 800-11-22")
    expect(floor.get_by_role("button", name="Подойти")).to_be_visible()
    camera.shoot(floor, "floor", focus=True)
    floor.get_by_role("button", name="Действия:").first.click()
    camera.shoot(floor, "floor-menu")
    floor.keyboard.press("Escape")
    steer = floor.get_by_role("button", name="Изменить").first
    if steer.is_visible():
        steer.click()
        expect(floor.get_by_role("dialog")).to_be_visible()
        camera.shoot(floor, "floor-steer")
        floor.keyboard.press("Escape")
    floor.context.set_offline(True)
    expect(floor.get_by_text("Восстанавливаем связь").first).to_be_visible()
    camera.shoot(floor, "floor-reconnecting")
    floor.context.set_offline(False)


def test_contacts(centre: Serving, open_page: Opener, camera: Camera, others: Others, office: Office) -> None:
    contact = recorded_call(centre, others, office, Folder.open(Path(centre.environment["TEPLO_DATA"]) / "recordings"))
    page = open_page("/contacts", login="supervisor1")
    expect(page.get_by_role("row").nth(1)).to_be_visible()
    camera.shoot(page, "contacts", focus=True)
    page.get_by_label("Оператор").select_option(label="Василий Чулымов")
    expect(page.get_by_text("Обращений не нашли")).to_be_visible()
    camera.shoot(page, "contacts-none")
    page = open_page(f"/contacts/{contact}", login="supervisor1")
    expect(page.get_by_role("slider", name="Место в записи")).to_be_visible()
    expect(page.get_by_role("list", name="Отметки").get_by_role("button").first).to_be_visible()
    camera.shoot(page, "record", focus=True)
