"""What is open: reading it, its pixels, its analysis, the model. The window shows it and asks it."""

from __future__ import annotations

import gc
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from ichviewer.dicom.pixel_cache import PixelCache
from ichviewer.domain.eligibility import is_of_headers
from ichviewer.domain.problems import Problem
from ichviewer.domain.series import Catalog, Series, SeriesKey
from ichviewer.errors import IchViewerError
from ichviewer.ui.look.language import tr
from ichviewer.ui.session.analysis import Analysis
from ichviewer.ui.session.arrival import Arrival, Received
from ichviewer.ui.session.backend import Backend, Tags
from ichviewer.ui.session.findings_state import Judging, model_id
from ichviewer.ui.session.findings_store import FindingsStore
from ichviewer.ui.session.model_host import Model, ModelHost
from ichviewer.ui.session.opened_beside import OpenedBeside
from ichviewer.ui.session.pixel_loader import PixelLoader
from ichviewer.ui.session.places import Place, PlaceReader, Places, Reading, names_of
from ichviewer.ui.session.workers import Task, TaskContext, Workers

if TYPE_CHECKING:
    from ichviewer.inference.model_card import ModelCard
    from ichviewer.services.outputs import Inputs

log = logging.getLogger("ichviewer.ui.session")

_LISTED_EVERY_S = 0.5
_LISTED_SHARE = 4
"""A study that arrives is listed again after so long, and after so many times as long as listing it took."""


class Session(QObject):
    """What is open: one set of paths, or several beside each other. Lives on the main thread.

    Signals
    -------
    opening(list of Path)
        Something else is being read; forget what was shown.
    catalogChanged(Catalog, bool)
        What was found so far; True when that is all of what was read. Of a study that arrives, images may still come
        (`arriving`).
    readProgress(int, int, str)
        Files done, files in all (0: not known yet), and what is being read.
    readFailed(IchViewerError)
        Nothing could be read.
    closed()
        Nothing is open any more.
    studyGrows(tuple of Series)
        More images come of a study that had broken off, or series that were taken for whole are others: what was laid
        on slices of these series goes.
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
    studyGrows = Signal(object)
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
        self._pace = QTimer(self, singleShot=True)
        self._pace.timeout.connect(self._read_next)
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
        """Whether files are still being read that a person waits for."""
        return self.places.reading

    @property
    def arriving(self) -> bool:
        """Whether a study is shown of which more images may come."""
        return any(place.arriving for place in self.places.all)

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
        eligible = [s for s in found if not is_of_headers(self.refusal(s))] if len(found) > 1 else []
        return max(eligible or found, key=len, default=None)

    def open(self, paths: Sequence[Path], *, title: str = "", arrival: Arrival | None = None) -> None:
        """Read paths; what was open is closed, and nothing of it arrives any more.

        Parameters
        ----------
        paths : sequence of Path
        title : str
            What they are called; empty for their names.
        arrival : Arrival, optional
            How far they are, where they are the folder of a study of which images are still to come.
        """
        self._forget()
        self.places.open(paths, title, arrival)
        self.opening.emit(list(paths))
        self._read_next()

    def open_beside(self, paths: Sequence[Path], *, title: str = "", arrival: Arrival | None = None) -> None:
        """Read paths, too; what is open stays as it is. Paths that are open already are not opened twice.

        Parameters
        ----------
        paths, title, arrival
            See `open`.
        """
        if not len(self.places):
            self.open(paths, title=title, arrival=arrival)
            return
        known = [path for path in paths if self.places.opened(path)]
        new = [path for path in paths if path not in known]
        if known:
            self.alreadyOpen.emit(title or names_of(known))
        if new:
            self.openingBeside.emit(self.places.open(new, title, arrival).name)
            self._read_next()

    def resume(self, arrival: Arrival) -> bool:
        """Go on with a study that is open and had broken off while it arrived; whether there is one."""
        place = self.places.broken(arrival.folder)
        if place is not None:
            place.resume(arrival)
            self.studyGrows.emit(place.catalog.series)
            self._read_next()
        return place is not None

    def look_for_arrivals(self) -> None:
        """More of a study that arrives may stand now, or nothing more comes."""
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
        self._pace.stop()
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
            key: why for place in self.places.all if not place.reading for key, why in place.refusals.items()
        }

    def _new_cache(self) -> PixelCache:
        """For the slices of what is open, decoded once for the screen and the analysis."""
        cache = PixelCache(read=self.reader.read_slice)
        self.backend.share(cache)
        return cache

    def _read_next(self) -> None:
        """Read the next place that is not read yet, one at a time; then what has come of studies that arrive."""
        if self._task is not None:
            return
        waiting = [place for place in self.places.all if place.has_news]
        place = next((place for place in waiting if place.arrival is None), None)
        if place is not None:
            self._start_reading(place)
            return
        for place in waiting:
            assert place.arrival is not None
            received = place.arrival.received()
            # The first image and the last are waited for.
            if place.reading or received.over or not self._pace.isActive():
                self._start_listing(place, received)
                return

    def _start_reading(self, place: Place) -> None:
        wanted, reader = list(place.paths), PlaceReader(place.number, self.catalog.series)
        self._reads = place
        self._task = self.workers.run(
            lambda context: self._read(
                context, wanted, reader, lambda catalog: context.item(reader.reading(catalog))
            ),
            on_item=lambda reading: self._found(place, reading, complete=False),
            on_result=lambda reading: self._read_all(place, reading),
            on_progress=self.readProgress.emit,
            on_error=lambda error: self._not_read(place, error),
            on_cancelled=lambda: self._reading_cancelled(place),
            lane="read",
        )

    def _start_listing(self, place: Place, received: Received) -> None:
        """List what stands of a study that arrives; what is shown of it stays until then."""
        others = [series for series in self.catalog.series if series.key.place != place.number]
        wanted, reader, before = list(received.paths), PlaceReader(place.number, others), place.catalog.series
        began_s, arrival = time.monotonic(), place.arrival
        self._reads = place

        def over(what: Callable[[], None]) -> None:
            self._task = None
            self._pace.start(_listed_again_ms(time.monotonic() - began_s))
            # Where it was begun again meanwhile, this says nothing any more.
            if place.arrival is arrival:
                what()
            self._read_next()

        self._task = self.workers.run(
            lambda context: self._read(context, wanted, reader, lambda _: None).received(received, before),
            on_result=lambda reading: over(lambda: self._listed(place, received, reading)),
            on_error=lambda error: over(lambda: self._not_listed(place, received, error)),
            on_cancelled=lambda: over(lambda: self._listing_cancelled(place)),
            lane="read",
        )

    def _read(
        self,
        context: TaskContext,
        paths: list[Path],
        reader: PlaceReader,
        on_partial: Callable[[Catalog], None],
    ) -> Reading:
        catalog = self.reader.open_study(
            paths, progress=context.progress, cancel=context.cancel, on_partial=on_partial
        )
        # Judged here: of thousands of series it takes a tenth of a second.
        return reader.reading(
            catalog, {series.key: self.backend.refusal(series) for series in catalog.series}
        )

    def _listed(self, place: Place, received: Received, reading: Reading) -> None:
        place.received, shown = received, bool(place.catalog.studies)
        if received.over:
            self._read_all(place, reading, told=shown)
            return
        self._found(place, reading, complete=False)
        if place.number and place.catalog.studies and not shown:
            self.openedBeside.emit(OpenedBeside(place.name, place.catalog.studies, place.known))

    def _not_listed(self, place: Place, received: Received, error: BaseException) -> None:
        if received.over:
            self._not_read(place, error)
            return
        # What came first may be no image; the process that lists may have ended. The next images are tried again.
        place.received = received
        if isinstance(error, IchViewerError):
            log.info("what stands of a study cannot be listed: %s", type(error).__name__)
        else:
            self.workers.report_bug(error)

    def _listing_cancelled(self, place: Place) -> None:
        if place.reading:
            self._reading_cancelled(place)

    def _found(self, place: Place, reading: Reading, *, complete: bool) -> None:
        before = place.catalog.series
        place.take(reading, self.places.keys_beside(place), complete=complete)
        self._gather()
        if place.arrival is not None:
            self._let_go(before, place.catalog.series)
            # Before the panes show them: what stands on the screen is noted by the keys of series.
            self.analysis.receive(before, place.catalog.series)
            if self.model.failure is not None:
                self.analysis.set_failure(self.model.failure)
        self.cache.open(info for series in place.catalog.series for info in series.slices)
        self.catalogChanged.emit(self.catalog, complete)

    def _let_go(self, before: Sequence[Series], now: Sequence[Series]) -> None:
        """What was laid on series that were whole goes where they turn out to be others."""
        same = {id(series) for series in now}
        gone = tuple(series for series in before if series.all_received and id(series) not in same)
        if gone:
            self.studyGrows.emit(gone)

    def _read_all(self, place: Place, reading: Reading, *, told: bool = False) -> None:
        self._task = None
        # A catalog of thousands of slices lives long. Without this, the collector of cycles walks through all of it
        # now and then and stalls the window for a tenth of a second.
        gc.freeze()
        self._found(place, reading, complete=True)
        if place.arrival is None:
            if len(self.places) == 1:
                self.analysis.open(place.catalog.series)
            else:
                self.analysis.add(place.catalog.series)
            if self.model.failure is not None:
                self.analysis.set_failure(self.model.failure)
        if place.number and not (told and place.catalog.studies):
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


def _listed_again_ms(took_s: float) -> int:
    """When to list a study again that arrives, after a listing that took so long."""
    return round(1000 * max(_LISTED_EVERY_S, _LISTED_SHARE * took_s))
