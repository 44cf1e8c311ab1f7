"""Fast construction of frozen events, for the few kinds that are made all the time.

A frozen dataclass sets each field through `object.__setattr__`, four times slower than an assignment. `quick` returns a
constructor with the same parameters that assigns, and only then makes the object one of the frozen class.
"""

from __future__ import annotations

from dataclasses import fields, make_dataclass
from typing import TypeVar, cast

from .events import Event

E = TypeVar("E", bound=Event)


def quick(frozen: type[E]) -> type[E]:
    """Return a constructor of the very same events (equal, immutable, of the same class)."""

    def settle(self: object) -> None:
        self.__class__ = frozen

    named = [(field.name, object) for field in fields(frozen)]
    plain = make_dataclass(frozen.__name__, named, namespace={"__post_init__": settle})
    own = {
        "__slots__": tuple(name for name in frozen.__slots__),
        "__init__": plain.__dict__["__init__"],
        "__post_init__": settle,
        "__setattr__": object.__setattr__,
        "__delattr__": object.__delattr__,
    }
    return cast(type[E], type(frozen.__name__, frozen.__bases__, own))
