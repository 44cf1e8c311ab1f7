"""A real server and a real voice worker beside it; people with telephones and agents with browsers' ends."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from tests.serving import Serving, serving

from teplo.simulator.phone import Phones


@dataclass
class Centre:
    """A server, a voice worker and where the worker takes calls."""

    served: Serving
    voice: subprocess.Popen[bytes]
    sip: tuple[str, int]
    data: Path


@pytest.fixture(scope="package")
def centre(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("calls")
    with serving(template, folder) as served:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        env = {
            **os.environ,
            "TEPLO_DATABASE_URL": served.database_url,
            "TEPLO_DATA": str(folder),
            "TEPLO_SIP_PORT": str(port),
            "TEPLO_MEDIA_PORTS": "0",
        }
        with (folder / "voice.log").open("ab") as out:
            process = subprocess.Popen([sys.executable, "-m", "teplo.cli", "voice"], env=env, stdout=out, stderr=out)
        try:
            _until_seen(served.database_url, process, folder / "voice.log")
            yield Centre(served, process, ("127.0.0.1", port), folder)
        finally:
            process.terminate()
            process.wait(20)


def _until_seen(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    with psycopg.connect(url, autocommit=True) as conn:
        while time.monotonic() < deadline:
            assert process.poll() is None, log.read_text()[-3000:]
            if conn.execute("select exists (select from voice_node)").fetchone() == (True,):
                return
            time.sleep(0.1)
    raise AssertionError(f"the voice worker did not come up:\n{log.read_text()[-3000:]}")


@pytest.fixture
async def phones() -> AsyncIterator[Phones]:
    async with Phones() as opened:
        yield opened
