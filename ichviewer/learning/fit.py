"""What is fitted on out-of-fold logits: smoothing over slices, calibration, thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize

from ichviewer.domain.aggregation import smooth_logits
from ichviewer.domain.calibration import PlattCalibration
from ichviewer.domain.labels import N_LABELS
from ichviewer.learning.data.ct_ich import SLICE_DISTANCE_MM
from ichviewer.learning.export import Fit
from ichviewer.learning.losses import weighted_log_loss

BALANCED_SPECIFICITY = 0.95
LEAST_BALANCED_PROBABILITY = 0.10
"""Without it a rare type would be flagged at a chance of one in a hundred: the price of specificity alone."""
HIGH_SENSITIVITY = 0.90
SIGMAS_MM: tuple[float, ...] = (0.0, 2.0, 2.5, 3.0, 4.0, 5.0)

_LEAST_SLOPE = 0.05
_SLOPE_PRIOR = 10.0
"""Pull of each slope towards 1, as a Gaussian prior of standard deviation 0.3; matters for rare labels only."""


@dataclass(frozen=True, eq=False)
class Logits:
    """Logits of some slices and what is true of them.

    Parameters
    ----------
    patient, index : ndarray of int, shape (n,)
        Whose slice it is, and its number from the feet up.
    values : ndarray of float, shape (n, 6)
        Logits.
    labels : ndarray of int, shape (n, 6)
        Truth.
    """

    patient: NDArray[np.int64]
    index: NDArray[np.int64]
    values: NDArray[np.float64]
    labels: NDArray[np.int64]

    def of(self, chosen: NDArray[np.bool_]) -> Logits:
        """Some of the slices."""
        return Logits(self.patient[chosen], self.index[chosen], self.values[chosen], self.labels[chosen])

    def smoothed(self, sigma_mm: float) -> NDArray[np.float64]:
        """Logits smoothed over the neighbors within each patient, shape (n, 6)."""
        out = np.empty_like(self.values, dtype=np.float64)
        for patient in np.unique(self.patient):
            mine = self.patient == patient
            out[mine] = smooth_logits(self.values[mine], self.index[mine] * SLICE_DISTANCE_MM, sigma_mm)
        return out


def fit(logits: Logits, sigmas_mm: Sequence[float] = SIGMAS_MM) -> Fit:
    """Fit everything, in the order in which it is applied: smoothing, calibration, thresholds.

    The smoothing is the one with the lowest weighted log loss after calibration.
    """
    best: tuple[float, float, PlattCalibration] | None = None
    for sigma_mm in sigmas_mm:
        smooth = logits.smoothed(sigma_mm)
        calibration = fit_platt(smooth, logits.labels)
        loss = weighted_log_loss(logits.labels, calibration.probabilities(smooth))
        if best is None or loss < best[0]:
            best = (loss, sigma_mm, calibration)
    if best is None:
        raise ValueError("at least one sigma is needed. Received: none")
    _, sigma_mm, calibration = best
    probabilities = calibration.probabilities(logits.smoothed(sigma_mm))
    columns = [(logits.labels[:, i], probabilities[:, i]) for i in range(N_LABELS)]
    balanced = tuple(
        max(threshold_at_specificity(y, p, BALANCED_SPECIFICITY), LEAST_BALANCED_PROBABILITY)
        for y, p in columns
    )
    sensitive = tuple(
        min(threshold_at_sensitivity(y, p, HIGH_SENSITIVITY), b)
        for (y, p), b in zip(columns, balanced, strict=True)
    )
    return Fit(sigma_mm, calibration, {"balanced": balanced, "high_sensitivity": sensitive})


def fit_platt(logits: ArrayLike, labels: ArrayLike) -> PlattCalibration:
    """Slope and intercept of each label by maximum likelihood, with Platt's targets.

    Platt, "Probabilistic outputs for support vector machines", 1999: the targets are (n+ + 1) / (n+ + 2) and
    1 / (n- + 2) rather than 1 and 0, so that few positives do not make it overconfident. Slopes stay positive.

    Parameters
    ----------
    logits : array, shape (n, 6)
    labels : array, shape (n, 6)
        0 or 1.
    """
    x, y = np.asarray(logits, np.float64), np.asarray(labels)
    pairs = [_fit_one(x[:, i], y[:, i]) for i in range(x.shape[1])]
    return PlattCalibration(tuple(a for a, _ in pairs), tuple(b for _, b in pairs))


def threshold_at_specificity(labels: ArrayLike, probabilities: ArrayLike, wanted: float) -> float:
    """The lowest threshold (flag at or above it) at which so large a share of the negatives is not flagged."""
    p, y = np.asarray(probabilities, np.float64), np.asarray(labels) > 0
    negatives = np.sort(p[~y])
    if negatives.size == 0:
        return 0.5
    allowed = int(np.floor((1 - wanted) * negatives.size + 1e-9))
    # Just above the highest negative that must stay below.
    return _within(float(np.nextafter(negatives[negatives.size - 1 - allowed], 1.0)))


def threshold_at_sensitivity(labels: ArrayLike, probabilities: ArrayLike, wanted: float) -> float:
    """The highest threshold (flag at or above it) at which so large a share of the positives is flagged."""
    p, y = np.asarray(probabilities, np.float64), np.asarray(labels) > 0
    positives = np.sort(p[y])[::-1]
    if positives.size == 0:
        return 0.5
    needed = max(1, int(np.ceil(wanted * positives.size - 1e-9)))
    return _within(float(positives[needed - 1]))


def _fit_one(x: NDArray[np.float64], y: NDArray[np.int64]) -> tuple[float, float]:
    n_positive, n_negative = int((y > 0).sum()), int((y == 0).sum())
    target = np.where(y > 0, (n_positive + 1) / (n_positive + 2), 1 / (n_negative + 2))

    def loss(ab: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        z = ab[0] * x + ab[1]
        value = float((np.logaddexp(0, z) - target * z).sum()) + _SLOPE_PRIOR / 2 * (ab[0] - 1) ** 2
        residual = 1 / (1 + np.exp(-np.clip(z, -500, 500))) - target
        return value, np.array([float(residual @ x) + _SLOPE_PRIOR * (ab[0] - 1), float(residual.sum())])

    start = np.array([1.0, 0.0])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(_LEAST_SLOPE, None), (None, None)])
    return float(found.x[0]), float(found.x[1])


def _within(threshold: float) -> float:
    return min(max(threshold, 1e-6), 1.0)
