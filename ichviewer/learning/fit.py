"""What is fitted on out-of-fold logits: smoothing over slices, calibration, thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize

from ichviewer.domain.aggregation import smooth_logits
from ichviewer.domain.calibration import PlattCalibration, sigmoid
from ichviewer.domain.labels import N_LABELS
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.evaluation.reliability import known_weighted_log_loss
from ichviewer.learning.export import Fit
from ichviewer.learning.operating_rules import (
    BALANCED_SPECIFICITY,
    HIGH_SENSITIVITY,
    LEAST_BALANCED_PROBABILITY,
)

SIGMAS_MM: tuple[float, ...] = (0.0, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0)
"""Wider smoothing scores a little better, but tells a person of blood two slices away from where it is."""

_LEAST_SLOPE = 0.05
_NEWTON_STEPS = 60
_SLOPE_PRIOR = 10.0
"""Pull of each slope towards 1, as a Gaussian prior of standard deviation 0.3; matters for rare labels only."""


@dataclass(frozen=True, eq=False)
class Logits:
    """Logits of some slices and what is true of them.

    Parameters
    ----------
    series : ndarray, shape (n,)
        Which series each slice belongs to.
    position_mm : ndarray of float, shape (n,)
        Where it lies along the normal.
    values : ndarray of float, shape (n, 6)
        Logits.
    labels : ndarray of int, shape (n, 6)
        Truth; `UNKNOWN` where nothing can be said.
    """

    series: NDArray[np.generic]
    position_mm: NDArray[np.float64]
    values: NDArray[np.float64]
    labels: NDArray[np.integer]

    def __post_init__(self) -> None:
        n = len(self.series)
        shapes = (self.series.shape, self.position_mm.shape, self.values.shape, self.labels.shape)
        if shapes != ((n,), (n,), (n, N_LABELS), (n, N_LABELS)):
            raise ValueError(f"{n} slices need positions, logits and labels. Received: {shapes}")

    def of(self, chosen: NDArray[np.bool_]) -> Logits:
        """Some of the slices."""
        return Logits(self.series[chosen], self.position_mm[chosen], self.values[chosen], self.labels[chosen])

    def smoothed(self, sigma_mm: float) -> NDArray[np.float64]:
        """Logits smoothed over the neighbors within each series, shape (n, 6)."""
        if sigma_mm == 0:
            return self.values.astype(np.float64)
        out = np.empty(self.values.shape, np.float64)
        _, of = np.unique(self.series, return_inverse=True)
        order = np.argsort(of, kind="stable")
        for mine in np.split(order, np.nonzero(np.diff(of[order]))[0] + 1):
            out[mine] = smooth_logits(self.values[mine], self.position_mm[mine], sigma_mm)
        return out


def fit(logits: Logits, sigmas_mm: Sequence[float] = SIGMAS_MM) -> Fit:
    """Fit everything, in the order in which it is applied: smoothing, calibration, thresholds.

    The smoothing is the one with the lowest weighted log loss after calibration.
    """
    best: tuple[float, float, PlattCalibration] | None = None
    for sigma_mm in sigmas_mm:
        smooth = logits.smoothed(sigma_mm)
        calibration = fit_platt(smooth, logits.labels)
        loss = known_weighted_log_loss(logits.labels, calibration.probabilities(smooth))
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
        0, 1 or `UNKNOWN`.
    """
    x, y = np.asarray(logits, np.float64), np.asarray(labels)
    pairs = []
    for i in range(x.shape[1]):
        known = y[:, i] != UNKNOWN
        pairs.append(_fit_one(x[known, i], y[known, i]))
    return PlattCalibration(tuple(a for a, _ in pairs), tuple(b for _, b in pairs))


def fit_temperature(logits: ArrayLike, labels: ArrayLike) -> PlattCalibration:
    """One slope for all labels and no intercept, by maximum likelihood.

    Guo et al., "On Calibration of Modern Neural Networks", ICML 2017. It is the simplest calibration there is;
    kept to compare with, and given in the form of the other one.

    Parameters
    ----------
    logits, labels : array, shape (n, 6)
    """
    x, y = np.asarray(logits, np.float64), np.asarray(labels)

    def loss(slope: NDArray[np.float64]) -> float:
        # Each label by itself: that "any" is at least each type is made so afterwards.
        return known_weighted_log_loss(y, sigmoid(x * slope[0]))

    found = minimize(loss, np.array([1.0]), method="L-BFGS-B", bounds=[(_LEAST_SLOPE, None)])
    return PlattCalibration((float(found.x[0]),) * N_LABELS, (0.0,) * N_LABELS)


def fit_shares(x: ArrayLike, counts: ArrayLike, positives: ArrayLike) -> tuple[float, float]:
    """Slope and intercept of a calibration of counted samples, by maximum likelihood.

    Parameters
    ----------
    x : array, shape (n,)
        Logits.
    counts, positives : array, shape (n,)
        How many samples have each logit, and how many of them are positive; shares count as parts of one.
    """
    z, weight = np.asarray(x, np.float64), np.asarray(counts, np.float64)
    target = np.divide(positives, weight, out=np.zeros_like(weight), where=weight > 0)
    return _fit_weighted(z, target, weight)


def threshold_at_specificity(labels: ArrayLike, probabilities: ArrayLike, wanted: float) -> float:
    """The lowest threshold (flag at or above it) at which so large a share of the negatives is not flagged."""
    p, y = np.asarray(probabilities, np.float64), np.asarray(labels)
    negatives = np.sort(p[y == 0])
    if negatives.size == 0:
        return 0.5
    allowed = int(np.floor((1 - wanted) * negatives.size + 1e-9))
    # Just above the highest negative that must stay below.
    return _within(float(np.nextafter(negatives[negatives.size - 1 - allowed], 1.0)))


def threshold_at_sensitivity(labels: ArrayLike, probabilities: ArrayLike, wanted: float) -> float:
    """The highest threshold (flag at or above it) at which so large a share of the positives is flagged."""
    p, y = np.asarray(probabilities, np.float64), np.asarray(labels)
    positives = np.sort(p[y == 1])[::-1]
    if positives.size == 0:
        return 0.5
    needed = max(1, int(np.ceil(wanted * positives.size - 1e-9)))
    return _within(float(positives[needed - 1]))


def _fit_one(x: NDArray[np.float64], y: NDArray[np.integer]) -> tuple[float, float]:
    n_positive, n_negative = int((y > 0).sum()), int((y == 0).sum())
    target = np.where(y > 0, (n_positive + 1) / (n_positive + 2), 1 / (n_negative + 2))
    return _fit_weighted(x, target, np.ones(len(x)))


def _fit_weighted(
    x: NDArray[np.float64], target: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[float, float]:
    slope, intercept = _newton(x, target, weight, 1.0, free_slope=True)
    if slope < _LEAST_SLOPE:
        # The loss is convex: if its lowest point is out of bounds, the lowest one allowed lies on the bound.
        return _newton(x, target, weight, _LEAST_SLOPE, free_slope=False)
    return slope, intercept


def _newton(
    x: NDArray[np.float64],
    target: NDArray[np.float64],
    weight: NDArray[np.float64],
    slope: float,
    *,
    free_slope: bool,
) -> tuple[float, float]:
    """Slope and intercept of least loss by Newton's method, halving steps that do not lower it."""
    at = np.array([slope, 0.0])
    lowest = _platt_loss(at, x, target, weight)
    for _ in range(_NEWTON_STEPS):
        p = sigmoid(at[0] * x + at[1])
        residual, spread = weight * (p - target), weight * p * (1 - p)
        gradient = np.array([residual @ x + _SLOPE_PRIOR * (at[0] - 1), residual.sum()])
        across = spread @ x
        curvature = np.array([[spread @ (x * x) + _SLOPE_PRIOR, across], [across, spread.sum()]])
        curvature += np.eye(2) * 1e-12
        step = (
            np.linalg.solve(curvature, gradient)
            if free_slope
            else np.array([0.0, gradient[1] / curvature[1, 1]])
        )
        share = 1.0
        while (loss := _platt_loss(at - share * step, x, target, weight)) > lowest and share > 1e-10:
            share /= 2
        at, gain, lowest = at - share * step, lowest - loss, min(loss, lowest)
        if gain <= 1e-12 * (1 + abs(lowest)):
            break
    return float(at[0]), float(at[1])


def _platt_loss(
    at: NDArray[np.float64],
    x: NDArray[np.float64],
    target: NDArray[np.float64],
    weight: NDArray[np.float64],
) -> float:
    z = at[0] * x + at[1]
    return float(weight @ (np.logaddexp(0, z) - target * z)) + _SLOPE_PRIOR / 2 * float(at[0] - 1) ** 2


def _within(threshold: float) -> float:
    return min(max(threshold, 1e-6), 1.0)
