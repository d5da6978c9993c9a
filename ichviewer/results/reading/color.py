"""Recommended colors of objects: CIELab as DICOM encodes it (PS3.3 C.10.7.1.1), and sRGB (IEC 61966-2-1)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# White point of the ICC profile connection space (D50), and its XYZ in linear sRGB, adapted by Bradford
# (B. Lindbloom, "RGB/XYZ Matrices").
_WHITE = np.array([0.9642, 1.0, 0.8249])
_TO_RGB = np.array(
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
)
_DELTA = 6 / 29


def rgb_of_lab(encoded: Sequence[float]) -> tuple[int, int, int]:
    """sRGB, 0..255, of a Recommended Display CIELab Value: three 16-bit numbers for L 0..100, a and b -128..127."""
    share = np.clip(np.asarray(encoded, np.float64) / 65535, 0, 1)
    lightness, a, b = share[0] * 100, share[1] * 255 - 128, share[2] * 255 - 128
    middle = (lightness + 16) / 116
    f = np.array([middle + a / 500, middle, middle - b / 200])
    xyz = _WHITE * np.where(f > _DELTA, f**3, 3 * _DELTA**2 * (f - 4 / 29))
    linear = np.clip(_TO_RGB @ xyz, 0, 1)
    encoded_rgb = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    red, green, blue = (int(v) for v in np.floor(encoded_rgb * 255 + 0.5))
    return red, green, blue
