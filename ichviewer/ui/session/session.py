"""What is open: reading it, its pixels, its analysis, the model. The window shows it and asks it."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Catalog, Series, SeriesKey, Study
from ichviewer.errors import IchViewerError
from ichviewer.ui.look.language import tr
from ichviewer.ui.session.analysis import Analysis
from ichviewer.ui.session.backend import Backend, Tags
from ichviewer.ui.session.findings_state import Judging, model_id
from ichviewer.ui.session.findings_store import FindingsStore
from ichviewer.ui.session.model_host import Model, ModelHost
from ichviewer.ui.session.pixel_loader import PixelLoader
from ichviewer.ui.session.places import Place, PlaceReader, Places, Reading, names_of
from ichviewer.ui.session.workers import Task, TaskContext, Workers

if TYPE_CHECKING:
    from ichviewer.inference.model_card import ModelCard
    from ichviewer.services.outputs import Inputs


@dataclass(frozen=True, eq=False)
class OpenedBeside:
    """What became of opening something beside what is open.

    Parameters
    ----------
    name : str
        What was to be opened, in a few words.
    studies : tuple of Study
        What is open of it now.
    known : int
        How many of its series were open already.
    error : IchViewerError or None
        Why nothing could be read.
    cancelled : bool
        Whether it was stopped.
    """

    name: str
    studies: tuple[Study, ...] = ()
    known: int = 0
    error: IchViewerError | None = None
    cancelled: bool = False


class Session(QObject):
    """What is open: one set of paths, or several beside each other. Lives on the main thread.

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
    openingBeside(str)
        Something is being read beside what is open; its name.
    openedBeside(OpenedBeside)
        What became of it.
    alreadyOpen(str)
        What was asked for is open already, so nothing was opened; its name.
    studiesClosed(tuple of Series)
        These series are not open any more, and others are.
    """

    opening = Signal(object)
    catalogChanged = Signal(object, bool)
    readProgress = Signal(int, int, str)
    readFailed = Signal(object)
    closed = Signal()
    openingBeside = Signal(str)
    openedBeside = Signal(object)
    alreadyOpen = Signal(str)
    studiesClosed = Signal(object)

    def __init__(self, workers: Workers, backend: Backend, *, engine: str = "auto") -> None:
        super().__init__()
        self.workers = workers
        self.backend = backend
        self.places = Places()
        self.pixels = PixelLoader(workers, self)
        self.findings = FindingsStore(self)
        self.analysis = Analysis(workers, self.findings, self.refusal, self)
        self.model = ModelHost(workers, backend, engine, self)
        self._task: Task | None = None
        self._reads: Place | None = None  # what the task reads
        self._by_key: dict[SeriesKey, Series] = {}
        self._refusals: dict[SeriesKey, Problem | None] = {}
        # Started first: it gets ready while the rest of the window is built.
        self.reader = backend.open_reader()
        self.cache = self._new_cache()
        self._tags: Tags | None = None
        self.model.cardRead.connect(self._card_read)
        self.model.pointChanged.connect(self._judge)
        self.model.ready.connect(self._model_ready)
        self.model.failed.connect(self.analysis.set_failure)

    @property
    def catalog(self) -> Catalog:
        """Everything that is open."""
        return self.places.catalog

    @property
    def paths(self) -> list[Path]:
        """All that was opened."""
        return self.places.paths

    @property
    def reading(self) -> bool:
        """Whether files are still being read."""
        return self.places.reading

    @property
    def stands_alone(self) -> bool:
        """Whether nothing is open beside what was opened first."""
        return sum(bool(place.catalog.studies) for place in self.places.all) <= 1

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

    def open(self, paths: Sequence[Path], *, title: str = "") -> None:
        """Read paths; what was open is closed, and nothing of it arrives any more.

        Parameters
        ----------
        paths : sequence of Path
        title : str
            What they are called; empty for their names.
        """
        self._forget()
        self.places.open(paths, title)
        self.opening.emit(list(paths))
        self._read_next()

    def open_beside(self, paths: Sequence[Path], *, title: str = "") -> None:
        """Read paths, too; what is open stays as it is. Paths that are open already are not opened twice."""
        if not len(self.places):
            self.open(paths, title=title)
            return
        known = [path for path in paths if self.places.opened(path)]
        new = [path for path in paths if path not in known]
        if known:
            self.alreadyOpen.emit(title or names_of(known))
        if new:
            self.openingBeside.emit(self.places.open(new, title).name)
            self._read_next()

    def close_study(self) -> None:
        """Close what is open."""
        self._forget()
        self.closed.emit()

    def close_study_of(self, key: SeriesKey) -> None:
        """Close the study of a series; all others stay as they are."""
        found = self.places.of(key)
        if found is None:
            return
        place, study = found
        place.close_study(study)
        if not place.catalog.studies:
            self._close_place(place)
        self._closed(study.series)

    def close_place_of(self, key: SeriesKey) -> None:
        """Close everything that was opened together with a series; all else stays as it is."""
        found = self.places.of(key)
        if found is not None:
            series = found[0].catalog.series
            self._close_place(found[0])
            self._closed(series)

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
        self.places.clear()
        self._by_key = {}
        self._refusals = {}
        self.cache = self._new_cache()
        self.pixels.open(self.cache)
        self.analysis.open(())

    def _close_place(self, place: Place) -> None:
        if self._reads is place and self._task is not None:
            self._task.drop()
            self._task = None
        self.places.close(place)

    def _closed(self, series: Sequence[Series]) -> None:
        """Series are not open any more: nothing of them is kept, and nothing of them arrives."""
        if not len(self.places):
            self.close_study()
            return
        self._gather()
        slices = [info for one in series for info in one.slices]
        self.cache.close(slices)
        # Files that are open in another place, too, are kept for it.
        self.cache.open(info for one in self.catalog.series for info in one.slices)
        self.pixels.close(slices)
        self.analysis.close({one.key for one in series})
        self.studiesClosed.emit(tuple(series))
        self._read_next()

    def _gather(self) -> None:
        self.places.gather()
        self._by_key = {s.key: s for s in self.catalog.series}
        self._refusals = {
            key: why for place in self.places.all if place.complete for key, why in place.refusals.items()
        }

    def _new_cache(self) -> PixelCache:
        """For the slices of what is open, decoded once for the screen and the analysis."""
        cache = PixelCache(read=self.reader.read_slice)
        self.backend.share(cache)
        return cache

    def _read_next(self) -> None:
        """Read the next place that is not read yet, one at a time."""
        place = next((place for place in self.places.all if not place.complete), None)
        if place is None or self._task is not None:
            return
        wanted, others = list(place.paths), self.catalog.series
        self._reads = place
        self._task = self.workers.run(
            lambda context: self._read(context, wanted, PlaceReader(place.number, others)),
            on_item=lambda reading: self._found(place, reading, complete=False),
            on_result=lambda reading: self._read_all(place, reading),
            on_progress=self.readProgress.emit,
            on_error=lambda error: self._not_read(place, error),
            on_cancelled=lambda: self._reading_cancelled(place),
            lane="read",
        )

    def _read(self, context: TaskContext, paths: list[Path], reader: PlaceReader) -> Reading:
        catalog = self.reader.open_study(
            paths,
            progress=context.progress,
            cancel=context.cancel,
            on_partial=lambda catalog: context.item(reader.reading(catalog)),
        )
        # Judged here: of thousands of series it takes a tenth of a second.
        return reader.reading(
            catalog, {series.key: self.backend.refusal(series) for series in catalog.series}
        )

    def _found(self, place: Place, reading: Reading, *, complete: bool) -> None:
        place.take(reading, self.places.keys_beside(place), complete=complete)
        self._gather()
        self.cache.open(info for series in place.catalog.series for info in series.slices)
        self.catalogChanged.emit(self.catalog, complete)

    def _read_all(self, place: Place, reading: Reading) -> None:
        self._task = None
        # A catalog of thousands of slices lives long. Without this, the collector of cycles walks through all of it
        # now and then and stalls the window for a tenth of a second.
        gc.freeze()
        self._found(place, reading, complete=True)
        if len(self.places) == 1:
            self.analysis.open(place.catalog.series)
        else:
            self.analysis.add(place.catalog.series)
        if self.model.failure is not None:
            self.analysis.set_failure(self.model.failure)
        if place.number:
            self._tell_beside(place, OpenedBeside(place.name, place.catalog.studies, place.known))
        self._read_next()

    def _not_read(self, place: Place, error: BaseException) -> None:
        self._task = None
        if not isinstance(error, IchViewerError):
            self.workers.report_bug(error)
            error = IchViewerError(
                tr("an unexpected error while reading"), _names(place.paths), type(error).__name__
            )
        # What was found before it broke off is not the study that was asked for.
        if len(self.places) == 1:
            self._forget()
            self.readFailed.emit(error)
            return
        self._end_beside(place, OpenedBeside(place.name, error=error))

    def _reading_cancelled(self, place: Place) -> None:
        self._task = None
        if len(self.places) == 1:
            self.close_study()
        else:
            self._end_beside(place, OpenedBeside(place.name, cancelled=True))

    def _end_beside(self, place: Place, what: OpenedBeside) -> None:
        series = place.catalog.series
        self._close_place(place)
        self._closed(series)
        self.openedBeside.emit(what)

    def _tell_beside(self, place: Place, what: OpenedBeside) -> None:
        if not place.catalog.studies:
            # All of it is open in other places, or was closed while it was read.
            self._close_place(place)
            self._closed(())
        self.openedBeside.emit(what)

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
