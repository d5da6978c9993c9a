"""Where the voxels of a stack of parallel slices lie in the patient.

Uneven distances and a tilted gantry are kept as they are: each slice has its own position along one direction, which
need not be at right angles to the slices. Nothing is resampled to make the stack regular.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ichviewer.domain.geometry import PixelSpacing, Vector

# Slices stacked more askew than this are no stack: gantries tilt by 30 degrees.
LEAST_STACK_COSINE = 0.5
# Positions this close to even ones, as a share of the step, are even.
_EVEN_TOLERANCE = 1e-2
# Below this share of the step, no slice index differs by what could change an HU.
_EXACTLY_EVEN = 1e-5
# A direction within about 1 degree of the normal of index planes runs along them.
_ALONG_COSINE = 0.99985
_UNIT_TOLERANCE = 1e-2


@dataclass(frozen=True, eq=False)
class VolumeGeometry:
    """Position, directions and distances of a stack of slices.

    Parameters
    ----------
    origin_mm : tuple of 3 floats
        Patient coordinates (LPS) of the center of the first pixel of the first slice.
    slice_direction : tuple of 3 floats
        From each slice to the next; a unit vector. Along the normal of the slices unless the gantry was tilted.
    column_direction : tuple of 3 floats
        Where the row index grows to.
    row_direction : tuple of 3 floats
        Where the column index grows to.
    spacing : PixelSpacing
    slice_positions_mm : tuple of float
        Of each slice along ``slice_direction`` from the first one, increasing from 0; at least two.
    rows, columns : int
    """

    origin_mm: Vector
    slice_direction: Vector
    column_direction: Vector
    row_direction: Vector
    spacing: PixelSpacing
    slice_positions_mm: tuple[float, ...]
    rows: int
    columns: int

    def __post_init__(self) -> None:
        directions = self.slice_direction, self.column_direction, self.row_direction
        numbers = [*self.origin_mm, *(v for direction in directions for v in direction)]
        if len(numbers) != 12 or not all(map(math.isfinite, [*numbers, *self.slice_positions_mm])):
            raise ValueError(
                "a volume needs finite positions and directions. "
                f"Received: {self.origin_mm}, {directions}, {self.slice_positions_mm}"
            )
        if any(abs(math.hypot(*direction) - 1) > _UNIT_TOLERANCE for direction in directions):
            raise ValueError(f"directions of a volume must be unit vectors. Received: {directions}")
        if abs(np.dot(self.column_direction, self.row_direction)) > _UNIT_TOLERANCE:
            raise ValueError(f"rows and columns must be at right angles. Received: {directions[1:]}")
        if abs(np.linalg.det(np.array(directions))) < LEAST_STACK_COSINE * 0.9:
            raise ValueError(f"slices must not be stacked along themselves. Received: {directions}")
        positions = self.slice_positions_mm
        if len(positions) < 2 or positions[0] != 0 or np.any(np.diff(positions) <= 0):
            raise ValueError(
                f"a volume needs two or more slice positions that increase from 0. Received: {positions}"
            )
        if self.rows < 1 or self.columns < 1:
            raise ValueError(f"a volume needs rows and columns. Received: {self.rows}, {self.columns}")

    @property
    def shape(self) -> tuple[int, int, int]:
        """Slices, rows and columns."""
        return len(self.slice_positions_mm), self.rows, self.columns

    @cached_property
    def matrix(self) -> NDArray[np.float64]:
        """What takes (mm along the slice direction, row, column) to patient mm from the origin; shape (3, 3)."""
        return np.stack(
            [
                np.array(self.slice_direction),
                np.array(self.column_direction) * self.spacing.row_mm,
                np.array(self.row_direction) * self.spacing.column_mm,
            ],
            axis=1,
        )

    @cached_property
    def inverse(self) -> NDArray[np.float64]:
        """Inverse of `matrix`."""
        return np.asarray(np.linalg.inv(self.matrix), np.float64)

    @cached_property
    def affine(self) -> NDArray[np.float64] | None:
        """What takes (slice, row, column, 1) to patient coordinates in mm; shape (4, 4). None for uneven distances.

        The axes are in the order of highdicom's volumes. A tilted gantry makes it a shear.
        """
        if self._unevenness > _EVEN_TOLERANCE:
            return None
        affine = np.eye(4)
        affine[:3, :3] = self.matrix
        affine[:3, 0] *= self._mean_step_mm
        affine[:3, 3] = self.origin_mm
        return affine

    @property
    def is_even(self) -> bool:
        """Whether all slices are equally far apart, within 1% of their distance."""
        return self._unevenness <= _EVEN_TOLERANCE

    @cached_property
    def normal(self) -> Vector:
        """Unit normal of the slices, towards the last one."""
        cross = np.cross(self.row_direction, self.column_direction)
        cross *= np.sign(cross @ self.slice_direction) / np.linalg.norm(cross)
        return float(cross[0]), float(cross[1]), float(cross[2])

    @cached_property
    def _positions(self) -> NDArray[np.float64]:
        return np.array(self.slice_positions_mm)

    @cached_property
    def _mean_step_mm(self) -> float:
        return self.slice_positions_mm[-1] / (len(self.slice_positions_mm) - 1)

    @cached_property
    def _unevenness(self) -> float:
        """Largest distance of a slice from its place in an even stack, as a share of the mean step."""
        even = np.arange(len(self._positions)) * self._mean_step_mm
        return float(np.abs(self._positions - even).max() / self._mean_step_mm)

    def slice_index(self, along_mm: ArrayLike) -> NDArray[np.float64]:
        """Fractional slice index of positions along the slice direction.

        Beyond the first and last slice it goes on with the mean distance, so that what lies outside is outside of
        0 ... slices - 1.
        """
        along = np.asarray(along_mm, np.float64)
        if self._unevenness <= _EXACTLY_EVEN:
            return np.asarray(along / self._mean_step_mm)
        last = len(self._positions) - 1
        inner = np.interp(along, self._positions, np.arange(last + 1.0))
        beyond = np.minimum(along, 0) + np.maximum(along - self._positions[last], 0)
        return np.asarray(inner + beyond / self._mean_step_mm)

    def slice_position_mm(self, slice_index: ArrayLike) -> NDArray[np.float64]:
        """Position along the slice direction of fractional slice indices; the inverse of `slice_index`."""
        index = np.asarray(slice_index, np.float64)
        last = len(self._positions) - 1
        inner = np.interp(index, np.arange(last + 1.0), self._positions)
        return np.asarray(inner + (np.minimum(index, 0) + np.maximum(index - last, 0)) * self._mean_step_mm)

    def mm_of_index(self, index: ArrayLike) -> NDArray[np.float64]:
        """Patient coordinates in mm of (slice, row, column) indices, which may be fractions; shape (..., 3)."""
        index = np.asarray(index, np.float64)
        along = self.slice_position_mm(index[..., :1])
        found = np.concatenate([along, index[..., 1:]], axis=-1) @ self.matrix.T + self.origin_mm
        return np.asarray(found)

    def index_of_mm(self, point_mm: ArrayLike) -> NDArray[np.float64]:
        """Fractional (slice, row, column) indices of points in patient coordinates; shape (..., 3)."""
        found = (np.asarray(point_mm, np.float64) - self.origin_mm) @ self.inverse.T
        found[..., 0] = self.slice_index(found[..., 0])
        return np.asarray(found)

    @cached_property
    def center_mm(self) -> Vector:
        """The middle of the stack in patient coordinates."""
        middle = [self.slice_positions_mm[-1] / 2, (self.rows - 1) / 2, (self.columns - 1) / 2]
        x, y, z = map(float, self.matrix @ middle + self.origin_mm)
        return x, y, z

    def corners_mm(self) -> NDArray[np.float64]:
        """The centers of the eight outermost voxels in patient coordinates; shape (8, 3)."""
        last = [[0, n - 1] for n in self.shape]
        return self.mm_of_index(np.stack(np.meshgrid(*last, indexing="ij"), axis=-1).reshape(8, 3))

    def extent_mm(self, direction: Vector) -> tuple[float, float]:
        """Lowest and highest position of any voxel's center along a unit vector, from the patient's origin."""
        along = self.corners_mm() @ direction
        return float(along.min()), float(along.max())

    @cached_property
    def _index_planes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Unit normals of the planes of equal slice, row and column, (3, 3), and the distance between two in mm."""
        steepness = np.linalg.norm(self.inverse, axis=1)
        distances = 1 / steepness
        distances[0] *= float(np.diff(self._positions).min())
        return self.inverse / steepness[:, None], distances

    def is_along_slices(self, normal: Vector) -> bool:
        """Whether a plane with this unit normal is parallel to the slices, within about 1 degree."""
        return abs(float(np.dot(self._index_planes[0][0], normal))) >= _ALONG_COSINE

    def natural_step_mm(self, normal: Sequence[float]) -> float:
        """How far apart planes of this unit normal are that show one voxel after the other.

        Planes along the slices, rows or columns are as far apart as those are (the closest two slices, where
        distances are uneven); of others, as far as it takes for one index to change by one.
        """
        normals, distances = self._index_planes
        cosines = np.abs(normals @ np.asarray(normal, np.float64))
        most = int(np.argmax(cosines))
        if cosines[most] >= _ALONG_COSINE:
            return float(distances[most])
        return float((distances / np.maximum(cosines, 1e-9)).min())
