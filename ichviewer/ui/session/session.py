"""What is open: reading it, its pixels, its analysis, the model. The window shows it and asks it."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.errors import IchViewerError
from ichviewer.ui.session.analysis import Analysis
from ichviewer.ui.session.backend import Backend, Pixels, Tags
from ichviewer.ui.session.findings_state import Judging, model_id
from ichviewer.ui.session.findings_store import FindingsStore
from ichviewer.ui.session.model_host import Model, ModelHost
from ichviewer.ui.session.pixel_loader import PixelLoader
from ichviewer.ui.session.workers import Task, TaskContext, Workers

if TYPE_CHECKING:
    from ichviewer.inference.model_card import ModelCard
    from ichviewer.services.outputs import Inputs


class Session(QObject):
    """One opened set of paths at a time. Lives on the main thread.

    Signals
    -------
    opening(list of Path)
        Something else is being read; forget what was shown.
    catalogChanged(Catalog, bool)
        What was found so far; True when that is all.
    readProgress(int, int, str)
        Files done, files in all (0: not known yet), and what is being read.
    readFailed(IchViewerError)
        Nothing could be read.
    closed()
        Nothing is open any more.
    """

    opening = Signal(object)
    catalogChanged = Signal(object, bool)
    readProgress = Signal(int, int, str)
    readFailed = Signal(object)
    closed = Signal()

    def __init__(self, workers: Workers, backend: Backend, *, engine: str = "auto") -> None:
        super().__init__()
        self.workers = workers
        self.backend = backend
        self.catalog = Catalog()
        self.paths: list[Path] = []
        self.reading = False
        self.pixels = PixelLoader(workers, self)
        self.findings = FindingsStore(self)
        self.analysis = Analysis(workers, self.findings, self.refusal, self)
        self.model = ModelHost(workers, backend, engine, self)
        self._task: Task | None = None
        self._by_key: dict[SeriesKey, Series] = {}
        self._refusals: dict[SeriesKey, Problem | None] = {}
        # Started first: it gets ready while the rest of the window is built.
        self.reader = backend.open_reader()
        self.cache: Pixels = self._new_cache()
        self._tags: Tags | None = None
        self.model.cardRead.connect(self._card_read)
        self.model.pointChanged.connect(self._judge)
        self.model.ready.connect(self._model_ready)
        self.model.failed.connect(self.analysis.set_failure)

    @property
    def is_open(self) -> bool:
        """Whether anything was found."""
        return bool(self.catalog.studies)

    @property
    def tags(self) -> Tags:
        """Reads tags, in a process that is started when they are first asked for."""
        if self._tags is None:
            self._tags = self.backend.open_tags()
        return self._tags

    def inputs(self) -> Inputs:
        """All that was opened and read, which nothing is ever written onto."""
        from ichviewer.services.outputs import Inputs  # noqa: PLC0415 - the window stands before it is needed

        inputs = Inputs(tuple(self.paths)).with_catalog(self.catalog)
        return inputs if self.model.card is None else inputs.with_model(self.model.card)

    def series(self, key: SeriesKey) -> Series | None:
        """A series of what is open."""
        return self._by_key.get(key)

    def refusal(self, series: Series) -> Problem | None:
        """Why a series is not analysed at all, None if it is."""
        if series.key in self._refusals:
            return self._refusals[series.key]
        return self.backend.refusal(series)

    def first_series(self) -> Series | None:
        """The series to show first: the longest that can be analysed, else the longest."""
        found = self.catalog.series
        eligible = [s for s in found if self.refusal(s) is None] if len(found) > 1 else []
        return max(eligible or found, key=len, default=None)

    def open(self, paths: Sequence[Path]) -> None:
        """Read paths; what was open is closed, and nothing of it arrives any more."""
        self._forget()
        self.paths = list(paths)
        self.reading = True
        self.opening.emit(self.paths)
        wanted = list(paths)
        self._task = self.workers.run(
            lambda context: self._read(context, wanted),
            on_item=lambda catalog: self._found(catalog, False),
            on_result=self._read_all,
            on_progress=self.readProgress.emit,
            on_error=self._not_read,
            on_cancelled=self.close_study,
            lane="read",
        )

    def close_study(self) -> None:
        """Close what is open."""
        self._forget()
        self.paths = []
        self.closed.emit()

    def cancel(self) -> None:
        """Stop what is going on: the reading, else the analysis."""
        if self.reading and self._task is not None:
            self._task.cancel()
        else:
            self.analysis.cancel()

    def analyze_again(self) -> None:
        """Analyse everything again, and read the pixels anew: findings are shown beside their own pixels only."""
        self.cache.clear()
        self.pixels.open(self.cache)
        self.analysis.restart()

    def shutdown(self, seconds: float = 2.0) -> bool:
        """Stop everything and close the model; whether all threads ended in time."""
        self.workers.stop()
        # Threads that wait for a process wake up when it ends.
        self.reader.close()
        if self._tags is not None:
            self._tags.close()
        self.model.close()
        return self.workers.join(seconds)

    def _forget(self) -> None:
        if self._task is not None:
            self._task.drop()
            self._task = None
        self.reading = False
        self.catalog = Catalog()
        self._by_key = {}
        self._refusals = {}
        self.cache = self._new_cache()
        self.pixels.open(self.cache)
        self.analysis.open(())

    def _new_cache(self) -> PixelCache:
        """For the slices of what is open, decoded once for the screen and the analysis."""
        cache = PixelCache(read=self.reader.read_slice)
        self.backend.share(cache)
        return cache

    def _read(
        self, context: TaskContext, paths: list[Path]
    ) -> tuple[Catalog, dict[SeriesKey, Problem | None]]:
        catalog = self.reader.open_study(
            paths, progress=context.progress, cancel=context.cancel, on_partial=context.item
        )
        # Judged here: of thousands of series it takes a tenth of a second.
        return catalog, {series.key: self.backend.refusal(series) for series in catalog.series}

    def _found(self, catalog: Catalog, complete: bool) -> None:
        self.catalog = catalog
        self._by_key = {s.key: s for s in catalog.series}
        self.catalogChanged.emit(catalog, complete)

    def _read_all(self, read: tuple[Catalog, dict[SeriesKey, Problem | None]]) -> None:
        catalog, self._refusals = read
        self.reading = False
        self._task = None
        # A catalog of thousands of slices lives long. Without this, the collector of cycles walks through all of it
        # now and then and stalls the window for a tenth of a second.
        gc.freeze()
        self._found(catalog, True)
        self.analysis.open(catalog.series)
        if self.model.failure is not None:
            self.analysis.set_failure(self.model.failure)

    def _not_read(self, error: BaseException) -> None:
        if not isinstance(error, IchViewerError):
            self.workers.report_bug(error)
            error = IchViewerError(
                "an unexpected error while reading", _names(self.paths), type(error).__name__
            )
        # What was found before it broke off is not the study that was asked for.
        self._forget()
        self.readFailed.emit(error)

    def _card_read(self, card: ModelCard) -> None:
        self.analysis.expect(card)
        self._judge()

    def _judge(self) -> None:
        card, point = self.model.card, self.model.point
        judging = None if card is None or point is None else Judging(model_id(card), point, card.series_rule)
        self.findings.judge(judging)

    def _model_ready(self, model: Model) -> None:
        self.analysis.set_model(model)


def _names(paths: Sequence[Path]) -> str:
    return ", ".join(str(p) for p in paths)
