"""Every sound menu leads every caller to an end, whatever is pressed, and never stands still."""

import json
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from teplo.domain import menu as m
from teplo.domain.menu_check import Known, problems
from teplo.domain.menu_nodes import FIELDS
from teplo.domain.menu_talk import ENDS, Digit, Facts, Input, Said, Started, Timeout
from teplo.domain.menu_walk import begin, step

NAMES = [f"n{number}" for number in range(8)]
_name = st.sampled_from([*NAMES, "out"])
_prompts = st.lists(st.sampled_from(["a", "b@en", "{opens}"]), min_size=1, max_size=2, unique=True)
_maybe = st.lists(st.just("c"), max_size=1)
_keys = st.sampled_from(["1", "2", "12", "123", "0", "*", "#"])
_asking = {
    "prompts": _prompts,
    "timeout": st.sampled_from([1, 5]),
    "retries": st.integers(0, 2),
    "silent": _maybe,
    "invalid": _maybe,
    "failed": _name,
}
_say = {"prompts": _prompts, "next": _name}
_node = st.one_of(
    st.fixed_dictionaries({"kind": st.just("say"), "interruptible": st.booleans(), **_say}),
    st.fixed_dictionaries({"kind": st.just("notice"), **_say}),
    st.fixed_dictionaries(
        {"kind": st.just("digits"), "options": st.dictionaries(_keys, _name, min_size=1, max_size=3), **_asking}
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("language"),
            "options": st.dictionaries(_keys, st.sampled_from(["ru", "en"]), min_size=1, max_size=2),
            "next": _name,
            "skip_known": st.booleans(),
            **_asking,
        }
    ),
    st.fixed_dictionaries(
        {
            "kind": st.just("collect"),
            "name": st.just("x"),
            "least": st.just(1),
            "most": st.integers(1, 4),
            "next": _name,
        }
        | _asking
    ),
    st.fixed_dictionaries({"kind": st.just("hours"), "queue": st.just("q"), "open": _name, "closed": _name}),
    st.fixed_dictionaries({"kind": st.just("announcements"), "items": st.just([{"prompts": ["a"]}]), "next": _name}),
    st.fixed_dictionaries(
        {
            "kind": st.just("branch"),
            "field": st.sampled_from(FIELDS),
            "cases": st.dictionaries(st.sampled_from(["vip", "yes", "ru"]), _name, max_size=2),
            "default": _name,
        }
    ),
    st.fixed_dictionaries({"kind": st.just("priority"), "by_segment": st.just({"vip": 5.0}), "next": _name}),
    st.fixed_dictionaries({"kind": st.just("queue"), "prompts": _maybe, "queue": st.just("q")}),
    st.fixed_dictionaries({"kind": st.just("hangup"), "prompts": _maybe, "why": st.just("x")}),
)
_menu = st.builds(
    lambda nodes, keys, visits: {
        "id": "m",
        "start": "n0",
        "give_up": "out",
        "most_visits": visits,
        "keys": keys,
        "nodes": {**dict(zip(NAMES, nodes, strict=True)), "out": {"kind": "queue", "queue": "q"}},
    },
    st.lists(_node, min_size=len(NAMES), max_size=len(NAMES)),
    st.dictionaries(st.sampled_from(["9"]), _name, max_size=1),
    st.integers(1, 20),
)
_facts = st.builds(Facts, st.booleans(), st.sampled_from([None, "vip"]), st.just(None), st.sampled_from([None, "en"]))
_input = st.one_of(
    st.sampled_from("0123459*#").map(Digit),
    st.just("said"),
    st.just("timeout"),
    _facts,
    st.builds(Said, st.integers(0, 3)),
    st.just(Started()),
)


@settings(max_examples=150, deadline=None)
@given(_menu, st.lists(_input, max_size=60))
def test_every_caller_reaches_an_end_and_no_state_stands_still(data: dict[str, Any], inputs: list[Any]) -> None:
    """It holds even for menus with defects; the validator only asks for more."""
    menu, now = m.Menu.from_json(data), 1000.0
    state, actions = step(menu, begin(menu), Started(), now)
    done = [*actions]
    at_most = (menu.most_visits + 2) * 3 * 6
    for given_ in [*inputs, *["timeout"] * at_most]:
        assert (state.phase == "over") == (state.deadline is None)
        assert (state.phase == "over") == any(isinstance(action, ENDS) for action in done)
        if given_ == "timeout":
            now = max(now, state.deadline or now)
        item: Input = Timeout() if given_ == "timeout" else Said(state.turn) if given_ == "said" else given_
        before = state
        state, actions = step(menu, state, item, now)
        done += actions
        assert given_ != "timeout" or before.phase == "over" or state != before, "a deadline leads on"
    assert state.phase == "over"
    assert sum(isinstance(action, ENDS) for action in done) == 1
    assert isinstance(done[-1], ENDS)


@given(_menu)
def test_the_written_form_comes_back(data: dict[str, Any]) -> None:
    menu = m.Menu.from_json(data)
    written = menu.to_json()
    assert m.Menu.from_json(json.loads(json.dumps(written))) == menu
    assert m.Menu.from_json(written).to_json() == written


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(_menu)
def test_in_a_sound_menu_silence_visits_no_node_twice(data: dict[str, Any]) -> None:
    assume(not {p.code for p in problems(data, Known())} - {"menu.unreachable"})
    menu, now = m.Menu.from_json({**data, "most_visits": 100}), 1000.0
    state, _ = step(menu, begin(menu), Started(), now)
    while state.phase != "over":
        now = max(now, state.deadline or now)
        state, _ = step(menu, state, Timeout(), now)
    assert state.visits <= len(menu.nodes)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["kind", "next", "options", "a"]), inner)
    ),
    max_leaves=8,
)


@given(_menu, st.sampled_from([*NAMES, "start", "keys", "nodes", "languages"]), _json)
def test_the_validator_never_fails_on_nonsense(data: dict[str, Any], where: str, what: Any) -> None:
    broken = {**data, where: what} if where in ("start", "keys", "nodes", "languages") else data
    if broken is data:
        broken = {**data, "nodes": {**data["nodes"], where: what}}
    for problem in problems(broken, Known({"ru": ["a"]}, ["q"], [], [])):
        assert problem.code.startswith("menu.")
    problems(what, Known())
