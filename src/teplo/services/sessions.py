"""Signing in and out. A session is a random token; only its hash is stored, so a copy of the database opens nothing."""

import asyncio
import hashlib
import secrets
from dataclasses import dataclass

import structlog

from ..clock import Clock
from ..domain.errors import Invalid, NotAllowed, TooMany
from ..storage import audit, people
from ..storage.db import Connection, Database, Unavailable
from . import passwords
from .access import ROLE_PERMISSIONS, Caller
from .known_sessions import KnownSessions
from .login_tries import LoginTries
from .passwords import Passwords
from .rates import Limit
from .texts import clean

log = structlog.get_logger()

TOUCH_SECONDS = 60.0
"""Use of a session is noted at most this often."""

_CLEAN_SECONDS = 600.0
_LONGEST_TOKEN = 100


@dataclass(frozen=True, slots=True)
class Signed:
    """A person with an open session; `token_hash` names the session inside the server."""

    caller: Caller
    csrf: str
    token_hash: bytes


@dataclass(frozen=True, slots=True)
class Opened(Signed):
    """A session just opened: the token is told once, to the browser."""

    token: str


class Sessions:
    """Sessions of people. Tries are limited per login and per address, over all processes together."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        idle_seconds: float,
        max_seconds: float,
        per_login: Limit = (10, 300.0),
        per_address: Limit = (60, 300.0),
    ) -> None:
        self._db = db
        self._clock = clock
        self._idle = idle_seconds
        self._max = max_seconds
        self._per_login = per_login
        self._per_address = per_address
        self._tries = LoginTries(db, clock)
        self._passwords = Passwords()
        self.known = KnownSessions(db)

    async def sign_in(self, login: str, password: str, address: str, old_token: str | None = None) -> Opened:
        """Open a session and close the one that the browser had.

        Raises NotAllowed("login.failed") for a wrong login and a wrong password alike, TooMany("login.too_many").
        """
        login = clean(login).casefold()
        await self._tries.within("address", address, self._per_address)
        await self._tries.spend("login", login, self._per_login)
        async with self._db.connection() as conn:
            found = await people.credential_of_login(conn, login)
        fits = await self._passwords.verify(found.password_hash if found else None, password)
        # Once more: past the limit a right password is not revealed either.
        await self._tries.within("address", address, self._per_address)
        if found is None or not fits:
            await self._count(address)
            async with self._db.transaction() as conn:
                person = found.person if found else None
                await audit.add(conn, person, "session.refused", "person", person)
            raise NotAllowed("login.failed")
        await self._tries.clear("login", login, self._per_login)
        rehashed = await self._passwords.hash(password) if passwords.needs_rehash(found.password_hash) else None
        async with self._db.transaction() as conn:
            if rehashed:
                await people.set_password(conn, found.person, login, rehashed, self._clock())
            closed = await people.close_session(conn, _hash(old_token)) if old_token else None
            opened = await self._open(conn, caller_of(found.person, found.body))
            await audit.add(conn, found.person, "session.opened", "person", found.person)
        if closed:
            self.known.forget(closed)
        return opened

    async def authenticate(self, token: str | None) -> Signed:
        """Return whose session it is, and keep it open for longer.

        Raises NotAllowed("session.missing") and NotAllowed("session.expired").
        """
        if not token or len(token) > _LONGEST_TOKEN:
            raise NotAllowed("session.missing")
        hashed = _hash(token)
        now = self._clock()
        found = self.known.get(hashed)
        if found is None or now - found.seen_at >= TOUCH_SECONDS or found.expires_at <= now:
            found = await self.known.read(hashed)
            if found is None:
                raise NotAllowed("session.missing")
            if found.expires_at <= now:
                raise NotAllowed("session.expired")
            if now - found.seen_at >= TOUCH_SECONDS:
                expires = min(found.created_at + self._max, now + self._idle)
                async with self._db.connection() as conn:
                    await people.prolong_session(conn, hashed, now, expires)
                self.known.drop(hashed)
        return Signed(caller_of(found.person, found.body), found.csrf, hashed)

    async def sign_out(self, token: str | None) -> None:
        """Close the session, if there is one."""
        if not token or len(token) > _LONGEST_TOKEN:
            return
        async with self._db.transaction() as conn:
            person = await people.close_session(conn, _hash(token))
            if person:
                await audit.add(conn, person, "session.closed", "person", person)
        if person:
            self.known.forget(person)

    async def change_password(self, signed: Signed, old: str, new: str) -> None:
        """Set a new password and close the person's other sessions. Raises Invalid("password.wrong")."""
        person = signed.caller.id
        await self._tries.spend("person", person, self._per_login)
        passwords.check_new(new)
        async with self._db.connection() as conn:
            credential = await people.credential(conn, person)
        fits = await self._passwords.verify(credential.password_hash if credential else None, old)
        if credential is None or not fits:
            raise Invalid("password.wrong")
        await self._tries.clear("person", person, self._per_login)
        hashed = await self._passwords.hash(new)
        async with self._db.transaction() as conn:
            await people.set_password(conn, person, credential.login, hashed, self._clock())
            closed = await people.close_sessions(conn, person, keep=signed.token_hash)
            await audit.add(conn, person, "password.changed", "person", person, {"sessions_closed": closed})
        self.known.forget(person)

    async def run_cleaning(self) -> None:
        """Remove expired sessions now and then; for ever."""
        while True:
            try:
                async with self._db.transaction() as conn:
                    await people.drop_expired_sessions(conn, self._clock())
                    await self._tries.tidy(conn)
            except Unavailable as problem:
                log.warning("sessions.database_away", error=str(problem).split("\n")[0])
            await asyncio.sleep(_CLEAN_SECONDS)

    # --- inside -------------------------------------------------------------------------------------------------

    async def _open(self, conn: Connection, caller: Caller) -> Opened:
        token, csrf, now = secrets.token_urlsafe(32), secrets.token_urlsafe(32), self._clock()
        hashed = _hash(token)
        await people.open_session(conn, hashed, caller.id, csrf, now, now + min(self._idle, self._max))
        return Opened(caller, csrf, hashed, token)

    async def _count(self, address: str) -> None:
        """Count a failed try of an address, which may just have become one too many."""
        try:
            await self._tries.spend("address", address, self._per_address)
        except TooMany:
            log.info("sessions.address_stopped")


def caller_of(person: str, body: dict[str, object]) -> Caller:
    """Build the caller from the person's configuration."""
    role = str(body["role"])
    team = body.get("team")
    return Caller(
        id=person,
        role=role,
        name=str(body["name"]),
        display_name=str(body["display_name"]),
        team=None if team is None else str(team),
        language=str(body.get("language", "ru")),
        permissions=ROLE_PERMISSIONS[role],
    )


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
