"""From a network's logits to probabilities that mean what they say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ichviewer.domain.labels import ANY_INDEX, N_LABELS


def sigmoid(logits: ArrayLike) -> NDArray[np.float64]:
    """Logistic function, same shape, float64, without overflow."""
    x = np.asarray(logits, dtype=np.float64)
    e = np.exp(-np.abs(x))
    return np.where(x >= 0, 1.0 / (1.0 + e), e / (1.0 + e))


def coherent(probabilities: ArrayLike) -> NDArray[np.float64]:
    """Probabilities in which no type is more likely than any hemorrhage at all.

    A slice that shows one type shows hemorrhage, so P(any) is at least each P(type). Labels are calibrated one by one
    and can break this. A type is then lowered to "any": of all that the model was taught, whether there is blood at
    all is what it has seen most of and tells best, and it knows each type from far fewer patients.

    Parameters
    ----------
    probabilities : array, shape (..., 6)
        In the order of `ichviewer.domain.labels.LABELS`; NaN rows stay NaN.

    Returns
    -------
    ndarray of float64, shape (..., 6)
        A copy.
    """
    p = np.asarray(probabilities, dtype=np.float64)
    return np.minimum(p, p[..., ANY_INDEX, None])


@dataclass(frozen=True)
class PlattCalibration:
    """A slope and an intercept a label (Platt, "Probabilistic outputs for support vector machines", 1999).

    Parameters
    ----------
    slope, intercept : tuple of 6 floats
        In the order of `ichviewer.domain.labels.LABELS`; slopes are positive, so the order of slices is kept.
    """

    slope: tuple[float, ...]
    intercept: tuple[float, ...]

    def __post_init__(self) -> None:
        values = (*self.slope, *self.intercept)
        if len(self.slope) != N_LABELS or len(self.intercept) != N_LABELS or not np.all(np.isfinite(values)):
            raise ValueError(
                f"a calibration needs {N_LABELS} finite slopes and intercepts. Received: {values}"
            )
        if min(self.slope) <= 0:
            raise ValueError(f"calibration slopes must be positive. Received: {self.slope}")

    @classmethod
    def identity(cls) -> PlattCalibration:
        """The calibration that changes nothing."""
        return cls((1.0,) * N_LABELS, (0.0,) * N_LABELS)

    def probabilities(self, logits: ArrayLike) -> NDArray[np.float64]:
        """Calibrated and coherent probabilities of logits, shape (..., 6), float64."""
        return coherent(sigmoid(np.asarray(logits, dtype=np.float64) * self.slope + self.intercept))
