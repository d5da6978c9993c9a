"""Thresholds: where a probability becomes a flag."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ichviewer.domain.labels import LABELS, N_LABELS, Hemorrhage


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

        Where a type is flagged, "any" is too: thresholds differ, but a slice cannot show a type and no hemorrhage.
        """
        over = {label for label, p, t in zip(LABELS, probabilities, self.thresholds, strict=True) if p >= t}
        return tuple(label for label in LABELS if label in over or (label is Hemorrhage.ANY and over))
