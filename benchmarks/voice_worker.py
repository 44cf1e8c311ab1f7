"""The real `teplo voice` with a stopwatch at its mixer: lateness, loss, processor and memory, told when asked."""

import cProfile
import gc
import os
import pstats
import resource
import sys
import threading
import time
from collections import deque
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from teplo.channels.voice.media.mixer import Mixer


def work(pipe: Connection, environment: dict[str, str], log: str) -> None:
    """Be a voice worker with these settings."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.environ.update(environment)

    import teplo.run_voice
    from teplo.cli import main

    teplo.run_voice.Mixer = Watched  # type: ignore[misc]
    threading.Thread(target=_listen, args=(pipe,), daemon=True).start()
    sys.exit(main(["voice"]))


_asked: deque[tuple[Connection, str, dict[str, Any]]] = deque()


def _listen(pipe: Connection) -> None:
    """Hand questions to the thread of the mixer, which answers between two ticks."""
    while True:
        try:
            _asked.append((pipe, *pipe.recv()))
        except (EOFError, OSError):
            os._exit(1)  # whoever measures is gone


class Watched(Mixer):
    """Answers what is asked at the end of a tick, so that no figure is of the middle of one."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._work: list[float] = []
        self._began = (0.0, 0.0)
        self._before_window: dict[str, tuple[float, float, float, int]] = {}
        self._profile: cProfile.Profile | None = None
        self._collecting = self._collected = 0.0
        gc.callbacks.append(self._collect)

    def _collect(self, phase: str, info: dict[str, int]) -> None:
        """Time the garbage collector: its longest run holds up a tick."""
        if phase == "start":
            self._collecting = time.perf_counter()
        else:
            self._collected = max(self._collected, time.perf_counter() - self._collecting)

    def tick(self, number: int, now: float) -> None:
        """Do the tick, timed."""
        began = time.thread_time()
        super().tick(number, now)
        self._work.append((time.thread_time() - began) * 1000)
        while _asked:
            pipe, what, more = _asked.popleft()
            try:
                pipe.send((True, getattr(self, f"say_{what}")(**more)))
            except Exception as error:  # noqa: BLE001 - the border of the process: told to whoever asked
                pipe.send((False, repr(error)))

    def say_begin(self) -> None:
        """Begin a window of measuring."""
        self.lateness.reset()
        self._work.clear()
        self._collected = 0.0
        self._began = (time.process_time(), time.monotonic())
        self._before_window = {leg.id: self._figures(leg) for leg in self.legs}

    def say_end(self) -> dict[str, float]:
        """Return the figures of the window."""
        cpu, wall = (time.process_time() - self._began[0], time.monotonic() - self._began[1])
        came = lost = late = sent = 0.0
        for leg in self.legs:
            now, before = self._figures(leg), self._before_window.get(leg.id)
            if before is not None:
                came, lost = came + now[0] - before[0], lost + max(0.0, now[1] - before[1])
                late, sent = late + max(0.0, now[2] - before[2]), sent + now[3] - before[3]
        ordered = sorted(self._work) or [0.0]
        return {
            "cpu_pct": 100 * cpu / wall,
            "late_p50_ms": self.lateness.quantile_ms(0.5),
            "late_p99_ms": self.lateness.quantile_ms(0.99),
            "skipped": self.lateness.skipped,
            "work_p50_ms": ordered[len(ordered) // 2],
            "work_p99_ms": ordered[int(len(ordered) * 0.99)],
            "gc_max_ms": self._collected * 1000,
            "legs": len(self.legs),
            "came": came,
            "sent": sent,
            "lost_in_pct": 100 * lost / max(1.0, came + lost),
            "too_late_pct": 100 * late / max(1.0, came + lost),
            "mb": memory_mb(),
        }

    def say_profile(self) -> None:
        """Begin to profile what the event loop does."""
        self._profile = cProfile.Profile()
        self._profile.enable()

    def say_profiled(self, path: str) -> None:
        """Write what was found."""
        if self._profile is not None:
            self._profile.disable()
            with Path(path).open("w", encoding="utf-8") as out:
                found = pstats.Stats(self._profile, stream=out)
                found.sort_stats("tottime").print_stats(60)
                found.sort_stats("cumulative").print_stats(90)
            self._profile = None

    @staticmethod
    def _figures(leg: Any) -> tuple[float, float, float, int]:
        """Packets that came, were lost, came too late, were sent."""
        stats = leg.stats()
        if not stats.packets:
            return 0.0, 0.0, 0.0, stats.sent
        expected = stats.packets / (1 - min(99.9, stats.loss_pct) / 100)
        return stats.packets, expected - stats.packets, expected * stats.late_pct / 100, stats.sent


def memory_mb() -> float:
    """Return the resident megabytes of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6
