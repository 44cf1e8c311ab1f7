"""Listening to recordings and voicemails: who may, what there is, and a line of the audit for each opening."""

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, TypeVar

from ..channels.voice.media.recording_file import Reading
from ..clock import Clock
from ..domain.errors import Conflict, NotAllowed, NotFound, Refused
from ..storage import audit, events, recordings, secrets, standing
from ..storage.db import Connection, Database
from ..storage.events import Stored
from ..storage.recordings import Part as Part
from ..storage.recordings import RecordingRow
from .access import Caller, require
from .contact_access import may_read
from .feed import Feed
from .recording_folder import Folder, Peaks, Unreadable
from .recording_marks import Mark, marks

T = TypeVar("T")

State = Literal["ready", "making", "silent", "deleted", "elsewhere", "missing", "damaged"]

OPENING_SECONDS: Final = 4 * 3600.0
"""For how long an opened recording may be read; then it is opened anew, and audited anew."""


@dataclass(frozen=True, slots=True)
class About:
    """What is known about a recording. `seconds` is the length of the file, where it can be read."""

    row: RecordingRow
    state: State
    seconds: float | None
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Opening:
    """The right to read one recording until `expires_at` (POSIX seconds)."""

    token: str
    expires_at: float


class Recordings:
    """Use cases on the recordings that this host can reach."""

    def __init__(self, db: Database, feed: Feed, clock: Clock, folder: Path) -> None:
        self._db = db
        self._feed = feed
        self._clock = clock
        self._path = folder
        self._key: bytes | None = None

    async def about(self, caller: Caller, contact: str, part: Part = "talk") -> About:
        """Say what there is. Refusals: contact.unknown, recording.not_yours, recording.none."""
        async with self._db.transaction() as conn:
            row, facts = await self._allowed(conn, caller, contact, part)
            key = await self._secret(conn)
        state, seconds = await asyncio.to_thread(self._look, row, key)
        shown = [] if seconds is None or part == "voicemail" else marks(facts, row.pauses, seconds)
        return About(row, state, seconds, shown)

    async def open(self, caller: Caller, contact: str, part: Part = "talk") -> Opening:
        """Begin to listen: one line of the audit. The refusals of `about`, and those of a file that cannot be heard."""
        async with self._db.transaction() as conn:
            row, _ = await self._allowed(conn, caller, contact, part)
            key = await self._secret(conn)
            state, _ = await asyncio.to_thread(self._look, row, key)
            if state != "ready":
                raise _refusal(row, state)
            await audit.add(conn, caller.actor, "recording.listened", "contact", contact, _which(part))
        expires = int(self._clock() + OPENING_SECONDS)
        return Opening(f"{expires:x}.{_seal(key, contact, part, caller.id, expires)}", float(expires))

    async def audio(self, caller: Caller, contact: str, token: str, part: Part = "talk") -> Reading:
        """Return the file of an opening, to be closed by who reads it. Refusal besides: recording.opening."""
        async with self._db.transaction() as conn:
            row, _ = await self._allowed(conn, caller, contact, part)
            key = await self._secret(conn)
        expires, _, seal = token.partition(".")
        try:
            until = int(expires, 16)
        except ValueError:
            until = 0
        right = _seal(key, contact, part, caller.id, until)
        if until < self._clock() or not hmac.compare_digest(seal.encode(), right.encode()):
            raise NotAllowed("recording.opening")
        if row.open or row.condemned_at is not None:
            raise _refusal(row, "making" if row.open else "deleted")
        return await self._reaching(row, lambda: self._folder().read(row.path, key))

    async def peaks(self, caller: Caller, contact: str, part: Part = "talk") -> Peaks:
        """Return the picture of the two voices. The refusals of `open`."""
        async with self._db.transaction() as conn:
            row, _ = await self._allowed(conn, caller, contact, part)
            key = await self._secret(conn)
        if row.open or row.condemned_at is not None:
            raise _refusal(row, "making" if row.open else "deleted")
        return await self._reaching(row, lambda: self._folder().peaks(row.path, key))

    # --- inside -------------------------------------------------------------------------------------------------

    async def _allowed(
        self, conn: Connection, caller: Caller, contact: str, part: Part
    ) -> tuple[RecordingRow, list[Stored]]:
        """All who may read every contact; who handles contacts: those that they talked in."""
        require(caller, "recording.listen")
        facts = await events.of_contact(conn, contact)
        if not facts or not await may_read(conn, self._feed.floor, caller, contact):
            raise NotFound("contact.unknown")
        if not caller.may("contact.read_all") and not await standing.handled_by(conn, contact, caller.id):
            raise NotAllowed("recording.not_yours")
        row = await recordings.get(conn, contact, part)
        if row is None:
            raise NotFound("recording.none")
        return row, facts

    async def _secret(self, conn: Connection) -> bytes:
        if self._key is None:
            self._key = await secrets.recording_key(conn)
        return self._key

    def _look(self, row: RecordingRow, key: bytes) -> tuple[State, float | None]:
        if row.condemned_at is not None or row.deleted_at is not None:
            return "deleted", None
        if row.open:
            return "making", None
        try:
            reading = self._folder().read(row.path, key)
        except FileNotFoundError:
            return self._absent(row), None
        except (OSError, Unreadable):
            return "damaged", None
        seconds = reading.seconds
        reading.close()
        return ("silent" if row.recorded == 0 else "ready" if seconds > 0 else "damaged"), seconds

    def _folder(self) -> Folder:
        found = Folder.found(self._path)
        if found is None:
            raise FileNotFoundError(self._path)
        return found

    def _absent(self, row: RecordingRow) -> State:
        here = Folder.found(self._path)
        return "missing" if row.folder is None or (here is not None and here.id == row.folder) else "elsewhere"

    async def _reaching(self, row: RecordingRow, read: Callable[[], T]) -> T:
        try:
            return await asyncio.to_thread(read)
        except FileNotFoundError:
            raise _refusal(row, await asyncio.to_thread(self._absent, row)) from None
        except (OSError, Unreadable):
            raise Conflict("recording.damaged") from None


def _which(part: Part) -> dict[str, Any]:
    return {} if part == "talk" else {"part": part}


def _seal(key: bytes, contact: str, part: Part, person: str, expires: int) -> str:
    told = f"listen {contact} {part} {person} {expires}".encode()
    return hmac.new(key, told, hashlib.sha256).hexdigest()[:40]


def _refusal(row: RecordingRow, state: State) -> Refused:
    match state:
        case "deleted":
            return NotFound("recording.deleted", at=row.deleted_at or row.condemned_at, rule=row.rule)
        case "elsewhere":
            return Conflict("recording.elsewhere", host=row.host)
        case "missing":
            return NotFound("recording.missing")
        case _:
            return Conflict(f"recording.{state}")
