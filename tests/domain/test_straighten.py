"""Axes of a head from the midline and the orbitomeatal line."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from volume_builders import X, Y, Z

from ichviewer.domain.plane_view import PATIENT_AXES, rotation_matrix
from ichviewer.domain.straighten import straightened


def approx(axes, expected):
    assert axes.left == pytest.approx(expected[0], abs=1e-9)
    assert axes.back == pytest.approx(expected[1], abs=1e-9)
    assert axes.head == pytest.approx(expected[2], abs=1e-9)


def test_no_lines_change_nothing():
    assert straightened() == PATIENT_AXES


def test_a_midline_that_is_straight_changes_nothing():
    approx(straightened(((3.0, -50.0, 7.0), (3.0, 60.0, 7.0))), (X, Y, Z))


def test_a_midline_by_hand():
    # Back end 3 to the left over 4 to the back: back is (0.6, 0.8), left is (0.8, -0.6).
    expected = (0.8, -0.6, 0.0), (0.6, 0.8, 0.0), Z
    line = ((0.0, 0.0, 5.0), (30.0, 40.0, 5.0))
    approx(straightened(line), expected)
    approx(straightened(line[::-1]), expected)


def test_an_orbitomeatal_line_by_hand():
    # The ear lies 3 below the eye over 4 to the back: back is (0, 0.8, -0.6), head (0, 0.6, 0.8).
    expected = X, (0.0, 0.8, -0.6), (0.0, 0.6, 0.8)
    line = ((9.0, 0.0, 0.0), (9.0, 40.0, -30.0))
    approx(straightened(None, line), expected)
    approx(straightened(None, line[::-1]), expected)


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_both_lines_find_how_a_head_was_turned_and_nodded(turn_deg, nod_deg):
    # The head is turned about its own long axis, then nods about its own left-right axis.
    left = rotation_matrix(Z, turn_deg) @ X
    matrix = rotation_matrix(tuple(left), nod_deg) @ rotation_matrix(Z, turn_deg)
    # On the axial view, the midline is seen from above: only its turn.
    midline = rotation_matrix(Z, turn_deg) @ Y * 80
    found = straightened(((0.0, 0.0, 0.0), tuple(midline)), ((0.0, 0.0, 0.0), tuple(matrix @ Y * 90)))
    approx(found, (matrix @ X, matrix @ Y, matrix @ Z))


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_straightening_a_straightened_head_goes_on_from_its_axes(first_deg, second_deg):
    def midline(degrees, axes):
        a = math.radians(degrees)
        return (0.0, 0.0, 0.0), tuple(
            80 * (math.cos(a) * np.array(axes.back) - math.sin(a) * np.array(axes.left))
        )

    once = straightened(midline(first_deg, PATIENT_AXES))
    twice = straightened(midline(second_deg, once), axes=once)
    matrix = rotation_matrix(Z, first_deg + second_deg)
    approx(twice, (matrix @ X, matrix @ Y, Z))


@pytest.mark.parametrize(
    "line",
    [
        ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
        ((0.0, 0.0, 0.0), (1.0, 4.0, 0.0)),
        # 2 across over 1 to the back: 63 degrees.
        ((0.0, 0.0, 0.0), (20.0, 10.0, 20.0)),
        ((0.0, 0.0, 0.0), (0.0, math.nan, 0.0)),
    ],
)
def test_lines_that_tell_no_direction_are_refused(line):
    with pytest.raises(ValueError, match=r"midline.*Received"):
        straightened(line)
    with pytest.raises(ValueError, match=r"orbitomeatal line.*Received"):
        straightened(None, line)
