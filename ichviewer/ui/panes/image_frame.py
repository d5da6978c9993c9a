"""How a picture lies on the screen: its size in mm, and which part of it is seen how large.

Nothing here draws. Two frames are used:

- the *picture*, in mm from the outer corner of the first pixel, x to the right and y down. Where the file gives no
  pixel spacing, one pixel counts as one unit;
- the *screen*, in px (device-independent pixels of the widget) from its upper left corner.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ichviewer.domain.geometry import PixelSpacing

Point = tuple[float, float]

SMALLEST_ZOOM = 0.25
"""The picture cannot be made smaller than this part of its fitted size."""

LARGEST_PIXEL_PX = 48.0
"""A pixel of the picture cannot be made wider than this on the screen."""


@dataclass(frozen=True)
class ImageFrame:
    """Size of a picture in pixels, and of one pixel.

    Parameters
    ----------
    rows, columns : int
    spacing : PixelSpacing or None
        None where the file has none: pixels are then drawn square.
    """

    rows: int
    columns: int
    spacing: PixelSpacing | None = None

    def __post_init__(self) -> None:
        if self.rows < 1 or self.columns < 1:
            raise ValueError(
                f"a picture needs at least one row and column. Received: {self.rows}, {self.columns}"
            )

    @property
    def row_mm(self) -> float:
        """Height of a pixel in mm (1 where there is no spacing)."""
        return self.spacing.row_mm if self.spacing else 1.0

    @property
    def column_mm(self) -> float:
        """Width of a pixel in mm (1 where there is no spacing)."""
        return self.spacing.column_mm if self.spacing else 1.0

    @property
    def width_mm(self) -> float:
        """Width of the whole picture in mm."""
        return self.columns * self.column_mm

    @property
    def height_mm(self) -> float:
        """Height of the whole picture in mm."""
        return self.rows * self.row_mm

    def pixel_at(self, picture_mm: Point) -> tuple[int, int] | None:
        """Row and column of the pixel that covers a point of the picture, None outside it."""
        column = math.floor(picture_mm[0] / self.column_mm)
        row = math.floor(picture_mm[1] / self.row_mm)
        return (row, column) if 0 <= row < self.rows and 0 <= column < self.columns else None


@dataclass(frozen=True)
class Placement:
    """Which point of the picture stands at the center of the screen, and how large the picture is.

    One scale for both directions: the aspect ratio is always the true one.

    Parameters
    ----------
    center_mm : tuple of 2 floats
        Point of the picture at the center of the screen.
    px_per_mm : float
        Screen px a mm of the picture.
    """

    center_mm: Point
    px_per_mm: float

    def __post_init__(self) -> None:
        if not (self.px_per_mm > 0 and all(map(math.isfinite, (*self.center_mm, self.px_per_mm)))):
            raise ValueError(
                "a placement needs a finite center and a positive scale. "
                f"Received: {self.center_mm}, {self.px_per_mm}"
            )

    def to_screen(self, picture_mm: Point, size_px: Point) -> Point:
        """Screen position in px of a point of the picture."""
        return (
            size_px[0] / 2 + (picture_mm[0] - self.center_mm[0]) * self.px_per_mm,
            size_px[1] / 2 + (picture_mm[1] - self.center_mm[1]) * self.px_per_mm,
        )

    def to_picture(self, screen_px: Point, size_px: Point) -> Point:
        """Point of the picture in mm under a screen position."""
        return (
            self.center_mm[0] + (screen_px[0] - size_px[0] / 2) / self.px_per_mm,
            self.center_mm[1] + (screen_px[1] - size_px[1] / 2) / self.px_per_mm,
        )


def fitted(frame: ImageFrame, size_px: Point) -> Placement:
    """The whole picture, as large as the screen allows."""
    scale = min(max(size_px[0], 1.0) / frame.width_mm, max(size_px[1], 1.0) / frame.height_mm)
    return Placement((frame.width_mm / 2, frame.height_mm / 2), scale)


def panned(placement: Placement, frame: ImageFrame, delta_px: Point) -> Placement:
    """The picture moved by a distance on the screen; the center of the screen never leaves the picture."""
    x = placement.center_mm[0] - delta_px[0] / placement.px_per_mm
    y = placement.center_mm[1] - delta_px[1] / placement.px_per_mm
    inside = (min(max(x, 0.0), frame.width_mm), min(max(y, 0.0), frame.height_mm))
    return replace(placement, center_mm=inside)


def zoomed(
    placement: Placement, frame: ImageFrame, factor: float, about_px: Point, size_px: Point
) -> Placement:
    """The picture made larger or smaller; the point under ``about_px`` stays where it is.

    It stays unless that would move the center of the screen out of the picture. Zoom is limited by
    `SMALLEST_ZOOM` and `LARGEST_PIXEL_PX`.
    """
    if not factor > 0:
        raise ValueError(f"a zoom factor must be positive. Received: {factor}")
    least = fitted(frame, size_px).px_per_mm * SMALLEST_ZOOM
    most = max(LARGEST_PIXEL_PX / min(frame.column_mm, frame.row_mm), least / SMALLEST_ZOOM)
    scale = min(max(placement.px_per_mm * factor, least), most)
    fixed = placement.to_picture(about_px, size_px)
    center = (
        fixed[0] - (about_px[0] - size_px[0] / 2) / scale,
        fixed[1] - (about_px[1] - size_px[1] / 2) / scale,
    )
    return panned(Placement(center, scale), frame, (0.0, 0.0))
