"""Whether probabilities mean what they say."""

from __future__ import annotations

import numpy as np
import pytest

from ichviewer.learning.evaluation.reliability import (
    expected_calibration_error,
    known_weighted_log_loss,
    log_losses,
    reliability,
)


def test_calibration_error_worked_by_hand():
    # Bin 0.1..0.2 holds two slices said to be 0.15, one of which is positive: |0.3 - 1| = 0.7 too little.
    # Bin 0.8..0.9 holds two said to be 0.85, both positive: |1.7 - 2| = 0.3. Together 1.0 over 4 slices.
    assert expected_calibration_error([1, 0, 1, 1], [0.15, 0.15, 0.85, 0.85]) == pytest.approx(0.25)
    assert expected_calibration_error([1, 0], [1.0, 0.0]) == 0


def test_a_reliability_diagram_has_a_point_for_every_bin_that_is_not_empty():
    found = reliability([1, 0, 1, 1], [0.11, 0.19, 0.85, 1.0])
    assert found["said"] == pytest.approx([0.15, 0.85, 1.0])
    assert found["true"] == [0.5, 1.0, 1.0]
    assert found["slices"] == [2, 1, 1]


def test_log_loss_worked_by_hand():
    assert log_losses([1, 0, 255], [0.8, 0.1, 0.5]).tolist() == pytest.approx(
        [-np.log(0.8), -np.log(0.9), 0.0]
    )


def test_unknown_labels_have_no_say_in_the_weighted_loss():
    y = np.zeros((2, 6), np.uint8)
    p = np.full((2, 6), 0.2)
    assert known_weighted_log_loss(y, p) == pytest.approx(-np.log(0.8))
    y[0, 0], p[0, 0] = 255, 0.99
    assert known_weighted_log_loss(y, p) == pytest.approx(-np.log(0.8))
    # Known are any of one slice (2/7) and five types of both (10/7); any is wrong by 0.5, the rest right by 0.2.
    p[1, 0] = 0.5
    expected = (2 / 7 * -np.log(0.5) + 10 / 7 * -np.log(0.8)) / (12 / 7)
    assert known_weighted_log_loss(y, p) == pytest.approx(expected)
