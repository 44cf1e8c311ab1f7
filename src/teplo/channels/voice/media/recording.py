"""Recording of a contact: stereo, subscriber left, agents right, streamed to disk."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from .g711 import FRAME, FRAME_S
from .leg import Leg, Legs, Owner
from .recording_file import BYTES_PER_SECOND, Writer

log = structlog.get_logger()

_FRAME_BYTES: Final = FRAME * 4
_CHUNK: Final = BYTES_PER_SECOND // _FRAME_BYTES
_SILENCE: Final = bytes(_FRAME_BYTES)
_LONGEST_GAP = 500
"""Ticks of silence put in at most for ticks that were skipped: 10 s."""


class Disk:
    """One thread that writes all recordings of a worker, in order: a slow disk must not be heard."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="recording")

    def submit(self, writer: Writer, samples: bytes, last: bool) -> "Future[None]":
        """Write soon; the future gives the error."""
        return self._thread.submit(_write, writer, samples, last)

    def close(self) -> None:
        """Wait until everything is written."""
        self._thread.shutdown()


def _write(writer: Writer, samples: bytes, last: bool) -> None:
    try:
        if samples:
            writer.write(samples)
    finally:
        if last:
            writer.close()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of a recording. Recorded and paused seconds together are the length of the file."""

    recorded_s: float
    paused_s: float
    pauses: tuple[tuple[float, float], ...]
    """Begin and end of each pause, seconds from the start of the file."""
    failed: bool
    """The disk refused; the file lacks audio."""
    written: "Future[None] | None"
    """Done when all is on disk."""


class Recorder:
    """Records the legs of two sides from the next tick of the mixer on. The sides may be changed at any time."""

    def __init__(
        self, path: Path, left: Iterable[Leg], right: Iterable[Leg], *, disk: Disk, key: bytes | None = None
    ) -> None:
        """Raises OSError when the file cannot be made or is there already."""
        self._writer = Writer(path, key)
        self._disk = disk
        self._owner: Owner | None = None
        self._left, self._right = Legs(left, self), Legs(right, self)
        self._frames: list[bytes] = []
        self._tick: int | None = None
        self._recorded = self._paused = 0
        self._pauses: list[tuple[int, int]] = []
        self._pause_from: int | None = None
        self._pending: list[Future[None]] = []
        self._result: Recorded | None = None
        self.failed = False
        self.closed = False
        self.on_frame: Callable[[bytes], None] | None = None
        """Is given every frame that is recorded; called inside the tick, must neither block nor raise."""
        self.idle = False
        """While nobody talks (the subscriber waits between two agents) nothing is recorded and no second counted."""

    def attach(self, owner: Owner) -> None:
        """Called by the mixer."""
        self._owner = owner

    def replan(self) -> None:
        """Tell the mixer that a side has changed."""
        if self._owner is not None:
            self._owner.replan()

    @property
    def left(self) -> set[Leg]:
        """The subscriber's side; change it in place or assign."""
        return self._left

    @left.setter
    def left(self, legs: Iterable[Leg]) -> None:
        self._left = Legs(legs, self)
        self.replan()

    @property
    def right(self) -> set[Leg]:
        """The agents' side; change it in place or assign."""
        return self._right

    @right.setter
    def right(self, legs: Iterable[Leg]) -> None:
        self._right = Legs(legs, self)
        self.replan()

    @property
    def _position(self) -> int:
        return self._recorded + self._paused

    def pause(self) -> None:
        """Write silence from now on (card data)."""
        if self._pause_from is None:
            self._pause_from = self._position

    def resume(self) -> None:
        """Record again."""
        if self._pause_from is not None:
            self._pauses.append((self._pause_from, self._position))
            self._pause_from = None

    def feed(self, stereo: bytes, tick: int) -> None:
        """Take the 20 ms of a tick: 160 interleaved pairs of samples. Ticks left out become silence."""
        if self.closed:
            return
        if self.idle:
            self._tick = None
            return
        if self._tick is not None and tick > self._tick + 1:
            for _ in range(min(tick - self._tick - 1, _LONGEST_GAP)):
                self._append(_SILENCE)
        self._tick = tick
        self._append(stereo)
        if self.on_frame is not None:
            self.on_frame(stereo)

    def close(self) -> Recorded:
        """End the recording; the rest is written in the background. A second call gives the same figures."""
        if self._result is None:
            self.resume()
            self.closed = True
            self.replan()
            self._flush(last=True)
            pauses = tuple((begin * FRAME_S, end * FRAME_S) for begin, end in self._pauses)
            recorded_s, paused_s = round(self._recorded * FRAME_S, 2), round(self._paused * FRAME_S, 2)
            self._result = Recorded(recorded_s, paused_s, pauses, self.failed, self._pending[-1])
        return self._result

    def _append(self, stereo: bytes) -> None:
        if self._pause_from is None:
            self._recorded += 1
        else:
            self._paused += 1
            stereo = _SILENCE
        self._frames.append(stereo)
        if len(self._frames) == _CHUNK:
            self._flush()

    def _flush(self, last: bool = False) -> None:
        for done in [future for future in self._pending if future.done()]:
            self._pending.remove(done)
            error = done.exception()
            if error is not None and not self.failed:
                self.failed = True
                log.error("recording.write_failed", error=type(error).__name__)
        samples = b"".join(self._frames)
        self._frames.clear()
        self._pending.append(self._disk.submit(self._writer, samples, last))
