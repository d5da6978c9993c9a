"""What is found by how much blood there is, how bright it is, where it lies, how thick the slices are, and by age.

Volume, brightness and place are known where a mask tells. A bin says what share of its
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
from ichviewer.learning.evaluation.place import PLACES
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
    return _by_blood(predictions.blood_ml, SLICE_ML, predictions, answers, boot)


def by_hu(predictions: Predictions, answers: Answers, boot: Bootstrap) -> dict[str, list[Row]]:
    """For each type, by its mean HU in the slice."""
    rows = _by_blood(predictions.blood_hu, HU, predictions, answers, boot)
    return {label: found for label, found in rows.items() if label in TYPES}


def by_study_volume(predictions: Predictions, answers: Answers, boot: Bootstrap) -> list[Row]:
    """Whether a series with blood is flagged as such, by all its blood in mL."""
    _, of = np.unique(predictions.series, return_inverse=True)
    ml = np.bincount(of, np.nan_to_num(predictions.blood_ml[:, 0]))
    told = np.bincount(of, np.isfinite(predictions.blood_ml[:, 0])) > 0
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
    return _by_range(predictions.slice_mm, THICKNESS_MM, predictions, answers, boot)


def by_age(predictions: Predictions, answers: Answers, boot: Bootstrap) -> list[Row]:
    """The same by age of the patient in years, where it is known."""
    return _by_range(predictions.age_years, AGE_YEARS, predictions, answers, boot)


def by_place(predictions: Predictions, answers: Answers, boot: Bootstrap) -> list[Row]:
    """Any hemorrhage in the slices with blood at each place, above all slices without any.

    A slice with blood at several places counts at each.
    """
    rows = []
    y = predictions.labels[:, 0]
    for place in PLACES:
        here = (y == 1) & (predictions.place == place).any(axis=1)
        if here.any():
            rows.append({"place": place} | _found_row(here, 0, predictions, answers, boot))
    return rows


def _by_range(
    values: NDArray[np.float64],
    bounds: tuple[float, ...],
    predictions: Predictions,
    answers: Answers,
    boot: Bootstrap,
) -> list[Row]:
    y, p = predictions.labels[:, 0], answers.probabilities[:, 0]
    rows = []
    for low, high in _bins(bounds):
        here = (values >= low) & (values < high) & (y != UNKNOWN)
        if not here.any():
            continue
        draws = boot.of(here)
        positive = y[here] == 1
        row: Row = {
            "low": _bound(low),
            "high": _bound(high),
            "slices": int(here.sum()),
            "patients": len(np.unique(predictions.patient[here])),
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
            bounded: Row = {"low": _bound(low), "high": _bound(high)}
            rows.append(bounded | _found_row(here, i, predictions, answers, boot))
        if rows:
            found[label.value] = rows
    return found


def _found_row(
    here: NDArray[np.bool_], label: int, predictions: Predictions, answers: Answers, boot: Bootstrap
) -> Row:
    """How some slices with a label rank above all slices without it, and how many of them are flagged for it."""
    row: Row = {"slices": int(here.sum())}
    both = here | (predictions.labels[:, label] == 0)
    boot.of(both).auc(here[both], answers.probabilities[both, label]).put(row, "auc")
    for name, flags in answers.flags.items():
        boot.ratio(here & flags[:, label], here).put(row, f"sensitivity_{name}")
    return row


def _bins(bounds: tuple[float, ...]) -> list[tuple[float, float]]:
    return list(itertools.pairwise(bounds))


def _bound(value: float) -> float | None:
    return value if np.isfinite(value) else None
