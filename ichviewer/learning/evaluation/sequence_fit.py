"""The sequence head, trained on what the folds said: for the figures fold by fold, for the product on all of it.

A fold's head learns from the out-of-fold logits of the other folds, so that no head has seen the patients it is
judged on; it speaks about the fold's synthetic volumes too. The head that ships learns from all of them.

As with any stacking, calibration then is fitted on what the heads of the other folds said, and those had seen the
fold: its labels touch its calibration through weights of other heads. The single-slice figures are free of that.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ichviewer.errors import LearningError
from ichviewer.learning.evaluation.predictions import (
    FINAL,
    OUT_OF_FOLD,
    SYNTHETIC,
    Predictions,
    read_out_of_fold,
    read_predictions,
)

if TYPE_CHECKING:
    from ichviewer.inference.sequence_head import SequenceHead
    from ichviewer.learning.sequence import SeriesLogits

HEAD_FILE = "sequence.npz"
COLUMN = "sequence_logits"

Train = Callable[["list[SeriesLogits]", int], "SequenceHead"]


def fit_sequence(folder: Path, *, seed: int = 1, train: Train | None = None) -> list[Path]:
    """Train the heads of a folder of runs, and write what they say beside what the network said.

    Parameters
    ----------
    folder : Path
        Runs of all folds. Each file of predictions gets the column ``sequence_logits``; the head that ships becomes
        ``final/sequence.npz``.
    seed : int
        Of the training; each fold has its own.
    train : callable, optional
        How a head is trained: from series and a seed.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    LearningError
        If a fold is missing, or too few series are there to learn from.
    """
    if train is None:
        from ichviewer.learning.sequence import train_sequence  # noqa: PLC0415

        train = train_sequence
    told = read_out_of_fold(folder)
    written = []
    for fold in np.unique(told.fold).tolist():
        head = train(series_of(told.of(told.fold != fold)), seed + fold)
        for name in (OUT_OF_FOLD, SYNTHETIC):
            path = folder / f"fold_{fold}" / name
            if path.exists():
                _add_column(path, head)
                written.append(path)
    final = train(series_of(told), seed + len(np.unique(told.fold)))
    path = folder / FINAL / HEAD_FILE
    path.parent.mkdir(exist_ok=True)
    final.save(path)
    written.append(path)
    if (folder / FINAL / SYNTHETIC).exists():
        _add_column(folder / FINAL / SYNTHETIC, final)
        written.append(folder / FINAL / SYNTHETIC)
    return written


def series_of(predictions: Predictions) -> list[SeriesLogits]:
    """The slices of each series together."""
    from ichviewer.learning.sequence import SeriesLogits  # noqa: PLC0415

    return [
        SeriesLogits(predictions.logits[at], predictions.position_mm[at], predictions.labels[at])
        for at in _by_series(predictions)
    ]


def _by_series(predictions: Predictions) -> list[NDArray[np.intp]]:
    _, of = np.unique(predictions.series, return_inverse=True)
    order = np.argsort(of, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(of[order])) + 1)


def _add_column(path: Path, head: SequenceHead) -> None:
    predictions = read_predictions(path)
    logits = np.empty(predictions.logits.shape, np.float32)
    for at in _by_series(predictions):
        logits[at] = head.apply(predictions.logits[at], predictions.position_mm[at])
    try:
        with np.load(path, allow_pickle=False) as data:
            columns = {name: data[name] for name in data.files} | {COLUMN: logits}
        part = path.with_name(path.name + ".part")
        with part.open("wb") as file:
            np.savez_compressed(file, **columns)
        part.replace(path)
    except OSError as error:
        raise LearningError("the predictions could not be written", str(path), str(error)) from error
