"""What configuration items say about each other: nothing may point to what is not there, and logins are unique."""

from collections.abc import Iterator, Mapping
from typing import Any

from ..domain.errors import Conflict, Invalid
from ..domain.menu_nodes import LANGUAGES
from ..storage.config import Item
from .config_prompt import own_prompts
from .config_requirement import skills_of

Reference = tuple[str, str, str]
"""Field path, kind and id of the item pointed to."""

_LONGEST_CHAIN = 6
_UNIQUE = {"person": "login", "canned": "shortcut", "number_range": "prefix"}


def references(kind: str, body: Mapping[str, Any]) -> Iterator[Reference]:
    """Yield what an item points to."""
    yield from _SOURCES.get(kind, _none)(body)


def _none(_: Mapping[str, Any]) -> Iterator[Reference]:
    return iter(())


def _team(body: Mapping[str, Any]) -> Iterator[Reference]:
    if body["supervisor"]:
        yield "supervisor", "person", body["supervisor"]


def _queue(body: Mapping[str, Any]) -> Iterator[Reference]:
    for n, step in enumerate(body["steps"]):
        for skill in sorted(skills_of(step["require"])):
            yield f"steps.{n}.require", "skill", skill
    for n, rule in enumerate(body["overflow"]):
        yield f"overflow.{n}.to", "queue", rule["to"]
    if body["hours"]:
        yield "hours", "hours", body["hours"]


def _reason(body: Mapping[str, Any]) -> Iterator[Reference]:
    if body["parent"]:
        yield "parent", "reason", body["parent"]


def _region(body: Mapping[str, Any]) -> Iterator[Reference]:
    if body["parent"]:
        yield "parent", "region", body["parent"]


def _number_range(body: Mapping[str, Any]) -> Iterator[Reference]:
    yield "region", "region", body["region"]


def _canned(body: Mapping[str, Any]) -> Iterator[Reference]:
    for n, queue in enumerate(body["queues"]):
        yield f"queues.{n}", "queue", queue


def _person(body: Mapping[str, Any]) -> Iterator[Reference]:
    if body["team"]:
        yield "team", "team", body["team"]
    for skill in body["skills"]:
        yield f"skills.{skill}", "skill", skill
    for n, region in enumerate(body["regions"]):
        yield f"regions.{n}", "region", region


def _entry(body: Mapping[str, Any]) -> Iterator[Reference]:
    yield "default_queue", "queue", body["default_queue"]
    if body.get("line"):
        yield "line", "line", body["line"]
    for n, option in enumerate(body["options"]):
        yield f"options.{n}.queue", "queue", option["queue"]
        yield f"options.{n}.reason", "reason", option["reason"]


def _line(body: Mapping[str, Any]) -> Iterator[Reference]:
    yield "menu", "menu", body["menu"]


def _menu(body: Mapping[str, Any]) -> Iterator[Reference]:
    for id, node in body["menu"]["nodes"].items():
        for field in ("queue", "hours", "reason"):
            if node.get(field):
                yield f"menu.nodes.{id}.{field}", field, node[field]
        lists = {field: node.get(field) for field in ("prompts", "silent", "invalid")}
        lists |= {f"items.{place}": item.get("prompts") for place, item in enumerate(node.get("items") or ())}
        for path, prompt in own_prompts(lists, body["menu"].get("languages") or list(LANGUAGES)):
            yield f"menu.nodes.{id}.{path}", "prompt", prompt


def _incident(body: Mapping[str, Any]) -> Iterator[Reference]:
    for n, region in enumerate(body["announcement"].get("regions", ())):
        yield f"announcement.regions.{n}", "region", region
    for path, prompt in own_prompts({"announcement.prompts": body["announcement"]["prompts"]}, list(LANGUAGES)):
        yield path, "prompt", prompt


_SOURCES = {
    "team": _team,
    "queue": _queue,
    "reason": _reason,
    "region": _region,
    "number_range": _number_range,
    "canned": _canned,
    "person": _person,
    "entry": _entry,
    "line": _line,
    "menu": _menu,
    "incident": _incident,
}


class Centre:
    """The whole configuration in force, by kind and id."""

    def __init__(self, items: list[Item]) -> None:
        self._bodies: dict[tuple[str, str], dict[str, Any]] = {(i.kind, i.id): i.body for i in items}

    def check(self, kind: str, id: str, body: Mapping[str, Any]) -> None:
        """Refuse a body that points to what is not there, goes in a circle, or takes what must be unique."""
        errors = [
            {"at": path, "error": f"there is no {other_kind} {other}"}
            for path, other_kind, other in references(kind, body)
            if (other_kind, other) not in self._bodies and (other_kind, other) != (kind, id)
        ]
        if any(path.startswith("overflow") and other == id for path, _, other in references(kind, body)):
            errors.append({"at": "overflow", "error": "a queue cannot overflow into itself"})
        if body.get("parent") and self._circular(kind, id, body):
            errors.append({"at": "parent", "error": "the chain of parents is circular or too long"})
        if errors:
            raise Invalid("config.invalid", errors=errors[:20])
        if field := _UNIQUE.get(kind):
            for (other_kind, other), theirs in self._bodies.items():
                if other_kind == kind and other != id and theirs[field] == body[field]:
                    raise Conflict("config.taken", at=field, by=other)

    def pointing_to(self, kind: str, id: str) -> list[dict[str, str]]:
        """Return who points to the item: kind, id and field path of each."""
        return [
            {"kind": other_kind, "id": other, "at": path}
            for (other_kind, other), body in self._bodies.items()
            if (other_kind, other) != (kind, id)
            for path, to_kind, to in references(other_kind, body)
            if (to_kind, to) == (kind, id)
        ]

    def _circular(self, kind: str, id: str, body: Mapping[str, Any]) -> bool:
        parent = body["parent"]
        for _ in range(_LONGEST_CHAIN):
            if not parent:
                return False
            if parent == id:
                return True
            parent = self._bodies.get((kind, parent), {}).get("parent")
        return True
