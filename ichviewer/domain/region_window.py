"""A window from the HU of a region: what lies in it is told apart, what lies outside is not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.window import Window

LEAST_VALUES = 9
"""Fewer values say nothing about their spread."""

LEAST_WIDTH_HU = 10.0
"""Narrower windows show noise only."""

SIGMAS = 4.0
"""Width of the window in standard deviations: two on either side of the center hold 95 % of a normal distribution."""

_QUARTILES_APART = 1.349
"""Interquartile range of a normal distribution in standard deviations."""


def window_of_values(hu: NDArray[np.floating] | NDArray[np.integer]) -> Window | None:
    """A window around the median of values, as wide as their spread.

    Median and interquartile range, because a border of bone or air in the region must not decide.

    Parameters
    ----------
    hu : ndarray of numbers, any shape
        HU of the region's pixels, padding left out.

    Returns
    -------
    Window or None
        Center and width in whole HU, the width at least `LEAST_WIDTH_HU`; None for fewer than `LEAST_VALUES` values.
    """
    if hu.size < LEAST_VALUES:
        return None
    low, middle, high = np.percentile(hu, (25, 50, 75))
    width = SIGMAS * float(high - low) / _QUARTILES_APART
    return Window(float(round(middle)), max(LEAST_WIDTH_HU, float(round(width))))
