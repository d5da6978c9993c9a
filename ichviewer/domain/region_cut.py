"""What a plane anywhere in the patient cuts out of a region of voxels.

Voxels are placed as reformats place them (`ichviewer.domain.resample`): each point of the plane belongs to the
nearest voxel, by the position of every slice, so that tilt and uneven distances are kept; beyond the centers of the
outermost voxels there is no image, and no region either.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.sampling import IndexMap, Interpolation, corners_of
from ichviewer.domain.volume_geometry import VolumeGeometry
from ichviewer.domain.voxel_region import Index, Mask

# What is worked on at a time fits the cache of one core.
_BLOCK = 1 << 14


@dataclass(frozen=True, eq=False)
class RegionBox:
    """Voxels of a region within the slices, rows and columns that it uses.

    Parameters
    ----------
    start : (slice, row, column)
        Indices of the first voxel of ``mask`` in the series.
    mask : ndarray of bool, shape (slices, rows, columns)
        Made read-only.
    """

    start: Index
    mask: Mask

    def __post_init__(self) -> None:
        if self.mask.ndim != 3 or not self.mask.size or min(self.start) < 0:
            raise ValueError(f"a box has voxels of a series. Received: {self.mask.shape} at {self.start}")
        self.mask.setflags(write=False)

    @classmethod
    def of(cls, masks: Mapping[int, Mask]) -> Self | None:
        """The box of masks of whole slices by their index in the series; None where no pixel lies inside."""
        if not masks:
            return None
        first, last = min(masks), max(masks)
        rows = np.flatnonzero(np.any([mask.any(axis=1) for mask in masks.values()], axis=0))
        columns = np.flatnonzero(np.any([mask.any(axis=0) for mask in masks.values()], axis=0))
        if rows.size == 0:
            return None
        # Only the rows and columns in use: a series of 1,000 slices would take 262 MB otherwise.
        used = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        whole = np.zeros((last - first + 1, rows[-1] + 1 - rows[0], columns[-1] + 1 - columns[0]), dtype=bool)
        for index, mask in masks.items():
            whole[index - first] = mask[used]
        return cls((first, int(rows[0]), int(columns[0])), whole)


@dataclass(frozen=True, eq=False)
class PlaneCut:
    """Pixels of a view that lie in a region.

    Parameters
    ----------
    row, column : int
        Of the first pixel of ``inside`` in the view.
    inside : ndarray of bool, shape (rows, columns)
        At least one pixel; made read-only.
    """

    row: int
    column: int
    inside: Mask

    def __post_init__(self) -> None:
        if min(self.row, self.column) < 0 or not self.inside.any():
            raise ValueError(f"a cut has pixels of a view. Received: none at {self.row}, {self.column}")
        self.inside.setflags(write=False)


def cut_region(geometry: VolumeGeometry, box: RegionBox, view: PlaneView) -> PlaneCut | None:
    """What a view cuts out of a region.

    Parameters
    ----------
    geometry : VolumeGeometry
        Of the series that the region was painted in.
    box : RegionBox
    view : PlaneView

    Returns
    -------
    PlaneCut or None
        None where the plane passes the region by.
    """
    reach = _reach(geometry, box, view)
    if reach is None:
        return None
    rows, columns = reach
    index = IndexMap.of(geometry, view, 0.0)
    size = max(1, _BLOCK // columns.size)
    blocks = [_inside(geometry, box, index, rows[i : i + size], columns) for i in range(0, rows.size, size)]
    return _cropped(np.concatenate(blocks), int(rows[0]), int(columns[0]))


def _inside(
    geometry: VolumeGeometry,
    box: RegionBox,
    index: IndexMap,
    rows: NDArray[np.float64],
    columns: NDArray[np.float64],
) -> NDArray[np.bool_]:
    """Which pixels of some rows and columns of a view lie in a region, shape (rows, columns)."""
    shape = rows.size, columns.size
    flat: NDArray[np.intp] = np.zeros((1, 1), dtype=np.intp)
    hit: NDArray[np.bool_] = np.ones((1, 1), dtype=bool)
    for axis, size in enumerate(geometry.shape):
        # An axis that moves with rows or with columns alone is looked up once for each of them.
        row_px = rows[:, None] if index.moves[axis, 0] else np.zeros((1, 1))
        column_px = columns[None] if index.moves[axis, 1] else 0.0
        coordinate = index.coordinate(axis, row_px, column_px)
        if axis == 0:
            coordinate = geometry.slice_index(coordinate)
        nearest = corners_of(coordinate, size, Interpolation.NEAREST)
        local, n = nearest.low - box.start[axis], box.mask.shape[axis]
        hit = hit & nearest.inside & (local >= 0) & (local < n)
        if not hit.any():
            return np.zeros(shape, dtype=bool)
        flat = flat * n + np.clip(local, 0, n - 1)
    return np.broadcast_to(hit & box.mask.reshape(-1).take(flat), shape)


def _reach(
    geometry: VolumeGeometry, box: RegionBox, view: PlaneView
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Rows and columns of a view that a box can reach; None where its plane passes the box by."""
    bounds = [(first - 0.5, first + n - 0.5) for first, n in zip(box.start, box.mask.shape, strict=True)]
    corners = geometry.mm_of_index(list(itertools.product(*bounds)))
    away = (corners - view.center_mm) @ np.array(view.normal)
    if away.min() > 0 or away.max() < 0:
        return None
    pixels = view.px_of(corners)
    found = []
    for low, high, size in zip(
        pixels.min(axis=0), pixels.max(axis=0), (view.rows, view.columns), strict=True
    ):
        first, last = max(0, math.floor(low)), min(size - 1, math.ceil(high))
        if first > last:
            return None
        found.append(np.arange(first, last + 1, dtype=np.float64))
    return found[0], found[1]


def _cropped(inside: NDArray[np.bool_], row: int, column: int) -> PlaneCut | None:
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if rows.size == 0:
        return None
    top, left = int(rows[0]), int(columns[0])
    cut = inside[top : rows[-1] + 1, left : columns[-1] + 1].copy()
    return PlaneCut(row + top, column + left, cut)
