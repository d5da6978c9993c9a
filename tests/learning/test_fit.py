"""Smoothing, calibration and thresholds fitted on out-of-fold logits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.learning.fit import (
    Logits,
    _platt_loss,
    fit,
    fit_platt,
    fit_temperature,
    threshold_at_sensitivity,
    threshold_at_specificity,
)


def made_up_logits(patients=40, slices=20, seed=0, noise=1.0):
    """Runs of five positive slices in every other patient; logits are the truth and noise, twice too steep."""
    rng = np.random.default_rng(seed)
    labels = np.zeros((patients, slices, 6), np.int64)
    for patient in range(0, patients, 2):
        start = rng.integers(0, slices - 5)
        labels[patient, start : start + 5] = rng.random(6) < 0.7
        labels[patient, start : start + 5, 0] = 1
    labels = labels.reshape(-1, 6)
    values = 2 * (labels * 2.0 - 2.5 + noise * rng.standard_normal(labels.shape))
    position_mm = np.tile(np.arange(slices) * 5.0, patients)
    return Logits(np.repeat(np.arange(patients), slices), position_mm, values, labels)


def test_platt_finds_the_slope_and_the_intercept_that_made_the_data():
    rng = np.random.default_rng(0)
    x = rng.normal(0, 2, (40_000, 6))
    p = 1 / (1 + np.exp(-(0.7 * x - 1.2)))
    calibration = fit_platt(x, rng.random(x.shape) < p)
    assert calibration.slope == pytest.approx((0.7,) * 6, abs=0.04)
    assert calibration.intercept == pytest.approx((-1.2,) * 6, abs=0.06)


def test_slopes_stay_positive_even_if_the_model_is_worse_than_chance():
    x = np.tile(np.linspace(-3, 3, 100)[:, None], (1, 6))
    assert min(fit_platt(x, x < 0).slope) > 0


def test_a_label_that_never_occurs_is_made_unlikely():
    x = np.random.default_rng(0).normal(0, 1, (500, 6))
    p = fit_platt(x, np.zeros((500, 6), int)).probabilities(x)
    assert p.max() < 0.05


def test_unknown_labels_do_not_change_the_fit():
    rng = np.random.default_rng(0)
    x, y = rng.normal(0, 1, (300, 6)), (rng.random((300, 6)) < 0.3).astype(np.uint8)
    more, unknown = np.concatenate([x, x + 9]), np.concatenate([y, np.full_like(y, 255)])
    assert fit_platt(more, unknown) == fit_platt(x, y)
    assert fit_temperature(more, unknown).slope == pytest.approx(fit_temperature(x, y).slope, rel=1e-4)
    assert threshold_at_specificity([0, 0, 255], [0.1, 0.2, 0.9], 1.0) < 0.21
    assert threshold_at_sensitivity([1, 1, 255], [0.3, 0.2, 0.1], 1.0) == 0.2


def test_platt_is_where_the_loss_is_lowest():
    from scipy.optimize import minimize

    rng = np.random.default_rng(3)
    x = rng.normal(-2, 3, 500)
    y = (rng.random(500) < 1 / (1 + np.exp(-0.5 * x))).astype(int)
    target = np.where(y, (y.sum() + 1) / (y.sum() + 2), 1 / ((1 - y).sum() + 2))
    found = minimize(
        _platt_loss,
        [1.0, 0.0],
        (x, target, np.ones(500)),
        method="Nelder-Mead",
        options={"xatol": 1e-9, "fatol": 1e-12},
    )
    calibration = fit_platt(np.tile(x[:, None], (1, 6)), np.tile(y[:, None], (1, 6)))
    assert calibration.slope[0] == pytest.approx(found.x[0], abs=1e-5)
    assert calibration.intercept[0] == pytest.approx(found.x[1], abs=1e-5)


def test_temperature_finds_the_one_slope_that_made_the_data():
    rng = np.random.default_rng(0)
    x = rng.normal(0, 2, (20_000, 6))
    found = fit_temperature(x, rng.random(x.shape) < 1 / (1 + np.exp(-0.6 * x)))
    assert found.slope == pytest.approx((0.6,) * 6, abs=0.02)
    assert found.intercept == (0.0,) * 6


def test_logits_that_do_not_fit_their_labels_are_refused():
    with pytest.raises(ValueError, match="2 slices need"):
        Logits(np.array([1, 1]), np.zeros(2), np.zeros((2, 6)), np.zeros((3, 6), int))


def test_smoothing_stays_within_patients():
    logits = Logits(
        np.array([1, 1, 2]),
        np.array([0.0, 5.0, 10.0]),
        np.array([[0.0] * 6, [1.0] * 6, [9.0] * 6]),
        np.zeros((3, 6), int),
    )
    # 5 mm apart with sigma 5: the neighbor weighs exp(-1/2) = 0.60653; 0.60653 / 1.60653 = 0.37754.
    assert logits.smoothed(5.0)[:, 0] == pytest.approx([0.37754, 0.62246, 9.0], abs=1e-5)
    assert logits.smoothed(0.0)[:, 0].tolist() == [0.0, 1.0, 9.0]


def test_smoothing_is_chosen_where_neighbors_help_and_not_where_noise_is_absent():
    assert fit(made_up_logits(noise=1.5)).sigma_mm > 0
    assert fit(made_up_logits(noise=0.01)).sigma_mm == 0


def test_thresholds_worked_by_hand():
    labels = [0] * 10 + [1] * 5
    p = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.12, 0.33, 0.46, 0.6, 0.9]
    # Specificity 0.9: one of ten negatives may be flagged, so the threshold lies just above 0.45.
    threshold = threshold_at_specificity(labels, p, 0.9)
    assert 0.45 < threshold < 0.46
    # Sensitivity 0.8: four of five positives, so down to 0.33.
    assert threshold_at_sensitivity(labels, p, 0.8) == 0.33
    assert threshold_at_sensitivity(labels, p, 1.0) == 0.12


@given(
    data=st.lists(st.tuples(st.booleans(), st.floats(0.001, 0.999)), min_size=2, max_size=200),
    wanted=st.floats(0.5, 1.0),
)
def test_thresholds_keep_their_promise(data, wanted):
    y, p = np.array([d[0] for d in data]), np.array([d[1] for d in data])
    if not y.all():
        assert (p[~y] < threshold_at_specificity(y, p, wanted)).mean() >= wanted - 1e-9
    if y.any():
        assert (p[y] >= threshold_at_sensitivity(y, p, wanted)).mean() >= wanted - 1e-9


def test_the_operating_points_reach_what_they_are_named_for():
    logits = made_up_logits(noise=1.5)
    fitted = fit(logits)
    p = fitted.calibration.probabilities(logits.smoothed(fitted.sigma_mm))
    for i in range(6):
        negative, positive = p[logits.labels[:, i] == 0, i], p[logits.labels[:, i] == 1, i]
        assert (negative < fitted.operating_points["balanced"][i]).mean() >= 0.97
        assert fitted.operating_points["balanced"][i] >= 0.10
        assert (positive >= fitted.operating_points["high_sensitivity"][i]).mean() >= 0.9
        assert fitted.operating_points["high_sensitivity"][i] <= fitted.operating_points["balanced"][i]
