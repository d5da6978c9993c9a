"""Measures how long the event loop did not turn, and how much of that was our own doing.

On a machine that is busy with other things, an idle loop stalls too. So two witnesses are heard: the kernel's own
account of when each of our threads ran and when it waited for a processor, and a process that does nothing but wake
up every few milliseconds and note when it could not.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS = 5

_TASKS = Path("/proc/self/task")

# perf_counter is the same clock in all processes on Linux (CLOCK_MONOTONIC).
_WITNESS = """
import sys, time
last = time.perf_counter()
while True:
    time.sleep(0.004)
    now = time.perf_counter()
    if now - last > 0.009:
        print(last + 0.004, now, flush=True)
    last = now
"""


@dataclass(frozen=True)
class Account:
    """What each thread of this process did so far, in ms: computed (``ran``), and waited for a processor."""

    at: float
    ran: float
    waited: float
    others: dict[str, tuple[float, float]]


class Accounts:
    """Reads the kernel's account of each thread; the files stay open, because what this takes is measured as well."""

    def __init__(self) -> None:
        self._main = str(os.getpid())
        self._files: dict[str, int] = {}

    def now(self) -> Account:
        """The account at this moment."""
        ran = waited = 0.0
        others: dict[str, tuple[float, float]] = {}
        for task in os.listdir(_TASKS) if _TASKS.is_dir() else ():  # noqa: PTH208 - names, as fast as can be
            numbers = self._numbers(task)
            if numbers is None:
                continue
            if task == self._main:
                ran, waited = numbers
            else:
                others[task] = numbers
        return Account(time.perf_counter() * 1000, ran, waited, others)

    def close(self) -> None:
        """Close the files."""
        while self._files:
            os.close(self._files.popitem()[1])

    def _numbers(self, task: str) -> tuple[float, float] | None:
        """What a thread ran and waited, in ms; None where it has ended, or the kernel keeps no account."""
        try:
            if task not in self._files:
                self._files[task] = os.open(_TASKS / task / "schedstat", os.O_RDONLY)
            ran, waited, _ = os.pread(self._files[task], 100, 0).split()
        except OSError:
            # Another thread may get the number of one that has ended.
            if (file := self._files.pop(task, None)) is not None:
                os.close(file)
            return None
        return int(ran) / 1e6, int(waited) / 1e6


@dataclass(frozen=True)
class Gap:
    """The loop did not turn for ``ms``, ``at_s`` after the start.

    ``own_ms`` of it was our own doing, of which we computed for ``computed_ms``, in the loop's own thread for
    ``ran_ms``; the rest was waiting for something that neither witness explains.
    """

    at_s: float
    ms: float
    own_ms: float
    computed_ms: float
    ran_ms: float


def judge(start: Account, before: Account, after: Account, machine_ms: float) -> Gap:
    """How much of the time between two ticks was our own doing.

    All that the main thread computed. Of the time it was blocked (by the interpreter lock, by a disk): at least what
    our other threads computed meanwhile, and at most what remains when the time is left out in which the machine
    stood still for the witness (``machine_ms``), or a thread of ours, which may have held the lock, was denied a
    processor.
    """
    at_s = (after.at - start.at) / 1000
    gap = max(0.0, after.at - before.at - TICK_MS)
    if after.ran == 0:
        return Gap(at_s, gap, gap, gap, gap)  # no account
    ran = after.ran - before.ran
    blocked = max(0.0, gap - ran - (after.waited - before.waited))
    spent = [
        (now[0] - then[0], now[1] - then[1])
        for task, now in after.others.items()
        for then in (before.others.get(task, (0.0, 0.0)),)
    ]
    denied = max((waited for _, waited in spent), default=0.0)
    computed = min(blocked, sum(ran for ran, _ in spent))
    unexplained = max(0.0, blocked - max(denied, machine_ms))
    return Gap(at_s, gap, min(gap, ran + max(computed, unexplained)), min(gap, ran + computed), min(gap, ran))


class GapMeter(QObject):
    """A timer that should tick every 5 ms; what it is late by is a gap."""

    def __init__(self) -> None:
        super().__init__()
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._read = Accounts()
        self._accounts: list[Account] = []
        self._witness = subprocess.Popen(
            [sys.executable, "-S", "-c", _WITNESS], stdout=subprocess.PIPE, text=True
        )
        self.gaps: list[Gap] = []

    def start(self) -> None:
        self._accounts = [self._read.now()]
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._read.close()
        self._witness.terminate()
        said, _ = self._witness.communicate(timeout=20)
        stood = [
            tuple(float(t) * 1000 for t in line.split()) for line in said.splitlines() if line.count(" ") == 1
        ]
        start = self._accounts[0]
        for before, after in zip(self._accounts, self._accounts[1:], strict=False):
            machine = sum(max(0.0, min(b, after.at) - max(a, before.at)) for a, b in stood)
            self.gaps.append(judge(start, before, after, machine))

    def worst_ms(self) -> float:
        """The longest gap, whoever made it."""
        return max((gap.ms for gap in self.gaps), default=0.0)

    def _tick(self) -> None:
        self._accounts.append(self._read.now())
