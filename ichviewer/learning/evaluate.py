"""What the model reached on patients it was not trained on, with how sure that is.

Everything reported is out of fold: the logits come from the run that left the patient out, and the smoothing, the
calibration and the thresholds applied to them were fitted on the other folds. What ships with the model is fitted
on all folds.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from ichviewer.domain.calibration import PlattCalibration
from ichviewer.domain.labels import LABELS
from ichviewer.domain.series_rule import SeriesRule
from ichviewer.inference.regions import RegionSettings
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.evaluation import figures, strata
from ichviewer.learning.evaluation.bootstrap import RESAMPLES, Bootstrap
from ichviewer.learning.evaluation.cases import hardest
from ichviewer.learning.evaluation.crossfit import (
    Answers,
    CrossFit,
    compare_calibrations,
    cross_fit,
    prevalence_only,
)
from ichviewer.learning.evaluation.curves import precision_recall, roc
from ichviewer.learning.evaluation.localisation import region_figures
from ichviewer.learning.evaluation.predictions import (
    FINAL_FOLD,
    OUT_OF_FOLD,
    Predictions,
    read_config,
    read_out_of_fold,
    read_predictions,
    read_synthetic,
)
from ichviewer.learning.evaluation.regions import read_all_regions
from ichviewer.learning.evaluation.runs import data_names, last_trained, synthetic_share, training_log
from ichviewer.learning.evaluation.series_answers import series_answers
from ichviewer.learning.evaluation.synthetic import by_source, cross_data_table, synthetic_figures
from ichviewer.learning.evaluation.table import MAXIMUM, POOLED
from ichviewer.learning.evaluation.training_curve import training_curve
from ichviewer.learning.export import Fit
from ichviewer.learning.series_fit import SeriesTable
from ichviewer.services.atomic_file import write_atomically

METRICS_FORMAT = 2
PROTOCOL = (
    "Slices of patients the model was not trained on, by folds split by patient. Smoothing, calibration and "
    "thresholds applied to a fold were fitted on the other folds. Intervals: 95 %, bootstrap over patients."
)


def evaluate_runs(
    folder: Path,
    *,
    resamples: int = RESAMPLES,
    seed: int = 1,
    external: Path | None = None,
    partial: bool = False,
) -> dict[str, Any]:
    """All figures of the runs in a folder: real slices out of fold, synthetic ones held back, another data set.

    Parameters
    ----------
    folder : Path
        Runs of all folds, and of the final model if there is one.
    resamples, seed : int
        Of the bootstrap over patients.
    external : Path, optional
        Predictions of the final model for a data set it was never trained on.
    partial : bool
        Be content with the folds that have been trained, and say so.

    Raises
    ------
    LearningError
        If a fold is missing or its predictions cannot be read.
    """
    predictions, synthetic = read_out_of_fold(folder, partial=partial), read_synthetic(folder)
    foreign = None if external is None else read_predictions(external)
    crossed = cross_fit(predictions)
    metrics = evaluate(predictions, crossed, resamples=resamples, seed=seed)
    config = read_config(folder)
    trained = len(list(folder.glob(f"fold_*/{OUT_OF_FOLD}")))
    if trained < config["folds"]:
        metrics["protocol"] += f" Only {trained} of {config['folds']} folds were trained."
    metrics["data"]["name"] = data_names(np.unique(predictions.source).tolist())
    trained_in = last_trained(folder)
    metrics["synthetic_share"] = synthetic_share(read_config(trained_in))
    metrics["recipe"] = config
    metrics["training"] = [
        {name: row[name] for name in ("run", "seconds", "ms_per_sample")}
        | {"steps": max(row["steps"], default=0)}
        for row in training_log(trained_in)
    ]
    sets = {
        f"{name}, out of fold": (predictions.of(here), crossed.answers(predictions).of(here))
        for name, here in by_source(predictions).items()
    }
    regions = region_figures(*read_all_regions(folder), resamples=resamples, seed=seed)
    if regions is not None:
        metrics["regions"] = regions
        metrics["fitted_on_all_folds"]["regions"] = regions.pop("fit")
    metrics["training_curve"] = training_curve(folder)
    if synthetic:
        metrics["synthetic"] = synthetic_figures(synthetic, crossed, resamples=resamples, seed=seed)
        for model, made in synthetic.items():
            said = crossed.answers(made)
            for name, here in by_source(made).items():
                whose = "final model" if model == "final" else "models of the folds"
                sets[f"{name}, {whose}"] = (made.of(here), said.of(here))
    if foreign is not None:
        sets["external"] = (foreign, crossed.answers(foreign))
        metrics["external_test"] = evaluate_external(
            foreign, crossed, shipped_series_rule(metrics), resamples=resamples, seed=seed
        )
    metrics["by_data_set"] = cross_data_table(sets, resamples=resamples, seed=seed)
    return metrics


def evaluate(
    predictions: Predictions, crossed: CrossFit, *, resamples: int = RESAMPLES, seed: int = 1
) -> dict[str, Any]:
    """All figures of a cross-validation, as what goes into ``metrics.json``.

    Parameters
    ----------
    predictions : Predictions
        Out of fold.
    crossed : CrossFit
        Fitted on them.
    resamples, seed : int
        Of the bootstrap over patients.
    """
    answers = crossed.answers(predictions)
    prevalence = prevalence_only(predictions)
    boot = Bootstrap.over(predictions.patient, resamples, seed)
    shipped = crossed.fits[FINAL_FOLD]
    whole = series_answers(predictions, crossed, boot)
    return {
        "format": METRICS_FORMAT,
        "data": {
            "name": "",
            "slices": len(predictions),
            "patients": len(np.unique(predictions.patient)),
            "series": len(np.unique(predictions.series)),
            "slices_without_brain": int((~predictions.has_brain).sum()),
        },
        "protocol": PROTOCOL,
        "folds": len(crossed.fits) - 1,
        "bootstraps": resamples,
        "seed": seed,
        "slice": figures.slice_rows(predictions, answers, prevalence, boot),
        "mean": figures.mean_row(predictions, answers, boot),
        "study": figures.study_rows(predictions, answers, boot, whole.probabilities),
        "study_answer": whole.way,
        "series_answers": whole.figures,
        "weighted_log_loss": figures.loss_row(predictions, answers, prevalence, boot),
        "any_by_type": figures.any_by_type(predictions, answers, boot),
        "by_thickness_mm": strata.by_thickness(predictions, answers, boot),
        "by_place": strata.by_place(predictions, answers, boot),
        "by_age": strata.by_age(predictions, answers, boot),
        "calibrations": compare_calibrations(predictions, crossed),
        "fold_auc_any": figures.fold_auc(predictions, answers),
        "curves": _curves(predictions, answers, boot),
        "hardest": hardest(predictions, answers),
        "external_test": None,
        "fitted_on_all_folds": {
            "sigma_mm": shipped.sigma_mm,
            "slope": list(shipped.calibration.slope),
            "intercept": list(shipped.calibration.intercept),
            "operating_points": {name: list(values) for name, values in shipped.operating_points.items()},
            "series_rule": None if whole.rule is None else asdict(whole.rule),
        },
    }


def evaluate_external(
    predictions: Predictions,
    crossed: CrossFit,
    rule: SeriesRule | None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 1,
) -> dict[str, Any]:
    """The figures of a data set that nothing was trained or fitted on; series are answered as the model ships."""
    answers = crossed.answers(predictions)
    table = SeriesTable.of_slices(predictions.series, answers.probabilities, predictions.labels)
    boot = Bootstrap.over(predictions.patient, resamples, seed)
    prevalence = np.broadcast_to(
        (predictions.labels == 1).sum(axis=0) / np.maximum((predictions.labels != UNKNOWN).sum(axis=0), 1),
        predictions.labels.shape,
    )
    return {
        "sources": np.unique(predictions.source).tolist(),
        "slices": len(predictions),
        "patients": len(np.unique(predictions.patient)),
        "slice": figures.slice_rows(predictions, answers, prevalence, boot),
        "mean": figures.mean_row(predictions, answers, boot),
        "study": figures.study_rows(predictions, answers, boot, table.answers(rule)),
        "study_answer": MAXIMUM if rule is None else POOLED,
        "weighted_log_loss": figures.loss_row(predictions, answers, prevalence, boot),
    }


def shipped_fit(metrics: dict[str, Any]) -> Fit:
    """Smoothing, calibration and thresholds that go with the model, from ``metrics.json``."""
    fitted = metrics["fitted_on_all_folds"]
    regions = fitted.get("regions")
    return Fit(
        float(fitted["sigma_mm"]),
        PlattCalibration(tuple(fitted["slope"]), tuple(fitted["intercept"])),
        {name: tuple(values) for name, values in fitted["operating_points"].items()},
        None if regions is None else RegionSettings.from_json(regions),
        shipped_series_rule(metrics),
    )


def shipped_series_rule(metrics: dict[str, Any]) -> SeriesRule | None:
    """The rule that answers for a series, from ``metrics.json``; None where the maximum does no worse."""
    rule = metrics["fitted_on_all_folds"].get("series_rule")
    return None if rule is None else SeriesRule(tuple(rule["weights"]), tuple(rule["intercept"]))


def write_metrics(metrics: dict[str, Any], path: Path) -> None:
    """Write figures as JSON, lists of numbers on one line, rounded to what a person can use.

    What is fitted keeps all its digits: the product computes with it.
    """
    exact = metrics.get("fitted_on_all_folds")
    tidy = _rounded({k: v for k, v in metrics.items() if k != "fitted_on_all_folds"})
    text = json.dumps(tidy | {"fitted_on_all_folds": exact}, indent=1)
    text = re.sub(r"\[\n\s*([^\[\]{}]*?)\n\s*\]", lambda found: f"[{' '.join(found[1].split())}]", text)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, f"{text}\n".encode())


def _curves(predictions: Predictions, answers: Answers, boot: Bootstrap) -> dict[str, Any]:
    curves: dict[str, Any] = {}
    for i, label in enumerate(LABELS):
        known = predictions.labels[:, i] != UNKNOWN
        y, p, draws = predictions.labels[known, i], answers.probabilities[known, i], boot.of(known)
        curves[label.value] = {"roc": roc(y, p, draws), "precision_recall": precision_recall(y, p, draws)}
    return curves


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    if isinstance(value, float):
        return round(value, 6) if np.isfinite(value) else None
    return value
