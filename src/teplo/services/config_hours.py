"""Business hours: a week, special days, a zone."""

import re
from datetime import date
from functools import cache
from typing import Annotated
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from .texts import Named, Strict

_CLOCK = re.compile(r"^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$")

TimeOfDay = Annotated[str, Field(pattern=_CLOCK.pattern)]


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(name: str) -> str:
    if name not in _zones():
        raise PydanticCustomError("zone", "not the name of an IANA time zone")
    return name


def _spans(spans: list[list[str]]) -> list[list[str]]:
    """Check opening times of one day: "HH:MM" pairs, in order, not touching each other; 24:00 ends a day."""
    last = ""
    for span in spans:
        if len(span) != 2 or not all(_CLOCK.match(end) for end in span):
            raise PydanticCustomError("span", 'opening times are pairs like ["08:00", "20:00"]')
        if span[0] >= span[1]:
            raise PydanticCustomError("span_order", "opening ends before it begins; split a night at 24:00")
        if span[0] <= last:
            raise PydanticCustomError("span_overlap", "opening times overlap or are out of order")
        last = span[1]
    return spans


def _day(value: str) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise PydanticCustomError("date", "not a date like 2026-12-31") from None


Zone = Annotated[str, AfterValidator(_zone), Field(max_length=60)]
Spans = Annotated[list[list[str]], AfterValidator(_spans), Field(max_length=6)]
Day = Annotated[str, AfterValidator(_day), Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]


class HoursBody(Strict):
    """When a queue is open. `week`: Monday first; `special`: dates that differ, an empty list means closed."""

    name: Named
    zone: Zone
    week: Annotated[list[Spans], Field(min_length=7, max_length=7)]
    special: Annotated[dict[Day, Spans], Field(max_length=400)] = {}
