"""The voice menu: what a caller hears, where keys lead, what happens when nothing comes, and what a validator finds."""

import json
from importlib.resources import files
from typing import Any

import pytest

from teplo.channels.voice.prompts import catalogue
from teplo.domain import menu as m
from teplo.domain.calendar import Hours
from teplo.domain.errors import Invalid
from teplo.domain.menu_check import Known, Problem, dry_run, problems
from teplo.domain.menu_nodes import Announcement
from teplo.domain.menu_talk import (
    Action,
    Around,
    Ask,
    Digit,
    Facts,
    HangUp,
    Input,
    Moment,
    OfferCallback,
    Prompt,
    Said,
    Say,
    Started,
    State,
    TakeMessage,
    Timeout,
    ToQueue,
)  # fmt: skip
from teplo.domain.menu_walk import SAY_LIMIT, begin, step

NOW = 1_767_600_000.0  # a Monday, 2026-01-05 08:00 UTC
OFFICE = Hours.from_json({"zone": "Europe/Moscow", "week": [[["12:00", "20:00"]]] * 5 + [[], []], "special": {}})
QUEUES = ["voice-money", "voice-network", "voice-tariffs", "voice-general", "voice-urgent"]


def default() -> dict[str, Any]:
    """The menu that ships with the product."""
    found: dict[str, Any] = json.loads((files("teplo.seed") / "menu.json").read_text(encoding="utf-8"))
    found["nodes"] |= {
        "closed": {"kind": "say", "prompts": ["closed", "{opens}"], "next": "closed_choice"},
        "closed_choice": {
            "kind": "digits", "prompts": ["closed_choice"], "silent": ["silent"], "invalid": ["invalid"],
            "timeout": 6, "retries": 1, "options": {"1": "callback", "2": "message"}, "failed": "goodbye",
        },
        "callback": {"kind": "callback", "prompts": ["callback_accepted"], "queue": "voice-general"},
        "message": {"kind": "message", "prompts": ["message_intro"], "queue": "voice-general", "seconds": 120},
        "goodbye": {"kind": "hangup", "prompts": ["goodbye"], "why": "closed"},
    }  # fmt: skip
    return found


def small(**nodes: dict[str, Any]) -> dict[str, Any]:
    """A menu of these nodes; `first` is the start, `out` the end."""
    out = {"kind": "queue", "queue": "voice-general"}
    return {"id": "t", "start": "first", "give_up": "out", "nodes": {"out": out, **nodes}}


class Call:
    """A caller on the way through a menu."""

    def __init__(self, data: dict[str, Any], around: Around | None = None) -> None:
        self.menu, self.around, self.now = m.Menu.from_json(data), around or Around(), NOW
        self.state: State = begin(self.menu)
        self.actions: list[Action] = []

    def give(self, *given: Input) -> list[Action]:
        """Return what the inputs brought."""
        self.actions = []
        for item in given:
            if isinstance(item, Timeout) and self.state.deadline is not None:
                self.now = self.state.deadline
            self.state, actions = step(self.menu, self.state, item, self.now, self.around)
            self.actions += actions
        return self.actions

    def said(self) -> list[Action]:
        """What plays is over."""
        return self.give(Said(self.state.turn))

    def heard(self) -> list[str]:
        """Return the prompts of the last actions."""
        says = [action for action in self.actions if isinstance(action, Say)]
        return [f"{part.name}@{part.language}" for say in says for part in say.parts if isinstance(part, Prompt)]


CHOICE = {
    "kind": "digits", "prompts": ["reasons"], "silent": ["silent"], "invalid": ["invalid"], "timeout": 5, "retries": 1,
    "options": {"1": "one", "0": "out"}, "failed": "out",
}  # fmt: skip
ONE = {"kind": "hangup", "prompts": ["goodbye"], "why": "one"}


# --- the shipped menu -----------------------------------------------------------------------------------------


def test_the_shipped_menu_has_no_defects_and_all_its_prompts() -> None:
    prompts = {language: [*catalogue.texts(language), "beep"] for language in catalogue.LANGUAGES}
    assert problems(default(), Known(prompts, QUEUES, [], [])) == []


def test_a_caller_walks_to_the_queue_of_the_reason() -> None:
    call = Call(default())
    call.give(Started(), Facts())
    assert call.heard() == ["greeting@ru", "greeting@en"]
    call.said()
    assert call.heard() == ["language_choice@ru", "language_choice@en"]
    call.give(Digit("2"))
    assert call.heard() == ["recording_notice@en"]
    call.said()
    call.said()
    assert call.heard() == ["reasons@en"]
    call.give(Digit("1"))
    assert call.heard() == ["to_person@en"]
    assert call.said() == [ToQueue("voice-money", 0.0, "en", "BAL", {}, True, {})]
    assert call.state.phase == "over"
    assert call.give(Digit("1")) == []


def test_whoever_is_known_hears_the_own_language_and_has_the_own_rank() -> None:
    call = Call(default())
    call.give(Started(), Facts(known=True, segment="vip", language="en"))
    call.said()
    assert call.heard() == ["recording_notice@en"]
    call.said()
    call.said()
    call.give(Digit("0"))
    (end,) = call.said()
    assert isinstance(end, ToQueue)
    assert (end.priority, end.language) == (10.0, "en")


def test_a_caller_who_does_nothing_reaches_a_person() -> None:
    lines = dry_run(m.Menu.from_json(default()), [], Facts(), NOW)
    assert lines[-1].kind == "queue"
    assert lines[-1].what == "voice-general"
    assert [line.what for line in lines].count("silent") == 2


def test_a_dry_run_tells_all_that_is_heard() -> None:
    texts = {language: catalogue.texts(language) for language in catalogue.LANGUAGES}
    lines = dry_run(m.Menu.from_json(default()), ["1", "7", "3"], Facts(), NOW, texts=texts)
    words = [line.what for line in lines if line.kind == "say"]
    assert words[0].startswith("Здравствуйте")
    assert "Такого пункта нет." in words
    assert (lines[-1].kind, lines[-1].what) == ("queue", "voice-tariffs")


def test_the_emergency_key_works_at_any_time_even_over_the_notice() -> None:
    call = Call(default())
    call.give(Started(), Facts())
    call.said()
    call.give(Digit("1"))
    assert call.heard() == ["recording_notice@ru"]
    call.give(Digit("9"))
    assert call.heard() == ["urgent@ru"]
    (end,) = call.said()
    assert isinstance(end, ToQueue)
    assert (end.queue, end.priority, end.noticed) == ("voice-urgent", 30.0, False)


def test_out_of_hours_the_opening_is_spoken_and_a_message_is_taken() -> None:
    call = Call(default(), Around(queues={"voice-tariffs": OFFICE}))
    call.give(Started(), Facts(language="ru"))
    for _ in range(3):
        call.said()
    call.give(Digit("3"))
    (say,) = call.actions
    assert isinstance(say, Say)
    assert say.parts == (Prompt("closed", "ru"), Moment(NOW + 3600, "Europe/Moscow", "ru"))
    call.said()
    call.give(Digit("2"))
    assert call.said() == [TakeMessage("voice-general", 120.0, "ru", None, 0.0)]


def test_out_of_hours_a_callback_is_promised() -> None:
    lines = dry_run(
        m.Menu.from_json(default()), ["1", "3", "1"], Facts(), NOW, Around(queues={"voice-tariffs": OFFICE})
    )
    assert (lines[-1].kind, lines[-1].what) == ("callback", "voice-general")
    assert OfferCallback("q", 0.0, "ru", None).queue == "q"


# --- rules ----------------------------------------------------------------------------------------------------


def test_the_wait_for_a_key_begins_when_the_prompt_is_over() -> None:
    call = Call(small(first=CHOICE, one=ONE))
    say, ask = call.give(Started())
    assert say == Say(1, (Prompt("reasons", "ru"),), True)
    assert ask == Ask(1, 5)
    assert call.state.deadline == NOW + SAY_LIMIT
    call.now += 4
    call.said()
    assert call.state.deadline == call.now + 5


def test_silence_and_wrong_keys_use_up_the_tries() -> None:
    call = Call(small(first=CHOICE, one=ONE))
    call.give(Started())
    call.said()
    call.give(Timeout())
    assert call.heard() == ["silent@ru", "reasons@ru"]
    call.give(Digit("5"))
    assert call.actions == [ToQueue("voice-general", 0.0, "ru", None, {}, False, {})]


def test_what_comes_late_changes_nothing() -> None:
    call = Call(small(first=CHOICE, one=ONE))
    call.give(Started())
    before = call.state
    assert call.give(Said(0)) == []
    state, actions = step(call.menu, before, Timeout(), NOW + 1)
    assert (state, actions) == (before, [])
    assert call.give(Started()) == []
    assert call.state == before
    assert step(call.menu, begin(call.menu), Digit("1"), NOW) == (begin(call.menu), [])


def test_keys_pressed_ahead_answer_the_questions_to_come() -> None:
    first = {"kind": "say", "prompts": ["greeting"], "next": "notice"}
    notice = {"kind": "notice", "prompts": ["recording_notice"], "next": "ask"}
    call = Call(small(first=first, notice=notice, ask={**CHOICE, "options": {"12": "one"}}, one=ONE))
    call.give(Started(), Digit("1"))
    assert call.heard() == ["greeting@ru", "recording_notice@ru"]
    assert call.give(Digit("2")) == [], "the notice is heard to its end"
    call.said()
    assert call.heard() == ["goodbye@ru"]
    assert call.state.noticed


def test_options_of_several_digits_wait_only_while_they_must() -> None:
    call = Call(small(first={**CHOICE, "options": {"1": "one", "11": "out"}}, one=ONE))
    call.give(Started())
    assert call.give(Digit("1")) == []
    call.give(Timeout())
    assert call.heard() == ["goodbye@ru"]
    call = Call(small(first={**CHOICE, "options": {"1": "one", "11": "out"}}, one=ONE))
    call.give(Started(), Digit("1"), Digit("1"))
    assert isinstance(call.actions[-1], ToQueue)


def test_a_number_is_collected_and_any_time_keys_are_data_in_it() -> None:
    ask = {
        "kind": "collect", "prompts": ["account_ask"], "name": "account", "least": 3, "most": 6, "failed": "out",
        "next": "out", "invalid": ["invalid"], "retries": 1,
    }  # fmt: skip
    call = Call({**small(first=ask, one=ONE), "keys": {"9": "one", "*": "one"}})
    call.give(Started(), Digit("9"), Digit("#"))
    assert call.heard() == ["account_ask@ru", "invalid@ru", "account_ask@ru"]
    call.give(*map(Digit, "9990"))
    (end,) = call.give(Timeout())
    assert isinstance(end, ToQueue)
    assert end.collected == {"account": "9990"}
    call = Call({**small(first=ask, one=ONE), "keys": {"*": "one"}})
    call.give(Started(), *map(Digit, "123456"))
    assert isinstance(call.actions[-1], ToQueue)
    call = Call({**small(first=ask, one=ONE), "keys": {"*": "one"}})
    call.give(Started(), Digit("1"), Digit("*"))
    assert call.heard() == ["account_ask@ru", "goodbye@ru"]


def test_a_branch_waits_for_the_subscriber_data_but_not_for_ever() -> None:
    first = {"kind": "branch", "field": "segment", "cases": {"vip": "one"}, "default": "out"}
    call = Call(small(first=first, one=ONE))
    assert call.give(Started()) == []
    assert call.state.deadline == NOW + 1
    call.give(Facts(segment="vip"))
    assert call.heard() == ["goodbye@ru"]
    call = Call(small(first=first, one=ONE))
    call.give(Started(), Timeout())
    assert isinstance(call.actions[-1], ToQueue)


@pytest.mark.parametrize(("known", "leads"), [(True, HangUp), (False, ToQueue)])
def test_known_callers_branch(known: bool, leads: type) -> None:
    first = {"kind": "branch", "field": "known", "cases": {"yes": "one"}, "default": "out"}
    call = Call(small(first=first, one={**ONE, "prompts": []}))
    call.give(Started(), Facts(known=known))
    assert isinstance(call.actions[-1], leads)


def test_an_incident_is_told_to_its_region_while_it_lasts() -> None:
    item = {"prompts": ["incident"], "regions": ["volga"], "since": NOW - 10, "until": NOW + 10}
    data = small(first={"kind": "announcements", "items": [item], "next": "out"})
    around = Around(regions={"RU-TA": "volga", "RU-CHE": "ural", "volga": None, "ural": None})
    for region, moment, told in (("RU-TA", NOW, True), ("RU-CHE", NOW, False), ("RU-TA", NOW + 10, False)):
        call = Call(data, around)
        call.now = moment
        call.give(Started(), Facts(region=region))
        assert ("incident@ru" in call.heard()) is told
    live = Around(incidents=(Announcement(("error",)),))
    call = Call(data, live)
    call.give(Started(), Facts())
    assert call.heard() == ["error@ru"]


def test_going_in_circles_ends_where_the_menu_says() -> None:
    data = small(first={**CHOICE, "options": {"1": "first"}})
    call = Call({**data, "most_visits": 5})
    call.give(Started(), *[Digit("1")] * 5)
    assert isinstance(call.actions[-1], ToQueue)


def test_the_longest_prompt_ends_some_time() -> None:
    call = Call(small(first={"kind": "say", "prompts": ["greeting"], "next": "out"}))
    call.give(Started(), Timeout())
    assert isinstance(call.actions[-1], ToQueue)


# --- shape and validator --------------------------------------------------------------------------------------


def test_the_written_form_comes_back() -> None:
    menu = m.Menu.from_json(default())
    assert m.Menu.from_json(json.loads(json.dumps(menu.to_json()))) == menu


@pytest.mark.parametrize(
    ("node", "field"),
    [
        ({"kind": "sing"}, "kind"),
        ({**CHOICE, "options": {"x": "out"}}, "options.x"),
        ({**CHOICE, "options": {}}, "options"),
        ({**CHOICE, "timeout": 0}, "timeout"),
        ({**CHOICE, "colour": 1}, "colour"),
        ({**CHOICE, "prompts": []}, "prompts"),
        ({"kind": "queue"}, "queue"),
        ({"kind": "queue", "queue": "q", "require": {"skill": ""}}, "require"),
        ({"kind": "hours", "open": "out", "closed": "out"}, "hours"),
        ({"kind": "branch", "field": "age", "default": "out"}, "field"),
        ("first", "node"),
    ],
)
def test_a_misshapen_node_is_named_with_its_field(node: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        m.Menu.from_json(small(first=node))
    assert refused.value.details["node"] == "first"
    assert refused.value.details["field"] == field
    assert Problem("first", field, "menu.field") in problems(small(first=node), Known())


def test_each_defect_names_its_node_and_field() -> None:
    known = Known(
        {"ru": ["reasons", "silent", "invalid"], "en": ["reasons", "silent"]}, ["voice-general"], ["office"], []
    )
    line = {"kind": "queue", "queue": "voice-general"}
    say = {"kind": "say", "prompts": ["reasons"], "next": "out"}
    circle = small(first={**say, "next": "first"})
    mars = {"kind": "announcements", "next": "out", "items": [{"prompts": ["reasons"], "regions": ["mars"]}]}
    hours = {"kind": "hours", "hours": "x", "open": "out", "closed": "out"}
    nine = {**CHOICE, "options": {"9": "out"}}
    defects = [
        (small(first={**CHOICE, "options": {"1": "gone"}}), "first", "options.1", "menu.node_unknown"),
        (small(first=CHOICE, one={**ONE, "prompts": []}), "first", "invalid", "menu.prompt_missing"),
        (small(first={"kind": "queue", "queue": "none"}), "first", "queue", "menu.queue_unknown"),
        (small(first=hours), "first", "hours", "menu.hours_unknown"),
        (small(first={**say, "prompts": ["reasons@tt"]}), "first", "prompts", "menu.language_unknown"),
        (circle, "first", "next", "menu.loop"),
        (circle, "first", "", "menu.dead_end"),
        (small(first=line, alone={"kind": "hangup", "why": "x"}), "alone", "", "menu.unreachable"),
        ({**small(first=line), "keys": {"9": "gone"}}, "", "keys.9", "menu.node_unknown"),
        ({**small(first=nine), "keys": {"9": "out"}}, "first", "options.9", "menu.key_taken"),
        ({**small(first=say), "give_up": "first"}, "", "give_up", "menu.dead_end"),
        (small(first=mars), "first", "items.0.regions", "menu.region_unknown"),
    ]
    for data, node, field, code in defects:
        assert (node, field, code) in [(p.node, p.field, p.code) for p in problems(data, known)], code
    assert problems([], known) == [Problem("", "menu", "menu.field")]
    assert problems({**small(), "nodes": {}}, known) == [Problem("", "nodes", "menu.field")]
