"""Requirement expressions: the words mean what they say, for one agent and for sets of agents alike."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teplo.domain.errors import Invalid
from teplo.domain.requirement import LEVELS, parse

SKILLS = ("money", "net", "tatar")
leaf: st.SearchStrategy[dict[str, Any]] = st.just({}) | st.builds(
    lambda skill, low, more: {"skill": skill, "min": low, "max": min(LEVELS, low + more)},
    st.sampled_from(SKILLS),
    st.integers(1, LEVELS),
    st.integers(0, 4),
)
expressions = st.recursive(
    leaf,
    lambda inner: (
        st.builds(lambda parts: {"all": parts}, st.lists(inner, max_size=3))
        | st.builds(lambda parts: {"any": parts}, st.lists(inner, max_size=3))
        | st.builds(lambda part: {"not": part}, inner)
    ),
    max_leaves=8,
)
people = st.lists(st.dictionaries(st.sampled_from(SKILLS), st.integers(1, LEVELS)), max_size=6)


def test_an_empty_requirement_is_met_by_everybody() -> None:
    assert parse({}).met_by({})


def test_a_skill_is_met_from_the_lowest_to_the_highest_level_named() -> None:
    need = parse({"skill": "money", "min": 2, "max": 4})
    assert [need.met_by({"money": level}) for level in range(1, 6)] == [False, True, True, True, False]


def test_without_levels_any_level_will_do() -> None:
    assert parse({"skill": "money"}).met_by({"money": 1})
    assert not parse({"skill": "money"}).met_by({"net": 5})


def test_all_any_and_not_combine() -> None:
    need = parse({"all": [{"any": [{"skill": "money"}, {"skill": "net"}]}, {"not": {"skill": "trainee"}}]})
    assert need.met_by({"net": 1})
    assert not need.met_by({"net": 1, "trainee": 1})
    assert not need.met_by({"tatar": 5})


def test_any_of_nothing_is_met_by_nobody() -> None:
    assert not parse({"any": []}).met_by({"money": 5})


def test_skills_that_count_against_somebody_are_not_named_as_reasons() -> None:
    assert parse({"all": [{"skill": "money"}, {"not": {"skill": "trainee"}}]}).wanted() == ("money",)


@given(expressions, people)
def test_sets_of_agents_are_judged_like_each_agent(expression: dict[str, Any], crowd: list[dict[str, int]]) -> None:
    everybody = (1 << len(crowd)) - 1
    masks = {
        skill: [sum(1 << n for n, has in enumerate(crowd) if has.get(skill, 0) >= level) for level in range(LEVELS + 2)]
        for skill in SKILLS
    }
    need = parse(expression)
    able = need.able(masks, everybody)
    assert [bool(able >> n & 1) for n in range(len(crowd))] == [need.met_by(has) for has in crowd]


@given(expressions)
def test_what_is_written_is_read_back(expression: dict[str, Any]) -> None:
    assert parse(parse(expression).to_json()) == parse(expression)


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        "money",
        {"skill": "money", "min": 0},
        {"skill": "money", "max": 6},
        {"skill": "money", "min": 4, "max": 2},
        {"skill": "money", "min": True},
        {"skill": 5},
        {"skill": ""},
        {"all": {}},
        {"some": []},
        {"all": [], "any": []},
        {"not": None},
        {"all": [{}] * 500},
    ],
)
def test_nonsense_is_refused(wrong: object) -> None:
    with pytest.raises(Invalid) as refusal:
        parse(wrong)
    assert refusal.value.code == "requirement.invalid"


def test_bottomless_nesting_is_refused() -> None:
    deep: dict[str, Any] = {}
    for _ in range(50):
        deep = {"not": deep}
    with pytest.raises(Invalid):
        parse(deep)
