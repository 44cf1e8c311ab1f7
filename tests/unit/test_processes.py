"""A process that is told to stop and does not."""

import subprocess
import sys

_HANGS = """
import asyncio
from teplo.processes import end_within

async def stubborn():
    while True:
        await asyncio.sleep(60)

async def main():
    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    end_within(0.2, asyncio.get_running_loop())
    await task

asyncio.run(main())
"""


def test_it_is_ended_by_force_and_tells_what_it_waited_for() -> None:
    ended = subprocess.run([sys.executable, "-c", _HANGS], capture_output=True, text=True, timeout=30)
    assert ended.returncode == 1
    assert "process.ended_by_force" in ended.stdout and "'main', 'stubborn'" in ended.stdout


def test_one_that_ends_in_time_is_left_alone() -> None:
    words = "from teplo.processes import end_within; end_within(60)"
    ended = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, timeout=30)
    assert ended.returncode == 0 and not ended.stdout + ended.stderr
