"""Grow a region from a seed: connected voxels whose HU lie within a range.

Each line of voxels is cut into runs that lie within the range; runs that touch are joined. That takes a few passes
over the runs, however the region winds, and no loop over voxels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.plane_band import PlaneBand
from ichviewer.domain.voxel_region import Index, Mask, VoxelGrid, VoxelRegion

WITHIN_MM = 60.0
"""A ball of 100 mL has a radius of 29 mm; along the skull a hematoma may reach further."""

# Most regions are small: the box starts with this around the seed and grows where the region touches it.
_FIRST_REACH_MM = 16.0

Integers = NDArray[np.intp]
Box = tuple[Index, Index]
"""The first voxel, and the one behind the last."""


@dataclass(frozen=True, eq=False)
class Grown:
    """A grown region.

    Parameters
    ----------
    region : VoxelRegion
    reached_limit : bool
        Whether it would have gone on beyond the limit: it may have leaked into something else.
    """

    region: VoxelRegion
    reached_limit: bool


def grow(
    hu: NDArray[Any],
    grid: VoxelGrid,
    seed: Index,
    range_hu: tuple[float, float],
    *,
    within_mm: float = WITHIN_MM,
    one_slice: bool = False,
    missing: Mask | None = None,
    band: PlaneBand | None = None,
) -> Grown:
    """The voxels that are connected with a seed through voxels of a range.

    Connected are voxels whose faces touch: 6 neighbors, 4 on a slice.

    Parameters
    ----------
    hu : ndarray of any real type, shape (slices, rows, columns)
    grid : VoxelGrid
    seed : tuple of int
        Slice, row and column.
    range_hu : tuple of float
        Lowest and highest HU that belong to it, both included.
    within_mm : float
        No voxel further from the seed than this belongs to it.
    one_slice : bool
        Stay on the seed's slice.
    missing : ndarray of bool, shape (slices, rows, columns), optional
        Voxels without an image, which never belong to it.
    band : PlaneBand, optional
        Stay within a plane or slab of the volume.

    Raises
    ------
    ValueError
        If array and grid do not fit, the seed lies outside or is not within the range, or the range or the limit are
        none.
    """
    low_hu, high_hu = range_hu
    if hu.shape != grid.shape or (missing is not None and missing.shape != hu.shape):
        raise ValueError(f"the values must have the grid's shape {grid.shape}. Received: {hu.shape}")
    if not low_hu <= high_hu or not 0 < within_mm < math.inf:
        raise ValueError(f"a range and a limit are needed. Received: {range_hu} HU, {within_mm} mm")
    if not all(0 <= at < n for at, n in zip(seed, hu.shape, strict=True)):
        raise ValueError(f"the seed must lie within {hu.shape}. Received: {seed}")
    if not low_hu <= hu[seed] <= high_hu or (missing is not None and missing[seed]):
        raise ValueError(f"the seed must be within {range_hu} HU and no padding. Received: {hu[seed]}")
    search = _Search(hu, grid, seed, _whole_range(hu, range_hu), within_mm, missing, band)
    limit = _box(grid, seed, within_mm, one_slice=one_slice)
    box = _first_box(grid, seed, limit)
    while True:
        inside = search.connected(box)
        larger = _larger(box, limit, seed, inside)
        if larger == box:
            region = VoxelRegion.within(grid, box[0], inside)
            return Grown(region, _touch(inside, search.allowed(box, beyond=True), one_slice=one_slice))
        box = larger


@dataclass(frozen=True, eq=False)
class _Search:
    """What is asked for, on any box of the grid."""

    hu: NDArray[Any]
    grid: VoxelGrid
    seed: Index
    range_hu: tuple[float, float]
    within_mm: float
    missing: Mask | None
    band: PlaneBand | None

    def allowed(self, box: Box, *, beyond: bool = False) -> Mask:
        """Voxels of a box within the range, and within the limit or beyond it."""
        first, last = box
        mask = np.empty([b - a for a, b in zip(first, last, strict=True)], dtype=bool)
        for k in range(first[0], last[0]):
            place = k, slice(first[1], last[1]), slice(first[2], last[2])
            values, fits = self.hu[place], mask[k - first[0]]
            np.greater_equal(values, self.range_hu[0], out=fits)
            fits &= values <= self.range_hu[1]
            if self.missing is not None:
                fits &= ~self.missing[place]
            if self.band is not None:
                rows, columns = np.arange(first[1], last[1]), np.arange(first[2], last[2])
                fits &= self.band.holds((np.array([[k]]), rows[:, None], columns[None]))
            near = self._near(k, box)
            fits &= ~near if beyond else near
        return mask

    def connected(self, box: Box) -> Mask:
        """Voxels of a box that are connected with the seed within it."""
        # One empty row and column more, so that no run goes on from one line to the next.
        mask = np.pad(self.allowed(box), ((0, 0), (0, 1), (0, 1)))
        return _connected(mask, tuple(at - a for at, a in zip(self.seed, box[0], strict=True)))[:, :-1, :-1]

    def _near(self, k: int, box: Box) -> Mask:
        """Which pixels of a slice within a box lie in the ball around the seed."""
        first, last = box
        down, across = self.grid.in_plane_mm(k, self.seed[0])
        rows = (np.arange(first[1], last[1]) - self.seed[1]) * self.grid.spacing.row_mm + down
        columns = (np.arange(first[2], last[2]) - self.seed[2]) * self.grid.spacing.column_mm + across
        away = self.grid.positions_mm[k] - self.grid.positions_mm[self.seed[0]]
        near: Mask = (rows**2)[:, None] + columns**2 <= self.within_mm**2 - away**2
        return near


def _whole_range(hu: NDArray[Any], range_hu: tuple[float, float]) -> tuple[float, float]:
    """The range in whole numbers where the values are, which are compared without making floats of them."""
    low, high = range_hu
    if hu.dtype.kind not in "iu":
        return range_hu
    return (math.ceil(low) if math.isfinite(low) else low, math.floor(high) if math.isfinite(high) else high)


def _first_box(grid: VoxelGrid, seed: Index, limit: Box) -> Box:
    """A small box around the seed."""
    gaps = np.abs(np.diff(grid.positions_mm))
    steps = (float(gaps.mean()) if gaps.size else 1.0, grid.spacing.row_mm, grid.spacing.column_mm)
    reach = [math.ceil(_FIRST_REACH_MM / step) for step in steps]
    low = [max(a, at - n) for a, at, n in zip(limit[0], seed, reach, strict=True)]
    high = [min(b, at + n + 1) for b, at, n in zip(limit[1], seed, reach, strict=True)]
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])


def _larger(box: Box, limit: Box, seed: Index, inside: Mask) -> Box:
    """The box moved out, to twice the distance from the seed, on the sides that the region touches."""
    low, high = list(box[0]), list(box[1])
    for axis in range(3):
        if inside.take(0, axis).any():
            low[axis] = max(limit[0][axis], 2 * low[axis] - seed[axis])
        if inside.take(-1, axis).any():
            high[axis] = min(limit[1][axis], 2 * high[axis] - seed[axis])
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])


def _box(grid: VoxelGrid, seed: Index, within_mm: float, *, one_slice: bool) -> Box:
    """The box that holds the ball around the seed, and a voxel more on each side."""
    if one_slice:
        slices = np.array([seed[0]])
    else:
        away = np.abs(grid.positions_mm - grid.positions_mm[seed[0]])
        slices = np.flatnonzero(away <= within_mm)
        slices = np.arange(max(0, slices[0] - 1), min(grid.shape[0], slices[-1] + 2))
    shifts = np.array([grid.in_plane_mm(int(k), seed[0]) for k in slices])
    low, high = [int(slices[0])], [int(slices[-1]) + 1]
    for axis, step in ((1, grid.spacing.row_mm), (2, grid.spacing.column_mm)):
        shift = shifts[:, axis - 1]
        low.append(max(0, math.floor(seed[axis] - (within_mm + shift.max()) / step) - 1))
        high.append(min(grid.shape[axis], math.ceil(seed[axis] + (within_mm - shift.min()) / step) + 2))
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])


def _connected(allowed: Mask, seed: tuple[int, ...]) -> Mask:
    """The part of a mask that is connected with one of its voxels; its last row and column must be empty."""
    flat = allowed.ravel()
    edges = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    if flat[0]:
        edges = np.r_[0, edges]
    starts, ends = edges[::2], edges[1::2]
    columns, plane = allowed.shape[2], allowed.shape[1] * allowed.shape[2]
    pairs = [_touching(starts, ends, pitch) for pitch in (columns, plane)]
    labels = _labels(starts.size, *(np.concatenate(side) for side in zip(*pairs, strict=True)))
    run = np.searchsorted(starts, np.ravel_multi_index(seed, allowed.shape), side="right") - 1
    mine = labels == labels[run]
    changes = np.zeros(flat.size, dtype=np.int8)
    changes[starts[mine]] = 1
    changes[ends[mine]] = -1
    return np.cumsum(changes, dtype=np.int8).astype(bool).reshape(allowed.shape)


def _touching(starts: Integers, ends: Integers, pitch: int) -> tuple[Integers, Integers]:
    """Pairs of runs that touch: the first of each, moved on by a pitch, overlaps the second."""
    first = np.searchsorted(ends, starts + pitch, side="right")
    counts = (np.searchsorted(starts, ends + pitch, side="left") - first).clip(0)
    above = np.repeat(np.arange(starts.size), counts)
    # 0, 1, 2 ... within each run's partners.
    place = np.arange(above.size) - np.repeat(np.cumsum(counts) - counts, counts)
    return above, first[above] + place


def _labels(n: int, one: Integers, other: Integers) -> Integers:
    """The same number for things that are joined by pairs, directly or through others.

    Of each pair of groups the one of the larger number joins that of the smaller, until none is left to join.
    """
    labels = np.arange(n)
    while True:
        a, b = labels[one], labels[other]
        apart = a != b
        one, other = a[apart], b[apart]
        if one.size == 0:
            return labels
        np.minimum.at(labels, np.maximum(one, other), np.minimum(one, other))
        while True:
            shorter = labels[labels]
            if np.array_equal(shorter, labels):
                break
            labels = shorter


def _touch(inside: Mask, beyond: Mask, *, one_slice: bool) -> bool:
    """Whether a face of one mask touches one of the other."""
    pairs = [(inside[:, 1:], beyond[:, :-1]), (inside[:, :, 1:], beyond[:, :, :-1])]
    pairs += [(inside[:, :-1], beyond[:, 1:]), (inside[:, :, :-1], beyond[:, :, 1:])]
    if not one_slice:
        pairs += [(inside[1:], beyond[:-1]), (inside[:-1], beyond[1:])]
    return any(bool((a & b).any()) for a, b in pairs)
