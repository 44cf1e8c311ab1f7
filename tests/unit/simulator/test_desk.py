"""The desk keeps its live state as the browser does."""

from teplo.simulator.desk import merge


def test_rows_merge_by_id_objects_by_key_and_none_deletes() -> None:
    state = {"me": {"presence": "available", "hand": None}, "work": {"a": {"id": "a", "unread": 1}, "b": {"id": "b"}}}
    merge(state, {"me": {"hand": 5.0}, "work": {"a": {"unread": 0}, "b": None, "c": {"id": "c"}}})
    assert state == {
        "me": {"presence": "available", "hand": 5.0},
        "work": {"a": {"id": "a", "unread": 0}, "c": {"id": "c"}},
    }


def test_a_map_that_was_empty_begins() -> None:
    state: dict[str, dict[str, object]] = {}
    merge(state, {"waiting": {"x": {"id": "x"}, "y": None}})
    assert state == {"waiting": {"x": {"id": "x"}}}
