"""Thresholds: where a probability becomes a flag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ichviewer.domain.labels import ANY_INDEX, LABELS, N_LABELS, Hemorrhage


@dataclass(frozen=True)
class OperatingPoint:
    """A named set of thresholds on calibrated probabilities, one a label.

    Parameters
    ----------
    name : str
        E.g. ``balanced`` or ``high_sensitivity``.
    thresholds : tuple of 6 floats
        In the order of `ichviewer.domain.labels.LABELS`, each in (0, 1].
    """

    name: str
    thresholds: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.thresholds) != N_LABELS or not all(0 < t <= 1 for t in self.thresholds):
            raise ValueError(f"needs {N_LABELS} thresholds in (0, 1]. Received: {self.thresholds}")

    def threshold(self, label: Hemorrhage) -> float:
        """Threshold of one label."""
        return self.thresholds[LABELS.index(label)]

    def flagged(self, probabilities: Sequence[float]) -> tuple[Hemorrhage, ...]:
        """Labels whose probability is at or over its threshold, in the order of LABELS.

        See `flags`.
        """
        over = flags(probabilities, self.thresholds).tolist()
        return tuple(label for label, is_over in zip(LABELS, over, strict=True) if is_over)


def flags(probabilities: ArrayLike, thresholds: Sequence[float]) -> NDArray[np.bool_]:
    """Which labels of slices are flagged: those at or over their threshold, of the types only where "any" is.

    Thresholds differ, but a slice cannot show a type and no hemorrhage; and whether there is blood at all is what a
    model tells best.

    Parameters
    ----------
    probabilities : array, shape (..., 6)
        Calibrated; NaN is never flagged.
    thresholds : sequence of 6 floats

    Returns
    -------
    ndarray of bool, shape (..., 6)
    """
    over = np.asarray(probabilities, np.float64) >= np.asarray(thresholds, np.float64)
    return over & over[..., ANY_INDEX, None]
