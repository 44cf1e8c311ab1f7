"""The dialogues of `dialogues.toml`: what simulated subscribers and agents say to each other."""

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One matter. `turns` alternate and begin with the agent; `again` is a return's message and its answer."""

    reason: str
    weight: float
    openings: tuple[str, ...]
    turns: tuple[str, ...]
    outcome: str = "resolved"
    picture: bool = False
    language: str = "ru"
    again: tuple[str, ...] = ()

    @property
    def group(self) -> str:
        """The reason's group: the part before the dot."""
        return self.reason.partition(".")[0]

    @property
    def agent_turns(self) -> tuple[str, ...]:
        """What the agent says, in order."""
        return self.turns[0::2]

    @property
    def subscriber_turns(self) -> tuple[str, ...]:
        """What the subscriber says after the opening, in order."""
        return self.turns[1::2]


class Phrases:
    """All dialogues and the small phrases around them."""

    def __init__(self, source: dict[str, Any]) -> None:
        self.dialogues = tuple(_dialogue(item) for item in source["dialogue"])
        self.unknown = tuple(source["unknown"])
        self.still_there = tuple(source["still_there"])
        self.words = {int(grade): tuple(words) for grade, words in source["words"].items()}
        self._greeting: dict[str, str] = source["greeting"]
        self._openings = {opening: item for item in self.dialogues for opening in item.openings}
        self._returns = {item.again[0]: item for item in self.dialogues if item.again}

    def greeting(self, language: str, agent: str, name: str | None) -> str:
        """Return the first words of an agent."""
        text = self._greeting.get(language, self._greeting["ru"])
        return text.format(agent=agent, name=f", {name}" if name else "")

    def answers(self, text: str) -> tuple[Dialogue | None, tuple[str, ...]]:
        """Return what an agent says to somebody who began with `text`, as one who knows the matter would."""
        found = self._openings.get(text.strip())
        if found is not None:
            return found, found.agent_turns
        returned = self._returns.get(text.strip())
        if returned is not None:
            return returned, returned.again[1:]
        return None, self.unknown


def _dialogue(item: dict[str, Any]) -> Dialogue:
    fields: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in item.items()}
    return Dialogue(**fields)


def load() -> Phrases:
    """Read the dialogues that ship with the simulator."""
    text = resources.files("teplo.simulator").joinpath("dialogues.toml").read_text(encoding="utf-8")
    return Phrases(tomllib.loads(text))
