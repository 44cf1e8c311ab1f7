"""The built front ends: the desk for every path that is not the API's, the widget and its demo page."""

import re
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from .errors import problem

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
_FOREVER = "public, max-age=31536000, immutable"
_MISSING = "The web front end is not built. Run ./teplo up once: it builds it."
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
_WIDGET_CSP = (
    "default-src 'self'; img-src 'self' blob: data:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'"
)


def install(app: FastAPI, web: Path) -> None:
    """Serve `web/desk/dist` and `web/widget/dist`; register after the API's routes."""
    desk = (web / "desk" / "dist").resolve()
    widget = (web / "widget" / "dist").resolve()

    @app.api_route("/widget/{name:path}", methods=["GET", "HEAD"], include_in_schema=False)
    async def widget_file(request: Request, name: str) -> Response:
        found = _inside(widget, "demo.html" if name in ("", "demo") else name)
        if found is None:
            return problem(404, "http.404", "There is no such file.")
        headers = {"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}
        headers["Access-Control-Allow-Origin"] = (
            "*"  # the file of calls is a module, which foreign pages may not read else
        )
        if found.suffix == ".html":
            headers["Content-Security-Policy"] = _WIDGET_CSP
        return _send(request, found, headers)

    @app.api_route("/api/{path:path}", methods=_METHODS, include_in_schema=False)
    async def unknown(request: Request) -> Response:
        allowed = _methods_of(app, request.url.path)
        if not allowed:
            return problem(404, "http.404", "There is no such address in the API.")
        answer = problem(405, "http.405", "This address takes other methods.", {"allowed": allowed})
        answer.headers["Allow"] = ", ".join(allowed)
        return answer

    @app.api_route("/{path:path}", methods=["GET", "HEAD"], include_in_schema=False)
    async def desk_file(request: Request, path: str) -> Response:
        found = _inside(desk, path) if path else None
        if found is not None:
            return _send(request, found, {"Cache-Control": _FOREVER if path.startswith("assets/") else "no-cache"})
        index = desk / "index.html"
        if not index.is_file():
            return PlainTextResponse(_MISSING, 503)
        if path.startswith("assets/"):
            return problem(404, "http.404", "There is no such file.")
        return _send(request, index, {"Cache-Control": "no-cache"})


def _methods_of(app: FastAPI, path: str) -> list[str]:
    """Return the methods that the API's description has for a path; none for one that it does not know."""
    found = []
    for template, methods in app.openapi()["paths"].items():
        if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)), path):
            found += [method.upper() for method in methods]
    return sorted(set(found))


def _inside(folder: Path, name: str) -> Path | None:
    try:
        path = (folder / name).resolve()
        return path if path.is_relative_to(folder) and path.is_file() else None
    except (ValueError, OSError):  # no name of a file at all
        return None


def _send(request: Request, path: Path, headers: dict[str, str]) -> Response:
    headers = {**headers, "Vary": "Accept-Encoding"}
    packed = path.with_name(path.name + ".gz")
    kind = _TYPES.get(path.suffix, "application/octet-stream")
    if "gzip" in request.headers.get("accept-encoding", "") and packed.is_file():
        return FileResponse(packed, headers={**headers, "Content-Encoding": "gzip"}, media_type=kind)
    return FileResponse(path, headers=headers, media_type=kind)
