"""The workers of a Dask cluster, each with processes of ours that hold the engine."""

from __future__ import annotations

import contextlib
import secrets
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from ichviewer.errors import EngineError, IchViewerError
from ichviewer.progress import Cancelled, CancelToken, Progress
from ichviewer.services.batch_pools import PoolError, PoolLostError
from ichviewer.services.batch_worker import WorkOrder
from ichviewer.services.dask_client import connect, distributed_package, in_time
from ichviewer.services.dask_worker import close_there, do_there, refusal_there

CONNECT_S = 15.0
ANSWER_S = 20.0
"""How long the scheduler may be silent; it may be frozen, or cut off without a word."""
PATIENCE_S = 60.0
"""How long it is waited for another worker where the last one is gone."""

_LOOK_S = 0.2
_LOOK_AT_WORKERS_S = 3.0
_MOST_DEATHS = 3
"""A job is given up when so many workers ended while it was under way; Dask counts to as many by itself."""
_MOST_NAMED = 3

_Answer = TypeVar("_Answer")


class DaskPool:
    """Does jobs on the workers of a Dask scheduler, as many at a time as they have threads.

    They must see the same files under the same names, and have this version of the program and this model. A worker
    that has not is left out, also one that comes later.

    Parameters
    ----------
    address : str
        Such as ``tcp://10.0.0.1:8786``.
    order : WorkOrder
    folder : Path or None
        What the workers have to be able to look into.
    patience_s : float
        How long it is waited for another worker where the last one is gone.

    Raises
    ------
    PoolError
        If Dask is not installed, the scheduler does not answer, or its workers cannot do it.
    """

    def __init__(
        self, address: str, order: WorkOrder, *, folder: Path | None = None, patience_s: float = PATIENCE_S
    ) -> None:
        self._distributed = distributed_package()
        self._address = address
        self._order = order
        self._folder = folder
        self._patience_s = patience_s
        self._giver = secrets.token_hex(8)
        self._lock = threading.Lock()
        self._closed = False
        self.lost = False
        """Whether the scheduler is gone; only another pool can reach it again."""
        self._looking = threading.Lock()
        self._refusals: dict[str, str] = {}
        self._client: Any = connect(address, CONNECT_S)
        try:
            self._workers = sum(self._fit().values())
            if not self._workers:
                raise self._nobody()
        except BaseException:
            self._client.close(timeout=CONNECT_S)
            raise

    @property
    def workers(self) -> int:
        """See `ichviewer.services.batch_pools.Pool`; as many as there were at first."""
        return self._workers

    @property
    def refusals(self) -> dict[str, str]:
        """Why workers are left out, by their addresses."""
        return {worker: reason for worker, reason in self._refusals.items() if reason}

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
        """See `ichviewer.services.batch_pools.Pool`; progress within a job is not told.

        Raises
        ------
        PoolLostError
            If the scheduler or the last worker went while the job was under way.
        """
        lost: type[PoolError] = PoolError
        for _ in range(_MOST_DEATHS):
            workers = self._wait_for_workers(cancel, lost)
            try:
                future = self._client.submit(
                    do_there,
                    self._order,
                    self._giver,
                    job,
                    argument,
                    subject,
                    pure=False,
                    workers=workers,
                )
                if self._ended(future, workers, cancel):
                    answer = future.result()
                    future.release()
                    return answer
                future.cancel()
            except self._distributed.KilledWorker as error:
                raise EngineError("the Dask worker ended unexpectedly", found=str(error)) from error
            except self._distributed.CancelledError as error:
                if cancel.cancelled or self._closed:
                    raise Cancelled from error
                raise self._gone("the Dask scheduler gave up", error) from error
            except OSError as error:
                raise self._gone("the Dask scheduler is gone", error) from error
            lost = PoolLostError
        raise EngineError("the Dask workers ended unexpectedly, again and again", self._address)

    def _ended(self, future: Any, workers: list[str], cancel: CancelToken) -> bool:
        """Wait for a job; False where all workers that might do it are gone."""
        ended = threading.Event()
        future.add_done_callback(lambda _: ended.set())
        looked_s = time.monotonic()
        while not ended.wait(_LOOK_S):
            if cancel.cancelled or self._closed:
                future.cancel()
                raise Cancelled
            if time.monotonic() - looked_s > _LOOK_AT_WORKERS_S:
                if not self._threads(PoolLostError).keys() & set(workers):
                    return ended.is_set()
                looked_s = time.monotonic()
        return True

    def _wait_for_workers(self, cancel: CancelToken, error: type[PoolError]) -> list[str]:
        """Those that can do the order now."""
        end_s = time.monotonic() + self._patience_s
        while not (workers := list(self._fit(error))):
            if time.monotonic() > end_s:
                raise self._nobody(error)
            if cancel.cancelled or self._closed:
                raise Cancelled
            time.sleep(_LOOK_S)
        return workers

    def _fit(self, error: type[PoolError] = PoolError) -> dict[str, int]:
        """The workers that can do the order, with their threads; those that are new are asked."""
        with self._looking:
            threads = self._threads(error)
            new = [worker for worker in threads if worker not in self._refusals]
            if new:
                self._refusals.update(self._answers(new, error))
            self._refusals = {
                worker: self._refusals[worker] for worker in threads if worker in self._refusals
            }
            return {worker: n for worker, n in threads.items() if self._refusals.get(worker) == ""}

    def _answers(self, workers: list[str], kind: type[PoolError]) -> dict[str, str]:
        def ask() -> dict[str, object]:
            found: dict[str, object] = self._client.run(
                refusal_there, self._order, self._folder, workers=workers, on_error="return"
            )
            return found

        told = self._asked(ask, kind)
        return {
            worker: answer if isinstance(answer, str) else _words(answer)
            for worker, answer in told.items()
            # One that is gone again has not refused.
            if not isinstance(answer, OSError)
        }

    def _threads(self, kind: type[PoolError]) -> dict[str, int]:
        return self._asked(lambda: {str(w): int(n) for w, n in self._client.nthreads().items()}, kind)

    def _asked(self, ask: Callable[[], _Answer], kind: type[PoolError]) -> _Answer:
        """What the scheduler says, if it says something in time."""
        try:
            answer = in_time(ask, ANSWER_S)
        except TimeoutError:
            raise self._gone("the Dask scheduler does not answer any more", "silence", kind) from None
        if isinstance(answer, (OSError, self._distributed.CancelledError)) or (
            # A client that gave up connecting again says so in a RuntimeError.
            isinstance(answer, RuntimeError) and self._client.status != "running"
        ):
            raise self._gone("the Dask scheduler is gone", answer, kind) from answer
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _gone(self, what: str, why: object, kind: type[PoolError] = PoolLostError) -> PoolError:
        self.lost = True
        return kind(what, self._address, " ".join(str(why).split()) or type(why).__name__)

    def _nobody(self, kind: type[PoolError] = PoolError) -> PoolError:
        reasons = [f"{worker}: {reason}" for worker, reason in self.refusals.items()]
        if not reasons:
            return kind("the Dask scheduler has no workers", self._address)
        more = [f"and {len(reasons) - _MOST_NAMED} more"] if len(reasons) > _MOST_NAMED else []
        return kind(
            "no worker of the Dask scheduler can do this",
            self._address,
            "; ".join([*reasons[:_MOST_NAMED], *more]),
        )

    def close(self) -> None:
        """See `ichviewer.services.batch_pools.Pool`."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        try:
            # A worker or scheduler that is gone has ended its processes already.
            with contextlib.suppress(OSError, PoolError):
                if not self.lost:
                    self._asked(
                        lambda: self._client.run(close_there, self._giver, on_error="ignore"), PoolError
                    )
        finally:
            self._client.close(timeout=CONNECT_S)


def _words(error: object) -> str:
    if isinstance(error, IchViewerError):
        return str(error)
    return f"it has not this version of the program, or cannot be asked ({type(error).__name__}: {error})"
