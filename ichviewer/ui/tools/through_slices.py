"""Growing and smoothing regions through slices, beside the window: with progress, and cancelled at once."""

from __future__ import annotations

from collections.abc import Callable, Container
from functools import partial

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.painted_region import PaintedRegion
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.errors import IchViewerError
from ichviewer.ui.look.language import tr
from ichviewer.ui.look.words import error_words
from ichviewer.ui.session.backend import Pixels
from ichviewer.ui.session.workers import Task, TaskContext, Workers
from ichviewer.ui.tools.region_jobs import (
    BallStroke,
    Grown,
    Growth,
    PlaneGrowth,
    grow_in_volume,
    grow_through,
    joined,
    paint_through,
    refusal_in_3d,
    smooth_through,
)
from ichviewer.ui.tools.region_measures import RegionMeasures
from ichviewer.ui.tools.region_store import RegionStore

_LANE = "region"


class ThroughSlices(QObject):
    """Slow work on the regions of a store.

    Parameters
    ----------
    store : RegionStore
    measures : RegionMeasures
        Gets to know the pixels that were read.
    workers : Workers
    pixels : callable
        Gives what decodes slices of what is open.

    Signals
    -------
    changed()
        It began, got further or ended.
    told(str, str)
        What a person must be told, and how: ``info``, ``warning`` or ``error``.
    failed(BaseException)
        Something unexpected went wrong.
    done(PaintedRegion or None, PaintedRegion or None, str)
        A region as it is in the store, what it has become, and the name of the step.
    """

    changed = Signal()
    told = Signal(str, str)
    failed = Signal(object)
    done = Signal(object, object, str)

    def __init__(
        self, store: RegionStore, measures: RegionMeasures, workers: Workers, pixels: Callable[[], Pixels]
    ) -> None:
        super().__init__(store)
        self._store = store
        self._measures = measures
        self._workers = workers
        self._pixels = pixels
        self._task: Task | None = None
        self._of: SeriesKey | None = None
        self._progress = (0, 0)
        self._held = False
        self._waiting: Callable[[], None] | None = None

    @property
    def busy(self) -> bool:
        """Whether something is being worked on."""
        return self._waiting is not None or (self._task is not None and not self._task.over)

    @property
    def progress(self) -> tuple[int, int]:
        """Slices read and slices to read."""
        return self._progress

    def grow(self, asked: Growth | PlaneGrowth, base: PaintedRegion | None) -> None:
        """Grow a region, or a new one, in place of what was worked on."""
        refused = refusal_in_3d(asked.series)
        if refused:
            self.told.emit(
                tr("Regions do not grow in 3-D here: {refused}. Grow slice by slice.").format(
                    refused=refused
                ),
                "warning",
            )
            return
        pixels, base_id = self._pixels(), None if base is None else base.id

        def work(context: TaskContext) -> Grown:
            if isinstance(asked, PlaneGrowth):
                return grow_in_volume(context, asked)
            return grow_through(context, asked, pixels)

        flat = isinstance(asked, PlaneGrowth) and asked.band is not None
        name = tr("grow region") if flat else tr("grow region in 3-D")
        self.cancel()
        self._of = asked.series.key
        self._run(work, lambda found: self._has_grown(found, asked.series, base_id, name))

    def paint(self, before: PaintedRegion | None, painted: PaintedRegion | None, stroke: BallStroke) -> None:
        """Go on with a stroke on the slices beside it, in place of what was worked on.

        Parameters
        ----------
        before, painted : PaintedRegion or None
            The region before the stroke, as it is in the store, and with what was painted on the stroke's own slice.
        stroke : BallStroke
        """
        pixels = self._pixels()
        name = tr("erase in region in 3-D") if stroke.erase else tr("paint region in 3-D")
        self.cancel()
        self._of = stroke.series.key
        self._run(
            lambda context: paint_through(context, painted, stroke, pixels),
            lambda after: self.done.emit(before, after, name),
        )

    def smooth(self, region: PaintedRegion, series: Series) -> None:
        """Smooth a region, in place of what was worked on."""
        refused = refusal_in_3d(series)
        if refused:
            self.told.emit(
                tr("Regions are not smoothed in 3-D here: {refused}. Smooth slice by slice.").format(
                    refused=refused
                ),
                "warning",
            )
            return
        pixels = self._pixels()
        self.cancel()
        self._of = series.key
        self._run(
            lambda context: smooth_through(context, region, series, pixels),
            partial(self._has_smoothed, region),
        )

    def cancel(self) -> None:
        """Stop; nothing of it stays."""
        self._waiting = None
        if self._task is not None:
            self._task.drop()
            self._task = None
            self.changed.emit()

    def close_series(self, keys: Container[SeriesKey]) -> None:
        """Stop what is done for series that are closed."""
        if self._of is not None and self._of in keys:
            self.cancel()

    def hold(self, held: bool) -> None:
        """Bring nothing to the store while a stroke is under way, whose region must not change meanwhile."""
        self._held = held
        if not held and self._waiting is not None:
            waiting, self._waiting = self._waiting, None
            waiting()

    def _run(self, work: Callable[..., object], on_result: Callable[..., None]) -> None:
        self._progress = (0, 0)
        self._task = self._workers.run(
            work,
            on_result=lambda found: self._when_free(partial(on_result, found)),
            on_error=self._not_done,
            on_progress=self._got_further,
            lane=_LANE,
        )
        self.changed.emit()

    def _when_free(self, action: Callable[[], None]) -> None:
        if self._held:
            self._waiting = action
        else:
            action()
        self.changed.emit()

    def _has_grown(self, found: Grown, series: Series, base: str | None, name: str) -> None:
        self._measures.see((*mask.place, mask.pixel_hash) for mask in found.masks)
        self._join(found, series, base, name)

    def _join(self, found: Grown, series: Series, base: str | None, name: str) -> None:
        """Add what has grown to its region as it is now; hundreds of slices take longer than a frame."""
        before = None if base is None else self._store.regions.get(base)
        if base is not None and before is None:
            self.told.emit(tr("The region was deleted while it grew."), "info")
            return
        self._run(
            lambda _: joined(before, found.masks, series),
            lambda after: self._has_joined(before, after, found, series, name),
        )

    def _has_joined(
        self,
        before: PaintedRegion | None,
        after: PaintedRegion | None,
        found: Grown,
        series: Series,
        name: str,
    ) -> None:
        if before is not None and self._store.regions.get(before.id) != before:
            self._join(found, series, before.id, name)
        elif after is None:
            self.told.emit(tr("The region was painted on other pixels than it would grow on."), "warning")
        else:
            self.done.emit(before, after, name)
            if found.reached_limit:
                self.told.emit(
                    tr("The region reached the limit of its growth: it may have leaked."), "warning"
                )
            if found.unread:
                slices = ", ".join(str(i + 1) for i in found.unread[:8])
                self.told.emit(
                    tr("Slices could not be read, and the region ends there: {slices}.").format(
                        slices=slices
                    ),
                    "warning",
                )

    def _has_smoothed(self, before: PaintedRegion, after: PaintedRegion | None) -> None:
        if self._store.regions.get(before.id) != before:
            self.told.emit(tr("The region was changed while it was smoothed; smooth it again."), "info")
        else:
            self.done.emit(before, after, tr("smooth region in 3-D"))

    def _not_done(self, error: BaseException) -> None:
        if isinstance(error, IchViewerError):
            self.told.emit(error_words(error), "error")
        else:
            self.failed.emit(error)
        self.changed.emit()

    def _got_further(self, done: int, total: int, _: str) -> None:
        self._progress = (done, total)
        self.changed.emit()
