"""The form of a figure: its name, formula and computation are one object and cannot part."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from .tally import Tally

Unit = Literal["count", "share", "seconds", "interval"]
Value = int | float | tuple[float, float] | None
Text = dict[str, str]
Scope = Literal["queue", "agent"]


@dataclass(frozen=True, slots=True)
class Variant:
    """Another usual reading of the same figure."""

    id: str
    name: Text
    formula: Text
    compute: Callable[[Tally], Value]


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. `scopes`: whether it makes sense for a queue and for an agent (for the whole it always does)."""

    id: str
    name: Text
    formula: Text
    unit: Unit
    compute: Callable[[Tally], Value]
    scopes: frozenset[Scope]
    variants: tuple[Variant, ...] = ()


QUEUE: frozenset[Scope] = frozenset({"queue"})
AGENT: frozenset[Scope] = frozenset({"agent"})
BOTH: frozenset[Scope] = frozenset({"queue", "agent"})


def ru_en(ru: str, en: str) -> Text:
    """Pair the two languages of the screens."""
    return {"ru": ru, "en": en}
