"""What a painted region measures in its series: pixels, mL with bounds, and ABC/2 of the same voxels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ichviewer.domain.annotation.image_grid import SpacingTrust, spacing_trust
from ichviewer.domain.painted_region import PaintedRegion
from ichviewer.domain.problems import ProblemCode
from ichviewer.domain.region_edit import region_on
from ichviewer.domain.region_volume import RegionVolume, region_abc2, region_volume
from ichviewer.domain.series import Series
from ichviewer.domain.voxel_region import VoxelGrid, VoxelRegion

# A step this much longer than the usual one stands for slices that are missing, where the series says that some are.
_LONG_STEP = 1.5


class NoMl(StrEnum):
    """Why a region has no mL; the value is what files hold."""

    NO_SPACING = "no_spacing"
    NO_GEOMETRY = "no_geometry"
    NO_THICKNESS = "no_thickness"
    SLICES_NOT_OPEN = "slices_not_open"
    OTHER_PIXELS = "other_pixels"
    UNREADABLE = "unreadable"
    NOT_ALL_RECEIVED = "not_all_received"

    @property
    def text(self) -> str:
        """In words."""
        return _WORDS[self]


_WORDS = {
    NoMl.NO_SPACING: "the files tell no pixel spacing",
    NoMl.NO_GEOMETRY: "the files do not tell where all slices lie, or not as one stack",
    NoMl.NO_THICKNESS: "a single slice of unknown thickness",
    NoMl.SLICES_NOT_OPEN: "some of its slices are not open",
    NoMl.OTHER_PIXELS: "it was painted on other pixels",
    NoMl.UNREADABLE: "one of its slices cannot be read",
    NoMl.NOT_ALL_RECEIVED: "not all images of the study were received",
}


@dataclass(frozen=True)
class RegionNumbers:
    """What a region measures.

    Parameters
    ----------
    n_pixels, n_slices : int
        On all slices that it was painted on.
    volume : RegionVolume or None
    no_ml : NoMl or None
        Why there is no volume.
    abc2_ml : float or None
        ABC/2 of the region's own voxels, `ichviewer.domain.region_volume.region_abc2`.
    estimated : bool
        The pixel spacing was estimated, and so is what follows from it.
    has_gap : bool
        Slices are missing within the region or beside it; the bounds are as much wider as they would hold.
    """

    n_pixels: int
    n_slices: int
    volume: RegionVolume | None = None
    no_ml: NoMl | None = None
    abc2_ml: float | None = None
    estimated: bool = False
    has_gap: bool = False

    def __post_init__(self) -> None:
        if (self.volume is None) == (self.no_ml is None) or min(self.n_pixels, self.n_slices) < 1:
            raise ValueError(f"a region has pixels, and a volume or a reason for none. Received: {self}")


def measure_region(region: PaintedRegion, series: Series) -> RegionNumbers:
    """Measure a region by the geometry that the headers of its series tell.

    Whether the slices still hold the pixels that were painted on is for the caller to check first: headers do not
    tell (`not_measured` stands for a region whose slices do not).
    """
    by_place = {(info.sop_uid, info.source.frame): i for i, info in enumerate(series.slices)}
    indices = [by_place[place] for place in region.by_place if place in by_place]
    if len(indices) != len(region.masks):
        return not_measured(region, NoMl.SLICES_NOT_OPEN)
    if not series.all_received:
        return not_measured(region, NoMl.NOT_ALL_RECEIVED)
    if any(series.slices[i].spacing is None for i in indices):
        return not_measured(region, NoMl.NO_SPACING)
    try:
        grid = VoxelGrid.of(series)
    except ValueError:
        return not_measured(region, NoMl.NO_GEOMETRY)
    if grid.extents_mm is None:
        return not_measured(region, NoMl.NO_THICKNESS)
    sizes = {(mask.rows, mask.columns) for mask in region.masks}
    if sizes != {(grid.rows, grid.columns)}:
        return not_measured(region, NoMl.OTHER_PIXELS)
    voxels = region_on(grid, {by_place[mask.place]: mask.mask() for mask in region.masks})
    gap_ml = _gap_ml(voxels, series)
    found = region_volume(voxels)
    return RegionNumbers(
        region.n_pixels,
        len(region.masks),
        RegionVolume(found.ml, max(0.0, found.low_ml - gap_ml), found.high_ml + gap_ml),
        abc2_ml=region_abc2(voxels).ml,
        estimated=any(spacing_trust(series, i) is SpacingTrust.ESTIMATED for i in indices),
        has_gap=gap_ml > 0,
    )


def not_measured(region: PaintedRegion, why: NoMl) -> RegionNumbers:
    """A region without mL."""
    return RegionNumbers(region.n_pixels, len(region.masks), no_ml=why)


def _gap_ml(voxels: VoxelRegion, series: Series) -> float:
    """What of a region's volume stands for slices that are missing, in mL."""
    grid = voxels.grid
    if len(series) < 3 or all(p.code is not ProblemCode.GAP for p in series.problems):
        return 0.0
    steps = np.abs(np.diff(grid.positions_mm))
    usual = float(np.median(steps))
    # Half of what is missing falls to the slice on either side of it.
    excess = np.where(steps > _LONG_STEP * usual, steps - usual, 0.0) / 2
    per_slice_mm = np.r_[0.0, excess] + np.r_[excess, 0.0]
    # The outermost slices reach as far out as in.
    per_slice_mm[0] *= 2
    per_slice_mm[-1] *= 2
    counts = np.count_nonzero(voxels.mask, axis=(1, 2))
    of_region = per_slice_mm[voxels.start[0] : voxels.start[0] + counts.size]
    return float(counts @ of_region) * grid.spacing.row_mm * grid.spacing.column_mm / 1000
