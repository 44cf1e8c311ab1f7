"""How many contacts an agent may have at once: a number for each channel and a weighted total."""

from __future__ import annotations

from .agent import AgentProfile
from .queue import FloorSettings


class Plan:
    """Capacity shared by agents: which channels are open and how loaded one is, by the slots in use."""

    __slots__ = ("_known", "_profile", "_settings", "_total", "mask")

    def __init__(self, profile: AgentProfile, settings: FloorSettings) -> None:
        self._profile = profile
        self._settings = settings
        self._total = settings.total if profile.total is None else profile.total
        self._known: dict[frozenset[tuple[str, int]], tuple[float, frozenset[str]]] = {}
        self.mask = 0

    def standing(self, used: dict[str, int]) -> tuple[float, frozenset[str]]:
        """Return the share of the weighted total in use and the channels that are open."""
        key = frozenset(used.items())
        known = self._known.get(key)
        if known is None:
            load = sum(self._weight(channel) * count for channel, count in used.items())
            known = (round(load / self._total, 6) if self._total else float(load > 0), self._open(used))
            self._known[key] = known
        return known

    def slots(self, channel: str) -> int:
        """Return how many contacts of this channel fit at most."""
        weight, limit = self._weight(channel), self._profile.capacity.get(channel, 0)
        return min(limit, int((self._total + 1e-9) / weight)) if weight else limit

    def _weight(self, channel: str) -> float:
        return self._settings.weights.get(channel, 1.0)

    def _open(self, used: dict[str, int]) -> frozenset[str]:
        found = set()
        for channel, limit in self._profile.capacity.items():
            interrupted = self._settings.interrupts.get(channel, ())
            load = sum(self._weight(other) * n for other, n in used.items() if other not in interrupted)
            if used.get(channel, 0) < limit and load + self._weight(channel) <= self._total + 1e-9:
                found.add(channel)
        return frozenset(found)
