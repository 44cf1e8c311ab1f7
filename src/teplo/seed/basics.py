"""What every centre begins with: tables, settings, break reasons, one skill, one queue, one page where chats begin."""

from collections.abc import Iterator
from typing import Any

from ..services.config_import import Given
from ..services.config_kinds import SETTINGS_ID
from .tables import reasons, regions

GENERAL = "chat-general"

_BREAKS = [
    ("lunch", "Обед", "Lunch", 30),
    ("rest", "Отдых", "Rest", 10),
    ("personal", "Личное", "Personal", 10),
    ("minute", "Нужна минута", "A minute for myself", 5),
]

CLOSED = {
    "ru": "Сейчас мы отдыхаем. Напишите, что случилось: ответим первым делом, как откроемся.",
    "en": "We are closed now. Tell us what happened: we answer first thing when we open.",
}

GREETING = {
    "ru": "Здравствуйте.\nЧем помочь?",
    "en": "Hello.\nHow can we help?",
}


def basics() -> Iterator[Given]:
    """Yield the configuration without which nothing works."""
    yield from reasons()
    yield from regions()
    yield "settings", SETTINGS_ID, {}
    yield "retention", SETTINGS_ID, {}
    for order, (id, ru, en, minutes) in enumerate(_BREAKS):
        yield "break_reason", id, {"name": {"ru": ru, "en": en}, "minutes": minutes, "order": order}
    yield "skill", "general", {"name": {"ru": "Общие вопросы", "en": "General questions"}}
    yield "queue", GENERAL, general_queue()


def general_queue() -> dict[str, Any]:
    """Return the queue that takes everything: three rings, the last one asks for nothing."""
    return {
        "name": {"ru": "Чат: общие вопросы", "en": "Chat: general questions"},
        "steps": [
            {"after": 0, "require": {"skill": "general", "min": 2}, "match": ["language", "region"]},
            {"after": 30, "require": {"skill": "general"}, "match": ["language"]},
            {"after": 120, "require": {}, "match": []},
        ],
        "prefer": {"language": 3, "region": 1},
        "target": {"seconds": 60, "share": 0.8},
        "closed_message": CLOSED,
    }


def minimal() -> Iterator[Given]:
    """Yield the configuration of a new installation: chats of the site reach everybody."""
    yield from basics()
    yield "team", "first", {"name": {"ru": "Первая группа", "en": "First team"}}
    yield "entry", "site", {"greeting": GREETING, "options": [], "default_queue": GENERAL}
