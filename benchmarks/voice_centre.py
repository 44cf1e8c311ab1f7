"""A running centre for `bench voice`: PostgreSQL, one `serve`, one `voice`, callers and agents in processes beside."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from teplo.channels.voice.sip.digest import proofs
from teplo.services.config_import import Given
from teplo.services.phones import REALM
from teplo.storage import phones
from teplo.storage.db import Database
from teplo.storage.ports import free_port

from .house import House, house, named, person
from .parts import Part
from .voice_agents import agents
from .voice_callers import callers
from .voice_desk_phones import desk_phones
from .voice_worker import work

_LONG = 3000
"""Characters of a line of the log that are shown: of a longer one its end, where the error is."""
MENU = "612"
"""This number has a menu in which key 1 leads to the queue; 611 leads there at once."""
_NODES: dict[str, dict[str, Any]] = {
    "611": {"in": {"kind": "queue", "prompts": [], "queue": "calls"}},
    MENU: {
        "in": {
            "kind": "digits",
            "prompts": ["reasons"],
            "timeout": 6,
            "retries": 2,
            "silent": ["silent"],
            "invalid": ["invalid"],
            "options": {"1": "queue"},
            "failed": "gone",
        },
        "queue": {"kind": "queue", "prompts": [], "queue": "calls"},
        "gone": {"kind": "hangup", "prompts": ["goodbye"], "why": "silent"},
    },
}


def _centre(count: int) -> Iterator[Given]:
    yield "team", "team", {"name": named("Группа")}
    yield "skill", "calls", {"name": named("Звонки")}
    steps = [{"after": 0, "require": {"skill": "calls"}, "match": ["language"]}]
    queue = {"name": named("Звонки"), "channels": ["voice"], "steps": steps, "offer_seconds": 120}
    yield "queue", "calls", {**queue, "wrap_up_seconds": 0}
    for number, nodes in _NODES.items():
        last = "in" if len(nodes) == 1 else "queue"
        menu = {"start": "in", "language": "ru", "languages": ["ru"], "keys": {}, "give_up": last, "nodes": nodes}
        yield "menu", f"m{number}", {"name": named(number), "menu": menu}
        yield "line", f"l{number}", {"name": named(number), "numbers": [number], "menu": f"m{number}"}
    yield "trunk", "local", {"name": named("Здесь"), "networks": ["127.0.0.0/8"]}
    for n in range(count):
        yield person(f"agent{n}", "agent", skills={"calls": 5}, capacity={"voice": 1})


@dataclass
class Centre:
    """Everything that runs. `db` reads what the product wrote; `empty_mb` is the worker's memory before any call."""

    house: House
    db: Database
    worker: Part
    callers: Part
    agents: Part
    desk_phones: Part
    empty_mb: float
    environment: dict[str, str]
    """Settings of the worker."""

    async def quiet(self) -> None:
        """Wait until all calls are over and written down, and no desk has work; raises when that does not come."""
        await self.callers.ask("over", seconds=1)
        try:
            async with asyncio.timeout(40):
                while await self.open_calls():
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise RuntimeError(f"calls are not written down as over: {await self._still_open()}") from None
        if not await self.agents.ask("idle", seconds=20):
            raise RuntimeError("a desk has work though all calls are over")

    async def open_calls(self) -> int:
        """Calls that the product has not written down as over."""
        async with self.db.connection() as conn:
            row = await (await conn.execute("select count(*) from call where ended_at is null")).fetchone()
        assert row is not None
        return int(row[0])

    async def _still_open(self) -> list[tuple[object, ...]]:
        """Say what the product believes of the first of these: number, seconds, the newest fact of the contact."""
        async with self.db.connection() as conn:
            rows = await conn.execute(
                "select number, extract(epoch from now() - started_at)::int,"
                " (select kind from event e where e.contact = call.contact order by seq desc limit 1)"
                " from call where ended_at is null order by started_at limit 10"
            )
            return await rows.fetchall()

    async def give_phones(self, count: int) -> dict[str, str]:
        """Let the first agents work by phone; return the secrets by user name."""
        secrets = {f"agent{n}": token_hex(8) for n in range(count)}
        async with self.db.transaction() as conn:
            rows = await conn.execute(
                "select body->>'login', id from config_item where kind = 'person' and body->>'login' = any(%s)",
                (list(secrets),),
            )
            for login, person in await rows.fetchall():
                made = proofs(login, REALM, secrets[login])
                await phones.set_secret(conn, person, login, made["md5"], made["sha-256"])
                await phones.use(conn, person, True)
        return secrets

    async def take_phones(self) -> None:
        """Let everybody work by browser again."""
        async with self.db.transaction() as conn:
            await conn.execute("update phone set in_use = false")
            await phones.tell(conn)

    async def contacts(self) -> dict[str, str]:
        """Contact of each number that reached a queue."""
        async with self.db.connection() as conn:
            rows = await conn.execute(
                "select number, contact::text from call where contact in"
                " (select contact from event where kind = 'contact.arrived')"
            )
            return dict(await rows.fetchall())


@asynccontextmanager
async def centre(count: int) -> AsyncIterator[Centre]:
    """Start a centre with so many agents, all signed in; stop everything."""
    async with AsyncExitStack() as stack:
        made = await stack.enter_async_context(house(count, centre=list(_centre(count))))
        db = await stack.enter_async_context(Database(made.url, size=2))
        port = free_port()
        folder = made.log.parent
        environment = {
            "TEPLO_DATABASE_URL": made.url,
            "TEPLO_DATA": str(folder),
            "TEPLO_SIP_PORT": str(port),
            "TEPLO_MEDIA_PORTS": "20000-23999",
            "TEPLO_VOICE_CALLS": "2000",
            "TEPLO_LOG_LEVEL": "warning",
        }
        log = folder / "voice.log"
        worker = _part(stack, work, environment, str(log))
        stack.callback(_complain, log)
        await _seen(db)
        await worker.ask("begin")
        empty = (await worker.ask("end"))["mb"]
        people = (_part(stack, callers, port), _part(stack, agents, made.address), _part(stack, desk_phones, port))
        there = Centre(made, db, worker, *people, empty, environment)
        began = time.monotonic()
        await there.agents.ask("come", count=count)
        print(f"{count} agents signed in and connected: {time.monotonic() - began:.0f} s", flush=True)
        yield there


def _part(stack: AsyncExitStack, target: Any, *args: Any) -> Part:
    part = Part(target, *args)
    stack.push_async_callback(part.stop)
    return part


async def _seen(db: Database) -> None:
    async with asyncio.timeout(60):
        while True:
            async with db.connection() as conn:
                row = await (await conn.execute("select count(*) from voice_node")).fetchone()
            if row is not None and row[0]:
                return
            await asyncio.sleep(0.1)


def _complain(log: Path) -> None:
    """Show what the worker warned of: a figure from a worker in trouble is no figure."""
    lines = log.read_text(errors="replace").splitlines()
    shown = [*lines[:3], *lines[max(3, len(lines) - 5) :]]
    for line in shown:
        print(f"voice: {line if len(line) <= _LONG else f'{line[:300]} … {line[-_LONG:]}'}", flush=True)
    if len(lines) > len(shown):
        print(f"voice: {len(lines)} lines in all", flush=True)
