"""Sums and counts behind every figure, made to be added: a tally of a day equals the sum of its parts to the unit.

Times are whole microseconds, so that adding in any order gives the same result. Averages are never stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import ceil, frexp, sqrt
from typing import Self

from .ids import Seconds

Micros = int
"""Whole microseconds."""

_STEPS = 16
"""Buckets of the histogram between one power of two and the next: a quantile is right to 1/32 of its value."""

OUTGOING = "outgoing"
"""Name of the handling of calls that agents made out: beside the channels, and not in their sum."""

SHARES = 720_720
"""Divisible by 1 to 16: time split between parallel contacts stays a whole number, wherever it is cut."""

_Z95 = 1.959963984540054


def micros(seconds: float) -> Micros:
    """Turn seconds (or POSIX seconds) into whole microseconds."""
    return round(seconds * 1_000_000)


def _bucket(seconds: Seconds) -> int:
    if seconds < 1:
        return int(max(seconds, 0.0) * _STEPS)
    mantissa, exponent = frexp(seconds)
    return exponent * _STEPS + int((mantissa * 2 - 1) * _STEPS)


def _middle(bucket: int) -> Seconds:
    if bucket < _STEPS:
        return (bucket + 0.5) / _STEPS
    exponent, step = divmod(bucket, _STEPS)
    return float((1 + (step + 0.5) / _STEPS) * 2.0 ** (exponent - 1))


@dataclass(slots=True)
class Histogram:
    """Waits in logarithmic buckets: at most a few hundred numbers, mergeable, quantiles within about 3 %."""

    counts: dict[int, int] = field(default_factory=dict)

    def add(self, span: Micros) -> None:
        """Count one wait."""
        bucket = _bucket(span / 1_000_000)
        self.counts[bucket] = self.counts.get(bucket, 0) + 1

    def merge(self, other: Histogram) -> None:
        """Add another histogram to this one."""
        for bucket, count in other.counts.items():
            self.counts[bucket] = self.counts.get(bucket, 0) + count

    def quantile(self, share: float) -> Seconds | None:
        """Return the wait that `share` of the waits do not pass; None when there are none."""
        total = sum(self.counts.values())
        if not total:
            return None
        rank = max(1, ceil(share * total - 1e-9))
        seen = 0
        for bucket in sorted(self.counts):
            seen += self.counts[bucket]
            if seen >= rank:
                return _middle(bucket)
        return None


@dataclass(slots=True)
class Handling:
    """Work on contacts of one channel.

    Talk, hold and wrap-up are booked when they end. `shared` is the agents' own time, booked as it passes: parallel
    contacts split it between them; its unit is 1/SHARES of a microsecond.
    """

    handled: int = 0
    talk: Micros = 0
    hold: Micros = 0
    wrap_up: Micros = 0
    shared: int = 0

    def merge(self, other: Handling) -> None:
        """Add the other's sums."""
        self.handled += other.handled
        self.talk += other.talk
        self.hold += other.hold
        self.wrap_up += other.wrap_up
        self.shared += other.shared

    @property
    def total(self) -> Micros:
        """Talk + hold + wrap-up."""
        return self.talk + self.hold + self.wrap_up


@dataclass(slots=True)
class Tally:
    """Everything counted for one queue, agent, interval or the whole centre.

    A *visit* is one wait in a queue. It is booked whole at the instant of its outcome (answered, abandoned, closed or
    flowed out), so past intervals never change and `offered` is always the sum of the outcomes.
    """

    arrived: int = 0
    deferred: int = 0
    answered: int = 0
    within: int = 0
    abandoned: int = 0
    abandoned_within: int = 0
    short: int = 0
    closed: int = 0
    flow_out: int = 0
    flow_in: int = 0
    requeued: int = 0
    wait_answered: Micros = 0
    wait_lost: Micros = 0
    longest: Micros = 0
    estimated: int = 0
    estimate_hits: int = 0
    callbacks: int = 0
    callback_attempts: int = 0
    callbacks_reached: int = 0
    callbacks_lost: int = 0
    voicemails: int = 0
    outgoing: int = 0
    outgoing_reached: int = 0
    offers: int = 0
    missed: int = 0
    declined: int = 0
    transfers: int = 0
    handling: Micros = 0
    available: Micros = 0
    gradable: int = 0
    grades: int = 0
    fives: int = 0
    waits: Histogram = field(default_factory=Histogram)
    channels: dict[str, Handling] = field(default_factory=dict)

    @property
    def offered(self) -> int:
        """Visits that got an outcome."""
        return self.answered + self.abandoned + self.closed + self.flow_out

    @property
    def work(self) -> Handling:
        """Handling over all channels, without the calls out."""
        total = Handling()
        for name, part in self.channels.items():
            if name != OUTGOING:
                total.merge(part)
        return total

    def channel(self, name: str) -> Handling:
        """Return the handling of one channel, to be added to."""
        part = self.channels.get(name)
        if part is None:
            part = self.channels[name] = Handling()
        return part

    def merge(self, other: Tally) -> Self:
        """Add the other's counts to this tally and return it."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.longest = max(self.longest, other.longest)
        self.waits.merge(other.waits)
        for name, part in other.channels.items():
            self.channel(name).merge(part)
        return self


_COUNTS = tuple(name for name in Tally.__dataclass_fields__ if name not in ("longest", "waits", "channels"))


def merged(tallies: Iterable[Tally]) -> Tally:
    """Add tallies up into a new one."""
    total = Tally()
    for tally in tallies:
        total.merge(tally)
    return total


def ratio(part: float, whole: float) -> float | None:
    """Divide; None when there is nothing to divide by: an empty interval has no share, neither 0 nor 100 %."""
    return part / whole if whole else None


def seconds(part: float, count: int) -> Seconds | None:
    """Return the mean in seconds of a sum of microseconds; None when nothing was counted."""
    return part / count / 1_000_000 if count else None


def wilson(successes: int, n: int) -> tuple[float, float] | None:
    """95 % confidence interval of a share (Wilson 1927); honest at small n and near 0 and 1. None when n is 0."""
    if not n:
        return None
    share = successes / n
    z2 = _Z95 * _Z95
    centre = share + z2 / (2 * n)
    margin = _Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    scale = 1 + z2 / n
    return max(0.0, (centre - margin) / scale), min(1.0, (centre + margin) / scale)
