"""The report: every table and figure of a model on one page."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from ichviewer.learning.evaluation.ablation import ablation_tables
from ichviewer.learning.evaluation.aims import aims_table
from ichviewer.learning.evaluation.chart import Axes, Line, interval_chart, line_chart
from ichviewer.learning.evaluation.frozen_tables import NOTE, frozen_tables
from ichviewer.learning.evaluation.page import Page
from ichviewer.learning.evaluation.strata_tables import (
    data_set_table,
    hard_negative_table,
    region_table,
    stratum_tables,
    synthetic_table,
    twin_sentence,
)
from ichviewer.learning.evaluation.table import Table, interval, number
from ichviewer.learning.evaluation.tables import (
    calibration_table,
    data_sentence,
    loss_sentence,
    methods_table,
    operating_table,
    ranking_table,
    series_answers_table,
    study_answer,
    study_table,
)
from ichviewer.learning.evaluation.training_curve import curve_chart, curve_table
from ichviewer.learning.operating_rules import (
    BALANCED_SPECIFICITY,
    HIGH_SENSITIVITY,
    LEAST_BALANCED_PROBABILITY,
)

Row = dict[str, Any]

NOT_A_DEVICE = "Research and education only. This is no medical device, and no clinical claim is made."


def report_page(
    runs: Sequence[tuple[str, Row, list[Row]]],
    *,
    ablation: list[Row],
    sheets: Sequence[tuple[str, bytes]],
    frozen: Row | None = None,
    row: Row | None = None,
) -> str:
    """The whole page.

    Parameters
    ----------
    runs : sequence of (name, figures, training log)
        The first one is told in full, the others are compared with it.
    ablation : list of dict
        Lines of the ablation table.
    sheets : sequence of (caption, PNG)
        The hardest cases.
    frozen : dict, optional
        Figures of all versions on the frozen set.
    row : dict, optional
        Those of the model of the first runs.
    """
    name, metrics, log = runs[0]
    page = Page("Finding intracranial hemorrhage on head CT: how well it works", data_sentence(metrics))
    page.text(NOT_A_DEVICE, "warn")
    _glance(page, metrics, row)
    if len(runs) > 1:
        page.section("Runs compared")
        page.table(_runs_table(runs), heading=False)
    _slices(page, metrics)
    _calibration(page, metrics)
    page.section("Studies")
    page.text(f"The answer for a study: {study_answer(metrics)}. It is flagged if one slice is.")
    page.table(study_table(metrics), heading=False)
    page.table(series_answers_table(metrics))
    page.table(operating_table(metrics["study"], "At the operating points"))
    versions = frozen_tables(frozen)
    if versions:
        page.section("Versions side by side on the frozen synthetic set")
        page.text(NOTE)
        for table in versions:
            page.table(table, heading=table is not versions[0])
    _synthetic(page, metrics)
    places = region_table(metrics)
    if places:
        page.section(places.title)
        page.table(places, heading=False)
    strata = stratum_tables(metrics)
    if strata:
        page.section("By volume, brightness, place, thickness, age and type")
        for table in strata:
            page.table(table)
    across = data_set_table(metrics)
    if across:
        page.section("Across data sets")
        page.table(across, heading=False)
    _external(page, metrics)
    if ablation:
        page.section("What each part is worth")
        for table in ablation_tables(ablation):
            page.table(table)
    _hardest(page, metrics, sheets)
    _training(page, name, metrics, log)
    return page.html()


def auc_chart(metrics: Row, title: str) -> str:
    """AUC of every label with its interval, as an ``<svg>`` element."""
    rows = [
        (f"{label} ({f['positives']} slices)", f["auc"], *f["auc_ci95"])
        for label, f in metrics["slice"].items()
        if f["auc"] is not None and f["auc_ci95"]
    ]
    least = min((row[2] for row in rows), default=0.5)
    x_range = (min(0.5, math.floor(least * 10) / 10), 1.0)
    return interval_chart(title, rows, x_range=x_range, x_label="AUC")


def _glance(page: Page, metrics: Row, row: Row | None) -> None:
    page.section("At a glance")
    page.text(metrics["protocol"])
    page.table(aims_table(metrics, row), heading=False)
    page.text(f"{loss_sentence(metrics)}.")
    folds = ", ".join(number(v, 3) for v in metrics["fold_auc_any"])
    page.text(f"AUC of any by fold: {folds}. {metrics['bootstraps']} resamples of the patients.", "quiet")


def _slices(page: Page, metrics: Row) -> None:
    page.section("Slices")
    page.table(ranking_table(metrics), heading=False)
    page.charts([auc_chart(metrics, "AUC and its 95 % interval")])
    curves = metrics.get("curves", {})
    page.charts(
        [
            _curve_chart(f"ROC, {label}", "1 - specificity", "sensitivity", curve["roc"], diagonal=True)
            for label, curve in curves.items()
            if curve["roc"]
        ],
        "ROC curves of calibrated probabilities out of fold, with 95 % bands over patients.",
    )
    page.charts(
        [
            _curve_chart(f"Precision, {label}", "recall", "precision", curve["precision_recall"])
            for label, curve in curves.items()
            if curve["precision_recall"]
        ],
        "Precision-recall curves, with 95 % bands over patients.",
    )
    page.table(operating_table(metrics["slice"], "At the operating points"))
    page.text(
        "Operating points are chosen on the other folds and frozen: balanced at a specificity of "
        f"{BALANCED_SPECIFICITY:.2f} and a probability of at least {LEAST_BALANCED_PROBABILITY:.2f}, "
        f"high sensitivity at a sensitivity of {HIGH_SENSITIVITY:.2f}.",
        "note",
    )


def _calibration(page: Page, metrics: Row) -> None:
    page.section("Calibration")
    page.charts(
        [
            line_chart(
                Axes(label, "probability", "share with it", diagonal=True, width_px=250, height_px=240),
                [
                    _reliability_line(f, "reliability_uncalibrated", "before", 5),
                    _reliability_line(f, "reliability", "after", 0),
                ],
            )
            for label, f in metrics["slice"].items()
            if "reliability" in f
        ],
        "Reliability: share of positives over the mean probability of each of ten bins, before and after "
        "calibration (out of fold).",
    )
    page.table(calibration_table(metrics), heading=False)
    page.table(methods_table(metrics))


def _synthetic(page: Page, metrics: Row) -> None:
    synthetic = metrics.get("synthetic")
    if not synthetic:
        return
    page.section("Held-back synthetic sets")
    page.text(
        "Heads and lesions that no model was trained on; truth is certain. Calibration and thresholds are those "
        "fitted on real slices."
    )
    page.table(synthetic_table(synthetic), heading=False)
    for name, figures in synthetic["sets"].items():
        page.table(operating_table(figures["labels"], f"At the operating points: {name}"))
    page.text(twin_sentence(synthetic["twins"]))
    rows = [
        (f"{f['trait']} ({f['slices']})", rate, *(f["false_positives"]["balanced_ci95"] or (rate, rate)))
        for f in synthetic["hard_negatives"]
        if (rate := f["false_positives"]["balanced"]) is not None
    ]
    if rows:
        top = max(0.1, min(1.0, max(row[3] for row in rows)))
        page.charts(
            [
                interval_chart(
                    "Slices without blood flagged, balanced", rows, x_range=(0, top), x_label="share flagged"
                )
            ]
        )
        page.table(hard_negative_table(synthetic))


def _external(page: Page, metrics: Row) -> None:
    page.section("External test")
    external = metrics.get("external_test")
    if not external:
        page.text("External test: none yet. How it does on scans of other hospitals is not known.")
        return
    page.text(
        f"{external['slices']} slices of {external['patients']} patients: {', '.join(external['sources'])}."
    )
    page.table(ranking_table(external), heading=False)
    page.table(operating_table(external["slice"], "At the operating points"))
    page.table(study_table(external))


def _hardest(page: Page, metrics: Row, sheets: Sequence[tuple[str, bytes]]) -> None:
    page.section("Hardest cases")
    for caption, png in sheets:
        page.picture(png, caption)
    if not sheets:
        page.text("The pictures are not at hand: the stores that the recipe names are gone.", "quiet")
    for key, title in (("false_positives", "Without blood, said to have it"), ("false_negatives", "Missed")):
        cases = metrics.get("hardest", {}).get(key, [])
        rows = tuple(
            (
                c["series"],
                str(c["index"] + 1),
                f"{c['probabilities'][0]:.3f}",
                ", ".join(c["labels"]) or "none",
            )
            for c in cases
        )
        page.table(Table(title, ("series", "slice", "probability of any", "truth"), rows))


def _training(page: Page, name: str, metrics: Row, log: list[Row]) -> None:
    page.section("Training")
    rows = tuple(
        (
            row["run"],
            number(None if row["seconds"] is None else row["seconds"] / 60, 1),
            number(row["ms_per_sample"], 1),
            number(1000 / row["ms_per_sample"] if row["ms_per_sample"] else None, 1),
        )
        for row in log
    )
    page.table(Table("", ("run", "minutes", "ms a sample (median)", "samples a second"), rows), heading=False)
    lines = [
        Line(row["steps"], row["losses"], row["run"], color=i % 6)
        for i, row in enumerate(log)
        if len(row["steps"]) > 1
    ]
    if lines:
        axes = Axes(
            "Training loss",
            "step",
            "loss",
            x_range=(0.0, max(line.x[-1] for line in lines)),
            y_range=(0.0, max(max(line.y) for line in lines) * 1.05),
            width_px=560,
        )
        page.charts([line_chart(axes, lines)])
    curve = curve_chart(metrics.get("training_curve") or [])
    if curve:
        page.charts([curve])
    page.table(curve_table(metrics.get("training_curve") or []))
    share = metrics.get("synthetic_share") or {}
    if share:
        page.text(
            "Seen in training: " + ", ".join(f"{part:.0%} {kind}" for kind, part in share.items()) + "."
        )
    if "recipe" in metrics:
        page.text(f"The recipe of {name}:", "quiet")
        page.code(json.dumps(metrics["recipe"], indent=1))


def _runs_table(runs: Sequence[tuple[str, Row, list[Row]]]) -> Table:
    rows = tuple(
        (
            name,
            interval(metrics["slice"]["any"], "auc"),
            interval(metrics.get("mean", {}), "auc_of_types"),
            interval(metrics["weighted_log_loss"], "model", 4),
            number(metrics["slice"]["any"]["ece"], 3),
            interval(metrics["study"]["any"], "auc"),
        )
        for name, metrics, _ in runs
    )
    header = (
        "run",
        "AUC of any (95 %)",
        "mean of types (95 %)",
        "weighted log loss (95 %)",
        "ECE of any",
        "study AUC",
    )
    return Table("", header, rows)


def _curve_chart(title: str, x: str, y: str, curve: Row, *, diagonal: bool = False) -> str:
    line = Line(curve["x"], curve["y"], low=curve.get("low", ()), high=curve.get("high", ()))
    return line_chart(Axes(title, x, y, diagonal=diagonal, width_px=250, height_px=240), [line])


def _reliability_line(figures: Row, key: str, name: str, color: int) -> Line:
    points = figures[key]
    return Line(points["said"], points["true"], name, dots=True, color=color)
