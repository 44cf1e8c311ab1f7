"""Memory over thousands of whole contacts through one server process: does it grow with what is over?

Each contact: a first message, an offer accepted, messages both ways with receipts, the end by one side, a grade, the
wrap-up. Some dozens run at a time; the server's memory is read after the same number of contacts again and again.
The first part warms up (caches fill, the allocator finds its size) and is not counted.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import uvloop
from benchmarks.crowd import TEXTS, Crowd, Widget
from benchmarks.house import House, house
from uuid_utils import uuid7


def main(argv: list[str]) -> dict[str, Any]:
    """Run the benchmark; print a table, with --json one JSON object as the last line."""
    parser = argparse.ArgumentParser(prog="bench soak")
    parser.add_argument("--contacts", type=int, default=6000, help="whole contacts after the warm-up")
    parser.add_argument("--warm-up", type=int, default=2000, help="whole contacts before")
    parser.add_argument("--at-once", type=int, default=60, help="contacts at a time")
    parser.add_argument("--desks", type=int, default=30)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    result = uvloop.run(_run(args))
    print(f"{'contacts':>9}  {'memory, MB':>10}")
    for contacts, memory in result["memory"]:
        print(f"{contacts:>9}  {memory:>10.1f}")
    print(f"growth: {result['growth_kb_per_contact']} kB a contact; {result['contacts_per_s']} contacts/s")
    if result["errors"]:
        print(f"refused or failed: {result['errors']}")
    if args.json:
        print(json.dumps(result))
    return result


async def _run(args: argparse.Namespace) -> dict[str, Any]:
    async with house(args.desks) as made, Crowd(made.address, pace=0.02) as crowd:
        await crowd.come_to_work([f"agent{n}" for n in range(args.desks)], ["supervisor0"])
        run = _Run(crowd, made, args.at_once)
        await run.contacts(args.warm_up)
        began = time.perf_counter()
        memory = [(0, await run.memory())]
        for part in range(1, 7):
            await run.contacts(args.contacts // 6)
            memory.append((part * (args.contacts // 6), await run.memory()))
        took = time.perf_counter() - began
    half = memory[len(memory) // 2]
    return {
        "memory": memory,
        "start_mb": round(memory[0][1], 1),
        "middle_mb": round(half[1], 1),
        "end_mb": round(memory[-1][1], 1),
        "growth_kb_per_contact": round(_slope(memory) * 1000, 2),
        "contacts_per_s": round(memory[-1][0] / took, 1),
        "errors": dict(Counter(crowd.watch.errors).most_common(5)),
    }


class _Run:
    def __init__(self, crowd: Crowd, made: House, at_once: int) -> None:
        self._crowd = crowd
        self._house = made
        self._gate = asyncio.Semaphore(at_once)

    async def contacts(self, count: int) -> None:
        """Live through so many contacts."""
        await asyncio.gather(*(self._one() for _ in range(count)))

    async def memory(self) -> float:
        """Memory once all is quiet: the last wrap-ups are over."""
        async with asyncio.timeout(120):
            while any(desk.work for desk in self._crowd.desks.values()):
                await asyncio.sleep(0.1)
        return self._house.memory()

    async def _one(self) -> None:
        async with self._gate:
            widget = Widget(self._crowd)
            await widget.arrive()
            if not await widget.reach("talking"):
                return
            desk = self._crowd.desk_of(widget.contact)
            for _ in range(2):
                if desk is not None:
                    await desk.call("POST", f"/contacts/{widget.contact}/messages", _words())
                await widget.call("POST", "/chat/thread/messages", _words())
            if desk is not None and random.random() < 0.5:
                await desk.call("POST", f"/contacts/{widget.contact}/end", {})
            else:
                await widget.call("POST", "/chat/thread/end", {})
            await widget.reach("ended")
            await widget.call("POST", "/chat/thread/grade", {"grade": random.randint(1, 5)})
            await widget.close()


def _words() -> dict[str, str]:
    return {"id": str(uuid7()), "text": random.choice(TEXTS)}


def _slope(points: list[tuple[int, float]]) -> float:
    """MB a contact, by least squares."""
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / sum((x - mean_x) ** 2 for x, _ in points)


if __name__ == "__main__":
    main(sys.argv[1:])
