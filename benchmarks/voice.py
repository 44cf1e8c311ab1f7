"""Telephone calls end to end: how many one worker carries, how fast they are answered, ring at desks and are heard.

Two parts. The media alone, in this process: recorded calls between two telephones' legs. Then a whole centre, each part
in a process of its own: embedded PostgreSQL with fsync, one `teplo serve`, one `teplo voice`, callers (real SIP and
RTP) and agents (real REST and WebSocket, audio by DTLS-SRTP as browsers do it).
"""

import argparse
import asyncio
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import uvloop
from benchmarks import voice_phases as phases
from benchmarks import voice_table as table
from benchmarks.voice_centre import centre
from benchmarks.voice_media import measure

PHASES = ("media", "rings", "again", "invites", "setups", "browsers", "waiting")


def main(argv: list[str]) -> dict[str, Any]:
    """Run the benchmark; print tables, with --json one JSON object as the last line."""
    parser = argparse.ArgumentParser(prog="bench voice")
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each measured window")
    parser.add_argument("--only", default=",".join(PHASES), help=f"some of {','.join(PHASES)}")
    parser.add_argument("--calls", default="100,150,200,250", help="bridged calls of the media alone")
    parser.add_argument("--browsers", default="60,90,120,150,200", help="calls with a browser at the desk")
    parser.add_argument("--rates", default="5,10,20,30", help="new calls a second through menu and queue")
    parser.add_argument("--setup-seconds", type=float, default=15.0, help="seconds at each of these rates")
    parser.add_argument("--waiting", type=int, default=500, help="callers that wait with music")
    parser.add_argument("--profile", metavar="FOLDER", help="write a cProfile of the worker for each phase (slower)")
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    args.only = args.only.split(",")
    args.profile = args.profile and str(Path(args.profile).absolute())
    if unknown := set(args.only) - set(PHASES):
        parser.error(f"no such phase: {', '.join(sorted(unknown))}")
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    print(f"load average at the start: {os.getloadavg()[0]:.1f}", flush=True)
    began = time.monotonic()
    found: dict[str, Any] = {}
    if "media" in args.only:
        found["media"] = table.media(_media(args))
    if set(args.only) - {"media"}:
        asyncio.run(_whole(args, found))
    result = table.result(found)
    table.summary(result, found)
    print(f"{time.monotonic() - began:.0f} s; load average now: {os.getloadavg()[0]:.1f}")
    if args.json:
        print(json.dumps(result))
    return result


def _numbers(text: str) -> list[int]:
    return [int(one) for one in text.split(",")]


def _media(args: argparse.Namespace) -> list[dict[str, float]]:
    rows: list[dict[str, float]] = []
    for calls in _numbers(args.calls):
        for attempt in (1, 2):
            row = uvloop.run(measure(calls, args.seconds, True))
            rows.append({**row, "attempt": attempt})
            if phases.good(row):
                break
        else:
            break  # twice too much
    return rows


async def _whole(args: argparse.Namespace, found: dict[str, Any]) -> None:
    rungs = _numbers(args.browsers)
    agents = max(rungs) if "browsers" in args.only else 40
    async with centre(agents) as there:
        for name in args.only:
            if name == "media":
                continue
            print(f"\n{name}:", flush=True)
            if args.profile:
                await there.worker.ask("profile")
            match name:
                case "rings":
                    found[name] = await phases.rings(there, 5.0, 2 * args.seconds, min(40, agents))
                case "again":
                    found[name] = await phases.rings_again(there, 10, 8)
                case "invites":
                    found[name] = await phases.invites(there, 4, 8)
                case "setups":
                    found[name] = await _setups(args, there, min(20, agents))
                case "browsers":
                    found[name] = await phases.browsers(there, rungs, args.seconds)
                case "waiting":
                    found[name] = await phases.waiting(there, args.waiting, 20.0, args.seconds)
            if args.profile:
                await there.worker.ask("profiled", path=f"{args.profile}/voice-{name}.txt")
            table.phase(name, found[name])


async def _setups(args: argparse.Namespace, there: Any, agents: int) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for rate in _numbers(args.rates):
        rows.append(await phases.setups(there, rate, args.setup_seconds, agents))
        if rows[-1]["failures"]:
            break
    return rows


if __name__ == "__main__":
    main(sys.argv[1:])
