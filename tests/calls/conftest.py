"""A real server and a real voice worker beside it; people with telephones and agents with browsers' ends."""

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from tests.serving import Serving, serving

from teplo.simulator.phone import Phones
from teplo.storage.ports import free_port


@dataclass
class Centre:
    """A server, a voice worker and where the worker takes calls."""

    served: Serving
    sip: tuple[str, int]
    data: Path
    inside: tuple[str, ...] = ()
    """What starts a program where the worker is to be, before its own words."""
    settings: dict[str, str] = field(default_factory=dict)
    """Further TEPLO_ variables of the worker, without the prefix."""
    voice: subprocess.Popen[bytes] = field(init=False)

    def start_voice(self, database_url: str | None = None) -> None:
        """Start the voice worker and wait until it is seen; `database_url`: its own way to the database."""
        env = {
            **os.environ,
            "TEPLO_DATABASE_URL": database_url or self.served.database_url,
            "TEPLO_DATA": str(self.data),
            "TEPLO_SIP_HOST": self.sip[0],
            "TEPLO_SIP_PORT": str(self.sip[1]),
            "TEPLO_MEDIA_PORTS": "0",
            **{f"TEPLO_{key.upper()}": value for key, value in self.settings.items()},
        }
        log = self.data / "voice.log"
        before = _nodes(self.served.database_url)
        with log.open("ab") as out:
            command = [*self.inside, sys.executable, "-m", "teplo.cli", "voice"]
            self.voice = subprocess.Popen(command, env=env, stdout=out, stderr=out)
        _until_seen(self, before, log)

    def kill_voice(self) -> None:
        """Kill the voice worker."""
        self.voice.kill()
        self.voice.wait()

    def kill_server(self) -> None:
        """Kill the process that serves pages and decides."""
        self.served.process.kill()
        self.served.process.wait()

    def start_server(self) -> None:
        """Start it again at its address."""
        self.served.start()


@contextmanager
def voice_beside(served: Serving, folder: Path, host: str = "127.0.0.1") -> Iterator[Centre]:
    """Start a voice worker on the database of a server."""
    made = Centre(served, (host, free_port()), folder)
    try:
        made.start_voice()
        yield made
    finally:
        made.voice.terminate()
        made.voice.wait(20)


@pytest.fixture(scope="package")
def centre(template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Centre]:
    folder = tmp_path_factory.mktemp("calls")
    with serving(template, folder) as served, voice_beside(served, folder) as made:
        yield made


@pytest.fixture
def own_centre(template: str, tmp_path: Path) -> Iterator[Centre]:
    """One that may be killed."""
    with serving(template, tmp_path) as served, voice_beside(served, tmp_path) as made:
        yield made


def _nodes(url: str) -> set[object]:
    with psycopg.connect(url, autocommit=True) as conn:
        return {row[0] for row in conn.execute("select id from voice_node")}


def _until_seen(centre: Centre, before: set[object], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert centre.voice.poll() is None, log.read_text()[-3000:]
        if _nodes(centre.served.database_url) - before:
            return
        time.sleep(0.1)
    raise AssertionError(f"the voice worker did not come up:\n{log.read_text()[-3000:]}")


@pytest.fixture
async def phones() -> AsyncIterator[Phones]:
    async with Phones() as opened:
        yield opened
