"""A round brush on a plane anywhere in the patient, which paints voxels of the acquired slices.

The brush is a disk in the plane, as thick as one voxel, or as the slab that is shown. It paints whole voxels: of
those that the plane cuts or the slab holds (`PlaneBand.holds`) the ones whose middle lies under the disk. The middle
is that of what is seen of a voxel: its center where planes run along the voxels, so that on a plane of the slices
just those pixels are painted that the brush paints on the slice; on an oblique plane a point where it is cut.

Voxels that stand higher than the brush, as those of thick slices on a coronal plane, are never missed: of each line
of voxels through the brush, the one beside its middle is painted too, and the voxel under the pointer always is.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.plane_band import Floats, Integers, PlaneBand, Voxels
from ichviewer.domain.sampling import Interpolation, corners_of

_ROUNDING = 1e-9
_SIGNS = np.array(list(itertools.product((-1.0, 1.0), repeat=3)))
PlacePx = tuple[float, float]
"""Row and column of a view."""
_Box = list[tuple[int, int]]
"""First and last index of each axis."""
_MOST_VOXELS = 1 << 20
_Triple = tuple[Floats, Floats, Floats]


@dataclass(frozen=True, eq=False)
class PlaneBrush:
    """A brush on a plane.

    Parameters
    ----------
    band : PlaneBand
    radius_mm : float
    ball : bool
        A ball about the pointer rather than a disk: all voxels whose centers lie within the radius.
    """

    band: PlaneBand
    radius_mm: float
    ball: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.radius_mm < math.inf:
            raise ValueError(f"a brush has a radius. Received: {self.radius_mm} mm")

    def covered(self, first_px: PlacePx, last_px: PlacePx) -> Voxels:
        """The voxels that a stroke in a straight line paints, each once; arrays of one length.

        Parameters
        ----------
        first_px, last_px : (row, column)
            Of the view. The same for a dot.
        """
        parts = list(self.covered_parts(first_px, last_px)) or [(np.zeros(0, np.intp),) * 3]
        k, i, j = (np.concatenate(indices) for indices in zip(*parts, strict=True))
        return k, i, j

    def covered_parts(self, first_px: PlacePx, last_px: PlacePx) -> Iterator[Voxels]:
        """The same, part by part: a brush as large as a head covers millions of voxels."""
        geometry = self.band.geometry
        ends = [self.band.view.mm_at(*place) for place in (first_px, last_px)]
        box = self._box(ends)
        if any(low > high for low, high in box):
            return
        a, b = ((end - geometry.origin_mm) @ geometry.inverse.T for end in ends)
        for part in self._parts(box):
            yield self._covered_in(part, a, b)

    def _covered_in(self, box: _Box, a: Floats, b: Floats) -> Voxels:
        """What is covered in a box on the way from a to b."""
        voxels = self._close(self._grid(box), a, b)
        if not self.ball:
            held = self.band.holds(voxels)
            voxels = voxels[0][held], voxels[1][held], voxels[2][held]
        if self._by_centers:
            return voxels
        seen = self._centers(voxels) if self.ball else self._seen(voxels, self._centers(voxels))
        inside = self._distance_squared(seen, a, b, 0.0, 1.0) <= self.radius_mm**2 + _ROUNDING
        rim = np.flatnonzero(~inside)
        around = voxels[0][rim], voxels[1][rim], voxels[2][rim]
        if self._is_small and self._tall:
            inside[rim] |= self._is_beside(around, (seen[0][rim], seen[1][rim], seen[2][rim]), a, b)
        if self._is_small:
            inside[rim] |= self._is_passed(around, a, b)
        return voxels[0][inside], voxels[1][inside], voxels[2][inside]

    # Which voxels may be covered

    def _parts(self, box: _Box) -> list[_Box]:
        """A box, in parts that take no more than some MB each where the brush is as large as a head."""
        sizes = [high - low + 1 for low, high in box]
        if not self.ball:
            axis = self.band.steepest
            step = np.diff(self.band.geometry.slice_positions_mm).min() if axis == 0 else 1.0
            through = (self.band.slab_mm + 2 * self.band.voxel_mm) / abs(self.band.slope[axis]) / step
            sizes[axis] = min(sizes[axis], math.ceil(through) + 2)
        if math.prod(sizes) <= _MOST_VOXELS:
            return [box]
        longest = int(np.argmax([high - low for low, high in box]))
        low, high = box[longest]
        middle = (low + high) // 2
        halves = ((low, middle), (middle + 1, high))
        return [part for half in halves for part in self._parts([*box[:longest], half, *box[longest + 1 :]])]

    def _box(self, ends: list[Floats]) -> _Box:
        """First and last index of each axis that the brush may reach."""
        view, geometry, radius = self.band.view, self.band.geometry, self.radius_mm
        if self.ball:
            reach = np.diag(np.linalg.norm(geometry.inverse, axis=1) * radius) @ geometry.matrix.T
        else:
            deep = self.band.slab_mm / 2
            reach = np.array([view.down, view.right, view.normal]) * [[radius], [radius], [deep]]
        corners = [end + signs @ reach for end in ends for signs in _SIGNS]
        found = geometry.index_of_mm(np.array(corners))
        # What lies halfway between two voxels may belong to either.
        low = np.ceil(found.min(axis=0) - 0.501).astype(int)
        high = np.floor(found.max(axis=0) + 0.501).astype(int)
        return [
            (max(0, int(a)), min(n - 1, int(b))) for a, b, n in zip(low, high, geometry.shape, strict=True)
        ]

    def _grid(self, box: _Box) -> Voxels:
        """The voxels of a box, to be broadcast; for a disk those about the plane. An index of -1 stands for none."""
        band, axis = self.band, self.band.steepest
        if self.ball:
            k, i, j = np.ix_(*(np.arange(low, high + 1) for low, high in box))
            return k, i, j
        one, other = (i for i in range(3) if i != axis)
        parts: list[Integers] = [np.zeros(0, np.intp)] * 3
        parts[one] = np.arange(box[one][0], box[one][1] + 1)[:, None, None]
        parts[other] = np.arange(box[other][0], box[other][1] + 1)[None, :, None]
        if band.flat_at is not None and not band.is_slab:
            parts[axis] = np.array([[[band.flat_at]]], np.intp)
        else:
            parts[axis] = self._lines(parts[one], parts[other], box[axis])
        return parts[0], parts[1], parts[2]

    def _lines(self, one_at: Integers, other_at: Integers, bounds: tuple[int, int]) -> Integers:
        """Indices along the steepest axis about the plane or slab, for lines of voxels."""
        band, axis = self.band, self.band.steepest
        one, other = (i for i in range(3) if i != axis)
        slope, centers = band.slope, band.cells.centers
        plane = -(band.start_mm + slope[one] * centers[one][one_at] + slope[other] * centers[other][other_at])
        # Where distances between slices are uneven, a voxel may reach farther to one side than to the other.
        reach = max(band.slab_mm / 2, band.voxel_mm * (0.5 if band.geometry.is_even else 1.0))
        near = (plane + np.array([-reach, reach])) / slope[axis]
        if axis == 0:
            near = band.geometry.slice_index(near)
        first = np.floor(near.min(axis=2, keepdims=True)).astype(np.intp).clip(bounds[0], bounds[1] + 1)
        last = np.ceil(near.max(axis=2, keepdims=True)).astype(np.intp).clip(bounds[0] - 1, bounds[1])
        at = first + np.arange(max(0, int((last - first).max()) + 1))
        return np.where(at <= last, at, -1)

    def _close(self, grid: Voxels, a: Floats, b: Floats) -> Voxels:
        """The voxels of a grid whose centers come near enough to be looked at closer."""
        reach = self.radius_mm if self._by_centers else self.radius_mm + self._cell_mm
        near = self._distance_squared(self._centers(grid), a, b, 0.0, 1.0) <= reach**2 + _ROUNDING
        near = near & (grid[0] >= 0) & (grid[1] >= 0) & (grid[2] >= 0)
        k, i, j = (np.broadcast_to(part, near.shape)[near] for part in grid)
        return k, i, j

    def _centers(self, voxels: Voxels) -> _Triple:
        centers = self.band.cells.centers
        return centers[0][voxels[0]], centers[1][voxels[1]], centers[2][voxels[2]]

    def _seen(self, voxels: Voxels, place: _Triple) -> _Triple:
        """The middle of what the plane shows of voxels; of those in a slab, their centers."""
        band, axis = self.band, self.band.steepest
        if band.flat_at is not None or band.is_slab:
            return place
        away = band.away_mm(voxels)
        # As far as the voxel reaches along its steepest axis, and the rest along both others alike.
        low, high = band.cells.low, band.cells.high
        step = np.clip(-away / band.slope[axis], low[axis][voxels[axis]], high[axis][voxels[axis]])
        rest = away + band.slope[axis] * step
        steps: list[Floats] = [step, step, step]
        others = [i for i in range(3) if i != axis]
        farthest = {
            i: np.where(rest * band.slope[i] > 0, low[i][voxels[i]], high[i][voxels[i]]) for i in others
        }
        most = sum(np.abs(band.slope[i] * farthest[i]) for i in others)
        share = np.where(most > 0, np.abs(rest) / np.maximum(most, 1e-12), 0.0)
        for i in others:
            steps[i] = np.minimum(share, 1.0) * farthest[i]
        return place[0] + steps[0], place[1] + steps[1], place[2] + steps[2]

    # Which of them are

    @cached_property
    def _metric(self) -> Floats:
        """From differences of coordinates to mm: in the plane, or of a ball in the patient; shape (2 or 3, 3)."""
        matrix = self.band.geometry.matrix
        axes = np.eye(3) if self.ball else np.array([self.band.view.down, self.band.view.right])
        return np.asarray(axes @ matrix)

    @cached_property
    def _cell_mm(self) -> float:
        """The longest way through a voxel, or more."""
        steps = np.array([np.diff(self.band.geometry.slice_positions_mm).max(), 1.0, 1.0])
        return float(np.linalg.norm(np.abs(self.band.geometry.matrix) @ steps))

    @property
    def _is_small(self) -> bool:
        """Whether it may miss the centers of all voxels."""
        return self.radius_mm < self._cell_mm

    @property
    def _by_centers(self) -> bool:
        """Whether nothing counts but how near the centers of voxels come."""
        return not self._is_small and (self.ball or self.band.is_slab)

    @cached_property
    def _tall(self) -> bool:
        """Whether what is seen of a voxel ends where its slice does, along the plane's way through the slices."""
        if self.ball:
            return True
        band = self.band
        steps = np.array([np.diff(band.geometry.slice_positions_mm).mean(), 1.0, 1.0])
        # Change of each coordinate with a mm down and right in the plane.
        change = band.index.matrix[:, :2] / band.view.pixel_mm / steps[:, None]
        through = np.linalg.norm(change[0])
        if through == 0:
            return False
        along = change @ (change[0] / through)
        return bool(np.argmax(np.abs(along)) == 0)

    def _is_beside(self, voxels: Voxels, seen: _Triple, a: Floats, b: Floats) -> NDArray[np.bool_]:
        """Whether a voxel is beside the middle of the brush while that goes through its slice."""
        first, last = self._within(voxels, 0, a, b)
        level = seen[0] * 0.0, seen[1], seen[2]
        flat = np.array([0.0, 1.0, 1.0])
        squared = self._distance_squared(level, a * flat, b * flat, first, np.maximum(first, last))
        return (first <= last) & (squared <= self.radius_mm**2 + _ROUNDING)

    def _is_passed(self, voxels: Voxels, a: Floats, b: Floats) -> NDArray[np.bool_]:
        """Whether the middle of the brush goes through a voxel."""
        between = [self._within(voxels, axis, a, b) for axis in range(3)]
        first = np.maximum.reduce([low for low, _ in between])
        last = np.minimum.reduce([high for _, high in between])
        return np.asarray(first <= last)

    def _within(self, voxels: Voxels, axis: int, a: Floats, b: Floats) -> tuple[Floats, Floats]:
        """From which to which part of the way from a to b it is within voxels along an axis; none if reversed."""
        cells, at = self.band.cells, voxels[axis]
        low = cells.centers[axis][at] + cells.low[axis][at] - a[axis]
        high = cells.centers[axis][at] + cells.high[axis][at] - a[axis]
        step = float(b[axis] - a[axis])
        if abs(step) <= _ROUNDING:
            inside = self._is_level(axis, at, float(a[axis]))
            return np.where(inside, 0.0, 1.0), np.where(inside, 1.0, 0.0)
        ends = low / step, high / step
        return np.maximum(np.minimum(*ends), 0.0), np.minimum(np.maximum(*ends), 1.0)

    def _is_level(self, axis: int, at: Integers, coordinate: float) -> NDArray[np.bool_]:
        """Whether a coordinate belongs to voxels: halfway to the higher index, as reformats have it."""
        index = float(self.band.geometry.slice_index(coordinate)) if axis == 0 else coordinate
        if axis == self.band.steepest and self.band.flat_at is not None and not self.ball:
            return np.asarray(at == self.band.flat_at)
        return np.asarray(at == math.floor(min(max(index, 0), self.band.geometry.shape[axis] - 1) + 0.5))

    def _distance_squared(
        self, place: _Triple, a: Floats, b: Floats, first: Floats | float, last: Floats | float
    ) -> Floats:
        """From places to the nearest point of a part of the way from a to b, in mm squared."""
        metric = self._metric
        step = metric @ (b - a)
        length = float(step @ step)
        offsets = [row[0] * place[0] + row[1] * place[1] + row[2] * place[2] - row @ a for row in metric]
        if length:
            along = sum(offset * s for offset, s in zip(offsets, step, strict=True)) / length
            along = np.clip(along, first, last)
            offsets = [offset - along * s for offset, s in zip(offsets, step, strict=True)]
        return np.asarray(sum(offset**2 for offset in offsets))


def nearest_voxel(band: PlaneBand, place_px: PlacePx) -> tuple[int, int, int] | None:
    """The voxel that a plane shows at a place; None where there is no image."""
    row, column = np.array([place_px[0]]), np.array([place_px[1]])
    found = []
    for axis, size in enumerate(band.geometry.shape):
        coordinate = band.index.coordinate(axis, row, column)
        if axis == 0:
            coordinate = band.geometry.slice_index(coordinate)
        nearest = corners_of(coordinate, size, Interpolation.NEAREST)
        if not nearest.inside[0]:
            return None
        found.append(int(nearest.low[0]))
    return found[0], found[1], found[2]
