"""Texts that people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teplo.services.texts import clean

any_text = st.text(st.characters(exclude_categories=[]), max_size=200)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Айгуль \t Сафина\n", "Айгуль Сафина"),
        ("<b>жирный</b>", "<b>жирный</b>"),
        ("а\x00б\x1bв\x7f", "абв"),
        ("\u202eabc\u2066", "abc"),
        ("\ud800x", "x"),
        ("е\u0301", "е\u0301"),
        ("и\u0306", "й"),
        ("👩\u200d🚒", "👩\u200d🚒"),
    ],
)
def test_what_cannot_be_shown_is_dropped_and_the_rest_stays(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_lines_stay_where_they_are_wanted() -> None:
    assert clean(" раз\r\nдва\rтри\n", lines=True) == "раз\nдва\nтри"
    assert clean("раз\nдва") == "раз два"


@given(any_text, st.booleans())
def test_a_cleaned_text_can_be_stored_and_is_clean(typed: str, lines: bool) -> None:
    kept = clean(typed, lines=lines)
    kept.encode("utf-8")
    assert "\x00" not in kept
    assert clean(kept, lines=lines) == kept
