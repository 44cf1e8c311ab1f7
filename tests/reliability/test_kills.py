"""`kill -9` under load: nothing is lost, nothing is doubled, places are kept, service is back in seconds."""

import asyncio
import os
import random
import signal
import time
from pathlib import Path

import pytest

from .installation import Installation
from .traffic import Traffic, check_log

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(600)]

NIGHTLY = bool(os.environ.get("TEPLO_NIGHTLY"))
KILLS = 20 if NIGHTLY else 3
RATE = 200.0


@pytest.fixture
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kills")
    for part in [path, *path.parents][:3]:
        part.chmod(0o755)
    return path


async def _moment() -> None:
    await asyncio.sleep(random.uniform(1.5, 3.0))


async def test_killing_the_dispatching_process_loses_nothing(folder: Path) -> None:
    async with Installation(folder) as installation, Traffic(installation.server.url, rate=RATE) as traffic:
        async with asyncio.TaskGroup() as group:
            arriving = group.create_task(traffic.arrive_for(3600))
            for _ in range(KILLS):
                await _moment()
                leader = await installation.leader()
                leader.kill()
                await traffic.answered_again(time.monotonic())
                leader.start()
                await installation.until(lambda leader=leader: leader.health().get("status") == "ok")
            await _moment()
            traffic.stop_arriving()
            await arriving
        await traffic.quiet()
        kinds = await check_log(installation.server.url, traffic.report)
    print(f"gaps {[round(g, 2) for g in traffic.report.gaps]} s, {kinds['contact.arrived']} contacts")
    assert kinds["contact.arrived"] == traffic.report.sent
    assert max(traffic.report.gaps) < 3.0


async def test_killing_postgresql_loses_nothing_that_was_acknowledged(folder: Path) -> None:
    async with Installation(folder) as installation, Traffic(installation.server.url, rate=RATE) as traffic:
        async with asyncio.TaskGroup() as group:
            arriving = group.create_task(traffic.arrive_for(3600))
            for _ in range(KILLS):
                await _moment()
                pid = installation.server.pid
                assert pid
                os.kill(pid, signal.SIGKILL)
                await traffic.answered_again(time.monotonic())
                await installation.leader()
            await _moment()
            traffic.stop_arriving()
            await arriving
        await traffic.quiet()
        kinds = await check_log(installation.server.url, traffic.report)
    print(f"gaps {[round(g, 2) for g in traffic.report.gaps]} s, {kinds['contact.arrived']} contacts")
    assert kinds["contact.arrived"] == traffic.report.sent
    assert max(traffic.report.gaps) < 5.0
