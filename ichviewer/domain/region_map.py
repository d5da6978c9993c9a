"""Where in a slice each type of blood is suspected: a coarse map, and how it lies on the slice's own pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.domain.level_lines import closed_lines

LEVELS = 255
"""Probabilities are kept in steps of 1 / 255."""


@dataclass(frozen=True)
class RegionMap:
    """Probability of each type of blood in the cells of a grid that lies on a slice.

    Parameters
    ----------
    rows, columns : int
        Cells, counted as a radiologist sees the slice: rows from anterior, columns from the patient's right.
    levels : bytes
        Probability times `LEVELS`, rounded: uint8 of shape (rows, columns, 5), types in the order of
        `ichviewer.domain.labels.TYPES`.
    first_px, step_px : tuple of float
        The middle of row r lies at ``first_px[0] + r * step_px[0]`` along the slice's stored rows, that of column c
        at ``first_px[1] + c * step_px[1]`` along its stored columns. The middle of a pixel is a whole number. Steps
        are negative where the stored slice runs the other way.
    transpose : bool
        Whether rows of the map run along the slice's stored columns, and columns along its rows.
    """

    rows: int
    columns: int
    levels: bytes = field(repr=False)
    first_px: tuple[float, float]
    step_px: tuple[float, float]
    transpose: bool = False

    def __post_init__(self) -> None:
        if min(self.rows, self.columns) < 1 or len(self.levels) != self.rows * self.columns * len(TYPES):
            raise ValueError(
                f"a map needs {len(TYPES)} levels in each of its cells. "
                f"Received: {len(self.levels)} for {self.rows} x {self.columns}"
            )
        if not all(map(math.isfinite, (*self.first_px, *self.step_px))) or 0 in self.step_px:
            raise ValueError(
                f"the grid needs a place and steps other than 0. Received: {self.first_px}, {self.step_px}"
            )

    @classmethod
    def of(
        cls,
        probabilities: NDArray[np.floating[Any]],
        first_px: tuple[float, float],
        step_px: tuple[float, float],
        *,
        transpose: bool = False,
    ) -> RegionMap:
        """A map from probabilities of shape (rows, columns, 5)."""
        levels = np.rint(np.asarray(probabilities) * LEVELS).astype(np.uint8)
        return cls(levels.shape[0], levels.shape[1], levels.tobytes(), first_px, step_px, transpose)

    def probabilities(self, kind: Hemorrhage) -> NDArray[np.float64]:
        """Probability of a type in every cell, shape (rows, columns)."""
        levels = np.frombuffer(self.levels, np.uint8).reshape(self.rows, self.columns, len(TYPES))
        return levels[..., TYPES.index(kind)] / LEVELS

    def place_px(self, row: float, column: float) -> tuple[float, float]:
        """Stored row and column of the slice where the middle of a cell lies; between cells for fractions."""
        along = (self.first_px[0] + row * self.step_px[0], self.first_px[1] + column * self.step_px[1])
        return (along[1], along[0]) if self.transpose else along

    def on_slice(self, kind: Hemorrhage, shape: tuple[int, int]) -> NDArray[np.float64]:
        """Probability of a type at every pixel of the slice.

        Parameters
        ----------
        kind : Hemorrhage
            One of the five types.
        shape : tuple of int
            Stored rows and columns of the slice.

        Returns
        -------
        ndarray of float64, shape (rows, columns)
            Linear between the middles of cells; falls to 0 one cell beyond the outermost.
        """
        lengths = shape[::-1] if self.transpose else shape
        down, across = (
            # Weights of a linear interpolation: 1 in the middle of a cell, 0 in that of its neighbors.
            np.clip(1 - np.abs((np.arange(n) - first)[:, None] / step - np.arange(cells)), 0, None)
            for n, first, step, cells in zip(
                lengths, self.first_px, self.step_px, (self.rows, self.columns), strict=True
            )
        )
        turned: NDArray[np.float64] = down @ self.probabilities(kind) @ across.T
        return turned.T if self.transpose else turned

    def mask(self, kind: Hemorrhage, threshold: float, shape: tuple[int, int]) -> NDArray[np.bool_]:
        """Where on the slice a type is at least as likely as a threshold (above 0), shape (rows, columns)."""
        return self.on_slice(kind, shape) >= threshold

    def outlines(self, kind: Hemorrhage, threshold: float) -> list[NDArray[np.float64]]:
        """Closed lines around the places where a type is at least as likely as a threshold.

        Drawn between the middles of cells, with cells of 0 all around the map (`ichviewer.domain.level_lines`).

        Parameters
        ----------
        kind : Hemorrhage
            One of the five types.
        threshold : float
            Above 0, at most 1.

        Returns
        -------
        list of ndarray of float64, shape (n, 2)
            Stored row and column of each corner, in order; the last one joins the first.
        """
        if not 0 < threshold <= 1:
            raise ValueError(f"a threshold must lie above 0 and not above 1. Received: {threshold}")
        lines = closed_lines(np.pad(self.probabilities(kind), 1), threshold)
        return [np.array([self.place_px(r - 1, c - 1) for r, c in line]) for line in lines]
