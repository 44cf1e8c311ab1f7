"""`python -m teplo.simulator --url http://127.0.0.1:8000 …`: a living centre for demos and rehearsals."""

import argparse
import asyncio
import os
import signal
from contextlib import AsyncExitStack, suppress

import structlog

from ..logging import configure
from ..processes import follow_parent
from .callers import Callers, Exchange
from .dialogues import load
from .phone import Phones
from .shift import Agent
from .visits import Subscribers
from .wire import ApiError, NotReached

log = structlog.get_logger()


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """Read the command line. The password may come in TEPLO_SIMULATOR_PASSWORD, where no process list shows it."""
    parser = argparse.ArgumentParser(prog="python -m teplo.simulator", description=__doc__)
    parser.add_argument("--url", required=True, help="address of the server")
    parser.add_argument("--logins", default="", help="agents to simulate, separated by commas")
    parser.add_argument(
        "--password", default=os.environ.get("TEPLO_SIMULATOR_PASSWORD", ""), help="of all these agents"
    )
    parser.add_argument("--contacts-per-hour", type=float, default=300.0, help="mean over a day; 0: no subscribers")
    parser.add_argument("--sip", default="", help="address of the voice worker, host:port; empty: no telephone calls")
    parser.add_argument("--calls-per-hour", type=float, default=120.0, help="telephone calls; 0: none")
    parser.add_argument("--outages-per-hour", type=float, default=0.0, help="each brings a wave of one matter")
    parser.add_argument("--pace", type=float, default=1.0, help="2: everybody is twice as slow, 0.1: ten times as fast")
    parser.add_argument("--head-start", type=int, default=12, help="subscribers who come within the first seconds")
    parser.add_argument("--seed", type=int, default=2009, help="the same seed makes the same choices")
    parser.add_argument("--zone", default="Asia/Yekaterinburg", help="zone of the daily profile")
    return parser.parse_args(words)


async def simulate(given: argparse.Namespace) -> None:
    """Run everybody until SIGTERM or SIGINT, then let them leave in good order."""
    phrases = load()
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)

    host, _, port = given.sip.rpartition(":")
    host = host.strip("[]")
    phones = Phones(host) if host and given.calls_per_hour > 0 else None
    mixer = phones.mixer if phones is not None else None

    async def keep(login: str, delay: float) -> None:
        await asyncio.sleep(delay)
        while True:
            try:
                await Agent(
                    given.url, login, given.password, phrases, pace=given.pace, seed=given.seed, mixer=mixer
                ).run()
            except* (ApiError, NotReached, TimeoutError) as errors:
                log.warning("simulator.agent_out", login=login, error=str(errors.exceptions[0]))
            await asyncio.sleep(10)

    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        if phones is not None:
            await stack.enter_async_context(phones)
        logins = [login for login in given.logins.split(",") if login]
        agents = [group.create_task(keep(login, index * 0.15)) for index, login in enumerate(logins)]
        subscribers = Subscribers(
            given.url,
            phrases,
            per_hour=given.contacts_per_hour,
            outages=given.outages_per_hour,
            pace=given.pace,
            seed=given.seed,
            zone=given.zone,
        )
        stream = [group.create_task(subscribers.run(given.head_start))] if given.contacts_per_hour > 0 else []
        if phones is not None:
            callers = Callers(
                phones, Exchange(host, int(port)), per_hour=given.calls_per_hour, pace=given.pace, seed=given.seed
            )
            stream.append(group.create_task(callers.run()))
        log.info("simulator.running", agents=len(logins), per_hour=given.contacts_per_hour)
        await told.wait()
        log.info("simulator.leaving", present=subscribers.present)
        await _stopped(stream)  # first those who write, so that nobody is offered a chat on the way out
        await _stopped(agents)


async def _stopped(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)


def main() -> None:
    """Enter the process."""
    follow_parent(grace=6.0)
    configure("info")
    with suppress(KeyboardInterrupt):
        asyncio.run(simulate(arguments()))


if __name__ == "__main__":
    main()
