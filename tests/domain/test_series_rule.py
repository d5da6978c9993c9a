"""The answer for a series, worked by hand and as invariants."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ichviewer.domain.calibration import coherent
from ichviewer.domain.series_rule import LEAST_SLICES, SeriesRule, highest, top_means

MAXIMUM = SeriesRule((1.0, 0.0, 0.0), (0.0,) * 6)

slices = hnp.arrays(np.float64, st.tuples(st.integers(1, 40), st.just(6)), elements=st.floats(0, 1)).map(
    coherent
)
rules = st.builds(
    SeriesRule,
    st.tuples(*[st.floats(0, 3)] * 3).filter(any),
    st.tuples(*[st.floats(-4, 4)] * 6),
)


def odds(*log_odds):
    """Slices whose six labels all have these log odds."""
    return np.repeat([[1 / (1 + math.exp(-z))] for z in log_odds], 6, axis=1)


def test_means_of_the_highest_by_hand():
    # Ten slices: the highest, the highest one (a tenth), the highest three (three tenths).
    found = top_means(odds(0, -3, 2, -3, 1, -3, -3, -3, -3, -3))
    np.testing.assert_allclose(found, [[2, 2, (2 + 1 + 0) / 3]] * 6)
    # Fifteen slices: 1.5 of them are a tenth, 4.5 three tenths.
    found = top_means(odds(3, 2, 1, 0, *[-2] * 11))
    np.testing.assert_allclose(found[0], [3, (3 + 0.5 * 2) / 1.5, (3 + 2 + 1 + 0 + 0.5 * -2) / 4.5])


def test_a_series_by_hand():
    rule = SeriesRule((0.5, 0.25, 0.5), (-1.0, -2.0, 0.0, 0.0, 0.0, -1.0))
    p = rule.probabilities(odds(0, -3, 2, -3, 1, -3, -3, -3, -3, -3))
    # 0.5 * 2 + 0.25 * 2 + 0.5 * 1 = 2, then the intercepts; types are lowered to any.
    sigmoid = [1 / (1 + math.exp(-z)) for z in (1, 0, 1, 1, 1, 1)]
    np.testing.assert_allclose(p, sigmoid)


@given(slices, rules, st.data())
def test_raising_a_slice_never_lowers_the_series(p, rule, data):
    row, label = data.draw(st.integers(0, len(p) - 1)), data.draw(st.integers(0, 5))
    raised = p.copy()
    raised[row, label] = data.draw(st.floats(p[row, label], 1))
    raised = coherent(raised)
    assert (rule.probabilities(raised) >= rule.probabilities(p) - 1e-12).all()


@given(slices, rules, st.randoms(use_true_random=False))
def test_the_order_of_slices_is_irrelevant(p, rule, random):
    order = list(range(len(p)))
    random.shuffle(order)
    np.testing.assert_allclose(rule.probabilities(p[order]), rule.probabilities(p), rtol=1e-12)


@given(slices, rules)
def test_any_is_at_least_each_type(p, rule):
    found = rule.probabilities(p)
    assert found.shape == (6,)
    assert (found >= 0).all()
    assert found[0] == found.max() <= 1


@given(slices.filter(lambda p: len(p) >= 10), rules, st.integers(2, 4))
def test_slices_cut_thinner_tell_the_same(p, rule, times):
    # From ten slices on, a tenth is a slice at least.
    thinner = np.repeat(p, times, axis=0)
    np.testing.assert_allclose(rule.probabilities(thinner), rule.probabilities(p), atol=1e-9)


@given(slices, rules)
def test_few_slices_are_no_head_and_keep_the_maximum(p, rule):
    few = p[: LEAST_SLICES - 1]
    np.testing.assert_array_equal(rule.probabilities(few), few.max(axis=0))
    np.testing.assert_array_equal(rule.probabilities(few[:1]), few[0])
    np.testing.assert_array_equal(highest(p), p.max(axis=0))


@given(slices)
def test_the_rule_of_the_highest_slice_is_the_maximum(p):
    np.testing.assert_allclose(MAXIMUM.probabilities(p), p.max(axis=0), atol=2e-6)


@pytest.mark.parametrize(
    "p",
    [np.empty((0, 6)), np.full(6, 0.5), np.full((9, 5), 0.5), np.full((9, 6), np.nan), np.full((9, 6), 1.01)],
    ids=["no slice", "no table", "five labels", "NaN", "more than 1"],
)
def test_what_is_no_probability_of_slices_is_refused(p):
    for answer in (MAXIMUM.probabilities, highest, top_means):
        with pytest.raises(ValueError, match="Received"):
            answer(p)


@pytest.mark.parametrize(
    ("weights", "intercept"),
    [
        ((1.0, 0.0), (0.0,) * 6),
        ((1.0, 0.0, 0.0), (0.0,) * 5),
        ((1.0, -0.1, 0.0), (0.0,) * 6),
        ((0.0, 0.0, 0.0), (0.0,) * 6),
        ((math.nan, 0.0, 0.0), (0.0,) * 6),
        ((1e308, 0.0, 0.0), (0.0,) * 6),
        ((1.0, 0.0, 0.0), (math.inf, *(0.0,) * 5)),
    ],
)
def test_a_broken_rule_cannot_be(weights, intercept):
    with pytest.raises(ValueError, match="Received"):
        SeriesRule(weights, intercept)
