"""Trunks as administrators see them: the secret that a carrier asks for, and how each stands."""

import base64
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ..domain.errors import NotFound
from ..storage import audit, config, secrets, trunks
from ..storage.db import Connection, Database
from ..storage.trunks import State
from .access import Caller, require

_NONCE: Final = 12


class Vault:
    """Seals and opens the secrets of trunks with a key of the installation; each is bound to its trunk."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @classmethod
    async def of(cls, conn: Connection) -> "Vault":
        """With the installation's key, which is made when it is first needed."""
        made = await secrets.get_or_make(conn, "trunk_key", lambda: base64.b64encode(os.urandom(32)).decode())
        return cls(base64.b64decode(made))

    def seal(self, trunk: str, secret: str) -> bytes:
        """Return nonce and sealed secret."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), trunk.encode())

    def open(self, trunk: str, sealed: bytes) -> str | None:
        """Return the secret; None where it was sealed by another key or for another trunk."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], trunk.encode()).decode()
        except InvalidTag:
            return None


class Trunks:
    """Use cases on trunks beside their configuration."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def states(self, caller: Caller) -> list[State]:
        """Return how the trunks stand."""
        require(caller, "config.write")
        async with self._db.connection() as conn:
            return await trunks.states(conn)

    async def set_secret(self, caller: Caller, trunk: str, secret: str | None) -> None:
        """Keep or forget what the carrier of a trunk asks for; it is never shown again. Refusals: config.unknown."""
        require(caller, "config.write")
        async with self._db.transaction() as conn:
            found = await config.one(conn, "trunk", trunk)
            if found is None or not found.active:
                raise NotFound("config.unknown", kind="trunk", id=trunk)
            if secret is None:
                await trunks.drop_secret(conn, trunk)
            else:
                await trunks.set_secret(conn, trunk, (await Vault.of(conn)).seal(trunk, secret))
            await audit.add(conn, caller.actor, "trunk.secret_set", "trunk", trunk, {"given": secret is not None})
