"""Where view pixels fall between voxels: indices, weights, and what is outside."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.volume_geometry import VolumeGeometry

# Closer than this to a voxel's center, in indices, is on it: the rounding of computed coordinates.
_ON_VOXEL = 1e-6
# An axis that moves by less than this over the whole view does not move: below 0.5 HU at the edge of bone.
_STILL_PX = 1e-4


class Interpolation(StrEnum):
    """How HU between the centers of voxels are made."""

    LINEAR = "linear"
    """Trilinear: of the eight voxels around a point, each by its nearness."""
    NEAREST = "nearest"
    """The nearest voxel's."""


@dataclass(frozen=True, eq=False)
class Corners:
    """The two voxels of one axis that a coordinate lies between; arrays of one shape.

    Parameters
    ----------
    low, high : ndarray of intp
        Their indices, within the volume; the same where the coordinate is on a voxel's center, so that a neighbor
        that has no weight is not looked at.
    fraction : ndarray of float32
        Weight of ``high``; that of ``low`` is 1 - fraction.
    inside : ndarray of bool
        Whether the coordinate lies between the centers of the first and the last voxel, these included.
    """

    low: NDArray[np.intp]
    high: NDArray[np.intp]
    fraction: NDArray[np.float32]
    inside: NDArray[np.bool_]


def corners_of(coordinate: NDArray[np.float64], size: int, interpolation: Interpolation) -> Corners:
    """Corners of fractional indices along an axis of ``size`` voxels."""
    inside = (coordinate >= -_ON_VOXEL) & (coordinate <= size - 1 + _ON_VOXEL)
    within = np.clip(coordinate, 0, size - 1)
    if interpolation is Interpolation.NEAREST:
        # Halfway goes to the higher index, on both sides of every voxel alike.
        nearest = np.minimum((within + 0.5).astype(np.intp), size - 1)
        return Corners(nearest, nearest, np.zeros(within.shape, np.float32), inside)
    low = (within + _ON_VOXEL).astype(np.intp)
    fraction = within - low
    between = fraction > _ON_VOXEL
    fraction[~between] = 0
    return Corners(low, low + between, fraction.astype(np.float32), inside)


@dataclass(frozen=True, eq=False)
class IndexMap:
    """Index coordinates of the pixels of a view, and of points beside its plane.

    Coordinates are mm along the slice direction, row and column of the volume; variables are row and column of the
    view in px and the offset along its normal in mm.

    Parameters
    ----------
    start : ndarray of float64, shape (3,)
        Coordinates of the view's first pixel.
    matrix : ndarray of float64, shape (3, 3)
        Change of each coordinate (first axis) with each variable (second axis).
    moves : ndarray of bool, shape (3, 3)
        Whether a coordinate moves with a variable by more than rounding.
    """

    start: NDArray[np.float64]
    matrix: NDArray[np.float64]
    moves: NDArray[np.bool_]

    @classmethod
    def of(cls, geometry: VolumeGeometry, view: PlaneView, depth_mm: float) -> IndexMap:
        """Map of a view that is looked at up to ``depth_mm`` beside its plane."""
        axes = np.stack(
            [np.array(view.down) * view.pixel_mm, np.array(view.right) * view.pixel_mm, view.normal], axis=1
        )
        matrix = np.asarray(geometry.inverse @ axes, np.float64)
        start = geometry.inverse @ (view.mm_at(0, 0) - geometry.origin_mm)
        closest_mm = float(np.diff(geometry.slice_positions_mm).min())
        reach = np.abs(matrix) * [view.rows, view.columns, max(depth_mm, 0.0)] / [[closest_mm], [1], [1]]
        moves = np.asarray(reach > _STILL_PX)
        return cls(np.asarray(start, np.float64), np.where(moves, matrix, 0.0), moves)

    def coordinate(
        self,
        axis: int,
        row_px: NDArray[np.float64] | float = 0.0,
        column_px: NDArray[np.float64] | float = 0.0,
        offset_mm: NDArray[np.float64] | float = 0.0,
    ) -> NDArray[np.float64]:
        """One coordinate of points of the view; the arrays are broadcast."""
        by = self.matrix[axis]
        return np.asarray(self.start[axis] + by[0] * row_px + by[1] * column_px + by[2] * offset_mm)
