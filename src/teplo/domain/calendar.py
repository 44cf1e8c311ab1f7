"""Business hours in a zone: a week, and special days that replace a day of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from .errors import Invalid
from .ids import Instant

HORIZON_DAYS = 400
"""How far ahead an opening is looked for; a year of special days fits in."""

Day = tuple[tuple[int, int], ...]
"""Open intervals of a day in minutes since its midnight, in order, not overlapping."""


@dataclass(frozen=True, slots=True)
class Hours:
    """When a queue is open. `week` has seven days, Monday first; `special` maps an ISO date to its own day."""

    zone: str
    week: tuple[Day, ...]
    special: dict[str, Day]
    _zone: ZoneInfo = field(compare=False, repr=False)

    @classmethod
    def from_json(cls, data: Any) -> Hours:
        """Check and build; raise Invalid("hours.invalid")."""
        if not isinstance(data, dict):
            raise Invalid("hours.invalid", field="hours")
        week, special = data.get("week"), data.get("special", {})
        if not isinstance(week, list) or len(week) != 7:
            raise Invalid("hours.invalid", field="week")
        if not isinstance(special, dict):
            raise Invalid("hours.invalid", field="special")
        name = data.get("zone")
        return cls(
            zone=str(name),
            week=tuple(_day(day, "week") for day in week),
            special={_iso(key): _day(day, "special") for key, day in special.items()},
            _zone=_zone_of(name),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the hours as they are written in the configuration."""
        return {
            "zone": self.zone,
            "week": [_day_json(day) for day in self.week],
            "special": {key: _day_json(day) for key, day in sorted(self.special.items())},
        }

    def state(self, at: Instant) -> tuple[bool, Instant | None]:
        """Return whether it is open at this instant, and when that changes (None: not within the horizon)."""
        for start, end in self._open_spans(at):
            if at < start:
                return False, start
            if at < end:
                return True, end if end < at + (HORIZON_DAYS - 2) * 86400 else None
        return False, None

    def is_open(self, at: Instant) -> bool:
        """Tell whether the instant is inside business hours."""
        return self.state(at)[0]

    def opens_at(self, at: Instant) -> Instant | None:
        """Return this instant if open, else the next opening, or None if there is none within the horizon."""
        is_open, change = self.state(at)
        return at if is_open else change

    def _open_spans(self, at: Instant) -> Iterator[tuple[Instant, Instant]]:
        """Yield open spans in order, from the day before on; spans that touch (midnight) are joined."""
        current: tuple[Instant, Instant] | None = None
        day = datetime.fromtimestamp(at, UTC).astimezone(self._zone).date() - timedelta(days=1)
        for _ in range(HORIZON_DAYS):
            for start, end in self._spans_of(day):
                if current is not None and start <= current[1]:
                    current = (current[0], max(end, current[1]))
                    continue
                if current is not None:
                    yield current
                current = (start, end)
            day += timedelta(days=1)
        if current is not None:
            yield current

    def _spans_of(self, day: date) -> Iterator[tuple[Instant, Instant]]:
        spans = self.special.get(day.isoformat(), self.week[day.weekday()])
        for start, end in spans:
            first, last = self._instant(day, start), self._instant(day, end)
            if first < last:
                yield first, last

    def _instant(self, day: date, minutes: int) -> Instant:
        if minutes == 24 * 60:
            day, minutes = day + timedelta(days=1), 0
        return datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=self._zone).timestamp()


def _zone_of(name: Any) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise Invalid("hours.invalid", field="zone") from error


def _iso(key: Any) -> str:
    try:
        return date.fromisoformat(key).isoformat()
    except (TypeError, ValueError) as error:
        raise Invalid("hours.invalid", field="special") from error


def _day(data: Any, name: str) -> Day:
    if not isinstance(data, list):
        raise Invalid("hours.invalid", field=name)
    spans = sorted(_span(item, name) for item in data)
    if any(before[1] > after[0] for before, after in zip(spans, spans[1:], strict=False)):
        raise Invalid("hours.invalid", field=name, why="intervals overlap")
    return tuple(spans)


def _span(data: Any, name: str) -> tuple[int, int]:
    if not isinstance(data, (list, tuple)) or len(data) != 2:
        raise Invalid("hours.invalid", field=name)
    start, end = _minutes(data[0], name), _minutes(data[1], name)
    if end == 0:
        end = 24 * 60
    if start >= end:
        raise Invalid("hours.invalid", field=name, why="an interval ends before it starts")
    return start, end


def _minutes(value: Any, name: str) -> int:
    hours, _, minutes = value.partition(":") if isinstance(value, str) else ("", "", "")
    if not (len(hours) == len(minutes) == 2 and hours.isdecimal() and minutes.isdecimal()):
        raise Invalid("hours.invalid", field=name)
    total = int(hours) * 60 + int(minutes)
    if int(minutes) > 59 or total > 24 * 60:
        raise Invalid("hours.invalid", field=name)
    return total


def _day_json(day: Day) -> list[list[str]]:
    return [[f"{minutes // 60:02}:{minutes % 60:02}" for minutes in span] for span in day]
