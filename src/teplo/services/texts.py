"""Texts that people type, made safe to store: what cannot be shown is taken out, the rest stays plain text.

HTML is not interpreted here nor anywhere else: front ends show texts as texts.
"""

import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

_DROPPED = frozenset({"Cc", "Cs"})
_DIRECTION = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def clean(text: str, *, lines: bool = False) -> str:
    """Normalise to NFC and drop control characters, lone surrogates and direction overrides; trim the ends.

    With `lines` line breaks and tabs stay; without it they become spaces.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in text if c in "\n\t" or (unicodedata.category(c) not in _DROPPED and c not in _DIRECTION))
    return kept.strip() if lines else " ".join(kept.split())


def _line(value: Any) -> Any:
    return clean(value) if isinstance(value, str) else value


def _lines(value: Any) -> Any:
    return clean(value, lines=True) if isinstance(value, str) else value


Name = Annotated[str, BeforeValidator(_line), Field(min_length=1, max_length=120)]
"""One line, at most 120 characters."""

Paragraph = Annotated[str, BeforeValidator(_lines), Field(max_length=2000)]
"""Some lines, at most 2 000 characters."""

Slug = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$")]
"""Id of a configuration item."""

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
"""ISO 639 code."""


class Strict(BaseModel):
    """A body whose unknown fields are errors and that holds no infinite numbers. What is told has all its fields."""

    model_config = ConfigDict(
        extra="forbid", allow_inf_nan=False, frozen=True, json_schema_serialization_defaults_required=True
    )


class Named(Strict):
    """A name in the languages of the screens."""

    ru: Name
    en: Name


class Told(Strict):
    """A text for subscribers in their languages; may be empty."""

    ru: Paragraph = ""
    en: Paragraph = ""


def _distinct(values: list[str]) -> list[str]:
    return list(dict.fromkeys(values))


Slugs = Annotated[list[Slug], Field(max_length=200), AfterValidator(_distinct)]
"""Ids without repetition, in the order given."""
