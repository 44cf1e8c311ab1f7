"""The recording of a contact: one file over transfers and holds, and its row."""

import asyncio
import socket
from collections.abc import Callable
from typing import Literal, Self

import structlog

from ...channels.voice.media.leg import Leg
from ...channels.voice.media.recording import Recorded, Recorder
from ...storage import recordings
from ...storage.db import Connection, Unavailable
from ...storage.recordings import Part
from ..recording_folder import place
from .house import House

log = structlog.get_logger()

State = Literal["on", "paused", "off"]


class Tape:
    """Records from the first answer on. A disk that refuses costs the recording, never the call."""

    def __init__(self, house: House, contact: str, recorder: Recorder | None, part: Part) -> None:
        self._house = house
        self._contact = contact
        self._part: Part = part
        self._recorder = recorder
        self._done: Recorded | None = None
        self._paused = False

    @classmethod
    def begin(cls, house: House, contact: str, caller: Leg, part: Part = "talk") -> Self:
        """Start the file, named by the contact."""
        path = house.recordings.path / place(contact, part)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            recorder = Recorder(path, {caller}, set(), disk=house.disk, key=house.recording_key)
        except OSError as problem:
            log.error("call.recording_impossible", contact_id=contact, error=str(problem))
            return cls(house, contact, None, part)
        house.mixer.record(recorder)
        return cls(house, contact, recorder, part)

    def hear(self, on_frame: Callable[[bytes], None] | None) -> None:
        """Let somebody hear each 20 ms that are recorded, as stereo; None: nobody any more."""
        if self._recorder is not None:
            self._recorder.on_frame = on_frame

    async def register(self) -> None:
        """Write down that the file is being made; tried until it is."""
        while self._recorder is not None:
            try:
                async with self._house.db.transaction() as conn:
                    await self._begun(conn)
                return
            except Unavailable:
                await asyncio.sleep(0.5)

    @property
    def state(self) -> State:
        """What the agent is shown."""
        if self._recorder is None or self._recorder.failed:
            return "off"
        return "paused" if self._paused else "on"

    def agents(self, legs: set[Leg]) -> None:
        """Whose voices are the right side now."""
        if self._recorder is not None and self._recorder.right != legs:
            self._recorder.right = legs

    def talking(self, going_on: bool) -> None:
        """Whether anybody talks now: the wait between two agents is not recorded."""
        if self._recorder is not None:
            self._recorder.idle = not going_on

    def pause(self) -> None:
        """Silence from now on (card data)."""
        self._paused = True
        if self._recorder is not None:
            self._recorder.pause()

    def resume(self) -> None:
        """Record again."""
        self._paused = False
        if self._recorder is not None:
            self._recorder.resume()

    async def end(self) -> Recorded | None:
        """Close the file and write down its seconds; may be called twice. Returns what there is, None for nothing."""
        recorder, self._recorder = self._recorder, None
        if recorder is None:
            return self._done
        done = self._done = recorder.close()
        try:
            async with self._house.db.transaction() as conn:
                await self._begun(conn)
                await recordings.done(conn, self._contact, done.recorded_s, done.paused_s, done.pauses, self._part)
        except Unavailable as problem:
            log.error("call.recording_row_lost", contact_id=self._contact, error=str(problem).split("\n")[0])
        return done

    async def _begun(self, conn: Connection) -> None:
        folder = self._house.recordings
        await recordings.begun(
            conn,
            self._contact,
            self._part,
            node=self._house.node,
            path=place(self._contact, self._part),
            folder=folder.id,
            host=socket.gethostname(),
        )
