"""The composition root: builds one process from its settings. Reads top to bottom."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import structlog
import uvicorn
from starlette.types import ASGIApp
from uuid_utils import uuid7

from .api.app import create_app
from .api.deps import Services
from .api.protocol import GuardedHttp
from .clock import SteadyClock
from .processes import STOP_SECONDS, end_within
from .services.browser_calls import BrowserCalls
from .services.call_signals import CallSignals
from .services.calls import ward
from .services.chat import Chat
from .services.chat_live import ChatHub
from .services.commands import Commands
from .services.dispatch import Dispatcher
from .services.feed import Feed
from .services.idle import IdleChats
from .services.live import LiveHub
from .services.memory import collect_in_time
from .services.message_feed import MessageFeed
from .services.notices import Notices
from .services.projector import run_projector
from .services.rates import ChatRates
from .services.recording_keeper import keep_folder
from .services.recordings import Recordings
from .services.reports import LiveFigures
from .services.retention import Retention
from .services.sessions import Sessions
from .services.singleton import run_alone
from .services.trunk_health import TrunkHealth
from .settings import Settings
from .storage.db import Database

log = structlog.get_logger()

WEB = Path(__file__).resolve().parents[2] / "web"
"""Where the built front ends are."""


_ASK_AGAIN = 2.0
"""Seconds after which a loop that was asked to end, and did not, is asked again."""


class PortInUse(Exception):
    """The address to listen on is taken."""


def listen(settings: Settings) -> socket.socket:
    """Bind the HTTP port before anything else is started."""
    sock = socket.socket(socket.AF_INET6 if ":" in settings.http_host else socket.AF_INET)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((settings.http_host, settings.http_port))
    except OSError as error:
        sock.close()
        raise PortInUse(
            f"Cannot listen on {settings.http_host}:{settings.http_port} ({error.strerror}). Nothing was started. "
            "Stop the other program, or choose another port: TEPLO_HTTP_PORT=8001."
        ) from error
    return sock


@asynccontextmanager
async def services(settings: Settings, database_url: str) -> AsyncIterator[Services]:
    """Make the services of one process and keep their loops running while inside."""
    async with AsyncExitStack() as stack:
        clock = SteadyClock()
        node = str(uuid7())
        db = await stack.enter_async_context(Database(database_url, size=settings.database_connections))
        # What no request may keep waiting: the log, commands to the floor, the lease, that this process lives.
        vital = await stack.enter_async_context(Database(database_url, size=4, name="teplo-vital"))
        commands = Commands(vital, node)
        feed = Feed(vital)
        dispatcher = Dispatcher(vital, node, clock)
        messages = MessageFeed(vital)
        figures = LiveFigures(db, feed, clock, zone=settings.zone)
        live = LiveHub(db, vital, feed, messages, figures, commands, node, clock)
        calls = CallSignals(db, feed, live, node)
        rates = ChatRates().times(settings.rate_factor)
        chat = Chat(db, commands, feed, messages, clock, rates=rates, zone=settings.zone)
        chat_hub = ChatHub(chat)
        browser_calls = BrowserCalls(db, chat, node)
        trunk_health = TrunkHealth(db, clock)
        sessions = Sessions(
            db, clock, idle_seconds=settings.session_idle_hours * 3600, max_seconds=settings.session_max_hours * 3600
        )
        made = Services(
            settings=settings,
            clock=clock,
            db=db,
            commands=commands,
            feed=feed,
            dispatcher=dispatcher,
            sessions=sessions,
            messages=messages,
            figures=figures,
            live=live,
            calls=calls,
            recordings=Recordings(db, feed, clock, settings.data / "recordings"),
            chat=chat,
            chat_hub=chat_hub,
            browser_calls=browser_calls,
            trunk_health=trunk_health,
        )

        loops: list[Callable[[], Awaitable[None]]] = [
            commands.run,
            feed.run,
            dispatcher.run,
            messages.run,
            live.run,
            calls.run,
            chat_hub.run,
            browser_calls.run,
            trunk_health.run,
            sessions.run_cleaning,
            sessions.known.run,
            lambda: run_alone(db, "projector", lambda: run_projector(db, feed)),
            lambda: run_alone(db, "chat-notices", Notices(chat).run),
            lambda: run_alone(db, "idle-chats", IdleChats(chat).run),
            lambda: run_alone(db, "retention", Retention(db, clock).run),
            lambda: keep_folder(db, clock, settings.data / "recordings"),
            lambda: run_alone(vital, "voice-ward", lambda: ward.watch(vital, commands)),
        ]
        group = await stack.enter_async_context(asyncio.TaskGroup())
        tasks = [group.create_task(figures.run()), *(group.create_task(_for_ever(loop)) for loop in loops)]
        await feed.ready.wait()
        await commands.listening.wait()
        try:
            yield made
        finally:
            await _end(tasks)


async def _end(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel tasks until they have ended.

    Once is not always enough: a TaskGroup of Python 3.11 forgets a cancellation that comes together with an error of
    one of its tasks, such as the database that is away, and the loop around it would go on for ever.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        _, left = await asyncio.wait(left, timeout=_ASK_AGAIN)


class LoopEnded(Exception):
    """A loop that runs as long as the process came to an end by itself."""


async def _for_ever(loop: Callable[[], Awaitable[None]]) -> None:
    """Run a loop whose end is the end of the process: half a server is worse than one that is started again."""
    try:
        await loop()
        raise LoopEnded(getattr(loop, "__qualname__", repr(loop)))
    except Exception as problem:
        log.critical("serve.loop_failed", exc_info=problem)
        raise


def server_config(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """Return the limits and manners of the HTTP server."""
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        http=GuardedHttp,
        ws_max_size=64 * 1024,
        ws_ping_interval=settings.live_ping_seconds,
        ws_ping_timeout=settings.live_ping_seconds,
        ws_per_message_deflate=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=2,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        server_header=False,
    )


async def serve(
    settings: Settings, database_url: str, sock: socket.socket, on_ready: Callable[[str], None] | None = None
) -> None:
    """Serve HTTP on the bound socket until SIGTERM or SIGINT."""
    async with services(settings, database_url) as made, asyncio.TaskGroup() as group:
        collector = group.create_task(_for_ever(collect_in_time))
        server = uvicorn.Server(server_config(create_app(made, WEB), settings))
        host, port = sock.getsockname()[:2]
        address = settings.public_url or f"http://{host}:{port}"
        log.info("serve.ready", address=address, node=made.commands.node)
        if on_ready:
            on_ready(address)
        await server.serve(sockets=[sock])
        log.info("serve.stopping")
        end_within(STOP_SECONDS, asyncio.get_running_loop())
        collector.cancel()
