"""Keeps one folder of recordings in step with the rows: removes what is condemned, finishes what a crash broke off.

The file goes first, the row second: a row never says "deleted" of sound that is still on the disk. A condemned row is
heard by nobody, so the moment between the two is no leak, and a kill in it is made good by doing the same again.
"""

import asyncio
import socket
from itertools import islice
from pathlib import Path
from typing import Final

import structlog

from ..clock import Clock
from ..storage import audit, recordings, secrets
from ..storage.db import Database
from ..storage.recordings import RecordingRow
from .recording_folder import File, Folder, Unreadable
from .singleton import run_alone

log = structlog.get_logger()

_PERIOD: Final = 30.0
_LOOKS: Final = 10
"""Looks in a period for what a killed worker has broken off: its contact is read soon by whoever asks what happened."""
_SWEEP: Final = 120
"""Every so many periods, an hour, the files themselves are looked through."""
_BATCH: Final = 50
_UNFINISHED: Final = 600.0
"""Seconds after which a recording whose call is over and whose length nobody told counts as broken off, although its
worker lives."""
_ORPHAN: Final = 86_400.0
"""Age of a file without a row at which it is registered or removed."""


async def keep_folder(db: Database, clock: Clock, path: Path) -> None:
    """Keep the folder of this host, if it has one; for ever. Of all processes that reach the folder one does it."""
    folder: Folder | None = None
    while folder is None:
        try:
            folder = await asyncio.to_thread(Folder.found, path)
        except OSError as problem:
            log.error("recording.folder_unusable", error=str(problem))
        if folder is None:
            await asyncio.sleep(_PERIOD / _LOOKS)
    keeper = Keeper(db, clock, folder)
    await run_alone(db, f"recordings-{folder.id}", keeper.run, pause=_PERIOD)


class Keeper:
    """The work on one folder."""

    def __init__(self, db: Database, clock: Clock, folder: Folder) -> None:
        self._db = db
        self._clock = clock
        self._folder = folder

    async def run(self) -> None:
        """For ever."""
        while True:
            await self.place()
            await self.finish()
            await self.sweep()
            for _ in range(_SWEEP):
                while await self.remove() == _BATCH:
                    pass
                for _ in range(_LOOKS):
                    await self.finish()
                    await asyncio.sleep(_PERIOD / _LOOKS)

    async def remove(self) -> int:
        """Remove the files of condemned recordings; return how many rows there were."""
        async with self._db.connection() as conn:
            rows = await recordings.condemned(conn, self._folder.id, _BATCH)
        for row in rows:
            await asyncio.to_thread(self._folder.remove, row.path)
            async with self._db.transaction() as conn:
                if await recordings.deleted(conn, row.contact, row.part):
                    await audit.add(conn, None, "retention.deleted", "recording", row.contact, {"rule": row.rule})
        return len(rows)

    async def place(self) -> None:
        """Write down where the recordings of older versions are."""
        async with self._db.connection() as conn:
            unplaced = await recordings.unplaced(conn, 10_000)
        here = await asyncio.to_thread(lambda: [c for c, path in unplaced if (self._folder.path / path).is_file()])
        async with self._db.transaction() as conn:
            await recordings.place(conn, here, self._folder.id)

    async def finish(self) -> None:
        """Write down the length of recordings whose worker was killed."""
        async with self._db.connection() as conn:
            rows = await recordings.broken_off(conn, self._folder.id, _UNFINISHED, 1000)
        if not rows:
            return
        async with self._db.transaction() as conn:
            key = await secrets.recording_key(conn)
        for row in rows:
            seconds = await asyncio.to_thread(self._seconds, row, key)
            async with self._db.transaction() as conn:
                await recordings.done(conn, row.contact, seconds, 0.0, row.pauses, row.part)
            log.warning("recording.broken_off", contact_id=row.contact, seconds=seconds)

    async def sweep(self) -> None:
        """Register old files that have no row; remove those whose contact is not known either.

        A file that another installation's key has sealed is left alone: the folder may have been used by its database.
        """
        async with self._db.transaction() as conn:
            key = await secrets.recording_key(conn)
        files = self._folder.files(self._clock() - _ORPHAN)
        while some := await asyncio.to_thread(lambda: list(islice(files, 200))):
            async with self._db.connection() as conn:
                unknown = await recordings.unknown(conn, [(file.contact, file.part) for file in some])
            for file in some:
                if (file.contact, file.part) in unknown:
                    await self._adopt(file, key, known=unknown[file.contact, file.part])

    async def _adopt(self, file: File, key: bytes, *, known: bool) -> None:
        contact = file.contact
        try:
            reading = await asyncio.to_thread(self._folder.read, file.path, key)
        except (OSError, Unreadable):
            log.warning("recording.foreign_file", contact_id=contact)
            return
        seconds = reading.seconds
        reading.close()
        if not known:
            await asyncio.to_thread(self._folder.remove, file.path)
        async with self._db.transaction() as conn:
            if known:
                await recordings.found(
                    conn,
                    contact,
                    file.part,
                    path=file.path,
                    folder=self._folder.id,
                    host=socket.gethostname(),
                    seconds=seconds,
                    at=file.changed - seconds,
                )
            action = "recording.registered" if known else "recording.orphan_removed"
            await audit.add(conn, None, action, "recording", contact)
        log.warning("recording.orphan", contact_id=contact, registered=known)

    def _seconds(self, row: RecordingRow, key: bytes) -> float:
        try:
            reading = self._folder.read(row.path, key)
        except (OSError, Unreadable):
            return 0.0
        seconds = reading.seconds
        reading.close()
        return seconds
