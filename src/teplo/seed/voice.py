"""The demo centre's telephone: queues, the menu, the number 611, and a trunk that is this very machine."""

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

from ..services.config_import import Given


def _able(skill: str, least: int = 1) -> dict[str, Any]:
    return {"skill": skill, "min": least}


def _queue(ru: str, en: str, skill: str, **more: Any) -> dict[str, Any]:
    return {
        "name": {"ru": f"Звонки: {ru}", "en": f"Calls: {en}"},
        "channels": ["voice"],
        "steps": [
            {"after": 0, "require": _able(skill, 3), "match": ["language", "region"]},
            {"after": 10, "require": _able(skill, 2), "match": ["language"]},
            {"after": 30, "require": {"any": [_able(skill), _able("general")]}, "match": ["language"]},
            {"after": 90, "require": {}, "match": []},
        ],
        "prefer": {"language": 3, "region": 1},
        "offer_seconds": 15,
        "wrap_up_seconds": 60,
        "target": {"seconds": 20, "share": 0.8},
        **more,
    }


_QUEUES = {
    "voice-general": _queue("общие вопросы", "general questions", "general"),
    "voice-money": _queue("деньги и платежи", "money and payments", "finance"),
    "voice-network": _queue("связь и интернет", "network and internet", "tech"),
    "voice-tariffs": _queue("тариф и услуги", "tariffs and services", "tariffs"),
    "voice-urgent": _queue("срочная помощь", "urgent help", "general", priority=30, preferred_seconds=10),
}


def voice() -> Iterator[Given]:
    """Yield the configuration of the telephone."""
    for id, queue in _QUEUES.items():
        yield "queue", id, queue
    menu = json.loads(resources.files(__package__).joinpath("menu.json").read_text(encoding="utf-8"))
    yield "menu", "main", {"name": {"ru": "Главное меню", "en": "Main menu"}, "menu": menu}
    yield "line", "main", {"name": {"ru": "Справочная", "en": "Enquiries"}, "numbers": ["611", "teplo"], "menu": "main"}
    yield (
        "dialling",
        "centre",
        {"allowed": ["+7", "112"], "denied": ["+7803", "+7809"], "person_hour": 20, "person_day": 100, "day": 2000},
    )
    yield (
        "trunk",
        "local",
        {"name": {"ru": "Этот компьютер", "en": "This machine"}, "networks": ["127.0.0.0/8", "::1/128"]},
    )
