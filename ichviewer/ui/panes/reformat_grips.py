"""Where the lines of the other planes lie on a screen, and what of them is under the mouse. No Qt."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from ichviewer.domain.plane_lines import SegmentPx
from ichviewer.domain.plane_view import PlaneView
from ichviewer.ui.panes.image_frame import Placement, Point
from ichviewer.ui.panes.reformat_state import Section

REACH_PX = 7.0
"""What lies this near to the mouse is under it."""
_MARGIN_PX = 44.0
"""Ends of lines stay so far inside of the pane, beside the letters at its edges."""


class GripKind(Enum):
    """What a press takes hold of."""

    LINE = "line"
    END = "end"
    CROSSHAIR = "crosshair"


@dataclass(frozen=True)
class Grip:
    """A part of the crosshair.

    Parameters
    ----------
    kind : GripKind
    section : Section or None
        Whose line it is; None for the crosshair itself.
    """

    kind: GripKind
    section: Section | None = None

    def __post_init__(self) -> None:
        if (self.section is None) is not (self.kind is GripKind.CROSSHAIR):
            raise ValueError(f"lines and ends are of a section. Received: {self.kind}, {self.section}")


@dataclass(frozen=True)
class ScreenLine:
    """A line on the screen, in px, from end to end."""

    start: Point
    end: Point

    def distance_px(self, point: Point) -> float:
        """How far a point lies from it."""
        along = self.end[0] - self.start[0], self.end[1] - self.start[1]
        way = point[0] - self.start[0], point[1] - self.start[1]
        length = math.hypot(*along)
        if length == 0:
            return math.hypot(*way)
        share = min(max((way[0] * along[0] + way[1] * along[1]) / length**2, 0.0), 1.0)
        return math.hypot(way[0] - share * along[0], way[1] - share * along[1])


def to_screen(view: PlaneView, pixel: Point, placement: Placement, size_px: Point) -> Point:
    """Screen position in px of pixel coordinates (row, column) of a view."""
    row, column = pixel
    at_mm = (column + 0.5) * view.pixel_mm, (row + 0.5) * view.pixel_mm
    return placement.to_screen(at_mm, size_px)


def to_pixel(view: PlaneView, screen_px: Point, placement: Placement, size_px: Point) -> Point:
    """Pixel coordinates (row, column) of a view, with fractions, at a screen position."""
    x, y = placement.to_picture(screen_px, size_px)
    return y / view.pixel_mm - 0.5, x / view.pixel_mm - 0.5


def on_screen(
    line: SegmentPx, view: PlaneView, placement: Placement, size_px: Point, margin_px: float = _MARGIN_PX
) -> ScreenLine | None:
    """A line of a view on the screen, cut where the pane ends; None where nothing of it is seen."""
    start = to_screen(view, line.start, placement, size_px)
    end = to_screen(view, line.end, placement, size_px)
    low, high = 0.0, 1.0
    for axis in (0, 1):
        by = end[axis] - start[axis]
        least, most = margin_px, size_px[axis] - margin_px
        if abs(by) < 1e-9:
            if not least <= start[axis] <= most:
                return None
            continue
        near, far = sorted(((least - start[axis]) / by, (most - start[axis]) / by))
        low, high = max(low, near), min(high, far)
    if low >= high:
        return None
    ends = [tuple(start[i] + t * (end[i] - start[i]) for i in (0, 1)) for t in (low, high)]
    return ScreenLine((ends[0][0], ends[0][1]), (ends[1][0], ends[1][1]))


def grip_at(point: Point, lines: Mapping[Section, ScreenLine], crosshair: Point) -> Grip | None:
    """What is under the mouse: ends of lines come first, then the crosshair, then lines."""
    for section, line in lines.items():
        if min(math.dist(point, line.start), math.dist(point, line.end)) <= REACH_PX * 1.4:
            return Grip(GripKind.END, section)
    if math.dist(point, crosshair) <= REACH_PX:
        return Grip(GripKind.CROSSHAIR)
    near = min(lines, key=lambda section: lines[section].distance_px(point), default=None)
    if near is not None and lines[near].distance_px(point) <= REACH_PX:
        return Grip(GripKind.LINE, near)
    return None


def turned_degrees(center: Point, before: Point, after: Point) -> float:
    """By how much a point went round another one, clockwise where y runs down; -180 to 180."""
    a, b = (math.atan2(point[1] - center[1], point[0] - center[0]) for point in (before, after))
    return (math.degrees(b - a) + 180) % 360 - 180
