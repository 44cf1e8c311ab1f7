"""A voice menu as data: nodes that say, ask, look at the clock or at the subscriber, and lead to an end.

`{"start": id, "nodes": {id: {"kind": .., ..}}, ..}`; `menu_walk.step` walks through it, `menu_check` finds its defects.
A prompt is a name of the prompt set, `name@en` one in a fixed language, `{opens}` the next opening spoken.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from . import parsing
from .errors import Invalid
from .ids import Seconds
from .menu_nodes import (
    FIELDS,
    KEYS,
    KINDS,
    LANGUAGES,
    MESSAGE_SECONDS,
    Announcement,
    Callback,
    Collect,
    Digits,
    HoursOf,
    Language,
    Message,
    Node,
    Say,
    ToLine,
)  # fmt: skip
from .requirement import parse as parse_requirement

CODE = "menu.invalid"
MOST_NODES = 300
MOST_PRIORITY = 1440.0


@dataclass(frozen=True, slots=True)
class Menu:
    """A checked menu. `keys` work anywhere (an emergency, a person); `give_up` is where a caller lands who goes in
    circles for `most_visits` nodes; `facts_seconds` is how long a node waits for subscriber data."""

    id: str
    version: int
    start: str
    language: str
    languages: tuple[str, ...]
    keys: dict[str, str]
    give_up: str
    most_visits: int
    facts_seconds: Seconds
    nodes: dict[str, Node] = field(default_factory=dict)

    @classmethod
    def from_json(cls, data: Any) -> Menu:
        """Check the shape and build; raise Invalid("menu.invalid", node=, field=). Is it sound: `menu_check`."""
        menu = head_from_json(data)
        nodes = data.get("nodes")
        if not isinstance(nodes, dict) or not 0 < len(nodes) <= MOST_NODES:
            raise Invalid(CODE, field="nodes")
        for id, node in nodes.items():
            if not isinstance(id, str) or not 0 < len(id) <= 100:
                raise Invalid(CODE, field="nodes")
            try:
                menu.nodes[id] = node_from_json(node)
            except Invalid as error:
                raise Invalid(CODE, node=id, **error.details) from error
        return menu

    def to_json(self) -> dict[str, Any]:
        """Return the menu as it is written in the configuration."""
        head = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "nodes"}
        return {
            **head,
            "languages": list(self.languages),
            "keys": dict(self.keys),
            "nodes": {id: node_to_json(node) for id, node in self.nodes.items()},
        }


def head_from_json(data: Any) -> Menu:
    """Check all of a menu but its nodes; raise Invalid("menu.invalid", field=)."""
    if not isinstance(data, dict):
        raise Invalid(CODE, field="menu")
    if extra := set(data) - {item.name for item in fields(Menu)}:
        raise Invalid(CODE, field=min(map(str, extra)))
    languages = parsing.texts(data, "languages", CODE, LANGUAGES)
    language = data.get("language", languages[0] if languages else None)
    if not languages or language not in languages:
        raise Invalid(CODE, field="language")
    return Menu(
        id=parsing.text(data, "id", CODE),
        version=parsing.whole(data, "version", CODE, 1, 1, 10**9),
        start=parsing.text(data, "start", CODE),
        language=language,
        languages=languages,
        keys=_ways(data, "keys", lambda keys: len(keys) == 1 and keys in KEYS),
        give_up=parsing.text(data, "give_up", CODE),
        most_visits=parsing.whole(data, "most_visits", CODE, 60, 1, 100),
        facts_seconds=parsing.number(data, "facts_seconds", CODE, 1.0, 0, 10),
    )


def instead(menu: Menu, refused: str, language: str) -> Menu | None:
    """Return the menu from where it gives up, for a caller whom the queue `refused` does not take.

    None where that is no other queue, or where the caller comes from there already.
    """
    last = menu.nodes.get(menu.give_up)
    if menu.start == menu.give_up or not isinstance(last, (ToLine, Message, Callback)) or last.queue == refused:
        return None
    return replace(menu, start=menu.give_up, language=language)


def announcement_from_json(data: Any) -> Announcement:
    """Check and build one announcement, as an incident is kept outside menus; raise Invalid("menu.invalid")."""
    return _announcement(data)


def node_to_json(node: Node) -> dict[str, Any]:
    """Return a node as it is written in the configuration."""
    return {"kind": node.KIND, **_written(node)}


def node_from_json(data: Any) -> Node:
    """Check and build a node; raise Invalid("menu.invalid", field=)."""
    if not isinstance(data, dict):
        raise Invalid(CODE, field="node")
    kind = data.get("kind")
    cls = KINDS.get(kind) if isinstance(kind, str) else None
    if cls is None:
        raise Invalid(CODE, field="kind")
    names = [item.name for item in fields(cls)]
    if extra := set(data) - {"kind", *names}:
        raise Invalid(CODE, field=min(map(str, extra)))
    node = cls(**{name: _READ[name](data, name) for name in names})
    if isinstance(node, HoursOf) and (node.queue is None) == (node.hours is None):
        raise Invalid(CODE, field="hours", why="a queue or a calendar")
    if isinstance(node, (ToLine, Message, Callback)) and not node.queue:
        raise Invalid(CODE, field="queue")
    if isinstance(node, Collect) and node.least > node.most:
        raise Invalid(CODE, field="least")
    if isinstance(node, (Say, Digits, Collect, Language)) and not node.prompts:
        raise Invalid(CODE, field="prompts")
    return node


Read = Callable[[Mapping[str, Any], str], Any]


def _prompts(data: Mapping[str, Any], name: str, at_least: int = 0) -> tuple[str, ...]:
    found = parsing.texts(data, name, CODE, ())
    if not at_least <= len(found) <= 20:
        raise Invalid(CODE, field=name)
    return found


def _text(data: Mapping[str, Any], name: str) -> str:
    return parsing.text(data, name, CODE)


def _maybe(data: Mapping[str, Any], name: str) -> str | None:
    return None if data.get(name) is None else parsing.text(data, name, CODE)


def _flag(data: Mapping[str, Any], name: str) -> bool:
    value = data.get(name, True)
    if not isinstance(value, bool):
        raise Invalid(CODE, field=name)
    return value


def _ways(data: Mapping[str, Any], name: str, fits: Callable[[str], bool]) -> dict[str, str]:
    value = data.get(name, {})
    if not isinstance(value, dict) or len(value) > 100:
        raise Invalid(CODE, field=name)
    for key, item in value.items():
        if not isinstance(key, str) or not fits(key) or not isinstance(item, str) or not 0 < len(item) <= 100:
            raise Invalid(CODE, field=f"{name}.{key}")
    return dict(value)


def _options(data: Mapping[str, Any], name: str) -> dict[str, str]:
    found = _ways(data, name, lambda keys: 0 < len(keys) <= 8 and set(keys) <= KEYS)
    if not found:
        raise Invalid(CODE, field=name)
    return found


def _items(data: Mapping[str, Any], name: str) -> tuple[Announcement, ...]:
    value = data.get(name, [])
    if not isinstance(value, list) or len(value) > 100:
        raise Invalid(CODE, field=name)
    return tuple(_announcement(item) for item in value)


def _announcement(data: Any) -> Announcement:
    if not isinstance(data, dict) or set(data) - {"prompts", "regions", "since", "until"}:
        raise Invalid(CODE, field="items")
    return Announcement(
        _prompts(data, "prompts", at_least=1),
        parsing.texts(data, "regions", CODE, ()),
        parsing.optional(data, "since", CODE, 0, 1e11),
        parsing.optional(data, "until", CODE, 0, 1e11),
    )


def _require(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    try:
        return parse_requirement(data.get(name, {})).to_json()
    except Invalid as error:
        raise Invalid(CODE, field=name) from error


def _field(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if value not in FIELDS:
        raise Invalid(CODE, field=name)
    return str(value)


_READ: dict[str, Read] = {
    **dict.fromkeys(("next", "failed", "open", "closed", "default", "name", "why"), _text),
    **dict.fromkeys(("reason", "hours"), _maybe),
    **dict.fromkeys(("prompts", "silent", "invalid"), _prompts),
    **dict.fromkeys(("interruptible", "skip_known"), _flag),
    "queue": _maybe,
    "options": _options,
    "cases": lambda data, name: _ways(data, name, lambda key: 0 < len(key) <= 100),
    "items": _items,
    "require": _require,
    "field": _field,
    "timeout": lambda data, name: parsing.number(data, name, CODE, 6.0, 0.5, 60),
    "seconds": lambda data, name: parsing.number(data, name, CODE, MESSAGE_SECONDS, 5, 600),
    "retries": lambda data, name: parsing.whole(data, name, CODE, 2, 0, 10),
    "least": lambda data, name: parsing.whole(data, name, CODE, 1, 1, 32),
    "most": lambda data, name: parsing.whole(data, name, CODE, 16, 1, 32),
    "priority": lambda data, name: parsing.number(data, name, CODE, 0.0, -MOST_PRIORITY, MOST_PRIORITY),
    "by_segment": lambda data, name: parsing.numbers(data, name, CODE, -MOST_PRIORITY, MOST_PRIORITY),
}


def _written(thing: Any) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for item in fields(thing):
        value = getattr(thing, item.name)
        if isinstance(value, tuple):
            value = [_written(one) if isinstance(one, Announcement) else one for one in value]
        elif isinstance(value, dict):
            value = dict(value)
        out[item.name] = value
    return out
