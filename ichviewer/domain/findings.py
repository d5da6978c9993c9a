"""What the analysis says of a slice and of a series. "Not analysed" is a state of its own, never a negative."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.aggregation import strongest
from ichviewer.domain.labels import LABELS, N_LABELS, TYPES, Hemorrhage
from ichviewer.domain.model_result import ModelResult, check_results
from ichviewer.domain.operating_point import OperatingPoint
from ichviewer.domain.problems import Problem, ProblemCode
from ichviewer.domain.series import SeriesKey
from ichviewer.domain.series_rule import SeriesRule, highest

if TYPE_CHECKING:
    from ichviewer.domain.region_map import RegionMap


class Status(StrEnum):
    """What became of a slice."""

    ANALYSED = "analysed"
    NOT_ANALYSED = "not_analysed"
    FAILED = "failed"


@dataclass(frozen=True)
class SliceFinding:
    """The result for one slice.

    Parameters
    ----------
    status : Status
    probabilities : tuple of 6 floats or None
        Calibrated, in the order of `ichviewer.domain.labels.LABELS`; there exactly when ``status`` is ANALYSED.
    reason : Problem or None
        Why it was not analysed or failed; there exactly when it was not ANALYSED.
    problems : tuple of Problem
        What was repaired or doubted in this slice.
    pixel_hash : str
        `ichviewer.domain.decoded.pixel_hash` of the slice's pixels as they were judged; empty where none were.
    regions : RegionMap or None
        Where in the slice blood is suspected; None where the model sees it nowhere or has no maps, and where the
        slice was not analysed. A map is of this slice alone, while probabilities take its neighbors into account.
    """

    status: Status
    probabilities: tuple[float, ...] | None = None
    reason: Problem | None = None
    problems: tuple[Problem, ...] = ()
    pixel_hash: str = ""
    regions: RegionMap | None = None

    def __post_init__(self) -> None:
        analysed = self.status is Status.ANALYSED
        if analysed != (self.probabilities is not None) or analysed != (self.reason is None):
            raise ValueError(
                "a finding has probabilities exactly when analysed, and a reason exactly when not. "
                f"Received: {self.status}, {self.probabilities}, {self.reason}"
            )
        if self.regions is not None and not analysed:
            raise ValueError(f"only an analysed slice has regions. Received: {self.status}")
        if self.probabilities is not None and (
            len(self.probabilities) != N_LABELS or not all(0 <= p <= 1 for p in self.probabilities)
        ):
            raise ValueError(f"needs {N_LABELS} probabilities in [0, 1]. Received: {self.probabilities}")
        any_hemorrhage = self.probability(Hemorrhage.ANY)
        if self.probabilities is not None and any_hemorrhage != max(self.probabilities):
            raise ValueError(
                f"no type can be more likely than any hemorrhage at all. Received: {self.probabilities}"
            )

    def probability(self, label: Hemorrhage) -> float | None:
        """Calibrated probability of one label, None if not analysed."""
        return None if self.probabilities is None else self.probabilities[LABELS.index(label)]

    def flagged(self, point: OperatingPoint) -> tuple[Hemorrhage, ...]:
        """Labels at or over their threshold; empty if not analysed."""
        return () if self.probabilities is None else point.flagged(self.probabilities)

    def named(self, point: OperatingPoint) -> tuple[Hemorrhage, ...]:
        """The flagged labels to name: "any" says nothing new where a type is flagged."""
        flagged = self.flagged(point)
        return tuple(label for label in flagged if label in TYPES) or flagged


class SeriesState(StrEnum):
    """How far the analysis of a series is."""

    WAITING = "waiting"
    RUNNING = "analyzing"
    DONE = "analyzed"
    PARTLY = "partly analyzed"
    REFUSED = "not analyzed"
    FAILED = "failed"
    CANCELLED = "cancelled"


NOT_REACHED = frozenset({ProblemCode.CANCELLED, ProblemCode.ENGINE_FAILED, ProblemCode.NOT_YET_ANALYSED})
"""Reasons that say nothing of the slice: the analysis stopped before it."""


@dataclass(frozen=True)
class SeriesFindings:
    """The results for all slices of a series, in slice order.

    Parameters
    ----------
    key : SeriesKey
    slices : tuple of SliceFinding
        One for every slice of the series.
    series : str
        `ichviewer.domain.identity.series_identity` of the series they were computed from; empty where none were.
    further : tuple of ModelResult
        What further models say of the series, each under its own name; nothing of it is in ``slices``.

    Raises
    ------
    ValueError
        If a further result is about another series, or two are of one model.
    """

    key: SeriesKey
    slices: tuple[SliceFinding, ...]
    series: str = ""
    further: tuple[ModelResult, ...] = ()

    def __post_init__(self) -> None:
        check_results(self.key, self.series, self.further)

    def probabilities(self) -> NDArray[np.float64]:
        """Calibrated probabilities, shape (n, 6), float64; NaN rows where a slice was not analysed."""
        missing = (float("nan"),) * N_LABELS
        rows = [missing if s.probabilities is None else s.probabilities for s in self.slices]
        return np.array(rows, dtype=np.float64).reshape(len(rows), N_LABELS)

    @property
    def analysed(self) -> int:
        """How many slices were analysed."""
        return sum(s.status is Status.ANALYSED for s in self.slices)

    def whole(self, rule: SeriesRule | None) -> tuple[float, ...] | None:
        """Probabilities of the series as a whole; None if no slice was analysed, or the analysis is not through.

        Parameters
        ----------
        rule : SeriesRule or None
            The model's; None for the highest probability over the slices.

        Returns
        -------
        tuple of 6 floats or None
            From the analysed slices only: blood may lie in those that were not.
        """
        if any(s.reason is not None and s.reason.code in NOT_REACHED for s in self.slices):
            return None
        p = self.probabilities()
        p = p[np.isfinite(p).all(axis=1)]
        if len(p) == 0:
            return None
        return tuple((highest(p) if rule is None else rule.probabilities(p)).tolist())

    def strongest(self, label: Hemorrhage) -> tuple[float, int] | None:
        """Highest probability of a label and the index of the slice that shows it; None if none analysed."""
        best, where = strongest(self.probabilities())
        column = LABELS.index(label)
        return None if where[column] < 0 else (float(best[column]), int(where[column]))

    def flagged_slices(self, point: OperatingPoint) -> tuple[int, ...]:
        """Indices of slices with at least one flag, in order."""
        return tuple(i for i, s in enumerate(self.slices) if s.flagged(point))

    def state(self) -> SeriesState:
        """The state of the finished or cancelled analysis in one word."""
        if any(s.reason is not None and s.reason.code is ProblemCode.CANCELLED for s in self.slices):
            return SeriesState.CANCELLED
        if not self.slices or self.analysed == 0:
            failed = any(s.status is Status.FAILED for s in self.slices)
            return SeriesState.FAILED if failed else SeriesState.REFUSED
        failed = any(s.status is Status.FAILED for s in self.slices)
        return SeriesState.PARTLY if failed else SeriesState.DONE
