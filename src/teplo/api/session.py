"""Signing in and out of people."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from ..domain.errors import NotAllowed
from ..services.sessions import Signed
from .deps import COOKIE, CallerDep, Services, ServicesDep, client_address
from .origins import own_origin

router = APIRouter(tags=["session"])


class SignIn(BaseModel):
    """What a person types at the door."""

    login: Annotated[str, Field(min_length=1, max_length=100)]
    password: Annotated[str, Field(min_length=1, max_length=1000)]


class PasswordChange(BaseModel):
    """The present password and the one to be."""

    old: Annotated[str, Field(max_length=1000)]
    new: Annotated[str, Field(max_length=1000)]


class SessionPerson(BaseModel):
    """Who is signed in."""

    id: str
    name: str
    display_name: str
    role: Literal["agent", "senior", "supervisor", "quality", "planner", "administrator"]
    team: str | None
    language: Literal["ru", "en"]


class Session(BaseModel):
    """The open session. Unsafe methods must carry `csrf` in the header X-CSRF-Token; `server_time` is POSIX seconds."""

    person: SessionPerson
    permissions: list[str]
    csrf: str
    server_time: float


async def _signed(request: Request, services: ServicesDep) -> Signed:
    return await services.sessions.authenticate(request.cookies.get(COOKIE))


SignedDep = Annotated[Signed, Depends(_signed)]


@router.post("/session", operation_id="signIn")
async def sign_in(body: SignIn, request: Request, response: Response, services: ServicesDep) -> Session:
    """Open a session: the answer sets the cookie `teplo_session`. Tries are limited per login and per address."""
    if not own_origin(request, services.settings):
        raise NotAllowed("session.origin")  # or a foreign page could sign somebody in as somebody else
    opened = await services.sessions.sign_in(
        body.login, body.password, client_address(request), request.cookies.get(COOKIE)
    )
    response.set_cookie(
        COOKIE,
        opened.token,
        max_age=int(services.settings.session_max_hours * 3600),
        path="/",
        secure=_over_https(request, services),
        httponly=True,
        samesite="lax",
    )
    return _session(opened, services)


@router.get("/session", operation_id="getSession")
async def get_session(signed: SignedDep, services: ServicesDep) -> Session:
    """Tell who is signed in; 401 if nobody."""
    return _session(signed, services)


@router.delete("/session", operation_id="signOut", status_code=204)
async def sign_out(_: CallerDep, request: Request, response: Response, services: ServicesDep) -> None:
    """Close the session."""
    await services.sessions.sign_out(request.cookies.get(COOKIE))
    response.delete_cookie(COOKIE, path="/", secure=_over_https(request, services), httponly=True, samesite="lax")


@router.post("/session/password", operation_id="changePassword", status_code=204)
async def change_password(body: PasswordChange, _: CallerDep, signed: SignedDep, services: ServicesDep) -> None:
    """Set a new password of at least 10 characters; the person's other sessions are closed."""
    await services.sessions.change_password(signed, body.old, body.new)


def _session(signed: Signed, services: Services) -> Session:
    caller = signed.caller
    return Session(
        person=SessionPerson.model_validate({name: getattr(caller, name) for name in SessionPerson.model_fields}),
        permissions=sorted(caller.permissions),
        csrf=signed.csrf,
        server_time=services.clock(),
    )


def _over_https(request: Request, services: Services) -> bool:
    public = services.settings.public_url or ""
    return request.url.scheme == "https" or public.startswith("https://")
