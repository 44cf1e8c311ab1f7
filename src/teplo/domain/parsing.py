"""Checks of configuration data: each function returns the value or raises Invalid naming the field."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .errors import Invalid


def text(data: Mapping[str, Any], field: str, code: str) -> str:
    """Return a non-empty text of at most 100 characters."""
    value = data.get(field)
    if not isinstance(value, str) or not 0 < len(value) <= 100:
        raise Invalid(code, field=field)
    return value


def number(data: Mapping[str, Any], field: str, code: str, default: float, low: float, high: float) -> float:
    """Return a finite number within [low, high]; a missing one is the default."""
    return _number(data.get(field, default), field, code, low, high)


def optional(data: Mapping[str, Any], field: str, code: str, low: float, high: float) -> float | None:
    """Return a finite number within [low, high], or None where it is missing."""
    value = data.get(field)
    return None if value is None else _number(value, field, code, low, high)


def whole(data: Mapping[str, Any], field: str, code: str, default: int, low: int, high: int) -> int:
    """Return a whole number within [low, high]; a missing one is the default."""
    value = data.get(field, default)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Invalid(code, field=field)
    return value


def texts(data: Mapping[str, Any], field: str, code: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Return a list of short texts as a tuple, in the given order, without repetitions."""
    value = data.get(field, default)
    if not isinstance(value, (list, tuple)):
        raise Invalid(code, field=field)
    if not all(isinstance(item, str) and 0 < len(item) <= 100 for item in value):
        raise Invalid(code, field=field)
    return tuple(dict.fromkeys(value))


def numbers(data: Mapping[str, Any], field: str, code: str, low: float, high: float) -> dict[str, float]:
    """Return a map from text to a number within [low, high]."""
    value = data.get(field, {})
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise Invalid(code, field=field)
    return {key: _number(item, field, code, low, high) for key, item in value.items()}


def levels(data: Mapping[str, Any], field: str, code: str, low: int, high: int) -> dict[str, int]:
    """Return a map from text to a whole number within [low, high]."""
    found = numbers(data, field, code, low, high)
    if any(item != int(item) for item in found.values()):
        raise Invalid(code, field=field)
    return {key: int(item) for key, item in found.items()}


def words(data: Mapping[str, Any], field: str, code: str) -> dict[str, str]:
    """Return a text by language, `{"ru": .., "en": ..}`; a missing one is empty."""
    value = data.get(field) or {}
    if isinstance(value, str):
        return {"ru": value, "en": value}
    if not isinstance(value, dict) or not all(isinstance(k, str) and isinstance(v, str) for k, v in value.items()):
        raise Invalid(code, field=field)
    return dict(value)


def _number(value: Any, field: str, code: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Invalid(code, field=field)
    if not math.isfinite(value) or not low <= value <= high:
        raise Invalid(code, field=field)
    return value
