"""SIP phones of agents: administrators give them, agents choose to work by them."""

import secrets
from dataclasses import dataclass
from typing import Final

from ..channels.voice.sip.digest import proofs
from ..channels.voice.sip.uri import BadAddress, Uri
from ..domain.errors import Conflict, Invalid, NotFound
from ..storage import audit, config, phones
from ..storage.db import Connection, Database
from ..storage.phones import Standing
from .access import HANDLES_CONTACTS, Caller, require

REALM: Final = "teplo"
"""Of the digest. Secrets are kept only as their hashes with this name in it: it cannot be changed."""

_LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
"""Without those that are mistaken for each other: a secret may have to be typed on a telephone."""
_LENGTH: Final = 20


@dataclass(frozen=True, slots=True)
class Issued:
    """A user name with its secret, told this once."""

    login: str
    secret: str


class Phones:
    """Use cases on phones."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def all(self, caller: Caller) -> list[Standing]:
        """Return all phones and how they stand."""
        require(caller, "people.read")
        async with self._db.connection() as conn:
            return await phones.standings(conn)

    async def issue(self, caller: Caller, agent: str, login: str | None) -> Issued:
        """Make a new secret for the phone of an agent; the old one is void. `login` None: that of the person.

        Refusals: phone.agent (nobody who handles contacts), phone.login_taken.
        """
        require(caller, "people.write")
        secret = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
        async with self._db.transaction() as conn:
            person = await _agent(conn, agent)
            login = login or str(person.body["login"])
            made = proofs(login, REALM, secret)
            try:
                await phones.set_secret(conn, agent, login, made["md5"], made["sha-256"])
            except phones.LoginTaken:
                raise Conflict("phone.login_taken") from None
            await audit.add(conn, caller.actor, "phone.secret_set", "person", agent)
        return Issued(login, secret)

    async def set_address(self, caller: Caller, agent: str, uri: str | None) -> Standing:
        """Set or forget the fixed address where the phone of an agent is called. Refusals: phone.uri, phone.agent."""
        require(caller, "people.write")
        if uri is not None:
            _check(uri)
        async with self._db.transaction() as conn:
            await _agent(conn, agent)
            await phones.set_uri(conn, agent, uri)
            await audit.add(conn, caller.actor, "phone.address_set", "person", agent, {"given": uri is not None})
            return (await phones.standings(conn, agent))[0]

    async def remove(self, caller: Caller, agent: str) -> None:
        """Take the phone of an agent out of use: its secret is void."""
        require(caller, "people.write")
        async with self._db.transaction() as conn:
            if not await phones.drop(conn, agent):
                raise NotFound("phone.none")
            await audit.add(conn, caller.actor, "phone.removed", "person", agent)

    async def mine(self, caller: Caller) -> Standing | None:
        """Return the caller's own phone."""
        require(caller, "contact.handle")
        async with self._db.connection() as conn:
            found = await phones.standings(conn, caller.id)
        return found[0] if found else None

    async def work_by(self, caller: Caller, phone: bool) -> Standing | None:
        """Work by phone from the next offer on, or by browser. Refusals: phone.none."""
        require(caller, "contact.handle")
        async with self._db.transaction() as conn:
            if not await phones.use(conn, caller.id, phone) and phone:
                raise Conflict("phone.none")
            found = await phones.standings(conn, caller.id)
        return found[0] if found else None


async def _agent(conn: Connection, agent: str) -> config.Item:
    found = await config.one(conn, "person", agent)
    if found is None or not found.active or found.body["role"] not in HANDLES_CONTACTS:
        raise NotFound("phone.agent")
    return found


def _check(uri: str) -> None:
    try:
        parsed = Uri.parse(uri)
    except BadAddress:
        raise Invalid("phone.uri") from None
    if not parsed.is_sip or not parsed.host or parsed.headers:
        raise Invalid("phone.uri")
