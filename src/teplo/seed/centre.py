"""The demo centre: skills, hours, queues with their rings, and the page where chats begin."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import holidays

from ..services.config_import import Given
from .basics import CLOSED, GENERAL, GREETING, basics
from .tables import number_ranges
from .voice import voice

_SKILLS = [
    ("finance", "Деньги и платежи", "Money and payments"),
    ("tariffs", "Тарифы и услуги", "Tariffs and services"),
    ("tech", "Связь и интернет", "Network and internet"),
    ("roaming", "Роуминг", "Roaming"),
    ("sim", "SIM-карта и договор", "SIM card and contract"),
    ("claims", "Жалобы и претензии", "Complaints and claims"),
    ("security", "Защита от мошенников", "Fraud protection"),
    ("retention", "Удержание", "Retention"),
    ("senior", "Сложные случаи", "Difficult matters"),
]

_TEAMS = [
    ("volga-1", "Волга-1", "Volga 1"),
    ("volga-2", "Волга-2", "Volga 2"),
    ("ural-1", "Урал-1", "Urals 1"),
    ("ural-2", "Урал-2", "Urals 2"),
    ("siberia", "Сибирь", "Siberia"),
    ("care", "Забота", "Care"),
]


def centre(today: date, supervisors: dict[str, str]) -> Iterator[Given]:
    """Yield everything but people; `supervisors` maps a team to the id of the person who leads it."""
    yield from basics()
    yield from number_ranges()
    for id, ru, en in _SKILLS:
        yield "skill", id, {"name": {"ru": ru, "en": en}}
    for id, ru, en in _TEAMS:
        yield "team", id, {"name": {"ru": ru, "en": en}, "supervisor": supervisors.get(id)}
    yield "hours", "office", _office_hours(today)
    for id, queue in _QUEUES.items():
        yield "queue", id, queue
    yield "entry", "site", _SITE
    yield from voice()


def _office_hours(today: date) -> dict[str, Any]:
    """Weekdays 08-20, Saturday 10-18; public holidays of this year and the next are closed, moved workdays are open."""
    years = (today.year, today.year + 1)
    calendar = holidays.country_holidays("RU", years=years)
    weekday = [["08:00", "20:00"]]
    special: dict[str, list[list[str]]] = {day.isoformat(): [] for day in sorted(calendar)}
    for day in sorted(calendar.weekend_workdays):
        if day.year in years:
            special[day.isoformat()] = weekday
    return {
        "name": {"ru": "Рабочие дни и суббота", "en": "Working days and Saturday"},
        "zone": "Asia/Yekaterinburg",
        "week": [*[weekday] * 5, [["10:00", "18:00"]], []],
        "special": special,
    }


def _able(skill: str, least: int = 1) -> dict[str, Any]:
    return {"skill": skill, "min": least}


def _ring(after: float, require: dict[str, Any], *match: str) -> dict[str, Any]:
    return {"after": after, "require": require, "match": list(match)}


def _queue(ru: str, en: str, steps: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "name": {"ru": f"Чат: {ru}", "en": f"Chat: {en}"},
        "steps": steps,
        "prefer": {"language": 3, "region": 1},
        "target": {"seconds": 60, "share": 0.8},
        "closed_message": CLOSED,
        **more,
    }


_TARIFFS = {"any": [_able("tariffs", 3), _able("sim", 4)]}

_QUEUES: dict[str, dict[str, Any]] = {
    "chat-money": _queue(
        "деньги и переводы",
        "money and transfers",
        [
            _ring(0, _able("finance", 3), "language", "region"),
            _ring(20, _able("finance", 3), "language"),
            _ring(60, {"any": [_able("finance", 2), _able("tariffs", 4)]}, "language"),
            _ring(180, {"any": [_able("finance"), _able("general", 3)]}),
        ],
        overflow=[{"to": GENERAL, "wait": 420}, {"to": GENERAL, "estimate": 1200}],
    ),
    "chat-network": _queue(
        "связь и интернет",
        "network and internet",
        [
            _ring(0, _able("tech", 4), "language", "region"),
            _ring(15, _able("tech", 4), "language"),
            _ring(30, _able("tech", 3), "language"),
            _ring(60, _able("tech", 2), "language"),
            _ring(120, {"any": [_able("tech"), _able("general", 4)]}, "language"),
            _ring(240, _able("general")),
        ],
        select="least_occupied",
        overflow=[{"to": GENERAL, "length": 60}],
    ),
    "chat-tariffs": _queue(
        "тариф и услуги",
        "tariffs and services",
        [
            _ring(0, {"all": [_TARIFFS, {"not": _able("senior", 3)}]}, "language", "region"),
            _ring(30, {"any": [_able("tariffs", 2), _able("sim", 2), _able("roaming", 3)]}, "language"),
            _ring(150, _able("general", 2)),
        ],
        overflow=[{"to": GENERAL, "wait": 420}],
    ),
    "chat-urgent": _queue(
        "нужна помощь, не про связь",
        "help needed, not about the service",
        [
            _ring(0, {"any": [_able("senior", 3), {"all": [_able("general", 4), _able("claims", 3)]}]}, "language"),
            _ring(10, _able("general", 4), "language"),
            _ring(20, {}, "language"),
            _ring(45, {}),
        ],
        priority=30,
        preferred_seconds=20,
        wrap_up_seconds=120,
        wrap_up_extensions=4,
        target={"seconds": 20, "share": 0.95},
    ),
    "chat-claims": _queue(
        "жалобы и претензии",
        "complaints and claims",
        [
            _ring(0, _able("claims", 3), "language"),
            _ring(60, _able("claims", 2), "language"),
            _ring(180, {"any": [_able("claims"), _able("senior", 3)]}),
        ],
        hours="office",
        preferred_seconds=300,
        wrap_up_seconds=120,
    ),
}

_SITE: dict[str, Any] = {
    "greeting": GREETING,
    "default_queue": GENERAL,
    "line": "main",
    "options": [
        {
            "reason": "MNY",
            "name": {"ru": "Деньги и переводы", "en": "Money and transfers"},
            "icon": "wallet",
            "queue": "chat-money",
        },
        {
            "reason": "NET",
            "name": {"ru": "Связь и интернет", "en": "Network and internet"},
            "icon": "signal",
            "queue": "chat-network",
        },
        {
            "reason": "TAR",
            "name": {"ru": "Тариф и услуги", "en": "Tariff and services"},
            "icon": "sim",
            "queue": "chat-tariffs",
        },
        {
            "reason": "HUM",
            "name": {"ru": "Нужна помощь, не про связь", "en": "I need help, not about the service"},
            "icon": "heart",
            "queue": "chat-urgent",
        },
    ],
}
