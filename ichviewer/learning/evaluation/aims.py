"""What the model was meant to reach, beside what it reached."""

from __future__ import annotations

from typing import Any

from ichviewer.domain.labels import LABELS, TYPES, Hemorrhage
from ichviewer.learning.evaluation.table import Table

Row = dict[str, Any]

AUC_ANY = AUC_STUDY = 0.95
AUC_MEAN_OF_TYPES = 0.92
WEIGHTED_LOG_LOSS = 0.105
AUC_TYPES: dict[Hemorrhage, float] = {
    Hemorrhage.EPIDURAL: 0.8857,
    Hemorrhage.SUBARACHNOID: 0.9048,
    Hemorrhage.SUBDURAL: 0.7949,
}
"""Those of version 0.4.0."""
FROZEN_AUC_ANY, FROZEN_AUC_TYPE = 0.95, 0.93
FROZEN_FALSE_POSITIVES = 0.05
SCAN_FLAGGED = 2


def aims_table(metrics: Row, frozen: Row | None = None) -> Table:
    """Each aim, the figure, and whether it was reached; the aims were set before training.

    Parameters
    ----------
    metrics : dict
        Figures out of fold.
    frozen : dict, optional
        The model's row on the frozen set, see `frozen`.
    """
    slices, loss = metrics["slice"], metrics["weighted_log_loss"]["model"]
    frozen = frozen or {}
    labels = (frozen.get("sets") or {}).get("all", {}).get("labels", {})
    clean_old = (frozen.get("clean_old") or {}).get("false_positives", {})
    scan = frozen.get("ge") or {}
    rows = [
        _row("AUC of any, out of fold", slices["any"]["auc"], AUC_ANY),
        _row("AUC of any by study, out of fold", metrics["study"]["any"]["auc"], AUC_STUDY),
        _row(
            "mean AUC of the types, out of fold",
            metrics.get("mean", {}).get("auc_of_types"),
            AUC_MEAN_OF_TYPES,
        ),
        *(
            _row(f"AUC of {label.value}, out of fold", slices.get(label.value, {}).get("auc"), aim)
            for label, aim in AUC_TYPES.items()
        ),
        _row("weighted log loss, out of fold", loss, WEIGHTED_LOG_LOSS, most=True),
        *(
            _row(
                f"AUC of {label.value}, frozen set",
                labels.get(label.value, {}).get("auc"),
                FROZEN_AUC_TYPE if label in TYPES else FROZEN_AUC_ANY,
            )
            for label in LABELS
        ),
        _row(
            "slices flagged in clean old heads with mimics, frozen set",
            clean_old.get("balanced"),
            FROZEN_FALSE_POSITIVES,
            most=True,
        ),
        _row("slices flagged in the GE head CT", scan.get("flagged"), SCAN_FLAGGED, most=True),
    ]
    return Table("Aims", ("aim", "wanted", "measured", "reached"), tuple(rows))


def _row(name: str, value: float | None, aim: float, *, most: bool = False) -> tuple[str, str, str, str]:
    wanted = f"at most {aim:g}" if most else f"at least {aim:g}"
    if value is None:
        return name, wanted, "-", "not measured"
    return name, wanted, f"{value:.4g}", "yes" if (value <= aim if most else value >= aim) else "no"
