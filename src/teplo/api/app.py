"""The ASGI application: routers, limits, headers, errors, front ends."""

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI

from .. import __version__
from . import (
    audit,
    call_live,
    calls,
    chat,
    chat_live,
    config,
    contact_actions,
    contacts_read,
    errors,
    floor,
    frames,
    health,
    live,
    menus,
    messages,
    metrics,
    people,
    phones,
    prompts,
    recordings,
    session,
    static,
    steering,
    trunks,
)
from .deps import Services
from .middleware import BodyLimit, SecurityHeaders
from .sockets import LiveSockets

PREFIX = "/api/v1"
_ROUTERS = (
    chat, contact_actions, messages, contacts_read, session, people, floor, steering, metrics, health, calls, audit,
    config, menus, prompts, phones, recordings, trunks,
)  # fmt: skip
"""What is asked for most comes first: a request is compared with one route after the other."""


def create_app(services: Services, web: Path) -> FastAPI:
    """Build the application around the services of one process; `web` holds the built front ends."""
    app = _routes()
    app.state.teplo = services
    static.install(app, web)
    app.add_middleware(BodyLimit)
    app.add_middleware(chat.WidgetCors, db=services.db)
    app.add_middleware(SecurityHeaders)
    sockets = {"/live": live.live, "/chat/live": chat_live.chat_live, "/chat/call": call_live.chat_call}
    app.add_middleware(LiveSockets, handlers={PREFIX + path: handler for path, handler in sockets.items()})
    return app


def description() -> dict[str, Any]:
    """Describe the API (OpenAPI, with the frames of the live sockets among its schemas) without a process."""
    return _routes().openapi()


def _routes() -> FastAPI:
    app = FastAPI(
        title="Teplo",
        version=__version__,
        description="API of the Teplo contact centre. Errors are problem+json with a stable `code`.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    errors.install(app)
    app.router.routes.extend(_api().routes)
    frames.install(app)
    return app


@cache
def _api() -> APIRouter:
    """Join the routes once for all applications of a process: FastAPI analyses each endpoint at every inclusion."""
    api = APIRouter(prefix=PREFIX, responses=errors.PROBLEMS)
    for module in (*_ROUTERS, live, chat_live, call_live):
        api.include_router(module.router)
    return api
