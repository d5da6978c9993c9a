"""The voxels that a plane or a slab anywhere in the patient holds: those that a reformat of it shows.

A voxel reaches halfway to its neighbors, as reformats and outlines have it (`ichviewer.domain.region_cut`), and not
beyond the centers of the outermost voxels, where there is no image.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.sampling import IndexMap, Interpolation, corners_of
from ichviewer.domain.volume_geometry import VolumeGeometry

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Voxels = tuple[Integers, Integers, Integers]
"""Indices of slices, rows and columns; arrays that are broadcast."""

# Rounding of computed positions.
_TOLERANCE_MM = 1e-6


@dataclass(frozen=True, eq=False)
class VoxelCells:
    """How far voxels reach, in the coordinates of `VolumeGeometry.matrix`: mm along the slices, row and column.

    Parameters
    ----------
    centers, low, high : tuple of 3 ndarrays of float64
        For each axis the coordinate of the centers, and how far voxels reach from there, down (0 or less) and up.
    """

    centers: tuple[Floats, Floats, Floats]
    low: tuple[Floats, Floats, Floats]
    high: tuple[Floats, Floats, Floats]

    @classmethod
    def of(cls, geometry: VolumeGeometry) -> VoxelCells:
        """The cells of a volume."""
        centers = np.array(geometry.slice_positions_mm), *(np.arange(float(n)) for n in geometry.shape[1:])
        half = [np.diff(along) / 2 for along in centers]
        low, high = ([np.r_[0.0, -h] for h in half], [np.r_[h, 0.0] for h in half])
        return cls((centers[0], centers[1], centers[2]), (*low,), (*high,))


@dataclass(frozen=True, eq=False)
class PlaneBand:
    """A plane through a volume, as thick as the voxels that it cuts, or as a slab where that is thicker.

    Parameters
    ----------
    geometry : VolumeGeometry
    view : PlaneView
    slab_mm : float
        Thickness of the slab, half on each side of the plane; 0 for the plane alone.
    """

    geometry: VolumeGeometry
    view: PlaneView
    slab_mm: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.slab_mm < np.inf:
            raise ValueError(f"a slab has a thickness, or none. Received: {self.slab_mm} mm")

    @cached_property
    def cells(self) -> VoxelCells:
        """How far the voxels reach."""
        return VoxelCells.of(self.geometry)

    @cached_property
    def index(self) -> IndexMap:
        """Where reformats find the voxels of this plane."""
        return IndexMap.of(self.geometry, self.view, 0.0)

    @cached_property
    def slope(self) -> Floats:
        """How far from the plane one goes with each coordinate, in mm; shape (3,)."""
        return np.asarray(np.array(self.view.normal) @ self.geometry.matrix)

    @cached_property
    def start_mm(self) -> float:
        """How far from the plane the center of the first voxel lies, along the normal."""
        return self.view.distance_mm(self.geometry.origin_mm)

    @cached_property
    def steepest(self) -> int:
        """The axis along which voxels reach farthest through the plane."""
        steps = np.array([np.diff(self.geometry.slice_positions_mm).mean(), 1.0, 1.0])
        return int(np.argmax(np.abs(self.slope) * steps))

    @cached_property
    def flat_at(self) -> int | None:
        """The one index along `steepest` that a plane along voxels shows, -1 beside the volume; None for others."""
        axis = self.steepest
        if self.index.moves[axis, 0] or self.index.moves[axis, 1]:
            return None
        coordinate = self.index.coordinate(axis, np.zeros(1))
        if axis == 0:
            coordinate = self.geometry.slice_index(coordinate)
        nearest = corners_of(coordinate, self.geometry.shape[axis], Interpolation.NEAREST)
        return int(nearest.low[0]) if nearest.inside[0] else -1

    def away_mm(self, voxels: Voxels) -> Floats:
        """How far the centers of voxels lie from the plane, along its normal."""
        centers = self.cells.centers
        parts = [self.slope[axis] * centers[axis][voxels[axis]] for axis in range(3)]
        return np.asarray(self.start_mm + parts[0] + parts[1] + parts[2])

    def cuts(self, voxels: Voxels) -> NDArray[np.bool_]:
        """Which voxels the plane itself cuts: those that its reformat shows."""
        if self.flat_at is not None:
            at = np.broadcast_arrays(*voxels)[self.steepest]
            return np.asarray(at == self.flat_at)
        away = self.away_mm(voxels)
        low = high = np.zeros(())
        for axis, slope in enumerate(self.slope):
            ends = slope * self.cells.low[axis], slope * self.cells.high[axis]
            low = low + np.minimum(*ends)[voxels[axis]]
            high = high + np.maximum(*ends)[voxels[axis]]
        return np.asarray((away + low <= _TOLERANCE_MM) & (away + high >= -_TOLERANCE_MM))

    @cached_property
    def voxel_mm(self) -> float:
        """How far the largest voxel reaches along the normal of the plane."""
        steps = np.array([np.diff(self.geometry.slice_positions_mm).max(), 1.0, 1.0])
        return float(np.abs(self.slope) @ steps)

    @property
    def is_slab(self) -> bool:
        """Whether it is thicker than a voxel, so that more lies in it than the plane cuts."""
        return self.slab_mm > self.voxel_mm

    def holds(self, voxels: Voxels) -> NDArray[np.bool_]:
        """Which voxels belong to it: of a slab by their centers, of anything thinner those that the plane cuts."""
        if not self.is_slab:
            return self.cuts(voxels)
        return np.asarray(np.abs(self.away_mm(voxels)) <= self.slab_mm / 2 + _TOLERANCE_MM)
