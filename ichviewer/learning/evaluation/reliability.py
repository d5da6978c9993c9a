"""Whether probabilities mean what they say: reliability, calibration error, Brier score, log loss.

Labels that are not known are left out, label by label.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.losses import LABEL_WEIGHTS

BINS = 10
_EPSILON = 1e-15


def expected_calibration_error(labels: ArrayLike, probabilities: ArrayLike, bins: int = BINS) -> float:
    """Mean distance between what was said and what was true, over bins of equal width weighted by size.

    Naeini et al., "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015.

    Parameters
    ----------
    labels, probabilities : array, shape (n,)
        0 or 1, and 0..1.
    bins : int
    """
    count, said, true = _binned(labels, probabilities, bins)
    return float(np.abs(said - true).sum() / count.sum())


def reliability(labels: ArrayLike, probabilities: ArrayLike, bins: int = BINS) -> dict[str, Any]:
    """Points of a reliability diagram, empty bins left out.

    Returns
    -------
    dict
        ``said`` (mean probability), ``true`` (share of positives) and ``slices`` of each bin.
    """
    count, said, true = _binned(labels, probabilities, bins)
    full = count > 0
    return {
        "said": (said[full] / count[full]).tolist(),
        "true": (true[full] / count[full]).tolist(),
        "slices": count[full].astype(int).tolist(),
    }


def log_losses(labels: ArrayLike, probabilities: ArrayLike) -> NDArray[np.float64]:
    """Log loss of every label of every slice, 0 where the label is not known; same shape."""
    y = np.asarray(labels)
    p = np.clip(np.asarray(probabilities, np.float64), _EPSILON, 1 - _EPSILON)
    loss: NDArray[np.float64] = -np.where(y == 1, np.log(p), np.log1p(-p))
    return np.where(y == UNKNOWN, 0.0, loss)


def weighted_terms(
    labels: ArrayLike, probabilities: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weighted loss of each slice and the weight of its known labels, each of shape (n,).

    Their sums divided are the weighted log loss of the RSNA 2019 challenge, over known labels.
    """
    weights = np.asarray(LABEL_WEIGHTS)
    return log_losses(labels, probabilities) @ weights, (np.asarray(labels) != UNKNOWN) @ weights


def known_weighted_log_loss(labels: ArrayLike, probabilities: ArrayLike) -> float:
    """Weighted log loss over known labels ("any" counts twice), labels and probabilities of shape (n, 6)."""
    loss, weight = weighted_terms(labels, probabilities)
    return float(loss.sum() / weight.sum())


def _binned(
    labels: ArrayLike, probabilities: ArrayLike, bins: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Number, sum of probabilities and number of positives in each bin."""
    y, p = np.asarray(labels, np.float64), np.asarray(probabilities, np.float64)
    place = np.minimum((p * bins).astype(int), bins - 1)
    count, said, true = (
        np.bincount(place, minlength=bins),
        np.bincount(place, p, bins),
        np.bincount(place, y, bins),
    )
    return count.astype(np.float64), said.astype(np.float64), true.astype(np.float64)
