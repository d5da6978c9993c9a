"""Grids of voxels, even, uneven and tilted, and bodies of known volume in them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.geometry import PixelSpacing, Plane
from ichviewer.domain.voxel_region import VoxelGrid

BLOOD_HU, BRAIN_HU = 65, 30


def grid_of(
    positions_mm, *, size: int = 128, pixel_mm: float | tuple[float, float] = 0.5, tilt_deg: float = 0.0
) -> VoxelGrid:
    """Square slices whose middle lies on the z axis; positions are along z, as a table moves.

    With a tilt the slices are turned about the left-right axis, and so stacked askew.
    """
    row_mm, column_mm = (pixel_mm, pixel_mm) if isinstance(pixel_mm, float) else pixel_mm
    a = math.radians(tilt_deg)
    column_direction = np.array([0.0, math.cos(a), -math.sin(a)])
    half_row, half_column = (size - 1) / 2 * row_mm, (size - 1) / 2 * column_mm
    planes = []
    for z in positions_mm:
        first = np.array([-half_column, 0.0, z]) - half_row * column_direction
        planes.append(Plane(tuple(map(float, first)), (1.0, 0.0, 0.0), tuple(map(float, column_direction))))
    return VoxelGrid(size, size, PixelSpacing(row_mm, column_mm), tuple(planes))


def centers_mm(grid: VoxelGrid) -> NDArray[np.float64]:
    """Patient coordinates of the centers of all voxels, shape (slices, rows, columns, 3)."""
    rows = np.arange(grid.rows)[:, None, None] * grid.spacing.row_mm
    columns = np.arange(grid.columns)[None, :, None] * grid.spacing.column_mm
    return np.stack(
        [
            np.array(p.position_mm)
            + rows * np.array(p.column_direction)
            + columns * np.array(p.row_direction)
            for p in grid.planes
        ]
    )


def ellipsoid(grid: VoxelGrid, half_axes_mm, center_mm=(0.0, 0.0, 0.0)) -> NDArray[np.bool_]:
    """Which voxels have their centers in an ellipsoid along the patient's axes."""
    away = (centers_mm(grid) - np.array(center_mm)) / np.array(half_axes_mm)
    return (away**2).sum(axis=-1) <= 1


def ellipsoid_ml(half_axes_mm) -> float:
    return 4 / 3 * math.pi * math.prod(half_axes_mm) / 1000


def scan(inside: NDArray[np.bool_]) -> NDArray[np.int16]:
    """HU of blood inside and of brain outside."""
    return np.where(inside, BLOOD_HU, BRAIN_HU).astype(np.int16)
