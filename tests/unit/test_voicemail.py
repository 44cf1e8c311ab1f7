"""When a message is over, and whether it is one: told by loudness, in seconds of the line."""

import numpy as np
import pytest

from teplo.channels.voice.media.speech import Speech
from teplo.services.calls.message_stage import QUIET, Listener

RATE = 8000


def noise(seconds: float, level: float) -> np.ndarray:
    """A line on which nobody speaks, by its RMS."""
    return np.random.default_rng(7).normal(0, level, int(seconds * RATE))


def words(seconds: float, level: float = 3000.0) -> np.ndarray:
    """Syllables, four in a second, with gaps between them."""
    at = np.arange(int(seconds * RATE)) / RATE
    return level * np.sin(2 * np.pi * 180 * at) * (np.sin(2 * np.pi * 4 * at) > -0.3)


def heard(*parts: np.ndarray, limit: float = 180.0) -> Listener:
    """A listener that was fed until it had enough."""
    listener = Listener(limit, Speech())
    left = np.concatenate(parts).clip(-32767, 32767).astype("<i2")
    for start in range(0, len(left) - 159, 160):
        frame = np.zeros((160, 2), dtype="<i2")
        frame[:, 0] = left[start : start + 160]
        if listener.feed(frame.tobytes()) is not None:
            break
    return listener


@pytest.mark.parametrize("level", [0.0, 30.0, 250.0])
def test_it_is_over_when_nobody_has_spoken_for_a_while_whatever_the_noise(level: float) -> None:
    listener = heard(words(4) + noise(4, level), noise(60, level))
    assert listener.over == "quiet" and listener.worth_keeping
    assert listener.speech.seconds == pytest.approx(4 + QUIET, abs=1.5)


def test_pauses_for_thought_do_not_end_it() -> None:
    listener = heard(*[words(2), noise(QUIET - 1.5, 20)] * 5)
    assert listener.over is None and listener.worth_keeping


def test_it_has_a_longest_length() -> None:
    listener = heard(words(30), limit=20)
    assert (listener.over, round(listener.speech.seconds, 2)) == ("limit", 20.0)


@pytest.mark.parametrize("said", [words(1.5), noise(1.9, 400), noise(30, 15), words(0.3)])
def test_a_click_a_word_or_a_silent_line_is_no_message(said: np.ndarray) -> None:
    assert not heard(said).worth_keeping
