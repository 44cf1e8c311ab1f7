"""Passwords: argon2id in a thread, a few at a time, with the same work whether the login is known or not."""

import asyncio
import secrets
import unicodedata
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ..domain.errors import Invalid, TooMany

P = ParamSpec("P")
T = TypeVar("T")

SHORTEST = 10
LONGEST = 200
_AT_ONCE = 2
_MOST_WAITING = 1000

_hasher = PasswordHasher(time_cost=2, memory_cost=32 * 1024, parallelism=1)
_nobody = "$argon2id$v=19$m=32768,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
"""What the password of an unknown login is checked against: the same parameters, no password fits."""


def check_new(password: str) -> None:
    """Refuse a password that is too short or absurdly long; there are no other rules."""
    if len(password) < SHORTEST:
        raise Invalid("password.too_short", least=SHORTEST)
    if len(password) > LONGEST:
        raise Invalid("password.too_long", most=LONGEST)


def generate() -> str:
    """Return a random password of 16 characters that can be read out."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))


def needs_rehash(hashed: str) -> bool:
    """Tell whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(hashed)


class Passwords:
    """Hashes and verifies; at most two computations run at once, and not too many wait."""

    def __init__(self) -> None:
        self._gate = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Return the hash to store."""
        return await self._run(hash_now, password)

    async def verify(self, hashed: str | None, password: str) -> bool:
        """Tell whether the password fits; None (nobody) costs the same and never fits."""
        fits = await self._run(_verify, hashed or _nobody, password)
        return fits and hashed is not None

    async def _run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._waiting >= _MOST_WAITING:
            raise TooMany("login.busy", retry_after=5)
        self._waiting += 1
        try:
            async with self._gate:
                return await asyncio.to_thread(work, *args, **kwargs)
        finally:
            self._waiting -= 1


def hash_now(password: str) -> str:
    """Return the hash to store; takes tens of milliseconds of the processor."""
    return _hasher.hash(_bytes(password))


def _verify(hashed: str, password: str) -> bool:
    try:
        return _hasher.verify(hashed, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


def _bytes(password: str) -> bytes:
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
