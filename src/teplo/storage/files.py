"""Files of chat threads."""

from dataclasses import dataclass

from .db import Connection
from .messages import FileInfo


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file with its content. `contacts` are those of the messages that carry it."""

    info: FileInfo
    thread: str
    contacts: list[str]
    data: bytes


async def insert(
    conn: Connection,
    *,
    id: str,
    thread: str,
    name: str,
    media_type: str,
    width: int | None,
    height: int | None,
    data: bytes,
) -> None:
    """Keep a file."""
    await conn.execute(
        """insert into file (id, thread, name, media_type, size, width, height, data)
           values (%s, %s, %s, %s, %s, %s, %s, %b)""",
        (id, thread, name, media_type, len(data), width, height, data),
    )


async def owner(conn: Connection, id: str) -> tuple[str, list[str]] | None:
    """Say whose a file is without reading its content: (thread, contacts)."""
    row = await (
        await conn.execute(
            """select f.thread,
                   array(select m.contact from message m where m.thread = f.thread and m.file = f.id)::text[]
               from file f where f.id = %s""",
            (id,),
        )
    ).fetchone()
    return (row[0], row[1]) if row else None


async def get(conn: Connection, id: str) -> StoredFile | None:
    """Read a file with its content."""
    found = await owner(conn, id)
    cursor = conn.cursor(binary=True)
    await cursor.execute("select name, media_type, size, width, height, data from file where id = %s", (id,))
    row = await cursor.fetchone()
    if found is None or row is None:
        return None
    return StoredFile(FileInfo(id, row[0], row[1], row[2], row[3], row[4]), found[0], found[1], bytes(row[5]))
