"""Measures how long the event loop did not turn, and how much of that was the machine's doing."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 5

_TASKS = Path("/proc/self/task")


@dataclass(frozen=True)
class Account:
    """What the kernel's scheduler knows: when each thread of this process ran, and when it had to wait, in ms."""

    at: float
    ran: float
    waited: float
    others_waited: dict[str, float]

    @classmethod
    def now(cls) -> Account:
        main = str(os.getpid())
        ran = waited = 0.0
        others: dict[str, float] = {}
        for task in _TASKS.iterdir() if _TASKS.is_dir() else ():
            try:
                numbers = (task / "schedstat").read_text().split()
            except OSError:
                continue  # the thread has ended, or this kernel keeps no account
            if task.name == main:
                ran, waited = int(numbers[0]) / 1e6, int(numbers[1]) / 1e6
            else:
                others[task.name] = int(numbers[1]) / 1e6
        return cls(time.perf_counter() * 1000, ran, waited, others)


@dataclass(frozen=True)
class Gap:
    """The loop did not turn for ``ms``, ``at_s`` after the start; ``own_ms`` of it was our own doing."""

    at_s: float
    ms: float
    own_ms: float

    @classmethod
    def between(cls, start: Account, before: Account, after: Account) -> Gap:
        """From two ticks.

        Our own doing is what the main thread computed, and how long it was blocked (by the interpreter lock, by a
        disk), less the time in which another thread of ours, which may have held that lock, was ready to run while
        the kernel ran something else.
        """
        gap = max(0.0, after.at - before.at - TICK_MS)
        ran = after.ran - before.ran
        blocked = max(0.0, gap - ran - (after.waited - before.waited))
        held_up = max(
            (waited - before.others_waited.get(task, waited) for task, waited in after.others_waited.items()),
            default=0.0,
        )
        own = gap if after.ran == 0 else min(gap, ran + max(0.0, blocked - held_up))
        return cls((after.at - start.at) / 1000, gap, own)


class GapMeter(QObject):
    """A timer that should tick every 5 ms; what it is late by is a gap."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._start = self._last = Account.now()
        self.gaps: list[Gap] = []

    def start(self) -> None:
        self._start = self._last = Account.now()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def worst(self) -> Gap:
        """The gap that is longest without what the machine added."""
        return max(self.gaps, key=lambda gap: gap.own_ms, default=Gap(0.0, 0.0, 0.0))

    def _tick(self) -> None:
        now = Account.now()
        self.gaps.append(Gap.between(self._start, self._last, now))
        self._last = now
