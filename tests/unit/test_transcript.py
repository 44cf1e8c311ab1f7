"""The record of a chat that a subscriber keeps."""

from zoneinfo import ZoneInfo

import pytest

from teplo.services import transcript
from teplo.storage.messages import Message

NOON = 1_700_000_000.0


def said(text: str, at: float = NOON) -> Message:
    return Message("m1", "t", 1, "c", at, "subscriber", None, "text", text, None)


@pytest.mark.parametrize(
    ("zone", "language", "local", "title"),
    [
        ("Asia/Omsk", "ru", True, "Запись чата. Местное время (UTC+6)."),
        ("Asia/Yekaterinburg", "ru", False, "Запись чата. Время указано по UTC+5."),
        ("Asia/Kolkata", "en", True, "Chat transcript. Local time (UTC+5:30)."),
        ("America/St_Johns", "en", True, "Chat transcript. Local time (UTC−3:30)."),
        ("UTC", "en", False, "Chat transcript. Times are UTC."),
    ],
)
def test_the_time_is_named_for_people(zone: str, language: str, local: bool, title: str) -> None:
    text = transcript.write([said("Здравствуйте")], {}, ZoneInfo(zone), language, local=local)
    assert text.split("\n")[0] == title
    assert zone == "UTC" or zone not in text
