"""Voxels of painted regions for the reformats: checked against the volume, and put together beside the window."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum

from PySide6.QtCore import QObject, Signal

from ichviewer.domain.painted_region import PaintedRegion
from ichviewer.domain.region_cut import RegionBox
from ichviewer.domain.series import Series
from ichviewer.domain.volume import Volume
from ichviewer.ui.look.language import marked
from ichviewer.ui.session.workers import Task, TaskContext, Workers

MOST_BYTES = 1 << 28
"""All boxes together take no more; further regions are told, and not outlined."""


class NotPlaced(Enum):
    """Why a region is not outlined on reformats; the value, shown with `words_of`, ends a line such as ``2 ...``."""

    OTHER_PIXELS = marked("painted on other pixels")
    NOT_OPEN = marked("partly on slices that are not open")
    NOT_READ = marked("partly on slices that could not be read")
    TOO_LARGE = marked("too large to be outlined here")


Placed = RegionBox | NotPlaced
_Found = tuple[PaintedRegion, Volume, Placed]


class RegionBoxes(QObject):
    """Voxels of the regions of the series whose reformats are shown; for all three planes.

    Parameters
    ----------
    workers : Workers
    parent : QObject

    Signals
    -------
    changed()
        More is known.
    """

    changed = Signal()

    def __init__(self, workers: Workers, parent: QObject) -> None:
        super().__init__(parent)
        self._workers = workers
        self._known: dict[str, _Found] = {}
        self._wanted: tuple[PaintedRegion, ...] = ()
        self._task: Task | None = None

    def of(self, region: PaintedRegion, volume: Volume) -> Placed | None:
        """The voxels of a region as it is now in this very volume, or why there are none; None while not known."""
        known = self._known.get(region.id)
        return known[2] if known is not None and known[0] == region and known[1] is volume else None

    def want(self, series: Series, volume: Volume, regions: Iterable[PaintedRegion]) -> None:
        """Have the voxels of all regions of a series ready, in place of those that were wanted before."""
        wanted = tuple(regions)
        missing = tuple(region for region in wanted if self.of(region, volume) is None)
        if not missing or (self._task is not None and missing == self._wanted):
            return
        self._stop()
        # What was changed, and what is of another volume, makes room.
        kept = [region.id for region in wanted if self.of(region, volume) is not None]
        self._known = {i: self._known[i] for i in kept}
        taken = sum(found[2].mask.nbytes for found in self._known.values() if isinstance(found[2], RegionBox))
        self._wanted = missing
        self._task = self._workers.run(
            lambda context: _place_all(context, series, volume, missing, MOST_BYTES - taken),
            on_item=self._take_placed,
            on_result=self._over,
            on_error=self._failed,
            lane="region-boxes",
        )

    def at_once(self, region: PaintedRegion, series: Series, volume: Volume) -> Placed:
        """The voxels of a region in a volume, put together now if they are not known; a person waits for it."""
        known = self.of(region, volume)
        if known is None:
            known = placed(series, volume, region)
            self._known[region.id] = region, volume, known
        return known

    def put(self, region: PaintedRegion, volume: Volume, box: RegionBox) -> None:
        """Know the voxels of a region that is being painted in a volume; who paints tells of it, not `changed`."""
        self._known[region.id] = region, volume, box

    def clear(self) -> None:
        """Forget everything, the volume too."""
        self._stop()
        self._known = {}

    def _take_placed(self, found: _Found) -> None:
        # What was put here meanwhile is newer.
        if found[0].id not in self._known:
            self._known[found[0].id] = found
            self.changed.emit()

    def _over(self, _: None) -> None:
        self._wanted, self._task = (), None

    def _failed(self, error: BaseException) -> None:
        # What was wanted stays: the same is not tried again at every step of a plane.
        self._workers.report_bug(error)

    def _stop(self) -> None:
        self._wanted = ()
        if self._task is not None:
            self._task.drop()
            self._task = None


def _place_all(
    context: TaskContext, series: Series, volume: Volume, regions: tuple[PaintedRegion, ...], room_bytes: int
) -> None:
    for region in regions:
        found = placed(series, volume, region, context.cancel.check)
        if isinstance(found, RegionBox):
            if found.mask.nbytes > room_bytes:
                found = NotPlaced.TOO_LARGE
            else:
                room_bytes -= found.mask.nbytes
        context.item((region, volume, found))


def placed(
    series: Series, volume: Volume, region: PaintedRegion, check: Callable[[], None] = lambda: None
) -> Placed:
    """All of a region or nothing: a part of it would be taken for the whole.

    Parameters
    ----------
    series : Series
    volume : Volume
        Of the series.
    region : PaintedRegion
    check : callable
        Called for each slice; what it raises ends the work.
    """
    by_place = {(info.sop_uid, info.source.frame): i for i, info in enumerate(series.slices)}
    masks = {}
    for mask in region.masks:
        check()
        index = by_place.get(mask.place)
        if index is None:
            return NotPlaced.NOT_OPEN
        if not volume.pixel_hashes[index]:
            return NotPlaced.NOT_READ
        if (volume.pixel_hashes[index], *volume.voxels.shape[1:]) != (
            mask.pixel_hash,
            mask.rows,
            mask.columns,
        ):
            return NotPlaced.OTHER_PIXELS
        masks[index] = mask.mask()
    # A mask has pixels inside, and so has the region.
    box = RegionBox.of(masks)
    if box is None:
        raise ValueError(f"a region has pixels. Received: none in {region.id!r}")
    return box
