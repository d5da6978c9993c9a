"""What a person does to painted regions: brush, eraser, growing and smoothing, each a step that can be undone."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import UTC, datetime

import numpy as np
from PySide6.QtCore import QObject, Signal

from ichviewer.domain.painted_region import PaintedRegion, RegionStep, names_no_slices, of_series
from ichviewer.domain.region_edit import PixelPlace, grown, smoothed
from ichviewer.domain.series import Series, SeriesKey
from ichviewer.domain.voxel_region import Mask
from ichviewer.ui.look.language import tr, words_of
from ichviewer.ui.panes.shown_plane import ShownPlane
from ichviewer.ui.session.backend import Pixels
from ichviewer.ui.session.workers import Workers
from ichviewer.ui.tools.plane_stroke import PlaneStroke, plane_band, voxel_at, voxel_hu
from ichviewer.ui.tools.plane_surface import shows_hu
from ichviewer.ui.tools.region_boxes import NotPlaced, RegionBoxes
from ichviewer.ui.tools.region_jobs import BallStroke, Growth, PlaneGrowth, refusal_in_3d, within_range
from ichviewer.ui.tools.region_measures import RegionMeasures
from ichviewer.ui.tools.region_settings import Mode, RegionSettings
from ichviewer.ui.tools.region_store import RegionStore
from ichviewer.ui.tools.region_stroke import RegionStroke, SliceStroke, with_mask
from ichviewer.ui.tools.surface import Surface
from ichviewer.ui.tools.through_slices import ThroughSlices


class RegionWork(QObject):
    """Paints in the region that is selected, or begins one.

    Parameters
    ----------
    store : RegionStore
    measures : RegionMeasures
    workers : Workers
    pixels : callable
        Gives what decodes slices of what is open.
    boxes : RegionBoxes
        Where the reformats have their regions from.

    Signals
    -------
    changed()
        Other settings, a stroke got further, or slow work began, got further or ended.
    told(str, str)
        What a person must be told, and how: ``info``, ``warning`` or ``error``.
    failed(BaseException)
        Something unexpected went wrong.
    """

    changed = Signal()
    told = Signal(str, str)
    failed = Signal(object)

    def __init__(
        self,
        store: RegionStore,
        measures: RegionMeasures,
        workers: Workers,
        pixels: Callable[[], Pixels],
        boxes: RegionBoxes,
    ) -> None:
        super().__init__(store)
        self._store = store
        self._measures = measures
        self._boxes = boxes
        self._settings = RegionSettings()
        self._stroke: RegionStroke | None = None
        self._slow = ThroughSlices(store, measures, workers, pixels)
        self._slow.changed.connect(self._end_if_over)
        self._slow.changed.connect(self.changed)
        self._slow.told.connect(self.told)
        self._slow.failed.connect(self.failed)
        self._slow.done.connect(self._has_worked)
        store.changed.connect(self._leave_if_changed)

    # How it stands

    @property
    def settings(self) -> RegionSettings:
        """How regions are painted."""
        return self._settings

    def use(self, settings: RegionSettings) -> None:
        """Paint in another way."""
        if settings != self._settings:
            self._settings = settings
            self.changed.emit()

    @property
    def busy(self) -> bool:
        """Whether a region is being grown, smoothed or painted through slices."""
        return self._slow.busy

    @property
    def progress(self) -> tuple[int, int]:
        """Slices read and slices to read for it."""
        return self._slow.progress

    @property
    def painting(self) -> bool:
        """Whether a stroke is under way."""
        return self._stroke is not None and not self._stroke.ended

    def regions(self, series: Series) -> tuple[PaintedRegion, ...]:
        """The regions of a series as they are to be drawn, with the stroke under way."""
        found = {region.id: region for region in self._store.of_series(series)}
        stroke = self._stroke
        if stroke is not None and stroke.series.key == series.key:
            if stroke.before is not None:
                found.pop(stroke.before.id, None)
            if stroke.shown is not None:
                found[stroke.shown.id] = stroke.shown
        return tuple(sorted(found.values(), key=lambda region: (region.created, region.id)))

    def current(self, series: Series | None) -> PaintedRegion | None:
        """The region of a series that is painted in, as it is drawn; None before the first stroke of a new one."""
        stroke = self._stroke
        if stroke is not None and series is not None and stroke.series.key == series.key:
            return stroke.shown
        selected = self._store.selected
        return (
            selected if selected is not None and series is not None and of_series(selected, series) else None
        )

    # Brush

    def press(self, surface: Surface, at: PixelPlace) -> None:
        """Begin a stroke, or grow from a pixel."""
        if not self._may_begin(surface.series):
            return
        before = self.current(surface.series)
        mask = self._mask(before, surface)
        if mask is None:
            return
        if self._settings.mode is Mode.GROW:
            self._grow(surface, before, at, mask)
        elif self._may_paint(surface.series, before):
            erase = self._settings.mode is Mode.ERASE
            allowed = None if erase else self._allowed(surface)
            ball = self._settings.through_slices
            self._begin(SliceStroke(surface, before, mask, at, erase=erase, allowed=allowed, ball=ball), at)

    def press_plane(self, shown: ShownPlane, at: PixelPlace) -> None:
        """Begin a stroke on a reformat, or grow from the voxel that it shows at a place."""
        series = shown.series
        if not self._may_begin(series):
            return
        before = self.current(series)
        box = None if before is None else self._boxes.at_once(before, series, shown.volume)
        if isinstance(box, NotPlaced):
            self.told.emit(
                tr("The region cannot be changed here: {why}. Begin another one.").format(
                    why=words_of(box.value)
                ),
                "warning",
            )
        elif self._settings.mode is Mode.GROW:
            self._grow_on_plane(shown, before, at)
        elif self._may_paint(series, before):
            self._begin(PlaneStroke(shown, before, box, at, settings=self._settings, boxes=self._boxes), at)

    def _may_begin(self, series: Series) -> bool:
        """Whether anything can be begun in a series; if not, that is said."""
        if self._stroke is not None:
            self.told.emit(tr("The last stroke still goes on."), "info")
            return False
        if self._is_hidden():
            return False
        refused = names_no_slices(series)
        if refused:
            self.told.emit(tr("No region can be kept here: {refused}.").format(refused=refused), "warning")
        return not refused

    def _may_paint(self, series: Series, before: PaintedRegion | None) -> bool:
        """Whether a stroke can begin in a region, or in a new one; if not, that is said."""
        if self._settings.mode is Mode.ERASE and before is None:
            self.told.emit(tr("Select the region to erase from first."), "info")
            return False
        if not self._settings.through_slices:
            return True
        refused = refusal_in_3d(series)
        if refused:
            self.told.emit(
                tr("The brush does not paint in 3-D here: {refused}. Paint slice by slice.").format(
                    refused=refused
                ),
                "warning",
            )
        elif self._slow.busy:
            self.told.emit(tr("A region still grows or is smoothed. Wait for it, or cancel it."), "info")
        return not refused and not self._slow.busy

    def _begin(self, stroke: RegionStroke, at: PixelPlace) -> None:
        self._stroke = stroke
        self._slow.hold(True)
        self.move(at)

    def move(self, at: PixelPlace) -> None:
        """Go on with a stroke."""
        stroke = self._stroke
        if stroke is None or stroke.ended:
            return
        if stroke.go(at, self._settings.radius) and stroke.shown is not None:
            self._measures.see(stroke.seen())
            self._measures.follow(stroke.shown, stroke.series)
        self.changed.emit()

    def release(self) -> None:
        """End a stroke: from now on it can be undone, in 3-D as soon as the slices beside are painted, too."""
        stroke = self._stroke
        if stroke is None or stroke.ended:
            return
        if isinstance(stroke, SliceStroke) and stroke.ball:
            self._paint_through(stroke)
            return
        self._stroke = None
        if stroke.shown != stroke.before:
            self._do(stroke.before, stroke.shown, _name_of(stroke))
        self._slow.hold(False)
        self.changed.emit()

    def _paint_through(self, stroke: SliceStroke) -> None:
        settings, series = self._settings, stroke.series
        range_hu = None if stroke.allowed is None else (float(settings.low_hu), float(settings.high_hu))
        ball = BallStroke(series, stroke.surface.index, stroke.path, settings.radius, stroke.erase, range_hu)
        self._slow.paint(stroke.before, stroke.shown, ball)
        self._slow.hold(False)
        # Drawn as it is until the slices beside are painted, too.
        stroke.ended = True
        self.changed.emit()

    def _end_if_over(self) -> None:
        """A stroke through slices ends with the work on it, however that ended."""
        if self._stroke is not None and self._stroke.ended and not self._slow.busy:
            self._stroke = None
            self.changed.emit()

    def leave(self) -> None:
        """Leave a stroke that is under way: nothing of it stays."""
        stroke, self._stroke = self._stroke, None
        if stroke is not None:
            if stroke.ended:
                self._slow.cancel()
            stroke.drop()
            self._slow.hold(False)
            self.changed.emit()

    def _leave_if_changed(self) -> None:
        """A stroke does not go on where its region was undone, deleted or forgotten meanwhile."""
        before = None if self._stroke is None else self._stroke.before
        if before is not None and self._store.regions.get(before.id) != before:
            self.leave()

    # Growing and smoothing

    def smooth(self, surface: Surface) -> None:
        """Smooth the region that is selected, on this slice or through all."""
        before = self._to_smooth(surface.series)
        if before is None:
            return
        if self._settings.through_slices:
            self._slow.smooth(before, surface.series)
            return
        mask = self._mask(before, surface)
        if mask is not None and mask.any():
            after = self._with_mask(before, surface, smoothed(mask))
            self._do_if_other(before, after, tr("smooth region"))

    def smooth_on_planes(self, series: Series) -> None:
        """Smooth the region that is selected while reformats are shown: through all slices, whatever the settings."""
        before = self._to_smooth(series)
        if before is not None:
            self._slow.smooth(before, series)

    def _to_smooth(self, series: Series) -> PaintedRegion | None:
        if self._stroke is not None:
            self.told.emit(tr("The last stroke still goes on."), "info")
            return None
        if self._is_hidden():
            return None
        before = self.current(series)
        if before is None:
            self.told.emit(tr("Select the region to smooth first."), "info")
        return before

    def cancel(self) -> None:
        """Stop growing or smoothing through slices; nothing of it stays."""
        self._slow.cancel()

    def clear(self) -> None:
        """Leave and stop everything."""
        self.cancel()
        self.leave()

    def close_series(self, keys: Container[SeriesKey]) -> None:
        """Leave and stop what is done for series that are closed."""
        self._slow.close_series(keys)
        if self._stroke is not None and self._stroke.series.key in keys:
            self.leave()

    # The whole region

    def rename(self, region: PaintedRegion, name: str) -> None:
        """Call a region something else."""
        if name != region.name:
            self._do(region, region.named(name, datetime.now(UTC)), tr("name region"))

    def delete(self, region: PaintedRegion) -> None:
        """Delete a region with the stroke in it that is under way; nothing while regions are hidden."""
        if self._is_hidden():
            return
        self.clear()
        kept = self._store.regions.get(region.id)
        if kept is not None:
            self._store.do(RegionStep(kept, None, tr("delete region")))

    def toggle_hidden(self) -> None:
        """Draw regions on the images, or not; not in the middle of a stroke."""
        if self._stroke is not None:
            self.told.emit(tr("The last stroke still goes on."), "info")
            return
        self._store.set_hidden(not self._store.hidden)

    # Parts

    def _is_hidden(self) -> bool:
        """Whether nothing may be changed because it would not be seen, which is said."""
        if self._store.hidden:
            self.told.emit(tr("Painted regions are hidden, so none is changed. Show them first."), "info")
        return self._store.hidden

    def _grow(self, surface: Surface, before: PaintedRegion | None, at: PixelPlace, mask: Mask) -> None:
        settings, image = self._settings, surface.decoded.image
        row, column = (min(max(round(v), 0), n - 1) for v, n in zip(at, image.shape, strict=True))
        if not self._is_seed(image.hu_at(row, column), are_hu=_has_hu(surface)):
            return
        range_hu = float(settings.low_hu), float(settings.high_hu)
        if settings.through_slices:
            pixels, within = surface.decoded.pixel_hash, settings.within
            asked = Growth(surface.series, surface.index, pixels, (row, column), range_hu, within)
            self._slow.grow(asked, before)
            return
        more, limited = grown(image, (row, column), range_hu, surface.info.spacing, within=settings.within)
        self._do_if_other(before, self._with_mask(before, surface, mask | more), tr("grow region"))
        if limited:
            self.told.emit(tr("The region reached the limit of its growth: it may have leaked."), "warning")

    def _grow_on_plane(self, shown: ShownPlane, before: PaintedRegion | None, at: PixelPlace) -> None:
        settings, seed = self._settings, voxel_at(shown, at)
        if not self._is_seed(voxel_hu(shown.volume, seed), are_hu=shows_hu(shown.series)) or seed is None:
            return
        band = None if settings.through_slices else plane_band(shown)
        range_hu = float(settings.low_hu), float(settings.high_hu)
        asked = PlaneGrowth(shown.series, shown.volume, seed, range_hu, settings.within, band)
        self._slow.grow(asked, before)

    def _is_seed(self, value: float | None, *, are_hu: bool) -> bool:
        """Whether a region grows from a value; if not, that is said."""
        settings = self._settings
        if not are_hu:
            self.told.emit(
                tr("Regions grow on CT only: these values are no HU. The brush paints on all."), "warning"
            )
            return False
        if value is None or not settings.low_hu <= value <= settings.high_hu:
            found = tr("no value") if value is None else f"{value:.0f} HU"
            self.told.emit(
                tr("Nothing grows from here: {found}, not within {low_hu} to {high_hu} HU.").format(
                    found=found, low_hu=settings.low_hu, high_hu=settings.high_hu
                ),
                "info",
            )
            return False
        return True

    def _with_mask(self, region: PaintedRegion | None, surface: Surface, mask: Mask) -> PaintedRegion | None:
        info, pixel_hash = surface.info, surface.decoded.pixel_hash
        self._measures.see([(info.sop_uid, info.source.frame, pixel_hash)])
        return with_mask(region, surface, mask)

    def _allowed(self, surface: Surface) -> Mask | None:
        settings = self._settings
        if not settings.paint_in_range or not _has_hu(surface):
            return None
        return within_range(surface.decoded.image, (settings.low_hu, settings.high_hu))

    def _mask(self, region: PaintedRegion | None, surface: Surface) -> Mask | None:
        """The region on this slice; None, which is said, where it was painted on other pixels of it."""
        found = None if region is None else region.on(surface.info)
        if found is None:
            return np.zeros(surface.decoded.image.shape, dtype=bool)
        if found.pixel_hash != surface.decoded.pixel_hash:
            self.told.emit(
                tr("The region was painted on other pixels of this slice. Begin another one."), "warning"
            )
            return None
        return found.mask()

    def _has_worked(self, before: PaintedRegion | None, after: PaintedRegion | None, name: str) -> None:
        self._stroke = None
        self._do_if_other(before, after, name)

    def _do_if_other(self, before: PaintedRegion | None, after: PaintedRegion | None, name: str) -> None:
        if before is not None and after is not None and before.masks == after.masks:
            self.told.emit(tr("Nothing changed."), "info")
            return
        if before is not None or after is not None:
            self._do(before, after, name)

    def _do(self, before: PaintedRegion | None, after: PaintedRegion | None, name: str) -> None:
        self._store.do(RegionStep(before, after, name))
        if after is not None:
            self._store.select(after.id)


def _name_of(stroke: RegionStroke) -> str:
    if isinstance(stroke, PlaneStroke) and stroke.ball:
        return tr("erase in region in 3-D") if stroke.erase else tr("paint region in 3-D")
    return tr("erase in region") if stroke.erase else tr("paint region")


def _has_hu(surface: Surface) -> bool:
    """Whether the values of a slice are HU, as `Surface.image` sees it."""
    return surface.series.modality in {"CT", ""} and surface.decoded.rgb is None
