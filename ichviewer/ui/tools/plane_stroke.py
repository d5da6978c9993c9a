"""A stroke of the brush on a reformat: it paints the voxels of the slices that the plane or slab holds."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.painted_region import PaintedRegion, SliceMask
from ichviewer.domain.plane_band import PlaneBand
from ichviewer.domain.plane_brush import PlaneBrush, nearest_voxel
from ichviewer.domain.region_cut import RegionBox
from ichviewer.domain.region_edit import PixelPlace
from ichviewer.domain.volume import Volume, missing_in
from ichviewer.domain.voxel_region import Index
from ichviewer.ui.panes.shown_plane import ShownPlane
from ichviewer.ui.tools.plane_surface import shows_hu
from ichviewer.ui.tools.region_boxes import RegionBoxes
from ichviewer.ui.tools.region_jobs import Seen
from ichviewer.ui.tools.region_settings import Mode, RegionSettings
from ichviewer.ui.tools.region_stroke import RegionStroke, with_masks


def plane_band(shown: ShownPlane) -> PlaneBand:
    """What belongs to a plane on screen, as thick as its slab."""
    slab = shown.slab
    return PlaneBand(shown.volume.geometry, shown.view, 0.0 if slab is None else slab.thickness_mm)


def voxel_at(shown: ShownPlane, at: PixelPlace) -> Index | None:
    """The voxel that a plane shows at a place; None where there is no image, or its slice was not read."""
    found = nearest_voxel(plane_band(shown), at)
    return found if found is not None and shown.volume.pixel_hashes[found[0]] else None


def voxel_hu(volume: Volume, voxel: Index | None) -> float | None:
    """The value of a voxel; None where there is no image."""
    if voxel is None:
        return None
    value = volume.voxels[voxel]
    return None if missing_in(value[None])[0] else float(value)


class PlaneStroke(RegionStroke):
    """A stroke on a reformat; its region is shown on all reformats while it goes on.

    Parameters
    ----------
    shown : ShownPlane
    before : PaintedRegion or None
    box : RegionBox or None
        The voxels of ``before``.
    at : (row, column)
        Where it begins.
    settings : RegionSettings
        Whether it erases, is a ball, and keeps to a range.
    boxes : RegionBoxes
        Gets the region with the stroke.
    """

    def __init__(
        self,
        shown: ShownPlane,
        before: PaintedRegion | None,
        box: RegionBox | None,
        at: PixelPlace,
        *,
        settings: RegionSettings,
        boxes: RegionBoxes,
    ) -> None:
        super().__init__(shown.series, before, erase=settings.mode is Mode.ERASE)
        self.ball = settings.through_slices
        self._volume = shown.volume
        self._boxes = boxes
        self._box = box
        self._band = plane_band(shown)
        self._last = at
        in_range = settings.paint_in_range and not self.erase and shows_hu(shown.series)
        self._range_hu = (settings.low_hu, settings.high_hu) if in_range else None
        self._readable = np.array([bool(found) for found in self._volume.pixel_hashes])
        # Only what is touched of it takes memory.
        self._whole = np.zeros(self._volume.voxels.shape, dtype=bool)
        self._low: NDArray[np.intp] = np.array(self._whole.shape, dtype=np.intp)
        self._high: NDArray[np.intp] = np.zeros(3, dtype=np.intp)
        if box is not None:
            self._low, self._high = np.array(box.start), np.add(box.start, box.mask.shape)
            self._whole[self._used] = box.mask

    @property
    def _used(self) -> tuple[slice, ...]:
        return tuple(slice(a, b) for a, b in zip(self._low.tolist(), self._high.tolist(), strict=True))

    def go(self, at: PixelPlace, radius: float) -> bool:
        """Paint the voxels; those of slices that were not read are left out."""
        brush = PlaneBrush(self._band, radius, self.ball)
        parts = [self._paint(np.stack(part)) for part in brush.covered_parts(self._last, at)]
        self._last = at
        touched = sorted(set[int]().union(*parts))
        if not touched:
            return False
        self.shown = with_masks(self.shown, self.series, dict(map(self._mask, touched)))
        if self.shown is not None:
            box = RegionBox((*self._low.tolist(),), self._whole[self._used].copy())
            self._boxes.put(self.shown, self._volume, box)
        return True

    def _paint(self, voxels: NDArray[np.intp]) -> set[int]:
        """Paint voxels, shape (3, n); indices of the slices that this changes."""
        other = self._readable[voxels[0]] & (self._whole[tuple(voxels)] == self.erase)
        if self._range_hu is not None:
            # Voxels without an image lie below any range, or are NaN.
            hu = self._volume.voxels[tuple(voxels)]
            other &= (hu >= self._range_hu[0]) & (hu <= self._range_hu[1])
        if not other.any():
            return set()
        voxels = voxels[:, other]
        self._whole[tuple(voxels)] = not self.erase
        self._low = np.minimum(self._low, voxels.min(axis=1))
        self._high = np.maximum(self._high, voxels.max(axis=1) + 1)
        return set(np.unique(voxels[0]).tolist())

    def seen(self) -> Iterable[Seen]:
        """All slices of it: those of a region that was there before were compared with the volume."""
        return [] if self.shown is None else [(*mask.place, mask.pixel_hash) for mask in self.shown.masks]

    def drop(self) -> None:
        """Show the region as it was."""
        if self.before is not None and self._box is not None:
            self._boxes.put(self.before, self._volume, self._box)

    def _mask(self, index: int) -> tuple[tuple[str, int], SliceMask | None]:
        info, mask = self.series.slices[index], self._whole[index]
        place = info.sop_uid, info.source.frame
        found = SliceMask.of(place, self._volume.pixel_hashes[index], mask) if mask.any() else None
        return place, found
