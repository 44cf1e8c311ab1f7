"""What handlers are given: the services of the process, and the person who calls."""

import hmac
import ipaddress
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from ..clock import Clock
from ..domain.errors import NotAllowed
from ..services.access import Caller, require
from ..services.browser_calls import BrowserCalls
from ..services.call_signals import CallSignals
from ..services.chat import Chat
from ..services.chat_live import ChatHub
from ..services.commands import Commands
from ..services.dispatch import Dispatcher
from ..services.feed import Feed
from ..services.live import LiveHub
from ..services.message_feed import MessageFeed
from ..services.recordings import Recordings
from ..services.reports import LiveFigures
from ..services.sessions import Sessions
from ..services.trunk_health import TrunkHealth
from ..settings import Settings
from ..storage.db import Database

COOKIE = "teplo_session"
CSRF_HEADER = "X-CSRF-Token"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that handlers use, made once in `run.py`."""

    settings: Settings
    clock: Clock
    db: Database
    commands: Commands
    feed: Feed
    dispatcher: Dispatcher
    sessions: Sessions
    messages: MessageFeed
    figures: LiveFigures
    live: LiveHub
    calls: CallSignals
    recordings: Recordings
    chat: Chat
    chat_hub: ChatHub
    browser_calls: BrowserCalls
    trunk_health: TrunkHealth


def get_services(connection: HTTPConnection) -> Services:
    """Return the services of this process."""
    services: Services = connection.app.state.teplo
    return services


async def _services(connection: HTTPConnection) -> Services:
    return get_services(connection)


ServicesDep = Annotated[Services, Depends(_services)]
"""Dependencies are coroutines, also where nothing is awaited: others would cost a thread each."""


async def current_caller(request: Request, services: ServicesDep) -> Caller:
    """Return the signed-in person; an unsafe method must also carry the session's CSRF token."""
    signed = await services.sessions.authenticate(request.cookies.get(COOKIE))
    if request.method not in _SAFE:
        given = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(given.encode(), signed.csrf.encode()):
            raise NotAllowed("session.csrf")
    return signed.caller


CallerDep = Annotated[Caller, Depends(current_caller)]


def permitted(permission: str) -> type[Caller]:
    """Annotation of a handler's argument: the caller, who must have the permission."""

    async def check(caller: CallerDep) -> Caller:
        require(caller, permission)
        return caller

    return Annotated[Caller, Depends(check)]  # type: ignore[return-value]


def client_address(connection: HTTPConnection) -> str:
    """Address that limits count under, as the server (and a trusted proxy, if any) tells it.

    Of IPv6 it is the network: a customer has a /64 of them.
    """
    try:
        parsed = ipaddress.ip_address(connection.client.host.split("%")[0] if connection.client else "")
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        if parsed.ipv4_mapped:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
    return str(parsed)
