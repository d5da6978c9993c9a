"""The rule that answers for a series, fitted."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.domain.series_rule import LEAST_SLICES, SeriesRule
from ichviewer.learning.data.volumes import UNKNOWN
from ichviewer.learning.series_fit import SeriesTable, fit_series_rule

MAXIMUM = SeriesRule((1.0, 0.0, 0.0), (0.0,) * 6)


def made_up_series(rule, count, slices=20, seed=0):
    """Series whose truth is drawn with the probabilities that a rule gives them, without coherence."""
    rng = np.random.default_rng(seed)
    p = 1 / (1 + np.exp(-rng.normal(-1.5, 1.5, (count, slices, 6)) - rng.normal(0, 1, (count, 1, 6))))
    p[..., 0] = 1 - 1e-9
    table = SeriesTable.of_slices(
        np.repeat(np.arange(count), slices), p.reshape(-1, 6), np.zeros((count * slices, 6), np.uint8)
    )
    answers = table.answers(rule)
    # The rule lowers types to any, which is next to sure here: what it says of the types stays.
    labels = (rng.random(answers.shape) < answers).astype(np.uint8)
    labels[:, 0] = UNKNOWN
    return SeriesTable(table.first, table.slices, labels)


def test_slices_are_gathered_by_hand():
    series = np.array(["b", "a", "b", "a", "c"])
    p = np.arange(30).reshape(5, 6) / 30
    labels = np.array([[0] * 6, [0] * 6, [1, 0, 0, 0, 0, 0], [UNKNOWN, 0, 0, 0, 0, 1], [0] * 6], np.uint8)
    labels[0, 0] = UNKNOWN
    table = SeriesTable.of_slices(series, p, labels)
    assert table.first.tolist() == [1, 0, 4]
    np.testing.assert_array_equal(table.slices[0], p[[1, 3]])
    np.testing.assert_array_equal(table.slices[1], p[[0, 2]])
    assert table.labels.tolist() == [[UNKNOWN, 0, 0, 0, 0, 1], [1, 0, 0, 0, 0, 0], [0] * 6]
    np.testing.assert_array_equal(table.answers(None), p[[3, 2, 4]])
    some = table.of(np.array([False, True, True]))
    assert (len(some), some.first.tolist()) == (2, [0, 4])


def test_the_rule_that_made_the_truth_is_found():
    true = SeriesRule((0.4, 0.2, 0.7), (0.0, -1.0, -0.5, 0.0, 0.5, 1.0))
    found = fit_series_rule(made_up_series(true, 4000))
    # The features are much alike, so that the weights are less sure than what they say of other series.
    assert sum(found.weights) == pytest.approx(sum(true.weights), abs=0.05)
    fresh = made_up_series(true, 200, seed=1)
    np.testing.assert_allclose(fresh.answers(found), fresh.answers(true), atol=0.05)
    assert found.intercept[1:] == pytest.approx(true.intercept[1:], abs=0.2)
    # Nothing is known of any: its intercept stays where it was drawn to.
    assert found.intercept[0] == pytest.approx(0.0, abs=1e-6)


def test_without_series_the_rule_is_the_maximum():
    nothing = SeriesTable(np.zeros(0, np.intp), (), np.zeros((0, 6), np.uint8))
    assert fit_series_rule(nothing) == MAXIMUM
    assert nothing.answers(None).shape == (0, 6)
    short = made_up_series(MAXIMUM, 30, slices=LEAST_SLICES - 1)
    assert fit_series_rule(short) == MAXIMUM


def test_few_series_move_the_rule_little():
    few = fit_series_rule(made_up_series(SeriesRule((0.0, 0.0, 3.0), (3.0,) * 6), 3))
    many = fit_series_rule(made_up_series(SeriesRule((0.0, 0.0, 3.0), (3.0,) * 6), 600))
    assert few.weights[0] > 0.6 > many.weights[0]
    assert few.weights[2] < many.weights[2]


def test_weights_are_never_negative_even_if_slices_mislead():
    table = made_up_series(MAXIMUM, 300)
    # The more is said, the less is true.
    labels = (table.answers(None) < 0.6).astype(np.uint8)
    found = fit_series_rule(SeriesTable(table.first, table.slices, labels))
    assert min(found.weights) >= 0
    assert max(found.weights) < 0.05


def test_only_calibrated_the_rule_looks_at_the_highest_slice_alone():
    table = made_up_series(SeriesRule((0.0, 0.5, 0.5), (0.5,) * 6), 200)
    found = fit_series_rule(table, pooled=False)
    assert found.weights[1:] == (0.0, 0.0)
    assert found.weights[0] > 0
