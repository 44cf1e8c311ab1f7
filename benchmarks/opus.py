"""What Opus costs a worker: processor time for each 20 ms of speech of one leg, against G.711.

The CPU time of the one thread that does it (`thread_time`), so that other programs disturb it little; the middle of
several rounds over the same minute of real speech. No sockets and no mixer: these cost the same for every leg.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import soundfile
from tests.media.tones import WireLeg

import teplo.channels.voice.prompts
from teplo.channels.voice.media import libopus, opus
from teplo.channels.voice.media.g711 import ALAW, FRAME, FRAME_S, RATE, Samples

_SECONDS = 60


def speech() -> Samples:
    """A minute of the longest prompts."""
    folder = Path(teplo.channels.voice.prompts.__file__).parent / "audio" / "ru"
    longest = sorted(folder.glob("*.wav"), key=lambda path: -path.stat().st_size)[:24]
    whole = np.concatenate([soundfile.read(path, dtype="int16")[0] for path in longest])
    frames: Samples = whole[: _SECONDS * RATE // FRAME * FRAME].reshape(-1, FRAME)
    return frames


def cost(rounds: int, frames: Samples, make: Callable[[], Callable[[int], object]]) -> float:
    """Return microseconds for each frame: `make` returns what is done with the frame of a number."""
    found = []
    for _ in range(rounds):
        do = make()
        began = time.thread_time()
        for number in range(len(frames)):
            do(number)
        found.append((time.thread_time() - began) / len(frames) * 1e6)
    return statistics.median(found)


def leg(coding: opus.Coding) -> WireLeg:
    """A leg that speaks so."""
    made = WireLeg("leg")
    made.use(coding, 96, 101)
    return made


def main(argv: list[str]) -> dict[str, Any]:
    """Run the benchmark; print a table, with --json one JSON object as the last line."""
    parser = argparse.ArgumentParser(prog="bench opus")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    if libopus.LIBRARY is None:
        sys.exit("libopus is not installed: apt-get install libopus0, or requirements/opus.lock")
    frames = speech()
    result: dict[str, Any] = {}

    def encoding(loss: int) -> Callable[[], Callable[[int], object]]:
        def make() -> Callable[[int], object]:
            encoder = libopus.Encoder(fec=True)
            encoder.expect_loss(loss)
            return lambda number: encoder.encode(frames[number])

        return make

    encoder = libopus.Encoder(fec=True)
    encoder.expect_loss(10)
    packets = [encoder.encode(frame) for frame in frames]
    result["encode"] = cost(args.rounds, frames, encoding(0))
    result["encode_with_copies"] = cost(args.rounds, frames, encoding(10))

    def decoding() -> Callable[[int], object]:
        decoder = libopus.Decoder()
        return lambda number: decoder.decode(packets[number])

    def losing() -> Callable[[int], object]:
        decoder = libopus.Decoder()
        return lambda number: decoder.lost(packets[number]) if number % 10 == 9 else decoder.decode(packets[number])

    result["decode"] = cost(args.rounds, frames, decoding)
    result["decode_losing_a_tenth"] = cost(args.rounds, frames, losing)
    result["kbit_s"] = 8 * sum(map(len, packets)) / len(packets) / FRAME_S / 1000

    def talking(coding: opus.Coding) -> Callable[[], Callable[[int], object]]:
        """A leg hears what another one of its kind says, and answers."""

        def make() -> Callable[[int], object]:
            said, near = leg(coding), leg(coding)
            coded = ALAW.encode(frames).tobytes()
            for number, frame in enumerate(frames):
                said.pull(number)
                if coding is ALAW:
                    said.push_encoded(coded[number * FRAME : (number + 1) * FRAME], number)
                else:
                    said.push(frame)

            def do(number: int) -> None:
                near.receive(said.out[number], None)
                near.pull(number)
                if coding is ALAW:
                    near.push_encoded(coded[number * FRAME : (number + 1) * FRAME], number)
                else:
                    near.push(frames[number])

            return do

        return make

    result["leg_g711"] = cost(args.rounds, frames, talking(ALAW))
    result["leg_opus"] = cost(args.rounds, frames, talking(opus.Opus(fec=True)))
    result["core_pct_more"] = (result["leg_opus"] - result["leg_g711"]) / (FRAME_S * 1e6) * 100
    for name, value in result.items():
        print(f"{name:<24} {value:8.2f}")
    if args.json:
        print(json.dumps(result))
    return result


if __name__ == "__main__":
    main(sys.argv[1:])
