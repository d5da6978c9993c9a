"""How large a region of voxels is in mL, within which bounds, and what ABC/2 makes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.annotation.abc2 import AbcSlice, extent_mm, volume_ml
from ichviewer.domain.voxel_region import Mask, VoxelRegion

_MM3_IN_ML = 1000.0


@dataclass(frozen=True)
class RegionVolume:
    """Volume of a region, and the bounds that voxels filled in part leave.

    Parameters
    ----------
    ml : float
        All voxels of the region, each counted whole.
    low_ml, high_ml : float
        A voxel counts as inside by its center. Where the surface is flat on the scale of a voxel, one inside is then
        at least half full, and one outside at most: half of the voxels inside at the surface may be too much, and
        half of the voxels outside at the surface may be missing. What the HU tell about edges is not in the bounds.
    """

    ml: float
    low_ml: float
    high_ml: float

    def __post_init__(self) -> None:
        if not 0 <= self.low_ml <= self.ml <= self.high_ml < math.inf:
            raise ValueError(f"bounds lie around the volume. Received: {self}")


@dataclass(frozen=True)
class RegionAbc2:
    """ABC/2 of a region, as a person would measure it (`ichviewer.domain.annotation.abc2`).

    Parameters
    ----------
    index : int
        The slice of the largest area.
    a_mm : float
        Greatest diameter there, between the outer corners of pixels.
    b_mm : float
        How wide the region is there at right angles to A.
    c_mm : float
        Number of slices, weighted by area, times their distance.
    slices : tuple of AbcSlice
        From the first to the last slice with a part of the region.
    """

    index: int
    a_mm: float
    b_mm: float
    c_mm: float
    slices: tuple[AbcSlice, ...]

    @property
    def ml(self) -> float:
        """A x B x C / 2 in mL."""
        return volume_ml(self.a_mm, self.b_mm, self.c_mm)


@dataclass(frozen=True)
class VolumeComparison:
    """The volume by voxels and by ABC/2, side by side."""

    voxels: RegionVolume
    abc2: RegionAbc2

    @property
    def difference_ml(self) -> float:
        """How much more ABC/2 tells than the voxels, in mL."""
        return self.abc2.ml - self.voxels.ml

    @property
    def ratio(self) -> float:
        """What ABC/2 tells, as a multiple of the volume by voxels."""
        return self.abc2.ml / self.voxels.ml


def region_volume(region: VoxelRegion) -> RegionVolume:
    """Volume of a region.

    Raises
    ------
    ValueError
        If the series has one slice of unknown thickness.
    """
    per_slice = _voxel_ml(region)
    mask = np.pad(region.mask, 1)
    inner, outer = _surface(mask)
    # Beyond the series there are no voxels.
    exists = np.zeros(mask.shape, dtype=bool)
    low = [1 if first == 0 else 0 for first in region.start]
    high = [
        n - 1 if first + n - 2 == whole else n
        for n, first, whole in zip(mask.shape, region.start, region.grid.shape, strict=True)
    ]
    exists[tuple(slice(a, b) for a, b in zip(low, high, strict=True))] = True
    outer &= exists
    whole, less, more = (float(_per_slice(m) @ per_slice) for m in (mask, inner, outer))
    return RegionVolume(whole, whole - less / 2, whole + more / 2)


def region_abc2(region: VoxelRegion) -> RegionAbc2:
    """ABC/2 of a region.

    Raises
    ------
    ValueError
        If the region is empty, or the series has one slice of unknown thickness.
    """
    counts = _per_slice(region.mask)
    extents = region.grid.extents_mm
    if region.n_voxels == 0 or extents is None:
        raise ValueError(
            f"ABC/2 needs voxels and distances of slices. Received: {region.n_voxels} voxels, extents {extents}"
        )
    largest = int(np.argmax(counts))
    index = region.start[0] + largest
    slices = tuple(
        AbcSlice(float(n / counts[largest]), float(extents[k]))
        for n, k in zip(counts, region.slices, strict=True)
    )
    a_mm, b_mm = _diameters(region, largest)
    return RegionAbc2(index, a_mm, b_mm, extent_mm(slices) or 0.0, slices)


def compare_volumes(region: VoxelRegion) -> VolumeComparison:
    """The volume of a region by voxels and by ABC/2; errors as in `region_abc2`."""
    return VolumeComparison(region_volume(region), region_abc2(region))


def _voxel_ml(region: VoxelRegion) -> NDArray[np.float64]:
    """Volume of one voxel in mL, of the region's slices and one on either side, 0 beyond the series."""
    grid = region.grid
    if grid.extents_mm is None:
        raise ValueError("one slice of unknown thickness has no volume. Received: no thickness")
    first = region.start[0]
    around = np.pad(grid.extents_mm, 1)[first : first + region.mask.shape[0] + 2]
    volumes: NDArray[np.float64] = around * (grid.spacing.row_mm * grid.spacing.column_mm / _MM3_IN_ML)
    return volumes


def _per_slice(mask: Mask) -> NDArray[np.float64]:
    counts: NDArray[np.float64] = np.count_nonzero(mask, axis=(1, 2)).astype(np.float64)
    return counts


def _surface(mask: Mask) -> tuple[Mask, Mask]:
    """Voxels inside with a face to the outside, and voxels outside with a face to the inside; the rim is outside."""
    inner, outer = np.zeros_like(mask), np.zeros_like(mask)
    for axis in range(3):
        ahead = tuple(slice(1, None) if a == axis else slice(None) for a in range(3))
        behind = tuple(slice(None, -1) if a == axis else slice(None) for a in range(3))
        for here, there in ((ahead, behind), (behind, ahead)):
            inner[here] |= mask[here] & ~mask[there]
            outer[here] |= ~mask[here] & mask[there]
    return inner, outer


def _diameters(region: VoxelRegion, place: int) -> tuple[float, float]:
    """Greatest distance between corners of pixels on a slice of the mask, and the width across it, in mm."""
    mask = region.mask[place]
    rows = np.flatnonzero(mask.any(axis=1))
    # Only the outermost pixels of each row can be ends of the longest line.
    left = mask[rows].argmax(axis=1) - 0.5
    right = mask.shape[1] - mask[rows][:, ::-1].argmax(axis=1) - 0.5
    edges = np.concatenate([np.column_stack([r, c]) for r in (rows - 0.5, rows + 0.5) for c in (left, right)])
    corners = edges * [region.grid.spacing.row_mm, region.grid.spacing.column_mm]
    apart = ((corners[:, None] - corners) ** 2).sum(axis=2)
    one, other = np.unravel_index(int(apart.argmax()), apart.shape)
    along = (corners[other] - corners[one]) / math.sqrt(apart[one, other])
    across = corners @ np.array([-along[1], along[0]])
    return math.sqrt(apart[one, other]), float(np.ptp(across))
