"""Where the inside of the skull is in a stack of real slices, and coordinates in it that hold for every head.

Grey levels end at 100 HU, so bone is what is saturated. The inside is followed from the vertex down: below the
level of the orbits bone encloses other things than brain, and only what lies under brain is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.synthesis.anatomy import Anatomy, Field, Mask, Pixel, length
from ichviewer.learning.synthesis.noise import smooth_field

LOWEST_HU, HIGHEST_HU = -20.0, 100.0
"""Brain, blood and fluid lie within; what lies beyond stays as it was found."""
SATURATED_HU = 98.0
"""From here on a pixel is bone, metal or unknown."""
NO_DEPTH_MM = -30.0
"""Depth far outside the skull."""

_MIN_INSIDE_MM2, _WIDEST_BELOW_VERTEX_MM, _CAP_RADIUS_MM = 600.0, 72.0, 70.0
_MARGIN_PX, _REACH_SLICES = 8, 5
_FALX_Y_MM, _FALX_EDGE_MM = (-75.0, -45.0, -15.0, 20.0, 45.0, 75.0), (85.0, 70.0, 42.0, 40.0, 62.0, 84.0)
"""How far below the vertex the falx reaches: least above the corpus callosum."""


@dataclass(frozen=True, eq=False)
class Skull:
    """The inside of a skull, cut out of the pictures; arrays of shape (n, h, w) unless said otherwise."""

    rows: slice  # of the pictures; this and the next are what was cut out
    columns: slice
    inside: Mask  # within the inner table
    depth_mm: Field  # distance to the inner table in 3-D, negative outside and in the plane there
    x_mm: Field  # distance from the midline plane, positive to the right of the picture
    y_mm: Field  # distance behind the middle of the inside, shape (h,)
    below_vertex_mm: Field  # distance below the top of the inside, shape (n,)
    step_mm: tuple[float, float, float]  # distance of slices, of rows and of columns
    anatomy: Anatomy | None = None  # what lies where, if it is known and need not be read from HU

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
    def area_mm2(self) -> NDArray[np.float64]:
        """Area of the inside in each slice, shape (n,)."""
        return np.asarray(self.inside.sum(axis=(1, 2)) * self.step_mm[1] ** 2)

    @property
    def midline_mm(self) -> Field:
        """Distance from the sheet between the hemispheres; the plane of symmetry where no sheet is known."""
        return self.x_mm if self.anatomy is None else self.anatomy.falx_mm

    @property
    def falx(self) -> Mask:
        """Where the sheet between the hemispheres is dura, shape (n, h, w)."""
        if self.anatomy is not None:
            return self.anatomy.falx
        return self.inside & (self.z3 < np.interp(self.y3, _FALX_Y_MM, _FALX_EDGE_MM).astype(np.float32))

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

    def offsets_mm(self, pixel: Pixel) -> tuple[Field, Field, Field]:
        """Distance from a pixel along slices, rows and columns, in shapes that broadcast."""
        steps = zip(self.inside.shape, pixel, self.step_mm, strict=True)
        z, y, x = np.ix_(*(((np.arange(n) - at) * step).astype(np.float32) for n, at, step in steps))
        return z, y, x

    def away_mm(self, pixel: Pixel, scale: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Field:
        """Distance from a pixel, shape (n, h, w); slices, rows and columns count by so much."""
        z, y, x = (offset * by for offset, by in zip(self.offsets_mm(pixel), scale, strict=True))
        return length(z, y, x)

    def smooth_field(self, rng: Generator, scale_mm: float) -> Field:
        """A random field of mean 0 and variance 1 whose humps are about `scale_mm` wide, shape (n, h, w)."""
        return smooth_field(rng, self.inside.shape, self.step_mm, scale_mm)

    def bend(self, rng: Generator, scale_mm: float, by_mm: float) -> Field | float:
        """How far falx and tentorium lie beside where they are guessed to be; 0 where that is known."""
        return 0.0 if self.anatomy is not None else self.smooth_field(rng, scale_mm) * np.float32(by_mm)

    def on_inner_table(self, k: int, side: float, azimuth_rad: float, depth_mm: float) -> Pixel | None:
        """The pixel just inside the inner table of a slice that lies nearest to an angle around the head."""
        rows, columns = np.nonzero((np.abs(self.depth_mm[k] - depth_mm) < depth_mm) & self.inside[k])
        if rows.size == 0:
            return None
        angle = np.arctan2(self.y_mm[rows], self.x_mm[k][rows, columns] * side)
        best = int(np.argmin(np.abs(angle - azimuth_rad)))
        return k, int(rows[best]), int(columns[best])

    def volume_mm3(self, part: Mask | Field) -> float:
        """Volume of a mask, or of shares of each pixel, of shape (n, h, w)."""
        return float(part.sum()) * float(np.prod(self.step_mm))

    def part(self, run: slice) -> Skull:
        """The same skull, some slices of it."""
        parts = {name: getattr(self, name)[run] for name in ("inside", "depth_mm", "x_mm", "below_vertex_mm")}
        return replace(self, **parts, anatomy=None if self.anatomy is None else self.anatomy.part(run))


@lru_cache(maxsize=2)
def find_skull(volume: Volume, mm_per_px: float) -> Skull | None:
    """Find the inside of the skull in a volume; None if none of its slices shows a closed skull.

    The same object while it is asked for again and again: many lesions are put into the same head.
    """
    hu = np.clip(volume.hu, LOWEST_HU, HIGHEST_HU).astype(np.float32)
    inside = np.zeros(hu.shape, bool)
    above: Mask | None = None
    for k in np.flatnonzero(volume.has_brain)[::-1]:
        room = _inside_slice(hu[k], above, mm_per_px)
        if room.sum() * mm_per_px**2 >= _MIN_INSIDE_MM2:
            inside[k] = above = room
    if not inside.any():
        return None
    rows, columns = window(inside)
    inside = inside[:, rows, columns].copy()
    gaps = np.diff(volume.positions_mm)
    step = (float(np.median(gaps)) if gaps.size and np.median(gaps) > 0 else 5.0, mm_per_px, mm_per_px)
    depth, x = _depth_below(inside, step), _from_midline(hu[:, rows, columns], inside, mm_per_px)
    below = _below_vertex(inside, volume.positions_mm, mm_per_px)
    return Skull(rows, columns, inside, depth, x, behind_middle_mm(inside, mm_per_px), below, step)


def window(inside: Mask) -> tuple[slice, slice]:
    """Rows and columns of a stack (n, rows, columns) that show the inside of a skull, and a margin."""
    filled = (np.flatnonzero(inside.any(axis=axes)) for axes in ((0, 2), (0, 1)))
    ends = [(max(0, int(at[0]) - _MARGIN_PX), int(at[-1]) + 1 + _MARGIN_PX) for at in filled]
    rows, columns = (slice(low, min(high, n)) for (low, high), n in zip(ends, inside.shape[1:], strict=True))
    return rows, columns


def behind_middle_mm(inside: Mask, mm_per_px: float) -> Field:
    """How far each row lies behind the middle of the inside, shape (h,)."""
    filled = np.flatnonzero(inside.any(axis=(0, 2)))
    behind = np.arange(inside.shape[1]) - (filled[0] + filled[-1]) / 2
    return np.asarray(behind * mm_per_px, np.float32)


def _depth_below(inside: Mask, step_mm: tuple[float, float, float]) -> Field:
    """Distance to the edge of a mask in mm, positive inside, over nearby slices there, in the plane outside."""
    flat = np.stack([_signed_depth(mask) * step_mm[1] for mask in inside])
    squared = np.clip(flat, 0, None) ** 2
    # Where nothing was found in a slice below, the stack ends; that is no inner table.
    walled = np.where(inside.any(axis=(1, 2), keepdims=True), squared, np.inf)
    for away in range(1, min(_REACH_SLICES, len(inside) - 1) + 1):
        up = np.float32((away * step_mm[0]) ** 2)
        squared[:-away] = np.minimum(squared[:-away], walled[away:] + up)
        squared[away:] = np.minimum(squared[away:], walled[:-away] + up)
    return np.where(inside, np.sqrt(squared), np.minimum(flat, 0)).astype(np.float32)


def _largest(mask: Mask) -> Mask:
    """The largest connected part of a mask."""
    marks, count = ndimage.label(mask)
    if count <= 1:
        return mask
    return np.asarray(marks == 1 + np.argmax(np.bincount(marks.ravel())[1:]), bool)


def _signed_depth(mask: Mask) -> Field:
    """Distance in pixels to the edge of a mask in the plane, negative outside."""
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
    soft = ndimage.uniform_filter(hu, 3)
    room = ndimage.binary_opening(enclosed & (soft > -12), disc(3))
    if above is None:
        room = _largest(room)
    else:
        under = ndimage.binary_dilation(above, iterations=5)
        room = _below(room, above, under, mm_per_px)
        if room.sum() < 0.6 * above.sum():
            # The skull is open here: at the sella, the orbits, after surgery. What is above stands in for it.
            open_room = ndimage.binary_opening(under & ~closed & (soft > -3) & (soft < 90), disc(5))
            open_room = _below(open_room, above, under, mm_per_px)
            if open_room.sum() > 1.3 * room.sum():
                enclosed, room = under & ~closed, open_room
    # Opening and closing rounded the corners; brain-valued pixels up to the bone belong to the inside.
    grown = ndimage.binary_dilation(room, iterations=3) & (enclosed | closed) & ~bone
    return np.asarray(ndimage.binary_fill_holes(_largest(grown) if above is None else grown), bool)


def _below(room: Mask, above: Mask, under: Mask, mm_per_px: float) -> Mask:
    """The parts of a room that lie under what is inside in the slice above, or take up most of it."""
    marks, count = ndimage.label(room)
    if count == 0:
        return room
    sizes = np.bincount(marks.ravel(), minlength=count + 1)
    shared = np.bincount(marks[under], minlength=count + 1)
    good = ((shared > 0.55 * sizes) | (shared > 0.6 * above.sum())) & (sizes * mm_per_px**2 > 150)
    good[0] = False
    return np.asarray(good[marks], bool)


def disc(radius_px: int) -> Mask:
    """A filled circle as a structuring element."""
    y, x = np.mgrid[-radius_px : radius_px + 1, -radius_px : radius_px + 1]
    return np.asarray(x * x + y * y <= radius_px * radius_px + 1, bool)


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
    _, h, w = inside.shape
    area = inside.sum(axis=(1, 2))
    wide = area > 0.6 * area.max()
    hu, room = hu[wide], inside[wide]
    first, last = room.argmax(axis=2), w - 1 - room[:, :, ::-1].argmax(axis=2)
    good = room.any(axis=2) & (last - first > 60.0 / mm_per_px)
    row, middle = np.nonzero(good)[1], (first[good] + last[good]) / 2
    slope, offset = 0.0, float(np.nonzero(inside)[2].mean())
    if row.size >= 10:
        slope, offset = (float(v) for v in np.polyfit(row, middle, 1))
        keep = np.abs(middle - slope * row - offset) < 6
        if keep.sum() > 10:
            slope, offset = (float(v) for v in np.polyfit(row[keep], middle[keep], 1))
    slope, offset = _most_symmetric(hu, room, slope, offset)
    cosine = 1 / np.hypot(1.0, slope)
    x = (np.arange(w)[None, :] - (slope * np.arange(h) + offset)[:, None]) * cosine * mm_per_px
    return np.broadcast_to(x.astype(np.float32), inside.shape)


def _most_symmetric(hu: Field, inside: Mask, slope: float, offset: float) -> tuple[float, float]:
    """Turn and shift a line a little until the mean picture agrees best with its mirror image."""
    mean = (hu * inside).sum(axis=0) / np.maximum(inside.sum(axis=0), 1)
    room = np.asarray(inside.any(axis=0))
    picture = ndimage.gaussian_filter(np.where(room, mean, 0.0), 2.0)[::3, ::3]
    at = np.nonzero(room[::3, ::3])
    rows, columns = at[0] * 3.0, at[1] * 3.0
    here, middle_row = picture[at], float(rows.mean())
    center = slope * middle_row + offset
    best, found = np.inf, (slope, offset)
    for turn in np.linspace(-0.06, 0.06, 7):
        for shift in np.linspace(-5.0, 5.0, 11):
            s, c = slope + turn, center + shift
            off = (columns - c - s * (rows - middle_row)) / (1 + s * s)
            mirrored = [(rows + 2 * s * off) / 3, (columns - 2 * off) / 3]
            there = ndimage.map_coordinates(picture, mirrored, order=1, mode="nearest")
            cost = float(np.mean(np.abs(there - here))) + 0.02 * abs(shift) + 2 * abs(turn)
            if cost < best:
                best, found = cost, (s, c - s * middle_row)
    return found
