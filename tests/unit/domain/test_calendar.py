"""Business hours: a week in a zone without summer time, special days, and the next opening."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teplo.domain.calendar import Hours
from teplo.domain.errors import Invalid

URAL = "Asia/Yekaterinburg"
WEEKDAYS = [[["08:00", "20:00"]]] * 5 + [[["10:00", "13:00"], ["14:00", "18:00"]], []]


def hours(zone: str = URAL, week: list[Any] | None = None, special: dict[str, Any] | None = None) -> Hours:
    return Hours.from_json({"zone": zone, "week": week or WEEKDAYS, "special": special or {}})


def at(text: str, zone: str = URAL) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def test_open_from_the_first_minute_to_the_last() -> None:
    week = hours()
    assert not week.is_open(at("2026-01-05 07:59:59.9"))
    assert week.is_open(at("2026-01-05 08:00"))
    assert week.is_open(at("2026-01-05 19:59:59.9"))
    assert not week.is_open(at("2026-01-05 20:00"))


def test_the_zone_decides_what_eight_o_clock_is() -> None:
    moscow, kamchatka = hours("Europe/Moscow"), hours("Asia/Kamchatka")
    early = at("2026-01-05 08:00", "Asia/Kamchatka")
    assert kamchatka.is_open(early)
    assert moscow.opens_at(early) == early + 9 * 3600


def test_russian_zones_keep_their_hours_all_year() -> None:
    week = hours("Europe/Kaliningrad")
    for month in range(1, 13):
        day = next(day for day in range(8, 15) if datetime(2026, month, day).weekday() == 2)
        opening = datetime(2026, month, day, 6, 0, tzinfo=ZoneInfo("UTC")).timestamp()
        assert week.state(opening - 1) == (False, opening)
        assert week.is_open(opening)


def test_a_break_at_noon_closes() -> None:
    assert hours().state(at("2026-01-10 13:30")) == (False, at("2026-01-10 14:00"))


def test_from_saturday_evening_the_next_opening_is_monday() -> None:
    assert hours().opens_at(at("2026-01-10 18:00")) == at("2026-01-12 08:00")


def test_a_special_day_replaces_the_day_of_the_week() -> None:
    new_year = hours(special={"2026-12-31": [["08:00", "16:00"]], "2027-01-01": []})
    assert not new_year.is_open(at("2026-12-31 17:00"))
    assert new_year.opens_at(at("2026-12-31 17:00")) == at("2027-01-02 10:00")


def test_a_special_day_can_open_a_sunday() -> None:
    assert hours(special={"2026-01-11": [["09:00", "12:00"]]}).is_open(at("2026-01-11 09:00"))


def test_all_ten_holidays_are_passed_over() -> None:
    closed: dict[str, Any] = {f"2026-01-{day:02}": [] for day in range(1, 12)}
    assert hours(special=closed).opens_at(at("2025-12-31 20:00")) == at("2026-01-12 08:00")


def test_midnight_is_no_closing_where_the_next_day_goes_on() -> None:
    nights = hours(week=[[["00:00", "02:00"], ["20:00", "24:00"]]] * 7)
    assert nights.state(at("2026-01-05 21:00")) == (True, at("2026-01-06 02:00"))


def test_round_the_clock_never_closes() -> None:
    assert hours(week=[[["00:00", "24:00"]]] * 7).state(at("2026-01-05 03:00")) == (True, None)


def test_a_week_without_hours_never_opens() -> None:
    assert hours(week=[[]] * 7).state(at("2026-01-05 03:00")) == (False, None)
    assert hours(week=[[]] * 7).opens_at(at("2026-01-05 03:00")) is None


@given(st.floats(at("2026-01-01"), at("2027-12-31")))
def test_the_state_lasts_exactly_until_its_change(moment: float) -> None:
    week = hours(special={"2026-12-31": [["08:00", "16:00"]], "2027-01-01": []})
    is_open, change = week.state(moment)
    assert change is not None and change > moment
    assert week.is_open(change - 0.001) is is_open or change - 0.001 < moment
    assert week.is_open(change) is not is_open


def test_a_zone_with_summer_time_keeps_local_hours() -> None:
    berlin = hours("Europe/Berlin")
    winter, summer = at("2026-01-07 08:00", "Europe/Berlin"), at("2026-07-08 08:00", "Europe/Berlin")
    assert berlin.is_open(winter) and not berlin.is_open(winter - 1)
    assert berlin.is_open(summer) and not berlin.is_open(summer - 1)
    assert (summer - winter) % 86400 == 86400 - 3600


def test_what_is_written_is_read_back() -> None:
    week = hours(special={"2026-12-31": [["08:00", "16:00"]]})
    assert Hours.from_json(week.to_json()) == week


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        {},
        {"zone": "Mars/Olympus", "week": WEEKDAYS},
        {"zone": "../../etc/passwd", "week": WEEKDAYS},
        {"zone": None, "week": WEEKDAYS},
        {"zone": URAL, "week": WEEKDAYS[:6]},
        {"zone": URAL, "week": [[["20:00", "08:00"]]] * 7},
        {"zone": URAL, "week": [[["08:00", "12:00"], ["11:00", "13:00"]]] * 7},
        {"zone": URAL, "week": [[["8:00", "20:00"]]] * 7},
        {"zone": URAL, "week": [[["08:00", "24:01"]]] * 7},
        {"zone": URAL, "week": [[["08:60", "20:00"]]] * 7},
        {"zone": URAL, "week": [["08:00"]] * 7},
        {"zone": URAL, "week": WEEKDAYS, "special": {"31.12.2026": []}},
        {"zone": URAL, "week": WEEKDAYS, "special": []},
    ],
)
def test_nonsense_is_refused(wrong: object) -> None:
    with pytest.raises(Invalid) as refusal:
        Hours.from_json(wrong)
    assert refusal.value.code == "hours.invalid"
