"""The localizer: a lateral projection of the head, as a scanner takes it before the slices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from ichviewer.learning.synthesis.phantom.acquisition import INTERCEPT_HU, to_head
from ichviewer.learning.synthesis.phantom.fields import Points, white_noise
from ichviewer.learning.synthesis.phantom.head import Head
from ichviewer.learning.synthesis.phantom.parameters import Acquisition

_ACROSS_MM = 2.5


@dataclass(frozen=True, eq=False)
class Projection:
    """A lateral projection.

    Parameters
    ----------
    stored : ndarray of uint16, shape (rows, columns)
        Rows run down, columns from front to back.
    pixel_mm : float
    first_y_mm, first_z_mm : float
        Center of the pixel in the upper left corner, in the scanner's frame.
    """

    stored: NDArray[np.uint16]
    pixel_mm: float
    first_y_mm: float
    first_z_mm: float


def project(head: Head, acquisition: Acquisition, pixel_mm: float = 1.0, step_mm: float = 1.25) -> Projection:
    """Sum the head's attenuation from side to side.

    Parameters
    ----------
    head : Head
    acquisition : Acquisition
        Gives the pose and the seed of the noise.
    pixel_mm : float
        Spacing of the picture.
    step_mm : float
        Spacing at which the head is sampled.
    """
    y = np.arange(-124.0, 120.0, step_mm, dtype=np.float32)
    z = np.arange(124.0, -54.0, -step_mm, dtype=np.float32)
    x = np.arange(-95.0, 95.0 + _ACROSS_MM, _ACROSS_MM, dtype=np.float32)
    path_mm = np.zeros((z.size, y.size), np.float32)
    rows_at_once = 8
    for first in range(0, z.size, rows_at_once):
        part = z[first : first + rows_at_once]
        grid = np.meshgrid(part, y, x, indexing="ij")
        # Samples of neighbouring rays are staggered, or the thin tables of the skull would show as rings.
        row = np.arange(first, first + part.size)[:, None, None]
        column = np.arange(y.size)[None, :, None]
        across = grid[2] + (_ACROSS_MM * ((0.7548776662 * row + 0.5698402910 * column) % 1.0)).astype(
            np.float32
        )
        points: Points = to_head(acquisition.pose, across, grid[1], grid[0])
        hu = head.sample(points).hu
        path_mm[first : first + rows_at_once] = np.sum(np.maximum(hu + 1000, 0), axis=2, dtype=np.float64)
    path_mm *= _ACROSS_MM / 1000.0
    fine = ndimage.zoom(path_mm, step_mm / pixel_mm, order=1, prefilter=False, grid_mode=True, mode="nearest")
    # A projection's values are no HU: scanners scale them so that air is low and thick bone high.
    grain = ndimage.gaussian_filter(
        white_noise(acquisition.seed, "localizer noise", fine.shape), 0.6, mode="wrap"
    )
    values = 6.0 * fine + 8.0 * grain - 900
    stored = np.clip(np.floor(values + 0.5) - INTERCEPT_HU, 0, 4095).astype(np.uint16)
    return Projection(stored, pixel_mm, float(y[0]), float(z[0]))
