"""The live path under the load of a big centre: 500 desks, 1 500 open chats, two supervisors, one server process.

One real `teplo serve` with PostgreSQL (fsync on) in a temporary folder; the crowd in a process of its own, a real
Chromium desk (where there is one) in a third. Everybody signs in with a password through the public sign-in before the
measured phase. Phases: people come to work; chats are opened until as many as asked are in hands; then for a while
arrivals and messages at a steady rate while as many chats end; at last the same messages seen by polling every second.
"""

import argparse
import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import uvloop
from benchmarks.desk_load import load, ms, part
from benchmarks.house import House, house
from benchmarks.painted import painted

from teplo.storage.db import Database

TARGETS = {
    "offer_painted_p99_ms": 200.0,
    "message_p99_ms": 150.0,
    "live_page_age_p99_ms": 1000.0,
    "server_rss_mb": 600.0,
}


def main(argv: list[str]) -> dict[str, Any]:
    """Run the benchmark; print a table, with --json one JSON object as the last line."""
    parser = argparse.ArgumentParser(prog="bench desk")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of the measured phase")
    parser.add_argument("--desks", type=int, default=500, help="connected desks")
    parser.add_argument("--chats", type=int, default=1500, help="open chats, each with its widget connected")
    parser.add_argument("--arrivals", type=float, default=20.0, help="new chats a second; as many end")
    parser.add_argument("--messages", type=float, default=20.0, help="messages a second, half of them each way")
    parser.add_argument("--polling", type=float, default=15.0, help="seconds of the comparison with polling; 0: none")
    parser.add_argument("--no-browser", action="store_true", help="without the real Chromium desk")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--load", help=argparse.SUPPRESS)
    parser.add_argument("--pid", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--database-pid", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.load:
        result = uvloop.run(load(args.load, args))
        print(json.dumps(result))
        return result
    result = asyncio.run(_run(args, argv))
    _print(result)
    if args.json:
        print(json.dumps(result))
    return result


async def _run(args: argparse.Namespace, argv: list[str]) -> dict[str, Any]:
    async with house(args.desks) as made:
        _say(f"server: process {made.pid} at {made.address}")
        child = await asyncio.create_subprocess_exec(
            sys.executable, __file__, *argv, "--load", made.address, "--pid", str(made.pid),
            "--database-pid", str(made.database), stdout=subprocess.PIPE,
        )  # fmt: skip
        try:
            seen = asyncio.Event()
            async with asyncio.TaskGroup() as group:
                output = group.create_task(_output(child, seen))
                browser = None
                if not args.no_browser:
                    browser = group.create_task(painted(made.address, seen, output))
                told = await output
            ages = await _ages(made, told.pop("floor"), *told.pop("window"))
            pictures = browser.result() if browser else None
        finally:
            if child.returncode is None:
                child.kill()
        result = {
            **told,
            "live_page_age_p50_ms": ms(part(ages, 0.5)),
            "live_page_age_p99_ms": ms(part(ages, 0.99)),
            "live_page_age_max_ms": ms(max(ages, default=0.0)),
            "server_rss_mb": round(made.memory_peak()),
        }
    if pictures is not None:
        offers = pictures["offers"]
        result["browser"] = pictures["reason"]
        result["browser_offers"] = len(offers)
        result["browser_offer_p50_ms"] = ms(part(offers, 0.5))
        result["browser_offer_max_ms"] = ms(max(offers, default=0.0))
    return result


async def _output(child: asyncio.subprocess.Process, seen: asyncio.Event) -> dict[str, Any]:
    """Show what the load says and return its last line, the figures; `seen` is set when the measured phase begins."""
    assert child.stdout is not None
    last = ""
    while line := await child.stdout.readline():
        last = line.decode().strip()
        if last == "measuring":
            seen.set()
            _say("measuring")
        elif not last.startswith("{"):
            _say(last)
    if await child.wait() != 0:
        raise RuntimeError("the load broke")
    found: dict[str, Any] = json.loads(last)
    return found


# --- figures ------------------------------------------------------------------------------------------------------


async def _ages(made: House, frames: list[list[float]], since: float, until: float) -> list[float]:
    """How old each fact of the window was when a supervisor's page first showed it (decided -> frame received)."""
    async with Database(made.url, size=2) as db, db.connection() as conn:
        cursor = await conn.execute(
            "select seq, extract(epoch from at)::float8 from event where at between to_timestamp(%s)"
            " and to_timestamp(%s) order by seq",
            (since, until),
        )
        facts = await cursor.fetchall()
    frames.sort(key=lambda frame: frame[1])
    ages, place = [], 0
    for seq, at in facts:
        while place < len(frames) and frames[place][1] < seq:
            place += 1
        if place < len(frames):
            ages.append(frames[place][0] - at)
    return ages


def _print(result: dict[str, Any]) -> None:
    def ratio(name: str) -> str:
        return f"target <= {TARGETS[name]:.0f}: x {result[name] / TARGETS[name]:.2f} of it"

    polling = ""
    if result["message_p50_ms"] and result["polling_p50_ms"]:
        times = result["polling_p50_ms"] / result["message_p50_ms"]
        polling = f"the live socket is x {times:.0f} sooner (median)"
    rows = [
        ("arrivals that were offered", f"{result['arrivals_per_s']}/s", f"{result['open_chats']} chats open"),
        ("messages that came over", f"{result['messages_per_s']}/s", f"{result['requests_per_s']} requests/s in all"),
        ("arrival sent -> offer at the desk, p50", f"{result['offer_p50_ms']} ms", ""),
        (
            "arrival sent -> offer at the desk, p99",
            f"{result['offer_painted_p99_ms']} ms",
            ratio("offer_painted_p99_ms"),
        ),
        ("message sent -> other side, p50", f"{result['message_p50_ms']} ms", ""),
        ("message sent -> other side, p99", f"{result['message_p99_ms']} ms", ratio("message_p99_ms")),
        ("  the same by polling every second, p50", f"{result['polling_p50_ms']} ms", polling),
        ("  the same by polling every second, p99", f"{result['polling_p99_ms']} ms", "for 60 of the chats"),
        ("fact -> supervisor's live page, p50", f"{result['live_page_age_p50_ms']} ms", "a frame every 500 ms"),
        ("fact -> supervisor's live page, p99", f"{result['live_page_age_p99_ms']} ms", ratio("live_page_age_p99_ms")),
        ("fact -> supervisor's live page, worst", f"{result['live_page_age_max_ms']} ms", ""),
        ("server memory, largest (without PostgreSQL)", f"{result['server_rss_mb']} MB", ratio("server_rss_mb")),
        ("server processor, cores", f"{result['server_cpu']}", f"{result['server_ms_per_request']} ms a request"),
        ("PostgreSQL's, cores", f"{result['postgres_cpu']}", f"{result['postgres_ms_per_request']} ms a request"),
        ("of the load itself, cores", f"{result['load_cpu']}", ""),
        ("never seen / refused", f"{result['never_seen']} / {result['errors']}", ""),
    ]
    if "browser" in result:
        seen = f"worst {result['browser_offer_max_ms']} ms of {result['browser_offers']}"
        rows.insert(
            4,
            (
                "arrival sent -> offer painted in Chromium, p50",
                f"{result['browser_offer_p50_ms']} ms",
                result["browser"] or seen,
            ),
        )
    for name, value, note in rows:
        print(f"{name:48} {value:>12}  {note}")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
