"""Finds the head in an axial CT slice: a closed skull of plausible size around brain-valued tissue.

Rays run outwards from a point that bone encloses. Where a ray last meets bone before it leaves the body is the
outer table of the skull; the share of rays that meet one, the size of the ring and the share of brain-valued
tissue inside tell a head from a neck, a chest, a phantom or nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

BONE_HU = 250.0
AIR_HU = -400.0
BRAIN_RANGE_HU = (0.0, 80.0)

MIN_WIDTH_MM, MAX_WIDTH_MM = 60.0, 200.0
MIN_HEIGHT_MM, MAX_HEIGHT_MM = 70.0, 240.0
# A ring of bone that is nearly closed may hold sinuses and orbits (skull base); one that is half open (after
# surgery, in an infant) must hold almost nothing but brain. Jaws and necks have neither.
CLOSED_COVERAGE, CLOSED_BRAIN_FRACTION = 0.85, 0.5
OPEN_COVERAGE, OPEN_BRAIN_FRACTION = 0.5, 0.85

ADULT_SKULL_WIDTH_MM = 142.0
"""Outer width of an adult skull at its widest, bone to bone; about 150 mm with scalp."""
ASSUMED_FIELD_OF_VIEW_MM = 240.0
"""Field of view taken for a first look when the pixel spacing is unknown."""

_GRID_MM = 1.5
_RAYS = 96
# Rays that reach a head holder through an ear are few; the median of this many rays is the skull.
_MEDIAN_RAYS = 13
_MAX_RADIUS_MM = 140.0
# So much air after bone, and a ray has left the head; a head holder or a table behind it no longer counts.
_AIR_GAP_MM = 4.5
_MIN_ENCLOSED_MM2 = 1500.0


@dataclass(frozen=True)
class Head:
    """Where the head lies in a slice, and how much like a head it looks.

    Parameters
    ----------
    center_row_px, center_column_px : float
        Middle of the skull's outer surface, in pixels of the slice, 0 at the center of the first pixel.
    width_mm, height_mm : float
        Extent of the skull's outer surface along rows (left-right) and columns (front-back).
    skull_coverage : float
        Share of the directions around the center in which there is skull, 0..1.
    brain_fraction : float
        Share of brain-valued (0..80 HU) area among what is not bone inside the skull, 0..1.
    """

    center_row_px: float
    center_column_px: float
    width_mm: float
    height_mm: float
    skull_coverage: float
    brain_fraction: float

    @property
    def shows_brain(self) -> bool:
        """Whether this is a slice of a head through the brain: size, skull and content are plausible."""
        closed = self.skull_coverage >= CLOSED_COVERAGE and self.brain_fraction >= CLOSED_BRAIN_FRACTION
        opened = self.skull_coverage >= OPEN_COVERAGE and self.brain_fraction >= OPEN_BRAIN_FRACTION
        return (
            (closed or opened)
            and MIN_WIDTH_MM <= self.width_mm <= MAX_WIDTH_MM
            and MIN_HEIGHT_MM <= self.height_mm <= MAX_HEIGHT_MM
        )


def find_head(hu: NDArray[np.float32], spacing_mm: tuple[float, float]) -> Head | None:
    """Find the head in a slice.

    Parameters
    ----------
    hu : ndarray of float32, shape (rows, columns)
        HU; padding may hold any low value.
    spacing_mm : tuple of float
        Distance between rows and between columns.

    Returns
    -------
    Head or None
        None if the slice does not go through a brain inside a skull: neck, face, chest, phantom, empty.
    """
    head = measure_head(hu, spacing_mm)
    return head if head is not None and head.shows_brain else None


def measure_head(hu: NDArray[np.float32], spacing_mm: tuple[float, float]) -> Head | None:
    """Measure whatever ring of bone there is, plausible or not; None if bone encloses nothing.

    Takes what `find_head` takes. Framing uses it where a slice shows a skull base or a face.
    """
    _check(hu, spacing_mm)
    grid, factor = _pool(hu, spacing_mm)
    step = (spacing_mm[0] * factor[0], spacing_mm[1] * factor[1])
    center = _enclosed_center(grid, step)
    if center is None:
        return None
    measured = None
    # The second round starts from the middle of the ring, so that rays meet the skull squarely.
    for _ in range(2):
        measured = _cast_rays(grid, step, center)
        if measured is None:
            return None
        center = measured[0]
    assert measured is not None
    (row, column), width_mm, height_mm, coverage, inside, values = measured
    return Head(
        center_row_px=row * factor[0] + (factor[0] - 1) / 2,
        center_column_px=column * factor[1] + (factor[1] - 1) / 2,
        width_mm=width_mm,
        height_mm=height_mm,
        skull_coverage=coverage,
        brain_fraction=_brain_fraction(inside, values),
    )


def estimate_spacing_mm(slices_hu: Sequence[NDArray[np.float32]]) -> float | None:
    """Pixel spacing of a series that does not tell it, from the width of the skull at its widest.

    Pixels are taken to be square. The error is that of a person's skull width, about 5 %.

    Parameters
    ----------
    slices_hu : sequence of ndarray of float32, shape (rows, columns)
        Slices of one patient, all of one size.

    Returns
    -------
    float or None
        mm per pixel; None if no slice shows a head.
    """
    if not slices_hu:
        return None
    guess = ASSUMED_FIELD_OF_VIEW_MM / max(slices_hu[0].shape)
    heads = [find_head(hu, (guess, guess)) for hu in slices_hu]
    widths_mm = [head.width_mm for head in heads if head is not None and head.skull_coverage > 0.85]
    if not widths_mm:
        return None
    return float(guess * ADULT_SKULL_WIDTH_MM / np.quantile(widths_mm, 0.9))


def _check(hu: NDArray[np.float32], spacing_mm: tuple[float, float]) -> None:
    if hu.ndim != 2 or hu.size == 0:
        raise ValueError(f"a slice must be a non-empty two-dimensional array. Received: shape {hu.shape}")
    if not all(math.isfinite(s) and s > 0 for s in spacing_mm):
        raise ValueError(f"spacing_mm must be two positive numbers. Received: {spacing_mm}")


def _pool(
    hu: NDArray[np.float32], spacing_mm: tuple[float, float]
) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """Average over blocks of about the grid size; padding and broken values count as air."""
    factor = (max(1, round(_GRID_MM / spacing_mm[0])), max(1, round(_GRID_MM / spacing_mm[1])))
    rows, columns = hu.shape[0] // factor[0], hu.shape[1] // factor[1]
    if rows == 0 or columns == 0:
        factor, (rows, columns) = (1, 1), hu.shape
    cut = hu[: rows * factor[0], : columns * factor[1]]
    # Rows first: they lie together, which is several times faster than a mean over a reshaped array.
    low, high = np.float32(-1000.0), np.float32(3000.0)
    strips = np.clip(cut[:: factor[0]], low, high)
    clipped = np.empty_like(strips)
    for i in range(1, factor[0]):
        strips += np.clip(cut[i :: factor[0]], low, high, out=clipped)
    if np.isnan(strips).any():  # seldom
        return _pool(np.where(np.isnan(hu), low, hu), spacing_mm)
    pooled: NDArray[np.float32] = strips[:, :: factor[1]].copy()
    for j in range(1, factor[1]):
        pooled += strips[:, j :: factor[1]]
    pooled /= np.float32(factor[0] * factor[1])
    return pooled, factor


def _enclosed_center(grid: NDArray[np.float32], step: tuple[float, float]) -> tuple[float, float] | None:
    """Middle of what has bone on all four sides: the largest such stretch, by its median row and column."""
    bone = grid > BONE_HU
    inside: NDArray[np.bool_] = ~bone & (grid > -100.0)
    for axis in (0, 1):
        n = grid.shape[axis]
        # Small numbers are compared several at a time.
        place = np.arange(n, dtype=np.int32)
        along = place[:, None] if axis == 0 else place
        met = bone.any(axis=axis, keepdims=True)
        first = np.where(met, bone.argmax(axis=axis, keepdims=True), n).astype(np.int32)
        last = (n - 1 - np.flip(bone, axis).argmax(axis=axis, keepdims=True)).astype(np.int32)
        inside &= along > first
        inside &= along < last
    if np.count_nonzero(inside) * step[0] * step[1] < _MIN_ENCLOSED_MM2:
        return None
    return _median_place(inside.sum(axis=1)), _median_place(inside.sum(axis=0))


def _median_place(counts: NDArray[np.intp]) -> float:
    """Median of the places 0, 1, ..., of which each stands there as often as `counts` says."""
    up_to = np.cumsum(counts)
    middle = [(int(up_to[-1]) - 1) // 2, int(up_to[-1]) // 2]
    low, high = np.searchsorted(up_to, middle, side="right")
    return float(low + high) / 2


def _cast_rays(
    grid: NDArray[np.float32], step: tuple[float, float], center: tuple[float, float]
) -> tuple[tuple[float, float], float, float, float, NDArray[np.bool_], NDArray[np.float32]] | None:
    """Center, width, height and skull coverage of the ring seen from a point, and what the rays met.

    That is for each ray and radius whether it lies inside of the skull, other than in bone, and the HU there.
    """
    radii_mm = np.arange(0.0, _MAX_RADIUS_MM, _GRID_MM)
    down, across, down_px, across_px = _rays(step)
    # Whatever lies outside of the grid is one of the border around it.
    height, width = grid.shape
    bordered = np.full((height + 2, width + 2), np.float32(-1000.0))
    bordered[1:-1, 1:-1] = grid
    rows, columns = (
        np.clip(np.rint(middle + offset), -1, end).astype(np.intp)
        for middle, offset, end in ((center[0], down_px, height), (center[1], across_px, width))
    )
    values = bordered.ravel()[(rows + 1) * (width + 2) + (columns + 1)]
    bone: NDArray[np.bool_] = values > BONE_HU
    after_bone: NDArray[np.bool_] = np.logical_or.accumulate(bone, axis=1)
    bone &= _until_gap((values < AIR_HU) & after_bone, int(_AIR_GAP_MM / _GRID_MM))
    hit: NDArray[np.bool_] = np.any(bone, axis=1)
    if hit.sum() < 4:
        return None
    last = radii_mm.size - 1 - np.argmax(np.flip(bone, axis=1), axis=1)
    outer_mm = _circular_median(np.where(hit, radii_mm[last], np.nan), _MEDIAN_RAYS)
    y_mm, x_mm = down[hit] * outer_mm[hit], across[hit] * outer_mm[hit]
    inside = hit[:, None] & (radii_mm < outer_mm[:, None]) & (values < BONE_HU - 50.0)
    if not inside.any():
        return None
    middle = ((y_mm.max() + y_mm.min()) / 2, (x_mm.max() + x_mm.min()) / 2)
    return (
        (center[0] + float(middle[0]) / step[0], center[1] + float(middle[1]) / step[1]),
        float(x_mm.max() - x_mm.min()),
        float(y_mm.max() - y_mm.min()),
        float(hit.mean()),
        inside,
        values,
    )


def _brain_fraction(inside: NDArray[np.bool_], values: NDArray[np.float32]) -> float:
    """Share of brain-valued area inside the skull, from what `_cast_rays` met."""
    # By area: a sample of a ray stands for an area in proportion to its radius.
    weight = np.where(inside, np.arange(0.0, _MAX_RADIUS_MM, _GRID_MM) + 0.5, 0.0)
    brain = weight * ((values >= BRAIN_RANGE_HU[0]) & (values <= BRAIN_RANGE_HU[1]))
    return float(brain.sum()) / float(weight.sum())


@lru_cache(maxsize=4)
def _rays(step: tuple[float, float]) -> tuple[NDArray[np.float64], ...]:
    """Direction of each ray, down and across, and the places along it as rows and columns from its start."""
    angles = np.arange(_RAYS) * (2 * np.pi / _RAYS)
    radii_mm = np.arange(0.0, _MAX_RADIUS_MM, _GRID_MM)
    down, across = np.sin(angles), np.cos(angles)
    return down, across, down[:, None] * (radii_mm / step[0]), across[:, None] * (radii_mm / step[1])


def _circular_median(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    """Median over `width` neighbors on a circle; NaN stays NaN and does not count for others."""
    around = np.arange(values.size)[:, None] + np.arange(-(width // 2), width // 2 + 1)
    known = ~np.isnan(values)
    smooth = np.full_like(values, np.nan)
    # NaN is sorted behind all numbers; each row holds at least its own value, so no median is of nothing.
    near = np.sort(values[around % values.size][known], axis=1)
    count = near.shape[1] - np.isnan(near).sum(axis=1)
    row = np.arange(len(near))
    smooth[known] = (near[row, (count - 1) // 2] + near[row, count // 2]) / 2
    return smooth


def _until_gap(air: NDArray[np.bool_], length: int) -> NDArray[np.bool_]:
    """Samples of each ray before the first run of `length` samples of air."""
    last = air.shape[1] - length + 1
    full = np.zeros_like(air)
    full[:, length - 1 :] = np.logical_and.reduce([air[:, k : last + k] for k in range(length)])
    return ~np.logical_or.accumulate(full, axis=1)
