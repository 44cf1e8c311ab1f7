"""What a centre begins with: the demo centre, or the first administrator of a real one."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from uuid_utils import uuid7

from ..services import passwords
from ..services.access import SYSTEM
from ..services.config_import import bring_in
from ..storage import config, people
from ..storage.db import Connection
from .basics import minimal
from .canned import canned
from .centre import centre
from .staff import LED, Account, id_of, staff

DEMO_PASSWORD = "teplo-demo-2026"  # noqa: S105 - known to all on purpose, for the demo centre only
"""The password of everybody in the demo centre."""


@dataclass(frozen=True, slots=True)
class Demo:
    """What `teplo demo` tells: the accounts that open with the demo password. `created`: something was laid out now."""

    password: str
    accounts: tuple[Account, ...]
    created: bool


async def seed_demo(conn: Connection, now: float) -> Demo:
    """Lay out the demo centre; what is there already, and what people changed, stays. About a second.

    Run it in one transaction. The floor takes the configuration from its inbox when it runs.
    """
    taken = {item.body["login"]: item.id for item in await config.items(conn, ["person"])}
    persons = [given for given in staff() if taken.get(given[2]["login"], given[1]) == given[1]]
    today = datetime.fromtimestamp(now, UTC).date()
    led = {team: id_of(login) for team, login in LED.items()}
    stored = await bring_in(SYSTEM, conn, [*centre(today, led), *canned(), *persons], now)
    logins = {item.id: item.body["login"] for item in stored if item.kind == "person" and item.version == 1}
    if logins:
        hashed = await asyncio.to_thread(passwords.hash_now, DEMO_PASSWORD)
        await people.set_same_password(conn, logins, hashed)
    accounts = tuple(
        Account(login=body["login"], role=body["role"], name=body["name"], team=body["team"]) for _, _, body in persons
    )
    return Demo(DEMO_PASSWORD, accounts, bool(stored))


async def first_administrator(conn: Connection, now: float, language: str = "ru") -> tuple[str, str] | None:
    """Make the administrator and the least configuration that works; return login and password.

    None, and nothing is changed, if anybody can sign in already.
    """
    if await people.any_credential(conn):
        return None
    id, login, password = str(uuid7()), "admin", passwords.generate()
    name = "Администратор" if language == "ru" else "Administrator"
    body = {
        "name": name,
        "display_name": name,
        "login": login,
        "role": "administrator",
        "language": language,
        "capacity": {},
    }
    await bring_in(SYSTEM, conn, [*minimal(), ("person", id, body)], now)
    hashed = await asyncio.to_thread(passwords.hash_now, password)
    await people.set_password(conn, id, login, hashed, now)
    return login, password
