"""The slices the model is most wrong about."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import LABELS
from ichviewer.learning.evaluation.crossfit import Answers
from ichviewer.learning.evaluation.predictions import Predictions

PER_PATIENT = 2
"""So that one difficult patient does not fill the sheet."""


def hardest(predictions: Predictions, answers: Answers, count: int = 16) -> dict[str, list[dict[str, Any]]]:
    """Slices without blood that look most like it, and slices with blood that look least like it.

    Parameters
    ----------
    predictions, answers
        The same slices.
    count : int
        At most so many of each, and at most `PER_PATIENT` of one patient.

    Returns
    -------
    dict
        ``false_positives`` and ``false_negatives``: rows with series, patient, source, index, labels and
        probabilities, the worst first.
    """
    p = answers.probabilities[:, 0]
    order = np.argsort(-p, kind="stable")
    negatives = order[predictions.labels[order, 0] == 0]
    positives = order[::-1][predictions.labels[order[::-1], 0] == 1]
    return {
        "false_positives": [_row(i, predictions, answers) for i in _spread(negatives, predictions, count)],
        "false_negatives": [_row(i, predictions, answers) for i in _spread(positives, predictions, count)],
    }


def _spread(order: NDArray[np.intp], predictions: Predictions, count: int) -> list[int]:
    chosen: list[int] = []
    seen: dict[str, int] = {}
    slices: set[tuple[str, int]] = set()
    for i in order.tolist():
        patient, which = str(predictions.patient[i]), (str(predictions.series[i]), int(predictions.index[i]))
        # Several models may have spoken about one slice.
        if seen.get(patient, 0) < PER_PATIENT and which not in slices:
            seen[patient] = seen.get(patient, 0) + 1
            slices.add(which)
            chosen.append(i)
        if len(chosen) == count:
            break
    return chosen


def _row(i: int, predictions: Predictions, answers: Answers) -> dict[str, Any]:
    return {
        "series": str(predictions.series[i]),
        "patient": str(predictions.patient[i]),
        "source": str(predictions.source[i]),
        "index": int(predictions.index[i]),
        "fold": int(predictions.fold[i]),
        "labels": [
            label.value for label, y in zip(LABELS, predictions.labels[i].tolist(), strict=True) if y == 1
        ],
        "probabilities": answers.probabilities[i].tolist(),
    }
