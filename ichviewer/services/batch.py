"""Analyze any number of series with several workers, so that what is done stays done."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from ichviewer.domain.identity import series_identity
from ichviewer.domain.model_spec import ModelSpec
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.series import Series
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.errors import ExportError, IchViewerError, ModelError, ReadError, WorkerBugError
from ichviewer.progress import CancelToken
from ichviewer.services.batch_pools import Pool, PoolError
from ichviewer.services.batch_worker import ANALYSE, KEY, MakesFiles
from ichviewer.services.child_process import ProcessGoneError
from ichviewer.services.pace import Pace
from ichviewer.services.result_journal import Place, ResultJournal
from ichviewer.services.series_result import SeriesResult, failed_findings, result_of

log = logging.getLogger("ichviewer.services")

_LOOK_S = 0.2
_ENDS_ALL = (PoolError, ModelError, ExportError)
"""Errors that are of no single series."""


@dataclass(frozen=True)
class BatchTerms:
    """What the parent of the workers has to know to keep results.

    Parameters
    ----------
    point : OperatingPoint
        Thresholds in use.
    rule : SeriesRule or None
        The model's.
    models : tuple of ModelSpec
        Further models that have columns.
    beside : MakesFiles or None
    """

    point: OperatingPoint
    rule: SeriesRule | None
    models: tuple[ModelSpec, ...] = ()
    beside: MakesFiles | None = None


@dataclass(frozen=True)
class BatchOutcome:
    """What came of a batch.

    Parameters
    ----------
    places : tuple of Place
        Where the result of each series lies in the journal, in the order of the series.
    known : int
        How many of them were there before.
    bugs : tuple of WorkerBugError
        Bugs that cost a series.
    """

    places: tuple[Place, ...]
    known: int
    bugs: tuple[WorkerBugError, ...] = ()


def run_batch(
    series: Sequence[Series],
    pool: Pool,
    journal: ResultJournal,
    terms: BatchTerms,
    *,
    pace: Pace,
    tell: Callable[[str], None],
) -> BatchOutcome:
    """Analyze every series whose result is not in the journal, and put it there as soon as it is known.

    A series whose analysis fails is a result, too, and does not stop the rest.

    Parameters
    ----------
    series : sequence of Series
    pool : Pool
        Closed at the end, however it comes.
    journal : ResultJournal
    terms : BatchTerms
    pace : Pace
    tell : function of str
        Told now and then how far it is, from this thread.

    Raises
    ------
    PoolError, ModelError
        If nothing can be analyzed.
    ExportError
        If the journal cannot be written.
    KeyboardInterrupt
        All workers have ended by then.
    """
    run = _Batch(series, pool, journal, terms, pace)
    threads = [
        threading.Thread(target=run.work, args=(slot,), name=f"ichviewer-batch-{slot}", daemon=True)
        for slot in range(min(pool.workers, len(series)))
    ]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(_LOOK_S)
                tell(pace.words())
    finally:
        run.cancel.cancel()
        pool.close()
        for thread in threads:
            if thread.ident is not None:
                thread.join()
    if run.error is not None:
        raise run.error
    return run.outcome()


class _Batch:
    """A batch under way."""

    def __init__(
        self, series: Sequence[Series], pool: Pool, journal: ResultJournal, terms: BatchTerms, pace: Pace
    ) -> None:
        self.cancel = CancelToken()
        self.error: BaseException | None = None
        self._series = series
        self._pool = pool
        self._journal = journal
        self._terms = terms
        self._pace = pace
        self._lock = threading.Lock()
        self._waiting = iter(range(len(series)))
        self._places: dict[int, Place] = {}
        self._known = 0
        self._bugs: list[WorkerBugError] = []

    def outcome(self) -> BatchOutcome:
        places = tuple(self._places[i] for i in range(len(self._series)))
        return BatchOutcome(places, self._known, tuple(self._bugs))

    def work(self, slot: int) -> None:
        """Do one series after the other until none is left, or something ends all."""
        try:
            while not self.cancel.cancelled:
                with self._lock:
                    index = next(self._waiting, None)
                if index is None:
                    return
                place = self._do(slot, self._series[index])
                with self._lock:
                    self._places[index] = place
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that started this one
            self._end(error)

    def _end(self, error: BaseException) -> None:
        with self._lock:
            # What the others say afterwards is that they were stopped.
            if self.error is None and not self.cancel.cancelled:
                self.error = error
        self.cancel.cancel()

    def _do(self, slot: int, series: Series) -> Place:
        n = len(series)
        try:
            key = str(self._ask(slot, KEY, series, series))
            place = self._known_place(key)
            if place is not None:
                self._pace.known(n)
                with self._lock:
                    self._known += 1
                return place
            result = self._ask(slot, ANALYSE, (series, key), series)
            assert isinstance(result, SeriesResult)
        except _ENDS_ALL:
            raise
        except WorkerBugError as error:
            with self._lock:
                self._bugs.append(error)
            result = self._failed(series, error.what)
        except IchViewerError as error:
            result = self._failed(series, str(error))
        place = self._journal.add(result)
        self._pace.done(slot, n)
        return place

    def _ask(self, slot: int, job: str, argument: object, series: Series) -> object:
        subject, n = series_identity(series), len(series)

        def report(done: int, total: int, what: str) -> None:
            self._pace.under_way(slot, n * done / max(total, 1))

        ask = partial(
            self._pool.run, slot, job, argument, subject=subject, progress=report, cancel=self.cancel
        )
        try:
            return ask()
        except ProcessGoneError:
            # Perhaps memory was short, or somebody ended it: only a second time it is the series.
            return ask()

    def _known_place(self, key: str) -> Place | None:
        place = self._journal.find(key)
        if place is None:
            return None
        try:
            result = self._journal.read(place)
        except ReadError as error:
            log.warning("a result is done again: %s", error.what)
            return None
        beside = self._terms.beside
        return place if beside is None or beside.are_there(result.files) else None

    def _failed(self, series: Series, reason: str) -> SeriesResult:
        terms = self._terms
        findings = failed_findings(series, reason, terms.models)
        return result_of(series, findings, terms.point, terms.rule, terms.models)
