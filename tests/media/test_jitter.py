"""The jitter buffer alone, tick by tick."""

import pytest

from teplo.channels.voice.media.jitter import JitterBuffer

CHANGE, END = 500, 1200


def deaf_ticks(grown: int) -> int:
    """Return for how many ticks nothing is heard after every packet comes `grown` ticks later than before, for good."""
    buffer, silent = JitterBuffer(), 0
    came: dict[int, list[int]] = {}
    for number in range(END):
        came.setdefault(number if number < CHANGE else number + grown, []).append(number)
    for tick in range(END):
        for number in came.get(tick, ()):
            buffer.put(number * 160, bytes([number % 251]) * 160, tick)
        silent += buffer.pop(tick) is None and tick >= CHANGE
    return silent


@pytest.mark.parametrize("grown", [1, 2, 6, 12, 13, 20, 40, 49])
def test_a_longer_way_is_followed_at_once(grown: int) -> None:
    # While the way grows nothing comes; after that a few packets show that it will stay so.
    assert deaf_ticks(grown) <= grown + 10


def test_a_burst_after_a_stall_does_not_keep_the_delay() -> None:
    buffer, heard = JitterBuffer(), []
    for tick in range(1500):
        if 500 <= tick < 520:
            continue  # the network holds everything back
        for number in range(500, 521) if tick == 520 else (tick,):
            buffer.put(number * 160, bytes([number % 251]) * 160, tick)
        heard.append(buffer.pop(tick))
    assert buffer.delay <= 3
    assert all(frame is not None for frame in heard[-500:])
