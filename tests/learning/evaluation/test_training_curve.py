"""Figures against training time, over two rounds of made-up runs."""

from __future__ import annotations

import json

import pytest
from fake_runs import write_fake_runs

from ichviewer.learning.evaluation.training_curve import (
    KEPT_BACK,
    OUT,
    curve_chart,
    curve_table,
    training_curve,
)


@pytest.fixture
def last(tmp_path):
    """A round on all patients alone, watched at step 10; then one of two folds that starts from it."""
    first = tmp_path / "pre"
    (first / "final").mkdir(parents=True)
    (first / "config.json").write_text(json.dumps({"folds": 2, "batch": 8}), encoding="utf-8")
    kinds = ("epidural", "intraparenchymal", "intraventricular", "subarachnoid", "subdural")
    metrics = {"auc_any": 0.7, "weighted_log_loss": 0.2} | {f"auc_{kind}": 0.6 for kind in kinds}
    lines = [
        {"step": 10, "loss": 0.5, "seconds": 1800.0, "metrics": metrics},
        {"step": 20, "loss": 0.4, "seconds": 3600.0},
    ]
    (first / "final" / "log.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    runs = write_fake_runs(tmp_path / "main", folds=3, patients=9, slices=10)
    config = json.loads((runs / "config.json").read_text(encoding="utf-8"))
    config["start_from"] = str(first / "final" / "model.keras")
    (runs / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return runs


def test_slices_and_hours_add_up_over_the_rounds(last):
    watched, judged = training_curve(last)
    assert (watched["round"], watched["of"], watched["samples"], watched["hours"]) == (
        "pre",
        KEPT_BACK,
        80,
        0.5,
    )
    assert (watched["auc_any"], watched["weighted_log_loss"]) == (0.7, 0.2)
    assert watched["auc_types"] == pytest.approx(0.6)
    # 20 steps of 8, then 10 steps of 16 in each fold; an hour, then the 20 seconds of a fold.
    assert (judged["round"], judged["of"], judged["samples"]) == ("main", OUT, 320)
    assert judged["hours"] == pytest.approx(1 + 20 / 3600)
    assert 0.9 < judged["auc_any"] <= 1
    assert 0 < judged["weighted_log_loss"] < 0.3


def test_the_table_tells_what_was_judged_and_the_chart_also_what_was_watched(last):
    points = training_curve(last)
    table = curve_table(points)
    assert [row[:2] for row in table.rows] == [("main", "320")]
    chart = curve_chart(points)
    assert chart.startswith("<svg")
    assert KEPT_BACK in chart
    assert chart.count("<circle") == 2


def test_nothing_is_drawn_where_nothing_is_known(tmp_path):
    assert curve_table([]) is None
    assert curve_chart([]) is None
    runs = write_fake_runs(tmp_path / "alone", folds=2, patients=8, slices=10)
    assert len(training_curve(runs)) == 1
