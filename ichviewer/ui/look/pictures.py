"""Pixels as an image of Qt's own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """Grey levels or colors as an image; safe on any thread.

    Parameters
    ----------
    pixels : ndarray of uint8, shape (rows, columns) or (rows, columns, 3)
        Grey levels, or red, green and blue.

    Returns
    -------
    QImage
        8-bit grey or RGB, of as many pixels.

    Raises
    ------
    ValueError
        If it is neither.
    """
    color = pixels.ndim == 3
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or (color and pixels.shape[2] != 3):
        raise ValueError(f"a picture is grey or RGB, uint8. Received: {pixels.dtype}, {pixels.shape}")
    rows, columns = pixels.shape[:2]
    form = QImage.Format.Format_RGB888 if color else QImage.Format.Format_Grayscale8
    # Copied: Qt does not keep what it was given alive.
    return QImage(
        np.ascontiguousarray(pixels).tobytes(), columns, rows, columns * (3 if color else 1), form
    ).copy()
