"""The workers of a Dask cluster, each with a process of ours that holds the engine."""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import threading
from dataclasses import replace
from importlib import import_module
from typing import Any

from ichviewer.errors import EngineError
from ichviewer.progress import Cancelled, CancelToken, Progress, silent
from ichviewer.services.batch_pools import LocalPool, PoolError
from ichviewer.services.batch_worker import WorkOrder

CONNECT_S = 15
_LOOK_S = 0.2


class DaskPool:
    """Does jobs on the workers of a Dask scheduler, as many at a time as they have threads.

    They must see the same files under the same names, and have this version of the program installed.

    Parameters
    ----------
    address : str
        Such as ``tcp://10.0.0.1:8786``.
    order : WorkOrder

    Raises
    ------
    PoolError
        If Dask is not installed, the scheduler does not answer, or its workers cannot do it.
    """

    def __init__(self, address: str, order: WorkOrder) -> None:
        self._distributed = _distributed()
        try:
            self._client: Any = self._distributed.Client(address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError) as error:
            raise PoolError("the Dask scheduler does not answer", address, str(error)) from error
        self._address = address
        self._order = order
        self._lock = threading.Lock()
        self._closed = False
        try:
            threads = sum(int(n) for n in self._client.nthreads().values())
            if not threads:
                raise PoolError("the Dask scheduler has no workers", address)
            if not all(self._client.run(may_start_processes).values()):
                raise PoolError(
                    "the Dask workers may start no processes; start them with --no-nanny, or with "
                    "DASK_DISTRIBUTED__WORKER__DAEMON=False",
                    address,
                )
        except BaseException:
            self._client.close()
            raise
        self._workers = threads

    @property
    def workers(self) -> int:
        """See `ichviewer.services.batch_pools.Pool`."""
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
        """See `ichviewer.services.batch_pools.Pool`; progress within a job is not told."""
        distributed = self._distributed
        try:
            future = self._client.submit(do_there, self._order, job, argument, subject, pure=False)
            ended = threading.Event()
            future.add_done_callback(lambda _: ended.set())
            while not ended.wait(_LOOK_S):
                if cancel.cancelled or self._closed:
                    future.cancel()
                    raise Cancelled
            answer = future.result()
            future.release()
        except distributed.KilledWorker as error:
            raise EngineError("the Dask worker ended unexpectedly", found=str(error)) from error
        except distributed.CancelledError as error:
            if cancel.cancelled or self._closed:
                raise Cancelled from error
            raise PoolError("the Dask scheduler gave up", self._address, str(error)) from error
        except OSError as error:
            raise PoolError("the Dask scheduler is gone", self._address, str(error)) from error
        return answer

    def close(self) -> None:
        """See `ichviewer.services.batch_pools.Pool`."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        try:
            # A worker or scheduler that is gone has ended its processes already.
            with contextlib.suppress(OSError):
                self._client.run(close_there, on_error="ignore")
        finally:
            self._client.close(timeout=CONNECT_S)


def _distributed() -> Any:
    """Dask's package for work on several machines."""
    try:
        return import_module("distributed")
    except ImportError as error:
        raise PoolError(
            "--scheduler needs Dask; install it with: pip install 'ichviewer[cluster]'", found=str(error)
        ) from error


# On the workers


class _There:
    """Processes of this worker for one order, as many as it has jobs at a time."""

    def __init__(self, order: WorkOrder) -> None:
        self.order = order
        self.pool = LocalPool(order, 1)
        self._lock = threading.Lock()
        self._free: list[int] = []
        self._made = 0

    def do(self, job: str, argument: object, subject: str) -> object:
        with self._lock:
            if self._free:
                slot = self._free.pop()
            else:
                slot, self._made = self._made, self._made + 1
        try:
            return self.pool.run(slot, job, argument, subject=subject, progress=silent, cancel=CancelToken())
        finally:
            with self._lock:
                self._free.append(slot)


_there: list[_There] = []
_lock = threading.Lock()


def may_start_processes() -> bool:
    """Whether this process may have children: those that Dask calls daemons may not."""
    return not multiprocessing.current_process().daemon


def do_there(order: WorkOrder, job: str, argument: object, subject: str) -> object:
    """Do a job on a worker, in a process that is kept for the next job of the same order."""
    with _lock:
        if not _there or _name(_there[0].order) != _name(order):
            _close_all()
            _there.append(_There(order))
        there = _there[0]
    try:
        return there.do(job, argument, subject)
    except Cancelled:
        raise EngineError("the worker was told to stop") from None


def _name(order: WorkOrder) -> tuple[object, ...]:
    # Further models need not be comparable, and come here as copies.
    return replace(order, added=()), *(model.spec for model in order.added)


def close_there() -> None:
    """End the processes of this worker."""
    with _lock:
        _close_all()


def _close_all() -> None:
    while _there:
        _there.pop().pool.close()


atexit.register(close_there)
