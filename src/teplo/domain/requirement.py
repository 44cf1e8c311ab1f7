"""Requirement expressions: what an agent must be able to do, as data.

`{"skill": id, "min": 1, "max": 5}`, `{"all": [..]}`, `{"any": [..]}`, `{"not": ..}`; `{}` is everybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import Invalid

LEVELS = 5
"""Skill levels run from 1 to this."""

_DEPTH = 12
_SIZE = 200

Masks = Mapping[str, list[int]]
"""Skill -> for each level 0..6 the bit set of agents who have at least that level."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """A checked expression. `kind`: skill, all, any, not."""

    kind: str
    parts: tuple[Requirement, ...] = ()
    skill: str = ""
    low: int = 1
    high: int = LEVELS

    def met_by(self, skills: Mapping[str, int]) -> bool:
        """Tell whether somebody with these skills is able."""
        if self.kind == "skill":
            return self.low <= skills.get(self.skill, 0) <= self.high
        if self.kind == "all":
            return all(part.met_by(skills) for part in self.parts)
        if self.kind == "any":
            return any(part.met_by(skills) for part in self.parts)
        return not self.parts[0].met_by(skills)

    def able(self, masks: Masks, everybody: int) -> int:
        """Return the bit set of able agents."""
        if self.kind == "skill":
            levels = masks.get(self.skill)
            return levels[self.low] & ~levels[self.high + 1] if levels else 0
        if self.kind == "all":
            result = everybody
            for part in self.parts:
                result &= part.able(masks, everybody)
            return result
        if self.kind == "any":
            result = 0
            for part in self.parts:
                result |= part.able(masks, everybody)
            return result
        return everybody & ~self.parts[0].able(masks, everybody)

    def wanted(self) -> tuple[str, ...]:
        """Return the skills that count for somebody (not those under `not`), in order of mention."""
        if self.kind == "skill":
            return (self.skill,)
        if self.kind == "not":
            return ()
        return tuple(dict.fromkeys(skill for part in self.parts for skill in part.wanted()))

    def to_json(self) -> dict[str, Any]:
        """Return the expression as it is written in the configuration."""
        if self.kind == "skill":
            return {"skill": self.skill, "min": self.low, "max": self.high}
        if self.kind == "not":
            return {"not": self.parts[0].to_json()}
        if self.kind == "all" and not self.parts:
            return {}
        return {self.kind: [part.to_json() for part in self.parts]}


def parse(data: Any) -> Requirement:
    """Check an expression and return it; raise Invalid("requirement.invalid")."""
    result, size = _parse(data, 0)
    if size > _SIZE:
        raise Invalid("requirement.invalid", why="too large")
    return result


def _parse(data: Any, depth: int) -> tuple[Requirement, int]:
    if not isinstance(data, dict) or depth > _DEPTH:
        raise Invalid("requirement.invalid", why="not an expression" if depth <= _DEPTH else "too deep")
    if not data:
        return Requirement("all"), 1
    if "skill" in data and set(data) <= {"skill", "min", "max"}:
        return _skill(data), 1
    if len(data) != 1:
        raise Invalid("requirement.invalid", why="one operator is expected")
    ((kind, inner),) = data.items()
    if kind == "not":
        part, size = _parse(inner, depth + 1)
        return Requirement("not", (part,)), size + 1
    if kind not in ("all", "any") or not isinstance(inner, list) or len(inner) > _SIZE:
        raise Invalid("requirement.invalid", why="unknown operator")
    parts = [_parse(item, depth + 1) for item in inner]
    return Requirement(kind, tuple(part for part, _ in parts)), 1 + sum(size for _, size in parts)


def _skill(data: dict[str, Any]) -> Requirement:
    skill, low, high = data["skill"], data.get("min", 1), data.get("max", LEVELS)
    whole = all(isinstance(level, int) and not isinstance(level, bool) for level in (low, high))
    if not isinstance(skill, str) or not skill or not whole or not 1 <= low <= high <= LEVELS:
        raise Invalid("requirement.invalid", why="a skill with levels 1 to 5 is expected")
    return Requirement("skill", skill=skill, low=low, high=high)
