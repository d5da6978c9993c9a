"""Outlines on a grid of pixels: which pixels have their centers inside, how large the area is."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_ON_LINE_PX2 = 1e-9
"""Points that make a smaller parallelogram with a line lie on it: that is rounding."""


def polygon_mask(corners_px: Array, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Pixels whose centers lie inside a polygon, by the even-odd rule.

    Parameters
    ----------
    corners_px : ndarray of float64, shape (n, 2)
        Row and column; the last corner joins the first.
    shape : tuple of int
        Rows and columns of the image.

    Returns
    -------
    ndarray of bool
        A center on the outline counts on the upper and left side only, so that shapes side by side share no pixel.
    """
    mask = np.zeros(shape, dtype=bool)
    rows, columns = corners_px.T
    next_rows, next_columns = np.roll(rows, -1), np.roll(columns, -1)
    low, high = np.minimum(rows, next_rows), np.maximum(rows, next_rows)
    first = max(0, math.ceil(low.min()))
    last = min(shape[0] - 1, math.ceil(high.max()) - 1)
    for row in range(first, last + 1):
        crossed = (low <= row) & (row < high)
        share = (row - rows[crossed]) / (next_rows[crossed] - rows[crossed])
        at = np.sort(columns[crossed] + share * (next_columns[crossed] - columns[crossed]))
        # Rounding again: a crossing of a slanted edge at a center counts as one.
        ends = np.ceil(np.round(at, 6)).clip(0, shape[1]).astype(int)
        for start, stop in zip(ends[::2].tolist(), ends[1::2].tolist(), strict=True):
            mask[row, start:stop] = True
    return mask


def ellipse_mask(
    center_px: Array, one_px: Array, other_px: Array, shape: tuple[int, int]
) -> NDArray[np.bool_]:
    """Pixels whose centers lie inside an ellipse or on it.

    Parameters
    ----------
    center_px : ndarray of float64, shape (2,)
        Row and column.
    one_px, other_px : ndarray of float64, shape (2,)
        From the center to the ends of two half axes.
    shape : tuple of int
        Rows and columns of the image.
    """
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    down, across = rows - center_px[0], columns - center_px[1]
    determinant = one_px[0] * other_px[1] - one_px[1] * other_px[0]
    # Each pixel as p * one + q * other.
    p = (down * other_px[1] - across * other_px[0]) / determinant
    q = (across * one_px[0] - down * one_px[1]) / determinant
    inside: NDArray[np.bool_] = p**2 + q**2 <= 1 + 1e-9
    return inside


def polygon_area(corners: Array) -> float:
    """Area within a plane polygon that does not cross itself, in the square of its unit.

    Parameters
    ----------
    corners : ndarray of float64, shape (n, 2) or (n, 3)
    """
    # From the first corner, to lose no digits far from the origin.
    at = corners - corners[0]
    if at.shape[1] == 2:
        at = np.column_stack([at, np.zeros(len(at))])
    return float(np.linalg.norm(np.cross(at, np.roll(at, -1, axis=0)).sum(axis=0))) / 2


def crosses_itself(corners_px: Array) -> bool:
    """Whether two edges of a closed outline, shape (n, 2), cross between their ends."""
    n = len(corners_px)
    after = np.roll(corners_px, -1, axis=0)
    for i in range(n - 2):
        a, b = corners_px[i], after[i]
        # Neighbors of an edge only touch it.
        others = slice(i + 2, n - 1 if i == 0 else n)
        c, d = corners_px[others], after[others]
        apart = (_side(a, b, c) * _side(a, b, d) < 0) & (_side(c, d, a) * _side(c, d, b) < 0)
        if apart.any():
            return True
    return False


def _side(a: Array, b: Array, c: Array) -> Array:
    """On which side of the line from a to b a point lies: -1, 0 or 1."""
    along, to = b - a, c - a
    area = along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0]
    side: Array = np.where(np.abs(area) <= _ON_LINE_PX2, 0.0, np.sign(area))
    return side
