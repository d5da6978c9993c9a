"""The main figures as tables, and all that fits a terminal.

Reads what is in ``metrics.json``, also one of an older model that holds fewer figures: what is absent is left out.
"""

from __future__ import annotations

from ichviewer.learning.evaluation.strata_tables import synthetic_table, twin_sentence
from ichviewer.learning.evaluation.table import POINT_NAMES, POOLED, Row, Table, interval, number

_SHOW_RATE = ("sensitivity", "specificity", "ppv", "npv", "accuracy")


def ranking_table(metrics: Row, title: str = "Slices") -> Table:
    """AUC, average precision, log loss and calibration error of each label, and the mean of the types."""
    rows = [
        (
            label,
            _counts(f),
            interval(f, "auc"),
            interval(f, "average_precision"),
            interval(f, "log_loss"),
            number(f.get("log_loss_prevalence_only"), 3),
            number(f.get("ece"), 3),
        )
        for label, f in metrics["slice"].items()
    ]
    mean = metrics.get("mean")
    if mean:
        rows.append(
            (
                "mean of the types",
                "",
                interval(mean, "auc_of_types"),
                interval(mean, "average_precision_of_types"),
                "",
                "",
                "",
            )
        )
    header = (
        "label",
        "positives",
        "AUC (95 %)",
        "average precision (95 %)",
        "log loss (95 %)",
        "prevalence only",
        "ECE",
    )
    return Table(title, header, tuple(rows))


def operating_table(rows: Row, title: str) -> Table:
    """Sensitivity, specificity, predictive values and accuracy of each label at each operating point."""
    body = [
        (
            label,
            POINT_NAMES.get(name, name),
            *(interval(point, rate) for rate in _SHOW_RATE[:2]),
            *(number(point.get(rate), 2) for rate in _SHOW_RATE[2:4]),
            interval(point, "accuracy"),
        )
        for label, f in rows.items()
        for name, point in f.get("operating_points", {}).items()
    ]
    header = (
        "label",
        "operating point",
        "sensitivity (95 %)",
        "specificity (95 %)",
        "PPV",
        "NPV",
        "accuracy (95 %)",
    )
    return Table(title, header, tuple(body))


def study_answer(metrics: Row) -> str:
    """How a study is answered, in words."""
    pooled = metrics.get("study_answer") == POOLED
    return "pooled over the slices" if pooled else "highest probability over the slices"


def study_table(metrics: Row) -> Table:
    """AUC and average precision over series."""
    rows = tuple(
        (label, _counts(f), interval(f, "auc"), interval(f, "average_precision"))
        for label, f in metrics["study"].items()
    )
    header = ("label", "positives", "AUC (95 %)", "average precision (95 %)")
    return Table(f"Studies ({study_answer(metrics)})", header, rows)


def series_answers_table(metrics: Row) -> Table:
    """The ways to answer for a study, compared out of fold."""
    found = metrics.get("series_answers")
    header = ("answer", "AUC of any (95 %)", "weighted log loss (95 %)", "ECE of any")
    if not found:
        return Table("Ways to answer for a study", header, ())
    rows = [
        (way, interval(f, "auc_any"), interval(f, "weighted_log_loss"), number(f["ece_any"], 3))
        for way, f in found["ways"].items()
    ]
    gain = found["gain_of_pooled"]
    rows.append(("gain of pooled", interval(gain, "auc_any"), interval(gain, "weighted_log_loss"), ""))
    note = (
        "Each fitted on the other folds. Pooled: the weighted log odds of the highest slice, the highest tenth of "
        "the slices and the highest three tenths. It ships if its AUC of any is not lower than that of the maximum "
        f"and its weighted log loss is lower. Chosen: {found['chosen']}."
    )
    return Table("Ways to answer for a study", header, tuple(rows), note)


def calibration_table(metrics: Row) -> Table:
    """Brier score and calibration error of each label, before and after."""
    rows = tuple(
        (
            label,
            number(f["ece_uncalibrated"], 3),
            number(f["ece"], 3),
            number(f["brier_uncalibrated"], 4),
            number(f["brier"], 4),
        )
        for label, f in metrics["slice"].items()
    )
    header = ("label", "ECE before", "ECE after", "Brier before", "Brier after")
    return Table("Calibration", header, rows, "ECE over ten bins of equal width, weighted by size.")


def methods_table(metrics: Row) -> Table:
    """Ways to calibrate, compared out of fold."""
    rows = [
        (name, number(f["weighted_log_loss"], 4), number(f["ece_any"], 3))
        for name, f in metrics.get("calibrations", {}).items()
    ]
    header = ("calibration", "weighted log loss", "ECE of any")
    return Table("Ways to calibrate", header, tuple(rows), "Each fitted on the other folds.")


def loss_sentence(metrics: Row) -> str:
    """The weighted log loss beside that of knowing only the prevalence."""
    loss = metrics["weighted_log_loss"]
    return (
        f"Weighted log loss {interval(loss, 'model', 4)}; uncalibrated {loss['model_uncalibrated']:.4f}; "
        f"knowing the prevalence only {loss['prevalence_only']:.4f}"
    )


def data_sentence(metrics: Row) -> str:
    """What was measured on."""
    data = metrics["data"]
    return (
        f"{data['name']}: {data['slices']} slices of {data['patients']} patients, "
        f"{metrics['folds']} folds by patient"
    )


def summary(metrics: Row) -> str:
    """All that fits a terminal."""
    parts = [
        data_sentence(metrics),
        metrics["protocol"],
        "",
        ranking_table(metrics, "By slice").text(),
        "",
        operating_table(metrics["slice"], "By slice, at the operating points").text(),
        "",
        study_table(metrics).text(),
        "",
        *([series_answers_table(metrics).text(), ""] if metrics.get("series_answers") else []),
        loss_sentence(metrics),
        "AUC of any by fold: " + ", ".join(number(v, 3) for v in metrics["fold_auc_any"]),
    ]
    synthetic = metrics.get("synthetic")
    if synthetic:
        parts += ["", synthetic_table(synthetic).text(), "", twin_sentence(synthetic["twins"])]
    external = metrics.get("external_test")
    if external:
        parts += ["", ranking_table(external, "External test, by slice").text(), "No clinical claim is made."]
    else:
        parts += ["External test: none yet. No clinical claim is made."]
    return "\n".join(parts)


def _counts(row: Row) -> str:
    patients = f" ({row['patients']} patients)" if "patients" in row else ""
    return f"{row['positives']}{patients}"
