from __future__ import annotations

import numpy as np
import pytest

from ichviewer.domain.calibration import sigmoid
from ichviewer.learning.region_fit import best_dice_threshold, fit_regions


def test_finds_the_calibration_that_made_the_truth():
    rng = np.random.default_rng(0)
    logits = rng.normal(-1, 3, (40, 20, 20, 5))
    slope, intercept = np.array([0.5, 1.0, 1.5, 0.8, 1.2]), np.array([-1.0, 0.0, 0.5, -0.5, 1.0])
    blood = rng.random(logits.shape) < sigmoid(logits * slope + intercept)
    fitted = fit_regions(logits, blood.astype(np.float32))
    np.testing.assert_allclose(fitted.slope, slope, atol=0.06)
    np.testing.assert_allclose(fitted.intercept, intercept, atol=0.12)
    assert fitted.stride_px == 8


def test_unknown_cells_count_for_nothing_and_a_type_without_blood_stays_as_it_is():
    logits = np.zeros((2, 4, 4, 5))
    logits[0, ..., 1] = 4.0
    shares = np.zeros(logits.shape)
    shares[0, ..., 1] = 1.0
    known = fit_regions(logits, shares)
    assert (known.slope[0], known.intercept[0], known.threshold[0]) == (1.0, 0.0, 0.5)
    more = np.concatenate([logits, np.full((1, 4, 4, 5), 9.0)])
    unknown = np.concatenate([shares, np.full((1, 4, 4, 5), -1.0)])
    assert fit_regions(more, unknown) == known


def test_threshold_of_the_best_overlap_by_hand():
    blood = np.array([True, True, False, True, False, False])
    p = np.array([0.9, 0.8, 0.6, 0.4, 0.2, 0.1])
    # Called blood: 1: 2/4, 2: 4/5, 3: 4/6, 4: 6/7, 5: 6/8, 6: 6/9. The best is four, half way to 0.2.
    assert best_dice_threshold(blood, p) == pytest.approx(0.3)
    # Equal ones are called together.
    assert best_dice_threshold(np.array([True, False, True]), np.array([0.5, 0.5, 0.5])) == 0.5
    assert best_dice_threshold(np.array([True]), np.array([0.999])) == 0.95


def test_shapes_must_fit():
    with pytest.raises(ValueError, match="needs maps"):
        fit_regions(np.zeros((2, 4, 4, 6)), np.zeros((2, 4, 4, 6)))
