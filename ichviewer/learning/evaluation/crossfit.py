"""Calibration as it would have been without the patients it is judged on.

Smoothing, calibration and thresholds that are applied to a fold are fitted on the logits of the other folds. What
ships is fitted on all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.calibration import PlattCalibration, sigmoid
from ichviewer.domain.labels import N_LABELS
from ichviewer.domain.operating_point import flags
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.evaluation.predictions import FINAL_FOLD, Predictions
from ichviewer.learning.evaluation.reliability import expected_calibration_error, known_weighted_log_loss
from ichviewer.learning.export import Fit
from ichviewer.learning.fit import Logits, fit, fit_platt, fit_temperature

Flags = dict[str, NDArray[np.bool_]]
"""What is flagged at each named operating point, shape (n, 6)."""


@dataclass(frozen=True, eq=False)
class Answers:
    """What the model says in the end.

    Parameters
    ----------
    raw, probabilities : ndarray of float64, shape (n, 6)
        Before and after smoothing and calibration.
    flags : dict of str to ndarray of bool, shape (n, 6)
        By operating point.
    """

    raw: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    flags: Flags

    def of(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Answers:
        """For some of the slices."""
        flags = {name: flagged[chosen] for name, flagged in self.flags.items()}
        return Answers(self.raw[chosen], self.probabilities[chosen], flags)


@dataclass(frozen=True, eq=False)
class CrossFit:
    """Everything fitted on out-of-fold logits.

    Parameters
    ----------
    fits : dict of int to Fit
        By fold, from the other folds; under `FINAL_FOLD` what ships, from all of them.
    """

    fits: dict[int, Fit]

    def answers(self, predictions: Predictions) -> Answers:
        """Probabilities and flags of predictions, each slice with the fit of the fold whose model spoke.

        Where nothing was fitted for a fold, what was fitted on all serves; that never happens with the slices that
        were fitted on.
        """
        logits = logits_of(predictions)
        n = len(predictions)
        probabilities = np.empty((n, N_LABELS))
        flagged: Flags = {
            name: np.zeros((n, N_LABELS), np.bool_) for name in self.fits[FINAL_FOLD].operating_points
        }
        for fold in np.unique(predictions.fold):
            here, fitted = predictions.fold == fold, self.fits.get(int(fold), self.fits[FINAL_FOLD])
            p = fitted.calibration.probabilities(logits.of(here).smoothed(fitted.sigma_mm))
            probabilities[here] = p
            for name, thresholds in fitted.operating_points.items():
                flagged[name][here] = flags(p, thresholds)
        return Answers(sigmoid(logits.values), probabilities, flagged)


def logits_of(predictions: Predictions) -> Logits:
    """The logits, ready to be fitted."""
    # Several folds may have spoken about one synthetic volume: their slices must not be smoothed into each other.
    return Logits(predictions.series_by_fold, predictions.position_mm, predictions.logits, predictions.labels)


def cross_fit(predictions: Predictions) -> CrossFit:
    """Fit for each fold on the others, and on all.

    Parameters
    ----------
    predictions : Predictions
        Out of fold.
    """
    logits = logits_of(predictions)
    fits = {int(fold): fit(logits.of(predictions.fold != fold)) for fold in np.unique(predictions.fold)}
    return CrossFit(fits | {FINAL_FOLD: fit(logits)})


def prevalence_only(predictions: Predictions) -> NDArray[np.float64]:
    """What one would say who knows only how frequent each label is in the other folds, shape (n, 6)."""
    out = np.empty((len(predictions), N_LABELS))
    for fold in np.unique(predictions.fold):
        others = predictions.labels[predictions.fold != fold]
        known = others != UNKNOWN
        out[predictions.fold == fold] = ((others == 1).sum(axis=0) + 0.5) / (known.sum(axis=0) + 1.0)
    return out


def compare_calibrations(predictions: Predictions, crossed: CrossFit) -> dict[str, dict[str, float]]:
    """Cross-fitted log loss and calibration error of the ways to calibrate, all with the same smoothing."""
    logits = logits_of(predictions)
    y = predictions.labels
    ways: dict[str, Any] = {
        "none": lambda *_: PlattCalibration.identity(),
        "temperature": fit_temperature,
        "platt": fit_platt,
    }
    rows = {}
    for name, way in ways.items():
        p = np.empty(logits.values.shape)
        for fold in np.unique(predictions.fold):
            here, sigma_mm = predictions.fold == fold, crossed.fits[int(fold)].sigma_mm
            smooth = logits.smoothed(sigma_mm)
            p[here] = way(smooth[~here], y[~here]).probabilities(smooth[here])
        known = y[:, 0] != UNKNOWN
        rows[name] = {
            "weighted_log_loss": known_weighted_log_loss(y, p),
            "ece_any": expected_calibration_error(y[known, 0], p[known, 0]),
            "brier_any": float(np.mean((p[known, 0] - y[known, 0]) ** 2)),
        }
    return rows
