"""Where the slices stand in the slice strip, and what one column of it says. Nothing here draws."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.findings import SliceFinding, Status
from ichviewer.domain.labels import N_LABELS
from ichviewer.domain.operating_point import OperatingPoint

WIDEST_CELL_PX = 44.0
"""With few slices the columns do not grow beyond this."""


class CellState(IntEnum):
    """What is known of a column; where several slices share one, the highest counts."""

    PENDING = 0
    NOT_ANALYSED = 1
    FAILED = 2
    ANALYSED = 3


_STATES = {
    Status.ANALYSED: CellState.ANALYSED,
    Status.NOT_ANALYSED: CellState.NOT_ANALYSED,
    Status.FAILED: CellState.FAILED,
}


@dataclass(frozen=True)
class StripLayout:
    """The horizontal layout of the strip.

    Parameters
    ----------
    count : int
        Slices.
    left_px, width_px : float
        Where the columns may stand.
    """

    count: int
    left_px: float
    width_px: float

    def __post_init__(self) -> None:
        if self.count < 1 or not self.width_px > 0:
            raise ValueError(
                f"a strip needs at least one slice and some width. Received: {self.count}, {self.width_px}"
            )

    @property
    def cell_px(self) -> float:
        """Width of one slice; less than 1 where there are more slices than px."""
        return min(self.width_px / self.count, WIDEST_CELL_PX)

    @property
    def right_px(self) -> float:
        """Where the last slice ends."""
        return self.left_px + self.cell_px * self.count

    def span(self, index: int) -> tuple[float, float]:
        """Left and right end of a slice in px."""
        return self.left_px + index * self.cell_px, self.left_px + (index + 1) * self.cell_px

    def index_at(self, x_px: float) -> int:
        """The slice at a position; the first or the last one beside the strip."""
        index = math.floor((x_px - self.left_px) / self.cell_px)
        return min(max(index, 0), self.count - 1)

    def covers(self, x_px: float) -> bool:
        """Whether a position lies on the columns."""
        return self.left_px <= x_px < self.right_px

    def columns(self, ratio: float = 1.0) -> int:
        """How many columns can be told apart: one a slice, or one a device pixel if there are more slices."""
        return max(1, min(self.count, math.floor(self.cell_px * self.count * ratio + 1e-6)))

    def edges(self, columns: int) -> NDArray[np.intp]:
        """First slice of every column, and the number of slices at the end; shape (columns + 1,)."""
        return (np.arange(columns + 1, dtype=np.int64) * self.count // columns).astype(np.intp)

    def group_at(self, x_px: float, ratio: float = 1.0) -> range:
        """The slices that share the column at a position: one, unless columns are narrower than a pixel."""
        index, columns = self.index_at(x_px), self.columns(ratio)
        edges = self.edges(columns)
        column = int(np.searchsorted(edges, index, side="right")) - 1
        return range(int(edges[column]), int(edges[column + 1]))


@dataclass(frozen=True, eq=False)
class StripColumns:
    """What the columns of the strip say.

    Parameters
    ----------
    states : ndarray of uint8, shape (columns,)
        `CellState` values.
    failed : ndarray of bool, shape (columns,)
        Whether any slice of the column failed, even where others were analysed.
    probabilities : ndarray of float64, shape (columns, 6)
        The highest of the column; NaN where nothing was analysed.
    flagged : ndarray of bool, shape (columns, 6)
        Whether any slice of the column is at or over its threshold.
    """

    states: NDArray[np.uint8]
    failed: NDArray[np.bool_]
    probabilities: NDArray[np.float64]
    flagged: NDArray[np.bool_]


def strip_columns(
    findings: Mapping[int, SliceFinding], point: OperatingPoint, edges: NDArray[np.intp]
) -> StripColumns:
    """Gather findings into columns.

    Parameters
    ----------
    findings : mapping of slice index to SliceFinding
        Slices that are missing are pending.
    point : OperatingPoint
    edges : ndarray of int, shape (columns + 1,)
        As `StripLayout.edges` gives them: strictly growing.
    """
    count = int(edges[-1])
    states = np.full(count, CellState.PENDING, dtype=np.uint8)
    p = np.full((count, N_LABELS), -1.0)
    for index, finding in findings.items():
        states[index] = _STATES[finding.status]
        if finding.probabilities is not None:
            p[index] = finding.probabilities
    starts = edges[:-1]
    best = np.maximum.reduceat(p, starts, axis=0)
    return StripColumns(
        states=np.maximum.reduceat(states, starts),
        failed=np.logical_or.reduceat(states == CellState.FAILED, starts),
        probabilities=np.where(best < 0, np.nan, best),
        flagged=best >= np.asarray(point.thresholds),
    )


def tick_step(count: int, cell_px: float, label_px: float) -> int:
    """Every how many slices a number is written, so that numbers of ``label_px`` do not touch: 1, 2, 5, 10, ..."""
    least = max(1.0, label_px / cell_px)
    power = 1
    while True:
        for nice in (1, 2, 5):
            if nice * power >= least or nice * power >= count:
                return nice * power
        power *= 10
