"""The analysis of all series of what is open: order, progress, pausing, cancelling. Findings go to the store."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.findings import SeriesFindings, SeriesState
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.errors import EngineError, IchViewerError
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.look.words import error_words
from ichviewer.ui.session.findings_state import model_id
from ichviewer.ui.session.findings_store import FindingsStore
from ichviewer.ui.session.model_host import ANALYSIS_LANE, Model
from ichviewer.ui.session.series_work import UNDER_WAY, Said, SeriesWork, refusal_words
from ichviewer.ui.session.workers import Task, TaskContext, Workers

if TYPE_CHECKING:
    from ichviewer.inference.model_card import ModelCard

_SLICES_TO_JUDGE = 4


@dataclass(frozen=True)
class AnalysisProgress:
    """How far the analysis of everything is.

    Parameters
    ----------
    done, total : int
        Slices.
    seconds_left : float or None
        None while too little is known.
    running, paused : bool
    """

    done: int
    total: int
    seconds_left: float | None
    running: bool
    paused: bool


class Analysis(QObject):
    """Analyses one series after the other on the analysis thread, the one in view first.

    Parameters
    ----------
    workers : Workers
    findings : FindingsStore
        Gets states and findings as they come; a first result may be corrected by that of the finished series, because
        neighbours have a say.
    refusal : callable
        Why a series is not analysed at all, None if it is.
    parent : QObject, optional

    Signals
    -------
    progressChanged(AnalysisProgress)
    """

    progressChanged = Signal(object)

    def __init__(
        self,
        workers: Workers,
        findings: FindingsStore,
        refusal: Callable[[Series], Problem | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._workers = workers
        self._findings = findings
        self._refusal = refusal
        self._waiting: dict[SeriesKey, SeriesWork] = {}
        self._preferred: SeriesKey | None = None
        self._model: Model | None = None
        self._task: Task | None = None
        self._work: SeriesWork | None = None  # what the task analyses
        self._paused = False
        self._done = 0
        self._part = 0.0  # slices' worth of work done in the series under way
        self._total = 0
        self._busy_s = 0.0
        self._busy_since: float | None = None

    @property
    def running(self) -> bool:
        """Whether a series is being analysed."""
        return self._task is not None

    @property
    def paused(self) -> bool:
        """Whether it waits for a person."""
        return self._paused

    @property
    def complete(self) -> bool:
        """Whether nothing is running or waiting."""
        return self._task is None and not self._waiting

    def open(self, series: Sequence[Series]) -> None:
        """Start over with other series; whatever the old ones still report is dropped."""
        self._drop()
        self._findings.open(series)
        self._queue_all()

    def add(self, series: Sequence[Series]) -> None:
        """More series are open: they are analysed after the others, and what is under way goes on."""
        if self.complete:
            self._paused = False
            self._reset_counts()
        self._queue(self._findings.add(series))

    def receive(self, before: Sequence[Series], now: Sequence[Series]) -> None:
        """Series of a study that arrives: those that are whole are analyzed, of the others it is known why not.

        What is known of a series that is as it was stays, and its analysis goes on. One that has other images, or is
        whole only now, is another series: nothing that was found before stands beside it.

        Parameters
        ----------
        before, now : sequence of Series
            As they were, and as they are with the images that have come.
        """
        same = {id(series) for series in now}
        gone = {series.key for series in before if id(series) not in same}
        if gone:
            self.close(gone)
        added = [series for series in now if self._findings.work(series.key) is None]
        # The reason tells how many images have come.
        for series in now:
            work, reason = self._findings.work(series.key), self._refusal(series)
            if work is not None and reason is not None:
                self._findings.set_state(work, SeriesState.REFUSED, refusal_words(reason))
        if added:
            self.add(added)

    def close(self, keys: Collection[SeriesKey]) -> None:
        """Some series are not open any more: what they still report is dropped, and the others go on."""
        for key in keys:
            work = self._waiting.pop(key, None)
            self._total -= 0 if work is None else len(work.series)
        if self._task is not None and self._work is not None and self._work.series.key in keys:
            self._task.drop()
            self._task = None
            self._total -= len(self._work.series)
            self._part = 0.0
            self._stop_clock()
        if self._preferred in keys:
            self._preferred = None
        if self._task is None:
            self._work = None
        self._findings.close(keys)
        self._paused = self._paused and not self.complete
        self._next()

    def expect(self, card: ModelCard) -> None:
        """A model is being opened: findings that another one made are dropped before its name and thresholds show."""
        if self._findings.use(model_id(card)):
            self._drop()

    def interrupt(self) -> None:
        """Another model has been asked for: what runs is given up, so that the model need not wait for it."""
        self._drop()
        self._model = None
        for work in self._findings.all_work():
            if work.state is SeriesState.RUNNING:
                self._findings.set_state(work, SeriesState.WAITING)
        self._report()

    def set_model(self, model: Model) -> None:
        """Use a model: everything is analysed with it; what it found before stays until new findings replace it."""
        self.expect(model.card)
        self._drop()
        self._model = model
        for work in self._findings.all_work():
            self._findings.again(work)
        self._queue_all()

    def set_failure(self, error: IchViewerError) -> None:
        """There is no model: say so on every series that would have been analysed."""
        self._drop()
        self._model = None
        for work in self._findings.all_work():
            if work.state in UNDER_WAY:
                self._findings.stop(
                    work,
                    SeriesState.FAILED,
                    Said(f"no model: {error.what}", tr("no model: {what}").format(what=words_of(error.what))),
                )
        self._waiting.clear()
        self._report()

    def restart(self) -> None:
        """Analyse everything again."""
        if self._model is not None:
            self.set_model(self._model)

    def prefer(self, key: SeriesKey | None) -> None:
        """Take this series next: it is in view."""
        self._preferred = key

    def set_paused(self, paused: bool) -> None:
        """Hold the analysis between two slices, or let it go on."""
        self._paused = paused
        if paused:
            self._stop_clock()
        elif self.running:
            self._start_clock()
        self._report()

    def cancel(self) -> None:
        """Stop: what was found stays, what was not reached says that it was cancelled."""
        self._paused = False
        for work in self._waiting.values():
            self._findings.stop(work, SeriesState.CANCELLED)
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
        self._report()

    def _reset_counts(self) -> None:
        self._done, self._total, self._part, self._busy_s = 0, 0, 0.0, 0.0

    def _queue_all(self) -> None:
        self._reset_counts()
        self._queue(self._findings.all_work())

    def _queue(self, works: Iterable[SeriesWork]) -> None:
        for work in works:
            reason = self._refusal(work.series)
            if reason is None:
                self._waiting[work.series.key] = work
                self._total += len(work.series)
            else:
                self._findings.set_state(work, SeriesState.REFUSED, refusal_words(reason))
        self._report()
        self._next()

    def _next(self) -> None:
        model = self._model
        if self._task is not None or model is None or not self._waiting:
            self._report()
            return
        preferred = self._preferred
        key = preferred if preferred is not None and preferred in self._waiting else next(iter(self._waiting))
        work = self._waiting.pop(key)
        self._findings.set_state(work, SeriesState.RUNNING)
        self._start_clock()
        self._work = work
        self._task = self._workers.run(
            lambda context: self._annotate(context, work.series, model),
            on_item=lambda item: self._findings.put(work, *item),
            on_progress=lambda done, total, _: self._progressed(work, done, total),
            on_result=lambda findings: self._finished(work, findings),
            on_error=lambda error: self._failed(work, error),
            on_cancelled=lambda: self._cancelled(work),
            lane=ANALYSIS_LANE,
        )

    def _annotate(self, context: TaskContext, series: Series, model: Model) -> SeriesFindings:
        # On the analysis thread.
        return model.analyser.annotate(
            series,
            on_finding=lambda index, finding: context.item((index, finding)),
            progress=context.progress,
            cancel=context.cancel,
            paused=lambda: self._paused,
        )

    def _progressed(self, work: SeriesWork, done: int, total: int) -> None:
        self._part = len(work.series) * done / total if total else 0.0
        self._report()

    def _finished(self, work: SeriesWork, findings: SeriesFindings) -> None:
        if not work.answered_by(findings):
            # Cannot be; if it is all the same, nothing of it may be shown.
            self._findings.forget(work)
            self._failed(work, EngineError("the answer was about another series; it is not used"))
            return
        self._over(work)
        self._findings.finish(work, findings)
        self._next()

    def _failed(self, work: SeriesWork, error: BaseException) -> None:
        self._over(work)
        if isinstance(error, IchViewerError):
            text: str = Said(str(error), error_words(error))
        else:
            text = "an unexpected error; see the report"
            self._workers.report_bug(error)
        self._findings.stop(work, SeriesState.FAILED, text)
        self._next()

    def _cancelled(self, work: SeriesWork) -> None:
        self._over(work)
        self._findings.stop(work, SeriesState.CANCELLED)
        self._next()

    def _over(self, work: SeriesWork) -> None:
        self._task, self._work = None, None
        self._done += len(work.series)
        self._part = 0.0
        self._stop_clock()

    def _drop(self) -> None:
        if self._task is not None:
            self._task.drop()
        self._task, self._work = None, None
        self._paused = False
        self._waiting.clear()
        self._stop_clock()

    def _start_clock(self) -> None:
        if self._busy_since is None and not self._paused:
            self._busy_since = time.monotonic()

    def _stop_clock(self) -> None:
        if self._busy_since is not None:
            self._busy_s += time.monotonic() - self._busy_since
            self._busy_since = None

    def _report(self) -> None:
        busy = self._busy_s
        if self._busy_since is not None:
            busy += time.monotonic() - self._busy_since
        done = self._done + self._part
        # The first slices say little of the speed.
        left = busy / done * (self._total - done) if done >= _SLICES_TO_JUDGE else None
        self.progressChanged.emit(
            AnalysisProgress(int(done), self._total, left, self.running, self.paused and not self.complete)
        )
