"""How fast decisions become durable: fsync on, the dispatcher in a process of its own, commands through the inbox.

Phases, all in one run on one PostgreSQL:
1. arrivals at a steady rate, each offered to an agent and ended soon after; latency from sending the command to the
   committed offer;
2. the same dispatcher saturated;
3. one commit per decision (the same dispatcher with turns of one command), saturated;
4. matching in SQL with FOR UPDATE SKIP LOCKED, two workers, saturated.
"""

import argparse
import asyncio
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import Any

from uuid_utils import uuid7

from teplo.clock import SteadyClock
from teplo.services.commands import Commands
from teplo.services.dispatch import Dispatcher
from teplo.storage import desks
from teplo.storage.db import Database
from teplo.storage.embedded import Embedded
from teplo.storage.migrate import migrate

AGENTS = 500
SKILLS = 40

_SQL = """
create table if not exists sql_agent (
    id int primary key, skills int[] not null,
    free_since timestamptz not null default now(), busy bool not null default false
) with (fillfactor = 50);
create table if not exists sql_contact (
    id bigint generated always as identity primary key, skill int not null, rank float8 not null, agent int
) with (fillfactor = 50);
create index if not exists sql_contact_waiting on sql_contact (skill, rank) where agent is null;
truncate sql_agent, sql_contact;
insert into sql_agent (id, skills)
select i, array[1 + i % 40, 1 + (i * 7) % 40, 1 + (i * 13) % 40] from generate_series(1, 500) i;
"""
_SQL_DECIDE = """
with arrived as (
    insert into sql_contact (skill, rank) values (%(skill)s, extract(epoch from clock_timestamp())) returning id),
chosen as (
    select id from sql_agent where not busy and %(skill)s = any(skills)
    order by free_since limit 1 for update skip locked),
taken as (update sql_agent a set busy = true from chosen where a.id = chosen.id returning a.id)
select arrived.id, taken.id from arrived left join taken on true
"""


def main(argv: list[str]) -> dict[str, Any]:
    """Run the benchmark; print a table, with --json one JSON object as the last line."""
    parser = argparse.ArgumentParser(prog="bench durable")
    parser.add_argument("--rate", type=int, default=1000, help="arrivals a second in phase 1")
    parser.add_argument("--seconds", type=float, default=60.0, help="length of phase 1")
    parser.add_argument("--saturate", type=float, default=6.0, help="seconds of each saturated phase")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--dispatcher", help=argparse.SUPPRESS)
    parser.add_argument("--turn-limit", type=int, default=1000, help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.dispatcher:
        asyncio.run(_dispatcher(args.dispatcher, args.turn_limit))
        return {}
    with tempfile.TemporaryDirectory(prefix="teplo-bench-") as folder:
        Path(folder).chmod(0o755)
        result = asyncio.run(_run(Path(folder), args))
    _print(result, args.rate)
    if args.json:
        print(json.dumps(result))
    return result


async def _dispatcher(url: str, turn_limit: int) -> None:
    async with Database(url, size=3) as db:
        async with asyncio.TaskGroup() as group:
            runner = group.create_task(Dispatcher(db, str(uuid7()), SteadyClock(), turn_limit=turn_limit).run())
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, runner.cancel)


async def _run(folder: Path, args: argparse.Namespace) -> dict[str, Any]:
    server = Embedded(folder / "pg")
    await server.start()
    try:
        grouped = await _phase(server.url, args.rate, args.seconds, args.saturate, 1000)
        single = await _phase(server.url, 0, 0, args.saturate, 1)
        sql = await _sql_matching(server.url, args.saturate)
    finally:
        await server.stop()
    return {
        "arrivals_per_s": round(grouped["rate"]),
        "offer_p50_ms": round(grouped["p50"] * 1e3, 2),
        "offer_p99_ms": round(grouped["p99"] * 1e3, 2),
        "offered_share": round(grouped["offered"], 4),
        "saturated_per_s": round(grouped["saturated"]),
        "commit_per_decision_per_s": round(single["saturated"]),
        "sql_matching_per_s": round(sql),
        "ratio_to_commit_per_decision": round(grouped["saturated"] / single["saturated"], 1),
        "ratio_to_sql_matching": round(grouped["saturated"] / sql, 1),
    }


class _Load:
    """Arrivals that are ended soon after, through the inbox."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._open: deque[str] = deque()
        self.latencies: list[float] = []
        self.running = 0

    async def one(self, number: int) -> None:
        """Arrive and wait until that is durable; end the contact that arrived some time before."""
        contact = str(uuid7())
        self.running += 1
        began = time.perf_counter()
        await self._commands.send(
            "arrive", {"contact": contact, "channel": "chat", "queue": f"q{number % SKILLS}"}, timeout=60
        )
        self.latencies.append(time.perf_counter() - began)
        await self._commands.send("end", {"contact": contact, "by": "subscriber"}, timeout=60)
        self.running -= 1


async def _phase(url: str, rate: int, seconds: float, saturate: float, turn_limit: int) -> dict[str, float]:
    base = url.rsplit("/", 1)[0]
    name = f"bench_{turn_limit}"
    async with Database(url, size=2) as admin, admin.connection() as conn:
        await conn.set_autocommit(True)
        await conn.execute(f"create database {name}".encode())
        await conn.set_autocommit(False)
    target = f"{base}/{name}"
    async with Database(target, size=2) as db:
        await migrate(db)
    child = subprocess.Popen(  # noqa: ASYNC220 - at once, before anything is measured
        [sys.executable, __file__, "--dispatcher", target, "--turn-limit", str(turn_limit)], env={**os.environ}
    )
    try:
        return await _drive(target, rate, seconds, saturate)
    finally:
        child.terminate()
        child.wait(10)


async def _drive(url: str, rate: int, seconds: float, saturate: float) -> dict[str, float]:
    result: dict[str, float] = {}
    node = str(uuid7())
    agents = [str(uuid7()) for _ in range(AGENTS)]
    async with Database(url, size=4) as db, asyncio.TaskGroup() as group:
        commands = Commands(db, node)
        runner = group.create_task(commands.run())
        await commands.listening.wait()
        await commands.send("configure", _configuration(agents), timeout=30)
        beat = group.create_task(_heartbeat(db, node, agents))
        for agent in agents:
            await commands.send("connect", {"agent": agent}, timeout=30)
        await asyncio.gather(
            *(commands.send("set_presence", {"agent": a, "presence": "available"}, timeout=30) for a in agents)
        )
        load = _Load(commands)
        if rate:
            result["rate"] = await _steady(load, rate, seconds)
            ordered = sorted(load.latencies)
            result["p50"], result["p99"] = statistics.median(ordered), ordered[int(len(ordered) * 0.99)]
            result["offered"] = await _offered_share(db)
        began, before = time.perf_counter(), len(load.latencies)
        number = 0
        async with asyncio.TaskGroup() as flood:
            while time.perf_counter() - began < saturate:
                while load.running < 400:
                    flood.create_task(load.one(number))
                    number += 1
                    await asyncio.sleep(0)
                await asyncio.sleep(0.001)
            done = len(load.latencies) - before
            result["saturated"] = done / (time.perf_counter() - began)
        runner.cancel()
        beat.cancel()
    return result


async def _steady(load: _Load, rate: int, seconds: float) -> float:
    began, sent = time.perf_counter(), 0
    async with asyncio.TaskGroup() as group:
        while (elapsed := time.perf_counter() - began) < seconds:
            while sent < elapsed * rate:
                group.create_task(load.one(sent))
                sent += 1
            await asyncio.sleep(0.001)
    return sent / (time.perf_counter() - began)


async def _heartbeat(db: Database, node: str, agents: list[str]) -> None:
    while True:
        async with db.transaction() as conn:
            await desks.seen(conn, node)
            await desks.hold(conn, node, agents)
        await asyncio.sleep(1)


async def _offered_share(db: Database) -> float:
    async with db.connection() as conn:
        cursor = await conn.execute(
            "select count(*) filter (where kind = 'contact.offered')::float8"
            " / count(*) filter (where kind = 'contact.arrived') from event"
        )
        row = await cursor.fetchone()
    assert row is not None
    return float(row[0])


def _configuration(agents: list[str]) -> dict[str, Any]:
    queues = [
        {"id": f"q{n}", "channels": ["chat"], "steps": [{"after": 0, "require": {"skill": f"s{n}", "min": 1}}]}
        for n in range(SKILLS)
    ]
    profiles = [
        {
            "id": a,
            "team": None,
            "skills": {f"s{(i * k) % SKILLS}": 1 + (i + k) % 5 for k in (1, 3, 7, 11)},
            "languages": ["ru"],
            "regions": [],
            "capacity": {"chat": 3},
            "active": True,
        }
        for i, a in enumerate(agents)
    ]
    return {"settings": {}, "queues": queues, "agents": profiles, "complete": True}


async def _sql_matching(url: str, seconds: float) -> float:
    """Each decision its own transaction: insert the contact, claim the longest idle able agent."""
    async with Database(url, size=4) as db:
        async with db.transaction() as conn:
            await conn.execute(_SQL.encode())
        done = 0
        began = time.perf_counter()

        async def worker(offset: int) -> None:
            nonlocal done
            number = offset
            while time.perf_counter() - began < seconds:
                async with db.transaction() as conn:
                    row = await (await conn.execute(_SQL_DECIDE.encode(), {"skill": 1 + number % SKILLS})).fetchone()
                assert row is not None
                async with db.transaction() as conn:  # the contact ends: as in the other phases
                    await conn.execute(
                        "update sql_agent set busy = false, free_since = clock_timestamp() where id = %s", (row[1],)
                    )
                    await conn.execute("delete from sql_contact where id = %s", (row[0],))
                done += 1
                number += 2

        await asyncio.gather(worker(0), worker(1))
        return done / (time.perf_counter() - began)


def _print(result: dict[str, Any], rate: int) -> None:
    rows = [
        (f"steady arrivals at {rate}/s, each decided", f"{result['arrivals_per_s']}/s", ""),
        ("  of which offered to an agent", f"{result['offered_share']:.1%}", ""),
        ("  command sent -> offer committed, p50", f"{result['offer_p50_ms']} ms", ""),
        ("  command sent -> offer committed, p99", f"{result['offer_p99_ms']} ms", "target <= 60 ms"),
        ("saturated, one commit per turn", f"{result['saturated_per_s']}/s", "1"),
        (
            "saturated, one commit per decision",
            f"{result['commit_per_decision_per_s']}/s",
            f"ours is x {result['ratio_to_commit_per_decision']}",
        ),
        (
            "saturated, matching in SQL, SKIP LOCKED",
            f"{result['sql_matching_per_s']}/s",
            f"ours is x {result['ratio_to_sql_matching']}",
        ),
    ]
    for name, value, note in rows:
        print(f"{name:44} {value:>12}  {note}")


if __name__ == "__main__":
    main(sys.argv[1:])
