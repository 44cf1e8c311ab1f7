"""What a queue requires of an agent: an expression over skills."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from .texts import Slug, Strict

Level = Annotated[int, Field(ge=1, le=5)]
"""Proficiency in a skill."""

MOST_PARTS = 64
DEEPEST = 8


class Everybody(Strict):
    """Requires nothing."""


class HasSkill(Strict):
    """The skill at a level from `min` to `max`."""

    skill: Slug
    min: Level = 1
    max: Level = 5

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.min > self.max:
            raise PydanticCustomError("levels", "min is above max")
        return self


class AllOf(Strict):
    """Every one of the parts."""

    all: Annotated[list["Expression"], Field(min_length=1, max_length=20)]


class AnyOf(Strict):
    """At least one of the parts."""

    any: Annotated[list["Expression"], Field(min_length=1, max_length=20)]


class NotOf(Strict):
    """The part must not hold."""

    not_: Annotated["Expression", Field(alias="not")]


def _expression_tag(value: Any) -> str:
    keys: Collection[str] = ()
    if isinstance(value, Mapping):
        keys = value.keys()
    elif isinstance(value, BaseModel):
        keys = type(value).model_fields
    for key in ("skill", "all", "any"):
        if key in keys:
            return f"<{key}>"
    return "<not>" if "not" in keys or "not_" in keys else "<everybody>"


Expression = Annotated[
    Annotated[Everybody, Tag("<everybody>")]
    | Annotated[HasSkill, Tag("<skill>")]
    | Annotated[AllOf, Tag("<all>")]
    | Annotated[AnyOf, Tag("<any>")]
    | Annotated[NotOf, Tag("<not>")],
    Discriminator(_expression_tag),
]


def skills_of(expression: Mapping[str, Any]) -> set[str]:
    """Return the skills that a requirement (as JSON) names."""
    if "skill" in expression:
        return {expression["skill"]}
    parts = [*expression.get("all", ()), *expression.get("any", ())]
    if "not" in expression:
        parts.append(expression["not"])
    return {skill for part in parts for skill in skills_of(part)}


def size(expression: BaseModel, depth: int = 1) -> int:
    """Return the number of parts; refuse what is nested too deeply."""
    if depth > DEEPEST:
        raise PydanticCustomError("too_deep", "the requirement is nested too deeply")
    parts: list[BaseModel] = []
    if isinstance(expression, AllOf):
        parts = list(expression.all)
    elif isinstance(expression, AnyOf):
        parts = list(expression.any)
    elif isinstance(expression, NotOf):
        parts = [expression.not_]
    return 1 + sum(size(part, depth + 1) for part in parts)
