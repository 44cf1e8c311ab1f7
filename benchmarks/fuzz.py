"""A million damaged packets: half at the layers without I/O, half at the sockets of a real worker while a talk stands.

Between them good ones are asked: a question is answered, a call is set up and ended, both ends of the talk hear each
other. The worker's memory is read after each tenth; the first three warm up. Any defect ends the run with an error.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import psycopg
import structlog
import uvloop
from benchmarks.desk_load import ms, part
from tests.calls.conftest import Centre, voice_beside
from tests.calls.people import until
from tests.calls.test_call import desk_of
from tests.calls.test_kills import talk
from tests.fuzzing.layers import Layers
from tests.fuzzing.worker import DEFECTS, Thrower, resident_mb
from tests.serving import serving

from teplo.simulator.phone import PhoneCall, Phones
from teplo.storage.db import Database
from teplo.storage.embedded import Embedded
from teplo.storage.migrate import migrate

_VICTIMS = 12
"""Calls in the menu whose media ports are thrown at; they end after a while and are called anew."""
_BATCH = 1000
_WARM = 2
"""Tenths (from 0) after which memory should not grow: each answered request is kept for 32 s (timers H and J of
RFC 3261), so it grows until as many are forgotten as come."""


def main(argv: list[str]) -> dict[str, Any]:
    """Run the benchmark; print a table, with --json one JSON object as the last line."""
    parser = argparse.ArgumentParser(prog="bench fuzz")
    parser.add_argument("--layers", type=int, default=500_000, help="packets at the layers without I/O")
    parser.add_argument("--sockets", type=int, default=500_000, help="packets at the sockets of a worker")
    parser.add_argument("--seed", type=int, default=4475)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    os.environ["TEPLO_LOG_LEVEL"] = "warning"
    result: dict[str, Any] = {"packets": args.layers + args.sockets, "seed": args.seed}
    result["sockets"] = _sockets(args.sockets, args.seed)
    result["layers"] = _layers(args.layers, args.seed)
    for name in ("layers", "sockets"):
        rows = result[name]
        print(f"{name}: {rows['packets']} packets in {rows['seconds']} s, {rows['by_kind']}")
        print(f"  memory {rows['warm_mb']} MB warm, {rows['end_mb']} MB at the end; answers {rows['answers']}")
    if args.json:
        print(json.dumps(result))
    return result


def _figures(packets: int, began: float, memory: list[float], **more: Any) -> dict[str, Any]:
    return {
        "packets": packets,
        "seconds": round(time.monotonic() - began),
        "warm_mb": round(memory[_WARM], 1),
        "end_mb": round(memory[-1], 1),
        "growth_mb": round(memory[-1] - memory[_WARM], 1),
        **more,
    }


def _layers(count: int, seed: int) -> dict[str, Any]:
    layers, began, memory = Layers(seed), time.monotonic(), list[float]()
    for tenth in range(10):
        for _ in range(10):
            layers.throw(count // 100)
            layers.probe()
        layers.settle()
        memory.append(resident_mb(os.getpid()))
        print(f"layers {tenth + 1}/10: {memory[-1]:.1f} MB, {time.monotonic() - began:.0f} s", flush=True)
    structlog.reset_defaults()
    return _figures(count, began, memory, by_kind=dict(layers.thrown), answers=dict(layers.answers))


def _sockets(count: int, seed: int) -> dict[str, Any]:
    with _centre() as centre:
        result = uvloop.run(_at_sockets(centre, count, seed))
        said = (centre.data / "voice.log").read_text()
    if found := [word for word in DEFECTS if word in said]:
        at = min(said.index(word) for word in found)
        raise RuntimeError(f"the worker's log has {found}:\n{said[max(0, at - 500) : at + 4000]}")
    return result


@contextmanager
def _centre() -> Iterator[Centre]:
    """The demo centre on a PostgreSQL of its own, with its server and one worker."""
    with tempfile.TemporaryDirectory(prefix="teplo-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Embedded(folder / "pg")
        asyncio.run(server.start())
        try:
            base = server.url.rsplit("/", 1)[0]
            with psycopg.connect(server.url, autocommit=True) as conn:
                conn.execute("create database template_teplo")
            asyncio.run(_lay_out(f"{base}/template_teplo"))
            with serving(base, folder) as served, voice_beside(served, folder) as made:
                yield made
        finally:
            asyncio.run(server.stop())


async def _lay_out(url: str) -> None:
    async with Database(url, size=2) as db:
        await migrate(db)


async def _at_sockets(centre: Centre, count: int, seed: int) -> dict[str, Any]:
    async with (
        Phones() as phones,
        desk_of(centre, "agent1") as desk,
        talk(centre, phones, desk, "+79748009901") as one,
    ):
        tab = one.tab
        thrower = Thrower(centre.sip, phones, one.call, tab, seed, calling=0.02)
        victims: list[PhoneCall] = []
        memory, began, good = list[float](), time.monotonic(), 0
        for batch in range(count // _BATCH):
            victims = await _victims(centre, phones, victims)
            thrower.aim(victims)
            await thrower.throw(_BATCH)
            assert tab.peer is not None
            tab.peer.answers.clear()
            if batch % 10 == 9:
                await thrower.call_once("+79748009902")
                good += 1
                await until(one.heard, "the talk after the noise")
            if (batch + 1) % max(1, count // _BATCH // 10) == 0:
                memory.append(resident_mb(centre.voice.pid))
                print(f"sockets {batch + 1}: {memory[-1]:.1f} MB, {time.monotonic() - began:.0f} s", flush=True)
        for victim in victims:
            victim.hang_up()
        one.call.hang_up()
        await one.is_over("the subscriber has hung up")
        thrower.close()
        more = {
            "by_kind": dict(thrower.thrown),
            "answers": dict(thrower.answers),
            "good_calls": good,
            "questions": len(thrower.waits),
            "question_p99_ms": ms(part(thrower.waits, 0.99)),
        }
        return _figures(count, began, memory, **more)


async def _victims(centre: Centre, phones: Phones, known: list[PhoneCall]) -> list[PhoneCall]:
    """Keep so many calls in the menu."""
    left = [one for one in known if one.session.state == "confirmed"]
    new = [await phones.call(centre.sip, "611", "anonymous") for _ in range(_VICTIMS - len(left))]
    for one in new:
        await until(lambda one=one: one.answered.is_set() or one.over.is_set(), "an answer to a victim")
    return left + new


if __name__ == "__main__":
    main(sys.argv[1:])
