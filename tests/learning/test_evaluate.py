"""Figures of a cross-validation."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from fake_runs import write_fake_runs

from ichviewer.domain.series_rule import SeriesRule
from ichviewer.errors import LearningError
from ichviewer.learning.evaluate import (
    evaluate,
    evaluate_runs,
    shipped_fit,
    shipped_series_rule,
    write_metrics,
)
from ichviewer.learning.evaluation.ablation import ablation_line, ablation_tables
from ichviewer.learning.evaluation.bootstrap import Bootstrap
from ichviewer.learning.evaluation.crossfit import cross_fit
from ichviewer.learning.evaluation.figures import rates
from ichviewer.learning.evaluation.predictions import Predictions, read_out_of_fold
from ichviewer.learning.evaluation.tables import ranking_table, summary


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    return write_fake_runs(tmp_path_factory.mktemp("runs") / "first", synthetic=True)


@pytest.fixture(scope="module")
def figures(runs):
    return evaluate_runs(runs, resamples=20)


def test_rates_worked_by_hand():
    y, flagged = np.array([1, 1, 1, 0, 0], np.uint8), np.array([True, True, False, True, False])
    found = rates(y, flagged, Bootstrap(np.arange(5), np.ones((1, 5))))
    assert found["sensitivity"] == pytest.approx(2 / 3)
    assert found["specificity"] == 0.5
    assert found["ppv"] == pytest.approx(2 / 3)
    assert found["npv"] == 0.5
    assert found["accuracy"] == pytest.approx(3 / 5)
    assert found["accuracy_ci95"] == pytest.approx([3 / 5, 3 / 5])


def test_all_figures_are_there_and_plausible(figures):
    assert figures["data"]["slices"] == 360
    assert figures["data"]["patients"] == 30
    for row in figures["slice"].values():
        assert row["positives"] == 15 * 4
        assert 0.9 < row["auc"] <= 1
        assert row["auc_ci95"][0] <= row["auc"] <= row["auc_ci95"][1]
        assert row["average_precision_ci95"][0] <= row["average_precision"]
        assert row["log_loss"] < row["log_loss_prevalence_only"]
        assert row["operating_points"]["balanced"]["specificity"] > 0.85
        assert row["operating_points"]["high_sensitivity"]["sensitivity"] > 0.75
        assert sum(row["reliability"]["slices"]) == 360
    loss = figures["weighted_log_loss"]
    assert loss["model"] < loss["model_uncalibrated"] < loss["prevalence_only"]
    assert len(figures["fold_auc_any"]) == 5
    assert figures["external_test"] is None
    assert figures["study"]["any"]["positives"] == 15
    assert set(figures["series_answers"]["ways"]) == {"maximum", "maximum, calibrated", "pooled"}
    chosen = figures["series_answers"]["ways"][figures["study_answer"]]
    assert chosen["auc_any"] == figures["study"]["any"]["auc"]
    assert (shipped_series_rule(figures) is None) == (figures["study_answer"] == "maximum")
    assert figures["mean"]["resamples_with_all_types"] > 15
    assert figures["calibrations"]["platt"]["weighted_log_loss"] == pytest.approx(loss["model"])


def test_synthetic_sets_are_told_apart_by_kind_and_by_whose_model_spoke(figures):
    assert set(figures["synthetic"]["sets"]) == {"painted, models of the folds", "map, final model"}
    painted = figures["synthetic"]["sets"]["painted, models of the folds"]
    assert (painted["heads"], painted["series"], painted["slices"]) == (30, 60, 480)
    assert painted["labels"]["any"]["positives"] == 120
    assert figures["synthetic"]["twins"]["pairs"] == 30
    regions = figures["regions"]
    assert set(regions["sets"]) == {"painted, models of the folds", "map, final model"}
    # Nobody drew real blood here.
    assert regions["fitted_on"] == ["painted"]
    painted = regions["sets"]["painted, models of the folds"]["subdural"]
    assert painted["pointing"] == pytest.approx(0.8, abs=0.15)
    # 3 of 4 cells are found and nothing else: 2 * 3 / (3 + 4).
    assert painted["dice"] == pytest.approx(6 / 7)
    assert figures["training_curve"][0]["auc_any"] == figures["slice"]["any"]["auc"]
    assert [row["set"] for row in figures["by_data_set"]] == [
        "ct-ich, out of fold",
        "painted, models of the folds",
        "map, final model",
    ]


def test_the_same_seed_gives_the_same_figures(runs, figures):
    assert evaluate_runs(runs, resamples=20) == figures
    other = evaluate_runs(runs, resamples=20, seed=2)
    assert other["slice"]["epidural"]["log_loss"] == figures["slice"]["epidural"]["log_loss"]
    assert other["slice"]["epidural"]["log_loss_ci95"] != figures["slice"]["epidural"]["log_loss_ci95"]


def test_unknown_labels_are_left_out_label_by_label(tmp_path):
    figures = evaluate_runs(write_fake_runs(tmp_path / "runs", unknown=3), resamples=5)
    assert (figures["slice"]["any"]["positives"], figures["slice"]["any"]["unknown"]) == (57, 3)
    assert (figures["slice"]["epidural"]["positives"], figures["slice"]["epidural"]["unknown"]) == (60, 0)
    # The patient is still known to bleed, from the slice that is left.
    assert figures["study"]["any"]["positives"] == 15


def test_knowing_nothing_gains_nothing_over_the_prevalence(tmp_path):
    told = read_out_of_fold(write_fake_runs(tmp_path / "runs"))
    noise = np.random.default_rng(5).normal(size=told.logits.shape)
    blind = Predictions(**{**told.__dict__, "logits": noise})
    figures = evaluate(blind, cross_fit(blind), resamples=20)
    loss = figures["weighted_log_loss"]
    assert loss["model"] == pytest.approx(loss["prevalence_only"], rel=0.03)
    # Pooled over folds that were fitted apart, chance lies a little below one half; it must not lie above.
    assert figures["slice"]["any"]["auc"] < 0.55


def test_the_fit_of_a_fold_does_not_know_the_fold(tmp_path):
    told = read_out_of_fold(write_fake_runs(tmp_path / "runs"))
    changed = told.labels.copy()
    changed[told.fold == 2] = 1 - changed[told.fold == 2]
    other = Predictions(**{**told.__dict__, "labels": changed})
    assert cross_fit(told).fits[2] == cross_fit(other).fits[2]
    assert cross_fit(told).fits[0] != cross_fit(other).fits[0]


def test_one_fold_alone_is_enough_if_told_so(tmp_path):
    runs = write_fake_runs(tmp_path / "runs", synthetic=True)
    for fold in (0, 1, 3, 4):
        shutil.rmtree(runs / f"fold_{fold}")
    with pytest.raises(LearningError, match="not been trained"):
        evaluate_runs(runs, resamples=5)
    told = read_out_of_fold(runs, partial=True)
    # Six patients, three of whom bleed, dealt out to five groups.
    assert len(np.unique(told.patient)) == 6
    assert set(told.fold) == {0, 1, 2, 3, 4}
    assert all(len(set(told.fold[told.patient == p])) == 1 for p in np.unique(told.patient))
    assert len(set(told.fold[told.labels[:, 0] == 1])) == 3
    figures = evaluate_runs(runs, resamples=5, partial=True)
    assert "Only 1 of 5 folds were trained." in figures["protocol"]
    assert figures["synthetic"]["sets"]["painted, models of the folds"]["heads"] == 6


def test_figures_become_a_line_of_the_ablation_table(figures):
    line = ablation_line(figures | {"recipe": {"batch": 16}}, "all", "everything")
    assert (line["samples"], line["seconds"]) == (160, 20.0)
    assert line["auc"]["any"] == [figures["slice"]["any"]["auc"], *figures["slice"]["any"]["auc_ci95"]]
    assert line["log_loss"][0] == figures["weighted_log_loss"]["model"]
    assert line["synthetic_set"] == "painted, models of the folds"
    real, made = ablation_tables([json.loads(json.dumps(line))])
    assert real.rows[0][:3] == ("all", "everything", "160")
    assert made.rows[0][0] == "all"


def test_an_external_data_set_is_judged_with_what_was_fitted_here(runs, tmp_path):
    path = runs / "fold_0" / "out_of_fold.npz"
    figures = evaluate_runs(runs, resamples=5, external=path)
    assert figures["external_test"]["slices"] == 72
    assert figures["by_data_set"][-1]["set"] == "external"
    assert "External test, by slice" in summary(figures)


def test_what_is_written_can_be_read_back_with_all_its_digits(figures, tmp_path):
    write_metrics(figures, tmp_path / "model" / "metrics.json")
    text = (tmp_path / "model" / "metrics.json").read_text(encoding="utf-8")
    assert shipped_fit(json.loads(text)) == shipped_fit(figures)
    assert shipped_series_rule(json.loads(text)) == shipped_series_rule(figures)
    rule = {"weights": [1 / 3, 0.0, 0.1], "intercept": [0.1] * 6}
    pooled = figures | {"fitted_on_all_folds": figures["fitted_on_all_folds"] | {"series_rule": rule}}
    write_metrics(pooled, tmp_path / "metrics.json")
    again = shipped_series_rule(json.loads((tmp_path / "metrics.json").read_text(encoding="utf-8")))
    assert again == SeriesRule((1 / 3, 0.0, 0.1), (0.1,) * 6)
    assert set(shipped_fit(figures).operating_points) == {"balanced", "high_sensitivity"}
    assert len(text.splitlines()) < 4000
    assert max(len(line) for line in text.splitlines()) < 2000


def test_the_terminal_shows_every_label_and_no_claim(figures):
    text = summary(figures)
    assert all(label in text for label in figures["slice"])
    assert "No clinical claim" in text
    assert "Studies (highest probability over the slices)" in summary(figures | {"study_answer": "maximum"})
    assert "gain of pooled" in text
    assert "Studies (pooled over the slices)" in summary(figures | {"study_answer": "pooled"})
    assert "External test: none yet" in text
    assert len(ranking_table(figures).rows) == 7
