"""The load of `bench desk`, in a process of its own: people come to work, chats open, arrive, talk and end."""

import argparse
import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any

from uuid_utils import uuid7

from .crowd import TEXTS, Crowd, Widget
from .house import cpu_seconds

POLL = 1.0
"""Seconds between the questions of a widget that polls."""


async def load(address: str, args: argparse.Namespace) -> dict[str, Any]:
    """Put the load on the server at `address`; return the figures. Prints `measuring` when that begins."""
    async with Crowd(address) as crowd:
        began = time.monotonic()
        await crowd.come_to_work([f"agent{n}" for n in range(args.desks)], ["supervisor0", "supervisor1"])
        print(f"{args.desks} people signed in and connected: {time.monotonic() - began:.0f} s", flush=True)
        began = time.monotonic()
        talks = Talks(crowd)
        await talks.fill(args.chats)
        print(f"{args.chats} chats opened and accepted: {time.monotonic() - began:.0f} s", flush=True)
        print("measuring", flush=True)
        crowd.watch.measuring = True
        requests, window = crowd.requests, [time.time(), 0.0]
        used = _used(args)
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            group.create_task(talks.change(args.arrivals, args.seconds))
            group.create_task(talks.write(args.messages, args.seconds, crowd.watch.messages))
        window[1] = time.time()
        took = time.perf_counter() - began
        served, stored, loaded = (after - before for before, after in zip(used, _used(args), strict=True))
        sent = crowd.requests - requests
        open_chats = len(talks.open)
        await asyncio.sleep(2.0)  # stragglers count too
        missing = crowd.watch.missing
        polled = await _polling(talks, args.polling) if args.polling else []
        await talks.leave()
    watch = crowd.watch
    if watch.errors:
        print(f"refused or failed: {len(watch.errors)}, {Counter(watch.errors).most_common(8)}", flush=True)
    return {
        "offer_p50_ms": ms(part(watch.offers, 0.5)),
        "offer_painted_p99_ms": ms(part(watch.offers, 0.99)),
        "message_p50_ms": ms(part(watch.messages, 0.5)),
        "message_p99_ms": ms(part(watch.messages, 0.99)),
        "opened_p99_ms": ms(part(crowd.opened, 0.99)),
        "polling_p50_ms": ms(part(polled, 0.5)),
        "polling_p99_ms": ms(part(polled, 0.99)),
        "arrivals_per_s": round(len(watch.offers) / took, 1),
        "messages_per_s": round(len(watch.messages) / took, 1),
        "requests_per_s": round(sent / took, 1),
        "open_chats": open_chats,
        "never_seen": missing,
        "errors": len(watch.errors),
        "server_cpu": round(served / took, 2),
        "postgres_cpu": round(stored / took, 2),
        "load_cpu": round(loaded / took, 2),
        "server_ms_per_request": round(1000 * served / max(1, sent), 2),
        "postgres_ms_per_request": round(1000 * stored / max(1, sent), 2),
        "floor": watch.floor,
        "window": window,
    }


def _used(args: argparse.Namespace) -> tuple[float, float, float]:
    """Return the processor seconds used by server, PostgreSQL and this process."""
    return cpu_seconds(args.pid), cpu_seconds(args.database_pid, family=True), time.process_time()


class Talks:
    """The open chats: opened, written in, ended."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self.open: list[Widget] = []

    async def fill(self, wanted: int, at_once: int = 40) -> None:
        """Open chats until so many are in agents' hands."""
        gate = asyncio.Semaphore(at_once)

        async def one() -> None:
            async with gate:
                await self._arrive()

        await asyncio.gather(*(one() for _ in range(wanted)))

    async def _arrive(self) -> None:
        widget = Widget(self._crowd)
        await widget.arrive()
        if "thread" in widget.state and await widget.reach("talking"):
            self.open.append(widget)

    async def change(self, rate: float, seconds: float) -> None:
        """Let chats arrive at this rate and as many of the oldest end."""
        async for _ in _beats(rate, seconds):
            self._crowd.begin(self._arrive())
            if self.open:
                self._crowd.begin(self._end(self.open.pop(0)))

    async def _end(self, widget: Widget) -> None:
        desk = self._crowd.desk_of(widget.contact)
        if desk is not None and random.random() < 0.7:
            await desk.call("POST", f"/contacts/{widget.contact}/end", {})
        else:
            await widget.call("POST", "/chat/thread/end", {})
        await widget.reach("ended")
        await asyncio.sleep(1.0)
        await widget.close()

    async def write(
        self, rate: float, seconds: float, into: list[float], among: Sequence[Widget] | None = None
    ) -> None:
        """Write at this rate in any open chat, now one side, now the other; only the agents where `among` is given."""
        number = 0
        async for _ in _beats(rate, seconds):
            if not (choice := among or self.open):
                continue
            widget = random.choice(choice)
            number += 1
            self._crowd.begin(self._one(widget, number % 2 == 0 or among is not None, into))

    async def _one(self, widget: Widget, by_agent: bool, into: list[float]) -> None:
        body = {"id": str(uuid7()), "text": random.choice(TEXTS)}
        desk = self._crowd.desk_of(widget.contact) if by_agent else None
        if by_agent and desk is None:
            return
        self._crowd.watch.sent(body["id"], into)
        if desk is not None:
            await desk.call("POST", f"/contacts/{widget.contact}/messages", body)
        else:
            await widget.call("POST", "/chat/thread/messages", body)

    async def leave(self) -> None:
        """Close all widgets."""
        await asyncio.gather(*(widget.close() for widget in self.open))


async def _polling(talks: Talks, seconds: float) -> list[float]:
    """The same messages, but the widgets ask every second whether there is something new."""
    found: list[float] = []
    asked = talks.open[:: max(1, len(talks.open) // 60)][:60]
    for widget in asked:
        widget.polled = True
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(_poll(widget)) for widget in asked]
        await talks.write(10.0, seconds, found, asked)
        await asyncio.sleep(2 * POLL)
        for task in tasks:
            task.cancel()
    for widget in asked:
        widget.polled = False
    return found


async def _poll(widget: Widget) -> None:
    await asyncio.sleep(random.uniform(0, POLL))
    headers = {"Authorization": f"Bearer {widget.token}"}
    after = 0
    while True:
        answer = await widget.crowd.http.request("GET", f"/chat/thread?after={after}", headers=headers)
        for message in answer.json().get("messages", []):
            after = max(after, message["seq"])
            widget.crowd.watch.seen(message["id"])
        await asyncio.sleep(POLL)


async def _beats(rate: float, seconds: float) -> AsyncIterator[int]:
    """Yield at a steady rate; a delay is made up for."""
    began, sent = time.perf_counter(), 0
    while (elapsed := time.perf_counter() - began) < seconds:
        while sent < elapsed * rate:
            sent += 1
            yield sent
        await asyncio.sleep(max(0.0, (sent + 1) / rate - (time.perf_counter() - began)))


def part(values: Sequence[float], share: float) -> float:
    """Return the value below which this share of the values lies; 0 if there are none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def ms(seconds: float) -> float:
    """Return milliseconds to show."""
    return round(seconds * 1e3, 1)
