"""Refusals and faults as problem+json (RFC 9457). One table maps kinds to statuses."""

import errno
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response
from uuid_utils import uuid7

from ..domain.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, TooMany
from ..storage.db import DiskFull, Unavailable

log = structlog.get_logger()

STATUS: dict[type[Refused], int] = {NotFound: 404, Conflict: 409, NotAllowed: 403, Invalid: 422, TooMany: 429}
_UNAUTHENTICATED = frozenset({"session.missing", "session.expired", "login.failed", "chat.token"})
_TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    422: "Invalid",
    429: "Too many requests",
    500: "Internal error",
    503: "Unavailable",
}


class Problem(BaseModel):
    """What happened and what to do, for programs by `code` and for people by `detail`."""

    type: str = "about:blank"
    title: str
    status: int
    code: str = Field(examples=["offer.taken"])
    detail: str
    details: dict[str, Any] = {}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}, "description": _TITLES[status]}
    for status in (400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
}
"""`responses=` of every router."""


def status_of(refused: Refused) -> int:
    """HTTP status of a refusal."""
    if refused.code in _UNAUTHENTICATED:
        return 401
    if refused.code.endswith(".too_large"):
        return 413
    if refused.code == "command.unconfirmed":
        return 503
    return next((STATUS[kind] for kind in type(refused).__mro__ if kind in STATUS), 400)


def problem(status: int, code: str, detail: str = "", details: dict[str, Any] | None = None) -> JSONResponse:
    """Build a problem+json answer."""
    title = _TITLES.get(status, "Error")
    body = Problem(title=title, status=status, code=code, detail=detail or title, details=details or {})
    headers = {"Cache-Control": "no-store"}
    retry = (details or {}).get("retry_after", 1 if status == 503 else None)
    if retry is not None:
        headers["Retry-After"] = str(max(1, round(float(retry))))
    return JSONResponse(body.model_dump(), status, headers, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Make every failure a problem+json."""

    @app.exception_handler(Refused)
    async def refused(_: Request, error: Refused) -> Response:
        return problem(status_of(error), error.code, str(error), error.details)

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        fields = [{"at": ".".join(str(part) for part in e["loc"]), "error": e["msg"]} for e in error.errors()[:20]]
        return problem(422, "request.invalid", "The request does not fit the API's description.", {"errors": fields})

    @app.exception_handler(HTTPException)
    async def http(_: Request, error: HTTPException) -> Response:
        answer = problem(error.status_code, f"http.{error.status_code}", str(error.detail))
        answer.headers.update(error.headers or {})
        return answer

    async def unavailable(_: Request, error: Exception) -> Response:
        if isinstance(error, DiskFull):
            return _disk_full()
        log.warning("api.database_away", error=str(error).split("\n")[0])
        return problem(503, "service.unavailable", "The database is away for a moment. Nothing was lost; try again.")

    for kind in Unavailable:
        app.add_exception_handler(kind, unavailable)

    @app.exception_handler(OSError)
    async def system(request: Request, error: OSError) -> Response:
        return _disk_full() if error.errno == errno.ENOSPC else await fault(request, error)

    @app.exception_handler(ClientDisconnect)
    async def gone(_: Request, __: ClientDisconnect) -> Response:
        return problem(400, "request.broken_off", "The connection ended before the request did.")

    @app.exception_handler(Exception)
    async def fault(request: Request, error: Exception) -> Response:
        trace = str(uuid7())
        log.error("api.fault", trace=trace, method=request.method, route=_route(request), exc_info=error)
        return problem(500, "internal.error", "A defect on our side; it was logged.", {"trace": trace})


def _disk_full() -> Response:
    log.error("api.disk_full")
    return problem(503, "storage.full", "The disk of the server is full: nothing was stored. Tell the administrator.")


def _route(request: Request) -> str:
    route = request.scope.get("route")
    return str(getattr(route, "path", "?"))
