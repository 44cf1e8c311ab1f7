"""The recording of a call in the contact record: heard, seen, sought through by keys, written into the journal."""

import base64
import json
import random
from math import pi, sin
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from playwright.sync_api import Page, expect
from tests.serving import Serving

from teplo.channels.voice.media.recording_file import Writer
from teplo.services.recording_folder import Folder, place

from .conftest import Opener
from .others import Office, Others
from .steps import until
from .test_accessibility import is_clean

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SECONDS = 75
PAUSE, HOLD = (48.0, 55.0), (20.0, 29.0)


def second(number: int) -> bytes:
    """One second in which the subscriber or the agent talks, or nobody: in phrases, as people do."""
    dice = random.Random(number)
    sides = {0: (1.0, 0.05), 1: (0.05, 1.0), 2: (0.4, 0.0)}[number // 4 % 3]
    if PAUSE[0] <= number < PAUSE[1] or HOLD[0] <= number < HOLD[1]:
        sides = (0.0, 0.0)
    made = bytearray()
    for sample in range(8000):
        if sample % 1000 == 0:
            loud = dice.random() ** 1.5 * 15000
        value = sin(sample * pi / 12) * loud
        for side in sides:
            made += round(value * side).to_bytes(2, "little", signed=True)
    return bytes(made)


def recorded_call(centre: Serving, others: Others, office: Office, folder: Folder) -> str:
    """A call that agent1 talked in, with its file; told as the voice worker would."""
    office.queue("recorded", channels=["voice"], wrap_up_seconds=0, offer_seconds=60)
    desk, contact = others.colleague("agent1"), str(uuid4())
    with psycopg.connect(centre.database_url, autocommit=True) as conn:

        def tell(kind: str, **body: object) -> None:
            conn.execute(
                "insert into inbox (recipient, id, sender, kind, body) values ('floor', %s, '', %s, %s)",
                (str(uuid4()), kind, json.dumps({"contact": contact, **body})),
            )
            conn.execute("notify inbox, 'floor'")

        tell("arrive", channel="voice", queue="recorded")
        others.do(desk.wait_work("offered"))
        others.do(desk.accept(contact))
        others.do(desk.wait_work("talking"))
        key = conn.execute("select value from installation where key = 'recording_key'").fetchone()
        if key is None:
            key = (base64.b64encode(bytes(32)).decode(),)
            conn.execute("insert into installation (key, value) values ('recording_key', %s)", key)
        others.do(desk.end(contact))
        file = folder.path / place(contact)
        file.parent.mkdir(parents=True)
        writer = Writer(file, base64.b64decode(key[0]))
        for number in range(SECONDS):
            writer.write(second(number))
        writer.close()
        conn.execute(
            "insert into recording (contact, node, path, folder, host, recorded, paused, pauses)"
            " values (%s, %s, %s, %s, 'here', %s, %s, %s)",
            (contact, contact, place(contact), folder.id, SECONDS - 7, 7, json.dumps([PAUSE])),
        )
    return contact


def test_a_recording_is_played_by_hand_and_by_keys(
    centre: Serving, others: Others, office: Office, open_page: Opener
) -> None:
    contact = recorded_call(centre, others, office, Folder.open(Path(centre.environment["TEPLO_DATA"]) / "recordings"))
    page = open_page(f"/contacts/{contact}", login="supervisor1")
    player = page.get_by_role("group", name="Запись")
    place_in = player.get_by_role("slider", name="Место в записи")
    expect(place_in).to_have_attribute("aria-valuetext", "0:00 из 1:15")
    expect(player.get_by_role("list", name="Отметки").get_by_role("button", name="пауза записи")).to_be_visible()
    is_clean(page)

    player.get_by_role("button", name="Слушать").click()
    expect(player.get_by_role("button", name="Пауза", exact=True)).to_be_visible()
    until(page, "() => Number(document.querySelector('[role=slider]').getAttribute('aria-valuenow')) >= 2")
    place_in.focus()
    page.keyboard.press("Space")
    expect(player.get_by_role("button", name="Слушать")).to_be_visible()
    stands = _at(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert _at(page) == stands + 10
    page.keyboard.press("Home")
    player.get_by_role("button", name="пауза записи").click()
    expect(place_in).to_have_attribute("aria-valuetext", "0:48 из 1:15, пауза записи")
    player.get_by_role("radio", name="2×").click()
    page.keyboard.press("Tab")
    player.get_by_role("button", name="Слушать").click()
    until(page, "() => Number(document.querySelector('[role=slider]').getAttribute('aria-valuenow')) >= 50")
    lines = office.call("GET", "/audit?action=recording.listened").json()["items"]
    assert [line["object_id"] for line in lines] == [contact], "one line, however often it was stopped and sought"


def _at(page: Page) -> int:
    return int(page.get_by_role("slider", name="Место в записи").get_attribute("aria-valuenow") or -1)
