"""From single slices to neighbouring slices, and the highest of a series."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

NOMINAL_SPACING_MM = 5.0
"""Slice distance assumed where positions are unknown: that of a routine head CT."""

REACH_SIGMA = 3.0
"""Neighbours further than this many sigma have no say."""


def smooth_logits(logits: ArrayLike, positions_mm: ArrayLike, sigma_mm: float) -> NDArray[np.float64]:
    """Weighted mean of every slice's logits with those of its neighbours.

    Weights are Gaussian in the distance in mm, so uneven and thin slices are treated alike. Rows of NaN (slices
    that were not analysed) have no say and stay NaN.

    Parameters
    ----------
    logits : array, shape (n, k)
    positions_mm : array, shape (n,)
        Position of each slice along the normal, in any order, finite.
    sigma_mm : float
        Width of the Gaussian; 0 changes nothing.

    Returns
    -------
    ndarray of float64, shape (n, k)
    """
    x = np.asarray(logits, dtype=np.float64)
    z = np.asarray(positions_mm, dtype=np.float64)
    if x.ndim != 2 or z.shape != x.shape[:1]:
        raise ValueError(f"needs logits (n, k) and positions (n,). Received: {x.shape}, {z.shape}")
    if not np.all(np.isfinite(z)):
        raise ValueError(f"positions must be finite. Received: {z}")
    if not sigma_mm >= 0:
        raise ValueError(f"sigma must be 0 mm or more. Received: {sigma_mm}")
    if sigma_mm == 0:
        return x.copy()
    known = np.all(np.isfinite(x), axis=1)
    distance = np.abs(z[:, None] - z[None, :])
    reach = REACH_SIGMA * sigma_mm
    # Cut off before dividing: a tiny sigma must not overflow.
    weight = (
        np.exp(-0.5 * (np.minimum(distance, reach) / sigma_mm) ** 2) * (distance <= reach) * known[None, :]
    )
    total = weight.sum(axis=1)
    out = np.full_like(x, np.nan)
    out[known] = (weight @ np.where(known[:, None], x, 0.0))[known] / total[known, None]
    return out


def strongest(probabilities: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """The highest probability over the slices, and which slice shows it, per label.

    Parameters
    ----------
    probabilities : array, shape (n, k)
        NaN rows are slices that were not analysed.

    Returns
    -------
    ndarray of float64, shape (k,)
        NaN where no slice was analysed.
    ndarray of intp, shape (k,)
        Index of the first slice that reaches it, -1 where no slice was analysed.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    if p.ndim != 2:
        raise ValueError(f"needs probabilities (n, k). Received: {p.shape}")
    k = p.shape[1]
    if not np.any(np.isfinite(p)):
        return np.full(k, np.nan), np.full(k, -1, dtype=np.intp)
    return np.nanmax(p, axis=0), np.argmax(np.where(np.isfinite(p), p, -np.inf), axis=0)
