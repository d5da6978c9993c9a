"""Resampling of one axis as a matrix, without its zeros."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

# Rows of a matrix that are multiplied at a time: enough for a fast product, few enough to skip most zeros.
_BLOCK_ROWS = 32


@dataclass(frozen=True, eq=False)
class Bands:
    """A resampling matrix without its zeros: each block of its rows needs only a few columns.

    Parameters
    ----------
    needed : slice
        Columns that are not all zero; the others were taken away.
    blocks : tuple of (slice, slice, ndarray)
        Rows, the columns they need of those that were kept, and what stands there.
    """

    needed: slice
    blocks: tuple[tuple[slice, slice, NDArray[np.float32]], ...]

    def apply(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """The matrix times an array of shape (needed, n)."""
        product = np.empty((self.blocks[-1][0].stop, values.shape[1]), np.float32)
        for rows, columns, part in self.blocks:
            np.matmul(part, values[columns], out=product[rows])
        return product


@lru_cache(maxsize=8)
def bands(length: int, spacing_mm: float, center_px: float, size_px: int, mm_per_px: float) -> Bands:
    """The matrix that resamples one axis of a slice, as `ichviewer.inference.preprocess.resample_head` tells.

    Parameters
    ----------
    length : int
        Pixels of the slice along the axis.
    spacing_mm : float
        Their distance.
    center_px : float
        What the middle of the picture shows.
    size_px, mm_per_px : int, float
        Size and scale of the picture.
    """
    scale = mm_per_px / spacing_mm
    at: NDArray[np.float64] = center_px + (np.arange(size_px) - (size_px - 1) / 2) * np.float64(scale)
    reach = max(1.0, scale)
    # The sum over an endless slice, so that what lies outside counts as air rather than being left out.
    first = np.floor(at - reach)[:, None] + np.arange(int(np.ceil(2 * reach)) + 2)
    total = np.clip(1.0 - np.abs(first - at[:, None]) / reach, 0.0, None).sum(axis=1)
    found = []
    for start in range(0, size_px, _BLOCK_ROWS):
        rows = slice(start, min(start + _BLOCK_ROWS, size_px))
        found.append((rows, *_block(at[rows], total[rows], reach, length)))
    filled = [columns for _, columns, _ in found if columns.stop]
    needed = slice(min(c.start for c in filled), max(c.stop for c in filled)) if filled else slice(0, 0)
    blocks = tuple(
        (rows, slice(c.start - needed.start, c.stop - needed.start) if c.stop else c, part)
        for rows, c, part in found
    )
    return Bands(needed, blocks)


def _block(
    at: NDArray[np.float64], total: NDArray[np.float64], reach: float, length: int
) -> tuple[slice, NDArray[np.float32]]:
    """Some rows of the resampling matrix of one axis: the columns that are not all zero, and what stands there.

    Rows sum to 1 where they lie inside the slice.
    """
    low = min(max(0, math.floor(at[0] - reach)), length)
    high = max(min(length, math.ceil(at[-1] + reach) + 1), low)
    triangle = np.maximum(1.0 - np.abs(np.arange(low, high) - at[:, None]) / reach, 0.0)
    weights = (triangle / total[:, None]).astype(np.float32)
    columns = np.flatnonzero(weights.any(axis=0))
    if not columns.size:
        return slice(0, 0), np.empty((at.size, 0), np.float32)
    kept = slice(int(columns[0]), int(columns[-1]) + 1)
    part = np.ascontiguousarray(weights[:, kept])
    part.setflags(write=False)
    return slice(low + kept.start, low + kept.stop), part
