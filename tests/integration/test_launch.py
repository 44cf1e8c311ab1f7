"""`teplo demo` as a person uses it: one real start with everything in it, and ways in which a start goes wrong."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest

from teplo.installation import FREE_LOGINS, PHONE_LOGINS
from teplo.settings import Settings
from teplo.simulator.desk import DeskClient
from teplo.simulator.subscriber import SubscriberClient
from teplo.storage.ports import free_port

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

PASSWORD = "teplo-demo-2026"
AGENTS = 8


def until(condition: Callable[[], Any], seconds: float = 30.0) -> Any:
    """Wait for a condition of other processes."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
    return found


@dataclass
class Started:
    """A `teplo demo` or `teplo up` that runs."""

    process: subprocess.Popen[str]
    output: Path
    data: Path
    port: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def said(self) -> str:
        return self.output.read_text()

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def child(self, word: str) -> psutil.Process:
        return next(process for process in self.children() if word in process.cmdline())

    def ready(self) -> bool:
        assert self.process.poll() is None, self.said
        return "Teplo is ready" in self.said


def begin(folder: Path, *words: str, **env: str) -> Started:
    """Start the command line; the folder keeps data and output."""
    port = int(env.get("TEPLO_HTTP_PORT") or free_port())
    output = folder / f"output-{time.monotonic_ns()}.txt"
    ports = {"TEPLO_HTTP_PORT": str(port), "TEPLO_SIP_PORT": "0"}
    environment = {**os.environ, "TEPLO_DATA": str(folder / "data"), **ports, **env}
    environment.pop("TEPLO_DATABASE_URL", None)
    with output.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "teplo.cli", *words], env=environment | env, stdout=out, stderr=out, text=True
        )
    return Started(process, output, folder / "data", port)


@contextmanager
def running(folder: Path, *words: str, **env: str) -> Iterator[Started]:
    started = begin(folder, *words, **env)
    try:
        until(started.ready, 60)
        yield started
    finally:
        if started.process.poll() is None:
            started.process.terminate()
            started.process.wait(60)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that the database server's own user may enter; pytest's are closed to others."""
    with tempfile.TemporaryDirectory(prefix="teplo-launch-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with open_folder() as opened:
        yield opened


@pytest.fixture
def own_folder() -> Iterator[Path]:
    with open_folder() as opened:
        yield opened


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Started]:
    """A centre whose people live forty times as fast."""
    crowd = ["--agents", str(AGENTS), "--contacts-per-hour", "3000", "--calls-per-hour", "360", "--pace", "0.025"]
    with running(folder, "demo", *crowd, TEPLO_SIP_PORT=str(free_port())) as started:
        yield started


@asynccontextmanager
async def desk(demo: Started, login: str, *topics: str) -> AsyncIterator[DeskClient]:
    async with DeskClient(demo.address, login, PASSWORD, topics=topics or ("me",), patience=20) as opened:
        yield opened


async def test_it_says_the_address_the_accounts_and_how_to_see_both_sides(demo: Started) -> None:
    for words in (demo.address, f"{demo.address}/widget/demo", PASSWORD, "supervisor1", *FREE_LOGINS):
        assert words in demo.said
    steps = re.findall(r"^(\d)/(\d) .+ … [\d.]+ s$", demo.said, re.MULTILINE)
    assert steps == [(str(n), "4") for n in (1, 2, 3, 4)]


async def test_simulated_people_meet_talk_and_grade(demo: Started) -> None:
    async with desk(demo, "supervisor1", "floor") as watcher:
        await watcher.wait_for(lambda me: me.floor["totals"].get("grades", 0) >= 2, 60)
        rows = (await watcher.call("GET", "/contacts", params={"limit": 100, "state": "ended"})).json()["items"]
        graded = next(row for row in rows if row["grade"])
        record = await watcher.record(graded["id"])
    kinds = [event["kind"] for event in record["events"]]
    assert kinds.index("contact.offered") < kinds.index("offer.accepted") < kinds.index("contact.ended")
    authors = [message["author"] for message in record["messages"] if message["kind"] == "text"]
    assert authors[0] == "subscriber"
    assert authors.count("agent") >= 2
    assert record["reasons"]


def connected(watcher: DeskClient) -> set[str]:
    return {id for id, agent in watcher.floor["agents"].items() if agent["connected"]}


async def test_accounts_kept_for_people_are_used_by_nobody(demo: Started) -> None:
    async with desk(demo, "supervisor1", "floor") as watcher:
        await watcher.wait_for(lambda me: len(connected(me)) >= AGENTS, 60)  # they come one after the other
        present = connected(watcher)
        people = {item["body"]["login"]: item["id"] for item in await watcher.config("person")}
    assert present.isdisjoint(people[login] for login in FREE_LOGINS)


async def test_a_person_joins_and_a_cut_of_the_network_loses_and_doubles_nothing(demo: Started) -> None:
    async with desk(demo, FREE_LOGINS[0]) as me:
        await me.presence("available")
        offered = await me.wait_work("offered", timeout=40)
        contact = offered["id"]
        await me.accept(contact)
        await me.wait_work("talking", contact=contact)
        me.live.cut()
        await me.wait_for(lambda me: not me.live.connected)
        sent = await me.send(contact, "Здравствуйте! Чем помочь?")
        me.live.mend()
        await me.wait_for(lambda me: me.live.connections == 2, 20)
        assert me.me["presence"] == "available"
        history = await me.history(contact)
        assert [m["seq"] for m in history if m["text"] == "Здравствуйте! Чем помочь?"] == [sent["seq"]]
        if contact in {item["id"] for item in me.works("talking")}:
            await me.end(contact)
        await me.presence("break", "rest")
        for item in me.works("wrap_up"):
            await me.dispose(item["id"], ["BAL.02"], "resolved")


async def test_a_second_start_on_the_same_data_is_refused(demo: Started, folder: Path) -> None:
    second = begin(folder, "up")
    assert second.process.wait(60) == 1
    assert "already running" in second.said
    assert demo.address in second.said
    assert "Nothing was started" in second.said


async def test_a_taken_port_is_refused_before_anything_starts(demo: Started, tmp_path: Path) -> None:
    other = begin(tmp_path, "up", TEPLO_HTTP_PORT=str(demo.port))
    assert other.process.wait(60) == 1
    assert "Nothing was started" in other.said
    assert not (tmp_path / "data" / "postgres").exists()


async def test_a_killed_server_comes_back_on_the_same_socket_and_nobody_notices_much(demo: Started) -> None:
    async with SubscriberClient(demo.address, patience=20) as subscriber:
        await subscriber.begin("Здравствуйте, проверка связи")
        await subscriber.wait_phase("talking", timeout=30)
        demo.child("serve").kill()
        message = await subscriber.send("Вы меня видите?")
        await subscriber.wait_for(lambda me: me.live.connected and me.live.connections > 1, 30)
        again = await subscriber.send("Вы меня видите?", message_id=message["id"])
        assert again["seq"] == message["seq"]
        await subscriber.refresh()
        assert subscriber.texts("subscriber").count("Вы меня видите?") == 1
    async with desk(demo, "supervisor2", "floor") as watcher:
        await watcher.wait_for(lambda me: any(agent["connected"] for agent in me.floor["agents"].values()), 40)


async def test_simulated_telephones_are_answered(demo: Started) -> None:
    async with desk(demo, "supervisor1", "floor") as watcher:
        people = {item["body"]["login"]: item["id"] for item in await watcher.config("person")}

        async def talks() -> list[dict[str, Any]]:
            pages = [await watcher.call("GET", "/contacts", params={"agent": people[login]}) for login in PHONE_LOGINS]
            return [row for page in pages for row in page.json()["items"] if row["answered_at"]]

        async with asyncio.timeout(60):
            while not (found := await talks()):
                await watcher.next_change()
        record = await watcher.record(found[0]["id"])
    assert record["channel"] == "voice" and record["subscriber"]["number_masked"]
    assert "offer.accepted" in [event["kind"] for event in record["events"]]


async def test_a_terminated_demo_leaves_no_process_and_keeps_the_data(demo: Started, folder: Path) -> None:
    before = demo.children()
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(60) == 0
    assert "Stopped." in demo.said
    assert not [process for process in before if process.is_running() and process.status() != "zombie"]
    with running(folder, "up") as again:
        assert "Sign in with your account" in again.said
        async with desk(again, "supervisor1", "floor") as watcher:
            assert (await watcher.call("GET", "/contacts", params={"limit": 1})).json()["items"]
        until(lambda: len(again.children()) >= 2)
        children = again.children()
        again.process.kill()
        again.process.wait()
        until(lambda: not [child for child in children if child.is_running() and child.status() != "zombie"])


async def test_the_first_start_of_an_own_installation_makes_the_administrator(own_folder: Path) -> None:
    with running(own_folder, "up") as started:
        login, password = re.findall(r"login (\S+)   password (\S+)", started.said)[0]
        async with DeskClient(started.address, login, password, topics=()) as administrator:
            assert administrator.session["person"]["role"] == "administrator"
    reset = begin(own_folder, "admin", "reset-password", "admin")
    assert reset.process.wait(60) == 0
    new = re.findall(r"password (\S+)", reset.said)[0]
    with running(own_folder, "up") as started:
        assert "password" not in started.said.replace("reset-password", "")
        async with DeskClient(started.address, login, new, topics=()) as administrator:
            assert administrator.session["person"]["role"] == "administrator"


def complaint(tmp_path: Path, *words: str, **env: str) -> str:
    started = begin(tmp_path, *words, **env)
    assert started.process.wait(60) == 1
    return started.said


async def test_wrong_settings_are_named(tmp_path: Path) -> None:
    said = complaint(tmp_path, "up", TEPLO_LOG_LEVEL="loud")
    assert "TEPLO_LOG_LEVEL" in said
    assert "nothing was started" in said


@pytest.mark.parametrize("value", ["[not, json", '["a", 1]', '{"a": 1}', "a,,b"])
async def test_a_list_that_cannot_be_read_is_named(tmp_path: Path, value: str) -> None:
    said = complaint(tmp_path, "up", TEPLO_TRUSTED_PROXIES=value)
    assert "TEPLO_TRUSTED_PROXIES" in said and "nothing was started" in said and "Traceback" not in said


@pytest.mark.parametrize("value", ['["10.0.0.5", "10.0.0.6"]', "10.0.0.5, 10.0.0.6"])
def test_a_list_may_be_written_with_commas(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TEPLO_TRUSTED_PROXIES", value)
    assert Settings().trusted_proxies == ["10.0.0.5", "10.0.0.6"]
    monkeypatch.setenv("TEPLO_TRUSTED_PROXIES", "")
    assert Settings().trusted_proxies == []


async def test_an_unreachable_database_is_named(tmp_path: Path) -> None:
    said = complaint(tmp_path, "up", TEPLO_DATABASE_URL=f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    assert "cannot be reached" in said
    assert "TEPLO_DATABASE_URL" in said


@pytest.mark.parametrize("command", [["serve"], ["migrate"], ["admin", "reset-password", "admin"]])
async def test_every_command_names_an_unreachable_database(tmp_path: Path, command: list[str]) -> None:
    said = complaint(tmp_path, *command, TEPLO_DATABASE_URL=f"postgresql://nobody:pw@127.0.0.1:{free_port()}/none")
    assert "cannot be reached" in said and "Traceback" not in said


async def test_what_is_no_address_of_a_database_is_a_wrong_setting(tmp_path: Path) -> None:
    said = complaint(tmp_path, "up", TEPLO_DATABASE_URL="host database with a secret")
    assert "TEPLO_DATABASE_URL" in said and "nothing was started" in said and "secret" not in said


async def test_serve_wants_the_schema_it_knows(tmp_path: Path, database_url: str) -> None:
    import psycopg

    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("insert into migration (number, name) values (9999, '9999_future.sql')")
    for command in ("serve", "migrate"):
        said = complaint(tmp_path, command, TEPLO_DATABASE_URL=database_url)
        assert "newer Teplo" in said and "Traceback" not in said
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("drop table migration")
    said = complaint(tmp_path, "serve", TEPLO_DATABASE_URL=database_url)
    assert "./teplo migrate" in said and "Traceback" not in said


async def test_a_database_of_a_newer_version_is_left_alone(tmp_path: Path, database_url: str) -> None:
    import psycopg

    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("insert into migration (number, name) values (9999, '9999_future.sql')")
    said = complaint(tmp_path, "up", TEPLO_DATABASE_URL=database_url)
    assert "newer Teplo" in said
    assert "Nothing was changed" in said


def health(port: int) -> dict[str, Any]:
    from urllib.request import urlopen

    try:
        with urlopen(f"http://127.0.0.1:{port}/api/v1/health", timeout=1) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except (OSError, ValueError):
        return {}


async def test_serve_alone_listens_on_its_own_port_and_stops_on_a_signal(tmp_path: Path, database_url: str) -> None:
    started = begin(tmp_path, "serve", TEPLO_DATABASE_URL=database_url)
    await asyncio.to_thread(until, lambda: health(started.port).get("status") == "ok")
    started.process.terminate()
    assert started.process.wait(60) == 0, started.said


async def test_a_second_installation_on_the_same_database_starts_too(tmp_path: Path, database_url: str) -> None:
    """Another server decides; this one has nothing to wait for."""
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
    other = begin(tmp_path / "first", "serve", TEPLO_DATABASE_URL=database_url)
    await asyncio.to_thread(until, lambda: health(other.port).get("dispatcher") is True)
    started = begin(tmp_path / "second", "up", TEPLO_DATABASE_URL=database_url)
    await asyncio.to_thread(until, lambda: "Teplo is ready" in started.said)
    found = health(started.port)
    assert (found["status"], found["dispatcher"]) == ("ok", False)
    for each in (started, other):
        each.process.terminate()
        assert each.process.wait(60) == 0, each.said
