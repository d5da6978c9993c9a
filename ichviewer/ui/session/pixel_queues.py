"""Whose slice is loaded next, where several panes want slices at once. Nothing here loads or knows Qt."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Container, Iterable
from typing import Generic, NewType, TypeVar

T = TypeVar("T")

QueueId = NewType("QueueId", int)


class PixelQueues(Generic[T]):
    """A queue for each pane, served in turn; safe to use from several threads.

    Every other turn is that of the active queue, the first one included; in the turns between, whoever was not served
    for longest is served. So a queue that wants something waits for at most twice as many others as there are queues,
    however fast the others ask for more and however often another one becomes active.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = itertools.count(1)
        self._wanted: dict[QueueId, list[T]] = {}  # who was not served for longest first
        self._active: QueueId | None = None
        self._favored = False  # whether the last turn was that of the active queue
        self._round = 0

    @property
    def round(self) -> int:
        """Rises with every `clear`."""
        return self._round

    def open(self) -> QueueId:
        """Another queue, empty; the first one is active."""
        with self._lock:
            queue = QueueId(next(self._ids))
            self._wanted[queue] = []
            if self._active is None:
                self._active = queue
            return queue

    def close(self, queue: QueueId) -> None:
        """Drop a queue and all that it wants. May be called twice."""
        with self._lock:
            self._wanted.pop(queue, None)
            if self._active == queue:
                self._active = None

    def activate(self, queue: QueueId) -> None:
        """Serve this queue first."""
        with self._lock:
            self._check(queue)
            self._active = queue

    def want(self, queue: QueueId, items: Iterable[T]) -> None:
        """Want these, the first one most, in place of what the queue wanted before."""
        with self._lock:
            self._check(queue)
            self._wanted[queue] = list(items)

    def take(self, round_: int) -> T | None:
        """What is wanted most at the moment; nobody wants it any more then.

        Parameters
        ----------
        round_ : int
            The `round` that it is taken for: who still works for an earlier one gets nothing of this one.

        Returns
        -------
        T or None
            None where nothing is wanted, or the round is over.
        """
        with self._lock:
            for queue in self._turns() if round_ == self._round else ():
                if self._wanted[queue]:
                    item = self._wanted[queue][0]
                    # Whoever else wanted it gets it now, too.
                    for other, wanted in self._wanted.items():
                        self._wanted[other] = [w for w in wanted if w != item]
                    self._favored = queue == self._active and not self._favored
                    self._wanted[queue] = self._wanted.pop(queue)
                    return item
            self._favored = False
            return None

    def clear(self) -> None:
        """Want nothing in any queue, and begin another round."""
        with self._lock:
            self._round += 1
            for queue in self._wanted:
                self._wanted[queue] = []

    def drop(self, items: Container[T]) -> None:
        """Want none of these any more, in any queue."""
        with self._lock:
            for queue, wanted in self._wanted.items():
                self._wanted[queue] = [item for item in wanted if item not in items]

    @property
    def empty(self) -> bool:
        """Whether nothing is wanted."""
        with self._lock:
            return not any(self._wanted.values())

    def _turns(self) -> list[QueueId]:
        waited = list(self._wanted)
        return waited if self._favored else sorted(waited, key=lambda queue: queue != self._active)

    def _check(self, queue: QueueId) -> None:
        if queue not in self._wanted:
            raise ValueError(f"an open queue is needed. Received: {queue}, which is closed or never was")
