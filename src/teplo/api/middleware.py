"""What every answer and every request must keep to: security headers and body sizes."""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .errors import problem

_MIB: Final = 1024 * 1024
_LINGER_BYTES: Final = 32 * _MIB
_LINGER_SECONDS: Final = 10.0
_CSP: Final = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self' ws: wss:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


class SecurityHeaders:
    """Adds the headers that keep a browser on our side."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with headers added to the answer where the handler did not set them."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.setdefault("headers", [])
                present = {name.lower() for name, _ in headers}
                for name, value in (
                    (b"content-security-policy", _CSP.encode()),
                    (b"x-content-type-options", b"nosniff"),
                    (b"referrer-policy", b"same-origin"),
                    (b"permissions-policy", b"camera=(), geolocation=()"),
                ):
                    if name not in present:
                        headers.append((name, value))
                if scope["path"].startswith("/api/") and b"cache-control" not in present:
                    headers.append((b"cache-control", b"no-store"))
            await send(message)

        await self._app(scope, receive, guarded)


class BodyLimit:
    """Refuses bodies that are larger, or come more slowly, than their route may need; a length need not be told."""

    SECONDS = (20.0, 300.0)
    """For an ordinary body, and for one with a file."""

    def __init__(self, app: ASGIApp, *, ordinary: int = 256 * 1024, files: int = 10 * _MIB + 64 * 1024) -> None:
        self._app = app
        self._ordinary = ordinary
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count the body as it comes; answer 413 as soon as it is too large, 408 when it takes too long."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        of_file = scope["path"].endswith(("/files", "/sound"))
        limit, seconds = self._files if of_file else self._ordinary, self.SECONDS[of_file]
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > limit:
            await self._refuse(limit, scope, receive, send)
            return
        seen = 0
        started = whole = late = False
        deadline = asyncio.get_running_loop().time() + seconds

        async def counted() -> Message:
            nonlocal seen, whole, late
            if whole:
                return await receive()  # waits for the end of the connection
            try:
                async with asyncio.timeout_at(deadline):
                    message = await receive()
            except TimeoutError:
                late = True
                raise _TooLate from None
            seen += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if seen > limit:
                raise _TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            if (late or seen > limit) and not started:
                return  # the framework's own opinion of a body that broke off
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except (_TooLarge, _TooLate):
            pass
        if late and not started:
            answer = problem(408, "request.too_slow", "The body did not come in time.", {"seconds": seconds})
            answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
        elif seen > limit and not started:
            await self._refuse(limit, scope, receive, send)

    async def _refuse(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        await _drain(receive)
        answer = problem(413, "request.too_large", f"At most {limit} bytes are taken here.", {"limit": limit})
        answer.headers["Connection"] = "close"
        await answer(scope, receive, send)


async def _drain(receive: Receive) -> None:
    """Take in some more and throw it away: a browser that still sends when the line is cut sees no answer at all."""
    left = _LINGER_BYTES
    try:
        async with asyncio.timeout(_LINGER_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if message["type"] != "http.request" or not message.get("more_body"):
                    return
    except TimeoutError:
        return


class _TooLarge(Exception):
    """The body passed its limit."""


class _TooLate(Exception):
    """The body passed its time."""
