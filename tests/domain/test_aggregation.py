"""Smoothing over neighbouring slices and the study-level maximum, worked by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ichviewer.domain.aggregation import REACH_SIGMA, smooth_logits, strongest

NAN = float("nan")
# Weight of a neighbour at one and at two sigma.
E1, E2 = math.exp(-0.5), math.exp(-2.0)

logits = hnp.arrays(np.float64, st.tuples(st.integers(1, 8), st.just(2)), elements=st.floats(-20, 20))


def test_three_slices_by_hand():
    # Sigma 5 mm, slices 5 mm apart: weights 1, e^-0.5 = 0.6065, e^-2 = 0.1353.
    out = smooth_logits([[4.0], [0.0], [-2.0]], [0.0, 5.0, 10.0], sigma_mm=5.0)
    expected = [
        (4.0 + 0.0 * E1 - 2.0 * E2) / (1 + E1 + E2),
        (4.0 * E1 + 0.0 - 2.0 * E1) / (1 + 2 * E1),
        (4.0 * E2 + 0.0 * E1 - 2.0) / (1 + E1 + E2),
    ]
    np.testing.assert_allclose(out[:, 0], expected, rtol=1e-12)
    # The same in figures: 3.7293 / 1.7419, 1.2131 / 2.2131, -1.4587 / 1.7419.
    np.testing.assert_allclose(out[:, 0], [2.14101, 0.54814, -0.83741], atol=1e-4)


def test_weights_go_by_distance_not_by_index():
    # The third slice lies 20 mm off, 4 sigma: it has no say in the others, nor they in it.
    out = smooth_logits([[4.0], [0.0], [9.0]], [0.0, 5.0, 25.0], sigma_mm=5.0)
    np.testing.assert_allclose(out[:, 0], [4 / (1 + E1), 4 * E1 / (1 + E1), 9.0], rtol=1e-12)


def test_the_reach_ends_at_three_sigma_inclusive():
    at = math.exp(-0.5 * REACH_SIGMA**2)
    assert smooth_logits([[1.0], [0.0]], [0.0, 3.0], 1.0)[1, 0] == pytest.approx(at / (1 + at))
    assert smooth_logits([[1.0], [0.0]], [0.0, 3.001], 1.0)[1, 0] == 0.0


def test_sigma_zero_changes_nothing_and_copies():
    x = np.array([[1.0, 2.0], [3.0, NAN]])
    out = smooth_logits(x, [0, 1], 0.0)
    np.testing.assert_array_equal(out, x)
    assert out is not x


def test_a_slice_that_was_not_analysed_has_no_say_and_stays_unknown():
    out = smooth_logits([[4.0], [NAN], [0.0]], [0.0, 5.0, 10.0], 5.0)
    assert np.isnan(out[1, 0])
    np.testing.assert_allclose(out[[0, 2], 0], [4 / (1 + E2), 4 * E2 / (1 + E2)], rtol=1e-12)


def test_no_slices_at_all():
    assert smooth_logits(np.empty((0, 6)), np.empty(0), 5.0).shape == (0, 6)


@given(logits, st.floats(0, 30), st.randoms())
def test_the_order_in_which_slices_are_given_does_not_matter(x, sigma, random):
    z = np.array([random.uniform(-50, 50) for _ in x])
    order = np.array(random.sample(range(len(x)), len(x)))
    np.testing.assert_allclose(
        smooth_logits(x[order], z[order], sigma), smooth_logits(x, z, sigma)[order], atol=1e-9
    )


@given(logits, st.floats(0, 30), st.floats(0.5, 10))
def test_smoothing_stays_between_the_lowest_and_the_highest(x, sigma, spacing):
    out = smooth_logits(x, np.arange(len(x)) * spacing, sigma)
    assert np.all(out >= x.min(axis=0) - 1e-9)
    assert np.all(out <= x.max(axis=0) + 1e-9)


@given(st.floats(-20, 20), st.integers(1, 9), st.floats(0, 30))
def test_what_is_constant_stays(value, count, sigma):
    out = smooth_logits(np.full((count, 1), value), np.arange(count) * 2.5, sigma)
    np.testing.assert_allclose(out, value, atol=1e-9)


@pytest.mark.parametrize(
    ("x", "z", "sigma"),
    [
        ([1.0, 2.0], [0.0, 1.0], 1.0),
        ([[1.0], [2.0]], [0.0], 1.0),
        ([[1.0]], [0.0], -1.0),
        ([[1.0]], [0.0], NAN),
        ([[1.0], [2.0]], [0.0, NAN], 1.0),
    ],
)
def test_unusable_input_is_refused(x, z, sigma):
    with pytest.raises(ValueError, match="Received"):
        smooth_logits(x, z, sigma)


def test_strongest_is_the_highest_over_the_slices_and_its_first_slice():
    best, where = strongest([[0.1, 0.9], [0.8, 0.2], [0.8, 0.9]])
    np.testing.assert_array_equal(best, [0.8, 0.9])
    np.testing.assert_array_equal(where, [1, 0])


def test_strongest_passes_over_slices_that_were_not_analysed():
    best, where = strongest([[NAN, NAN], [0.0, 0.3], [NAN, NAN]])
    np.testing.assert_array_equal(best, [0.0, 0.3])
    np.testing.assert_array_equal(where, [1, 1])


@pytest.mark.parametrize("p", [np.full((3, 2), NAN), np.empty((0, 2))])
def test_strongest_of_nothing_is_unknown_not_zero(p):
    best, where = strongest(p)
    assert np.all(np.isnan(best))
    np.testing.assert_array_equal(where, [-1, -1])


def test_strongest_needs_a_table():
    with pytest.raises(ValueError, match="Received"):
        strongest([0.1, 0.2])
