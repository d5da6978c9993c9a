"""Interpolate a volume at the pixels of a view, as fast as the position of the plane allows.

All ways give the same values. Trilinear weights are products of one weight for each axis of the volume, so axes that
do not depend on each other can be interpolated one after the other:

- `_from_planes`: the plane is parallel to two axes of the volume (axial, coronal and sagittal planes of a plain
  volume; sagittal ones of a tilted one). The slab becomes one plane of voxels, interpolated in two dimensions.
- `_from_lines`: the plane contains one axis of the volume (axial and coronal planes of a tilted volume, and planes
  turned about one axis). Whole lines of voxels along that axis are summed, each with one weight.
- `_from_points`: any other plane, point by point.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.sampling import Corners, IndexMap, Interpolation, corners_of
from ichviewer.domain.slab import Projection, SlabSamples
from ichviewer.domain.volume import Volume, as_hu

_ROW, _COLUMN, _OFFSET = 0, 1, 2
# What is worked on at a time fits the cache of one core.
_BLOCK = 1 << 19
_PLANES_AT_ONCE = 16

Hu = NDArray[np.float32]


def resample(
    volume: Volume, view: PlaneView, samples: SlabSamples, interpolation: Interpolation
) -> NDArray[np.float32]:
    """HU of a volume at the pixels of a view.

    Parameters
    ----------
    volume : Volume
    view : PlaneView
    samples : SlabSamples
        Offsets along the normal that make one pixel.
    interpolation : Interpolation

    Returns
    -------
    ndarray of float32, shape (view.rows, view.columns)
        NaN where there is no image; see `ichviewer.domain.reformat.reformat`.
    """
    depth_mm = float(np.abs(samples.offsets_mm).max())
    task = _Task(volume, view, samples, interpolation, IndexMap.of(volume.geometry, view, depth_mm))
    # Some BLAS libraries raise flags for NaN, which is a value here.
    with np.errstate(all="ignore"):
        across = task.axis_across()
        if across is not None:
            return _from_planes(task, across)
        within = task.axis_within()
        if within is not None:
            return _from_lines(task, *within)
        return _from_points(task)


@dataclass(frozen=True, eq=False)
class _Task:
    """What is to be interpolated."""

    volume: Volume
    view: PlaneView
    samples: SlabSamples
    interpolation: Interpolation
    index: IndexMap

    def axis_across(self) -> int | None:
        """The axis of the volume that alone changes along the normal, and changes with nothing else."""
        moves = self.index.moves
        within = np.flatnonzero(~moves[:, :_OFFSET].any(axis=1))
        if within.size != 1:
            return None
        axis = int(within[0])
        others = np.delete(moves[:, _OFFSET], axis)
        return None if others.any() else axis

    def axis_within(self) -> tuple[int, int] | None:
        """An axis that changes along rows or columns of the view only, as the only one, and which of them.

        Lines along columns of the volume lie in one piece in memory, so these come first.
        """
        moves = self.index.moves
        for axis in (2, 0, 1):
            for variable in (_COLUMN, _ROW):
                if np.flatnonzero(moves[axis]).tolist() == [variable] and moves[:, variable].sum() == 1:
                    return axis, variable
        return None

    def corners(
        self,
        axis: int,
        row_px: NDArray[np.float64] | float = 0.0,
        column_px: NDArray[np.float64] | float = 0.0,
        offset_mm: NDArray[np.float64] | float = 0.0,
    ) -> Corners:
        """Voxels between which points of the view lie along an axis of the volume."""
        coordinate = self.index.coordinate(axis, row_px, column_px, offset_mm)
        if axis == 0:
            coordinate = self.volume.geometry.slice_index(coordinate)
        return corners_of(coordinate, self.volume.geometry.shape[axis], self.interpolation)

    @property
    def is_mean(self) -> bool:
        return self.samples.projection is Projection.MEAN

    def variable(self, variable: int) -> NDArray[np.float64]:
        """All rows or columns of the view."""
        return np.arange(self.view.rows if variable == _ROW else self.view.columns, dtype=np.float64)

    def project(self, hu: Hu, inside: NDArray[np.bool_], axis: int) -> Hu:
        """Maximum or minimum along an axis of samples; NaN where any inside is NaN or none is inside.

        ``inside`` is broadcast.
        """
        is_maximum = self.samples.projection is Projection.MAXIMUM
        out = np.where(inside, hu, np.float32(-np.inf if is_maximum else np.inf))
        found = np.asarray(out.max(axis=axis) if is_maximum else out.min(axis=axis))
        found[np.isinf(found)] = np.nan
        return found


def _mix(low: Hu, high: Hu, fraction: NDArray[np.float32]) -> Hu:
    """Linear interpolation, in place of ``high``."""
    high -= low
    high *= fraction
    high += low
    return high


def _along(hu: Hu, axis: int, corners: Corners) -> Hu:
    """Interpolate one axis of an array at coordinates; NaN outside."""
    low = hu.take(corners.low, axis=axis)
    shape = [1] * hu.ndim
    shape[axis] = -1
    if corners.fraction.any():
        low = _mix(low, hu.take(corners.high, axis=axis), corners.fraction.reshape(shape))
    if not corners.inside.all():
        np.moveaxis(low, axis, 0)[~corners.inside] = np.nan
    return low


def _from_planes(task: _Task, axis: int) -> Hu:
    """The plane is parallel to the volume's two other axes."""
    across = task.corners(axis, offset_mm=task.samples.offsets_mm)
    used = np.flatnonzero(across.inside)
    if not used.size:
        return np.full((task.view.rows, task.view.columns), np.nan, np.float32)
    if task.is_mean:
        return _in_plane(task, axis, _mean_plane(task, axis, across, used))
    found: Hu | None = None
    for i in used:
        low = as_hu(task.volume.voxels.take(across.low[i], axis=axis))
        if across.fraction[i]:
            low = _mix(low, as_hu(task.volume.voxels.take(across.high[i], axis=axis)), across.fraction[i])
        hu = _in_plane(task, axis, low)
        if found is None:
            found = hu
        elif task.samples.projection is Projection.MAXIMUM:
            np.maximum(found, hu, out=found)
        else:
            np.minimum(found, hu, out=found)
    assert found is not None
    return found


def _mean_plane(task: _Task, axis: int, across: Corners, used: NDArray[np.intp]) -> Hu:
    """Weighted sum of the planes of voxels across an axis."""
    share = task.samples.weights[used] / task.samples.weights[used].sum()
    weights = np.zeros(task.volume.geometry.shape[axis])
    np.add.at(weights, across.low[used], share * (1 - across.fraction[used]))
    np.add.at(weights, across.high[used], share * across.fraction[used])
    planes = np.flatnonzero(weights)
    found: Hu | None = None
    for start in range(0, planes.size, _PLANES_AT_ONCE):
        some = planes[start : start + _PLANES_AT_ONCE]
        hu = as_hu(task.volume.voxels.take(some, axis=axis))
        part = np.matmul(weights[some].astype(np.float32)[None], np.moveaxis(hu, axis, -2))[..., 0, :]
        found = part if found is None else found + part
    assert found is not None
    return found


def _in_plane(task: _Task, axis: int, plane: Hu) -> Hu:
    """Interpolate a plane of voxels, whose axes are those of the volume without ``axis``, at the view's pixels."""
    first, second = (a for a in range(3) if a != axis)
    moves = task.index.moves
    rows, columns = task.variable(_ROW), task.variable(_COLUMN)
    if moves[first].sum() == 1 and moves[second].sum() == 1:
        if moves[first, _ROW]:
            lines = _along(plane, 0, task.corners(first, row_px=rows))
            return _along(lines, 1, task.corners(second, column_px=columns))
        lines = _along(plane, 0, task.corners(first, column_px=columns))
        return np.ascontiguousarray(_along(lines, 1, task.corners(second, row_px=rows)).T)
    a = task.corners(first, rows[:, None], columns)
    b = task.corners(second, rows[:, None], columns)
    flat, width = plane.ravel(), plane.shape[1]
    low, high = a.low * width, a.high * width
    upper = _mix(flat.take(low + b.low), flat.take(low + b.high), b.fraction)
    lower = _mix(flat.take(high + b.low), flat.take(high + b.high), b.fraction)
    found = _mix(upper, lower, a.fraction)
    found[~(a.inside & b.inside)] = np.nan
    return found


def _from_lines(task: _Task, axis: int, variable: int) -> Hu:
    """The axis runs along ``variable`` of the view; the two others depend on the other variable and the offset."""
    first, second = (a for a in range(3) if a != axis)
    along = task.corners(axis, **{("row_px", "column_px")[variable]: task.variable(variable)})
    start, stop = int(along.low.min()), int(along.high.max()) + 1
    along = Corners(along.low - start, along.high - start, along.fraction, along.inside)
    places = task.variable(1 - variable)
    n = len(task.samples.offsets_mm)
    found = np.empty((len(places), len(along.low)), np.float32)
    size = max(1, _BLOCK // (4 * n * (stop - start)))
    for begin in range(0, len(places), size):
        at = {("column_px", "row_px")[variable]: places[begin : begin + size, None]}
        a = task.corners(first, offset_mm=task.samples.offsets_mm, **at)
        b = task.corners(second, offset_mm=task.samples.offsets_mm, **at)
        found[begin : begin + size] = _lines(task, axis, (start, stop), (a, b), along)
    return found if variable == _COLUMN else np.ascontiguousarray(found.T)


def _lines(
    task: _Task, axis: int, crop: tuple[int, int], across: tuple[Corners, Corners], along: Corners
) -> Hu:
    """Some lines of the view; the corners ``across`` the lines have the shape (lines, samples)."""
    a, b = across
    lines, n = a.low.shape
    inside = a.inside & b.inside
    firsts = np.stack([a.low, a.low, a.high, a.high], axis=-1).reshape(lines, 4 * n)
    seconds = np.stack([b.low, b.high, b.low, b.high], axis=-1).reshape(lines, 4 * n)
    hu = _gather_lines(task.volume, axis, crop, firsts, seconds)
    weights = np.stack(
        [
            (1 - a.fraction) * (1 - b.fraction),
            (1 - a.fraction) * b.fraction,
            a.fraction * (1 - b.fraction),
            a.fraction * b.fraction,
        ],
        axis=-1,
    )
    if not inside.all():
        hu[np.repeat(~inside, 4, axis=1)] = 0
    if task.is_mean:
        share = np.where(inside, task.samples.weights, 0)
        total = share.sum(axis=1, keepdims=True)
        share = share / np.where(total > 0, total, np.nan)
        weights = (weights * share[..., None]).astype(np.float32).reshape(lines, 1, 4 * n)
        return _along(np.matmul(weights, hu)[:, 0], 1, along)
    each = np.matmul(weights[:, :, None], hu.reshape(lines, n, 4, -1))[:, :, 0]
    return task.project(_along(each, 2, along), inside[..., None], axis=1)


def _gather_lines(
    volume: Volume,
    axis: int,
    crop: tuple[int, int],
    firsts: NDArray[np.intp],
    seconds: NDArray[np.intp],
) -> Hu:
    """Lines of voxels along an axis at indices of the two others; shape (*indices, length)."""
    begin, end = crop
    if axis == 2:
        return as_hu(volume.voxels[firsts, seconds, begin:end])
    if axis == 1:
        return as_hu(volume.voxels[firsts, begin:end, seconds])
    # Slice by slice: jumping from slice to slice for every line would miss the cache for every voxel.
    flat = firsts * volume.voxels.shape[2] + seconds
    points = volume.voxels[begin:end].reshape(end - begin, -1).take(flat.ravel(), axis=1)
    return as_hu(points.T).reshape(*firsts.shape, end - begin)


def _from_points(task: _Task) -> Hu:
    """Any plane: eight voxels around each point."""
    view = task.view
    found = np.empty((view.rows, view.columns), np.float32)
    columns = task.variable(_COLUMN)
    size = max(1, _BLOCK // 16 // view.columns)
    for begin in range(0, view.rows, size):
        rows = task.variable(_ROW)[begin : begin + size, None]
        found[begin : begin + size] = _points(task, rows, columns)
    return found


def _points(task: _Task, rows: NDArray[np.float64], columns: NDArray[np.float64]) -> Hu:
    """Some rows of the view."""
    shape = (rows.size, columns.size)
    total, found = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
    if not task.is_mean:
        found += np.float32(-np.inf if task.samples.projection is Projection.MAXIMUM else np.inf)
    for offset, weight in zip(task.samples.offsets_mm, task.samples.weights, strict=True):
        corners = [task.corners(axis, rows, columns, offset) for axis in range(3)]
        inside = corners[0].inside & corners[1].inside & corners[2].inside
        if not inside.any():
            continue
        hu = _trilinear(task.volume, *corners)
        if task.is_mean:
            np.add(found, hu * np.float32(weight), out=found, where=inside)
            total += inside * np.float32(weight)
        elif task.samples.projection is Projection.MAXIMUM:
            np.maximum(found, hu, out=found, where=inside)
        else:
            np.minimum(found, hu, out=found, where=inside)
    if task.is_mean:
        total[total == 0] = np.nan
        return np.asarray(found / total)
    found[np.isinf(found)] = np.nan
    return found


def _trilinear(volume: Volume, k: Corners, i: Corners, j: Corners) -> Hu:
    """HU at points from the eight voxels around each."""
    flat = volume.voxels.reshape(-1)
    rows, columns = volume.voxels.shape[1:]

    def line(slices: NDArray[np.intp], row: NDArray[np.intp]) -> Hu:
        start = (slices * rows + row) * columns
        return _mix(as_hu(flat.take(start + j.low)), as_hu(flat.take(start + j.high)), j.fraction)

    lower = _mix(line(k.low, i.low), line(k.low, i.high), i.fraction)
    upper = _mix(line(k.high, i.low), line(k.high, i.high), i.fraction)
    return _mix(lower, upper, k.fraction)
