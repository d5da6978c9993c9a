"""Figures of a cross-validation."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.errors import LearningError
from ichviewer.learning.evaluate import (
    _auc_with_interval,
    _rates,
    evaluate,
    expected_calibration_error,
    read_out_of_fold,
    shipped_fit,
    weighted_auc,
)
from ichviewer.learning.fit import Logits
from ichviewer.learning.report import figure_rows, summary


def write_runs(folder, *, folds=5, patients=30, slices=12, seed=0):
    rng = np.random.default_rng(seed)
    (folder).mkdir(parents=True)
    (folder / "config.json").write_text(
        json.dumps({"folds": folds, "cache": "none", "sampling": {"painted": 0.0}}), encoding="utf-8"
    )
    for fold in range(folds):
        mine = np.arange(fold, patients, folds)
        labels = np.zeros((len(mine), slices, 6), np.int64)
        labels[mine % 2 == 0, 3:7] = 1
        labels = labels.reshape(-1, 6)
        run = folder / f"fold_{fold}"
        run.mkdir()
        np.savez(
            run / "out_of_fold.npz",
            patient=np.repeat(mine, slices),
            index=np.tile(np.arange(slices), len(mine)),
            logits=(3.0 * labels - 2.5 + 1.2 * rng.standard_normal(labels.shape)).astype(np.float32),
            labels=labels,
            has_brain=np.ones(len(labels), bool),
        )
    return folder


@pytest.fixture(scope="module")
def figures(tmp_path_factory):
    runs = write_runs(tmp_path_factory.mktemp("runs") / "first")
    return evaluate(*read_out_of_fold(runs), bootstraps=20)


def test_calibration_error_worked_by_hand():
    # Bin 0.1..0.2 holds two slices said to be 0.15, one of which is positive: |0.3 - 1| = 0.7 too little.
    # Bin 0.8..0.9 holds two said to be 0.85, both positive: |1.7 - 2| = 0.3. Together 1.0 over 4 slices.
    assert expected_calibration_error([1, 0, 1, 1], [0.15, 0.15, 0.85, 0.85]) == pytest.approx(0.25)
    assert expected_calibration_error([1, 0], [1.0, 0.0]) == 0


def test_auc_worked_by_hand():
    y, p = np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8])
    # Of the four pairs, 0.35 beats 0.1 but not 0.4, and 0.8 beats both: 3 / 4.
    one = np.ones((1, 4))
    assert _auc_with_interval(y, p, one) == {"auc": 0.75, "auc_ci95": [0.75, 0.75]}
    # A resample that drops the second slice and takes the first twice: all pairs are right.
    assert _auc_with_interval(y, p, np.array([[2.0, 0, 1, 1]]))["auc_ci95"] == [1.0, 1.0]
    assert _auc_with_interval(np.zeros(4, int), p, one) == {"auc": None, "auc_ci95": None}


@given(
    pairs=st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 3)), min_size=4, max_size=60),
)
def test_weighted_auc_is_that_of_scikit_learn(pairs):
    from sklearn.metrics import roc_auc_score

    y, p, w = (np.array(column) for column in zip(*pairs, strict=True))
    both = (w * y).sum() > 0 and (w * ~y).sum() > 0
    found = weighted_auc(y, p, w[None].astype(float))[0]
    assert np.isnan(found) if not both else found == pytest.approx(roc_auc_score(y, p, sample_weight=w))


def test_rates_worked_by_hand():
    y, flagged = np.array([1, 1, 1, 0, 0]), np.array([True, True, False, True, False])
    rates = _rates(y, flagged, np.ones((1, 5)))
    assert rates["sensitivity"] == pytest.approx(2 / 3)
    assert rates["specificity"] == 0.5
    assert rates["ppv"] == pytest.approx(2 / 3)


def test_all_figures_are_there_and_plausible(figures):
    assert figures["data"]["slices"] == 360
    assert figures["data"]["patients"] == 30
    for row in figures["slice"].values():
        assert row["positives"] == 15 * 4
        assert 0.9 < row["auc"] < 1
        assert row["auc_ci95"][0] <= row["auc"] <= row["auc_ci95"][1]
        assert row["operating_points"]["balanced"]["specificity"] > 0.85
        assert row["operating_points"]["high_sensitivity"]["sensitivity"] > 0.75
    loss = figures["weighted_log_loss"]
    assert loss["model"] < loss["model_uncalibrated"] < loss["prevalence_only"]
    assert len(figures["fold_auc_any"]) == 5
    assert figures["external_test"] is None
    assert figures["study"]["any"]["positives"] == 15


def test_knowing_nothing_gains_nothing_over_the_prevalence(tmp_path):
    logits, fold_of = read_out_of_fold(write_runs(tmp_path / "runs"))
    noise = np.random.default_rng(5).normal(size=logits.values.shape)
    figures = evaluate(Logits(logits.patient, logits.index, noise, logits.labels), fold_of, bootstraps=20)
    loss = figures["weighted_log_loss"]
    assert loss["model"] == pytest.approx(loss["prevalence_only"], rel=0.03)
    # Pooled over folds that were fitted apart, chance lies a little below one half; it must not lie above.
    assert figures["slice"]["any"]["auc"] < 0.55


def test_what_ships_can_be_read_back(figures):
    fitted = shipped_fit(json.loads(json.dumps(figures)))
    assert fitted.sigma_mm == figures["fitted_on_all_folds"]["sigma_mm"]
    assert set(fitted.operating_points) == {"balanced", "high_sensitivity"}


def test_the_terminal_shows_every_label_and_no_claim(figures):
    text = summary(figures)
    assert all(label in text for label in figures["slice"])
    assert "No clinical claim" in text
    assert len(figure_rows(figures)) == 7


def test_a_missing_fold_or_a_slice_in_two_folds_is_told(tmp_path):
    runs = write_runs(tmp_path / "runs")
    first, second = (runs / f"fold_{i}" / "out_of_fold.npz" for i in (0, 1))
    second.write_bytes(first.read_bytes())
    with pytest.raises(LearningError, match="two folds"):
        read_out_of_fold(runs)
    second.unlink()
    with pytest.raises(LearningError, match="not been trained"):
        read_out_of_fold(runs)
    with pytest.raises(LearningError, match="no folder of training runs"):
        read_out_of_fold(tmp_path)
