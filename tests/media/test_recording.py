"""Recordings: complete, counted, whole after a crash, sealed."""

import io
import os
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest
from tests.media.tones import LinearLeg, level, tone

from teplo.channels.voice.media.g711 import Samples
from teplo.channels.voice.media.mixer import Mixer
from teplo.channels.voice.media.recording import Disk, Recorded, Recorder
from teplo.channels.voice.media.recording_file import Reading, Unreadable, Writer, repair

KEY = b"k" * 32


def record(path: Path, key: bytes | None, skip: bool = False) -> Recorded:
    """Talk for 10 s; 4 s to 6.5 s are paused."""
    mixer, disk = Mixer(), Disk()
    caller, agent = LinearLeg("caller", tone(400, 0.1)), LinearLeg("agent", tone(700, 0.1))
    recorder = Recorder(path, {caller}, {agent}, disk=disk, key=key)
    for leg in (caller, agent):
        mixer.add(leg)
    mixer.record(recorder)
    for number in range(500):
        if number == 200:
            recorder.pause()
        if number == 325:
            recorder.resume()
        if not skip or not 10 <= number % 50 < 15:
            mixer.tick(number, number * 0.02)
    result = recorder.close()
    mixer.tick(500, 10.0)
    disk.close()
    assert result.written is not None
    result.written.result()
    assert recorder.close() is result
    return result


def samples(wav: bytes) -> Samples:
    with wave.open(io.BytesIO(wav)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 8000, 2)
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").reshape(-1, 2)


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize("skip", [False, True])
def test_length_is_talk_seconds_and_pauses_are_marked_silence(tmp_path: Path, key: bytes | None, skip: bool) -> None:
    result = record(tmp_path / "a", key, skip)
    assert (result.recorded_s, result.paused_s, result.pauses) == (7.5, 2.5, ((4.0, 6.5),))
    reading = Reading(tmp_path / "a", key)
    assert reading.seconds == 10
    audio = samples(reading.read(0, reading.size))
    assert len(audio) == 80000
    left, right = audio[:, 0], audio[:, 1]
    assert level(left[:8000], 400) > 7000 or skip
    assert level(right[:8000], 700) > 7000 or skip
    assert level(left[:7200], 700) < 50 and level(right[:7200], 400) < 50
    assert not audio[32000:52000].any()
    assert audio[52000:54000].any()


def test_without_the_key_nothing_is_read_and_changes_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "a"
    record(path, KEY)
    data = path.read_bytes()
    assert b"RIFF" not in data
    for key in (None, b"x" * 32):
        with pytest.raises(Unreadable):
            Reading(path, key)
    path.write_bytes(data[:70000] + bytes([data[70000] ^ 1]) + data[70001:])
    reading = Reading(path, KEY)
    reading.read(0, 32000)
    with pytest.raises(Unreadable):
        reading.read(60000, 32000)


def test_while_nobody_talks_nothing_is_recorded_and_no_second_counted(tmp_path: Path) -> None:
    disk = Disk()
    recorder = Recorder(tmp_path / "a", (), (), disk=disk)
    for tick in range(150):
        recorder.idle = 50 <= tick < 100
        recorder.feed(bytes([tick]) * 640, tick)
    result = recorder.close()
    disk.close()
    assert (result.recorded_s, result.paused_s) == (2.0, 0.0)
    reading = Reading(tmp_path / "a")
    heard = reading.read(44, reading.size)
    assert [heard[n * 640] for n in range(100)] == [*range(50), *range(100, 150)]


@pytest.mark.parametrize("key", [None, KEY])
def test_any_part_may_be_read(tmp_path: Path, key: bytes | None) -> None:
    record(tmp_path / "a", key)
    reading = Reading(tmp_path / "a", key)
    whole = reading.read(0, reading.size)
    for start, count in [(0, 10), (40, 10), (44, 32000), (31000, 70000), (reading.size - 5, 100), (reading.size, 1)]:
        assert reading.read(start, count) == whole[start : start + count]


CRASH = """
import os, signal, sys
from pathlib import Path
from teplo.channels.voice.media.recording_file import Writer
writer = Writer(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]) or None)
for second in range(5):
    writer.write(bytes([second]) * 32000)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("key", [b"", KEY])
def test_after_kill_9_all_whole_seconds_are_there(tmp_path: Path, key: bytes) -> None:
    path = tmp_path / "a"
    subprocess.run([sys.executable, "-c", CRASH, str(path), key.hex()], check=False)
    if not key:
        assert len(samples(path.read_bytes())) == 40000
    with path.open("ab") as file:
        file.write(os.urandom(1111))  # a chunk half written
    if not key:
        assert repair(path) > 5
        assert len(samples(path.read_bytes())) == 40000 + 1111 // 4
    reading = Reading(path, key or None)
    assert reading.seconds >= 5
    assert len(samples(reading.read(0, reading.size))) >= 40000


def test_a_recording_never_overwrites_another(tmp_path: Path) -> None:
    Writer(tmp_path / "a").close()
    with pytest.raises(FileExistsError):
        Writer(tmp_path / "a")


def test_a_disk_that_refuses_is_reported(tmp_path: Path) -> None:
    disk = Disk()
    recorder = Recorder(tmp_path / "a", (), (), disk=disk)
    recorder._writer.close()  # as if the device had gone
    for tick in range(120):
        recorder.feed(bytes(640), tick)
        for future in recorder._pending:
            future.exception(timeout=10)
    assert recorder.close().failed
    disk.close()
