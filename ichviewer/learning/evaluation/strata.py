"""What is found by how much blood there is, how bright it is, and how thick the slices are.

Volume and brightness are known where a mask tells, that is for blood that was made. A bin says what share of its
slices is flagged for the type that is there, and how well they rank above all slices without that type.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import LABELS, TYPES
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.evaluation.bootstrap import Bootstrap
from ichviewer.learning.evaluation.crossfit import Answers
from ichviewer.learning.evaluation.predictions import Predictions

Row = dict[str, Any]

SLICE_ML: tuple[float, ...] = (0.0, 0.25, 1.0, 4.0, np.inf)
"""Bounds of the bins of blood in a slice."""
STUDY_ML: tuple[float, ...] = (0.0, 1.0, 5.0, 20.0, np.inf)
"""Bounds of the bins of blood in a whole series."""
HU: tuple[float, ...] = (-np.inf, 30.0, 42.0, 55.0, np.inf)
"""Bounds of the bins of mean brightness: darker than brain, like brain, and two of acute blood."""
AGE_YEARS: tuple[float, ...] = (0.0, 2.0, 18.0, 40.0, 65.0, np.inf)
"""Bounds of the bins of age: infants, children, and adults in three."""
THICKNESS_MM: tuple[float, ...] = (0.0, 2.5, 4.0, 5.5, np.inf)


def by_volume(predictions: Predictions, answers: Answers, boot: Bootstrap) -> dict[str, list[Row]]:
    """For each type, by its volume in the slice in mL; "any" by all blood in the slice."""
    ml = predictions.blood_ml
    total = np.where(np.isfinite(ml).any(axis=1), np.nansum(ml, axis=1), np.nan)
    return _by_blood(np.column_stack([total, ml]), SLICE_ML, predictions, answers, boot)


def by_hu(predictions: Predictions, answers: Answers, boot: Bootstrap) -> dict[str, list[Row]]:
    """For each type, by its mean HU in the slice."""
    hu = predictions.blood_hu
    none = np.full((len(predictions), 1), np.nan)
    rows = _by_blood(np.column_stack([none, hu]), HU, predictions, answers, boot)
    return {label: found for label, found in rows.items() if label in TYPES}


def by_study_volume(predictions: Predictions, answers: Answers, boot: Bootstrap) -> list[Row]:
    """Whether a series with blood is flagged as such, by all its blood in mL."""
    _, of = np.unique(predictions.series, return_inverse=True)
    ml = np.bincount(of, np.nansum(predictions.blood_ml, axis=1))
    told = np.bincount(of, np.isfinite(predictions.blood_ml).any(axis=1)) > 0
    bleeds = (np.bincount(of, predictions.labels[:, 0] == 1) > 0) & told
    _, first = np.unique(of, return_index=True)
    draws = Bootstrap(boot.member[first], boot.weights)
    flagged = {name: np.bincount(of, flag[:, 0]) > 0 for name, flag in answers.flags.items()}
    rows = []
    for low, high in _bins(STUDY_ML):
        here = bleeds & (ml >= low) & (ml < high)
        row: Row = {"low": _bound(low), "high": _bound(high), "series": int(here.sum())}
        for name, flags in flagged.items():
            draws.ratio(here & flags, here).put(row, f"sensitivity_{name}")
        if here.any():
            rows.append(row)
    return rows


def by_thickness(predictions: Predictions, answers: Answers, boot: Bootstrap) -> list[Row]:
    """AUC, sensitivity and specificity of any hemorrhage by slice thickness in mm, where it is known."""
    return _by_amount(predictions.slice_mm, THICKNESS_MM, predictions, answers, boot)


def by_age(predictions: Predictions, answers: Answers, boot: Bootstrap) -> list[Row]:
    """AUC, sensitivity and specificity of any hemorrhage by age in years, where it is known."""
    return _by_amount(predictions.age_years, AGE_YEARS, predictions, answers, boot)


def _by_amount(
    amount: NDArray[np.float64],
    bounds: tuple[float, ...],
    predictions: Predictions,
    answers: Answers,
    boot: Bootstrap,
) -> list[Row]:
    """Rows of any hemorrhage by a column of numbers; slices where it is NaN are in none."""
    y, p = predictions.labels[:, 0], answers.probabilities[:, 0]
    rows = []
    for low, high in _bins(bounds):
        here = (amount >= low) & (amount < high) & (y != UNKNOWN)
        if not here.any():
            continue
        draws = boot.of(here)
        positive = y[here] == 1
        row: Row = {
            "low": _bound(low),
            "high": _bound(high),
            "slices": int(here.sum()),
            "positives": int(positive.sum()),
        }
        draws.auc(positive, p[here]).put(row, "auc")
        for name, flags in answers.flags.items():
            flagged = flags[here, 0]
            draws.ratio(positive & flagged, positive).put(row, f"sensitivity_{name}")
            draws.ratio(~positive & ~flagged, ~positive).put(row, f"specificity_{name}")
        rows.append(row)
    return rows


def _by_blood(
    amount: NDArray[np.float64],
    bounds: tuple[float, ...],
    predictions: Predictions,
    answers: Answers,
    boot: Bootstrap,
) -> dict[str, list[Row]]:
    """Rows of each label, by a column of numbers each; slices without the label are the negatives of every bin."""
    found: dict[str, list[Row]] = {}
    for i, label in enumerate(LABELS):
        y = predictions.labels[:, i]
        rows = []
        for low, high in _bins(bounds):
            here = (y == 1) & (amount[:, i] >= low) & (amount[:, i] < high)
            if not here.any():
                continue
            row: Row = {"low": _bound(low), "high": _bound(high), "slices": int(here.sum())}
            both = here | (y == 0)
            boot.of(both).auc(here[both], answers.probabilities[both, i]).put(row, "auc")
            for name, flags in answers.flags.items():
                boot.ratio(here & flags[:, i], here).put(row, f"sensitivity_{name}")
            rows.append(row)
        if rows:
            found[label.value] = rows
    return found


def _bins(bounds: tuple[float, ...]) -> list[tuple[float, float]]:
    return list(itertools.pairwise(bounds))


def _bound(value: float) -> float | None:
    return value if np.isfinite(value) else None
