"""kill -9 during calls: the web and dispatching process, the database, a voice worker. What is heard, kept and stuck.

A whole centre with two voice workers; every caller and every agent speaks a tone and listens for the other's. While
the server or the database is away some callers hang up and some agents press hold. Then one worker is killed; a
stand-in for `teplo up` starts it again, and those whose calls it carried call again.
"""

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import uvloop
from benchmarks.voice_centre import Centre, centre

from teplo.storage.db import Unavailable
from teplo.storage.ports import free_port

_LISTEN_S = 2.0
"""A tone that is there is heard within this time, whatever else the machine does."""
_MEANWHILE = 5
"""Callers who hang up, and agents who press hold, while something is away."""
_STRANGERS = 5
"""People who have not called before, behind those who were cut off."""
_OPTIONS = (
    "OPTIONS sip:611@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1;rport;branch=z9hG4bK{n}\r\nMax-Forwards: 70\r\n"
    "From: <sip:bench@127.0.0.1>;tag=b\r\nTo: <sip:611@127.0.0.1>\r\nCall-ID: bench{n}\r\nCSeq: 1 OPTIONS\r\n"
    "Content-Length: 0\r\n\r\n"
)


def main(argv: list[str]) -> dict[str, Any]:
    """Run the benchmark; print a table, with --json one JSON object as the last line."""
    parser = argparse.ArgumentParser(prog="bench call_kills")
    parser.add_argument("--calls", type=int, default=100)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args(argv)
    result = uvloop.run(_run(args.calls))
    print(f"open calls {result['open_calls']}, work at desks {result['work_at_desks']}")
    if args.json:
        print(json.dumps(result))
    return result


async def _run(calls: int) -> dict[str, Any]:
    async with centre(calls) as there:
        second = _Second(there)
        try:
            await second.start()
            await there.agents.ask("work", count=calls, takes=True)
            run = _Run(there, second)
            await run.begin(calls)
            found: dict[str, Any] = {"calls": calls}
            for name, kill in (("server", run.server), ("database", run.database), ("worker", run.worker)):
                found[name] = await kill()
                print(f"{name}: {found[name]}", flush=True)
            await run.end(found)
        finally:
            second.stop()
        return found


class _Second:
    """The other worker, the one that is killed."""

    def __init__(self, there: Centre) -> None:
        self.port = free_port()
        self._log = there.house.log.parent / "voice2.log"
        own = {"TEPLO_SIP_PORT": str(self.port), "TEPLO_MEDIA_PORTS": "24000-27999"}
        self._environment = {**os.environ, **there.environment, **own}
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> float:
        """Start it; return the seconds until it answers."""
        began = time.monotonic()
        with self._log.open("ab") as out:
            self._process = subprocess.Popen(  # noqa: ASYNC220 - at once
                [sys.executable, "-m", "teplo.cli", "voice"], env=self._environment, stdout=out, stderr=out
            )
        async with asyncio.timeout(60):
            while not await asyncio.to_thread(_answers, self.port):
                pass
        return time.monotonic() - began

    def kill(self) -> None:
        """kill -9."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """End it in good order."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)


def _answers(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.05)
        asking.connect(("127.0.0.1", port))
        with suppress(OSError):
            asking.send(_OPTIONS.format(n=time.monotonic_ns()).encode())
            return asking.recv(2000).startswith(b"SIP/2.0 200")
    time.sleep(0.02)
    return False


class _Run:
    def __init__(self, there: Centre, second: _Second) -> None:
        self._there = there
        self._second = second
        self._calls = 0
        self._first: list[str] = []
        """Numbers whose calls the first worker carries."""
        self._other: list[str] = []
        self._held: set[str] = set()
        self._leaving: list[str] = []
        self._holding: list[str] = []
        self._contacts: dict[str, str] = {}

    async def begin(self, calls: int) -> None:
        """Half of the calls at each worker, all heard by both sides."""
        callers = self._there.callers
        self._calls = calls
        self._first = await callers.ask("dial", count=calls - calls // 2, rate=2.5)
        self._other = await callers.ask("dial", count=calls // 2, rate=2.5, port=self._second.port)
        talking = await self._there.agents.ask("talking", count=calls, seconds=90)
        if talking != calls:
            errors = (await self._there.agents.ask("facts"))["errors"]
            raise RuntimeError(f"only {talking} of {calls} talks stand: {errors[:3]}")
        await self._hear()

    async def server(self) -> dict[str, Any]:
        """Kill the process that serves pages and decides; start it again after a while."""
        await self._know()
        self._there.house.kill_server()
        row = await self._meanwhile()
        row["back_s"] = round(await self._there.house.start_server(), 1)
        return row | await self._after()

    async def database(self) -> dict[str, Any]:
        """Kill PostgreSQL, which is started again at once."""
        await self._know()
        async with asyncio.TaskGroup() as group:
            killing = group.create_task(self._there.house.kill_database())
            row = await self._meanwhile()
        row["back_s"] = round(killing.result(), 1)
        return row | await self._after()

    async def worker(self) -> dict[str, Any]:
        """Kill the second worker; those whose calls it carried call again, strangers behind them."""
        callers = self._there.callers
        await self._fill()
        cut = list(self._other)
        before = dict(await self._agents(cut))
        began = time.monotonic()
        self._second.kill()
        async with asyncio.TaskGroup() as group:
            back = group.create_task(self._second.start())
            heard = await callers.ask("hearing", seconds=_LISTEN_S)
        row: dict[str, Any] = {"cut_off": len(cut), "others": len(set(self._first) - self._held)}
        row["others_heard"] = len(set(heard) & set(self._first))
        self._held -= set(cut)
        row["back_s"] = round(back.result(), 2)
        await callers.ask("forget", numbers=cut)
        await callers.ask("again", numbers=cut, rate=50, port=self._second.port)
        strangers = await callers.ask("dial", count=_STRANGERS, rate=50, port=self._second.port)
        async with asyncio.timeout(60):
            while any(len(taken) == len(before[number]) for number, taken in await self._agents(cut)):
                await asyncio.sleep(0.1)
        row["accepted_again_s"] = round(time.monotonic() - began, 1)
        heard = await callers.ask("hearing", seconds=_LISTEN_S)
        row["hear_again"] = len(set(heard) & set(cut))
        after = dict(await self._agents([*cut, *strangers]))
        row["same_agent"] = sum(after[number][-1] == before[number][-1] for number in cut)
        row["strangers_before"] = sum(bool(after[number]) for number in strangers)
        await callers.ask("leave", numbers=strangers)
        return row

    async def end(self, found: dict[str, Any]) -> None:
        """Everybody hangs up: nothing is stuck."""
        await self._there.callers.ask("hang_up")
        await self._there.quiet()
        found["open_calls"] = await self._there.open_calls()
        found["work_at_desks"] = await self._there.agents.ask("works")

    # --- inside -------------------------------------------------------------------------------------------------

    async def _hear(self) -> tuple[list[str], list[str]]:
        """Numbers of callers and contacts of agents that hear the other side now."""
        callers, agents = await asyncio.gather(
            self._there.callers.ask("hearing", seconds=_LISTEN_S), self._there.agents.ask("hearing", seconds=_LISTEN_S)
        )
        return callers, agents

    async def _fill(self) -> None:
        """Give every agent who has become free a talk, at the first worker: strangers must wait."""
        calls = self._calls - len(self._first) - len(self._other)
        self._first += await self._there.callers.ask("dial", count=calls, rate=2.5)
        wanted, heard = set(self._first) - self._held, set[str]()
        for _ in range(30):
            heard = set(await self._there.callers.ask("hearing", seconds=1.0))
            if wanted <= heard:
                return
        errors = (await self._there.agents.ask("facts"))["errors"]
        raise RuntimeError(f"{len(wanted - heard)} of {len(wanted)} callers hear nobody: {errors[:3]}")

    async def _know(self) -> None:
        """Remember contacts by number while the database is there to tell."""
        self._contacts = await self._there.contacts()

    async def _meanwhile(self) -> dict[str, Any]:
        """While something is away: all hear each other, some hang up, some press hold."""
        talking = [number for number in (*self._first, *self._other) if number not in self._held]
        callers, agents = await self._hear()
        row = {"talks": len(talking), "callers_heard": len(callers), "agents_heard": len(agents)}
        self._leaving, self._holding = talking[:_MEANWHILE], talking[-_MEANWHILE:]
        await self._there.callers.ask("leave", numbers=self._leaving)
        await self._there.agents.ask("hold", contacts=[self._contacts[number] for number in self._holding])
        self._first = [number for number in self._first if number not in self._leaving]
        self._held |= set(self._holding)
        return row

    async def _after(self) -> dict[str, Any]:
        """Wait until what was done meanwhile has had its effect: ends are written, those on hold hear no agent."""
        began = time.monotonic()
        await self._there.agents.ask("back")
        over, held = ([self._contacts[number] for number in some] for some in (self._leaving, self._holding))
        async with asyncio.timeout(60):
            while (done := await self._facts(over, held)) != (len(over), len(held)):
                await asyncio.sleep(0.1)
        took = round(time.monotonic() - began, 1)
        callers, _ = await self._hear()
        return {
            "hung_up_known": done[0],
            "holds_done": done[1] - len(set(callers) & self._held),
            "effect_s": took,
            "heard_after": len(callers),
            "talks_after": len(self._first) + len(self._other) - len(self._held),
        }

    async def _facts(self, over: list[str], held: list[str]) -> tuple[int, int]:
        """How many of the first have ended and how many of the others are held, as the log says."""
        row = None
        with suppress(*Unavailable):  # a connection of before the kill
            async with self._there.db.connection() as conn:
                rows = await conn.execute(
                    "select count(*) filter (where kind = 'contact.ended' and contact = any(%s)),"
                    " count(distinct contact) filter (where kind = 'contact.held' and contact = any(%s)) from event",
                    (over, held),
                )
                row = await rows.fetchone()
        if row is None:
            return 0, 0
        return int(row[0]), int(row[1])

    async def _agents(self, numbers: list[str]) -> list[tuple[str, list[str]]]:
        """Agents who took the calls of each number, in order."""
        async with self._there.db.connection() as conn:
            rows = await conn.execute(
                "select number, array_remove(array_agg(e.agent::text order by e.seq), null) from call"
                " left join event e on e.contact = call.contact and e.kind = 'offer.accepted'"
                " where number = any(%s) group by number",
                (numbers,),
            )
            return await rows.fetchall()


if __name__ == "__main__":
    main(sys.argv[1:])
