"""What is fitted on the cells of out-of-fold region maps: calibration of each type, and where to outline it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.calibration import sigmoid
from ichviewer.domain.labels import N_LABELS
from ichviewer.inference.regions import RegionSettings
from ichviewer.learning.evaluation.predictions import FINAL_FOLD
from ichviewer.learning.evaluation.regions import RegionCells
from ichviewer.learning.fit import fit_shares
from ichviewer.learning.measure import ALL, BIN_LOGITS, BIN_WIDTH, BINS, HIT, KNOWN, SHARE
from ichviewer.learning.network import REGION_STRIDE

_THRESHOLDS = (0.05, 0.95)
"""The program keeps maps in 255 steps: an outline too near to either end would not hold."""


@dataclass(frozen=True)
class RegionFit:
    """Calibration and outline of the maps, by label; "any" is the highest of the five maps.

    Parameters
    ----------
    slope, intercept : tuple of 6 floats
        From a logit to the share of the cell that is blood, on average; so their sum is a volume.
    edge : tuple of 6 ints
        Lowest bin of the logit that lies inside the outline.
    """

    slope: tuple[float, ...]
    intercept: tuple[float, ...]
    edge: tuple[int, ...]

    def __post_init__(self) -> None:
        if {len(self.slope), len(self.intercept), len(self.edge)} != {N_LABELS} or min(self.slope) <= 0:
            raise ValueError(f"{N_LABELS} positive slopes, intercepts and edges are needed. Received: {self}")

    @property
    def threshold(self) -> tuple[float, ...]:
        """Calibrated share at the lower end of the lowest bin inside the outline."""
        logits = BIN_LOGITS[list(self.edge)] - BIN_WIDTH / 2
        return tuple(sigmoid(logits * self.slope + self.intercept).tolist())

    @classmethod
    def of_settings(cls, settings: RegionSettings) -> RegionFit:
        """What a shipped model says of its maps; "any", of which it says nothing, keeps its logits."""
        slope, intercept = (1.0, *settings.slope), (0.0, *settings.intercept)
        p = np.array([0.5, *settings.threshold])
        bins = (((np.log(p / (1 - p)) - intercept) / slope) - BIN_LOGITS[0]) / BIN_WIDTH + 0.5
        # To the nearest bin: as `threshold` gives it, it lies at the lower end of one.
        edge = np.clip(np.rint(bins), 0, BINS - 1).astype(int)
        return cls(slope, intercept, tuple(edge.tolist()))

    def shipped(self) -> dict[str, Any]:
        """Stride, and slope, intercept and threshold of the five types, as ``regions`` of ``model.json`` has them."""
        low, high = _THRESHOLDS
        return {
            "stride_px": REGION_STRIDE,
            "slope": list(self.slope[1:]),
            "intercept": list(self.intercept[1:]),
            "threshold": [min(max(t, low), high) for t in self.threshold[1:]],
        }

    def dice(self, cells: RegionCells) -> NDArray[np.float64]:
        """Overlap of outline and blood in each slice, shape (n, 6); NaN where no cell is blood."""
        return np.stack([dice_by_edge(cells, j)[:, edge] for j, edge in enumerate(self.edge)], axis=1)

    def found_ml(self, cells: RegionCells) -> NDArray[np.float64]:
        """Volume of blood that the maps tell of, shape (n, 6)."""
        share = sigmoid(BIN_LOGITS * np.array(self.slope)[:, None] + np.array(self.intercept)[:, None])
        ml: NDArray[np.float64] = np.einsum("njb,jb->nj", cells.cells[:, :, ALL], share)
        return ml * cells.cell_ml[:, None]


def fit_regions(cells: RegionCells) -> RegionFit:
    """Fit on some maps; a label that none of them shows keeps its logits, and is outlined from a logit of 0."""
    totals = cells.cells.sum(axis=0, dtype=np.float64)
    found: list[tuple[float, float, int]] = []
    for j in range(N_LABELS):
        if not totals[j, HIT].any():
            found.append((1.0, 0.0, BINS // 2))
            continue
        mean_dice = np.nanmean(dice_by_edge(cells, j), axis=0)
        found.append((*fit_shares(BIN_LOGITS, totals[j, KNOWN], totals[j, SHARE]), int(np.argmax(mean_dice))))
    slope, intercept, edge = zip(*found, strict=True)
    return RegionFit(slope, intercept, edge)


def cross_fit_regions(cells: RegionCells) -> dict[int, RegionFit]:
    """For each fold what was fitted on the others; under `FINAL_FOLD` what ships, fitted on all."""
    folds = np.unique(cells.slices.fold)
    others: dict[int, Any] = {int(fold): cells.slices.fold != fold for fold in folds}
    fits = {fold: fit_regions(cells.of(chosen)) for fold, chosen in others.items() if chosen.any()}
    return fits | {FINAL_FOLD: fit_regions(cells)}


def dice_by_edge(cells: RegionCells, label: int) -> NDArray[np.float64]:
    """Overlap in each slice with an outline from each bin on, shape (n, BINS); NaN where no cell is blood."""
    known, hit = (_from_edge(cells.cells[:, label, kind]) for kind in (KNOWN, HIT))
    blood = hit[:, :1]
    overlap = np.full(known.shape, np.nan)
    np.divide(2 * hit, known + blood, out=overlap, where=np.broadcast_to(blood > 0, known.shape))
    return overlap


def _from_edge(counts: NDArray[np.float16]) -> NDArray[np.float64]:
    """Cells in a bin and all above it."""
    return np.cumsum(counts[:, ::-1], axis=1, dtype=np.float64)[:, ::-1]
