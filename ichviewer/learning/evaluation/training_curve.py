"""What more training bought: figures against slices seen and hours, over the rounds that led to a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ichviewer.domain.labels import TYPES
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.evaluation.bootstrap import Bootstrap
from ichviewer.learning.evaluation.chart import Axes, Line, line_chart
from ichviewer.learning.evaluation.crossfit import cross_fit
from ichviewer.learning.evaluation.figures import mean_row
from ichviewer.learning.evaluation.predictions import OUT_OF_FOLD, read_config, read_out_of_fold
from ichviewer.learning.evaluation.reliability import known_weighted_log_loss
from ichviewer.learning.evaluation.runs import rounds, training_log
from ichviewer.learning.evaluation.table import Table, number

Row = dict[str, Any]

OUT = "out of fold"
KEPT_BACK = "patients kept back"
"""Whose slices a point is of: those of the folds left out, or those watched while training."""


def training_curve(folder: Path) -> list[Row]:
    """A point for each round whose folds were predicted, and one for each time that it was watched while training.

    Slices and hours are those of one run, what it started from included: the mean over the folds, or the run on all
    patients where a round has no folds.

    Parameters
    ----------
    folder : Path
        The runs of the last round; those it started from are found by its recipe.

    Returns
    -------
    list of dict
        ``round``, ``of`` (`OUT` or `KEPT_BACK`), ``samples``, ``hours``, and ``auc_any``, ``auc_types`` and
        ``weighted_log_loss``, None where they are not known.

    Raises
    ------
    LearningError
        If a log or predictions are damaged.
    """
    points: list[Row] = []
    samples, seconds = 0.0, 0.0
    for stage in rounds(folder):
        logs = training_log(stage)
        logs = [log for log in logs if log["run"].startswith("fold_")] or logs
        batch = int(read_config(stage).get("batch", 16))
        for log in logs:
            points += [
                _point(stage.name, KEPT_BACK, samples + step * batch, seconds + at, _watched(metrics))
                for step, at, metrics in zip(log["steps"], log["times"], log["metrics"], strict=True)
                if metrics
            ]
        if logs:
            samples += batch * float(np.mean([max(log["steps"], default=0) for log in logs]))
            seconds += float(np.mean([log["seconds"] or 0.0 for log in logs]))
        if any(stage.glob(f"fold_*/{OUT_OF_FOLD}")):
            points.append(_point(stage.name, OUT, samples, seconds, _out_of_fold(stage)))
    return points


def curve_table(points: list[Row]) -> Table | None:
    """The points out of fold; None if there are none."""
    rows = tuple(
        (
            f["round"],
            f"{f['samples']:,.0f}",
            number(f["hours"], 2),
            number(f["auc_any"], 3),
            number(f["auc_types"], 3),
            number(f["weighted_log_loss"], 4),
        )
        for f in points
        if f["of"] == OUT
    )
    header = ("round", "slices seen", "hours", "AUC of any", "mean AUC of the types", "weighted log loss")
    note = "Out of fold. Slices and hours of one run, from the first round on."
    return Table("Figures against training time", header, rows, note) if rows else None


def curve_chart(points: list[Row]) -> str | None:
    """AUC over hours as an ``<svg>`` element; None if fewer than two points are known."""
    lines: list[Line] = []
    for of in (OUT, KEPT_BACK):
        for name, key in (("any", "auc_any"), ("mean of the types", "auc_types")):
            known = sorted((f["hours"], f[key]) for f in points if f["of"] == of and f[key] is not None)
            if known:
                hours, values = zip(*known, strict=True)
                lines.append(Line(hours, values, f"{name}, {of}", dots=of == OUT, color=len(lines)))
    top = max((line.x[-1] for line in lines), default=0.0)
    if top <= 0 or sum(len(line.x) for line in lines) < 2:
        return None
    least = min(min(line.y) for line in lines)
    low = min(np.floor(least * 20) / 20, 0.95)
    axes = Axes(
        "AUC against training time",
        "hours of training",
        "AUC",
        x_range=(0.0, top),
        y_range=(low, 1.0),
        width_px=560,
    )
    return line_chart(axes, lines)


def _point(stage: str, of: str, samples: float, seconds: float, figures: Row) -> Row:
    return {"round": stage, "of": of, "samples": round(samples), "hours": seconds / 3600} | figures


def _watched(metrics: Row) -> Row:
    """From what `checkpoint.Watch` logs."""
    types = [metrics.get(f"auc_{kind}") for kind in TYPES]
    known = [auc for auc in types if auc is not None]
    return {
        "auc_any": metrics.get("auc_any"),
        "auc_types": float(np.mean(known)) if len(known) == len(types) else None,
        "weighted_log_loss": metrics.get("weighted_log_loss"),
    }


def _out_of_fold(stage: Path) -> Row:
    predictions = read_out_of_fold(stage, partial=True)
    answers = cross_fit(predictions).answers(predictions)
    none = Bootstrap.over(predictions.patient, 1)
    known = predictions.labels[:, 0] != UNKNOWN
    return {
        "auc_any": none.of(known).auc(predictions.labels[known, 0], answers.probabilities[known, 0]).value,
        "auc_types": mean_row(predictions, answers, none)["auc_of_types"],
        "weighted_log_loss": known_weighted_log_loss(predictions.labels, answers.probabilities),
    }
