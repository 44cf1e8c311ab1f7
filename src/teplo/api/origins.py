"""Who may embed the widget: pages of the origins that the entry points name."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..services.directory import Directory
from ..settings import Settings
from ..storage.db import Database

_PATH = "/api/v1/chat/"


def foreign_origin(connection: HTTPConnection) -> str | None:
    """Return the origin of a page that is not ours; None for our own pages and for programs."""
    origin = connection.headers.get("origin")
    return None if origin is None or _host(origin) == connection.headers.get("host") else origin


def own_origin(connection: HTTPConnection, settings: Settings) -> bool:
    """Tell whether a page of ours (or a program) asks: a page of somebody else must not ride on a person's cookie."""
    origin = foreign_origin(connection)
    if origin is None:
        return True
    ours = [url for url in (settings.public_url, *settings.allowed_origins) if url]
    return _host(origin) is not None and any(url == origin or url.startswith(f"{origin}/") for url in ours)


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


class WidgetCors:
    """Answers preflights of the widget API and lets the pages of allowed origins read its answers.

    Here any entry point's origin is good enough, as a preflight does not tell the entry; the handlers then ask for
    that of the thread's own entry. No cookie is ever allowed: the widget carries a token.
    """

    def __init__(self, app: ASGIApp, *, db: Database) -> None:
        self._app = app
        self._directory = Directory(db)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is not a cross-origin request of the widget API."""
        headers = Headers(scope=scope) if scope["type"] == "http" else None
        if headers is None or "origin" not in headers or not scope["path"].startswith(_PATH):
            await self._app(scope, receive, send)
            return
        origin = headers["origin"]
        allowed = await self._directory.origins()
        good = "*" in allowed or origin in allowed
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            answer = Response(status_code=204 if good else 403, headers={"Vary": "Origin"})
            if good:
                answer.headers.update(
                    {
                        "Access-Control-Allow-Origin": origin,
                        "Access-Control-Allow-Methods": "GET, POST",
                        "Access-Control-Allow-Headers": "Authorization, Content-Type",
                        "Access-Control-Max-Age": "600",
                    }
                )
            await answer(scope, receive, send)
            return

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer_headers = MutableHeaders(scope=message)
                answer_headers.add_vary_header("Origin")
                if good:
                    answer_headers["Access-Control-Allow-Origin"] = origin
                    answer_headers["Access-Control-Expose-Headers"] = "Content-Disposition, Retry-After"
            await send(message)

        await self._app(scope, receive, marked)
