"""The base of all facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from .ids import Instant

BODY_FIELDS: dict[type[Event], tuple[str, ...]] = {}
"""Class -> names of the body's fields; filled by `events.py`, which knows all classes."""


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all facts."""

    KIND: ClassVar[str] = ""
    at: Instant

    def body(self) -> dict[str, Any]:
        """Return the JSON body: every field but `at`, `contact` and `agent`."""
        return {name: getattr(self, name) for name in BODY_FIELDS[type(self)]}

    @classmethod
    def restore(cls, at: Instant, contact: str | None, agent: str | None, body: dict[str, Any]) -> Self:
        """Build the event back from its row; unknown keys of the body are ignored."""
        known = {k: v for k, v in body.items() if k in BODY_FIELDS[cls]}
        if "contact" in cls.__slots__:
            known["contact"] = contact
        if "agent" in cls.__slots__:
            known["agent"] = agent
        return cls(at=at, **known)
