"""How sure a figure is: 95 % intervals from drawing the patients again, never single slices.

Slices of one patient are alike, so patients are drawn with replacement and bring all their slices (the cluster
bootstrap; Field and Welsh, "Bootstrapping clustered data", JRSS B 69, 2007). Drawing is the same for every figure
of one set, so that figures can be compared, and is done for all draws at once: a draw is how often each patient
counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

RESAMPLES = 1000
_ELEMENTS = 2_000_000
"""Draws are taken in blocks of about so many numbers."""

Draws = NDArray[np.float64]
"""A figure in each resample, shape (m,); NaN where the resample does not define it."""


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval.

    Parameters
    ----------
    value : float or None
        None where the data do not define it.
    low, high : float or None
        Percentiles 2.5 and 97.5 of the resamples; None where no resample defines it.
    """

    value: float | None
    low: float | None = None
    high: float | None = None

    @classmethod
    def of(cls, value: float, draws: Draws) -> Estimate:
        """From the figure itself and the figure in each resample; NaN is "not defined"."""
        known = draws[np.isfinite(draws)]
        if not np.isfinite(value):
            return cls(None)
        if known.size == 0:
            return cls(float(value))
        low, high = np.percentile(known, [2.5, 97.5])
        return cls(float(value), float(low), float(high))

    def put(self, row: dict[str, Any], name: str) -> None:
        """Write it into a row as ``name`` and ``name_ci95``."""
        row[name] = self.value
        row[f"{name}_ci95"] = None if self.low is None else [self.low, self.high]


@dataclass(frozen=True, eq=False)
class Bootstrap:
    """Draws of patients.

    Parameters
    ----------
    member : ndarray of int, shape (n,)
        Which patient each sample belongs to.
    weights : ndarray of float64, shape (m, patients)
        How often each patient counts in each resample.
    """

    member: NDArray[np.intp]
    weights: NDArray[np.float64]

    @classmethod
    def over(cls, patients: ArrayLike, resamples: int = RESAMPLES, seed: int = 1) -> Bootstrap:
        """Draws for samples of these patients.

        Parameters
        ----------
        patients : array, shape (n,)
            Whose sample it is.
        resamples, seed : int
        """
        names, member = np.unique(np.asarray(patients), return_inverse=True)
        rng = np.random.default_rng(seed)
        draws = rng.multinomial(len(names), np.full(len(names), 1 / len(names)), resamples)
        return cls(member, draws.astype(np.float64))

    def of(self, chosen: NDArray[np.bool_]) -> Bootstrap:
        """The same draws for some of the samples."""
        return Bootstrap(self.member[chosen], self.weights)

    def ratio(self, part: ArrayLike, whole: ArrayLike) -> Estimate:
        """Sum of ``part`` over sum of ``whole``: a rate or a mean.

        Where none or all of the samples count, no draw can tell otherwise; the interval is then the exact binomial
        one for as many trials as there are patients (Clopper and Pearson, Biometrika 26, 1934).
        """
        a, b = np.asarray(part, np.float64), np.asarray(whole, np.float64)
        total = b.sum()
        found = Estimate.of(a.sum() / total if total > 0 else np.nan, self.ratio_draws(a, b))
        if found.value in {0.0, 1.0} and found.low == found.high:
            reach = 1 - 0.025 ** (1 / np.count_nonzero(self._sums(b)))
            return Estimate(0.0, 0.0, reach) if found.value == 0 else Estimate(1.0, 1 - reach, 1.0)
        return found

    def ratio_draws(self, part: ArrayLike, whole: ArrayLike) -> Draws:
        """The same in each resample."""
        return _ratio(self.weights @ self._sums(part), self.weights @ self._sums(whole))

    def auc(self, labels: ArrayLike, scores: ArrayLike) -> Estimate:
        """Area under the ROC curve; ties count half."""
        y, s = np.asarray(labels) > 0, np.asarray(scores, np.float64)
        wins = self._wins(y, s)
        pairs = float(y.sum()) * float((~y).sum())
        return Estimate.of(wins.sum() / pairs if pairs else np.nan, self._auc_draws(y, wins))

    def auc_draws(self, labels: ArrayLike, scores: ArrayLike) -> Draws:
        """The same in each resample."""
        y = np.asarray(labels) > 0
        return self._auc_draws(y, self._wins(y, np.asarray(scores, np.float64)))

    def average_precision(self, labels: ArrayLike, scores: ArrayLike) -> Estimate:
        """Precision averaged over the recalls at which positives are found, no interpolation."""
        y, s = np.asarray(labels) > 0, np.asarray(scores, np.float64)
        alone = Bootstrap(np.zeros(len(y), np.intp), np.ones((1, 1)))
        return Estimate.of(float(alone.average_precision_draws(y, s)[0]), self.average_precision_draws(y, s))

    def average_precision_draws(self, labels: ArrayLike, scores: ArrayLike) -> Draws:
        """The same in each resample."""
        parts = []
        for true, false in self.counts_from_top(labels, scores):
            new = np.diff(true, axis=1, prepend=0.0)
            precision = np.divide(true, true + false, out=np.zeros_like(true), where=true + false > 0)
            parts.append(_ratio((new * precision).sum(axis=1), true[:, -1]))
        return np.concatenate(parts)

    def counts_from_top(
        self, labels: ArrayLike, scores: ArrayLike
    ) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """True and false positives at each distinct score used as threshold, highest first, in blocks of draws.

        Yields
        ------
        two ndarrays of float64, shape (draws in the block, distinct scores)
        """
        y, s = np.asarray(labels) > 0, np.asarray(scores, np.float64)
        order = np.argsort(-s, kind="stable")
        last = np.append(np.nonzero(np.diff(s[order]))[0], len(s) - 1)
        member, positive = self.member[order], y[order].astype(np.float64)
        step = max(1, _ELEMENTS // max(1, len(s)))
        for start in range(0, len(self.weights), step):
            weights = self.weights[start : start + step, member]
            true = np.cumsum(weights * positive, axis=1)[:, last]
            yield true, np.cumsum(weights, axis=1)[:, last] - true

    def _sums(self, values: ArrayLike) -> NDArray[np.float64]:
        sums = np.bincount(self.member, np.asarray(values, np.float64), self.weights.shape[1])
        return sums.astype(np.float64, copy=False)

    def _wins(self, y: NDArray[np.bool_], s: NDArray[np.float64]) -> NDArray[np.float64]:
        """How often positives of one patient beat negatives of another, shape (patients, patients).

        With it the area under the curve of a resample is a quadratic form in how often each patient counts.
        """
        patients = self.weights.shape[1]
        wins = np.zeros((patients, patients))
        of_positive, positive = self.member[y], s[y]
        of_negative, negative = self.member[~y], s[~y]
        order = np.lexsort((negative, of_negative))
        of_negative, negative = of_negative[order], negative[order]
        bounds = np.searchsorted(of_negative, np.arange(patients + 1))
        for other in np.unique(of_negative):
            theirs = negative[bounds[other] : bounds[other + 1]]
            beaten = (
                np.searchsorted(theirs, positive, "left") + np.searchsorted(theirs, positive, "right")
            ) / 2
            wins[:, other] = np.bincount(of_positive, beaten, patients)
        return wins

    def _auc_draws(self, y: NDArray[np.bool_], wins: NDArray[np.float64]) -> Draws:
        won = ((self.weights @ wins) * self.weights).sum(axis=1)
        return _ratio(won, (self.weights @ self._sums(y)) * (self.weights @ self._sums(~y)))


def mean_estimate(values: list[float | None], draws: list[Draws]) -> Estimate:
    """Mean of several figures, over the resamples that define each of them.

    Parameters
    ----------
    values : list of float or None
        Not defined if one of them is not.
    draws : list of ndarray, each of shape (m,)
    """
    known = [v for v in values if v is not None]
    if len(known) < len(values) or not known:
        return Estimate(None)
    return Estimate.of(float(np.mean(known)), np.mean(draws, axis=0))


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)
