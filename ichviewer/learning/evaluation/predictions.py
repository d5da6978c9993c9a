"""What a model said about some slices, and what is true of them: the files that training leaves behind.

A file of predictions is an ``.npz`` with one row a slice. ``patient``, ``index``, ``logits`` and ``labels`` must be
there; ``name``, ``source``, ``position_mm``, ``slice_mm``, ``has_brain``, ``traits``, ``twin``, ``age_years``,
``blood_ml``, ``blood_hu``, ``place`` and ``pointing`` may be. What `regions` reads of the maps is in the same file.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.aggregation import NOMINAL_SPACING_MM
from ichviewer.domain.labels import N_LABELS, TYPES
from ichviewer.errors import LearningError
from ichviewer.learning.data.volumes import UNKNOWN

FINAL_FOLD = -1
"""Fold of what the model trained on everybody said."""

OUT_OF_FOLD = "out_of_fold.npz"
SYNTHETIC = "synthetic.npz"
FINAL = "final"
NOT_APPLICABLE = -1
"""Pointing: there is no mask of this type in the slice."""

_GROUPS = 5
_NEEDED = ("patient", "index", "logits", "labels")


@dataclass(frozen=True, eq=False)
class Predictions:
    """Logits and truth of some slices.

    Parameters
    ----------
    series, patient, source : ndarray of str, shape (n,)
        Name of the volume, whose head it is, and where it comes from.
    fold : ndarray of int, shape (n,)
        The fold whose model spoke, `FINAL_FOLD` for the one trained on everybody.
    index : ndarray of int, shape (n,)
        Number of the slice in its volume, from the feet up.
    position_mm, slice_mm : ndarray of float64, shape (n,)
        Position along the normal, and thickness (NaN where it is not known).
    logits : ndarray of float64, shape (n, 6)
        Of each slice by itself.
    labels : ndarray of uint8, shape (n, 6)
        0, 1 or `UNKNOWN`.
    has_brain : ndarray of bool, shape (n,)
    blood_ml, blood_hu : ndarray of float64, shape (n, 6)
        Volume and mean of the blood of each label in the slice; NaN where no mask tells.
    place : ndarray of str, shape (n, 5)
        Where the blood of each type lies, one of `place.PLACES`; empty where there is none or no mask tells.
    age_years : ndarray of float64, shape (n,)
        Of the patient; NaN where it is not known.
    traits : ndarray of str, shape (n,)
        What was put in that is no blood, joined by commas.
    twin : ndarray of str, shape (n,)
        Name of the same head without blood; empty if there is none.
    pointing : ndarray of int, shape (n, 6)
        1 if the map of the label peaks in its mask, 0 if not, `NOT_APPLICABLE` without a mask.
    """

    series: NDArray[np.str_]
    patient: NDArray[np.str_]
    source: NDArray[np.str_]
    fold: NDArray[np.int64]
    index: NDArray[np.int64]
    position_mm: NDArray[np.float64]
    slice_mm: NDArray[np.float64]
    logits: NDArray[np.float64]
    labels: NDArray[np.uint8]
    has_brain: NDArray[np.bool_]
    blood_ml: NDArray[np.float64]
    blood_hu: NDArray[np.float64]
    place: NDArray[np.str_]
    age_years: NDArray[np.float64]
    traits: NDArray[np.str_]
    twin: NDArray[np.str_]
    pointing: NDArray[np.int64]

    def __post_init__(self) -> None:
        n = len(self.series)
        if n == 0:
            raise ValueError("predictions of no slice are none")
        wide = dict.fromkeys(("logits", "labels", "blood_ml", "blood_hu", "pointing"), N_LABELS)
        wide["place"] = len(TYPES)
        for field in fields(self):
            column = getattr(self, field.name)
            expected = (n, wide[field.name]) if field.name in wide else (n,)
            if column.shape != expected:
                raise ValueError(f"{field.name} must be of shape {expected}. Received: {column.shape}")
        if not np.isin(self.labels, (0, 1, UNKNOWN)).all():
            raise ValueError(f"labels are 0, 1 or {UNKNOWN}. Received: {np.unique(self.labels)}")
        if not (np.isfinite(self.logits).all() and np.isfinite(self.position_mm).all()):
            raise ValueError("logits and positions must be finite")

    def __len__(self) -> int:
        return len(self.series)

    @property
    def series_by_fold(self) -> NDArray[np.str_]:
        """Series of each slice, told apart by fold: the models of several folds may have spoken about one series."""
        return np.char.add(np.char.add(self.fold.astype(np.str_), ":"), self.series)

    def of(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> Predictions:
        """Some of the slices."""
        return Predictions(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})

    @classmethod
    def join(cls, parts: Sequence[Predictions]) -> Predictions:
        """All slices of several."""
        names = [field.name for field in fields(cls)]
        return cls(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def read_predictions(path: Path, fold: int = FINAL_FOLD) -> Predictions:
    """Read a file of predictions.

    Parameters
    ----------
    path : Path
    fold : int
        Whose model made it.

    Raises
    ------
    LearningError
        If it is missing, no file of predictions, or its columns do not fit each other.
    """
    try:
        with np.load(path, allow_pickle=False) as data:
            columns = {name: data[name] for name in data.files if not name.startswith("region_")}
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise LearningError("the predictions could not be read", str(path), str(error)) from error
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        raise LearningError(
            f"predictions need {', '.join(_NEEDED)}", str(path), f"no {', '.join(missing)} in it"
        )
    try:
        return from_columns(columns, fold)
    except (ValueError, TypeError) as error:
        raise LearningError("the predictions do not fit each other", str(path), str(error)) from error


def read_out_of_fold(folder: Path, *, partial: bool = False) -> Predictions:
    """What the folds of a run said of the patients they left out.

    Parameters
    ----------
    folder : Path
        The runs.
    partial : bool
        Be content with the folds that have been trained. Of a single one the patients are dealt out into groups,
        which stand in for folds where something is fitted on the others.

    Raises
    ------
    LearningError
        If a fold is not there, or a slice is in two folds.
    """
    paths = {fold: folder / f"fold_{fold}" / OUT_OF_FOLD for fold in range(_folds(folder))}
    there = {fold: path for fold, path in paths.items() if path.exists()}
    missing = [path for path in paths.values() if not path.exists()]
    if missing and not (partial and there):
        raise LearningError("this fold has not been trained yet", str(missing[0]))
    together = Predictions.join([read_predictions(path, fold) for fold, path in there.items()])
    if len(there) == 1:
        together = dealt_out(together)
    if len(set(zip(together.series.tolist(), together.index.tolist(), strict=True))) != len(together):
        raise LearningError("a slice is in two folds", str(folder))
    return together


def read_synthetic(folder: Path) -> dict[str, Predictions]:
    """Predictions of synthetic volumes by the models of the folds and by the final one, where there are any.

    Returns
    -------
    dict of str to Predictions
        ``folds`` and ``final``; what is not there is left out.
    """
    found: dict[str, Predictions] = {}
    paths = [(fold, folder / f"fold_{fold}" / SYNTHETIC) for fold in range(_folds(folder))]
    parts = [read_predictions(path, fold) for fold, path in paths if path.exists()]
    if parts:
        found["folds"] = Predictions.join(parts)
    final = folder / FINAL / SYNTHETIC
    if final.exists():
        found["final"] = read_predictions(final)
    return found


def read_config(folder: Path) -> dict[str, Any]:
    """The configuration saved with a run, as JSON.

    Raises
    ------
    LearningError
        If the folder holds no runs.
    """
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        if not isinstance(config, dict):
            raise ValueError("config.json is no JSON object")
    except (OSError, ValueError) as error:
        raise LearningError("this is no folder of training runs", str(folder), str(error)) from error
    return config


def _folds(folder: Path) -> int:
    folds = read_config(folder).get("folds")
    if not isinstance(folds, int) or folds < 2:
        raise LearningError(
            "the number of folds must be 2 or more", str(folder / "config.json"), f"folds = {folds!r}"
        )
    return folds


def dealt_out(predictions: Predictions) -> Predictions:
    """The same with patients in groups instead of folds, those with hemorrhage spread evenly."""
    patients, of = np.unique(predictions.patient, return_inverse=True)
    bleeds = np.bincount(of, predictions.labels[:, 0] == 1) > 0
    group = np.empty(len(patients), np.int64)
    group[np.argsort(~bleeds, kind="stable")] = np.arange(len(patients)) % _GROUPS
    columns: dict[str, Any] = dict(predictions.__dict__)
    return Predictions(**(columns | {"fold": group[of]}))


def from_columns(columns: dict[str, NDArray[Any]], fold: int = FINAL_FOLD) -> Predictions:
    """Predictions from the columns of a file of them; what may lack is filled in.

    Raises
    ------
    ValueError, TypeError
        If they do not fit each other.
    """
    n = len(columns["index"])

    def text(name: str, default: NDArray[np.str_]) -> NDArray[np.str_]:
        return columns[name].astype(np.str_) if name in columns else default

    def numbers(name: str, default: NDArray[np.float64]) -> NDArray[np.float64]:
        return columns[name].astype(np.float64) if name in columns else default

    index = columns["index"].astype(np.int64)
    patient = columns["patient"].astype(np.str_)
    nothing, unknown = np.full(n, ""), np.full((n, N_LABELS), np.nan)
    pointing = columns.get("pointing")
    return Predictions(
        series=text("name", patient),
        patient=patient,
        source=text("source", np.full(n, "unnamed")),
        fold=np.full(n, fold, np.int64),
        index=index,
        position_mm=numbers("position_mm", index.astype(np.float64) * NOMINAL_SPACING_MM),
        slice_mm=numbers("slice_mm", np.full(n, np.nan)),
        logits=columns["logits"].astype(np.float64),
        labels=columns["labels"].astype(np.uint8),
        has_brain=columns["has_brain"].astype(np.bool_) if "has_brain" in columns else np.ones(n, np.bool_),
        blood_ml=numbers("blood_ml", unknown),
        blood_hu=numbers("blood_hu", unknown),
        place=text("place", np.full((n, len(TYPES)), "")),
        age_years=numbers("age_years", np.full(n, np.nan)),
        traits=text("traits", nothing),
        twin=text("twin", nothing),
        pointing=np.full(unknown.shape, NOT_APPLICABLE) if pointing is None else pointing.astype(np.int64),
    )
