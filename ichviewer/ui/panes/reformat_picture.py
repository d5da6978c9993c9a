"""From a volume and a plane to a picture: coarser while something moves, in bands that can be stopped. No Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ichviewer.domain.plane_view import PlaneView
from ichviewer.domain.reformat import reformat
from ichviewer.domain.slab import Slab
from ichviewer.domain.volume import Volume
from ichviewer.domain.window import Voi
from ichviewer.progress import CancelToken

STRIPES_RGB = ((22, 30, 54), (46, 58, 92))
"""What is drawn where there is no image: blue stripes, unlike any grey and unlike the background around a picture."""
_STRIPE_MM = 4.0
# HU are rounded to this before they become grey, through a table; no grey level turns on less.
_STEPS_A_HU = 8
_LOWEST_HU, _HIGHEST_HU = -32768, 32767

COARSENESS = (1, 2, 4, 8)
"""Pixels are so many times as large as they would be at rest."""
_PREVIEW_S = 0.03
_BAND_S = 0.1


@dataclass(frozen=True, eq=False)
class PlanePixels:
    """HU of a volume in a plane, and how they were made.

    Parameters
    ----------
    view : PlaneView
        The plane that was asked for.
    slab : Slab or None
    coarseness : int
        How many times as large the pixels are as those of ``view``; 1 for all of it.
    hu : ndarray of float32, shape (rows, columns) of ``coarser(view, coarseness)``
        NaN where there is no image.
    seconds : float
        How long it took, for the choice of the next coarseness.
    """

    view: PlaneView
    slab: Slab | None
    coarseness: int
    hu: NDArray[np.float32]
    seconds: float = 0.0

    def __post_init__(self) -> None:
        drawn = coarser(self.view, self.coarseness)
        if self.hu.shape != (drawn.rows, drawn.columns):
            raise ValueError(f"HU of {drawn.rows} x {drawn.columns} px are needed. Received: {self.hu.shape}")

    @property
    def drawn(self) -> PlaneView:
        """The plane with the pixels that were computed."""
        return coarser(self.view, self.coarseness)

    def is_of(self, view: PlaneView, slab: Slab | None) -> bool:
        """Whether they show this plane and slab."""
        return self.view == view and self.slab == slab

    @cached_property
    def lacks_image(self) -> bool:
        """Whether there is no image anywhere in the plane."""
        return bool(np.isnan(self.hu).any())

    def hu_at(self, row: int, column: int) -> float | None:
        """HU at a pixel of ``view``; None where there is no image."""
        place = np.rint(self.drawn.px_of(self.view.mm_at(row, column))).astype(int)
        at = np.clip(place, 0, np.array(self.hu.shape) - 1)
        value = float(self.hu[at[0], at[1]])
        return None if math.isnan(value) else value


def coarser(view: PlaneView, coarseness: int) -> PlaneView:
    """The same rectangle, about its center, with larger pixels."""
    if coarseness == 1:
        return view
    return replace(
        view,
        pixel_mm=view.pixel_mm * coarseness,
        rows=math.ceil(view.rows / coarseness),
        columns=math.ceil(view.columns / coarseness),
    )


def preview_coarseness(view: PlaneView, seconds_a_pixel: float) -> int:
    """How coarse a plane has to be so that it is there within two frames of a screen."""
    whole_s = view.rows * view.columns * seconds_a_pixel
    return next((c for c in COARSENESS if whole_s / c**2 <= _PREVIEW_S), COARSENESS[-1])


def band_rows(view: PlaneView, seconds_a_pixel: float) -> int:
    """How many rows are computed at a time, so that nobody who wants something else waits for long."""
    return min(view.rows, max(8, int(_BAND_S / max(view.columns * seconds_a_pixel, 1e-9))))


def band(view: PlaneView, first: int, rows: int) -> PlaneView:
    """Some rows of a view as a view of their own."""
    middle = view.mm_at(first + (rows - 1) / 2, (view.columns - 1) / 2)
    x, y, z = map(float, middle)
    return replace(view, center_mm=(x, y, z), rows=rows)


def plane_hu(
    volume: Volume, view: PlaneView, slab: Slab | None, rows_at_once: int, cancel: CancelToken
) -> NDArray[np.float32]:
    """HU of a plane, computed some rows at a time.

    Raises
    ------
    Cancelled
        If it was asked to stop.
    """
    found = np.empty((view.rows, view.columns), np.float32)
    for first in range(0, view.rows, rows_at_once):
        cancel.check()
        rows = min(rows_at_once, view.rows - first)
        found[first : first + rows] = reformat(volume, band(view, first, rows), slab).hu
    return found


def picture(pixels: PlanePixels, voi: Voi, *, inverted: bool) -> NDArray[np.uint8]:
    """Grey of HU through a window, and blue stripes where there is no image.

    Returns
    -------
    ndarray of uint8, shape (rows, columns, 3)
        Red, green and blue.
    """
    hu = pixels.hu
    missing = np.isnan(hu)
    grey: NDArray[np.uint8] = np.zeros(hu.shape, np.uint8)
    if not missing.all():
        low = max(math.floor(float(np.nanmin(hu))), _LOWEST_HU)
        high = min(math.ceil(float(np.nanmax(hu))), _HIGHEST_HU)
        table = voi.grey(np.arange(low * _STEPS_A_HU, high * _STEPS_A_HU + 1) / _STEPS_A_HU)
        if inverted:
            table = 255 - table
        steps = np.where(missing, 0.0, (hu - low) * _STEPS_A_HU + 0.5)
        grey = table[np.clip(steps, 0, len(table) - 1).astype(np.intp)]
    colored = np.repeat(grey[:, :, None], 3, axis=2)
    if missing.any():
        rows, columns = np.nonzero(missing)
        stripe = ((rows + columns) * pixels.drawn.pixel_mm // _STRIPE_MM).astype(np.intp) % 2
        colored[rows, columns] = np.array(STRIPES_RGB, np.uint8)[stripe]
    return colored
