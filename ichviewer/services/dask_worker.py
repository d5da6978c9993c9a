"""What runs on the workers of a Dask cluster: processes of ours that hold the engine.

Several programs may use one cluster. What one of them stops is its own jobs only; processes are shared by programs
that give the same order, and end when another order comes and nobody needs them.
"""

from __future__ import annotations

import atexit
import multiprocessing
import threading
from dataclasses import replace
from pathlib import Path

from ichviewer import __version__
from ichviewer.errors import EngineError, IchViewerError
from ichviewer.progress import Cancelled, CancelToken, silent
from ichviewer.services.batch_pools import LocalPool
from ichviewer.services.batch_worker import WorkOrder
from ichviewer.services.series_key import model_digest

Giver = str
"""Names the program that gives orders, among all that use the cluster."""


class _Processes:
    """Processes of this worker for one order, as many as it has jobs at a time."""

    def __init__(self, order: WorkOrder) -> None:
        self._pool = LocalPool(order, 1)
        self._lock = threading.Lock()
        self._free: list[int] = []
        self._made = 0
        self._under_way: list[tuple[Giver, CancelToken]] = []

    def begin(self, giver: Giver) -> CancelToken:
        """Say that a job is about to be done; until `end` these processes are needed."""
        token = CancelToken()
        with self._lock:
            self._under_way.append((giver, token))
        return token

    def end(self, token: CancelToken) -> None:
        with self._lock:
            self._under_way = [item for item in self._under_way if item[1] is not token]

    def do(self, job: str, argument: object, subject: str, token: CancelToken) -> object:
        with self._lock:
            if self._free:
                slot = self._free.pop()
            else:
                slot, self._made = self._made, self._made + 1
        try:
            return self._pool.run(slot, job, argument, subject=subject, progress=silent, cancel=token)
        finally:
            with self._lock:
                self._free.append(slot)

    def stop(self, giver: Giver) -> None:
        """Stop the jobs of a program."""
        with self._lock:
            tokens = [token for name, token in self._under_way if name == giver]
        for token in tokens:
            token.cancel()

    def is_needed(self, but_by: Giver = "") -> bool:
        """Whether a job is under way, of another program than one."""
        with self._lock:
            return any(name != but_by for name, _ in self._under_way)

    def close(self) -> None:
        self._pool.close()


_all: dict[tuple[object, ...], _Processes] = {}
_lock = threading.Lock()


def refusal_there(order: WorkOrder, folder: Path | None = None) -> str:
    """Why this worker cannot do what is ordered, in words; empty where it can.

    Parameters
    ----------
    order : WorkOrder
    folder : Path or None
        What it has to be able to look into.
    """
    if multiprocessing.current_process().daemon:
        # Those that Dask calls daemons may have no children.
        return "it may start no processes; start it with --no-nanny, or with DASK_DISTRIBUTED__WORKER__DAEMON=False"
    if order.version != __version__:
        return f"it has version {__version__} of the program, not {order.version}"
    try:
        card = order.load_card()
    except IchViewerError as error:
        return f"it cannot read the model: {error}"
    if model_digest(card) != order.model_digest:
        return f"it has another model at {card.path}"
    if folder is not None:
        try:
            next(folder.iterdir(), None)
        except OSError as error:
            return f"it cannot look into {folder}: {error.strerror or error}"
    return ""


def do_there(order: WorkOrder, giver: Giver, job: str, argument: object, subject: str) -> object:
    """Do a job on this worker, in a process that is kept for the next job of the same order."""
    name = _name(order)
    with _lock:
        for other in [key for key, processes in _all.items() if key != name and not processes.is_needed()]:
            _all.pop(other).close()
        if name not in _all:
            _all[name] = _Processes(order)
        processes = _all[name]
        token = processes.begin(giver)
    try:
        return processes.do(job, argument, subject, token)
    except Cancelled:
        raise EngineError("the worker was told to stop") from None
    finally:
        processes.end(token)


def _name(order: WorkOrder) -> tuple[object, ...]:
    # Further models need not be comparable, and come here as copies.
    return replace(order, added=()), *(model.spec for model in order.added)


def close_there(giver: Giver) -> None:
    """Stop the jobs of a program, and end the processes that nobody else needs now."""
    with _lock:
        for name, processes in list(_all.items()):
            processes.stop(giver)
            if not processes.is_needed(but_by=giver):
                _all.pop(name).close()


def _close_all() -> None:
    with _lock:
        while _all:
            _all.popitem()[1].close()


atexit.register(_close_all)
