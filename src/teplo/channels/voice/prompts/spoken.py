"""What is said of numbers, times and places: lists of prompt names in right Russian and English.

Russian numerals agree in gender and case, so a number is put together from fragments of the wanted form: «двадцать» and
«одной» make «около двадцати одной минуты» only in the genitive. `n.21` is no fragment,
`n.20` and `n.1.f` are.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Literal

Gender = Literal["m", "f", "n"]
Case = Literal["nom", "gen", "acc"]
Words = list[str]

MOST = 999
"""The greatest number that can be said."""

MINUTE, HOUR = 60, 3600


def number(value: int, language: str, gender: Gender = "m", case: Case = "nom") -> Words:
    """Return a cardinal of 0..999. `acc` is that of things without a soul: only «одну» differs from the nominative."""
    if not 0 <= value <= MOST:
        raise ValueError("a number of 0 to 999 is expected")
    hundreds, rest = value // 100 * 100, value % 100
    form = ".gen" if case == "gen" and language == "ru" else ""
    out = _hundreds(hundreds, language, form)
    if rest > 20 and rest % 10:
        out.append(f"n.{rest - rest % 10}{form}")
        rest %= 10
    if rest or not out:
        out.append(f"n.{rest}{_unit_form(rest, gender, case) if language == 'ru' else ''}")
    return out


def _hundreds(hundreds: int, language: str, form: str) -> Words:
    if not hundreds:
        return []
    return [f"n.{hundreds}{form}"] if language == "ru" else [f"n.{hundreds // 100}", "hundred"]


def _unit_form(value: int, gender: Gender, case: Case) -> str:
    if case == "gen":
        return ".gen.f" if value == 1 and gender == "f" else ".gen"
    if value == 1:
        return ".acc.f" if case == "acc" and gender == "f" else {"m": "", "f": ".f", "n": ".n"}[gender]
    return ".f" if value == 2 and gender == "f" else ""


def ordinal(value: int, language: str, form: Literal["m", "f", "n", "gen"] = "n") -> Words:
    """Return an ordinal of 1..999: only its last word is one. `gen` is the genitive of days, «двадцать первого»."""
    if not 1 <= value <= MOST:
        raise ValueError("an ordinal of 1 to 999 is expected")
    end = f".{form}" if language == "ru" else ""
    last = value % 100 if value % 100 <= 20 else value % 10 or value % 100
    if not last:
        head = _hundreds(value, language, "")
        return [f"o.{value}{end}"] if language == "ru" else [*head[:1], "hundredth"]
    before = value - last
    return [*(number(before, language) if before else []), f"o.{last}{end}"]


def counted(value: int, unit: str, language: str, case: Case = "nom") -> Words:
    """Return a number with `second`, `minute` or `hour`; the unit's case follows from the number."""
    gender: Gender = "m" if unit == "hour" else "f"
    return [*number(value, language, gender, case), _unit(value, unit, language, case)]


def _unit(value: int, unit: str, language: str, case: Case) -> str:
    if language != "ru":
        return f"{unit}.one" if value == 1 else f"{unit}.many"
    if case == "gen":
        return f"{unit}.few" if _ends_in_one(value) else f"{unit}.many"  # «одной минуты», but «двух минут»
    if _ends_in_one(value):
        return f"{unit}.acc" if case == "acc" and unit != "hour" else f"{unit}.one"
    few = value % 10 in (2, 3, 4) and value % 100 not in (12, 13, 14)
    return f"{unit}.few" if few else f"{unit}.many"


def _ends_in_one(value: int) -> bool:
    return value % 10 == 1 and value % 100 != 11


def duration(low_s: float, high_s: float, language: str) -> Words:
    """Return «около трёх минут», «от двух до пяти минут», «меньше минуты»; nothing where the estimate is no number.

    Beyond ten minutes the figures are rounded as people do: to five, beyond an hour it is only "more".
    """
    if not (math.isfinite(low_s) and math.isfinite(high_s)) or high_s < 0:
        return []
    low_s, high_s = sorted((max(low_s, 0.0), max(high_s, 0.0)))
    if high_s <= MINUTE:
        return ["less_than_minute"]
    low, high = _rounded(low_s, up=False), _rounded(high_s, up=True)
    if low >= 60:
        return ["more_than_hour"]
    if high - low <= (1 if high <= 10 else 5) or high > 60:
        middle = min(60, _rounded((low_s + high_s) / 2, up=True))
        return ["about_hour"] if middle == 60 else ["about", *counted(middle, "minute", language, "gen")]
    return ["from", *number(low, language, "f", "gen"), "to", *counted(high, "minute", language, "gen")]


def _rounded(seconds: float, up: bool) -> int:
    minutes = max(1, math.ceil(seconds / MINUTE) if up else math.floor(seconds / MINUTE))
    unit = 1 if minutes <= 10 else 5
    return (math.ceil if up else math.floor)(minutes / unit) * unit


def place(position: int, language: str, gender: Gender | None = None) -> Words:
    """Return «ваше место в очереди: второе», or «вы вторая в очереди» where the gender is known; nothing beyond 999."""
    if not 1 <= position <= MOST:
        return []
    if language != "ru":
        return ["you_are_number", *number(position, language), "in_line"]
    if gender in ("m", "f"):
        return ["you", *ordinal(position, language, gender), "in_line"]
    return ["place", *ordinal(position, language, "n")]


def wait(language: str, position: int, low_s: float, high_s: float, gender: Gender | None = None) -> Words:
    """Return place and estimate, what is known of them."""
    estimate = duration(low_s, high_s, language)
    return [*place(position, language, gender), *(["wait", *estimate] if estimate else [])]


def clock(hour: int, minute: int, language: str) -> Words:
    """Return a time of day: «девять часов пять минут», "nine oh five a.m."."""
    if not (0 <= hour <= 23 and 0 <= minute <= 59):
        raise ValueError("a time of day is expected")
    if language == "ru":
        return [*counted(hour, "hour", "ru"), *(counted(minute, "minute", "ru", "acc") if minute else [])]
    out = number(hour % 12 or 12, language)
    if minute:
        out += ["oh"] * (minute < 10) + number(minute, language)
    return [*out, "am" if hour < 12 else "pm"]


def day(of: date, language: str) -> Words:
    """Return a day of a month: «двадцать пятого мая», "May the twenty-fifth"."""
    if language == "ru":
        return [*ordinal(of.day, "ru", "gen"), f"month.{of.month}"]
    return [f"month.{of.month}", "the", *ordinal(of.day, language)]


def moment(at: datetime, now: datetime, language: str) -> Words:
    """Return «завтра в девять часов», «в понедельник в девять часов», «двадцать пятого мая в девять часов».

    Both are local times of the same zone.
    """
    days = (at.date() - now.date()).days
    if days in (0, 1):
        start = ["today" if days == 0 else "tomorrow"]
    elif 1 < days < 7:
        start = [f"on.{at.isoweekday()}"]
    else:
        start = day(at.date(), language)
    return [*start, "at", *clock(at.hour, at.minute, language)]
