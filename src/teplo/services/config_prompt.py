"""Configuration of prompts that the centre made itself: which sound is played, and its words."""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Final

from pydantic import Field

from ..channels.voice import prompts
from ..channels.voice.prompts import catalogue
from ..domain.menu_nodes import LANGUAGES, OPENS
from .texts import Name, Paragraph, Strict

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,57}")


class PromptBody(Strict):
    """A prompt that plays in place of the shipped one, or a new one. The id is language and name: `ru.greeting`.

    `sound`: hash of an uploaded sound (`PUT /prompts/{language}/{name}/sound`); `file`: as it was called there.
    """

    text: Paragraph
    sound: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    seconds: Annotated[float, Field(gt=0, le=600)]
    file: Name


def id_of(language: str, name: str) -> str:
    """Return the id of the item."""
    return f"{language}.{name}"


def language_and_name(id: str) -> tuple[str, str] | None:
    """Return what an id names; None where it is no id of a prompt."""
    language, _, name = id.partition(".")
    spoken = LANGUAGES if name not in prompts.SOUNDS else (prompts.ANY,)
    return (language, name) if language in spoken and _NAME.fullmatch(name) else None


def is_shipped(language: str, name: str) -> bool:
    """Tell whether the default set has it."""
    if name in prompts.SOUNDS:
        return language == prompts.ANY
    return language in LANGUAGES and name in catalogue.texts(language)


def own_prompts(lists: Mapping[str, Any], languages: list[str]) -> Iterator[tuple[str, str]]:
    """Yield field path and id of each prompt that only exists if the centre made it.

    `lists`: field path -> names as a menu has them, `name@en` in a fixed language.
    """
    for field, names in lists.items():
        for place, given in enumerate(names or ()):
            name, _, fixed = str(given).partition("@")
            for language in [fixed] if fixed else languages:
                if name != OPENS and name not in prompts.SOUNDS and not is_shipped(language, name):
                    yield f"{field}.{place}", id_of(language, name)
