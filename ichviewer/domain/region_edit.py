"""Brush, growing and smoothing on a single slice, with or without a pixel spacing, and on all slices of a region."""

from __future__ import annotations

from collections.abc import Sequence

from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.hu import SliceImage
from ichviewer.domain.region_cut import RegionBox
from ichviewer.domain.region_growing import WITHIN_MM, grow
from ichviewer.domain.voxel_region import Mask, VoxelGrid, VoxelRegion

PixelPlace = tuple[float, float]
"""Row and column; the center of a pixel is a whole number."""


def brushed(
    mask: Mask,
    stroke_px: Sequence[PixelPlace],
    radius: float,
    spacing: PixelSpacing | None,
    *,
    erase: bool = False,
) -> Mask:
    """A mask after a stroke of a round brush.

    Parameters
    ----------
    mask : ndarray of bool, shape (rows, columns)
    stroke_px : sequence of (row, column)
    radius : float
        In mm; in pixels where there is no spacing.
    spacing : PixelSpacing or None
    erase : bool
        Take pixels away instead.
    """
    return _flat(mask, spacing).painted(0, stroke_px, radius, erase=erase).on_slice(0)


def smoothed(mask: Mask) -> Mask:
    """A mask after a majority vote of each pixel and its 8 neighbors."""
    return _flat(mask, None).smoothed().on_slice(0)


def grown(
    image: SliceImage,
    seed_px: tuple[int, int],
    range_hu: tuple[float, float],
    spacing: PixelSpacing | None,
    *,
    within: float = WITHIN_MM,
) -> tuple[Mask, bool]:
    """The pixels of a slice that are connected with a seed, and whether they reach the limit.

    Parameters
    ----------
    image : SliceImage
    seed_px : (row, column)
    range_hu : (lowest, highest)
    spacing : PixelSpacing or None
    within : float
        As far from the seed, in mm; in pixels where there is no spacing.

    Raises
    ------
    ValueError
        As of `ichviewer.domain.region_growing.grow`.
    """
    hu, missing = image.hu()[None], image.missing()[None]
    grid = _flat_grid(image.shape, spacing)
    found = grow(hu, grid, (0, *seed_px), range_hu, within_mm=within, one_slice=True, missing=missing)
    return found.region.on_slice(0), found.reached_limit


def smoothed_through(grid: VoxelGrid, masks: dict[int, Mask]) -> dict[int, Mask]:
    """Masks by the index of their slice after a majority vote of 27 voxels around each; empty ones are left out."""
    region = region_on(grid, masks).smoothed(through_slices=True)
    return {index: mask for index in region.slices if (mask := region.on_slice(index)).any()}


def region_on(grid: VoxelGrid, masks: dict[int, Mask]) -> VoxelRegion:
    """Masks by the index of their slice as one region of voxels."""
    box = RegionBox.of(masks)
    return VoxelRegion.empty(grid) if box is None else VoxelRegion.within(grid, box.start, box.mask)


def _flat(mask: Mask, spacing: PixelSpacing | None) -> VoxelRegion:
    return VoxelRegion.within(_flat_grid((mask.shape[0], mask.shape[1]), spacing), (0, 0, 0), mask[None])


def _flat_grid(shape: tuple[int, int], spacing: PixelSpacing | None) -> VoxelGrid:
    """A grid of one slice, in a plane of its own: where it lies in the patient does not matter on it."""
    plane = Plane((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
    return VoxelGrid(*shape, spacing or PixelSpacing(1.0, 1.0), (plane,))
