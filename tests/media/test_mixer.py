"""The hear matrix in virtual time: bridge, hold, listen, whisper, barge, conference."""

import numpy as np
import pytest
from tests.media.tones import LinearLeg, WireLeg, level, packets, tone

from teplo.channels.voice.media.g711 import ALAW, FRAME, Samples
from teplo.channels.voice.media.leg import Sound
from teplo.channels.voice.media.mixer import Mixer
from teplo.channels.voice.media.tick import Ticker

TONES = {"caller": 400, "agent": 600, "supervisor": 900, "expert": 1100}


class Hall:
    """Four legs, each saying its tone."""

    def __init__(self) -> None:
        self.mixer = Mixer()
        self.legs = {name: LinearLeg(name, tone(hertz, 0.1, 4000)) for name, hertz in TONES.items()}
        self.caller, self.agent, self.supervisor, self.expert = self.legs.values()
        for leg in self.legs.values():
            self.mixer.add(leg)
        self.number = 0

    def run(self, ticks: int = 10) -> None:
        for leg in self.legs.values():
            leg.heard.clear()
        for _ in range(ticks):
            self.mixer.tick(self.number, self.number * 0.02)
            self.number += 1

    def hears(self, leg: LinearLeg) -> set[str]:
        samples: Samples = np.concatenate(leg.heard)
        return {name for name, hertz in TONES.items() if level(samples, hertz) > 1000}


def test_modes_are_sets() -> None:
    hall = Hall()
    caller, agent, supervisor, expert = hall.caller, hall.agent, hall.supervisor, hall.expert
    hall.run()
    assert all(not hall.hears(leg) for leg in hall.legs.values())

    caller.hear, agent.hear = {agent}, {caller}
    hall.run()
    assert (hall.hears(caller), hall.hears(agent), hall.hears(supervisor)) == ({"agent"}, {"caller"}, set())

    supervisor.hear = {caller, agent}
    hall.run()
    assert hall.hears(supervisor) == {"caller", "agent"}
    assert (hall.hears(caller), hall.hears(agent)) == ({"agent"}, {"caller"})

    agent.hear |= {supervisor}
    hall.run()
    assert (hall.hears(caller), hall.hears(agent)) == ({"agent"}, {"caller", "supervisor"})

    caller.hear.add(supervisor)
    hall.run()
    assert hall.hears(caller) == {"agent", "supervisor"}

    agent.muted = True
    hall.run()
    assert hall.hears(caller) == {"supervisor"}
    agent.muted = False

    everybody = set(hall.legs.values())
    for leg in hall.legs.values():
        leg.hear = everybody
    hall.run()
    assert all(hall.hears(leg) == set(TONES) - {leg.id} for leg in hall.legs.values())

    expert.close()
    hall.mixer.remove(expert)
    hall.run()
    assert hall.hears(caller) == {"agent", "supervisor"}

    caller.hear = set()
    caller.play(Sound(tone(1100, 1, 4000)), loop=True)
    hall.run()
    assert hall.hears(caller) == {"expert"}
    assert hall.hears(agent) >= {"caller"}


def test_sum_is_saturated_and_never_wraps() -> None:
    mixer = Mixer()
    loud = [LinearLeg(str(index), np.full(FRAME, 30000, dtype=np.int16)) for index in range(3)]
    listener = LinearLeg("listener")
    listener.hear = set(loud)
    for leg in [*loud, listener]:
        mixer.add(leg)
    listener.play(Sound(np.full(FRAME, 30000, dtype=np.int16)))
    mixer.tick(0, 0)
    assert (listener.heard[0] == 32767).all()


def test_a_sound_is_mixed_over_and_tells_its_end_once() -> None:
    hall, ended = Hall(), []
    hall.caller.hear = {hall.agent}
    hall.caller.play(Sound(tone(1100, 0.2, 4000)), then=lambda: ended.append(hall.number))
    hall.run(10)
    assert hall.hears(hall.caller) == {"agent", "expert"}
    hall.run(10)
    assert hall.hears(hall.caller) == {"agent"}
    assert ended == [10]
    hall.caller.play(Sound(tone(1100, 0.2)), then=lambda: ended.append(0))
    hall.caller.stop_playing()
    hall.run(20)
    assert ended == [10]


def test_sounds_of_several_at_once_are_mixed_into_what_each_hears() -> None:
    hall = Hall()
    caller, agent, supervisor, expert = hall.caller, hall.agent, hall.supervisor, hall.expert
    caller.hear, supervisor.hear = {agent}, {caller, agent}
    chime, music = (Sound(tone(hertz, 1.0, 4000)) for hertz in (1400, 1700))
    for leg, sound in ((caller, chime), (supervisor, music), (expert, chime), (agent, music)):
        leg.play(sound, loop=True)
    hall.run()
    voices = {"caller": {600}, "supervisor": {400, 600}, "expert": set(), "agent": set()}
    played = {"caller": 1400, "supervisor": 1700, "expert": 1400, "agent": 1700}
    for name, leg in hall.legs.items():
        samples = np.concatenate(leg.heard)
        heard = {hertz for hertz in (*TONES.values(), 1400, 1700) if level(samples, hertz) > 1000}
        assert heard == voices[name] | {played[name]}, name


def test_music_loops_without_a_gap_each_leg_at_its_own_place() -> None:
    mixer, music = Mixer(), Sound(np.arange(1, 3 * FRAME + 50, dtype=np.int16))
    first, second = LinearLeg("1"), LinearLeg("2")
    mixer.add(first)
    first.play(music, loop=True)
    for number in range(7):
        if number == 2:
            mixer.add(second)
            second.play(music, loop=True)
        mixer.tick(number, 0)
    assert [int(frame[0]) for frame in first.heard] == [1, 161, 321, 1, 161, 321, 1]
    assert [int(frame[0]) for frame in second.heard] == [1, 161, 321, 1, 161]


def test_a_leg_that_raises_silences_nobody() -> None:
    class Broken(LinearLeg):
        def pull(self, tick: int) -> Samples | None:
            raise RuntimeError("broken")

        def push(self, frame: Samples) -> None:
            raise RuntimeError("broken")

    hall = Hall()
    hall.mixer.add(Broken("broken"))
    hall.caller.hear = {hall.agent}
    hall.run()
    assert hall.hears(hall.caller) == {"agent"}


def test_packet_legs_hear_each_other_and_send_one_steady_stream() -> None:
    mixer, left, right = Mixer(), WireLeg("left"), WireLeg("right")
    left.hear, right.hear = {right}, {left}
    mixer.add(left)
    mixer.add(right)
    stream = packets(tone(440, 2))
    numbers = [*range(50), *range(60, 100)]
    for number in numbers:
        left.arrival_tick = number
        left.receive(stream[number], None)
        mixer.tick(number, number * 0.02)
    assert len(right.out) == len(left.out) == len(numbers)
    stamps = [int.from_bytes(packet[4:8], "big") for packet in right.out]
    assert [(stamp - stamps[0]) & 0xFFFFFFFF for stamp in stamps] == [number * FRAME for number in numbers]
    sequences = [int.from_bytes(packet[2:4], "big") for packet in right.out]
    assert [(sequence - sequences[0]) & 0xFFFF for sequence in sequences] == list(range(len(numbers)))
    heard = np.concatenate([ALAW.decode(packet[12:]) for packet in right.out[10:45]])
    assert level(heard, 440) > 7000
    assert all(packet[12:] == ALAW.silence for packet in left.out)


def test_ticks_keep_to_the_clock_and_catch_up_a_bounded_number() -> None:
    ticker = Ticker(100.0)
    assert ticker.due(100.0) == [0]
    assert ticker.due(100.01) == []
    assert ticker.wait(100.01) == pytest.approx(0.01)
    assert ticker.due(100.063) == [1, 2, 3]
    assert ticker.due(101.0) == [46, 47, 48, 49, 50]
    assert ticker.lateness.skipped == 42
    assert ticker.wait(101.0) == pytest.approx(0.02)
    # The last catching up began 80 ms after its first tick was due.
    assert ticker.lateness.quantile_ms(1.0) == pytest.approx(80, abs=0.2)


def test_a_machine_that_is_always_late_is_strained_and_one_that_was_stopped_once_is_not() -> None:
    ticker = Ticker(100.0)
    now = 100.0
    for _ in range(100):
        ticker.due(now)
        now += 0.02
    now += 3.0  # the process stood still
    ticker.due(now)
    assert ticker.lateness.skipped > 100 and not ticker.lateness.strained

    for _ in range(60):  # each turn takes as long as two ticks
        ticker.due(now)
        now += 0.041
    assert ticker.lateness.strained

    for _ in range(60):
        now += ticker.wait(now)
        ticker.due(now)
    assert not ticker.lateness.strained
