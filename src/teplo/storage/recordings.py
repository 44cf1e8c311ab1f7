"""Recordings of contacts: where the file is, how long it is, whether it is to go or gone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from .db import Connection

Part = Literal["talk", "voicemail"]
"""Which sound of a contact: what was talked, or the message that was left."""


@dataclass(frozen=True, slots=True)
class RecordingRow:
    """One recording. Times are POSIX seconds, lengths seconds; `recorded`, `paused` are None until the file is whole.

    `pauses` are [begin, end] from the start of the file. `open`: its call is still carried, so the file still grows.
    """

    contact: str
    part: Part
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


_SELECT = """select r.contact::text, r.part, r.path, r.folder::text, r.host,
    extract(epoch from r.started_at)::float8 as started_at, r.recorded, r.paused, r.pauses,
    extract(epoch from r.condemned_at)::float8 as condemned_at,
    extract(epoch from r.deleted_at)::float8 as deleted_at, r.rule,
    r.recorded is null
        and exists (select from call c where c.contact = r.contact and c.ended_at is null) as open
    from recording r """


async def get(conn: Connection, contact: str, part: Part = "talk") -> RecordingRow | None:
    """Return a recording of a contact."""
    async with conn.cursor(row_factory=class_row(RecordingRow)) as cursor:
        await cursor.execute(_SELECT + "where r.contact = %s and r.part = %s", (contact, part))
        return await cursor.fetchone()


async def begun(
    conn: Connection, contact: str, part: Part = "talk", *, node: str, path: str, folder: str, host: str
) -> None:
    """A file is being written."""
    await conn.execute(
        "insert into recording (contact, part, node, path, folder, host) values (%s, %s, %s, %s, %s, %s)"
        " on conflict (contact, part) do nothing",
        (contact, part, node, path, folder, host),
    )


async def done(
    conn: Connection,
    contact: str,
    recorded: float,
    paused: float,
    pauses: Sequence[Sequence[float]],
    part: Part = "talk",
) -> None:
    """The file is whole: its seconds with sound and of silence for card data."""
    await conn.execute(
        "update recording set recorded = %s, paused = %s, pauses = %s where contact = %s and part = %s",
        (recorded, paused, Jsonb([list(pause) for pause in pauses]), contact, part),
    )


async def forget(conn: Connection, contact: str, part: Part) -> None:
    """There is no such recording after all; its file is gone already."""
    await conn.execute("delete from recording where contact = %s and part = %s", (contact, part))


# --- keeping and deleting ---------------------------------------------------------------------------------------


async def condemn(conn: Connection, before: float, rule: str, limit: int) -> list[str]:
    """Mark up to `limit` recordings begun before an instant as to be deleted; return their contacts."""
    rows = await conn.execute(
        """update recording r set condemned_at = clock_timestamp(), rule = %s
            where (r.contact, r.part) in (
                select contact, part from recording
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


async def deleted(conn: Connection, contact: str, part: Part) -> bool:
    """The file is gone; tell whether that is news."""
    cursor = await conn.execute(
        "update recording set deleted_at = clock_timestamp() where contact = %s and part = %s and deleted_at is null",
        (contact, part),
    )
    return cursor.rowcount == 1


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
    """Return recordings of a folder that nobody writes any more and whose length was never told.

    Their call is over, and their worker is gone, or so many `seconds` have passed.
    """
    async with conn.cursor(row_factory=class_row(RecordingRow)) as cursor:
        await cursor.execute(
            _SELECT + "where r.folder = %s and r.recorded is null and r.condemned_at is null"
            " and (r.started_at < clock_timestamp() - %s * interval '1 s'"
            " or not exists (select from voice_node n where n.id = r.node))"
            " and not exists (select from call c where c.contact = r.contact and c.ended_at is null) limit %s",
            (folder, seconds, limit),
        )
        return await cursor.fetchall()


async def unknown(conn: Connection, files: Sequence[tuple[str, Part]]) -> dict[tuple[str, Part], bool]:
    """Return those of the files that have no row, and whether the contact itself is known."""
    rows = await conn.execute(
        """select g.id::text, g.part, exists (select from contact k where k.id = g.id)
             from unnest(%s::uuid[], %s::text[]) as g(id, part)
            where not exists (select from recording r where r.contact = g.id and r.part = g.part)""",
        ([contact for contact, _ in files], [part for _, part in files]),
    )
    return {(row[0], row[1]): row[2] for row in await rows.fetchall()}


async def found(
    conn: Connection, contact: str, part: Part, *, path: str, folder: str, host: str, seconds: float, at: float
) -> None:
    """Register a file whose row a crash prevented. Its worker is not known any more."""
    await conn.execute(
        """insert into recording (contact, part, node, path, folder, host, recorded, paused, started_at)
           values (%s, %s, '00000000-0000-0000-0000-000000000000', %s, %s, %s, %s, 0, to_timestamp(%s))
           on conflict (contact, part) do nothing""",
        (contact, part, path, folder, host, seconds, at),
    )
