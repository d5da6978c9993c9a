"""Slow work beside the window: one small helper for everything.

Work runs on lanes, threads with a queue each. What it reports (items, progress, result, error) comes back on the
main thread, in order, in slices of a few milliseconds, so that a burst of results never stalls the window. A task
that was dropped reports nothing any more, whatever its thread still does.
"""

from __future__ import annotations

import itertools
import logging
import queue
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from ichviewer.errors import IchViewerError
from ichviewer.progress import Cancelled, CancelToken

log = logging.getLogger("ichviewer.ui.session.workers")

T = TypeVar("T")

_requests = itertools.count(1)

# How long reports may occupy the main thread before other events get their turn.
_DELIVERY_BUDGET_S = 0.006
# Progress is for eyes: more often than this it only costs.
_PROGRESS_INTERVAL_S = 0.05


@dataclass(frozen=True)
class _Report:
    kind: str  # item | progress | result | error | cancelled
    value: Any = None


class TaskContext:
    """What work may use while it runs on its thread: to report, and to see whether it shall stop."""

    def __init__(self, post: Callable[[_Report], None], cancel: CancelToken) -> None:
        self._post = post
        self._last_progress = 0.0
        self.cancel = cancel

    def item(self, value: object) -> None:
        """Report a part of the result."""
        self.cancel.check()
        self._post(_Report("item", value))

    def progress(self, done: int, total: int, what: str) -> None:
        """Report how far it is (see `ichviewer.progress.Progress`); reports too close in time are left out."""
        now = time.monotonic()
        if done < total and now - self._last_progress < _PROGRESS_INTERVAL_S:
            return
        self._last_progress = now
        self._post(_Report("progress", (done, total, what)))


class Task:
    """Work that was handed in; used on the main thread.

    ``request`` is its number, rising over the life of the program.
    """

    def __init__(
        self,
        *,
        cancel: CancelToken,
        on_result: Callable[[Any], None] | None,
        on_error: Callable[[BaseException], None] | None,
        on_progress: Callable[[int, int, str], None] | None,
        on_item: Callable[[Any], None] | None,
        on_cancelled: Callable[[], None] | None,
    ) -> None:
        self.request = next(_requests)
        self.token = cancel
        self.over = False
        self.dropped = False
        self._on_result = on_result
        self._on_error = on_error
        self._on_progress = on_progress
        self._on_item = on_item
        self._on_cancelled = on_cancelled

    def cancel(self) -> None:
        """Ask it to stop; that it did is still reported."""
        self.token.cancel()

    def drop(self) -> None:
        """Ask it to stop and forget it: nothing is reported any more."""
        self.dropped = True
        self.token.cancel()

    def hand_over(self, report: _Report) -> None:
        """Call whoever waits for a report."""
        if report.kind == "item":
            if self._on_item is not None:
                self._on_item(report.value)
            return
        if report.kind == "progress":
            if self._on_progress is not None:
                self._on_progress(*report.value)
            return
        self.over = True
        if report.kind == "result" and self._on_result is not None:
            self._on_result(report.value)
        elif report.kind == "cancelled" and self._on_cancelled is not None:
            self._on_cancelled()
        elif report.kind == "error":
            if self._on_error is None:
                raise report.value
            self._on_error(report.value)


_Job = tuple[Task, Callable[[TaskContext], Any]]


class _Lane:
    """One thread and what it has to do."""

    def __init__(self, name: str, post: Callable[[Task, _Report], None]) -> None:
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._post = post
        # A daemon: work that does not listen must not keep the program from ending.
        self._thread = threading.Thread(target=self._loop, name=f"ichviewer-{name}", daemon=True)
        self._thread.start()

    def put(self, task: Task, function: Callable[[TaskContext], Any]) -> None:
        self._jobs.put((task, function))

    def end(self) -> None:
        self._jobs.put(None)

    def join(self, seconds: float) -> bool:
        self._thread.join(max(0.0, seconds))
        return not self._thread.is_alive()

    def _loop(self) -> None:
        while (job := self._jobs.get()) is not None:
            task, function = job
            self._post(task, _outcome(task, function, self._post))
            # Nothing of a finished job may live on in this frame while the lane waits.
            del job, task, function


def _outcome(
    task: Task, function: Callable[[TaskContext], Any], post: Callable[[Task, _Report], None]
) -> _Report:
    if task.token.cancelled:
        return _Report("cancelled")
    try:
        return _Report("result", function(TaskContext(partial(post, task), task.token)))
    except Cancelled:
        return _Report("cancelled")
    except IchViewerError as error:
        return _Report("error", error)
    except Exception as error:  # the boundary of a thread: a bug is told on the main thread
        log.exception("unexpected error in a worker")
        return _Report("error", error)


class Workers(QObject):
    """Runs work on named lanes; one lane does one thing after the other.

    Parameters
    ----------
    on_bug : callable, optional
        Gets unexpected errors of tasks that have no ``on_error``.
    """

    _wake = Signal()

    def __init__(self, on_bug: Callable[[BaseException], None] | None = None) -> None:
        super().__init__()
        self._lanes: dict[str, _Lane] = {}
        self._unfinished: set[Task] = set()
        self._reports: deque[tuple[Task, _Report]] = deque()
        self._awake = False
        self._lock = threading.Lock()
        self._on_bug = on_bug
        self._closed = False
        self._wake.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        function: Callable[[TaskContext], T],
        *,
        on_result: Callable[[T], None] | None = None,
        on_error: Callable[[BaseException], None] | None = None,
        on_progress: Callable[[int, int, str], None] | None = None,
        on_item: Callable[[Any], None] | None = None,
        on_cancelled: Callable[[], None] | None = None,
        cancel: CancelToken | None = None,
        lane: str = "work",
    ) -> Task:
        """Run ``function`` on a lane; everything in ``on_*`` is called on the main thread.

        Parameters
        ----------
        function : callable
            Gets a `TaskContext`; touches no widget.
        on_result, on_error, on_cancelled : callable, optional
            Exactly one of them is called at the end, unless the task was dropped.
        on_progress : callable, optional
            Gets (done, total, what).
        on_item : callable, optional
            Gets what the work reported on its way, in order.
        cancel : CancelToken, optional
            One of its own unless given.
        lane : str
            Name of the thread.
        """
        task = Task(
            cancel=cancel or CancelToken(),
            on_result=on_result,
            on_error=on_error or self._on_bug,
            on_progress=on_progress,
            on_item=on_item,
            on_cancelled=on_cancelled,
        )
        if self._closed:
            task.drop()
            return task
        self._unfinished = {t for t in self._unfinished if not (t.dropped or t.over)}
        self._unfinished.add(task)
        if lane not in self._lanes:
            self._lanes[lane] = _Lane(lane, self._post)
        self._lanes[lane].put(task, function)
        return task

    def report_bug(self, error: BaseException) -> None:
        """Tell of an unexpected error that whoever got it could only half handle."""
        if self._on_bug is not None:
            self._on_bug(error)

    def stop(self) -> None:
        """Ask everything to stop; nothing is reported any more, nothing new is begun."""
        with self._lock:
            self._closed = True
        for task in self._unfinished:
            task.drop()
        for lane in self._lanes.values():
            lane.end()

    def join(self, seconds: float = 2.0) -> bool:
        """Wait for the threads to end, after `stop`.

        Parameters
        ----------
        seconds : float
            The longest wait.

        Returns
        -------
        bool
            Whether all threads ended in time.
        """
        until = time.monotonic() + seconds
        ended = [lane.join(until - time.monotonic()) for lane in self._lanes.values()]
        if not all(ended):
            log.warning("work did not stop within %.1f s", seconds)
        return all(ended)

    def _post(self, task: Task, report: _Report) -> None:
        # Called from any thread.
        with self._lock:
            if self._closed or task.dropped:
                return
            self._reports.append((task, report))
            if self._awake:
                return
            self._awake = True
            self._wake.emit()

    def _deliver(self) -> None:
        until = time.perf_counter() + _DELIVERY_BUDGET_S
        while True:
            with self._lock:
                if self._closed or not self._reports:
                    self._reports.clear()
                    self._awake = False
                    return
                task, report = self._reports.popleft()
            if task.dropped:
                continue
            if time.perf_counter() > until:
                with self._lock:
                    self._reports.appendleft((task, report))
                self._wake.emit()
                return
            try:
                task.hand_over(report)
            except BaseException:
                # Whoever waited had a bug; the reports behind it must still arrive.
                self._wake.emit()
                raise
