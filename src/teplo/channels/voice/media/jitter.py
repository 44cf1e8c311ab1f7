"""The jitter buffer: puts packets in order, waits as long as the network makes it, follows the sender's clock.

Time is counted in ticks of 20 ms, because audio is taken out only then: what matters is the tick in which a packet is
there, not the microsecond. A tick plays the audio of timestamp `tick * 160 - offset`. The offset is the transit of the
fastest packets (`base`) plus the delay; the delay follows the 99th percentile of how much slower the others are. A
sender whose clock runs faster or slower moves the base, and the offset follows it one frame at a time.
"""

from typing import Final

from .g711 import FRAME

MAX_DELAY: Final = 12
"""Frames: 240 ms, beyond which a talk is no talk any more."""
_LEAST = 1
"""Frames: packets that come right at a tick fall on either side of it."""
_BINS = MAX_DELAY + 2
_LOOK = 25
"""Packets between two looks at the spread."""
_WINDOW = 100
"""Packets in which the fastest is looked for."""
_FORGET = 0.97
_TAIL = 0.01
_PATIENCE = 25
"""Ticks a wrong delay is borne while no packet is missing: in a gap the change is not heard."""
_JUMP = 8000
"""Samples by which the timestamps may leap before they count as another stream."""
_CONVINCED = 3
"""Packets of another stream until it is believed."""
_LONGER = 5
"""Packets in a row after their turn that show a way that has grown for good, not a packet astray."""
_TALKING = 6
"""Ticks after which a gap is silence and no loss any more."""


class JitterBuffer:
    """Takes payloads as they come, gives 160 bytes a tick. One byte is one sample (G.711)."""

    __slots__ = (
        "_base",
        "_fastest",
        "_fastest_before",
        "_frames",
        "_gap",
        "_highest",
        "_late_fastest",
        "_late_row",
        "_late_spread",
        "_odd",
        "_odd_at",
        "_offset",
        "_patience",
        "_seen",
        "_started",
        "_strange",
        "_tick",
        "behind",
        "concealed",
        "late",
        "lost",
        "target",
    )

    def __init__(self, initial_delay: int = 2) -> None:
        self.target = initial_delay
        """The delay wanted, frames."""
        self.late = 0
        """Packets that came after their turn."""
        self.concealed = 0
        """Ticks of talk without audio."""
        self.lost = False
        """Whether the last `pop` that gave nothing fell into talk, so that the loss should be concealed."""
        self.behind: bytes | None = None
        """What is there to be played right after the audio that the last `pop` found lost."""
        self._tick = 0
        self._late_spread = [0.0] * _BINS
        self._late_row = self._late_fastest = 0
        self._seen = 0
        self._strange = 0
        self._started = False
        self._highest = self._base = self._offset = 0
        self._fastest = self._fastest_before = 0
        self._frames: dict[int, bytes] = {}
        self._odd, self._odd_at = b"", 0
        self._gap = _TALKING
        self._patience = 0

    @property
    def delay(self) -> int:
        """The delay of now, frames."""
        return (self._offset - self._base) // FRAME if self._started else self.target

    def pause(self) -> None:
        """The sender says that it is silent (comfort noise, a digit): what is missing now is no loss."""
        self._gap = _TALKING

    def restart(self) -> None:
        """Another stream begins; what is buffered is thrown away."""
        self._started = False
        self._frames.clear()
        self._odd = b""

    def put(self, timestamp: int, payload: bytes, tick: int) -> None:
        """Take the payload of a packet that came before `tick` is played."""
        if not self._started:
            self._begin(timestamp, tick)
        at = self._highest + (((timestamp - self._highest) + 0x80000000) & 0xFFFFFFFF) - 0x80000000
        transit = tick * FRAME - at
        if not -_JUMP < transit - self._base < _JUMP:
            self._strange += 1
            if self._strange < _CONVINCED:
                return
            self.restart()
            self._begin(timestamp, tick)
            at, transit = timestamp, self._base
        self._strange = 0
        if at > self._highest:
            self._highest = at
        self._learn(transit)
        if at < (self._tick + 1) * FRAME - self._offset and self._tick:
            self.late += 1
            if not self._longer_way(transit):
                return
        else:
            self._late_row = 0
        self._store(at, payload)

    def pop(self, tick: int) -> bytes | None:
        """Return the 160 bytes of this tick, or None; then `lost` says whether to conceal."""
        self._tick = tick
        self.behind = None
        if not self._started:
            self.lost = False
            return None
        at = tick * FRAME - self._offset
        frame = self._frames.pop(at, None)
        excess = self._offset - self._base - self.target * FRAME
        if frame is None:
            return self._missing(at, excess)
        self._gap = 0
        if -FRAME < excess < FRAME:
            self._patience = 0
            return frame
        self._patience += 1
        if self._patience > _PATIENCE or excess > 4 * FRAME:
            self._patience = 0
            if excess > 0:
                self._offset -= FRAME
                return self._frames.pop(at + FRAME, frame)
            self._offset += FRAME
            self._frames[at] = frame
            self.lost = True
            return None
        return frame

    def _missing(self, at: int, excess: int) -> bytes | None:
        frames = self._frames
        self.lost = self._gap < _TALKING
        if frames:
            for old in [key for key in frames if key <= at - FRAME]:
                del frames[old]
            # A stream whose packets lie between our frames (other packet times, after a pause): follow it.
            near = [key for key in frames if key < at + FRAME]
            if near:
                first = min(near)
                self._offset += at - first
                self._gap = 0
                return frames.pop(first)
            if excess >= FRAME and at + FRAME in frames:
                self._offset -= FRAME
                return frames.pop(at + FRAME)
        if self.lost:
            self._gap += 1
            self.concealed += 1
            if excess <= -FRAME:
                self._offset += FRAME
            else:
                self.behind = frames.get(at + FRAME)
        elif excess <= -FRAME:
            self._offset = self._base + self.target * FRAME
        return None

    def _longer_way(self, transit: int) -> bool:
        """Note a packet that came after its turn; follow the way when one after the other does, and say so."""
        self._late_fastest = min(self._late_fastest, transit) if self._late_row else transit
        self._late_row += 1
        if self._late_row < _LONGER:
            return False
        self._base = self._fastest = self._fastest_before = self._late_fastest
        self._offset = self._base + self.target * FRAME
        self._late_spread = [0.0] * _BINS
        self._late_row = 0
        return True

    def _begin(self, timestamp: int, tick: int) -> None:
        self._started = True
        self._strange = self._late_row = 0
        self._highest = timestamp
        self._base = self._fastest = self._fastest_before = tick * FRAME - timestamp
        self._offset = self._base + self.target * FRAME
        self._gap = _TALKING

    def _learn(self, transit: int) -> None:
        if transit < self._base:
            self._base = transit
        if transit < self._fastest:
            self._fastest = transit
        self._late_spread[min((transit - self._base) // FRAME, _BINS - 1)] += 1
        self._seen += 1
        if self._seen % _LOOK == 0:
            spread = self._late_spread
            limit, tail, wanted = _TAIL * sum(spread), 0.0, _BINS - 1
            while wanted > 0 and tail + spread[wanted] <= limit:
                tail += spread[wanted]
                wanted -= 1
            self.target = max(_LEAST, min(wanted, MAX_DELAY))
            self._late_spread = [count * _FORGET for count in spread]
            if self._seen % _WINDOW == 0:
                self._base = min(self._fastest, self._fastest_before)
                self._fastest_before, self._fastest = self._fastest, transit

    def _store(self, at: int, payload: bytes) -> None:
        """Keep a packet; cut other packet times (10, 30, 40, 60 ms) into frames, what is left waits for the next."""
        if len(payload) == FRAME and not self._odd:
            self._frames[at] = payload
            return
        if self._odd and self._odd_at + len(self._odd) == at:
            at, payload = self._odd_at, self._odd + payload
        whole = len(payload) // FRAME * FRAME
        for start in range(0, whole, FRAME):
            self._frames[at + start] = payload[start : start + FRAME]
        self._odd, self._odd_at = payload[whole:], at + whole
        if len(self._frames) > 64:
            self.restart()
