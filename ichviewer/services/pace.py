"""How far a long run is, how fast it goes, and how long it will take, in one line."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_LEAST_S = 2.0
"""Before that, nothing can be said of the rate."""


class Pace:
    """Counts series and slices; from any thread.

    Parameters
    ----------
    series, slices : int
        How many there are.
    now_s : function
        A clock.
    """

    def __init__(self, series: int, slices: int, now_s: Callable[[], float] = time.monotonic) -> None:
        self._lock = threading.Lock()
        self._now_s = now_s
        self._started_s = now_s()
        self._series, self._slices = series, slices
        self._done_series, self._done_slices = 0, 0
        self._new_slices = 0
        self._known_series = 0
        self._under_way: dict[int, float] = {}

    def known(self, slices: int) -> None:
        """A series of so many slices was done in an earlier run."""
        with self._lock:
            self._done_series += 1
            self._known_series += 1
            self._done_slices += slices

    def under_way(self, slot: int, slices: float) -> None:
        """So much of the series of a slot is done."""
        with self._lock:
            self._under_way[slot] = slices

    def done(self, slot: int, slices: int) -> None:
        """The series of a slot is done, with all its slices."""
        with self._lock:
            self._under_way.pop(slot, None)
            self._done_series += 1
            self._done_slices += slices
            self._new_slices += slices

    def words(self) -> str:
        """E.g. ``12 of 340 series (3 from before), 1,204 of 35,201 slices, 41.2 slices/s, 14 min left``."""
        with self._lock:
            partly = sum(self._under_way.values())
            before = f" ({self._known_series:,} from before)" if self._known_series else ""
            line = (
                f"{self._done_series:,} of {self._series:,} series{before}, "
                f"{int(self._done_slices + partly):,} of {self._slices:,} slices"
            )
            seconds, new = self._now_s() - self._started_s, self._new_slices + partly
            if seconds < _LEAST_S or new <= 0:
                return line
            rate = new / seconds
            left_s = max(0.0, self._slices - self._done_slices - partly) / rate
            return f"{line}, {rate:.1f} slices/s, {duration(left_s)} left"


def duration(seconds: float) -> str:
    """A length of time in words, rounded up: ``50 s``, ``14 min``, ``3 h 5 min``, ``2 days 4 h``."""
    whole = -int(-seconds // 1)
    if whole < 60:
        return f"{whole} s"
    minutes = -(-whole // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    hours = -(-minutes // 60)
    return f"{hours // 24} day{'s' if hours >= 48 else ''} {hours % 24} h"
