"""`kill -9` of a web process, and of PostgreSQL, while messages flow both ways: nothing lost, doubled or reordered."""

import asyncio
import os
import random
import signal
import time
from pathlib import Path

import pytest

from .installation import Installation
from .talks import Talks, lay_out, layout

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(900)]

NIGHTLY = bool(os.environ.get("TEPLO_NIGHTLY"))
KILLS = 20 if NIGHTLY else 3
AGENTS, CHATS = 10, 20
EVERY = 2.0
"""Each of 40 writers writes this often: 20 messages a second."""
AGAIN_SECONDS = 5.0
GRACE = 60
"""Seconds for which an agent may be away; long, so that a slow machine is no reason to lose a chat."""


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("web-kills")
    for part in [path, *path.parents][:3]:
        part.chmod(0o755)
    return path


def allowed(seconds: float) -> float:
    """A starting process needs a processor: on a machine that is busy with other work it gets more time."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def _shown(values: list[float]) -> list[float]:
    return [round(value, 2) for value in values]


async def test_killing_a_web_process_loses_no_message_and_no_chat(folder: Path) -> None:
    dice = random.Random()
    gaps, elsewhere = [], []
    async with Installation(folder) as installation:
        first, second = (node.address for node in installation.nodes)
        await lay_out(installation.server.url, list(layout(AGENTS, 3, disconnect_grace=GRACE)))
        async with Talks([first, second] * (AGENTS // 2), [second, first], chats=CHATS) as talks:
            talks.write(EVERY)
            for _ in range(KILLS):
                await asyncio.sleep(dice.uniform(0.5, 2.0))  # the random moment
                victim, other = dice.sample(installation.nodes, 2)
                killed = time.monotonic()
                victim.kill()
                victim.start()
                elsewhere.append(await talks.served_again(other.address, killed))
                await installation.until(lambda victim=victim: victim.health().get("status") == "ok", 60)
                gaps.append(time.monotonic() - killed)
                await talks.served_again(victim.address, killed)
                await installation.until(lambda: all(desk.live.connected for desk in talks.desks), 60)
            await talks.settle()
            await talks.check(installation.server.url)
            confirmed = talks.confirmed
    print(f"back in {_shown(gaps)} s, elsewhere in {_shown(elsewhere)} s, {confirmed} words")
    assert confirmed > CHATS
    assert max(gaps) < allowed(AGAIN_SECONDS)
    assert max(elsewhere) < allowed(AGAIN_SECONDS)


async def test_killing_postgresql_loses_no_message(folder: Path) -> None:
    gaps = []
    async with Installation(folder) as installation:
        first, second = (node.address for node in installation.nodes)
        await lay_out(installation.server.url, list(layout(4, 2, disconnect_grace=GRACE)))
        async with Talks([first, second] * 2, [second, first], chats=8) as talks:
            talks.write(EVERY / 2)
            for _ in range(KILLS if NIGHTLY else 2):
                await asyncio.sleep(random.uniform(0.5, 2.0))  # the random moment
                pid = installation.server.pid
                assert pid
                killed = time.monotonic()
                os.kill(pid, signal.SIGKILL)
                gaps.append(min(await asyncio.gather(*(talks.served_again(a, killed) for a in (first, second)))))
            await talks.settle()
            await talks.check(installation.server.url)
    print(f"served again after {_shown(gaps)} s")
    assert max(gaps) < allowed(AGAIN_SECONDS)
