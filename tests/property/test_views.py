"""What is sent to screens: an old state plus its changes is the new state."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter
from tests.live_traces import traces

from teplo.services.rows import DeskState, FloorState
from teplo.services.views import changes, merge

_value = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 3), st.sampled_from(["chat", "voice"]), st.lists(st.integers(0, 2))
)
_row = st.dictionaries(st.sampled_from("abc"), _value, max_size=3)
_map = st.dictionaries(st.sampled_from(["x", "y", "z"]), _row, max_size=3)
_flat = st.fixed_dictionaries({"presence": _value, "since": _value})
_state = st.fixed_dictionaries({"me": _flat, "work": _map, "agents": _map})


@given(_state, _state)
def test_a_stale_snapshot_and_its_changes_are_the_fresh_snapshot(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert merge(old, changes(old, new)) == new


@given(_state)
def test_nothing_is_sent_when_nothing_changed(state: dict[str, Any]) -> None:
    assert changes(state, state) == {}


@pytest.mark.parametrize("trace", list(traces(3)), ids=lambda trace: trace["topic"])
def test_screens_of_real_floors_come_to_the_fresh_state(trace: dict[str, Any]) -> None:
    shape: TypeAdapter[Any] = TypeAdapter(FloorState if trace["topic"] == "floor" else DeskState)
    shown = trace["stale"]
    for told, fresh in zip(trace["changes"], trace["fresh"], strict=True):
        shown = merge(shown, told)
        assert shown == fresh
        assert shape.dump_python(shape.validate_python(fresh)) == fresh, "it has the fields that are described"
