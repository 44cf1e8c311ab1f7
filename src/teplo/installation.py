"""The data of one installation: its folder, its database, what it begins with, and what a person is told about it."""

import fcntl
import json
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .clock import SteadyClock
from .domain.errors import Conflict, NotFound
from .settings import Settings
from .storage.db import Database, Unavailable
from .storage.embedded import Embedded
from .storage.migrate import migrate, require_current

FREE_LOGINS = ("agent1", "agent2", "agent3")
"""Accounts of the demo centre that no simulated agent uses."""
PHONE_LOGINS = ("agent4", "agent5", "agent6")
"""Accounts that take nothing but calls: as long as anybody is simulated, they are."""


class CannotStart(Exception):
    """Said to the person as it is: what happened, what is safe, what to do."""


# --- the folder ---------------------------------------------------------------------------------------------------


@contextmanager
def only_one(settings: Settings, address: str) -> Iterator[None]:
    """Hold the data folder: two installations on the same data are refused before anything is started."""
    path = settings.data / "teplo.lock"
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise CannotStart(
            f"The data folder {settings.data.absolute()} cannot be used ({error.strerror}). Nothing was started.\n"
            "Choose another one: TEPLO_DATA=/path/to/folder"
        ) from error
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart(_running_already(path)) from error
        os.ftruncate(lock, 0)
        os.pwrite(lock, json.dumps({"pid": os.getpid(), "address": address}).encode(), 0)
        yield
        os.ftruncate(lock, 0)
    finally:
        os.close(lock)


def _running_already(path: Path) -> str:
    try:
        other: dict[str, Any] = json.loads(path.read_text())
    except (OSError, ValueError):
        other = {}
    return (
        f"Teplo is already running on {path.parent.absolute()}: {other.get('address', 'just starting')} "
        f"(process {other.get('pid', 'unknown')}). Nothing was started.\n"
        "Open that address, or stop the other one with Ctrl-C, or use another data folder and another port:\n"
        "  TEPLO_DATA=/path/to/folder TEPLO_HTTP_PORT=8001 ./teplo demo"
    )


def embedded(settings: Settings) -> Embedded:
    """Return the embedded server of the data folder, not started."""
    return Embedded(settings.data / "postgres", settings.postgres_port)


@asynccontextmanager
async def database(settings: Settings) -> AsyncIterator[Database]:
    """Lend the migrated database: the one that is set, or the embedded one, started for the time if it does not run."""
    server: Embedded | None = None
    url = settings.database_url
    if url is None:
        running = _running(settings)
        if running is None:
            server = embedded(settings)
            await server.start()
        url = (running or server or embedded(settings)).url
    try:
        async with Database(url, size=2) as db:
            yield db
    finally:
        if server is not None:
            await server.stop()


def _running(settings: Settings) -> Embedded | None:
    """Return the embedded server if another process of ours keeps it running."""
    try:
        lines = (embedded(settings).folder / "cluster" / "postmaster.pid").read_text().splitlines()
        os.kill(int(lines[0]), 0)
        return Embedded(settings.data / "postgres", int(lines[3]))
    except (OSError, ValueError, IndexError):
        return None


# --- what is in it ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Prepared:
    """What the first lines on the screen tell. `opened` is (login, password) of an administrator made just now."""

    demo: bool
    password: str | None = None
    opened: tuple[str, str] | None = None
    simulated: tuple[str, ...] = ()


async def prepare(url: str, *, demo: bool, agents: int) -> Prepared:
    """Migrate the database and lay out what it begins with; what is there already stays."""
    from .seed import first_administrator, seed_demo

    now = SteadyClock()()
    with told():
        await _reach(url)
        async with Database(url, size=2) as db:
            await migrate(db)
            async with db.transaction() as conn:
                if not demo:
                    return Prepared(demo=False, opened=await first_administrator(conn, now))
                laid_out = await seed_demo(conn, now)
    spare = [
        account.login
        for account in laid_out.accounts
        if account.role in ("agent", "senior") and account.login not in (*FREE_LOGINS, *PHONE_LOGINS)
    ]
    callers = PHONE_LOGINS[:agents]
    count = min(agents - len(callers), len(spare))
    chosen = (*callers, *(spare[index * len(spare) // count] for index in range(count)))
    return Prepared(demo=True, password=laid_out.password, simulated=chosen)


async def check_version(url: str) -> None:
    """Raise CannotStart unless the database answers and has the schema that this program knows."""
    with told():
        await _reach(url, check=True)


async def _reach(url: str, *, check: bool = False) -> None:
    """Connect once without a pool: it fails at once and says why, where a pool would try again."""
    conn = await Database(url).dedicated("start")
    try:
        if check:
            await require_current(conn)
    finally:
        await conn.close()


@contextmanager
def told() -> Iterator[None]:
    """Turn what may be wrong with a database into a CannotStart that says what to do."""
    try:
        yield
    except Conflict as error:
        found, known = error.details.get("database"), error.details.get("program")
        if error.code == "database.older":
            raise CannotStart(
                f"The tables of the database are of version {found}, this program needs {known}. Nothing was started.\n"
                "Bring it up to date first: ./teplo migrate"
            ) from error
        if error.code != "database.newer":
            raise
        raise CannotStart(
            f"This database was made by a newer Teplo: its schema is {found}, this program knows {known}. "
            "Nothing was changed. Use the newer program, or another data folder."
        ) from error
    except Unavailable as error:
        reason = str(error).strip().partition("\n")[0]
        raise CannotStart(
            f"The database cannot be reached: {reason}\nNothing was changed. Check TEPLO_DATABASE_URL, or leave it out "
            "to use the embedded PostgreSQL."
        ) from error


async def reset_password(db: Database, login: str, password: str | None) -> str:
    """Give a person a new password, sign all their desks out, and return it; NotFound("person.unknown")."""
    from .services import passwords
    from .storage import people

    if password is not None:
        passwords.check_new(password)
    new = password or passwords.generate()
    now = SteadyClock()()
    async with db.transaction() as conn:
        found = await people.credential_of_login(conn, login.casefold())
        if found is None:
            raise NotFound("person.unknown", login=login)
        await people.set_password(conn, found.person, found.login, passwords.hash_now(new), now)
        await people.close_sessions(conn, found.person)
    return new


# --- what is said -------------------------------------------------------------------------------------------------


def welcome(prepared: Prepared, address: str, seconds: float, data: Path, telephone: str) -> str:
    """Return what a person needs to begin."""
    head = f"\nTeplo is ready in {seconds:.1f} s:  {address}\n"
    foot = f"\nLogs: {data / 'log'}   Data: {data}   Stop: Ctrl-C (the data stay)"
    if not prepared.demo:
        if prepared.opened is None:
            return head + "\nSign in with your account. Forgotten? ./teplo admin reset-password LOGIN" + foot
        login, password = prepared.opened
        return (
            f"{head}\nThe administrator was made just now. Keep the password, it is not shown again:\n"
            f"  login {login}   password {password}\n"
            f"\nThe chat widget's demo page: {address}/widget/demo" + foot
        )
    return f"""{head}
See both sides, in two tabs of a browser:
  1. The agent    {address}/              login {FREE_LOGINS[0]}, password {prepared.password}
     Choose «На линии» (available): chats and calls are offered to you within a minute. Enter accepts;
     in a call you hear a simulated subscriber speak.
  2. The subscriber  {address}/widget/demo
     Open the chat and write, or press «Позвонить из браузера» (call from the browser) and then 0 for a person.
     Some agent answers; it may be you.
  Or by telephone: call {telephone} with a soft phone on this machine; agents 1 to 3 take calls.

Accounts, all with the password {prepared.password}:
  {", ".join(FREE_LOGINS)}        agents kept free for people
  supervisor1, supervisor2, supervisor3   see the whole floor
  quality1, planner1, admin     quality, planning, administration
  {len(prepared.simulated)} other agents are simulated, and so are the subscribers who write and call.
{foot}"""
