"""Digits as telephone events (RFC 4733)."""

import struct
from collections import deque
from typing import Final

from .g711 import FRAME

DIGITS: Final = "0123456789*#ABCD"
_EVENT = struct.Struct("!BBH")
_PRESS_TICKS = 5
_ENDS = 3
"""How often the end is sent (RFC 4733, 2.5.1.4)."""
_GAP_TICKS = 4
_VOLUME = 10
_LONGEST = 0xFFFF
_REMEMBERED = 16


class DigitReceiver:
    """Gives each press once, at the first packet of it that arrives, whichever of its packets are lost or repeated."""

    __slots__ = ("_ended", "_event", "_seen", "_until")

    def __init__(self) -> None:
        self._seen: deque[int] = deque(maxlen=_REMEMBERED)
        self._event = -1
        self._until = 0
        self._ended = True

    def receive(self, payload: bytes, timestamp: int) -> str | None:
        """Return the digit if this packet begins one that was not given yet. Events that are no digits give None."""
        if len(payload) < 4:
            return None
        event, flags, duration = _EVENT.unpack_from(payload)
        if event >= len(DIGITS):
            return None
        seen = timestamp in self._seen
        # A press longer than 65 535 samples goes on in segments with timestamps of their own (RFC 4733, 2.5.1.3).
        goes_on = not seen and event == self._event and not self._ended and timestamp == self._until
        if not seen:
            self._seen.append(timestamp)
        if not seen or timestamp == self._seen[-1]:
            self._event = event
            self._ended = bool(flags & 0x80)
            self._until = (timestamp + _LONGEST) & 0xFFFFFFFF
        return None if seen or goes_on else DIGITS[event]


class DigitSender:
    """Turns digits into events: 100 ms of press, the end three times, 80 ms of pause."""

    __slots__ = ("_queue", "_step")

    def __init__(self) -> None:
        self._queue: deque[int] = deque()
        self._step = 0

    def add(self, digits: str) -> None:
        """Append digits. Raises ValueError, and takes none, when one of them is no DTMF digit."""
        self._queue.extend([DIGITS.index(digit) for digit in digits.upper()])

    @property
    def busy(self) -> bool:
        """Whether anything remains to be sent."""
        return bool(self._queue)

    def step(self, frame: int = FRAME) -> tuple[bytes, int] | None:
        """Return payload and step of the event of this tick (0: marker, new timestamp); None in a pause.

        `frame` is 20 ms in units of the clock that the events were negotiated with.
        """
        if not self._queue:
            return None
        step = self._step
        self._step += 1
        if step < _PRESS_TICKS + _ENDS:
            end = step >= _PRESS_TICKS
            duration = min(step + 1, _PRESS_TICKS) * frame
            return _EVENT.pack(self._queue[0], (0x80 if end else 0) | _VOLUME, duration), step
        if self._step >= _PRESS_TICKS + _ENDS + _GAP_TICKS:
            self._queue.popleft()
            self._step = 0
        return None
