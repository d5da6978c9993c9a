"""The answer for a whole series: the maximum over its slices, or a rule fitted without the series it answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.series_rule import SeriesRule
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.evaluation.bootstrap import Bootstrap, Estimate
from ichviewer.learning.evaluation.crossfit import CrossFit, logits_of
from ichviewer.learning.evaluation.predictions import FINAL_FOLD, Predictions
from ichviewer.learning.evaluation.reliability import (
    expected_calibration_error,
    known_weighted_log_loss,
    weighted_terms,
)
from ichviewer.learning.evaluation.table import MAXIMUM, POOLED, Row
from ichviewer.learning.series_fit import SeriesTable, fit_series_rule

CALIBRATED = "maximum, calibrated"


@dataclass(frozen=True, eq=False)
class SeriesAnswers:
    """What is said of series, and how it compares with the maximum.

    Parameters
    ----------
    way : str
        `POOLED` if the rule gains, else `MAXIMUM`.
    probabilities : ndarray of float64, shape (m, 6)
        Of the series in the order of their names, in that way, cross-fitted.
    rule : SeriesRule or None
        What ships: fitted on all folds, None if the rule does not gain.
    figures : dict
        The comparison, as it goes into ``metrics.json``.
    """

    way: str
    probabilities: NDArray[np.float64]
    rule: SeriesRule | None
    figures: Row


def series_answers(predictions: Predictions, crossed: CrossFit, boot: Bootstrap) -> SeriesAnswers:
    """Compare the ways to answer for a series, and choose.

    The rule gains if, on series it was not fitted on, the AUC of any is not lower than that of the maximum and the
    weighted log loss is lower.

    Parameters
    ----------
    predictions : Predictions
        Out of fold.
    crossed : CrossFit
        Smoothing and calibration, fitted on them.
    boot : Bootstrap
        Over the slices; its draws of patients are used again.
    """
    tables = {fold: _table(predictions, crossed, fold) for fold in crossed.fits}
    whole = tables[FINAL_FOLD]
    fold_of = predictions.fold[whole.first]
    said = {way: np.empty(whole.labels.shape) for way in (MAXIMUM, CALIBRATED, POOLED)}
    for fold in np.unique(fold_of):
        here, table = fold_of == fold, tables[int(fold)]
        others, mine = table.of(~here), table.of(here)
        said[MAXIMUM][here] = mine.answers(None)
        said[CALIBRATED][here] = mine.answers(fit_series_rule(others, pooled=False))
        said[POOLED][here] = mine.answers(fit_series_rule(others))
    draws = Bootstrap(boot.member[whole.first], boot.weights)
    figures = compare(whole.labels, said, draws)
    way = figures["chosen"]
    return SeriesAnswers(way, said[way], fit_series_rule(whole) if way == POOLED else None, figures)


def compare(labels: NDArray[np.uint8], said: dict[str, NDArray[np.float64]], draws: Bootstrap) -> Row:
    """Figures of each way to answer, what pooling gains on the maximum, and which of the two is chosen.

    Parameters
    ----------
    labels : ndarray of uint8, shape (m, 6)
        0, 1 or `UNKNOWN`.
    said : dict of str to ndarray of float64, shape (m, 6)
        Probabilities by way, `MAXIMUM` and `POOLED` among them.
    draws : Bootstrap
        Over the series.

    Returns
    -------
    dict
        As it goes into ``metrics.json``; a figure that the series do not define is None, and then nothing is gained.
    """
    ways = {way: _figures(labels, p, draws) for way, p in said.items()}
    gain = _gain(labels, said[MAXIMUM], said[POOLED], draws)
    gained = gain["auc_any"] is not None and gain["auc_any"] >= 0 and gain["weighted_log_loss"] > 0
    chosen = POOLED if gained else MAXIMUM
    return {"series": len(labels), "ways": ways, "gain_of_pooled": gain, "chosen": chosen}


def _table(predictions: Predictions, crossed: CrossFit, fold: int) -> SeriesTable:
    """All series as the calibration of a fold sees them."""
    fitted = crossed.fits[fold]
    p = fitted.calibration.probabilities(logits_of(predictions).smoothed(fitted.sigma_mm))
    return SeriesTable.of_slices(predictions.series, p, predictions.labels)


def _figures(labels: NDArray[np.uint8], p: NDArray[np.float64], draws: Bootstrap) -> Row:
    known = labels[:, 0] != UNKNOWN
    row: Row = {}
    draws.of(known).auc(labels[known, 0], p[known, 0]).put(row, "auc_any")
    draws.ratio(*weighted_terms(labels, p)).put(row, "weighted_log_loss")
    row["ece_any"] = expected_calibration_error(labels[known, 0], p[known, 0]) if known.any() else None
    return row


def _gain(
    labels: NDArray[np.uint8], before: NDArray[np.float64], after: NDArray[np.float64], draws: Bootstrap
) -> Row:
    """How much higher the AUC of any is and how much lower the weighted log loss, on the same draws of patients."""
    known = labels[:, 0] != UNKNOWN
    y, some = labels[known, 0], draws.of(known)
    rise = [some.auc(y, p[known, 0]).value for p in (before, after)]
    row: Row = {}
    Estimate.of(
        np.nan if rise[0] is None or rise[1] is None else rise[1] - rise[0],
        some.auc_draws(y, after[known, 0]) - some.auc_draws(y, before[known, 0]),
    ).put(row, "auc_any")
    Estimate.of(
        known_weighted_log_loss(labels, before) - known_weighted_log_loss(labels, after),
        draws.ratio_draws(*weighted_terms(labels, before))
        - draws.ratio_draws(*weighted_terms(labels, after)),
    ).put(row, "weighted_log_loss")
    return row
