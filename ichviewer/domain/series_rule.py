"""The answer for a series: what its slices amount to together, fitted rather than their maximum.

The highest slice decides alone in a maximum, so one false alarm among thirty slices makes a false alarm of the
series. Blood shows in neighboring slices; the rule looks at the highest slice and at the highest tenth and third of
them. It was fitted on whole heads: with few slices the maximum stays.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ichviewer.domain.calibration import coherent, sigmoid
from ichviewer.domain.labels import N_LABELS

SHARES = (0.0, 0.1, 0.3)
"""Shares of the slices, the highest first, whose mean counts: shares, so that thin slices count like thick ones.

Of a head of 150 mm they are the highest slice, the highest 15 mm and the highest 45 mm.
"""

LEAST_SLICES = 8
"""A series of fewer analysed slices is no whole head."""

LARGEST = 100.0
"""No weight or intercept is further from 0: log odds stay finite."""

LEAST_PROBABILITY = 1e-6
"""Probabilities nearer to 0 and 1 count as this near: the slice that says 0 must not outweigh all others."""


@dataclass(frozen=True)
class SeriesRule:
    """From the calibrated probabilities of the slices to those of the series.

    A label's log odds are ``intercept + sum(weights * features)``. They never fall where a slice's probability rises.

    Parameters
    ----------
    weights : tuple of 3 floats
        Of `top_means`, the same for all labels; none negative, not all zero.
    intercept : tuple of 6 floats
        In the order of `ichviewer.domain.labels.LABELS`.
    """

    weights: tuple[float, ...]
    intercept: tuple[float, ...]

    def __post_init__(self) -> None:
        values = (*self.weights, *self.intercept)
        sizes = (len(self.weights), len(self.intercept))
        if sizes != (len(SHARES), N_LABELS) or not np.all(np.abs(values) <= LARGEST):
            raise ValueError(
                f"a series rule needs {len(SHARES)} weights and {N_LABELS} intercepts within "
                f"-{LARGEST:g}..{LARGEST:g}. Received: {values}"
            )
        if min(self.weights) < 0 or max(self.weights) == 0:
            raise ValueError(
                f"weights of a series rule must not be negative, nor all zero. Received: {self.weights}"
            )

    def probabilities(self, slices: ArrayLike) -> NDArray[np.float64]:
        """Probabilities of a series.

        Parameters
        ----------
        slices : array, shape (n, 6)
            Calibrated and coherent probabilities of its analysed slices, in any order.

        Returns
        -------
        ndarray of float64, shape (6,)
            Coherent: "any" is at least each type. The maximum of fewer than `LEAST_SLICES` slices.

        Raises
        ------
        ValueError
            If there is no slice, or a probability is no number in 0..1.
        """
        p = _checked(slices)
        if len(p) < LEAST_SLICES:
            return highest(p)
        return coherent(sigmoid(top_means(p) @ np.asarray(self.weights) + np.asarray(self.intercept)))


def highest(slices: ArrayLike) -> NDArray[np.float64]:
    """The highest probability of each label over the slices, the answer of a series without a rule; shape (6,).

    Raises
    ------
    ValueError
        If there is no slice, or a probability is no number in 0..1.
    """
    return np.asarray(_checked(slices).max(axis=0), dtype=np.float64)


def top_means(slices: ArrayLike) -> NDArray[np.float64]:
    """Mean log odds of the highest shares of the slices, for each label by itself.

    The mean of the highest share ``s`` of ``n`` slices takes ``max(1, s * n)`` of them, the last one in part, so that
    it does not jump where a slice more is there.

    Parameters
    ----------
    slices : array, shape (n, 6)
        Probabilities.

    Returns
    -------
    ndarray of float64, shape (6, 3)
        For each of `SHARES`.
    """
    p = np.clip(_checked(slices), LEAST_PROBABILITY, 1 - LEAST_PROBABILITY)
    falling = -np.sort(-np.log(p / (1 - p)), axis=0)
    place = np.arange(len(p))
    taken = np.array([np.clip(max(1.0, share * len(p)) - place, 0.0, 1.0) for share in SHARES])
    means: NDArray[np.float64] = (taken @ falling / taken.sum(axis=1, keepdims=True)).T
    return means


def _checked(slices: ArrayLike) -> NDArray[np.float64]:
    p = np.asarray(slices, dtype=np.float64)
    if p.ndim != 2 or p.shape[1] != N_LABELS or len(p) == 0:
        raise ValueError(f"needs probabilities (n, {N_LABELS}) of at least one slice. Received: {p.shape}")
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError(f"probabilities must lie in 0..1. Received: {p[~((p >= 0) & (p <= 1))][:3]}")
    return p
