"""Doing many independent things at once: in this process, in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import islice
from time import process_time
from typing import Any

from ichviewer.errors import LearningError
from ichviewer.learning.data.source import Answer, Item

_AHEAD = 3
"""Items handed out for each worker: enough that none waits, few enough that results do not pile up."""
_CONNECT_S = 15

_LARGE = str(1 << 30)
_WORKER_ENVIRONMENT = {
    # One thread for each process: matrices are small, and threads would fight over the cores.
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    # glibc gives arrays of a slice's size back to the system at once and asks for them again, page by page, which
    # takes a quarter of the time; these keep them.
    "MALLOC_MMAP_THRESHOLD_": _LARGE,
    "MALLOC_TRIM_THRESHOLD_": _LARGE,
}


class HereRunner:
    """One item after the other, in this process; for a handful of items and for looking into failures."""

    workers = 1

    def run(self, function: Callable[[Item], object], items: Iterable[Item]) -> Iterator[Answer]:
        """Call the function on every item. A failure is raised, not answered, so that it can be looked into."""
        for index, item in enumerate(items):
            yield Answer(index, function(item))

    def cpu_seconds(self) -> float:
        """CPU time that this process has used so far."""
        return process_time()


class DaskRunner:
    """Items spread over the workers of a Dask client.

    Parameters
    ----------
    client : distributed.Client
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    @property
    def workers(self) -> int:
        """Threads of all workers together; at least 1, since workers of a cluster may still be on their way."""
        return max(1, sum(int(threads) for threads in self._client.nthreads().values()))

    def cpu_seconds(self) -> float:
        """CPU time that this process and those of the workers have used so far."""
        return process_time() + sum(float(used) for used in self._client.run(process_time).values())

    def run(self, function: Callable[[Item], object], items: Iterable[Item]) -> Iterator[Answer]:
        """Call the function on every item; an item whose call raised, or whose worker died, is answered as failed.

        No more than a few items a worker are under way at a time, so that neither the items nor their results pile
        up in memory.
        """
        waiting = enumerate(items)
        running = _distributed().as_completed()
        indices: dict[Any, int] = {}

        def hand_out(count: int) -> None:
            for index, item in islice(waiting, count):
                future = self._client.submit(function, item, pure=False)
                indices[future.key] = index
                running.add(future)

        hand_out(_AHEAD * self.workers)
        for future in running:
            index = indices.pop(future.key)
            if future.status == "finished":
                answer = Answer(index, future.result())
            else:
                answer = Answer(index, None, failure=_in_words(future.exception()))
            future.release()
            hand_out(1)
            yield answer


def _in_words(error: BaseException | None) -> str:
    return "stopped" if error is None else f"{type(error).__name__}: {error}"


@contextmanager
def open_runner(
    workers: int, scheduler: str | None = None, *, threads: bool = False
) -> Iterator[HereRunner | DaskRunner]:
    """A runner for as long as the context lasts.

    Parameters
    ----------
    workers : int
        Processes to start on this machine; 0 works in this process, without Dask.
    scheduler : str, optional
        Address of a Dask scheduler, such as ``tcp://10.0.0.1:8786``; its workers are used instead. They must see the
        same files under the same names and have this program installed.
    threads : bool
        Threads of this process instead of processes of their own; slower, because most steps are short and hold the
        interpreter lock.

    Raises
    ------
    LearningError
        If Dask is not installed or the scheduler does not answer.
    """
    if workers == 0 and scheduler is None:
        yield HereRunner()
        return
    distributed = _distributed()
    if scheduler is not None:
        with _connect(scheduler) as client:
            yield DaskRunner(client)
        return
    with (
        _environment(_WORKER_ENVIRONMENT),
        distributed.LocalCluster(
            n_workers=1 if threads else workers,
            threads_per_worker=workers if threads else 1,
            processes=not threads,
            # A worker that is stopped for its memory would hang the run; each needs a few hundred MB at most.
            memory_limit=None,
            dashboard_address=None,
            # A worker that is slow to leave is no concern of a person's.
            silence_logs=logging.ERROR,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield DaskRunner(client)


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    """Let processes that Dask starts begin with these variables, and leave no trace of them in this one."""
    import dask  # noqa: PLC0415

    before = dict(os.environ)
    try:
        # Workers that look a hundred times a second at what they are doing do less of it.
        quiet = {"distributed.worker.profile.enabled": False}
        with dask.config.set({"distributed.nanny.pre-spawn-environ": variables, **quiet}):
            yield
    finally:
        for name in variables:
            os.environ.pop(name, None)
        os.environ.update({name: before[name] for name in variables if name in before})


def _distributed() -> Any:
    """Dask's package for work in parallel; it carries no types for most of what is used of it."""
    try:
        return import_module("distributed")
    except ImportError as error:
        raise LearningError(
            "working in parallel needs Dask; install it with: pip install 'ichviewer[learn]'",
            found=str(error),
        ) from error


def _connect(scheduler: str) -> Any:
    try:
        return _distributed().Client(scheduler, timeout=_CONNECT_S)
    except (OSError, ValueError) as error:
        raise LearningError("the Dask scheduler does not answer", scheduler, str(error)) from error
