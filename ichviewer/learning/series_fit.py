"""The rule that makes one answer of a series' slices, fitted on series whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from ichviewer.domain.calibration import sigmoid
from ichviewer.domain.labels import N_LABELS
from ichviewer.domain.series_rule import LARGEST, LEAST_SLICES, SHARES, SeriesRule, highest, top_means
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.losses import LABEL_WEIGHTS

_MAXIMUM = np.array([1.0, *(0.0,) * (len(SHARES) - 1)])
"""Weights of the maximum."""

_WEIGHT_PRIOR, _INTERCEPT_PRIOR = 4.0, 1.0
"""Pull towards the maximum, as Gaussian priors of standard deviation 0.5 and 1; matters where series are few."""


@dataclass(frozen=True, eq=False)
class SeriesTable:
    """Series with what was said of their slices, and what is true of them, in the order of their names.

    Parameters
    ----------
    first : ndarray of int, shape (m,)
        Row of each series' first slice in the table that they were taken from.
    slices : tuple of m ndarrays of float64, each of shape (n, 6)
        Calibrated probabilities.
    labels : ndarray of uint8, shape (m, 6)
        1 where a slice has it, `UNKNOWN` where none has but one may, else 0.
    """

    first: NDArray[np.intp]
    slices: tuple[NDArray[np.float64], ...]
    labels: NDArray[np.uint8]

    @classmethod
    def of_slices(
        cls, series: NDArray[np.generic], probabilities: NDArray[np.float64], labels: NDArray[np.integer]
    ) -> SeriesTable:
        """Gather slices into series.

        Parameters
        ----------
        series : ndarray, shape (n,)
            Whose slice it is.
        probabilities : ndarray of float64, shape (n, 6)
        labels : ndarray of int, shape (n, 6)
            0, 1 or `UNKNOWN`.
        """
        _, first, of = np.unique(series, return_index=True, return_inverse=True)
        order = np.argsort(of, kind="stable")
        starts = np.searchsorted(of[order], np.arange(len(first)))
        has = np.logical_or.reduceat(labels[order] == 1, starts, axis=0)
        may = np.logical_or.reduceat(labels[order] == UNKNOWN, starts, axis=0)
        truth = np.where(has, 1, np.where(may, UNKNOWN, 0)).astype(np.uint8)
        return cls(first, tuple(np.split(probabilities[order], starts[1:])), truth)

    def __len__(self) -> int:
        return len(self.first)

    def of(self, chosen: NDArray[np.bool_]) -> SeriesTable:
        """Some of the series."""
        slices = tuple(p for p, wanted in zip(self.slices, chosen, strict=True) if wanted)
        return SeriesTable(self.first[chosen], slices, self.labels[chosen])

    def answers(self, rule: SeriesRule | None) -> NDArray[np.float64]:
        """Probabilities of the series, shape (m, 6), float64: by a rule, or the highest of the slices for None."""
        answer = highest if rule is None else rule.probabilities
        return np.array([answer(p) for p in self.slices]).reshape(len(self), N_LABELS)


def fit_series_rule(table: SeriesTable, *, pooled: bool = True) -> SeriesRule:
    """The rule of least log loss over series, "any" counting twice, drawn towards the maximum.

    Each label counts by itself: that "any" is at least each type is made so afterwards, as for slices. Series of
    fewer than `ichviewer.domain.series_rule.LEAST_SLICES` slices, to which no rule is applied, do not count.

    Parameters
    ----------
    table : SeriesTable
    pooled : bool
        False keeps to the highest slice and only calibrates it; to compare with.
    """
    table = table.of(np.array([len(p) >= LEAST_SLICES for p in table.slices], np.bool_))
    if not len(table):
        return SeriesRule(tuple(_MAXIMUM.tolist()), (0.0,) * N_LABELS)
    features = np.array([top_means(p) for p in table.slices])
    y, counts = table.labels == 1, (table.labels != UNKNOWN) * (np.asarray(LABEL_WEIGHTS) / LABEL_WEIGHTS[1])

    def loss(at: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        weights, intercept = np.split(at, [len(SHARES)])
        z = features @ weights + intercept
        residual = counts * (sigmoid(z) - y)
        pull = weights - _MAXIMUM
        value = (counts * (np.logaddexp(0, z) - y * z)).sum()
        value += (_WEIGHT_PRIOR * pull @ pull + _INTERCEPT_PRIOR * intercept @ intercept) / 2
        slope = np.einsum("ml,mlf->f", residual, features) + _WEIGHT_PRIOR * pull
        return float(value), np.concatenate([slope, residual.sum(axis=0) + _INTERCEPT_PRIOR * intercept])

    # The highest slice keeps a little weight, so that a rule is never all zero.
    other = (0.0, LARGEST if pooled else 0.0)
    bounds = [(0.01, LARGEST), *[other] * (len(SHARES) - 1), *[(-LARGEST, LARGEST)] * N_LABELS]
    start = np.concatenate([_MAXIMUM, np.zeros(N_LABELS)])
    found = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-12})
    weights, intercept = np.split(found.x, [len(SHARES)])
    return SeriesRule(tuple(weights.tolist()), tuple(intercept.tolist()))
