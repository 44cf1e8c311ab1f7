"""Shapes of configuration: whatever passes, the floor takes; nothing else passes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from teplo.domain.errors import Invalid, NotFound
from teplo.domain.queue import FloorSettings, Queue
from teplo.domain.requirement import parse
from teplo.services.config_kinds import BODIES, SETTINGS_ID
from teplo.services.config_references import Centre, references
from teplo.services.config_requirement import skills_of
from teplo.services.configuration import check_body
from teplo.storage.config import Item

NAMED = {"ru": "Имя", "en": "Name"}

skills = st.sampled_from(["finance", "tech", "sim"])
levels = st.tuples(st.integers(1, 5), st.integers(1, 5)).map(sorted)
leaves = st.just({}) | st.builds(lambda skill, ends: {"skill": skill, "min": ends[0], "max": ends[1]}, skills, levels)
expressions = st.recursive(
    leaves,
    lambda inner: (
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)})
        | st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)})
        | st.fixed_dictionaries({"not": inner})
    ),
    max_leaves=8,
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


def queue(**more: Any) -> dict[str, Any]:
    return {"name": NAMED, "steps": [{"after": 0}], **more}


@given(expressions)
def test_a_requirement_comes_out_as_it_went_in_and_the_floor_takes_it(expression: dict[str, Any]) -> None:
    try:
        body = check_body("queue", "q", queue(steps=[{"after": 0, "require": expression}]))
    except Invalid as refused:
        assert "nested too deeply" in str(refused.details)
        return
    stored = body["steps"][0]["require"]
    assert parse(stored) == parse(expression)
    assert skills_of(stored) == skills_of(expression)


@pytest.mark.parametrize(
    "expression",
    [
        {"skill": "a", "min": 3, "max": 2},
        {"skill": "a", "all": []},
        {"all": [{}], "any": [{}]},
        {"not": {"not": {"not": {"not": {"not": {"not": {"not": {"not": {}}}}}}}}},
        {"all": [{"any": [{}] * 20}] * 4},
        {"unknown": 1},
        [],
        "finance",
        None,
    ],
)
def test_what_is_no_requirement_is_refused(expression: Any) -> None:
    with pytest.raises(Invalid):
        check_body("queue", "q", queue(steps=[{"after": 0, "require": expression}]))


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "prefer": st.fixed_dictionaries({"language": st.floats(-5, 2000)}),
            "priority": st.floats(-3000, 3000),
            "preferred_seconds": st.floats(-1, 1e7),
            "offer_seconds": st.floats(-1, 5000),
            "wrap_up_seconds": st.floats(-1, 1e5),
            "wrap_up_extensions": st.integers(-1, 150),
            "wrap_up_extension_seconds": st.floats(-1, 5000),
            "target": st.fixed_dictionaries({"seconds": st.floats(-1, 1e6), "share": st.floats(-1, 2)}),
            "short_abandon": st.floats(-1, 5000),
            "max_wait": st.floats(-1, 1e8),
            "overflow": st.lists(
                st.fixed_dictionaries(
                    {"to": st.just("other")}, optional={"wait": st.floats(-1, 1e7), "length": st.integers()}
                ),
                max_size=3,
            ),
        },
    )
)
def test_whatever_passes_as_a_queue_the_floor_takes(more: dict[str, Any]) -> None:
    try:
        body = check_body("queue", "q", queue(**more))
    except Invalid:
        return
    Queue.from_json({**body, "id": "q", "hours": None})


@given(
    st.dictionaries(
        st.sampled_from(["total", "disconnect_grace", "refused_seconds", "max_talk", "hand_seconds"]), st.floats()
    )
)
def test_whatever_passes_as_settings_the_floor_takes(settings: dict[str, float]) -> None:
    try:
        body = check_body("settings", SETTINGS_ID, settings)
    except Invalid:
        return
    FloorSettings.from_json(body)


@given(st.sampled_from(sorted(BODIES)), anything)
def test_nonsense_is_refused_and_never_a_fault(kind: str, body: Any) -> None:
    id = {"settings": SETTINGS_ID, "retention": SETTINGS_ID, "person": "01900000-0000-7000-8000-000000000001"}.get(
        kind, "x"
    )
    try:
        check_body(kind, id, body)
    except Invalid as refused:
        assert refused.details["errors"]


@pytest.mark.parametrize(
    ("kind", "id"),
    [("skill", ""), ("skill", "-x"), ("skill", "a b"), ("skill", "x" * 64), ("skill", "a\n"), ("settings", "other")],
)
def test_ids_are_short_and_readable(kind: str, id: str) -> None:
    with pytest.raises(Invalid):
        check_body(kind, id, {"name": NAMED} if kind == "skill" else {})


def test_an_unknown_kind_is_not_found() -> None:
    with pytest.raises(NotFound):
        check_body("wish", "x", {})


def test_chains_of_parents_do_not_go_in_circles() -> None:
    def reason(id: str, parent: str | None) -> Item:
        return Item("reason", id, 1, True, check_body("reason", id, {"name": NAMED, "parent": parent}), 0.0, None)

    centre = Centre([reason("a", "b"), reason("b", "c"), reason("c", None)])
    with pytest.raises(Invalid):
        centre.check("reason", "c", reason("c", "a").body)
    centre.check("reason", "d", reason("d", "a").body)


def test_references_name_the_field() -> None:
    body = check_body("queue", "q", queue(overflow=[{"to": "other", "wait": 1}], hours="office"))
    assert list(references("queue", body)) == [("overflow.0.to", "queue", "other"), ("hours", "hours", "office")]
