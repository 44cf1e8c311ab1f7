"""The texts of the shipped prompts, by language and name."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("ru", "en")


@cache
def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((files(__package__) / name).read_text(encoding="utf-8"))


def fragments(language: str) -> dict[str, str]:
    """Return name -> text of the fragments that `spoken` names."""
    return dict(_table("fragments.toml")[language])


def phrases(language: str) -> dict[str, str]:
    """Return name -> text of the whole sentences."""
    return dict(_table("phrases.toml")[language])


def texts(language: str) -> dict[str, str]:
    """Return name -> text of all prompts of a language."""
    return {**fragments(language), **phrases(language)}


def pronunciation(name: str, language: str) -> str:
    """Return what the synthesiser is given: the text, with stresses where it needs them."""
    stresses = {word.replace("+", ""): word for word in _table("phrases.toml")["stress"]}
    return re.sub(r"\w+", lambda word: stresses.get(word[0].lower(), word[0]), texts(language)[name])


def text(names: list[str], language: str) -> str:
    """Return the words of a list of prompts."""
    known = texts(language)
    return " ".join(known[name] for name in names)
