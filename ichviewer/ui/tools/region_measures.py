"""What painted regions measure, worked out beside the window and told only of pixels that were checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.painted_region import PaintedRegion
from ichviewer.domain.region_numbers import RegionNumbers, measure_region
from ichviewer.domain.series import Series
from ichviewer.ui.session.backend import Pixels
from ichviewer.ui.session.workers import Task, TaskContext, Workers
from ichviewer.ui.tools.region_jobs import Seen, check_and_measure

Found = tuple[PaintedRegion, RegionNumbers, tuple[Seen, ...]]


class RegionMeasures(QObject):
    """Checks that slices hold the pixels that were painted on, and measures.

    Parameters
    ----------
    workers : Workers
    pixels : callable
        Gives what decodes slices of what is open.
    parent : QObject, optional

    Signals
    -------
    changed()
        More is measured, or checking got further.
    """

    changed = Signal()

    def __init__(self, workers: Workers, pixels: Callable[[], Pixels], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._workers = workers
        self._pixels = pixels
        self._known: dict[str, tuple[PaintedRegion, RegionNumbers]] = {}
        self._seen: set[Seen] = set()
        self._checking: Task | None = None
        self._wanted: frozenset[str] = frozenset()
        self._progress: tuple[int, int] | None = None
        self._live: Task | None = None
        self._next: tuple[PaintedRegion, Series] | None = None

    def of(self, region: PaintedRegion) -> RegionNumbers | None:
        """What a region as it is now measures, None where that is not known yet."""
        known = self._known.get(region.id)
        return known[1] if known is not None and known[0] == region else None

    @property
    def progress(self) -> tuple[int, int] | None:
        """Slices checked, and slices to check, of the region that is being checked."""
        return self._progress

    def see(self, seen: Iterable[Seen]) -> None:
        """Know what pixels slices hold, because they are on screen or were just read."""
        self._seen.update(seen)

    def is_checked(self, region: PaintedRegion) -> bool:
        """Whether the slices of a region are known to hold the pixels that it was painted on."""
        return all((*mask.place, mask.pixel_hash) in self._seen for mask in region.masks)

    def want(self, series: Series, regions: Iterable[PaintedRegion]) -> None:
        """Have regions of a series checked and measured, in place of what was wanted before."""
        missing = tuple(region for region in regions if self.of(region) is None)
        names = frozenset(f"{region.id} {region.modified} {region.n_pixels}" for region in missing)
        if names == self._wanted:
            return
        self._wanted = names
        self._stop_checking()
        if not missing:
            return
        pixels, seen = self._pixels(), frozenset(self._seen)
        self._checking = self._workers.run(
            lambda context: _check_all(context, missing, series, pixels, seen),
            on_item=self._take,
            on_progress=lambda done, total, _: self._tell(done, total),
            on_result=lambda _: self._tell(0, 0),
            lane="region-check",
        )

    def follow(self, region: PaintedRegion, series: Series) -> None:
        """Measure a region that is being painted; of those that come too fast, the latest."""
        if not self.is_checked(region):
            return
        self._next = region, series
        if self._live is None or self._live.over:
            self._measure_next()

    def measure_anew(self) -> None:
        """Forget the numbers, not which pixels were seen: more slices of a series have come."""
        self._stop()
        self._known = {}

    def clear(self) -> None:
        """Forget everything of what was open."""
        self._stop()
        self._known, self._seen = {}, set()

    def close_series(self, closed: Sequence[Series]) -> None:
        """Forget the pixels of some series, and what was measured on them: opened again, they may be others."""
        self._stop()
        gone = {(info.sop_uid, info.source.frame) for series in closed for info in series.slices}
        self._seen = {seen for seen in self._seen if seen[:2] not in gone}
        self._known = {
            name: (region, numbers)
            for name, (region, numbers) in self._known.items()
            if gone.isdisjoint(region.by_place)
        }
        # What is still wanted is asked for again.
        self.changed.emit()

    def _measure_next(self) -> None:
        if self._next is None:
            return
        (region, series), self._next = self._next, None
        self._live = self._workers.run(
            lambda _: (region, measure_region(region, series), ()),
            on_result=self._followed,
            lane="region-measure",
        )

    def _followed(self, found: Found) -> None:
        self._take(found)
        self._measure_next()

    def _take(self, found: Found) -> None:
        region, numbers, seen = found
        self._seen.update(seen)
        self._known[region.id] = region, numbers
        self.changed.emit()

    def _tell(self, done: int, total: int) -> None:
        self._progress = (done, total) if total else None
        self.changed.emit()

    def _stop(self) -> None:
        self._stop_checking()
        self._wanted = frozenset()
        if self._live is not None:
            self._live.drop()
        self._live, self._next = None, None

    def _stop_checking(self) -> None:
        self._progress = None
        if self._checking is not None:
            self._checking.drop()
            self._checking = None


def _check_all(
    context: TaskContext,
    regions: tuple[PaintedRegion, ...],
    series: Series,
    pixels: Pixels,
    seen: frozenset[Seen],
) -> None:
    for region in regions:
        numbers, read = check_and_measure(context, region, series, pixels, seen)
        seen |= frozenset(read)
        context.item((region, numbers, read))
