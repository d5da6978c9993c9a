"""The region maps beside the drawn blood, as counts of cells by logit: see `measure`."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.labels import N_LABELS
from ichviewer.errors import LearningError
from ichviewer.learning.evaluation.predictions import (
    FINAL,
    FINAL_FOLD,
    OUT_OF_FOLD,
    SYNTHETIC,
    Predictions,
    dealt_out,
    read_config,
    read_predictions,
)
from ichviewer.learning.measure import BINS


@dataclass(frozen=True, eq=False)
class RegionCells:
    """Cells of the maps of some slices of which it is known where their blood is.

    Parameters
    ----------
    slices : Predictions
        The slices.
    cells : ndarray of float16, shape (n, 6, 4, BINS)
        By label, by what is counted (`measure.ALL` and on), by bin of the logit.
    cell_ml : ndarray of float64, shape (n,)
        Volume of a cell; NaN where the distance of slices is not known.
    """

    slices: Predictions
    cells: NDArray[np.float16]
    cell_ml: NDArray[np.float64]

    def __post_init__(self) -> None:
        n = len(self.slices)
        shapes = self.cells.shape, self.cell_ml.shape
        if shapes != ((n, N_LABELS, 4, BINS), (n,)):
            raise ValueError(f"{n} slices need as many maps of {BINS} bins. Received: {shapes}")

    def of(self, chosen: NDArray[np.bool_]) -> RegionCells:
        """Those of some of the slices."""
        return RegionCells(self.slices.of(chosen), self.cells[chosen], self.cell_ml[chosen])

    @classmethod
    def join(cls, parts: Sequence[RegionCells]) -> RegionCells:
        """Those of several sets."""
        return cls(
            Predictions.join([part.slices for part in parts]),
            np.concatenate([part.cells for part in parts]),
            np.concatenate([part.cell_ml for part in parts]),
        )


def read_regions(path: Path, fold: int = FINAL_FOLD) -> RegionCells | None:
    """What a file of predictions tells of the maps; None if there were none, or no slice is drawn.

    Raises
    ------
    LearningError
        If the file cannot be read, or its columns do not fit each other.
    """
    slices = read_predictions(path, fold)
    try:
        with np.load(path, allow_pickle=False) as data:
            if "region_cells" not in data.files or not data["region_drawn"].any():
                return None
            names = ("region_drawn", "region_cells", "region_cell_ml")
            return cells_of({name: data[name] for name in names}, slices)
    except (OSError, ValueError, KeyError, IndexError, zipfile.BadZipFile) as error:
        raise LearningError("the predictions do not fit each other", str(path), str(error)) from error


def cells_of(columns: Mapping[str, NDArray[Any]], predictions: Predictions) -> RegionCells:
    """What columns of a file of predictions tell of the maps.

    Raises
    ------
    ValueError, IndexError
        If they do not fit each other.
    """
    drawn = columns["region_drawn"]
    return RegionCells(
        predictions.of(drawn), columns["region_cells"], columns["region_cell_ml"][drawn].astype(np.float64)
    )


def read_all_regions(folder: Path) -> tuple[RegionCells | None, dict[str, RegionCells]]:
    """The maps of a folder of runs: of real slices out of fold, and of made ones by whose models drew them.

    Returns
    -------
    real : RegionCells or None
        Of a single fold the patients are dealt out into groups, as `predictions.read_out_of_fold` does.
    made : dict of str to RegionCells
        ``folds`` and ``final``, as far as there are any.
    """
    folds = range(read_config(folder)["folds"])
    real = _together([(folder / f"fold_{fold}" / OUT_OF_FOLD, fold) for fold in folds])
    if real is not None and len(np.unique(real.slices.fold)) == 1:
        real = RegionCells(dealt_out(real.slices), real.cells, real.cell_ml)
    made = {
        "folds": _together([(folder / f"fold_{fold}" / SYNTHETIC, fold) for fold in folds]),
        "final": _together([(folder / FINAL / SYNTHETIC, FINAL_FOLD)]),
    }
    return real, {name: cells for name, cells in made.items() if cells is not None}


def _together(paths: Sequence[tuple[Path, int]]) -> RegionCells | None:
    found = [read_regions(path, fold) for path, fold in paths if path.exists()]
    parts = [cells for cells in found if cells is not None]
    return RegionCells.join(parts) if parts else None
