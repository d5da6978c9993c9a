"""What the model reached on patients it was not trained on, with how sure that is.

Everything reported is out of fold: the logits come from the run that left the patient out, and the smoothing, the
calibration and the thresholds applied to them were fitted on the other folds. What ships with the model is fitted
on all folds.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ichviewer.domain.aggregation import strongest
from ichviewer.domain.calibration import PlattCalibration, sigmoid
from ichviewer.domain.labels import LABELS, N_LABELS
from ichviewer.errors import LearningError
from ichviewer.learning.data import ct_ich
from ichviewer.learning.data.cache import painted_pictures
from ichviewer.learning.export import Fit
from ichviewer.learning.fit import Logits, fit
from ichviewer.learning.losses import weighted_log_loss

BOOTSTRAPS = 1000
_ECE_BINS = 10
PROTOCOL = (
    "Slices of patients the model was not trained on, by folds split by patient. Smoothing, calibration and "
    "thresholds applied to a fold were fitted on the other folds. Intervals: 95 %, bootstrap over patients."
)


def read_out_of_fold(folder: Path) -> tuple[Logits, NDArray[np.int64]]:
    """Logits of all folds of a run, and the fold of each slice.

    Raises
    ------
    LearningError
        If a fold is not there, or a slice is in two folds.
    """
    try:
        folds = int(json.loads((folder / "config.json").read_text(encoding="utf-8"))["folds"])
    except (OSError, ValueError, KeyError) as error:
        raise LearningError("this is no folder of training runs", str(folder), str(error)) from error
    parts = []
    for fold in range(folds):
        path = folder / f"fold_{fold}" / "out_of_fold.npz"
        if not path.exists():
            raise LearningError("this fold has not been trained yet", str(path))
        with np.load(path) as data:
            parts.append({name: data[name] for name in ("patient", "index", "logits", "labels")})
    fold_of = np.concatenate([np.full(len(part["index"]), fold) for fold, part in enumerate(parts)])
    logits = Logits(
        patient=np.concatenate([part["patient"] for part in parts]),
        index=np.concatenate([part["index"] for part in parts]),
        values=np.concatenate([part["logits"] for part in parts]).astype(np.float64),
        labels=np.concatenate([part["labels"] for part in parts]).astype(np.int64),
    )
    if len(set(zip(logits.patient.tolist(), logits.index.tolist(), strict=True))) != len(fold_of):
        raise LearningError("a slice is in two folds", str(folder))
    return logits, fold_of


def evaluate(
    logits: Logits, fold_of: NDArray[np.int64], *, bootstraps: int = BOOTSTRAPS, seed: int = 1
) -> dict[str, Any]:
    """All figures of a cross-validation, as what goes into ``metrics.json``.

    Parameters
    ----------
    logits : Logits
        Out-of-fold logits of every slice.
    fold_of : ndarray of int, shape (n,)
        The fold each slice was left out in.
    bootstraps, seed : int
        How many resamples of the patients the intervals rest on, and their seed.
    """
    raw, calibrated, flags, prevalence = _cross_fit(logits, fold_of)
    patients, studies = _by_study(logits, calibrated)
    weights = _bootstrap_weights(patients, bootstraps, seed)
    of_slice = np.searchsorted(patients, logits.patient)
    slice_rows, study_rows = {}, {}
    for i, label in enumerate(LABELS):
        y, p = logits.labels[:, i], calibrated[:, i]
        slice_rows[label.value] = {
            "positives": int(y.sum()),
            **_auc_with_interval(y, p, weights[:, of_slice]),
            "auc_of_single_logits": _auc_with_interval(y, raw[:, i], weights[:, of_slice])["auc"],
            "average_precision": _average_precision(y, p),
            "brier_uncalibrated": float(np.mean((raw[:, i] - y) ** 2)),
            "brier": float(np.mean((p - y) ** 2)),
            "ece_uncalibrated": expected_calibration_error(y, raw[:, i]),
            "ece": expected_calibration_error(y, p),
            "operating_points": {
                name: _rates(y, flagged[:, i], weights[:, of_slice]) for name, flagged in flags.items()
            },
        }
        truth, answer = studies[i]
        study_rows[label.value] = {
            "positives": int(truth.sum()),
            **_auc_with_interval(truth, answer, weights),
        }
    shipped = fit(logits)
    return {
        "format": 1,
        "data": {"name": ct_ich.NAME, "slices": len(fold_of), "patients": len(patients)},
        "protocol": PROTOCOL,
        "folds": int(fold_of.max()) + 1,
        "bootstraps": bootstraps,
        "slice": slice_rows,
        "study": study_rows,
        "weighted_log_loss": {
            "model": weighted_log_loss(logits.labels, calibrated),
            "model_uncalibrated": weighted_log_loss(logits.labels, raw),
            "prevalence_only": weighted_log_loss(logits.labels, prevalence),
        },
        "fold_auc_any": _fold_auc(logits.labels[:, 0], calibrated[:, 0], fold_of),
        "external_test": None,
        "fitted_on_all_folds": {
            "sigma_mm": shipped.sigma_mm,
            "slope": list(shipped.calibration.slope),
            "intercept": list(shipped.calibration.intercept),
            "operating_points": {name: list(values) for name, values in shipped.operating_points.items()},
        },
    }


def shipped_fit(metrics: dict[str, Any]) -> Fit:
    """Smoothing, calibration and thresholds that go with the model, from ``metrics.json``."""
    fitted = metrics["fitted_on_all_folds"]
    return Fit(
        float(fitted["sigma_mm"]),
        PlattCalibration(tuple(fitted["slope"]), tuple(fitted["intercept"])),
        {name: tuple(values) for name, values in fitted["operating_points"].items()},
    )


def expected_calibration_error(labels: ArrayLike, probabilities: ArrayLike) -> float:
    """Mean distance between what was said and what was true, over ten bins of equal width weighted by size.

    Naeini et al., "Obtaining Well Calibrated Probabilities Using Bayesian Binning", AAAI 2015.
    """
    y, p = np.asarray(labels, np.float64), np.asarray(probabilities, np.float64)
    bins = np.minimum((p * _ECE_BINS).astype(int), _ECE_BINS - 1)
    count = np.bincount(bins, minlength=_ECE_BINS)
    gap = np.abs(np.bincount(bins, p, _ECE_BINS) - np.bincount(bins, y, _ECE_BINS))
    return float(gap.sum() / count.sum())


def _cross_fit(
    logits: Logits, fold_of: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], dict[str, NDArray[np.bool_]], NDArray[np.float64]]:
    """Uncalibrated and calibrated probabilities, flags, and what knowing only the prevalence would say."""
    n = len(fold_of)
    calibrated, prevalence = np.empty((n, N_LABELS)), np.empty((n, N_LABELS))
    flags: dict[str, NDArray[np.bool_]] = {}
    for fold in np.unique(fold_of):
        here = fold_of == fold
        others = fit(logits.of(~here))
        calibrated[here] = others.calibration.probabilities(logits.of(here).smoothed(others.sigma_mm))
        prevalence[here] = logits.labels[~here].mean(axis=0)
        for name, thresholds in others.operating_points.items():
            flags.setdefault(name, np.zeros((n, N_LABELS), bool))[here] = calibrated[here] >= np.asarray(
                thresholds
            )
    return sigmoid(logits.values), calibrated, flags, prevalence


def _by_study(
    logits: Logits, probabilities: NDArray[np.float64]
) -> tuple[NDArray[np.int64], list[tuple[NDArray[np.int64], NDArray[np.float64]]]]:
    """Patients in order, and for each label their truth and their highest probability."""
    patients = np.unique(logits.patient)
    truth = np.array([logits.labels[logits.patient == p].max(axis=0) for p in patients])
    answer = np.array([strongest(probabilities[logits.patient == p])[0] for p in patients])
    return patients, [(truth[:, i], answer[:, i]) for i in range(N_LABELS)]


def _bootstrap_weights(patients: NDArray[np.int64], bootstraps: int, seed: int) -> NDArray[np.float64]:
    """How often each patient is drawn in each resample, shape (bootstraps, patients)."""
    rng = np.random.default_rng(seed)
    return rng.multinomial(len(patients), np.full(len(patients), 1 / len(patients)), bootstraps).astype(
        np.float64
    )


def _auc_with_interval(
    y: NDArray[np.int64], p: NDArray[np.float64], weights: NDArray[np.float64]
) -> dict[str, Any]:
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415

    if len(np.unique(y)) < 2:
        return {"auc": None, "auc_ci95": None}
    return {"auc": float(roc_auc_score(y, p)), "auc_ci95": _percentiles(weighted_auc(y, p, weights))}


def _average_precision(y: NDArray[np.int64], p: NDArray[np.float64]) -> float | None:
    from sklearn.metrics import average_precision_score  # noqa: PLC0415

    return float(average_precision_score(y, p)) if y.any() else None


def _rates(y: NDArray[np.int64], flagged: NDArray[np.bool_], weights: NDArray[np.float64]) -> dict[str, Any]:
    """Sensitivity, specificity and positive predictive value of a set of flags."""
    right = {"sensitivity": (y > 0, flagged), "specificity": (y == 0, ~flagged)}
    rates: dict[str, Any] = {}
    for name, (of, so) in right.items():
        rates[name] = float(so[of].mean()) if of.any() else None
        rates[f"{name}_ci95"] = _percentiles(_ratio(weights @ (of & so), weights @ of))
    rates["ppv"] = float(y[flagged].mean()) if flagged.any() else None
    return rates


def weighted_auc(labels: ArrayLike, scores: ArrayLike, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area under the ROC curve for many sets of weights at once; ties count half.

    Parameters
    ----------
    labels : array, shape (n,)
        0 or 1.
    scores : array, shape (n,)
        The higher the likelier 1.
    weights : ndarray of float64, shape (m, n)
        Sets of weights of the samples.

    Returns
    -------
    ndarray of float64, shape (m,)
        NaN where the weights leave no positive or no negative.
    """
    y, s = np.asarray(labels) > 0, np.asarray(scores, np.float64)
    levels, level = np.unique(s, return_inverse=True)
    order = np.argsort(level, kind="stable")
    starts = np.searchsorted(level[order], np.arange(levels.size))
    # Weight of the positives and of the negatives at each distinct score, in ascending order.
    positive, negative = (np.add.reduceat((weights * mask)[:, order], starts, axis=1) for mask in (y, ~y))
    below = np.cumsum(negative, axis=1) - negative
    beaten = (positive * (below + negative / 2)).sum(axis=1)
    return _ratio(beaten, positive.sum(axis=1) * negative.sum(axis=1))


def _ratio(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.full_like(part, np.nan), where=whole > 0)


def _percentiles(values: NDArray[np.float64]) -> list[float] | None:
    """2.5th and 97.5th percentile over the resamples in which the figure exists."""
    known = values[np.isfinite(values)]
    return [float(q) for q in np.quantile(known, [0.025, 0.975])] if known.size else None


def _fold_auc(y: NDArray[np.int64], p: NDArray[np.float64], fold_of: NDArray[np.int64]) -> list[float | None]:
    from sklearn.metrics import roc_auc_score  # noqa: PLC0415

    folds = [fold_of == fold for fold in np.unique(fold_of)]
    return [float(roc_auc_score(y[f], p[f])) if len(np.unique(y[f])) == 2 else None for f in folds]


def evaluate_runs(folder: Path, *, bootstraps: int = BOOTSTRAPS) -> dict[str, Any]:
    """All figures of the runs in a folder, how much of the training was painted, and what earlier runs reached."""
    metrics = evaluate(*read_out_of_fold(folder), bootstraps=bootstraps)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    earlier = config.get("continue_from")
    if earlier:
        before = evaluate(*read_out_of_fold(Path(earlier)), bootstraps=1)
        metrics["before_last_round"] = {
            "auc_any": before["slice"]["any"]["auc"],
            "weighted_log_loss": before["weighted_log_loss"]["model"],
        }
    share = float(config["sampling"]["painted"])
    if share > 0:
        metrics["painted"] = {"share_of_batches": share, "pictures": painted_pictures(Path(config["cache"]))}
    return metrics
