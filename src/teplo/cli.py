"""The command line: `teplo demo`, `teplo up`, `teplo serve`, `teplo migrate`, `teplo admin reset-password`."""

import argparse
import asyncio
import os
import signal
import socket
import sys
from collections.abc import Callable

from pydantic import ValidationError

from . import __version__
from .domain.errors import Refused
from .installation import CannotStart, check_version, database, reset_password, told
from .launch import Crowd, Launch
from .processes import STOP_SECONDS, end_within, follow_parent
from .settings import Settings
from .storage.embedded import EmbeddedError
from .storage.migrate import migrate


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="teplo", description="Teplo: an open contact-centre platform.")
    parser.add_argument("--version", action="version", version=f"teplo {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    demo = commands.add_parser("demo", help="a small living centre with simulated subscribers and agents")
    demo.add_argument(
        "--contacts-per-hour", type=float, default=300.0, help="simulated contacts, mean over a day (300)"
    )
    demo.add_argument("--calls-per-hour", type=float, default=120.0, help="simulated telephone calls; 0: none (120)")
    demo.add_argument("--agents", type=int, default=25, help="simulated agents (25)")
    demo.add_argument("--pace", type=float, default=1.2, help="2: simulated people take twice the time (1.2)")
    commands.add_parser("up", help="an installation of your own; makes the administrator at its first start")
    serve = commands.add_parser("serve", help="one server process; needs TEPLO_DATABASE_URL; may run many times")
    serve.add_argument("--socket", type=int, help=argparse.SUPPRESS)
    commands.add_parser("voice", help="one voice worker: SIP and media; needs TEPLO_DATABASE_URL; may run many times")
    commands.add_parser("migrate", help="bring the database to this version")
    admin = commands.add_parser("admin", help="help for an administrator who is locked out")
    deeds = admin.add_subparsers(dest="deed", required=True, metavar="DEED")
    reset = deeds.add_parser("reset-password", help="give a person a new password and sign their desks out")
    reset.add_argument("login")
    reset.add_argument("--stdin", action="store_true", help="read the password from standard input; else one is made")
    return parser.parse_args(words)


def main(words: list[str] | None = None) -> None:
    """Do what the command line says; a reason to stop is one clear message and the code 1."""
    follow_parent()
    given = arguments(words)
    try:
        settings = Settings()
        with asyncio.Runner(loop_factory=_fast_loop() if given.command in ("serve", "voice") else None) as runner:
            runner.run(_do(given, settings))
    except ValidationError as error:
        problems = "\n".join(f"  TEPLO_{'_'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        sys.exit(f"A setting is wrong; nothing was started.\n{problems}")
    except (CannotStart, EmbeddedError) as reason:
        full = "\nThe disk is full. Free about 1 GB, then repeat the command." if "No space left" in str(reason) else ""
        sys.exit(f"\n{reason}{full}")
    except Refused as refused:
        sys.exit(f"Refused: {refused}")
    except OSError as error:
        sys.exit(f"\n{error}\nNothing of yours was changed; repeating the command is safe once the cause is gone.")
    except KeyboardInterrupt:
        sys.exit(130)


def _fast_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return the loop for thousands of sockets where it exists; None is Python's own."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _do(given: argparse.Namespace, settings: Settings) -> None:
    if given.command == "demo":
        crowd = Crowd(given.contacts_per_hour, given.calls_per_hour, given.agents, given.pace)
        await Launch(settings, crowd).run()
    elif given.command == "up":
        await Launch(settings, None).run()
    elif given.command == "serve":
        await _serve(settings, given.socket)
    elif given.command == "voice":
        await _voice(settings)
    elif given.command == "migrate":
        with told():
            async with database(settings) as db:
                applied = await migrate(db)
        print("\n".join(applied) if applied else "The database is up to date.")
    elif given.command == "admin":
        await _reset_password(settings, given.login, sys.stdin.readline().rstrip("\n") if given.stdin else None)


async def _reset_password(settings: Settings, login: str, password: str | None) -> None:
    with told():
        async with database(settings) as db:
            await migrate(db)
            new = await reset_password(db, login, password)
    print(f"{login}: signed out everywhere." if password else f"login {login}   password {new}")


async def _voice(settings: Settings) -> None:
    """Carry calls until SIGTERM, and those that are there to their end if there is time; a second one ends at once.

    One that comes before any call was taken ends at once, too.
    """
    from .logging import configure
    from .run_voice import carry

    if settings.database_url is None:
        raise CannotStart("`teplo voice` needs TEPLO_DATABASE_URL. Nothing was started.")
    configure(settings.log_level, show_pii=settings.log_pii)
    os.environ.pop("TEPLO_DATABASE_URL", None)
    await check_version(settings.database_url)
    loop, this = asyncio.get_running_loop(), asyncio.current_task()
    assert this is not None
    leave, ready = asyncio.Event(), asyncio.Event()

    def on_term() -> None:
        if settings.voice_drain_seconds and ready.is_set() and not leave.is_set():
            leave.set()
        else:
            this.cancel()
            end_within(STOP_SECONDS, loop)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, on_term)
    try:
        await carry(settings, settings.database_url, leave, ready.set)
    except asyncio.CancelledError:
        return


async def _serve(settings: Settings, inherited: int | None) -> None:
    """Serve until SIGTERM; the server itself handles signals once it is ready."""
    from .logging import configure
    from .run import PortInUse, listen, serve

    if settings.database_url is None:
        raise CannotStart(
            "`teplo serve` needs TEPLO_DATABASE_URL. Nothing was started.\n"
            "For an installation with its own PostgreSQL use ./teplo up or ./teplo demo."
        )
    configure(settings.log_level, show_pii=settings.log_pii)
    try:
        sock = listen(settings) if inherited is None else socket.socket(fileno=inherited)
    except PortInUse as error:
        raise CannotStart(str(error)) from error
    os.environ.pop("TEPLO_DATABASE_URL", None)
    await check_version(settings.database_url)
    this, ready = asyncio.current_task(), False

    def on_ready(_: str) -> None:
        nonlocal ready
        ready = True

    def on_term() -> None:
        if not ready and this is not None:
            this.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, on_term)
    try:
        await serve(settings, settings.database_url, sock, on_ready)
    except asyncio.CancelledError:
        if ready:
            raise


if __name__ == "__main__":
    main()
