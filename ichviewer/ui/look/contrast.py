"""How well one color reads on another (WCAG 2.2, "relative luminance" and "contrast ratio")."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

BLACK, WHITE = "#000000", "#ffffff"

READABLE = 4.5
"""What WCAG asks for words (1.4.3, level AA)."""

VISIBLE = 3.0
"""What it asks for signs and large words (1.4.11, level AA)."""

_WEIGHTS = (0.2126, 0.7152, 0.0722)
# Where black and white read equally well: (L + 0.05) / 0.05 = 1.05 / (L + 0.05).
_EVEN_LUMINANCE = (0.05 * 1.05) ** 0.5 - 0.05


def luminances(argb: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Relative luminance in [0, 1] of colors given as 0xAARRGGBB, same shape."""
    channels = np.stack([(argb >> shift) & 0xFF for shift in (16, 8, 0)], axis=-1) / 255.0
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    result: NDArray[np.float64] = linear @ np.array(_WEIGHTS)
    return result


def contrast(a: str, b: str) -> float:
    """Contrast ratio of two colors, 1 to 21."""
    one, other = luminances(np.array([QColor(a).rgba(), QColor(b).rgba()], dtype=np.uint32))
    return float((max(one, other) + 0.05) / (min(one, other) + 0.05))


def wants_black(argb: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether black reads better than white on colors given as 0xAARRGGBB, same shape."""
    return luminances(argb) >= _EVEN_LUMINANCE


def ink_on(color: str) -> str:
    """Black or white, whichever reads better on a color."""
    return BLACK if bool(wants_black(np.array([QColor(color).rgba()], dtype=np.uint32))[0]) else WHITE
