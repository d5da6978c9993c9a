"""A shipped model on the frozen set, through the product's own preprocessing, engine, calibration and thresholds.

Rows of all versions of the model are kept in one file, so that they can be compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.calibration import sigmoid
from ichviewer.domain.findings import Status
from ichviewer.domain.labels import TYPES
from ichviewer.domain.operating_point import flags
from ichviewer.errors import LearningError
from ichviewer.inference.engine import Engine, open_engine
from ichviewer.inference.model_card import ModelCard, load_model_card
from ichviewer.inference.preprocess import PreprocessSettings, channel_indices, make_input, resample_head
from ichviewer.learning.data.store import Store
from ichviewer.learning.data.volumes import Volume
from ichviewer.learning.evaluation import strata
from ichviewer.learning.evaluation.bootstrap import RESAMPLES, Bootstrap
from ichviewer.learning.evaluation.crossfit import Answers, logits_of
from ichviewer.learning.evaluation.frozen_set import (
    FROZEN_VERSION,
    MAP_PATIENTS,
    check_member,
    is_old_with_mimics,
    volume_digest,
)
from ichviewer.learning.evaluation.localisation import localisation
from ichviewer.learning.evaluation.predictions import FINAL_FOLD, Predictions, from_columns
from ichviewer.learning.evaluation.regions import cells_of
from ichviewer.learning.evaluation.synthetic import flag_rates, hard_negatives, set_row, twins
from ichviewer.learning.predict import columns_of, joined
from ichviewer.learning.region_fit import RegionFit
from ichviewer.learning.report import read_frozen
from ichviewer.learning.ship import write_json
from ichviewer.progress import Progress, silent
from ichviewer.services.analyse_paths import analyse_paths

Row = dict[str, Any]

_BATCH = 16


def frozen_row(
    stores: Sequence[Store],
    card: ModelCard,
    engine: Engine,
    *,
    resamples: int,
    seed: int,
    progress: Progress = silent,
) -> Row:
    """Every figure of a model on the frozen set.

    Parameters
    ----------
    stores : sequence of Store
        All of the set.
    card : ModelCard
    engine : Engine
        Runs the model.
    resamples, seed : int
        Of the bootstrap.
    progress : Progress

    Raises
    ------
    LearningError
        If a volume is not of the frozen set, or there is none.
    ModelError
        If the model has no operating point ``balanced``.
    """
    card.operating_point("balanced")
    digest, parts = hashlib.sha256(), []
    for volume, settings in _members(stores, progress):
        digest.update(volume_digest(volume))
        inputs = inputs_for(volume, settings, card.preprocessing)
        outputs = [engine.run(inputs[i : i + _BATCH]) for i in range(0, len(inputs), _BATCH)]
        logits = np.concatenate([out.logits for out in outputs])
        maps = [out.regions for out in outputs if out.regions is not None]
        # Maps of another field of view would not lie on the masks.
        fit = maps and np.isclose(_side_mm(settings), _side_mm(card.preprocessing), atol=0.5)
        parts.append(columns_of(volume, settings.mm_per_px, logits, np.concatenate(maps) if fit else None))
    if not parts:
        raise LearningError("there is nothing in the stores of the frozen set", str(stores[0].folder))
    columns = joined(parts)
    predictions = from_columns(columns)
    row = {
        "version": card.version,
        "model_sha256": card.keras_sha256,
        "engine": engine.name,
        "frozen_set": FROZEN_VERSION,
        "content_sha256": digest.hexdigest(),
    }
    row |= frozen_figures(predictions, answers_of(card, predictions), resamples=resamples, seed=seed)
    if card.regions is not None and "region_cells" in columns:
        cells = cells_of(columns, predictions)
        fits = {FINAL_FOLD: RegionFit.of_settings(card.regions)}
        rows = localisation(cells, fits, Bootstrap.over(_made(cells.slices), resamples, seed))
        row["regions"] = {label: figures for label, figures in rows.items() if label in TYPES}
    return row


def inputs_for(volume: Volume, made: PreprocessSettings, model: PreprocessSettings) -> NDArray[np.uint8]:
    """Inputs of a model that sees heads at another scale, field of view or window than a store was made for.

    Parameters
    ----------
    volume : Volume
    made : PreprocessSettings
        What the volume was made with.
    model : PreprocessSettings
        The model's own.

    Returns
    -------
    ndarray of uint8, shape (n, size, size, channels)
        As `preprocess.make_input` makes them, each picture cut out around the middle of the stored one.
    """
    spacing, middle = (made.mm_per_px, made.mm_per_px), (made.size_px - 1) / 2
    pictures = [resample_head(hu.astype(np.float32), spacing, (middle, middle), model) for hu in volume.hu]
    positions = volume.positions_mm.astype(np.float64)
    return np.stack(
        [
            make_input([pictures[j] for j in channel_indices(positions, i, model)], model)
            for i in range(len(pictures))
        ]
    )


def answers_of(card: ModelCard, predictions: Predictions) -> Answers:
    """What a shipped model says and flags: smoothed and calibrated."""
    smoothed = logits_of(predictions).smoothed(card.sigma_mm)
    probabilities = card.calibration.probabilities(smoothed)
    flagged = {name: flags(probabilities, point.thresholds) for name, point in card.operating_points.items()}
    return Answers(sigmoid(predictions.logits), probabilities, flagged)


def frozen_figures(predictions: Predictions, answers: Answers, *, resamples: int, seed: int) -> Row:
    """Figures of the whole set, of heads from maps and of real heads, and by what was put in.

    Intervals are of drawing again what a seed made of a head, with blood and without: there are only four heads.
    """
    boot = Bootstrap.over(_made(predictions), resamples, seed)
    from_maps = np.isin(predictions.patient, MAP_PATIENTS)
    sets = {"all": np.ones(len(predictions), bool), "heads from maps": from_maps, "real heads": ~from_maps}
    _, of = np.unique(predictions.series, return_inverse=True)
    bloodless = (np.bincount(of, predictions.labels[:, 0] != 0) == 0)[of]
    old = bloodless & np.array([is_old_with_mimics(t.split(",")) for t in predictions.traits.tolist()])
    return {
        "sets": {
            name: set_row(predictions.of(here), answers.of(here), boot.of(here))
            for name, here in sets.items()
            if here.any()
        },
        "clean_old": {
            "series": len(np.unique(predictions.series[old])),
            "slices": int(old.sum()),
            "false_positives": flag_rates(old, answers, boot),
        },
        "twins": twins(predictions, answers, boot),
        "by_mimic": hard_negatives(predictions, answers, boot),
        "by_place": strata.by_place(predictions, answers, boot),
        "by_volume_ml": strata.by_volume(predictions, answers, boot),
        "by_hu": strata.by_hu(predictions, answers, boot),
    }


def scan_row(folder: Path, model: Path, *, progress: Progress = silent) -> Row:
    """How many slices of a real scan without blood a model flags as any hemorrhage at ``balanced``.

    Parameters
    ----------
    folder : Path
        DICOM files.
    model : Path
        The model's folder.
    progress : Progress
    """
    analysis = analyse_paths([folder], model=model, progress=progress)
    point = analysis.card.operating_point("balanced")
    slices = [finding for series in analysis.findings.values() for finding in series.slices]
    analysed = [s.probabilities for s in slices if s.status is Status.ANALYSED and s.probabilities]
    return {
        "slices": len(slices),
        "analysed": len(analysed),
        "flagged": sum(bool(point.flagged(probabilities)) for probabilities in analysed),
    }


def measure_frozen(
    model: Path,
    stores: Sequence[Path],
    path: Path,
    *,
    engine: str = "auto",
    ge: Path | None = None,
    resamples: int = RESAMPLES,
    seed: int = 1,
    progress: Progress = silent,
) -> Row:
    """Measure a shipped model on the frozen set, and put its row into the file of all versions.

    Parameters
    ----------
    model : Path
        The model's folder.
    stores : sequence of Path
        All stores of the set.
    path : Path
        The file.
    engine : str
        Kind of the engine.
    ge : Path, optional
        A head CT without acute blood: how many slices are flagged is counted too.
    resamples, seed : int
        Of the bootstrap.
    progress : Progress

    Returns
    -------
    dict
        The rows of all versions, as `record` returns them.

    Raises
    ------
    LearningError, ModelError
        As `frozen_row` and `record`.
    """
    card = load_model_card(model)
    running = open_engine(card, engine)
    try:
        opened = [Store.open(folder) for folder in stores]
        row = frozen_row(opened, card, running, resamples=resamples, seed=seed, progress=progress)
    finally:
        running.close()
    if ge is not None:
        row["ge"] = scan_row(ge, model, progress=progress)
    return record(row, path)


def record(row: Row, path: Path) -> Row:
    """Put a row into the file of all versions, in place of an earlier one of the same version; returns them all.

    Raises
    ------
    LearningError
        If the other rows were measured on another set, or the file is damaged.
    """
    frozen = read_frozen(path) or {"versions": {}}
    others = {name: other for name, other in frozen["versions"].items() if name != row["version"]}
    for name, other in others.items():
        if other["content_sha256"] != row["content_sha256"]:
            raise LearningError(
                f"the stores are not the ones that version {name} was measured on; the frozen set must stay the same",
                str(path),
                f"SHA-256 {row['content_sha256'][:12]}..., {other['content_sha256'][:12]}... expected",
            )
    frozen = {"versions": dict(sorted((others | {row["version"]: row}).items()))}
    write_json(frozen, path)
    return frozen


def _made(predictions: Predictions) -> list[str]:
    """What a seed made of a head, with blood and without."""
    return [name.rsplit("-", 1)[0] for name in predictions.series.tolist()]


def _side_mm(settings: PreprocessSettings) -> float:
    return settings.size_px * settings.mm_per_px


def _members(stores: Iterable[Store], progress: Progress) -> Iterator[tuple[Volume, PreprocessSettings]]:
    """Volumes of all stores with what they were made with, each checked to be of the set."""
    all_of = [(store, entry.name) for store in stores for entry in store.entries]
    for done, (store, name) in enumerate(all_of):
        progress(done, len(all_of), name)
        volume = store.load(name, check=True)
        check_member(volume)
        yield volume, store.settings
    progress(len(all_of), len(all_of), "done")
