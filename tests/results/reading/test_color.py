"""Recommended colors are those that were meant."""

from __future__ import annotations

import numpy as np
import pytest
from highdicom.color import CIELabColor

from ichviewer.results.reading.color import rgb_of_lab


# Primaries of sRGB in CIELab under D50 (B. Lindbloom, "CIE Color Calculator"; Bradford adaptation).
@pytest.mark.parametrize(
    ("lab", "rgb"),
    [
        ((100.0, 0.0, 0.0), (255, 255, 255)),
        ((0.0, 0.0, 0.0), (0, 0, 0)),
        ((54.29, 80.81, 69.89), (255, 0, 0)),
        ((87.82, -79.29, 80.99), (0, 255, 0)),
        ((29.57, 68.30, -112.03), (0, 0, 255)),
        ((53.39, 0.0, 0.0), (127, 127, 127)),
    ],
)
def test_colors_that_highdicom_encodes_are_those_of_srgb(lab, rgb):
    found = rgb_of_lab(CIELabColor(*lab).value)
    assert np.abs(np.subtract(found, rgb)).max() <= 1
