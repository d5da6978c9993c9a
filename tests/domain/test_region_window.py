"""A window from the values of a region."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ichviewer.domain.region_window import LEAST_VALUES, LEAST_WIDTH_HU, window_of_values
from ichviewer.domain.window import Window


def test_center_is_the_median_and_width_four_robust_standard_deviations() -> None:
    # 0, 10, ..., 80: quartiles 20 and 60, so one standard deviation is 40 / 1.349 = 29.65 and four are 118.6.
    values = np.arange(0, 90, 10, dtype=np.float32)
    assert window_of_values(values) == Window(40.0, 119.0)


def test_a_border_of_bone_does_not_decide() -> None:
    values = np.array([*range(0, 90, 10), 2000], np.float32)
    # Quartiles of ten values lie at places 2.25 and 6.75: 22.5 and 67.5; the median is 45.
    assert window_of_values(values) == Window(45.0, float(round(4 * 45 / 1.349)))


def test_an_even_region_gets_the_narrowest_window_and_not_its_noise() -> None:
    assert window_of_values(np.full(20, 37.0)) == Window(37.0, LEAST_WIDTH_HU)


def test_too_few_values_give_no_window() -> None:
    assert window_of_values(np.zeros(LEAST_VALUES - 1)) is None
    assert window_of_values(np.zeros(LEAST_VALUES)) is not None


@given(
    arrays(np.int16, st.integers(LEAST_VALUES, 60), elements=st.integers(-1024, 3071)), st.integers(-500, 500)
)
def test_the_window_moves_with_the_values(values: np.ndarray, shift: int) -> None:
    still, moved = (window_of_values(values.astype(np.float64) + s) for s in (0, 2 * shift))
    assert still is not None and moved is not None
    assert abs(moved.center_hu - still.center_hu - 2 * shift) <= 1
    assert abs(moved.width_hu - still.width_hu) <= 1
    assert moved.width_hu >= LEAST_WIDTH_HU
