"""How a picture lies on the screen: its size in mm, and which part of it is seen how large.

Nothing here draws. Two frames are used:

- the *picture*, in mm from the outer corner of the first pixel, x to the right and y down. Where the file gives no
  pixel spacing, one pixel counts as one unit;
- the *screen*, in px (device-independent pixels of the widget) from its upper left corner. An `Orientation` says how
  the picture is turned on it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from ichviewer.domain.geometry import PixelSpacing
from ichviewer.ui.panes.orientation import UPRIGHT, Orientation

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
    """Which point of the picture stands at the center of the screen, how large the picture is, and how it is turned.

    One scale for both directions: the aspect ratio is always the true one.

    Parameters
    ----------
    center_mm : tuple of 2 floats
        Point of the picture at the center of the screen.
    px_per_mm : float
        Screen px a mm of the picture.
    orientation : Orientation
        About the center of the screen.
    """

    center_mm: Point
    px_per_mm: float
    orientation: Orientation = UPRIGHT

    def __post_init__(self) -> None:
        if not (self.px_per_mm > 0 and all(map(math.isfinite, (*self.center_mm, self.px_per_mm)))):
            raise ValueError(
                "a placement needs a finite center and a positive scale. "
                f"Received: {self.center_mm}, {self.px_per_mm}"
            )

    def to_screen(self, picture_mm: Point, size_px: Point) -> Point:
        """Screen position in px of a point of the picture."""
        x, y = self.orientation.to_screen(
            (picture_mm[0] - self.center_mm[0], picture_mm[1] - self.center_mm[1])
        )
        return size_px[0] / 2 + x * self.px_per_mm, size_px[1] / 2 + y * self.px_per_mm

    def to_picture(self, screen_px: Point, size_px: Point) -> Point:
        """Point of the picture in mm under a screen position."""
        x, y = self.way_mm((screen_px[0] - size_px[0] / 2, screen_px[1] - size_px[1] / 2))
        return self.center_mm[0] + x, self.center_mm[1] + y

    def way_mm(self, way_px: Point) -> Point:
        """A way on the screen as a way in the picture, in mm."""
        x, y = self.orientation.to_picture(way_px)
        return x / self.px_per_mm, y / self.px_per_mm


def fitted(frame: ImageFrame, size_px: Point, orientation: Orientation = UPRIGHT) -> Placement:
    """The whole picture, as large as the screen allows."""
    scale = _fitting(frame.width_mm, frame.height_mm, size_px, orientation)
    return Placement((frame.width_mm / 2, frame.height_mm / 2), scale, orientation)


def _fitting(across_mm: float, down_mm: float, size_px: Point, orientation: Orientation) -> float:
    """Screen px a mm with which a part of the picture, so large, is as large as the screen allows."""
    if orientation.swaps_sides:
        across_mm, down_mm = down_mm, across_mm
    return min(max(size_px[0], 1.0) / across_mm, max(size_px[1], 1.0) / down_mm)


def _zoom_limits(frame: ImageFrame, whole_px_per_mm: float) -> tuple[float, float]:
    """The least and the most px a mm, where the fitted picture has so many."""
    most = max(LARGEST_PIXEL_PX / min(frame.column_mm, frame.row_mm), whole_px_per_mm)
    return whole_px_per_mm * SMALLEST_ZOOM, most


@dataclass(frozen=True)
class PictureArea:
    """A part of a picture that is to be seen, and how large.

    Parameters
    ----------
    left, top, right, bottom : float
        Its edges in columns and rows from the outer corner of the first pixel; they may lie outside of the picture.
    column_px : float or None
        How wide a column is to be on the screen, in device-independent px; None for as large as the area fits.
    """

    left: float
    top: float
    right: float
    bottom: float
    column_px: float | None = None

    def __post_init__(self) -> None:
        edges = (self.left, self.top, self.right, self.bottom)
        if not (all(map(math.isfinite, edges)) and self.left < self.right and self.top < self.bottom):
            raise ValueError(f"an area has finite edges, the first ones before the last. Received: {edges}")
        if self.column_px is not None and not (self.column_px > 0 and math.isfinite(self.column_px)):
            raise ValueError(f"a column is wider than nothing. Received: {self.column_px}")

    def meets(self, frame: ImageFrame) -> bool:
        """Whether any of the picture lies in it."""
        return self.left < frame.columns and self.right > 0 and self.top < frame.rows and self.bottom > 0

    def placement(self, frame: ImageFrame, size_px: Point, orientation: Orientation = UPRIGHT) -> Placement:
        """Where the picture lies so that the middle of the area stands at the center of the screen.

        As near to it as zoom and pan go: see `SMALLEST_ZOOM` and `LARGEST_PIXEL_PX`, and the center of the screen
        never leaves the picture.
        """
        least, most = _zoom_limits(frame, fitted(frame, size_px, orientation).px_per_mm)
        scale = min(max(self._px_per_mm(frame, size_px, orientation), least), most)
        return panned(Placement(self._center_mm(frame), scale, orientation), frame, (0.0, 0.0))

    def is_limited(self, frame: ImageFrame, size_px: Point, orientation: Orientation = UPRIGHT) -> bool:
        """Whether zoom or pan do not go as far as the area asks for."""
        there = self.placement(frame, size_px, orientation)
        wanted = self._px_per_mm(frame, size_px, orientation)
        return not math.isclose(there.px_per_mm, wanted) or there.center_mm != self._center_mm(frame)

    def _center_mm(self, frame: ImageFrame) -> Point:
        return (self.left + self.right) / 2 * frame.column_mm, (self.top + self.bottom) / 2 * frame.row_mm

    def _px_per_mm(self, frame: ImageFrame, size_px: Point, orientation: Orientation) -> float:
        if self.column_px is not None:
            return self.column_px / frame.column_mm
        across, down = (self.right - self.left) * frame.column_mm, (self.bottom - self.top) * frame.row_mm
        return _fitting(across, down, size_px, orientation)


def actual_size(placement: Placement, frame: ImageFrame, pixel_ratio: float = 1.0) -> Placement:
    """The picture with columns as wide as a pixel of the screen; what stands at the center stays there.

    Parameters
    ----------
    placement : Placement
    frame : ImageFrame
    pixel_ratio : float
        Pixels of the screen a device-independent px.
    """
    if not pixel_ratio > 0:
        raise ValueError(f"a screen has a positive pixel ratio. Received: {pixel_ratio}")
    return replace(placement, px_per_mm=1.0 / (frame.column_mm * pixel_ratio))


def panned(placement: Placement, frame: ImageFrame, delta_px: Point) -> Placement:
    """The picture moved by a distance on the screen; the center of the screen never leaves the picture."""
    way = placement.way_mm(delta_px)
    x, y = placement.center_mm[0] - way[0], placement.center_mm[1] - way[1]
    inside = (min(max(x, 0.0), frame.width_mm), min(max(y, 0.0), frame.height_mm))
    return replace(placement, center_mm=inside)


def zoomed(
    placement: Placement, frame: ImageFrame, factor: float, about_px: Point, size_px: Point
) -> Placement:
    """The picture made larger or smaller; the point under ``about_px`` stays where it is.

    It stays unless that would move the center of the screen out of the picture. Zoom is limited by
    `SMALLEST_ZOOM`, or by the present size where that is smaller already, and by `LARGEST_PIXEL_PX`.
    """
    if not factor > 0:
        raise ValueError(f"a zoom factor must be positive. Received: {factor}")
    whole = fitted(frame, size_px, placement.orientation).px_per_mm
    least, most = _zoom_limits(frame, whole)
    # A small picture at its actual size may be smaller on the screen than any zoom would make it.
    least = min(least, placement.px_per_mm)
    larger = replace(placement, px_per_mm=min(max(placement.px_per_mm * factor, least), most))
    fixed = placement.to_picture(about_px, size_px)
    way = larger.way_mm((about_px[0] - size_px[0] / 2, about_px[1] - size_px[1] / 2))
    return panned(replace(larger, center_mm=(fixed[0] - way[0], fixed[1] - way[1])), frame, (0.0, 0.0))
