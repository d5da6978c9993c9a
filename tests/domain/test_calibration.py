"""The logistic function and Platt calibration, worked by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ichviewer.domain.calibration import PlattCalibration, coherent, sigmoid

SIX = (1.0,) * 6


def test_sigmoid_by_hand():
    # 1 / (1 + e^-ln 3) = 1 / (1 + 1/3) = 0.75
    np.testing.assert_allclose(sigmoid([0.0, math.log(3), -math.log(3)]), [0.5, 0.75, 0.25], rtol=1e-15)


def test_sigmoid_saturates_without_overflow():
    np.testing.assert_array_equal(sigmoid([-1000.0, 1000.0]), [0.0, 1.0])


def test_sigmoid_keeps_the_unknown_unknown():
    assert np.isnan(sigmoid(np.nan))


@given(st.floats(-700, 700))
def test_sigmoid_is_symmetric(x):
    assert float(sigmoid(x) + sigmoid(-x)) == pytest.approx(1.0, abs=1e-15)


def test_calibration_by_hand():
    # Slope 2, intercept -1: logit 1 -> 2 * 1 - 1 = 1 -> 1 / (1 + e^-1) = 0.731059; slope 1, intercept 0: 0 -> 0.5
    calibration = PlattCalibration((2.0, 1.0, 1.0, 1.0, 1.0, 0.5), (-1.0, 0.0, math.log(3), 0.0, 0.0, 0.0))
    p = calibration.probabilities([[1.0, 0.0, 0.0, 0.0, 0.0, 2 * math.log(3)]])
    # Two types have 0.75 by themselves, but any hemorrhage has less, and no type has more than that.
    any_ = 1 / (1 + math.exp(-1))
    np.testing.assert_allclose(p, [[any_, 0.5, any_, 0.5, 0.5, any_]], atol=1e-7)
    assert p.dtype == np.float64


def test_the_identity_is_the_plain_sigmoid():
    x = np.linspace(5, -5, 12).reshape(2, 6)
    np.testing.assert_array_equal(PlattCalibration.identity().probabilities(x), sigmoid(x))


def test_any_hemorrhage_is_at_least_as_likely_as_each_type():
    p = coherent([[0.18, 0.33, 0.1, 0.0, 0.2, 0.1], [0.6, 0.5, 0.1, 0.2, 0.0, 0.3], [np.nan] * 6])
    np.testing.assert_array_equal(
        p, [[0.18, 0.18, 0.1, 0.0, 0.18, 0.1], [0.6, 0.5, 0.1, 0.2, 0.0, 0.3], [np.nan] * 6]
    )


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6))
def test_coherence_leaves_any_as_it_is_and_lowers_only_the_types_above_it(p):
    found = coherent(p)
    assert found[0] == p[0]
    assert found[1:].tolist() == [min(one, p[0]) for one in p[1:]]
    np.testing.assert_array_equal(coherent(found), found)


@given(
    st.lists(st.floats(0.05, 10), min_size=6, max_size=6),
    st.lists(st.floats(-10, 10), min_size=6, max_size=6),
    st.lists(st.floats(-50, 50), min_size=2, max_size=10),
)
def test_calibration_keeps_the_order_of_slices_and_stays_a_probability(slope, intercept, x):
    rising = np.repeat(np.sort(x)[:, None], 6, axis=1)
    p = PlattCalibration(tuple(slope), tuple(intercept)).probabilities(rising)
    assert np.all(np.diff(p, axis=0) >= 0)
    assert np.all((p >= 0) & (p <= 1))


@pytest.mark.parametrize(
    ("slope", "intercept"),
    [
        (SIX[:5], SIX),
        (SIX, SIX[:5]),
        ((1.0, 1.0, 1.0, 1.0, 1.0, 0.0), SIX),
        ((1.0, 1.0, -1.0, 1.0, 1.0, 1.0), SIX),
        (SIX, (0.0, 0.0, math.nan, 0.0, 0.0, 0.0)),
        ((math.inf, 1.0, 1.0, 1.0, 1.0, 1.0), SIX),
    ],
)
def test_an_impossible_calibration_cannot_be_built(slope, intercept):
    with pytest.raises(ValueError, match="Received"):
        PlattCalibration(slope, intercept)
