"""A node's workers on other machines: those of a Dask scheduler, which are reached when they are needed."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING, Self

from ichviewer.bundle import model_dir
from ichviewer.domain.findings import SeriesFindings
from ichviewer.domain.identity import series_identity
from ichviewer.domain.series import Series
from ichviewer.errors import ModelError, ReadError
from ichviewer.inference.model_card import load_model_card
from ichviewer.network.node.settings import NodeSettings
from ichviewer.network.node.settings_file import Fault
from ichviewer.progress import CancelToken, silent
from ichviewer.services.batch_pools import PoolError
from ichviewer.services.batch_worker import FINDINGS, SeriesOrder, WorkOrder
from ichviewer.services.series_key import SeriesKeys, model_digest
from ichviewer.services.series_models import added_models, registered_models

if TYPE_CHECKING:
    from ichviewer.services.dask_pool import DaskPool

_PATIENCE_S = 5.0
"""Who comes later is asked with the next try."""
_AFTER_FAILURE_S = 4.0
"""A scheduler that was not reached is left alone for so long, however many threads want it."""


class Cluster:
    """Analyzes series on the workers of a Dask scheduler, for any number of threads at a time.

    Parameters
    ----------
    settings : NodeSettings
        With a scheduler. It need not answer yet.

    Raises
    ------
    ModelError
        If the model is not there.
    """

    def __init__(self, settings: NodeSettings) -> None:
        self._settings = settings
        self._order = _order(settings)
        self._lock = threading.Lock()
        self._pool: DaskPool | None = None
        self._failed: tuple[float, PoolError] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def annotate(self, series: Series, cancel: CancelToken) -> tuple[SeriesFindings, str]:
        """Findings of a series, whose files the workers find under the same names, and the name of the engine.

        Raises
        ------
        PoolError
            If nobody can do it for now: the scheduler or its workers are not there, or a worker has other images,
            another model, or another version of the program.
        EngineError
            If workers died of it.
        ReadError
            If the images cannot be read here.
        Cancelled
        """
        models = tuple(model.spec for model in registered_models())
        order = SeriesOrder(series, SeriesKeys().key(series, ""), models)
        pool = self._open()
        try:
            findings, engine = pool.run(
                0, FINDINGS, order, subject=series_identity(series), progress=silent, cancel=cancel
            )
        except (ReadError, ModelError) as error:
            # It is the worker's fault: what it is about could be read here a moment ago.
            raise PoolError(
                "a worker of the Dask scheduler cannot analyze this",
                self._settings.analysis.scheduler,
                str(error),
            ) from error
        finally:
            if pool.lost:
                self._let_go(pool)
        return findings, engine

    def close(self) -> None:
        """End what the workers do for this node. May be called twice."""
        pool = self._pool
        if pool is not None:
            self._let_go(pool)

    def _open(self) -> DaskPool:
        with self._lock:
            if self._pool is not None:
                return self._pool
            if self._failed is not None and time.monotonic() - self._failed[0] < _AFTER_FAILURE_S:
                error = self._failed[1]
                raise PoolError(error.what, error.where, error.found) from error
            try:
                self._pool = _pool(self._settings, self._order)
            except PoolError as error:
                self._failed = time.monotonic(), error
                raise
            return self._pool

    def _let_go(self, pool: DaskPool) -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
        pool.close()


def check_cluster(settings: NodeSettings) -> tuple[Fault, ...]:
    """What is wrong with the scheduler that a node's settings name, and with its workers; nothing where none is."""
    if not settings.analysis.scheduler:
        return ()
    try:
        with contextlib.closing(_pool(settings, _order(settings))) as pool:
            found = pool.refusals
    except PoolError as error:
        return (Fault("analysis.scheduler", error.what, error.found or error.where),)
    return tuple(
        Fault("analysis.scheduler", "a worker cannot do it and is left out", f"{worker}: {reason}")
        for worker, reason in found.items()
    )


def _order(settings: NodeSettings) -> WorkOrder:
    chosen = settings.analysis
    card = load_model_card(chosen.model or model_dir())
    point = card.operating_point(chosen.operating_point or None)
    # One slice at once: a worker does as many jobs at a time as it has threads.
    return WorkOrder(chosen.model, model_digest(card), chosen.engine, point, added_models(), at_once=1)


def _pool(settings: NodeSettings, order: WorkOrder) -> DaskPool:
    from ichviewer.services.dask_pool import DaskPool  # noqa: PLC0415 - only where it is wanted

    # Before the first start there is no such folder, here or there.
    folder = settings.data_folder if settings.data_folder.is_dir() else None
    return DaskPool(settings.analysis.scheduler, order, folder=folder, patience_s=_PATIENCE_S)
