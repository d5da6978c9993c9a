"""Figures and their intervals, all draws at once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.learning.evaluation.bootstrap import Bootstrap, Estimate, mean_estimate


def alone(n):
    """One draw in which every sample counts once."""
    return Bootstrap(np.arange(n), np.ones((1, n)))


def test_auc_worked_by_hand():
    y, p = [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]
    # Of the four pairs, 0.35 beats 0.1 but not 0.4, and 0.8 beats both: 3 / 4.
    assert alone(4).auc(y, p) == Estimate(0.75, 0.75, 0.75)
    # A draw that drops the second sample and takes the first twice: all pairs are right.
    twice = Bootstrap(np.arange(4), np.array([[2.0, 0, 1, 1]]))
    assert twice.auc(y, p) == Estimate(0.75, 1.0, 1.0)
    # A tie counts half.
    assert alone(2).auc([0, 1], [0.5, 0.5]).value == 0.5
    assert alone(4).auc([0, 0, 0, 0], p) == Estimate(None)


def test_average_precision_worked_by_hand():
    # From the top: 0.8 is positive (precision 1, recall 1/2), 0.4 is not, 0.35 is (precision 2/3, recall 1).
    assert alone(4).average_precision([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]).value == pytest.approx(
        0.5 + 0.5 * 2 / 3
    )
    # Tied samples are found together: precision 1/2 at once.
    assert alone(2).average_precision([0, 1], [0.5, 0.5]).value == 0.5


def test_a_ratio_counts_patients_as_often_as_they_are_drawn():
    # Patient 0 has one hit of two, patient 1 one of one; drawn 2 : 0, 1 : 1 and 0 : 2 times.
    boot = Bootstrap(np.array([0, 0, 1]), np.array([[2.0, 0], [1, 1], [0, 2]]))
    assert boot.ratio_draws([1, 0, 1], [1, 1, 1]).tolist() == pytest.approx([0.5, 2 / 3, 1.0])
    assert boot.ratio([1, 0, 1], [1, 1, 1]).value == pytest.approx(2 / 3)
    assert boot.ratio([0, 0, 0], [0, 0, 0]) == Estimate(None)


def test_none_of_seven_patients_does_not_mean_never():
    # (1 - p) ** 7 = 0.025 at p = 0.410.
    boot = Bootstrap.over(np.arange(14) // 2, 100)
    assert boot.ratio(np.zeros(14), np.ones(14)).high == pytest.approx(0.410, abs=0.001)
    assert boot.ratio(np.ones(14), np.ones(14)) == Estimate(1.0, pytest.approx(0.590, abs=0.001), 1.0)


@given(
    samples=st.lists(st.tuples(st.booleans(), st.integers(0, 6), st.integers(0, 4)), min_size=4, max_size=60),
    seed=st.integers(0, 99),
)
def test_each_draw_is_what_scikit_learn_finds_with_its_weights(samples, seed):
    from sklearn.metrics import average_precision_score, roc_auc_score

    y, p, patient = (np.array(column) for column in zip(*samples, strict=True))
    boot = Bootstrap.over(patient, 5, seed)
    auc, precision = boot.auc_draws(y, p), boot.average_precision_draws(y, p)
    for i in range(5):
        w = boot.weights[i, boot.member]
        if (w * y).sum() > 0 and (w * ~y).sum() > 0:
            assert auc[i] == pytest.approx(roc_auc_score(y, p, sample_weight=w))
            assert precision[i] == pytest.approx(average_precision_score(y, p, sample_weight=w))
        else:
            assert np.isnan(auc[i])


def test_whole_patients_are_drawn_and_the_same_ones_with_the_same_seed():
    patients = np.repeat(["a", "b", "c"], [5, 1, 3])
    one, other = Bootstrap.over(patients, 50, seed=3), Bootstrap.over(patients, 50, seed=3)
    assert np.array_equal(one.weights, other.weights)
    assert one.weights.shape == (50, 3)
    assert (one.weights.sum(axis=1) == 3).all()
    assert not np.array_equal(one.weights, Bootstrap.over(patients, 50, seed=4).weights)


def test_some_samples_keep_the_draws_of_their_patients():
    boot = Bootstrap.over(["a", "b", "b"], 20, seed=0)
    some = boot.of(np.array([False, True, True]))
    assert np.array_equal(some.weights[:, some.member], boot.weights[:, boot.member][:, 1:])


def test_the_interval_of_many_patients_is_that_of_the_binomial():
    rng = np.random.default_rng(0)
    hits = (rng.random(400) < 0.3).astype(float)
    found = Bootstrap.over(np.arange(400), 2000, seed=1).ratio(hits, np.ones(400))
    spread = 1.96 * np.sqrt(hits.mean() * (1 - hits.mean()) / 400)
    assert found.low == pytest.approx(hits.mean() - spread, abs=0.006)
    assert found.high == pytest.approx(hits.mean() + spread, abs=0.006)


def test_a_mean_needs_every_figure_and_every_figure_in_a_draw():
    assert mean_estimate([0.5, None], [np.zeros(2), np.zeros(2)]) == Estimate(None)
    found = mean_estimate([0.4, 0.6], [np.array([0.2, np.nan]), np.array([0.4, 0.9])])
    assert (found.value, found.low) == (pytest.approx(0.5), pytest.approx(0.3))
