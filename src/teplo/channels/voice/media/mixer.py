"""The mixer: once in 20 ms everybody gets what the hear sets say.

All legs of the worker are mixed in one pass: their frames are the rows of one array, and who hears whom is an array of
row numbers that is made anew only when a set changes. A listener of one leg costs one row copied, and only listeners of
several legs are summed, with saturation.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import structlog
from numpy.typing import NDArray

from . import tick as ticks
from .g711 import ALAW, FRAME, ULAW, Law, Samples
from .leg import Leg
from .recording import Recorder

log = structlog.get_logger()

_WATCH_EVERY = 12
"""Ticks between two looks at a leg's reports and timeouts."""
_LOW, _HIGH = -32768, 32767

Index = NDArray[np.intp]


@dataclass(slots=True)
class _Plan:
    """Who hears whom, as row numbers. Listeners are the legs and then two sides of each recording."""

    legs: list[Leg]
    recorders: list[Recorder]
    one: Index
    """Per listener the row it hears; the row after the last is silence."""
    many: Index
    """Listeners of several rows,"""
    sources: Index
    """the rows they hear, one listener after the other,"""
    starts: Index
    """and where each of them begins in that list."""
    laws: list[tuple[Law, Index, list[Leg]]]
    linear: list[tuple[int, Leg]]


class Mixer:
    """All legs of one worker. Not thread-safe: everything on one event loop."""

    def __init__(self, before: "Callable[[int], None] | None" = None) -> None:
        """`before` is called with the tick before it is done: `Sockets.drain`."""
        self._before = before
        self._legs: dict[Leg, None] = {}
        self._recorders: dict[Recorder, None] = {}
        self._plan: _Plan | None = None
        self._ticker: ticks.Ticker | None = None
        self.lateness = ticks.Lateness()

    @property
    def legs(self) -> Sequence[Leg]:
        """The legs taken in."""
        return list(self._legs)

    def add(self, leg: Leg) -> None:
        """Take a leg in."""
        self._legs[leg] = None
        leg.attach(self)
        self.replan()

    def remove(self, leg: Leg) -> None:
        """Let a leg go: nobody hears it any more. It is not closed."""
        if self._legs.pop(leg, self) is None:
            leg.attach(None)
        self.replan()

    def record(self, recorder: Recorder) -> None:
        """Feed a recording from now on, until it is closed."""
        self._recorders[recorder] = None
        recorder.attach(self)
        self.replan()

    def replan(self) -> None:
        """A set of legs has changed."""
        self._plan = None

    async def run(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Tick for ever."""
        ticker = self._ticker = ticks.Ticker(clock())
        ticker.lateness = self.lateness
        await ticks.run(ticker, clock, self._turn)

    def tick_at(self, now: float) -> int:
        """Return the tick for which what comes now is in time (`PacketLeg.arrival_tick`), by the clock of `run`."""
        return self._ticker.number(now) if self._ticker is not None else 0

    def _turn(self, due: list[int], now: float) -> None:
        # What is read after a delay has come up to now: counted to an earlier tick it would seem faster than light, and
        # the jitter buffers would take that for the measure of the network.
        if self._before is not None:
            self._before(due[-1])
        for number in due:
            self.tick(number, now)

    def tick(self, number: int, now: float) -> None:
        """Do tick `number`; `now` is in monotonic seconds. Numbers may be left out, never repeated."""
        plan = self._plan
        if plan is None:
            plan = self._plan = self._make_plan()
        heard = self._pull(plan, number)
        out = self._mix(plan, heard)
        done = self._overlay(plan, out)
        count = len(plan.legs)
        if plan.recorders:
            sides = out[count:].reshape(len(plan.recorders), 2, FRAME).transpose(0, 2, 1)
            data, size = sides.astype("<i2").tobytes(), FRAME * 4
            for index, recorder in enumerate(plan.recorders):
                recorder.feed(data[index * size : (index + 1) * size], number)
        self._push(plan, out, number)
        for then in done:
            self._guard(None, then)
        for leg in plan.legs[number % _WATCH_EVERY :: _WATCH_EVERY]:
            self._guard(leg, leg.watch, now)

    def _pull(self, plan: _Plan, number: int) -> Samples:
        heard = np.zeros((len(plan.legs) + 1, FRAME), dtype=np.int16)
        coded: dict[Law, tuple[list[int], list[bytes]]] = {ALAW: ([], []), ULAW: ([], [])}
        for row, leg in enumerate(plan.legs):
            try:
                audio = leg.pull(number)
            except Exception:
                log.exception("media.leg_failed", leg_id=leg.id)
                continue
            if audio is None:
                continue
            if isinstance(audio, bytes) and leg.law is not None:
                rows, payloads = coded[leg.law]
                rows.append(row)
                payloads.append(audio)
            else:
                heard[row] = audio
        for law, (rows, payloads) in coded.items():
            if rows:
                heard[rows] = law.decode(b"".join(payloads)).reshape(-1, FRAME)
        return heard

    @staticmethod
    def _mix(plan: _Plan, heard: Samples) -> Samples:
        out: Samples = heard[plan.one]
        if len(plan.many):
            sums = np.add.reduceat(heard[plan.sources].astype(np.int32), plan.starts, axis=0)
            out[plan.many] = np.clip(sums, _LOW, _HIGH)
        return out

    @staticmethod
    def _overlay(plan: _Plan, out: Samples) -> list[Callable[[], None]]:
        """Mix the sounds being played over; return what is to be called because a sound is over."""
        done: list[Callable[[], None]] = []
        playing: dict[int, tuple[Samples, list[int], list[int]]] = {}
        for row, leg in enumerate(plan.legs):
            play = leg.playing
            if play is None:
                continue
            frame = play.next_frame()
            if frame < 0:
                leg.playing = None
                if play.then is not None:
                    done.append(play.then)
                continue
            _, rows, positions = playing.setdefault(id(play.sound), (play.sound.frames, [], []))
            rows.append(row)
            positions.append(frame)
        for frames, rows, positions in playing.values():
            sums = out[rows].astype(np.int32) + frames[positions]
            out[rows] = np.clip(sums, _LOW, _HIGH)
        return done

    def _push(self, plan: _Plan, out: Samples, number: int) -> None:
        for law, rows, legs in plan.laws:
            coded = law.encode(out[rows]).tobytes()
            at = 0
            for leg in legs:
                try:
                    leg.push_encoded(coded[at : at + FRAME], number)
                except Exception:
                    log.exception("media.leg_failed", leg_id=leg.id)
                at += FRAME
        for row, leg in plan.linear:
            self._guard(leg, leg.push, out[row])

    @staticmethod
    def _guard(leg: Leg | None, action: Callable[..., None], *args: object) -> None:
        try:
            action(*args)
        except Exception:
            log.exception("media.leg_failed", leg_id=leg.id if leg is not None else None)

    def _make_plan(self) -> _Plan:
        for leg in [leg for leg in self._legs if leg.closed]:
            del self._legs[leg]
            leg.attach(None)
        for recorder in [recorder for recorder in self._recorders if recorder.closed]:
            del self._recorders[recorder]
        legs, recorders = list(self._legs), list(self._recorders)
        row = {leg: index for index, leg in enumerate(legs)}
        silence = len(legs)
        listened = [leg.hear for leg in legs]
        for recorder in recorders:
            listened += [recorder.left, recorder.right]
        one = np.full(len(listened), silence, dtype=np.intp)
        many: list[int] = []
        sources: list[int] = []
        starts: list[int] = []
        for listener, heard in enumerate(listened):
            own = legs[listener] if listener < silence else None
            rows = [row[leg] for leg in heard if leg in row and not leg.muted and leg is not own]
            if len(rows) == 1:
                one[listener] = rows[0]
            elif rows:
                many.append(listener)
                starts.append(len(sources))
                sources += rows
        laws: list[tuple[Law, Index, list[Leg]]] = []
        for law in (ALAW, ULAW):
            with_law = [leg for leg in legs if leg.law is law]
            if with_law:
                laws.append((law, np.array([row[leg] for leg in with_law], dtype=np.intp), with_law))
        linear = [(row[leg], leg) for leg in legs if leg.law is None]
        several, flat, first = (np.array(rows, dtype=np.intp) for rows in (many, sources, starts))
        return _Plan(legs, recorders, one, several, flat, first, laws, linear)
