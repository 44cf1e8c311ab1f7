"""Sign-in data of people and their sessions. Who they are is configuration of the kind `person`."""

from dataclasses import dataclass
from typing import Any

from psycopg.rows import class_row

from .db import Connection

CHANNEL = "session"
"""NOTIFY channel; the payload is a person whose sessions are to be read anew."""


@dataclass(frozen=True, slots=True)
class Credential:
    """What a sign-in is checked against; `body` is the person's configuration."""

    person: str
    login: str
    password_hash: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A stored session with its person's configuration; times are POSIX seconds."""

    person: str
    csrf: str
    created_at: float
    seen_at: float
    expires_at: float
    body: dict[str, Any]


async def credential_of_login(conn: Connection, login: str) -> Credential | None:
    """Return the sign-in data of a person in service."""
    async with conn.cursor(row_factory=class_row(Credential)) as cursor:
        await cursor.execute(
            "select c.person, c.login, c.password_hash, i.body from credential c"
            " join config_item i on i.kind = 'person' and i.id = c.person::text and i.active where c.login = %s",
            (login,),
        )
        return await cursor.fetchone()


async def credential(conn: Connection, person: str) -> Credential | None:
    """Return the sign-in data of one person in service."""
    async with conn.cursor(row_factory=class_row(Credential)) as cursor:
        await cursor.execute(
            "select c.person, c.login, c.password_hash, i.body from credential c"
            " join config_item i on i.kind = 'person' and i.id = c.person::text and i.active where c.person = %s",
            (person,),
        )
        return await cursor.fetchone()


async def set_password(conn: Connection, person: str, login: str, hashed: str, now: float) -> None:
    """Store the hash of a person's password."""
    await conn.execute(
        "insert into credential (person, login, password_hash, changed_at) values (%s, %s, %s, to_timestamp(%s))"
        " on conflict (person) do update set login = excluded.login, password_hash = excluded.password_hash,"
        " changed_at = excluded.changed_at",
        (person, login, hashed, now),
    )


async def set_same_password(conn: Connection, logins: dict[str, str], hashed: str) -> None:
    """Give several people (person -> login) one password; those who have one keep it."""
    await conn.execute(
        "insert into credential (person, login, password_hash) select person, login, %s"
        " from unnest(%s::uuid[], %s::text[]) as given(person, login) on conflict do nothing",
        (hashed, list(logins), list(logins.values())),
    )


async def rename_login(conn: Connection, person: str, login: str) -> None:
    """Change the login of a person who has a password."""
    await conn.execute("update credential set login = %s where person = %s and login <> %s", (login, person, login))


async def drop_credential(conn: Connection, person: str) -> None:
    """Forget a person's login and password."""
    await conn.execute("delete from credential where person = %s", (person,))


async def any_credential(conn: Connection) -> bool:
    """Tell whether anybody can sign in."""
    cursor = await conn.execute("select exists (select from credential)")
    row = await cursor.fetchone()
    return row is not None and bool(row[0])


async def another_administrator(conn: Connection, person: str) -> bool:
    """Tell whether an administrator besides this person can sign in."""
    cursor = await conn.execute(
        "select exists (select from credential c join config_item i on i.kind = 'person' and i.id = c.person::text"
        " and i.active and i.body->>'role' = 'administrator' where c.person <> %s)",
        (person,),
    )
    row = await cursor.fetchone()
    return row is not None and bool(row[0])


async def open_session(
    conn: Connection, token_hash: bytes, person: str, csrf: str, now: float, expires_at: float
) -> None:
    """Store a new session."""
    await conn.execute(
        "insert into session (token_hash, person, csrf, created_at, seen_at, expires_at)"
        " values (%s, %s, %s, to_timestamp(%s), to_timestamp(%s), to_timestamp(%s))",
        (token_hash, person, csrf, now, now, expires_at),
    )


async def session(conn: Connection, token_hash: bytes) -> OpenSession | None:
    """Return the session of a person in service, expired or not."""
    async with conn.cursor(row_factory=class_row(OpenSession)) as cursor:
        await cursor.execute(
            "select s.person, s.csrf, extract(epoch from s.created_at)::float8 as created_at,"
            " extract(epoch from s.seen_at)::float8 as seen_at, extract(epoch from s.expires_at)::float8 as expires_at,"
            " i.body from session s join config_item i on i.kind = 'person' and i.id = s.person::text and i.active"
            " where s.token_hash = %s",
            (token_hash,),
        )
        return await cursor.fetchone()


async def prolong_session(conn: Connection, token_hash: bytes, now: float, expires_at: float) -> None:
    """Note that a session is in use."""
    await conn.execute(
        "update session set seen_at = to_timestamp(%s), expires_at = to_timestamp(%s) where token_hash = %s",
        (now, expires_at, token_hash),
    )


async def close_session(conn: Connection, token_hash: bytes) -> str | None:
    """Remove a session and say so at commit; return whose it was."""
    cursor = await conn.execute(
        "with gone as (delete from session where token_hash = %s returning person)"
        " select person, pg_notify(%s, person::text) from gone",
        (token_hash, CHANNEL),
    )
    row = await cursor.fetchone()
    return None if row is None else str(row[0])


async def close_sessions(conn: Connection, person: str, keep: bytes | None = None) -> int:
    """Remove the sessions of a person, maybe but one, and say so at commit; return how many."""
    cursor = await conn.execute(
        "with gone as (delete from session where person = %s and token_hash is distinct from %s returning person)"
        " select pg_notify(%s, person::text) from gone",
        (person, keep, CHANNEL),
    )
    return cursor.rowcount


async def drop_expired_sessions(conn: Connection, now: float) -> int:
    """Remove the sessions whose time is over; return how many."""
    cursor = await conn.execute("delete from session where expires_at <= to_timestamp(%s)", (now,))
    return cursor.rowcount
