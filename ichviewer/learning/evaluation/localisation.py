"""Whether the maps show where the blood is: the pointing game, overlap and volume, beside the drawn blood.

The pointing game is that of Zhang et al., "Top-Down Neural Attention by Excitation Backprop", ECCV 2016: a hit is a
map that peaks inside the mask or within 5 mm of it. A map is judged where its type is in the slice and drawn in a
mask, flagged or not. Volumes agree as Bland and Altman put it ("Statistical methods for assessing agreement between
two methods of clinical measurement", Lancet 327, 1986): mean difference, and limits 1.96 standard deviations off it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from ichviewer.domain.labels import LABELS
from ichviewer.learning.evaluation.bootstrap import Bootstrap
from ichviewer.learning.evaluation.predictions import FINAL_FOLD, NOT_APPLICABLE
from ichviewer.learning.evaluation.regions import RegionCells
from ichviewer.learning.region_fit import RegionFit, cross_fit_regions

Row = dict[str, Any]

_LEAST_SERIES = 3
"""Agreement of fewer volumes than this says nothing."""


def region_figures(
    real: RegionCells | None, made: Mapping[str, RegionCells], *, resamples: int, seed: int
) -> Row | None:
    """What the maps of a folder of runs reach, and what is fitted on them; None if there are none.

    Calibration and outline are fitted on real slices, each fold's on the others. Where nobody has drawn real blood
    they are fitted on the made volumes, and ``fitted_on`` says so.

    Parameters
    ----------
    real : RegionCells or None
        Out of fold.
    made : mapping of str to RegionCells
        ``folds`` and ``final``.
    resamples, seed : int
        Of the bootstrap over patients.
    """
    basis = real or made.get("folds") or made.get("final")
    if basis is None:
        return None
    fits = cross_fit_regions(basis)
    sets = {} if real is None else _by_source(real, "out of fold")
    for model, cells in made.items():
        sets |= _by_source(cells, "final model" if model == "final" else "models of the folds")
    return {
        "fitted_on": np.unique(basis.slices.source).tolist(),
        "fit": fits[FINAL_FOLD].shipped(),
        "sets": {
            name: localisation(cells, fits, Bootstrap.over(cells.slices.patient, resamples, seed))
            for name, cells in sets.items()
        },
    }


def localisation(cells: RegionCells, fits: Mapping[int, RegionFit], boot: Bootstrap) -> dict[str, Row]:
    """Pointing accuracy, Dice and agreement of volumes of each label; labels that are nowhere drawn are left out.

    Parameters
    ----------
    cells : RegionCells
    fits : mapping of int to RegionFit
        By fold; what is under `FINAL_FOLD` serves where there is none for a fold.
    boot : Bootstrap
        Over the slices.
    """
    slices = cells.slices
    dice, found_ml = np.empty(slices.logits.shape), np.empty(slices.logits.shape)
    for fold in np.unique(slices.fold):
        here = slices.fold == fold
        fitted = fits.get(int(fold), fits[FINAL_FOLD])
        dice[here], found_ml[here] = fitted.dice(cells.of(here)), fitted.found_ml(cells.of(here))
    # A series counts once for each model that drew its maps.
    names = slices.series_by_fold
    rows: dict[str, Row] = {}
    for j, label in enumerate(LABELS):
        judged = slices.pointing[:, j] != NOT_APPLICABLE
        if not judged.any():
            continue
        drawn = judged & np.isfinite(dice[:, j])
        row: Row = {"slices": int(judged.sum()), "slices_dice": int(drawn.sum())}
        boot.ratio(slices.pointing[:, j] == 1, judged).put(row, "pointing")
        boot.ratio(np.where(drawn, dice[:, j], 0.0), drawn).put(row, "dice")
        row["dice_median"] = float(np.median(dice[drawn, j])) if drawn.any() else None
        rows[label.value] = row | volume_agreement(names, slices.blood_ml[:, j], found_ml[:, j])
    return rows


def volume_agreement(
    series: NDArray[np.str_], true_ml: NDArray[np.float64], found_ml: NDArray[np.float64]
) -> Row:
    """How volumes of whole series with blood agree with the drawn ones.

    Parameters
    ----------
    series : ndarray of str, shape (n,)
        Series of each slice.
    true_ml, found_ml : ndarray of float, shape (n,)
        Blood in each slice; a series with a slice of unknown volume is left out.

    Returns
    -------
    dict
        ``series``; and of three or more series ``true_ml`` (mean), ``bias_ml``, ``limits_ml`` and ``spearman``, None
        where all volumes are alike.
    """
    _, of = np.unique(series, return_inverse=True)
    true, found = np.bincount(of, true_ml), np.bincount(of, found_ml)
    here = np.isfinite(true) & np.isfinite(found) & (true > 0)
    row: Row = {"series": int(here.sum())}
    if row["series"] < _LEAST_SERIES:
        return row
    true, found = true[here], found[here]
    difference = found - true
    bias, spread = float(difference.mean()), 1.96 * float(difference.std(ddof=1))
    alike = np.ptp(true) == 0 or np.ptp(found) == 0
    return row | {
        "true_ml": float(true.mean()),
        "bias_ml": bias,
        "limits_ml": [bias - spread, bias + spread],
        "spearman": None if alike else float(np.corrcoef(rankdata(true), rankdata(found))[0, 1]),
    }


def _by_source(cells: RegionCells, whose: str) -> dict[str, RegionCells]:
    sources = cells.slices.source
    return {f"{source}, {whose}": cells.of(sources == source) for source in np.unique(sources)}
