"""ROC and precision-recall curves with 95 % bands."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ichviewer.learning.evaluation.bootstrap import Bootstrap

GRID: NDArray[np.float64] = np.round(np.concatenate([np.arange(0, 0.1, 0.01), np.linspace(0.1, 1, 46)]), 4)
"""Where the curves are drawn: finer where few are flagged falsely."""

Counts = tuple[NDArray[np.float64], NDArray[np.float64]]


def roc(labels: ArrayLike, scores: ArrayLike, boot: Bootstrap) -> dict[str, Any]:
    """Sensitivity over the share of negatives flagged.

    Returns
    -------
    dict
        ``x`` (1 - specificity), ``y``, ``low`` and ``high``; empty if one class is absent.
    """
    return _curve(labels, scores, boot, _roc_at)


def precision_recall(labels: ArrayLike, scores: ArrayLike, boot: Bootstrap) -> dict[str, Any]:
    """Precision at the highest threshold that reaches each recall.

    Returns
    -------
    dict
        ``x`` (recall), ``y``, ``low`` and ``high``; empty if one class is absent.
    """
    return _curve(labels, scores, boot, _precision_at)


def _curve(labels: ArrayLike, scores: ArrayLike, boot: Bootstrap, at: Any) -> dict[str, Any]:
    y = np.asarray(labels) > 0
    if y.all() or not y.any():
        return {}
    alone = Bootstrap(np.zeros(len(y), np.intp), np.ones((1, 1)))
    line = next(_rows(alone, y, scores, at))
    band = np.array([row for row in _rows(boot, y, scores, at) if np.isfinite(row).all()])
    curve: dict[str, Any] = {"x": GRID.tolist(), "y": line.tolist()}
    if len(band):
        low, high = np.percentile(band, [2.5, 97.5], axis=0)
        curve |= {"low": low.tolist(), "high": high.tolist()}
    return curve


def _rows(boot: Bootstrap, y: NDArray[np.bool_], scores: ArrayLike, at: Any) -> Any:
    for true, false in boot.counts_from_top(y, scores):
        for t, f in zip(true, false, strict=True):
            yield at(t, f)


def _roc_at(true: NDArray[np.float64], false: NDArray[np.float64]) -> NDArray[np.float64]:
    if true[-1] == 0 or false[-1] == 0:
        return np.full(GRID.shape, np.nan)
    # Where the curve rises straight up, interp takes the top.
    x = np.concatenate([[0.0], false / false[-1]])
    sensitivity: NDArray[np.float64] = np.interp(GRID, x, np.concatenate([[0.0], true / true[-1]]))
    return sensitivity


def _precision_at(true: NDArray[np.float64], false: NDArray[np.float64]) -> NDArray[np.float64]:
    if true[-1] == 0:
        return np.full(GRID.shape, np.nan)
    reached = np.searchsorted(true / true[-1], np.maximum(GRID, 1e-9) - 1e-12)
    precision: NDArray[np.float64] = true[reached] / (true[reached] + false[reached])
    return precision
