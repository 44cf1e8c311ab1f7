"""Recordings of contacts: where the file is, how long it is, whether it is to go or gone."""

from collections.abc import Sequence
from dataclasses import dataclass

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from .db import Connection


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """One recording. Times are POSIX seconds, lengths seconds; `recorded`, `paused` are None until the file is whole.

    `pauses` are [begin, end] from the start of the file. `open`: its call is still carried, so the file still grows.
    """

    contact: str
    path: str
    folder: str | None
    host: str | None
    started_at: float
    recorded: float | None
    paused: float | None
    pauses: list[list[float]]
    condemned_at: float | None
    deleted_at: float | None
    rule: str | None
    open: bool


_SELECT = """select r.contact::text, r.path, r.folder::text, r.host,
    extract(epoch from r.started_at)::float8 as started_at, r.recorded, r.paused, r.pauses,
    extract(epoch from r.condemned_at)::float8 as condemned_at,
    extract(epoch from r.deleted_at)::float8 as deleted_at, r.rule,
    r.recorded is null
        and exists (select from call c where c.contact = r.contact and c.ended_at is null) as open
    from recording r """


async def get(conn: Connection, contact: str) -> RecordingRow | None:
    """Return the recording of a contact."""
    async with conn.cursor(row_factory=class_row(RecordingRow)) as cursor:
        await cursor.execute(_SELECT + "where r.contact = %s", (contact,))
        return await cursor.fetchone()


async def begun(conn: Connection, contact: str, *, node: str, path: str, folder: str, host: str) -> None:
    """A file is being written."""
    await conn.execute(
        "insert into recording (contact, node, path, folder, host) values (%s, %s, %s, %s, %s)"
        " on conflict (contact) do nothing",
        (contact, node, path, folder, host),
    )


async def done(
    conn: Connection, contact: str, recorded: float, paused: float, pauses: Sequence[Sequence[float]]
) -> None:
    """The file is whole: its seconds with sound and of silence for card data."""
    await conn.execute(
        "update recording set recorded = %s, paused = %s, pauses = %s where contact = %s",
        (recorded, paused, Jsonb([list(pause) for pause in pauses]), contact),
    )


# --- keeping and deleting ---------------------------------------------------------------------------------------


async def condemn(conn: Connection, before: float, rule: str, limit: int) -> list[str]:
    """Mark up to `limit` recordings begun before an instant as to be deleted; return their contacts."""
    rows = await conn.execute(
        """update recording r set condemned_at = clock_timestamp(), rule = %s
            where r.contact in (
                select contact from recording
                 where condemned_at is null and started_at < to_timestamp(%s)
                   and not exists (select from call c where c.contact = recording.contact and c.ended_at is null)
                 order by started_at limit %s)
           returning r.contact::text""",
        (rule, before, limit),
    )
    return [row[0] for row in await rows.fetchall()]


async def condemned(conn: Connection, folder: str, limit: int) -> list[RecordingRow]:
    """Return recordings of a folder whose files are still to be removed."""
    async with conn.cursor(row_factory=class_row(RecordingRow)) as cursor:
        await cursor.execute(
            _SELECT + "where r.condemned_at is not null and r.deleted_at is null and r.folder = %s"
            " order by r.condemned_at, r.contact limit %s",
            (folder, limit),
        )
        return await cursor.fetchall()


async def deleted(conn: Connection, contacts: Sequence[str]) -> list[str]:
    """The files are gone; return those that were not known to be gone before."""
    rows = await conn.execute(
        "update recording set deleted_at = clock_timestamp() where contact = any(%s::uuid[]) and deleted_at is null"
        " returning contact::text",
        (list(contacts),),
    )
    return [row[0] for row in await rows.fetchall()]


async def unplaced(conn: Connection, limit: int) -> list[tuple[str, str]]:
    """Return (contact, path) of recordings that do not say which folder they are in: those of older versions."""
    rows = await conn.execute("select contact::text, path from recording where folder is null limit %s", (limit,))
    return [(row[0], row[1]) for row in await rows.fetchall()]


async def place(conn: Connection, contacts: Sequence[str], folder: str) -> None:
    """These recordings are in this folder."""
    await conn.execute(
        "update recording set folder = %s where contact = any(%s::uuid[]) and folder is null", (folder, list(contacts))
    )


async def broken_off(conn: Connection, folder: str, seconds: float, limit: int) -> list[RecordingRow]:
    """Return recordings of a folder that nobody writes any more and whose length was never told."""
    async with conn.cursor(row_factory=class_row(RecordingRow)) as cursor:
        await cursor.execute(
            _SELECT + "where r.folder = %s and r.recorded is null and r.condemned_at is null"
            " and r.started_at < clock_timestamp() - %s * interval '1 s'"
            " and not exists (select from call c where c.contact = r.contact and c.ended_at is null) limit %s",
            (folder, seconds, limit),
        )
        return await cursor.fetchall()


async def unknown(conn: Connection, contacts: Sequence[str]) -> dict[str, bool]:
    """Return those of the contacts that have no recording's row, and whether the contact itself is known."""
    rows = await conn.execute(
        """select g.id::text, exists (select from contact k where k.id = g.id) from unnest(%s::uuid[]) as g(id)
            where not exists (select from recording r where r.contact = g.id)""",
        (list(contacts),),
    )
    return {row[0]: row[1] for row in await rows.fetchall()}


async def found(
    conn: Connection, contact: str, *, path: str, folder: str, host: str, seconds: float, at: float
) -> None:
    """Register a file whose row a crash prevented. Its worker is not known any more."""
    await conn.execute(
        """insert into recording (contact, node, path, folder, host, recorded, paused, started_at)
           values (%s, '00000000-0000-0000-0000-000000000000', %s, %s, %s, %s, 0, to_timestamp(%s))
           on conflict (contact) do nothing""",
        (contact, path, folder, host, seconds, at),
    )
