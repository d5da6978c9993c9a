"""Where the inside of the skull is in a stack of real slices, and coordinates in it that hold for every head.

Grey levels end at 100 HU, so bone is what is saturated. The inside is followed from the vertex down: below the
level of the orbits bone encloses other things than brain, and only what lies under brain is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.learning.synthesis.anatomy import Anatomy, Field, Mask

SATURATED_HU = 98.0
"""From here on a pixel is bone, metal or unknown."""
NO_DEPTH_MM = -30.0
"""Depth far outside the skull."""

_MIN_INSIDE_MM2 = 600.0
_WIDEST_BELOW_VERTEX_MM = 72.0
_CAP_RADIUS_MM = 70.0
_MARGIN_PX = 8
_REACH_SLICES = 5
_FALX_Y_MM = (-75.0, -45.0, -15.0, 20.0, 45.0, 75.0)
_FALX_EDGE_MM = (85.0, 70.0, 42.0, 40.0, 62.0, 84.0)
"""How far below the vertex the falx reaches: least above the corpus callosum."""


@dataclass(frozen=True, eq=False)
class Skull:
    """The inside of a skull, cut out of the pictures.

    Parameters
    ----------
    rows, columns : slice
        What is cut out of each picture; all arrays here have that size.
    inside : ndarray of bool, shape (n, h, w)
        Within the inner table.
    depth_mm : ndarray of float32, shape (n, h, w)
        Distance to the inner table in 3-D; negative outside, in the plane there.
    x_mm : ndarray of float32, shape (n, h, w)
        Distance from the midline plane, positive to the right of the picture.
    y_mm : ndarray of float32, shape (h,)
        Distance behind the middle of the inside.
    below_vertex_mm : ndarray of float32, shape (n,)
        Distance below the top of the inside.
    step_mm : tuple of float
        Distance of slices, of rows and of columns.
    anatomy : Anatomy or None
        What lies where, if it is known and need not be read from HU.
    """

    rows: slice
    columns: slice
    inside: Mask
    depth_mm: Field
    x_mm: Field
    y_mm: Field
    below_vertex_mm: Field
    step_mm: tuple[float, float, float]
    anatomy: Anatomy | None = None

    def __post_init__(self) -> None:
        if self.inside.ndim != 3 or self.depth_mm.shape != self.inside.shape:
            raise ValueError(f"inside and depth must be stacks of one shape. Received: {self.inside.shape}")
        if min(self.step_mm) <= 0:
            raise ValueError(f"steps must be positive. Received: {self.step_mm}")

    @property
    def y3(self) -> Field:
        """`y_mm` in a shape that broadcasts, (1, h, 1)."""
        return self.y_mm[None, :, None]

    @property
    def z3(self) -> Field:
        """`below_vertex_mm` in a shape that broadcasts, (n, 1, 1)."""
        return self.below_vertex_mm[:, None, None]

    @property
    def midline_mm(self) -> Field:
        """Distance from the sheet between the hemispheres; the plane of symmetry where no sheet is known."""
        return self.x_mm if self.anatomy is None else self.anatomy.falx_mm

    @property
    def falx(self) -> Mask:
        """Where the sheet between the hemispheres is dura, shape (n, h, w)."""
        if self.anatomy is not None:
            return self.anatomy.falx
        edge = np.interp(self.y_mm, _FALX_Y_MM, _FALX_EDGE_MM).astype(np.float32)
        return self.inside & (self.z3 < edge[None, :, None])

    @property
    def tentorium_mm(self) -> Field:
        """Height above the sheet between cerebrum and cerebellum, shape (n, h, w)."""
        if self.anatomy is not None:
            return self.anatomy.tentorium_mm
        # It falls backwards to the confluence of the sinuses, and to both sides to the petrous bones.
        behind = self.y3 - 34
        tent = 66 + 0.4 * np.clip(behind, 0, 45)
        tent = tent + 0.45 * np.minimum(np.abs(self.x_mm), 50) * np.clip(1 - behind / 60, 0.25, 1)
        return (tent - self.z3).astype(np.float32)

    def offsets_mm(self, k: int, r: int, c: int) -> tuple[Field, Field, Field]:
        """Distance from a pixel along slices, rows and columns, in shapes that broadcast."""
        z, y, x = (
            ((np.arange(n) - at) * step).astype(np.float32)
            for n, at, step in zip(self.inside.shape, (k, r, c), self.step_mm, strict=True)
        )
        return z[:, None, None], y[None, :, None], x[None, None, :]

    def part(self, run: slice) -> Skull:
        """The same skull, some slices of it."""
        return replace(
            self,
            inside=self.inside[run],
            depth_mm=self.depth_mm[run],
            x_mm=self.x_mm[run],
            below_vertex_mm=self.below_vertex_mm[run],
            anatomy=None if self.anatomy is None else self.anatomy.part(run),
        )


def find_skull(
    hu: Field, positions_mm: NDArray[np.floating[Any]], brain: Mask, mm_per_px: float
) -> Skull | None:
    """Find the inside of the skull in a stack of slices.

    Parameters
    ----------
    hu : ndarray of float32, shape (n, size, size)
        HU, clipped at 100; lowest slice first.
    positions_mm : ndarray, shape (n,)
    brain : ndarray of bool, shape (n,)
        Slices in which there is brain.
    mm_per_px : float

    Returns
    -------
    Skull or None
        None if no slice shows a closed skull.
    """
    inside = np.zeros(hu.shape, bool)
    above: Mask | None = None
    for k in range(len(hu) - 1, -1, -1):
        if brain[k]:
            inside[k] = _inside_slice(hu[k], above, mm_per_px)
            if inside[k].sum() * mm_per_px**2 >= _MIN_INSIDE_MM2:
                above = inside[k]
            else:
                inside[k] = False
    if not inside.any():
        return None
    rows = _around(np.asarray(inside.any(axis=(0, 2))))
    columns = _around(np.asarray(inside.any(axis=(0, 1))))
    inside = inside[:, rows, columns].copy()
    gaps = np.diff(positions_mm)
    step = (float(np.median(gaps)) if gaps.size and np.median(gaps) > 0 else 5.0, mm_per_px, mm_per_px)
    filled = np.flatnonzero(inside.any(axis=(0, 2)))
    row = np.arange(rows.stop - rows.start, dtype=np.float32)
    y: Field = ((row - (filled[0] + filled[-1]) / 2) * mm_per_px).astype(np.float32)
    return Skull(
        rows,
        columns,
        inside,
        depth_below(inside, step),
        _from_midline(hu[:, rows, columns], inside, mm_per_px),
        y,
        _below_vertex(inside, positions_mm, mm_per_px),
        step,
    )


def depth_below(inside: Mask, step_mm: tuple[float, float, float]) -> Field:
    """Distance to the edge of a mask, positive inside, in 3-D there and in the plane outside.

    The distance in 3-D is the least over nearby slices of the distance in them and the way to them; that is exact
    as far as the slices reach, and much quicker than a transform of the whole stack.
    """
    n = len(inside)
    flat = np.empty(inside.shape, np.float32)
    for k in range(n):
        flat[k] = _signed_depth(inside[k]) * step_mm[1]
    squared = np.clip(flat, 0, None) ** 2
    depth2 = squared.copy()
    for away in range(1, _REACH_SLICES + 1):
        if away >= n:
            break
        up = np.float32((away * step_mm[0]) ** 2)
        # Where nothing was found in a slice below, the stack ends; that is no inner table.
        valid = np.asarray(inside.any(axis=(1, 2)))
        depth2[:-away] = np.minimum(
            depth2[:-away], np.where(valid[away:, None, None], squared[away:] + up, np.inf)
        )
        depth2[away:] = np.minimum(
            depth2[away:], np.where(valid[:-away, None, None], squared[:-away] + up, np.inf)
        )
    return np.where(inside, np.sqrt(depth2), np.minimum(flat, 0)).astype(np.float32)


def largest(mask: Mask) -> Mask:
    """The largest connected part of a mask."""
    marks, count = ndimage.label(mask)
    if count <= 1:
        return mask
    sizes = np.bincount(marks.ravel())
    sizes[0] = 0
    part: Mask = marks == int(np.argmax(sizes))
    return part


def _signed_depth(mask: Mask) -> Field:
    if not mask.any():
        return np.full(mask.shape, NO_DEPTH_MM, np.float32)
    within = ndimage.distance_transform_edt(mask)
    near = ndimage.binary_dilation(mask, iterations=3)
    out = np.where(near, ndimage.distance_transform_edt(~mask), -NO_DEPTH_MM)
    return np.where(mask, within - 0.5, 0.5 - out).astype(np.float32)


def _inside_slice(hu: Field, above: Mask | None, mm_per_px: float) -> Mask:
    bone = hu >= SATURATED_HU
    closed = ndimage.binary_closing(bone, disc(round(3.0 / mm_per_px)))
    enclosed = ndimage.binary_fill_holes(closed) & ~closed
    room = ndimage.binary_opening(enclosed & (ndimage.uniform_filter(hu, 3) > -12), disc(3))
    if above is None:
        room = largest(room)
    else:
        under = ndimage.binary_dilation(above, iterations=5)
        enclosed_room = _below(room, above, under, mm_per_px)
        if enclosed_room.sum() < 0.6 * above.sum():
            # The skull is open here: at the sella, the orbits, after surgery. What is above stands in for it.
            soft = ndimage.uniform_filter(hu, 3)
            open_room = ndimage.binary_opening(under & ~closed & (soft > -3) & (soft < 90), disc(5))
            open_room = _below(open_room, above, under, mm_per_px)
            if open_room.sum() > 1.3 * enclosed_room.sum():
                enclosed, enclosed_room = under & ~closed, open_room
        room = enclosed_room
    # Opening and closing rounded the corners; brain-valued pixels up to the bone belong to the inside.
    grown = ndimage.binary_dilation(room, iterations=3) & (enclosed | closed) & ~bone
    filled: Mask = ndimage.binary_fill_holes(largest(grown) if above is None else grown)
    return filled


def _below(room: Mask, above: Mask, under: Mask, mm_per_px: float) -> Mask:
    """The parts of a room that lie under what is inside in the slice above, or take up most of it."""
    marks, count = ndimage.label(room)
    if count == 0:
        return room
    sizes = np.bincount(marks.ravel(), minlength=count + 1)
    shared = np.bincount(marks[under], minlength=count + 1)
    good = ((shared > 0.55 * sizes) | (shared > 0.6 * above.sum())) & (sizes * mm_per_px**2 > 150)
    good[0] = False
    part: Mask = good[marks]
    return part


def disc(radius_px: int) -> Mask:
    """A filled circle as a structuring element."""
    y, x = np.mgrid[-radius_px : radius_px + 1, -radius_px : radius_px + 1]
    done: Mask = (x * x + y * y) <= radius_px * radius_px + 1
    return done


def _around(line: NDArray[np.bool_]) -> slice:
    filled = np.flatnonzero(line)
    return slice(max(0, int(filled[0]) - _MARGIN_PX), min(line.size, int(filled[-1]) + 1 + _MARGIN_PX))


def _below_vertex(inside: Mask, positions_mm: NDArray[np.floating[Any]], mm_per_px: float) -> Field:
    area = inside.sum(axis=(1, 2)) * mm_per_px**2
    top = int(np.flatnonzero(area)[-1])
    if area[top] < 0.6 * area.max():
        # What is cut off a ball of the size of a head by the topmost slice.
        vertex = float(positions_mm[top]) + float(area[top]) / (2 * np.pi * _CAP_RADIUS_MM)
    else:
        vertex = float(positions_mm[int(np.argmax(area))]) + _WIDEST_BELOW_VERTEX_MM
    return (vertex - positions_mm).astype(np.float32)


def _from_midline(hu: Field, inside: Mask, mm_per_px: float) -> Field:
    """Distance from the plane about which the head is most nearly symmetric."""
    n, h, w = inside.shape
    area = inside.sum(axis=(1, 2))
    wide = np.flatnonzero(area > 0.6 * area.max())
    rows, middles = [], []
    for k in wide:
        y, x = np.nonzero(inside[k])
        first = np.full(h, w)
        last = np.full(h, -1)
        np.minimum.at(first, y, x)
        np.maximum.at(last, y, x)
        good = np.flatnonzero(last - first > 60.0 / mm_per_px)
        rows.append(good)
        middles.append((first[good] + last[good]) / 2)
    row, middle = np.concatenate(rows), np.concatenate(middles)
    if row.size < 10:
        slope, offset = 0.0, float(np.nonzero(inside)[2].mean())
    else:
        slope, offset = (float(v) for v in np.polyfit(row, middle, 1))
        keep = np.abs(middle - slope * row - offset) < 6
        if keep.sum() > 10:
            slope, offset = (float(v) for v in np.polyfit(row[keep], middle[keep], 1))
    slope, offset = _most_symmetric(hu, inside, wide, slope, offset)
    cosine = 1 / np.hypot(1.0, slope)
    x = (np.arange(w)[None, :] - (slope * np.arange(h) + offset)[:, None]) * cosine * mm_per_px
    return np.broadcast_to(x.astype(np.float32), (n, h, w))


def _most_symmetric(
    hu: Field, inside: Mask, wide: NDArray[np.intp], slope: float, offset: float
) -> tuple[float, float]:
    """Turn and shift a line a little until the mean picture agrees best with its mirror image."""
    mean = (hu[wide] * inside[wide]).sum(axis=0) / np.maximum(inside[wide].sum(axis=0), 1)
    picture = ndimage.gaussian_filter(np.where(inside[wide].any(axis=0), mean, 0.0), 2.0)[::3, ::3]
    room = np.asarray(inside[wide].any(axis=0))[::3, ::3]
    at = np.nonzero(room)
    rows, columns = at[0] * 3.0, at[1] * 3.0
    here = picture[at]
    middle_row = float(rows.mean())
    best, found = np.inf, (slope, offset)
    center = slope * middle_row + offset
    for turn in np.linspace(-0.06, 0.06, 7):
        for shift in np.linspace(-5.0, 5.0, 11):
            s, c = slope + turn, center + shift
            off = (columns - c - s * (rows - middle_row)) / (1 + s * s)
            there = ndimage.map_coordinates(
                picture, [(rows + 2 * s * off) / 3, (columns - 2 * off) / 3], order=1, mode="nearest"
            )
            cost = float(np.mean(np.abs(there - here))) + 0.02 * abs(shift) + 2 * abs(turn)
            if cost < best:
                best, found = cost, (s, c - s * middle_row)
    return found
