"""Resampling of one axis as a matrix, without its zeros."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

# Rows of a matrix that are multiplied at a time: enough for a fast product, few enough to skip most zeros.
_BLOCK_ROWS = 32


@lru_cache(maxsize=8)
def _weights(
    length: int, spacing_mm: float, center_px: float, size_px: int, mm_per_px: float
) -> NDArray[np.float32]:
    """Resampling matrix of one axis, shape (size_px, length); rows sum to 1 where they lie inside the slice."""
    scale = mm_per_px / spacing_mm
    at = center_px + (np.arange(size_px) - (size_px - 1) / 2) * scale
    reach = max(1.0, scale)
    # The sum over an endless slice, so that what lies outside counts as air rather than being left out.
    first = np.floor(at - reach)[:, None] + np.arange(int(np.ceil(2 * reach)) + 2)
    total = np.clip(1.0 - np.abs(first - at[:, None]) / reach, 0.0, None).sum(axis=1)
    triangle = np.clip(1.0 - np.abs(np.arange(length)[None, :] - at[:, None]) / reach, 0.0, None)
    weights: NDArray[np.float32] = (triangle / total[:, None]).astype(np.float32)
    weights.setflags(write=False)
    return weights


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
    weights = _weights(length, spacing_mm, center_px, size_px, mm_per_px)
    needed = _nonzero_columns(weights)
    kept = weights[:, needed]
    blocks = []
    for start in range(0, size_px, _BLOCK_ROWS):
        rows = slice(start, min(start + _BLOCK_ROWS, size_px))
        columns = _nonzero_columns(kept[rows])
        blocks.append((rows, columns, np.ascontiguousarray(kept[rows, columns])))
    return Bands(needed, tuple(blocks))


def _nonzero_columns(weights: NDArray[np.float32]) -> slice:
    found = np.flatnonzero(weights.any(axis=0))
    return slice(int(found[0]), int(found[-1]) + 1) if found.size else slice(0, 0)
