"""The displayed area of a presentation state on the screen, and in words how far it is shown (PS3.3 C.10.4)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from ichviewer.ui.look.language import tr
from ichviewer.ui.panes.image_frame import ImageFrame, PictureArea

if TYPE_CHECKING:
    from ichviewer.results.reading.graphics import DisplayedArea

MM_PER_INCH = 25.4
_SCREEN_DPI = (20.0, 2000.0)
"""What a screen may say of itself; other values tell that it does not know its size."""
_SAME_SHAPE = 0.01
"""Pixels whose height for their width differs by less are shown as they should be."""


def screen_px_per_mm(dots_per_inch: float) -> float | None:
    """Px a mm of the screen, None where what it says of its size cannot be."""
    low, high = _SCREEN_DPI
    return dots_per_inch / MM_PER_INCH if low <= dots_per_inch <= high else None


def picture_area(
    area: DisplayedArea, frame: ImageFrame, px_per_mm: float | None, pixel_ratio: float
) -> PictureArea | None:
    """What of a picture is to be seen.

    Parameters
    ----------
    area : DisplayedArea
    frame : ImageFrame
    px_per_mm : float or None
        Device-independent px a mm of the screen, None where that is not known; true size is then fitted.
    pixel_ratio : float
        Pixels of the screen a device-independent px.

    Returns
    -------
    PictureArea or None
        None where it is the whole picture, fitted, or lies outside of it.
    """
    column_px = None
    if area.magnification is not None:
        column_px = area.magnification / pixel_ratio
    elif area.column_on_screen_mm is not None and px_per_mm is not None:
        column_px = area.column_on_screen_mm * px_per_mm
    found = _area(area, column_px)
    whole = found == PictureArea(0, 0, frame.columns, frame.rows)
    return None if whole or not found.meets(frame) else found


def area_words(area: DisplayedArea, frame: ImageFrame, px_per_mm: float | None) -> tuple[str, ...]:
    """What is to be said of how the picture is seen, where `picture_area` gives something; else why not."""
    here = _area(area, None)
    if not here.meets(frame):
        return (tr("its displayed area lies outside of the picture"),)
    found = []
    if area.magnification is not None:
        found.append(tr("magnified {factor} times").format(factor=f"{area.magnification:.3g}"))
    elif area.column_on_screen_mm is not None:
        known = px_per_mm is not None
        found.append(
            tr("true size, as the screen tells its own")
            if known
            else tr("not in true size: the screen does not tell its own")
        )
    elif here != PictureArea(0, 0, frame.columns, frame.rows):
        found.append(tr("zoomed to its displayed area"))
    shape = frame.row_mm / frame.column_mm
    if area.aspect is not None and not math.isclose(area.aspect, shape, rel_tol=_SAME_SHAPE):
        found.append(tr("its shape of pixels is not shown"))
    return tuple(found)


def _area(area: DisplayedArea, column_px: float | None) -> PictureArea:
    left, right = sorted((area.first[0], area.last[0]))
    top, bottom = sorted((area.first[1], area.last[1]))
    return PictureArea(left - 1, top - 1, right, bottom, column_px)
