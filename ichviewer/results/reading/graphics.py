"""Graphics and words of presentation states, and where they lie on the stored pixels (DICOM PS3.3 C.10.5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from math import isfinite

from ichviewer.dicom.values import Elements
from ichviewer.domain.series import SliceInfo
from ichviewer.results.reading.result_file import floats

Point = tuple[float, float]
"""Row and column. In stored pixels the middle of a pixel is a whole number."""

# Further out than any image reaches.
_FURTHEST_PX = 1e6
_SMALLEST_SIZE = 1e-6
_LONGEST_TEXT = 2048


class Units(StrEnum):
    """What the numbers of a point mean (Graphic Annotation Units (0070,0005))."""

    PIXEL = "PIXEL"
    DISPLAY = "DISPLAY"
    MATRIX = "MATRIX"
    STORED = "STORED"
    """Not DICOM's: row and column of stored pixels, as `ichviewer.domain` counts them."""


class Shape(StrEnum):
    """Graphic Type (0070,0023)."""

    POINT = "POINT"
    POLYLINE = "POLYLINE"
    INTERPOLATED = "INTERPOLATED"
    CIRCLE = "CIRCLE"
    ELLIPSE = "ELLIPSE"


# How many points a shape has: the center and a point on the circle; both ends of the long, then of the short axis.
_POINTS = {Shape.POINT: 1, Shape.CIRCLE: 2, Shape.ELLIPSE: 4}


class SizeMode(StrEnum):
    """Presentation Size Mode (0070,0100)."""

    FIT = "SCALE TO FIT"
    TRUE = "TRUE SIZE"
    MAGNIFY = "MAGNIFY"


@dataclass(frozen=True)
class DisplayedArea:
    """The part of an image that is shown (PS3.3 C.10.4).

    Parameters
    ----------
    first, last : tuple of int
        Column and row, from 1, of the pixels that come to lie at the top left and the bottom right when the picture
        is turned and flipped. They may lie outside of the image.
    mode : SizeMode
        How large.
    spacing_mm : tuple of 2 float, or None
        From row to row and from column to column of the image, on the screen too where the mode is true size.
    aspect : float or None
        How high a pixel is for its width, where the state tells it.
    magnification : float or None
        Pixels of the screen a pixel of the image, in one dimension.
    """

    first: tuple[int, int]
    last: tuple[int, int]
    mode: SizeMode = SizeMode.FIT
    spacing_mm: tuple[float, float] | None = None
    aspect: float | None = None
    magnification: float | None = None

    def __post_init__(self) -> None:
        numbers = (*(self.spacing_mm or ()), self.aspect, self.magnification)
        if not all(n is None or (n > 0 and isfinite(n)) for n in numbers):
            raise ValueError(f"distances and ratios are positive. Received: {numbers}")
        if (self.mode is SizeMode.TRUE and self.spacing_mm is None) or (
            self.mode is SizeMode.MAGNIFY and self.magnification is None
        ):
            raise ValueError(f"the mode {self.mode} needs its number. Received: none")

    @property
    def column_on_screen_mm(self) -> float | None:
        """How wide a column is to be on the screen; None unless the mode is true size."""
        return self.spacing_mm[1] if self.mode is SizeMode.TRUE and self.spacing_mm is not None else None


@dataclass(frozen=True)
class Display:
    """How a picture is shown.

    Parameters
    ----------
    area : DisplayedArea or None
        The part shown; None for all.
    quarter_turns : int
        Clockwise, 0 to 3, before flipping.
    flipped : bool
        Whether left and right are swapped.
    """

    area: DisplayedArea | None = None
    quarter_turns: int = 0
    flipped: bool = False


@dataclass(frozen=True)
class Graphic:
    """One graphic.

    Parameters
    ----------
    shape : Shape
    points : tuple of (row, column)
        In its units.
    units : Units
    filled : bool
    """

    shape: Shape
    points: tuple[Point, ...]
    units: Units
    filled: bool = False

    def __post_init__(self) -> None:
        wanted = _POINTS.get(self.shape)
        if (wanted is not None and len(self.points) != wanted) or not self.points:
            raise ValueError(f"a {self.shape} has {wanted or 'some'} points. Received: {len(self.points)}")

    def in_pixels(self, info: SliceInfo, display: Display) -> Graphic | None:
        """The same graphic in stored pixels of a slice; None where its units have no meaning there."""
        found = [_stored(p, self.units, info, display) for p in self.points]
        known = tuple(point for point in found if point is not None)
        return replace(self, points=known, units=Units.STORED) if len(known) == len(found) else None


@dataclass(frozen=True)
class Words:
    """Words at a place.

    Parameters
    ----------
    text : str
        Plain text, perhaps of several lines.
    anchor : tuple of (row, column), or None
        What they are about.
    box : tuple of two (row, column), or None
        Where they are to stand: the corners at the top left and the bottom right.
    anchor_units, box_units : Units
    anchor_shown : bool
        Whether a line leads to the anchor.
    """

    text: str
    anchor: Point | None
    box: tuple[Point, Point] | None
    anchor_units: Units
    box_units: Units
    anchor_shown: bool = False

    def in_pixels(self, info: SliceInfo, display: Display) -> Words | None:
        """The same words in stored pixels of a slice; None where neither of their places has a meaning there."""
        anchor = None
        if self.anchor is not None:
            anchor = _stored(self.anchor, self.anchor_units, info, display)
        box = None
        if self.box is not None:
            corners = [_stored(p, self.box_units, info, display) for p in self.box]
            if corners[0] is not None and corners[1] is not None:
                box = corners[0], corners[1]
        if anchor is None and box is None:
            return None
        return replace(self, anchor=anchor, box=box, anchor_units=Units.STORED, box_units=Units.STORED)


def _stored(point: Point, units: Units, info: SliceInfo, display: Display) -> Point | None:
    """Row and column in stored pixels."""
    if units is Units.STORED:
        return point
    if units is Units.MATRIX:
        return None  # of tiled images only
    row, column = point
    if units is Units.PIXEL:
        # The top left corner of the first pixel is 0\0 there; here its middle is.
        return row - 0.5, column - 0.5
    # A share of the displayed area, as it is turned and flipped. Its corners name the pixels that come to lie at the
    # top left and the bottom right, so that only the axes have to be told apart.
    first, last = (
        _turned_corners(info, display) if display.area is None else (display.area.first, display.area.last)
    )
    across, down = column, row
    if display.quarter_turns % 2:
        # The columns of the picture run along the rows of the image.
        across, down = down, across
    return _along(first[1], last[1], down), _along(first[0], last[0], across)


def _turned_corners(info: SliceInfo, display: Display) -> tuple[tuple[int, int], tuple[int, int]]:
    """Column and row, from 1, of the pixels at the top left and bottom right of the image turned, then flipped."""
    w, h = info.columns, info.rows
    # Top left, top right, bottom right, bottom left; turning clockwise brings the bottom left to the top left.
    corners = [(1, 1), (w, 1), (w, h), (1, h)]
    turns = display.quarter_turns % 4
    turned = [*corners[4 - turns :], *corners[: 4 - turns]]
    if display.flipped:
        turned = [turned[1], turned[0], turned[3], turned[2]]
    return turned[0], turned[2]


def _along(first: int, last: int, share: float) -> float:
    """Pixel index from 0 at a share of the way from the outer edge of one pixel (from 1) to that of another."""
    if last >= first:
        return first - 1.5 + share * (last - first + 1)
    return first - 0.5 - share * (first - last + 1)


def read_area(item: Elements) -> tuple[DisplayedArea | None, str]:
    """The area that an item of the Displayed Area Selection Sequence (0070,005A) tells, and what of it is not shown.

    An area whose size cannot be told is fitted. None where its corners are missing or reach too far.
    """
    first = item.vector("DisplayedAreaTopLeftHandCorner", 2)
    last = item.vector("DisplayedAreaBottomRightHandCorner", 2)
    if first is None or last is None:
        return None, "a displayed area without its corners"
    if any(abs(v) > _FURTHEST_PX for v in (*first, *last)):
        item.broken("DisplayedAreaTopLeftHandCorner", f"{first}, {last}")
        return None, "a displayed area that reaches too far"
    spacing, ratio = (
        _positive(item, "PresentationPixelSpacing"),
        _positive(item, "PresentationPixelAspectRatio"),
    )
    pair = spacing or ratio
    told = item.text("PresentationSizeMode").upper()
    mode, magnification, left_out = SizeMode.FIT, None, ""
    if told in tuple(SizeMode):
        mode = SizeMode(told)
    else:
        item.broken("PresentationSizeMode", told)
    if mode is SizeMode.TRUE and spacing is None:
        mode, left_out = SizeMode.FIT, "true size without pixel spacing"
    if mode is SizeMode.MAGNIFY:
        magnification = item.number("PresentationPixelMagnificationRatio")
        if magnification is None or not 0 < magnification < _FURTHEST_PX:
            mode, magnification, left_out = SizeMode.FIT, None, "a magnification without its ratio"
    area = DisplayedArea(
        (int(first[0]), int(first[1])),
        (int(last[0]), int(last[1])),
        mode,
        spacing,
        None if pair is None else pair[0] / pair[1],
        magnification,
    )
    return area, left_out


def _positive(item: Elements, keyword: str) -> tuple[float, float] | None:
    values = item.vector(keyword, 2)
    if values is None:
        return None
    if not all(_SMALLEST_SIZE < v < _FURTHEST_PX for v in values):
        item.broken(keyword, "\\".join(map(str, values)))
        return None
    return values[0], values[1]


def read_graphic(item: Elements) -> Graphic | None:
    """One graphic; None where it is malformed, which is reported."""
    values = floats(item, "GraphicData")
    if any(abs(v) > _FURTHEST_PX for v in values) or len(values) % 2:
        item.broken("GraphicData", f"{len(values)} numbers")
        return None
    dimensions = item.integer("GraphicDimensions")
    units = _units(item, "GraphicAnnotationUnits")
    if units is None or dimensions not in (None, 2):
        return None
    points = tuple((values[i + 1], values[i]) for i in range(0, len(values), 2))
    try:
        shape = Shape(item.text("GraphicType").upper())
        return Graphic(shape, points, units, item.text("GraphicFilled").upper() == "Y")
    except ValueError:
        item.broken("GraphicType", f"{item.text('GraphicType')} of {len(points)} points")
        return None


def read_words(item: Elements) -> Words | None:
    """One text; None where it says nothing or has no place."""
    text = item.text("UnformattedTextValue").replace("\r\n", "\n").replace("\r", "\n")[:_LONGEST_TEXT]
    anchor, box = _point(item, "AnchorPoint"), None
    corners = _point(item, "BoundingBoxTopLeftHandCorner"), _point(item, "BoundingBoxBottomRightHandCorner")
    if corners[0] is not None and corners[1] is not None:
        box = corners[0], corners[1]
    anchor_units = _units(item, "AnchorPointAnnotationUnits") if anchor is not None else Units.PIXEL
    box_units = _units(item, "BoundingBoxAnnotationUnits") if box is not None else Units.PIXEL
    anchor, box = (anchor if anchor_units else None), (box if box_units else None)
    if not text or (anchor is None and box is None):
        return None
    return Words(
        text,
        anchor,
        box,
        anchor_units or Units.PIXEL,
        box_units or Units.PIXEL,
        item.text("AnchorPointVisibility").upper() == "Y",
    )


def _units(item: Elements, keyword: str) -> Units | None:
    told = item.text(keyword).upper()
    if told not in ("PIXEL", "DISPLAY", "MATRIX"):
        item.broken(keyword, told)
        return None
    return Units(told)


def _point(item: Elements, keyword: str) -> Point | None:
    """Row and column; the file has them as column, then row."""
    values = floats(item, keyword)
    if len(values) != 2 or any(abs(v) > _FURTHEST_PX for v in values):
        if values:
            item.broken(keyword, f"{len(values)} numbers")
        return None
    return values[1], values[0]
