"""Defects of menus in words, by their codes."""

from collections.abc import Mapping
from typing import Final

from ..domain.menu_check import Problem

_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "menu.field": ("Не заполнено или заполнено неверно.", "Empty or wrong."),
    "menu.node_unknown": (
        "Шага «{what}», на который отсюда ведёт путь, нет.",
        "There is no step “{what}” that this leads to.",
    ),
    "menu.unreachable": ("Сюда никто не попадёт: ни один путь не ведёт.", "Nobody gets here: no way leads to it."),
    "menu.loop": (
        "Кто ничего не нажимает, ходит по кругу через «{what}».",
        "Whoever presses nothing goes round in circles by “{what}”.",
    ),
    "menu.dead_end": ("Отсюда нельзя прийти к концу.", "No end can be reached from here."),
    "menu.prompt_missing": ("Нет записи «{what}».", "There is no prompt “{what}”."),
    "menu.queue_unknown": ("Очереди «{what}» для звонков нет.", "There is no queue “{what}” for calls."),
    "menu.hours_unknown": ("Расписания «{what}» нет.", "There are no opening hours “{what}”."),
    "menu.reason_unknown": ("Причины «{what}» нет.", "There is no reason “{what}”."),
    "menu.region_unknown": ("Региона «{what}» нет.", "There is no region “{what}”."),
    "menu.language_unknown": ("Языка «{what}» в этом меню нет.", "The menu does not speak “{what}”."),
    "menu.key_taken": (
        "Клавиша {what} уже занята: она работает в любом месте меню.",
        "Key {what} is taken: it works anywhere in the menu.",
    ),
    "menu.ambiguous": ("Одни клавиши начинаются с других: {what}.", "Some keys begin with others: {what}."),
}


def words(problem: Problem) -> dict[str, str]:
    """Return the defect in the languages of the screens."""
    ru, en = _TEXTS.get(problem.code, ("Здесь ошибка: {code}.", "There is a defect here: {code}."))
    values = {"what": problem.what, "code": problem.code}
    return {"ru": ru.format(**values), "en": en.format(**values)}
