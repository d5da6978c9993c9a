"""The figures of a set of slices and of its studies, label by label, with their intervals."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import LABELS, TYPES
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.evaluation.bootstrap import Bootstrap, Draws, Estimate, mean_estimate
from ichviewer.learning.evaluation.crossfit import Answers
from ichviewer.learning.evaluation.predictions import Predictions
from ichviewer.learning.evaluation.reliability import (
    expected_calibration_error,
    log_losses,
    reliability,
    weighted_terms,
)
from ichviewer.learning.series_fit import SeriesTable

Labels = NDArray[np.uint8]
Row = dict[str, Any]


def slice_rows(
    predictions: Predictions, answers: Answers, prevalence: NDArray[np.float64], boot: Bootstrap
) -> dict[str, Row]:
    """Every figure of every label over slices."""
    rows: dict[str, Row] = {}
    for i, label in enumerate(LABELS):
        known = predictions.labels[:, i] != UNKNOWN
        y, draws = predictions.labels[known, i], boot.of(known)
        raw, p = answers.raw[known, i], answers.probabilities[known, i]
        row: Row = {
            "positives": int(y.sum()),
            "negatives": int((y == 0).sum()),
            "unknown": int((~known).sum()),
            "patients": len(np.unique(predictions.patient[known][y == 1])),
        }
        if y.size == 0:
            continue
        draws.auc(y, p).put(row, "auc")
        row["auc_of_single_logits"] = draws.auc(y, raw).value
        _precision(y, p, draws).put(row, "average_precision")
        ones = np.ones(len(y))
        draws.ratio(log_losses(y, p), ones).put(row, "log_loss")
        row["log_loss_uncalibrated"] = float(log_losses(y, raw).mean())
        row["log_loss_prevalence_only"] = float(log_losses(y, prevalence[known, i]).mean())
        row["brier_uncalibrated"] = float(np.mean((raw - y) ** 2))
        draws.ratio((p - y) ** 2, ones).put(row, "brier")
        row["ece_uncalibrated"] = expected_calibration_error(y, raw)
        row["ece"] = expected_calibration_error(y, p)
        row["reliability_uncalibrated"] = reliability(y, raw)
        row["reliability"] = reliability(y, p)
        row["operating_points"] = {
            name: rates(y, flagged[known, i], draws) for name, flagged in answers.flags.items()
        }
        rows[label.value] = row
    return rows


def study_rows(
    predictions: Predictions, answers: Answers, boot: Bootstrap, of_series: NDArray[np.float64] | None = None
) -> dict[str, Row]:
    """The same over series, flagged if one slice is.

    Parameters
    ----------
    boot : Bootstrap
        Over the slices; its draws of patients are used again.
    of_series : ndarray of float64, shape (m, 6), optional
        What is said of the series, in the order of their names; the highest probability of the slices unless told.
    """
    table = SeriesTable.of_slices(predictions.series, answers.probabilities, predictions.labels)
    draws_all = Bootstrap(boot.member[table.first], boot.weights)
    truth = table.labels
    answer = table.answers(None) if of_series is None else of_series
    _, of = np.unique(predictions.series, return_inverse=True)
    flags = {name: np.zeros(truth.shape, np.bool_) for name in answers.flags}
    for name, flagged in answers.flags.items():
        np.logical_or.at(flags[name], of, flagged)
    rows: dict[str, Row] = {}
    for i, label in enumerate(LABELS):
        known = truth[:, i] != UNKNOWN
        y, p, draws = truth[known, i], answer[known, i], draws_all.of(known)
        row: Row = {"positives": int(y.sum()), "negatives": int((y == 0).sum())}
        draws.auc(y, p).put(row, "auc")
        _precision(y, p, draws).put(row, "average_precision")
        row["operating_points"] = {name: rates(y, f[known, i], draws) for name, f in flags.items()}
        rows[label.value] = row
    return rows


def mean_row(predictions: Predictions, answers: Answers, boot: Bootstrap) -> Row:
    """Mean of AUC and of average precision over the five types, with intervals.

    The interval rests on the resamples in which every type occurs; ``resamples_with_all_types`` says how many.
    """
    figures: dict[str, tuple[list[float | None], list[Draws]]] = {
        "auc": ([], []),
        "average_precision": ([], []),
    }
    for i in range(1, len(LABELS)):
        known = predictions.labels[:, i] != UNKNOWN
        y, p, draws = predictions.labels[known, i], answers.probabilities[known, i], boot.of(known)
        figures["auc"][0].append(draws.auc(y, p).value)
        figures["auc"][1].append(draws.auc_draws(y, p))
        figures["average_precision"][0].append(_precision(y, p, draws).value)
        figures["average_precision"][1].append(_precision_draws(y, p, draws))
    row: Row = {"labels": [label.value for label in TYPES]}
    for name, (values, each) in figures.items():
        mean_estimate(values, each).put(row, f"{name}_of_types")
    row["resamples_with_all_types"] = int(np.isfinite(np.sum(figures["auc"][1], axis=0)).sum())
    return row


def loss_row(
    predictions: Predictions, answers: Answers, prevalence: NDArray[np.float64], boot: Bootstrap
) -> Row:
    """Weighted log loss of the model and of one who knows the prevalence only."""
    row: Row = {}
    for name, p in (
        ("model", answers.probabilities),
        ("model_uncalibrated", answers.raw),
        ("prevalence_only", prevalence),
    ):
        boot.ratio(*weighted_terms(predictions.labels, p)).put(row, name)
    return row


def rates(y: Labels, flagged: NDArray[np.bool_], boot: Bootstrap) -> Row:
    """Sensitivity, specificity, predictive values and accuracy of a set of flags, with intervals."""
    positive, right = y == 1, flagged == (y == 1)
    row: Row = {}
    for name, of in (
        ("sensitivity", positive),
        ("specificity", ~positive),
        ("ppv", flagged),
        ("npv", ~flagged),
        ("accuracy", np.ones_like(positive)),
    ):
        boot.ratio(right & of, of).put(row, name)
    return row


def fold_auc(predictions: Predictions, answers: Answers) -> list[float | None]:
    """AUC of any hemorrhage in each fold by itself."""
    values = []
    for fold in np.unique(predictions.fold):
        here = (predictions.fold == fold) & (predictions.labels[:, 0] != UNKNOWN)
        alone = Bootstrap(np.zeros(int(here.sum()), np.intp), np.ones((1, 1)))
        values.append(alone.auc(predictions.labels[here, 0], answers.probabilities[here, 0]).value)
    return values


def any_by_type(predictions: Predictions, answers: Answers, boot: Bootstrap) -> dict[str, Row]:
    """How often a slice with blood of each type is flagged at all, whatever type the model takes it for."""
    rows: dict[str, Row] = {}
    for i, label in enumerate(TYPES, 1):
        here = predictions.labels[:, i] == 1
        row: Row = {"slices": int(here.sum())}
        for name, flagged in answers.flags.items():
            boot.ratio(here & flagged[:, 0], here).put(row, name)
        rows[label.value] = row
    return rows


def _precision(y: Labels, p: NDArray[np.float64], boot: Bootstrap) -> Estimate:
    return boot.average_precision(y, p) if y.any() else Estimate(None)


def _precision_draws(y: Labels, p: NDArray[np.float64], boot: Bootstrap) -> Draws:
    return boot.average_precision_draws(y, p) if y.any() else np.full(len(boot.weights), np.nan)
