"""A region of voxels in a series, painted or grown, and the geometry of the voxels it is made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.series import Series

Index = tuple[int, int, int]
"""Slice, row, column."""

Mask = NDArray[np.bool_]

# Positions in files are rounded; slices closer than this are at one place.
_SAME_PLACE_MM = 1e-3


@dataclass(frozen=True)
class VoxelGrid:
    """How the voxels of a series lie in the patient. Distances may be uneven, and the gantry tilted.

    Parameters
    ----------
    rows, columns : int
    spacing : PixelSpacing
    planes : tuple of Plane
        Of all slices in order, parallel, each further along the normal than the one before, or each less far.
    thickness_mm : float or None
        Stands for the distance where there is only one slice.
    """

    rows: int
    columns: int
    spacing: PixelSpacing
    planes: tuple[Plane, ...]
    thickness_mm: float | None = None

    def __post_init__(self) -> None:
        if min(self.rows, self.columns, len(self.planes)) < 1:
            raise ValueError(
                f"a grid needs slices, rows and columns. Received: {len(self.planes)}, {self.rows}, {self.columns}"
            )
        if not all(plane.same_orientation(self.planes[0]) for plane in self.planes):
            raise ValueError(f"the slices of a grid are parallel. Received: {self.planes}")
        steps = np.diff(self.positions_mm)
        if steps.size and not (steps.min() > _SAME_PLACE_MM or steps.max() < -_SAME_PLACE_MM):
            raise ValueError(f"slices must go on in one direction. Received: distances {steps.tolist()} mm")

    @classmethod
    def of(cls, series: Series) -> VoxelGrid:
        """The grid of a series.

        Raises
        ------
        ValueError
            If a slice does not tell where it lies or how large its pixels are, if sizes differ, or if the slices are
            not parallel and in order.
        """
        first = series.slices[0]
        planes = tuple(info.plane for info in series.slices if info.plane is not None)
        alike = {(info.rows, info.columns, info.spacing) for info in series.slices}
        if len(planes) != len(series) or len(alike) != 1 or first.spacing is None:
            raise ValueError(
                "a volume needs slices of one size with positions and a pixel spacing. "
                f"Received: {len(planes)} positions for {len(series)} slices, sizes {sorted(map(str, alike))}"
            )
        return cls(first.rows, first.columns, first.spacing, planes, first.thickness_mm)

    @property
    def shape(self) -> Index:
        """Slices, rows and columns."""
        return len(self.planes), self.rows, self.columns

    @cached_property
    def positions_mm(self) -> NDArray[np.float64]:
        """Positions of the slices along their common normal in mm, shape (slices,)."""
        normal = self.planes[0].normal
        return np.array([plane.distance_mm(normal) for plane in self.planes])

    @cached_property
    def extents_mm(self) -> NDArray[np.float64] | None:
        """How much of the distance between slices belongs to each, shape (slices,).

        Half the distance to either neighbor. The outermost slices reach as far out as in. Measured along the normal,
        so that a tilt, which shears the stack, does not change volumes. None for one slice of unknown thickness.
        """
        if len(self.planes) == 1:
            return None if self.thickness_mm is None else np.array([self.thickness_mm])
        gaps = np.abs(np.diff(self.positions_mm))
        extents: NDArray[np.float64] = (np.r_[gaps[0], gaps] + np.r_[gaps, gaps[-1]]) / 2
        return extents

    def in_plane_mm(self, index: int, other: int) -> tuple[float, float]:
        """How far a slice is shifted within its plane against another, along rows and columns (down, across), in mm.

        Zero unless the gantry was tilted or the table moved.
        """
        shift = np.subtract(self.planes[index].position_mm, self.planes[other].position_mm)
        plane = self.planes[other]
        return float(shift @ plane.column_direction), float(shift @ plane.row_direction)


@dataclass(frozen=True, eq=False)
class VoxelRegion:
    """Voxels of a grid.

    Parameters
    ----------
    grid : VoxelGrid
    start : tuple of int
        Slice, row and column of the first voxel of ``mask``.
    mask : ndarray of bool, shape (slices, rows, columns)
        The region within a box of the grid; all outside does not belong to it. Made read-only. Empty for no voxels.
    """

    grid: VoxelGrid
    start: Index
    mask: Mask

    def __post_init__(self) -> None:
        fits = self.mask.ndim == 3 and all(
            first >= 0 and first + n <= whole
            for first, n, whole in zip(self.start, self.mask.shape, self.grid.shape, strict=True)
        )
        if not fits:
            raise ValueError(
                f"the box must lie within the grid {self.grid.shape}. Received: {self.mask.shape} at {self.start}"
            )
        self.mask.setflags(write=False)

    @classmethod
    def empty(cls, grid: VoxelGrid) -> VoxelRegion:
        """A region without voxels."""
        return cls(grid, (0, 0, 0), np.zeros((0, 0, 0), dtype=bool))

    @classmethod
    def within(cls, grid: VoxelGrid, start: Index, mask: Mask) -> VoxelRegion:
        """A region from a mask on a box, cut to the smallest box that holds it."""
        bounds = []
        for axis in range(3):
            used = np.flatnonzero(mask.any(axis=tuple(a for a in range(3) if a != axis)))
            if used.size == 0:
                return cls.empty(grid)
            bounds.append((int(used[0]), int(used[-1]) + 1))
        cut = mask[tuple(slice(*b) for b in bounds)].copy()
        k, r, c = (first + low for first, (low, _) in zip(start, bounds, strict=True))
        return cls(grid, (k, r, c), cut)

    @cached_property
    def n_voxels(self) -> int:
        """How many voxels."""
        return int(np.count_nonzero(self.mask))

    @property
    def slices(self) -> range:
        """Indices of the slices that it may lie on."""
        return range(self.start[0], self.start[0] + self.mask.shape[0])

    def on_slice(self, index: int) -> Mask:
        """The region on one slice, shape (rows, columns)."""
        whole = np.zeros((self.grid.rows, self.grid.columns), dtype=bool)
        if index in self.slices:
            _, r, c = self.start
            whole[r : r + self.mask.shape[1], c : c + self.mask.shape[2]] = self.mask[index - self.start[0]]
        return whole

    def has(self, voxel: Index) -> bool:
        """Whether a voxel belongs to it."""
        k, r, c = (at - first for at, first in zip(voxel, self.start, strict=True))
        n = self.mask.shape
        return 0 <= k < n[0] and 0 <= r < n[1] and 0 <= c < n[2] and bool(self.mask[k, r, c])

    def painted(
        self, index: int, stroke_px: Sequence[tuple[float, float]], radius_mm: float, *, erase: bool = False
    ) -> VoxelRegion:
        """The region after a stroke of a round brush on one slice.

        Parameters
        ----------
        index : int
            Of the slice.
        stroke_px : sequence of (row, column)
            Where the brush went, in a straight line from place to place.
        radius_mm : float
            Pixels whose centers come within it are painted.
        erase : bool
            Take them away instead.
        """
        if not 0 <= index < self.grid.shape[0] or not stroke_px or not 0 < radius_mm < math.inf:
            raise ValueError(
                "a stroke needs a slice, a place and a radius. "
                f"Received: slice {index}, {len(stroke_px)} places, {radius_mm} mm"
            )
        corner, brush = self._brushed(np.array(stroke_px, dtype=np.float64), radius_mm)
        if brush.size == 0 or (erase and index not in self.slices):
            return self
        start, mask = self._grown_box((index, *corner), (1, *brush.shape))
        k, r, c = (at - first for at, first in zip((index, *corner), start, strict=True))
        target = mask[k, r : r + brush.shape[0], c : c + brush.shape[1]]
        if erase:
            target &= ~brush
        else:
            target |= brush
        return VoxelRegion.within(self.grid, start, mask)

    def smoothed(self, *, through_slices: bool = False) -> VoxelRegion:
        """The region after a majority vote of each pixel and its neighbors.

        Parameters
        ----------
        through_slices : bool
            The 27 voxels around each vote, those of both neighboring slices too. Otherwise the 9 of its slice, which
            suits slices that lie further apart than pixels do.
        """
        if self.n_voxels == 0:
            return self
        start, mask = self._grown_box(
            (self.start[0] - 1, self.start[1] - 1, self.start[2] - 1),
            (self.mask.shape[0] + 2, self.mask.shape[1] + 2, self.mask.shape[2] + 2),
        )
        votes = mask.astype(np.uint8)
        axes = (0, 1, 2) if through_slices else (1, 2)
        for axis in axes:
            votes = _sum_of_three(votes, axis)
        return VoxelRegion.within(self.grid, start, votes > 3 ** len(axes) // 2)

    def _brushed(self, stroke_px: NDArray[np.float64], radius_mm: float) -> tuple[tuple[int, int], Mask]:
        """The first row and column of a box, and what the brush covers in it."""
        scale = np.array([self.grid.spacing.row_mm, self.grid.spacing.column_mm])
        size = np.array([self.grid.rows, self.grid.columns])
        low = np.ceil(stroke_px.min(axis=0) - radius_mm / scale).clip(0, size).astype(int)
        high = (np.floor(stroke_px.max(axis=0) + radius_mm / scale) + 1).clip(low, size).astype(int)
        rows = (np.arange(low[0], high[0]) * scale[0])[:, None]
        columns = np.arange(low[1], high[1]) * scale[1]
        covered = np.zeros((high[0] - low[0], high[1] - low[1]), dtype=bool)
        at = stroke_px * scale
        for a, b in zip(at, at[1:] if len(at) > 1 else at, strict=False):
            step = b - a
            length = float(step @ step)
            # Where along the line the nearest point lies.
            along = ((rows - a[0]) * step[0] + (columns - a[1]) * step[1]) / length if length else 0.0
            along = np.clip(along, 0, 1)
            squared = (rows - a[0] - along * step[0]) ** 2 + (columns - a[1] - along * step[1]) ** 2
            covered |= squared <= radius_mm**2 + 1e-9
        return (int(low[0]), int(low[1])), covered

    def _grown_box(self, start: Index, shape: Index) -> tuple[Index, Mask]:
        """A copy of the mask on a box that also holds another, as far as the grid reaches."""
        low, high = list(start), [a + n for a, n in zip(start, shape, strict=True)]
        if self.n_voxels:
            low = [min(a, b) for a, b in zip(low, self.start, strict=True)]
            high = [max(a, b + n) for a, b, n in zip(high, self.start, self.mask.shape, strict=True)]
        low = [max(0, a) for a in low]
        high = [min(a, n) for a, n in zip(high, self.grid.shape, strict=True)]
        mask = np.zeros([b - a for a, b in zip(low, high, strict=True)], dtype=bool)
        if self.n_voxels:
            offset = [a - b for a, b in zip(self.start, low, strict=True)]
            mask[tuple(slice(o, o + n) for o, n in zip(offset, self.mask.shape, strict=True))] = self.mask
        return (low[0], low[1], low[2]), mask


def _sum_of_three(values: NDArray[np.uint8], axis: int) -> NDArray[np.uint8]:
    """Each value with both its neighbors along an axis; nothing beyond the ends."""
    total = values.copy()
    ahead: list[Any] = [slice(None)] * 3
    behind: list[Any] = [slice(None)] * 3
    ahead[axis], behind[axis] = slice(1, None), slice(None, -1)
    total[tuple(behind)] += values[tuple(ahead)]
    total[tuple(ahead)] += values[tuple(behind)]
    return total
