"""What the model was meant to reach, beside what it reached."""

from __future__ import annotations

from typing import Any

from ichviewer.domain.labels import TYPES, Hemorrhage
from ichviewer.learning.evaluation.table import Table

AUC_ANY = 0.94
WEIGHTED_LOG_LOSS = 0.12
AUC_TYPES: dict[Hemorrhage, float] = {
    Hemorrhage.EPIDURAL: 0.90,
    Hemorrhage.SUBDURAL: 0.90,
    Hemorrhage.INTRAVENTRICULAR: 0.90,
}
ECE_ANY = 0.03
SYNTHETIC_AUC_ANY = 0.99
SYNTHETIC_AUC_TYPES = 0.97


def aims_table(metrics: dict[str, Any]) -> Table:
    """Each aim, the figure, and whether it was reached; the aims were set before training."""
    slices = metrics["slice"]
    rows = [
        _row("AUC of any, out of fold", slices["any"]["auc"], AUC_ANY),
        _row(
            "weighted log loss, out of fold",
            metrics["weighted_log_loss"]["model"],
            WEIGHTED_LOG_LOSS,
            most=True,
        ),
        *(
            _row(f"AUC of {label.value}, out of fold", slices[label.value]["auc"], aim)
            for label, aim in AUC_TYPES.items()
            if label.value in slices
        ),
        _row("ECE of any, out of fold", slices["any"]["ece"], ECE_ANY, most=True),
    ]
    for name, figures in ((metrics.get("synthetic") or {}).get("sets") or {}).items():
        labels = figures["labels"]
        lowest = [labels[kind.value]["auc"] for kind in TYPES if labels[kind.value]["auc"] is not None]
        rows.append(_row(f"AUC of any: {name}", labels["any"]["auc"], SYNTHETIC_AUC_ANY))
        rows.append(_row(f"lowest AUC of a type: {name}", min(lowest, default=None), SYNTHETIC_AUC_TYPES))
    return Table("Aims", ("aim", "wanted", "measured", "reached"), tuple(rows))


def _row(name: str, value: float | None, aim: float, *, most: bool = False) -> tuple[str, str, str, str]:
    wanted = f"at most {aim:g}" if most else f"at least {aim:g}"
    if value is None:
        return name, wanted, "-", "not measured"
    return name, wanted, f"{value:.4f}", "yes" if (value <= aim if most else value >= aim) else "no"
