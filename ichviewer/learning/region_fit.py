"""What is fitted on out-of-fold maps and goes with the model: calibration of cells, and where to outline them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ichviewer.domain.calibration import sigmoid
from ichviewer.domain.labels import TYPES
from ichviewer.inference.regions import RegionSettings
from ichviewer.learning.fit import fit_platt_pair
from ichviewer.learning.network import REGION_STRIDE

BLOOD_SHARE = 0.5
"""A cell counts as blood if it is so full of it, on the scale of `ichviewer.learning.batches.region_shares`."""

_LOWEST_THRESHOLD, _HIGHEST_THRESHOLD = 0.05, 0.95


def fit_regions(logits: ArrayLike, shares: ArrayLike) -> RegionSettings:
    """Calibration of each type's map, and the threshold at which it overlaps best with the truth.

    Parameters
    ----------
    logits : array, shape (n, rows, columns, 5)
        Region logits of slices that the model was not trained on.
    shares : array of the same shape
        How full of blood the cells are, as `ichviewer.learning.batches.region_shares` gives it; below 0 where that is
        unknown.

    Returns
    -------
    RegionSettings
        Platt's slope and intercept, and the threshold with the highest Dice over all cells; 1, 0 and 0.5 for a type
        that no known cell shows.

    Raises
    ------
    ValueError
        If the shapes do not fit.
    """
    x, share = np.asarray(logits, np.float64), np.asarray(shares)
    if x.shape != share.shape or x.ndim != 4 or x.shape[-1] != len(TYPES):
        raise ValueError(f"needs maps (n, rows, columns, {len(TYPES)}). Received: {x.shape}, {share.shape}")
    fitted = [
        _fit_type(x[..., k][share[..., k] >= 0], share[..., k][share[..., k] >= 0]) for k in range(len(TYPES))
    ]
    slope, intercept, threshold = (tuple(part) for part in zip(*fitted, strict=True))
    return RegionSettings(REGION_STRIDE, slope, intercept, threshold)


def _fit_type(logits: NDArray[np.float64], shares: NDArray[Any]) -> tuple[float, float, float]:
    blood = shares >= BLOOD_SHARE
    if not blood.any():
        return 1.0, 0.0, 0.5
    slope, intercept = fit_platt_pair(logits, blood.astype(np.int64))
    return slope, intercept, best_dice_threshold(blood, sigmoid(logits * slope + intercept))


def best_dice_threshold(blood: NDArray[np.bool_], probabilities: NDArray[np.float64]) -> float:
    """The threshold (at or above it is blood) with the highest Dice coefficient, within 0.05 and 0.95.

    Parameters
    ----------
    blood : ndarray of bool, shape (n,)
        At least one is true.
    probabilities : ndarray of float64, shape (n,)
    """
    order = np.argsort(-probabilities, kind="stable")
    p = probabilities[order]
    hits = np.cumsum(blood[order])
    dice = 2 * hits / (np.arange(1, len(p) + 1) + hits[-1])
    # Cells of one probability are called together: only the last of them is a place to stop.
    last = np.append(p[1:] != p[:-1], True)
    best = int(np.argmax(np.where(last, dice, -1.0)))
    # Half way to the next one: that the map is kept in 255 steps must not move cells over it.
    between = p[best] if best + 1 == len(p) else (p[best] + p[best + 1]) / 2
    return float(np.clip(between, _LOWEST_THRESHOLD, _HIGHEST_THRESHOLD))
