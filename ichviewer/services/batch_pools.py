"""Where the series of a batch are analyzed: worker processes of this machine."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Protocol

from ichviewer.errors import EngineError, IchViewerError
from ichviewer.progress import CancelToken, Progress
from ichviewer.services.batch_worker import WorkOrder, open_worker
from ichviewer.services.worker_process import WorkerProcess
from ichviewer.services.worker_serve import Staff

LONGEST_SILENCE_S = 3600.0
"""A further model may take long over a step; a decoder that hangs is ended by its own, shorter limit."""


class PoolError(IchViewerError):
    """No worker can be had: nothing more can be analyzed."""


class PoolLostError(PoolError):
    """Whoever did a job went in the middle of it, and nobody else can be had."""


class Pool(Protocol):
    """Does the jobs of `ichviewer.services.batch_worker`, several at a time."""

    @property
    def workers(self) -> int:
        """How many jobs it does at a time."""

    def run(
        self,
        slot: int,
        job: str,
        argument: object,
        *,
        subject: str,
        progress: Progress,
        cancel: CancelToken,
    ) -> Any:
        """Do a job; from a thread of each slot.

        Raises
        ------
        PoolError
            If there is nobody to do it, and will not be.
        Cancelled
            If it was asked to stop, or the pool was closed.
        EngineError
            If whoever did it died of it or fell silent.
        IchViewerError, WorkerBugError
            What the job raised.
        """

    def close(self) -> None:
        """Stop all that is under way. May be called twice and from any thread."""


class LocalPool:
    """Worker processes of this machine, one for each slot; each is started when its slot has its first job.

    Parameters
    ----------
    order : WorkOrder
    workers : int
    open_staff : callable
        What runs in a process; gets the order.
    """

    def __init__(
        self, order: WorkOrder, workers: int, open_staff: Callable[[WorkOrder], Staff] = open_worker
    ) -> None:
        if workers < 1:
            raise ValueError(f"a pool needs at least one worker. Received: {workers}")
        self._order = order
        self._open_staff = open_staff
        self._workers = workers
        self._processes: dict[int, WorkerProcess] = {}
        self._lock = threading.Lock()
        self._closed = False

    @property
    def workers(self) -> int:
        """See `Pool.workers`."""
        return self._workers

    def run(
        self,
        slot: int,
        job: str,
        argument: object,
        *,
        subject: str,
        progress: Progress,
        cancel: CancelToken,
    ) -> Any:
        """See `Pool.run`."""
        process = self._process(slot)
        try:
            process.wait_ready(cancel)
        except EngineError as error:
            raise PoolError(error.what, error.where, error.found) from error
        return process.run(
            job,
            argument,
            subject=subject,
            progress=progress,
            cancel=cancel,
            timeout_s=LONGEST_SILENCE_S,
        )

    def _process(self, slot: int) -> WorkerProcess:
        with self._lock:
            if slot not in self._processes:
                try:
                    process = WorkerProcess(f"worker {slot + 1}", self._open_staff, (self._order,))
                except EngineError as error:
                    raise PoolError(error.what, error.where, error.found) from error
                self._processes[slot] = process
                if self._closed:
                    process.close()
            return self._processes[slot]

    def close(self) -> None:
        """See `Pool.close`."""
        with self._lock:
            self._closed = True
            for process in self._processes.values():
                process.close()
