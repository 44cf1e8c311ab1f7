"""The dialogues can be played by both sides, are about reasons that exist, and keep the tone of the house."""

import csv
import re
from importlib import resources

import pytest

from teplo.simulator.dialogues import Dialogue, load

PHRASES = load()
COLD = ("к сожалению", "успокойтесь", "по регламенту", "ожидайте", "данная услуга", "не кричите", "обратитесь в банк")
GENDERED = re.compile(r"\b[Яя] (\w+ )?\w+(ила|ала|ела|ил|ал|ел)\b")


def named(dialogue: Dialogue) -> str:
    return f"{dialogue.reason} {dialogue.openings[0][:20]}"


def reasons() -> set[str]:
    text = resources.files("teplo.seed").joinpath("reasons.csv").read_text(encoding="utf-8")
    return {row["code"] for row in csv.DictReader(text.splitlines())}


@pytest.mark.parametrize("dialogue", PHRASES.dialogues, ids=named)
def test_both_sides_have_something_to_say(dialogue: Dialogue) -> None:
    assert len(dialogue.turns) % 2 == 0, "the agent begins, the subscriber has the last word"
    assert dialogue.reason in reasons()
    assert dialogue.outcome in ("resolved", "promise", "passed", "unresolved")
    assert all(text.strip() and len(text) < 2000 for text in (*dialogue.turns, *dialogue.openings))
    assert len(dialogue.again) in (0, 2)


@pytest.mark.parametrize("dialogue", PHRASES.dialogues, ids=named)
def test_an_agent_recognises_the_matter(dialogue: Dialogue) -> None:
    for opening in dialogue.openings:
        assert PHRASES.answers(f" {opening}\n")[1] == dialogue.agent_turns
    if dialogue.again:
        found, lines = PHRASES.answers(dialogue.again[0])
        assert (found, lines) == (dialogue, dialogue.again[1:])


@pytest.mark.parametrize("dialogue", PHRASES.dialogues, ids=named)
def test_agents_speak_warmly_and_any_of_them_may_say_it(dialogue: Dialogue) -> None:
    for line in (*dialogue.agent_turns, *dialogue.again[1:]):
        assert not [words for words in COLD if words in line.lower()]
        assert not GENDERED.search(line), line


def test_an_unknown_matter_is_answered_too() -> None:
    dialogue, lines = PHRASES.answers("совсем другое")
    assert dialogue is None
    assert len(lines) >= 3


def test_a_greeting_names_both() -> None:
    assert PHRASES.greeting("ru", "Айгуль", "Ольга") == "Здравствуйте, Ольга. Меня зовут Айгуль."
    assert PHRASES.greeting("en", "Marina", None) == "Hello. My name is Marina."
    assert PHRASES.greeting("tt", "Айгуль", None).startswith("Здравствуйте.")


def test_agents_do_not_shout() -> None:
    said = [turn for dialogue in PHRASES.dialogues for turn in (*dialogue.agent_turns, *dialogue.again[1::2])]
    said += [PHRASES.greeting(language, "Айгуль", "Ольга") for language in ("ru", "en")]
    assert not [text for text in said if "!" in text.replace("день чудесный!", "")]  # but Pushkin may
