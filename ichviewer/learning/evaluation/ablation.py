"""What each part of the recipe is worth: runs without it, side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ichviewer.domain.labels import LABELS
from ichviewer.errors import LearningError
from ichviewer.learning.evaluation.table import Table, number

_NEEDED = {"name": str, "what": str, "auc": dict, "log_loss": list}


def read_ablation(folder: Path) -> list[dict[str, Any]]:
    """The lines of the ablation table, from the ``.json`` files of a folder; none if there is no folder.

    Raises
    ------
    LearningError
        If a file cannot be read or lacks something.
    """
    rows = []
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else ():
        try:
            row = json.loads(path.read_text(encoding="utf-8"))
            wrong = [name for name, kind in _NEEDED.items() if not isinstance(row.get(name), kind)]
        except (OSError, ValueError, AttributeError) as error:
            raise LearningError(
                "a line of the ablation table could not be read", str(path), str(error)
            ) from error
        if wrong:
            raise LearningError(
                "a line of the ablation table needs more", str(path), f"no {', '.join(wrong)}"
            )
        rows.append(row)
    return rows


def ablation_line(metrics: dict[str, Any], name: str, what: str) -> dict[str, Any]:
    """A line of the ablation table from the figures of its runs; times and samples are those of one fold.

    Parameters
    ----------
    metrics : dict
        Figures of the runs.
    name, what : str
        What it is called, and in which way it differs.
    """
    folds = [run for run in metrics["training"] if run["run"].startswith("fold_")]
    seconds = [run["seconds"] for run in folds if run["seconds"] is not None]
    sets = (metrics.get("synthetic") or {"sets": {}})["sets"]
    # Where painted heads and heads from label maps were both tested, both together are what to compare by.
    synthetic = next(
        (item for item in sets.items() if item[0].startswith("both")), next(iter(sets.items()), None)
    )
    loss = metrics["weighted_log_loss"]
    return {
        "name": name,
        "what": what,
        "samples": max((run["steps"] for run in folds), default=0) * int(metrics["recipe"].get("batch", 0)),
        "auc": {label: _triple(f) for label, f in metrics["slice"].items()},
        "log_loss": [loss["model"], *(loss["model_ci95"] or (None, None))],
        "synthetic_set": synthetic[0] if synthetic else None,
        "synthetic_auc": {label: _triple(f) for label, f in synthetic[1]["labels"].items()}
        if synthetic
        else {},
        "seconds": sum(seconds) / len(seconds) if seconds else None,
        "patients": metrics["data"]["patients"],
    }


def ablation_tables(rows: list[dict[str, Any]]) -> list[Table]:
    """AUC by label on real slices and on synthetic ones, and the log loss, a line a run."""
    if not rows:
        return []
    labels = [label.value for label in LABELS]
    real = tuple(
        (
            row["name"],
            row["what"],
            f"{row['samples']:,}" if isinstance(row.get("samples"), int) else "-",
            _figure(row["log_loss"], 4),
            *(_figure(row["auc"].get(label), 3) for label in labels),
            number(row["seconds"] / 60, 0) if row.get("seconds") is not None else "-",
        )
        for row in rows
    )
    header = ("run", "what", "samples seen", "weighted log loss (95 %)", *labels, "minutes")
    tables = [Table("Real slices: log loss and AUC (95 %)", header, real)]
    made = tuple(
        (row["name"], *(_figure(row["synthetic_auc"].get(label), 3) for label in labels))
        for row in rows
        if row.get("synthetic_auc")
    )
    if made:
        tables.append(Table("Held-back synthetic slices: AUC (95 %)", ("run", *labels), made))
    return tables


def _triple(figures: dict[str, Any]) -> list[float | None]:
    return [figures["auc"], *(figures["auc_ci95"] or (None, None))]


def _figure(value: Any, digits: int) -> str:
    """A figure as [value, low, high], or alone."""
    if isinstance(value, int | float):
        return f"{value:.{digits}f}"
    if not isinstance(value, list) or not value or value[0] is None:
        return "-"
    if len(value) < 3 or None in value[1:3]:
        return f"{value[0]:.{digits}f}"
    return f"{value[0]:.{digits}f} ({value[1]:.{digits}f} to {value[2]:.{digits}f})"
