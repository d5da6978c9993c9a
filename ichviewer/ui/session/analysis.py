"""The analysis of all series of what is open: order, progress, pausing, cancelling, results as they come."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.findings import SeriesFindings, SeriesState, SliceFinding, Status
from ichviewer.domain.identity import series_identity
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.errors import EngineError, IchViewerError
from ichviewer.ui.session.model_host import ANALYSIS_LANE, Model
from ichviewer.ui.session.workers import Task, TaskContext, Workers

if TYPE_CHECKING:
    from ichviewer.inference.model_card import ModelCard

_SLICES_TO_JUDGE = 4

_NOT_REACHED = {
    SeriesState.CANCELLED: ProblemCode.CANCELLED,
    SeriesState.FAILED: ProblemCode.ENGINE_FAILED,
}
"""Why a slice of a series in this state has no result."""


@dataclass
class SeriesWork:
    """What is known of the analysis of one series."""

    series: Series
    state: SeriesState = SeriesState.WAITING
    text: str = ""
    """Why it is in this state, in words; empty where the state says all."""
    slices: dict[int, SliceFinding] = field(default_factory=dict)
    before: tuple[SeriesState, str] | None = None
    """State and text before it was analysed again; its findings stay until new ones take their places."""

    @cached_property
    def identity(self) -> str:
        """What the answers about this series must carry; it takes milliseconds for a long series."""
        return series_identity(self.series)

    def again(self) -> None:
        """Wait to be analysed again, keeping what was found."""
        if (
            self.before is None
            and self.slices
            and self.state not in (SeriesState.WAITING, SeriesState.RUNNING)
        ):
            self.before = self.state, self.text
        self.state, self.text = SeriesState.WAITING, ""

    def forget(self) -> None:
        """Wait to be analysed as if it had never been."""
        self.state, self.text, self.before = SeriesState.WAITING, "", None
        self.slices.clear()

    def stopped(self, state: SeriesState, text: str) -> tuple[SeriesState, str]:
        """What to say after an analysis that did not finish: what was said before, since all that was found is there.

        Parameters
        ----------
        state, text
            What to say where it was the first analysis.
        """
        before, self.before = self.before, None
        if before is None:
            return state, text
        said = before[1] or before[0].value
        return before[0], f"{said}; analyzing again failed: {text}" if text else before[1]

    def findings(self) -> SeriesFindings:
        """What is known of every slice; those not reached say why."""
        code = _NOT_REACHED.get(self.state, ProblemCode.NOT_YET_ANALYSED)
        status = Status.FAILED if self.state is SeriesState.FAILED else Status.NOT_ANALYSED
        return SeriesFindings(
            self.series.key,
            tuple(
                self.slices.get(i)
                or SliceFinding(
                    status, reason=Problem(code, str(info.source), self.text), problems=info.problems
                )
                for i, info in enumerate(self.series.slices)
            ),
            self.identity,
        )

    def flagged_slices(self, point: OperatingPoint) -> list[int]:
        """Indices of the flagged slices known so far, in order."""
        return sorted(i for i, finding in self.slices.items() if finding.flagged(point))


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
    refusal : callable
        Why a series is not analysed at all, None if it is.
    parent : QObject, optional

    Signals
    -------
    stateChanged(SeriesKey)
    sliceFound(SeriesKey, int, SliceFinding)
        A first result; the finished series may correct it, because neighbours have a say.
    finished(SeriesKey)
        All slices of a series have their final result.
    progressChanged(AnalysisProgress)
    """

    stateChanged = Signal(object)
    sliceFound = Signal(object, int, object)
    finished = Signal(object)
    progressChanged = Signal(object)

    def __init__(
        self, workers: Workers, refusal: Callable[[Series], Problem | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workers = workers
        self._refusal = refusal
        self._work: dict[SeriesKey, SeriesWork] = {}
        self._waiting: dict[SeriesKey, None] = {}
        self._preferred: SeriesKey | None = None
        self._model: Model | None = None
        self._made_by: object = None
        self._task: Task | None = None
        self._paused = False
        self._done = 0
        self._part = 0.0  # slices' worth of work done in the series under way
        self._total = 0
        self._busy_s = 0.0
        self._busy_since: float | None = None

    def work(self, key: SeriesKey) -> SeriesWork | None:
        """What is known of a series."""
        return self._work.get(key)

    def findings(self) -> dict[SeriesKey, SeriesFindings]:
        """What is known of every series that was not refused as a whole, for the export."""
        return {
            key: work.findings()
            for key, work in self._work.items()
            if work.slices or work.state is not SeriesState.REFUSED
        }

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
        self._work = {s.key: SeriesWork(s) for s in series}
        self._queue_all()

    def expect(self, card: ModelCard) -> None:
        """A model is being opened: findings that another one made are dropped before its name and thresholds show."""
        made_by = (card.keras_sha256, card.raw)
        if self._made_by not in (None, made_by):
            self._drop()
            for work in self._work.values():
                if work.state is not SeriesState.REFUSED:
                    work.forget()
                    self.stateChanged.emit(work.series.key)
                    self.finished.emit(work.series.key)
        self._made_by = made_by

    def interrupt(self) -> None:
        """Another model has been asked for: what runs is given up, so that the model need not wait for it."""
        self._drop()
        self._model = None
        for work in self._work.values():
            if work.state is SeriesState.RUNNING:
                self._set_state(work, SeriesState.WAITING, "")
        self._report()

    def set_model(self, model: Model) -> None:
        """Use a model: everything is analysed with it; what it found before stays until new findings replace it."""
        self.expect(model.card)
        self._drop()
        self._model = model
        for work in self._work.values():
            work.again()
        self._queue_all()

    def set_failure(self, error: IchViewerError) -> None:
        """There is no model: say so on every series that would have been analysed."""
        self._drop()
        self._model = None
        for work in self._work.values():
            if work.state in (SeriesState.WAITING, SeriesState.RUNNING):
                self._set_state(work, *work.stopped(SeriesState.FAILED, f"no model: {error.what}"))
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
        for key in list(self._waiting):
            work = self._work[key]
            self._set_state(work, *work.stopped(SeriesState.CANCELLED, ""))
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
        self._report()

    def _queue_all(self) -> None:
        self._done, self._total, self._part, self._busy_s = 0, 0, 0.0, 0.0
        for key, work in self._work.items():
            reason = self._refusal(work.series)
            if reason is None:
                self._waiting[key] = None
                self._total += len(work.series)
                self.stateChanged.emit(key)
            else:
                self._set_state(work, SeriesState.REFUSED, _because(reason))
        self._report()
        self._next()

    def _next(self) -> None:
        model = self._model
        if self._task is not None or model is None or not self._waiting:
            self._report()
            return
        key = self._preferred if self._preferred in self._waiting else next(iter(self._waiting))
        assert key is not None
        del self._waiting[key]
        work = self._work[key]
        self._set_state(work, SeriesState.RUNNING, "")
        self._start_clock()
        self._task = self._workers.run(
            lambda context: self._annotate(context, work.series, model),
            on_item=lambda item: self._slice_found(work, *item),
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

    def reject(self, key: SeriesKey, index: int) -> None:
        """The pixels on screen are not those that a finding was computed from: the finding goes, and says why."""
        work = self._work.get(key)
        if work is None or index not in work.slices:
            return
        info = work.series.slices[index]
        reason = Problem(ProblemCode.FILE_CHANGED, str(info.source), "analyze again")
        self._slice_found(work, index, SliceFinding(Status.FAILED, reason=reason, problems=info.problems))
        if work.state not in (SeriesState.WAITING, SeriesState.RUNNING):
            findings = work.findings()
            self._set_state(work, findings.state(), _why(findings))

    def _slice_found(self, work: SeriesWork, index: int, finding: SliceFinding) -> None:
        work.slices[index] = finding
        self.sliceFound.emit(work.series.key, index, finding)

    def _progressed(self, work: SeriesWork, done: int, total: int) -> None:
        self._part = len(work.series) * done / total if total else 0.0
        self._report()

    def _finished(self, work: SeriesWork, findings: SeriesFindings) -> None:
        if findings.key != work.series.key or findings.series != work.identity:
            # Cannot be; if it is all the same, nothing of it may be shown.
            work.forget()
            self._failed(work, EngineError("the answer was about another series; it is not used"))
            return
        work.before = None
        work.slices = dict(enumerate(findings.slices))
        self._over(work)
        self._set_state(work, findings.state(), _why(findings))
        self.finished.emit(work.series.key)
        self._next()

    def _failed(self, work: SeriesWork, error: BaseException) -> None:
        self._over(work)
        if isinstance(error, IchViewerError):
            text = str(error)
        else:
            text = "an unexpected error; see the report"
            self._workers.report_bug(error)
        self._set_state(work, *work.stopped(SeriesState.FAILED, text))
        self.finished.emit(work.series.key)
        self._next()

    def _cancelled(self, work: SeriesWork) -> None:
        self._over(work)
        self._set_state(work, *work.stopped(SeriesState.CANCELLED, ""))
        self.finished.emit(work.series.key)
        self._next()

    def _over(self, work: SeriesWork) -> None:
        self._task = None
        self._done += len(work.series)
        self._part = 0.0
        self._stop_clock()

    def _drop(self) -> None:
        if self._task is not None:
            self._task.drop()
            self._task = None
        self._paused = False
        self._waiting.clear()
        self._stop_clock()

    def _set_state(self, work: SeriesWork, state: SeriesState, text: str) -> None:
        work.state, work.text = state, text
        self.stateChanged.emit(work.series.key)

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


def _because(reason: Problem) -> str:
    """The reason of a refusal without the words the state says already."""
    text = reason.text.removeprefix("not analyzed: ")
    return f"{text} ({reason.found})" if reason.found else text


def _why(findings: SeriesFindings) -> str:
    """In words, why slices of a finished series have no result; empty where all have."""
    missing = [s.reason for s in findings.slices if s.reason is not None]
    if not missing:
        return ""
    reasons = Counter(_because(reason) for reason in missing)
    if len(missing) == len(findings.slices) and len(reasons) == 1:
        return next(iter(reasons))
    parts = (
        f"{count} {'slice' if count == 1 else 'slices'}: {text}" for text, count in reasons.most_common(3)
    )
    return "; ".join(parts)
