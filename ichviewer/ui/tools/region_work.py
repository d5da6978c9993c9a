"""What a person does to painted regions: brush, eraser, growing and smoothing, each a step that can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

import numpy as np
from PySide6.QtCore import QObject, Signal

from ichviewer.domain.annotation.base import new_id
from ichviewer.domain.painted_region import (
    PaintedRegion,
    RegionStep,
    SliceMask,
    names_no_slices,
    of_series,
)
from ichviewer.domain.region_edit import PixelPlace, brushed, grown, smoothed
from ichviewer.domain.region_growing import WITHIN_MM
from ichviewer.domain.series import Series
from ichviewer.domain.voxel_region import Mask
from ichviewer.errors import IchViewerError
from ichviewer.ui.session.backend import Pixels
from ichviewer.ui.session.workers import Task, Workers
from ichviewer.ui.tools.region_jobs import (
    HIGHEST_HU,
    LOWEST_HU,
    Grown,
    Growth,
    grow_through,
    refusal_in_3d,
    smooth_through,
)
from ichviewer.ui.tools.region_measures import RegionMeasures
from ichviewer.ui.tools.region_store import RegionStore
from ichviewer.ui.tools.surface import Surface

_LANE = "region"


class Mode(StrEnum):
    """What the left button does."""

    PAINT = "paint"
    ERASE = "erase"
    GROW = "grow"


@dataclass(frozen=True)
class RegionSettings:
    """How regions are painted.

    Parameters
    ----------
    mode : Mode
    radius : float
        Of the brush, in mm; in pixels where there is no spacing.
    low_hu, high_hu : int
        What belongs to a grown region, both included. Acute blood has some 50 to 90 HU.
    within : float
        As far from the seed a region grows, in mm; in pixels where there is no spacing.
    through_slices : bool
        Grow and smooth in 3-D rather than on the slice in view.
    """

    mode: Mode = Mode.GROW
    radius: float = 4.0
    low_hu: int = 45
    high_hu: int = 100
    within: float = WITHIN_MM
    through_slices: bool = False

    def __post_init__(self) -> None:
        if not (
            self.radius > 0 and self.within > 0 and LOWEST_HU <= self.low_hu <= self.high_hu <= HIGHEST_HU
        ):
            raise ValueError(f"a brush has a radius, and a range two ends in order. Received: {self}")


@dataclass(frozen=True, eq=False)
class _Stroke:
    """A stroke under way."""

    surface: Surface
    before: PaintedRegion | None
    mask: Mask
    last: PixelPlace
    erase: bool
    shown: PaintedRegion | None


class RegionWork(QObject):
    """Paints in the region that is selected, or begins one.

    Parameters
    ----------
    store : RegionStore
    measures : RegionMeasures
    workers : Workers
    pixels : callable
        Gives what decodes slices of what is open.

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
        self, store: RegionStore, measures: RegionMeasures, workers: Workers, pixels: Callable[[], Pixels]
    ) -> None:
        super().__init__(store)
        self._store = store
        self._measures = measures
        self._workers = workers
        self._pixels = pixels
        self._settings = RegionSettings()
        self._stroke: _Stroke | None = None
        self._task: Task | None = None
        self._progress = (0, 0)
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
        """Whether a region is being grown or smoothed through slices."""
        return self._task is not None and not self._task.over

    @property
    def progress(self) -> tuple[int, int]:
        """Slices read and slices to read for it."""
        return self._progress

    @property
    def painting(self) -> bool:
        """Whether a stroke is under way."""
        return self._stroke is not None

    def regions(self, series: Series) -> tuple[PaintedRegion, ...]:
        """The regions of a series as they are to be drawn, with the stroke under way."""
        found = {region.id: region for region in self._store.of_series(series)}
        stroke = self._stroke
        if stroke is not None and stroke.surface.series.key == series.key:
            if stroke.before is not None:
                found.pop(stroke.before.id, None)
            if stroke.shown is not None:
                found[stroke.shown.id] = stroke.shown
        return tuple(sorted(found.values(), key=lambda region: (region.created, region.id)))

    def current(self, series: Series | None) -> PaintedRegion | None:
        """The region of a series that is painted in, as it is drawn; None before the first stroke of a new one."""
        stroke = self._stroke
        if stroke is not None and series is not None and stroke.surface.series.key == series.key:
            return stroke.shown
        selected = self._store.selected
        return (
            selected if selected is not None and series is not None and of_series(selected, series) else None
        )

    # Brush

    def press(self, surface: Surface, at: PixelPlace) -> None:
        """Begin a stroke, or grow from a pixel."""
        refused = names_no_slices(surface.series)
        if refused:
            self.told.emit(f"No region can be kept here: {refused}.", "warning")
            return
        before = self.current(surface.series)
        mask = self._mask(before, surface)
        if mask is None:
            return
        if self._settings.mode is Mode.GROW:
            self._grow(surface, before, at, mask)
            return
        erase = self._settings.mode is Mode.ERASE
        if erase and before is None:
            self.told.emit("Select the region to erase from first.", "info")
            return
        self._stroke = _Stroke(surface, before, mask, at, erase, before)
        self.move(at)

    def move(self, at: PixelPlace) -> None:
        """Go on with a stroke."""
        stroke = self._stroke
        if stroke is None:
            return
        mask = brushed(
            stroke.mask,
            (stroke.last, at),
            self._settings.radius,
            stroke.surface.info.spacing,
            erase=stroke.erase,
        )
        shown = stroke.shown
        if not np.array_equal(mask, stroke.mask):
            shown = self._with_mask(shown, stroke.surface, mask)
            if shown is not None:
                self._measures.follow(shown, stroke.surface.series)
        self._stroke = replace(stroke, mask=mask, last=at, shown=shown)
        self.changed.emit()

    def release(self) -> None:
        """End a stroke: from now on it can be undone."""
        stroke, self._stroke = self._stroke, None
        if stroke is None:
            return
        if stroke.shown != stroke.before:
            self._do(stroke.before, stroke.shown, "erase in region" if stroke.erase else "paint region")
        self.changed.emit()

    def leave(self) -> None:
        """Leave a stroke that is under way: nothing of it stays."""
        if self._stroke is not None:
            self._stroke = None
            self.changed.emit()

    def _leave_if_changed(self) -> None:
        """A stroke does not go on where its region was undone, deleted or forgotten meanwhile."""
        before = None if self._stroke is None else self._stroke.before
        if before is not None and self._store.regions.get(before.id) != before:
            self.leave()

    # Growing and smoothing

    def smooth(self, surface: Surface) -> None:
        """Smooth the region that is selected, on this slice or through all."""
        before = self.current(surface.series)
        if before is None:
            self.told.emit("Select the region to smooth first.", "info")
            return
        if self._settings.through_slices:
            self._smooth_through(before, surface.series)
            return
        mask = self._mask(before, surface)
        if mask is not None and mask.any():
            after = self._with_mask(before, surface, smoothed(mask))
            self._do_if_other(before, after, "smooth region")

    def cancel(self) -> None:
        """Stop growing or smoothing through slices; nothing of it stays."""
        if self._task is not None:
            self._task.drop()
            self._task = None
            self.changed.emit()

    def clear(self) -> None:
        """Leave and stop everything."""
        self._stroke = None
        self.cancel()

    # The whole region

    def rename(self, region: PaintedRegion, name: str) -> None:
        """Call a region something else."""
        if name != region.name:
            self._do(region, region.named(name, datetime.now(UTC)), "name region")

    def delete(self, region: PaintedRegion) -> None:
        """Delete a region."""
        self.clear()
        self._store.do(RegionStep(region, None, "delete region"))

    # Parts

    def _grow(self, surface: Surface, before: PaintedRegion | None, at: PixelPlace, mask: Mask) -> None:
        settings, image = self._settings, surface.decoded.image
        if surface.series.modality not in {"CT", ""} or surface.decoded.rgb is not None:
            self.told.emit(
                "Regions grow on CT only: these values are no HU. The brush paints on all.", "warning"
            )
            return
        row, column = (min(max(round(v), 0), n - 1) for v, n in zip(at, image.shape, strict=True))
        value = image.hu_at(row, column)
        if value is None or not settings.low_hu <= value <= settings.high_hu:
            found = "no value" if value is None else f"{value:.0f} HU"
            self.told.emit(
                f"Nothing grows from here: {found}, not within {settings.low_hu} to {settings.high_hu} HU.",
                "info",
            )
            return
        range_hu = float(settings.low_hu), float(settings.high_hu)
        if settings.through_slices:
            self._grow_through(surface, before, (row, column), range_hu)
            return
        more, limited = grown(image, (row, column), range_hu, surface.info.spacing, within=settings.within)
        self._do_if_other(before, self._with_mask(before, surface, mask | more), "grow region")
        if limited:
            self._tell_limit(surface.info.spacing is not None)

    def _grow_through(
        self,
        surface: Surface,
        before: PaintedRegion | None,
        seed_px: tuple[int, int],
        range_hu: tuple[float, float],
    ) -> None:
        series = surface.series
        refused = refusal_in_3d(series)
        if refused:
            self.told.emit(f"Regions do not grow in 3-D here: {refused}. Grow slice by slice.", "warning")
            return
        asked = Growth(
            series, surface.index, surface.decoded.pixel_hash, seed_px, range_hu, self._settings.within
        )
        pixels, base = self._pixels(), None if before is None else before.id
        self._run(
            lambda context: grow_through(context, asked, pixels),
            lambda found: self._has_grown(found, asked, base),
        )

    def _smooth_through(self, before: PaintedRegion, series: Series) -> None:
        refused = refusal_in_3d(series)
        if refused:
            self.told.emit(
                f"Regions are not smoothed in 3-D here: {refused}. Smooth slice by slice.", "warning"
            )
            return
        pixels = self._pixels()
        self._run(
            lambda context: smooth_through(context, before, series, pixels),
            lambda after: self._has_smoothed(before, after),
        )

    def _run(self, work: Callable[..., object], on_result: Callable[..., None]) -> None:
        self.cancel()
        self._progress = (0, 0)
        self._task = self._workers.run(
            work, on_result=on_result, on_error=self._not_done, on_progress=self._got_further, lane=_LANE
        )
        self.changed.emit()

    def _has_grown(self, found: Grown, asked: Growth, base: str | None) -> None:
        before = None if base is None else self._store.regions.get(base)
        if base is not None and before is None:
            self.told.emit("The region was deleted while it grew.", "info")
            self.changed.emit()
            return
        after = self._joined(before, found.masks, asked.series)
        if after is None:
            self.told.emit("The region was painted on other pixels than it would grow on.", "warning")
        else:
            self._measures.see((*mask.place, mask.pixel_hash) for mask in found.masks)
            self._do_if_other(before, after, "grow region in 3-D")
            if found.reached_limit:
                self._tell_limit(True)
            if found.unread:
                slices = ", ".join(str(i + 1) for i in found.unread[:8])
                self.told.emit(f"Slices could not be read, and the region ends there: {slices}.", "warning")
        self.changed.emit()

    def _has_smoothed(self, before: PaintedRegion, after: PaintedRegion | None) -> None:
        if self._store.regions.get(before.id) != before:
            self.told.emit("The region was changed while it was smoothed; smooth it again.", "info")
        else:
            self._do_if_other(before, after, "smooth region in 3-D")
        self.changed.emit()

    def _not_done(self, error: BaseException) -> None:
        if isinstance(error, IchViewerError):
            self.told.emit(str(error), "error")
        else:
            self.failed.emit(error)
        self.changed.emit()

    def _got_further(self, done: int, total: int, _: str) -> None:
        self._progress = (done, total)
        self.changed.emit()

    def _tell_limit(self, in_mm: bool) -> None:
        unit = "mm" if in_mm else "pixels"
        self.told.emit(
            f"The region reached {self._settings.within:g} {unit} from the seed: it may have leaked.",
            "warning",
        )

    def _mask(self, region: PaintedRegion | None, surface: Surface) -> Mask | None:
        """The region on this slice; None, which is said, where it was painted on other pixels of it."""
        found = None if region is None else region.on(surface.info)
        if found is None:
            return np.zeros(surface.decoded.image.shape, dtype=bool)
        if found.pixel_hash != surface.decoded.pixel_hash:
            self.told.emit(
                "The region was painted on other pixels of this slice. Begin another one.", "warning"
            )
            return None
        return found.mask()

    def _with_mask(self, region: PaintedRegion | None, surface: Surface, mask: Mask) -> PaintedRegion | None:
        """A region, or a new one, with another mask on a slice; None where nothing is left of it."""
        info, pixel_hash, now = surface.info, surface.decoded.pixel_hash, datetime.now(UTC)
        place = info.sop_uid, info.source.frame
        self._measures.see([(*place, pixel_hash)])
        masks = {} if region is None else dict(region.by_place)
        masks.pop(place, None)
        if mask.any():
            masks[place] = SliceMask.of(place, pixel_hash, mask)
        if region is not None:
            return region.with_masks(masks.values(), now)
        return PaintedRegion(new_id(), surface.series.key, tuple(masks.values()), now, now) if masks else None

    def _joined(
        self, region: PaintedRegion | None, masks: tuple[SliceMask, ...], series: Series
    ) -> PaintedRegion | None:
        """A region, or a new one, with masks added to it; None where it has other pixels on one of their slices."""
        now = datetime.now(UTC)
        if region is None:
            ordered = tuple(sorted(masks, key=lambda mask: mask.place))
            return PaintedRegion(new_id(), series.key, ordered, now, now)
        joined = dict(region.by_place)
        for mask in masks:
            old = joined.get(mask.place)
            if old is not None and old.pixel_hash != mask.pixel_hash:
                return None
            joined[mask.place] = (
                mask if old is None else SliceMask.of(mask.place, mask.pixel_hash, old.mask() | mask.mask())
            )
        return region.with_masks(joined.values(), now)

    def _do_if_other(self, before: PaintedRegion | None, after: PaintedRegion | None, name: str) -> None:
        if before is not None and after is not None and before.masks == after.masks:
            self.told.emit("Nothing changed.", "info")
            return
        if before is not None or after is not None:
            self._do(before, after, name)

    def _do(self, before: PaintedRegion | None, after: PaintedRegion | None, name: str) -> None:
        self._store.do(RegionStep(before, after, name))
        if after is not None:
            self._store.select(after.id)
