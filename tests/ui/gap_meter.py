"""Measures how long the event loop did not turn, and how much of that was the machine's doing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 5

_SCHEDSTAT = Path("/proc/thread-self/schedstat")


def waited_for_cpu_s() -> float:
    """How long this thread was ready to run while the kernel ran something else, in s; 0 where that is unknown."""
    try:
        return int(_SCHEDSTAT.read_text().split()[1]) / 1e9
    except OSError:
        return 0.0


@dataclass(frozen=True)
class Gap:
    """The loop did not turn for ``ms`` at ``at_s`` after the start; ``cpu_ms`` of it, the CPU was somebody else's."""

    at_s: float
    ms: float
    cpu_ms: float

    @property
    def own_ms(self) -> float:
        """What remains: computing, waiting for a lock, reading a disk."""
        return self.ms - self.cpu_ms


class GapMeter(QObject):
    """A timer that should tick every 5 ms; what it is late by is a gap."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._started = self._last = self._last_wait = 0.0
        self.gaps: list[Gap] = []

    def start(self) -> None:
        self._started = self._last = time.perf_counter()
        self._last_wait = waited_for_cpu_s()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def worst(self) -> Gap:
        """The gap that is longest without what the machine added."""
        return max(self.gaps, key=lambda gap: gap.own_ms, default=Gap(0.0, 0.0, 0.0))

    def _tick(self) -> None:
        now, wait = time.perf_counter(), waited_for_cpu_s()
        ms = (now - self._last) * 1000 - TICK_MS
        self.gaps.append(Gap(now - self._started, max(0.0, ms), (wait - self._last_wait) * 1000))
        self._last, self._last_wait = now, wait
