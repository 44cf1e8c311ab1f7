"""The supervisor's page: a waiting person is moved, and let go ahead of others."""

import pytest
from playwright.sync_api import expect

from .conftest import Opener
from .others import Office, Others

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_waiting_contact_is_let_ahead_and_moved(open_page: Opener, others: Others, office: Office) -> None:
    first = others.waits("Первый", reason="NET")
    second = others.waits("Второй", reason="NET")
    others.do(second.wait_for(lambda me: me.state.get("position") == 2))
    floor = open_page("/floor", login="supervisor1")
    rows = floor.get_by_role("region", name="Ждут 2 человека").get_by_role("row")
    rows.nth(2).get_by_role("button", name="Изменить").press("Enter")
    dialog = floor.get_by_role("dialog")
    dialog.get_by_label("Приоритет, минут вперёд").fill("15")
    floor.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    ahead = rows.filter(has_text="15 мин")
    expect(ahead.get_by_role("button", name="Изменить")).to_be_focused()
    others.do(second.wait_for(lambda me: me.state.get("position") == 1))
    others.do(first.wait_for(lambda me: me.state.get("position") == 2))

    floor.keyboard.press("Enter")
    dialog.get_by_label("Очередь").select_option(label="Чат: общие вопросы")
    dialog.get_by_role("button", name="Перевести в").click()
    expect(dialog).to_be_hidden()
    expect(ahead).to_contain_text("Чат: общие вопросы")
    record = office.call("GET", f"/contacts/{second.contact}", login="supervisor1").json()
    assert record["queue"] == "chat-general"
