"""What a deuteranope sees of a color, and how two of the colors differ in luminance then.

Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", IEEE TVCG
15(6), 2009: the matrix for deuteranomaly of severity 1.0, for linear RGB.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)

VISIBLE = 3.0
"""WCAG 2.2, 1.4.11: the contrast that signs need."""


def linear(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Linear light of 8-bit sRGB, any shape."""
    part = rgb / 255.0
    result: NDArray[np.float64] = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
    return result


def seen_luminance(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Relative luminance in [0, 1] that a deuteranope sees, of colors of shape (..., 3)."""
    seen = np.clip(linear(rgb) @ DEUTERANOPIA.T, 0.0, 1.0)
    result: NDArray[np.float64] = seen @ np.array([0.2126, 0.7152, 0.0722])
    return result


def ratio(a: float, b: float) -> float:
    """Contrast ratio of two luminances, 1 to 21."""
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)


def seen_contrast(a: str, b: str) -> float:
    """Contrast ratio of two colors as a deuteranope sees them."""
    one, other = (
        float(seen_luminance(np.array(QColor(color).getRgb()[:3], dtype=np.uint8))) for color in (a, b)
    )
    return ratio(one, other)


def over(color: str, alpha: float, ground: str) -> str:
    """A half transparent color on a ground."""
    a, b = QColor(color), QColor(ground)
    mixed = [round(x * alpha + y * (1 - alpha)) for x, y in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)]
    return QColor(*mixed).name()
